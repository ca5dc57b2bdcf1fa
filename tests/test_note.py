"""A note -> the evaluation in it: its people, its dates, what is wrong with it, and what is nobody's business."""

import re
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it.token import Token
from pendulum import Date

from reconnect_md import lines, note, properties
from reconnect_md.errors import Problem
from reconnect_md.markdown import plain
from reconnect_md.model import Person, same
from reconnect_md.values import DAY_FORM, date_and_time, days_meant

from .test_body import HEAD, METHOD, SAID, WELL, items, read, texts


def problems(text: str) -> list[Problem]:
    found, said = note.parse("n.md", text, METHOD)
    assert found is None
    return list(said)


# --- people ----------------------------------------------------------------------------------------------

ANA, BO = Person("Ana Rivera", "Director"), Person("Bo Li", "CTO")


def people(typed: str) -> tuple[Person, ...]:
    return read(f"---\ninterviewed: 2026-11-20\ninterviewers:{typed}\n---\n").interviewers


@pytest.mark.parametrize(("typed", "right"), [("EST", "America/New_York"), ("MST", "America/Denver")])
def test_a_zone_without_summer_time_is_not_meant(typed: str, right: str) -> None:
    found, said = note.parse("n.md", f"---\ninterviewed: 2026-07-20\ntimezone: {typed}\n---\n", METHOD)
    assert found and found.timezone is None
    assert [(one.code, one.remedy) for one in said if one.line == 3] == [("unknown-timezone", f"write {right}")]


def test_a_readable_day_is_offered_though_its_hour_is_not() -> None:
    (said,) = problems("---\ninterviewed: 2026-11-16T25:00\n---\n")
    assert said.remedy == ("write interviewed: 2026-11-16 or 2026-11-16THH:MM, with an hour from 00 to 23")


@pytest.mark.parametrize(("typed", "number"), [("none", ""), ("N/A", ""), ("ask Ana", "ask Ana")])
def test_that_there_is_no_number_is_no_number(typed: str, number: str) -> None:
    assert read(f"---\ninterviewed: 2026-11-20\nphone: {typed}\n---\n").phone == number


@pytest.mark.parametrize(
    ("typed", "once"),
    [
        ("\n  - Bo Li\n  - Ana Rivera, Director\n  - bo  li, CTO", (Person("bo li", "CTO"), ANA)),
        ("\n  - Ana Rivera, Director\n  - ANA RIVERA\n  - '[[Ana Rivera]]'", (ANA,)),
        ("\n  - Bo Li, CTO\n  - Bo Li, CFO", (BO, Person("Bo Li", "CFO"))),
    ],
)
def test_a_person_who_is_named_again_gets_one_card(typed: str, once: tuple[Person, ...]) -> None:
    assert people(typed) == once


@pytest.mark.parametrize(
    "typed",
    [
        " Ana Rivera, Director",
        ' "Ana Rivera, Director"',
        " ' Ana  Rivera ,Director '",
        "\n  - Ana Rivera, Director",
        "\n- Ana Rivera, Director",
        "\n  - Ana Rivera, Director\n  -",
        ' ["Ana Rivera, Director"]',
        ' "[[Ana Rivera]], Director"',
        ' "[[People/Ana Rivera]], Director"',
        ' "[[People/Ana R.|Ana Rivera]], Director"',
        ' "[[Ana Rivera.md#bio]], Director"',
        '\n  - "[[Ana Rivera]], Director"',
        "\n  - >-\n    Ana Rivera,\n    Director",
    ],
)
def test_one_person_in_every_form(typed: str) -> None:
    assert people(typed) == (ANA,)


@pytest.mark.parametrize(
    "typed",
    [
        "\n  - Ana Rivera, Director\n  - Bo Li, CTO",
        ' ["Ana Rivera, Director", "Bo Li, CTO"]',
        " Ana Rivera, Director; Bo Li, CTO",
        " |\n  Ana Rivera, Director\n  Bo Li, CTO",
        '\n  - "[[Ana Rivera]], Director"\n  - "[[People/Bo|Bo Li]], CTO"',
    ],
)
def test_several_people_in_every_form(typed: str) -> None:
    assert people(typed) == (ANA, BO)


@pytest.mark.parametrize(
    "typed",
    [
        " Ana Rivera",
        " [Ana Rivera]",
        " [[Ana Rivera]]",
        " [[People/Ana Rivera]]",
        ' "[[Ana Rivera]]"',
        " [[Ana|Ana Rivera]]",
        "\n  - [[Ana Rivera]]",
        "\n  - [[People/Ana|Ana Rivera]]",
        '\n  - "[[People/Ana|Ana Rivera]]"',
    ],
)
def test_a_person_needs_no_title(typed: str) -> None:
    assert people(typed) == (Person("Ana Rivera"),)


