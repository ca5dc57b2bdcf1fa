"""Keep the agenda right: a pass at the start, after every change, and when the day changes.

Events only say that it is time to look. What has changed is decided by stamps of the files, which are looked at every
minute anyway: so nothing that a system fails to tell is missed for longer, and our own writing causes no further pass.
"""

import os
import queue
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Final

from pendulum import Date

from . import lock, outlook, stamps, sync
from .attempts import AWAY, Attempts
from .events import Heard, concerns
from .index import Index
from .journal import Turn, log
from .listening import Listening
from .looks import Stamps
from .outlook import Frame, Notes, Outlook
from .reading import opened, read_again, read_notes
from .rival import Rival
from .settle import MOST_LOOKED_AT, STOP, Settling
from .vault import Vault

LOOK_AT_CLOCK: Final = 30.0
"""Seconds between looks at the wall clock: a monotonic timer stops while the machine sleeps, midnight does not."""

POLL: Final = 2.0
"""Seconds between looks at the files where the system does not tell of changes."""

SHARE: Final = 20
"""A look may take this part of the time at the most: where it takes a second, they are 20 seconds apart."""

ASLEEP: Final = 5.0
"""Seconds by which the wall clock is ahead of the other one, or behind, after sleep or when it was set."""

OTHER_AGENDA: Final = (
    "is written by another device or program, and differently: other settings, time zone or version? "
    "Theirs stands until a note changes; `reconnect doctor` on both shows the difference"
)

