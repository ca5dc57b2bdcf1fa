"""A mark in the text of a note: one property line, one line of the log, and no other byte."""

import difflib
import re
from dataclasses import replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pendulum import Date

from reconnect_md import edit, lines, log, method, note, properties, record
from reconnect_md.edit import CannotEdit
from reconnect_md.model import SKIPPED, Evaluation, LogEntry, Mark, Sign
from reconnect_md.vault import shipped_templates

METHOD, _ = method.read(shipped_templates())
DAY = Date(2026, 1, 12)
NOTE = """\
---
interviewed: 2026-01-07 # a Wednesday
company: 'Acme'
fix_call:
call_again: 2026-01-12
---
## Said, but wish I had not
- My last job
  - Better: I had done what I came to do

## Log
- 2026-01-07 card sent: at the front desk

## What went well
- The tour
"""


def parse(text: str) -> Evaluation | None:
    return note.parse("n.md", text, METHOD)[0]


def marked(text: str, sign: Sign = Sign.DONE, remark: str = "", day: Date = DAY, step: str = "fix_call") -> str:
    """The note with a mark; a second time changes nothing. What the note says now was in sight."""
    found = parse(text)
    shown = found.records.get(step) if found else None
    mark = Mark(step, sign, day, False, log.tidy(remark), shown=shown if shown in (day, SKIPPED) else None)
    after = record.write(text, mark, METHOD, parse)
    assert record.write(after, mark, METHOD, parse) == after, "the same mark counts once"
    return after


def changed(before: str, after: str) -> list[str]:
    """The lines that differ, as `git diff` shows them."""
    found = difflib.unified_diff(lines.split(before), lines.split(after), n=0)
    return [line.rstrip("\n") for line in found if not line.startswith(("---", "+++", "@@"))]


# --- what is written -------------------------------------------------------------------------------------


def test_a_call_made_is_a_date_and_a_line_of_the_log_and_answers_call_again() -> None:
    assert changed(NOTE, marked(NOTE)) == [
        "-fix_call:",
        "-call_again: 2026-01-12",
        "+fix_call: 2026-01-12",
        "+call_again:",
        "+- 2026-01-12 fix call",
    ]


def test_a_remark_of_one_line_stands_behind_the_colon() -> None:
    assert "\n- 2026-01-12 fix call:\n  *Bo* took it\n" in marked(NOTE, remark="    *Bo* took it\n")
    assert "\n- 2026-01-12 fix call: Bo took it: gladly\n" in marked(NOTE, remark="  Bo took it: gladly\n")


@pytest.mark.parametrize(
    ("remark", "below"),
    [
        ("one\ntwo", "- 2026-01-12 fix call: one\n  two\n"),
        ("    - one\n    - two", "- 2026-01-12 fix call:\n  - one\n  - two\n"),
        ("```\n# no heading\n\n## Log\n```", "- 2026-01-12 fix call:\n  ```\n  # no heading\n\n  ## Log\n  ```\n"),
        ("# my heading\n- this", "- 2026-01-12 fix call:\n  # my heading\n  - this\n"),
        (
            "# Said, but wish I had not\n- this",
            "- 2026-01-12 fix call:\n  ~~~ remark\n  # Said, but wish I had not\n  - this\n  ~~~\n",
        ),
        ("1. one", "- 2026-01-12 fix call:\n  1. one\n"),
        ("---", "- 2026-01-12 fix call:\n  ---\n"),
        ("%% an open comment", "- 2026-01-12 fix call:\n  ~~~ remark\n  %% an open comment\n  ~~~\n"),
        ("<!-- an open one", "- 2026-01-12 fix call:\n  <!-- an open one\n"),
        ("one\n\n    code", "- 2026-01-12 fix call: one\n\n      code\n"),
    ],
)
def test_any_remark_belongs_to_its_line_of_the_log(remark: str, below: str) -> None:
    after = marked(NOTE, remark=remark)
    assert below in after
    assert parse(after).log[-1].remark == log.tidy(remark)  # type: ignore[union-attr]


def test_skipped_tried_and_taken_back() -> None:
    assert changed(NOTE, marked(NOTE, Sign.SKIPPED)) == [
        "-fix_call:",
        "+fix_call: skipped",
        "+- 2026-01-12 fix call skipped",
    ]
    assert changed(NOTE, marked(NOTE, Sign.NO_ANSWER)) == ["+- 2026-01-12 fix call no answer"]
    made = marked(NOTE, remark="hello")
    assert changed(made, marked(made, Sign.OPEN)) == [
        "-fix_call: 2026-01-12",
        "+fix_call:",
        "-- 2026-01-12 fix call: hello",
        "+- 2026-01-12 fix call taken back: hello",
    ]
    assert marked(marked(made, Sign.OPEN)) == made.replace("call_again:", "call_again:")


