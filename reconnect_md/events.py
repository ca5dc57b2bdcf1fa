"""What the system tells of changes below some folders. It may lose any of them, so `watch` looks for itself, too.

watchdog's event types lie (an editor's save is any of a dozen sequences), so all that is taken from an event is its
path, and whether bytes of it may still be moving.
"""

import contextlib
import logging
import queue
import sys
import threading
import warnings
from collections.abc import Collection
from pathlib import Path, PurePath
from typing import Final, NamedTuple

from watchdog import events
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

TELLS_CLOSED: Final = sys.platform.startswith("linux")
"""Whether the system tells when a file that was written is closed: inotify does, the others do not."""

PAIRING: Final = 0.05
"""Seconds for which watchdog holds back a move out of a folder, and all that comes after it. With its own half a second
the next save would be heard that much later.
"""

log = logging.getLogger("reconnect")
logging.getLogger("watchdog").addHandler(logging.NullHandler())  # what it says while it is taken down is no news
warnings.filterwarnings("ignore", category=RuntimeWarning, module="watchdog")

_TOLD: Final[list[type[FileSystemEvent]]] = [
    *(events.FileCreatedEvent, events.FileModifiedEvent, events.FileClosedEvent),
    *(events.FileMovedEvent, events.FileDeletedEvent),
    *(events.DirCreatedEvent, events.DirMovedEvent, events.DirDeletedEvent),
]
"""What the system is asked to tell of. Not of what is only opened and read: our own looks would wake us up by that."""

_MOVING: Final = {"modified": True, "closed": False, "moved": False, "deleted": False}


class Heard(NamedTuple):
    """A change. `moving`: the file was written and not closed yet; None: that is not told. An empty path is any."""

    path: str
    moving: bool | None = None


def concerns(path: str) -> bool:
    """Whether a change of this path can change the agenda: notes can, hidden files and editors' own cannot."""
    return path.lower().endswith(".md") and not _is_hidden(path)


def _is_hidden(path: str) -> bool:
    """As `Vault.notes` leaves them out."""
    return any(part.startswith(".") for part in PurePath(path).parts)


class _Listener(FileSystemEventHandler):
    """Puts what may matter into a queue. It never raises: that would end the observer for good."""

    def __init__(self, root: Path, heard: "queue.SimpleQueue[Heard]") -> None:
        self.root, self.heard = str(root), heard

    def on_any_event(self, event: FileSystemEvent) -> None:
        try:
            self.tell(event)
        except Exception:
            self.heard.put(Heard(""))

    def tell(self, event: FileSystemEvent) -> None:
        kind = event.event_type
        for path in filter(None, (event.src_path, event.dest_path)):
            name = path.decode(errors="surrogateescape") if isinstance(path, bytes) else str(path)
            inside = name.removeprefix(self.root).lstrip("/\\")
            folder = event.is_directory and kind in ("moved", "deleted", "created") and not _is_hidden(inside)
            if (not inside and kind == "deleted") or (inside and (folder or concerns(inside))):
                self.heard.put(Heard(name, _MOVING.get(kind) if TELLS_CLOSED and not folder else None))


class _Warnings(logging.Handler):
    """watchdog only logs that it lost events; then anything may have changed."""

    def __init__(self, heard: "queue.SimpleQueue[Heard]") -> None:
        super().__init__(logging.WARNING)
        self.heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.put(Heard(""))


class Events:
    """Listens to folders until it is stopped. Raises `OSError` if the system cannot listen (any more)."""

    def __init__(self, folders: Collection[Path], heard: "queue.SimpleQueue[Heard]") -> None:
        with contextlib.suppress(ImportError):
            from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

            InotifyMoveEventGrouper.delay = PAIRING
        self.heard, self.warnings = heard, _Warnings(heard)
        self.identities = {folder: _identity(folder) for folder in folders}
        others = set(threading.enumerate())
        self.observer = Observer()
        logger = logging.getLogger("watchdog")
        logger.addHandler(self.warnings)
        logger.propagate = False
        threading.excepthook = self._died
        try:
            for folder in folders:
                self.observer.schedule(_Listener(folder, heard), str(folder), recursive=True, event_filter=_TOLD)
            self.observer.start()
        except BaseException:
            self.stop()  # what was started already would go on for ever
            raise
        # All of them, because any of watchdog's threads may end while the others live on.
        self.threads = set(threading.enumerate()) - others

    def _died(self, thread: threading.ExceptHookArgs) -> None:
        """A thread of watchdog's ended by an exception: that is seen at once, not by the next look."""
        if thread.exc_value:
            error = (thread.exc_type, thread.exc_value, thread.exc_traceback)
            log.debug("a thread that listens has ended", exc_info=error, extra={"event": "listen"})
        self.heard.put(Heard(""))

    def listening(self) -> bool:
        """Whether every thread lives, and every folder is still the one that was there."""
        return all(thread.is_alive() for thread in self.threads) and all(
            _identity(folder) == identity for folder, identity in self.identities.items()
        )

    def stop(self) -> None:
        """Listen no more."""
        logging.getLogger("watchdog").removeHandler(self.warnings)
        threading.excepthook = threading.__excepthook__
        with contextlib.suppress(KeyError):  # of its own books, after a thread of it has died
            self.observer.stop()
        with contextlib.suppress(RuntimeError):  # it never started
            self.observer.join(timeout=5)


def _identity(folder: Path) -> tuple[int, int] | None:
    with contextlib.suppress(OSError):
        found = folder.stat()
        return found.st_dev, found.st_ino
    return None
