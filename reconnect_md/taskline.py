"""The grammar of our task lines, both ways: `- [ ] words 🆔 acme-7k2f-fix 📅 2026-11-25 ✅ 2026-11-25`.

The Tasks plugin reads fields from the end of the line and wants them in this order; a comment or a block id after `📅`
would leave the date unread, so nothing follows the fields.
"""

import re
from typing import Final, NamedTuple

from pendulum import Date

SIGNIFIERS: Final = "🆔⛔🔺⏫🔼🔽⏬🔁🏁➕🛫⏳📅❌✅⏰"
"""What the Tasks and Reminder plugins read as the start of a field."""

_LINE: Final = re.compile(
    r"^(?P<indent>[ \t]*)[-*+] \[(?P<mark>.)\] (?P<words>.*?) 🆔 (?P<id>[\w-]+)(?P<fields>(?: .*)?)$"
)


class TaskLine(NamedTuple):
    """One line with a checkbox and our id. `mark` is the character in the box, `fields` all that follows the id."""

    mark: str
    words: str
    id: str
    fields: str


def parse(line: str) -> TaskLine | None:
    """The task of a line (without its end), whoever changed it since; None if it has no checkbox or no id."""
    match = _LINE.match(line)
    return TaskLine(match["mark"], match["words"], match["id"], match["fields"]) if match else None


def box(mark: str = " ") -> str:
    """The start of a task line."""
    return f"- [{mark}]"


def fields(id: str, due: Date | None, done: Date | None = None) -> str:
    """The end of a task line; dates are what they are in the note."""
    parts = [f"🆔 {id}", f"📅 {due}" if due else "", f"✅ {done}" if done else ""]
    return " ".join(filter(None, parts))


def unmarked(task: TaskLine) -> str:
    """The line as it was before someone ticked it."""
    kept = re.sub(r"\s*[✅❌] \d{4}-\d\d-\d\d", "", task.fields)
    return f"{box()} {task.words} 🆔 {task.id}{kept}"


def without_signifiers(words: str) -> str:
    """Words that no plugin can take for a field."""
    return " ".join("".join(c for c in words if c not in SIGNIFIERS and c != "\ufe0f").split())
