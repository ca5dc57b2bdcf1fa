"""What was really done, and what it shows: counted again by a slow, obvious reading of the notes, and by hand."""

import json
import random
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pendulum import Date
from rapidfuzz import fuzz

from reconnect_md import history, learn, method, note, plan
from reconnect_md.model import Plan
from reconnect_md.settings import Settings
from reconnect_md.vault import shipped_templates

from . import oracle, random_vaults

METHOD, _ = method.read(shipped_templates())
WAITS = {"fix_call": 4, "add_call": 3, "compensate_call": 4}
"""The record of each call, and the working day after which it is late."""

ASKED = {"Said, but wish I had not": "fix_call", "Did not say, but wish I had": "add_call",
         "Requirements I do not satisfy": "compensate_call"}  # fmt: skip
PAIRS = re.findall(r"^\| (.*) \| ([=~/]) \| (.*) \|$", (Path(__file__).parent / "alike.md").read_text("utf-8"), re.M)


def day_of(typed: str) -> date | None:
    return date.fromisoformat(typed[:10]) if re.match(r"\d{4}-", typed) else None


class Naive:
    """One note, read line by line."""

    def __init__(self, text: str) -> None:
        _, front, body = text.split("---\n", 2) if text.count("---\n") > 1 else ("", text, "")
        self.keys = dict(re.findall(r"^(\w+): *(.*)$", front, re.M))
        self.interviewed = date.fromisoformat(self.keys["interviewed"])
        self.outcome = self.keys["outcome"]
        self.tries = re.findall(r"^- (\S+) (\w+) call no answer$", body, re.M)
        self.items: dict[str, list[tuple[str, bool]]] = {}
        heading = ""
        for line in body.splitlines():
            if line.startswith("## "):
                heading = line[3:]
            elif line.startswith("- "):
                self.items.setdefault(heading, []).append((line[2:], False))
            elif line.startswith("  - "):
                self.items[heading][-1] = (self.items[heading][-1][0], True)

    def material(self, record: str) -> bool:
        return bool(
            self.items.get(next((heading for heading, one in ASKED.items() if one == record), "What went well"))
        )

    def contacts(self, calendar: oracle.Calendar, today: date) -> list[tuple[str, str]]:
        """(record, what became of it)"""
        found = []
        anchor = self.interviewed
        for record in ("card_sent", *WAITS):
            typed = self.keys[record]
            if not typed and not self.material(record):
                continue
            made = day_of(typed)
            if typed == "skipped":
                found.append((record, "skipped"))
            elif made is None:
                late_card = record == "card_sent" and calendar.after(self.interviewed) <= today
                found.append((record, "not made" if self.outcome else "open, late" if late_card else "open"))
            elif record == "card_sent":
                found.append((record, "open" if made > today else "in time" if made <= self.interviewed else "late"))
            else:
                tries = [date.fromisoformat(day) for day, step in self.tries if f"{step}_call" == record]
                first = min([made, *(day for day in tries if anchor < day <= today)])
                in_time = first <= calendar.after(anchor, WAITS[record])
                found.append((record, "open" if made > today else "in time" if in_time else "late"))
                anchor = max(anchor, made)
        return found

    def said(self, heading: str, today: date) -> str:
        """The item that a call spoke: the first."""
        made = day_of(self.keys[ASKED[heading]])
        items = self.items.get(heading, [])
        return items[0][0] if items and made and made <= today else ""


def planned(seed: int) -> tuple[list[Plan], list[tuple[Naive, oracle.Calendar]], date]:
    evaluations, today, chosen = random_vaults.random_vault(random.Random(seed))
    own = Settings(
        region=chosen["region"],
        weekend=frozenset(chosen["weekend"]) if chosen["weekend"] else None,
        days_off=tuple((Date(d.year, d.month, d.day),) * 2 for d in chosen["days_off"]),
    )
    texts = {one["note"]: random_vaults.to_markdown(one) for one in evaluations}
    read = [found for name, text in texts.items() if (found := note.parse(name, text, METHOD)[0])]
    plans = plan.plans(read, METHOD, lambda one: own.workdays(one.region), Date(today.year, today.month, today.day))
    weekend = frozenset(chosen["weekend"]) if chosen["weekend"] else None
    naive = [
        (
            Naive(texts[one["note"]]),
            oracle.Calendar(one["region"] or chosen["region"], weekend, frozenset(chosen["days_off"])),
        )
        for one in evaluations
    ]
    return list(plans), [one for one in naive if one[0].interviewed <= today], today


@given(seed=st.integers(min_value=0, max_value=1_000_000))
@settings(max_examples=40, deadline=None)
def test_the_numbers_are_those_of_a_slow_count(seed: int) -> None:
    plans, naive, today = planned(seed)
    day = Date(today.year, today.month, today.day)
    became = [(one, record, how) for one, calendar in naive for record, how in one.contacts(calendar, today)]
    cards = [how for _, record, how in became if record == "card_sent" and how != "open"]
    assert history.funnel(plans, day) == history.Funnel(
        interviews=len(naive),
        cards=len(cards),
        cards_in_time=cards.count("in time"),
        calls=sum(record != "card_sent" and how in ("in time", "late") for _, record, how in became),
        seconds=sum(one.outcome == "second interview" for one, _ in naive),
        offers=sum(one.outcome in ("offer", "hired") for one, _ in naive),
    )
    count = Counter((one.outcome, how) for one, _, how in became)
    learned = learn.lessons(plans, METHOD, day)
    assert {row.outcome: row[1:] for row in learned.kept} == {
        outcome: (
            sum(one.outcome == outcome for one, _ in naive),
            *(count[outcome, how] for how in ("in time", "late", "skipped", "not made")),
        )
        for outcome in {one.outcome for one, _ in naive}
    }


