"""What somebody says of a contact, in the agenda or on the command line -> marks.

A line says what differs from what was generated. What contradicts itself, or cannot be, is refused with words that say
what to type instead, and nothing of it is lost.
"""

import difflib
import heapq
import shlex
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Final

from pendulum import Date

from . import log
from .errors import NoSuchNote, NotSaid
from .footer import LETTERS, State
from .marks import Page
from .model import SKIPPED, Contact, Evaluation, Mark, Record, Sign, Status, Step, StepFile, same, together
from .saying import Saying
from .values import DAY_FORM, date_and_time, days_meant

MOVED: Final = "moved"
NOT_A_CARD: Final = "a card is sent or skipped, nobody answers it"
CARD_SIGNS: Final = "write - [x] if it was sent, - [-] to leave it out, or - [ ]"

NOT_YET: Final = "the call before it is still open"

NEAREST: Final = 3
"""So many notes are offered instead of one that there is not."""

NEAR: Final = 0.6
"""`difflib`'s ratio from which on a name may be a slip of another."""

SHOWN: Final = 10
"""So many are shown of those that are meant alike."""


class Refused(Exception):
    """What was said is not carried; `args` are the problem's code and words."""


def on_page(page: Page, id: str, contact: Contact, today: Date) -> list[Mark]:
    """What the page says of an item, in the order in which it is to be written. Raises `Refused`."""
    sayings = page.sayings(id)
    if len(sayings) > 1:
        one, other, *_ = sorted(map(str, sayings))
        raise Refused("two-marks", {"one": one, "other": other})
    said = sayings[0] if sayings else Saying()
    if said.box != "" and said.sign is None:
        raise Refused("no-mark", {"box": "no whole box" if said.box is None else f"{said}, which is no mark"})
    # What was left out has no day to put right: ✅ behind it says that it was done after all, but its box does not.
    dated = said.closed and _state(page, id).sign is Sign.DONE
    if said.closed and (said.sign not in (Sign.DONE, Sign.SKIPPED) if said.sign else not dated):
        raise Refused("half-mark", {"value": said.closed})
    mark = _mark(page, id, contact, said, today) if said.sign or dated else _confirmed(page, id, contact, today)
    moved = _moved(page, id, contact, said, mark, today) if said.due else _moved_again(page, id, contact)
    return [one for one in (mark, moved) if one]


def _state(page: Page, id: str) -> State:
    return page.states.get(id, State(Sign.OPEN))


def _mark(page: Page, id: str, contact: Contact, said: Saying, today: Date) -> Mark:
    """A fresh mark, with the day that was typed, else with the day of the agenda in which it was made."""
    if said.sign is Sign.NO_ANSWER and contact.step.file.kind == "card":
        raise Refused("mark-refused", {"why": NOT_A_CARD, "remedy": CARD_SIGNS, "typed": ""})
    evaluation, its_record, state = contact.plan.evaluation, contact.step.record, _state(page, id)
    if contact.step.status is Status.WAITING and not state.words and _first_call(contact) is not contact.step:
        raise Refused("mark-refused", {"why": NOT_YET, "typed": f"{its_record}: {day_of(page, id, today)}"})
    sign, day = said.sign or state.sign, day_of(page, id, today)
    shown: Record | None = {Sign.DONE: day, Sign.SKIPPED: SKIPPED}.get(state.sign)  # type: ignore[assignment]
    typed = bool(said.closed) and sign is not Sign.OPEN
    if typed:
        day = _typed_day(said.closed, evaluation, today)
    tries = evaluation.no_answer(its_record)
    due = [one for found in page.changed(id) for one in found.task.due]
    if page.day is None and sign is Sign.NO_ANSWER and tries and all(one > str(tries[-1]) for one in due):
        # A line of "Done today", which is not due by then, of a page that lost its last line.
        day = tries[-1]
    return Mark(its_record, sign, day, typed, page.remark(id), state.carried, shown=shown)


def _first_call(contact: Contact) -> Step | None:
    """The call that is next in its plan."""
    return next((one for one in contact.plan.steps if one.open and one.file.kind == "call"), None)


