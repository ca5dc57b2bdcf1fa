"""What people typed in the agenda, told from what was generated: changed task lines, remarks, and everything else.

Nothing outside the file is needed to tell them apart, so another device can do it too: the agenda's last line holds
its day, a short mark of every line that reconnect wrote, in order, and how each task line was. Lines that do not
answer to a mark are the person's.
"""

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final, NamedTuple

from pendulum import Date

from . import lines, log, taskline
from .model import Sign
from .taskline import TaskLine
from .values import date_and_time

YOURS: Final = "## Your notes"
"""The heading for what was typed at a place that the agenda no longer has."""

TASK: Final = "task"
"""Stands for the mark of an entry's task line, whatever it says."""

HEAD: Final = "head"
"""Stands for the mark of the heading above an entry's task line: two entries may have the same."""

BELOW: Final = "below"
"""Stands for the block and the mark of the last line."""

_OPENING: Final = "<!-- reconnect keeps what you type in this note. Leave this line: by it, its own lines of"
_FOOTER: Final = re.compile(
    rf"{re.escape(_OPENING)} (?P<day>\d{{4}}-\d\d-\d\d) are known:(?P<marks>[\w +,:=-]*)-->\s*\Z", re.ASCII
)
_HEADING: Final = re.compile(r"(#{1,6}) ")
_LETTERS: Final = {Sign.DONE: "done", Sign.SKIPPED: "skipped", Sign.NO_ANSWER: "tried"}


class State(NamedTuple):
    """How a task line was generated, and what became of it.

    `due` and `since` are dates as text, or empty: `since` is the day on which a mark was found that could not be
    carried yet. `words` is the mark of its words, `carried` the digest of the remark that is in the log.
    """

    sign: Sign
    due: str = ""
    words: str = ""
    carried: str = ""
    since: str = ""


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
    `item` is the id of the task whose entry it stands in, or empty; `title` the heading above it. `task`: it is that
    task's line itself, as somebody changed it.
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
    """An agenda as it was found. `day` is None for a text without our last line; then nothing in it is ours."""

    day: Date | None = None
    ours: Sequence[Line] = ()
    gaps: Sequence[Gap] = ()
    tasks: dict[str, list[Found]] = field(default_factory=dict)
    states: dict[str, State] = field(default_factory=dict)
    crlf: bool = False

    def changed(self, id: str) -> list[Found]:
        """The task lines of an item that somebody changed, each text once."""
        found = {lines.bare(one.text): one for one in self.tasks.get(id, ()) if one.changed}
        return list(found.values())

    def remark(self, id: str) -> str:
        """What was typed under an item, as it goes to the log: dedented Markdown. None without our last line."""
        if self.day is None:
            return ""
        below = [gap.text for gap in self.gaps if gap.item == id and not gap.task]
        return log.tidy("\n".join([*self.on_the_line(id), *below]))

    def on_the_line(self, id: str) -> list[str]:
        """Words typed into the task line itself, behind its fields or among its words, each as a line."""
        state = self.states.get(id)
        edited = [one.task.words for one in self.changed(id) if state and state.words not in ("", mark(one.task.words))]
        behind = [one.task.typed for one in self.changed(id)]
        return [ended(words) for words in [*edited, *behind] if words]


TOP: Final = Line("", "", 0, "")
"""Stands for the place above the first line."""

Known = Callable[[TaskLine], str]
"""A task line of the page -> the id of the item that it belongs to, or empty."""


def mark(line: str) -> str:
    """Twenty bits of a line: enough, because a line must also stand between the right neighbours."""
    digest = hashlib.blake2b(lines.bare(line).rstrip().encode(errors="surrogatepass"), digest_size=5).digest()
    return base64.b32encode(digest).decode().lower()[:4]


