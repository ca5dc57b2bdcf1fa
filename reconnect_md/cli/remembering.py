"""A command that had nothing to do is remembered: while nothing changes, `answers` says the same at once."""

import sys
import time
from collections.abc import Collection

import pendulum
from pendulum import Date

from .. import answers, index, stamps
from ..answers import Answer, Rest
from ..listing import Look
from ..outlook import Frame
from ..reading import skipped
from ..vault import Vault
from .printing import said


class Remembering:
    """Begins with a command, and keeps in `look` what all files looked like when it read them."""

    def __init__(self, vault: Vault) -> None:
        self.vault, self.look, self.start = vault, Look(), time.time()

    def keep(self, frame: Frame, day: Date | None, code: int, notes: Collection[str] | None = None) -> None:
        """Keep what was said, if nothing changed lately. It depends on the day, unless one was given; and on every note
        of the vault, or, where that is enough, on these and on what comes and goes in the folders.
        """
        root, chosen = self.vault.root.resolve(), frame.settings
        beside = [*stamps.beside(self.vault, frame, lambda name, error: None), *stamps.folders_beside(frame)]
        until = pendulum.now(chosen.timezone).end_of("day").timestamp()
        rest = Rest(self.start, until, str(root), beside)
        if day:
            rest = rest._replace(since=float("-inf"), until=float("inf"))
        if notes is None:
            rest = rest._replace(walked=chosen.interviews, skip=sorted(skipped(self.vault, chosen)))
            self.look.see_all(str(root), beside)
        else:
            rest = rest._replace(files=[*self.look.folders, *sorted(notes), *beside])
            self.look = rest.look()
        if self.look.newest < self.start - index.RACY:
            answers.keep(sys.argv[1:], rest, self.look, Answer(said, code))
