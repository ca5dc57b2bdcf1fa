"""`reconnect today` on real terminals, narrow and wide, and where there is none."""

import io
import os
import re
import sys
import time
from pathlib import Path

import pendulum
import pytest
from click.testing import CliRunner
from pendulum import Date

if sys.platform == "win32":
    pytest.skip("terminals of POSIX", allow_module_level=True)
from rich.cells import cell_len
from rich.console import Console

from reconnect_md import screen, sheet, sync
from reconnect_md.cli.program import program
from reconnect_md.errors import Failure
from reconnect_md.index import RACY
from reconnect_md.script import lines
from reconnect_md.sheet import Card, Sheet
from reconnect_md.vault import Vault

from .test_asking import CTRL_C, Talk
from .test_cases import sheet_of
from .test_cli import run, snapshot

DAY = "2026-01-14"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\]8;.*?\x1b\\")
COLOURS = re.compile(r"\x1b\[(?:\d+;)*(?:3\d|4\d|9\d)[;m]")
NOTE = """\
---
interviewed: 2026-01-07
company: Acme Logistics
position: Operations manager
interviewers:
  - Ana Rivera, Director of operations
phone: 512 555 0142
timezone: Europe/Berlin
card_sent: 2026-01-07
---
## What went well
- The tour

## Said, but wish I had not
- Why I left
  - Better: I had done what I came to do there

## Did not say, but wish I had
- I moved 40 people to a new site

## Log
"""


def test_a_call_is_in_the_language_of_its_step(tmp_path: Path) -> None:
    (tmp_path / "Reconnect.md").write_text("---\nlanguage: de\ntimezone: UTC\n---\n", "utf-8")
    (tmp_path / "Acme.md").write_text(NOTE, "utf-8")
    shown = run("today", ".", "--date", DAY, cwd=tmp_path).stdout
    assert "1. Ana Rivera, Acme Logistics anrufen: eine Antwort verbessern." in shown and "Call Ana" not in shown


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a call that is late, to Berlin, and a card that is late."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    root = tmp_path / "vault"
    (root / "Interviews").mkdir(parents=True)
    (root / "Reconnect.md").write_text(
        "---\nme: Jordan Smith\ninterviews: Interviews\nregion: US-TX\ntimezone: America/Chicago\n---\n", "utf-8"
    )
    (root / "Interviews" / "Acme.md").write_text(NOTE, "utf-8")
    card = (
        NOTE.replace("Acme Logistics", "Bolt")
        .replace("card_sent: 2026-01-07\n", "")
        .replace("2026-01-07", "2026-01-13")
    )
    (root / "Interviews" / "Bolt.md").write_text(card, "utf-8")
    return root


def acme(vault: Path) -> str:
    return (vault / "Interviews" / "Acme.md").read_text("utf-8")


def shown(folder: Path, *words: str, size: tuple[int, int] = (80, 24), **env: str) -> str:
    talk = Talk(folder, "today", "--date", DAY, *words, size=size, **env)
    assert talk.end() == 0, talk.shown
    return talk.shown.replace("\r\n", "\n")


def sheet_in(vault: Path) -> Sheet:
    return sheet_of(sync.run(Vault(vault), Date.fromisoformat(DAY), write=False))


def card_in(vault: Path) -> Card:
    made = sync.run(Vault(vault), Date.fromisoformat(DAY), write=False)
    frame, contact = made.outlook.frame, sheet.numbered(made.agenda)[0]
    now = pendulum.datetime(2026, 1, 14, 9, tz="America/Chicago")
    return sheet.card(contact, made.agenda, frame.method, frame.settings.caller, now)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_nothing_is_wider_than_the_terminal(vault: Path, width: int) -> None:
    terminal = Console(file=io.StringIO(), width=width, highlight=False, color_system=None)
    text = screen.whole(sheet_in(vault), terminal)
    assert max(map(cell_len, text.split("\n"))) <= width
    for words in ("512) 555-0142", "Late", "This week", "Wed", "20", "Sat 17 and Sun 18: weekend", "■"):
        assert words in text
    assert "Mon 19: Confederate Memorial Day; Martin" in text
    assert "09:00 here is 16:00 there" in " ".join(text.split())
    assert (" 1  Call Ana Rivera, Acme Logistics: fix an answer  (512) 555-0142" in text) == (width == 200)


