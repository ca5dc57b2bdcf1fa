"""The measuring of speed runs; what it measures is no matter of the tests."""

import os
from pathlib import Path

import pytest

from benchmarks import peers, speed, vaults


@pytest.mark.skipif(os.name == "nt", reason="signals and programs of POSIX systems")
def test_every_row_is_measured(tmp_path: Path) -> None:
    root = vaults.make(tmp_path / "vault", 60, 6, seed=3)
    small = speed.small_of(root, tmp_path / "small", 10, seed=3)
    lists = peers.peers(root, vaults.TODAY, tmp_path / "peers")
    also = [one for one in lists if one.name != "emacs"]  # it takes half a minute
    table = speed.measured(root, 1, also) | speed.grown(root, small, 1)
    assert {"walk", "naive", "agenda, cold", "agenda, nothing changed", "one note saved"} <= table.keys()
    assert all(row["seconds"][1] or row["megabytes"] for row in table.values())
    assert table["its pass"]["beside"] == "its pass, small vault"
    assert "agenda, cold" in speed.told("agenda, cold", table["agenda, cold"])


def test_the_same_seed_makes_the_same_vault() -> None:
    assert list(vaults.texts(40, 4, 5)) == list(vaults.texts(40, 4, 5)) != list(vaults.texts(40, 4, 6))
