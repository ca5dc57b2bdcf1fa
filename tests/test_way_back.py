"""Ticks and remarks in a real agenda, carried by real passes into real notes."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pendulum import Date

from reconnect_md import footer, sync
from reconnect_md.merge import merge
from reconnect_md.vault import Read, Vault
from tests.languages import ENGLISH
from tests.test_weave import formatted

DAY = Date(2026, 1, 12)
NOTE = """\
---
interviewed: 2026-01-07
company: {company}
interviewers: Ana Rivera
card_sent: 2026-01-07
call_again:
fix_call:
add_call:
---
## What went well
- We drew the dock

## Said, but wish I had not
- My last job: I complained
  - Better: I had done what I came to do

## Did not say, but wish I had
- I moved 40 people

## Log
"""


class Desk:
    """A vault and its agenda, as somebody uses them."""

    def __init__(self, root: Path, *companies: str) -> None:
        self.root, self.agenda = root, root / "Agenda.md"
        (root / "Reconnect.md").write_text("---\nme: Jordan Smith\ntimezone: UTC\n---\n")
        for company in companies:
            self.note(company).parent.mkdir(exist_ok=True)
            self.note(company).write_text(NOTE.format(company=company))
        self.turn()

    def note(self, company: str) -> Path:
        return self.root / "Interviews" / f"{company}.md"

    def turn(self, day: Date = DAY) -> sync.Pass:
        """One pass; the next one has nothing to do, and says the same."""
        made = sync.run(Vault(self.root), day)
        again = sync.run(Vault(self.root), day)
        assert not again.changes, "a pass at rest writes nothing"
        assert [*map(str, again.problems)] == [*map(str, made.problems)]
        return made

    def line(self, company: str) -> str:
        """The task line of the first call."""
        of_it = re.compile(rf"\s*- \[.\] .*{company}\]\(.*🆔 \S+-fix")
        return next(line for line in self.text().split("\n") if of_it.match(line))

    def text(self) -> str:
        return self.agenda.read_text("utf-8")

    def edit(self, old: str, new: str) -> None:
        assert old in self.text()
        self.agenda.write_text(self.text().replace(old, new), "utf-8")

    def tick(self, company: str, box: str = "[x]", below: str = "", behind: str = "") -> None:
        line = self.line(company)
        self.edit(line, re.sub(r"\[.\]", box, line, count=1) + behind + ("\n" + below if below else ""))

    def type(self, *words: str, day: Date = DAY) -> subprocess.CompletedProcess[str]:
        """A command in a terminal."""
        command = [sys.executable, "-m", "reconnect_md", *words, "--date", str(day)]
        return subprocess.run(command, cwd=self.root, capture_output=True, encoding="utf-8")

    def log(self, company: str) -> str:
        return self.note(company).read_text("utf-8").partition("## Log\n")[2]

    def property(self, company: str, key: str) -> str:
        return re.search(rf"^{key}:[ ]?(.*)$", self.note(company).read_text("utf-8"), re.MULTILINE)[1]  # type: ignore[index]


def codes(made: sync.Pass) -> list[str]:
    return [one.code for one in made.agenda.problems]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, "Acme", "Bolt")


# --- marks -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("box", "behind", "made", "log"),
    [
        ("[x]", "", "2026-01-12", "- 2026-01-12 fix call\n"),
        ("[X]", " ✅ 2026-01-09", "2026-01-09", "- 2026-01-09 fix call\n"),
        ("[x]", "  [completion:: 2026-01-09]", "2026-01-09", "- 2026-01-09 fix call\n"),
        ("[x ]", "", "2026-01-12", "- 2026-01-12 fix call\n"),
        ("[✓]", "", "2026-01-12", "- 2026-01-12 fix call\n"),
        ("[x]", " ✅2026-01-09", "2026-01-09", "- 2026-01-09 fix call\n"),
        ("[x]", " she laughed", "2026-01-12", "- 2026-01-12 fix call: she laughed\n"),
        ("[x]", " ⏳ 2026-01-18", "2026-01-12", "- 2026-01-12 fix call:\n  ⏳ 2026-01-18\n"),
        ("[-]", " ❌ 2026-01-12", "skipped", "- 2026-01-12 fix call skipped\n"),
        ("[-]", "", "skipped", "- 2026-01-12 fix call skipped\n"),
        ("[>]", "", "", "- 2026-01-12 fix call no answer\n"),
    ],
)
def test_a_mark_goes_into_the_note(desk: Desk, box: str, behind: str, made: str, log: str) -> None:
    before = desk.note("Bolt").read_bytes()
    desk.tick("Acme", box, behind=behind)
    made_pass = desk.turn()
    assert (desk.property("Acme", "fix_call"), desk.log("Acme")) == (made, log)
    assert desk.note("Bolt").read_bytes() == before
    assert len(made_pass.marks) == 1
    assert "- [ ] Call [Ana Rivera, Bolt]" in desk.text()


def test_a_remark_goes_with_the_mark_though_its_call_was_gone_for_a_pass(desk: Desk) -> None:
    """The note was saved while its words were being changed, or its folder was away."""
    desk.edit(desk.line("Acme"), desk.line("Acme") + "\n    - she is in Austin")
    before = desk.text()
    whole = desk.note("Acme").read_text()
    desk.note("Acme").write_text(re.sub(r"- My last job.*\n.*\n", "", whole))
    desk.turn()
    assert "## Your notes\n\n### Call" in desk.text()
    desk.note("Acme").write_text(whole)
    desk.turn()
    assert desk.text() == before
    desk.tick("Acme")
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call:\n  - she is in Austin\n"


def test_what_was_typed_under_a_call_that_was_gone_goes_with_a_mark_from_the_terminal(desk: Desk) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme") + "\n    - she is in Austin")
    whole = desk.note("Acme").read_text()
    desk.note("Acme").write_text(re.sub(r"- My last job.*\n.*\n", "", whole))
    desk.turn()
    desk.note("Acme").write_text(whole)
    desk.type("done", "Acme", "fix")
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call:\n  - she is in Austin\n"
    assert desk.text().count("she is in Austin") <= 1


@pytest.mark.parametrize("each_day", [False, True])
def test_a_tick_in_a_page_that_a_formatter_wrapped_is_carried_with_its_remark_alone(desk: Desk, each_day: bool) -> None:
    if each_day:
        settings = desk.root / "Reconnect.md"
        settings.write_text(settings.read_text().replace("me:", 'agenda: "{date}.md"\nme:'))
        desk.agenda = desk.root / f"{DAY}.md"
        desk.turn()
    desk.tick("Acme", below="    - in Rome")
    desk.agenda.write_text(formatted(desk.text(), 40, "*"), "utf-8")
    for _ in range(2):
        desk.turn(DAY.add(days=1) if each_day else DAY)
        assert desk.property("Acme", "fix_call") == "2026-01-12"
        assert desk.log("Acme") == "- 2026-01-12 fix call:\n  * in Rome\n"


def test_every_box_is_taken_back_by_emptying_it(desk: Desk) -> None:
    for box in ("[x]", "[-]", "[>]"):
        desk.tick("Acme", box)
        desk.turn()
        assert box in desk.line("Acme"), "it stands under Done today"
        desk.edit(desk.line("Acme"), re.sub(r"\[.\]", "[ ]", desk.line("Acme")).partition(" ✅")[0].partition(" ❌")[0])
        desk.turn()
        assert desk.property("Acme", "fix_call") == ""
        assert "- [ ] Call [Ana Rivera, Acme]" in desk.text()
        assert "fix call taken back" in desk.log("Acme").rstrip("\n").rpartition("\n")[2]


def test_a_moved_day_is_a_pin(desk: Desk) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("📅 2026-01-12", "📅 2026-01-17"))
    desk.turn()
    assert desk.property("Acme", "call_again") == "2026-01-17", "a Saturday, because they said so"
    assert desk.log("Acme") == "- 2026-01-12 fix call moved to 2026-01-17\n"
    assert "Acme](Interviews/Acme.md) to fix an answer 🆔" not in desk.text()
    assert "put off to Saturday, 17 January" in desk.line("Acme"), "it is in sight for the day"
    desk.edit(desk.line("Acme"), desk.line("Acme") + "\n    - ask for Bo\n")
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call moved to 2026-01-17:\n  - ask for Bo\n"
    desk.turn(Date(2026, 1, 17))
    assert desk.line("Acme").endswith("📅 2026-01-17")


@pytest.mark.parametrize(
    ("box", "made", "log"),
    [
        ("[>]", "", "- 2026-01-12 fix call no answer: in Rome\n- 2026-01-12 fix call moved to 2026-01-17\n"),
        ("[x]", "2026-01-12", "- 2026-01-12 fix call: in Rome\n- 2026-01-12 add call moved to 2026-01-17\n"),
        ("[-]", "skipped", "- 2026-01-12 fix call skipped: in Rome\n- 2026-01-12 add call moved to 2026-01-17\n"),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
def test_a_day_beside_a_mark_is_that_of_the_next_call(desk: Desk, box: str, made: str, log: str, at_once: bool) -> None:
    desk.tick("Acme", box, below="in Rome")
    if not at_once:
        desk.turn()
    line = desk.line("Acme")
    desk.edit(line, re.sub(r"📅 \S+|$", "📅 2026-01-17", line, count=1))
    assert codes(desk.turn()) == []
    assert (desk.property("Acme", "fix_call"), desk.log("Acme")) == (made, log)
    assert desk.property("Acme", "call_again") == "2026-01-17"
    stale = desk.note("Acme").read_text().replace("call_again: 2026-01-17", "call_again:").partition("- 2026-")[0]
    desk.note("Acme").write_text(stale.replace(f"fix_call: {made}", "fix_call:"))
    desk.turn()
    assert desk.property("Acme", "fix_call") == made and sorted(desk.log("Acme")) == sorted(log), "carried again"
    assert desk.property("Acme", "call_again") == "2026-01-17"


def test_what_a_call_put_off_says_is_carried_again_after_a_stale_save_but_not_after_a_change_of_mind(
    desk: Desk,
) -> None:
    old = desk.note("Acme").read_text()
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("📅 2026-01-12", "📅 2026-01-17") + "\n    - in Rome")
    desk.turn()
    new = desk.note("Acme").read_text()
    desk.note("Acme").write_text(old)
    desk.turn()
    assert desk.note("Acme").read_text() == new
    emptied = new.replace("call_again: 2026-01-17", "call_again:")
    desk.note("Acme").write_text(emptied)
    desk.turn()
    assert desk.note("Acme").read_text() == emptied


@pytest.mark.parametrize(
    ("box", "day", "why"),
    [
        ("[ ]", "2026-01-10", "that day is over"),
        ("[>]", "2026-01-11", "that is not after 2026-01-12"),
        ("[x]", "2026-01-09", "that is not after 2026-01-12"),
        ("[x]", "Friday", "that is no day"),
        ("[ ]", "12/31/2025", "that is 2025-12-31, a day that is over"),
        ("[ ]", "31.12.2025", "that is 2025-12-31, a day that is over"),
    ],
)
def test_a_day_that_no_call_can_be_on_is_said_and_stays(desk: Desk, box: str, day: str, why: str) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("[ ]", box).replace("2026-01-12", day))
    line = desk.line("Acme")
    made = desk.turn()
    assert codes(made) == ["pin-refused"] and why in made.agenda.problems[0].message
    assert desk.line("Acme") == line and desk.log("Acme") == "" and desk.property("Acme", "fix_call") == ""
    desk.note("Acme").write_text(desk.note("Acme").read_text().replace("interviewers: Ana", "interviewers: Anna"))
    desk.turn()
    assert "Call [Anna Rivera" in desk.line("Acme") and f"📅 {day}" in desk.line("Acme"), "in the new line, too"


def test_words_in_the_line_of_a_call_that_is_put_off_once_more_take_one_pass(desk: Desk) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("2026-01-12", "2026-01-19"))
    note = desk.note("Acme").read_text()
    desk.note("Acme").write_text(note.replace("card_sent: 2026-01-07", "card_sent:"))
    desk.turn()
    card = next(line for line in desk.text().split("\n") if line.startswith("- [ ] Send") and "Acme" in line)
    desk.edit(card, re.sub(r"📅 \S+", "📅 2026-01-17", card.replace("[ ]", "[x]")))
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("] Fix", "] by the way: Fix"))
    desk.turn()
    assert desk.property("Acme", "call_again") == "2026-01-17"
    assert "by the way" in desk.text() + desk.log("Acme")


def test_after_the_last_call_no_day_can_be_for_another(desk: Desk) -> None:
    text = desk.note("Acme").read_text()
    desk.note("Acme").write_text(text.replace("add_call:", "add_call: skipped"))
    desk.turn()
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("[ ]", "[x]").replace("2026-01-12", "2026-01-17"))
    assert codes(desk.turn()) == ["pin-refused"]
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("2026-01-17", "2026-01-12"))
    assert codes(desk.turn()) == [] and desk.property("Acme", "fix_call") == "2026-01-12"


def test_the_day_of_a_mark_may_be_put_right(desk: Desk) -> None:
    desk.tick("Acme")
    desk.turn()
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("✅ 2026-01-12", "✅ 2026-01-09"))
    desk.turn()
    assert desk.property("Acme", "fix_call") == "2026-01-09" and desk.log("Acme") == "- 2026-01-09 fix call\n"


@pytest.mark.parametrize("hand", ["2026-01-09", "skipped"])
@pytest.mark.parametrize("box", ["[ ]", "[-]", "[>]"])
def test_a_mark_touches_only_what_its_line_showed(desk: Desk, hand: str, box: str) -> None:
    """A day written by hand since the line was generated is no part of what is taken back."""
    desk.note("Acme").write_text(desk.note("Acme").read_text() + "- 2026-01-09 fix call no answer\n")
    desk.turn()
    desk.tick("Acme", below="she wrote it down")
    desk.turn()
    note = desk.note("Acme").read_text().replace("fix_call: 2026-01-12", f"fix_call: {hand}")
    desk.note("Acme").write_text(note)
    line = desk.line("Acme")
    desk.edit(line, re.sub(r" ✅ \S+", "", line.replace("[x]", box)))
    changed = desk.line("Acme")
    made = desk.turn()
    if (hand, box) == ("skipped", "[-]"):
        assert codes(made) == [] and desk.property("Acme", "fix_call") == "skipped"
        return
    assert codes(made) == ["mark-refused"] and f"fix_call says {hand} already" in made.agenda.problems[0].message
    assert desk.note("Acme").read_text() == note and changed in desk.text()
    desk.edit(changed + "\n", "")
    assert codes(desk.turn()) == [], "the way out that the problem names"
    assert desk.property("Acme", "fix_call") == hand


def test_a_mark_that_is_refused_stays_where_the_note_says_a_third_thing(desk: Desk) -> None:
    desk.tick("Acme")
    desk.turn()
    text = desk.note("Acme").read_text().replace("fix_call: 2026-01-12", "fix_call: skipped")
    desk.note("Acme").write_text(text.replace("2026-01-12 fix call", "2026-01-12 fix call skipped"))
    line = desk.line("Acme").replace("[x]", "[>]")
    desk.edit(desk.line("Acme"), line)
    for _ in range(2):
        assert codes(desk.turn()) == ["mark-refused"] and desk.line("Acme") == line
    desk.edit(line + "\n", "")
    assert codes(desk.turn()) == [] and desk.line("Acme").startswith("- [-] Fix an answer")


def test_a_box_with_backslashes_is_a_box(desk: Desk) -> None:
    line = desk.line("Acme")
    desk.edit(line, line.replace("- [ ]", "- \\[ \\]"))
    assert codes(desk.turn()) == [] and desk.line("Acme") == line and desk.text().count("-fix 📅 2026-01-12") == 2
    desk.edit(line, line.replace("- [ ]", "- \\[x\\]"))
    assert codes(desk.turn()) == [] and desk.property("Acme", "fix_call") == "2026-01-12"
    assert "\\[" not in desk.text() and desk.line("Acme").startswith("- [x] Fix an answer")
    assert desk.turn().changes == ()
    odd = desk.line("Acme").replace("- [x]", "- \\[q\\]")
    desk.edit(desk.line("Acme"), odd)
    assert codes(desk.turn()) == ["no-mark"] and odd in desk.text()


@pytest.mark.parametrize(
    "box",
    [
        *("- [y]", "- [xx]", "- [<]", "- [?]", "- [ok]", "- [ ] ✅", "-"),
        *("- (x)", "(x)", "- ( )"),
        *("- [done]", "- [ done ]", "[no answer]", "- [x", "- x", "- X", "x", "- x]", "- [", "- ✓"),
        *("- [x}", "- {x}", "- [x)"),
    ],
)
def test_what_is_no_mark_is_said(desk: Desk, box: str) -> None:
    line = desk.line("Acme")
    odd = line.replace("- [ ]", box) if box != "- [ ] ✅" else f"{line} ✅ 2026-01-12"
    desk.edit(line, odd)
    made = desk.turn()
    assert codes(made) == ["half-mark" if "✅" in box else "no-mark"]
    is_whole = re.search(r"\[.+\]", box) is not None
    assert is_whole is ("no whole box" not in made.problems[0].message)
    assert odd in desk.text() and desk.text().count("-fix 📅 2026-01-12") == 2, "Bolt's, and this one once"
    desk.edit(odd, line.replace("[ ]", "[x]"))
    assert codes(desk.turn()) == [] and desk.property("Acme", "fix_call") == "2026-01-12"


@pytest.mark.parametrize("sign", ["✅", "✅\ufe0f"])
def test_a_sign_without_a_day_is_said(desk: Desk, sign: str) -> None:
    line = desk.line("Acme")
    desk.edit(line, f"{line} {sign}")
    assert codes(desk.turn()) == ["half-mark"] and f"{line} {sign}" in desk.text() and not desk.turn().changes
    desk.edit(f"{line} {sign}", f"{line} {sign}".replace("[ ]", "[x]"))
    assert codes(desk.turn()) == [] and desk.property("Acme", "fix_call") == "2026-01-12"


@pytest.mark.parametrize("box", ["- []", "-[ ]", "[ ]", "- [  ]"])
def test_an_open_box_with_a_slip_is_put_right(desk: Desk, box: str) -> None:
    before, line = desk.text(), desk.line("Acme")
    desk.edit(line, line.replace("- [ ]", box))
    assert codes(desk.turn()) == [] and desk.text() == before
    desk.edit(line, f"{line.replace('- [ ]', box)} she is in Rome")
    assert codes(desk.turn()) == [] and desk.text().count("she is in Rome") == 1


def test_an_x_behind_a_line_is_a_remark(desk: Desk) -> None:
    line = f"{desk.line('Acme')} x"
    desk.edit(desk.line("Acme"), line)
    assert codes(desk.turn()) == [] and desk.line("Acme") == line
    desk.tick("Acme")
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call: x\n"


@pytest.mark.parametrize("words", ["- [see also] 🆔 {}", "- (x) as in 🆔 {}", "- x 🆔 {} is done", "- [done] as 🆔 {}"])
def test_a_remark_that_names_its_item_is_no_mark(desk: Desk, words: str) -> None:
    id = re.search(r"🆔 (\S+)", desk.line("Acme"))[1]  # type: ignore[index]
    remark = words.format(id)
    desk.edit(desk.line("Acme"), f"{desk.line('Acme')}\n{remark}")
    assert codes(desk.turn()) == [] and remark in desk.text()


def test_a_day_behind_what_was_left_out_is_said(desk: Desk) -> None:
    desk.tick("Acme", "[-]")
    desk.turn()
    line = next(one for one in desk.text().split("\n") if one.startswith("- [-]"))
    desk.edit(line, f"{line} ✅ 2026-01-08")
    assert codes(desk.turn()) == ["half-mark"] and "✅ 2026-01-08" in desk.text()


@pytest.mark.parametrize("line", ["-[x] ", "- [x]", "[x] ", "-[x]", "+  [x] "])
def test_a_slip_in_a_tick_is_a_tick(desk: Desk, line: str) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("- [ ] ", line))
    assert codes(desk.turn()) == []
    assert desk.property("Acme", "fix_call") == "2026-01-12" and desk.log("Acme") == "- 2026-01-12 fix call\n"


def coming(desk: Desk, action: str) -> str:
    return next(line for line in desk.text().split("\n") if re.match(rf"- Call .*Acme\]\(.* to {action}", line))


def test_a_tick_on_what_is_coming_up_counts_at_once_if_it_is_next(desk: Desk) -> None:
    desk.tick("Acme")
    desk.turn()
    line = coming(desk, "add")
    desk.edit(line, line.replace("- ", "- [x] ", 1) + "\n    - she rang me")
    assert codes(desk.turn()) == [] and desk.property("Acme", "add_call") == "2026-01-12"
    assert desk.log("Acme") == "- 2026-01-12 fix call\n- 2026-01-12 add call:\n  - she rang me\n"
    assert desk.text().count("to add an answer") == 1, "Bolt's"


@pytest.mark.parametrize("behind", ["", " did both at once"])
def test_a_tick_on_what_is_not_its_turn_yet_is_said_and_stays(desk: Desk, behind: str) -> None:
    line, note = coming(desk, "add"), desk.note("Acme").read_text()
    ticked = line.replace("- ", "- [x] ", 1) + behind
    desk.edit(line, ticked)
    for day in (DAY, DAY, Date(2026, 1, 13)):
        assert codes(desk.turn(day)) == ["mark-refused"] and ticked in desk.text()
        assert desk.note("Acme").read_text() == note
    desk.tick("Acme", behind=" ✅ 2026-01-12")
    assert codes(desk.turn(Date(2026, 1, 13))) == []
    said = f":{behind}" if behind else ""
    assert desk.log("Acme") == f"- 2026-01-12 fix call\n- 2026-01-12 add call{said}\n"


@pytest.fixture
def eve(tmp_path: Path) -> Desk:
    """The day before: what is for today then is still to come, in one list."""
    desk = Desk(tmp_path, "Acme", "Bolt")
    desk.turn(EVE)
    return desk


EVE = Date(2026, 1, 9)


@pytest.mark.parametrize("above", [True, False])
def test_words_on_what_is_coming_up_are_no_remark_of_its_neighbour(eve: Desk, above: bool) -> None:
    spoken, ticked = ("Acme", "Bolt") if above else ("Bolt", "Acme")
    line = next(one for one in eve.text().split("\n") if one.startswith("- Call") and f"{ticked}](" in one)
    other = next(one for one in eve.text().split("\n") if one.startswith("- Call") and f"{spoken}](" in one)
    eve.edit(other, f"{other} ask for Tina first")
    eve.edit(line, line.replace("- ", "- [x] ", 1))
    assert codes(eve.turn(EVE)) == []
    assert eve.log(ticked) == "- 2026-01-09 fix call\n" and eve.log(spoken) == ""
    assert f"{other} ask for Tina first" in eve.text()


def test_a_tick_on_what_is_coming_up_waits_for_a_note_that_cannot_be_read(eve: Desk) -> None:
    whole = eve.note("Acme").read_text()
    line, other = (
        next(one for one in eve.text().split("\n") if one.startswith("- Call") and f"{company}](" in one)
        for company in ("Acme", "Bolt")
    )
    eve.edit(line, line.replace("- ", "- [x] ", 1) + "\n    - she called me herself")
    eve.edit(other, other.replace("- ", "- [x] ", 1))
    eve.note("Acme").write_text(whole.replace("company: Acme", 'company: "Acme'))
    for day in (EVE, EVE, DAY):
        eve.turn(day)
        assert eve.log("Bolt") == "- 2026-01-09 fix call\n" and "she called me herself" in eve.text()
    eve.note("Acme").write_text(whole)
    assert codes(eve.turn(DAY)) == []
    assert eve.property("Acme", "fix_call") == "2026-01-09"
    assert eve.log("Acme") == "- 2026-01-09 fix call:\n  - she called me herself\n"
    assert "she called" not in eve.text() and eve.log("Bolt") == "- 2026-01-09 fix call\n"


@pytest.mark.parametrize("phone", [True, False])
def test_a_tick_on_what_was_coming_up_keeps_its_day_in_a_merge(eve: Desk, phone: bool) -> None:
    if phone:
        note = eve.note("Acme").read_text().replace("card_sent", "phone: 512 555 0142\ncard_sent")
        eve.note("Acme").write_text(note)
        eve.turn(EVE)
    base = eve.text()
    line = next(one for one in base.split("\n") if one.startswith("- Call") and "Acme](" in one)
    ticked = base.replace(line, line.replace("- ", "- [x] ", 1) + "\n    - she called")
    eve.turn(DAY)
    newer, note = eve.text(), eve.note("Acme").read_text()
    for ours, theirs in ((newer, ticked), (ticked, newer)):
        eve.agenda.write_text(merge(base, ours, theirs, ENGLISH), "utf-8")
        assert codes(eve.turn(DAY)) == []
        assert eve.property("Acme", "fix_call") == "2026-01-09"
        assert eve.log("Acme") == "- 2026-01-09 fix call:\n  - she called\n"
        eve.note("Acme").write_text(note)


@pytest.mark.parametrize(
    ("typed", "log"),
    [
        ("-[x] {}", ""),
        ("• [x] {}", ""),
        ("- [x] {}: left a message", ": left a message"),
        ("- [x] {}, she laughed", ": she laughed"),
        ("- [x] {} she laughed 🆔 x", ": she laughed"),
    ],
)
def test_a_tick_on_what_is_coming_up_as_people_type_it(eve: Desk, typed: str, log: str) -> None:
    line = next(one for one in eve.text().split("\n") if one.startswith("- Call") and "Acme](" in one)
    eve.edit(line, typed.format(line.removeprefix("- ")))
    assert codes(eve.turn(EVE)) == []
    assert eve.log("Acme") == f"- 2026-01-09 fix call{log}\n"


@pytest.mark.parametrize("box", ["", "[ ] "])
def test_what_is_coming_up_can_be_put_off_without_a_box(eve: Desk, box: str) -> None:
    line = next(one for one in eve.text().split("\n") if one.startswith("- Call") and "Acme](" in one)
    eve.edit(line, f"- {box}{line.removeprefix('- ')} 📅 2026-01-15")
    assert codes(eve.turn(EVE)) == []
    assert eve.property("Acme", "call_again") == "2026-01-15" and eve.text().count(line) == 1


@pytest.mark.parametrize("behind", ["", " first thing"])
def test_a_box_alone_on_what_is_coming_up_says_nothing(eve: Desk, behind: str) -> None:
    line = next(one for one in eve.text().split("\n") if one.startswith("- Call") and "Acme](" in one)
    eve.edit(line, f"- [ ] {line.removeprefix('- ')}{behind}")
    for day in (EVE, DAY):
        assert codes(eve.turn(day)) == [] and eve.log("Acme") == ""
    assert behind.strip() in eve.text()


def test_of_a_later_call_no_day_is_moved(eve: Desk) -> None:
    line = coming(eve, "add")
    eve.edit(line, f"{line} 📅 2026-01-15")
    assert codes(eve.turn(EVE)) == ["pin-refused"] and eve.property("Acme", "call_again") == ""
    assert f"{line} 📅 2026-01-15" in eve.text()


@pytest.mark.parametrize("sign", ["•", "–", "—"])
def test_the_dash_of_a_phone_before_a_box_is_a_dash(desk: Desk, sign: str) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("- [ ]", f"{sign} [x]"))
    assert codes(desk.turn()) == [] and desk.property("Acme", "fix_call") == "2026-01-12"
    assert desk.text().count("Acme](Interviews/Acme.md)") == desk.text().count("Bolt](Interviews/Bolt.md)")


def test_a_task_of_theirs_about_a_call_for_today_is_no_mark_on_it(desk: Desk) -> None:
    desk.edit("## Coming up", "- [x] prepare to fix an answer for [Acme](Interviews/Acme.md)\n\n## Coming up")
    assert codes(desk.turn()) == [] and desk.property("Acme", "fix_call") == "" and "- [x] prepare" in desk.text()


def test_a_task_of_theirs_about_a_call_to_come_is_no_mark_on_it(desk: Desk) -> None:
    desk.edit("## Coming up", "- [x] Prepare: add an answer, at [Acme](Interviews/Acme.md)\n\n## Coming up")
    assert codes(desk.turn()) == [] and desk.property("Acme", "add_call") == "" and "- [x] Prepare:" in desk.text()


def test_a_task_in_progress_says_nothing(desk: Desk) -> None:
    desk.tick("Acme", "[/]")
    line = desk.line("Acme")
    assert codes(desk.turn()) == [] and desk.line("Acme") == line


def test_a_remark_may_name_an_item(desk: Desk) -> None:
    id = re.search(r"🆔 \S+", desk.line("Acme"))[0]  # type: ignore[index]
    desk.tick("Acme", below=f"    - as with {id} before")
    assert codes(desk.turn()) == []
    assert desk.log("Acme") == f"- 2026-01-12 fix call:\n  - as with {id} before\n"


@pytest.mark.parametrize("day", ["17.01.2026", "on Saturday", "2026-02-31", "on a day " * 5000, "\ufe0f" * 20_000])
def test_a_moved_day_that_is_none_is_said(desk: Desk, day: str) -> None:
    line = desk.line("Acme").replace("2026-01-12", day)
    desk.edit(desk.line("Acme"), line)
    made = desk.turn()
    assert codes(made) == ["pin-refused"] and line in desk.text()


def test_a_changed_line_with_the_mark_of_one_of_ours_is_theirs(desk: Desk) -> None:
    """The marks have 20 bits: among some ten thousand days there is one with which the line looks like one of ours."""
    line, known = desk.line("Acme"), footer.parse(desk.text().rstrip("\n").rpartition("\n")[2])
    days = (str(DAY.add(days=number)) for number in range(1, 400_000))
    moved = (line.replace("2026-01-12", day) for day in days)
    twin = next(one for one in moved if known and footer.fingerprint(one) in known.marks)
    desk.edit(line, twin)
    desk.turn()
    assert desk.property("Acme", "call_again") == twin[-10:]


@pytest.mark.parametrize(
    "typed", ["2026-01-16T10:30", "2026-01-16 10:30", "2026-01-16T9:30 ask for Bo", "2026-01-12T16:00"]
)
def test_a_time_behind_the_day_of_a_call_is_that_of_the_call(desk: Desk, typed: str) -> None:
    line = desk.line("Acme")
    desk.edit(line, line.replace("📅 2026-01-12", f"📅 {typed}"))
    day, time = typed[:10], typed[11:].split()[0].zfill(5)
    assert not codes(desk.turn())
    assert desk.property("Acme", "call_again") == f"{day}T{time}"
    remark = ": ask for Bo" if "ask" in typed else ""
    assert desk.log("Acme") == f"- 2026-01-12 fix call moved to {day}{remark}\n"
    before = desk.text(), desk.note("Acme").read_text("utf-8")
    assert time in before[0]
    assert not desk.turn().changes and before == (desk.text(), desk.note("Acme").read_text("utf-8"))


@pytest.mark.parametrize("typed", ["📅 2026-01-16T25:30", "📅 2026-01-16 2:30 pm", "[due:: 2026-01-16 10:30:00]"])
def test_what_is_no_time_of_a_call_is_a_remark(desk: Desk, typed: str) -> None:
    line = desk.line("Acme")
    desk.edit(line, line.replace("📅 2026-01-12", typed))
    desk.turn()
    assert desk.property("Acme", "call_again") == "2026-01-16"
    assert re.search(r"\d:30", desk.log("Acme"))


def test_another_time_in_the_note_is_not_written_over(desk: Desk) -> None:
    line, note = desk.line("Acme"), desk.note("Acme")
    desk.edit(line, line.replace("📅 2026-01-12", "📅 2026-01-16T10:30"))
    text = note.read_text("utf-8").replace("call_again:", "call_again: 2026-01-16T14:00")
    note.write_text(text, "utf-8")
    assert "pin-refused" in codes(desk.turn())
    assert note.read_text("utf-8") == text and "📅 2026-01-16T10:30" in desk.text()


def test_the_time_of_a_mark_is_a_remark(desk: Desk) -> None:
    desk.tick("Acme")
    line = next(one for one in desk.text().split("\n") if one.startswith("- [x]"))
    desk.edit(line, f"{line} ✅ 2026-01-12T14:00")
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call: 14:00\n"


@pytest.mark.parametrize("snooze", ["⏰ 2026-01-16 09:00", "(@2026-01-16 09:00)", "[due:: 2026-01-16]"])
def test_a_reminder_is_a_pin_too(desk: Desk, snooze: str) -> None:
    desk.edit(desk.line("Acme"), f"{desk.line('Acme')} {snooze}")
    desk.turn()
    assert desk.property("Acme", "call_again") == "2026-01-16"


@pytest.mark.parametrize(
    "change",
    [
        lambda line: "    " + line.replace("[ ]", "[x]"),
        lambda line: "> " + line.replace("- [ ]", "* [x]"),
        lambda line: line.replace("[ ]", "[x]") + "\n" + line.replace("[ ]", "[x]"),
        lambda line: line + "\n" + line.replace("[ ]", "[x]"),
        lambda line: re.sub(r" 🆔 \S+", "", line.replace("[ ]", "[x]")),
        lambda line: re.sub(r"🆔 (\S+)", r"[id:: \1]", line.replace("[ ]", "[x]")),
        lambda line: line.replace("- [ ]", "1. [x]").replace("📅 2026-01-12", ""),
    ],
    ids=["indented", "quoted", "copied", "copied first", "id lost", "id as Dataview writes it", "no day"],
)
def test_however_the_line_looks_by_now(desk: Desk, change) -> None:  # type: ignore[no-untyped-def]
    desk.edit(desk.line("Acme"), change(desk.line("Acme")))
    desk.turn()
    assert (desk.property("Acme", "fix_call"), desk.log("Acme")) == ("2026-01-12", "- 2026-01-12 fix call\n")


def test_a_line_moved_to_the_top_of_the_page(desk: Desk) -> None:
    line = desk.line("Acme")
    desk.edit(line + "\n", "")
    desk.agenda.write_text(line.replace("[ ]", "[x]") + "\n  - moved up\n\n" + desk.text(), "utf-8")
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call:\n  - moved up\n"


def test_a_note_that_was_renamed_or_whose_company_was_changed(desk: Desk) -> None:
    desk.tick("Acme", below="    - in time")
    desk.tick("Bolt")
    (desk.root / "2026").mkdir()
    desk.note("Acme").rename(desk.root / "2026" / "Ana's.md")
    desk.note("Bolt").write_text(desk.note("Bolt").read_text().replace("company: Bolt", "company: Bolt Inc."))
    desk.turn()
    assert "- 2026-01-12 fix call:\n  - in time\n" in (desk.root / "2026" / "Ana's.md").read_text()
    assert desk.log("Bolt") == "- 2026-01-12 fix call\n"
    assert "Your notes" not in desk.text()


def second(desk: Desk, who: str) -> Path:
    """Another interview at Acme, on the day that the first note said until now: it has that one's id."""
    (note := desk.note("Acme 2")).write_text(NOTE.format(company="Acme").replace("Ana Rivera", who))
    return note