@pytest.mark.parametrize(
    "typed",
    [
        " [Ana, Bo]",
        "\n  - [[Ana]]\n  - [[Bo]]",
        ' "[[Ana]]; [[Bo]]"',
        ' "[[Ana]], [[Bo]]"',
        "\n  - [[P/A|Ana]]\n  - '[[P/B|Bo]]'",
    ],
)
def test_nor_do_several(typed: str) -> None:
    assert people(typed) == (Person("Ana"), Person("Bo"))


@pytest.mark.parametrize("typed", ["", " ~", ' ""', " []", "\n  -", '\n  - ""', " [[]]", ' "[[]]"', " ', Director'"])
def test_nobody_is_nobody(typed: str) -> None:
    assert people(typed) == ()


def test_a_title_may_hold_commas() -> None:
    assert people(" Ana Rivera, Director, and chair") == (Person("Ana Rivera", "Director, and chair"),)


def test_a_title_is_never_taken_for_a_name() -> None:
    """YAML reads `- Ana Rivera: Director` as a mapping."""
    found, said = note.parse(
        "n.md", "---\ninterviewed: 2026-11-20\ninterviewers:\n  - Ana Rivera: Director\n---\n", METHOD
    )
    assert said or (found and found.interviewers == (ANA,))


def test_call_to_is_the_interviewer_of_that_name() -> None:
    text = "---\ninterviewed: 2026-11-20\ninterviewers: [Ana, 'Bo Li, CTO']\ncall_to: {}\n---\n"
    assert read(text.format("bo li")).who == BO
    assert read(text.format("'[[People/Bo Li]]'")).who == BO
    assert read(text.format("Cy, Chair")).who == Person("Cy", "Chair")
    assert read(text.format("")).who == Person("Ana")


# --- dates -----------------------------------------------------------------------------------------------


def when(typed: str, zone: str = "UTC", timezone: str = "") -> tuple[str, str]:
    found = read(f"---\ninterviewed: {typed}\ntimezone: {timezone}\n---\n", zone=zone)
    return str(found.interviewed), found.at


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("2026-11-20", ""),
        ('"2026-11-20"', ""),
        ("2026-11-20   # a comment", ""),
        ("2026-11-20T14:00", "14:00"),
        ("2026-11-20 14:00", "14:00"),
        ("2026-11-20T14:00:00", "14:00"),
        ("2026-11-20T14:00:00.000", "14:00"),
        ("2026-11-20T14:00+05:00", "14:00"),
        ("2026-11-20 14:00 -0300", "14:00"),
        ("2026-11-20T14:00Z", "14:00"),
        ("2026-11-20T00:00", "00:00"),
        ("2026-11-20T23:59", "23:59"),
        ("[[2026-11-20]]", ""),
        ('"[[2026-11-20]]"', ""),
        ('"[[Daily/2026-11-20]]"', ""),
        ("\n  - 2026-11-20", ""),
        ("|\n  2026-11-20", ""),
    ],
)
def test_dates_people_type(typed: str, at: str) -> None:
    assert when(typed) == ("2026-11-20", at)


@pytest.mark.parametrize(
    "typed",
    [
        *("2026-13-45", "2026-02-30", "2026-00-10", "0000-00-00", "0026-11-20", "9999-12-31", "02026-11-20"),
        *("20/11/2026", "11/20/2026", "20.11.2026", "2026/11/20", "20261120", "2026-11", "2026", "20 November 2026"),
        *("2026-W47-5", "2026-324", "today", "tomorrow", "now", "10:30", "P1M", "yes", "2026-11-20/2026-11-21"),
        *(
            "2026-11-20T24:00",
            "2026-11-20T14:60",
            "2026-11-20T14",
            "2026-11-20 2pm",
            "2026-11-20T14:00+1",
            "1763596800",
        ),
        *("[2026-11-20, 2026-11-21]", "２０２６-11-20", "٢٠٢٦-١١-٢٠", "2026-11-20 or 21", "date:YYYY-MM-DD"),
    ],
)
def test_what_is_no_date_is_a_problem_where_it_stands(typed: str) -> None:
    (found,) = problems(f"---\ncompany: x\ninterviewed: {typed}\n---\n")
    assert (found.code, found.line, found.column) == ("bad-date", 3, 14)
    right = re.search(r"interviewed: (\S+)", found.remedy.replace(DAY_FORM, "2026-11-20"))
    assert right and date_and_time(right[1]), "the remedy works when it is typed"


@pytest.mark.parametrize("typed", ["“2026-11-20”", "‘20/11/2026’", "„20.11.2026“", "«2026-11-20»"])
def test_of_a_date_in_the_quotes_of_a_phone_it_is_said_which_is_meant(typed: str) -> None:
    (found,) = problems(f"---\ninterviewed: {typed}\n---\n")
    assert (found.code, found.remedy) == ("bad-date", "write interviewed: 2026-11-20")


@pytest.mark.parametrize("others", ["", "company: x\n"])
def test_a_colon_without_a_blank_is_told_though_it_is_the_only_property(others: str) -> None:
    (found,) = problems(f"---\ninterviewed:2026-11-20\n{others}---\n")
    assert "there is no blank behind the colon" in found.message and found.remedy == "write interviewed: 2026-11-20"


