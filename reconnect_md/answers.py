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
from collections.abc import Collection, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, NamedTuple

from . import listing

KEPT: Final = 40
"""So many answers are kept; the oldest go first."""

_FORM: Final = b"reconnect answer 1\n"
_PACKAGE: Final = Path(__file__).parent


class Rest(NamedTuple):
    """What an answer depends on: a day (seconds of the wall clock, from and until), the files of a vault that were
    looked at, and, where every note counts, the folder that was walked and what was left out there.
    """

    since: float
    until: float
    root: str
    files: Sequence[str]
    walked: str | None = None
    skip: Collection[str] = ()

    def look(self) -> listing.Look:
        """How everything looks now. Raises `OSError`."""
        look = listing.Look()
        if self.walked is not None:
            for one in listing.notes(self.root, self.walked, self.skip, look=look):
                look.see(one.name, one.seen)
        look.see_all(self.root, self.files)
        return look


class Answer(NamedTuple):
    """What was printed, piece by piece, each to stdout (1) or stderr (2); and the exit code."""

    said: Sequence[tuple[int, str]]
    code: int


def given(words: Sequence[str]) -> Answer | None:
    """The answer to a command line, if there is one and it still holds."""
    with contextlib.suppress(Exception):  # whatever a damaged file brings about
        whole = _file(words).read_bytes()
        digest, data = whole[len(_FORM) : len(_FORM) + 16], whole[len(_FORM) + 16 :]
        if whole.startswith(_FORM) and blake2b(data, digest_size=16).digest() == digest:
            rest, looked, *answer = marshal.loads(data)
            rest = Rest(*rest)
            if rest.since <= time.time() < rest.until and rest.look().digest == looked:
                return Answer(*answer)
    return None


def keep(words: Sequence[str], rest: Rest, look: listing.Look, answer: Answer) -> None:
    """Remember an answer, and how everything looked; where that is not possible it is not remembered."""
    facts: Any = tuple(rest._replace(skip=list(rest.skip), files=list(rest.files)))
    data = marshal.dumps((facts, look.digest, list(answer.said), answer.code))
    file = _file(words)
    new = file.with_name(f"{file.name}.{os.urandom(4).hex()}")
    with contextlib.suppress(OSError, ValueError):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            new.write_bytes(_FORM + blake2b(data, digest_size=16).digest() + data)
            new.replace(file)
        finally:
            new.unlink(missing_ok=True)
        for old in sorted(file.parent.iterdir(), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink(missing_ok=True)


def _file(words: Sequence[str]) -> Path:
    """Where the answer to a command line is: in this folder, on this terminal, given by this program."""
    from platformdirs import user_cache_path

    around = os.environ.get("NO_COLOR"), os.environ.get("TZ"), time.tzname, sys.version
    place = Path.cwd(), sys.stdout.isatty(), sys.stderr.isatty()
    key = repr((list(words), place, around, _program()))
    name = blake2b(key.encode(errors="surrogateescape"), digest_size=16).hexdigest()
    return user_cache_path("reconnect", appauthor=False) / "answers" / name


def _program() -> list[tuple[str, int]]:
    """The times of all files of the program, and of the folders in which the libraries are."""
    found = [(path, os.stat(path).st_mtime_ns) for path in sys.path if os.path.isdir(path)]
    for folder in (_PACKAGE, _PACKAGE.parent / "templates"):
        for above, _, files in os.walk(folder):
            found += [(file, os.stat(f"{above}/{file}").st_mtime_ns) for file in sorted(files) if file[-1:] in "ydm"]
    return found
