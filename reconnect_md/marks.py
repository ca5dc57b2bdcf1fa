"""What people typed in the agenda, told from what was generated: changed task lines, remarks, and everything else.

Lines that do not answer to a mark in the agenda's last line are the person's.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from pendulum import Date

from . import align, footer, lines, log, reflow, taskline
from .footer import State, fingerprint
from .model import Language, Sign
from .reflow import Row
from .saying import Saying, sayings, typed_words
from .taskline import TaskLine
from .values import date_and_time

YOURS: Final = "yours"
"""Stands for the block of the heading “Your notes”, in any language: for what was typed at a place that the agenda no
longer has.
"""

TASK: Final = "task"
"""Stands for the mark of an entry's task line, whatever it says."""

ENTRY: Final = "### "
"""How the heading of an entry begins; those of sections are higher."""

HEAD: Final = "head"
"""Stands for the mark of the heading above an entry's task line: two entries may have the same."""

COMING: Final = "coming-"
"""With the mark of its words: the id of a line that was generated without one, until it is known whose it is."""

BELOW: Final = "below"
"""Stands for the block and the mark of the last line."""

LONGEST_BOX: Final = 3
"""With so many characters, and a slip, it is a checkbox still."""

_HEADING: Final = re.compile(r"(#{1,6}) ")
_SECTION: Final = re.compile(r"#{1,3} ")
_FENCE: Final = re.compile(r"[ \t]*(?:```|~~~)")


class Line(NamedTuple):
    """A line of ours and the blank lines before it.

    `block` is the entry it belongs to: its task's id, else a heading; `nth` counts the lines alike in it.
    """

    block: str
    mark: str
    nth: int
    text: str
    blank: str = ""


Place = tuple[str, str, int]
"""Behind which line of ours something stands: its block, mark and nth."""


class Gap(NamedTuple):
    """A run of typed lines, first to last that is not blank.

    It stands behind the line at `place`; where that is no more, at `home`, the line of ours that it really followed,
    whose number among ours is `line`.
    `item` is the id of the task whose entry it stands in, or empty; `title` the heading above it, and empty where it
    stands under `YOURS` and is not awaited by an item. `task`: it is that task's line itself, as somebody changed it.
    """

    place: Place
    home: Place
    text: str
    apart: bool
    line: int
    item: str = ""
    title: str = ""
    task: bool = False


class Found(NamedTuple):
    """A task line of ours as it stands in the page, `line` from 1. `changed`: somebody changed it."""

    text: str
    task: TaskLine
    line: int
    changed: bool


