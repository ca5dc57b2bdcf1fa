"""Plans -> what was really done: which contacts were made, when, and whether in time; and what came of each interview.

Facts only, as the notes tell them: a day that is still to come was not done yet, a mark that was taken back never was.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pendulum import Date

from .fields import OFFERS, OUTCOMES, SECOND
from .model import Contact, Evaluation, Plan, Sign, Status, same


class Kept(StrEnum):
    """How a contact kept to its plan."""

    IN_TIME = "in time"
    LATE = "late"
    SKIPPED = "skipped"
    NOT_MADE = "not made"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Fact:
    """What became of one contact. `latest` is the day until which it was in time, None where none was owed,
    `made` the day on which it was made.
    """

    contact: Contact
    kept: Kept
    latest: Date | None = None
    made: Date | None = None


def facts(plan: Plan, today: Date) -> tuple[Fact, ...]:
    """What became of each contact of a plan until a day: the cards of one interview are one contact."""
    return tuple(_fact(contact, today) for contact in plan.contacts)


def _fact(contact: Contact, today: Date) -> Fact:
    """A call is in time if the first try was, by the end of its window, or by the day that they had asked for."""
    step = contact.step
    if step.status is Status.SKIPPED:
        return Fact(contact, Kept.SKIPPED)
    if step.made is None or step.made > today or step.latest is None:
        return Fact(contact, Kept.NOT_MADE if step.status is Status.ENDED else Kept.OPEN, step.latest)
    latest = max(filter(None, [step.latest, *_asked_for(contact, step.made)]))
    tries = (day for day in step.no_answer if day <= today)
    first = min([step.made, *(day for day in tries if step.counts_from is None or day > step.counts_from)])
    return Fact(contact, Kept.IN_TIME if first <= latest else Kept.LATE, latest, step.made)


def _asked_for(contact: Contact, made: Date) -> Iterator[Date]:
    """The day for which the call that was made then had been asked for (`call_again`), if the log tells."""
    own = (entry for entry in contact.plan.evaluation.log if entry.record == contact.step.record and entry.to)
    return (entry.to for entry in own if entry.to and entry.sign is Sign.DONE and entry.day == made)


def outcome(plan: Plan) -> str:
    """What came of an interview, as compared; empty while nothing has."""
    return same(plan.evaluation.outcome or "")


def best(outcome: str) -> int:
    """Where an outcome stands among all, the best first; what is not named in the docs, and nothing at all, last."""
    return OUTCOMES.index(outcome) if outcome in OUTCOMES else len(OUTCOMES)


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many interviews there were, and how far they went. `cards` are those owed: made, skipped or too late."""

    interviews: int
    cards: int
    cards_in_time: int
    calls: int
    seconds: int
    offers: int


def funnel(plans: Sequence[Plan], today: Date) -> Funnel:
    """The interviews until a day, and what was done after them."""
    held = [plan for plan in plans if plan.evaluation.interviewed <= today]
    went_on = _with_a_next_round(plans)
    known = [fact for plan in held for fact in facts(plan, today)]
    cards = [fact for fact in known if fact.contact.step.file.kind == "card" and _is_settled(fact)]
    return Funnel(
        interviews=len(held),
        cards=len(cards),
        cards_in_time=sum(fact.kept is Kept.IN_TIME for fact in cards),
        calls=sum(fact.contact.step.file.kind == "call" and fact.made is not None for fact in known),
        seconds=sum(outcome(plan) == SECOND or plan.evaluation.note in went_on for plan in held),
        offers=sum(outcome(plan) in OFFERS for plan in held),
    )


def _is_settled(fact: Fact) -> bool:
    """Whether it can be said how it kept to its plan; an open one that is late already did not."""
    return fact.kept is not Kept.OPEN or fact.contact.step.status is Status.LATE


def _with_a_next_round(plans: Sequence[Plan]) -> set[str]:
    """The notes of interviews after which there was one of the next round with that company."""
    latest: dict[tuple[str, int], Date] = {}
    for one in (plan.evaluation for plan in plans):
        key = same(one.company), one.round
        latest[key] = max(latest.get(key, one.interviewed), one.interviewed)

    def went_on(one: Evaluation) -> bool:
        after = latest.get((same(one.company), one.round + 1))
        return bool(one.company) and after is not None and after > one.interviewed

    return {plan.evaluation.note for plan in plans if went_on(plan.evaluation)}
