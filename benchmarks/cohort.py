"""A coach's morning over many vaults, beside a plain walk that reads the same files.

    python -m benchmarks.cohort [FOLDER] [--vaults 10000] [--rounds 3] [--seed 1]

Makes the vaults, unless FOLDER is there already, each with 5 to 30 notes, a third of them evaluations; prints seconds
(min, median, max), megabytes of the largest process, and the ratio of the medians.
"""

import argparse
import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import vaults
from benchmarks.speed import Work, row, timed, told
from benchmarks.watching import command

READ: Final = """\
import os, sys
def walk(folder):
    for one in os.scandir(folder):
        if one.is_dir(follow_symlinks=False): walk(one.path)
        else: one.stat(); open(one.path, "rb").read()
walk(sys.argv[1])
"""


def make(folder: Path, count: int, seed: int) -> Path:
    """So many vaults in a folder."""
    dice = random.Random(seed)
    for number in range(0 if folder.exists() else count):
        notes = dice.randint(5, 30)
        vaults.make(folder / f"client {number:05}", notes, notes // 3, seed=dice.randrange(1_000_000))
    return folder


def main() -> int:
    """Make the vaults, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--vaults", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = make(chosen.folder or Path(scratch) / "clients", chosen.vaults, chosen.seed)
        works = [
            Work("walk", [sys.executable, "-I", "-c", READ, str(root)]),
            Work("cohort", command("cohort", str(root), "--date", vaults.TODAY)),
        ]
        runs = {work.name: [timed(work, dict(os.environ)) for _ in range(chosen.rounds)] for work in works}
    for name in runs:
        print(told(name, row(runs, name, "walk" if name != "walk" else "")))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
