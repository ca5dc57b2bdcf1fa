"""What is said again is what would be said anew, whatever happened to the vault and to what was remembered."""

import marshal
import os
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Final

import pytest

from benchmarks.life import DAY, GRAIN, NOTE, Life, in_two
from reconnect_md import answers, cli, index, sync
from reconnect_md.cli import printing
from reconnect_md.cli.remembering import Remembering
from reconnect_md.reading import read_notes
from reconnect_md.vault import Vault

from .test_cli import run
from .test_index import vault

__all__ = ["vault"]
WORDS = ["agenda", "--date", str(DAY)]


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(sys, "argv", ["reconnect", *WORDS])
    return tmp_path / "cache" / "reconnect" / "answers"


def told(made: sync.Pass) -> str:
    return made.text + "".join(map(str, made.agenda.problems))


def answered(vault: Vault) -> str:
    """What is said: as it was remembered, or anew."""
    if given := answers.given(WORDS):
        return given.said[0][1]
    remembering = Remembering()
    made = sync.run(vault, DAY, reads=partial(read_notes, whole=False, look=remembering.look))
    if made.is_at_rest:
        printing.said[:] = [(1, told(made))]
        remembering.keep(vault, made.outlook.frame, DAY, 0)
    return told(made)


@pytest.mark.parametrize("seed", range(2))
def test_it_is_what_a_pass_would_say(
    vault: Vault, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int
) -> None:
    monkeypatch.setattr(answers, "KEPT", 3)
    if seed:
        in_two(monkeypatch)
    dice = random.Random(seed)
    life = Life(vault.root, tmp_path / "no index", dice)
    used = 0

    def spoil() -> None:
        for one in cache.glob("*"):
            data = bytearray(one.read_bytes())
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            one.write_bytes(data if dice.random() < 0.7 else data[: dice.randrange(len(data))])

    deeds = [*life.in_the_vault, spoil]
    for _ in range(25):
        for _ in range(dice.randrange(1, 4)):
            time.sleep(GRAIN * 1.2)
            used += answers.given(WORDS) is not None
            said = answered(vault)
            plain = sync.run(vault, DAY, write=False)
            assert said == told(plain)
            assert not plain.changes
        dice.choice(deeds)()
    assert used > 5, "nothing was ever remembered"


def test_what_changed_just_now_is_not_remembered(vault: Vault, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "RACY", 60.0)
    answered(vault)
    answered(vault)
    assert not list(cache.glob("*"))


def test_it_holds_until_the_day_is_over(vault: Vault, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sync.run(vault)
    monkeypatch.setattr(index, "RACY", -60.0)
    remembering = Remembering()
    made = sync.run(vault, reads=partial(read_notes, whole=False, look=remembering.look))
    remembering.keep(vault, made.outlook.frame, None, 0)
    assert answers.given(WORDS)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 86_400)
    assert not answers.given(WORDS)
    monkeypatch.setattr(time, "time", lambda: now - 3_600)
    assert not answers.given(WORDS)


