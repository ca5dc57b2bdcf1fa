"""A watcher is left alone with people, programs and a clock that jumps: is its agenda that of a fresh start at the end?

    python -m benchmarks.soak [--seconds 3600] [--idle 600] [--seed N]

Notes are edited, made, renamed, moved with their folders, deleted and broken; marks are made; settings and templates
change for the worse and back; the clock goes on by days, and back. Every minute the changes pause, and the agenda must
be what `reconnect agenda` makes from nothing. Then nothing happens for `--idle` seconds. Prints CPU, memory and its
slope, wake-ups, passes and writes.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from benchmarks.watching import Clock, Watching, make

PERIOD = 60.0
"""Seconds between two looks at whether the agenda is right."""


class Life:
    """What happens to a vault."""

    def __init__(self, root: Path, clock: Clock, dice: random.Random) -> None:
        self.root, self.clock, self.dice, self.count = root, clock, dice, 0
        self.deeds: list[Callable[[], object]] = [
            self.edit, self.edit, self.edit, self.replace, self.make, self.rename, self.move_folder, self.delete,
            self.tick, self.tick, self.break_one, self.settings, self.template, self.touch, self.swap_file,
        ]  # fmt: skip

    def notes(self) -> list[Path]:
        """The notes that there are now."""
        return sorted(self.root.glob("Interviews/**/*.md"))

    def note(self) -> Path:
        """Any of them."""
        return self.dice.choice(self.notes())

    def changed(self, note: Path) -> str:
        """Its text with another company in it."""
        self.count += 1
        lines = note.read_text("utf-8").split("\n")
        return "\n".join(f"company: Firm {self.count}" if one.startswith("company:") else one for one in lines)

    def edit(self) -> None:
        """In place."""
        note = self.note()
        note.write_text(self.changed(note), "utf-8")

    def replace(self) -> None:
        """A file of its own takes its place."""
        note = self.note()
        other = note.with_name(f".{note.name}.tmp")
        other.write_text(self.changed(note), "utf-8")
        other.replace(note)

    def make(self) -> None:
        """A new interview."""
        if len(self.notes()) < 60:
            self.count += 1
            folder = self.root / "Interviews" / self.dice.choice([".", "A", "A/B", "C"])
            folder.mkdir(parents=True, exist_ok=True)
            text = (self.root / "Seed.txt").read_text("utf-8").replace("Saved 0", f"Made {self.count}")
            (folder / f"M{self.count}.md").write_text(text, "utf-8")

    def rename(self) -> None:
        """A note gets another name."""
        self.count += 1
        note = self.note()
        note.rename(note.with_name(f"R{self.count}.md"))

    def move_folder(self) -> None:
        """A folder with notes gets another name."""
        self.count += 1
        folders = [one for one in (self.root / "Interviews").iterdir() if one.is_dir()]
        if folders:
            self.dice.choice(folders).rename(self.root / "Interviews" / f"F{self.count}")

    def delete(self) -> None:
        """A note is deleted."""
        if len(self.notes()) > 10:
            self.note().unlink()

    def tick(self) -> None:
        """A mark in the agenda."""
        agenda = self.root / "Agenda.md"
        lines = agenda.read_text("utf-8").split("\n")
        open_ones = [number for number, line in enumerate(lines) if line.startswith("- [ ] ")]
        if open_ones:
            number = self.dice.choice(open_ones)
            lines[number] = lines[number].replace("[ ]", self.dice.choice(["[x]", "[-]", "[>]"]), 1)
            agenda.write_text("\n".join(lines), "utf-8")

    def break_one(self) -> None:
        """A note cannot be read for a moment."""
        note = self.note()
        text = note.read_text("utf-8")
        note.write_text(text.replace("interviewed: ", "interviewed: [", 1), "utf-8")
        time.sleep(self.dice.choice([0, 0.4]))
        note.write_text(text, "utf-8")

    def settings(self) -> None:
        """The settings are wrong for a moment."""
        settings = self.root / "Reconnect.md"
        text = settings.read_text("utf-8")
        settings.write_text(
            text.replace("me: ", self.dice.choice(["horizon: soon\nme: ", "me: [", "me: x"]), 1), "utf-8"
        )
        time.sleep(self.dice.choice([0, 0.4]))
        settings.write_text(text, "utf-8")

    def template(self) -> None:
        """A step's file is wrong for a moment."""
        step = self.root / "Templates" / "Reconnect" / "fix.md"
        step.parent.mkdir(parents=True, exist_ok=True)
        step.write_text(self.dice.choice(["---\nstep: fix\n---\n", "{{ nonsense", ""]), "utf-8")
        time.sleep(self.dice.choice([0, 0.4]))
        step.unlink()

    def touch(self) -> None:
        """Nothing but the time of a note changes."""
        self.note().touch()

    def swap_file(self) -> None:
        """An editor's own file comes and goes."""
        other = self.note().with_suffix(".md~")
        other.write_text("a copy of an editor")
        other.unlink()

    def clock_jumps(self) -> None:
        """Days go by, or it is set back."""
        self.clock.set(self.clock.offset + timedelta(hours=self.dice.choice([7, 24, 24, 72, -24])))


