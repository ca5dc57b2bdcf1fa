"""What fails in a watcher is said once and tried again, ever less often: nothing ends it but the wish to end it."""

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from typing import Final

from .errors import ChangedMeanwhile, Failure, Unsettled
from .sync import LONGEST_SAVE

TRY_AGAIN: Final = 2.0
"""Seconds until the next pass where another program kept a note from being written."""

STILL_SAVED: Final = 0.5
"""Seconds until the next pass where a note is being saved."""

AWAY: Final = 2.0
"""Seconds until the next look for a vault that is not there."""

AFTER_FAILURE: Final = 60.0
"""Seconds until the next pass after one that failed, if nothing changes before."""

LONGER: Final = 1.5
"""What goes on failing is tried again after so many times the pause before, up to `AFTER_FAILURE`."""

log = logging.getLogger("reconnect")


class Attempts:
    """When the next pass is owed (`again`, of the monotonic clock; 0 if none is), and what was said of the last one."""

    def __init__(self, is_there: Callable[[], bool]) -> None:
        self.is_there = is_there
        self.again = self.pause = self.unsettled = 0.0
        self.complaint = ""

    @property
    def is_due(self) -> bool:
        """Whether it is time for the pass that is owed."""
        return bool(self.again) and time.monotonic() >= self.again

    @property
    def hasty(self) -> bool:
        """Whether notes that are being saved have been waited for long enough."""
        return bool(self.unsettled) and time.monotonic() > self.unsettled + LONGEST_SAVE

    @contextlib.contextmanager
    def attempt(self) -> Iterator[None]:
        """Say what fails within, and when it is tried again."""
        try:
            yield
        except Unsettled:
            log.debug("a note is being saved", extra={"event": "unsettled"})
            self.unsettled = self.unsettled or time.monotonic()
            self.later(STILL_SAVED)
        except ChangedMeanwhile as failure:
            self.complain(str(failure))
            self.later(TRY_AGAIN)
        except (Failure, OSError) as failure:
            self.complain(str(failure))
            self.again = time.monotonic() + (AFTER_FAILURE if self.is_there() else AWAY)
        except Exception as error:
            log.debug("", exc_info=True)
            self.complain(f"a pass failed with {type(error).__name__}; see what `reconnect agenda` says of it")
            self.again = time.monotonic() + AFTER_FAILURE

    def complain(self, complaint: str) -> None:
        """Say once what is wrong."""
        if complaint != self.complaint:
            log.warning("%s", complaint, extra={"event": "failed"})
        self.complaint = complaint

    def later(self, seconds: float) -> None:
        """Owe a pass after that time; each time it does not help, after a longer one."""
        self.pause = min(max(seconds, self.pause * LONGER), AFTER_FAILURE)
        self.again = time.monotonic() + self.pause

    def done(self, hasty: bool, left: bool) -> None:
        """A pass was made; `left`: something has to be looked at again."""
        self.complaint, self.again = "", 0.0
        self.unsettled = self.unsettled if hasty and left else 0.0
        if left:
            self.later(TRY_AGAIN)
        else:
            self.pause = 0.0
