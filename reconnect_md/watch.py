"""Keep the agenda right: a pass at the start, after every change, and when the day changes.

An event only says that it is time to look: the pass itself compares contents, so our own writing causes no further one.
"""

import logging
import queue
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path, PurePath
from types import FrameType
from typing import Final

import pendulum
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from . import outlook, sync
from .errors import ChangedMeanwhile, Failure
from .vault import Vault

SETTLE: Final = 0.2
"""Seconds without another change before a pass: one save is often several events."""

LONGEST_SETTLE: Final = 2.0
"""Seconds after which a pass is made even if changes go on."""

LOOK_AT_CLOCK: Final = 30.0
"""Seconds between looks at the wall clock: a monotonic timer stops while the machine sleeps, midnight does not."""

TRY_AGAIN: Final = 2.0
"""Seconds until the next pass where another program kept a note from being written."""

STOP: Final = ""
"""Stands for the wish to end among the paths that changed."""

log = logging.getLogger("reconnect")


def concerns(path: str) -> bool:
    """Whether a change of this path can change the agenda: notes can, editors' own files and hidden ones cannot."""
    parts = PurePath(path).parts
    name = parts[-1] if parts else ""
    return name.lower().endswith(".md") and not any(part.startswith((".", "~", "#")) for part in parts)


class _Listener(FileSystemEventHandler):
    """Puts every path that may matter into a queue. It never raises: that would end the observer for good."""

    def __init__(self, root: Path, changed: "queue.SimpleQueue[str]") -> None:
        self.root, self.changed = str(root), changed

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in ("opened", "closed_no_write"):
            return
        for path in (event.src_path, event.dest_path):
            name = path.decode(errors="surrogateescape") if isinstance(path, bytes) else str(path)
            inside = name.removeprefix(self.root).lstrip("/\\")
            if inside and (
                concerns(inside) or (event.is_directory and event.event_type in ("moved", "deleted", "created"))
            ):
                self.changed.put(inside)


def watch(vault: Vault, passed: Callable[[sync.Pass], None]) -> None:
    """Run until Ctrl-C or SIGTERM; `passed` is told of every pass, the one in which that came among them.

    Failures are logged. Notes behind a linked folder are read by a pass, but their changes are not heard.
    """
    changed: queue.SimpleQueue[str] = queue.SimpleQueue()
    observer = Observer()
    # Some systems report real paths only, whatever was asked for.
    root = vault.root.resolve()
    observer.schedule(_Listener(root, changed), str(root), recursive=True)
    if threading.current_thread() is threading.main_thread():
        stop = _Stop(changed)
        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
    observer.start()
    try:
        day, finished = _pass(vault, passed)
        while True:
            try:
                first = changed.get(timeout=LOOK_AT_CLOCK if finished else TRY_AGAIN)
            except queue.Empty:
                if finished and _today(vault) == day:
                    continue
                log.info("a new day" if finished else "once more")
            else:
                if first == STOP or _settle(changed):
                    return
                log.debug("changed: %s", first)
            day, finished = _pass(vault, passed)
    finally:
        observer.stop()
        observer.join()


def _settle(changed: "queue.SimpleQueue[str]") -> bool:
    """Wait until the changes pause; whether it is time to stop."""
    end = time.monotonic() + LONGEST_SETTLE
    while time.monotonic() < end:
        try:
            if changed.get(timeout=SETTLE) == STOP:
                return True
        except queue.Empty:
            break
    return False


def _pass(vault: Vault, passed: Callable[[sync.Pass], None]) -> tuple[pendulum.Date | None, bool]:
    """One pass: the day it was made for, and whether it did all there was to do."""
    try:
        made = sync.run(vault)
    except ChangedMeanwhile as failure:
        log.warning("%s", failure)
        return _today(vault), False
    except (Failure, OSError) as failure:
        # The next change, or the next day, tries again.
        log.warning("%s", failure)
        return _today(vault), True
    passed(made)
    return made.outlook.today, all(found.code != "not-written" for found in made.problems)


def _today(vault: Vault) -> pendulum.Date | None:
    """The day now, by the settings' time zone."""
    try:
        return outlook.frame(vault).today
    except OSError:
        return None


class _Stop:
    """Ctrl-C and SIGTERM: the pass that is under way is finished. A second one ends it in its middle."""

    def __init__(self, changed: "queue.SimpleQueue[str]") -> None:
        self.changed, self.asked = changed, False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self.changed.put(STOP)