def soak(root: Path, seconds: float, idle: float, seed: int, period: float = PERIOD, look: float = 30.0) -> None:
    """The whole of it. Raises `AssertionError` if the agenda is not right, or the watcher grows."""
    make(root, notes=12, settings="rescan: 30\n")
    (root / "Seed.txt").write_text((root / "Interviews" / "N0.md").read_text("utf-8"), "utf-8")
    clock = Clock(root.parent, look)
    life = Life(root, clock, random.Random(seed))
    samples: list[tuple[float, float]] = []
    with Watching(root, env=clock.env) as watcher:
        start = time.monotonic()
        while (gone := time.monotonic() - start) < seconds:
            end = time.monotonic() + min(period, seconds)
            while time.monotonic() < end:
                life.dice.choice(life.deeds)()
                time.sleep(life.dice.choice([0, 0.02, 0.2, 0.5, 1]))
            life.clock_jumps()
            took = settled(watcher, clock)
            cpu, memory, _ = watcher.usage()
            samples.append((gone, memory))
            print(
                f"{gone:6.0f} s  {life.count:6} changes  right after {took:4.1f} s  {memory:5.1f} MB  "
                f"{cpu:6.1f} s CPU  {watcher.count('written')} writes  {watcher.count('right')} passes without one",
                flush=True,
            )
        print(f"memory: {slope(samples):+.2f} MB an hour")
        before = watcher.usage()
        time.sleep(idle)
        after = watcher.usage()
        if idle:
            print(
                f"idle for {idle:.0f} s: {after[0] - before[0]:.2f} s CPU, "
                f"{(after[2] - before[2]) / idle:.3f} wake-ups a second, {after[1]:.1f} MB"
            )
    assert watcher.code == 130, watcher.code
    left = [path.name for path in root.rglob(".reconnect-*")]
    assert not left, left


def settled(watcher: Watching, clock: Clock) -> float:
    """Wait until the agenda is that of a fresh start; how many seconds that took."""
    return watcher.until(lambda: watcher.is_right(clock.today), 75)


def slope(samples: list[tuple[float, float]]) -> float:
    """Megabytes an hour, by least squares, the first quarter left out: there it warms up."""
    samples = samples[len(samples) // 4 :]
    if len(samples) < 3:
        return 0.0
    x = [one for one, _ in samples]
    y = [one for _, one in samples]
    middle, level = sum(x) / len(x), sum(y) / len(y)
    spread = sum((one - middle) ** 2 for one in x)
    return 3600 * sum((a - middle) * (b - level) for a, b in samples) / spread


def main() -> int:
    """An hour, or as long as you say."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=3600)
    parser.add_argument("--idle", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            soak(Path(folder) / "vault", chosen.seconds, chosen.idle, chosen.seed)
        except AssertionError as error:
            print(f"FAILED: {error}")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
