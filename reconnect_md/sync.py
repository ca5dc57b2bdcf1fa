"""One pass over a vault: the agenda's marks into the notes, notes -> plans -> agenda, and written what differs."""

import contextlib
import posixpath
import re
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import unquote

from pendulum import Date

from . import (
    agenda,
    beside,
    daily,
    footer,
    lines,
    log,
    marks,
    mend,
    merge,
    note,
    obsidian,
    overview,
    record,
    render,
    swap,
    taskline,
    weave,
)
from .carry import Carrier, known
from .errors import ChangedMeanwhile, Failure, OutsideVault, Problem, TemplateFailure, Unsettled, WriteFailed, problem
from .marks import Known, Page
from .method import LAYOUT
from .model import Agenda, Contact, Language, Mark, Sign
from .outlook import Frame, Notes, Outlook, frame, in_force, outlook, reader
from .reading import read_notes, with_bodies, with_texts
from .settings import FILE, Settings
from .vault import CONFLICT_COPY, Change, Read, Vault, shipped_templates

MOST_TRIES: Final = 30
"""So often a pass begins again when a file that it read was changed before it could write."""

PATIENCE: Final = 5
"""After so many tries one note that changes all the time is left for the next pass."""

DAYS_BACK: Final = 30
"""So many days back agendas are looked at for late ticks, where each day has its own."""

MOST_ROUNDS: Final = 3
"""So often the marks of a page are looked at again after some were carried."""

LOOK_AGAIN: Final = 0.1
"""Seconds until a note that is being saved is looked at again."""

LONGEST_SAVE: Final = 10.0
"""Seconds after which a pass gives up waiting for a note that is being saved."""

LONGEST_PASS: Final = 60.0
"""Seconds for which a pass of another process is waited for."""

AGENDA: Final = Settings().agenda
"""Where the agenda is, or was before a setting gave it another name."""

_ID: Final = re.compile(r"\b([a-z0-9]+-[a-z2-7]{4}(?:[a-z2-7]{12})?)-")
"""The id of a plan, with which those of its items begin."""

_TASK: Final = re.compile(r"^[ \t]*[-*+] \[.*", re.MULTILINE)
_FILE: Final = re.compile(r"([^/(]+\.md)\)")
"""The name of a file to which a link leads, as it stands there."""

