"""The dates of random vaults against a slow, obvious calculation that knows nothing of the product (`oracle.py`)."""

import random
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pendulum import Date

from reconnect_md import drafts, method, note, plan, regions
from reconnect_md.errors import UnknownRegion
from reconnect_md.model import Evaluation, Status, Step
from reconnect_md.settings import Settings
from reconnect_md.vault import shipped_templates
from reconnect_md.workdays import WorkCalendar

from . import oracle, random_vaults

METHOD, _ = method.read(shipped_templates())
KEYS = ("step", "to", "status", "due", "latest", "made", "counts_from")


def pendulum_date(day: date) -> Date:
    return Date(day.year, day.month, day.day)


def read(evaluation: dict[str, Any]) -> Evaluation:
    found, problems = note.parse(evaluation["note"], random_vaults.to_markdown(evaluation), METHOD)
    assert found, problems
    return found


def as_dict(step: Step) -> dict[str, Any]:
    return {
        "step": step.file.step,
        "to": step.to.name if step.to else None,
        "status": step.status.value,
        "due": step.due,
        "latest": step.latest,
        "made": step.made,
        "counts_from": step.counts_from,
        "passed_over": [off.date for off in step.passed_over],
    }


@pytest.mark.parametrize("block", range(8))
@settings(max_examples=40, deadline=None)
@given(number=st.integers(min_value=0, max_value=1_000_000))
def test_dates_are_those_of_the_oracle(block: int, number: int) -> None:
    check_against_oracle(block * 1_000_003 + number)


def check_against_oracle(seed: int) -> None:
    evaluations, today, chosen = random_vaults.random_vault(random.Random(seed))
    expected = oracle.expected(evaluations, today, **chosen)
    settings = Settings(
        region=chosen["region"],
        weekend=frozenset(chosen["weekend"]) if chosen["weekend"] else None,
        days_off=tuple((pendulum_date(day), pendulum_date(day)) for day in chosen["days_off"]),
    )
    plans = plan.plans(
        map(read, evaluations),
        METHOD,
        lambda evaluation: settings.workdays(evaluation.region),
        pendulum_date(today),
    )
    for one in plans:
        found, wanted = [as_dict(step) for step in one.steps], expected[one.evaluation.note]
        assert [[step[key] for key in KEYS] for step in found] == [[step[key] for key in KEYS] for step in wanted]
        for step, other in zip(found, wanted, strict=True):
            # A day lost to another call at the same company is listed too, beside the days that are off.
            assert set(other["passed_over"]) <= set(step["passed_over"])
        for planned in one.steps:
            check_planned(planned, settings.workdays(one.evaluation.region), pendulum_date(today))


def check_planned(step: Step, calendar: WorkCalendar, today: Date) -> None:
    """Nothing is planned for a day that is over, and no call for a day off, unless they named that day themselves."""
    if not step.open or step.due is None:
        assert step.planned is None
        return
    assert step.planned and step.planned == max(step.planned, step.due, today)
    if step.file.kind == "card":
        assert step.planned == max(step.due, today)
    elif not (step.pinned and step.planned == step.due):
        assert calendar.why_off(step.planned) is None
        if step.planned > step.due and step.status in (Status.DUE, Status.LATE):
            days = range((step.planned - today).days)
            assert step.due < today and all(calendar.why_off(today.add(days=day)) for day in days)


@given(
    region=st.sampled_from([None, "US-TX", "AE", "IR", "NP", "DE-BY", "GB-SCT", "JP", "IL"]),
    start=st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)).map(pendulum_date),
    count=st.integers(min_value=0, max_value=40),
)
@settings(deadline=None)
def test_working_days_add_up(region: str | None, start: Date, count: int) -> None:
    calendar = WorkCalendar(region)
    end, passed = calendar.add(start, count)
    assert calendar.count(start, end) == count
    assert len(passed) + count == (end - start).days
    assert all(calendar.why_off(off.date) == off.why for off in passed)
    assert count == 0 or calendar.why_off(end) is None


@given(st.randoms(use_true_random=False))
@settings(max_examples=30, deadline=None)
def test_the_order_of_files_changes_nothing(rng: random.Random) -> None:
    evaluations, today, _ = random_vaults.random_vault(rng)
    read_ones = [read(evaluation) for evaluation in evaluations]
    shuffled = rng.sample(read_ones, len(read_ones))
    calendar = WorkCalendar()
    one, other = (
        plan.plans(found, METHOD, lambda _: calendar, pendulum_date(today)) for found in (read_ones, shuffled)
    )
    assert one == other
    assert len({found.id for found in one}) == len(one), "ids tell all evaluations apart"


