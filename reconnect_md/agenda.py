"""Plans -> what they ask for today: late, due, to evaluate, to prepare, coming up, done."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from pendulum import Date

from .errors import NoWorkday, Problem
from .model import (
    Agenda,
    Appointment,
    Contact,
    Held,
    Item,
    Language,
    Method,
    PassedOver,
    Plan,
    Sign,
    Status,
    StepFile,
    same,
)
from .script import why_off
from .workdays import DAY_OFF, WEEKDAYS, WorkCalendar

ASKED: Final = frozenset({"nothing-to-say", "empty-question"})
"""Problems of unanswered questions: the entries that ask those questions say it."""

ASK_FOR: Final = 5
"""Working days after the interview for which an evaluation with some answers is asked for the others (rule 10)."""

ASK_EMPTY_FOR: Final = 20
"""Working days for which an evaluation without any answer is asked for; after that nobody remembers."""


def make(
    plans: Sequence[Plan],
    calendars: dict[str, WorkCalendar],
    method: Method,
    problems: Iterable[Problem],
    today: Date,
    horizon: int,
) -> Agenda:
    """The agenda of one day. `calendars` maps a plan's note to its calendar, `horizon` is in days.

    Problems about unanswered questions are left to the entries that ask those questions; what is past, to `check`.
    """
    contacts = [contact for plan in plans for contact in plan.contacts]
    questions = set(method.questions)
    still_open = [plan for plan in plans if not plan.evaluation.outcome]
    evaluate = tuple(plan for plan in still_open if _ask(plan, questions, calendars[plan.evaluation.note], today))
    appointments = [
        _appointment(plan, plans, calendars[plan.evaluation.note], today) for plan in still_open if _ahead(plan, today)
    ]
    waiting = tuple(
        filter(None, (held(one, calendars[one.plan.evaluation.note], today, method.language) for one in contacts))
    )
    kept = {wait.contact.id for wait in waiting}
    now = [one for one in contacts if one.id not in kept]
    return Agenda(
        today=today,
        late=_with(now, Status.LATE),
        due=_with(now, Status.DUE),
        held=tuple(sorted(waiting, key=lambda wait: wait[1:][::-1])),
        evaluate=evaluate,
        prepare=tuple(one for one in appointments if one.prepare),
        coming=_coming(contacts, appointments, today, today.add(days=horizon)),
        done=tuple((one, sign) for one in contacts if (sign := _marked(one, today))),
        problems=tuple(sorted(one for one in problems if not one.past and one.code not in ASKED)),
    )


def held(contact: Contact, calendar: WorkCalendar, today: Date, language: Language) -> Held | None:
    """Nobody is called on a day that is none of theirs to work, unless they named that day themselves (rule 8)."""
    step = contact.step
    if step.file.kind == "card" or step.status not in (Status.LATE, Status.DUE) or (step.pinned and step.due == today):
        return None
    if (why := calendar.why_off(today)) is None or step.planned is None:
        return None
    holiday = why not in WEEKDAYS and why != DAY_OFF
    name = why_off(PassedOver(today, why), language)
    named = language.say("holiday_in", holiday=name, region=calendar.region) if holiday else name
    return Held(contact, named, step.planned)


def _marked(contact: Contact, today: Date) -> Sign | None:
    """What was done about it today: made, skipped, tried or put off; what can still be taken back today, that is."""
    step, evaluation = contact.step, contact.plan.evaluation
    if step.made == today:
        return Sign.DONE
    said = {entry.sign for entry in evaluation.log if (entry.record, entry.day) == (step.record, today)}
    if step.status is Status.SKIPPED and Sign.SKIPPED in said:
        return Sign.SKIPPED
    if step.open and today in evaluation.no_answer(step.record):
        return Sign.NO_ANSWER
    return Sign.MOVED if step.status is Status.WAITING and is_put_off(contact, today) else None


def is_put_off(contact: Contact, today: Date) -> bool:
    """Whether a mark of today put the call off to the day on which it is due now."""
    step, entries = contact.step, contact.plan.evaluation.log
    its_own = (step.record, today, Sign.MOVED)
    return step.pinned and step.due in {one.to for one in entries if (one.record, one.day, one.sign) == its_own}


def _with(contacts: Iterable[Contact], status: Status) -> tuple[Contact, ...]:
    """By due date, the ones that are far too late last; calls of one day in the order of their interviews."""
    found = [contact for contact in contacts if contact.step.status is status]
    return tuple(sorted(found, key=lambda one: (one.step.stale, one.step.due or Date.max, one.step.file.order)))


def unanswered(plan: Plan, questions: set[str]) -> set[str]:
    """The method's questions that the evaluation leaves empty."""
    return questions - plan.evaluation.answered


