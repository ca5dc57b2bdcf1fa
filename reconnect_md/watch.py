"""Keep the agenda right: a pass at the start, after every change, and when the day changes.

Events only say that it is time to look. What has changed is decided by stamps of the files, which are looked at every
minute anyway: so nothing that a system fails to tell is missed for longer, and our own writing causes no further pass.
"""

import contextlib
import logging
import os
import queue
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from types import FrameType
from typing import Final, NamedTuple

from pendulum import Date

from . import lock, outlook, stamps, swap, sync
from .errors import ChangedMeanwhile, Failure, Unsettled
from .events import Heard, concerns
from .listening import Listening
from .outlook import Frame
from .settle import MOST_LOOKED_AT, STOP, Settling
from .stamps import Stamps
from .sync import LONGEST_SAVE
from .vault import Vault

LOOK_AT_CLOCK: Final = 30.0
"""Seconds between looks at the wall clock: a monotonic timer stops while the machine sleeps, midnight does not."""

POLL: Final = 2.0
"""Seconds between looks at the files where the system does not tell of changes."""

SHARE: Final = 20
"""A look may take this part of the time at the most: where it takes a second, they are 20 seconds apart."""

TRY_AGAIN: Final = 2.0
"""Seconds until the next pass where another program kept a note from being written."""

STILL_SAVED: Final = 0.5
"""Seconds until the next pass where a note is being saved."""

AFTER_FAILURE: Final = 60.0
"""Seconds until the next pass after one that failed, if nothing changes before."""

LONGER: Final = 1.5
"""What goes on failing is tried again after so many times the pause before, up to `AFTER_FAILURE`."""

ASLEEP: Final = 5.0
"""Seconds by which the wall clock is ahead of the other one, or behind, after sleep or when it was set."""

QUARREL: Final = 60.0
"""Seconds within which the same agenda, replaced again and again by the same, shows that another one writes it."""

MOST_REWRITTEN: Final = 5
"""So many times, after which the other's stands."""

OTHER_AGENDA: Final = (
    "is written by another device or program, and differently: other settings, time zone or version? "
    "Theirs stands until a note changes; `reconnect doctor` on both shows the difference"
)

SLICE: Final = 1.0 if os.name == "nt" else LOOK_AT_CLOCK
"""Seconds of waiting at a time: Windows lets nothing interrupt it, not even Ctrl-C."""

log = logging.getLogger("reconnect")


class Turn(NamedTuple):
    """One pass of a watcher: why it was made (a reason, or paths that changed), what it made, how long it took."""

    why: str
    changed: list[str]
    made: sync.Pass
    seconds: float


def watch(vault: Vault, passed: Callable[[Turn], None], idle: Callable[[Frame], bool], poll: bool = False) -> None:
    """Run until Ctrl-C or SIGTERM; `passed` is told of every pass, the one in which that came among them.

    `idle` is called after each look, with what is in force, and says whether it wants to be called again in a second.
    `poll`: do not rely on the system. Failures are logged, and tried again. Raises `Watched` if another process does
    this.
    """
    heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
    if threading.current_thread() is threading.main_thread():
        stop = _Stop(heard)
        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGTERM, stop)
    with lock.watching(vault.root):
        log.info("watching %s; Ctrl-C ends it", vault.root.resolve(), extra={"event": "watching"})
        _Watcher(vault, passed, idle, poll, heard).run()