def test_a_second_try_on_another_day_is_a_second_line() -> None:
    once = marked(NOTE, Sign.NO_ANSWER)
    twice = marked(once, Sign.NO_ANSWER, day=DAY.add(days=1))
    assert changed(once, twice) == ["+- 2026-01-13 fix call no answer"]
    assert "\n- 2026-01-13 fix call no answer\n- 2026-01-13 fix call, asked for 2026-01-12\n" in marked(
        twice, day=DAY.add(days=1)
    )


def test_taken_back_is_what_the_line_showed() -> None:
    """The try before it stays a try: the third one begins with the voicemail."""
    tried = marked(NOTE, Sign.NO_ANSWER, remark="engaged")
    for sign in (Sign.DONE, Sign.SKIPPED):
        after = marked(marked(tried, sign), Sign.OPEN)
        assert "- 2026-01-12 fix call no answer: engaged\n- 2026-01-12 fix call taken back\n" in after


def test_while_somebody_types_on_the_line_of_the_log_grows() -> None:
    first = marked(NOTE, remark="She was on")
    mark = Mark("fix_call", Sign.DONE, DAY, False, "She was on vacation", log.digest("She was on"))
    after = record.write(first, mark, METHOD, parse)
    assert changed(first, after) == [
        "-- 2026-01-12 fix call: She was on",
        "+- 2026-01-12 fix call: She was on vacation",
    ]
    edited = first.replace("She was on", "She was off")
    assert changed(edited, record.write(edited, mark, METHOD, parse)) == [
        "+- 2026-01-12 fix call: She was on vacation"
    ], "a line that a person changed is left"


def test_what_a_person_wrote_is_never_overwritten() -> None:
    written = NOTE.replace("fix_call:", "fix_call: 2026-01-09")
    assert marked(written) == written, "the day in the note stands"
    assert changed(written, marked(written, remark="fine")) == ["+- 2026-01-09 fix call: fine"]
    for sign in (Sign.SKIPPED, Sign.NO_ANSWER, Sign.OPEN):
        with pytest.raises(CannotEdit, match="says 2026-01-09 already"):
            marked(written, sign)
    with pytest.raises(CannotEdit, match="says 2026-01-09 already"):
        record.write(written, Mark("fix_call", Sign.DONE, DAY, typed=True), METHOD, parse)
    skipped = NOTE.replace("fix_call:", "fix_call: skipped")
    for sign in (Sign.DONE, Sign.NO_ANSWER, Sign.OPEN):
        with pytest.raises(CannotEdit, match="says skipped already"):
            record.write(skipped, Mark("fix_call", sign, DAY), METHOD, parse)


def test_what_the_line_showed_may_be_put_right() -> None:
    made, day = marked(NOTE, remark="hello"), Date(2026, 1, 9)
    mark = Mark("fix_call", Sign.DONE, day, True, "hello", log.digest("hello"), shown=DAY)
    after = record.write(made, mark, METHOD, parse)
    assert changed(made, after) == [
        "-fix_call: 2026-01-12",
        "+fix_call: 2026-01-09",
        "-- 2026-01-12 fix call: hello",
        "+- 2026-01-09 fix call: hello",
    ]
    assert record.write(after, mark, METHOD, parse) == after


def test_a_call_put_off_is_call_again_and_a_line_of_the_log() -> None:
    mark = Mark("fix_call", Sign.MOVED, DAY, typed=True, to=Date(2026, 1, 16))
    after = record.write(NOTE, mark, METHOD, parse)
    assert changed(NOTE, after) == [
        "-call_again: 2026-01-12",
        "+call_again: 2026-01-16",
        "+- 2026-01-12 fix call moved to 2026-01-16",
    ]
    assert record.write(after, mark, METHOD, parse) == after
    told = record.write(NOTE, replace(mark, remark="in Dallas"), METHOD, parse)
    assert "+- 2026-01-12 fix call moved to 2026-01-16: in Dallas" in changed(NOTE, told)
    again = record.write(after, replace(mark, to=Date(2026, 1, 19)), METHOD, parse)
    assert "+- 2026-01-12 fix call moved to 2026-01-19" in changed(after, again), "both days stay in the log"


