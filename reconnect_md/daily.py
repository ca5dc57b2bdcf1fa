"""Today's contacts in the user's own daily note: a block between two lines of ours, and not a byte beside it.

It links to the agenda's entries and has no task of its own: a second line with the same id would be another tick.
"""

from collections.abc import Iterator
from typing import Final

from . import ics, lines, marks, taskline
from .markdown import escape
from .model import Agenda, Contact, Language, Sign
from .render import link

BEGIN: Final = "<!-- reconnect:begin -->"
END: Final = "<!-- reconnect:end -->"


class Damaged(Exception):
    """It is not sure where the block begins and ends: the line (from 1) that tells so, and why."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(line, why)
        self.line, self.why = line, why


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


def block(made: Agenda, language: Language, page: str, agenda: str, path: str) -> str:
    """What stands in the daily note at `path`: today's contacts, with links to their entries in the `page` at `agenda`;
    empty if there are none.
    """
    to, headings = link(agenda, path), dict(_headings(page))
    rows = [_linked(one, language, f"{to}{headings.get(one.id, '')}") for one in (*made.late, *made.due)]
    rows += [_done(one, sign, language, link(one.plan.evaluation.note, path)) for one, sign in made.done]
    return "\n".join([f"[{_title(page, agenda)}]({to})", "", *(f"- {row}" for row in rows)]) if rows else ""


def _linked(contact: Contact, language: Language, to: str) -> str:
    return f"[{escape(ics.summary_of(contact, language))}]({to})"


def _done(contact: Contact, sign: Sign, language: Language, to: str) -> str:
    words = _linked(contact, language, to)
    if sign is Sign.DONE:
        return language.say("calendar_done", what=words)
    phrase = {Sign.SKIPPED: "log_skipped", Sign.NO_ANSWER: "log_no_answer"}.get(sign, "log_moved")
    return f"{words} · {language.say(phrase, day=contact.step.due)}"


def _title(page: str, agenda: str) -> str:
    """What the agenda calls itself."""
    first = page.partition("\n")[0]
    return first.removeprefix("# ") if first.startswith("# ") else escape(agenda.rpartition("/")[2].removesuffix(".md"))


def _headings(page: str) -> Iterator[tuple[str, str]]:
    """The ids of the items, and how a link ends that leads to their headings."""
    above = ""
    for line in filter(None, map(lines.bare, lines.split(page))):
        task = taskline.parse(line)
        if task and task.id and above.startswith(marks.ENTRY):
            heading = above.removeprefix(marks.ENTRY).replace("\\", "")
            yield task.id, f"#{link(heading, '')}"
        above = line
