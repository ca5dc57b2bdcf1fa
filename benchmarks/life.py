"""Is what a pass makes the same with an index and without one, whatever happens to the notes and to the index?

    python -m benchmarks.life [--seed 1] [--rounds 1000] [--processes 2]

Notes are edited (also to the same size and the same time), moved, exchanged, misplaced, deleted; settings and templates
change, boxes are ticked; indexes are cut off, spoiled, replaced. After each of these the agenda and all problems are
compared.
"""

import argparse
import os
import random
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from pendulum import Date

from reconnect_md import forked, index, sync
from reconnect_md.index import Index
from reconnect_md.reading import read_notes
from reconnect_md.vault import Vault

DAY: Final = Date(2026, 1, 12)
NOTE: Final = """\
---
interviewed: 2026-01-07
company: {company}
interviewers: Ana Rivera
card_sent: 2026-01-07
---
## What went well
- We drew the dock

## Said, but wish I had not
- My last job
  - Better: I had done what I came to do
"""
STEP: Final = """\
---
step: fix
order: 2
kind: call
wait: {days}
uses: Said, but wish I had not
records: fix_call
title: Fix an answer
---
Hello
"""
GRAIN: Final = 0.02
"""Seconds: a file system counts its times in steps of some milliseconds."""


def with_index(known: Index) -> sync.Reads:
    """Notes are read as commands and a watcher read them."""
    return partial(read_notes, index=known, whole=False)


def make(folder: Path) -> Vault:
    """A vault with six evaluations, and six notes that are none."""
    (folder / "A" / "B").mkdir(parents=True)
    (folder / "Reconnect.md").write_text("---\nme: Jo\ntimezone: UTC\n---\n")
    for number in range(6):
        (folder / "A" / f"N{number}.md").write_text(NOTE.format(company=f"Firm {number}"))
        (folder / "A" / "B" / f"O{number}.md").write_text("no evaluation\n")
    return Vault(folder)


def in_two(patch: pytest.MonkeyPatch) -> None:
    """From now on a second process reads a part of every vault."""
    patch.setattr(forked, "MANY", 1)
    patch.setattr(threading, "active_count", lambda: 1)


def live(vault: Vault, file: Path, dice: random.Random, rounds: int) -> int:
    """So many things happen. How many stamps the indexes held, together. Raises `AssertionError` if a pass differs."""
    life, held = Life(vault.root, file, dice), 0
    for number in range(rounds):
        time.sleep(GRAIN * 1.2)
        known = Index(file)
        made = sync.run(vault, DAY, reads=with_index(known))
        known.save()
        held += sum(len(known.stamps.files(folder)) for folder in known.stamps.packed)
        with pytest.MonkeyPatch.context() as alone:
            alone.setattr(forked, "POSSIBLE", False)
            plain = sync.run(vault, DAY, write=False)
        problems = tuple(one for one in plain.problems if not one.past)
        same = (plain.text, problems, plain.changes) == (made.text, made.problems, ())
        assert same, f"round {number}: {plain.problems} {plain.text} instead of {made.problems} {made.text}"
        dice.choice(life.deeds)()
    return held


class Life:
    """What happens to a vault and its index."""

    def __init__(self, root: Path, file: Path, dice: random.Random) -> None:
        self.root, self.file, self.dice = root, file, dice
        self.in_the_vault: list[Callable[[], object]] = [
            self._edit, self._edit_and_set_back, self._same_size, self._rename, self._delete, self._make,
            self._settings, self._template, self._misplace, self._exchange, self._tick,
        ]  # fmt: skip
        self.deeds = [*self.in_the_vault, self._cut_index, self._spoil_index, self._other_index]

    def note(self) -> Path:
        """Any of the notes."""
        return self.dice.choice(sorted(self.root.rglob("[NO]*.md")))

    def _edit(self) -> None:
        self.note().write_text(NOTE.format(company=f"Firm {self.dice.random()}"))

    def _edit_and_set_back(self) -> None:
        note = self.note()
        seen = note.stat()
        self._same_size(note)
        os.utime(note, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    def _same_size(self, note: Path | None = None) -> None:
        note = note or self.note()
        note.write_text(note.read_text().replace("Ana", self.dice.choice(["Bea", "Eva", "Ina"])))

    def _rename(self) -> None:
        note = self.note()
        note.rename(note.with_name(f"N{self.dice.randrange(9)}.md"))

    def _delete(self) -> None:
        if len(list(self.root.rglob("[NO]*.md"))) > 4:
            self.note().unlink()

    def _make(self) -> None:
        (self.root / "A" / f"N{self.dice.randrange(99)}.md").write_text(NOTE.format(company="New"))

    def _exchange(self) -> None:
        one, other = self.note(), self.note()
        if one != other:
            one.rename(one.with_suffix(".x"))
            other.rename(one)
            one.with_suffix(".x").rename(other)

    def _settings(self) -> None:
        zone, region = self.dice.choice(["UTC", "Asia/Tokyo"]), self.dice.choice(["US-TX", "FR"])
        follow_ups, folder = self.dice.choice(["", "dock"]), self.dice.choice([".", "A"])
        (self.root / "Reconnect.md").write_text(
            f"---\nme: Jo\ntimezone: {zone}\nregion: {region}\nfollow_ups: {follow_ups}\ninterviews: {folder}\n---\n"
        )

    def _template(self) -> None:
        folder = self.root / "Templates" / "Reconnect" / self.dice.choice([".", "mine", "mine/new"])
        folder.mkdir(parents=True, exist_ok=True)
        if self.dice.random() < 0.8:
            (folder / "fix.md").write_text(STEP.format(days=self.dice.randrange(1, 9)))

    def _misplace(self) -> None:
        note = self.note()
        note.rename(self.root / f"N{self.dice.randrange(9)}.md")

    def _tick(self) -> None:
        agenda = self.root / "Agenda.md"
        agenda.write_text(agenda.read_text("utf-8").replace("- [ ] Call", "- [x] Call", 1), "utf-8")

    def _cut_index(self) -> None:
        self.file.write_bytes(self.file.read_bytes()[: self.dice.randrange(200)])

    def _spoil_index(self) -> None:
        data = bytearray(self.file.read_bytes())
        if data:
            data[self.dice.randrange(len(data))] ^= 1 << self.dice.randrange(8)
        self.file.write_bytes(data)

    def _other_index(self) -> None:
        self.file.unlink()
        if self.dice.random() < 0.5:
            self.file.write_bytes(b"something else")


def main() -> int:
    """1 if anything differed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=1000)
    parser.add_argument("--processes", type=int, choices=(1, 2), default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "RACY", GRAIN)  # or nothing would be kept of what changes all the time
        if chosen.processes == 2:
            in_two(patch)
        vault = make(Path(folder) / "vault")
        try:
            held = live(vault, Path(folder) / "cache" / "of.index", random.Random(chosen.seed), chosen.rounds)
        except AssertionError as error:
            print(error)
            return 1
    print(f"{chosen.rounds} rounds with seed {chosen.seed}: all the same; {held} stamps were held")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
