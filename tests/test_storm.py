"""Short forms of `benchmarks.storm` and `benchmarks.walk`; the long ones, and the power cut, are run by hand."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.walk import Walk

CHECKOUT = Path(__file__).parent.parent


@pytest.mark.skipif(sys.platform == "win32", reason="signals and shells of POSIX")
@pytest.mark.parametrize("part", ["editors", "kill", "devices", "full", "syscalls"])
def test_nothing_is_lost_in_a_storm(part: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.storm", "--short", "--keep", str(tmp_path / "kept"), part]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    assert part in done.stdout


@pytest.mark.parametrize("seed", range(1, 13))
def test_nothing_is_lost_on_a_random_walk(seed: int, tmp_path: Path) -> None:
    Walk(tmp_path, seed).go()
