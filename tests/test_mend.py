"""Slips put right in their place: one line each, proved by reading the note again, or left beside their problem."""

import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pendulum import Date

from reconnect_md import edit, lines, mend, method, note, sync
from reconnect_md import settings as reconnect_settings
from reconnect_md.edit import CannotEdit
from reconnect_md.errors import CATALOGUE, Problem
from reconnect_md.model import Evaluation
from reconnect_md.values import date_meant
from reconnect_md.vault import Read, Vault, shipped_templates

from .test_cli import run, snapshot

METHOD, _ = method.read(shipped_templates())
HEAD = "---\ninterviewed: 2026-11-20\n"


def read(text: str) -> tuple[Evaluation | None, tuple[Problem, ...]]:
    return note.parse("n.md", text, METHOD)


def mended(text: str) -> str:
    return mend.mend(text, METHOD, read)


def codes(text: str) -> list[str]:
    return [one.code for one in read(text)[1]]


# --- dates -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        *("20/11/2026", "11/20/2026", "20.11.2026", "20. 11. 2026.", "20-11-2026", "20 11 2026", "2026/11/20"),
        *("20261120", "2026.11.20", "2026 11 20", "2026–11–20", "Nov 20, 2026", "November 20 2026", "nov. 20th, 2026"),
        *("20. November 2026", "20 NOV 2026", "20-Nov-2026", "20th of November, 2026", "2026 Nov 20", "2026-Nov-20"),
        *("Friday, 20 November 2026", "Fri 20/11/2026", "Fri., Nov 20, 2026"),
    ],
)
def test_a_date_in_another_way_of_writing(typed: str) -> None:
    assert date_meant(typed) == "2026-11-20"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-9-5", "2026-09-05"),
        ("Sept 5 2026", "2026-09-05"),
        ("05/05/2026", "2026-05-05"),
        ("Wednesday, 03/04/2026", "2026-03-04"),
        ("20/11/2026 14:00", "2026-11-20T14:00"),
        ("20.11.2026, 9.30", "2026-11-20T09:30"),
        ("Nov 20, 2026 at 2 pm", "2026-11-20T14:00"),
        ("2026-11-20 12:30am", "2026-11-20T00:30"),
        ("2026-11-20T2:30 p.m.", "2026-11-20T14:30"),
    ],
)
def test_one_digit_a_weekday_that_decides_a_time(typed: str, meant: str) -> None:
    assert date_meant(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        *("03/04/2026", "3.4.2026", "20/11/26", "11/20/26", "Nov 20", "20 November", "November 2026", "20/11", "2026"),
        *("2026-11-31", "31/11/2026", "Feb 29, 2026", "2026-20-11", "20/20/2026", "20 Nov 1026", "Thu 20 Nov 2026"),
        *("20 Brumaire 2026", "No 20 2026", "N 20 2026", "20/11/2026 14", "20/11/2026 25:00", "20/11/2026 13:00 pm"),
        *("20/11/2026 soon", "soon, 20/11/2026", "20/11/2026..21/11/2026", "20/11/2026 and 21/11/2026", "", "\u0664"),
        *("20/11/2026" + " " * 70 + "x", "٢٠/١١/٢٠٢٦"),
    ],
)
def test_what_may_mean_two_days_or_none_is_left(typed: str) -> None:
    assert date_meant(typed) is None


DAYS = st.dates(Date(1900, 1, 1), Date(2999, 12, 31))
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@given(DAYS, st.sampled_from("/.- "), st.booleans())
@settings(deadline=None)
def test_whichever_way_people_write_no_other_day_is_read(day: Date, sign: str, padded: bool) -> None:
    d, m = (f"{n:02}" if padded else str(n) for n in (day.day, day.month))
    y, name = f"{day.year}", MONTHS[day.month - 1]
    for numbers in ((d, m, y), (m, d, y)):
        sure = day.day > 12 or day.day == day.month
        assert date_meant(sign.join(numbers)) == (str(day) if sure else None)
    for words in ((y, m, d), (d, name, y), (name, d, y), (y, name, d)):
        assert date_meant(sign.join(words)) == str(day)


