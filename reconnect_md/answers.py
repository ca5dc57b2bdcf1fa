"""What a command said when there was nothing to do, to be said again while nothing has changed.

An answer holds for one command line, until the day is over, while the program is the same and everything that was
looked at looks as it did. It is in the user's cache folder, one file each, and may be deleted at any time; one that
cannot be used is as good as none. This is all that a command loads when it is asked again, so nothing is imported that
takes time.
"""

import contextlib
import marshal
import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from . import cached
from .digests import digest
from .looks import Look

KEPT: Final = 40
"""So many answers are kept; the oldest go first."""

_FORM: Final = b"reconnect answer 1\n"
_OF_THE_ENVIRONMENT: Final = (
    "TERM", "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE", "COLUMNS",
    "TZ", "PYTHONTZPATH",
)  # fmt: skip
"""Variables that say what a terminal can do and how wide it is, in which zone it is, and where zones are found."""

_PACKAGE: Final = os.path.dirname(__file__)


class Basis(NamedTuple):
    """What an answer depends on: a day (seconds of the wall clock, from and until), the files of a vault that were
    looked at, and, where every note counts, the folder that was walked and what was left out there.
    """

    since: float
    until: float
    root: str
    files: list[str]
    walked: str | None = None
    skip: Sequence[str] = ()

    def look(self) -> Look:
        """How everything looks now. Raises `OSError`."""
        look = Look()
        look.see_all(self.root, self.files)
        if self.walked is not None:
            from . import forked, listing

            walk = partial(listing.folders, self.root, self.walked, self.skip)
            look.add(forked.in_two(walk, partial(listing.see, look), listing.seen, by=marshal))
        return look


class Answer(NamedTuple):
    """What was printed, piece by piece, each to stdout (1) or stderr (2); and the exit code."""

    said: Sequence[tuple[int, str]]
    code: int


def given(words: Sequence[str]) -> Answer | None:
    """The answer to a command line, if there is one and it still holds."""
    with contextlib.suppress(Exception):  # whatever a damaged file brings about
        if data := cached.load(place(words), _FORM):
            basis, looked, *answer = marshal.loads(data)
            basis = Basis(*basis)
            if basis.since <= time.time() < basis.until and basis.look().sum == looked:
                return Answer(*answer)
    return None


def keep(file: str, basis: Basis, look: Look, answer: Answer) -> None:
    """Remember the answer that has its place there, and how everything looked; where that is not possible it is not
    remembered.
    """
    facts: Any = (tuple(basis), look.sum, *answer)
    from pathlib import Path

    with contextlib.suppress(OSError):
        cached.keep(file, _FORM, lambda out: marshal.dump(facts, out))
        for old in sorted(Path(file).parent.iterdir(), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)


def place(words: Sequence[str]) -> str:
    """The file for the answer to a command line: in this folder, of this person, on this terminal, given by this
    program. Empty where there can be none: the folder may be gone.
    """
    with contextlib.suppress(OSError):
        where = os.getcwd(), os.path.realpath(os.path.expanduser("~")), [*map(_named, words)]
        terminal = [bool(one and one.isatty()) for one in (sys.stdout, sys.stderr)], [*map(_width, range(3))]
        around = [*map(os.environ.get, _OF_THE_ENVIRONMENT)], time.tzname, sys.version
        key = repr((list(words), where, terminal, around, _program()))
        return f"{cached.folder()}/answers/{digest(key).hex()}"
    return ""


def _named(word: str) -> tuple[str, bool] | None:
    """What a word names, if that is there: a link leads elsewhere one day, and what is a folder is looked into."""
    return (os.path.realpath(word), os.path.isdir(word)) if os.path.exists(word) else None


def _width(stream: int) -> int:
    """The columns of the terminal that is its input, its output or there for its errors; 0 if that is none."""
    try:
        return os.get_terminal_size(stream).columns
    except OSError:
        return 0


def _program() -> list[tuple[str, int]]:
    """The times of all files of the program, and of the folders in which the libraries are."""
    found = [(path, os.stat(path).st_mtime_ns) for path in sys.path if os.path.isdir(path)]
    for folder in (_PACKAGE, f"{_PACKAGE}/../templates"):
        for above, _, files in os.walk(folder):
            ours = sorted(file for file in files if file.endswith((".py", ".md")))  # not what Python compiles
            found += [(file, os.stat(f"{above}/{file}").st_mtime_ns) for file in ours]
    return found
