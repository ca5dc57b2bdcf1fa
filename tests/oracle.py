"""A slow, obvious oracle for the dates of a job-search plan.

It is written from the design's rules only ("rule 1" is section 3, point 1), shares no code with the product, and
walks the calendar one day at a time, working everything out again after each change. Read it top to bottom.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays

CARD = "card"
WAITS = {
    "fix": (3, 4),
    "add": (3, 3),
    "compensate": (4, 4),
}  # in method order: due on the Nth, late after the Mth (rule 2)
MATERIAL = {CARD: "went_well", "fix": "said", "add": "unsaid", "compensate": "lacking"}

FIRST_CALL_TAKES_FIRST_WINDOW = False
"""Rule 4, "(or the interview: then it falls in the first call's window)". False: a remark, a wait of 3 or 4 happens to
fall there. True: an order, whichever call comes first has the window of `fix`."""

ONE_DAY = timedelta(days=1)


# -- working days ------------------------------------------------------------------------------------------------


@cache
def holidays_of(region: str) -> holidays.HolidayBase:
    """The public holidays of a country (`AE`) or a subdivision (`US-TX`), named in English if that can be (rule 3)."""
    country, _, subdivision = region.partition("-")
    known = holidays.country_holidays(country, subdiv=subdivision or None)
    if "en_US" in known.supported_languages:
        return holidays.country_holidays(country, subdiv=subdivision or None, language="en_US")
    return known


@dataclass(frozen=True)
class Calendar:
    """The working days of one employer."""

    region: str | None
    weekend: frozenset[int] | None
    days_off: frozenset[date]

    def is_weekend(self, day: date) -> bool:
        """The settings' weekend, else the region's, else Saturday and Sunday (rule 3)."""
        if self.weekend is not None:
            return day.weekday() in self.weekend
        if self.region:
            return bool(holidays_of(self.region).is_weekend(day))
        return day.weekday() in (5, 6)

    def works(self, day: date) -> bool:
        """Neither weekend, nor public holiday, nor day off (rule 3)."""
        if self.is_weekend(day) or day in self.days_off:
            return False
        return not (self.region and day in holidays_of(self.region))

    def after(self, day: date, count: int = 1) -> date:
        """The `count`th working day after `day`; counting starts on the next day (rule 3)."""
        while count > 0:
            day += ONE_DAY
            if self.works(day):
                count -= 1
        return day

    def on_or_after(self, day: date) -> date:
        """`day` if it is a working day, else the next one (rule 1)."""
        while not self.works(day):
            day += ONE_DAY
        return day

    def passed_over(self, start: date, end: date) -> list[date]:
        """The days between `start` and `end`, neither included, that are no working days."""
        passed = []
        day = start + ONE_DAY
        while day < end:
            if not self.works(day):
                passed.append(day)
            day += ONE_DAY
        return passed


# -- one evaluation ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Call:
    """One open call of a plan that has not ended, as far as it is known yet."""

    note: str
    step: str
    due: date
    latest: date
    counts_from: date
    passed_over: list[date]
    effective: date
    pinned: bool


Moves = dict[tuple[str, str], tuple[date, date]]
"""(note, step) -> its (due, latest) after it made room for another call (rule 7)."""


def has_material(evaluation: dict[str, Any], step: str) -> bool:
    """Whether there is anything to say in this step (rule 4)."""
    return any(item.strip() for item in evaluation[MATERIAL[step]])


def ended(evaluation: dict[str, Any]) -> bool:
    """Any value of outcome ends the plan (rule 9)."""
    return bool(evaluation.get("outcome"))


def is_made(evaluation: dict[str, Any], step: str) -> bool:
    return isinstance(evaluation["made"].get(step), date)


def is_skipped(evaluation: dict[str, Any], step: str) -> bool:
    return bool(evaluation["made"].get(step) == "skipped")


def is_open(evaluation: dict[str, Any], step: str) -> bool:
    """Planned: not made, not skipped, not left out (rules 1 and 4), and the plan has not ended (rule 9)."""
    if ended(evaluation) or is_made(evaluation, step) or is_skipped(evaluation, step):
        return False
    return has_material(evaluation, step)


def days_of_calls(evaluation: dict[str, Any]) -> list[date]:
    """The days on which a call of this evaluation was made; cards do not count (rules 7 and 8)."""
    return [evaluation["made"][step] for step in WAITS if is_made(evaluation, step)]


def earlier_calls(step: str) -> list[str]:
    """The calls that come before this one in the method (rule 1)."""
    names = list(WAITS)
    return names[: names.index(step)]


def wait_of(step: str, is_first_contact: bool) -> tuple[int, int]:
    """Rule 2, and rule 4 for the call that counts from the interview."""
    if is_first_contact and FIRST_CALL_TAKES_FIRST_WINDOW:
        return WAITS["fix"]
    return WAITS[step]


def call_again_counts(evaluation: dict[str, Any], step: str) -> bool:
    """Rule 8: not if a call was made on that day or later; nor if a try for this step got no answer then or later."""
    wanted = evaluation.get("call_again")
    if wanted is None:
        return False
    if any(made >= wanted for made in days_of_calls(evaluation)):
        return False
    return not any(tried >= wanted for tried in evaluation["no_answer"].get(step, []))


def open_calls(evaluation: dict[str, Any], today: date, calendar: Calendar, moves: Moves) -> list[Call]:
    """The open calls of one evaluation in method order, each counted from the ones before it (rules 1, 2, 4 and 8)."""
    calls: list[Call] = []
    for step in WAITS:
        if not is_open(evaluation, step):
            continue

        # Rule 1: from the interview, or the call before: really made, or open and at the earliest made today.
        anchors = [evaluation["interviewed"]]
        anchors += [evaluation["made"][earlier] for earlier in earlier_calls(step) if is_made(evaluation, earlier)]
        anchors += [call.effective for call in calls]
        anchor = max(anchors)

        # Rule 2.
        shortest, longest = wait_of(step, is_first_contact=len(anchors) == 1)
        due, latest = calendar.after(anchor, shortest), calendar.after(anchor, longest)
        counts_from = anchor
        passed_over = calendar.passed_over(anchor, due)
        pinned = False

        if not calls and call_again_counts(evaluation, step):
            # Rule 8, call back: only the earliest open call; on exactly that date.
            due = latest = evaluation["call_again"]
            passed_over = []
            pinned = True
        else:
            # Rule 8, no answer: back on the next working day, but not sooner than it would be anyway.
            tries = [tried for tried in evaluation["no_answer"].get(step, []) if tried > anchor]
            if tries:
                again = calendar.after(max(tries))
                if again > due:
                    due = again
                    latest = max(latest, due)
                    counts_from = max(tries)
                    passed_over = calendar.passed_over(counts_from, due)

        # Rule 7: it made room for another call.
        if (evaluation["note"], step) in moves:
            due, latest = moves[evaluation["note"], step]
            passed_over = calendar.passed_over(counts_from, due)

        # Rule 1: an overdue call counts as if made today, or on the next working day.
        effective = due if due >= today else calendar.on_or_after(today)

        calls.append(Call(evaluation["note"], step, due, latest, counts_from, passed_over, effective, pinned))
    return calls


# -- one contact with an employer a day --------------------------------------------------------------------------


def same_company(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Names compare casefolded, with white space collapsed; no name is no company."""
    names = [" ".join((evaluation.get("company") or "").casefold().split()) for evaluation in (one, other)]
    return names[0] != "" and names[0] == names[1]