WAITS: Final = "nothing: it is carried when that program is done"


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass made: the agenda's text, the other files that change, and the model behind it.

    `calendar` and `overview` are their files, if the settings name them. `standing` counts the
    items whose notes cannot be read.
    `waits`: a mark stays in the agenda, beside its problem.
    `left`: a note is being saved, or a file that was replaced is still open in another program: it has to be looked at
    again. `found` is the text in which the problems of the page are.
    """

    outlook: Outlook
    agenda: Agenda
    page: Change
    others: tuple[Change, ...]
    marks: tuple[tuple[Contact, Mark], ...]
    problems: tuple[Problem, ...]
    standing: int = 0
    waits: bool = False
    left: bool = False
    calendar: Change | None = None
    overview: Change | None = None
    found: str = ""

    @property
    def path(self) -> str:
        """Where the agenda is."""
        return self.page.name

    @property
    def text(self) -> str:
        """The agenda as people read it: without the marks in its last line."""
        return footer.without(self.page.new.decode("utf-8", errors="replace"))

    @property
    def changes(self) -> tuple[Change, ...]:
        """What there is to write, in that order: a mark is in its note before the agenda drops it."""
        return (*self.others, *(one for one in self.generated if one.differs))

    @property
    def unasked(self) -> tuple[Change, ...]:
        """The notes that change although no mark is for them: the day of the next contact, the daily note."""
        marked = {contact.plan.evaluation.note for contact, _ in self.marks}
        return tuple(change for change in self.others if change.name not in marked)

    @property
    def generated(self) -> tuple[Change, ...]:
        """What is made of the notes: the agenda, and what else the settings ask for."""
        return (self.page, *self.beside)

    @property
    def beside(self) -> tuple[Change, ...]:
        """The calendar and the overview, those that the settings ask for."""
        return tuple(filter(None, (self.calendar, self.overview)))

    @property
    def is_at_rest(self) -> bool:
        """Whether the next pass would make the same, if nothing changes."""
        return not (self.changes or self.waits or self.left or self.standing)

    def as_written(self) -> "Pass":
        """This pass once its page is written: with the problems of the page where their lines are then."""
        was, now = lines.split(self.found), lines.split(self.page.new.decode(errors="surrogateescape"))
        here = {one for one in self.problems if one.note == self.path and 0 < one.line <= len(was)}
        moved = {_moved(one, was, now) for one in here}
        return replace(self, problems=tuple(sorted({*self.problems} - here | moved)))

    def only(self, written: Collection[Change]) -> "Pass":
        """This pass with what it wrote before it had to begin again, and the marks that are in notes by that."""
        names = {change.name for change in written}
        marks = tuple((contact, mark) for contact, mark in self.marks if contact.plan.evaluation.note in names)
        return replace(self, others=tuple(change for change in self.others if change.name in names), marks=marks)

    def followed_by(self, later: "Pass") -> "Pass":
        """The later pass, with what this one wrote, too."""
        others = {change.name: change for change in (*self.others, *later.others)}
        marks, left = (*self.marks, *later.marks), self.left or later.left
        page = later.page._replace(read=self.page.read) if self.page.name == later.page.name else later.page
        dates = _as_found(later.calendar, self.calendar)
        survey = _as_found(later.overview, self.overview)
        return replace(
            later, page=page, calendar=dates, overview=survey, marks=marks, others=tuple(others.values()), left=left
        )


def _as_found(later: Change | None, before: Change | None) -> Change | None:
    """A later change of a file, from what it held before the earlier one."""
    return later._replace(read=before.read) if later and before and later.name == before.name else later


Reads = Callable[[Vault, Frame, Date], Notes]
"""How the notes of a vault are read."""

Plans = Callable[[Notes, Frame, Date], Outlook]
"""How they are planned."""

Said = Callable[[Sequence[Contact], Collection[str]], tuple[Contact, Mark]]
"""What somebody said of a step on the command line, once the contacts and the paths of all evaluations are known."""


class _Sheet(NamedTuple):
    """A file with an agenda, as it was found."""

    path: str
    read: Read
    text: str
    known: Known
    page: Page

    def links(self, notes: Iterable[str]) -> set[str]:
        """The links to notes as they stand in it."""
        return {render.link(name, self.path) for name in notes}


def make(
    vault: Vault,
    notes: Notes,
    frame: Frame,
    today: Date,
    refused: Mapping[str, Problem] = MappingProxyType({}),
    said: Said | None = None,
    hasty: bool = False,
    plans: Plans = outlook,
) -> Pass:
    """What the agenda and the notes of a vault come to. Nothing is written; `refused` are notes that cannot be.

    Raises `Unsettled` if a note is being saved; if `hasty`, that note counts as one that cannot be read.
    """
    before = plans(notes, frame, today)
    if wanted := _mentioned(vault, before):
        notes = with_bodies(vault, frame, notes, wanted)
        before = plans(notes, frame, today)
    contacts = _contacts(before)
    sheet, former = _sheets(vault, contacts, frame, today)
    if line := lines.conflict(sheet.text):
        return _conflicted(before, sheet, line, _carrier(notes, contacts, frame, today), said)
    language = frame.method.language
    broken, saved, missed = _missed(vault, sheet.path, former, contacts, notes)
    if _is_torn(vault, sheet) or (saved and not hasty):
        raise Unsettled("another program is saving a note at this moment", "run the command again when it is done")
    carrier = _carrier(notes, contacts, frame, today)
    waiting = sheet.links({*broken, *refused}) | former.links({*broken, *refused})
    settled, pending = carrier.carry(sheet.page, sheet.path, waiting)
    if said:
        _say(carrier, sheet.page, *said(contacts, notes.paths))
    for _ in range(MOST_ROUNDS):
        # What one mark changed may be what another one is refused for: as the next pass would find it.
        texts = dict(carrier.texts)
        if texts:
            carrier.contacts = _contacts(plans(with_texts(notes, texts, frame), frame, today))
            carrier.problems.clear()
            settled, pending = carrier.carry(sheet.page, sheet.path, waiting)
        if carrier.texts == texts:
            break
    others = list(_past(vault, carrier, frame, today, {*broken, *refused}))
    after = plans(with_texts(notes, carrier.texts, frame), frame, today) if carrier.texts else before
    if frame.settings.next_contact:
        carrier.write_next_contacts(after.plans, refused)
    others += _carried(carrier)
    own, damaged = beside.daily_note(vault, frame, today, {sheet.path, FILE, *notes.paths, *refused})
    problems = {*after.problems, *carrier.problems, *refused.values(), *missed, *damaged}
    problems |= {*_beside(vault, sheet, language)}
    standing = marks.standing(former.page, former.links(broken)) if broken else []
    calendar, foreign = beside.calendar(vault, after, bool(broken))
    taken = {sheet.path, *(own.name for own in [own] if own), *(change.name for change in others), *notes.paths}
    survey, in_its_place = beside.overview_as_it_is(vault, frame, taken)
    text, made, problems = _text(after, problems | foreign | in_its_place, sheet.path, standing)
    if survey:
        shown = overview.page(beside.all_plans(after), made.problems, frame.method, survey.name, today)
        survey = survey._replace(new=shown.encode(errors="surrogateescape"))
    new = weave.weave(text, sheet.text, sheet.known, today, language, settled, pending).encode(errors="surrogateescape")
    page = Change(sheet.path, sheet.read, new)
    if own and (own := beside.with_block(own, daily.block(made, language, text, sheet.path, own.name))).differs:
        if beside.being_saved(vault, own):
            saved = {*saved, own.name}
        else:
            others.append(own)
    said_of, wrong = tuple(carrier.marks), tuple(sorted(problems))
    return Pass(
        after, made, page, tuple(others), said_of, wrong, len(standing), bool(pending), bool(saved), calendar, survey,
        sheet.text,
    )  # fmt: skip


def _moved(one: Problem, was: Sequence[str], now: Sequence[str]) -> Problem:
    """The problem of a line in the page as it was, where that line is now; its words may be others by then."""
    line = was[one.line - 1]
    nth, sign = was[: one.line].count(line), line[one.column - 1 : one.column]
    there = [number for number, text in enumerate(now, start=1) if text == line]
    if there := there or _with_id(line, now):
        number = there[min(nth, len(there)) - 1]
        same = now[number - 1] == line
        return replace(one, line=number, column=one.column if same else now[number - 1].find(sign) + 1 or 1)
    return one


def _with_id(before: str, page: Sequence[str]) -> list[int]:
    """The numbers of the lines with the id of another one, if it has one."""
    ids = [(task.id if (task := taskline.parse(lines.bare(one), slips=True)) else "") for one in (before, *page)]
    return [number for number, id in enumerate(ids) if number and id == ids[0] != ""]


def _say(carrier: Carrier, page: Page, contact: Contact, mark: Mark) -> None:
    """Carry what the command line says. What stands below its item in the agenda belongs to the same mark: one line of
    the log, not two. What went to the log with an earlier mark was said of that.
    """
    below, state = page.remark(contact.id), page.states.get(contact.id)
    if mark.sign is Sign.OPEN or (state and state.carried == log.digest(below)):
        below = ""
    carrier.say(contact, replace(mark, remark="\n".join(filter(None, (mark.remark, below)))))


def _conflicted(before: Outlook, sheet: _Sheet, line: int, carrier: Carrier, said: Said | None) -> Pass:
    """What a page with git's conflict markers comes to: it stays, and only the command line says anything."""
    wrong = tuple(sorted({*before.problems, problem("conflict-markers", sheet.path, line)}))
    if said:
        carrier.say(*said(carrier.contacts, before.notes.paths))
    as_it_is = Change(sheet.path, sheet.read, sheet.read.data)
    return Pass(before, _agenda(before, wrong), as_it_is, tuple(_carried(carrier)), tuple(carrier.marks), wrong)