@given(st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_what_was_planned_before_changes_nothing(rng: random.Random) -> None:
    """Of two random vaults under the same paths: some notes are still those of the first one."""
    first, today, _ = random_vaults.random_vault(rng)
    second, _, _ = random_vaults.random_vault(rng)
    before = {one["note"]: read(one) for one in first}
    kept = {name: one for name, one in before.items() if rng.random() < 0.7}
    now = list(({one["note"]: read(one) for one in second} | kept).values())
    now = [replace(one, whole=False, outcome="offer") if rng.random() < 0.2 else one for one in now]
    rng.shuffle(now)
    calendar, day = WorkCalendar(), pendulum_date(today)
    known = {one.evaluation.note: one for one in plan.plans(before.values(), METHOD, lambda _: calendar, day)}
    fresh = plan.plans(now, METHOD, lambda _: calendar, day)
    assert plan.plans(now, METHOD, lambda _: calendar, day, known) == fresh


def test_an_id_survives_a_renamed_note_and_tells_alike_ones_apart() -> None:
    first = Evaluation("a.md", Date(2026, 1, 7), company="Acme Logistics")
    moved = Evaluation("x/y.md", Date(2026, 1, 7), company="Acme Logistics")
    assert drafts.evaluation_ids([first])["a.md"] == drafts.evaluation_ids([moved])["x/y.md"]
    twins = drafts.evaluation_ids([first, moved])
    assert len(set(twins.values())) == 2


EACH = """\
---
step: fix
order: 2
kind: call
wait: 2
uses: Said, but wish I had not
records: fix_call
title: Fix
each: true
---
"""


@pytest.mark.parametrize(
    ("records", "calls"),
    [
        ("", [("fix_call", "One"), ("fix_call_2", "Two")]),
        ("fix_call: skipped", [("fix_call", None), ("fix_call_2", "Two")]),
        ("fix_call_2: skipped", [("fix_call", "One"), ("fix_call_2", None)]),
        ("fix_call_20260112: 2026-01-12", [("fix_call", "One"), ("fix_call_2", "Two"), ("fix_call_20260112", None)]),
    ],
)
def test_a_call_for_each_item_says_its_own_or_none(records: str, calls: list[tuple[str, str | None]]) -> None:
    each, _ = method.read(shipped_templates(), {"Templates/Reconnect/fix.md": EACH})
    text = f"---\ninterviewed: 2026-01-07\n{records}\n---\n## Said, but wish I had not\n- One\n- Two\n"
    found, _ = note.parse("Acme.md", text, each)
    assert found
    drafted = [(one.record, one.item and one.item.text) for one in drafts.drafts(found, each) if one.file.step == "fix"]
    assert drafted == calls


@pytest.mark.parametrize("folder", ["Templates/Reconnect", "vorlagen"])
def test_of_two_files_for_one_step_the_vaults_own_is_refused(folder: str) -> None:
    made, (problem,) = method.read(shipped_templates(), {f"{folder}/my-fix.md": EACH})
    assert problem.note == f"{folder}/my-fix.md"
    assert [step.path for step in made.steps if step.step == "fix"] == ["templates/fix.md"]


REGIONS = ["US", "US-TX", "us-tx", "DE-BY", "AE", "GB-SCT", "IL", "BR"]


@pytest.mark.parametrize("language", ["en", "de"])
def test_what_is_kept_of_a_region_is_what_the_library_says(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time it is not asked, and a file that is damaged is as good as none."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    days = [Date(2024, 1, 1).add(days=number) for number in range(0, 3 * 366)]
    for region in REGIONS:
        library = regions._library(region, language)
        expected = [(library.get(day), library.is_weekend(day)) for day in days]
        for deed in ("ask", "know"):
            known = regions._Region(region, language)
            assert [(known.holiday(day), known.is_weekend(day)) for day in days] == expected, (region, deed)
            assert ("library" in vars(known)) is (deed == "ask"), (region, deed)
        file = known.file
        data = bytearray(file.read_bytes())
        data[len(data) // 2] ^= 1
        file.write_bytes(data)
        known = regions._Region(region, language)
        assert [(known.holiday(day), known.is_weekend(day)) for day in days] == expected
        assert "library" in vars(known)


def test_a_region_that_there_is_not_is_never_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    for _ in range(2):
        with pytest.raises(UnknownRegion):
            regions._Region("Texas", "en")
    assert not list(tmp_path.rglob("*"))
