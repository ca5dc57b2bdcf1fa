"""One pass over a vault: the agenda's marks into the notes, notes -> plans -> agenda, and written what differs."""

import posixpath
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import unquote

import pendulum
from pendulum import Date

from . import agenda, carry, lines, marks, method, note, plan, record, render, settings, swap, taskline, weave
from .errors import ChangedMeanwhile, Problem, TemplateFailure, Unsettled, WriteFailed, problem
from .marks import Page
from .method import LAYOUT
from .model import Agenda, Contact, Evaluation, Mark, Method, Plan
from .settings import Settings
from .values import is_timezone
from .vault import CONFLICT_COPY, Read, Vault, shipped_templates
from .workdays import WorkCalendar

TEMPLATES: Final = "Templates"
"""Where Obsidian's core plugin looks if it was told nothing else; the notes in it are no evaluations."""

MOST_TRIES: Final = 30
"""So often a pass begins again when a file that it read was changed before it could write."""

PATIENCE: Final = 5
"""After so many tries one note that changes all the time is left for the next pass."""

LOOK_AGAIN: Final = 0.1
"""Seconds until a note that is being saved is looked at again."""

WAITS: Final = "nothing: it is carried when that program is done"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a pass needs to know before it reads a note."""

    settings: Settings
    method: Method
    problems: tuple[Problem, ...]

    @property
    def today(self) -> Date:
        """The local date in the settings' time zone. The one place where the clock is read."""
        return pendulum.now(self.settings.timezone).date()


@dataclass(frozen=True, slots=True)
class Notes:
    """The evaluations of a vault, by path, with their bytes; `broken` are the notes that cannot be read."""

    evaluations: dict[str, Evaluation]
    data: dict[str, bytes]
    problems: tuple[Problem, ...]
    broken: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outlook:
    """The plans of a vault on one day."""

    today: Date
    frame: Frame
    notes: Notes
    plans: tuple[Plan, ...]
    calendars: dict[str, WorkCalendar]
    problems: tuple[Problem, ...]


class Change(NamedTuple):
    """A file as it was read, and the bytes that it is to hold."""

    name: str
    read: Read
    new: bytes

    @property
    def differs(self) -> bool:
        """Whether it has to be written. Line ends alone are no difference: git may have turned them."""
        return self.read.digest is None or self.read.data.replace(b"\r\n", b"\n") != self.new.replace(b"\r\n", b"\n")


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass made: the notes that get marks, the agenda's text, and the model behind it."""

    outlook: Outlook
    agenda: Agenda
    page: Change
    notes: tuple[Change, ...]
    marks: tuple[tuple[Contact, Mark], ...]
    problems: tuple[Problem, ...]

    @property
    def path(self) -> str:
        """Where the agenda is."""
        return self.page.name

    @property
    def text(self) -> str:
        """The agenda as people read it: without the marks in its last line."""
        return marks.without_marks(self.page.new.decode("utf-8", errors="replace"))

    @property
    def changes(self) -> tuple[Change, ...]:
        """What there is to write, in that order: a mark is in its note before the agenda drops it."""
        return (*self.notes, self.page) if self.page.differs else self.notes


def frame(vault: Vault) -> Frame:
    """Settings and method of a vault, the vault's files over the shipped ones."""
    text, unreadable = note.decode(settings.FILE, vault.read(settings.FILE).data)
    found, wrong = settings.read(text, _system_timezone())
    made, bad_steps = method.read(shipped_templates(), vault.templates(found.templates))
    return Frame(found, made, (*unreadable, *wrong, *bad_steps))


def _system_timezone() -> str:
    """The name of the system's time zone; UTC where it has none that is known."""
    try:
        name = str(pendulum.tz.local_timezone().name)
    except (RuntimeError, ValueError, OSError):
        return "UTC"
    return name if is_timezone(name) else "UTC"


def look(vault: Vault, frame: Frame, today: Date) -> Outlook:
    """Read every evaluation of the vault and plan it."""
    return outlook(read_notes(vault, frame), frame, today)


def read_notes(vault: Vault, frame: Frame) -> Notes:
    """Every evaluation of the vault."""
    chosen = frame.settings
    evaluations, contents, broken = dict[str, Evaluation](), dict[str, bytes](), set[str]()
    problems: list[Problem] = []
    if chosen.interviews != "." and not (vault.root / chosen.interviews).is_dir():
        problems.append(problem("no-folder", settings.FILE, key="interviews", value=chosen.interviews))
    for name in vault.notes(chosen.interviews, _skipped(vault, chosen)):
        data, evaluation, found = _evaluation(vault, name, frame)
        problems += found
        if evaluation:
            evaluations[name], contents[name] = evaluation, data
        elif found:
            broken.add(name)
    return Notes(evaluations, contents, tuple(problems), frozenset(broken))