def test_a_mark_goes_into_the_note_that_its_line_links_to_though_another_one_has_its_id_by_now(desk: Desk) -> None:
    desk.tick("Acme", below="    - in time")
    desk.note("Acme").write_text(desk.note("Acme").read_text().replace("2026-01-07", "2026-01-06"))
    before = second(desk, "Bo Li").read_text()
    assert codes(desk.turn()) == [] and desk.note("Acme 2").read_text() == before
    assert desk.log("Acme") == "- 2026-01-12 fix call:\n  - in time\n"
    desk.turn(Date(2026, 1, 13))
    assert "- [ ] Call [Bo Li, Acme]" in desk.text()


def test_a_mark_that_can_be_of_two_notes_goes_into_none(desk: Desk) -> None:
    desk.tick("Acme", below="    - in time")
    line = desk.line("Acme")
    desk.note("Acme").write_text(desk.note("Acme").read_text().replace("2026-01-07", "2026-01-06"))
    second(desk, "Ana Rivera")
    before = [path.read_text() for path in (desk.note("Acme"), desk.note("Acme 2"))]
    for day in (DAY, Date(2026, 1, 13)):
        assert "lost-item" in codes(desk.turn(day))
        assert [path.read_text() for path in (desk.note("Acme"), desk.note("Acme 2"))] == before
        assert f"{line}\n\n    - in time\n" in desk.text()
        assert "- [ ] Call [Ana Rivera, Acme](Interviews/Acme.md)" in desk.text()