@pytest.mark.parametrize(
    ("typed", "meant", "again", "made"),
    [
        # near 25 November; of what is to come; of what is over
        ("Nov 24", "2026-11-24", "", "2026-11-24"),
        ("24 Nov", "2026-11-24", "", "2026-11-24"),
        ("11/24", "2026-11-24", "", "2026-11-24"),
        ("24.11.", "2026-11-24", "", "2026-11-24"),
        ("Tue Nov 24", "2026-11-24", "", "2026-11-24"),
        ("Wed Nov 24", "", "", ""),
        ("Nov 24, 2 pm", "2026-11-24T14:00", "", "2026-11-24T14:00"),
        ("Nov 24 2:30p", "2026-11-24T14:30", "", "2026-11-24T14:30"),
        ("11/24/2026 12 noon", *["2026-11-24T12:00"] * 3),
        ("Nov 24th at 3", "2026-11-24T03:00 2026-11-24T15:00", "", "2026-11-24T03:00 2026-11-24T15:00"),
        ("Nov 24, 2:30", "2026-11-24T02:30 2026-11-24T14:30", "", "2026-11-24T02:30 2026-11-24T14:30"),
        ("Nov 24, 02:30", "2026-11-24T02:30", "", "2026-11-24T02:30"),
        ("Nov 24 at 9", "2026-11-24T09:00", "", "2026-11-24T09:00"),
        ("24.11.2026 14 o'clock", *["2026-11-24T14:00"] * 3),
        ("24.11.2026 14", *["2026-11-24"] * 3),  # no more than the day is sure
        ("tomorrow at 2 pm", "2026-11-26T14:00", "2026-11-26T14:00", ""),
        ("Dec 3", "2026-12-03", "2026-12-03", ""),
        ("Jan 9", "2027-01-09", "2027-01-09", ""),
        ("12/4", "2026-12-04 2027-04-12", "2026-12-04 2027-04-12", ""),
        ("4.12.", "2026-12-04", "2026-12-04", ""),
        ("04.12.2026", "2026-12-04", "2026-12-04", "2026-04-12 2026-12-04"),  # none of the two is over
        ("03/04/2026", "2026-03-04 2026-04-03", "2026-03-04 2026-04-03", "2026-03-04 2026-04-03"),
        ("2026-11-24T14h", *["2026-11-24T14:00"] * 3),
        ("2026-11-24 14:00 - 15:00", *["2026-11-24 14:00"] * 3),
        ("2026-24-11", *["2026-11-24"] * 3),
        ("25.11.2026 left message", *["2026-11-25"] * 3),
        ("Friday", "2026-11-20 2026-11-27", "2026-11-27", "2026-11-20"),
        ("wednesday", "2026-11-18 2026-12-02", "2026-12-02", "2026-11-18"),
        ("last Friday", "2026-11-20", "", "2026-11-20"),
        ("next tue", "2026-12-01", "2026-12-01", ""),
        ("yesterday", "2026-11-24", "", "2026-11-24"),
        ("tomorrow", "2026-11-26", "2026-11-26", ""),
        *((word, "", "", "") for word in ("next week", "done", "x", "ok", "may", "2026-13-20", "Feb 30", "31.11.")),
    ],
)
def test_a_day_is_the_one_that_is_near(typed: str, meant: str, again: str, made: str) -> None:
    day = Date(2026, 11, 25)
    assert " ".join(days_meant(typed, day, today=day)) == meant
    assert " ".join(days_meant(typed, day, day, today=day)) == again
    assert " ".join(days_meant(typed, day, last=day, today=day)) == made
    assert set(days_meant(typed)) <= set(days_meant(typed, last=day, today=None) + meant.split())


@pytest.mark.parametrize("typed", ["", "~", '""', "[]", " # a comment"])
def test_no_date_is_a_problem_too(typed: str) -> None:
    (found,) = problems(f"---\ninterviewed: {typed}\n---\n")
    assert (found.code, found.line) == ("no-date", 2)


@pytest.mark.parametrize(
    ("typed", "zone", "local"),
    [
        ("2026-11-20T23:30Z", "UTC", ("2026-11-20", "23:30")),
        ("2026-11-20T23:30Z", "Europe/Berlin", ("2026-11-21", "00:30")),
        ("2026-11-20T23:30Z", "Asia/Tokyo", ("2026-11-21", "08:30")),
        ("2026-11-20T02:30Z", "America/Chicago", ("2026-11-19", "20:30")),
        ("2026-11-20T02:30:00.000Z", "America/Chicago", ("2026-11-19", "20:30")),
        ("2026-01-01T04:59Z", "America/New_York", ("2025-12-31", "23:59")),
        ("2024-02-29T20:00Z", "Asia/Tokyo", ("2024-03-01", "05:00")),
        ("2011-12-30T10:00Z", "Pacific/Apia", ("2011-12-31", "00:00")),
        ("2024-04-25T22:00Z", "Africa/Cairo", ("2024-04-26", "01:00")),
        ("2026-11-20T23:30", "Asia/Tokyo", ("2026-11-20", "23:30")),
        ("2026-11-20T23:30-06:00", "Asia/Tokyo", ("2026-11-20", "23:30")),
        ("2026-11-20T00:30+09:00", "America/Chicago", ("2026-11-20", "00:30")),
    ],
)
def test_a_time_in_utc_is_local_in_the_settings_zone_and_any_other_is_local_already(
    typed: str, zone: str, local: tuple[str, str]
) -> None:
    assert when(typed, zone) == local


