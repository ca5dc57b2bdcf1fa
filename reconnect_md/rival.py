"""Another device or program that writes another agenda from the same notes: one has to let the other's stand.

With the same settings, time zone and version all write the same bytes. Without, each would replace the other's page for
ever, several times a second.
"""

import time
from typing import Final

from .digests import digest
from .vault import Change

WITHIN: Final = 60.0
"""Seconds within which the same page, replaced again and again by the same, shows that somebody else writes it."""

MOST_ROUNDS: Final = 5
"""So many times, after which theirs stands."""


class Rival:
    """Knows another writer of the agenda by the pages that were replaced."""

    def __init__(self) -> None:
        self.rounds: list[tuple[float, bytes, bytes]] = []
        self.page = b""

    def met(self, page: Change) -> bool:
        """Told of each page that somebody wrote and we replaced, though nothing was carried from it. Whether that shows
        the other for the first time.
        """
        now, read, new = time.monotonic(), digest(page.read.data), digest(page.new)
        self.rounds = [one for one in self.rounds if now < one[0] + WITHIN] + [(now, read, new)]
        if sum(one[1:] == (read, new) for one in self.rounds) < MOST_ROUNDS:
            return False
        known, self.page = self.page, read
        return not known

    def wrote(self, data: bytes) -> bool:
        """Whether these bytes are the other's page, with nothing typed in it since."""
        return bool(self.page) and digest(data) == self.page
