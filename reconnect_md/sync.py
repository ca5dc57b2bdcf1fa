"""One pass over a vault: the agenda's marks into the notes, notes -> plans -> agenda, and written what differs."""

import contextlib
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

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
    note,
    obsidian,
    overview,
    pages,
    record,
    render,
    swap,
    taskline,
    weave,
)
from .carry import Carrier
from .errors import ChangedMeanwhile, Failure, OutsideVault, Problem, TemplateFailure, Unsettled, WriteFailed, problem
from .marks import Page
from .method import LAYOUT
from .model import Agenda, Contact, Mark, Sign
from .outlook import Frame, Notes, Outlook, frame, in_force, outlook, reader
from .reading import read_notes, with_bodies, with_texts
from .settings import FILE, Settings
from .vault import CONFLICT_COPY, Change, Read, Vault, shipped_templates

MOST_TRIES: Final = 30
"""So often a pass begins again when a file that it read was changed before it could write."""

PATIENCE: Final = 5
"""After so many tries one note that changes all the time is left for the next pass."""

MOST_ROUNDS: Final = 3
"""So often the marks of a page are looked at again after some were carried."""

LOOK_AGAIN: Final = 0.1
"""Seconds until a note that is being saved is looked at again."""

LONGEST_SAVE: Final = 10.0
"""Seconds after which a pass gives up waiting for a note that is being saved."""

LONGEST_PASS: Final = 60.0
"""Seconds for which a pass of another process is waited for."""

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
        placed = {one: _placed(one, was, now) for one in here}
        problems, shown = (
            tuple(sorted({placed.get(one, one) for one in found})) for found in (self.problems, self.agenda.problems)
        )
        return replace(self, problems=problems, agenda=replace(self.agenda, problems=shown))

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

Command = Callable[[Sequence[Contact], Collection[str]], tuple[Contact, Mark]]
"""What somebody said of a step on the command line, once the contacts and the paths of all evaluations are known."""


def make(
    vault: Vault,
    notes: Notes,
    frame: Frame,
    today: Date,
    refused: Mapping[str, Problem] = MappingProxyType({}),
    said: Command | None = None,
    hasty: bool = False,
    plans: Plans = outlook,
) -> Pass:
    """What the agenda and the notes of a vault come to. Nothing is written; `refused` are notes that cannot be.

    Raises `Unsettled` if a note is being saved; if `hasty`, that note counts as one that cannot be read.
    """
    before = plans(notes, frame, today)
    if wanted := pages.mentioned(vault, before):
        notes = with_bodies(vault, frame, notes, wanted)
        before = plans(notes, frame, today)
    contacts = _contacts(before)
    current, former = pages.found(vault, contacts, frame, today)
    if line := lines.conflict(current.text):
        return _conflicted(before, current, line, _carrier(notes, contacts, frame, today), said)
    language = frame.method.language
    broken, saved, missed = pages.missed(vault, current.path, former, contacts, notes)
    if pages.is_torn(vault, current) or (saved and not hasty):
        raise Unsettled("another program is saving a note at this moment", "run the command again when it is done")
    carrier = _carrier(notes, contacts, frame, today)
    waiting = current.links({*broken, *refused}) | former.links({*broken, *refused})
    settled, pending = carrier.carry(current.page, current.path, waiting)
    if said:
        _say(carrier, current.page, *said(contacts, notes.paths))
    for _ in range(MOST_ROUNDS):
        # What one mark changed may be what another one is refused for: as the next pass would find it.
        texts = dict(carrier.texts)
        if texts:
            carrier.contacts = _contacts(plans(with_texts(notes, texts, frame), frame, today))
            carrier.problems.clear()
            settled, pending = carrier.carry(current.page, current.path, waiting)
        if carrier.texts == texts:
            break
    others = list(_past(vault, carrier, frame, today, {*broken, *refused}))
    after = plans(with_texts(notes, carrier.texts, frame), frame, today) if carrier.texts else before
    if frame.settings.next_contact:
        carrier.write_next_contacts(after.plans, refused)
    others += _carried(carrier)
    own, damaged = beside.daily_note(vault, frame, today, {current.path, FILE, *notes.paths, *refused})
    problems = {*after.problems, *carrier.problems, *refused.values(), *missed, *damaged}
    problems |= {*pages.others(vault, current, language)}
    standing = marks.standing(former.page, former.links(broken)) if broken else []
    calendar, foreign = beside.calendar(vault, after, bool(broken))
    taken = {current.path, *(own.name for own in [own] if own), *(change.name for change in others), *notes.paths}
    survey, in_its_place = beside.overview_as_it_is(vault, frame, taken)
    text, made, problems = _text(after, problems | foreign | in_its_place, current.path, standing)
    if survey:
        shown = overview.page(beside.all_plans(after), made.problems, frame.method, survey.name, today)
        survey = survey._replace(new=shown.encode(errors="surrogateescape"))
    woven = weave.weave(text, current.text, current.known, today, language, settled, pending, current.page)
    page = Change(current.path, current.read, woven.encode(errors="surrogateescape"))
    if own and (own := beside.with_block(own, daily.block(made, language, text, current.path, own.name))).differs:
        if beside.being_saved(vault, own):
            saved = {*saved, own.name}
        else:
            others.append(own)
    said_of, wrong = tuple(carrier.marks), tuple(sorted(problems))
    return Pass(
        after, made, page, tuple(others), said_of, wrong, len(standing), bool(pending), bool(saved), calendar, survey,
        current.text,
    )  # fmt: skip


