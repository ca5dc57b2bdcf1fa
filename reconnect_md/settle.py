"""When a burst of changes is over: soon after one save, later while bytes keep moving."""

import contextlib
import queue
import time
from pathlib import Path
from typing import Final

from .events import Heard
from .looks import Stamps

QUIET: Final = 0.1
"""Seconds without another change before a pass after one save."""

QUIET_FOR_MANY: Final = 0.5
"""The same while many files change (a pull, a checkout, a sync service), and where nobody tells of a file's closing."""

UNCLOSED: Final = 2.0
"""The same while a file that was written to is not closed yet."""

SHRUNK: Final = 5.0
"""The same while a file has lost more than half of what it held, or any of it and is not closed yet: it may be half of
what it will be.
"""

NOISY: Final = 2.0
"""Seconds from one pass to the next where what changes never pauses."""

OFTEN: Final = 8
"""A file for which so many passes were made within `LONGEST_SETTLE` does not pause, but for moments: no person does."""

MOST_LOOKED_AT: Final = 20
"""Files of a burst that are looked at themselves; among more, each one counts less."""

LONGEST_SETTLE: Final = 10.0
"""Seconds after which a pass is made even if changes go on."""

LONGEST_GIT: Final = 30.0
"""The same while git rewrites the folder."""

STOP: Final = Heard("\0")
"""Stands for the wish to end among the changes."""


class Settling:
    """Waits for the end of bursts of changes below a folder; `paths` are those of the last one.

    What never pauses is not waited for again, until it has paused for `LONGEST_SETTLE`.
    """

    def __init__(self, root: Path, heard: "queue.SimpleQueue[Heard]") -> None:
        self.root, self.heard = root.resolve(), heard
        self.noisy: dict[str, float] = {}
        self.paths: set[str] = set()
        self.passes: list[tuple[float, list[str]]] = []

    def settle(self, first: Heard, known: Stamps, blind: bool = False) -> bool:
        """Wait until the changes pause that begin with `first`. Whether the wish to end was among them.

        `known` are the stamps of the last look. `blind`: nobody tells when a file that was written is closed.
        """
        start = last = over = time.monotonic()
        end = start + LONGEST_SETTLE
        self.paths = paths = set[str]()
        moving = set[str]()
        seen: dict[str, tuple[int, int] | None] = {}
        heard: Heard | None = first
        while heard != STOP:
            now = time.monotonic()
            if heard:
                paths.add(heard.path)
                if self.noisy.get(heard.path, 0.0) > now - LONGEST_SETTLE:
                    self.noisy[heard.path] = now
                else:
                    self.noisy.pop(heard.path, None)
                    last = now
                if heard.moving is not None:
                    (moving.add if heard.moving else moving.discard)(heard.path)
            if heard and now < last + QUIET:
                over = last + QUIET  # a closer look only in a pause: there are bursts of a hundred thousand changes
            else:
                last = now if self.differ(paths, seen) else last
                over = last + self.quiet(paths, moving, known, blind)
            if paths <= self.noisy.keys():
                over = end = start + NOISY
            if now >= min(over, end):
                if not self.git_works() or now >= start + LONGEST_GIT:
                    self.noisy |= dict.fromkeys(paths, now) if now >= end and len(paths) < MOST_LOOKED_AT else {}
                    return False
                over = now + QUIET
                end = max(end, over)
            try:
                heard = self.heard.get(timeout=max(0.01, min(over, end) - now))
            except queue.Empty:
                heard = None
        return True

    def passed(self, changed: list[str]) -> None:
        """A pass is made for these notes."""
        now = time.monotonic()
        self.passes = [one for one in self.passes if one[0] > now - LONGEST_SETTLE] + [(now, changed)]
        for name in changed[:MOST_LOOKED_AT]:
            if sum(name in names for _, names in self.passes) >= OFTEN:
                self.noisy[str(self.root / name)] = now

    def quiet(self, paths: set[str], moving: set[str], known: Stamps, blind: bool) -> float:
        """Seconds without another change after which the burst is over."""
        if self.shrunk(paths, known, 0.5) or self.shrunk(moving - self.noisy.keys(), known, 1.0):
            return SHRUNK
        if moving - self.noisy.keys():
            return UNCLOSED
        lately = (names for then, names in self.passes if then > time.monotonic() - LONGEST_SETTLE)
        if len(paths) >= MOST_LOOKED_AT and any(len(names) >= MOST_LOOKED_AT for names in lately):
            return NOISY  # a pull or a copy that goes on after a moment
        return QUIET_FOR_MANY if blind else min(QUIET * (1 + len(paths) / 10), QUIET_FOR_MANY)

    def differ(self, paths: set[str], seen: dict[str, tuple[int, int] | None]) -> bool:
        """Whether files that were looked at before are not as they were; `seen` is how they are now."""
        before = dict(seen)
        for path in [*filter(None, paths - self.noisy.keys())][:MOST_LOOKED_AT]:
            seen[path] = _look(path)
        return any(seen[path] != then for path, then in before.items())

    def git_works(self) -> bool:
        """Whether git is rewriting the folder, or one above it; a lock that was left behind says nothing."""
        for folder in (self.root, *self.root.parents):
            with contextlib.suppress(OSError):
                since = (folder / ".git" / "index.lock").stat().st_mtime
                return 0 <= time.time() - since < LONGEST_GIT
        return False

    def shrunk(self, paths: set[str], known: Stamps, share: float) -> bool:
        """Whether a note that changed holds less than this share of what it held."""
        for path in list(paths)[:MOST_LOOKED_AT]:
            now = _look(path)
            if now and Path(path).is_relative_to(self.root):
                before = known.get(Path(path).relative_to(self.root).as_posix())
                if before and now[1] < before.size * share:
                    return True
        return False


def _look(path: str) -> tuple[int, int] | None:
    """The time and size of a file, if there is one."""
    try:
        found = Path(path).stat()
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size