def outlook(notes: Notes, frame: Frame, today: Date) -> Outlook:
    """The plans of these notes."""
    evaluations = list(notes.evaluations.values())
    calendars = _calendars(evaluations, frame.settings)
    plans = plan.plans(evaluations, frame.method, lambda evaluation: calendars[evaluation.note], today)
    problems = [*frame.problems, *notes.problems, *(found for one in plans for found in one.problems)]
    if not frame.settings.me and any(step.open for one in plans for step in one.steps):
        problems.append(problem("no-name", settings.FILE))
    return Outlook(today, frame, notes, plans, calendars, tuple(sorted(problems)))


def _skipped(vault: Vault, chosen: Settings) -> set[str]:
    """Folders and notes that hold no evaluations: templates, what the settings ignore, the settings themselves."""
    folder = vault.obsidian("templates.json").get("folder")
    theirs = folder.strip("/") if isinstance(folder, str) and folder.strip("/") else TEMPLATES
    return {chosen.templates, theirs, settings.FILE, *chosen.ignore}


def _evaluation(vault: Vault, name: str, frame: Frame) -> tuple[bytes, Evaluation | None, tuple[Problem, ...]]:
    """The evaluation in a file, if it is one. A file that went away meanwhile, or a link to nothing, is none."""
    try:
        data = vault.evaluation(name)
    except FileNotFoundError:
        return b"", None, ()
    except OSError as error:
        return b"", None, (problem("unreadable", name, why=error.strerror or str(error)),)
    if data is None:
        return b"", None, ()
    text, unreadable = note.decode(name, data)
    if unreadable:
        return data, None, unreadable if note.looks_like_one(data) else ()
    evaluation, found = note.parse(name, text, frame.method, frame.settings.timezone)
    if evaluation and CONFLICT_COPY.search(name):
        return data, None, (problem("conflict-copy", name),)
    return data, evaluation, found


def _calendars(evaluations: list[Evaluation], chosen: Settings) -> dict[str, WorkCalendar]:
    """Note -> calendar; notes of one region share one, and what it has worked out."""
    regions = {evaluation.region: chosen.calendar(evaluation.region) for evaluation in evaluations}
    return {evaluation.note: regions[evaluation.region] for evaluation in evaluations}


Said = Callable[[Sequence[Contact]], tuple[Contact, Mark]]
"""What somebody said of a step on the command line, once the contacts are known."""


def make(
    vault: Vault,
    notes: Notes,
    frame: Frame,
    today: Date,
    refused: Mapping[str, Problem] = MappingProxyType({}),
    said: Said | None = None,
) -> Pass:
    """What the pages and notes of a vault come to. Nothing is written; `refused` are notes that cannot be."""
    before = outlook(notes, frame, today)
    path = frame.settings.agenda_on(today)
    old = vault.read(path)
    old_text = old.data.decode("utf-8", errors="surrogateescape")
    if line := lines.conflict(old_text):
        wrong = tuple(sorted({*before.problems, problem("conflict-markers", path, line)}))
        return Pass(before, _agenda(before, wrong), Change(path, old, old.data), (), (), wrong)
    contacts = [contact for one in before.plans for contact in one.contacts]
    known = carry.known(contacts, lambda name: render.link(name, path))
    page = marks.read(old_text, known)
    if any(not vault.settled(name) for name in _vanished(page, contacts, notes, path)):
        raise Unsettled("a note is being saved", "run the command again")
    waiting = {render.link(name, path) for name in {*notes.broken, *refused}}

    def parse(name: str) -> record.Parse:
        return lambda text: note.parse(name, text, frame.method, frame.settings.timezone)[0]

    carried = carry.carry(
        page, contacts, lambda name: notes.data[name].decode(), parse, frame.method, today, path, waiting
    )
    if said:
        contact, mark = said(contacts)
        name = contact.plan.evaluation.note
        carry.say(carried, contact, mark, notes.data[name].decode(), frame.method, parse(name))
    after = outlook(_with(notes, carried.texts, frame), frame, today) if carried.texts else before
    standing = marks.standing(page, {render.link(name, path) for name in notes.broken}) if notes.broken else []
    copies = [problem("agenda-copy", copy) for copy in vault.copies(path)]
    problems = {*after.problems, *carried.problems, *refused.values(), *copies}
    made = _agenda(after, problems)
    text, bad = _render(after, made, path, standing)
    if bad:
        # Once more, so that the agenda itself shows which template is to blame.
        made = _agenda(after, {*problems, *bad})
        text, _ = _render(after, made, path, standing)
    new = weave.weave(text, old_text, known, today, carried.settled, carried.pending)
    changes = tuple(
        Change(name, Read.of(notes.data[name]), edited.encode()) for name, edited in sorted(carried.texts.items())
    )
    page_change = Change(path, old, new.encode("utf-8", errors="surrogateescape"))
    return Pass(after, made, page_change, changes, tuple(carried.marks), tuple(sorted({*problems, *bad})))


