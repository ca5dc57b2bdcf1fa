"""Generated agenda + what people typed in the one before -> the next agenda. Weaving again changes nothing.

A changed task line takes the place of ours, everything else stays behind the line of ours that it followed, and what
has no place any more goes to the end, under a heading that says where it was.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final

from pendulum import Date

from . import footer, lines, log, marks, taskline
from .errors import NotOurs
from .footer import State
from .marks import BELOW, HEAD, TASK, TOP, YOURS, Gap, Known, Line, Page
from .model import Sign
from .values import date_and_time

MOST_ROUNDS: Final = 3


def weave(
    new: str,
    old: str,
    known: Known,
    today: Date,
    settled: Collection[str] = (),
    pending: Mapping[str, Date] | None = None,
) -> str:
    """The generated text with everything typed in `old` put back, and with its marks.

    `settled` are ids of items whose marks and remarks are in their notes: what was generated of them stands, and where
    that is nothing, nothing. `pending` are the days of marks that cannot be carried yet. Raises `NotOurs` if `old` is
    a note that reconnect did not write.
    """
    ours = marks.generated(new)
    woven = _woven(ours, _page(old, known, ours), today, settled, pending or {})
    for _ in range(MOST_ROUNDS):
        # Copies of our lines can be told from ours only once all of ours are there.
        again = _woven(ours, marks.read(woven, known), today, settled, pending or {})
        if again == woven:
            break
        woven = again
    return woven


def _woven(ours: Sequence[Line], page: Page, today: Date, settled: Collection[str], pending: Mapping[str, Date]) -> str:
    parsed = [(taskline.parse(lines.bare(line.text)), line.text) for line in ours]
    tasks = {task.id: (task, text) for task, text in parsed if task and task.id}
    states = {id: _state(task, page, id in settled, pending) for id, (task, _) in tasks.items()}
    kept = {id: page.changed(id)[0].text for id in tasks if id not in settled and page.changed(id)}
    shown = {id: _rebased(text, *tasks[id], page.states.get(id), states[id]) for id, text in kept.items()}
    moved = [id for id in tasks if page.changed(id) and shown.get(id) != kept.get(id, "")]
    typed = [Gap((id, TASK, 0), (id, TASK, 0), text, False, 0, id) for id in moved for text in page.on_the_line(id)]
    stays = [_stays(gap, kept, tasks, settled if page.day else ()) for gap in page.gaps]
    # The heading that was put above what is gone from "Your notes" goes with it.
    bare = [_is_heading(gap) and not stay for gap, stay in zip(page.gaps, [*stays[1:], True], strict=False)]
    gaps = [gap for gap, stay, alone in zip(page.gaps, stays, bare, strict=True) if stay and not alone]
    states |= {gap.item: _waiting(gap.item, page, pending) for gap in gaps if gap.task and gap.item not in tasks}
    behind, left = _place([*typed, *gaps], ours)
    end = "\r\n" if page.crlf else "\n"
    text = behind[-1] + end if behind.get(-1) else ""
    for number, line in enumerate(ours):
        task = taskline.parse(lines.bare(line.text))
        text += (line.blank + ((task and shown.get(task.id)) or line.text)).replace("\r\n", "\n").replace("\n", end)
        text += behind.get(number, "")
    if left:
        text += f"{end}{YOURS}{end}{end}" + _yours(left, end)
    own = [line.mark for line in ours] + ([footer.fingerprint(YOURS)] if left else [])
    below = [gap for gap in page.gaps if gap.place[0] == BELOW and not (gap.task and gap.item in settled)]
    after = "".join((end if gap.apart else "") + gap.text for gap in below)
    return f"{text}{end}{footer.line(today, own, states)}{end}{after}"


def _page(old: str, known: Known, ours: Sequence[Line]) -> Page:
    page = marks.read(old, known)
    if page.day is None and old.removeprefix(lines.BOM).strip():
        if not page.tasks:
            raise NotOurs(
                "there is a note with the agenda's name that reconnect did not write",
                "rename it, or choose another name with `agenda:` in Reconnect.md",
            )
        return marks.read(old, known, [line.mark for line in ours])
    return page


def _state(task: taskline.TaskLine, page: Page, settled: bool, pending: Mapping[str, Date]) -> State:
    """How this task line is generated, for the next reader of the page."""
    sign = task.sign or Sign.OPEN
    before = page.states.get(task.id)
    carried = log.digest(page.remark(task.id)) if settled else before.carried if before else ""
    return State(
        sign,
        task.due[0] if task.due and sign is Sign.OPEN else "",
        footer.fingerprint(task.words),
        carried,
        str(pending.get(task.id, "")),
    )


def _waiting(id: str, page: Page, pending: Mapping[str, Date]) -> State:
    """The state of an item that is gone, so that a mark on its line is still known for one."""
    before = page.states.get(id, State(Sign.OPEN))
    return before._replace(since=str(pending.get(id, "")) or before.since)


def _rebased(text: str, task: taskline.TaskLine, line: str, before: State | None, now: State) -> str:
    """A changed task line; if what was generated is another one by now, that one with their mark in it."""
    if before is None or before[:3] == now[:3]:
        return text
    changed = taskline.parse(lines.bare(text))
    if now.sign is not Sign.OPEN or changed is None:
        return line
    return taskline.marked(lines.bare(line), changed) + "\n"


def _is_heading(gap: Gap) -> bool:
    return gap.home[0] == YOURS and gap.text.startswith(marks.ENTRY) and gap.text.strip().count("\n") == 0


def _stays(gap: Gap, kept: Mapping[str, str], tasks: Collection[str], settled: Collection[str]) -> bool:
    """Whether typed lines stay in the agenda: all but those that are in a note now, or in the place of ours."""
    if gap.place[0] == BELOW:
        return False
    if gap.task:
        return gap.item not in settled and kept.get(gap.item) != gap.text
    return gap.item not in settled or gap.item in tasks


def _place(gaps: Sequence[Gap], ours: Sequence[Line]) -> tuple[dict[int, str], list[Gap]]:
    """Number of a line of ours -> what goes behind it (-1: on top); and what has no place any more.

    That is behind the same line of the same entry, else at the end of that entry.
    """
    exact = {TOP[:3]: -1}
    last = {line.block: number for number, line in enumerate(ours)}
    for number, line in enumerate(ours):
        exact.setdefault(line[:3], number)
        task = taskline.parse(lines.bare(line.text))
        if task and task.id:
            exact[task.id, TASK, 0] = number
            headed = number and ours[number - 1].text.startswith(marks.ENTRY)
            exact[task.id, HEAD, 0] = number - 1 if headed else number
    behind: dict[int, str] = defaultdict(str)
    left: list[Gap] = []
    for gap in gaps:
        same_line = exact.get(gap.place)
        options = (same_line, last.get(gap.place[0]), exact.get(gap.home), last.get(gap.home[0]))
        found = [option for option in options if option is not None]
        if not found:
            left.append(gap)
            continue
        number = found[0]
        apart = (gap.apart or same_line is None or behind[number]) and not gap.task
        behind[number] += ("\n" if apart and (number >= 0 or behind[number]) else "") + gap.text
    return behind, left


def _yours(left: Sequence[Gap], end: str) -> str:
    """What has no place any more: what was here already, then the rest, each run under the heading that it had."""
    text, title, task = "", "", False
    for gap in sorted(left, key=lambda gap: gap.home[0] != YOURS):
        if gap.home[0] == YOURS:
            text += (end if gap.apart and text else "") + gap.text
            continue
        heading = f"### {gap.title}{end}{end}" if gap.title and gap.title != title else ""
        text += (end if text and (heading or gap.apart or not task) else "") + heading + gap.text
        title, task = gap.title, gap.task
    return text


# --- two devices -----------------------------------------------------------------------------------------


def merge(base: str, ours: str, theirs: str) -> str:
    """Two agendas that grew from one: the newer generated text, and what was typed on both sides.

    What one side deleted stays deleted unless the other changed it; two different marks on one item both stay, and the
    next pass asks which is meant. Raises `NotOurs` if one of them is no agenda.
    """
    before, mine, other = (marks.read(text, lambda task: "") for text in (base, ours, theirs))
    if mine.day is None or other.day is None:
        raise NotOurs("this is no agenda of reconnect", "merge it by hand")
    newer, older = (other, mine) if other.day > mine.day else (mine, other)
    gaps = [*newer.gaps, *(gap for one in older.gaps if (gap := _added(one, newer, before)))]
    tasks = {
        id: [*newer.tasks.get(id, ()), *_ticked(id, older, newer, before)] for id in {**newer.tasks, **older.tasks}
    }
    page = replace(newer, gaps=gaps, tasks=tasks)
    generated = [line for line in newer.ours if line.block not in (BELOW, YOURS)]
    text = "".join(line.blank + line.text for line in generated)
    waits = {id: day[0] for id, state in newer.states.items() if (day := date_and_time(state.since))}
    return _woven(marks.generated(text), page, newer.day or mine.day, (), waits)


def _ticked(id: str, older: Page, newer: Page, before: Page) -> list[marks.Found]:
    """The changed task lines that only the older page has: those that the newer one took back were there before."""
    known = {lines.bare(one.text) for page in (newer, before) for one in page.changed(id)}
    state = newer.states.get(id)
    return [
        one
        for one in older.changed(id)
        if lines.bare(one.text) not in known and not (state and one.task.sign is state.sign)
    ]


def _added(gap: Gap, newer: Page, before: Page) -> Gap | None:
    """What a typed run of the older page adds to the newer one; None if nothing."""
    if gap.task:
        return gap if gap.item not in newer.states and gap.text not in _texts(newer) | _texts(before) else None
    if gap.text in _texts(newer) | _texts(before):
        return None
    was = [line for one in before.gaps if one.place == gap.place for line in lines.split(one.text)]
    now = lines.split(gap.text)
    changes = SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    there = {line for one in newer.gaps if one.place == gap.place for line in lines.split(one.text)} if was else set()
    text = "".join(line for kind, *_, i, j in changes if kind in ("insert", "replace") for line in now[i:j])
    return gap._replace(text=text) if text.strip() and not set(lines.split(text)) <= there else None


def _texts(page: Page) -> set[str]:
    return {gap.text for gap in page.gaps}
