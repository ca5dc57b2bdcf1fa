"""How long each piece of work takes on a large vault, beside programs that do as little as can be done.

    python -m benchmarks.speed [FOLDER] [--notes 102000] [--evaluations 2000] [--rounds 5] [--seed 1] [--json FILE]

The vault is made by `benchmarks.vaults`, unless FOLDER is there already. All figures are of one run, each round one
after the other, so that what else the machine does falls on all of them. A ratio is that of medians, and in brackets
that of the least times, which tell more where a machine stands still now and then. `walk` is a bare scandir with a
stat, `rg` is `rg -l -j2 '^interviewed:'`, `python` starts and ends.
"""

import argparse
import compileall
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple

import reconnect_md
from benchmarks import peers, vaults
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
SMALL: Final = 100
"""So many times fewer notes are in the small vault, which has the same open evaluations: what still grows shows there.
"""


class Work(NamedTuple):
    """A row: what is run, beside what it is set, and what is done before each round. `words` is None for no process."""

    name: str
    words: list[str] | None
    beside: str = ""
    before: Callable[[], object] = lambda: None


def rows(root: Path, cache: Path, env: dict[str, str]) -> list[Work]:
    """What is measured."""
    day = ["--date", vaults.TODAY]
    note = str(min(path for path, _ in _evaluations(root)))

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


class Saved(NamedTuple):
    """What a watcher did about notes that were saved one after the other: seconds from each until the agenda was right,
    the settle time among them; seconds of each pass; megabytes when it was at rest again, 0 where that is not known.
    """

    right: list[float]
    passes: list[float]
    megabytes: float


def saved(root: Path) -> Saved:
    """Save an open evaluation of a vault beside a watcher, again and again."""
    note = min(_open(root))
    text, right = note.read_text("utf-8"), []
    with Watching(root) as watcher:
        for number in range(SAVES):
            right.append(_right_after(watcher, note, text.replace("I had done", f"I had, {number} times, done")))
        status = Path(f"/proc/{watcher.process.pid}/status")
        kilobytes = re.findall(r"VmRSS:\s+(\d+)", status.read_text()) if status.exists() else []
        passes = [one["seconds"] for one in watcher.said() if one["event"] in ("written", "right")]
    note.write_text(text, "utf-8")
    return Saved(right, passes[-SAVES:], int(kilobytes[0]) / 1e3 if kilobytes else 0)


def _right_after(watcher: Watching, note: Path, text: str) -> float:
    def passes() -> int:
        return watcher.count("written") + watcher.count("right")

    before, start = passes(), time.monotonic()
    note.write_text(text, "utf-8")
    watcher.until(lambda: passes() > before)
    return time.monotonic() - start


def _open(root: Path) -> list[Path]:
    """The evaluations of a vault that are not over; of a small one in which all are, the first."""
    found = sorted((b"\noutcome:\n" not in text, path) for path, text in _evaluations(root))
    return [path for is_over, path in found if not is_over] or [path for _, path in found[:1]]


def _evaluations(root: Path) -> Iterator[tuple[Path, bytes]]:
    """One after the other: what this process holds, the system counts for those that it starts, and `Path.rglob` holds
    all that it found.
    """
    for folder, _, files in os.walk(root):
        for path in (Path(folder, file) for file in files if file.endswith(".md")):
            if b"\ninterviewed:" in (text := path.read_bytes()):
                yield path, text


def measured(root: Path, rounds: int, also: Iterable[peers.Peer] = ()) -> dict[str, dict[str, Any]]:
    """Every row: seconds (min, median, max), megabytes, and the ratio to what it is set beside. What is measured `also`
    is run once.
    """
    cache = root.with_name(f"{root.name}.cache of speed")
    env = {**os.environ, "XDG_CACHE_HOME": str(cache)}
    works = [one for one in rows(root, cache, env) if one.words]
    runs: dict[str, list[tuple[float, float]]] = {one.name: [] for one in works}
    for _ in range(rounds):
        for one in works:
            runs[one.name].append(timed(one, env))
    table = {one.name: row(runs, one.name, one.beside) for one in works}
    shutil.rmtree(cache, ignore_errors=True)
    for peer in also:
        table[peer.name] = row({peer.name: [timed(Work(peer.name, peer.words), peer.env)]}, peer.name)
    return table


