"""Evaluations + method + working days + today -> plans: when each contact is due, and from what that follows.

The rules are numbered as in docs/method.md. Each evaluation walks its own chain of calls and proposes a day for the
next one (`_walk`); the company's diary says on which day it really falls, because an employer gets one call a day
(`_settle`).
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from pendulum import Date

from .drafts import Draft, drafts, evaluation_ids
from .errors import NoWorkday, Problem, problem
from .model import (
    SKIPPED,
    Evaluation,
    Method,
    PassedOver,
    Plan,
    Status,
    Step,
    same,
)
from .workdays import WorkCalendar

STALE_AFTER: Final = 5
"""Working days after `latest` from which on the agenda asks to call, to skip or to close (rule 9)."""


@dataclass(frozen=True, slots=True)
class _Proposal:
    """One open call that asks for a day: `day` is when it would really be made, `due` what the rules say.

    `calls` are the days on which it gave way to another call.
    """

    day: Date
    due: Date
    latest: Date
    counts_from: Date
    passed_over: tuple[PassedOver, ...]
    pinned: bool
    retried: bool
    calls: tuple[PassedOver, ...] = ()

    @property
    def slack(self) -> bool:
        """Whether it could move and still be inside its window (rule 7)."""
        return self.day < self.latest


_Walk = Generator[_Proposal, _Proposal, list[Step]]


def plans(
    evaluations: Iterable[Evaluation],
    method: Method,
    calendar: Callable[[Evaluation], WorkCalendar],
    today: Date,
    before: Mapping[str, Plan] = MappingProxyType({}),
) -> tuple[Plan, ...]:
    """The plan of each evaluation, in the order of interviews, then paths. One whose body was not read has no steps.

    `before` are plans by note that were made on this day by the same method and calendars: they hold for evaluations
    that are still the same objects, if the others of their company are, too.
    """
    evaluations = list(evaluations)
    ids = evaluation_ids(evaluations, before)

    def kept(evaluation: Evaluation) -> Plan | None:
        plan = before.get(evaluation.note)
        return plan if plan and plan.evaluation is evaluation and plan.id == ids[evaluation.note] else None

    over = (one for one in evaluations if not one.whole)
    made = [kept(one) or Plan(one, ids[one.note], (), tuple(_future(one, today))) for one in over]
    former = _companies(one.evaluation for one in before.values())
    for company, group in _companies(evaluations).items():
        known = list(filter(None, map(kept, group)))
        holds = len(known) == len(group) == len(former.get(company, ()))
        made += known if holds else _settle(group, method, calendar, today, ids)
    return tuple(in_order(made))


def _companies(evaluations: Iterable[Evaluation]) -> dict[str, list[Evaluation]]:
    """Those that were read wholly, by company; one without a company is for itself."""
    found: dict[str, list[Evaluation]] = defaultdict(list)
    for one in evaluations:
        if one.whole:
            found[same(one.company) or one.note].append(one)
    return found


def in_order(found: Iterable[Plan]) -> list[Plan]:
    """Plans in the order of interviews, then paths."""
    return sorted(found, key=lambda plan: (plan.evaluation.interviewed, plan.evaluation.note))


def _settle(
    group: Sequence[Evaluation],
    method: Method,
    calendar: Callable[[Evaluation], WorkCalendar],
    today: Date,
    ids: Mapping[str, str],
) -> Iterator[Plan]:
    """The plans of one company, settled day by day: what has to give way proposes the next working day."""
    walks = [_walk(evaluation, method, calendar(evaluation), today) for evaluation in group]
    taken: dict[Date, set[int]] = defaultdict(set)
    for number, evaluation in enumerate(group):
        for day in _calls_made(evaluation, method):
            taken[day].add(number)
    waiting: list[tuple[Date, int, _Proposal]] = []
    steps: dict[int, list[Step] | NoWorkday] = {}

    def go_on(number: int, settled: _Proposal | None) -> None:
        try:
            proposal = walks[number].send(settled) if settled else next(walks[number])
            heapq.heappush(waiting, (proposal.day, number, proposal))
        except StopIteration as end:
            steps[number] = end.value
        except NoWorkday as failure:
            steps[number] = failure

    for number in range(len(group)):
        go_on(number, None)
    while waiting:
        day, rivals = _rivals(waiting, group)
        busy = any(rival.pinned for _, rival in rivals)
        for number, rival in rivals:
            if rival.pinned or not (busy or taken[day] - {number}):
                busy = True
                go_on(number, rival)
                continue
            why = f"another call to {group[number].company or 'the same employer'}"
            try:
                moved = _moved(rival, calendar(group[number]), why)
                heapq.heappush(waiting, (moved.day, number, moved))
            except NoWorkday as failure:
                steps[number] = failure
    for number, evaluation in enumerate(group):
        yield _plan(evaluation, steps[number], method, today, ids[evaluation.note])


def _rivals(
    waiting: list[tuple[Date, int, _Proposal]], group: Sequence[Evaluation]
) -> tuple[Date, list[tuple[int, _Proposal]]]:
    """Take all proposals of the earliest day, the one that stays first.

    Whoever has slack gives way first, then the later interview, then the greater path (rule 7).
    """
    day = waiting[0][0]
    rivals = []
    while waiting and waiting[0][0] == day:
        rivals.append(heapq.heappop(waiting)[1:])
    rivals.sort(key=lambda rival: (rival[1].slack, group[rival[0]].interviewed, group[rival[0]].note))
    return day, rivals


def _plan(evaluation: Evaluation, steps: list[Step] | NoWorkday, method: Method, today: Date, id: str) -> Plan:
    if isinstance(steps, NoWorkday):
        return Plan(evaluation, id, (), () if evaluation.outcome else (problem("no-workday", evaluation.note),))
    problems = (*_future(evaluation, today), *_nothing_to_say(evaluation, steps, method, today))
    return Plan(evaluation, id, tuple(steps), problems)


def _future(evaluation: Evaluation, today: Date) -> Iterator[Problem]:
    """Contacts that cannot have been made yet: mostly a slip of the month or the year."""
    for key, day in evaluation.records.items():
        if isinstance(day, Date) and day > today:
            yield problem("future-date", evaluation.note, *evaluation.place(key), key=key, value=day)


def _calls_made(evaluation: Evaluation, method: Method) -> Iterator[Date]:
    for draft in drafts(evaluation, method, cards=False):
        if isinstance(recorded := evaluation.records.get(draft.record), Date):
            yield recorded


def _moved(proposal: _Proposal, calendar: WorkCalendar, why: str) -> _Proposal:
    """The next working day, and the end of its window with it."""
    day = calendar.next(proposal.day)
    calls = (*proposal.calls, PassedOver(proposal.day, why))
    return replace(proposal, day=day, due=day, latest=max(day, calendar.next(proposal.latest)), calls=calls)


def _nothing_to_say(evaluation: Evaluation, steps: list[Step], method: Method, today: Date) -> Iterator[Problem]:
    """Which question would give a left-out call a reason (rule 4); not before the interview, nor after the outcome."""
    listed = {step.file.step for step in steps}
    for file in method.steps:
        if evaluation.outcome or evaluation.interviewed > today or file.question in evaluation.answered:
            continue
        if file.step not in listed:
            line = evaluation.asked.get(file.question, 1)
            yield problem("nothing-to-say", evaluation.note, line, title=file.title, question=file.uses[0])


# --- when they are due (rules 1, 2, 8, 9) ----------------------------------------------------------------


def _walk(evaluation: Evaluation, method: Method, calendar: WorkCalendar, today: Date) -> _Walk:
    """Go through the contacts; yield a proposal for each open call, get back what was settled, return the steps."""
    steps: list[Step] = []
    anchor = last_made = evaluation.interviewed
    first = True
    for draft in drafts(evaluation, method):
        # What was made counts from what was made before it; only what is open counts from projections, too.
        settled_already = evaluation.records.get(draft.record) is not None
        step = _step(draft, evaluation, calendar, last_made if settled_already else anchor)
        if draft.file.kind == "card":
            steps.append(_card(step, calendar, today))
        elif step.status is Status.WAITING:
            settled = yield _propose(step, evaluation, method, calendar, today, first)
            steps.append(_dated(step, settled, calendar, today, first))
            first, anchor = False, max(anchor, settled.day)
        else:
            steps.append(step)
            last_made = max(last_made, step.made or last_made)
            anchor = max(anchor, last_made)
    return steps


def _step(draft: Draft, evaluation: Evaluation, calendar: WorkCalendar, anchor: Date) -> Step:
    """A draft with the dates its wait gives; open ones are `waiting` until they are settled."""
    step = Step(draft.file, draft.number, draft.record, draft.to, Status.WAITING, draft.item, draft.reserve)
    recorded = evaluation.records.get(draft.record)
    card = draft.file.kind == "card"
    if recorded == SKIPPED:
        step = replace(step, status=Status.SKIPPED)
    elif recorded is not None:
        step = replace(step, status=Status.MADE, made=recorded)
    elif evaluation.outcome:
        step = replace(step, status=Status.ENDED)
    if not card and step.status in (Status.SKIPPED, Status.ENDED):
        return step
    anchor = evaluation.interviewed if card else anchor
    due, passed = calendar.add(anchor, draft.file.wait.first)
    latest = calendar.add(due, draft.file.wait.last - draft.file.wait.first)[0]
    step = replace(step, due=due, latest=latest, counts_from=anchor, passed_over=passed)
    return replace(step, no_answer=evaluation.no_answer(draft.record))


def _card(step: Step, calendar: WorkCalendar, today: Date) -> Step:
    """A card never blocks a call, and is late from the next working day (rule 1)."""
    if step.status is not Status.WAITING or step.due is None or step.latest is None:
        return step
    if today < step.due:
        return replace(step, planned=step.due)
    late = calendar.next(step.latest) <= today
    return replace(
        step,
        status=Status.LATE if late else Status.DUE,
        planned=today,
        stale=late and _stale(step.latest, calendar, today),
    )


def _stale(latest: Date, calendar: WorkCalendar, today: Date) -> bool:
    return latest < today and calendar.add(latest, STALE_AFTER)[0] < today


def _propose(
    step: Step, evaluation: Evaluation, method: Method, calendar: WorkCalendar, today: Date, first: bool
) -> _Proposal:
    """The day a call asks for: by its wait, after a try without an answer, or when they said to call again (rule 8)."""
    assert step.due and step.latest and step.counts_from
    due, latest, since, passed = step.due, step.latest, step.counts_from, step.passed_over
    tried = max(step.no_answer, default=None)
    retried = False
    if tried and tried > step.counts_from and (after := calendar.add(tried, 1))[0] > due:
        retried, (due, passed) = True, after
        latest, since = max(latest, due), tried
    pin = evaluation.call_again if first else None
    last_made = max(_calls_made(evaluation, method), default=None) if pin else None
    pinned = pin is not None and not (last_made and pin <= last_made) and not (tried and pin <= tried)
    if pinned and pin:
        due = latest = pin
        since, passed, retried = step.counts_from, (), False
    overdue = today if not calendar.why_off(today) else calendar.next(today)
    return _Proposal(due if due >= today else overdue, due, latest, since, passed, pinned, retried)


def _dated(step: Step, settled: _Proposal, calendar: WorkCalendar, today: Date, first: bool) -> Step:
    """Only the earliest open call of an evaluation is due (rule 1)."""
    passed, calls = settled.passed_over, settled.calls
    step = replace(
        step,
        due=settled.due,
        latest=settled.latest,
        planned=settled.day,
        counts_from=settled.counts_from,
        passed_over=tuple(sorted([*calendar.off(settled.counts_from, settled.day), *calls])) if calls else passed,
        within=calendar.off(settled.due, settled.latest),
        pinned=settled.pinned,
        retried=settled.retried,
    )
    if not first or today < settled.due:
        return step
    late = today > settled.latest
    return replace(
        step,
        status=Status.LATE if late else Status.DUE,
        stale=late and _stale(settled.latest, calendar, today),
    )
