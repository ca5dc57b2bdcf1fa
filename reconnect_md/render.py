"""Agenda -> the text of its note, through the layout; and the proof that the notes' words did not become structure.

Every value passes one function on its way into the layout: `escape` for the page, `_mask` for its proof. The page
with all words masked must have the same Markdown structure as the page itself, else it is not written.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import quote

import pendulum
from pendulum import Date

from . import phone, script, taskline, template
from .agenda import calls, is_put_off, work
from .errors import Problem, Severity, TemplateFailure, printable, problem
from .markdown import escape, parser
from .model import (
    Agenda,
    Appointment,
    Contact,
    Evaluation,
    Held,
    Item,
    Method,
    PassedOver,
    Person,
    Plan,
    Sign,
    Status,
    Step,
)
from .script import Caller, Shown
from .taskline import Style
from .workdays import WEEKDAYS

FUEL_PER_ENTRY: Final = 2_000
"""The layout's fuel grows with the agenda; an entry of the shipped one takes about 300."""

_HEADINGS: Final = re.compile(r"^(?=#{1,6} )", re.MULTILINE)
_REACHING: Final = ("fence", "html_block")
"""Blocks that a heading does not end."""

_TO_TYPE: Final = re.compile(
    r"(?<![\w`\]<=>])(?:`(?P<quoted>(?:\#{1,6} )?\w[\w ,'’:./|-]*)`"
    r"|(?P<bare>- \[[^\[\]`]?\]|\[[^\[\]`]{0,3}\](?!\()"  # a box
    r"|[a-z]+(?:_[a-z]+)*: (?:\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?|skipped)|[a-z]+(?:_[a-z]+)+"  # properties
    r"|\#{1,6} \w[\w ,'’-]*\w|[<=>]{7}))(?![\w`\[<=>])"  # a heading, git's marks of a conflict
)
"""What stands in a problem to be typed, and would be read with backslashes in a plain editor."""


class Unsafe(TemplateFailure):
    """Words from a note would change the structure of the agenda: the layout puts them where they can."""


def render(
    agenda: Agenda,
    method: Method,
    caller: Caller,
    path: str,
    timezone: str,
    standing: Sequence[str] = (),
    style: Style = taskline.PLAIN,
) -> tuple[str, tuple[Problem, ...]]:
    """The agenda's text (`\\n` line ends), and the problems of templates met on the way.

    `path` is the agenda's own, for relative links; `timezone` the person's, for the other side's clock; `standing`
    are entries of notes that cannot be read now, as they stood; `style` is that of the task lines. If words from a note
    would become structure, each script is looked at by itself and the one to blame is left out. Raises
    `TemplateFailure` for the layout.
    """
    for careful in (False, True):
        page = _Page(agenda, method, caller, path, timezone, standing, style, escape, careful)
        masked = _Page(agenda, method, caller, path, timezone, standing, style, _mask, careful)
        if alike(text := page.text(), masked.text()):
            return text, tuple(page.problems)
    raise Unsafe("words from a note would change the agenda's structure", "put your words behind other words", 1)


def values(agenda: Agenda, method: Method, caller: Caller, timezone: str) -> dict[str, Any]:
    """What the layout of an agenda is given, in plain words: for what is no Markdown, such as a
    terminal, to which no character may mean anything.
    """
    return _Page(agenda, method, caller, "", timezone, (), taskline.PLAIN, printable, False).values()


def entry(contact: Contact, agenda: Agenda, method: Method, caller: Caller, timezone: str) -> dict[str, Any]:
    """One entry of it, in plain words."""
    return _Page(agenda, method, caller, "", timezone, (), taskline.PLAIN, printable, False).contact(contact)


@lru_cache(maxsize=8192)  # an agenda names a note many times, and a watcher asks again and again
def link(note: str, agenda: str) -> str:
    """A link relative to the agenda. A raw space, bracket or control character would end it; letters of any script
    stay.
    """
    up = "../" * (len(PurePosixPath(agenda).parts) - 1)
    return up + "".join(c if ord(c) > 127 and c.isprintable() else quote(c, errors="surrogateescape") for c in note)


def advice(words: str, shown: Shown) -> str:
    """The words of a problem; what is to be typed in them stands in code, so that it is the same in a plain editor. No
    plugin takes any of that for its own.
    """
    pieces, end = list[str](), 0
    for found in _TO_TYPE.finditer(words):
        code = found["quoted"] or found["bare"]
        if code.isprintable():
            pieces += [_around(words[end : found.start()], shown), f"`{code}`"]
            end = found.end()
    return "".join([*pieces, _around(words[end:], shown)])


