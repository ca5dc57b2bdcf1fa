"""What people typed in the agenda, told from what was generated, and woven into the next one.

Nothing outside the file is needed to tell them apart, so another device can do it too: the agenda's last line holds a
short mark of every line that reconnect wrote, in order. Lines that do not answer to a mark are the person's: a
changed task line keeps its place, everything else stays behind the line of ours that it followed, or goes under a
heading of its own.
"""

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, NamedTuple

from . import lines, taskline
from .errors import NotOurs

YOURS: Final = "## Your notes"
"""The heading for what was typed at a place that the agenda no longer has."""

_OPENING: Final = "<!-- reconnect keeps what you type in this note. Its own lines are marked here:"
_FOOTER: Final = re.compile(rf"{re.escape(_OPENING)}(?P<marks>[a-z2-7 ]*)-->\s*\Z")
_LINK: Final = re.compile(r"\]\(([^()\s]+)\)")
_HEADING: Final = re.compile(r"(#{1,6}) ")


class _Line(NamedTuple):
    """A line of ours and the blank lines before it.

    `block` is the entry it belongs to: its task's id, else a heading; `nth` counts the lines alike in it.
    """

    block: str
    mark: str
    nth: int
    text: str
    blank: str = ""


class _Gap(NamedTuple):
    """A run of typed lines, first to last that is not blank, behind the line of ours with that block and mark."""

    block: str
    mark: str
    nth: int
    text: str
    apart: bool


_TOP: Final = _Line("", "", 0, "")


def weave(new: str, old: str) -> str:
    """The generated text with everything typed in `old` put back, and with its marks. Weaving again changes nothing.

    Raises `NotOurs` if `old` is a note that reconnect did not write.
    """
    ours = _ours(lines.split(new))
    tasks = {task.id for line in ours if (task := taskline.parse(lines.bare(line.text)))}
    changed, gaps = _typed(old, ours, tasks)
    behind, left = _place(gaps, ours)
    text = behind.get(-1, "")
    for number, line in enumerate(ours):
        task = taskline.parse(lines.bare(line.text))
        text += line.blank + (changed.get(task.id, line.text) if task else line.text) + behind.get(number, "")
    if left:
        text += f"\n{YOURS}\n\n" + "\n".join(gap.text for gap in left)
        ours.append(_Line(YOURS, _mark(YOURS), 0, YOURS))
    after = "".join(("\n" if gap.apart else "") + gap.text for gap in gaps if gap.block == _OPENING)
    return f"{text}\n{_OPENING} {' '.join(line.mark for line in ours)} -->\n{after}"


def without_marks(agenda: str) -> str:
    """The text without its line of marks, for a terminal."""
    return "".join(line for line in lines.split(agenda) if not _FOOTER.match(line)).rstrip() + "\n"


def standing(old: str, notes: Collection[str]) -> list[str]:
    """The entries in `old` that link to one of `notes` (as linked): they stand while their note cannot be read.

    A task line that someone changed stands as it was before, so that the change is still seen as theirs.
    """
    tasks = {number: task for number, line in enumerate(lines.split(old)) if (task := taskline.parse(lines.bare(line)))}
    ids = {task.id for task in tasks.values() if not set(notes).isdisjoint(_LINK.findall(task.words))}
    ours, theirs = _apart(old, ids, [])
    entries: dict[str, list[_Line]] = {}
    for number, line in enumerate([_TOP, *ours], start=-1):
        heading = line if _HEADING.match(line.text) else None
        for text in [line.text, *(text for behind, text in theirs if behind == number)]:
            task = taskline.parse(lines.bare(text))
            if task and task.id in ids and task.id not in entries:
                before = heading or next(
                    (one for one in reversed(ours[: number + 1]) if _HEADING.match(one.text)), None
                )
                entries[task.id] = [before] if before else []
                entries[task.id].append(_Line(task.id, "", 0, taskline.unmarked(task) + "\n", "\n"))
            elif text is line.text and line.block in entries:
                entries[line.block].append(line)
    return [("".join(line.blank + line.text for line in entry)).strip("\n") for entry in entries.values()]


def _mark(line: str) -> str:
    """Twenty bits of a line: enough, because a line must also stand between the right neighbours."""
    digest = hashlib.blake2b(lines.bare(line).rstrip().encode(errors="surrogatepass"), digest_size=5).digest()
    return base64.b32encode(digest).decode().lower()[:4]


def _ours(generated: Iterable[str]) -> list[_Line]:
    """Generated lines, each with the entry it belongs to; blank ones go with the line after them."""
    ours: list[_Line] = []
    blank = ""
    for text in generated:
        if not text.strip():
            blank += text
            continue
        ours.append(_next(ours, text, blank, ours[-1].block if ours else ""))
        blank = ""
    return ours


