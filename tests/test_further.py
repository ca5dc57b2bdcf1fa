"""`reconnect new --from`: the note of a further interview, and what it takes over from the one before."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import Date

from reconnect_md import create, further, method, note, outlook, plan, reading
from reconnect_md.agenda import unsaid
from reconnect_md.model import Evaluation, Item, Plan, same
from reconnect_md.vault import Vault, shipped_templates
from reconnect_md.workdays import WorkCalendar

from .test_cli import run, snapshot

TODAY = Date(2026, 1, 20)
METHOD, _ = method.read(shipped_templates(), {})
NOTE = """\
---
interviewed: 2026-01-07
company: "Acme: Logistics"
position: Operations manager
interviewers:
  - Ana Rivera, Director of operations
  - "[[Bo Li]]"
phone: "+1 512 555 0142"
region: US-TX
outcome: second interview
card_sent: 2026-01-07
fix_call: 2026-01-12
add_call: skipped
compensate_call:
my_own: kept to myself
---
## What went well
- The tour

## Said, but wish I had not
- Why I left: I complained
  - Better: I had done it
- My German: I said fine
  - Better: I hold B1

## Did not say, but wish I had
- I moved 40 people

## Requirements I do not satisfy
- Six Sigma
  - Compensate: I hold a `green` belt

## Log
"""
MADE = """\
---
interviewed: 2026-02-03T10:00
company: "Acme: Logistics"
position: Planner
interviewers:
  - Ana Rivera, Director of operations
  - "[[Bo Li]]"
  - Cy Cole, CFO
phone: "+1 512 555 0142"
email:
region: US-TX
timezone:
call_again:
outcome:
card_sent:
fix_call:
add_call:
compensate_call:
round: 2
---
> [!todo] Not said in [[Interviews/2026-01-07 Acme|2026-01-07 Acme]]: prepare it
> **Said, but wish I had not**
> - My German: I said fine
>   - Better: I hold B1
>
> **Did not say, but wish I had**
> - I moved 40 people
>
> **Requirements I do not satisfy**
> - Six Sigma
>   - Compensate: I hold a green belt

## What went well
-
"""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "Interviews").mkdir()
    (tmp_path / "Reconnect.md").write_text("---\nme: Jo\ninterviews: Interviews\ntimezone: UTC\n---\n", "utf-8")
    (tmp_path / "Interviews" / "2026-01-07 Acme.md").write_text(NOTE, "utf-8")
    return tmp_path


def planned(text: str, today: Date = TODAY) -> Plan:
    evaluation, _ = note.parse("Acme.md", text, METHOD, "UTC")
    assert evaluation
    (found,) = plan.plans([evaluation], METHOD, lambda _: WorkCalendar(), today)
    return found


def test_the_note_of_a_further_interview(vault: Path) -> None:
    before = snapshot(vault)
    words = ("--interviewed", "2026-02-03T10:00", "--position", "Planner", "--interviewer", "Cy Cole, CFO")
    done = run("new", "--from", "acme", *words, cwd=vault)
    made = Path(done.stdout.strip())
    assert made.name == "2026-02-03 Acme Logistics.md"
    assert made.read_text("utf-8").startswith(MADE)
    assert snapshot(vault).items() - before.items() == {(str(made), made.read_bytes())}
    seen = reading.everything(Vault(vault), outlook.frame(Vault(vault)), TODAY)
    assert not [one for one in seen.problems if "2026-02-03" in one.note]
    evaluation = seen.notes.evaluations["Interviews/2026-02-03 Acme Logistics.md"]
    assert evaluation.round == 2 and len(evaluation.interviewers) == 3
    assert not evaluation.answered and not any(evaluation.items.values())


def test_an_interview_that_goes_on_is_to_be_closed(vault: Path) -> None:
    path = vault / "Interviews" / "2026-01-07 Acme.md"
    path.write_text(NOTE.replace("outcome: second interview", "outcome:"), "utf-8")
    assert "outcome: second interview" in run("new", "--from", "Acme", cwd=vault).stderr
    assert "did you mean" in run("new", "--from", "Acne", cwd=vault, expect=2).stderr


def test_an_interview_somewhere_else_is_no_further_one(vault: Path) -> None:
    before = snapshot(vault)
    said = run("new", "--from", "Acme", "--company", "Other", cwd=vault, expect=2).stderr
    assert "leave out --company" in said and snapshot(vault) == before
    assert run("new", "--from", "Acme", "--company", "acme logistics", cwd=vault).stdout


def test_a_further_interview_is_not_before_the_one_it_comes_from(vault: Path) -> None:
    before = snapshot(vault)
    said = run("new", "--from", "Acme", "--interviewed", "2026-01-06", cwd=vault, expect=2).stderr
    assert "2026-01-06 is before the interview from which it goes on, on 2026-01-07" in said
    assert snapshot(vault) == before
    assert run("new", "--from", "Acme", "--interviewed", "2026-01-07T16:00", cwd=vault).stdout


def test_who_was_there_before_is_named_once(vault: Path) -> None:
    typed = ("--interviewer", "BO LI, CTO", "--interviewer", "ana rivera", "--interviewer", "Cy Cole")
    made = Path(run("new", "--from", "Acme", *typed, cwd=vault).stdout.strip())
    found, _ = note.parse("n.md", made.read_text("utf-8"), METHOD)
    assert found and [one.name for one in found.interviewers] == ["Ana Rivera", "BO LI", "Cy Cole"]
    assert "[[Bo Li]]" not in made.read_text("utf-8")


def test_what_no_round_said_is_there_from_the_third_round_on(vault: Path) -> None:
    words = ("--interviewed", "2026-02-03", "--position", "Planner")
    second = Path(run("new", "--from", "2026-01-07 Acme", *words, cwd=vault).stdout.strip())
    text = second.read_text("utf-8")
    own = "## Did not say, but wish I had\n- I moved 40 people!\n- I speak Basque\n"
    second.write_text(text.replace("## Did not say, but wish I had\n-\n", own), "utf-8")
    third = Path(run("new", "--from", "2026-02-03", "--interviewed", "2026-03-03", cwd=vault).stdout.strip())
    top = third.read_text("utf-8").partition("---\n> ")[2].partition("\n## ")[0]
    assert (
        top
        == """\