@pytest.mark.parametrize("offset", ["Z", " Z", "+00:00", "+0000", "-00:00", "-0000"])
def test_utc_is_utc_however_it_is_written(offset: str) -> None:
    assert when(f"2026-11-20T23:30{offset}", "Asia/Tokyo") == ("2026-11-21", "08:30")


def test_a_time_with_an_offset_is_local_where_the_employer_is() -> None:
    assert when("2026-11-20T23:30-06:00", "UTC", "Asia/Tokyo") == ("2026-11-21", "14:30")
    assert when("2026-11-20T23:30Z", "America/Chicago", "Asia/Tokyo") == ("2026-11-21", "08:30")


@pytest.mark.parametrize("offset", ["+25:00", "-99:99", "+24:00"])
def test_an_offset_that_cannot_be_is_a_problem(offset: str) -> None:
    (found,) = problems(f"---\ninterviewed: 2026-11-20T14:00{offset}\ntimezone: Asia/Tokyo\n---\n")
    assert (found.code, found.line) == ("bad-date", 2)


def test_records_are_dates_or_skipped() -> None:
    found = read(
        "---\ninterviewed: 2026-11-20\ncard_sent: 2026-11-20T18:00\nfix_call: Skipped\nfix_call_2: 2026-11-30\n"
        "add_call:\nmy_call: whenever\n---\n"
    )
    assert {key: str(day) for key, day in found.records.items()} == {
        "card_sent": "2026-11-20",
        "fix_call": "skipped",
        "fix_call_2": "2026-11-30",
    }
    (wrong,) = problems("---\ninterviewed: 2026-11-20\nfix_call: yesterday\n---\n")
    assert (wrong.code, wrong.line, wrong.column) == ("bad-record", 3, 11)


def test_a_call_made_before_the_interview_is_a_warning_where_it_stands() -> None:
    found, said = note.parse(
        "n.md",
        "---\nfix_call: 2025-11-25\ninterviewed: 2026-11-20\ncard_sent: 2026-11-20\ncall_again: 2026-11-19\n---\n",
        METHOD,
    )
    assert found and str(found.records["fix_call"]) == "2025-11-25"
    assert [(one.code, one.severity, one.line, one.column) for one in said] == [
        ("early-date", "warning", 2, 11),
        ("early-date", "warning", 5, 13),
    ]
    assert said[0].message == "fix_call is 2025-11-25, before the day of the interview"


def test_the_log_knows_when_nobody_answered() -> None:
    found, problems = note.parse(
        "n.md",
        f"{HEAD}## Log\n- 2026-11-26 fix call no answer\n* 2026-11-25 14:30 Fix_call no answer: busy\n"
        "- 2026-11-25 fix call no answer\n- 2026-11-27 fix call 2 no answer\n- 2026-11-28 fix call: no, an answer\n"
        "- 2026-13-28 fix call no answer\n- card sent\n\n> - 2026-11-29 fix call no answer\n",
        METHOD,
    )
    assert found and [one.code for one in problems] == ["log-line"], "a day that is none"
    tries = {key: [str(day) for day in found.no_answer(key)] for key in ("fix_call", "fix_call_2", "card_sent")}
    assert tries == {"fix_call": ["2026-11-25", "2026-11-26"], "fix_call_2": ["2026-11-27"], "card_sent": []}


# --- other properties ------------------------------------------------------------------------------------


