"""The vocabulary: what the other modules hand to each other. Values only, all frozen.

An `Evaluation` is what a person wrote; a `Method` is the steps they follow; a `Plan` is both with dates;
an `Agenda` is what all plans ask for today. Dates are `pendulum.Date`; paths are relative to the vault, with `/`.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import groupby
from typing import Final, Literal, NamedTuple

from pendulum import Date

from .errors import Problem

SKIPPED: Final = "skipped"

_PICTURE: Final = re.compile("[\ufe00-\ufe0f\u20e3]")
"""Variation selectors and the keycap: 1️⃣ is a 1."""

Record = Date | Literal["skipped"]
"""What the property of a step holds once it is settled: the day it was made, or `skipped`."""


class Sign(StrEnum):
    """What stands in the checkbox of a task line, and what a line of the log says of a step.

    `MOVED` and `UNTRIED` stand in no checkbox: they said to call again on another day, and there was no such try.
    """

    OPEN = " "
    DONE = "x"
    SKIPPED = "-"
    NO_ANSWER = ">"
    MOVED = "📅"
    UNTRIED = "⌫"


def together(words: Sequence[str], last: str = "and") -> str:
    """ "A", "A and B", "A, B and C", with the word before the `last`."""
    return f" {last} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


@lru_cache(maxsize=16_384)
def same(words: str) -> str:
    """The form in which headings and company names are compared: no case, no punctuation, single blanks.

    Vowel signs and accents (marks) belong to the letter before them; those that only choose a picture do not.
    """
    folded = _PICTURE.sub("", unicodedata.normalize("NFKC", words)).casefold()
    kept = "".join(c if c.isalnum() or c == "_" or unicodedata.category(c)[0] == "M" else " " for c in folded)
    return " ".join(kept.split())


def behind(label: str, words: str) -> str:
    """Words behind a label (`Better: words`); never behind one with which they begin already."""
    begins = label and f"{same(words)} ".startswith(f"{same(label)} ")
    return f"{label}: {words}" if label and not begins else words


# --- what a person wrote ---------------------------------------------------------------------------------


class Item(NamedTuple):
    """One line under a question, as plain words.

    `answer` is what stands nested under it, the better answer; `labelled` if a label such as `Better:` says so.
    """

    text: str
    answer: str | None
    line: int
    labelled: bool = False


class Person(NamedTuple):
    """Someone of the employer's, spelled as the note spells them; `title` may be empty."""

    name: str
    title: str = ""


