"""How long each piece of work takes on a large vault, beside programs that do as little as can be done.

    python -m benchmarks.speed [FOLDER] [--notes 102000] [--evaluations 2000] [--rounds 5] [--seed 1] [--json FILE]

The vault is made by `benchmarks.vaults`, unless FOLDER is there already. All figures are of one run, each round one
after the other, so that what else the machine does falls on all of them. A ratio is that of medians, and in brackets
that of the least times, which tell more where a machine stands still now and then. `walk` is a bare scandir with a
stat, `rg` is `rg -l -j2 '^interviewed:'`, `python` starts and ends.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks import vaults
from benchmarks.watching import Watching, command

WALK: Final = """\
import os, sys
def walk(folder):
    for one in os.scandir(folder):
        if one.is_dir(follow_symlinks=False): walk(one.path)
        else: one.stat()
walk(sys.argv[1])
"""
SAVES: Final = 12


class Work(NamedTuple):
    """A row: what is run, beside what it is set, and what is done before each round. `words` is None for no process."""

    name: str
    words: list[str] | None
    beside: str = ""
    before: Callable[[], object] = lambda: None


def rows(root: Path, cache: Path, env: dict[str, str]) -> list[Work]:
    """What is measured."""
    day = ["--date", vaults.TODAY]
    note = str(min(path for path in root.rglob("*.md") if b"\ninterviewed:" in path.read_bytes()))

    def asked(words: list[str]) -> Callable[[], object]:
        return lambda: subprocess.run(words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)

    plan, today = command("plan", str(root), note, *day), command("today", str(root), *day)
    rg = ["rg", "-l", "-j2", "^interviewed:", str(root)] if shutil.which("rg") else None
    return [
        Work("python", [sys.executable, "-I", "-c", "pass"]),
        Work("walk", [sys.executable, "-I", "-c", WALK, str(root)]),
        Work("rg", rg),
        Work("naive", [sys.executable, "-m", "benchmarks.naive", str(root)], "rg"),
        Work("agenda, cold", command("agenda", str(root), *day), "rg", lambda: shutil.rmtree(cache, True)),
        Work("agenda, nothing changed", command("agenda", str(root), *day), "walk"),
        Work("agenda --no-index", command("agenda", str(root), *day, "--no-index"), "rg"),
        Work("plan NOTE, again", plan, "python", asked(plan)),
        Work("today, again", today, "python", asked(today)),
        Work("--help", command("--help"), "python"),
    ]


def timed(work: Work, env: dict[str, str]) -> tuple[float, float]:
    """Seconds, and megabytes at the most."""
    work.before()
    assert work.words
    start = time.monotonic()
    process = subprocess.Popen(work.words, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, _, used = os.wait4(process.pid, 0)
    return time.monotonic() - start, used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def saved(root: Path) -> list[float]:
    """Seconds from the saving of one note until the agenda is right, the settle time among them."""
    texts = {path: path.read_text("utf-8") for path in root.rglob("*.md")}
    note = max(texts, key=lambda path: ("\ninterviewed:" in texts[path], "\noutcome:\n" in texts[path]))  # an open one
    text, took = note.read_text("utf-8"), []
    with Watching(root) as watcher:
        for number in range(SAVES):
            took.append(_right_after(watcher, note, text.replace("I had done", f"I had, {number} times, done")))
    note.write_text(text, "utf-8")
    return took


def _right_after(watcher: Watching, note: Path, text: str) -> float:
    def passes() -> int:
        return watcher.count("written") + watcher.count("right")

    before, start = passes(), time.monotonic()
    note.write_text(text, "utf-8")
    watcher.until(lambda: passes() > before)
    return time.monotonic() - start


def measured(root: Path, rounds: int) -> dict[str, dict[str, Any]]:
    """Every row: seconds (min, median, max), megabytes, and the ratio to what it is set beside."""
    cache = root.with_name(f"{root.name}.cache of speed")
    env = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    works = [one for one in rows(root, cache, env) if one.words]
    runs: dict[str, list[tuple[float, float]]] = {one.name: [] for one in works}
    for _ in range(rounds):
        for one in works:
            runs[one.name].append(timed(one, env))
    middle = {name: statistics.median(seconds for seconds, _ in found) for name, found in runs.items()}
    least = {name: min(seconds for seconds, _ in found) for name, found in runs.items()}
    table = {}
    for one in works:
        seconds = [took for took, _ in runs[one.name]]
        ratio = middle[one.name] / middle[one.beside] if one.beside in middle else None
        table[one.name] = {
            "seconds": [min(seconds), middle[one.name], max(seconds)],
            "megabytes": max(memory for _, memory in runs[one.name]),
            "beside": one.beside if ratio else "",
            "ratio": ratio,
            "least": least[one.name] / least[one.beside] if ratio else None,
        }
    took = saved(root)
    table["one note saved"] = {"seconds": [min(took), statistics.median(took), max(took)], "ratio": None}
    shutil.rmtree(cache, ignore_errors=True)
    return table


def told(name: str, row: dict[str, Any]) -> str:
    """A line of the table."""
    low, middle, high = row["seconds"]
    memory = f"{row['megabytes']:6.0f} MB" if "megabytes" in row else " " * 9
    ratio = f"{row['ratio']:7.2f} ({row['least']:.2f}) x {row['beside']}" if row["ratio"] else ""
    return f"{name:26}{low:8.3f}{middle:8.3f}{high:8.3f} s{memory}{ratio}"


def main() -> int:
    """Make the vault, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--notes", type=int, default=102_000)
    parser.add_argument("--evaluations", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = chosen.folder or Path(scratch) / "vault"
        vaults.make(root, chosen.notes, chosen.evaluations, chosen.seed)
        table = measured(root, chosen.rounds)
    for name, row in table.items():
        print(told(name, row), flush=True)
    if chosen.json:
        of = {name: metadata.version(name) for name in ("pendulum", "markdown-it-py", "PyYAML", "holidays", "click")}
        about = {"python": platform.python_version(), "notes": chosen.notes, "seed": chosen.seed, **of}
        chosen.json.write_text(json.dumps({"about": about, "rows": table}, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