@given(seed=st.integers(min_value=0, max_value=1_000_000))
@settings(max_examples=30, deadline=None)
def test_what_comes_up_again_and_what_was_never_said(seed: int) -> None:
    plans, naive, today = planned(seed)
    learned = learn.lessons(plans, METHOD, Date(today.year, today.month, today.day))
    notes, answered, said = Counter[tuple[str, str]](), set(), set()
    for one, _ in naive:
        for heading in ASKED:
            items = one.items.get(heading, [])
            notes.update({(heading, text) for text, _ in items})
            answered |= {(heading, text) for text, answer in items if answer or heading.startswith("Did not")}
            said |= {(heading, one.said(heading, today))}
    assert {(one.question, one.text): len(one.notes) for one in learned.again} == {
        key: count for key, count in notes.items() if count > 1
    }
    assert {(one.question, one.text) for one in learned.unused} == answered - said


@pytest.mark.parametrize(("one", "sign", "other"), PAIRS)
def test_which_lines_mean_the_same(one: str, sign: str, other: str) -> None:
    points = fuzz.token_set_ratio(learn.topic_of(one), learn.topic_of(other))
    assert (points >= learn.ALIKE) == (sign == "=")


def test_there_are_pairs_of_each_kind() -> None:
    assert {sign: [one[1] for one in PAIRS].count(sign) > 2 for sign in "=~/"} == dict.fromkeys("=~/", True)


EVALUATION = """\
---
interviewed: {day}
company: {company}
outcome: {outcome}
card_sent: {day}
fix_call: {made}
---
## What went well
- The tour
## Said, but wish I had not
- Why I left: I complained
  - Better: {answer}
## Log
{log}
"""


def vault(root: Path, *notes: tuple[str, str, str, str, str, str]) -> Path:
    for company, day, outcome, made, answer, log in notes:
        text = EVALUATION.format(company=company, day=day, outcome=outcome, made=made, answer=answer, log=log)
        (root / f"{company}.md").write_text(text, "utf-8")
    return root


def told(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "reconnect_md", "learn", str(root), "--date", "2026-11-25", *words]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)


def test_the_best_answer_is_the_newest_that_went_on(tmp_path: Path) -> None:
    vault(
        tmp_path,
        ("Acme", "2026-01-07", "second interview", "2026-01-12", "I wanted a larger warehouse", ""),
        ("Bolt", "2026-02-04", "rejected", "2026-02-09", "I was bored", ""),
        ("Cobb", "2026-11-20", "", "", "I had done it", ""),
    )
    found = json.loads(told(tmp_path, "--json").stdout)
    (again,) = found["again"]
    assert [use["note"] for use in again["uses"]] == ["Acme.md", "Bolt.md", "Cobb.md"]
    assert (again["best"]["answer"], again["best"]["said"]) == ("I wanted a larger warehouse", "2026-01-12")
    text = told(tmp_path).stdout
    assert "in 3 interviews: Acme.md:11, Bolt.md:11, Cobb.md:11" in text
    assert "rejected          1 interview: 2 of 2 in time, 0 late, 0 skipped; too few to say anything" in text


@pytest.mark.parametrize(
    ("made", "log", "kept"),
    [
        ("2026-01-13", "", "in time"),  # a Tuesday, the fourth working day
        ("2026-01-14", "", "late"),
        ("2026-01-09", "", "in time"),  # early is not late
        ("2026-01-15", "- 2026-01-13 fix call no answer", "in time"),  # nobody answered when it was time
        ("2026-01-15", "- 2026-01-14 fix call no answer", "late"),
        ("2026-01-19", "- 2026-01-19 fix call, asked for 2026-01-19", "in time"),
        ("2026-01-20", "- 2026-01-20 fix call, asked for 2026-01-19", "late"),
        ("skipped", "", "skipped"),
        ("", "", "not made"),
        ("2026-12-01", "", "open"),  # still to come: a slip
    ],
)
def test_how_a_call_was_kept(made: str, log: str, kept: str) -> None:
    text = EVALUATION.format(company="Acme", day="2026-01-07", outcome="rejected", made=made, answer="It", log=log)
    evaluation, _ = note.parse("Acme.md", text, METHOD)
    assert evaluation
    today = Date(2026, 11, 25)
    (one,) = plan.plans([evaluation], METHOD, lambda one: Settings().workdays(None), today)
    assert [fact.kept for fact in history.facts(one, today)] == ["in time", kept]


def test_a_second_round_is_one(tmp_path: Path) -> None:
    first = EVALUATION.format(company="Acme", day="2026-01-07", outcome="", made="", answer="It", log="")
    second = first.replace("2026-01-07", "2026-02-04").replace("company: Acme", "company: ACME\nround: 2")
    read = [found for name, text in (("a.md", first), ("b.md", second)) if (found := note.parse(name, text, METHOD)[0])]
    plans = plan.plans(read, METHOD, lambda one: Settings().workdays(None), Date(2026, 3, 2))
    assert history.funnel(plans, Date(2026, 3, 2)).seconds == 1
