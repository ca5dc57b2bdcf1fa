"""What a watcher says of itself, as text for people or as JSON lines for programs.

It names files, steps and counts. The words of notes are nobody's business but their owner's: they are in the agenda,
and in no log above debug level.
"""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from . import agenda
from .errors import Problem, printable
from .model import Contact, Mark, together
from .sync import Pass

MOST_NAMED: Final = 3
"""So many changed files are named in a line of text; JSON names a hundred times that."""

_SAID: Final = {"x": "done on {day}", "-": "skipped", ">": "no answer on {day}", " ": "taken back"}
"""What a mark says, in words."""


log = logging.getLogger("reconnect")


class Turn(NamedTuple):
    """One pass of a watcher: why it was made (a reason, or paths that changed), what it made, how long it took."""

    why: str
    changed: list[str]
    made: Pass
    seconds: float


class TextLines(logging.Formatter):
    """One line for people, with the local time; a line break in a file's name makes no line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, without its end."""
        line = f"{self.formatTime(record, '%H:%M:%S')} {printable(record.getMessage())}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """One JSON object for each line: `time` (UTC), `level`, `event`, `message`, and what belongs to the event."""

    _OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "event"}

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, without its end."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", ""),
            "message": record.getMessage(),
            **{key: value for key, value in vars(record).items() if key not in self._OWN},
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, default=str)


def carried(made: Pass) -> Iterator[str]:
    """What a pass wrote into the notes, a line for each mark."""
    for contact, mark in made.marks:
        yield f"{contact.plan.evaluation.note}: {contact.step.file.title}, {_said(mark)}"


def _said(mark: Mark) -> str:
    return f"call again on {mark.moment}" if mark.to else _SAID[mark.sign].format(day=mark.day)


def work(made: Pass) -> str:
    """How much there is to do, as the agenda's own first line counts it."""
    late, today = agenda.work(made.agenda, made.outlook.frame.method.language.english)
    unread = made.standing and f"{made.standing} in notes that cannot be read"
    said = filter(None, [late and f"{late} late", today and f"{today} for today", unread])
    return ", ".join(map(str, said)) or "nothing to do"


class Journal:
    """Tells of the passes of a watcher; of problems only when they come and when they go."""

    def __init__(self) -> None:
        self.problems: set[tuple[str, int, int, str]] = set()

    def tell(self, turn: Turn) -> None:
        """One pass: what was carried, why the agenda was written, which problems are new."""
        made = turn.made
        for line, (contact, mark) in zip(carried(made), made.marks, strict=True):
            log.info("%s", line, extra={"event": "mark", **_mark(contact, mark)})
        why = {"why": turn.why or "changed", "changed": turn.changed[: 100 * MOST_NAMED], "seconds": turn.seconds}
        if made.changes:
            made_anew = together([one.name for one in made.generated if one.differs])
            said = f"{made_anew} written ({_because(turn)}): {work(made)}" if made_anew else _because(turn)
            written = [change.name for change in made.changes]
            log.info("%s", said, extra={"event": "written", "written": written, **why})
        else:
            log.debug("%s: %s is right as it stands", _because(turn), made.path, extra={"event": "right", **why})
        self.tell_problems(made)

    def tell_problems(self, made: Pass) -> None:
        """Where problems are, and of which kind; their words stand in the agenda."""
        now = {_place(found): found for found in made.agenda.problems}
        for place in sorted(now.keys() - self.problems):
            note, line, column, code = place
            where = {"note": note, "line": line, "column": column, "code": code}
            log.warning(
                "%s:%d:%d: %s (the end of %s says what to type instead)",
                *place,
                made.path,
                extra={"event": "problem", **where},
            )
            log.debug("%s", now[place], extra={"event": "problem", **where})
        if self.problems and not now:
            log.info("no problems any more", extra={"event": "mended"})
        self.problems = set(now)


def _place(found: Problem) -> tuple[str, int, int, str]:
    return found.note, found.line, found.column, found.code


def _mark(contact: Contact, mark: Mark) -> dict[str, Any]:
    note, step = contact.plan.evaluation.note, contact.step.file.step
    return {"note": note, "step": step, "mark": mark.sign.value, "date": mark.to or mark.day}


def _because(turn: Turn) -> str:
    """Why a pass was made."""
    if turn.why:
        return turn.why
    more = len(turn.changed) - MOST_NAMED
    return ", ".join(turn.changed[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "") + " changed"
