"""Today's contacts in the user's own daily note: a block between two lines of ours, and not a byte beside it.

It links to the agenda's entries and has no task of its own: a second line with the same id would be another tick.
"""

import re
from collections.abc import Iterator
from typing import Final

from . import ics, lines, marks, taskline
from .markdown import escape, parser
from .model import Agenda, Contact, Language, Sign
from .render import link

BEGIN: Final = "<!-- reconnect:begin -->"
END: Final = "<!-- reconnect:end -->"

_MARK: Final = re.compile(
    r"reconnect:(?:begin|end)\b|<!\s*[–—-]*\s*reconnect\W*(?:begin|end)\b|\breconnect\W*(?:begin|end)\s*(?:--|[–—])-*\s*>",
    re.I,
)
"""One of the two lines, perhaps as somebody changed it."""

_ALL: Final = (
    "delete all lines with reconnect:begin and reconnect:end and what stands between them; they are written anew"
)
_THIS: Final = "delete this line only; reconnect:begin, reconnect:end and the block are written anew"


class Damaged(Exception):
    """It is not sure where the block begins and ends: the line (from 1) that tells so, why, and what to do about it."""

    def __init__(self, line: int, why: str, remedy: str = _ALL) -> None:
        super().__init__(line, why)
        self.line, self.why, self.remedy = line, why, remedy


def place(text: str) -> tuple[int, int] | None:
    """Where the block stands: the number of its first line (from 0), and of that behind it; None if there is none.

    Raises `Damaged`.
    """
    found: dict[str, list[int]] = {BEGIN: [], END: []}
    plain = text.removeprefix(lines.BOM)
    fenced = _fenced(plain) if _MARK.search(plain) else set()
    for number, row in enumerate(map(str.strip, lines.split(plain))):
        if number in fenced:
            continue
        if row in found:
            found[row].append(number)
        elif _MARK.search(row):
            meant = BEGIN if "begin" in row.casefold() else END
            remedy = f"write {meant} there, and nothing else; the block goes from reconnect:begin to reconnect:end"
            raise Damaged(number + 1, "this line of the block is not as it was written", remedy)
    for mark, numbers in found.items():
        if len(numbers) > 1:
            raise Damaged(numbers[1] + 1, f"{mark} stands here a second time")
    match found[BEGIN], found[END]:
        case [], []:
            return None
        case [begin], []:
            raise Damaged(begin + 1, f"{END} is missing", _THIS)
        case [], [end]:
            raise Damaged(end + 1, f"{BEGIN} is missing", _THIS)
        case [begin], [end] if end < begin:
            raise Damaged(end + 1, f"{END} stands above {BEGIN}")
    return found[BEGIN][0], found[END][0] + 1


def _fenced(text: str) -> set[int]:
    """The lines, from 0, of code: what stands there is an example."""
    spans = (token.map for token in parser().parse(text) if token.type == "fence" and token.map)
    return {number for first, last in spans for number in range(first, last)}


def put(text: str, block: str) -> str:
    """The text with the block in the place of the one that it has, else at its end; nothing is added for an empty one.
    Raises `Damaged`.
    """
    plain = text.removeprefix(lines.BOM)
    rows, where = lines.split(plain), place(plain)
    end = "\r\n" if "\r\n" in plain else "\n"
    said = end.join([BEGIN, *block.split("\n"), END] if block else [BEGIN, END])
    if where:
        last = rows[where[1] - 1]
        rows[slice(*where)] = [said + lines.ending(last)]
    elif block:
        apart = "" if not plain.strip() else end if plain.endswith(("\n", "\r")) else end + end
        rows += [apart, said, end]
    return text[: len(text) - len(plain)] + "".join(rows)


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
