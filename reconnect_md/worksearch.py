"""Plans -> what was really done in some days to find work, as offices for unemployment ask for it: a line for each
interview held, card sent and call tried. Facts only: what the notes do not say stays empty.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pendulum import Date

from . import fields, history, phone
from .markdown import escape
from .model import Evaluation, Language, Plan, same

COLUMNS = ("date", "employer", "person", "phone", "method", "position")
"""Their headings are the words `search_date` to `search_position` of the language."""


class Entry(NamedTuple):
    """Something done on one day, in plain words; `method` is in the language of the vault."""

    date: Date
    employer: str
    person: str
    phone: str
    method: str
    position: str


def entries(
    plans: Sequence[Plan], first: Date | None, last: Date, today: Date, language: Language, region: str | None
) -> list[Entry]:
    """What was done from the `first` day (from the beginning, if it is None) through the `last` one, by day; nothing
    that is still to come. `region` is the settings', for phone numbers.
    """
    found = (one for plan in plans for one in _done(plan, today, language, region))
    return sorted(one for one in found if (first is None or first <= one.date) and one.date <= min(last, today))


def _done(plan: Plan, today: Date, language: Language, region: str | None) -> Iterator[Entry]:
    evaluation = plan.evaluation
    found = phone.read(evaluation.phone, evaluation.region or region, region)
    number = found.shown if found.target else ""  # words in the place of a number are no fact

    def entry(day: Date, people: Sequence[str], method: str) -> Entry:
        who, what = language.together(people), language.words[f"search_{method}"]
        return Entry(day, evaluation.company, who, number, what, evaluation.position)

    if _is_held(plan.evaluation, today):
        yield entry(evaluation.interviewed, [person.name for person in evaluation.interviewers], "interview")
    # Of a call that is not planned any more the notes do not say whom it was to.
    asked: dict[str, list[str]] = {one.record: [] for one in evaluation.log}
    made: set[tuple[str, Date]] = set()
    for fact in history.facts(plan, today):
        step = fact.contact.step
        people = asked[step.record] = [one.to.name for one in fact.contact.steps if one.to]
        if fact.made:
            made.add((step.record, fact.made))
            yield entry(fact.made, people, "card" if step.file.kind == "card" else "call")
    for record, people in asked.items():  # also of what was skipped later, or has no reason in the note any more
        tries = (day for day in evaluation.no_answer(record) if (record, day) not in made)
        yield from (entry(day, people, "no_answer") for day in tries)


def _is_held(evaluation: Evaluation, today: Date) -> bool:
    """Whether an interview took place: one of today may be still to come, and one that nobody wrote anything about
    before the application was withdrawn may have been called off.
    """
    called_off = same(evaluation.outcome or "") == fields.WITHDRAWN
    return bool(evaluation.answered) or (evaluation.interviewed < today and not called_off)


def headings(language: Language) -> list[str]:
    """What stands above the columns."""
    return [language.words[f"search_{column}"] for column in COLUMNS]


def markdown(found: Sequence[Entry], language: Language) -> str:
    """A table in Markdown; its words mean nothing there."""
    rows = [headings(language), ["---"] * len(COLUMNS)]
    rows += [[escape(str(cell)) for cell in entry] for entry in found]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)