def _placed(one: Problem, was: Sequence[str], now: Sequence[str]) -> Problem:
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


def _conflicted(before: Outlook, current: pages.PageFile, line: int, carrier: Carrier, said: Command | None) -> Pass:
    """What a page with git's conflict markers comes to: it stays, and only the command line says anything."""
    wrong = tuple(sorted({*before.problems, problem("conflict-markers", current.path, line)}))
    if said:
        carrier.say(*said(carrier.contacts, before.notes.paths))
    as_it_is = Change(current.path, current.read, current.read.data)
    return Pass(before, _agenda(before, wrong), as_it_is, tuple(_carried(carrier)), tuple(carrier.marks), wrong)


def _carried(carrier: Carrier) -> list[Change]:
    """The notes that marks went into."""
    texts = sorted(carrier.texts.items())
    return [Change(name, Read.of(carrier.originals[name]), text.encode()) for name, text in texts]


def _contacts(outlook: Outlook) -> list[Contact]:
    return [contact for plan in outlook.plans for contact in plan.contacts]


def _carrier(notes: Notes, contacts: Sequence[Contact], frame: Frame, today: Date) -> Carrier:
    def parse(name: str) -> record.Parse:
        return lambda text: note.parse(name, text, frame.method, frame.settings.timezone)[0]

    return Carrier(contacts, notes.data, parse, frame.method, today)


def _past(vault: Vault, carrier: Carrier, frame: Frame, today: Date, waiting: Iterable[str]) -> Iterator[Change]:
    """With an agenda for each day: what was ticked in those of the last days since they were written.

    One in which git left a conflict that a person has to decide waits for that, beside its problem.
    """
    for path in pages.past(vault, frame, today):
        file = pages.healed(pages.read(vault, path, carrier.contacts, frame), frame.method.language)
        if line := lines.conflict(file.text):
            carrier.problems.append(problem("conflict-markers", path, line))
            continue
        if file.page.day is None:
            continue
        settled, _ = carrier.carry(file.page, path, file.links(waiting), past=True)
        text = marks.sealed(file.text, file.page, settled) if settled else file.text
        change = Change(path, file.read, text.encode(errors="surrogateescape"))
        if change.differs:
            yield change


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
    said: Command | None = None,
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
    how = _How(today, write, patience, framed, hasty, reads, plans)
    with vault.locked(LONGEST_PASS if patience else 0.0) if write else contextlib.nullcontext():
        made = _run(vault, how, said)
        for _ in range(MOST_ROUNDS if write and made.changes and (made.marks or made.waits) else 0):
            # What was carried may be news for another line, and what waits for itself: a pass that is over has
            # nothing left to write.
            try:
                again = _run(vault, how)
            except Unsettled:
                break  # what was carried is carried; the rest is for the next pass
            if not again.changes:
                break
            made = made.followed_by(again)
        return made


class _How(NamedTuple):
    """How a pass is made: the arguments of `run`."""

    today: Date | None
    write: bool
    patience: float
    framed: Callable[[Vault], Frame]
    hasty: bool
    reads: Reads
    plans: Plans


def _run(vault: Vault, how: _How, said: Command | None = None) -> Pass:
    refused: dict[str, Problem] = {}
    before: Pass | None = None
    tries, start, hasty = 0, time.monotonic(), how.hasty
    while tries < MOST_TRIES:
        try:
            found = how.framed(vault)
            day = how.today or found.today
            notes = how.reads(vault, found, day)
            left = _left_behind(vault, notes, found.settings, day) if how.write else []
            recovered = [_recovered(path) for path in left]
            made = None if any(recovered) else make(vault, notes, found, day, refused, said, hasty, how.plans)
        except Unsettled:
            if time.monotonic() - start > (LONGEST_SAVE if before else how.patience):
                if hasty or not how.patience:
                    raise
                hasty = True
            time.sleep(LOOK_AGAIN)
            continue
        tries += 1
        if made:
            written = _written(vault, made, refused, tries, said is not None) if how.write else len(made.changes)
            finished = written == len(made.changes)
            # What this try wrote the next one finds done, but it was this pass that did it.
            done = made if finished else made.only(made.changes[:written])
            before = before.followed_by(done) if before else done
            if finished:
                before = before.as_written() if how.write else before
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