def grown(root: Path, small: Path, rounds: int) -> dict[str, dict[str, Any]]:
    """The rows of a vault beside those of a small one with the same open evaluations."""
    runs: dict[str, list[tuple[float, float]]] = {}
    for which, vault in (("", root), (", small vault", small)):
        found = saved(vault)
        runs[f"one note saved{which}"] = [(one, 0) for one in found.right]
        runs[f"its pass{which}"] = [(one, 0) for one in found.passes]
        runs[f"watcher at rest{which}"] = [(0, found.megabytes)]
        cache = vault.with_name(f"{vault.name}.cache of growth")
        env = {**os.environ, "XDG_CACHE_HOME": str(cache)}
        words = command("agenda", str(vault), "--date", vaults.TODAY, "--no-index")
        runs[f"no index{which}"] = [timed(Work("", words), env) for _ in range(rounds)]
        shutil.rmtree(cache, ignore_errors=True)
    return {name: row(runs, name, f"{name}, small vault") for name in runs}


def row(runs: dict[str, list[tuple[float, float]]], name: str, beside: str = "") -> dict[str, Any]:
    """A row of the table: seconds (min, median, max), megabytes, and what there is of ratios."""
    seconds, memory = zip(*runs[name], strict=True)
    other = [took for took, _ in runs.get(beside, ())]
    compared = any(other)
    return {
        "seconds": [min(seconds), statistics.median(seconds), max(seconds)],
        "megabytes": max(memory),
        "beside": beside if compared else "",
        "ratio": statistics.median(seconds) / statistics.median(other) if compared else None,
        "least": min(seconds) / min(other) if compared else None,
    }


def small_of(root: Path, small: Path, notes: int, seed: int) -> Path:
    """A vault with fewer notes, and the open evaluations of another one."""
    vaults.make(small, notes, 0, seed)
    for path in _open(root):
        shutil.copy(path, small / f"{path.parent.name} {path.name}")
    return small


def told(name: str, found: dict[str, Any]) -> str:
    """A line of the table."""
    low, middle, high = found["seconds"]
    memory = f"{found['megabytes']:6.0f} MB" if found["megabytes"] else " " * 9
    ratio = f"{found['ratio']:7.2f} ({found['least']:.2f}) x {found['beside']}" if found["ratio"] else ""
    return f"{name:30}{low:8.3f}{middle:8.3f}{high:8.3f} s{memory}{ratio}"


def main() -> int:
    """Make the vault, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--notes", type=int, default=102_000)
    parser.add_argument("--evaluations", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--peers", action="store_true", help="ask remind, task, todo, khal and Emacs, too: minutes")
    chosen = parser.parse_args()
    compileall.compile_dir(reconnect_md.__path__[0], quiet=1)  # as pip does with what it installs
    with tempfile.TemporaryDirectory() as scratch:
        root = chosen.folder or Path(scratch) / "vault"
        vaults.make(root, chosen.notes, chosen.evaluations, chosen.seed)
        small = small_of(root, Path(scratch) / "small", chosen.notes // SMALL, chosen.seed)
        also = peers.peers(root, vaults.TODAY, Path(scratch) / "peers") if chosen.peers else ()
        table = measured(root, chosen.rounds, also) | grown(root, small, chosen.rounds)
    for name, found in table.items():
        print(told(name, found), flush=True)
    if chosen.json:
        of = {name: metadata.version(name) for name in ("pendulum", "markdown-it-py", "PyYAML", "holidays", "click")}
        about = {"python": platform.python_version(), "notes": chosen.notes, "seed": chosen.seed, **of}
        chosen.json.write_text(json.dumps({"about": about, "rows": table}, indent=1), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
