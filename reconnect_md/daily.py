"""Today's contacts in the user's own daily note: a block between two lines of ours, and not a byte beside it.

It links to the agenda's entries and has no task of its own: a second line with the same id would be another tick.
"""

from collections.abc import Iterator
from typing import Final

from . import lines, marks, taskline
from .markdown import escape
from .model import Agenda, Contact, Sign
from .render import link
from .values import together

BEGIN: Final = "<!-- reconnect:begin -->"
END: Final = "<!-- reconnect:end -->"

_SAID: Final = {Sign.DONE: "done", Sign.SKIPPED: "skipped", Sign.NO_ANSWER: "no answer", Sign.MOVED: "put off"}


class Damaged(Exception):
    """It is not sure where the block begins and ends. `args`: the line (from 1), and why."""


def place(text: str) -> tuple[int, int] | None:
    """Where the block stands: the number of its first line (from 0), and of that behind it; None if there is none.

    Raises `Damaged`.
    """
    rows = [lines.bare(line).strip() for line in lines.split(text.removeprefix(lines.BOM))]
    begins, ends = ([number for number, row in enumerate(rows) if row == mark] for mark in (BEGIN, END))
    for found, mark in ((begins, BEGIN), (ends, END)):
        if len(found) > 1:
            raise Damaged(found[1] + 1, f"{mark} stands here a second time")
    if bool(begins) != bool(ends):
        there, missing = (begins, END) if begins else (ends, BEGIN)
        raise Damaged(there[0] + 1, f"{missing} is missing")
    if begins and ends[0] < begins[0]:
        raise Damaged(ends[0] + 1, f"{END} stands above {BEGIN}")
    if not begins and rows[:1] == ["---"] and not lines.front_matter(lines.split(text)):
        raise Damaged(1, "its properties have no end")
    return (begins[0], ends[0] + 1) if begins else None


def put(text: str, block: str) -> str:
    """The text with the block in the place of the one that it has, else at its end; nothing is added for an empty one.
    Raises `Damaged`.
    """
    rows, where = lines.split(text), place(text)
    end = "\r\n" if any(row.endswith("\r\n") for row in rows) else "\n"
    said = end.join([BEGIN, *block.split("\n"), END] if block else [BEGIN, END])
    if where:
        last = rows[where[1] - 1]
        rows[where[0] : where[1]] = [said + last[len(lines.bare(last)) :]]
        return "".join(rows)
    if not block:
        return text
    apart = "" if not text.removeprefix(lines.BOM).strip() else end if text.endswith(("\n", "\r")) else end + end
    return f"{text}{apart}{said}{end}"


def block(made: Agenda, page: str, agenda: str, path: str) -> str:
    """What stands in the daily note at `path`: today's contacts, with links to their entries in the `page` at `agenda`;
    empty if there are none.
    """
    to, headings = link(agenda, path), _headings(page)
    rows = [f"- [{_words(one)}]({to}{_anchor(headings.get(one.id, ''))})" for one in (*made.late, *made.due)]
    rows += [f"- [{_words(one)}]({link(one.plan.evaluation.note, path)}): {_SAID[sign]}" for one, sign in made.done]
    return "\n".join([f"[Calls and cards of today]({to}):", "", *rows]) if rows else ""


def _words(contact: Contact) -> str:
    people = together([one.to.name for one in contact.steps if one.to])
    who = ", ".join(filter(None, [people, contact.plan.evaluation.company])) or contact.plan.evaluation.note
    return escape(taskline.without_signifiers(f"{contact.step.file.title}: {who}"))


def _headings(page: str) -> dict[str, str]:
    """The heading of each entry, by the id of its task."""
    return dict(_headed(page))


def _headed(page: str) -> Iterator[tuple[str, str]]:
    above = ""
    for line in marks.generated(page):
        task = taskline.parse(lines.bare(line.text))
        if task and task.id and above.startswith(marks.ENTRY):
            yield task.id, lines.bare(above).removeprefix(marks.ENTRY)
        above = line.text


def _anchor(heading: str) -> str:
    return f"#{link(heading.replace(chr(92), ''), '')}" if heading else ""
