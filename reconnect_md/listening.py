"""Whether the system tells of changes in a vault, and whether it is relied upon for that.

Looks at the files find what it did not tell of. Where that happens again and again (network drives, more folders than a
system may watch) the files are looked at all the time instead; listening goes on, and is relied upon again when nothing
was missed for an hour.
"""

import logging
import queue
import time
from collections.abc import Collection
from pathlib import Path
from typing import Final

from .events import TELLS_CLOSED, Events, Heard

GIVE_UP: Final = 2
"""So many looks within an hour may find what the system did not tell of; after that it is not relied upon."""

FORGET: Final = 3600.0
"""Seconds after which a missed change counts no more."""

LATE: Final = 1.0
"""Seconds by which the system may tell later than a look finds."""

TRY_AGAIN: Final = 60.0
"""Seconds until listening is tried again where it failed."""

log = logging.getLogger("reconnect")


class Listening:
    """Listens to a vault's root, and to folders elsewhere that links in it lead to; `poll`: not at all."""

    def __init__(self, root: Path, heard: "queue.SimpleQueue[Heard]", poll: bool) -> None:
        self.root, self.heard, self.poll = root.resolve(), heard, poll
        self.linked: list[Path] = []
        self.events: Events | None = None
        self.missed: list[float] = []
        self.try_again = 0.0
        self.warned = False

    @property
    def folders(self) -> list[Path]:
        """What there is to listen to."""
        return [self.root, *(folder for folder in self.linked if folder.is_dir())]

    @property
    def polls(self) -> bool:
        """Whether the files have to be looked at all the time."""
        self.missed = [then for then in self.missed if time.monotonic() - then < FORGET]
        return self.poll or self.events is None or len(self.missed) >= GIVE_UP

    @property
    def is_blind(self) -> bool:
        """Whether nobody tells when a file that was written is closed."""
        return self.polls or not TELLS_CLOSED

    def renewed(self) -> bool:
        """Listen anew if that is needed. Whether changes may have been lost until then."""
        right = self.events and self.events.listening() and [*self.events.identities] == self.folders
        if self.poll or right or not self.root.is_dir() or (not self.events and time.monotonic() < self.try_again):
            return False
        return self.listen()

    def listen(self) -> bool:
        """Listen to all folders; whether the system does."""
        if self.poll:
            return False
        anew = self.events is not None
        self.stop()
        try:
            self.events = Events(self.folders, self.heard)
        except Exception as error:  # macOS's own raises SystemError
            self.try_again = time.monotonic() + TRY_AGAIN
            self.warn(f"the system does not tell of changes here ({error})")
            return False
        if anew:
            log.info("listening anew", extra={"event": "listen"})
        return True

    def stop(self) -> None:
        """Listen no more."""
        if self.events:
            self.events.stop()
        self.events = None

    def miss(self, names: Collection[str]) -> None:
        """A look found changes of these files. Was the system just late, or does it not tell of them at all?"""
        if self.poll or not self.events:
            return
        try:
            self.heard.put(self.heard.get(timeout=0.0 if self.polls else LATE))
            return
        except queue.Empty:
            self.missed.append(time.monotonic())
        named = sorted(names)[:100]
        said = {"event": "unheard", "changed": named}
        level = logging.DEBUG if len(self.missed) > GIVE_UP else logging.INFO
        log.log(level, "%d changes were not told by the system, such as %s", len(names), named[0], extra=said)
        if len(self.missed) < GIVE_UP:
            self.listen()
        elif len(self.missed) == GIVE_UP:
            self.warn("the system does not tell of all changes in this folder")

    def warn(self, why: str) -> None:
        """Say once that it is not relied upon."""
        if not self.warned:
            words = "%s, so its files are looked at all the time instead (a network drive, or too many folders?)"
            log.warning(words, why, extra={"event": "polling"})
        self.warned = True