def test_a_renamed_note_whose_old_name_another_one_has_is_still_found(desk: Desk) -> None:
    desk.tick("Acme")
    desk.note("Acme").rename(desk.note("Acme 1"))
    desk.note("Acme").write_text(NOTE.format(company="Acme").replace("Ana Rivera", "Bo Li").replace("01-07", "01-06"))
    assert codes(desk.turn()) == [] and desk.log("Acme") == ""
    assert desk.log("Acme 1") == "- 2026-01-12 fix call\n"


@pytest.mark.parametrize("other", ["Bo Li", "Ana Rivera"])
def test_notes_that_changed_names_get_no_mark_of_each_other(desk: Desk, other: str) -> None:
    whole = desk.note("Acme").read_text().replace("card_sent: 2026-01-07", "card_sent:")
    notes = {"Acme": whole, "Bolt": whole.replace("2026-01-07", "2026-01-06").replace("Ana Rivera", other)}
    for name, text in notes.items():
        desk.note(name).write_text(text)
    desk.turn()
    line = next(line for line in desk.text().split("\n") if line.startswith("- [ ]") and "(Interviews/Acme.md)" in line)
    desk.edit(line, line.replace("[ ]", "[x]"))
    desk.note("Acme").write_text(notes["Bolt"])
    desk.note("Bolt").write_text(notes["Acme"])
    alike = other == "Ana Rivera"
    assert codes(desk.turn()) == (["lost-item"] if alike else [])
    assert (desk.log("Acme"), desk.log("Bolt")) == ("", "" if alike else "- 2026-01-12 card sent\n")