def _vanished(page: Page, contacts: list[Contact], notes: Notes, path: str) -> Iterator[str]:
    """Notes that the agenda tells of and that hold no evaluation now, nor is it found in another note."""
    found = {contact.id for contact in contacts}
    for id, lines_of_it in page.tasks.items():
        for target in taskline.links(lines_of_it[0].task.words) if id not in found else ():
            name = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(target)))
            if name not in notes.broken and not name.startswith(".."):
                yield name


def _with(notes: Notes, texts: Mapping[str, str], frame: Frame) -> Notes:
    """The notes as they will be when these texts are written."""
    read = {name: note.parse(name, text, frame.method, frame.settings.timezone)[0] for name, text in texts.items()}
    changed = {name: evaluation for name, evaluation in read.items() if evaluation}
    return replace(notes, evaluations={**notes.evaluations, **changed})


def _agenda(outlook: Outlook, problems: Iterable[Problem]) -> Agenda:
    frame = outlook.frame
    return agenda.make(outlook.plans, outlook.calendars, frame.method, problems, outlook.today, frame.settings.horizon)


def _render(outlook: Outlook, made: Agenda, path: str, standing: list[str]) -> tuple[str, set[Problem]]:
    """The agenda's text; with the shipped layout if the vault's own fails on what there is to show."""
    chosen, method = outlook.frame.settings, outlook.frame.method
    try:
        text, found = render.render(made, method, chosen.caller, path, chosen.timezone, standing)
        return text, set(found)
    except TemplateFailure as failure:
        if method.layout_path in shipped_templates():
            raise
        blame = problem("bad-template", method.layout_path, failure.line, why=failure.message, remedy=failure.remedy)
    name = f"templates/{LAYOUT}"
    shipped = replace(method, layout=shipped_templates()[name], layout_path=name)
    text, bad = _render(replace(outlook, frame=replace(outlook.frame, method=shipped)), made, path, standing)
    return text, {*bad, blame}


def run(vault: Vault, today: Date | None = None, write: bool = True, said: Said | None = None) -> Pass:
    """One whole pass: marks into the notes, notes -> plans -> agenda. `today` is the clock's date unless it is given.

    Begins again when a file changed meanwhile. A note that cannot be written, or that another program writes all the
    time, keeps its mark in the agenda beside a problem. Raises the failures of `errors`.
    """
    refused: dict[str, Problem] = {}
    number = 0
    while number < MOST_TRIES:
        number += 1
        found = frame(vault)
        notes = read_notes(vault, found)
        day = today or found.today
        if write and (left := _left_behind(vault, notes, found.settings.agenda_on(day))):
            for path in left:
                swap.recover(path)
            continue
        try:
            made = make(vault, notes, found, day, refused, said)
        except Unsettled:
            number -= 1
            time.sleep(LOOK_AGAIN)
            continue
        if not write:
            return made
        for change in made.changes:
            try:
                vault.write(change.name, change.new, change.read)
            except ChangedMeanwhile as failure:
                if number >= PATIENCE and change is not made.page:
                    refused[change.name] = problem("not-written", change.name, why=failure.message, remedy=WAITS)
                time.sleep(number / 100)
                break
            except WriteFailed as failure:
                if failure.done or change is made.page:
                    raise
                refused[change.name] = problem("not-written", change.name, why=failure.message, remedy=failure.remedy)
                break
        else:
            return made
    raise ChangedMeanwhile("the notes change faster than they can be read", "close other programs and run it again")


def _left_behind(vault: Vault, notes: Notes, agenda: str) -> list[Path]:
    """What a killed pass left in the folders that are written to."""
    folders = {name.rpartition("/")[0] for name in (*notes.evaluations, *notes.broken, agenda)} | {""}
    return [path for folder in sorted(folders) for path in vault.left_behind(folder)]