@dataclass(frozen=True)
class Page:
    """An agenda as it was found. `day` is None for a text without our last line; then nothing in it is ours.

    `above` are the lines above the last one, none of ours wrapped; `words` are those of that one.
    """

    day: Date | None = None
    ours: Sequence[Line] = ()
    gaps: Sequence[Gap] = ()
    tasks: dict[str, list[Found]] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    crlf: bool = False
    above: Sequence[str] = ()
    words: str = ""

    def changed(self, id: str) -> list[Found]:
        """The task lines of an item that somebody changed, each text once."""
        found = {lines.bare(one.text): one for one in self.tasks.get(id, ()) if one.changed}
        return list(found.values())

    def sayings(self, id: str) -> list[Saying]:
        """What the changed lines of an item say, each once; more than one contradict each other."""
        if torn := _torn(self.tasks.get(id, ()), self.states.get(id)):
            return torn
        said: dict[tuple[str | None, ...], Saying] = {}
        # Without a day of its own a mark counts for the page's, or for that of the page on which it was found.
        day = (self.states[id].since if id in self.states else "").partition(":")[0] or str(self.day)
        for one in self.changed(id):
            for saying in sayings(one.task, self.states.get(id), self.day):
                said.setdefault((saying.sign or saying.box, saying.closed or day, saying.due), saying)
        return [one for one in said.values() if any(one) or one.box is None]

    def remark(self, id: str) -> str:
        """What was typed under an item, as it goes to the log: dedented Markdown; nothing without our last line."""
        if self.day is None:
            return ""
        return log.tidy("\n".join([*self.on_the_line(id), *self.below(id)]))

    def below(self, id: str) -> list[str]:
        """The runs that were typed under an item, below its task line."""
        return self._below.get(id, [])

    @cached_property
    def _below(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for gap in self.gaps:
            if gap.item and not gap.task:
                found[gap.item].append(gap.text)
        return found

    def on_the_line(self, id: str) -> list[str]:
        """Words typed into the task line itself, behind its fields or among its words, each as a line."""
        found = (words for one in self.changed(id) for words in typed_words(one.task, self.states.get(id)))
        return [ended(words) for words in found]


def _torn(found: Sequence[Found], state: State | None) -> list[Saying]:
    """What the lines of an item say that is marked already, if an open one stands beside it: of two pages that
    somebody put one below the other that is the older one, and takes nothing back.
    """
    signs = {one.task.sign for one in found}
    marked = state is not None and state.sign is not Sign.OPEN and state.sign in signs
    return [Saying(Sign.OPEN), Saying(state.sign)] if state and marked and Sign.OPEN in signs else []


TOP: Final = Line("", "", 0, "")
"""Stands for the place above the first line."""

NOWHERE: Final = Line("", "nowhere", 0, "")[:3]
"""Stands for a place that is no more."""

Known = Callable[[TaskLine], str]
"""A task line of the page -> the id of the item that it belongs to, or empty."""


def yours(language: Language) -> str:
    """The heading for what has no place any more."""
    return f"## {language.words['your_notes']}"


def generated(text: str) -> list[Line]:
    """Generated lines, each with the entry it belongs to; blank ones go with the line after them."""
    ours, blank = _Ours(()), ""
    for line in lines.split(text):
        if not line.strip():
            blank += line
            continue
        ours.add(line, blank, ours[-1].block if ours else "")
        blank = ""
    return ours


def read(old: str, known: Known, language: Language, default: Sequence[str] = ()) -> Page:
    """The page as it was found, whatever language it is in. Without our last line the lines with the marks `default`
    are ours, in their order.
    """
    all_lines = lines.split(old.removeprefix(lines.BOM))
    last = _last(all_lines)
    found = footer.parse(all_lines[last]) if last is not None else None
    day, marks, states, words = found or (None, list(default), {}, "")
    rows = _rows(all_lines, last, marks, states)
    last = _last([row.text for row in rows])
    page = _Reading(states, known, set(marks), day, [f"## {one}" for one in language.known("your_notes")], rows)
    for number, (text, own) in enumerate(rows):
        if number == last:
            page.end_run()
            page.ours.append(Line(BELOW, BELOW, 0, text))
            page.place = page.home
        elif own and not page.says(text):
            page.own(number, text)
        else:
            page.typed(number, text)
    crlf = 2 * sum(line.endswith("\r\n") for line in all_lines) > sum(1 for line in all_lines if line.strip()) > 0
    return Page(day, page.ours, page.gaps(), page.tasks, states, crlf, [row.text for row in rows[:last]], words)


def _last(all_lines: Sequence[str]) -> int | None:
    """The number of our last line; people may have typed below it."""
    return next((n for n in range(len(all_lines) - 1, -1, -1) if footer.parse(all_lines[n])), None)


def _rows(page: Sequence[str], last: int | None, marks: Sequence[str], states: Mapping[str, State]) -> list[Row]:
    """The lines of a page; ours are those that answer to the marks, in their order."""
    filled, known = [n for n, line in enumerate(page) if line.strip() and n != last], set(marks)
    found = [_mark(page[n], known) for n in filled]
    return reflow.rows(page, filled, marks, align.pairs(found, marks), states)


def _mark(line: str, known: Collection[str]) -> str:
    """The mark of a line; earlier versions made it of every sign and blank."""
    mark = fingerprint(line)
    return mark if mark in known or (plain := footer.plain(line)) == line else fingerprint(plain)


class _Ours(list[Line]):
    """Lines of ours, one after the other; `yours` are the forms of that heading."""

    def __init__(self, yours: Collection[str]) -> None:
        super().__init__()
        self.yours = yours

    def add(self, text: str, blank: str, block: str, id: str = "") -> Line:
        """The next one; `block` is the entry it is in, unless it opens one, that of the item `id` if it is its task."""
        block, its_mark = id or _block(text, block, self.yours), footer.mark(text)
        if not self or self[-1].block != block:
            self._alike = Counter[str]()
        line = Line(block, its_mark, self._alike[its_mark], ended(text), blank)
        self._alike[its_mark] += 1
        self.append(line)
        return line


class _Reading:
    """Walks over the lines of a page, and keeps what is ours and what is theirs apart."""

    def __init__(
        self,
        states: dict[str, State],
        known: Known,
        marks: set[str],
        day: Date | None,
        yours: Collection[str],
        rows: Sequence[Row],
    ) -> None:
        self.states, self.known, self.marks, self.day, self.rows = states, known, marks, day, rows
        self.ours = _Ours(yours)
        self.tasks: dict[str, list[Found]] = defaultdict(list)
        self.found: list[Gap] = []
        self.run: list[str] = []
        self.place: Place = TOP[:3]
        self.block = self.title = ""
        self.blank: list[str] = []
        self.headed: dict[int, str] = {}
        self.fenced = False
        left = Counter(state.left for state in states.values())
        self.awaited = {state.left: id for id, state in states.items() if state.left and left[state.left] == 1}

    def id(self, task: TaskLine) -> str:
        """The item's id of today: a note whose company or date was changed gives another one than the line has."""
        unnamed = task.id not in self.states
        coming = f"{COMING}{footer.mark(f'- {task.words}')}" if unnamed and self.was_ours(task.words) else ""
        if not (id := self.known(task)):
            says = task.sign is not Sign.OPEN or task.due
            return (coming if says else "") if unnamed else task.id
        if self.day and unnamed and not coming and not self.is_said_of(id, task):
            return ""
        if not unnamed and id != task.id:
            self.states.setdefault(id, self.states[task.id])
        if coming:  # it was generated without a day, so any is news
            self.states.setdefault(id, State(Sign.OPEN))
        if coming in self.states:
            waited, now = self.states.pop(coming), self.states.get(id, State(Sign.OPEN))
            words = "+".join(filter(None, (now.words, fingerprint(task.words))))
            self.states[id] = now._replace(words=words, since=now.since or waited.since)
        return id

    @cached_property
    def present(self) -> dict[str, str]:
        """The words of the lines that have an id, by it; hardly a page has a line without one that asks for them."""
        tasks = (taskline.parse(lines.bare(row.text), slips=True) for row in self.rows if taskline.has_id(row.text))
        return {task.id: task.words for task in tasks if task and task.id}

    def was_ours(self, words: str) -> bool:
        """Whether a line with just these words was generated without a checkbox, in this page or one before it."""
        mark = footer.mark(f"- {words}")
        return self.day is not None and (mark in self.marks or f"{COMING}{mark}" in self.states)

    def is_said_of(self, id: str, task: TaskLine) -> bool:
        """Whether a line that lost its id, or never had one, is that of an item: another one that has it is longer by
        the number, and a task of theirs that names the call has other words.
        """
        there = self.present.get(id)
        return id in self.states and (there is None or task.words.startswith(there.partition(" · ")[0]))

    @property
    def home(self) -> Place:
        return self.ours[-1][:3] if self.ours else TOP[:3]

    @property
    def above(self) -> str:
        """The title of the entry."""
        return "" if self.home[0] == YOURS else self.title

    def own(self, number: int, text: str) -> None:
        self.end_run()
        task = taskline.parse(lines.bare(text))
        id = self.id(task) if task else ""
        line = self.ours.add(text, "".join(self.blank), self.block, id)
        self.blank, self.block, self.place = [], line.block, line[:3]
        if _HEADING.match(text):
            self.title = _title(text)
        if task and id:
            self.tasks[id].append(Found(line.text, task, number + 1, False))
            self.place = (id, TASK, 0)
            self.head(len(self.ours) - 2, id)

    def typed(self, number: int, text: str) -> None:
        if not text.strip():
            self.run.append(text)
            self.blank.append(text)
            return
        self.fenced ^= bool(_FENCE.match(text))
        if self.home[0] == YOURS and self.opens(text):
            # Each heading there begins what was left of another entry, or something of their own.
            blank = [line for line in self.run[-1:] if not line.strip()]
            self.end_run()
            self.run, self.place = blank, self.home
        task = self.parted(taskline.parse(lines.bare(text), slips=True))
        if not task or not (id := self.id(task)) or self.is_prose(task, id):
            if task and self.was_ours(task.words):
                self.end_run()
                self.place = self.home  # a line of ours with words behind it says nothing of what stands above it
            self.run.append(text)
            self.blank = []
            return
        apart = bool(self.run) and not self.run[-1].strip()
        self.end_run()
        changed = self.says(text) or not (_mark(text, self.marks) in self.marks or self.is_slip(text, task))
        self.tasks[id].append(Found(ended(text), task, number + 1, changed))
        if changed:
            self.found.append(Gap(self.place, self.home, ended(text), apart, len(self.ours) - 1, id, self.above, True))
        self.place = (id, TASK, 0)
        if task.id:  # what is to come stands below the heading of its day, with others
            self.block = id
            self.head(len(self.ours) - 1, id)

    def parted(self, task: TaskLine | None) -> TaskLine | None:
        """Of a line that was generated without an id: what somebody typed behind it, told from its words."""
        if task is None or task.id in self.states or "](" not in task.words:
            return task
        words = task.words.split(" ")
        for count in range(len(words), 0, -1):
            typed = " ".join(words[:count])
            for ours in (typed, typed.rstrip(",.:;!")):
                if self.was_ours(ours):
                    behind = f"{task.words[len(typed) :]} {task.fields}".strip()
                    box = " " if not task.box and task._replace(fields=behind).due else task.box
                    return task._replace(box=box, words=ours, fields=behind)
        return task

    def says(self, text: str) -> bool:
        """Whether a task line says something. Its mark may be that of a line of ours nevertheless: with 20 bits, one in
        some thousand is, and a tick must not be taken for ours.
        """
        task = taskline.parse(lines.bare(text), slips=True) if taskline.has_id(text) else None
        state = self.states.get(task.id) if task and task.box else None
        if task is None or state is None:
            return False
        return any(map(any, sayings(task, state, self.day))) or bool(typed_words(task, state))

    def is_slip(self, text: str, task: TaskLine) -> bool:
        """Whether a line that says nothing only has a slip in its box, such as []: then ours comes in its place."""
        whole = f"[{task.box}]" in text and taskline.parse(lines.bare(text))
        return task.id in self.states and task.sign is not None and not whole

    def is_prose(self, task: TaskLine, id: str) -> bool:
        """Whether a line without a checkbox, or with words in the place of one, only names an item."""
        is_ours = bool(task.id) and id in self.states and fingerprint(task.words) in self.states[id].words
        return not (1 <= len(task.box) <= LONGEST_BOX or is_ours)

    def head(self, number: int, id: str) -> None:
        """The line of ours before a task line is the heading of its entry, unless it is that of a whole section."""
        if number >= 0 and self.ours[number].text.startswith(ENTRY):
            self.headed[number] = id

    def end_run(self) -> None:
        filled = [number for number, text in enumerate(self.run) if text.strip()]
        if filled:
            text = ended("".join(self.run[filled[0] : filled[-1] + 1]))
            gap = Gap(self.place, self.home, text, filled[0] > 0, len(self.ours) - 1, title=self.above)
            self.found.append(self.left_behind(gap) or gap)
        self.run, self.fenced = [], False

    def opens(self, text: str) -> bool:
        """Whether it is a heading, and no comment in a fence; one may never have been closed."""
        known = any(mark.startswith(left_mark(_title(text))) for mark in self.awaited) if self.fenced else False
        return bool(_SECTION.match(text)) and (known or not self.fenced)

    def left_behind(self, gap: Gap) -> Gap | None:
        """The run without its heading, if an item that was gone awaits it."""
        if gap.home[0] != YOURS or not gap.text.startswith(ENTRY):
            return None
        heading, *below = lines.split(gap.text)
        title, text = _title(heading), "".join(below).lstrip("\r\n")
        for apart in (False, True):
            if id := self.awaited.get(left_mark(title, text, apart)):
                return gap._replace(place=(id, TASK, 0), text=text, apart=apart, item=id, title=title)
        return None

    def gaps(self) -> list[Gap]:
        """The typed runs, each with its item. What stands between a heading and a task line belongs to the task."""
        self.end_run()
        found = [
            gap._replace(place=(place := self.placed(gap)), item=gap.item or self.item(place)) for gap in self.found
        ]
        torn = [id for id, of_it in self.tasks.items() if _torn(of_it, self.states.get(id))]
        # What below such lines is generated and what typed is not known, so it is no remark.
        aside = [
            gap._replace(place=NOWHERE, home=NOWHERE, item="") if gap.item in torn and not gap.task else gap
            for gap in found
        ]
        return [*aside, *(gap for id in torn for gap in self.both(id))]

    def both(self, id: str) -> list[Gap]:
        """The lines of an item as they were generated, where one contradicts them: both stay."""
        ours = [one for one in self.tasks[id] if not one.changed]
        self.tasks[id] = [one._replace(changed=True) for one in self.tasks[id]]
        place = (id, TASK, 0)
        return [Gap(place, place, one.text, False, len(self.ours) - 1, id, task=True) for one in ours]

    def placed(self, gap: Gap) -> Place:
        """Its place; that of a heading above a task line is the task's."""
        id = self.headed.get(gap.line)
        return (id, HEAD, 0) if id and gap.place == gap.home else gap.place

    def item(self, place: Place) -> str:
        return place[0] if place[0] in self.tasks else ""


def _title(heading: str) -> str:
    return lines.bare(heading).lstrip("# ").rstrip()


def left_mark(title: str, text: str = "", apart: bool = False) -> str:
    """By which a run under `YOURS` is known again: its heading, then its first line, and whether it stood apart.

    The heading alone would not do, because two calls may have the same.
    """
    first = f"{'apart' if apart else 'behind'} {lines.split(text)[0]}" if text else ""
    return fingerprint(title) + (fingerprint(first) if first else "")


def _block(text: str, block: str, yours: Collection[str]) -> str:
    """The title changes every day, so its block is just `#`."""
    if heading := _HEADING.match(text):
        title = lines.bare(text).rstrip()
        return "#" if heading[1] == "#" else YOURS if title in yours else title
    task = taskline.parse(lines.bare(text))
    return task.id if task and task.id else block


def ended(text: str) -> str:
    """A line, or lines, with an end."""
    return text if not text or text.endswith(("\n", "\r")) else text + "\n"


def standing(page: Page, links: Collection[str]) -> list[str]:
    """The entries that link to one of these notes, as they were generated: they stand while their note cannot be read.

    A task line that someone changed stands as it was before, so that the change is still seen as theirs.
    """
    return [
        _entry(page, id, found[0])
        for id, found in page.tasks.items()
        if not set(links).isdisjoint(taskline.links(found[0].task.words))
    ]


def _entry(page: Page, id: str, found: Found) -> str:
    text = found.text if not found.changed else unchanged(found.task, id, page.states.get(id, State(Sign.OPEN)), page)
    mine = [n for n, line in enumerate(page.ours) if line.block == id]
    above = page.ours[mine[0] - 1].text if mine and mine[0] else ""
    heading = above if above.startswith(ENTRY) else ""
    rest = [page.ours[n] for n in mine if taskline.parse(lines.bare(page.ours[n].text)) is None]
    return f"{heading}\n{text}{''.join(line.blank + line.text for line in rest)}".strip("\n")


def unchanged(task: TaskLine, id: str, state: State, page: Page) -> str:
    """A task line as it was generated."""
    due = date_and_time(state.due)
    fields = taskline.fields(id, due[0] if due else None, state.sign, page.day, task.format)
    return f"{taskline.PLAIN.box(state.sign)} {task.words} {fields}\n"


def sealed(old: str, page: Page, settled: Collection[str]) -> str:
    """A page of a day that is over, with these items as they stand now for what was generated: its last line changes.

    It stays a record, and what was carried from it is not found again.
    """
    all_lines = lines.split(old)
    number = _last(all_lines)
    if number is None or page.day is None:
        return old
    tasks = {id: (page.changed(id) or page.tasks[id])[0].task for id in sorted(settled)}
    below = {id: log.digest(log.tidy("\n".join(page.below(id)))) for id in tasks}
    mine = {line.mark for line in page.ours} | {footer.mark(one.text) for id in tasks for one in page.changed(id)}
    now = {
        id: State(task.sign or Sign.OPEN, (task.due or [""])[-1], fingerprint(task.words), below[id])
        for id, task in tasks.items()
    }
    marks = [one for text in page.above if text.strip() and (one := footer.mark(text)) in mine]
    end = lines.ending(all_lines[number])
    all_lines[number] = footer.line(page.day, marks, {**page.states, **now}, page.words) + end
    return "".join(all_lines)