def test_a_mark_of_a_note_that_is_gone_stays_and_is_reported(desk: Desk) -> None:
    desk.tick("Acme", below="    - what she said")
    desk.note("Acme").unlink()
    made = desk.turn()
    assert codes(made) == ["lost-item"] and made.agenda.problems[0].remedy.startswith("delete that")
    assert "### Call Ana Rivera, Acme\n\n- [x] Call" in desk.text().partition("## Your notes")[2]
    desk.turn(Date(2026, 1, 20))
    assert "    - what she said\n" in desk.text()


def test_two_different_marks_both_stay_and_are_reported(desk: Desk) -> None:
    line = desk.line("Acme")
    desk.edit(line, line.replace("[ ]", "[x]") + "\n" + line.replace("[ ]", "[-]"))
    made = desk.turn()
    assert codes(made) == ["two-marks"]
    assert line.replace("[ ]", "[x]") in desk.text() and line.replace("[ ]", "[-]") in desk.text()
    desk.edit(line.replace("[ ]", "[-]") + "\n", "")
    desk.turn()
    assert desk.property("Acme", "fix_call") == "2026-01-12"


def test_nobody_answers_a_card(desk: Desk) -> None:
    desk.note("Acme").write_text(desk.note("Acme").read_text().replace("card_sent: 2026-01-07", "card_sent:"))
    desk.turn()
    line = next(line for line in desk.text().split("\n") if line.startswith("- [ ] Send a thank-you card"))
    desk.edit(line, line.replace("[ ]", "[>]"))
    made = desk.turn()
    assert codes(made) == ["mark-refused"] and desk.log("Acme") == "" and line.replace("[ ]", "[>]") in desk.text()


@pytest.mark.parametrize(
    ("behind", "code"),
    [
        (" ✅ 2026-02-01", "mark-date"),
        (" ✅ 2026-01-06", "mark-date"),
        (" ✅ 2026-13-01", "mark-date"),
        (" ✅ 12.01.2026", "mark-date"),
        (" ✅ yesterday", "mark-date"),
    ],
)
def test_a_day_that_cannot_be_is_reported_and_the_mark_stays(desk: Desk, behind: str, code: str) -> None:
    desk.tick("Acme", below="    - said", behind=behind)
    marked = desk.line("Acme")
    made = desk.turn()
    assert codes(made) == [code]
    assert desk.line("Acme") == marked and desk.property("Acme", "fix_call") == ""
    assert f"{marked}\n    - said\n" in desk.text()


def test_an_edit_that_cannot_be_proved_stays_beside_its_problem_and_keeps_its_day(desk: Desk) -> None:
    good = desk.note("Acme").read_text()
    desk.note("Acme").write_text(good.replace("fix_call:\n", "fix_call: |\n\n"))
    desk.turn()
    desk.tick("Acme", below="    - said")
    made = desk.turn()
    assert codes(made) == ["mark-refused"]
    assert "fix_call: 2026-01-12" in made.agenda.problems[0].remedy
    desk.turn(Date(2026, 1, 14))
    assert "[x]" in desk.line("Acme") and "    - said\n" in desk.text()
    desk.note("Acme").write_text(good)
    desk.turn(Date(2026, 1, 15))
    assert desk.property("Acme", "fix_call") == "2026-01-12", "the day on which it was ticked"
    assert desk.log("Acme") == "- 2026-01-12 fix call:\n  - said\n"


def test_a_broken_note_gets_its_marks_when_it_is_mended(desk: Desk) -> None:
    good = desk.note("Acme").read_text()
    desk.tick("Acme", below="    - said")
    desk.note("Acme").write_text(good.replace("2026-01-07", "7 January", 1))
    desk.turn()
    desk.turn(Date(2026, 1, 14))
    assert "    - said\n" in desk.text() and "[x]" in desk.line("Acme")
    desk.note("Acme").write_text(good)
    desk.turn(Date(2026, 1, 15))
    assert desk.log("Acme") == "- 2026-01-12 fix call:\n  - said\n"


# --- remarks and everything else -------------------------------------------------------------------------


def test_a_remark_stays_until_the_item_is_marked(desk: Desk) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme") + "\n    - ring after 2 pm")
    desk.turn()
    desk.turn(Date(2026, 1, 13))
    assert desk.line("Acme") + "\n    - ring after 2 pm\n" in desk.text()
    assert desk.log("Acme") == ""
    desk.tick("Acme")
    desk.turn(Date(2026, 1, 13))
    assert desk.log("Acme") == "- 2026-01-13 fix call:\n  - ring after 2 pm\n"
    assert "    - ring after 2 pm\n" in desk.text(), "it stays in sight for the day"
    desk.turn(Date(2026, 1, 14))
    assert "ring after" not in desk.text()


