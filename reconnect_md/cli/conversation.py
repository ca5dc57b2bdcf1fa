"""A conversation on a terminal."""

import contextlib
from collections.abc import Iterator

import click

from ..asking import TYPED
from .printing import say


@contextlib.contextmanager
def stopped_unsaved() -> Iterator[None]:
    """A conversation: who stops in the middle is told that this did no harm, and shown what they had typed."""
    try:
        yield
    except (click.Abort, KeyboardInterrupt):  # at a question, or between two
        say("\nStopped. Nothing was saved.")
        if typed := click.get_current_context().meta.get(TYPED):
            say("\n  ".join(["You had typed:", *typed]))
        raise