# --- the property ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("fix_call:", "fix_call: 2026-01-12"),
        ("fix_call: ", "fix_call: 2026-01-12"),
        ("fix_call:   # call her", "fix_call: 2026-01-12   # call her"),
        ("fix_call: ~", "fix_call: 2026-01-12"),
        ("fix_call: null  ", "fix_call: 2026-01-12  "),
        ('fix_call: ""', 'fix_call: "2026-01-12"'),
        ("'fix_call' :\t''  # x", "'fix_call' :\t'2026-01-12'  # x"),
        ("fix_call: skipped", "fix_call: 2026-01-12"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_only_the_value_changes(before: str, after: str, end: str) -> None:
    text = "---\na: 'b'  # c\n{}\nd: |\n  fix_call: no\n---\nfix_call:\n"
    edited = edit.set_property(text.format(before).replace("\n", end), "fix_call", "2026-01-12")
    assert edited == text.format(after).replace("\n", end)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("---\na: 1\n---\n", "---\na: 1\nfix_call: 2026-01-12\n---\n"),
        ("\ufeff---\r\na: 1\r\n---\r\n", "\ufeff---\r\na: 1\r\nfix_call: 2026-01-12\r\n---\r\n"),
        ("---\na: 1\r\n---", "---\na: 1\r\nfix_call: 2026-01-12\r\n---"),
        ("---\n  a: 1\n  b: |\n    c\n---\n", "---\n  a: 1\n  b: |\n    c\n  fix_call: 2026-01-12\n---\n"),
        ("words\n", "---\nfix_call: 2026-01-12\n---\nwords\n"),
        ("", "---\nfix_call: 2026-01-12\n---\n"),
        ("---\n---\n", "---\nfix_call: 2026-01-12\n---\n"),
    ],
)
def test_a_property_that_is_not_there_is_added(text: str, after: str) -> None:
    assert edit.set_property(text, "fix_call", "2026-01-12") == after


@pytest.mark.parametrize(
    "block",
    [
        "fix_call:\n  - 2026-01-01",
        "fix_call: [a]",
        "fix_call: {a: b}",
        "{fix_call: , a: b}",
        "fix_call: |\n  2026-01-01",
        "fix_call: >-\n  2026-01-01",
        "fix_call: 2026-\n  01-01",
        'fix_call: "2026-\n  01-01"',
        "fix_call: &a 2026-01-01",
        "fix_call: !!str 2026-01-01",
        "? fix_call\n: 2026-01-01",
        "fix_call: 1\nfix_call: 2",
        "a: [",
        "- a",
    ],
)
def test_what_cannot_be_proved_is_refused(block: str) -> None:
    with pytest.raises(CannotEdit):
        edit.set_property(f"---\n{block}\n---\n", "fix_call", "2026-01-12")


PIECES = st.sampled_from(
    [
        *(
            "a: 1",
            "b: 'x'",
            'c: "y" # z',
            "d:",
            "e: [1, 2]",
            "f:\n  - g",
            "h: |\n  i\n\n  j",
            "k: >-\n  l",
            "# m",
            "n: o\n  p",
        ),
        *(
            "fix_call:",
            "fix_call: 2026-01-01",
            "fix_call: # x",
            "'fix_call': ''",
            "fix_call: \u2028",
            "q: \x85",
            "'r s': t",
        ),
        *(
            "fix_call:\n  - 1",
            "fix_call: |\n  2026-01-01",
            "u: {v: w}",
            "? x\n: y",
            "z: &z 1",
            "é: ü",
            "",
            "  ",
            "🎉: 📅",
        ),
    ]
)