def day_of(page: Page, id: str, today: Date) -> Date:
    """The day of a mark that has none of its own: that of the agenda in which it was first found."""
    day, _, waited = _state(page, id).since.partition(":")
    said = _signs(page, id)
    found = date_and_time(day) if (said - {MOVED} or said) & set(waited.split("+")) else None
    return found[0] if found else min(page.day or today, today)


def since(page: Page, id: str, today: Date) -> str:
    """From which day on which marks of an item wait, as it is kept in the agenda's last line."""
    return f"{day_of(page, id, today)}:{'+'.join(sorted(_signs(page, id)))}".rstrip(":")


def _signs(page: Page, id: str) -> set[str]:
    found = page.sayings(id)
    return {LETTERS.get(said.sign, "open") for said in found if said.sign} | {MOVED for said in found if said.due}


def _typed_day(typed: str, evaluation: Evaluation, today: Date) -> Date:
    first, parsed = evaluation.interviewed, date_and_time(typed)
    if parsed and first <= parsed[0] <= today:
        return parsed[0]
    why = f"is before the interview on {first}" if parsed and parsed[0] < first else "is still to come"
    raise Refused(
        "mark-date", {"why": why if parsed else "is none", "value": typed, "right": _right(typed, today, first, today)}
    )


def _right(typed: str, near: Date, first: Date, last: Date | None = None) -> str:
    """The day from `first` to `last` that is meant, as it is to be typed."""
    found = [day[:10] for day in days_meant(typed, near, first, last, near)]
    days = [day for day in found if str(first) <= day <= str(last or day)]
    return " or ".join(days) or DAY_FORM


def _confirmed(page: Page, id: str, contact: Contact, today: Date) -> Mark | None:
    """What a line that stands as done says again: its remark, and all of it if an editor saved over the note.

    A day that was written in the note by hand is nothing that a mark has to say again. If the log still tells of a mark
    but the property does not, the person took it back in the note.
    """
    evaluation, its_record, state = contact.plan.evaluation, contact.step.record, _state(page, id)
    if state.sign is Sign.OPEN and contact.step.status not in (Status.MADE, Status.SKIPPED):
        return None
    since = date_and_time(state.since.partition(":")[0])
    now, remark, day = evaluation.records.get(its_record), page.remark(id), since[0] if since else page.day or today
    mark = Mark(its_record, state.sign, day, False, remark, state.carried)
    if now is None:
        told = {entry.sign for entry in evaluation.log if (entry.record, entry.day) == (its_record, day)}
        return None if not state.carried or told - {Sign.NO_ANSWER, Sign.MOVED} else mark
    if now == SKIPPED:
        return replace(mark, sign=Sign.SKIPPED) if remark or state.carried else None
    return replace(mark, sign=Sign.DONE, day=now) if remark or state.carried else None