def _carried(carrier: Carrier) -> list[Change]:
    """The notes that marks went into."""
    texts = sorted(carrier.texts.items())
    return [Change(name, Read.of(carrier.originals[name]), text.encode()) for name, text in texts]


def _contacts(outlook: Outlook) -> list[Contact]:
    return [contact for plan in outlook.plans for contact in plan.contacts]


def _mentioned(vault: Vault, outlook: Outlook) -> set[str]:
    """The notes that are shelved, but of which an agenda tells that nobody has looked at for long: it may hold a mark
    for them.
    """
    unread = [plan for plan in outlook.plans if not plan.evaluation.has_body]
    if not unread:
        return set()
    text = "\n".join(vault.read(page).text for page in _pages(vault, outlook.frame, outlook.today))
    items = "\n".join(_TASK.findall(text))
    ids, files = {*_ID.findall(items)}, {*map(unquote, _FILE.findall(items))}
    there = (plan for plan in unread if plan.id in ids or plan.evaluation.note.rpartition("/")[2] in files)
    return {plan.evaluation.note for plan in there}


def _pages(vault: Vault, frame: Frame, today: Date) -> list[str]:
    """Everywhere that an agenda may be in which something was typed."""
    return [*dict.fromkeys((frame.settings.agenda_on(today), *_past_pages(vault, frame, today), AGENDA))]