def test_a_remark_that_grows_under_a_done_item_is_one_line_of_the_log(desk: Desk) -> None:
    desk.tick("Acme", below="She was on")
    desk.turn()
    desk.edit("She was on\n", "She was on vacation\n")
    desk.turn()
    desk.edit("She was on vacation\n", "She is on vacation until Monday\n\n- ask for Bo\n")
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call: She is on vacation until Monday\n\n  - ask for Bo\n"


def test_a_remark_that_grows_in_an_old_window_is_one_line_of_the_log(desk: Desk) -> None:
    desk.tick("Acme", behind=" ✅ 2026-01-09", below="She was on")
    old = desk.text()
    desk.turn()
    for remark in ("She was on vacation", "She was on vacation\n\n- ask for Bo"):
        desk.agenda.write_text(old.replace("She was on", remark), "utf-8")
        desk.turn()
    assert desk.log("Acme") == "- 2026-01-09 fix call: She was on vacation\n\n  - ask for Bo\n"


def test_a_remark_under_a_call_that_was_recorded_by_hand_goes_to_the_log_too(desk: Desk) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme") + "\n    - she laughed")
    desk.note("Acme").write_text(desk.note("Acme").read_text().replace("fix_call:", "fix_call: 2026-01-12"))
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call:\n  - she laughed\n"


def test_a_remark_of_an_ended_plan_keeps_the_heading_it_stood_under(desk: Desk) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme") + "\n    - they took someone else")
    desk.note("Acme").write_text(desk.note("Acme").read_text().replace("call_again:", "outcome: rejected\ncall_again:"))
    desk.turn()
    assert (
        desk.text()
        .partition("## Your notes\n\n")[2]
        .startswith("### Call Ana Rivera, Acme\n\n    - they took someone else\n")
    )


def tried(desk: Desk) -> str:
    return next(line for line in desk.text().split("\n") if "-fix" in line and "[>]" in line)


def test_a_remark_that_goes_on_in_the_same_line_is_said_once_and_whole(desk: Desk) -> None:
    desk.tick("Acme", "[>]", "Left a message")
    desk.turn()
    desk.edit("Left a message", "Left a message with Ana, she called back")
    desk.edit(tried(desk), tried(desk).replace("[>]", "[x]"))
    desk.turn()
    assert desk.log("Acme") == (
        "- 2026-01-12 fix call no answer: Left a message\n"
        "- 2026-01-12 fix call: Left a message with Ana, she called back\n"
    )


@pytest.mark.parametrize("box", ["[x]", "[-]", "[>]"])
def test_a_remark_that_was_put_right_in_the_note_stays_right(desk: Desk, box: str) -> None:
    desk.tick("Acme", box, "spoke to Bo Lee")
    desk.turn()
    note = desk.note("Acme")
    note.write_text(note.read_text("utf-8").replace("Bo Lee", "Bo Li"), "utf-8")
    desk.turn()
    assert desk.log("Acme").count("spoke to") == 1 and "Bo Li" in desk.log("Acme")


@pytest.mark.parametrize("written", ["- 2026-01-12 Fix call no answer (rang twice)\n", ""])
def test_a_try_whose_line_is_not_as_we_write_it_can_be_taken_back(desk: Desk, written: str) -> None:
    if written:
        desk.note("Acme").write_text(desk.note("Acme").read_text("utf-8") + written, "utf-8")
    else:
        desk.tick("Acme", "[>]", "nobody there")
        desk.turn()
        written = desk.log("Acme")
        desk.edit("nobody there", "nobody there, but it was a slip")
    desk.turn()
    desk.edit(tried(desk), tried(desk).replace("[>]", "[ ]"))
    desk.turn()
    assert "taken back" in desk.log("Acme") and "- [ ] Call" in desk.line("Acme")
    desk.tick("Acme", "[>]")
    desk.turn()
    assert tried(desk)
    desk.edit(tried(desk), tried(desk).replace("[>]", "[ ]"))
    desk.turn()
    assert "- [ ] Call" in desk.line("Acme")


def test_a_company_that_is_corrected_after_a_try_is_no_save_in_progress(desk: Desk) -> None:
    desk.tick("Acme", "[>]")
    desk.turn()
    note = desk.note("Acme")
    note.write_text(note.read_text("utf-8").replace("company: Acme", "company: Acme Ltd"), "utf-8")
    made = sync.run(Vault(desk.root), DAY, patience=0)
    assert "Acme Ltd](" in made.text


def test_a_remark_that_is_no_utf8_stays_beside_its_problem(desk: Desk) -> None:
    line = desk.line("Acme").encode()
    ticked = line.replace(b"[ ]", b"[x]") + b"\nJos\xe9 took a message"
    desk.tick("Bolt")
    desk.agenda.write_bytes(desk.agenda.read_bytes().replace(line, ticked))
    made = desk.turn()
    assert codes(made) == ["mark-refused"] and "UTF-8" in made.agenda.problems[0].message
    assert desk.property("Bolt", "fix_call") == "2026-01-12"
    assert b"Jos\xe9 took a message" in desk.agenda.read_bytes()


@pytest.mark.parametrize("remark", ["", "she has it"])
def test_the_day_for_which_a_call_was_asked_for_comes_back_when_the_call_is_taken_back(desk: Desk, remark: str) -> None:
    note = desk.note("Acme")
    before = note.read_text("utf-8").replace("call_again:", "call_again: 2026-01-20  # she said so")
    note.write_text(before, "utf-8")
    for words in (["done", "Acme", "fix", "--remark", remark], ["undo", "Acme", "fix"]):
        desk.type(*words)
        if words[0] == "done":
            assert desk.log("Acme").startswith("- 2026-01-12 fix call, asked for 2026-01-20") and remark in desk.log(
                "Acme"
            )
            assert desk.property("Acme", "call_again").startswith(("#", " #")) or not desk.property(
                "Acme", "call_again"
            )
            desk.turn()
    assert note.read_text("utf-8").partition("## Log")[0] == before.partition("## Log")[0]
    assert "taken back" in desk.log("Acme")


def test_taking_a_call_back_takes_back_the_day_that_was_said_for_the_next_one(desk: Desk) -> None:
    line = desk.line("Acme")
    desk.edit(line, re.sub(r"📅 \S+", "📅 2026-01-21", line.replace("[ ]", "[x]")))
    desk.turn()
    assert desk.property("Acme", "call_again") == "2026-01-21"
    done = next(one for one in desk.text().split("\n") if one.startswith("- [x]") and "-fix" in one)
    desk.edit(done, done.replace("[x]", "[ ]"))
    desk.turn()
    assert (desk.property("Acme", "fix_call"), desk.property("Acme", "call_again")) == ("", "")
    assert desk.log("Acme") == "- 2026-01-12 fix call taken back\n- 2026-01-12 add call moved to 2026-01-21\n"
    assert "- [ ] Call" in desk.line("Acme") and "📅 2026-01-12" in desk.line("Acme")


def test_a_call_that_is_taken_back_by_hand_keeps_the_day_and_the_words_typed_meanwhile(desk: Desk) -> None:
    desk.tick("Acme")
    desk.turn()
    done = next(one for one in desk.text().split("\n") if one.startswith("- [x]") and "-fix" in one)
    desk.edit(done, f"{done} ⏰ 2026-01-18 09:00\ncheese")
    note = desk.note("Acme")
    note.write_text(note.read_text("utf-8").replace("fix_call: 2026-01-12", "fix_call:"), "utf-8")
    desk.turn()
    assert (desk.property("Acme", "fix_call"), desk.property("Acme", "call_again")) == ("", "2026-01-18")
    assert "- 2026-01-12 fix call moved to 2026-01-18: 09:00\n" in desk.log("Acme") and "cheese" in desk.log("Acme")


def test_a_day_said_of_an_earlier_call_stays_when_a_later_one_is_taken_back(desk: Desk) -> None:
    assert desk.type("done", "Acme", "add").returncode == 0
    desk.edit(line := desk.line("Acme"), re.sub(r"📅 \S+", "📅 2026-01-21", line))
    desk.turn()
    assert desk.type("undo", "Acme", "add").returncode == 0
    assert (desk.property("Acme", "add_call"), desk.property("Acme", "call_again")) == ("", "2026-01-21")


@pytest.mark.parametrize(
    ("command", "words"), [("done", "fix call"), ("again", "fix call no answer"), ("skip", "fix call skipped")]
)
def test_what_was_taken_back_once_can_be_taken_back_again(desk: Desk, command: str, words: str) -> None:
    for remark in ("one", "two"):
        for said in ([command, "Acme", "fix", "--remark", remark], ["undo", "Acme", "fix"]):
            desk.type(*said)
            if said[0] != "undo":
                assert desk.log("Acme").endswith(f"- 2026-01-12 {words}: {remark}\n")
    assert desk.log("Acme") == "- 2026-01-12 fix call taken back: one\n- 2026-01-12 fix call taken back: two\n"
    assert "- [ ] Call" in desk.line("Acme")


def test_a_remark_sticks_to_what_it_was_said_of(desk: Desk) -> None:
    for words in (["done", "Acme", "fix", "--remark", "great talk"], ["undo", "Acme", "fix"], ["again", "Acme", "fix"]):
        assert desk.type(*words).returncode == 0
    assert desk.log("Acme") == "- 2026-01-12 fix call taken back: great talk\n- 2026-01-12 fix call no answer\n"


def test_the_remark_of_what_was_taken_back_stays_in_the_log(desk: Desk) -> None:
    desk.tick("Acme", "[>]", "First")
    desk.turn()
    desk.edit(tried(desk), tried(desk).replace("[>]", "[ ]"))
    desk.turn()
    desk.edit("First\n", "")
    desk.tick("Acme", "[>]", "Second")
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call taken back: First\n- 2026-01-12 fix call no answer: Second\n"


def test_a_remark_of_the_command_line_and_one_in_the_agenda_are_one_line_of_the_log(desk: Desk) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme") + "\nBo is away")
    for words in (["done", "Acme", "fix", "--remark", "Ana took it"], ["undo", "Acme", "fix"]):
        desk.type(*words)
        said = "fix call" if words[0] == "done" else "fix call taken back"
        assert desk.log("Acme") == f"- 2026-01-12 {said}: Ana took it\n  Bo is away\n"
        desk.turn()


def test_the_command_line_needs_no_agenda(desk: Desk) -> None:
    desk.agenda.write_text(desk.text() + "\n<<<<<<< a\nx\n=======\ny\n>>>>>>> b\n", "utf-8")
    words = [
        sys.executable,
        "-m",
        "reconnect_md",
        "done",
        "Acme",
        "fix",
        "--remark",
        "I called",
        "--date",
        "2026-01-12",
    ]
    done = subprocess.run(words, cwd=desk.root, capture_output=True, encoding="utf-8")
    assert "Acme.md: Fix an answer, done on 2026-01-12" in done.stderr
    assert desk.log("Acme") == "- 2026-01-12 fix call: I called\n"