def generated(text: str) -> list[Line]:
    """Generated lines, each with the entry it belongs to; blank ones go with the line after them."""
    ours: list[Line] = []
    blank = ""
    for line in lines.split(text):
        if not line.strip():
            blank += line
            continue
        ours.append(_next(ours, line, blank, ours[-1].block if ours else ""))
        blank = ""
    return ours


def read(old: str, known: Known, default: Sequence[str] = ()) -> Page:
    """The page as it was found. Without our last line the lines with the marks `default` are ours, in their order."""
    all_lines = lines.split(old.removeprefix(lines.BOM))
    footer = next((n for n in range(len(all_lines) - 1, -1, -1) if _FOOTER.match(all_lines[n])), None)
    match = _FOOTER.match(all_lines[footer]) if footer is not None else None
    day, marks, states = _footer(match) if match else (None, list(default), {})
    own = _own(all_lines, footer, marks)
    page = _Reading(states, known, set(marks))
    for number, text in enumerate(all_lines):
        if number == footer:
            page.end_run()
            page.ours.append(Line(BELOW, BELOW, 0, text))
            page.place = page.home
        elif number in own:
            page.own(number, text)
        else:
            page.typed(number, text)
    crlf = 2 * sum(line.endswith("\r\n") for line in all_lines) > sum(1 for line in all_lines if line.strip()) > 0
    return Page(day, page.ours, page.gaps(), page.tasks, states, crlf)


def _own(all_lines: list[str], footer: int | None, marks: list[str]) -> set[int]:
    """The numbers of the lines that answer to the marks, in their order."""
    filled = [n for n, line in enumerate(all_lines) if line.strip() and n != footer]
    found = [mark(all_lines[n]) for n in filled]
    if found == marks:
        return set(filled)
    blocks = SequenceMatcher(None, found, marks, autojunk=False).get_matching_blocks()
    return {filled[n] for block in blocks for n in range(block.a, block.a + block.size)}


class _Reading:
    """Walks over the lines of a page, and keeps what is ours and what is theirs apart."""

    def __init__(self, states: dict[str, State], known: Known, marks: set[str]) -> None:
        self.states, self.known, self.marks = states, known, marks
        self.ours: list[Line] = []
        self.tasks: dict[str, list[Found]] = defaultdict(list)
        self.found: list[Gap] = []
        self.run: list[str] = []
        self.place: Place = TOP[:3]
        self.blank = self.block = self.title = ""
        self.renamed: dict[str, str] = {}
        self.headed: dict[int, str] = {}

    def id(self, task: TaskLine) -> str:
        """The item's id of today: a note whose company or date was changed gives another one than the line has."""
        if not (id := self.known(task)):
            return task.id if task.id in self.states else ""
        if task.id in self.states and id != task.id:
            self.renamed[task.id] = id
            self.states.setdefault(id, self.states[task.id])
        return id

    @property
    def home(self) -> Place:
        return self.ours[-1][:3] if self.ours else TOP[:3]

    def own(self, number: int, text: str) -> None:
        self.end_run()
        line = _next(self.ours, text, self.blank, self.block)
        self.ours.append(line)
        self.blank, self.block, self.place = "", line.block, line[:3]
        if _HEADING.match(text):
            self.title = lines.bare(text).lstrip("# ").rstrip()
        task = taskline.parse(lines.bare(text))
        if task and (id := self.id(task)):
            self.tasks[id].append(Found(line.text, task, number + 1, False))
            self.place = (id, TASK, 0)
            self.headed[len(self.ours) - 2] = id

    def typed(self, number: int, text: str) -> None:
        task = taskline.parse(lines.bare(text))
        if not task or not (id := self.id(task)):
            self.run.append(text)
            self.blank = self.blank + text if not text.strip() else ""
            return
        apart = bool(self.run) and not self.run[-1].strip()
        self.end_run()
        changed = mark(text) not in self.marks
        self.tasks[id].append(Found(ended(text), task, number + 1, changed))
        if changed:
            self.found.append(Gap(self.place, self.home, ended(text), apart, len(self.ours) - 1, id, self.title, True))
        self.block, self.place = id, (id, TASK, 0)
        self.headed[len(self.ours) - 1] = id

    def end_run(self) -> None:
        filled = [number for number, text in enumerate(self.run) if text.strip()]
        if filled:
            text = ended("".join(self.run[filled[0] : filled[-1] + 1]))
            self.found.append(Gap(self.place, self.home, text, filled[0] > 0, len(self.ours) - 1, title=self.title))
        self.run = []

    def gaps(self) -> list[Gap]:
        """The typed runs, each with its item. What stands between a heading and a task line belongs to the task."""
        self.end_run()
        return [gap._replace(place=(place := self.of_today(gap)), item=self.item(place)) for gap in self.found]

    def of_today(self, gap: Gap) -> Place:
        """Its place with the item's id of today; that of a heading above a task line is the task's."""
        id = self.headed.get(gap.line)
        place = (id, HEAD, 0) if id and gap.place == gap.home else gap.place
        return self.renamed.get(place[0], place[0]), *place[1:]

    def item(self, place: Place) -> str:
        return place[0] if place[0] in self.tasks else ""


