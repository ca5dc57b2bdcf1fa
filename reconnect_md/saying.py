"""What somebody changed in a task line: its checkbox, the day of that mark, the day of the call, words."""

from typing import NamedTuple

from pendulum import Date

from . import taskline
from .footer import State, fingerprint
from .model import Sign
from .taskline import TaskLine


class Saying(NamedTuple):
    """What a changed task line says: the character in its checkbox, the day of that mark, the day to which the call
    was moved. Each is empty if it is as it was generated; `box` is None where the whole checkbox is gone.
    """

    box: str | None = ""
    closed: str = ""
    due: str = ""

    def __str__(self) -> str:
        """As it is typed."""
        closed = "❌" if self.sign is Sign.SKIPPED else "✅"
        days = [f"{closed} {self.closed}" if self.closed else "", f"📅 {self.due}" if self.due else ""]
        return " ".join(filter(None, ["no box" if self.box is None else f"[{self.box or ' '}]", *days]))

    def is_said_by(self, other: "Saying") -> bool:
        """Whether another line says the same, perhaps with a day where this one has none."""
        alike = (self.sign or self.box, self.due) == (other.sign or other.box, other.due)
        return alike and self.closed in ("", other.closed)

    @property
    def sign(self) -> Sign | None:
        """What the checkbox says."""
        return taskline.sign(self.box or "")


def sayings(task: TaskLine, state: State | None, day: Date | None) -> list[Saying]:
    """What a task line says beside what was generated as `state` on that day; two days of one sort are two sayings."""
    before = state or State(Sign.OPEN)
    box = "" if task.sign is before.sign or task.box == taskline.IN_PROGRESS else task.box.casefold() or None
    shown = before.since.partition(":")[0] or str(day) if before.sign in (Sign.DONE, Sign.SKIPPED) else ""
    closed = dict.fromkeys(one for one in task.closed if one != shown)
    # Without a state it is not known on which day it was due.
    due = dict.fromkeys(one for one in task.due if state and one != state.due)
    first, *days = closed or [""]
    to, *others = due or [""]
    return [Saying(box, first, to), *(Saying(box, first, to) for to in others), *(Saying(box, on, to) for on in days)]


def typed_words(task: TaskLine, state: State | None) -> list[str]:
    """What a person typed among the words of a task line (then all of them), and behind its id."""
    known = state.words.split("+") if state and state.words else list(map(fingerprint, task.forms))
    return [words for words in (task.words if fingerprint(task.words) not in known else "", task.typed) if words]