class LogEntry(NamedTuple):
    """A line under `## Log` that tells of a step: what was done on a day, and the remark (dedented Markdown).

    `OPEN` says that a mark was taken back, `MOVED` that the call was put off `to` a day; of a call that was made, `to`
    is the day for which it had been asked for (`call_again`). `start` and `end` are its lines in the note, from 0, the
    end excluded.
    """

    day: Date
    record: str
    sign: Sign
    remark: str = ""
    to: Date | None = None
    start: int = 0
    end: int = 0

    @property
    def said(self) -> tuple[object, ...]:
        """What it says, wherever it stands."""
        return self[:5]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One interview, as its note tells it.

    `interviewed` is the local date, `at` the time that was typed ("14:00" or nothing); so are `call_again` and
    `call_at`. `records` maps a step's property to its day. `places` are the line and column of each property's value,
    `entries` those of what stands in its list. `items` and `asked` are keyed by `same(heading)`: the items under a
    question, and the line of its heading; `answered` are the questions that need no more asking. `log` is what the log
    says of the steps.

    Of a closed evaluation `latest` is the last date that stands anywhere in the note, as `2026-11-20`; and it may be
    read down to the end of its properties only: then it is not `whole`, and has neither items nor log.
    """

    note: str
    interviewed: Date
    at: str = ""
    company: str = ""
    position: str = ""
    interviewers: tuple[Person, ...] = ()
    call_to: Person | None = None
    phone: str = ""
    region: str | None = None
    timezone: str | None = None
    call_again: Date | None = None
    call_at: str = ""
    outcome: str | None = None
    round: int = 1
    next_contact: str = ""
    records: Mapping[str, Record] = field(default_factory=dict)
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    entries: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    items: Mapping[str, tuple[Item, ...]] = field(default_factory=dict)
    asked: Mapping[str, int] = field(default_factory=dict)
    answered: frozenset[str] = frozenset()
    log: tuple[LogEntry, ...] = ()
    latest: str = field(default="", compare=False)  # a line of the log changes it, and is no other evaluation
    whole: bool = True

    def to_call_on(self, day: Date | None, at: str = "") -> "Evaluation":
        """As it is when somebody is to be called again on another day or at another time, or on none."""
        is_so = day == self.call_again and at in ("", self.call_at)
        return self if is_so else replace(self, call_again=day, call_at=at)

    def no_answer(self, record: str) -> tuple[Date, ...]:
        """The days on which nobody picked up, in order; a try that was taken back was none."""
        tries = (Sign.NO_ANSWER, Sign.UNTRIED)
        last = {entry.day: entry.sign for entry in self.log if entry.record == record and entry.sign in tries}
        return tuple(sorted(day for day, sign in last.items() if sign is Sign.NO_ANSWER))

    def place(self, key: str) -> tuple[int, int]:
        """Line and column of a property's value, else the first of the note."""
        return self.places.get(key, (1, 1))

    @property
    def stem(self) -> str:
        """The name of its file, without `.md`: by it a note is known that names no company."""
        return self.note.rpartition("/")[2][: -len(".md")]

    @property
    def who(self) -> Person | None:
        """Whom to call: `call_to`, else the first interviewer (design, rule 6)."""
        return self.call_to or next(iter(self.interviewers), None)


# --- the language ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Language:
    """The words in which the agenda, the scripts and the log speak; `words.md` of English tells what each is for.

    `lists` are those of which there are several. `others` are all other languages, English first: what was written in
    one of them is read in this one.
    """

    code: str
    words: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    others: tuple["Language", ...] = ()

    @property
    def english(self) -> "Language":
        """The language of the command line."""
        return self.others[0] if self.others and self.code != "en" else self

    def say(self, phrase: str, **values: object) -> str:
        """A phrase with these values in its gaps (`{day}`)."""
        return re.sub(r"\{(\w+)\}", lambda gap: str(values.get(gap[1], gap[0])), self.words[phrase])

    @cached_property
    def _known(self) -> dict[str, tuple[str, ...]]:
        return {key: tuple(dict.fromkeys(one.words[key] for one in (self, *self.others))) for key in self.words}

    def known(self, phrase: str) -> tuple[str, ...]:
        """A phrase in this language, and in all others."""
        return self._known[phrase]

    @cached_property
    def none(self) -> frozenset[str]:
        """Answers, as compared, that say that there is nothing to say: no call comes of them."""
        return frozenset({"", *(same(word) for one in (self, *self.others) for word in one.lists["none"])})

    @cached_property
    def _here(self) -> dict[str, tuple[str, ...]]:
        english = self.english.lists
        return {key: tuple(dict.fromkeys([*self.lists[key], *english.get(key, ())])) for key in self.lists}

    def here(self, name: str) -> tuple[str, ...]:
        """The words of a list in this language, and in English; those of the others would be taken for names."""
        return self._here[name]

    def day(self, day: Date, year: bool = False) -> str:
        """ "Friday, 20 November", if wanted with the year."""
        form = self.words["day_with_year" if year else "day"]
        if day.day == 1:
            form = re.sub(r"\bD\b", f"[{self.words['first_of_month']}]", form)
        return _formatted(day, form, self.words["locale"])

    def weekday(self, day: Date) -> str:
        """ "Friday"."""
        return _formatted(day, "dddd", self.words["locale"])

    def together(self, words: Sequence[str]) -> str:
        """ "A", "A and B", "A, B and C", as the language says it."""
        sounds_i = words and re.match(r"h?i(?![aeou])", words[-1], re.IGNORECASE)
        return together(words, self.words["and_before_i" if sounds_i else "and"])