def _past_pages(vault: Vault, frame: Frame, today: Date) -> list[str]:
    """Where each day has an agenda of its own: those of the last days."""
    first = today.subtract(days=DAYS_BACK)
    return vault.past(frame.settings.agenda, first.isoformat(), today.isoformat())


def _sheets(vault: Vault, contacts: Sequence[Contact], frame: Frame, today: Date) -> tuple[_Sheet, _Sheet]:
    """The agenda as it was found, and the one before it: yesterday's, where each day has its own.

    What was typed in the agenda of the former name goes on in a new one.
    """
    path = frame.settings.agenda_on(today)
    sheet = _healed(_sheet(vault, path, contacts, frame), frame.method.language)
    if sheet.read.digest:
        return sheet, sheet
    if past := _past_pages(vault, frame, today):
        return sheet, _sheet(vault, past[-1], contacts, frame)
    if not _has_former(vault, path) or not (former := _sheet(vault, AGENDA, contacts, frame)).page.day:
        return sheet, sheet
    if lines.conflict(former.text):
        return former, former  # it stays as it is until that is put right
    return sheet._replace(text=former.text, page=former.page), former


def _healed(sheet: _Sheet, language: Language) -> _Sheet:
    """The agenda without git's conflict markers, where that is sure; else as it is."""
    if not lines.conflict(sheet.text) or (text := merge.resolved(sheet.text, language)) is None:
        return sheet
    return sheet._replace(text=text, page=marks.read(text, sheet.known, language))


def _has_former(vault: Vault, path: str) -> bool:
    """Whether there is a page of the former name, which is another file than that of the agenda."""
    if path.casefold() == AGENDA.casefold():
        return False
    with contextlib.suppress(OSError, OutsideVault):
        there, now = vault.path(AGENDA), vault.path(path)
        return there.is_file() and not (now.exists() and there.samefile(now))
    return False


def _beside(vault: Vault, sheet: _Sheet, language: Language) -> Iterator[Problem]:
    """Other agendas in which somebody may tick and type: copies of sync services, and that of the former name."""
    yield from (problem("agenda-copy", copy) for copy in vault.copies(sheet.path))
    if _has_former(vault, sheet.path):
        with contextlib.suppress(OSError):
            if marks.read(vault.read(AGENDA).text, sheet.known, language).day:
                yield problem("former-agenda", AGENDA, now=sheet.path)


def _sheet(vault: Vault, path: str, contacts: Sequence[Contact], frame: Frame) -> _Sheet:
    read = vault.read(path)
    text = taskline.in_our_signs(read.text, frame.tasks.statuses)
    knows = known(contacts, lambda name: render.link(name, path))
    return _Sheet(path, read, text, knows, marks.read(text, knows, frame.method.language))


