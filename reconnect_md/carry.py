"""The page of the agenda -> what it says of each item, written into the notes' texts.

A mark is carried again whenever the note does not have it: after a pass that was killed, and after an editor that
saved an older text over it. What cannot be carried stays in the agenda, beside a problem.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pendulum import Date

from . import log, record
from .edit import CannotEdit
from .errors import NotSaid, Problem, problem
from .footer import State
from .marks import Found, Known, Page
from .model import SKIPPED, Contact, Evaluation, Mark, Method, Sign, Status
from .taskline import TaskLine, links
from .values import date_and_time


class _Refused(Exception):
    """A mark that is not carried; `args` are the problem's code and words."""


def known(contacts: Sequence[Contact], link: Callable[[str], str]) -> Known:
    """How task lines find their items: by id; if that was lost, by the linked note and the step's title, if unique.

    `link` gives the link to a note as it stands in the agenda.
    """
    ids = {contact.id for contact in contacts}
    linked: dict[str, list[Contact]] = {}
    for contact in contacts:
        if contact.step.status not in (Status.WAITING, Status.ENDED):
            linked.setdefault(link(contact.plan.evaluation.note), []).append(contact)

    def id(task: TaskLine) -> str:
        if task.id in ids:
            return task.id
        found = [
            contact.id
            for target in links(task.words)
            for contact in linked.get(target, ())
            if contact.step.file.title.casefold() in task.words.casefold()
        ]
        return found[0] if len(found) == 1 else ""

    return id


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
    ) -> tuple[set[str], dict[str, Date]]:
        """Everything that a page says. Returns the ids of items whose notes say the same now, and id -> day of marks
        that wait.

        `agenda` is the page's path; `waiting` are links to notes that cannot be read or written now. On a page of a
        day that is `past` only changed lines say anything.
        """
        contacts = {contact.id: contact for contact in self.contacts}
        settled, pending = set[str](), dict[str, Date]()
        for id, found in page.tasks.items():
            if not set(waiting).isdisjoint(links(found[0].task.words)):
                refused = True
            elif contact := contacts.get(id):
                refused = self._item(page, id, contact, settled, past)
            else:
                refused = False
                self.problems.extend(_lost(page, id, agenda))
            if refused and page.changed(id):
                pending[id] = _day(page, id, self.today)
        return settled, pending

    def _item(self, page: Page, id: str, contact: Contact, settled: set[str], past: bool) -> bool:
        """Carry what the page says of one item, if anything; whether that was refused."""
        try:
            if (past and not _new(page, id)) or (mark := asked(page, id, contact, self.today)) is None:
                return False
            self._write(contact, mark)
        except _Refused as refused:
            code, words = refused.args
            note = contact.plan.evaluation.note
            self.problems.append(problem(code, note, words=contact.step.file.title, **words))
            return True
        settled.add(id)
        return False

    def say(self, contact: Contact, mark: Mark) -> None:
        """Write one mark that was given on the command line. Raises `NotSaid` if it is refused."""
        try:
            self._write(contact, mark)
        except _Refused as refused:
            found = problem(
                refused.args[0], contact.plan.evaluation.note, words=contact.step.file.title, **refused.args[1]
            )
            raise NotSaid(found.message, found.remedy) from refused

    def _write(self, contact: Contact, mark: Mark) -> None:
        note = contact.plan.evaluation.note
        before = self.texts.get(note) or self.originals[note].decode()
        if mark.sign is Sign.NO_ANSWER and contact.step.file.kind == "card":
            why = {"why": "a card is sent or skipped, nobody answers it", "typed": f"{mark.record}: {mark.day}"}
            raise _Refused("mark-refused", why)
        try:
            after = record.write(before, mark, self.method, self.parse(note))
        except CannotEdit as error:
            typed = f"call_again: {mark.pin}" if mark.pin else f"{mark.record}: {_value(mark)}".rstrip()
            raise _Refused("mark-refused", {"why": str(error), "typed": typed}) from error
        if after != before:
            self.texts[note] = after
            self.marks.append((contact, mark))


