"""What a watcher does beside its passes: it tells of them, notifies the person, and runs the command of theirs."""

import logging
import sys
from typing import Final

import pendulum

from .journal import Journal, JsonLines, work
from .notify import Daily, Hook
from .outlook import Frame
from .vault import Vault
from .watch import Turn, log

NO_HOOKS: Final = (
    "on_change is not run, because whoever can write into a vault could run any program with it; "
    "if you wrote it yourself: reconnect watch --hooks"
)


class Resident:
    """A watcher's company for one vault; its log goes to stderr."""

    def __init__(self, vault: Vault, hooks: bool, log_format: str, verbose: bool) -> None:
        self.vault, self.hooks = vault, hooks
        self.journal, self.daily, self.hook = Journal(), Daily(vault.root), Hook()
        self.work, self.warned = "", False
        lines = logging.StreamHandler(sys.stderr)
        text = logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S")
        lines.setFormatter(JsonLines() if log_format == "json" else text)
        log.addHandler(lines)
        log.propagate = False
        log.setLevel(logging.DEBUG if verbose else logging.INFO)

    def passed(self, turn: Turn) -> None:
        """After each pass."""
        self.journal.tell(turn)
        self.work = work(turn.made)
        command = turn.made.outlook.frame.settings.on_change
        if command and not self.hooks and not self.warned:
            self.warned = True
            log.warning("%s", NO_HOOKS, extra={"event": "hook"})
        if command and self.hooks and turn.made.page.differs:
            self.hook.start(command, self.vault.root / turn.made.path)

    def idle(self, frame: Frame) -> bool:
        """Between two passes. Whether a command is running that has to be looked at."""
        now = pendulum.now(frame.settings.timezone)
        if self.work and self.daily.due(frame.settings.notify, now):
            self.daily.tell(now, self.work)
        return self.hook.look()