def _carrier(notes: Notes, contacts: Sequence[Contact], frame: Frame, today: Date) -> Carrier:
    def parse(name: str) -> record.Parse:
        return lambda text: note.parse(name, text, frame.method, frame.settings.timezone)[0]

    return Carrier(contacts, notes.data, parse, frame.method, today)


def _past(vault: Vault, carrier: Carrier, frame: Frame, today: Date, waiting: Iterable[str]) -> Iterator[Change]:
    """With an agenda for each day: what was ticked in those of the last days since they were written.

    One in which git left a conflict that a person has to decide waits for that, beside its problem.
    """
    for path in _past_pages(vault, frame, today):
        sheet = _healed(_sheet(vault, path, carrier.contacts, frame), frame.method.language)
        if line := lines.conflict(sheet.text):
            carrier.problems.append(problem("conflict-markers", path, line))
            continue
        if sheet.page.day is None:
            continue
        settled, _ = carrier.carry(sheet.page, path, sheet.links(waiting), past=True)
        text = marks.sealed(sheet.text, sheet.page, settled) if settled else sheet.text
        change = Change(path, sheet.read, text.encode(errors="surrogateescape"))
        if change.differs:
            yield change


def _linked(sheet: _Sheet) -> Iterator[tuple[str, str]]:
    """The items of an agenda: their ids, and the paths of the notes that they link to."""
    for id, found in sheet.page.tasks.items():
        for target in taskline.links(found[0].task.words):
            if ":" in target or not target.lower().endswith(".md"):
                continue  # a telephone number, a page of the web
            yield id, posixpath.normpath(posixpath.join(posixpath.dirname(sheet.path), unquote(target)))


def _broken(sheet: _Sheet, notes: Notes) -> set[str]:
    """The notes that cannot be read, those in folders that cannot be listed among them."""
    folders = tuple(name for name in notes.broken if name.endswith("/"))
    return {*notes.broken, *(name for _, name in _linked(sheet) if name.startswith(folders))}


def _missed(
    vault: Vault, agenda: str, sheet: _Sheet, contacts: Sequence[Contact], notes: Notes
) -> tuple[set[str], set[str], list[Problem]]:
    """The notes whose items stay in the `agenda` as they stand in the sheet, those among them that are being saved, and
    what there is to say of that beside what was said of notes that cannot be read.
    """
    broken = _broken(sheet, notes)
    vanished = set(_vanished(sheet, contacts, notes, broken))
    saved = {name for name in vanished if not vault.at_rest(name)}
    # All notes together go only if their folder is away: a drive, a link, a sync service.
    lost = vanished - saved if not notes.paths else set[str]()
    problems = [problem("being-saved", name) for name in saved]
    problems += [problem("no-notes", agenda, count=len(lost))] if lost else []
    return broken | saved | lost, saved, problems


def _vanished(sheet: _Sheet, contacts: Sequence[Contact], notes: Notes, broken: set[str]) -> Iterator[str]:
    """Notes that the agenda tells of and that hold no evaluation now, nor is it found in another note."""
    there = broken | notes.evaluations.keys()
    found = {contact.id for contact in contacts}
    for id, name in _linked(sheet):
        if id not in found and name not in there and not name.startswith(".."):
            yield name


def _is_torn(vault: Vault, sheet: _Sheet) -> bool:
    """Whether an editor is in the middle of saving the agenda, which then has no last line yet."""
    without_last_line = sheet.read.digest is not None and sheet.page.day is None
    return without_last_line and (vault.is_being_written(sheet.path) or not vault.at_rest(sheet.path))


def _agenda(outlook: Outlook, problems: Iterable[Problem]) -> Agenda:
    horizon = outlook.frame.settings.horizon
    made = agenda.make(outlook.plans, outlook.calendars, outlook.frame.method, problems, outlook.today, horizon)
    return replace(made, broken=outlook.notes.broken)