def called_that_day(call: Call, by_note: dict[str, dict[str, Any]], day: date) -> bool:
    """Whether the company was really called on this day for another interview (rule 7)."""
    mine = by_note[call.note]
    others = [other for other in by_note.values() if other is not mine and same_company(mine, other)]
    return any(day in days_of_calls(other) for other in others)


def has_to_give_way(call: Call, day_calls: list[Call], by_note: dict[str, dict[str, Any]]) -> bool:
    """Whether another open call to the company has the better right to this day (rule 7)."""
    mine = by_note[call.note]
    rivals = [rival for rival in day_calls if rival.note != call.note and same_company(mine, by_note[rival.note])]
    return any(rival.pinned or gives_way_to(call, rival, by_note) for rival in rivals)


def next_to_move(day_calls: list[Call], by_note: dict[str, dict[str, Any]], day: date) -> Call | None:
    """One call that has to leave the day, if any; a pinned date never moves (rule 7)."""
    movable = [call for call in day_calls if not call.pinned]
    for call in movable:
        if called_that_day(call, by_note, day):
            return call
    for call in movable:
        if has_to_give_way(call, day_calls, by_note):
            return call
    return None


def gives_way_to(call: Call, rival: Call, by_note: dict[str, dict[str, Any]]) -> bool:
    """Rule 7: one with slack left moves before one that has none, then the later interview, then the greater path."""
    slack, rivals_slack = call.effective < call.latest, rival.effective < rival.latest
    if slack != rivals_slack:
        return slack
    interviewed, rivals = by_note[call.note]["interviewed"], by_note[rival.note]["interviewed"]
    if interviewed != rivals:
        return bool(interviewed > rivals)
    return call.note > rival.note


def settle(evaluations: list[dict[str, Any]], today: date, calendars: dict[str, Calendar]) -> dict[str, list[Call]]:
    """The open calls of all evaluations, after calls that met on one day made room (rule 7).

    Looks at one day after the other, from today on. When a call has to leave the day, it goes to its next working
    day, everything is worked out again, and the same day is looked at again. Nothing ever moves back, so a day that
    is done stays done.
    """
    by_note = {evaluation["note"]: evaluation for evaluation in evaluations}
    moves: Moves = {}
    day = today
    while True:
        plans = {note: open_calls(by_note[note], today, calendars[note], moves) for note in by_note}
        calls = [call for plan in plans.values() for call in plan]
        if all(call.effective < day for call in calls):
            return plans
        day_calls = [call for call in calls if call.effective == day]
        mover = next_to_move(day_calls, by_note, day)
        if mover is None:
            day += ONE_DAY
            continue
        calendar = calendars[mover.note]
        due = calendar.after(day)
        moves[mover.note, mover.step] = (due, max(due, calendar.after(mover.latest)))


