"""The plans of one person among many -> what a coach has to know of them: who has late calls, who has written nothing
down, for whom nothing is planned.

Numbers and days only: what a person wrote, and whom they spoke to, is theirs.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from pendulum import Date

from .errors import Severity
from .markdown import escape
from .model import Status
from .outlook import Outlook

HEADINGS: Final = (
    "Vault",
    "Open",
    "Late calls",
    "Late since",
    "Nothing written",
    "Nothing planned",
    "Next",
    "Problems",
)


class Row(NamedTuple):
    """One vault. `open` are interviews that were held and have no outcome; of those `unanswered` have no answer to any
    question, and `unplanned` no contact that is still to come, though they have answers. `late` are calls, `since` the
    day on which the first of them should have been made, `next` that of the next contact; `problems` are errors and
    warnings. `failed` says why the vault cannot be read: then the rest says nothing. `employers` are those with late
    calls, if they are asked for.
    """

    vault: str
    open: int = 0
    late: int = 0
    since: str | None = None
    unanswered: int = 0
    unplanned: int = 0
    next: str | None = None
    problems: int = 0
    failed: str | None = None
    employers: tuple[str, ...] | None = None


def row(vault: str, seen: Outlook, names: bool = False) -> Row:
    """What a coach has to know of a vault on the day of its outlook; with the employers' `names` only if asked for."""
    today = seen.today
    held = [plan for plan in seen.plans if not plan.evaluation.outcome and plan.evaluation.interviewed <= today]
    steps = [(plan, step) for plan in held for step in plan.steps if step.open and step.due]
    late = [(plan, step) for plan, step in steps if step.file.kind == "call" and step.status is Status.LATE]
    planned = {plan.evaluation.note for plan, _ in steps}
    silent = [plan for plan in held if not plan.evaluation.answered]
    spoken = [plan for plan in held if plan.evaluation.answered]
    return Row(
        vault,
        open=len(held),
        late=len(late),
        since=_day(step.latest for _, step in late),
        unanswered=len(silent),
        unplanned=sum(plan.evaluation.note not in planned for plan in spoken),
        next=_day(step.planned for _, step in steps),
        problems=sum(found.severity is not Severity.HINT and not found.past for found in seen.problems),
        employers=tuple(dict.fromkeys(plan.evaluation.company for plan, _ in late)) if names else None,
    )


def _day(days: Iterable[Date | None]) -> str | None:
    """The first of them."""
    first = min((day for day in days if day), default=None)
    return str(first) if first else None


def headings(names: bool) -> str:
    """The first two lines of the table."""
    shown = [*HEADINGS, *(["Employers with late calls"] if names else [])]
    return f"| {' | '.join(shown)} |\n| {' | '.join(['---'] * len(shown))} |\n"


def line(one: Row) -> str:
    """A row of the table; zeros are left out, so that the eye finds the rest."""
    if one.failed:
        cells: list[object] = [one.failed, *[""] * (len(HEADINGS) - 2)]
    else:
        cells = [one.open, one.late, one.since, one.unanswered, one.unplanned, one.next, one.problems]
    cells += [", ".join(one.employers or ())] if one.employers is not None else []
    return f"| {' | '.join(escape(str(cell or '')) for cell in (one.vault, *cells))} |\n"


def together(rows: Iterable[Row]) -> str:
    """All of them in a sentence."""
    count = late = silent = unplanned = failed = 0
    for one in rows:
        count += 1
        late += one.late > 0
        silent += one.unanswered > 0
        unplanned += one.unplanned > 0
        failed += one.failed is not None
    said = f"{count} {'vault' if count == 1 else 'vaults'}: {late} with late calls, "
    said += f"{silent} with interviews of which nothing is written down, "
    return f"{said}{unplanned} with interviews after which nothing is planned; {failed} cannot be read.\n"
