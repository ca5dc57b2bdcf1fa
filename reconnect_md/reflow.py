"""Paragraphs that a formatter wrapped (Prettier, mdformat) -> the lines that were generated.

Nothing is guessed: words are ours if they come to the mark of a line of ours that is missing just there, or to a task
line with the words that an item was generated with.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import Final, NamedTuple

from . import footer, lines, taskline
from .align import Pair
from .footer import State, fingerprint

_LEAD: Final = re.compile(r"(?P<quote>[ \t>]*)(?P<sign>(?:[-*+]|\d+[.)])[ \t]+)?")
_OPENS: Final = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])(?:[ \t]|$)|#{1,6} |```|~~~|<!--|$)")
"""A line that begins a block of its own, and does not go on with the one before it."""

LONGEST: Final = 2_000
"""So many words of a line are looked at."""

FEW: Final = 20
"""In so many lines of a paragraph the id of its task is looked for: more may be pasted below one."""

_ID: Final = re.compile(r"[\w-]+")
_ESCAPE: Final = re.compile(r"^([ \t>]*(?:\d+)?)\\(?=[-+*#=.)~])")
"""A sign at the start of a line that would open a block there."""


class Row(NamedTuple):
    """A line of a page, and whether it is one of ours."""

    text: str
    own: bool


def rows(
    page: Sequence[str],
    numbers: Sequence[int],
    marks: Sequence[str],
    pairs: Sequence[Pair],
    states: Mapping[str, State],
) -> list[Row]:
    """The lines of a page, what was wrapped in one piece.

    `numbers` are those of the lines that may be ours, `pairs` tell which of them answers to which mark.
    """
    found: list[Row] = []
    start = nth = 0
    for number, mark in [*((numbers[n], mark) for n, mark in pairs), (len(page), len(marks))]:
        between, missing = page[start:number], list(marks[nth:mark])
        if missing or any("[" in line for line in between):
            found += _between(between, missing, states)
        else:
            found += [Row(line, False) for line in between]
        found += [Row(line, True) for line in page[number : number + 1]]
        start, nth = number + 1, mark + 1
    return found


def once(typed: str, rewritten: Collection[str], seen: set[str]) -> str:
    """Typed text without the paragraphs that say once more what is said in `seen`, of those that are `rewritten`: the
    letters of generated ones that a formatter, in a way not known here, makes into other lines each time.
    """
    all_lines, kept = lines.split(typed), list[str]()
    fenced = any(line.lstrip(" \t>").startswith(("```", "~~~")) for line in all_lines)
    for paragraph in paragraphs(all_lines):
        said = letters(paragraph)
        kept += paragraph if fenced or said not in rewritten or said not in seen else []
        seen.add(said)
    return "".join(kept)


def letters(paragraph: Iterable[str]) -> str:
    """The letters and digits of lines, which no formatter changes."""
    return "".join(filter(str.isalnum, "".join(paragraph)))


def _between(page: Sequence[str], missing: list[str], states: Mapping[str, State]) -> Iterator[Row]:
    """The lines between two of ours, of which those with the marks `missing` are not found."""
    for paragraph in paragraphs(page):
        task = _task(paragraph, states)
        if task > 1:
            paragraph = [_joined(paragraph[:task]), *paragraph[task:]]
        if not missing:
            yield from (Row(line, False) for line in paragraph)
            continue
        generated = _generated(paragraph, missing) or _generated(_without_escapes(paragraph), missing)
        if generated:
            del missing[: missing.index(footer.mark(generated[-1])) + 1]
        yield from (Row(line, bool(generated)) for line in generated or paragraph)


def paragraphs(page: Sequence[str]) -> Iterator[list[str]]:
    """Lines, those together that Markdown reads as one paragraph."""
    paragraph: list[str] = []
    for line in page:
        if paragraph and not runs_on(paragraph[-1], line):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def runs_on(line: str, after: str) -> bool:
    """Whether a line goes on with the paragraph of the one before it, in Markdown."""
    bare, depth = lines.bare(line).strip(" \t>"), _quotes(line)
    return bool(bare) and depth >= _quotes(after) and not _OPENS.match(lines.bare(after))


def _quotes(line: str) -> int:
    """In how many quotes a line stands."""
    return _LEAD.match(line)["quote"].count(">")  # type: ignore[index]


def _generated(paragraph: Sequence[str], missing: Sequence[str]) -> list[str]:
    """The lines of ours that the words of a paragraph are, all of them; nothing if they are not."""
    if not missing:
        return []
    first, words, end = _lead(paragraph[0]), _words(paragraph), lines.ending(paragraph[0])
    then = re.match(r"[ \t>]*", paragraph[1])[0] if len(paragraph) > 1 else re.sub(r"[^ \t>]", " ", first)  # type: ignore[index]
    generated: list[str] = []
    at = 0
    while at < len(words):
        lead = then if generated else first
        found = footer.marks(lead, words[at : at + LONGEST])
        length = max((n for n, mark in enumerate(found, 1) if mark in missing), default=0)
        if not length:
            return []
        line = f"{lead}{' '.join(words[at : at + length])}"
        missing = missing[missing.index(footer.mark(line)) + 1 :]
        generated.append(line + end)
        at += length
    return generated


def _task(paragraph: Sequence[str], states: Mapping[str, State]) -> int:
    """How many lines of a paragraph are one task line of an item, whatever mark it has; 1 for another task."""
    if taskline.parse(lines.bare(paragraph[0])) is None:
        return 0
    named = (n for n, line in enumerate(paragraph, 1) if not states.keys().isdisjoint(_ID.findall(line)))
    for count in islice(named, FEW):
        task = taskline.parse(lines.bare(_joined(paragraph[:count])))
        if task and task.id in states and fingerprint(task.words) in states[task.id].words:
            return count + _fields(paragraph[count - 1 :])
    return 1


def _fields(paragraph: Sequence[str]) -> int:
    """How many lines below the first have only fields of the task, or a day for one."""
    count = 0
    for above, line in pairwise(paragraph):
        open_field = above.strip().rstrip("\ufe0f")[-1:] in {*taskline.SIGNIFIERS, ":"}
        if not open_field and not taskline.is_field(line.strip()):
            break
        count += 1
    return count


def _without_escapes(paragraph: Sequence[str]) -> list[str]:
    """A paragraph without what had to be escaped because it came to the start of a line."""
    return [
        *paragraph[:1],
        *(_ESCAPE.sub(r"\1", line) for line in paragraph[1:]),
    ]


def _joined(paragraph: Sequence[str]) -> str:
    return f"{_lead(paragraph[0])}{' '.join(_words(paragraph))}{lines.ending(paragraph[0])}"


def _lead(line: str) -> str:
    return _LEAD.match(line)[0]  # type: ignore[index]


def _words(paragraph: Sequence[str]) -> list[str]:
    first, *rest = map(lines.bare, paragraph)
    text = " ".join([first.removeprefix(_lead(first)), *(line.lstrip(" \t>") for line in rest)])
    return re.findall(r"[^ \t]+", text)