def test_what_cannot_be_used_is_a_warning_and_the_rest_is_read() -> None:
    text = "---\ninterviewed: 2026-11-20\nround: two\nregion: Atlantis\ntimezone: Mars/Base\ncompany: Acme\n---\n"
    found, said = note.parse("n.md", text, METHOD)
    assert found and (found.round, found.region, found.timezone, found.company) == (1, None, None, "Acme")
    assert [(one.code, one.line) for one in said] == [("bad-number", 3), ("unknown-region", 4), ("unknown-timezone", 5)]


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("TX", "write US-TX"),
        ("texas", "write US-TX"),
        ("US TX", "write US-TX"),
        ("US-Texas", "write US-TX"),
        ("Germany", "write DE"),
        ("de-bayern", "write DE-BY"),
        ("Bavaria", "write DE-BY"),
        ("DE-Bavaria", "write DE-BY"),
        ("England", "write GB-ENG"),
        ("Great Britain", "write GB"),
        ("Emirates", "write AE"),
        ("UAE", "write AE"),
        ("Dubai", "write AE"),
        ("Abu Dhabi", "write AE"),
        ("Österreich", "write AT"),
        ("Texass", "did you mean US-TX?"),
        ("Germny", "did you mean DE?"),
        ("US-California", "write US-CA"),
        ("Pensilvania", "did you mean US-PA?"),
        ("Washington, D.C.", "write US-DC"),
        ("Atlanta", "write a code such as US, US-TX or GB-SCT"),
        ("Georgia", "write GE or US-GA"),
        ("SG-01", "write SG"),
        ("US-XX", "write US, or a part of it such as US-AK"),
        ("GB-XX", "write GB, or one of GB-ENG, GB-NIR, GB-SCT, GB-WLS"),
        ("Atlantis", "write a code such as US, US-TX or GB-SCT"),
    ],
)
def test_an_unknown_region_names_the_code_to_type(typed: str, remedy: str) -> None:
    _, said = note.parse("n.md", f"---\ninterviewed: 2026-11-20\nregion: {typed}\n---\n", METHOD)
    assert [(one.code, one.remedy) for one in said] == [("unknown-region", remedy)]


@pytest.mark.parametrize(
    "zone", ["America", "..", "/etc/passwd", ".", '"\\0"', "x" * 300, "é", "5", "[a]", "US/", "utc2"]
)
def test_a_zone_that_is_none_is_only_a_warning(zone: str) -> None:
    found, said = note.parse("n.md", f"---\ninterviewed: 2026-11-20T14:00Z\ntimezone: {zone}\n---\n", METHOD)
    assert found and [one.code for one in said] == ["unknown-timezone"]


def test_a_slip_is_a_hint_and_an_unknown_key_is_the_users_own() -> None:
    text = "---\ninterviewed: 2026-11-20\ncompny: Acme\nInterviewers: Ana\nmood: fine\nsalary: 1\ntags: [x]\n---\n"
    found, said = note.parse("n.md", text, METHOD)
    assert found
    assert [(one.code, one.line, one.remedy) for one in said] == [
        ("misspelt-key", 3, "did you mean company?"),
        ("misspelt-key", 4, "did you mean interviewers?"),
    ]


# --- notes that are none of our business -----------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "",
        "words",
        "---\n---\n",
        "---\ntitle: x\n---\n## What went well\n- one\n",
        "---\ntitle: [\n---\n",
        "---\ntitle: x\ntitle: y\n---\n",
        "---\ntitle: x\n",
        "---\n- interviewed\n---\n",
        "---\ntitle: interviewed\n---\n",
        "---\nnot_interviewed: 2026-11-20\n---\n",
        "---\ninterview: 2026-11-20\n---\n",
        "---\nnested:\n  interviewed: 2026-11-20\n---\n",
        "---\ntitle: x\n---\ninterviewed: 2026-11-20\n",
        "---\ntitle: [\n---\ninterviewed: 2026-11-20\n",
        "<<<<<<< a\n>>>>>>> b\n",
        "---\nid: &x 1\n---\n",
    ],
)
def test_a_note_without_the_key_is_no_evaluation_and_no_problem(text: str) -> None:
    assert note.parse("n.md", text, METHOD) == (None, ())


@pytest.mark.parametrize("key", ["interviewd", "Interviewed", "interveiwed", "interviewed_"])
def test_a_slip_in_the_key_itself_is_a_problem_where_other_keys_leave_no_doubt(key: str) -> None:
    (found,) = problems(f"---\n{key}: 2026-11-20\ncard_sent:\nfix_call:\n---\n")
    assert (found.code, found.line, found.column) == ("misspelt-key", 2, 1)
    assert note.parse("n.md", f"---\n{key}: 2026-11-20\nfix_call:\n---\n", METHOD) == (None, ())


QUESTIONS = "".join(f"## {heading}\n- x\n" for heading in METHOD.questions.values())


@pytest.mark.parametrize(
    "typed",
    [
        *("interviewd: 2026-11-20", "intervewed: 2026-11-20", "interview: 2026-11-20", "interview: Nov 20"),
        *("inteviewed: 2026-11-20", "interbiewed: 2026-11-20", "intreviewed: 20/11/2026", "Interview: yesterday"),
        *("nterviewed: 2026-11-20", "interviewe: 2026-11-20", "Interview date: 2026-11-20", "inter_viewed: 2026-11-20"),
    ],
)
def test_so_it_is_where_the_questions_stand_below(typed: str) -> None:
    text = f"---\n{typed}\ncompany: Acme\n---\n{QUESTIONS}"
    (found,) = problems(text)
    assert (found.code, found.line, found.column) == ("misspelt-key", 2, 1)
    assert found.remedy == "did you mean interviewed?"
    assert note.may_be_evaluation(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "interview: 2026-11-20\ncompany: Acme\n---\n## Who\n- Ana\n",
        "interview: Ana Rivera\nreviewed: 2026-11-20\n---\n## What went well\n- the sprint\n## Actions\n- x\n",
        f"interviewer: Ana\n---\n{QUESTIONS}",
        f"reviewed: 2026-11-20\ninternal: 2026-11-20\n---\n{QUESTIONS}",
        f"inspected: 2026-11-20\nviewed: 2026-11-20\n---\n{QUESTIONS}",
        "interview: 2026-11-20\n---\nwhat went well, what connected\n",
    ],
)
def test_a_note_of_strangers_stays_without_a_problem(text: str) -> None:
    assert note.parse("n.md", f"---\n{text}", METHOD) == (None, ())


