"""Evaluation text + mark -> evaluation text: the step's property gets its day, the log one line, and nothing else
changes.

The result is parsed again, and must be the evaluation that was there with just that difference. Writing the same mark
twice changes nothing the second time, so neither a pass that was killed nor a second device does any harm.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from pendulum import Date

from . import edit, lines, log
from .body import Body, blanked
from .edit import CannotEdit
from .model import SKIPPED, Evaluation, LogEntry, Mark, Method, Record, Sign

Parse = Callable[[str], Evaluation | None]
"""Text of a note -> the evaluation in it, if it can be read."""


def write(text: str, mark: Mark, method: Method, parse: Parse) -> str:
    """The text with the mark in it.

    Raises `CannotEdit` with the reason if the note says something else already, or if the edit cannot be proved right.
    """
    before = parse(text)
    if before is None:
        raise CannotEdit("the note cannot be read")
    if mark.pin:
        return _moved(text, mark, mark.pin, before, method, parse)
    now = before.records.get(mark.record)
    value = _value(mark, now, before.log)
    wanted = replace(before, records={**before.records, mark.record: value} if value else _without(before, mark.record))
    edited = edit.set_property(text, mark.record, str(value or "")) if value != now else text
    if value not in (now, SKIPPED, None) and before.call_again and _is_call(mark.record, method):
        edited, wanted = edit.set_property(edited, "call_again", ""), replace(wanted, call_again=None)
    found = _entry(mark, value, value != now, before.log)
    if found is None:
        return _proved(edited, wanted, parse)
    old, new = found
    if old and (replaced := _replaced(edited, old, new, wanted, parse)):
        return replaced
    return _appended(edited, new, wanted, method, parse)


def _moved(text: str, mark: Mark, to: Date, before: Evaluation, method: Method, parse: Parse) -> str:
    """The day of the next call, and a line of the log only if there is a remark."""
    edited, wanted = edit.set_property(text, "call_again", str(to)), replace(before, call_again=to)
    new = LogEntry(mark.day, mark.record, Sign.MOVED, mark.remark)
    if not mark.remark or any(one[:4] == new[:4] for one in before.log):
        return _proved(edited, wanted, parse)
    return _appended(edited, new, wanted, method, parse)


def _without(evaluation: Evaluation, record: str) -> dict[str, Record]:
    return {key: value for key, value in evaluation.records.items() if key != record}


def _is_call(record: str, method: Method) -> bool:
    """A call that was made answers `call_again`; a card does not (rule 8)."""
    return any(step.kind == "call" and step.owns(record) for step in method.steps)


def _value(mark: Mark, now: Record | None, entries: Iterable[LogEntry]) -> Record | None:
    """What the property is to hold. A day that a person wrote is never overwritten, one that came by a mark may be."""
    if mark.sign is Sign.DONE:
        if now not in (None, SKIPPED, mark.day) and mark.typed:
            raise CannotEdit(f"{mark.record} says {now} already")
        return mark.day if now in (None, SKIPPED) else now
    if now not in (None, SKIPPED, mark.day):
        raise CannotEdit(f"{mark.record} says {now} already")
    by_mark = any((one.record, one.day, one.sign) == (mark.record, mark.day, Sign.DONE) for one in entries)
    if now == mark.day and mark.sign is not Sign.OPEN and not by_mark:
        raise CannotEdit(f"{mark.record} says {now} already")
    return SKIPPED if mark.sign is Sign.SKIPPED else None


def _entry(
    mark: Mark, value: Record | None, changed: bool, entries: Iterable[LogEntry]
) -> tuple[LogEntry | None, LogEntry] | None:
    """The line of the log to write, and the one that it replaces if any; None if the log says it already."""
    day = mark.day if value in (None, SKIPPED) else value
    of_step = [one for one in entries if one.record == mark.record]
    here = [one for one in of_step if one.day == day]
    alike = [one for one in here if one.sign is mark.sign]
    if alike and _lines(mark.remark) <= {line for one in of_step for line in _lines(one.remark)}:
        return None
    if not (mark.remark or changed or mark.sign in (Sign.NO_ANSWER, Sign.OPEN)):
        return None
    typed_on = [one for one in alike if log.digest(one.remark) == mark.carried]
    turned = [one for one in here if one.sign is not mark.sign and _turns(one, mark)] if not alike else []
    old = next(iter(typed_on + turned), None)
    said = [one for one in of_step if one is not old and one.remark and log.digest(one.remark) == mark.carried]
    remark = mark.remark.removeprefix(said[0].remark).strip("\n") if said else mark.remark
    remark = remark or (old.remark if old else "")
    return old, LogEntry(day, mark.record, mark.sign, remark)  # type: ignore[arg-type]


def _lines(remark: str) -> set[str]:
    return {line.strip() for line in remark.split("\n") if line.strip()}


def _turns(entry: LogEntry, mark: Mark) -> bool:
    """Whether this line of the same day is the one that the mark takes back or puts right.

    A try without an answer stays in the log when somebody answers later on that day; so does a day that was moved.
    """
    if entry.sign is Sign.MOVED or (entry.sign is Sign.NO_ANSWER and mark.sign is not Sign.OPEN):
        return False
    return not mark.remark or entry.remark in ("", mark.remark) or log.digest(entry.remark) == mark.carried


def _replaced(text: str, old: LogEntry, new: LogEntry, before: Evaluation, parse: Parse) -> str | None:
    """The log with one line put in the place of another, if that one is still as it was written here."""
    there = parse(text)
    found = next((one for one in there.log if one[:4] == old[:4]), None) if there else None
    if found is None:
        return None
    all_lines = lines.split(text)
    raw = [lines.bare(line) for line in all_lines[found.start : found.end]]
    bullet = raw[0][: raw[0].index(str(old.day))]
    if raw not in list(log.forms(old, bullet)):
        return None
    wanted = replace(before, log=tuple(new if one[:4] == old[:4] else one for one in before.log))
    for form in log.forms(new, bullet):
        edited = _with(all_lines, found.start, found.end, form)
        if _plain(parse(edited)) == _plain(wanted):
            return edited
    return None


def _appended(text: str, new: LogEntry, before: Evaluation, method: Method, parse: Parse) -> str:
    """The text with a new last line of the log; a note without a log gets one at its end. Raises `CannotEdit`."""
    all_lines = lines.split(text)
    where = lines.front_matter(all_lines)
    body = Body(method, blanked(text, where.body if where else 0))
    at = len(all_lines) if body.log_end is None else body.log_end
    above = all_lines[at - 1] if at else ""
    if body.log_end is None:
        before_it = ["", "## Log"] if above.strip() else ["## Log"]
    else:
        before_it = [] if body.log_bullet or not above.strip() or at == body.log_start else [""]
    wanted = replace(before, log=(*before.log, new))
    for form in log.forms(new, body.log_bullet or "- "):
        edited = _with(all_lines, at, at, [*before_it, *form])
        if _plain(parse(edited)) == _plain(wanted):
            return edited
    raise CannotEdit("the remark or the log there would change how the note is read")


def _with(all_lines: list[str], start: int, end: int, new: list[str]) -> str:
    """Lines (without ends) in the place of others; they end as the line above them does."""
    above = all_lines[max(start - 1, 0)] if all_lines else ""
    ending = above[len(lines.bare(above)) :] or next((one[len(lines.bare(one)) :] for one in all_lines), "") or "\n"
    head, tail = "".join(all_lines[:start]), "".join(all_lines[end:])
    if head and not head.endswith(("\n", "\r")):
        return head + "".join(ending + line for line in new) + tail
    last = all_lines[end - 1] if end > start else ending
    return head + ending.join(new) + last[len(lines.bare(last)) :] + tail


def _proved(text: str, wanted: Evaluation, parse: Parse) -> str:
    if _plain(parse(text)) != _plain(wanted):
        raise CannotEdit("the change would change how the rest of the note is read")
    return text


def _plain(evaluation: Evaluation | None) -> Evaluation | None:
    """An evaluation without its line numbers, to compare what it says."""
    return evaluation and replace(
        evaluation,
        items={key: tuple(item._replace(line=0) for item in items) for key, items in evaluation.items.items()},
        asked=dict.fromkeys(evaluation.asked, 0),
        places={},
        log=tuple(entry._replace(start=0, end=0) for entry in evaluation.log),
    )
