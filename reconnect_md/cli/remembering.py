"""A command that had nothing to do is remembered: while nothing changes, `answers` says the same at once."""

import os
import sys
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

import pendulum
from pendulum import Date

from .. import answers, index, settings, stamps
from ..answers import Answer, Basis
from ..looks import Look
from ..outlook import Frame
from ..reading import skipped
from ..vault import Vault, is_marked
from .printing import said

_OF_THE_ZONE: Final = ("timezone", "localtime", "sysconfig/clock", "conf.d/clock")
"""Files in `/etc` in which systems have the name of their time zone."""


class Remembering:
    """Begins with a command, before that looks for its vault; what files look like when they are read goes into `look`:
    of every note, or only which folders there are.
    """

    def __init__(self, every_note: bool = True) -> None:
        self.look, self.start, self.place = Look(every_note), time.time(), answers.place(sys.argv[1:])

    def keep(self, vault: Vault, frame: Frame, day: Date | None, code: int) -> None:
        """Keep what was said, which depends on every note of the vault; and on today, unless a day was given."""
        basis = self._basis(vault, frame, day)._replace(
            walked=frame.settings.interviews, skip=sorted(skipped(vault, frame.settings))
        )
        self.look.see_all(basis.root, basis.files)
        self._keep(basis, self.look, code)

    def keep_of(self, notes: Collection[str], vault: Vault, frame: Frame, day: Date | None, code: int) -> None:
        """The same of what depends on these notes only, and on what comes and goes in the folders."""
        basis = self._basis(vault, frame, day, [*self.look.folders, *sorted(notes)])
        self._keep(basis, basis.look(), code)

    def _basis(self, vault: Vault, frame: Frame, day: Date | None, more: Iterable[str] = ()) -> Basis:
        """What an answer depends on beside the notes, and those that are named."""
        root, until = vault.root.resolve(), pendulum.from_timestamp(self.start, frame.settings.timezone).end_of("day")
        wrong = list[str]()
        there = [*stamps.beside(vault, frame, lambda name, error: wrong.append(name), day)]
        there += filter(None, (frame.settings.calendar, frame.settings.overview))
        files = *more, *there, *wrong, *stamps.folders_beside(vault, frame, there), *_marks(root), *_zone(root)
        since, end = (float("-inf"), float("inf")) if day else (self.start, until.timestamp())
        return Basis(since, end, str(root), [*dict.fromkeys(files)])

    def _keep(self, basis: Basis, look: Look, code: int) -> None:
        """Unless something changed lately, or the command line leads to something else by now."""
        is_same = self.place and self.place == answers.place(sys.argv[1:])
        if is_same and look.newest / 1e9 < self.start - index.RACY:
            answers.keep(self.place, basis, look, Answer(said, code))


def _marks(root: Path) -> Iterator[str]:
    """What would make another folder the vault: one nearer to where this one was found from, or above it, if this one
    has no mark itself.
    """
    words = (one for word in (".", *sys.argv[1:]) for one in (word, Path(word).parent))
    starts = {Path(os.path.realpath(one)) for one in words}
    nearer = {one for start in starts for one in (start, *start.parents) if root in one.parents}
    above = [] if is_marked(root) else ["../" * number for number, _ in enumerate(root.parents, 1)]
    for folder in (*(f"{one.relative_to(root).as_posix()}/" for one in sorted(nearer)), *above):
        yield from (f"{folder}{settings.FILE}", f"{folder}.obsidian")


def _zone(root: Path) -> Iterator[str]:
    """What says in which zone the days of this system are."""
    return (f"{'../' * len(root.parents)}etc/{file}" for file in _OF_THE_ZONE)