def test_a_known_key_is_no_slip_of_another() -> None:
    assert note.parse("n.md", "---\ninterviewers: Ana\ncard_sent:\n---\n", METHOD) == (None, ())
    (found,) = problems("---\ninterviewd: 2026-11-20\ninterviewers: Ana\ncard_sent:\n---\n")
    assert (found.code, found.line) == ("misspelt-key", 2)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("---\ninterviewed: 2026-11-20\ncompany: [\n---\n", "bad-yaml", 4),
        ("---\ninterviewed: 2026-11-20\ninterviewed: 2026-11-21\n---\n", "duplicate-key", 3),
        ("---\ncompany: *x\ninterviewed: 2026-11-20\n---\n", "anchor", 2),
        ('---\n"interviewed" : 2026-11-20\ncompany: [\n---\n', "bad-yaml", 4),
        ("---\ninterviewed: 2026-11-20\n", "unclosed-front-matter", 1),
    ],
)
def test_an_evaluation_that_cannot_be_read_says_so_with_any_line_end(text: str, code: str, line: int, end: str) -> None:
    (found,) = problems(text.replace("\n", end))
    assert (found.code, found.line) == (code, line)


def test_a_conflict_in_an_evaluation_is_a_problem() -> None:
    text = "---\n<<<<<<< HEAD\ninterviewed: 2026-11-20\n=======\ninterviewed: 2026-11-21\n>>>>>>> other\n---\n"
    (found,) = problems(text)
    assert (found.code, found.line) == ("conflict-markers", 2)


def test_bytes_that_are_no_utf_8_are_a_problem_with_its_place() -> None:
    text, said = note.decode("n.md", b"---\r\ninterviewed: 2026-11-20\r\ncompany: Caf\xe9\r\n---\r\n")
    assert not text and [(one.code, one.line, one.column) for one in said] == [("not-utf-8", 3, 13)]


def test_a_note_that_is_too_large_is_a_problem() -> None:
    text, said = note.decode("n.md", HEAD.encode() + b"x" * note.MOST_BYTES)
    assert not text and [one.code for one in said] == ["too-large"]


# --- laws ------------------------------------------------------------------------------------------------

KEYS = (
    "interviewed",
    "interviewd",
    "company",
    "interviewers",
    "call_to",
    "region",
    "timezone",
    "fix_call",
    "round",
    "x",
)
VALUES = (
    *(
        "",
        "~",
        "2026-11-20",
        "2026-11-20T23:00Z",
        "2026-11-20T14:00+25:00",
        "2026-13-45",
        "skipped",
        "2",
        "DE-BY",
        "US-",
    ),
    *(
        "[a, b]",
        "[[a|b]]",
        "{a: {b: c}}",
        "- a",
        "&a",
        "*a",
        "[",
        '"',
        '"\\0"',
        "|",
        "!x [a]",
        "? ",
        "Asia/Tokyo",
        "\t",
    ),
    *("\n  - a\n  - b: c", "\n- [[a]]", "é\u2028x", "{why}", "%s", "{{ x }}", "..", "\0", "١٢", "T１４:00"),
)
BODY = (
    *(
        "## What went well",
        "# said but wish i had not",
        "## Log",
        "Requirements I lack\n---",
        "##",
        "### deeper",
        "===",
        "---",
    ),
    *(
        "- a",
        "* b",
        "+ c",
        "1. d",
        "  - Better: e",
        "    - f",
        "\t- g",
        "- [ ] h",
        "-",
        "  -",
        "- > q",
        "Better: i",
        "word",
    ),
    *(
        "```",
        "~~~",
        "%%",
        "<!--",
        "-->",
        "> - q",
        "| - a |",
        "|---|",
        "<div>",
        "$$",
        "***",
        "a:: b",
        "[x]: y",
        "[^1]: z",
    ),
    *(
        "- 2026-11-25 fix call no answer",
        "![[x]]",
        "- ==a==",
        "- #t",
        "- ^id",
        "    code",
        "\ufeff",
        "\0",
        "\x85",
        "\u2028",
    ),
)
FRONT = st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)), max_size=6).map(
    lambda pairs: "".join(f"{key}: {typed}\n" for key, typed in pairs)
)
BODIES = st.one_of(st.text(), st.lists(st.sampled_from(BODY), max_size=20).map("\n".join))
NOTES = st.one_of(st.text(), st.builds("---\n{}---\n{}".format, FRONT, BODIES))