def _text(outlook: Outlook, problems: set[Problem], path: str, standing: list[str]) -> tuple[str, Agenda, set[Problem]]:
    """The agenda's text, its model and all problems, those of the templates among them."""
    made = _agenda(outlook, problems)
    text, bad = _render(outlook, made, path, standing)
    if bad:
        # Once more, so that the agenda itself shows which template is to blame.
        made = _agenda(outlook, problems | bad)
        text, _ = _render(outlook, made, path, standing)
    return text, made, problems | bad


def _render(outlook: Outlook, made: Agenda, path: str, standing: list[str]) -> tuple[str, set[Problem]]:
    """The agenda's text; with the shipped layout if the vault's own fails on what there is to show."""
    chosen, method = outlook.frame.settings, outlook.frame.method
    try:
        text, found = render.render(made, method, chosen.caller, path, chosen.timezone, standing, outlook.frame.tasks)
        return text, set(found)
    except TemplateFailure as failure:
        if method.layout_path in shipped_templates():
            raise
        blame = problem(
            "bad-template", method.layout_path, failure.line, failure.column, why=failure.message, remedy=failure.remedy
        )
    texts = shipped_templates()
    own = f"templates/{method.language.code}/{LAYOUT}"
    name = own if own in texts else f"templates/{LAYOUT}"
    shipped = replace(method, layout=texts[name], layout_path=name)
    text, bad = _render(replace(outlook, frame=replace(outlook.frame, method=shipped)), made, path, standing)
    return text, {*bad, blame}


def run(
    vault: Vault,
    today: Date | None = None,
    write: bool = True,
    said: Said | None = None,
    patience: float = LONGEST_SAVE,
    framed: Callable[[Vault], Frame] = in_force,
    hasty: bool = False,
    reads: Reads = read_notes,
    plans: Plans = outlook,
) -> Pass:
    """One whole pass: marks into the notes, notes -> plans -> agenda. `today` is the clock's date unless it is given.

    A note that is being saved is waited for, `patience` seconds; after that, or if the pass is `hasty`, its items stay
    as they stand. Without patience it raises `Unsettled`, and so does an agenda that is being saved, or another process
    that makes a pass. `framed` reads settings and templates, `reads` the notes, which `plans` plans.

    Begins again when a file changed meanwhile. A note that cannot be written, or that another program writes all the
    time, keeps its mark in the agenda beside a problem. Raises the failures of `errors`.
    """
    with vault.locked(LONGEST_PASS if patience else 0.0) if write else contextlib.nullcontext():
        made = _run(vault, today, write, said, patience, framed, hasty, reads, plans)
        for _ in range(MOST_ROUNDS if write and made.changes and (made.marks or made.waits) else 0):
            # What was carried may be news for another line, and what waits for itself: a pass that is over has
            # nothing left to write.
            try:
                again = _run(vault, today, write, None, patience, framed, hasty, reads, plans)
            except Unsettled:
                break  # what was carried is carried; the rest is for the next pass
            if not again.changes:
                break
            made = made.followed_by(again)
        return made


def _run(
    vault: Vault,
    today: Date | None,
    write: bool,
    said: Said | None,
    patience: float,
    framed: Callable[[Vault], Frame],
    hasty: bool,
    reads: Reads,
    plans: Plans,
) -> Pass:
    refused: dict[str, Problem] = {}
    before: Pass | None = None
    tries, start = 0, time.monotonic()
    while tries < MOST_TRIES:
        try:
            found = framed(vault)
            day = today or found.today
            notes = reads(vault, found, day)
            left = _left_behind(vault, notes, found.settings, day) if write else []
            recovered = [_recovered(path) for path in left]
            made = None if any(recovered) else make(vault, notes, found, day, refused, said, hasty, plans)
        except Unsettled:
            if time.monotonic() - start > (LONGEST_SAVE if before else patience):
                if hasty or not patience:
                    raise
                hasty = True
            time.sleep(LOOK_AGAIN)
            continue
        tries += 1
        if made:
            written = _written(vault, made, refused, tries, said is not None) if write else len(made.changes)
            finished = written == len(made.changes)
            # What this try wrote the next one finds done, but it was this pass that did it.
            done = made if finished else made.only(made.changes[:written])
            before = before.followed_by(done) if before else done
            if finished:
                before = before.as_written() if write else before
                return replace(before, left=made.left or _is_left(vault, made, left))
        time.sleep(tries / 100)
    raise ChangedMeanwhile("the notes change faster than they can be read", "close other programs and run it again")


