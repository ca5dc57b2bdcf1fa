"""A pass makes the same with an index and without one, whatever happened to the notes and to the index."""

import os
import pickle
import random
import signal
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from pendulum import Date

from reconnect_md import forked, index, sync
from reconnect_md.digests import digest
from reconnect_md.index import Index
from reconnect_md.reading import read_notes
from reconnect_md.vault import Vault

DAY = Date(2026, 1, 12)
NOTE = """\
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
GRAIN = 0.02
"""Seconds: a file system counts its times in steps of some milliseconds."""


def with_index(known: Index) -> sync.Reads:
    return partial(read_notes, index=known, whole=False)


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    monkeypatch.setattr(index, "RACY", GRAIN)
    (tmp_path / "vault" / "A" / "B").mkdir(parents=True)
    (tmp_path / "vault" / "Reconnect.md").write_text("---\nme: Jo\ntimezone: UTC\n---\n")
    for number in range(6):
        (tmp_path / "vault" / "A" / f"N{number}.md").write_text(NOTE.format(company=f"Firm {number}"))
        (tmp_path / "vault" / "A" / "B" / f"O{number}.md").write_text("no evaluation\n")
    return Vault(tmp_path / "vault")


class Life:
    """What happens to a vault and its index."""

    def __init__(self, root: Path, file: Path, dice: random.Random) -> None:
        self.root, self.file, self.dice = root, file, dice
        self.deeds: list[Callable[[], object]] = [
            self.edit, self.edit_and_set_back, self.same_size, self.rename, self.delete, self.make, self.settings,
            self.misplace, self.cut_index, self.spoil_index, self.other_index, self.exchange, self.tick,
        ]  # fmt: skip

    def note(self) -> Path:
        return self.dice.choice(sorted(self.root.rglob("[NO]*.md")))

    def edit(self) -> None:
        self.note().write_text(NOTE.format(company=f"Firm {self.dice.random()}"))

    def edit_and_set_back(self) -> None:
        note = self.note()
        seen = note.stat()
        self.same_size(note)
        os.utime(note, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    def same_size(self, note: Path | None = None) -> None:
        note = note or self.note()
        note.write_text(note.read_text().replace("Ana", self.dice.choice(["Bea", "Eva", "Ina"])))

    def rename(self) -> None:
        note = self.note()
        note.rename(note.with_name(f"N{self.dice.randrange(9)}.md"))

    def delete(self) -> None:
        if len(list(self.root.rglob("[NO]*.md"))) > 4:
            self.note().unlink()

    def make(self) -> None:
        (self.root / "A" / f"N{self.dice.randrange(99)}.md").write_text(NOTE.format(company="New"))

    def exchange(self) -> None:
        one, other = self.note(), self.note()
        if one != other:
            one.rename(one.with_suffix(".x"))
            other.rename(one)
            one.with_suffix(".x").rename(other)

    def settings(self) -> None:
        zone, region = self.dice.choice(["UTC", "Asia/Tokyo"]), self.dice.choice(["US-TX", "FR"])
        follow_ups, folder = self.dice.choice(["", "dock"]), self.dice.choice([".", "A"])
        (self.root / "Reconnect.md").write_text(
            f"---\nme: Jo\ntimezone: {zone}\nregion: {region}\nfollow_ups: {follow_ups}\ninterviews: {folder}\n---\n"
        )

    def misplace(self) -> None:
        note = self.note()
        note.rename(self.root / f"N{self.dice.randrange(9)}.md")

    def tick(self) -> None:
        agenda = self.root / "Agenda.md"
        agenda.write_text(agenda.read_text("utf-8").replace("- [ ] Call", "- [x] Call", 1), "utf-8")

    def cut_index(self) -> None:
        self.file.write_bytes(self.file.read_bytes()[: self.dice.randrange(200)])

    def spoil_index(self) -> None:
        data = bytearray(self.file.read_bytes())
        if data:
            data[self.dice.randrange(len(data))] ^= 1 << self.dice.randrange(8)
        self.file.write_bytes(data)

    def other_index(self) -> None:
        self.file.unlink()
        if self.dice.random() < 0.5:
            self.file.write_bytes(b"something else")


def in_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on a second process reads a part of every vault."""
    monkeypatch.setattr(forked, "MANY", 1)
    monkeypatch.setattr(threading, "active_count", lambda: 1)


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("seed", range(2))
def test_a_pass_makes_the_same_without_an_index(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, processes: int
) -> None:
    if processes == 2:
        in_two(monkeypatch)
    file = tmp_path / "cache" / "of.index"
    life = Life(vault.root, file, random.Random(seed))
    used = 0
    for _ in range(60):
        time.sleep(GRAIN * 1.2)
        known = Index(file)
        made = sync.run(vault, DAY, reads=with_index(known))
        known.save()
        used += sum(len(known.looks.files(folder)) for folder in known.looks.packed)
        with monkeypatch.context() as alone:
            alone.setattr(forked, "POSSIBLE", False)
            plain = sync.run(vault, DAY, write=False)
        problems = tuple(one for one in plain.problems if not one.past)
        assert (plain.text, problems, plain.changes) == (made.text, made.problems, ())
        life.dice.choice(life.deeds)()
    assert used > 100, "it was hardly ever used"


def test_what_has_not_changed_is_not_read_again(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    time.sleep(GRAIN * 2)
    for _ in range(2):
        known = Index(tmp_path / "of.index")
        sync.run(vault, DAY, reads=with_index(known))
        known.save()
    monkeypatch.setattr(Vault, "evaluation", None)
    assert "Firm 3" in sync.run(vault, DAY, reads=with_index(Index(tmp_path / "of.index"))).text


@pytest.mark.skipif(not forked.POSSIBLE, reason="there is no second process here")
def test_a_second_process_that_dies_is_not_missed(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    (vault.root / "A" / "N0.md").rename(vault.root / "A" / "B" / "N0.md")
    in_two(monkeypatch)
    here, evaluation, begun = os.getpid(), Vault.evaluation, list[int]()

    def dies(vault: Vault, name: str) -> bytes | None:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return evaluation(vault, name)

    def begin(fork: Callable[[], int] = os.fork) -> int:
        begun.append(here)
        return fork()

    monkeypatch.setattr(Vault, "evaluation", dies)
    monkeypatch.setattr(os, "fork", begin)
    assert all(f"Firm {number}" in sync.run(vault, DAY).text for number in range(6))
    assert begun


def test_a_note_that_was_changed_just_now_is_not_kept(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "RACY", 60.0)
    known = Index(tmp_path / "of.index")
    sync.run(vault, DAY, reads=with_index(known))
    assert not known.looks


def test_an_index_names_nothing_that_could_do_something(vault: Vault, tmp_path: Path) -> None:
    time.sleep(GRAIN * 2)
    file, told = tmp_path / "of.index", tmp_path / "told"
    known = Index(file)
    sync.run(vault, DAY, reads=with_index(known))
    known.save()

    class Bad:
        def __reduce__(self) -> tuple[object, ...]:
            return os.mkdir, (str(told),)

    data = pickle.dumps({}) + pickle.dumps({"A/N0.md": Bad()})
    head = file.read_bytes()[: len(index._MAGIC) + 16]
    file.write_bytes(head + digest(data) + data)
    assert "Firm 3" in sync.run(vault, DAY, reads=with_index(Index(file))).text
    assert not told.exists()


def test_where_no_cache_can_be_written_it_goes_without(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    known = Index(tmp_path / "a file" / "of.index")
    assert "Firm 3" in sync.run(vault, DAY, reads=with_index(known)).text
    known.differs = True
    known.save()
