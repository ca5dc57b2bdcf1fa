"""The example vault's committed agenda, byte for byte: on any machine, in any locale, time zone and hash seed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reconnect_md.create import DEMO_DAY
from reconnect_md.vault import shipped

EXAMPLE = shipped("example-vault")


@pytest.mark.parametrize("env", [
    {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "1"},
    {"TZ": "America/Los_Angeles", "LC_ALL": "C", "PYTHONHASHSEED": "2", "PYTHONUTF8": "0"},
])  # fmt: skip
def test_the_committed_agenda_is_reproduced(tmp_path: Path, env: dict[str, str]) -> None:
    vault = tmp_path / "elsewhere" / "vault"
    shutil.copytree(EXAMPLE, vault)
    (vault / "Agenda.md").unlink()
    command = [sys.executable, "-m", "reconnect_md", "agenda", str(vault), "--date", DEMO_DAY.isoformat()]
    done = subprocess.run(command, env=env, capture_output=True, cwd=tmp_path)
    assert done.returncode == 3, done.stderr  # one note of the example is broken on purpose
    assert (vault / "Agenda.md").read_bytes() == (EXAMPLE / "Agenda.md").read_bytes()


def test_a_pass_touches_no_note(tmp_path: Path) -> None:
    shutil.copytree(EXAMPLE, tmp_path / "vault")
    subprocess.run([sys.executable, "-m", "reconnect_md", "agenda", "vault", "--date", "2026-03-01"], cwd=tmp_path)
    for path in EXAMPLE.rglob("*.md"):
        if path.name != "Agenda.md":
            assert (tmp_path / "vault" / path.relative_to(EXAMPLE)).read_bytes() == path.read_bytes()