def test_a_day_that_ends_meanwhile_is_not_the_next_one(
    vault: Vault, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync.run(vault)
    monkeypatch.setattr(index, "RACY", -200_000.0)
    remembering = Remembering()
    remembering.start -= 86_400
    made = sync.run(vault, reads=partial(read_notes, whole=False, look=remembering.look))
    remembering.keep(vault, made.outlook.frame, None, 0)
    assert list(cache.glob("*"))
    assert not answers.given(WORDS)


def test_what_leads_elsewhere_meanwhile_is_not_remembered(
    vault: Vault, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(index, "RACY", -60.0)
    for folder in (vault.root, tmp_path):
        remembering = Remembering()
        made = sync.run(vault, DAY, reads=partial(read_notes, whole=False, look=remembering.look))
        monkeypatch.chdir(folder)
        remembering.keep(vault, made.outlook.frame, DAY, 0)
        assert not list(cache.glob("*"))


def put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")


def turn(link: Path, to: Path) -> None:
    link.unlink()
    link.symlink_to(to)


SLOW: Final = "---\nstep: fix\norder: 2\nkind: call\nwait: 9\nuses: Said, but wish I had not\n---\nHello\n"
NEWS: Final[dict[str, tuple[str, str, Callable[[Path, pytest.MonkeyPatch], object]]]] = {
    "a template in a folder that was there": (
        "plan One", "", lambda here, patch: put(here / "One/Templates/Reconnect/mine/fix.md", SLOW)
    ),
    "a template in a new folder": (
        "plan One", "", lambda here, patch: put(here / "One/Templates/Reconnect/mine/new/fix.md", SLOW)
    ),
    "another vault behind a link": ("plan current", "", lambda here, patch: turn(here / "current", here / "Two")),
    "another note behind a link": (
        "plan One link.md", "", lambda here, patch: turn(here / "link.md", here / "One/A/N2.md")
    ),
    "a vault around a folder": (
        "plan", "Unmarked/Inner", lambda here, patch: put(here / "Unmarked/Reconnect.md", "---\nregion: US-TX\n---\n")
    ),
    "a vault far around a folder": (
        "plan Unmarked/Inner", "", lambda here, patch: (here / ".obsidian").mkdir()
    ),
    "a vault between": ("plan", "One/A/B", lambda here, patch: put(here / "One/A/Reconnect.md", "---\nme: Al\n---\n")),
    "a vault between, by a link": (
        "plan", "One/A/B", lambda here, patch: (here / "Somewhere").mkdir()
    ),
    "a home": ("plan One --json", "", lambda here, patch: patch.setenv("HOME", str(here))),
    "a folder that a setting names": (
        "plan Three", "", lambda here, patch: put(here / "Three/Deep/Folder/N.md", NOTE.format(company="Found"))
    ),
    "a folder where a word is a name": ("plan N1", "One", lambda here, patch: (here / "One/N1").mkdir()),
}  # fmt: skip


@pytest.mark.parametrize("news", NEWS)
def test_what_is_new_is_not_missed(
    tmp_path: Path,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    news: str,
) -> None:
    line, folder, happens = NEWS[news]
    here = tmp_path / "here"
    for name in ("One", "Two"):
        put(here / name / "Templates/Reconnect/mine/words.txt", "")
        put(here / name / "Reconnect.md", f"---\nme: {name}\ntimezone: UTC\n---\n")
        put(here / name / "A/B/none.md", "")
        for number in (1, 2):
            put(here / name / f"A/N{number}.md", NOTE.format(company=f"{name} {number}"))
    put(here / "Unmarked/Inner/N.md", NOTE.format(company="Firm"))
    put(here / "Three/Reconnect.md", "---\ntimezone: UTC\ninterviews: Deep/Folder\n---\n")
    (here / "Three/Deep").mkdir()
    (here / "One/A/.obsidian").symlink_to(here / "Somewhere")
    (here / "current").symlink_to(here / "One")
    (here / "link.md").symlink_to(here / "One/A/N1.md")
    monkeypatch.setattr(index, "RACY", GRAIN)
    monkeypatch.chdir(here / folder)
    words = [*line.split(), "--date", str(DAY)]
    monkeypatch.setattr(sys, "argv", ["reconnect", *words])

    def said() -> tuple[int, str, str]:
        time.sleep(GRAIN * 2)
        printing.said.clear()
        return cli._run(words), *capsys.readouterr()

    before = said()
    assert answers.given(words)
    assert said() == before
    happens(here, monkeypatch)
    after = said()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "none"))
    assert after == said() != before


def test_another_folder_terminal_or_zone_is_another_question(
    vault: Vault, cache: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for _ in range(3):
        time.sleep(GRAIN * 2)
        answered(vault)
    assert answers.given(WORDS)
    assert not answers.given([*WORDS, "--json"])
    with monkeypatch.context() as other:
        other.setenv("NO_COLOR", "1")
        assert not answers.given(WORDS)
    monkeypatch.chdir(tmp_path)
    assert not answers.given(WORDS)


def test_a_process_says_the_same_again(vault: Vault, cache: Path) -> None:
    for one in [*vault.root.rglob("*"), vault.root]:
        os.utime(one, (1, 1))
    commands = [["agenda", "--json"], ["plan", "A/N1.md"], ["plan", "--json"]]
    run("agenda", *WORDS[1:], cwd=vault.root)
    time.sleep(index.RACY + 2.5)
    first = [run(*one, *WORDS[1:], cwd=vault.root) for one in commands]
    kept = {one: one.stat().st_mtime_ns for one in cache.glob("*")}
    again = [run(*one, *WORDS[1:], cwd=vault.root) for one in commands]
    assert [(one.stdout, one.stderr) for one in first] == [(one.stdout, one.stderr) for one in again]
    assert len(kept) == len(commands)
    assert kept == {one: one.stat().st_mtime_ns for one in cache.glob("*")}, "it was made anew"
    (vault.root / "A" / "N1.md").write_text(NOTE.format(company="Another"))
    assert "Another" in run("plan", "A/N1.md", cwd=vault.root).stdout


def test_an_answer_of_another_form_is_none(vault: Vault, cache: Path) -> None:
    for _ in range(3):
        time.sleep(GRAIN * 2)
        answered(vault)
    (file,) = cache.glob("*")
    head = len(answers._FORM)
    data = marshal.dumps(("something", "else"))
    digest = blake2b(data, digest_size=16).digest()
    file.write_bytes(file.read_bytes()[:head] + digest + data)
    assert not answers.given(WORDS)