def test_words_among_those_of_the_task_line_are_a_remark(desk: Desk) -> None:
    desk.edit(desk.line("Acme"), desk.line("Acme").replace("[ ] Call", "[x] Call (twice!)"))
    desk.turn()
    assert "(twice!)" in desk.log("Acme") and desk.log("Acme").count("\n") == 1


# --- other hands -----------------------------------------------------------------------------------------


def test_a_mark_that_a_stale_editor_saved_over_is_carried_again(desk: Desk) -> None:
    old = desk.note("Acme").read_text()
    desk.tick("Acme", below="    - said")
    desk.turn()
    carried = desk.note("Acme").read_text()
    desk.note("Acme").write_text(old + "\nmore, typed in an old window\n")
    desk.turn()
    now = desk.note("Acme").read_text()
    assert "more, typed in an old window" in now
    assert desk.property("Acme", "fix_call") == "2026-01-12" and "- 2026-01-12 fix call:\n  - said\n" in now
    assert carried.count("fix call") == now.count("fix call") == 1


class Busy(Vault):
    """A vault whose agenda somebody saves in the moment in which a pass wants to write it, once."""

    def write(self, name: str, data: bytes, read: Read) -> None:
        agenda = self.root / "Agenda.md"
        if name == "Agenda.md" and "saved once more" not in agenda.read_text("utf-8"):
            agenda.write_text(agenda.read_text("utf-8") + "saved once more\n", "utf-8")
        super().write(name, data, read)


def test_a_pass_that_had_to_begin_again_tells_what_it_carried_before(desk: Desk) -> None:
    desk.tick("Acme")
    made = sync.run(Busy(desk.root), DAY)
    assert [(contact.plan.evaluation.company, mark.day) for contact, mark in made.marks] == [("Acme", DAY)]
    assert [change.name for change in made.changes] == ["Interviews/Acme.md", "Agenda.md"]
    assert "saved once more" in desk.text()


@pytest.mark.parametrize(("box", "value"), [("[x]", "2026-01-12"), ("[-]", "skipped")])
def test_what_a_person_took_out_of_the_note_stays_out(desk: Desk, box: str, value: str) -> None:
    desk.tick("Acme", box)
    desk.turn()
    text = desk.note("Acme").read_text().replace(f"fix_call: {value}", "fix_call:")
    desk.note("Acme").write_text(text)
    desk.turn()
    assert desk.note("Acme").read_text() == text and "- [ ] Call [Ana Rivera, Acme]" in desk.text()


def test_a_day_written_by_hand_may_be_taken_out_by_hand(desk: Desk) -> None:
    text = desk.note("Acme").read_text()
    desk.note("Acme").write_text(text.replace("fix_call:", "fix_call: 2026-01-12"))
    desk.turn()
    assert "- [x] Fix an answer: [Ana Rivera, Acme]" in desk.text() and desk.log("Acme") == ""
    desk.note("Acme").write_text(text)
    desk.turn()
    assert desk.note("Acme").read_text() == text


def test_an_agenda_ticked_yesterday_counts_for_yesterday(desk: Desk) -> None:
    desk.tick("Acme")
    desk.tick("Bolt", "[>]", below="    - engaged")
    desk.turn(Date(2026, 1, 13))
    assert desk.property("Acme", "fix_call") == "2026-01-12"
    assert desk.log("Bolt") == "- 2026-01-12 fix call no answer:\n  - engaged\n"


def test_git_shows_a_line_for_each_property_and_each_log_and_the_agenda(tmp_path: Path) -> None:
    desk = Desk(tmp_path, *(f"Firm {n}" for n in range(10)))
    git = ["git", "-C", str(tmp_path), "-c", "user.name=x", "-c", "user.email=x@x.example"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True)
    for n in range(10):
        desk.tick(f"Firm {n}")
    desk.turn()
    shown = subprocess.run([*git, "diff", "--numstat"], capture_output=True, text=True, check=True).stdout
    notes = [line.split("\t")[:2] for line in shown.splitlines() if "Interviews" in line]
    assert notes == [["2", "1"]] * 10
    assert len(shown.splitlines()) == 11, "and the agenda, nothing else"