# -- the answer --------------------------------------------------------------------------------------------------


def entry(step: str, to: str | None, status: str, **known: Any) -> dict[str, Any]:
    """A step as section 8 prints it; None (no days) for what the rules do not determine."""
    blank: dict[str, Any] = {
        "due": None,
        "latest": None,
        "made": None,
        "counts_from": None,
        "passed_over": [],
    }
    return {"step": step, "to": to, "status": status, **blank, **known}


def status_of_card(due: date, today: date, calendar: Calendar) -> str:
    """Rule 1: due on the interview's day, late from the next working day."""
    if today < due:
        return "waiting"
    return "late" if today >= calendar.after(due) else "due"


def status_of_call(call: Call, today: date) -> str:
    """Rule 2: due from the Nth day on, late after the Mth; until then a projection (rule 1)."""
    if today < call.due:
        return "waiting"
    return "late" if today > call.latest else "due"


def card_entries(evaluation: dict[str, Any], today: date, calendar: Calendar) -> list[dict[str, Any]]:
    """One card for each interviewer (rule 6), due on the interview's day whatever became of it (rule 1)."""
    made = evaluation["made"].get(CARD)
    if made is None and not has_material(evaluation, CARD):
        return []  # rule 4
    interviewed = evaluation["interviewed"]
    if is_made(evaluation, CARD):
        status = "made"
    elif is_skipped(evaluation, CARD):
        status = "skipped"
    elif ended(evaluation):
        status = "ended"
    else:
        status = status_of_card(interviewed, today, calendar)
    known = {"due": interviewed, "latest": interviewed, "counts_from": interviewed}
    known["made"] = made if status == "made" else None
    return [entry(CARD, name, status, **known) for name in evaluation["interviewers"] or [None]]


def made_entry(evaluation: dict[str, Any], step: str, to: str | None, calendar: Calendar) -> dict[str, Any]:
    """A made call: when its wait, counted from the interview or the calls made before it, was over (rules 1 and 2)."""
    anchors = [evaluation["interviewed"]]
    anchors += [evaluation["made"][earlier] for earlier in earlier_calls(step) if is_made(evaluation, earlier)]
    anchor = max(anchors)
    shortest, longest = wait_of(step, is_first_contact=len(anchors) == 1)
    due = calendar.after(anchor, shortest)
    return entry(
        step,
        to,
        "made",
        due=due,
        latest=calendar.after(anchor, longest),
        made=evaluation["made"][step],
        counts_from=anchor,
        passed_over=calendar.passed_over(anchor, due),
    )


def call_entries(
    evaluation: dict[str, Any], calls: list[Call], today: date, calendar: Calendar
) -> list[dict[str, Any]]:
    """The calls in method order; they go to one person (rule 6). Skipped and ended ones have no dates (rules 1, 9)."""
    to = evaluation["interviewers"][0] if evaluation["interviewers"] else None
    entries = []
    for step in WAITS:
        if is_made(evaluation, step):
            entries.append(made_entry(evaluation, step, to, calendar))
        elif is_skipped(evaluation, step):
            entries.append(entry(step, to, "skipped"))
        elif not has_material(evaluation, step):
            continue  # rule 4
        elif ended(evaluation):
            entries.append(entry(step, to, "ended"))
        else:
            (call,) = [call for call in calls if call.step == step]
            dates = {"due": call.due, "latest": call.latest, "counts_from": call.counts_from}
            entries.append(entry(step, to, status_of_call(call, today), passed_over=call.passed_over, **dates))
    return entries


def expected(
    evaluations: list[dict[str, Any]],
    today: date,
    *,
    region: str | None = None,
    weekend: set[int] | None = None,
    days_off: AbstractSet[date] = frozenset(),
) -> dict[str, list[dict[str, Any]]]:
    """The steps of every evaluation, by note, in method order, with their dates (design, section 3).

    `region` is for evaluations that name none; `weekend` (Monday is 0) takes the place of every region's weekend.
    """
    calendars = {}
    for evaluation in evaluations:
        weekend_days = None if weekend is None else frozenset(weekend)
        calendars[evaluation["note"]] = Calendar(evaluation.get("region") or region, weekend_days, frozenset(days_off))
    plans = settle(evaluations, today, calendars)
    answer = {}
    for evaluation in evaluations:
        note = evaluation["note"]
        cards = card_entries(evaluation, today, calendars[note])
        answer[note] = cards + call_entries(evaluation, plans[note], today, calendars[note])
    return answer