class _Watcher:
    """What a watcher knows. All times are of the monotonic clock, unless they say otherwise."""

    def __init__(
        self,
        vault: Vault,
        passed: Callable[[Turn], None],
        idle: Callable[[Frame], bool],
        poll: bool,
        heard: "queue.SimpleQueue[Heard]",
    ) -> None:
        self.vault, self.passed, self.idle, self.heard = vault, passed, idle, heard
        self.listening = Listening(vault.root, heard, poll)
        self.settling = Settling(vault.root, heard)
        self.frame: Frame | None = None
        self.day: Date | None = None
        self.known: Stamps = {}
        self.before: Stamps = {}
        self.again = self.next_look = self.pause = self.unsettled = 0.0
        self.complaint = ""
        self.rewritten: list[tuple[float, bytes, bytes]] = []
        self.theirs = b""
        self.clocks = (time.monotonic(), time.time())

    def run(self) -> None:
        try:
            self.listening.listen()
            with self.attempt():
                self.turn("start", [], self.seen())
            while (heard := self.wait()) is not None:
                with self.attempt():
                    self.look(heard)
        finally:
            self.listening.stop()

    # --- waiting -----------------------------------------------------------------------------------------

    def wait(self) -> bool | None:
        """Wait for something to look at, at the longest until the clock has to be looked at.

        Returns whether changes were heard, and None to stop.
        """
        wanted = False
        with self.attempt():
            wanted = self.idle(self.frame) if self.frame else False
        latest = time.monotonic() + (1.0 if wanted else LOOK_AT_CLOCK)
        end = min(latest, self.again or latest, self.next_look or latest)
        while True:
            left = max(end - time.monotonic(), 0.0)
            try:
                first = self.heard.get(timeout=min(left, SLICE))
            except queue.Empty:
                if left <= SLICE:
                    return False
                continue
            stop = first == STOP or self.settling.settle(first, self.known, self.listening.is_blind)
            return None if stop else True

    # --- looking -----------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """What fails within is said and tried again. Nothing ends a watcher but the wish to end it."""
        try:
            yield
        except Unsettled:
            log.debug("a note is being saved", extra={"event": "unsettled"})
            self.unsettled = self.unsettled or time.monotonic()
            self.try_again(STILL_SAVED)
        except ChangedMeanwhile as failure:
            self.complain(str(failure))
            self.try_again(TRY_AGAIN)
        except (Failure, OSError) as failure:
            self.complain(str(failure))
            self.again = time.monotonic() + (AFTER_FAILURE if self.is_there() else POLL)
        except Exception as error:
            log.debug("", exc_info=True)
            self.complain(f"a pass failed with {type(error).__name__}; see what `reconnect agenda` says of it")
            self.again = time.monotonic() + AFTER_FAILURE

    def complain(self, complaint: str) -> None:
        """Say once what is wrong."""
        if complaint != self.complaint:
            log.warning("%s", complaint, extra={"event": "failed"})
        self.complaint = complaint

    def try_again(self, seconds: float) -> None:
        """Make another pass after that time; each time it does not help, after a longer one."""
        self.pause = min(max(seconds, self.pause * LONGER), AFTER_FAILURE)
        self.again = time.monotonic() + self.pause

    def is_there(self) -> bool:
        """Whether there is a vault, and not just the empty folder in which one is mounted."""
        try:
            inside = (one for one in self.vault.root.iterdir() if not one.name.startswith("."))
            return self.vault.root.is_dir() and (not self.known or any(inside))
        except OSError:
            return False

    def look(self, heard: bool) -> None:
        """See whether anything has changed, and make a pass if it has."""
        woke, lost = self.clock_moved(), self.listening.renewed()
        new_day = self.frame is not None and self.frame.today != self.day
        again = bool(self.again) and time.monotonic() >= self.again
        if not (heard or woke or lost or new_day or again or time.monotonic() >= self.next_look):
            return
        self.next_look = time.monotonic() + POLL  # what fails below must not be due again at once
        self.pause = 0.0 if heard else self.pause
        if not self.is_there():
            self.complain(f"{self.vault.root} is not there, or empty; waiting for it")
            self.again = time.monotonic() + POLL
            return
        now = self.seen()
        changed = stamps.changed(self.known, now)
        if self.is_theirs(changed):
            self.known, changed = now, []
        if changed and not heard:
            if not (woke or lost or new_day or self.again):
                self.not_told(now)
            # From here on what a look found is as if it had been told: it may be half of what it will be.
            for name in changed[:MOST_LOOKED_AT]:
                self.heard.put(Heard(str(self.settling.root / name)))
            return
        if not heard:
            self.settling.noisy.clear()
        if changed or new_day or again:
            self.turn("a new day" if new_day else "once more" if again and not changed else "", changed, now)

    def not_told(self, now: Stamps) -> None:
        """A look found changes of which nothing was heard. Linked notes elsewhere are not listened to."""
        told = stamps.told(self.known, now)
        if missed := [name for name in told if concerns(name) and not (self.vault.root / name).is_symlink()]:
            self.listening.miss(missed)

    def seen(self) -> Stamps:
        """A look at all files, and when the next one is due."""
        start = time.monotonic()
        frame = self.frame or outlook.frame(self.vault)
        try:
            return stamps.take(self.vault, frame)
        finally:
            now = time.monotonic()
            often = POLL if self.listening.polls else frame.settings.rescan
            self.next_look = now + max(often, SHARE * (now - start))

    def clock_moved(self) -> bool:
        """Whether the machine slept, or its clock was set, since the last look."""
        monotonic, wall = self.clocks
        self.clocks = (time.monotonic(), time.time())
        ahead = self.clocks[1] - wall - (self.clocks[0] - monotonic)
        if abs(ahead) < ASLEEP:
            return False
        log.info("the clock moved by %.0f s: sleep, or it was set", ahead, extra={"event": "clock", "moved": ahead})
        return True

    # --- passes ------------------------------------------------------------------------------------------

    def turn(self, why: str, changed: list[str], before: Stamps) -> None:
        """One pass. `before` are the stamps of what it will read."""
        start = time.monotonic()
        self.before = before
        hasty = bool(self.unsettled) and start > self.unsettled + LONGEST_SAVE
        made = sync.run(self.vault, patience=0, framed=self.framed, hasty=hasty)
        self.complaint, self.again = "", 0.0
        self.unsettled = self.unsettled if hasty and made.left else 0.0
        self.day = made.outlook.today
        self.known = stamps.with_ours(self.vault, self.before, made.changes)
        self.listening.linked = self.linked()
        self.quarrel(made)
        if made.left or any(found.code == "not-written" for found in made.problems):
            self.try_again(TRY_AGAIN)
        else:
            self.pause = 0.0
        self.passed(Turn(why, changed, made, time.monotonic() - start))

    def framed(self, vault: Vault) -> Frame:
        """Settings and templates; what is wrong in them leaves in force what was."""
        before, self.frame = self.frame, outlook.in_force(vault, self.frame)
        if before and before.settings != self.frame.settings:
            self.before = stamps.take(vault, self.frame)  # other folders are looked at from now on
        return self.frame

    # --- another writer ----------------------------------------------------------------------------------

    def quarrel(self, made: sync.Pass) -> None:
        """See whether another device or program writes another agenda from the same notes: then one of the two has to
        let the other's stand, or they rewrite each other's for ever.
        """
        if not made.page.differs or made.marks:
            return
        now, read, new = time.monotonic(), swap.digest(made.page.read.data), swap.digest(made.page.new)
        self.rewritten = [one for one in self.rewritten if now < one[0] + QUARREL] + [(now, read, new)]
        if sum(one[1:] == (read, new) for one in self.rewritten) >= MOST_REWRITTEN:
            if not self.theirs:
                log.warning("%s %s", made.path, OTHER_AGENDA, extra={"event": "quarrel"})
            self.theirs = read

    def is_theirs(self, changed: list[str]) -> bool:
        """Whether all that has changed is that the agenda is the other one again."""
        if not self.theirs or not self.frame or changed != [self.frame.settings.agenda_on(self.frame.today)]:
            return False
        return swap.digest(self.vault.read(changed[0]).data) == self.theirs

    def linked(self) -> list[Path]:
        """The folders elsewhere that links in the vault lead to."""
        root = self.vault.root.resolve()
        inside = {name.rpartition("/")[0] for name in self.known}
        inside |= {str(above) for folder in inside for above in PurePosixPath(folder).parents}
        linked = {(root / folder).resolve() for folder in inside if (root / folder).is_symlink()}
        return sorted(folder for folder in linked if not folder.is_relative_to(root))


class _Stop:
    """Ctrl-C and SIGTERM: the pass that is under way is finished. A second one ends it in its middle."""

    def __init__(self, heard: "queue.SimpleQueue[Heard]") -> None:
        self.heard, self.asked = heard, False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self.heard.put(STOP)