[!todo] Not said in [[Interviews/2026-02-03 Acme Logistics|2026-02-03 Acme Logistics]]: prepare it
> **Did not say, but wish I had**
> - I moved 40 people!
> - I speak Basque

> [!todo] Not said in [[Interviews/2026-01-07 Acme|2026-01-07 Acme]]: prepare it
> **Said, but wish I had not**
> - My German: I said fine
>   - Better: I hold B1
>
> **Requirements I do not satisfy**
> - Six Sigma
>   - Compensate: I hold a green belt
"""
    )
    # A round without answers of its own hands on what is left of those before it.
    second.write_text(text, "utf-8")
    third = Path(run("new", "--from", "2026-02-03", "--interviewed", "2026-03-03", cwd=vault).stdout.strip())
    lines = third.read_text("utf-8").partition("---\n> ")[2].splitlines()
    assert lines[0] == "The interview before: [[Interviews/2026-02-03 Acme Logistics|2026-02-03 Acme Logistics]]"
    assert "> - I moved 40 people" in lines and "> - My German: I said fine" in lines


ANSWERS = [
    ("Said, but wish I had not", ["My German: I said fine"]),
    ("Did not say, but wish I had", ["I moved 40 people"]),
    ("Requirements I do not satisfy", ["Six Sigma"]),
]


@pytest.mark.parametrize(
    ("old", "new", "left"),
    [
        ("", "", ANSWERS),
        ("outcome: second interview", "outcome:", ANSWERS),
        ("fix_call: 2026-01-12", "fix_call: skipped", [
            (ANSWERS[0][0], ["Why I left: I complained", "My German: I said fine"]), *ANSWERS[1:]]),
        ("add_call: skipped", "add_call: 2026-01-15", [ANSWERS[0], ANSWERS[2]]),
        ("compensate_call:", "compensate_call: 2026-01-19", ANSWERS[:2]),
        ("- I moved 40 people", "- none", [ANSWERS[0], ANSWERS[2]]),
    ],
)  # fmt: skip
def test_what_no_call_said_is_left(old: str, new: str, left: list[tuple[str, list[str]]]) -> None:
    found = unsaid(planned(NOTE.replace(old, new)))
    assert [(step.uses[0], [item.text for item in items]) for step, items in found] == left


def test_where_all_was_said_the_link_stays() -> None:
    text = NOTE.replace("add_call: skipped", "add_call: 2026-01-15").replace(
        "compensate_call:", "compensate_call: 2026-01-19"
    )
    text = text.replace("- My German: I said fine\n  - Better: I hold B1\n", "")
    assert list(further.callouts([planned(text)], "New.md", METHOD)) == ["> The interview before: [[Acme]]"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Compensate I hold a green belt", "Compensate: I hold a green belt"),
        ("Compensate; a green belt", "Compensate: a green belt"),
        ("a green belt", "Compensate: a green belt"),
        ("Compensate with a green belt", "Compensate with a green belt"),
    ],
)
def test_the_label_of_an_answer_stands_there_once(typed: str, said: str) -> None:
    text = f"---\ninterviewed: 2026-01-07\n---\n## Requirements I do not satisfy\n- Six Sigma\n  - {typed}\n"
    assert list(further.callouts([planned(text)], "New.md", METHOD))[-1] == f">   - {said}"


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("A/2026 Acme.md", "[[A/2026 Acme|2026 Acme]]"),
        ("A/Acme [Texas] #1.md", "[Acme \\[Texas\\] \\#1](../A/Acme%20%5BTexas%5D%20%231.md)"),
    ],
)
def test_a_link_leads_to_whatever_name(path: str, link: str) -> None:
    assert further._link(path, "B/New.md") == link


WORDS = st.text(st.sampled_from("ab -*>#`[]()|:!%<&\\=~_$^1.\t"), min_size=1, max_size=24).filter(str.strip)


@given(st.lists(st.tuples(WORDS, WORDS | st.none()), min_size=1, max_size=3))
def test_no_words_of_the_old_note_are_an_answer_in_the_new_one(items: list[tuple[str, str | None]]) -> None:
    """Nor does any of them change how the rest is read."""
    question = same("Said, but wish I had not")
    found = tuple(Item(text, answer, 1) for text, answer in items)
    evaluation = Evaluation("Acme.md", Date(2026, 1, 7), "10:00", "Acme", items={question: found})
    (before,) = plan.plans([evaluation], METHOD, lambda _: WorkCalendar(), TODAY)
    template = shipped_templates()["templates/Interview evaluation.md"].replace("{{date:YYYY-MM-DD}}", "2026-02-03")
    text = create._at_the_top(template, further.callouts([before], "New.md", METHOD))
    plain, with_it = (note.parse("New.md", one, METHOD, "UTC") for one in (template, text))
    assert plain[0] and with_it[0]
    assert (plain[0].items, plain[0].answered, plain[0].log) == (with_it[0].items, with_it[0].answered, with_it[0].log)
    assert [one.code for one in plain[1]] == [one.code for one in with_it[1]]
    assert plain[0].asked.keys() == with_it[0].asked.keys()


def test_the_line_ends_of_a_template_stay() -> None:
    assert create._at_the_top("---\r\na: b\r\n---\r\n# c\r\n", ["> d"]) == "---\r\na: b\r\n---\r\n> d\r\n\r\n# c\r\n"


if sys.platform != "win32":
    from .test_asking import CTRL_C, Talk, files

    def test_on_a_terminal_only_what_is_new_is_asked(vault: Path) -> None:
        talk = Talk(vault, "new", "--from", "Acme", "--interviewed", "2999-02-03")
        talk.answer("Who beside Ana Rivera, Director of operations; [[Bo Li]]", "Cy Cole\n\n")
        assert talk.end() == 0 and "What went well" not in talk.shown and "Company" not in talk.shown
        text = (vault / "Interviews" / "2999-02-03 Acme Logistics.md").read_text("utf-8")
        assert '  - "[[Bo Li]]"\n  - Cy Cole\nphone:' in text

    def test_who_stops_has_changed_nothing(vault: Path) -> None:
        before = files(vault)
        talk = Talk(vault, "new", "--from", "Acme")
        talk.answer("Day of the interview", CTRL_C)
        assert talk.end() == 130 and files(vault) == before

    def test_a_day_before_the_first_interview_is_asked_for_again(vault: Path) -> None:
        talk = Talk(vault, "new", "--from", "Acme")
        talk.answer("Day of the interview", "2026-01-06\n")
        talk.answer("is before the interview", "")
        talk.answer("Day of the interview", CTRL_C)
        assert talk.end() == 130