def _moved(page: Page, id: str, contact: Contact, said: Saying, mark: Mark | None, today: Date) -> Mark:
    """A changed `📅`: the day on which they said to call again. Of a call that is made, or marked as made beside it, it
    is that of the call which is next.
    """
    state, day, step = _state(page, id), day_of(page, id, today), contact.step
    made = mark.sign in (Sign.DONE, Sign.SKIPPED) if mark else step.status in (Status.MADE, Status.SKIPPED)
    others = [one.step for one in contact.plan.contacts if one.step.open and one.step.file.kind == "call"]
    call = next((one for one in others if one is not step), None) if made else step
    calls = [one.made for one in contact.plan.steps if one.made and one.file.kind == "call"]
    last = max([contact.plan.evaluation.interviewed, *calls, *([day] if said.sign or state.sign.strip() else [])])
    right = _right(said.due, today, max(last.add(days=1), today))
    refused = {"value": said.due, "remedy": f"write the day on which to call: 📅 {right}"}
    if call is None or call.file.kind == "card":
        why = "no call comes after this one" if call is None else "a card goes out on the day of the interview"
        remedy = f"put 📅 {state.due} there again; what they said can stand below it, as a remark"
        raise Refused("pin-refused", {**refused, "why": why, "remedy": remedy})
    if not made and step.status is Status.WAITING and _first_call(contact) is not step:
        raise Refused("pin-refused", {**refused, "why": NOT_YET, "remedy": "move the call that is next"})
    if (parsed := date_and_time(said.due)) is None:
        over = " or ".join(one for day in days_meant(said.due, today) if (one := day[:10]) < str(today))
        if over and right == DAY_FORM:
            refused["remedy"] += f"; for the day of a call that was made: [x] and ✅ {over}"
            raise Refused("pin-refused", {**refused, "why": f"that is {over}, a day that is over"})
        raise Refused("pin-refused", {**refused, "why": "that is no day"})
    to, at, _ = parsed
    evaluation = contact.plan.evaluation
    day_differs = step.pinned and str(step.due) not in (state.due, str(to)) and not made
    time_differs = at and to == evaluation.call_again and evaluation.call_at not in ("", at)
    if day_differs or time_differs:
        refused["remedy"] = "write the right day behind call_again in the note, then delete the line in the agenda"
        now = f"{step.due}" if day_differs else f"{to}T{evaluation.call_at}"
        raise Refused("pin-refused", {**refused, "why": f"call_again says {now} by now"})
    if to <= last:
        refused["remedy"] += f"; for the day of a call that was made: [x] and ✅ {said.due}"
        raise Refused("pin-refused", {**refused, "why": f"that is not after {last}"})
    if to < day:
        raise Refused("pin-refused", {**refused, "why": "that day is over"})
    # The remark goes with the mark, if there is one.
    return Mark(call.record, Sign.MOVED, day, True, "" if mark else page.remark(id), state.carried, to, at)


def _moved_again(page: Page, id: str, contact: Contact) -> Mark | None:
    """What a call that was put off on the page's day says again: its remark, and all of it after a stale save."""
    evaluation, state, record = contact.plan.evaluation, _state(page, id), contact.step.record
    to = date_and_time(state.due)
    if state.sign not in (Sign.OPEN, Sign.NO_ANSWER) or evaluation.call_again not in (None, to and to[0]):
        return None
    if page.day is None or to is None or to[0] <= page.day:
        return None
    told = [one.day for one in evaluation.log if (one.record, one.sign, one.to) == (record, Sign.MOVED, to[0])]
    # A call that the mark on another one put off keeps its remark until it is marked itself.
    remark = page.remark(id) if state.sign is Sign.OPEN and state.carried else ""
    if told and (evaluation.call_again is None or not remark or page.day not in told):
        return None
    return Mark(record, Sign.MOVED, page.day, False, remark, state.carried, to[0])


# --- on the command line ---------------------------------------------------------------------------------


def in_terminal(
    contacts: Sequence[Contact],
    notes: Collection[str],
    note: str,
    step: str,
    sign: Sign,
    day: Date | None,
    remark: str,
    today: Date,
    files: Iterable[StepFile] = (),
) -> tuple[Contact, Mark]:
    """What somebody said of a step on the command line: the contact and the mark. Raises `NotSaid`.

    `notes` are all evaluations, those with errors among them, `note` is the path of one or a part of it, `step` a
    step's name (`fix`, or `fix-2` where each item has a call). `files` are those of the method.
    """
    companies = {one.plan.evaluation.note: one.plan.evaluation.company for one in contacts}
    path = named(notes, note, companies)
    ahead = [one.plan.evaluation for one in contacts if one.plan.evaluation.note == path]
    if ahead and ahead[0].interviewed > today:
        raise NotSaid(
            f"the interview of {path} is still to come, on {ahead[0].interviewed}: there is nothing to say of it yet",
            "if it has been already, correct interviewed in that note",
        )
    steps = {one.id.removeprefix(f"{one.plan.id}-"): one for one in contacts if one.plan.evaluation.note == path}
    if step not in steps:
        there = f"it has {together(list(steps))}; " if steps else ""
        values = {Sign.DONE: str(day or today), Sign.SKIPPED: SKIPPED}
        there = "".join(_by_hand(one, values[sign]) for one in files if one.step == step and sign in values) + there
        remedy = f"{there}to see what is left out, and why: reconnect plan {shlex.quote(path)}"
        raise NotSaid(f"{path} has no step {step}", remedy)
    contact = steps[step]
    evaluation, its_record = contact.plan.evaluation, contact.step.record
    if sign is Sign.NO_ANSWER and contact.step.file.kind == "card":
        raise NotSaid(NOT_A_CARD, "say `reconnect done` or `reconnect skip` of it")
    if sign is Sign.OPEN:
        day = _undone(evaluation, its_record)
        if day is None:
            moved = f": to put the call off no more, empty call_again in {path}" if evaluation.call_again else ""
            raise NotSaid(f"nothing was said of {step} in {path}", f"there is nothing to take back{moved}")
    else:
        try:
            day = _typed_day(str(day or today), evaluation, today)
        except Refused as refused:
            raise NotSaid(
                f"the day {refused.args[1]['why']}: {day or today}", "give the right day with --on"
            ) from refused
    shown = evaluation.records.get(its_record) if sign is Sign.OPEN else None
    return contact, Mark(its_record, sign, day, True, log.tidy(remark), shown=shown)


