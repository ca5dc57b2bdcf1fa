"""The page of the agenda -> what it says of each item, written into the notes' texts.

A mark is carried again whenever the note does not have it: after a pass that was killed, and after an editor that
saved an older text over it. What cannot be carried stays in the agenda, beside a problem.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, Final

from pendulum import Date

from . import log, meaning, record, reflow
from .edit import CannotEdit
from .errors import NotSaid, Problem, problem
from .footer import State
from .marks import Known, Page
from .meaning import Refused
from .model import SKIPPED, Contact, Mark, Method, Plan, Sign, Status
from .taskline import TaskLine, links, without_links

_SIGNS: Final = {"mark-date": "✅", "half-mark": "✅", "pin-refused": "📅"}
"""Of which part of a task line a problem tells; all others tell of its box."""

_LONGEST: Final = 200
"""So many characters of what was typed stand in a problem."""


def known(contacts: Sequence[Contact], link: Callable[[str], str]) -> Known:
    """How task lines find their items: by id; if that was lost, by the linked note and the step's title, if unique.

    An id may be that of another evaluation by now, if company or day of the two were corrected. Where a line links to
    one, and its id is that of another, it is of the one whose people and company it names; if that is not one, of
    none. `link` gives the link to a note as it stands in the agenda.
    """
    ids = {contact.id: contact for contact in contacts}
    linked: dict[str, list[Contact]] = {}
    for contact in contacts:
        linked.setdefault(link(contact.plan.evaluation.note), []).append(contact)

    def id(task: TaskLine) -> str:
        there = [contact for target in dict.fromkeys(links(task.words)) for contact in linked.get(target, ())]
        if task.id in ids:
            return _of_two(task, ids[task.id], there)
        words = task.words.casefold()
        named = [one for one in there if any(title.casefold() in words for title in one.step.file.titles)]
        found = [one.id for one in named if one.step.status not in (Status.WAITING, Status.ENDED)]
        # Of what is still to come only a mark, or another day, is news.
        if not found and (task.sign not in (None, Sign.OPEN) or task.due):
            found = [one.id for one in named if one.step.status is Status.WAITING]
        return found[0] if len(found) == 1 else ""

    return id


def _of_two(task: TaskLine, by_id: Contact, linked: Sequence[Contact]) -> str:
    """The id of the item that a line is of, if that with its id is not of the note that it links to; one that no item
    has where that is not sure.
    """
    if not linked or any(one.plan.id == by_id.plan.id for one in linked):
        return by_id.id
    by_link = f"{linked[0].plan.id}{by_id.id.removeprefix(by_id.plan.id)}"
    here, there = _named(task, by_id), _named(task, linked[0])
    return f"{by_id.id}-or-{by_link}" if here == there else max((here, by_id.id), (there, by_link))[1]


def _named(task: TaskLine, contact: Contact) -> int:
    """How many of the people and the company of an evaluation a line names."""
    evaluation, words = contact.plan.evaluation, reflow.letters(without_links(task.words)).casefold()
    names = [*(one.to.name for one in contact.steps if one.to), evaluation.company]
    return sum(reflow.letters(name).casefold() in words for name in names if name)


@dataclass
class Carrier:
    """Writes what was said of the contacts into the texts of their notes, one mark after the other.

    `originals` are the notes' bytes and `parse` makes a reader for one, by path. `texts` holds the new text of each
    note that changed, `marks` what changed it, `problems` what was refused.
    """

    contacts: Sequence[Contact]
    originals: Mapping[str, bytes]
    parse: Callable[[str], record.Parse]
    method: Method
    today: Date
    texts: dict[str, str] = field(default_factory=dict)
    marks: list[tuple[Contact, Mark]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def carry(
        self, page: Page, agenda: str, waiting: Collection[str] = (), past: bool = False
    ) -> tuple[set[str], dict[str, str]]:
        """Everything that a page says. Returns the ids of items whose notes say the same now, and since when the
        marks of others wait.

        `agenda` is the page's path; `waiting` are links to notes that cannot be read or written now. On a page of a
        day that is `past` only changed lines say anything.
        """
        contacts = {contact.id: contact for contact in self.contacts}
        settled, pending = set[str](), dict[str, str]()
        for id, found in page.tasks.items():
            if not set(waiting).isdisjoint(links(found[0].task.words)):
                refused = True
            elif contact := contacts.get(id):
                refused = self._item(page, id, contact, settled, agenda, past)
            else:
                refused = False
                self.problems.extend(_lost(page, id, agenda))
            if refused and any(said.sign or said.due for said in page.sayings(id)):
                pending[id] = meaning.since(page, id, self.today)
        return settled, pending

    def _item(self, page: Page, id: str, contact: Contact, settled: set[str], agenda: str, past: bool) -> bool:
        """Carry what the page says of one item, if anything; whether that was refused."""
        try:
            marks = [] if past and not _new(page, id) else meaning.on_page(page, id, contact, self.today)
            if not marks:
                return False
            self._write(contact, marks)
        except Refused as refused:
            code, words = refused.args
            note, place = contact.plan.evaluation.note, _place(page, id, _SIGNS.get(code, "["))
            # By its note, because a company may have several; the page itself shows no line that would tell which.
            named = f"{contact.step.file.title}, {PurePosixPath(note).stem}"
            self.problems.append(_problem(code, agenda, place, words=named, in_note=note, **words))
            return True
        settled.add(id)
        return False

    def say(self, contact: Contact, mark: Mark) -> None:
        """Write one mark that was given on the command line. Raises `NotSaid` if it is refused."""
        note, step = contact.plan.evaluation.note, contact.step.file.step
        try:
            self._write(contact, [mark])
        except Refused as refused:
            _, words = refused.args
            remedy = f"write it there by hand: {words['typed']}"
            if isinstance(refused.__cause__, record.SaysOtherwise):
                remedy = f"if that is wrong, first take it back: reconnect undo '{note}' {step}"
            raise NotSaid(f"{note} was left as it is: {words['why']}", remedy) from refused

    def write_next_contacts(self, plans: Iterable[Plan], waiting: Collection[str]) -> None:
        """Write the day of each plan's next contact into its note; `waiting` are those that cannot be written now."""
        for plan in plans:
            name, said = plan.evaluation.note, plan.evaluation.next_contact
            day = min((step.due for step in plan.steps if step.open and step.due), default=None)
            if said == str(day or "") or name in waiting:
                continue
            text = self.texts.get(name) or self.originals[name].decode()
            try:
                self.texts[name] = record.with_next_contact(text, day, self.parse(name))
            except CannotEdit as error:
                place = plan.evaluation.place("next_contact")
                self.problems.append(problem("next-contact", name, *place, why=str(error)))

    def _write(self, contact: Contact, marks: Sequence[Mark]) -> None:
        """Write all marks of an item into its note, or none."""
        note = contact.plan.evaluation.note
        before = text = self.texts.get(note) or self.originals[note].decode()
        written = []
        for mark in marks:
            try:
                after = record.write(text, mark, self.method, self.parse(note))
            except CannotEdit as error:
                raise Refused("mark-refused", {"why": str(error), "typed": _typed(mark)}) from error
            if after != text:
                written.append((next(one for one in contact.plan.contacts if one.step.record == mark.record), mark))
            text = after
        if text != before:
            self.texts[note] = text
            self.marks.extend(written)


