"""A pass makes the same with an index and without one, whatever happened to the notes and to the index."""

import errno
import os
import pickle
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from benchmarks.life import DAY, GRAIN, in_two, live, make, with_index
from reconnect_md import forked, index, sync
from reconnect_md.digests import digest
from reconnect_md.index import Index
from reconnect_md.vault import Vault


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Vault:
    monkeypatch.setattr(index, "RACY", GRAIN)
    return make(tmp_path / "vault")


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("seed", range(2))
def test_a_pass_makes_the_same_without_an_index(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, processes: int
) -> None:
    if processes == 2:
        in_two(monkeypatch)
    held = live(vault, tmp_path / "cache" / "of.index", random.Random(seed), 60)  # benchmarks.life does more
    assert held > 100, "it was hardly ever used"


def test_what_has_not_changed_is_not_read_again(vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    time.sleep(GRAIN * 2)
    for _ in range(2):
        known = Index(tmp_path / "of.index")
        sync.run(vault, DAY, reads=with_index(known))
        known.save()
    monkeypatch.setattr(Vault, "evaluation", None)
    assert "Firm 3" in sync.run(vault, DAY, reads=with_index(Index(tmp_path / "of.index"))).text


CLOSED = """\
---
interviewed: 2026-01-05
company: {company}
interviewers: Ana Rivera
outcome: rejected
card_sent: 2026-01-12
---
## What went well
- We drew the dock
"""


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_note_that_is_linked_from_outside_harms_no_mark(vault: Vault, tmp_path: Path) -> None:
    """Its body is read when it is asked for, as every note of the vault is."""
    (tmp_path / "out.md").write_text(CLOSED.format(company="Far"), "utf-8")
    (vault.root / "A" / "far.md").symlink_to(tmp_path / "out.md")
    time.sleep(GRAIN * 2)
    for _ in range(2):
        known = Index(tmp_path / "of.index")
        made = sync.run(vault, DAY, reads=with_index(known))
        known.save()
        assert "Far" in made.text and not sync.run(vault, DAY, write=False).changes
    made = sync.run(vault, DAY, reads=with_index(known))
    page = vault.root / made.path
    page.write_text(made.text.replace("- [ ]", "- [x]", 1) + vault.read(made.path).text.split("\n")[-2] + "\n", "utf-8")
    assert sync.run(vault, DAY, reads=with_index(known)).marks


def test_what_was_read_of_a_young_file_is_not_remembered_of_an_older_one(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder is put aside, another one comes in its place, and it comes back with the stamps that it had."""
    folder, aside = vault.root / "A" / "Now", tmp_path / "aside"

    def begin(company: str) -> None:
        folder.mkdir()
        (folder / "it.md").write_text(CLOSED.format(company=company), "utf-8")

    begin("Elder")
    time.sleep(GRAIN * 2)
    for company in ("Elder", "Younger", "Elder"):
        monkeypatch.setattr(index, "RACY", 60.0 if company == "Younger" else GRAIN)
        known = Index(tmp_path / "of.index")
        made = sync.run(vault, DAY, reads=with_index(known))
        known.save()
        assert company in made.text and not sync.run(vault, DAY, write=False).changes
        if company == "Elder" and not aside.exists():
            folder.rename(aside)
            begin("Younger")
        elif company == "Younger":
            shutil.rmtree(folder)
            aside.rename(folder)


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


@pytest.mark.skipif(not forked.POSSIBLE, reason="there is no second process here")
def test_a_second_process_whose_end_is_ignored_is_heard(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    in_two(monkeypatch)
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # as it may be inherited
    try:
        assert all(f"Firm {number}" in sync.run(vault, DAY).text for number in range(6))
    finally:
        signal.signal(signal.SIGCHLD, before)


@pytest.mark.skipif(not forked.POSSIBLE, reason="there is no second process here")
@pytest.mark.parametrize("what", ["fork", "pipe"])
def test_without_room_for_a_second_process_there_is_one(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    in_two(monkeypatch)
    open_before = len([*Path("/proc/self/fd").iterdir()])

    def full() -> NoReturn:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    with monkeypatch.context() as system:
        system.setattr(os, what, full)
        assert all(f"Firm {number}" in sync.run(vault, DAY).text for number in range(6))
    assert len([*Path("/proc/self/fd").iterdir()]) == open_before


def test_a_note_that_was_changed_just_now_is_not_kept(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "RACY", 60.0)
    known = Index(tmp_path / "of.index")
    sync.run(vault, DAY, reads=with_index(known))
    assert not known.stamps


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
