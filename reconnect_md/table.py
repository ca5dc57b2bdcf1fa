"""Tables for spreadsheets (RFC 4180): plans and history, a line for each step of each evaluation; what was done to find
work.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from .model import SKIPPED, Plan, Sign, Step
from .outlook import Outlook
from .values import plain_text

_FORMULA: Final = re.compile(r"\s*[=+\-@＝＋－＠]")
"""How a cell begins that a spreadsheet would compute, and so might run."""

COLUMNS: Final = (
    *("company", "position", "interviewed", "round", "outcome", "step", "number", "kind", "to", "status"),
    *("due", "latest", "made", "skipped", "no_answer", "reason", "note"),
)


def table(outlook: Outlook) -> bytes:
    """All steps. It is UTF-8 with a byte order mark, without which Excel takes it for something else; no cell is a
    formula.
    """
    return rows(COLUMNS, (_cells(step, plan) for plan in outlook.plans for step in plan.steps))


def rows(headings: Sequence[str], found: Iterable[Iterable[object]]) -> bytes:
    """A table with these rows below its headings, as `table` makes it."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(headings)
    lines.writerows(map(safe, cells) for cells in found)
    return text.getvalue().encode("utf-8-sig")


def safe(cell: object) -> str:
    """What a spreadsheet shows as these words: behind a ' if it would compute them."""
    words = plain_text("" if cell is None else str(cell))
    return f"'{words}" if _FORMULA.match(words) else words


def _cells(step: Step, plan: Plan) -> Iterator[object]:
    evaluation = plan.evaluation
    yield from (evaluation.company, evaluation.position, evaluation.interviewed, evaluation.round, evaluation.outcome)
    yield from (step.file.step, step.number, step.file.kind, step.to and step.to.name, step.status.value)
    yield from (step.due, step.latest, step.made, _skipped(step, plan), " ".join(map(str, step.no_answer)))
    yield from (step.reason, evaluation.note)


def _skipped(step: Step, plan: Plan) -> object:
    """The day on which it was skipped, if the log tells."""
    if plan.evaluation.records.get(step.record) != SKIPPED:
        return None
    days = [one.day for one in plan.evaluation.log if (one.record, one.sign) == (step.record, Sign.SKIPPED)]
    return max(days, default=None)