def _new(page: Page, id: str) -> bool:
    """Whether anybody ticked an item, or typed on below a done one, since the page was written."""
    state = page.states.get(id, State(Sign.OPEN))
    typed_on = state.sign is not Sign.OPEN and page.remark(id) and log.digest(page.remark(id)) != state.carried
    return bool(page.changed(id) or typed_on)


def _value(mark: Mark) -> str:
    return {Sign.DONE: str(mark.day), Sign.SKIPPED: SKIPPED}.get(mark.sign, "")


def said(
    contacts: Sequence[Contact], note: str, step: str, sign: Sign, day: Date | None, remark: str, today: Date
) -> tuple[Contact, Mark]:
    """What somebody said of a step on the command line: the contact and the mark. Raises `NotSaid`.

    `note` is a path in the vault or a part of one, `step` a step's name (`fix`, or `fix-2` where each item has a call).
    """
    notes = sorted({one.plan.evaluation.note for one in contacts})
    fitting = [one for one in notes if one == note] or [one for one in notes if note.casefold() in one.casefold()]
    if len(fitting) != 1:
        which = "; ".join(fitting or notes) or "there is none yet"
        raise NotSaid(
            f"{'several evaluations are' if fitting else 'no evaluation is'} called {note}", f"name one: {which}"
        )
    steps = {one.id.removeprefix(f"{one.plan.id}-"): one for one in contacts if one.plan.evaluation.note == fitting[0]}
    if step not in steps:
        raise NotSaid(f"{fitting[0]} has no step {step}", f"name one: {', '.join(steps) or 'it has none yet'}")
    contact = steps[step]
    evaluation, its_record = contact.plan.evaluation, contact.step.record
    if sign is Sign.OPEN:
        day = _undone(evaluation, its_record)
        if day is None:
            raise NotSaid(f"nothing was said of {step} in {fitting[0]}", "there is nothing to take back")
    else:
        try:
            day = _typed_day(str(day or today), evaluation, today)
        except _Refused as refused:
            raise NotSaid(
                f"the day {refused.args[1]['why']}: {day or today}", "give the right day with --on"
            ) from refused
    return contact, Mark(its_record, sign, day, True, log.tidy(remark))


def _undone(evaluation: Evaluation, its_record: str) -> Date | None:
    """The day of what is taken back: the property's, else that of the log's last word."""
    made = evaluation.records.get(its_record)
    last = [entry.day for entry in evaluation.log if entry.record == its_record and entry.sign is not Sign.OPEN]
    return made if isinstance(made, Date) else next(reversed(last), None)


def _lost(page: Page, id: str, agenda: str) -> Iterable[Problem]:
    """A mark of an item that no note has any more; a line of the person's own tasks is none."""
    for found in page.changed(id):
        state = page.states.get(id)
        if found.task.sign not in (None, Sign.OPEN, state and state.sign):
            yield problem("lost-item", agenda, words=found.task.words)


def asked(page: Page, id: str, contact: Contact, today: Date) -> Mark | None:
    """What the page says of an item; None if nothing. Raises `_Refused`."""
    state = page.states.get(id, State(Sign.OPEN))
    changed = page.changed(id)
    signs = sorted({one.task.sign for one in changed if one.task.sign} - {state.sign})
    if len(signs) > 1:
        raise _Refused("two-marks", {"one": signs[0], "other": signs[1]})
    if signs:
        return _mark(page, id, contact, signs[0], today)
    if state.sign is not Sign.OPEN or contact.step.status in (Status.MADE, Status.SKIPPED):
        return _confirmed(page, id, contact, state, changed, today)
    return _pin(page, id, contact, state, today)


