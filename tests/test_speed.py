"""The measuring of speed runs; what it measures is no matter of the tests."""

import os
from pathlib import Path

import pytest

from benchmarks import speed, vaults


@pytest.mark.skipif(os.name == "nt", reason="signals and programs of POSIX systems")
def test_every_row_is_measured(tmp_path: Path) -> None:
    root = vaults.make(tmp_path / "vault", 60, 6, seed=3)
    table = speed.measured(root, rounds=1)
    assert {"walk", "naive", "agenda, cold", "agenda, nothing changed", "one note saved"} <= table.keys()
    assert all(row["seconds"][1] > 0 for row in table.values())
    assert "agenda, cold" in speed.told("agenda, cold", table["agenda, cold"])


def test_the_same_seed_makes_the_same_vault() -> None:
    assert list(vaults.texts(40, 4, 5)) == list(vaults.texts(40, 4, 5)) != list(vaults.texts(40, 4, 6))