@given(st.lists(PIECES, max_size=6), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
@settings(deadline=None, max_examples=300)
def test_an_edit_is_one_line_or_refused(block: list[str], end: str, bom: str) -> None:
    text = (bom + "\n".join(["---", *block, "---", "fix_call: body", ""])).replace("\n", end)
    try:
        after = edit.set_property(text, "fix_call", "2026-01-12")
    except CannotEdit:
        return
    was, now = lines.split(text), lines.split(after)
    moves = [op for op in difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes() if op[0] != "equal"]
    assert len(moves) <= 1 and all(j2 - j1 == 1 and i2 - i1 <= 1 for _, i1, i2, j1, j2 in moves)
    before = properties.read("", text).values
    assert properties.read("", after).values == {**before, "fix_call": "2026-01-12"}


# --- the log ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("", "\n## Log\n- X\n"),
        ("text\n", "text\n\n## Log\n- X\n"),
        ("text", "text\n\n## Log\n- X"),
        ("## Log", "## Log\n- X"),
        ("## Log\n\n", "## Log\n- X\n\n"),
        ("# LOG:\n\n- a\n\n\n## Next\n", "# LOG:\n\n- a\n- X\n\n\n## Next\n"),
        ("## Log\n* a\n  - b\n", "## Log\n* a\n  - b\n* X\n"),
        ("## Log\ncalled them\n## Next\n", "## Log\ncalled them\n\n- X\n## Next\n"),
        ("```\n## Log\n```\n", "```\n## Log\n```\n\n## Log\n- X\n"),
        ("## Log\n- a\n  ```\n  open\n", "## Log\n- a\n  ```\n  open\n- X\n"),
        ("Log\n---\n- a\n", "Log\n---\n- a\n- X\n"),
        ("Log\n---\n", "Log\n---\n- X\n"),
        ("## Log\n1. a\n", "## Log\n1. a\n\n- X\n"),
        ("## Log\n- a\n### More\n- b\n", "## Log\n- a\n### More\n- b\n- X\n"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_goes_to_the_end_of_the_log(body: str, after: str, end: str) -> None:
    text = ("---\ninterviewed: 2026-01-07\n---\n" + body).replace("\n", end)
    wanted = "---\ninterviewed: 2026-01-07\n---\n" + after.replace("X", "2026-01-12 fix call no answer")
    assert marked(text, Sign.NO_ANSWER) == wanted.replace("\n", end)


WORDS = st.sampled_from(
    [
        *(
            "one",
            "two: three",
            "- four",
            "  - five",
            "1. six",
            "# seven",
            "```",
            "~~~",
            "~~~ remark",
            "> eight",
            "***",
            "---",
        ),
        *(
            "===",
            "%%",
            "%% nine",
            "<!--",
            "<div>",
            "| a |",
            "[x]: y",
            "    ten",
            "\televen",
            "",
            "",
            "- 2026-01-01 fix call",
            "é 🎉",
        ),
        *("## Log", "## What went well", "\\", "[x]", "x  ", "\u2028", "skipped: 1", "*a", "`b", "&amp;", "Better: c"),
    ]
)
REMARKS = st.lists(WORDS, min_size=1, max_size=6).map("\n".join).map(log.tidy)
BODIES = st.lists(
    st.sampled_from(
        [
            *(
                "## Log",
                "- 2026-01-08 card sent",
                "- a",
                "  - b",
                "## What went well",
                "- c",
                "text",
                "",
                "",
                "```",
                "%%",
                "> d",
            ),
            *(
                "## Said, but wish I had not",
                "- e\n  - Better: f",
                "***",
                "Log\n===",
                "<div>",
                "- [ ] g",
                "* h",
                "1. i",
            ),
        ]
    ),
    max_size=10,
).map("\n".join)


@given(
    BODIES,
    REMARKS,
    st.sampled_from([sign for sign in Sign if sign is not Sign.UNTRIED]),
    st.sampled_from(["\n", "\r\n"]),
)
@example("## Log", "%%", Sign.DONE, "\n")
@settings(deadline=None, max_examples=400)
def test_a_mark_changes_nothing_else_that_the_note_says(body: str, remark: str, sign: Sign, end: str) -> None:
    text = f"---\ninterviewed: 2026-01-07\nfix_call:\ncall_again:\n---\n{body}".replace("\n", end)
    mark = Mark("fix_call", sign, DAY, False, remark, to=DAY.add(days=2) if sign is Sign.MOVED else None)
    try:
        after = record.write(text, mark, METHOD, parse)
    except CannotEdit:
        return
    assert record.write(after, mark, METHOD, parse) == after
    was, now = lines.split(text), lines.split(after)
    matched = difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    gone = [line for kind, i, j, *_ in matched if kind in ("delete", "replace") for line in was[i:j]]
    assert not [line for line in gone if not re.match("fix_call:|call_again:", line) and line != was[-1]]
    found = parse(after)
    assert found and found.log[-1].said == (DAY, "fix_call", sign, remark, mark.to)


@given(REMARKS, st.sampled_from(list(Sign)), st.sampled_from(["- ", "* ", "  -   "]))
@example("~~~ remark\none\n~~~", Sign.DONE, "- ")
@settings(deadline=None)
def test_every_form_of_a_line_of_the_log_says_the_same(remark: str, sign: Sign, bullet: str) -> None:
    assume(remark or sign is Sign.MOVED)
    entry = LogEntry(DAY, "fix_call_2", sign, remark, DAY.add(days=2) if sign is Sign.MOVED else None)
    for form in log.forms(entry, METHOD.language, bullet):
        found = log.parse(form, 0, METHOD.language)
        assert found and found.said == entry.said, form


@pytest.mark.parametrize("remark", ["two\n\n    - one", "- one\n\ntwo", "two\n- one\nthree"])
def test_what_two_devices_said_of_one_mark_is_said_once_in_any_order(remark: str) -> None:
    before = marked(NOTE, remark="- one")
    after = marked(before, remark=remark)
    assert after.count("- one") == after.count("two") == 1


def test_what_was_said_and_stands_in_another_order_is_not_said_again() -> None:
    before = marked(NOTE, remark="- one\n- two\n\n- three")
    after = marked(before, remark="- three\n\n- one\n- new\n- two")
    assert changed(before, after) == ["+- 2026-01-12 fix call:", "+  - new"]


def test_the_same_words_of_another_day_are_said_again() -> None:
    before = marked(NOTE, Sign.NO_ANSWER, "Voicemail full")
    after = marked(before, Sign.NO_ANSWER, "Voicemail full", DAY.add(days=1))
    assert after.count("Voicemail full") == 2