def test_the_command_line_goes_the_same_way(desk: Desk) -> None:
    def reconnect(*arguments: str) -> subprocess.CompletedProcess[str]:
        return desk.type(*arguments, day=Date(2026, 1, 13))

    done = reconnect("done", "Acme", "fix", "--on", "2026-01-12", "--remark", "Bo took it", "--json")
    assert done.returncode == 0 and json.loads(done.stdout)["marks"][0]["date"] == "2026-01-12"
    assert desk.log("Acme") == "- 2026-01-12 fix call: Bo took it\n"
    assert reconnect("undo", "Acme", "fix").returncode == 0
    assert desk.property("Acme", "fix_call") == ""
    assert reconnect("again", "Interviews/Bolt.md", "fix").returncode == 0
    assert desk.log("Bolt") == "- 2026-01-13 fix call no answer\n"
    assert reconnect("skip", "Bolt", "add").returncode == 0
    assert desk.property("Bolt", "add_call") == "skipped"
    for wrong in ("done Nobody fix", "done Acme dance", "done Interviews fix", "undo Acme add"):
        refused = reconnect(*wrong.split())
        assert refused.returncode == 2 and "\n  " in refused.stderr, "with a remedy"
    assert "still to come" in reconnect("done", "Acme", "fix", "--on", "2026-02-01").stderr


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_note_that_is_linked_from_elsewhere_is_read_and_never_written(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "Acme.md"
    desk.note("Acme").rename(elsewhere)
    desk.note("Acme").symlink_to(elsewhere)
    desk.tick("Acme")
    desk.tick("Bolt")
    before = elsewhere.read_bytes()
    made = desk.turn()
    assert codes(made) == ["not-written"] and elsewhere.read_bytes() == before
    assert "[x]" in desk.line("Acme") and desk.property("Bolt", "fix_call") == "2026-01-12"


# --- two devices -----------------------------------------------------------------------------------------


def test_git_merges_two_agendas(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()

    def git(where: Path, *arguments: str) -> None:
        names = ["-c", "user.name=x", "-c", "user.email=x@x.example"]
        subprocess.run(["git", "-C", str(where), *names, *arguments], check=True, capture_output=True)

    here = Desk(one, "Acme", "Bolt", "Cog")
    git(one, "init", "-q", "-b", "main")
    command = [sys.executable, "-m", "reconnect_md", "init", str(one), "--git"]
    subprocess.run(command, check=True, capture_output=True)
    git(one, "add", "-A")
    git(one, "commit", "-qm", "start")
    subprocess.run(["git", "clone", "-q", str(one), str(two)], check=True)
    subprocess.run([*command[:-2], str(two), "--git"], check=True, capture_output=True)
    there = Desk.__new__(Desk)
    there.root, there.agenda = two, two / "Agenda.md"
    here.tick("Acme", below="    - here")
    here.turn()
    here.edit("# Agenda for", "Bring the umbrella.\n\n# Agenda for")
    there.tick("Acme", below="    - there")
    there.tick("Bolt", "[>]", below="    - engaged")
    there.edit(there.line("Cog"), there.line("Cog") + "\n    - not yet marked")
    for where in (one, two):
        git(where, "add", "-A")
        git(where, "commit", "-qm", "work")
    git(one, "pull", "-q", "--no-rebase", "--no-edit", str(two), "main")
    here.turn()
    assert here.property("Acme", "fix_call") == "2026-01-12"
    assert sorted(re.findall(r"(?:here|there)\n", here.log("Acme"))) == ["here\n", "there\n"]
    assert here.log("Bolt") == "- 2026-01-12 fix call no answer:\n  - engaged\n"
    assert "    - not yet marked\n" in here.text() and here.text().startswith("Bring the umbrella.\n")


@pytest.mark.parametrize("last_lines", [1, 2])
@pytest.mark.parametrize("box", ["[x]", "[>]", "[-]"])
def test_of_two_pages_one_below_the_other_nothing_is_taken_back(desk: Desk, box: str, last_lines: int) -> None:
    """As a conflict of git, of which somebody deleted the three lines with the signs alone."""
    one, _, end = desk.text().partition("### Call Ana Rivera, Bolt")
    desk.tick("Acme", box, below="    - she laughed")
    desk.turn()
    note, other = desk.note("Acme").read_text(), desk.text()
    typed = one.replace("**They answer**", "**They answer**\n\nher words")
    desk.agenda.write_text(typed + ("" if last_lines == 1 else "### Call Ana Rivera, Bolt" + end) + other, "utf-8")
    for day in (DAY, DAY, Date(2026, 1, 13)):
        assert codes(desk.turn(day)) == ["two-marks"] and "marked twice" in desk.text()
        assert desk.note("Acme").read_text() == note and desk.text().count("her words") == 1
    open_line = next(line for line in desk.text().split("\n") if re.match(r"- \[ \] Call .*Acme\]\(.* to fix", line))
    desk.edit(open_line + "\n", "")
    assert codes(desk.turn(Date(2026, 1, 13))) == [] and desk.note("Acme").read_text() == note
    assert desk.text().count("her words") == 1 and "her words" not in desk.log("Acme")


@pytest.mark.parametrize("carried", [True, False], ids=["carried", "not carried"])
@pytest.mark.parametrize("other", ["[-]", "[>]", "📅", "[y]"])
@pytest.mark.parametrize("mine", ["[x]", "[>]", "📅"])
def test_two_devices_that_contradict_each_other(desk: Desk, mine: str, other: str, carried: bool) -> None:
    def said(line: str, what: str) -> str:
        return line.replace("2026-01-12", "2026-01-17") if what == "📅" else line.replace("[ ]", what)

    base, line = desk.text(), desk.line("Acme")
    desk.edit(line, said(line, mine))
    if carried:
        desk.turn()
    ours, note = desk.text(), desk.note("Acme").read_text()
    merged = merge(base, ours, base.replace(line, said(line, other)), ENGLISH)
    desk.agenda.write_text(merged, "utf-8")
    if mine == other:
        assert codes(desk.turn()) == [] and desk.log("Acme").count("\n") == 1, "the same counts once"
        return
    for day in (DAY, DAY, Date(2026, 1, 13)):
        assert codes(desk.turn(day)) == ["two-marks"], "and it stays so until somebody decides"
        assert said(line, other) in desk.text() and len(re.findall(r"🆔 \S+-fix", desk.text())) == 3, (
            "Bolt's, and both of these"
        )
        assert desk.note("Acme").read_text() == note
    desk.edit(said(line, other) + "\n", "")
    assert codes(desk.turn(Date(2026, 1, 13))) == []
    if carried:
        assert desk.note("Acme").read_text() == note, "it was there already"
    key, value = ("call_again", "2026-01-17") if mine == "📅" else ("fix_call", "" if mine == "[>]" else "2026-01-12")
    assert desk.property("Acme", key) == value and desk.log("Acme").count("\n") == 1


@pytest.mark.parametrize(
    ("box", "behind", "log"),
    [
        ("[x]", "", "- 2026-01-12 fix call:\n  - said\n"),
        ("[>]", "", "- 2026-01-12 fix call no answer:\n  - said\n"),
        ("[-]", "", "- 2026-01-12 fix call skipped:\n  - said\n"),
        ("[x]", " ✅ 2026-01-13", "- 2026-01-13 fix call:\n  - said\n"),
    ],
)
def test_a_mark_counts_for_the_day_of_the_page_in_which_it_was_made(
    desk: Desk, box: str, behind: str, log: str
) -> None:
    """The other device made the agenda of a later day before both were merged."""
    base, line = desk.text(), desk.line("Acme")
    ticked = base.replace(line, f"{line.replace('[ ]', box)}{behind}\n    - said")
    later = Date(2026, 1, 14)
    desk.turn(later)
    newer = desk.text()
    for ours, theirs in ((newer, ticked), (ticked, newer)):
        note = desk.note("Acme").read_text()
        desk.agenda.write_text(merge(base, ours, theirs, ENGLISH), "utf-8")
        assert not codes(desk.turn(later)) and desk.log("Acme") == log
        desk.note("Acme").write_text(note)


@pytest.mark.parametrize("flip", [False, True])
def test_a_remark_that_one_device_carried_is_not_said_again_with_the_mark_of_the_other(desk: Desk, flip: bool) -> None:
    base, line = desk.text(), desk.line("Acme")
    reached = base.replace(
        line, line.replace("[ ]", "[x]").replace("📅 2026-01-12", "📅 2026-01-20") + " ✅ 2026-01-09"
    )
    desk.tick("Acme", "[>]", below="  - engaged")
    desk.turn()
    sides = (desk.text(), reached) if flip else (reached, desk.text())
    desk.agenda.write_text(merge(base, *sides, ENGLISH), "utf-8")
    desk.turn()
    assert desk.log("Acme").count("engaged") == 1


@pytest.mark.parametrize("box", ["[ ]", "[x]"])
@pytest.mark.parametrize("carried", [True, False])
def test_words_typed_into_the_line_on_the_other_device_are_kept(desk: Desk, box: str, carried: bool) -> None:
    base, line = desk.text(), desk.line("Acme")
    desk.tick("Acme", box)
    if carried:
        desk.turn()
    desk.agenda.write_text(merge(base, desk.text(), base.replace(line, f"{line} she laughed"), ENGLISH), "utf-8")
    desk.turn()
    assert "she laughed" in (desk.log("Acme") if box == "[x]" else desk.line("Acme"))
    assert (desk.text() + desk.log("Acme")).count("she laughed") == 1 + (box == "[x]")


def test_what_the_other_device_marked_is_seen_where_the_call_has_another_phone_by_now(desk: Desk) -> None:
    base, line = desk.text(), desk.line("Acme")
    note = desk.note("Acme").read_text().replace("card_sent", "phone: 512 555 0142\ncard_sent")
    desk.note("Acme").write_text(note)
    desk.turn()
    desk.agenda.write_text(merge(base, desk.text(), base.replace(line, line.replace("[ ]", "[x]")), ENGLISH), "utf-8")
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call\n", "and no word of the line is a remark"


def test_a_line_that_one_device_moved_is_no_new_one(desk: Desk) -> None:
    acme, bolt = desk.line("Acme"), desk.line("Bolt")
    base = desk.text().replace(acme, f"{acme}\n    - one\n\n    - two\n    - three")
    moved = desk.text().replace(acme, f"{acme}\n    - two\n    - new\n    - three\n\n    - one")
    away = desk.text().replace(acme, f"{acme}\n    - two").replace(bolt, f"{bolt}\n    - three\n    - one")
    mine = base.replace("    - two\n", "    - two\n    - mine\n")
    for ours, theirs in ((mine, moved), (moved, mine), (base, moved), (mine, away), (base, away), (away, base)):
        merged = merge(base, ours, theirs, ENGLISH)
        for word in ("one", "two", "three", *(["mine"] if mine in (ours, theirs) else [])):
            assert merged.count(f"    - {word}\n") == 1
        assert merged.count("    - new\n") == (moved in (ours, theirs))


def test_a_mark_that_the_other_device_carried_has_no_words_of_its_own(desk: Desk) -> None:
    desk.tick("Acme", below="    - said")
    base = desk.text()
    ours = base.replace("## Coming up", "mine\n\n## Coming up")
    desk.turn()
    note = desk.note("Acme").read_text()
    desk.agenda.write_text(merge(base, ours, desk.text(), ENGLISH), "utf-8")
    assert not codes(desk.turn()) and desk.note("Acme").read_text() == note
    assert desk.text().count("Fix an answer: [Ana Rivera, Acme]") == 1 and "mine\n" in desk.text()


def test_the_same_words_below_another_item_are_new(desk: Desk) -> None:
    acme, bolt = desk.line("Acme"), desk.line("Bolt")
    base = desk.text().replace(acme, f"{acme}\n    - engaged")
    both = base.replace(bolt, f"{bolt}\n    - engaged")
    assert merge(base, base, both, ENGLISH) == merge(base, both, base, ENGLISH) == both
    assert merge(base, both, both, ENGLISH) == both, "and once, where both sides have them"


def test_what_waited_under_your_notes_is_carried_each_for_itself(desk: Desk) -> None:
    notes = {company: desk.note(company).read_text() for company in ("Acme", "Bolt")}
    desk.note("Cube").write_text(notes["Acme"].replace("Acme", "Cube"))
    desk.turn()
    desk.tick("Acme", below="about Acme")
    desk.tick("Bolt", below="about Bolt")
    for company in notes:
        desk.note(company).unlink()
    desk.turn()
    assert desk.text().partition("## Your notes")[2].count("### Call Ana Rivera") == 2
    for company, text in notes.items():
        desk.note(company).write_text(text)
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call: about Acme\n"
    assert desk.log("Bolt") == "- 2026-01-12 fix call: about Bolt\n"
    assert "Your notes" not in desk.text()


@pytest.mark.parametrize("away", ["missing", "emptied", "a dead link"])
def test_a_folder_that_is_away_for_a_while_takes_nothing_with_it(desk: Desk, away: str) -> None:
    (desk.root / "Reconnect.md").write_text("---\nme: Jordan Smith\ntimezone: UTC\ninterviews: Interviews\n---\n")
    desk.turn()
    desk.tick("Acme", below="what they said")
    desk.edit("## Coming up", "a line of mine\n\n## Coming up")
    folder, elsewhere = desk.root / "Interviews", desk.root.with_name(f"{desk.root.name} away")
    folder.rename(elsewhere)
    if away == "emptied":
        folder.mkdir()
        os.utime(folder, (0, 0))
    elif away == "a dead link":
        folder.symlink_to(desk.root / "nowhere")
    made = desk.turn()
    assert made.standing == 2 and "Nothing due" not in desk.text()
    assert codes(made) == ["no-notes" if away == "emptied" else "no-folder"]
    assert desk.text().count("[x]") == 1 and "what they said" in desk.text() and "a line of mine" in desk.text()
    if away == "emptied":
        folder.rmdir()
    elif away == "a dead link":
        folder.unlink()
    elsewhere.rename(folder)
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call: what they said\n"
    assert "a line of mine" in desk.text() and "As they stood" not in desk.text()


def test_copies_of_sync_services_are_reported_and_never_read(desk: Desk) -> None:
    desk.tick("Acme")
    copy = desk.root / "Agenda.sync-conflict-20260112-120000-ABCDEFG.md"
    desk.agenda.rename(copy)
    made = desk.turn()
    assert codes(made) == ["agenda-copy"]
    assert desk.property("Acme", "fix_call") == ""


def test_what_was_ticked_in_the_agenda_of_yesterday_is_carried_once(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "Reconnect.md").write_text('---\nme: Jo\ntimezone: UTC\nagenda: "Days/{date}.md"\n---\n')
    desk.note("Acme").parent.mkdir()
    for company in ("Acme", "Bolt"):
        desk.note(company).write_text(NOTE.format(company=company))
    desk.agenda = tmp_path / "Days" / "2026-01-12.md"
    desk.turn()
    desk.tick("Acme", below="    - said")
    desk.tick("Bolt", "[>]")
    page = desk.text()
    for day in (13, 14, 15):
        desk.turn(Date(2026, 1, day))
    assert desk.log("Acme") == "- 2026-01-12 fix call:\n  - said\n"
    assert desk.log("Bolt") == "- 2026-01-12 fix call no answer\n"
    assert desk.text().rpartition("<!--")[0] == page.rpartition("<!--")[0], "the page stays a record"


def test_a_conflict_in_the_agenda_of_yesterday_heals_or_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "Reconnect.md").write_text('---\nme: Jo\ntimezone: UTC\nagenda: "Days/{date}.md"\n---\n')
    for company in ("Acme", "Bolt"):
        desk.note(company).parent.mkdir(exist_ok=True)
        desk.note(company).write_text(NOTE.format(company=company))
    desk.agenda = tmp_path / "Days" / "2026-01-12.md"
    desk.turn()
    generated = desk.text()
    desk.tick("Acme", below="    - from the phone")
    ticked = desk.text()
    desk.agenda.write_text(f"<<<<<<< HEAD\n{ticked}>>>>>>> other\n")
    for _ in range(2):
        made = desk.turn(Date(2026, 1, 13))
        wrong = [one for one in made.problems if one.code == "conflict-markers"]
        assert [(one.note, one.line) for one in wrong] == [("Days/2026-01-12.md", 1)] and not desk.log("Acme")
        assert "git left conflict markers" in made.text
    assert "conflict-markers" not in codes(desk.turn(Date(2026, 3, 1))), "nobody ticks there any more"
    desk.agenda.write_text(f"<<<<<<< HEAD\n{ticked}=======\n{generated}>>>>>>> other\n")
    assert "conflict-markers" not in codes(desk.turn(Date(2026, 1, 14)))
    assert desk.log("Acme") == "- 2026-01-12 fix call:\n  - from the phone\n"
    assert "<<<<<<<" not in desk.text() and "    - from the phone" in desk.text()
    assert not desk.turn(Date(2026, 1, 14)).changes


@pytest.mark.parametrize("name", ["Plan.md", '"Days/{date}.md"'])
def test_an_agenda_with_another_name_goes_on_with_what_was_typed(desk: Desk, name: str) -> None:
    desk.tick("Acme", below="what they said")
    desk.edit("## Coming up", "a line of mine\n\n## Coming up")
    (desk.root / "Reconnect.md").write_text(f"---\nme: Jo\ntimezone: UTC\nagenda: {name}\n---\n")
    made = desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call: what they said\n" and codes(made) == ["former-agenda"]
    page = desk.root / made.path
    assert "a line of mine" in page.read_text("utf-8")
    desk.agenda.unlink()
    assert codes(desk.turn()) == [] and "a line of mine" in page.read_text("utf-8")
    assert "a line of mine" not in desk.turn(DAY.add(days=1)).text or "{date}" not in name


def test_an_agenda_of_the_former_name_with_conflicts_waits(desk: Desk) -> None:
    desk.tick("Acme", below="from the phone")
    text = desk.text()
    desk.agenda.write_text(text.replace("## Coming up", "<<<<<<< HEAD\n=======\n>>>>>>> other\n## Coming up"))
    (desk.root / "Reconnect.md").write_text("---\nme: Jo\ntimezone: UTC\nagenda: Plan.md\n---\n")
    made = desk.turn()
    assert codes(made) == ["conflict-markers"] and made.problems[0].note == "Agenda.md"
    assert not (desk.root / "Plan.md").exists()
    desk.agenda.write_text(text)
    desk.turn()
    assert desk.log("Acme") == "- 2026-01-12 fix call: from the phone\n"


def test_the_same_file_under_two_names_is_no_former_agenda(desk: Desk) -> None:
    (desk.root / "Reconnect.md").write_text("---\nme: Jo\ntimezone: UTC\nagenda: plan.md\n---\n")
    desk.agenda.rename(desk.root / "plan.md")
    desk.agenda.symlink_to("plan.md")
    assert codes(desk.turn()) == []
    desk.agenda.unlink()
    desk.agenda.mkdir()
    assert codes(desk.turn()) == []


def test_of_one_note_that_is_gone_one_is_told(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "Acme")
    text = desk.note("Acme").read_text()
    desk.note("Acme").write_text(text.replace("card_sent", "phone: '+1 512 555 0142'\ncard_sent", 1))
    desk.turn()
    desk.note("Acme").unlink()
    os.utime(desk.note("Acme").parent, (0, 0))
    made = desk.turn()
    assert codes(made) == ["no-notes"] and "(1)" in desk.text()


def test_the_last_calls_of_a_vault_go_when_their_lines_are_deleted(tmp_path: Path) -> None:
    (tmp_path / "Reconnect.md").write_text('---\nme: Jo\ntimezone: UTC\nagenda: "Days/{date}.md"\n---\n')
    (tmp_path / "Interviews").mkdir()
    note = tmp_path / "Interviews" / "Acme.md"
    note.write_text(NOTE.format(company="Acme"))
    sync.run(Vault(tmp_path), DAY)
    note.unlink()
    os.utime(note.parent, (0, 0))
    tomorrow = DAY.add(days=1)
    made = sync.run(Vault(tmp_path), tomorrow)
    assert codes(made) == ["no-notes"] and not sync.run(Vault(tmp_path), tomorrow).changes
    page = tmp_path / made.path
    page.write_text("".join(one for one in page.read_text().splitlines(True) if "🆔" not in one))
    assert codes(sync.run(Vault(tmp_path), tomorrow)) == []
    assert codes(sync.run(Vault(tmp_path), tomorrow.add(days=1))) == []


def test_what_was_said_of_one_mark_is_not_said_of_the_next_one_in_a_terminal(desk: Desk) -> None:
    desk.tick("Acme", below="She calls back on Friday")
    desk.turn()
    desk.type("undo", "Acme", "fix")
    desk.type("again", "Acme", "fix")
    assert "- 2026-01-12 fix call no answer\n" in desk.log("Acme")
    assert desk.log("Acme").count("calls back") == 1


def test_the_calls_of_a_broken_note_stand_in_the_agenda_of_the_next_day(tmp_path: Path) -> None:
    desk = Desk(tmp_path, "Acme", "Bolt")
    (tmp_path / "Reconnect.md").write_text('---\nme: Jo\ntimezone: UTC\nagenda: "Days/{date}.md"\n---\n')
    desk.agenda = tmp_path / "Days" / "2026-01-12.md"
    desk.turn()
    text = desk.note("Acme").read_text()
    desk.note("Acme").write_text(text.replace("company:", "company: ["))
    assert desk.turn(DAY.add(days=1)).standing == 1
    desk.agenda = tmp_path / "Days" / "2026-01-13.md"
    assert "Acme](../Interviews/Acme.md)" in desk.text().partition("## As they stood")[2]
    desk.note("Acme").write_text(text)
    desk.turn(DAY.add(days=1))
    assert "As they stood" not in desk.text()


def test_a_remark_that_went_to_the_log_with_a_try_is_not_said_again(desk: Desk) -> None:
    desk.tick("Acme", "[>]", below="Voicemail full")
    desk.turn()
    desk.turn(Date(2026, 1, 13))
    assert "Voicemail full\n" in desk.text(), "it is still of use"
    desk.edit("Voicemail full\n", "Voicemail full\nBack Thursday\n")
    desk.tick("Acme")
    desk.turn(Date(2026, 1, 13))
    assert desk.log("Acme") == (
        "- 2026-01-12 fix call no answer: Voicemail full\n- 2026-01-13 fix call: Back Thursday\n"
    )


def test_an_old_page_of_a_phone_that_was_away_is_read_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    (tmp_path / "Reconnect.md").write_text('---\nme: Jo\ntimezone: UTC\nagenda: "Days/{date}.md"\n---\n')
    desk.note("Acme").parent.mkdir()
    desk.note("Acme").write_text(NOTE.format(company="Acme"))
    desk.agenda = tmp_path / "Days" / "2026-01-12.md"
    for day in (12, 13, 14):
        desk.turn(Date(2026, 1, day))
    desk.tick("Acme", below="said")
    desk.turn(Date(2026, 1, 15))
    assert desk.log("Acme") == "- 2026-01-12 fix call: said\n"
    desk.edit("said\n", "said this\n")
    desk.turn(Date(2026, 1, 15))
    assert desk.log("Acme") == "- 2026-01-12 fix call: said this\n"


def test_without_its_last_line_a_try_is_not_counted_for_another_day(desk: Desk) -> None:
    desk.tick("Acme", "[>]")
    desk.turn()
    desk.agenda.write_text(desk.text().rpartition("<!--")[0], "utf-8")
    os.utime(desk.agenda, (0, 0))
    desk.turn(Date(2026, 1, 13))
    assert desk.log("Acme") == "- 2026-01-12 fix call no answer\n"


def test_a_property_may_have_capitals_and_blanks(desk: Desk) -> None:
    step = desk.root / "Templates" / "Reconnect" / "show.md"
    step.parent.mkdir(parents=True)
    step.write_text(
        "---\nstep: show\norder: 1\nkind: call\nwait: 3\nuses: What went well\n"
        "records: Show-Call one\ntitle: Show\n---\n> Hi\n"
    )
    desk.turn()
    line = next(line for line in desk.text().split("\n") if "Acme](" in line and "-show" in line)
    desk.edit(line, line.replace("[ ]", "[x]"))
    made = desk.turn()
    assert not codes(made)
    assert desk.property("Acme", "Show-Call one") == "2026-01-12" and "Show-Call one\n" in desk.log("Acme")


# --- the law -----------------------------------------------------------------------------------------------

BOXES = ["[ ]", "[x]", "[X]", "[-]", "[>]", "[✓]", "[y]", "[/]", "[]", "[ x]"]
DUES = ["", "2026-01-17", "2026-01-25", "2026-01-10", "2026-01-17T10:30", "2026-01-12T09:00", "soon"]
TAILS = [
    "",
    " ✅ 2026-01-08",
    " ❌ 2026-01-08",
    " ✅ 2026-01-31",
    " ⏰ 2026-01-18 09:00",
    " ⏳ 2026-01-18",
    " ⏫",
    " ✅ so",
]
WORDS = ["", " chalk", " 🙂 chalk"]
REMARKS = ["", "\ncheese", "\n    - cheese"]
HANDS = ["", "fix_call: 2026-01-09", "fix_call: skipped", "fix_call:", "call_again: 2026-01-24", "call_again:"]


class Edit(NamedTuple):
    """What somebody does before the next pass: on the task line, below it, on another device, and in the note."""

    box: str
    due: str
    tail: str
    words: str
    remark: str
    merged: bool
    hand: str

    def on(self, line: str) -> str:
        line = re.sub(r"- \[.*?\]", f"- {self.box}", line, count=1)
        due = f"📅 {self.due}" if self.due else ""
        line = re.sub(r"📅 \S+", due, line) if due and "📅" in line else f"{line} {due}".rstrip()
        return line + self.tail + self.words + self.remark

    def in_note(self, note: str) -> str:
        return re.sub(rf"^{self.hand.partition(':')[0]}:.*", self.hand, note, flags=re.MULTILINE) if self.hand else note


EDITS = st.builds(
    Edit,
    *(st.sampled_from(some) for some in (BOXES, DUES, TAILS, WORDS, REMARKS)),
    st.booleans(),
    st.sampled_from(HANDS),
)


@given(st.lists(EDITS, min_size=1, max_size=3))
@settings(deadline=None, max_examples=60)
def test_whatever_is_typed_into_a_line_is_in_the_note_or_stays_beside_a_problem(edits: list[Edit]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder), "Acme", "Bolt")
        for edit in edits:
            base, note = desk.text(), desk.note("Acme")
            lines = [line for line in base.split("\n") if re.search(r"Acme\]\(.*🆔 \S+-fix", line)]
            if len(lines) != 1:
                return
            typed = base.replace(lines[0], edit.on(lines[0]))
            desk.agenda.write_text(merge(base, base, typed, ENGLISH) if edit.merged else typed, "utf-8")
            note.write_text(edit.in_note(note.read_text("utf-8")), "utf-8")
            for path in (note, desk.agenda):
                os.utime(path, (0, 0))  # saved long ago: nothing is waited for
            made = desk.turn()
            shown, noted = desk.text().partition("<!-- reconnect")[0], note.read_text("utf-8")
            tokens = [word for word in edit.on("").split() if re.match(r"\w{4}", word)]
            assert [word for word in tokens if word not in noted + shown] == []
            waits = [word for word in tokens if word not in noted]
            is_day = edit.tail != " ⏳ 2026-01-18" and any(re.match(r"\d{4}", word) for word in waits)
            is_mark = edit.box not in ("[ ]", "[/]", "[]") and not edit.hand
            assert codes(made) or not (waits and (is_day or is_mark)), f"{waits}: only in the agenda, and nothing said"


def test_folders_are_found_however_their_accents_are_written(desk: Desk) -> None:
    (desk.root / "Reconnect.md").write_text(
        "---\nme: Jo\ntimezone: UTC\ninterviews: Entrevue\u0301es\nagenda: Agenda\u0301.md\n---\n"
    )
    (desk.root / "Interviews").rename(desk.root / "Entrevu\u00e9es")
    desk.agenda = desk.agenda.rename(desk.root / "Agend\u00e1.md")
    made = desk.turn()
    assert codes(made) == [] and made.path == "Agend\u00e1.md" and len(list(desk.root.glob("*.md"))) == 2
