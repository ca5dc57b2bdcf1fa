"""What a pass did, told to a person."""

import difflib
from collections.abc import Iterable, Iterator

from .. import journal, lines
from ..sync import Pass
from ..vault import Change
from .printing import say


def tell(made: Pass, written: bool) -> None:
    """What a pass did, in a line for each mark and one for the agenda."""
    for line in journal.carried(made):
        say(line)
    if any(one.code == "conflict-markers" and one.note == made.path for one in made.problems):
        say(f"{made.path} stays as it is until git's conflict markers are taken out of it.")
        return
    say(f"{made.path} {_state(made.page, written)}: {journal.work(made)} on {made.agenda.today}.")
    for change in (*made.unasked, *made.beside):
        say(f"{change.name} {_state(change, written)}.")


def _state(change: Change, written: bool) -> str:
    return ("written" if written else "would change") if change.differs else "is right as it stands"


def diff_of(changes: Iterable[Change]) -> Iterator[str]:
    """What changes, line by line."""
    for change in changes:
        old, new = (lines.split(data.decode("utf-8", "replace")) for data in (change.read.data, change.new))
        for line in difflib.unified_diff(old, new, change.name, change.name):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