def _around(words: str, shown: Shown) -> str:
    """Words with the blanks beside them, which are those between them and what is to be typed."""
    if not words.strip(" .,;:"):
        return words  # alone they would be taken for the start of a line
    return f"{' ' * words[0].isspace()}{shown(words)}{' ' * words[-1].isspace()}"


def _mask(words: str) -> str:
    return "x" if words.strip() else ""


def alike(text: str, masked: str) -> bool:
    """Whether two pages have the same structure. Heading by heading, because of what a watcher writes most was looked
    at before; as a whole if something may reach beyond a heading.
    """
    parts, others = _HEADINGS.split(text), _HEADINGS.split(masked)
    found = [shape(part) for part in parts]
    closed = not any(one.startswith(_REACHING) for part in found for one in part)
    return (closed and found == [shape(part) for part in others]) or shape(text) == shape(masked)


@lru_cache(maxsize=512)
def shape(text: str) -> tuple[str, ...]:
    """The Markdown structure without the words: block types, links, images, code and HTML, in order, and the tasks'
    ids.
    """
    tokens = parser().parse(text)
    tasks = [f"task {task.id}" for line in text.split("\n") if (task := taskline.parse(line)) and task.id]
    inline = [
        child.type for token in tokens for child in token.children or () if child.type not in ("text", "softbreak")
    ]
    return (*(f"{token.type} {token.tag} {token.level}" for token in tokens), *inline, *tasks)