def test_a_terminal_is_as_wide_as_it_is_and_as_colourful_as_is_wanted(vault: Path) -> None:
    """What was said on a wide one is not said again on a narrow one, and said again only on one like it."""
    for path in [*vault.rglob("*"), vault]:
        os.utime(path, (1, 1))
    time.sleep(RACY * 1.1)
    wide, narrow = shown(vault, size=(200, 24)), shown(vault, size=(40, 24), NO_COLOR="1")
    lengths = [max(cell_len(ESCAPES.sub("", line)) for line in text.split("\n")) for text in (wide, narrow)]
    assert 100 < lengths[0] <= 200 and lengths[1] <= 40
    assert shown(vault, size=(200, 24)) == wide and COLOURS.search(wide)
    assert not COLOURS.search(narrow)


def test_plain_lines_are_the_same_everywhere_and_nothing_is_written(vault: Path) -> None:
    before = snapshot(vault)
    piped = run("today", "--date", DAY, cwd=vault).stdout
    assert shown(vault, "--plain", TERM="dumb") == piped
    assert "1. Call Ana Rivera, Acme Logistics: fix an answer. (512) 555-0142. Was due on Monday, 12" in piped
    assert not re.search(r"[^\w\s.,:;()’-]", piped)
    assert snapshot(vault) == before


def test_a_mark_that_waits_in_the_agenda_is_a_mark(vault: Path) -> None:
    """The list is what the next agenda will be, and not what stands there now."""
    sync.run(Vault(vault), Date.fromisoformat(DAY))
    agenda = vault / "Agenda.md"
    agenda.write_text(agenda.read_text("utf-8").replace("- [ ] Call [Ana", "- [x] Call [Ana", 1), "utf-8")
    said = "\n".join(sheet.plain(sheet_in(vault)))
    assert "Done today:\nFix an answer, Ana Rivera, Acme Logistics: done.\n" in said


def test_what_is_said_on_the_screen_goes_into_the_note(vault: Path) -> None:
    talk = Talk(vault, "today", "1", "--date", DAY, size=(80, 24))
    talk.answer("Ana Rivera", "")
    talk.answer("(512) 555-0142", "")
    talk.answer(" there, ", "")
    talk.answer("Is this a good moment?", "")
    talk.answer("Enter: back", "2\n")
    talk.answer("Could you put me through", "")
    talk.answer("Enter: back", "Bo Li took a message\n")
    talk.answer("That goes into the note with", "she calls back\n")
    talk.answer("That goes into the note with", "x\n")
    assert talk.end() == 0
    assert "reconnect undo Interviews/Acme.md fix" in talk.shown
    assert "fix_call: 2026-01-14\n" in acme(vault)
    assert "- 2026-01-14 fix call: Bo Li took a message\n  she calls back\n" in acme(vault)


@pytest.mark.parametrize(
    ("typed", "written"), [("-", "fix_call: skipped\n"), (">", "- 2026-01-14 fix call no answer\n")]
)
def test_each_mark_is_that_of_the_agenda(vault: Path, typed: str, written: str) -> None:
    talk = Talk(vault, "today", "1", "--date", DAY, "--plain")
    talk.answer("Enter: back", f"{typed}\n")
    assert talk.end() == 0
    assert written in acme(vault)


@pytest.mark.parametrize("typed", ["\n", CTRL_C])
def test_who_goes_back_has_changed_nothing(vault: Path, typed: str) -> None:
    before = snapshot(vault)
    talk = Talk(vault, "today", "1", "--date", DAY)
    talk.answer("Enter: back", typed)
    assert talk.end() == (130 if typed == CTRL_C else 0)
    assert snapshot(vault) == before


def test_what_was_typed_is_shown_again_when_it_is_not_taken(vault: Path) -> None:
    talk = Talk(vault, "today", "1", "--date", DAY)
    talk.answer("Enter: back", "he was friendly\n")
    talk.answer("That goes into the note with", "\n")  # Enter alone does not throw it away
    talk.answer("That goes into the note with", CTRL_C)
    assert talk.end() == 130
    assert "You had typed:\r\n  he was friendly" in talk.shown


def test_nobody_answers_a_card(vault: Path) -> None:
    talk = Talk(vault, "today", "2", "--date", DAY)
    talk.answer("Bolt", "")
    talk.answer("Dear Ana Rivera", "")
    talk.answer("Enter: back", ">\n")
    talk.answer("nobody answers it", "x\n")
    assert talk.end() == 0
    assert "card_sent: 2026-01-14\n" in (vault / "Interviews" / "Bolt.md").read_text("utf-8")


def test_no_word_of_a_note_is_a_command_to_the_terminal(vault: Path) -> None:
    path = vault / "Interviews" / "Acme.md"
    text = path.read_text("utf-8").replace("- Why I left", "- Why \x9b2J I left")
    path.write_text(text.replace("- The tour", "- The \x1b]0;tour\x07"), "utf-8")
    shown = "\n".join([*sheet.plain(sheet_in(vault)), *sheet.plain_card(card_in(vault))])
    assert "2J I left" in shown and "]0;tour" in shown
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown)


