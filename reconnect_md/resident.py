"""What a watcher does beside its passes: it tells of them, notifies the person, and runs the command of theirs."""

import logging
import sys
from pathlib import Path
from typing import Final

import pendulum
from pendulum import Date

from . import lock
from .journal import Journal, JsonLines, TextLines, Turn, log, work
from .notify import Daily, Hook
from .outlook import Frame
from .vault import Vault

NO_HOOKS: Final = (
    "on_change is not run, because whoever can write into a vault could run any program with it; "
    "if you wrote it yourself: reconnect watch --hooks"
)

MOST_LOGGED: Final = 1_000_000
"""Bytes of a log file; the one before it is kept, too."""


class Resident:
    """A watcher's company for one vault. Its log goes to stderr, or to a file where there is none (a service of
    Windows).
    """

    def __init__(self, vault: Vault, hooks: bool, log_format: str, verbose: bool) -> None:
        self.vault, self.hooks = vault, hooks
        self.journal, self.daily, self.hook = Journal(), Daily(vault.root), Hook()
        self.work, self.day, self.warned = "", Date.min, False
        lines = logging.StreamHandler(sys.stderr) if sys.stderr else _file(lock.place(vault.root, "log"))
        lines.setFormatter(JsonLines() if log_format == "json" else TextLines())
        log.addHandler(lines)
        log.propagate = False
        log.setLevel(logging.DEBUG if verbose else logging.INFO)

    def passed(self, turn: Turn) -> None:
        """After each pass."""
        self.journal.tell(turn)
        self.work, self.day = work(turn.made), turn.made.agenda.today
        command = turn.made.outlook.frame.settings.on_change
        if command and not self.hooks and not self.warned:
            self.warned = True
            log.warning("%s", NO_HOOKS, extra={"event": "hook"})
        if command and self.hooks and turn.made.page.differs:
            self.hook.start(command, self.vault.root / turn.made.path)

    def idle(self, frame: Frame) -> bool:
        """Between two passes. Whether a command is running that has to be looked at."""
        now = pendulum.now(frame.settings.timezone)
        if self.day == now.date() and self.daily.due(frame.settings.notify, now):
            self.daily.tell(now, self.work)
        return self.hook.look()


def _file(path: Path) -> logging.Handler:
    from logging.handlers import RotatingFileHandler

    path.parent.mkdir(parents=True, exist_ok=True)
    return RotatingFileHandler(path, maxBytes=MOST_LOGGED, backupCount=1, encoding="utf-8", errors="backslashreplace")