@given(NOTES, st.sampled_from(["UTC", "Asia/Tokyo"]))
@example("---\n!x\ninterviewed: 2026-11-20\n---\n", "UTC")
@settings(deadline=None)
def test_any_text_is_read_or_has_problems_with_their_place(text: str, zone: str) -> None:
    found, said = note.parse("n.md", text, METHOD, zone)
    last = len(lines.split(text))
    assert all(1 <= one.line <= last and one.column >= 1 and one.remedy for one in said)
    assert not found or all(one.severity != "error" for one in said)
    assert found or said or "interviewed" not in properties.read("n.md", text).values


@given(NOTES)
@settings(deadline=None)
def test_a_text_without_the_key_gives_nothing_but_a_slip(text: str) -> None:
    found, said = note.parse("n.md", re.sub("interviewed", "x", text), METHOD)
    assert found is None
    assert all(one.code == "misspelt-key" for one in said)


@given(BODIES)
@settings(deadline=None)
def test_any_body_is_read_and_its_items_are_single_lines(body: str) -> None:
    text = HEAD + body
    found, said = note.parse("n.md", text, METHOD)
    assert found and {one.code for one in said} <= {"misspelt-heading", "unknown-heading", "unclosed", "misspelt-label"}
    last = len(lines.split(text))
    for item in (item for material in found.items.values() for item in material):
        assert 4 <= item.line <= last
        assert item.text and item.text == " ".join(item.text.split())
        assert item.answer is None or (item.answer and item.answer == " ".join(item.answer.split()))


@given(st.lists(st.sampled_from(BODY), max_size=20))
@settings(deadline=None)
def test_any_body_reads_the_same_with_every_line_end(body: list[str]) -> None:
    text = "\n".join([HEAD, *body, ""])
    one = note.parse("n.md", text, METHOD)
    assert note.parse("n.md", text.replace("\n", "\r\n"), METHOD) == one
    assert note.parse("n.md", text.replace("\n", "\r"), METHOD) == one


@given(st.lists(st.text(alphabet="abc xyz").map(str.strip).filter(bool), max_size=9), st.sampled_from("-*+"))
def test_every_line_typed_below_a_question_is_an_item(words: list[str], bullet: str) -> None:
    assert texts("\n".join(f"{bullet} {one}" for one in words)) == [" ".join(one.split()) for one in words]


# --- hostile sizes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("piece", ["- ", "1. ", "> ", "> - ", "- > ", "* - + ", "- [ ] ", ">"])
def test_two_thousand_nested_lists_hide_nothing_behind_them(piece: str) -> None:
    found, said = note.parse("n.md", f"{HEAD}## {WELL}\n{piece * 2000}a\n## {SAID}\n- one\n", METHOD)
    if found:
        assert [item.text for item in found.items[same(SAID)]] == ["one"]
    else:
        assert [one.code for one in said] == ["too-deep"]


def test_two_thousand_lists_nested_by_indentation_are_too_large_a_note() -> None:
    deep = "".join(f"{'  ' * level}- a\n" for level in range(2000))
    assert note.decode("n.md", f"{HEAD}## {WELL}\n{deep}".encode())[1][0].code == "too-large"
    forty = "".join(f"{'  ' * level}- a{level}\n" for level in range(40))
    assert [item[:2] for item in items(forty + "- b\n")] == [("a0", "a1"), ("b", None)]


@pytest.mark.parametrize("piece", ["*a ", "`a``", "<!--", "](", "~~", "==", "%% "])
def test_a_line_of_100_kb_is_read(piece: str) -> None:
    found = read(f"{HEAD}## {WELL}\n- {piece * (100_000 // len(piece))}\n## {SAID}\n- one\n")
    assert [item.text for item in found.items[same(SAID)]] == ["one"]


@pytest.mark.parametrize("piece", ["![[", "[^", "[a::", "(a::", "[[", "%%a", "#a ", " ^a", "=="])
def test_its_words_are_taken_out_in_bounded_time(piece: str) -> None:
    """A linear reading takes milliseconds, one that looks ahead from every place minutes."""
    started = time.process_time()
    plain(Token("inline", "", 0, children=[Token("text", "", 0, content=piece * 60_000)]))
    assert time.process_time() - started < 2


# --- the line above the properties -----------------------------------------------------------------------

_PROPERTIES = "interviewed: 2026-01-07\ncompany: Acme\ninterviewers:\n  - Ana Rivera\n---\n## What went well\n- x\n"


@pytest.mark.parametrize(
    "above",
    [
        *("", "\n---\n", " ---\n", "--\n", "----\n", "\n\n", "\ufeff", "company: Acme\n", "# x\n\n---\n"),
        *("—-\n", "—\n", "\n\ufeff---\n", "Acme, on Tuesday\n\n---\n", "- call Ana\n---\n", "<!-- x -->\n---\n"),
    ],
)
def test_properties_without_their_first_line_are_a_problem(above: str) -> None:
    text = above + _PROPERTIES
    found, problems = note.parse("n.md", text, METHOD)
    assert note.may_be_evaluation(text.encode()) and found is None
    assert [(one.code, one.line) for one in problems] == [("no-opening", above.count("\n") + 1)]