def _by_hand(file: StepFile, value: str) -> str:
    """How a step that has nothing to say is recorded for all that: a card that was sent was sent."""
    return f"write one line below ## {file.uses[0]} there, or among its properties {file.records}: {value}; "


def named(notes: Iterable[str], wanted: str, companies: Mapping[str, str] = MappingProxyType({})) -> str:
    """The note at that path, else of that name, else with that part in it, else of that company, else with that part
    in the company's name. Raises `NotSaid` if that is not one, `NoSuchNote` if it is none.
    """
    known, part = sorted(set(notes)), wanted.casefold()
    names = {one: same(companies.get(one, "")) for one in known}
    ways: tuple[Callable[[str], bool], ...] = (
        lambda one: one == wanted,
        lambda one: PurePosixPath(one).stem.casefold() == part,
        lambda one: part in one.casefold(),
        lambda one: bool(names[one]) and names[one] == same(part),
        lambda one: bool(same(part)) and same(part) in names[one],
    )
    fitting = next((found for fits in ways if (found := list(filter(fits, known)))), [])
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise NotSaid(f"several evaluations are called {wanted}", _one_of("say more of the name of one", fitting))
    if known:
        near = _nearest(known, part, names)
        remedy = _one_of("did you mean", near) if near else "`reconnect plan` shows them all, with their companies"
        raise NoSuchNote(f"no evaluation is called {wanted}", remedy)
    raise NoSuchNote("there is no evaluation in this vault yet", "after an interview, make one: reconnect new")


def _nearest(known: Sequence[str], part: str, companies: Mapping[str, str]) -> list[str]:
    """Those whose name or company, or a word of them, is nearest to a part of one, if it is near."""

    def near(path: str) -> float:
        name, wanted = PurePosixPath(path).stem.casefold(), PurePosixPath(part).stem
        words = {name, *name.split(), companies[path], *companies[path].split()}
        return max(difflib.SequenceMatcher(None, wanted, one).ratio() for one in words)

    found = {path: ratio for path in known if (ratio := near(path)) >= NEAR}
    return heapq.nlargest(NEAREST, found, found.__getitem__)


def _one_of(words: str, paths: Sequence[str]) -> str:
    """A choice, one path a line."""
    more = [f"and {len(paths) - SHOWN} more"] if len(paths) > SHOWN else []
    return "\n    ".join([f"{words}:", *paths[:SHOWN], *more])


def _undone(evaluation: Evaluation, its_record: str) -> Date | None:
    """The day of what is taken back: the property's, else that of the log's last word."""
    made = evaluation.records.get(its_record)
    said = [one for one in evaluation.log if one.record == its_record and one.sign is not Sign.MOVED]
    if isinstance(made, Date):
        return made
    return said[-1].day if said and said[-1].sign not in (Sign.OPEN, Sign.UNTRIED) else None