class _Page:
    """The layout's values; every word of a note passes `shown`. `careful`: prove each script by itself."""

    def __init__(
        self,
        agenda: Agenda,
        method: Method,
        caller: Caller,
        path: str,
        timezone: str,
        standing: Sequence[str],
        style: Style,
        shown: Shown,
        careful: bool,
    ) -> None:
        self.agenda, self.method, self.caller, self.timezone = agenda, method, caller, timezone
        self.language, self.together = method.language, method.language.together
        self.path, self.standing, self.style = path, standing, style
        self.shown, self.careful = shown, careful
        self.problems: list[Problem] = []
        # Of the problems of a broken note, the first error is what keeps it from being planned.
        broken = [found for found in agenda.problems if found.note in agenda.broken]
        costly = sorted(broken, key=lambda found: found.severity is not Severity.ERROR)
        self.stops = {found.note: found for found in reversed(costly)}

    def text(self) -> str:
        agenda = self.agenda
        entries = sum(
            map(
                len,
                (agenda.late, agenda.due, agenda.held, agenda.evaluate, agenda.prepare, agenda.done, agenda.problems),
            )
        )
        entries += sum(len(found) for _, found in agenda.coming)
        fuel = template.FUEL + FUEL_PER_ENTRY * entries
        text = template.render(self.method.layout_path, self.method.layout, self.values(), fuel)
        return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)).strip() + "\n"

    def values(self) -> dict[str, Any]:
        agenda = self.agenda
        sections = [{"late": True, "contacts": [self.contact(c) for c in agenda.late]}] if agenda.late else []
        return {
            "day": self.language.day(agenda.today, year=True),
            "counts": dict(zip(("late", "today"), work(agenda, self.language), strict=True))
            | {"held": len(agenda.held)},
            "sections": [*sections, {"late": False, "contacts": [self.contact(c) for c in agenda.due]}],
            "nobody": bool(agenda.held) and not calls(agenda.late + agenda.due),
            "held": [
                self.day_off(why, until, found) for (why, until), found in groupby(agenda.held, lambda one: one[1:])
            ],
            "evaluate": [self.evaluate(plan) for plan in agenda.evaluate],
            "standing": list(self.standing),
            "prepare": [self.appointment(one) for one in agenda.prepare],
            "ahead": any(one.plan.evaluation.interviewed > agenda.today for one in agenda.prepare),
            "coming": [
                {"day": self.day(day), "entries": [self.entry(one) for one in found]} for day, found in agenda.coming
            ],
            "projected": any(one.projected for _, found in agenda.coming for one in found if isinstance(one, Contact)),
            "done": [self.contact(contact, sign) for contact, sign in agenda.done],
            "attention": len(agenda.problems),
            "problems": [self.problem(found) for found in agenda.problems],
        }

    def day_off(self, why: str, until: Date, held: Iterable[Held]) -> dict[str, Any]:
        """The calls that are not for today, for one reason and until one day."""
        contacts = [self.contact(one.contact, words=False) for one in held]
        return {"why": self.shown(why), "until": self.day(until), "contacts": contacts}

    def day(self, day: Date) -> str:
        return script.day(day, self.agenda.today, self.language)

    def link(self, note: str) -> str:
        return link(note, self.path)

    def note(self, plan: Plan) -> dict[str, Any]:
        evaluation = plan.evaluation
        return {
            "link": self.link(evaluation.note),
            "company": self.line(evaluation.company) or self.line(evaluation.stem),
            "position": self.line(evaluation.position),
            "interviewed": self.day(evaluation.interviewed),
            "at": evaluation.at,
            "today": evaluation.interviewed == self.agenda.today,
        }

    def line(self, words: str) -> str:
        """Words for a line that plugins read: no signifier of a field may stand in it."""
        return self.shown(taskline.without_signifiers(words))

    def contact(self, contact: Contact, sign: Sign = Sign.OPEN, words: bool = True) -> dict[str, Any]:
        """One entry: its task line's pieces, why it is there, and the words to say if it is still to be made."""
        step, evaluation = contact.step, contact.plan.evaluation
        people = [one.to.name for one in contact.steps if one.to]
        number = phone.read(evaluation.phone, evaluation.region or self.caller.region, self.caller.region)
        return {
            **self.note(contact.plan),
            "box": self.style.box(sign),
            "fields": taskline.fields(
                contact.id, self.due(contact, sign), sign, step.made or self.agenda.today, self.style.format
            ),
            "kind": step.file.kind,
            "record": step.record,
            "action": self.action(step),
            "title": self.line(step.file.title),
            "who_at": self.line(
                ", ".join(filter(None, [self.together(people), evaluation.company])) or contact.plan.evaluation.note
            ),
            "person_title": self.line(step.to.title) if step.to else "",
            "phone": self.line(number.shown),
            "tel": number.target,
            "due": self.day(step.due) if step.due else "",
            "latest": self.day(step.latest) if step.latest else "",
            "within": self.shown(self.together([self.off(off) for off in step.within])),
            "last_day": step.latest == self.agenda.today,
            "late": step.open and step.latest is not None and step.latest < self.agenda.today,
            "stale": step.stale,
            "clock": self.clock(step, evaluation.timezone),
            "why": self.why(step, evaluation),
            "tries": self.together([self.day(day) for day in step.no_answer]),
            "question": self.shown(step.file.uses[0]),
            "reminder": self.shown(step.item.text)
            if step.item and not (step.reason or "").startswith(step.item.text)
            else "",
            "missing": step.item is not None and step.reason is None,
            "reword": self.reword(contact),
            "answer_label": self.shown(step.file.answer[0]) if step.file.answer else "",
            "reserve": [self.item(item) for item in step.reserve],
            "words": [self.words(one, contact.plan) for one in contact.steps] if words and not sign.strip() else [],
            "skipped": sign is Sign.SKIPPED,
            "tried": sign is Sign.NO_ANSWER,
            "moved": sign is Sign.MOVED,
            "next": self.next(contact),
            "last": self.last(contact),
        }

    def next(self, contact: Contact) -> dict[str, str]:
        """The call that comes next in this plan; empty if there is none, its day empty if that has come."""
        step = next((step for step in contact.plan.steps if step.open and step.file.kind == "call"), None)
        if step is None or step.due is None:
            return {}
        return {
            "title": self.line(step.file.title),
            "action": self.action(step),
            "day": self.day(step.due) if step.status is Status.WAITING else "",
        }

    def last(self, contact: Contact) -> bool:
        """Whether all calls of its plan are over and this is the last of today's: that is said once."""
        calls = [one for one, _ in self.agenda.done if one.plan is contact.plan and one.step.file.kind == "call"]
        still = any(step.open and step.file.kind == "call" for step in contact.plan.steps)
        return bool(calls) and calls[-1] is contact and not still and not contact.plan.evaluation.outcome

    def reword(self, contact: Contact) -> str:
        """To whom nothing can be said of what is written down, because it speaks of them; empty if there is no such."""
        if not contact.plan.evaluation.items.get(contact.step.file.question):
            return ""
        return self.line(self.together([step.to.name for step in contact.steps if step.item is None and step.to]))

    def action(self, step: Step) -> str:
        """What a step does, in the middle of a sentence."""
        return self.line(step.file.title[:1].lower() + step.file.title[1:])

    def due(self, contact: Contact, sign: Sign) -> Date | None:
        """What `📅` says; a call that nobody answered is due another day, and its line of today is no task for it,
        unless that day was named there.
        """
        tried = sign is Sign.NO_ANSWER and not is_put_off(contact, self.agenda.today)
        return None if tried else contact.step.due

    def item(self, item: Item) -> str:
        return self.shown(f"{item.text} → {item.answer}" if item.answer else item.text)

    def why(self, step: Step, evaluation: Evaluation) -> dict[str, Any]:
        return {
            "wait": step.file.wait.first,
            "since_interview": step.counts_from == evaluation.interviewed,
            "since": self.day(step.counts_from) if step.counts_from else "",
            "since_try": step.retried,
            "pinned": step.pinned,
            "at": evaluation.call_at if step.pinned else "",
            "passed_over": self.shown(self.together([self.off(off) for off in step.passed_over])),
        }

    def off(self, off: PassedOver) -> str:
        why = script.why_off(off, self.language)
        return why if off.why in WEEKDAYS else f"{why} ({self.day(off.date)})"

    def clock(self, step: Step, theirs: str | None) -> str:
        """Their time at nine o'clock here, on the day itself; nothing where the clocks agree."""
        if theirs in (None, self.timezone):
            return ""
        day = max(step.due or self.agenda.today, self.agenda.today)
        nine = pendulum.datetime(day.year, day.month, day.day, 9, tz=self.timezone)
        there = nine.in_timezone(theirs)
        if there.utcoffset() == nine.utcoffset():
            return ""
        time = there.format("HH:mm")
        if there.date() == nine.date():
            return time
        return self.language.say("there_on", time=time, weekday=self.language.weekday(there.date()))

    def words(self, step: Step, plan: Plan) -> dict[str, Any]:
        try:
            text = self.script(step, plan, self.shown)
            if self.careful and shape(self.script(step, plan, escape)) != shape(self.script(step, plan, _mask)):
                raise Unsafe("words from a note would change its structure", "put them behind other words", 1)
        except TemplateFailure as failure:
            found = problem(
                "bad-template", step.file.path, failure.line, failure.column, why=failure.message, remedy=failure.remedy
            )
            self.problems.append(found)
            text = ""
        return {
            "name": self.shown(step.to.name) if step.to else "",
            "parts": [part._asdict() for part in script.parts(text, len(step.no_answer))],
        }

    def script(self, step: Step, plan: Plan, shown: Shown) -> str:
        return script.render(step, plan, self.method, self.caller, self.agenda.today, shown)

    def evaluate(self, plan: Plan) -> dict[str, Any]:
        open_questions = [words for key, words in self.method.questions.items() if key not in plan.evaluation.answered]
        return {**self.note(plan), "questions": [self.shown(words) for words in open_questions]}

    def appointment(self, one: Appointment) -> dict[str, Any]:
        people = one.plan.evaluation.interviewers
        return {
            **self.note(one.plan),
            "appointment": True,
            "people": self.shown(self.people(people)),
            "cards": (len(people) or 1) + 2,
            "offers": [self.item(item) for item in one.offers],
        }

    def people(self, people: Sequence[Person]) -> str:
        """Names and titles; a title stands behind a comma, so only where there is one do semicolons part the people."""
        if any(person.title for person in people):
            return "; ".join(", ".join(filter(None, person)) for person in people)
        return self.together([person.name for person in people])

    def entry(self, one: Contact | Appointment) -> dict[str, Any]:
        if isinstance(one, Appointment):
            return self.appointment(one)
        return {**self.contact(one, words=False), "appointment": False, "projected": one.projected}

    def problem(self, found: Problem) -> dict[str, Any]:
        return {
            "note": self.shown(found.note),
            "link": self.link(found.note),
            # In the page itself a line may be another one as soon as it is written.
            "line": found.line if found.note != self.path else 0,
            "message": advice(script.sentence(found.message), self.shown),
            "remedy": advice(script.sentence(found.remedy), self.shown),
            "stops": found is self.stops.get(found.note),
        }
