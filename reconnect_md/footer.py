"""The agenda's last line, both ways: by it another device can tell what reconnect wrote from what people typed.

It holds the page's day, a short mark of every line that was generated, in order, and how each task line was.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from pendulum import Date

from . import digests, lines
from .digests import digest
from .model import Sign
from .values import date_and_time

_FOOTER: Final = re.compile(
    r"<!-- (?P<before>reconnect\b[^\d<>{}]*)(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?P<after>[^\d<>{}:]*):"
    r"(?P<marks>[a-zA-Z0-9_ +,:=-]*)-->\s*\Z"
)
"""In whatever language: where the words are not known, the marks still are."""
_LIST: Final = re.compile(r"^([ \t>]*)[-*+][ \t]+")
_BLANKS: Final = re.compile(r"(?<=[^ \t>])(?: [ \t]+|\t[ \t]*)")
_BASE32: Final = "abcdefghijklmnopqrstuvwxyz234567"
LETTERS: Final = {Sign.DONE: "done", Sign.SKIPPED: "skipped", Sign.NO_ANSWER: "tried"}


class State(NamedTuple):
    """How a task line was generated, and what became of it.

    `due` is a date as text, perhaps with a time (`2026-11-25T10:30`), or empty; `since` the day on which marks were
    found that could not be carried yet, and which (`2026-11-25:done+tried`). `words` is the mark of its words (of two
    pages that git merged: both, with a + between), `carried` the digest of the remark that went to the log, and empty
    if nothing did. `left` is the mark of what was typed under an item that is gone, and stands elsewhere until it is
    there again.
    """

    sign: Sign
    due: str = ""
    words: str = ""
    carried: str = ""
    since: str = ""
    left: str = ""


@lru_cache(1 << 14)
def fingerprint(text: str) -> str:
    """Twenty bits of a line: enough, because a line must also stand between the right neighbours."""
    return _letters(digest(lines.bare(text).rstrip(), 5))


def _letters(found: bytes) -> str:
    bits = int.from_bytes(found[:3], "big")
    return "".join(_BASE32[bits >> shift & 31] for shift in (19, 14, 9, 4))


@lru_cache(1 << 12)  # a pass asks for the same four times
def mark(line: str) -> str:
    """Those of a line as it was generated, whatever sign of a list and blanks between words a formatter gave it."""
    return fingerprint(plain(line))


def plain(line: str) -> str:
    """A line with the dash as its list sign, and one blank between words."""
    return _BLANKS.sub(" ", _LIST.sub(r"\1- ", line))


def marks(lead: str, words: Sequence[str]) -> Iterator[str]:
    """Those of lines with the first of these words, the first two, and so on."""
    said = digests.new(_LIST.sub(r"\1- ", lead), 5)
    for number, word in enumerate(words):
        said.update(f"{' ' if number else ''}{word}".encode(errors="surrogatepass"))
        yield _letters(said.digest())


class Footer(NamedTuple):
    """What a last line says: the day of the page, the marks of its lines, its items' states by id; and its `words`,
    with a gap for the day.
    """

    day: Date
    marks: list[str]
    states: dict[str, State]
    words: str


def parse(line: str) -> Footer | None:
    """What a line says, if it is a last line."""
    match = _FOOTER.match(line)
    day = date_and_time(match["day"]) if match else None
    if not match or not day:
        return None
    tokens = [token.partition("=") for token in match["marks"].split()]
    states = {id: state for id, equals, said in tokens if equals and (state := _state(said))}
    return Footer(
        day[0],
        [token for token, equals, _ in tokens if not equals],
        states,
        f"{match['before']}{{day}}{match['after']}",
    )


def _state(said: str) -> State | None:
    first, words, carried, since, left, *_ = [*said.split(","), "", "", "", "", ""]
    letters, _, due = first.rpartition(":")
    sign = next((sign for sign, known in LETTERS.items() if known in (letters, first)), Sign.OPEN)
    due = "" if first in LETTERS.values() else due.replace("h", ":")
    return State(sign, due, words, carried, since, left)


def line(day: Date, marks: Iterable[str], states: dict[str, State], words: str) -> str:
    """The last line, without its end; in its words there is a gap for the day."""
    said = [f"{id}={','.join([_generated(state), *state[2:]]).rstrip(',')}" for id, state in states.items()]
    return f"<!-- {words.replace('{day}', str(day))}: {' '.join([*marks, *said])} -->"


def _generated(state: State) -> str:
    """How a line was generated. A colon is what parts its sign from its day, so the time of a call has none."""
    return ":".join(filter(None, [LETTERS.get(state.sign), state.due.replace(":", "h")]))


def without(agenda: str) -> str:
    """A page without its last line, for a terminal."""
    return "".join(one for one in lines.split(agenda) if not _FOOTER.match(one)).rstrip() + "\n"
