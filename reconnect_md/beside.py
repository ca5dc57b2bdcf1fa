"""The files that a pass keeps right beside the agenda, if the settings ask for them: the calendar, the overview, the
block in the daily note. One that is somebody else's, or that somebody typed in, stays as it is, beside a problem.
"""

from collections.abc import Collection

from pendulum import Date

from . import daily, ics, lines, obsidian, overview, plan
from .errors import OutsideVault, Problem, problem
from .model import Plan
from .outlook import Frame, Outlook, unreadable
from .settings import FILE
from .vault import Change, Vault


def calendar(vault: Vault, outlook: Outlook, unsure: bool) -> tuple[Change | None, set[Problem]]:
    """The calendar's file, if the settings name one. Somebody else's, or one that cannot be read, stays as it is."""
    frame = outlook.frame
    if not (name := frame.settings.calendar):
        return None, set()
    try:
        read = vault.read(name)
    except (OSError, OutsideVault) as error:
        return None, {unreadable(name, error)}
    if not ics.is_ours(read.data):
        return None, {problem("foreign-calendar", FILE, *frame.places.get("calendar", (1, 1)), value=name)}
    return Change(name, read, ics.calendar(outlook, read.data, unsure)), set()


def overview_as_it_is(vault: Vault, frame: Frame, taken: Collection[str]) -> tuple[Change | None, set[Problem]]:
    """The overview's file as it is, if the settings name one. It is written over while nobody typed in it; `taken` are
    files that hold something else, or will.
    """
    if not (name := frame.settings.overview):
        return None, set()
    try:
        read = vault.read(name)
    except (OSError, OutsideVault) as error:
        return None, {unreadable(name, error)}
    state = overview.state(read.text)
    if name.casefold() in {one.casefold() for one in (FILE, *taken)} or state is overview.State.FOREIGN:
        return None, {problem("foreign-overview", FILE, *frame.places.get("overview", (1, 1)), value=name)}
    if state is overview.State.EDITED:
        return None, {problem("edited-overview", name)}
    return Change(name, read, read.data), set()


def all_plans(seen: Outlook) -> list[Plan]:
    """With those of the evaluations that are over for so long that no agenda needs them."""
    there = [one for one in seen.plans if one.evaluation.whole]
    known = {one.evaluation.note for one in there}
    past = (one for name, one in seen.notes.past.items() if name not in known)
    older = plan.plans(past, seen.frame.method, lambda one: seen.calendars[one.note], seen.today)
    return plan.in_order([*there, *older])


def daily_note(vault: Vault, frame: Frame, today: Date, others: Collection[str]) -> tuple[Change | None, list[Problem]]:
    """Today's daily note, if the settings ask for it, as it is; and why nothing can be written into it. One that is not
    there, or is one of the `others`, is left alone.
    """
    if not frame.settings.daily_note:
        return None, []
    path = obsidian.daily_note(vault, frame.settings, today)
    try:
        if path in others or (read := vault.read(path)).digest is None:
            return None, []
        if line := lines.conflict(text := read.text):
            return None, [problem("conflict-markers", path, line)]
        daily.place(text)
    except (OSError, OutsideVault) as error:
        return None, [unreadable(path, error)]
    except daily.Damaged as damaged:
        return None, [problem("daily-note", path, damaged.line, why=damaged.why, remedy=damaged.remedy)]
    return Change(path, read, read.data), []


def with_block(daily_note: Change, block: str) -> Change:
    """The daily note with the block as it is to be."""
    text = daily.put(daily_note.read.text, block)
    return daily_note._replace(new=text.encode(errors="surrogateescape"))


def being_saved(vault: Vault, change: Change) -> bool:
    """Whether somebody is saving this file; an empty one may be waiting for its template."""
    is_young = not (change.read.data.strip() or vault.at_rest(change.name))
    return is_young or vault.is_being_written(change.name)
