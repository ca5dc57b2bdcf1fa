"""A command that had nothing to do is remembered: while nothing changes, `answers` says the same at once."""

import sys
import time
from collections.abc import Collection, Iterator
from pathlib import Path

import pendulum
from pendulum import Date

from .. import answers, index, stamps
from ..answers import Answer, Rest
from ..looks import Look
from ..outlook import Frame
from ..reading import skipped
from ..vault import Vault
from .printing import said


class Remembering:
    """Begins with a command, and keeps in `look` what all files looked like when it read them."""

    def __init__(self, vault: Vault, every_note: bool = True) -> None:
        self.vault, self.look, self.start = vault, Look(every_note), time.time()

    def keep(self, frame: Frame, day: Date | None, code: int, notes: Collection[str] = ()) -> None:
        """Keep what was said, if nothing changed lately. It depends on the day, unless one was given; and on every note
        of the vault, or else on these `notes` and on what comes and goes in the folders.
        """
        root, chosen = self.vault.root.resolve(), frame.settings
        beside = [*stamps.beside(self.vault, frame, lambda name, error: None, day), *stamps.folders_beside(frame)]
        beside += _between(root)
        beside += filter(None, (chosen.calendar, chosen.overview))
        until = pendulum.now(chosen.timezone).end_of("day").timestamp()
        rest = Rest(self.start, until, str(root), beside)
        if day:
            rest = rest._replace(since=float("-inf"), until=float("inf"))
        if self.look.notes:
            rest = rest._replace(walked=chosen.interviews, skip=sorted(skipped(self.vault, chosen)))
            self.look.see_all(str(root), beside)
        else:
            rest = rest._replace(files=[*self.look.folders, *sorted(notes), *beside])
            self.look = rest.look()
        if self.look.newest / 1e9 < self.start - index.RACY:
            answers.keep(sys.argv[1:], rest, self.look, Answer(said, code))


def _between(root: Path) -> Iterator[str]:
    """The folders above which the vault was found: there may be a nearer one some day."""
    for start in (Path.cwd(), *map(Path, sys.argv[1:])):
        inner = start.resolve()
        while inner != root and inner.is_relative_to(root):
            yield inner.relative_to(root).as_posix()
            inner = inner.parent