def _written(vault: Vault, made: Pass, refused: dict[str, Problem], tries: int, asked: bool) -> int:
    """Write what differs; returns how many changes were written. If that is not all, the pass has to begin again.

    Notes that cannot be written are put into `refused`; if somebody `asked` for a mark and waits, that is raised.
    """
    for number, change in enumerate(made.changes):
        waits = asked and change not in made.unasked
        try:
            vault.write(change.name, change.new, change.read)
        except ChangedMeanwhile as failure:
            if tries >= PATIENCE and change not in made.generated:
                if waits:
                    raise
                refused[change.name] = problem("not-written", change.name, why=failure.message, remedy=WAITS)
            return number
        except (WriteFailed, OutsideVault) as failure:
            if waits or change in made.generated or (isinstance(failure, WriteFailed) and failure.done):
                raise
            found = problem("not-written", change.name, why=failure.message, remedy=failure.remedy)
            refused[change.name] = found
            return number
    return len(made.changes)


def _recovered(path: Path) -> bool:
    """Whether a file left behind could be dealt with; one that cannot is no reason to stop."""
    try:
        return swap.recover(path)
    except OSError:
        return False


def _is_left(vault: Vault, made: Pass, before: Sequence[Path]) -> bool:
    """Whether replaced files are still there, of this pass or of one `before`."""
    folders = {change.name.rpartition("/")[0] for change in made.changes}
    return any(path.exists() for path in before) or any(vault.left_behind(folder) for folder in folders)


def _left_behind(vault: Vault, notes: Notes, chosen: Settings, day: Date) -> list[Path]:
    """What a killed pass left in the folders that are written to, or in those of the notes that were read again."""
    names = (*notes.evaluations, *notes.broken) if notes.again is None else notes.again
    own = obsidian.daily_note(vault, chosen, day) if chosen.daily_note else ""
    folders = {
        name.rpartition("/")[0] for name in (*names, chosen.agenda_on(day), chosen.calendar, chosen.overview, own)
    } | {""}
    return [path for folder in sorted(folders) for path in vault.left_behind(folder)]


def mended(vault: Vault, write: bool = True, only: Collection[str] = ()) -> tuple[list[Change], list[Failure]]:
    """The files in which slips can be put right for sure, as they are then; and why others could not be written: each
    is written for itself. If any are named, `only` those.
    """
    changes, failures = list[Change](), list[Failure]()

    def put_right(names: Iterable[str], found: Frame) -> None:
        for name in sorted({*names} & {*only} if only else {*names}):
            try:
                changes.extend(_mended(vault, name, found, write))
            except (ChangedMeanwhile, OutsideVault, WriteFailed) as failure:
                failures.append(failure)
            except OSError:
                continue  # that it cannot be read is a problem of its own

    with vault.locked(LONGEST_PASS) if write else contextlib.nullcontext():
        found = frame(vault)
        if found.unread:  # without its settings nobody knows which notes it may look into
            put_right([FILE], found)
            found = frame(vault)
        if not found.unread:
            put_right((one.note for one in (*found.problems, *read_notes(vault, found, found.today).problems)), found)
    return changes, failures


def _mended(vault: Vault, name: str, frame: Frame, write: bool) -> list[Change]:
    """One file put right, if there is something to put right. Begins again when it was changed meanwhile."""
    for tries in range(1, PATIENCE + 1):
        data = vault.evaluation(name) or vault.read(name).data
        text, bad = note.decode(name, data)
        if bad or CONFLICT_COPY.search(name):
            return []
        change = Change(name, Read.of(data), mend.mend(text, frame.method, reader(name, frame)).encode())
        if change.new == data:
            return []
        try:
            if write:
                vault.write(name, change.new, change.read)
            return [change]
        except ChangedMeanwhile:
            if tries == PATIENCE:
                raise
            time.sleep(tries / 100)
    return []
