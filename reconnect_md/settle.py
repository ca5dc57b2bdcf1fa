"""When a burst of changes is over: soon after one save, later while bytes keep moving."""

import queue
import time
from pathlib import Path
from typing import Final

from .events import Heard
from .stamps import Stamps

QUIET: Final = 0.1
"""Seconds without another change before a pass after one save."""

QUIET_FOR_MANY: Final = 0.5
"""The same while many files change: a pull, a checkout, a sync service."""

UNCLOSED: Final = 2.0
"""The same while a file that was written to is not closed yet."""

SHRUNK: Final = 5.0
"""The same while a file has lost more than half of what it held: it may be half of what it will be."""

LONGEST_SETTLE: Final = 10.0
"""Seconds after which a pass is made even if changes go on."""

LONGEST_GIT: Final = 30.0
"""The same while git rewrites the folder."""

STOP: Final = Heard("\0")
"""Stands for the wish to end among the changes."""


class Settling:
    """Waits for the end of bursts of changes below a folder. What never pauses is not waited for again."""

    def __init__(self, root: Path, heard: "queue.SimpleQueue[Heard]") -> None:
        self.root, self.heard = root.resolve(), heard
        self.noisy: set[str] = set()

    def settle(self, first: Heard, known: Stamps) -> bool:
        """Wait until the changes pause that begin with `first`. Whether the wish to end was among them."""
        start = last = time.monotonic()
        paths, moving = set[str](), set[str]()
        heard: Heard | None = first
        while True:
            now = time.monotonic()
            if heard == STOP:
                return True
            if heard:
                paths.add(heard.path)
                if heard.path not in self.noisy:
                    last = now
                if heard.moving is not None:
                    (moving.add if heard.moving else moving.discard)(heard.path)
            quiet = min(QUIET * (1 + len(paths) / 10), QUIET_FOR_MANY)
            if moving - self.noisy:
                quiet = UNCLOSED
            if self.shrunk(paths, known):
                quiet = SHRUNK
            git = self.git_works()
            end = start + (LONGEST_GIT if git else LONGEST_SETTLE)
            if now >= end:
                self.noisy |= paths if len(paths) < 10 else set()
                return False
            if now - last >= quiet and not git:
                return False
            try:
                heard = self.heard.get(timeout=max(0.01, min(end - now, QUIET if git else last + quiet - now)))
            except queue.Empty:
                heard = None

    def git_works(self) -> bool:
        """Whether git is rewriting the folder; a lock that was left behind says nothing."""
        try:
            since = (self.root / ".git" / "index.lock").stat().st_mtime
        except OSError:
            return False
        return 0 <= time.time() - since < LONGEST_GIT

    def shrunk(self, paths: set[str], known: Stamps) -> bool:
        """Whether a note that changed lost more than half of what it held."""
        for path in list(paths)[:10]:
            try:
                name = Path(path).relative_to(self.root).as_posix()
                before, now = known.get(name), Path(path).stat()
            except (OSError, ValueError):
                continue
            if before and now.st_size < before.size / 2:
                return True
        return False