def _next(ours: list[_Line], text: str, blank: str, block: str) -> _Line:
    """The line of ours that comes after `ours`; `block` is the entry it is in, unless it opens one."""
    block, mark = _block(text, block), _mark(text)
    nth = 0
    for line in reversed(ours):
        if line.block != block:
            break
        nth += line.mark == mark
    return _Line(block, mark, nth, _ended(text), blank)


def _block(text: str, block: str) -> str:
    """The title changes every day, so its block is just `#`."""
    if heading := _HEADING.match(text):
        return "#" if heading[1] == "#" else lines.bare(text).rstrip()
    task = taskline.parse(lines.bare(text))
    return task.id if task else block


def _ended(text: str) -> str:
    return text if not text or text.endswith(("\n", "\r")) else text + "\n"


def _apart(old: str, tasks: Collection[str], default: list[str]) -> tuple[list[_Line], list[tuple[int, str]]]:
    """Lines of ours in `old`, and every other line with the number of the line of ours before it (-1: none).

    `tasks` are ids whose changed lines open their entries, too. Without a footer, `default` are the marks of ours. A
    line of ours that someone changed is theirs.
    """
    all_lines = lines.split(old)
    footer = next((n for n in range(len(all_lines) - 1, -1, -1) if _FOOTER.match(all_lines[n])), None)
    marks = _FOOTER.match(all_lines[footer])["marks"].split() if footer is not None else default  # type: ignore[index]
    filled = [n for n, line in enumerate(all_lines) if line.strip() and n != footer]
    found = [_mark(all_lines[n]) for n in filled]
    blocks = SequenceMatcher(None, found, marks, autojunk=False).get_matching_blocks() if found != marks else None
    own = {filled[n] for b in blocks for n in range(b.a, b.a + b.size)} if blocks is not None else set(filled)
    ours, theirs, blank, block = list[_Line](), list[tuple[int, str]](), "", ""
    for number, text in enumerate(all_lines):
        if number == footer:
            ours.append(_Line(_OPENING, _OPENING, 0, text))
        elif number in own:
            ours.append(_next(ours, text, blank, block))
            blank, block = "", ours[-1].block
        else:
            task = taskline.parse(lines.bare(text))
            block = task.id if task and task.id in tasks else block
            theirs.append((len(ours) - 1, text))
            blank = blank + text if not text.strip() else ""
    return ours, theirs


def _typed(old: str, new: list[_Line], tasks: set[str]) -> tuple[dict[str, str], list[_Gap]]:
    """Changed task lines by id, and all other typed runs.

    A changed task line of an entry that is still there takes its line's place, and what follows it belongs to that
    entry.
    """
    if not old.strip():
        return {}, []
    if not any(_FOOTER.match(line) for line in lines.split(old)) and not any(
        taskline.parse(lines.bare(line)) for line in lines.split(old)
    ):
        raise NotOurs(
            "there is a note with the agenda's name that reconnect did not write",
            "rename it, or choose another name with `agenda:` in Reconnect.md",
        )
    ours, theirs = _apart(old, tasks, [line.mark for line in new])
    known = {line.mark for line in ours} | {line.mark for line in new}
    changed: dict[str, str] = {}
    runs: list[tuple[_Line, list[str]]] = []
    for number, run in groupby(theirs, key=lambda line: line[0]):
        runs.append((ours[number] if number >= 0 else _TOP, []))
        for _, text in run:
            task = taskline.parse(lines.bare(text))
            if task and task.id in tasks and task.id not in changed:
                if _mark(text) not in known:
                    changed[task.id] = _ended(text)
                runs.append((next(line for line in new if line.block == task.id), []))
            else:
                runs[-1][1].append(text)
    return changed, [gap for line, texts in runs if (gap := _gap(line, texts))]


def _gap(line: _Line, texts: list[str]) -> _Gap | None:
    filled = [number for number, text in enumerate(texts) if text.strip()]
    if not filled:
        return None
    return _Gap(line.block, line.mark, line.nth, _ended("".join(texts[filled[0] : filled[-1] + 1])), filled[0] > 0)


def _place(gaps: list[_Gap], ours: list[_Line]) -> tuple[dict[int, str], list[_Gap]]:
    """Number of a new line of ours -> what goes behind it (-1: on top); and what has no place any more.

    That is behind the same line of the same entry, else at the end of that entry.
    """
    exact = {(line.block, line.mark, line.nth): number for number, line in enumerate(ours)}
    last = {line.block: number for number, line in enumerate(ours)}
    behind: dict[int, str] = defaultdict(str)
    left = []
    for gap in gaps:
        if gap.block == _OPENING:
            continue
        same_line = -1 if not gap.mark else exact.get(gap[:3])
        number = last.get(gap.block) if same_line is None else same_line
        if number is None:
            left.append(gap)
        else:
            apart = (gap.apart or same_line is None or behind[number]) and number >= 0
            behind[number] += ("\n" if apart else "") + gap.text
    return behind, left