def _ask(plan: Plan, questions: set[str], calendar: WorkCalendar, today: Date) -> bool:
    """Whether an open plan asks for its evaluation: from the day of the interview on, until the questions have answers
    or too much time has passed (rule 10).
    """
    evaluation = plan.evaluation
    left = unanswered(plan, questions)
    if evaluation.interviewed > today or not left:
        return False
    try:
        return today <= calendar.add(evaluation.interviewed, ASK_EMPTY_FOR if left == questions else ASK_FOR)[0]
    except NoWorkday:
        return True


def _ahead(plan: Plan, today: Date) -> bool:
    """Whether the interview of an open plan is still to come, or is today and not evaluated yet."""
    evaluation = plan.evaluation
    if evaluation.interviewed < today:
        return False
    return evaluation.interviewed > today or not evaluation.answered


def _appointment(plan: Plan, plans: Sequence[Plan], calendar: WorkCalendar, today: Date) -> Appointment:
    """What to take is listed from the working day before, and through the day itself."""
    try:
        prepare = calendar.before(plan.evaluation.interviewed) <= today
    except NoWorkday:
        prepare = True
    return Appointment(plan, prepare, _never_used(plan, plans))


def _never_used(plan: Plan, plans: Sequence[Plan]) -> tuple[Item, ...]:
    """For a further round: what the earlier interviews at this company left unsaid (rule 9)."""
    if plan.evaluation.round < 2:
        return ()
    return tuple(item for left in reversed(never_said(rounds(plan, plans)[1:])) for _, items in left for item in items)


def rounds(plan: Plan, plans: Iterable[Plan]) -> list[Plan]:
    """An interview, and those at its company that were not later, the newest first."""
    now = plan.evaluation
    earlier = [
        one
        for one in plans
        if now.company
        and one is not plan
        and same(one.evaluation.company) == same(now.company)
        and one.evaluation.interviewed <= now.interviewed
    ]
    return [plan, *sorted(earlier, key=lambda one: (one.evaluation.interviewed, one.evaluation.round), reverse=True)]


Unsaid = list[tuple[StepFile, tuple[Item, ...]]]
"""The items of one interview that no call spoke, below the step for which they were written."""


def never_said(plans: Iterable[Plan]) -> list[Unsaid]:
    """What each of these interviews left unsaid; the newest is first, and what it has again counts there alone."""
    found, again = list[Unsaid](), set[tuple[str, str]]()
    for plan in plans:
        left = [
            (file, tuple(item for item in items if (file.question, same(item.text)) not in again))
            for file, items in unsaid(plan)
        ]
        found.append([(file, items) for file, items in left if items])
        again |= {(question, same(item.text)) for question, items in plan.evaluation.items.items() for item in items}
    return found


def unsaid(plan: Plan) -> Unsaid:
    """Of a call that was not made or was skipped all of its items, of one that was made its reserve."""
    calls = [step for step in plan.steps if step.file.kind == "call"]
    said = {(step.file.question, step.item) for step in calls if step.status is Status.MADE}
    files = {step.file.question: step.file for step in reversed(calls)}
    items = plan.evaluation.items
    found = [
        (file, tuple(item for item in items.get(question, ()) if (question, item) not in said))
        for question, file in reversed(files.items())
    ]
    return [(file, left) for file, left in found if left]


def _coming(
    contacts: Iterable[Contact], appointments: Iterable[Appointment], today: Date, end: Date
) -> tuple[tuple[Date, tuple[Contact | Appointment, ...]], ...]:
    """By day, what lies ahead: every interview, the one of tomorrow too, and the calls that wait for their day."""
    days: dict[Date, list[Contact | Appointment]] = defaultdict(list)
    for appointment in appointments:
        if today < appointment.plan.evaluation.interviewed <= end:
            days[appointment.plan.evaluation.interviewed].append(appointment)
    for contact in contacts:
        due = contact.step.due
        if contact.step.status is Status.WAITING and due and today < due <= end:
            days[due].append(contact)
    return tuple((day, tuple(days[day])) for day in sorted(days))


def work(agenda: Agenda, language: Language) -> tuple[str, str]:
    """How much there is to do, in words: what is late ("2 calls and 1 card"), and what is for today."""
    late = [("call", calls(agenda.late)), ("card", len(agenda.late) - calls(agenda.late))]
    today = [
        ("call", calls(agenda.due)),
        ("card", len(agenda.due) - calls(agenda.due)),
        ("evaluation", len(agenda.evaluate)),
        ("preparation", len(agenda.prepare)),
    ]
    return _counted(late, language), _counted(today, language)


def calls(contacts: Sequence[Contact]) -> int:
    """How many of these are calls; the others are cards."""
    return sum(one.step.file.kind == "call" for one in contacts)


def _counted(counts: Iterable[tuple[str, int]], language: Language) -> str:
    """ "2 calls and 1 card"; what there is none of is not said."""
    named = [language.say(word if count == 1 else f"{word}s", count=count) for word, count in counts if count]
    return language.together(named)
