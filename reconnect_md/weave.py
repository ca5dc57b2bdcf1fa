"""Generated agenda + what people typed in the one before -> the next agenda. Weaving again changes nothing.

A changed task line takes the place of ours, everything else stays behind the line of ours that it followed, and what
has no place any more goes to the end, under a heading that says where it was.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from pendulum import Date

from . import footer, lines, log, marks, reflow, taskline
from .errors import NotOurs
from .footer import State
from .marks import BELOW, HEAD, TASK, TOP, YOURS, Gap, Known, Line, Page
from .model import Language, Sign
from .saying import sayings
from .taskline import TaskLine

MOST_ROUNDS: Final = 3


def weave(
    new: str,
    old: str,
    known: Known,
    today: Date,
    language: Language,
    settled: Collection[str] = (),
    pending: Mapping[str, str] | None = None,
    found: Page | None = None,
) -> str:
    """The generated text with everything typed in `old` put back, and with its marks; `found` is that page, if it was
    read before.

    `settled` are ids of items whose marks and remarks are in their notes: what was generated of them stands, and where
    that is nothing, nothing. `pending` says since when marks wait that cannot be carried yet (`State.since`). Raises
    `NotOurs` if `old` is a note that reconnect did not write.
    """
    ours = marks.generated(new)
    page = _page(old, found or marks.read(old, known, language), known, ours, language)
    text = woven(ours, page, today, settled, pending or {}, language)
    if text == old or not page.gaps:
        return text
    for _ in range(MOST_ROUNDS):
        # Copies of our lines can be told from ours only once all of ours are there.
        again = woven(ours, marks.read(text, known, language), today, settled, pending or {}, language)
        if again == text:
            break
        text = again
    return text


def woven(
    ours: Sequence[Line],
    page: Page,
    today: Date,
    settled: Collection[str],
    pending: Mapping[str, str],
    language: Language,
) -> str:
    """The lines of ours with everything of a page put back, once.

    Each task line first: as it was generated, or as somebody changed it. Then what was typed, behind the line that it
    followed, under `YOURS`, or below the last line. That one tells the next reader how all of it came about.
    """
    tasks = {task.id: (task, line.text) for line in ours if (task := _task(line))}
    states = {id: _state(task, page, id in settled, pending) for id, (task, _) in tasks.items()}
    kept = {id: page.changed(id)[0].text for id in tasks if id not in settled and page.changed(id)}
    contested = {id for id in kept if _is_contested(id, page, states[id])}
    states |= {id: _waiting(id, page, pending) for id in contested}
    shown = {id: _rebased(text, *tasks[id], page, states[id]) for id, text in kept.items()}
    replaced = [id for id in tasks if page.changed(id) and shown.get(id) != kept.get(id, "")]
    words = [Gap((id, TASK, 0), (id, TASK, 0), text, False, 0, id) for id in replaced for text in page.on_the_line(id)]
    gaps, below = _once(_staying(page, kept, tasks, settled), ours, page), _below(page, kept, tasks, settled)
    behind, left = _place([*words, *gaps], ours)
    gone = {gap.item for gap in (*gaps, *below) if gap.task} | {gap.item for gap in left if gap.item}
    states |= {id: _waiting(id, page, pending, left) for id in sorted(gone - tasks.keys())}
    end = "\r\n" if page.crlf else "\n"
    own = [line.mark for line in ours if not ((task := _task(line)) and task.id in contested)]
    heading = marks.yours(language)
    last = footer.line(today, own + ([footer.mark(heading)] if left else []), states, language.words["last_line"])
    after = "".join((end if gap.apart else "") + gap.text for gap in below)
    return f"{_text(ours, shown, behind, end)}{_yours(left, heading, end)}{end}{last}{end}{after}"


def _task(line: Line) -> TaskLine | None:
    """The task of a line of ours, if it has an id."""
    task = taskline.parse(lines.bare(line.text))
    return task if task and task.id else None


def _staying(page: Page, kept: Mapping[str, str], tasks: Collection[str], settled: Collection[str]) -> list[Gap]:
    """The typed runs above the last line that stay in the agenda. The heading that was put above what goes from `YOURS`
    goes with it.
    """
    stays = [_stays(gap, kept, tasks, settled if page.day else ()) for gap in page.gaps]
    goes = [gap.home[0] == YOURS and not (stay or gap.title) for gap, stay in zip(page.gaps, stays, strict=True)]
    alone = [_is_heading(gap) and gone for gap, gone in zip(page.gaps, [*goes[1:], False], strict=False)]
    return [gap for gap, stay, bare in zip(page.gaps, stays, alone, strict=True) if stay and not bare]


def _once(gaps: Sequence[Gap], ours: Sequence[Line], page: Page) -> list[Gap]:
    """The typed runs without the second of two copies of what is generated, where that was not found in the page."""
    rewritten, seen, once = _not_found(ours, page), defaultdict[str, set[str]](set), list[Gap]()
    for gap in gaps:
        block = gap.place[0]
        text = gap.text if gap.task else reflow.once(gap.text, rewritten[block], seen[block])
        once += [gap._replace(text=text)] if text.strip() else []
    return once


def _not_found(ours: Sequence[Line], page: Page) -> Mapping[str, Collection[str]]:
    """The letters of the generated paragraphs that were not found in the page, by the block they are in."""
    there = {line[:2] for line in page.ours}
    generated, found = defaultdict[str, list[str]](list), defaultdict[str, set[str]](set)
    for line in ours:
        generated[line.block] += [] if _task(line) else [*lines.split(line.blank), line.text]
    for block, text in generated.items():
        for paragraph in reflow.paragraphs(text):
            if not {(block, footer.mark(line)) for line in paragraph} <= there:
                found[block].add(reflow.letters(paragraph))
        found[block].discard("")
    return found


def _is_below(gap: Gap, tasks: Collection[str]) -> bool:
    """Whether typed lines stay below the last line; what follows a task line there goes with it if that is gone."""
    return BELOW in (gap.place[0], gap.home[0] if gap.item not in tasks else "")


def _below(page: Page, kept: Mapping[str, str], tasks: Collection[str], settled: Collection[str]) -> list[Gap]:
    """The typed runs below the last line that stay there."""
    below = [gap for gap in page.gaps if _is_below(gap, tasks)]
    return [gap for gap in below if not (gap.task and (gap.item in settled or kept.get(gap.item) == gap.text))]


def _text(ours: Sequence[Line], shown: Mapping[str, str], behind: Mapping[int, str], end: str) -> str:
    """The lines of ours, the task lines as they are shown, each with what stands behind it."""
    pieces = [behind[-1] + end if -1 in behind else ""]
    for number, line in enumerate(ours):
        task = _task(line)
        now = _apart(pieces[-1], line) + (shown.get(task.id, line.text) if task else line.text)
        pieces += [now.replace("\r\n", "\n").replace("\n", end), behind.get(number, "")]
    return "".join(pieces)


def _page(old: str, page: Page, known: Known, ours: Sequence[Line], language: Language) -> Page:
    if page.day is None and old.removeprefix(lines.BOM).strip():
        if not page.tasks:
            raise NotOurs(
                "there is a note with the agenda's name that reconnect did not write",
                "rename it, or choose another name with `agenda:` in Reconnect.md",
            )
        return marks.read(old, known, language, [line.mark for line in ours])
    return page


def _state(task: TaskLine, page: Page, settled: bool, pending: Mapping[str, str]) -> State:
    """How this task line is generated, for the next reader of the page."""
    sign = task.sign or Sign.OPEN
    before = page.states.get(task.id)
    carried = log.digest(page.remark(task.id)) if settled else before.carried if before else ""
    return State(
        sign,
        task.due[0] if task.due else "",
        "+".join(map(footer.fingerprint, task.forms)),
        carried,
        pending.get(task.id, ""),
    )


def _waiting(id: str, page: Page, pending: Mapping[str, str], left: Sequence[Gap] = ()) -> State:
    """The state of an item whose line is not generated, so that a mark on it is still known for one, and what was
    typed under it (the first of it in `left`) for its own.
    """
    before = page.states.get(id, State(Sign.OPEN))
    gap = next((gap for gap in left if gap.item == id), None)
    mark = marks.left_mark(gap.title, gap.text, gap.apart) if gap and gap.title and not gap.task else ""
    return before._replace(since=pending.get(id, before.since), left=mark)


def _rebased(text: str, task: TaskLine, line: str, page: Page, now: State) -> str:
    """A changed task line; if what was generated is another one by now, that one with their mark in it."""
    before = page.states.get(task.id)
    if before is None or before[:3] == now[:3]:
        return text
    changed = taskline.parse(lines.bare(text), slips=True)
    if now.sign is not Sign.OPEN or changed is None:
        return line
    said = sayings(changed, before, page.day)
    closed, due = ([day for day in dict.fromkeys(days) if day] for days in zip(*(one[1:] for one in said), strict=True))
    return taskline.marked(lines.bare(line), said[0].box or "", closed, due) + "\n"


def _is_contested(id: str, page: Page, now: State) -> bool:
    """Whether lines of an item contradict each other, or the note says a third thing by now: then they stay just as
    they are, and so does what they were generated as.
    """
    before, said = page.states.get(id, now), page.sayings(id)
    moved = before.due != now.due and any(one.due for one in said)
    third = said and before[:3] != now[:3] and ({before.sign, now.sign} != {Sign.OPEN} or moved)
    return id in page.states and bool(len(page.changed(id)) > 1 or third)


def _apart(before: str, line: Line) -> str:
    """The blank lines before a line of ours. One that would go on with what somebody typed needs one: a formatter would
    make one paragraph of both.
    """
    above = lines.split(before)[-1:]
    return line.blank or ("\n" if above and reflow.runs_on(above[0], line.text) else "")


def _is_heading(gap: Gap) -> bool:
    return gap.home[0] == YOURS and gap.text.startswith(marks.ENTRY) and gap.text.strip().count("\n") == 0


def _stays(gap: Gap, kept: Mapping[str, str], tasks: Collection[str], settled: Collection[str]) -> bool:
    """Whether typed lines stay in the agenda: all but those that are in a note now, or in the place of ours."""
    if _is_below(gap, tasks):
        return False
    if gap.task:
        return gap.item not in settled and kept.get(gap.item) != gap.text
    return gap.item not in settled or gap.item in tasks


def _place(gaps: Sequence[Gap], ours: Sequence[Line]) -> tuple[dict[int, str], list[Gap]]:
    """Number of a line of ours -> what goes behind it (-1: on top); and what has no place any more, what stands under
    `YOURS` already first.

    That is behind the same line of the same entry, else at the end of that entry.
    """
    exact = {TOP[:3]: -1}
    last = {line.block: number for number, line in enumerate(ours)}
    for number, line in enumerate(ours):
        exact.setdefault(line[:3], number)
        if task := _task(line):
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
    return behind, sorted(left, key=lambda gap: gap.home[0] != YOURS)


def _yours(left: Sequence[Gap], title: str, end: str) -> str:
    """The heading for what has no place any more, and each run under the one that it had; nothing if there is none."""
    text, before = "", None
    for gap in left:
        same = before and (before.title, before.item) == (gap.title, gap.item)
        heading = f"{marks.ENTRY}{gap.title}{end}{end}" if gap.title and not same else ""
        adjacent = gap.home[0] == YOURS or (before and before.task)
        text += (end if text and (heading or gap.apart or not adjacent) else "") + heading + gap.text
        before = gap
    return f"{end}{title}{end}{end}{text}" if left else ""