def _mark(page: Page, id: str, contact: Contact, sign: Sign, today: Date) -> Mark:
    """A fresh mark, with the day that was typed, else with the day of the agenda in which it was made."""
    evaluation, step = contact.plan.evaluation, contact.step
    typed = [day for one in page.changed(id) if one.task.sign is sign for day in one.task.closed]
    day = _typed_day(typed[-1], evaluation, today) if typed and sign is not Sign.OPEN else _day(page, id, today)
    state = page.states.get(id)
    tries = evaluation.no_answer(step.record)
    if page.day is None and sign is Sign.NO_ANSWER and tries and not any(one.task.due for one in page.changed(id)):
        # A line of "Done today" (it has no day on which it is due) of a page that lost its last line.
        day = tries[-1]
    if sign is Sign.OPEN or (state and state.sign is Sign.DONE and sign is not Sign.DONE):
        made = evaluation.records.get(step.record)
        day = made if made not in (None, SKIPPED) else day  # type: ignore[assignment]
    return Mark(step.record, sign, day, bool(typed), page.remark(id), state.carried if state else "")


def _day(page: Page, id: str, today: Date) -> Date:
    """The day of a mark that has none of its own: that of the agenda in which it was first found."""
    state = page.states.get(id)
    since = date_and_time(state.since) if state else None
    return since[0] if since else min(page.day or today, today)


def _typed_day(typed: str, evaluation: Evaluation, today: Date) -> Date:
    parsed = date_and_time(typed)
    if parsed is None:
        raise _Refused("mark-date", {"why": "is none", "value": typed})
    if parsed[0] > today:
        raise _Refused("mark-date", {"why": "is still to come", "value": typed})
    if parsed[0] < evaluation.interviewed:
        raise _Refused("mark-date", {"why": f"is before the interview on {evaluation.interviewed}", "value": typed})
    return parsed[0]


def _confirmed(
    page: Page, id: str, contact: Contact, state: State, changed: Sequence[Found], today: Date
) -> Mark | None:
    """What a line that stands as done says again: its remark, and all of it if an editor saved over the note.

    A day that was written in the note by hand is nothing that a mark has to say again. If the log still tells of a mark
    but the property does not, the person took it back in the note.
    """
    evaluation, its_record = contact.plan.evaluation, contact.step.record
    now, remark, day = evaluation.records.get(its_record), page.remark(id), page.day or today
    mark = Mark(its_record, state.sign, day, False, remark, state.carried)
    if now is None:
        told = {entry.sign for entry in evaluation.log if (entry.record, entry.day) == (its_record, day)}
        return None if not state.carried or told - {Sign.NO_ANSWER} else mark
    if now == SKIPPED:
        return replace(mark, sign=Sign.SKIPPED) if remark or state.carried else None
    typed = [written for one in changed for written in one.task.closed if written != str(now)]
    if state.sign is Sign.DONE and typed:
        return replace(mark, day=_typed_day(typed[-1], evaluation, today), typed=True)
    return replace(mark, sign=Sign.DONE, day=now) if remark or state.carried else None


def _pin(page: Page, id: str, contact: Contact, state: State, today: Date) -> Mark | None:
    """A changed `📅`: the day on which they said to call again."""
    days = [day for one in page.changed(id) for day in one.task.due if state.due and day != state.due]
    if not days:
        return None
    evaluation, step = contact.plan.evaluation, contact.step
    parsed = date_and_time(days[-1])
    made = max([evaluation.interviewed, *(s.made for s in contact.plan.steps if s.made and s.file.kind == "call")])
    refused = {"value": days[-1], "remedy": "write the day on which to call, such as 📅 2026-11-27"}
    if step.file.kind == "card":
        refused["remedy"] = "take the new day out of the agenda; tick the card, or mark it with - to skip it"
        raise _Refused("pin-refused", {**refused, "why": "a card goes out on the day of the interview"})
    if parsed is None:
        raise _Refused("pin-refused", {**refused, "why": "that is no day"})
    if parsed[0] <= made:
        raise _Refused("pin-refused", {**refused, "why": f"that is not after {made}"})
    day = _day(page, id, today)
    return Mark(step.record, Sign.MOVED, day, True, page.remark(id), state.carried, parsed[0])