SLICE: Final = 1.0 if os.name == "nt" else LOOK_AT_CLOCK
"""Seconds of waiting at a time: Windows lets nothing interrupt it, not even Ctrl-C."""


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
        self.known, self.tried = Stamps(), Stamps()
        self.index = Index.of(vault.root)
        self.next_look = 0.0
        self.attempts, self.rival = Attempts(self.is_there), Rival()
        self.last: sync.Pass | None = None
        self.again: set[str] | None = None
        self.clocks = (time.monotonic(), time.time())

    def run(self) -> None:
        try:
            self.listening.listen()
            with self.attempts.attempt():
                self.turn("start", [], self.seen())
            while (heard := self.wait()) is not None:
                with self.attempts.attempt():
                    self.look(heard)
        finally:
            self.listening.stop()
            self.index.save()

    # --- waiting -----------------------------------------------------------------------------------------

    def wait(self) -> bool | None:
        """Wait for something to look at, at the longest until the clock has to be looked at.

        Returns whether changes were heard, and None to stop.
        """
        wanted = False
        with self.attempts.attempt():
            wanted = self.idle(self.frame) if self.frame else False
        latest = time.monotonic() + (1.0 if wanted else LOOK_AT_CLOCK)
        end = min(latest, self.attempts.again or latest, self.next_look or latest)
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
        again = self.attempts.is_due
        due = woke or lost or new_day or again or time.monotonic() >= self.next_look
        if not (heard or due):
            return
        only = None if due else self.told_of()
        if only is None:
            self.next_look = time.monotonic() + POLL  # what fails below must not be due again at once
        if not self.is_there():
            self.attempts.complain(f"{self.vault.root} is not there, or empty; waiting for it")
            self.attempts.again = time.monotonic() + AWAY
            return
        now = self.seen() if only is None else stamps.again(self.vault, self.known, only)
        changed = stamps.changed(self.known, now, only)
        if self.is_the_rivals(changed):
            self.known, changed = now, []
        if changed and not stamps.changed(now, self.tried) and not (new_day or again):
            return  # it failed as it is, and is tried again when that is due
        if changed and not heard:
            if not (woke or lost or new_day or self.attempts.again):
                self.not_told(now)
            # From here on what a look found is as if it had been told: it may be half of what it will be.
            for name in changed[:MOST_LOOKED_AT]:
                self.heard.put(Heard(str(self.settling.root / name)))
            return
        if changed or new_day or again:
            if heard:
                self.attempts.pause = 0.0
            self.again = only
            self.settling.passed(changed)
            self.turn("a new day" if new_day else "once more" if again and not changed else "", changed, now)

    def told_of(self) -> set[str] | None:
        """What the last burst was about, if that was nothing but the agenda and notes that are known: then nothing else
        has to be looked at. What the system does not tell, the next look at all files finds.
        """
        if not self.last or self.listening.polls or self.attempts.again:
            return None
        try:
            names = {Path(path).relative_to(self.settling.root).as_posix() for path in self.settling.paths}
        except ValueError:
            return None
        notes = self.last.outlook.notes.evaluations
        strange = (one for one in names if not (one in self.index.stamps or one in notes or one == self.last.path))
        return names if len(names) < MOST_LOOKED_AT and not any(strange) else None

    def is_the_rivals(self, changed: list[str]) -> bool:
        """Whether all that has changed is that the agenda, or the overview, is again that of another writer."""
        if not self.frame or not changed:
            return False
        page, survey = self.frame.settings.agenda_on(self.frame.today), self.frame.settings.overview
        return {*changed} <= {page, survey} and self.rival.wrote(self.vault.read(page).data)

    def not_told(self, now: Stamps) -> None:
        """A look found changes of which nothing was heard. Linked notes elsewhere are not listened to."""
        told = stamps.told(self.known, now)
        if missed := [name for name in told if concerns(name) and not self.vault.is_link(name)]:
            self.listening.miss(missed)

    def seen(self) -> Stamps:
        """A look at all files, and when the next one is due."""
        start = time.monotonic()
        frame = self.frame or outlook.frame(self.vault)
        try:
            opened(self.index, frame)
            return stamps.take(self.vault, frame, self.index.stamps)
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
        start, hasty = time.monotonic(), self.attempts.hasty
        self.tried = before
        made = sync.run(self.vault, patience=0, framed=self.framed, hasty=hasty, reads=self.reads, plans=self.plans)
        self.day, self.last = made.outlook.today, made
        self.known = stamps.with_ours(self.vault, self.tried, made.changes)
        if made.outlook.notes.again is None:
            self.known.share(self.index.stamps)
            self.listening.linked = stamps.linked(self.vault, self.known)
        if (
            {*changed} - {made.outlook.frame.settings.overview} == {made.path}
            and made.page.differs
            and not made.marks
            and self.rival.met(made.page)
        ):
            log.warning("%s %s", made.path, OTHER_AGENDA, extra={"event": "rival"})
        self.attempts.done(hasty, made.left or any(found.code == "not-written" for found in made.problems))
        self.passed(Turn(why, changed, made, time.monotonic() - start))

    def reads(self, vault: Vault, frame: Frame, today: Date) -> Notes:
        """The notes; what has not changed is not read again."""
        names, self.again = self.again, None  # a pass that begins again looks at everything
        if names is not None and self.last:
            return read_again(vault, frame, today, self.last.outlook.notes, names - {self.last.path}, self.index)
        return read_notes(vault, frame, today, self.index, whole=False)

    def plans(self, notes: Notes, frame: Frame, today: Date) -> Outlook:
        """The plans; what has not changed is not planned again."""
        return outlook.outlook(notes, frame, today, self.last.outlook if self.last else None)

    def framed(self, vault: Vault) -> Frame:
        """Settings and templates; what is wrong in them leaves in force what was."""
        if self.again is not None and self.frame:
            return self.frame
        before, self.frame = self.frame, outlook.in_force(vault, self.frame)
        if before and before.settings != self.frame.settings:
            self.tried = stamps.take(vault, self.frame, self.index.stamps)  # other folders are looked at from now on
        return self.frame


class _Stop:
    """Ctrl-C and SIGTERM: the pass that is under way is finished. A second one ends it in its middle."""

    def __init__(self, heard: "queue.SimpleQueue[Heard]") -> None:
        self.heard, self.asked = heard, False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
        self.heard.put(STOP)