@lru_cache(maxsize=4096)  # an agenda says the same days many times
def _formatted(day: Date, form: str, locale: str) -> str:
    return day.format(form, locale=locale)


# --- the method ------------------------------------------------------------------------------------------


class Wait(NamedTuple):
    """Working days from the contact before: due on the `first`, late after the `last` (rule 2)."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class StepFile:
    """One step of the method, read from its file. `uses` and `recalls` are wordings of one heading each.

    `answer` are the labels that may stand before a better answer; a step without any speaks the item itself. Of
    wordings and labels the first is written, all are read; `titles` are those of the step in all languages.
    `place` is where its name stands, line and column. `template` has as many empty lines before it as the file has
    properties, so its lines are the file's.
    """

    path: str
    step: str
    order: int
    kind: Literal["card", "call"]
    wait: Wait
    uses: tuple[str, ...]
    recalls: tuple[str, ...]
    records: str
    title: str
    each: bool
    answer: tuple[str, ...]
    template: str
    place: tuple[int, int] = (1, 1)
    titles: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """The heading of its material, as compared."""
        return same(self.uses[0])

    def owns(self, key: str) -> bool:
        """Whether it records in this property; a step with a call for each item has `fix_call`, `fix_call_2` ..."""
        name, _, number = key.rpartition("_")
        return key == self.records or (name == self.records and number.isdecimal())

    def reason(self, item: Item) -> str | None:
        """What a contact brings that speaks from this item; None while the words for it are missing (rule 4)."""
        if self.answer or (item.answer and item.labelled):
            return item.answer
        # Here the item is what is said, and a line nested under it goes on with it.
        return f"{item.text.rstrip('.:;,')}: {item.answer}" if item.answer else item.text


@dataclass(frozen=True)
class Method:
    """The ordered steps, the words under which each heading is known, the agenda's layout, and the language."""

    steps: tuple[StepFile, ...]
    layout: str
    layout_path: str
    language: Language

    @cached_property
    def headings(self) -> dict[str, str]:
        """Every wording of a heading, as compared -> the heading's first wording, as compared."""
        known: dict[str, str] = {}
        for wordings in (w for step in self.steps for w in (step.uses, step.recalls) if w):
            first = known.get(same(wordings[0]), same(wordings[0]))
            for wording in wordings:
                known.setdefault(same(wording), first)
        return known

    @cached_property
    def questions(self) -> dict[str, str]:
        """The evaluation's questions: heading as compared -> heading as written."""
        known, asked = self.headings, dict[str, str]()
        for wordings in (w for step in self.steps for w in (step.uses, step.recalls) if w):
            asked.setdefault(known[same(wordings[0])], wordings[0])
        return asked

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label that may stand before a better answer, as compared."""
        return frozenset(same(label) for step in self.steps for label in step.answer)

    def label(self, question: str) -> str:
        """The label before the better answer to a question (as compared): `Better`; empty if it asks for none."""
        return next((step.answer[0] for step in self.steps if step.question == question and step.answer), "")


# --- the plan --------------------------------------------------------------------------------------------


class Status(StrEnum):
    """Where a step stands today."""

    MADE = "made"
    SKIPPED = "skipped"
    LATE = "late"
    DUE = "due"
    WAITING = "waiting"
    ENDED = "ended"


class PassedOver(NamedTuple):
    """A day that does not count, and the reason in words ("Saturday", "Thanksgiving Day")."""

    date: Date
    why: str


@dataclass(frozen=True, slots=True)
class Step:
    """One planned contact of one evaluation.

    `number` counts the cards of one interview, or the calls of a step with `each`; `record` is the property that
    holds its day. `due`, `latest` and `counts_from` are None where no date is owed (skipped, ended). `planned` is the
    day on which an open one will be made: `due`, or, once that is over, today or the next working day. `pinned`:
    the day comes from `call_again`; `retried`: it counts from a try that nobody answered. `within` are the days between
    `due` and `latest` that do not count. `stale`: more than five working days late (rule 9).
    """

    file: StepFile
    number: int
    record: str
    to: Person | None
    status: Status
    item: Item | None = None
    reserve: tuple[Item, ...] = ()
    due: Date | None = None
    latest: Date | None = None
    planned: Date | None = None
    made: Date | None = None
    counts_from: Date | None = None
    passed_over: tuple[PassedOver, ...] = ()
    within: tuple[PassedOver, ...] = ()
    no_answer: tuple[Date, ...] = ()
    pinned: bool = False
    retried: bool = False
    stale: bool = False

    @property
    def reason(self) -> str | None:
        """What this contact brings, in the person's own words; None while they have not found the words (rule 4)."""
        return self.file.reason(self.item) if self.item else None

    @property
    def open(self) -> bool:
        """Still to be made."""
        return self.status in (Status.LATE, Status.DUE, Status.WAITING)


