"""What several interviews show together: how the plan was kept beside what came of it, what comes up again, and which
answers were never used. Everything is counted from the notes; nothing is guessed but that two lines mean the same.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pendulum import Date

from . import history
from .fields import OFFERS, SECOND
from .history import Kept
from .model import Item, Method, Plan, StepFile, same

ALIKE: Final = 87
"""From so many of 100 points on two lines mean the same (rapidfuzz's `token_set_ratio`). Of the pairs in
`tests/alike.md` the nearest two that differ have 86.
"""

FEW: Final = 10
"""Of fewer interviews than that nothing can be said."""


class Row(NamedTuple):
    """How the plan was kept in the interviews with one outcome, in contacts; the outcome is empty while all is open."""

    outcome: str
    interviews: int
    in_time: int
    late: int
    skipped: int
    not_made: int

    @property
    def settled(self) -> int:
        """The contacts of which can be said how they were kept."""
        return self.in_time + self.late + self.skipped

    @property
    def is_few(self) -> bool:
        """Whether nothing can be said of so few."""
        return self.interviews < FEW


@dataclass(frozen=True, slots=True)
class Use:
    """An item where it stands. `answer` is what a call says of it, if the words are there; `said` when one did,
    `planned` when one will.
    """

    plan: Plan
    item: Item
    answer: str | None
    said: Date | None = None
    planned: Date | None = None

    @property
    def note(self) -> str:
        """The note in which it stands."""
        return self.plan.evaluation.note

    @property
    def went_on(self) -> bool:
        """Whether it was said, and then there was a second interview or an offer."""
        return self.said is not None and history.outcome(self.plan) in (SECOND, *OFFERS)


@dataclass(frozen=True, slots=True)
class Topic:
    """Items that mean the same, under one question, the oldest first. `asks`: each needs an answer; else it is one."""

    question: str
    asks: bool
    uses: tuple[Use, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes in which it stands, the oldest first."""
        return tuple(dict.fromkeys(use.note for use in self.uses))

    @property
    def text(self) -> str:
        """As it was written last."""
        return self.uses[-1].item.text

    @property
    def planned(self) -> Date | None:
        """The day of the first call that will say it."""
        return min((use.planned for use in self.uses if use.planned), default=None)

    @property
    def last_answered(self) -> Use:
        """The newest with an answer, else the newest."""
        return next((use for use in reversed(self.uses) if use.answer), self.uses[-1])

    @property
    def best(self) -> Use | None:
        """The best answer found so far: the newest that was said where it went on, else the newest."""
        answers = [use for use in self.uses if use.answer]
        return next((use for use in reversed(answers) if use.went_on), None) or next(reversed(answers), None)


@dataclass(frozen=True, slots=True)
class Lessons:
    """All of it. `again` are the topics of several interviews, the most frequent first; `unused` those with an answer
    that no call ever said: first those of which no call is planned either, the newest first.
    """

    kept: tuple[Row, ...]
    again: tuple[Topic, ...]
    unused: tuple[Topic, ...]


def lessons(plans: Sequence[Plan], method: Method, today: Date) -> Lessons:
    """What the interviews until a day show; nothing of those whose notes were not wholly read."""
    held = [plan for plan in plans if plan.evaluation.interviewed <= today]
    found = [topic for step in _steps(method) for topic in _topics(step, held, today)]
    again = [topic for topic in found if len(topic.notes) > 1]
    unused = [topic for topic in found if not any(use.said for use in topic.uses) and topic.last_answered.answer]
    return Lessons(
        kept=tuple(_kept(held, today)),
        again=tuple(sorted(again, key=lambda one: (len(one.notes), _day(one)), reverse=True)),
        unused=tuple(sorted(unused, key=lambda one: (not one.planned, _day(one)), reverse=True)),
    )


def _kept(plans: Iterable[Plan], today: Date) -> Iterator[Row]:
    """The best outcome first, what is open last."""
    groups: dict[str, list[Plan]] = defaultdict(list)
    for plan in plans:
        groups[history.outcome(plan)].append(plan)
    for outcome in sorted(groups, key=lambda one: (not one, history.best(one), one)):
        count = Counter(fact.kept for plan in groups[outcome] for fact in history.facts(plan, today))
        yield Row(
            outcome,
            len(groups[outcome]),
            *(count[kept] for kept in (Kept.IN_TIME, Kept.LATE, Kept.SKIPPED, Kept.NOT_MADE)),
        )


def _steps(method: Method) -> Iterator[StepFile]:
    """The first step that calls with the items of a question, of each question."""
    calls = {step.question: step for step in reversed(method.steps) if step.kind == "call"}
    return reversed(calls.values())


def _topics(step: StepFile, plans: Iterable[Plan], today: Date) -> list[Topic]:
    """The items under a question, those together that mean the same as the first of them."""
    from rapidfuzz import fuzz, process

    topics: dict[str, list[Use]] = {}
    known: dict[str, str] = {}
    for use in (use for plan in plans for use in _uses(step, plan, today)):
        words = topic_of(use.item.text)
        if words not in known:
            near = process.extractOne(words, topics.keys(), scorer=fuzz.token_set_ratio, score_cutoff=ALIKE)
            known[words] = near[0] if near else words
        topics.setdefault(known[words], []).append(use)
    return [Topic(step.uses[0], bool(step.answer), tuple(uses)) for uses in topics.values()]


def topic_of(text: str) -> str:
    """What an item is about, as compared: what stands before a colon, if there is one."""
    return same(text.replace("：", ":").partition(":")[0]) or same(text)


def _uses(step: StepFile, plan: Plan, today: Date) -> Iterator[Use]:
    calls = {one.item: one for one in plan.steps if one.file.kind == "call" and one.file.question == step.question}
    for item in plan.evaluation.items.get(step.question, ()):
        call = calls.get(item)
        said = call.made if call and call.made and call.made <= today else None
        yield Use(plan, item, step.reason(item), said, call.planned if call else None)


def _day(topic: Topic) -> tuple[Date, str, int]:
    last = topic.uses[-1]
    return last.plan.evaluation.interviewed, last.note, -last.item.line