@pytest.mark.parametrize("size", [(40, 5), (40, 24), (80, 24), (80, 70), (200, 60)])
def test_all_words_are_on_pages_that_fit(vault: Path, size: tuple[int, int]) -> None:
    card = card_in(vault)
    terminal = Console(file=io.StringIO(), width=size[0], height=size[1], highlight=False, color_system=None)
    asked = screen.keys(is_card=False)
    full = screen.Full(card, terminal)
    many, words = full.show(asked), ""
    for number in range(many):
        terminal.file = io.StringIO()
        full.at = number
        assert full.show(asked) == many
        page = terminal.file.getvalue().rstrip("\n").split("\n")
        assert (len(page) < size[1] or size[1] < 24) and max(map(cell_len, page)) <= size[0]
        assert "Ana Rivera" in page[0] + page[3] and "(512) 555-0142" in "\n".join(page)
        words += "\n".join(page)
    said = [line.text for part in card.parts for line in lines(part.text)]
    shown = re.sub(r"\W+", "", words)
    assert size[1] < 24 or all(
        re.sub(r"\W+", "", one[:30]) in shown and re.sub(r"\W+", "", one[-20:]) in shown for one in said
    )
    assert (many == 1) == (size[1] >= 60)


def test_where_there_is_no_terminal_nothing_is_asked(vault: Path) -> None:
    said = run("today", "1", "--date", DAY, cwd=vault)
    assert "Voicemail:\nHello Ana Rivera, this is Jordan Smith." in said.stdout
    assert not said.stderr and "\x1b" not in said.stdout


def test_a_number_that_there_is_not(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said(*words: str) -> str:
        found = CliRunner().invoke(program, ["today", "--date", DAY, *words])
        return f"{found.output}{found.exception or ''}"

    monkeypatch.chdir(vault)
    with pytest.raises(Failure, match="the numbers go from 1 to 2"):
        program(["today", "9", "--date", DAY], standalone_mode=False)
    assert "one number at most" in said("1", "2")
    assert said("1", str(vault)).startswith("Ana Rivera, Director")
    (vault / "9").mkdir()
    assert "This week:" in said("9")


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
@pytest.mark.parametrize("words", ["+1 512 555 0142", "(512) 555-0142", "Ana Rivera", "Bo Li and Ana Rivera"])
def test_large_type_fits(words: str, width: int) -> None:
    rows = screen.in_large_type(words, width)
    assert all(len(row) <= width for row in rows)
    assert len(rows) in (0, 3, 6) and (rows or width < 60)


@pytest.mark.parametrize(
    ("typed", "is_large"),
    [("512 555 0142", True), ("don't know yet", False), ("ask at desk 12", False), ("Ana has it, mail of 1/7", False)],
)
def test_only_a_number_is_in_large_type(vault: Path, typed: str, is_large: bool) -> None:
    (vault / "Interviews" / "Acme.md").write_text(acme(vault).replace("512 555 0142", typed), "utf-8")
    card = card_in(vault)
    page = io.StringIO()
    terminal = Console(file=page, width=100, height=60, highlight=False, color_system=None)
    terminal.print(screen.head(card, terminal))
    rows = [row.rstrip() for row in page.getvalue().split("\n")]
    large = [row.rstrip() for row in screen.in_large_type(card.phone, 100)]
    assert large and (large[1] in rows) is is_large
    assert screen.in_large_type("Ana Rivera", 100)[1] in rows


@pytest.mark.parametrize(
    ("now", "shown"), [("2026-03-04T09:00", "16:00 there, Wednesday"), ("2026-03-03T20:18", "03:18 there, Thursday")]
)
def test_their_weekday_is_that_of_the_day_that_is_shown(vault: Path, now: str, shown: str) -> None:
    made = sync.run(Vault(vault), Date.fromisoformat(DAY), write=False)
    frame, contact = made.outlook.frame, sheet.numbered(made.agenda)[0]
    clock = pendulum.from_format(now, "YYYY-MM-DD[T]HH:mm", tz="America/Chicago")
    assert sheet.card(contact, made.agenda, frame.method, frame.settings.caller, clock).clock == shown


@pytest.mark.parametrize("name", ["Michał", "Jürgen Groß", "田中"])
def test_a_name_that_the_large_type_cannot_spell_stays_small(name: str) -> None:
    assert screen.in_large_type("Jurgen Gross", 80)
    assert not screen.in_large_type(name, 80)