@dataclass(frozen=True, slots=True)
class Plan:
    """All steps of one evaluation with their dates. `id` tells it from every other one in the vault."""

    evaluation: Evaluation
    id: str
    steps: tuple[Step, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def contacts(self) -> tuple["Contact", ...]:
        """Cards of one interview are one contact; every call is one."""
        if not self.steps:
            return ()  # most plans of a large vault are over
        groups = groupby(self.steps, key=lambda step: (step.file, step.file.kind == "card" or step.number))
        return tuple(Contact(self, tuple(steps)) for _, steps in groups)


# --- the way back ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person said of a step, in the agenda or on the command line, on its way into the evaluation.

    `day` is the day it is for, `typed` whether they wrote that day themselves. `to` is the day to which they moved the
    call, if `sign` is `MOVED`, and `at` the time there ("10:30" or nothing). `carried` is the digest of the remark that
    an earlier pass wrote for the same item: what it wrote is replaced while they go on typing. `shown` is what the
    property held when its line was generated: only that may be replaced, anything else in its place is what a person
    wrote since.
    """

    record: str
    sign: Sign
    day: Date
    typed: bool = False
    remark: str = ""
    carried: str = ""
    to: Date | None = None
    at: str = ""
    shown: Record | None = None

    @property
    def moment(self) -> str:
        """Where it was moved to, as `call_again` has it."""
        return f"{self.to}T{self.at}" if self.at else str(self.to)


# --- the agenda ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Contact:
    """One call, or all cards of one interview: one task line, one tick, one property."""

    plan: Plan
    steps: tuple[Step, ...]

    @property
    def step(self) -> Step:
        """The call, or the first of the cards: all share dates, status and property."""
        return self.steps[0]

    @property
    def id(self) -> str:
        """The id of its task line: of the evaluation and the step, so it survives a renamed note."""
        tail = f"-{self.step.number}" if self.step.file.each and self.step.number > 1 else ""
        return f"{self.plan.id}-{self.step.file.step}{tail}"

    @property
    def projected(self) -> bool:
        """Whether another contact of its plan comes first, so that its day may still change."""
        kind = self.step.file.kind
        return next((step for step in self.plan.steps if step.open and step.file.kind == kind), None) is not self.step


@dataclass(frozen=True, slots=True)
class Appointment:
    """An interview that is still to come; `prepare` from the working day before (rule 10)."""

    plan: Plan
    prepare: bool
    offers: tuple[Item, ...] = ()


class Held(NamedTuple):
    """A call that is due, but not on this day: today is no working day there (`why`), and it waits until `until`."""

    contact: Contact
    why: str
    until: Date


@dataclass(frozen=True, slots=True)
class Agenda:
    """What the whole vault asks for on one day, in the order in which it is read. `broken` are the notes of which
    nothing can be planned.
    """

    today: Date
    late: tuple[Contact, ...] = ()
    due: tuple[Contact, ...] = ()
    held: tuple[Held, ...] = ()
    evaluate: tuple[Plan, ...] = ()
    prepare: tuple[Appointment, ...] = ()
    coming: tuple[tuple[Date, tuple[Contact | Appointment, ...]], ...] = ()
    done: tuple[tuple[Contact, Sign], ...] = ()
    problems: tuple[Problem, ...] = ()
    broken: frozenset[str] = frozenset()