def _next(ours: list[Line], text: str, blank: str, block: str) -> Line:
    """The line of ours that comes after `ours`; `block` is the entry it is in, unless it opens one."""
    block, its_mark = _block(text, block), mark(text)
    nth = 0
    for line in reversed(ours):
        if line.block != block:
            break
        nth += line.mark == its_mark
    return Line(block, its_mark, nth, ended(text), blank)


def _block(text: str, block: str) -> str:
    """The title changes every day, so its block is just `#`."""
    if heading := _HEADING.match(text):
        return "#" if heading[1] == "#" else lines.bare(text).rstrip()
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
    text = found.text if not found.changed else _unchanged(found.task, id, page.states.get(id, State(Sign.OPEN)), page)
    mine = [n for n, line in enumerate(page.ours) if line.block == id]
    above = page.ours[mine[0] - 1].text if mine and mine[0] else ""
    heading = above if above.startswith("### ") else ""
    rest = [page.ours[n] for n in mine if taskline.parse(lines.bare(page.ours[n].text)) is None]
    return f"{heading}\n{text}{''.join(line.blank + line.text for line in rest)}".strip("\n")


def _unchanged(task: TaskLine, id: str, state: State, page: Page) -> str:
    due = date_and_time(state.due)
    fields = taskline.fields(id, due[0] if due else None, state.sign, page.day)
    return f"{taskline.box(state.sign)} {task.words} {fields}\n"


# --- the last line ---------------------------------------------------------------------------------------


def _footer(match: re.Match[str]) -> tuple[Date | None, list[str], dict[str, State]]:
    day = date_and_time(match["day"])
    tokens = [token.partition("=") for token in match["marks"].split()]
    states = {id: state for id, equals, said in tokens if equals and (state := _state(said))}
    return day[0] if day else None, [token for token, equals, _ in tokens if not equals], states


def _state(said: str) -> State | None:
    first, words, carried, since, *_ = [*said.split(","), "", "", "", ""]
    sign = next((sign for sign, letters in _LETTERS.items() if letters == first), Sign.OPEN)
    return State(sign, "" if sign is not Sign.OPEN else first, words, carried, since)


def footer(day: Date, marks: Iterable[str], states: dict[str, State]) -> str:
    """The last line, without its end."""
    said = [
        f"{id}={','.join([_LETTERS.get(state.sign, state.due), *state[2:]]).rstrip(',')}"
        for id, state in states.items()
    ]
    return f"{_OPENING} {day} are known: {' '.join([*marks, *said])} -->"


def without_marks(agenda: str) -> str:
    """The text without its line of marks, for a terminal."""
    return "".join(line for line in lines.split(agenda) if not _FOOTER.match(line)).rstrip() + "\n"