# --- one line each ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("interviewed: 20/11/2026", "interviewed: 2026-11-20"),
        ("interviewed: 'Nov 20, 2026'  # a Friday", "interviewed: '2026-11-20'  # a Friday"),
        ('"interviewed" :\t"2026/11/20 14:00"', '"interviewed" :\t"2026-11-20T14:00"'),
        (f"{HEAD[4:]}compani: Acme  # (", f"{HEAD[4:]}company: Acme  # ("),
        (f"{HEAD[4:]}'Compani': 'A: B'", f"{HEAD[4:]}'company': 'A: B'"),
        (f"{HEAD[4:]}interviewer:\n  - Ana\n  - Bo", f"{HEAD[4:]}interviewers:\n  - Ana\n  - Bo"),
        (f"{HEAD[4:]}fix_cal: 24/11/2026", f"{HEAD[4:]}fix_call: 2026-11-24"),
        (f"{HEAD[4:]}add_call: 19/11/2026", f"{HEAD[4:]}add_call: 2026-11-19"),  # too early, but that can be read now
        (f"{HEAD[4:]}add_call: 24 Nov 2026", f"{HEAD[4:]}add_call: 2026-11-24"),
        (f"{HEAD[4:]}call_again: 30.11.2026", f"{HEAD[4:]}call_again: 2026-11-30"),
        (f"{HEAD[4:]}phone: +33612345678", f'{HEAD[4:]}phone: "+33612345678"'),
        (f"{HEAD[4:]}'phone' :  0612345678\t # mobile", f"{HEAD[4:]}'phone' :  \"0612345678\"\t # mobile"),
        (f"{HEAD[4:]}phone: *67 512 #15", f'{HEAD[4:]}phone: "*67 512 #15"'),
        (f"{HEAD[4:]}phone: [512] \\555\nround: 2", f'{HEAD[4:]}phone: "[512] \\\\555"\nround: 2'),
        (f"{HEAD[4:]}phon: 0612345678", f'{HEAD[4:]}phone: "0612345678"'),
        ("interviewd: 20/11/2026\nfix_call:\nadd_call:", "interviewed: 2026-11-20\nfix_call:\nadd_call:"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", ["", lines.BOM])
def test_a_property_is_put_right_and_keeps_what_stands_around_it(before: str, after: str, end: str, bom: str) -> None:
    whole = f"{bom}---\n%s\n---\n## What went well\n- x"
    assert mended((whole % before).replace("\n", end)) == (whole % after).replace("\n", end)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("## Waht went well", "## What went well"),
        ("### Did not say but whish I had:  ", "### Did not say, but wish I had:  "),
        ("##What conected ##", "##What connected ##"),
        ("## 3. Said, but wihs I had not", "## 3. Said, but wish I had not"),
        ("**Requirments I do not satisfy**", "**Requirements I do not satisfy**"),
        ("__What wentwell__:", "__What went well__:"),
        ("Waht went well\n---", "What went well\n---"),
        ("## Requirments I lack", "## Requirements I do not satisfy"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_heading_is_put_right_and_keeps_its_signs(before: str, after: str, end: str) -> None:
    whole = f"{HEAD}---\n\n%s\n- x\n\n## Log\n- 2026-11-20 card sent\n"
    fixed = mended((whole % before).replace("\n", end))
    assert fixed == (whole % after).replace("\n", end)
    found = read(fixed)[0]
    assert found and sum(found.items.values(), ())[0].text == "x" and len(found.log) == 1


@pytest.mark.parametrize("key", ["interviewd", "intervewed", "interview", "interview date"])
def test_the_name_of_the_interviews_day_is_put_right_where_questions_show_an_evaluation(key: str) -> None:
    body = "".join(f"## {heading}\n- x\n" for heading in METHOD.questions.values())
    fixed = mended(f"---\n{key}: 2026-11-20\ncompany: Acme\n---\n{body}")
    assert fixed == f"---\ninterviewed: 2026-11-20\ncompany: Acme\n---\n{body}"


@pytest.mark.parametrize(
    "left",
    [
        "interviewed: 03/04/2026",
        "interviewed: 2026-11-31",
        "interviewed: [20/11/2026]",
        "interviewed: >-\n  20/11/2026",
        "interviewed: &a 20/11/2026",
        "interviewed: '[[20/11/2026]]'",
        "{interviewed: 20/11/2026}",
        f"{HEAD[4:]}fix_call: soon",
        f"{HEAD[4:]}fix_cal: 2026-11-19",  # before the interview
        f"{HEAD[4:]}fix_cal: soon",
        f"{HEAD[4:]}fix_cal: 03/12/2026",
        f"{HEAD[4:]}timezon: Texas",
        f"{HEAD[4:]}compani: A\ncompny: B",
        f"{HEAD[4:]}? compani\n: A",
        "interviewd: 20/11/2026\nintervewed: 21/11/2026\nfix_call:\nadd_call:",
        "interviewd: soon\nfix_call:\nadd_call:",
        "interviewd: 20/11/2026",  # nothing else shows that this is an evaluation
        "interviewed: 20/11/2026\ncompany: A\ncompany: B",
        f"{HEAD[4:]}phone: 512 555 0142",
        f"{HEAD[4:]}phone: 5125550142",
        f"{HEAD[4:]}phone:\n  0612345678",
        f'{HEAD[4:]}phone: "512',
        f"{HEAD[4:]}phone: [512] 555\ncompany: [",
        f"{HEAD[4:]}company: [A] B",
    ],
)
def test_a_property_that_is_not_sure_is_left(left: str) -> None:
    text = f"---\n{left}\n---\n"
    assert mended(text) == text


@pytest.mark.parametrize(
    "left",
    [
        "## What went well: we laughed",
        "## What went well ok",
        "## Said, but wish I had",  # not
        "## What went wrong",
        "## What went well\n- x\n- What connected",
        "```\n## Waht went well\n```",
        "## Said, but wish I had nott [[Ana]]",
    ],
)
def test_a_heading_that_is_not_a_slip_of_the_pen_is_left(left: str) -> None:
    text = f"{HEAD}---\n{left}\n- x\n"
    assert mended(text) == text


def test_the_log_gets_its_name_and_is_read() -> None:
    text = f"{HEAD}---\n## What went well\n- x\n\n## Lgo\n- 2026-11-20 card sent\n"
    assert mended(text) == text.replace("Lgo", "Log")
    found = read(mended(text))[0]
    assert found and [entry.record for entry in found.log] == ["card_sent"]


@pytest.mark.parametrize(
    "lost",
    [{"items": {}}, {"asked": {}}, {"answered": frozenset()}, {"log": ()}],
    ids=lambda lost: "".join(lost),
)
def test_what_would_be_read_otherwise_by_the_way_is_left(lost: dict[str, Any]) -> None:
    """Whatever may go wrong in an edit: a reading that loses anything else undoes it."""
    text = f"{HEAD}---\n## What connected\n- x\n\n## Waht went well\n- y\n\n## Log\n- 2026-11-20 card sent\n"

    def losing(edited: str) -> tuple[Evaluation | None, tuple[Problem, ...]]:
        found, problems = read(edited)
        return (replace(found, **lost) if found and edited != text else found), problems

    assert mended(text) != text
    assert mend.mend(text, METHOD, losing) == text


def test_an_item_that_would_be_lost_under_the_right_heading_is_left() -> None:
    text = f"{HEAD}---\n## What went well\n- x\n\n## Waht went well\n- y\n"

    def losing(edited: str) -> tuple[Evaluation | None, tuple[Problem, ...]]:
        found, problems = read(edited)
        kept = {key: items[1:] for key, items in found.items.items()} if found else {}
        return (replace(found, items=kept) if found and edited != text else found), problems

    assert mended(text) == text.replace("Waht", "What")
    assert mend.mend(text, METHOD, losing) == text


# --- the settings ----------------------------------------------------------------------------------------


def mended_settings(block: str) -> str:
    text = mend.mend(f"---\n{block}\n---\n", METHOD, lambda text: (None, reconnect_settings.read(text, "UTC")[1]))
    return text.removeprefix("---\n").removesuffix("\n---\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("days_off: 24/12/2026", "days_off: 2026-12-24"),
        ("days_off: Dec 24, 2026 # eve", "days_off: 2026-12-24 # eve"),
        ("days_off: 20261224; 28.12.2026", 'days_off: "2026-12-24; 2026-12-28"'),
        ("days_off: [20261224, '2026-12-28..31.1.2027'] # x", "days_off: [2026-12-24, '2026-12-28..2027-01-31'] # x"),
        (
            "days_off:\n  - 24.12.2026  # eve\n  - 2026-12-25\n-",
            "days_off:\n  - 2026-12-24  # eve\n  - 2026-12-25\n-",
        ),
        ('days_off:\n- "Dec 28, 2026 - 3 January 2027"\nme: J', 'days_off:\n- "2026-12-28..2027-01-03"\nme: J'),
        ("days_off:\n- 03/04/2026\n- 24/12/2026", "days_off:\n- 03/04/2026\n- 2026-12-24"),
        ("phone: +15125550142", 'phone: "+15125550142"'),
        ("phone: 0612345678", 'phone: "0612345678"'),
        ("phone: *67 512 # mine", 'phone: "*67 512" # mine'),
        ("phone: #512 555", 'phone: "#512 555"'),
        ("phone: 512 555 #15", 'phone: "512 555 #15"'),
        ("phone: [512] 555", 'phone: "[512] 555"'),
        ("fone: 0612345678", 'phone: "0612345678"'),
    ],
)
def test_a_setting_is_put_right(before: str, after: str) -> None:
    before, after = before.removesuffix("\n-"), after.removesuffix("\n-")
    assert mended_settings(before) == after
    assert mended_settings(after) == after


@pytest.mark.parametrize(
    "left",
    [
        "days_off: 03/04/2026",
        "days_off: soon",
        "days_off: 28.12.2026 - 3.1.2027",
        "days_off: 2027-01-03..2026-12-28",
        "days_off: [24/12/2026, soon]",
        "days_off: 24/12/2026, soon",
        "days_off:\n- >-\n  24/12/2026",
        "days_off:\n- [24/12/2026]",
        "horizon: 20261224",
        "weekend: 24/12/2026",
        "phone: 512 555 0199",
    ],
)
def test_a_setting_that_is_not_sure_is_left(left: str) -> None:
    assert mended_settings(left) == left


# --- what is put right -----------------------------------------------------------------------------------

FIXES = {
    "misspelt-key": (f"{HEAD}compani: A\n---\n", read),
    "misspelt-heading": (f"{HEAD}---\n## Waht went well\n- x\n", read),
    "bad-date": ("---\ninterviewed: 20/11/2026\n---\n", read),
    "bad-record": (f"{HEAD}card_sent: 20/11/2026\n---\n", read),
    "bad-setting": ("---\ndays_off: 24/12/2026\n---\n", lambda text: (None, reconnect_settings.read(text, "UTC")[1])),
    "unquoted-phone": (f"{HEAD}phone: 0612345678\n---\n", read),
    "anchor": (f"{HEAD}phone: *67\n---\n", read),
    "misread": (f"{HEAD}phone: #512\n---\n", read),
    "bad-yaml": (f"{HEAD}phone: [512] 555\n---\n", read),
}


def test_each_problem_of_which_the_docs_say_so_is_put_right() -> None:
    page = (Path(__file__).parent.parent / "docs" / "problems.md").read_text("utf-8")
    documented = re.findall(r"^\| `([\w-]+)` \|.*\| [^|]+ \|$", page, re.MULTILINE)
    assert set(documented) == FIXES.keys() == mend.EDITS.keys()
    for code, (text, read_it) in FIXES.items():
        assert [one.code for one in read_it(text)[1]] == [code]
        assert not read_it(mend.mend(text, METHOD, read_it))[1], code


@pytest.mark.parametrize("kind", [code for code in CATALOGUE if code not in mend.EDITS])
def test_no_other_problem_is_touched(kind: str) -> None:
    text = f"{HEAD}---\n## What went well\n- x\n"
    assert mend.mend(text, METHOD, lambda text: (None, (Problem("n.md", 2, 1, kind, "", ""),))) == text


def test_what_a_slip_kept_from_being_read_is_put_right_too() -> None:
    text = "---\ninterviewd: 20/11/2026\ncompani: A\nfix_call:\nadd_call: soon\n---\n## Waht went well\n- x\n"
    after = mended(text)
    assert after == text.replace("interviewd: 20/11/2026", "interviewed: 2026-11-20").replace("compani", "company")
    assert codes(after) == ["bad-record"], "below an error nothing is read, and nothing put right"


def test_a_note_with_too_many_problems_is_left() -> None:
    text = f"{HEAD}---\n" + "## Waht went well\n- x\n" * (mend.MOST + 1)
    assert mended(text) == text
    assert "Waht" not in mended(f"{HEAD}---\n" + "## Waht went well\n- x\n" * mend.MOST)


@pytest.mark.parametrize("block", ["a: 1\n? b\n: 2", "{a: 1, b: 2}", "b: 1\nc: &x 2", "b: [", "a: 1\nb: 2"])
def test_a_name_that_cannot_be_changed_for_sure_is_refused(block: str) -> None:
    with pytest.raises(CannotEdit):
        edit.rename(f"---\n{block}\n---\n", "b", "a")


# --- laws ------------------------------------------------------------------------------------------------

FIXED = {*mend.EDITS, "unquoted-phone", "anchor"}
RIGHT = ["company: A", "card_sent: 2026-11-20", "fix_call: skipped", "add_call:", "mood: 20/11/2026", "# 20/11/2026"]
SLIPS = [
    *("interviewed: 2026-11-20", "interviewed: 20/11/2026", "interviewd: Nov 20, 2026", "interviewed: 03/04/2026"),
    *("compani: 'A' # b", "compny: B", "'positon': \"C\"", "card_sent: 23.11.2026", "fix_cal: 2026/11/24", "x: |\n  y"),
    *("add_call: soon", "compensate_call: 19 Nov 2026", "call_again: \u2028", "timezon: Texas", "interviewer: [Bo]"),
    *("interviewers:\n  - Ana", "phone: 01 # 2", "{", "regio: US-TX", "phone: *67 #2"),
    *("call_agian: 04/03/2027", "x: *y"),
]
GOOD = ["## What went well", "- x", "  - Better: y", "## Said, but wish I had not", "", "text", "## Log", "~~~", "%%"]
BAD = [
    *("## Waht went well", "### Said but whish I had not", "**Did not sya, but wish I had**", "##What conected: ok"),
    *(
        "Requirments I do not satisfy\n---",
        "- What connected",
        "> ## Waht went well",
        "## What conected \u2028",
        "1. z",
    ),
]


@st.composite
def notes(draw: st.DrawFn, block: list[str], body: list[str]) -> str:
    """A note of these pieces, each line with an end of its own."""
    typed = ["---", *draw(st.lists(st.sampled_from(block), unique=True, max_size=8)), "---"]
    typed += draw(st.lists(st.sampled_from(body), max_size=10))
    bare = "\n".join(typed).split("\n")
    end = st.sampled_from(draw(st.sampled_from([["\n"], ["\r\n"], ["\n", "\r\n", "\r"]])))
    text = "".join(line + draw(end) for line in bare)
    return draw(st.sampled_from(["", lines.BOM])) + (text if draw(st.booleans()) else text.rstrip("\r\n"))


@given(notes([*RIGHT, *SLIPS, *SLIPS], [*GOOD, *BAD, *BAD]))
@settings(deadline=None, max_examples=500)
def test_only_lines_with_a_slip_change_and_only_once(text: str) -> None:
    after = mended(text)
    assert mended(after) == after, "a second time there is nothing to do"
    was, now = lines.split(text), lines.split(after)
    assert len(was) == len(now)
    for number, (old, new) in enumerate(zip(was, now, strict=True)):
        if old != new:
            assert lines.ending(old) == lines.ending(new)
            back = "".join([*now[:number], old, *now[number + 1 :]])
            slips = [one for one in read(back)[1] if one.line == number + 1]
            assert slips and {one.code for one in slips} <= FIXED, "that line alone was wrong"
            now_wrong = [one for one in read(after)[1] if one.line == number + 1]
            assert {one.code for one in now_wrong} <= {"early-date"}, "and it is right now, if not true"
    left = {one.code for one in read(text)[1] if one.code not in FIXED}
    assert left <= set(codes(after)), "whatever else is wrong is still said"


@given(notes(["interviewed: 2026-11-20", *RIGHT], GOOD))
@settings(deadline=None)
def test_a_note_without_a_slip_is_untouched(text: str) -> None:
    assert mended(text) == text


# --- a vault ---------------------------------------------------------------------------------------------

SLOPPY = b"\xef\xbb\xbf---\r\ninterviewd: 20/11/2026\r\nfix_call:\nadd_call:\r\n---\r\n## Waht went well\r\n- the tour"


def git(folder: Path, *words: str) -> str:
    command = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@x.example", *words]
    return subprocess.run(command, check=True, capture_output=True).stdout.decode()


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "Reconnect.md").write_bytes(b"---\nme: Jordan Smith\n---\n")
    (tmp_path / "Sloppy.md").write_bytes(SLOPPY)
    (tmp_path / "Unsure.md").write_bytes(b"---\ninterviewed: 03/04/2026\n---\n")
    (tmp_path / "Unread.md").write_bytes(b"---\nmood: 20/11/2026\n---\n## Waht went well\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "-c", "core.autocrlf=false", "add", "-A")
    git(tmp_path, "commit", "-qm", "as typed")
    return tmp_path


def test_diff_shows_what_fix_changes_and_writes_nothing(vault: Path) -> None:
    before = snapshot(vault)
    shown = run("check", "--diff", "--date", "2026-11-25", cwd=vault, expect=1)
    assert snapshot(vault) == before
    assert "-interviewd: 20/11/2026\n+interviewed: 2026-11-20\n" in shown.stdout
    assert "Unsure.md:2:14: bad-date" in shown.stderr and shown.stderr.endswith("\n1 error, 1 warning\n")
    fixed = run("check", "--fix", "--date", "2026-11-25", cwd=vault, expect=1)
    assert fixed.stdout.splitlines()[:2] == [
        "Sloppy.md:2: interviewd: 20/11/2026 -> interviewed: 2026-11-20",
        "Sloppy.md:6: ## Waht went well -> ## What went well",
    ]
    assert "\nUnsure.md:2:14: bad-date" in fixed.stdout and "Sloppy.md:1:1: nothing-to-say" in fixed.stdout
    changed = [line for line in git(vault, "diff", "-U0").splitlines() if line[:2] in ("-i", "-#", "+i", "+#")]
    assert changed == [
        *("-interviewd: 20/11/2026", "+interviewed: 2026-11-20", "-## Waht went well", "+## What went well"),
    ]
    assert git(vault, "diff", "--numstat").split() == ["2", "2", "Sloppy.md"]
    after = snapshot(vault)
    again = run("check", "--fix", "--json", "--date", "2026-11-25", cwd=vault, expect=1)
    assert '"fixed": []' in again.stdout
    now = snapshot(vault)
    assert {name: data for name, data in now.items() if ".git" not in name} == {
        name: data for name, data in after.items() if ".git" not in name
    }


def test_the_diff_can_be_applied(vault: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    patch = tmp_path_factory.mktemp("patch") / "slips.diff"
    with patch.open("wb") as file:
        command = ["check", "--diff", str(vault)]
        subprocess.run([sys.executable, "-m", "reconnect_md", *command], stdout=file, stderr=subprocess.DEVNULL)
    git(vault, "apply", "-p0", str(patch))
    applied = (vault / "Sloppy.md").read_bytes()
    git(vault, "checkout", "Sloppy.md")
    sync.mended(Vault(vault))
    assert (vault / "Sloppy.md").read_bytes() == applied != SLOPPY


def test_the_settings_are_put_right_and_a_template_of_ones_own_is_read(vault: Path) -> None:
    (vault / "Reconnect.md").write_bytes(b"---\nphone: *67 512 # mine\nhorizon: soon\n---\n")
    (vault / "Templates" / "Reconnect").mkdir(parents=True)
    (vault / "Templates" / "Reconnect" / "fix.md").write_bytes(b"---\nstep: fix\nphone: *67 512\n---\n{{ nme }}\n")
    changes, _ = sync.mended(Vault(vault))
    assert {change.name: change.new for change in changes if change.name != "Sloppy.md"} == {
        "Reconnect.md": b'---\nphone: "*67 512" # mine\nhorizon: soon\n---\n',
        "Templates/Reconnect/fix.md": b'---\nstep: fix\nphone: "*67 512"\n---\n{{ nme }}\n',
    }


class Saving(Vault):
    """A vault in which somebody saves a note in the moment in which it is to be written: once, or every time."""

    def write(self, name: str, data: bytes, read: Read) -> None:
        path = self.root / name
        if (again := path.read_bytes()) == read.data and (self.root / "always" / name).exists():
            path.write_bytes(again + b"\n- more")
        elif b"- more" not in again:
            path.write_bytes(again.replace(b"20/11/2026", b"21/11/2026") + b"\n- more")
        super().write(name, data, read)


def test_a_note_that_somebody_saves_meanwhile_is_begun_again(vault: Path) -> None:
    changes, failures = sync.mended(Saving(vault))
    assert [change.name for change in changes] == ["Sloppy.md"] and not failures
    after = (vault / "Sloppy.md").read_bytes()
    assert b"interviewed: 2026-11-21\r\n" in after and after.endswith(b"- the tour\n- more")


def test_a_note_that_cannot_be_written_keeps_no_other_from_it(vault: Path) -> None:
    (vault / "always").mkdir()
    (vault / "always" / "Sloppy.md").touch()
    (vault / "Zoe.md").write_bytes(SLOPPY)
    changes, failures = sync.mended(Saving(vault))
    assert [change.name for change in changes] == ["Zoe.md"]
    assert len(failures) == 1 and "Sloppy.md" in str(failures[0])
    assert b"interviewd: 20/11/2026" in (vault / "Sloppy.md").read_bytes()


def test_copies_of_a_sync_service_and_a_vault_without_slips_are_left(vault: Path) -> None:
    (vault / "Sloppy.md").rename(vault / "Sloppy (conflicted copy 2026-11-20).md")
    (vault / "Unsure.md").write_bytes(b"---\r\ninterviewed: 2026-11-20\n---")
    before = snapshot(vault)
    assert sync.mended(Vault(vault)) == ([], [])
    assert snapshot(vault) == before


def test_diff_is_no_format_for_programs(vault: Path) -> None:
    assert "Leave out --format sarif" in run("check", "--diff", "--format", "sarif", cwd=vault, expect=2).stderr


@pytest.mark.parametrize("typed", ["outcomes: 2", "rounds: 3", "phones: 12", "positions: two"])
def test_a_plural_may_be_somebodys_own(tmp_path: Path, typed: str) -> None:
    note = tmp_path / "Acme.md"
    note.write_text(f"---\ninterviewed: 2026-11-20\ncompany: Acme\n{typed}\n---\n", "utf-8")
    (tmp_path / "Reconnect.md").write_text("---\nme: Jo\n---\n", "utf-8")
    assert sync.mended(Vault(tmp_path)) == ([], [])