def _new(page: Page, id: str) -> bool:
    """Whether anybody ticked an item, or typed on below a done one, since the page was written."""
    state = page.states.get(id, State(Sign.OPEN))
    typed_on = state.sign is not Sign.OPEN and page.remark(id) and log.digest(page.remark(id)) != state.carried
    return bool(page.changed(id) or typed_on)


def _place(page: Page, id: str, sign: str) -> tuple[int, int]:
    """Line and column of a sign in the line of an item, that which somebody changed if there is one."""
    found = (page.changed(id) or page.tasks[id])[0]
    return found.line, max(0, found.text.find(sign)) + 1


def _typed(mark: Mark) -> str:
    """What a person has to type to say the same in the note."""
    value = {Sign.DONE: str(mark.day), Sign.SKIPPED: SKIPPED}.get(mark.sign, "")
    return f"call_again: {mark.moment}" if mark.to else f"{mark.record}: {value}".rstrip()


def _lost(page: Page, id: str, agenda: str) -> Iterable[Problem]:
    """A mark of an item that no note has any more; a line of the person's own tasks is none."""
    if page.sayings(id):
        yield _problem("lost-item", agenda, _place(page, id, "["), words=page.changed(id)[0].task.words)


def _problem(code: str, agenda: str, place: tuple[int, int], **words: object) -> Problem:
    """A problem that quotes what was typed, if that is long only its start."""
    quoted: dict[str, Any] = {
        key: said if len(said := str(one)) <= _LONGEST else f"{said[:_LONGEST]}…" for key, one in words.items()
    }
    return problem(code, agenda, *place, **quoted)