@pytest.mark.parametrize("above", ["---\n---\n", "---\ntags: job\n---\n", "---\na: [\n---\n\n# Acme\n\n---\n"])
def test_an_evaluation_below_other_properties_is_a_problem(above: str) -> None:
    text = above + _PROPERTIES
    (found,) = problems(text)
    assert note.may_be_evaluation(text.encode())
    assert (found.code, found.line) == ("interviewed-below", above.count("\n") + 1)


@pytest.mark.parametrize("typed", ["interviewed:\n", "interviewed: Friday\n", "company: Acme\ninterviewed:\n"])
def test_nor_do_they_need_a_date_where_their_last_line_stands(typed: str) -> None:
    (found,) = problems(f"{typed}fix_call:\n---\n## What went well\n")
    assert found.code == "no-opening"


def test_a_key_that_was_moved_in_makes_no_note_vanish() -> None:
    (found,) = problems("---\n  interviewed: 2026-01-07\ncompany: Acme\n---\n")
    assert found.code == "bad-yaml"


@pytest.mark.parametrize(
    "text",
    [
        "I was asked:\ninterviewed by Ana\n",
        "They said\ninterviewed: 2026-01-07\n",
        "```yaml\ninterviewed: 2026-01-07\n```\n",
        "- one\n- interviewed: 2026-01-07\n",
        "topic: hiring\ninterviewed: twice\n",
        "interviewed: 12 people for the post\n",
        "---\ncompany: Acme\n---\ninterviewed: 2026-01-07\n",
        "Such a note begins so:\n\n```yaml\n---\ninterviewed: 2026-01-07\n---\n```\n",
        "Such a note begins so:\n\n    ---\n    interviewed: 2026-01-07\n    ---\n",
        "Such a note begins so:\n\n---\ninterviewed:\ncompany:\n---\n",
        "My week\n\n---\ninterviewed: 2026-01-07 it was, and I was tired\n",
        "My week\n\n---\n\ninterviewed: 2026-01-07\n\n---\n",
        "> ---\n> interviewed: 2026-01-07\n> ---\n",
        "---\ntags: job\n---\ninterviewed: twice\ncompany: Acme\n",
        "---\ntags: job\n---\nMy week\ninterviewed: 2026-01-07\ncompany: Acme\n",
        "---\ntags: job\n---\n```yaml\ninterviewed: 2026-01-07\ncompany: Acme\n```\n",
        "---\ntags: job\n---\nBegin so:\n\n```yaml\n---\ninterviewed: 2026-01-07\n---\n```\n",
        "# How I write\n\n```yaml\ninterviewed: 2026-01-07\ncompany: Acme\n```\n",
        "***\nI was interviewed: 2026-01-07\n***\n",
        "***\ninterviewed: twice\n***\n",
    ],
)
def test_a_note_that_only_speaks_of_it_is_none(text: str) -> None:
    assert note.parse("n.md", text, METHOD) == (None, ())


@pytest.mark.parametrize("quotes", ["“{}”", "„{}“", "«{}»", "‘{}’", "”{}”", "“ {} ”"])
def test_a_phones_quotes_around_a_value_are_none_of_it(quotes: str) -> None:
    typed = {"company": "Acme", "phone": "089 1234567", "outcome": "rejected", "interviewers": "Ana Rivera, COO"}
    head = "".join(f"{key}: {quotes.format(value)}\n" for key, value in typed.items())
    found, problems = note.parse("n.md", f"---\ninterviewed: 2026-11-20\n{head}---\n", METHOD)
    assert found and not problems
    assert (found.company, found.phone, found.outcome) == ("Acme", "089 1234567", "rejected")
    assert [tuple(one) for one in found.interviewers] == [("Ana Rivera", "COO")]


@pytest.mark.parametrize("typed", ["“Acme” and “Beta”", "The “new” Acme", "“Acme” Ltd", "O’Hara’s"])
def test_quotes_around_a_part_of_a_value_stay(typed: str) -> None:
    found, _ = note.parse("n.md", f"---\ninterviewed: 2026-11-20\ncompany: {typed}\n---\n", METHOD)
    assert found and found.company == typed


@pytest.mark.parametrize("key", ["interviewd", "intrviewd", "intrviewed", "intervewed", "intrveiwed", "nterviewed"])
def test_a_slip_of_the_key_of_the_whole_note_is_found_whatever_letters_are_left(key: str) -> None:
    questions = "".join(f"## {one}\n- none\n" for one in METHOD.questions.values())
    text = f"---\n{key}: 2026-11-20\ncompany: Acme\n---\n{questions}"
    assert note.may_be_evaluation(text.encode())
    found, problems = note.parse("n.md", text, METHOD)
    assert found is None and [one.code for one in problems] == ["misspelt-key"]
