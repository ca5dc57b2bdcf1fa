"""Evaluation text + mark -> evaluation text: the step's property gets its day, the log one line, and nothing else
changes.

The result is parsed again, and must be the evaluation that was there with just that difference. Writing the same mark
twice changes nothing the second time, so neither a pass that was killed nor a second device does any harm.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from pendulum import Date

from . import edit, lines, log
from .body import of_note
from .edit import CannotEdit
from .model import SKIPPED, Evaluation, LogEntry, Mark, Method, Record, Sign


class SaysOtherwise(CannotEdit):
    """The property holds something that the mark did not know of."""


Parse = Callable[[str], Evaluation | None]
"""Text of a note -> the evaluation in it, if it can be read."""


def write(text: str, mark: Mark, method: Method, parse: Parse) -> str:
    """The text with the mark in it.

    Raises `CannotEdit` with the reason if the note says something else already, or if the edit cannot be proved right.
    """
    before = parse(text)
    if before is None:
        raise CannotEdit("the note cannot be read")
    if not mark.remark.isascii() and any("\ud800" <= character <= "\udfff" for character in mark.remark):
        raise CannotEdit("the remark has characters that are not saved as UTF-8")
    edited, wanted = _with_call_again(text, mark, before) if mark.to else _with_record(text, mark, before, method)
    asked = before.call_again if mark.sign is Sign.DONE and wanted.call_again is None else None
    found = _entry(mark, wanted.records.get(mark.record), edited != text, before, asked)
    if found is None:
        return _proved(edited, wanted, parse)
    old, new = found
    if old and (replaced := _replaced(edited, old, new, wanted, method, parse)):
        return replaced
    if mark.sign is Sign.OPEN and not mark.shown and mark.day in before.no_answer(mark.record):
        new = new._replace(sign=Sign.UNTRIED)  # the line of the try is not ours to change
    return _appended(edited, new, wanted, method, parse)


def with_next_contact(text: str, day: Date | None, parse: Parse) -> str:
    """The text with the day of the plan's next contact in its property, which is empty if there is none. Raises
    `CannotEdit`.
    """
    before, said = parse(text), str(day or "")
    if before is None:
        raise CannotEdit("the note cannot be read")
    if before.next_contact == said:
        return text
    return _proved(edit.set_property(text, "next_contact", said), replace(before, next_contact=said), parse)


def _with_call_again(text: str, mark: Mark, before: Evaluation) -> tuple[str, Evaluation]:
    """The text with the day of the next call, and what it says then. A day that was not typed just now, only said
    again, gives way to any other.
    """
    if before.call_again and not mark.typed:
        return text, before
    wanted = before.to_call_on(mark.to, mark.at)
    return text if wanted is before else edit.set_property(text, "call_again", mark.moment), wanted


def _with_record(text: str, mark: Mark, before: Evaluation, method: Method) -> tuple[str, Evaluation]:
    """The text with the step's property, and what it says then; a call that was made answers `call_again` (rule 8)."""
    now = before.records.get(mark.record)
    value = _value(mark, now)
    wanted = replace(before, records={**before.records, mark.record: value} if value else _without(before, mark.record))
    edited = edit.set_property(text, mark.record, str(value or "")) if value != now else text
    asked = _asked(mark, before) if value is None else None
    if value is None and _puts_off_a_later_call(mark, before, method):
        return edit.set_property(edited, "call_again", str(asked or "")), wanted.to_call_on(asked)
    if asked and before.call_again is None:
        return edit.set_property(edited, "call_again", str(asked)), wanted.to_call_on(asked)
    if value not in (now, SKIPPED, None) and before.call_again and _is_call(mark.record, method):
        return edit.set_property(edited, "call_again", ""), wanted.to_call_on(None)
    return edited, wanted


def _asked(mark: Mark, before: Evaluation) -> Date | None:
    """For which day the call had been asked for, if the mark takes back that it was made: that holds again."""
    made = (mark.record, Sign.DONE, mark.shown)
    return next((one.to for one in reversed(before.log) if (one.record, one.sign, one.day) == made), None)


def _puts_off_a_later_call(mark: Mark, before: Evaluation, method: Method) -> bool:
    """Whether `call_again` was said of a call that comes after the one that is taken back: with that one open again it
    would put off that one.
    """
    said_of = [one.record for one in before.log if one.sign is Sign.MOVED and one.to == before.call_again]
    return bool(said_of) and _order(said_of[-1], method) > _order(mark.record, method)


def _order(record: str, method: Method) -> tuple[int, int]:
    """Where a call stands in the method: of `fix_call_2` its step, and 2."""
    step = next((number for number, one in enumerate(method.steps) if one.owns(record)), -1)
    return step, int(re.search(r"\d*\Z", record.removeprefix(method.steps[step].records))[0] or 1)  # type: ignore[index]


def _without(evaluation: Evaluation, record: str) -> dict[str, Record]:
    return {key: value for key, value in evaluation.records.items() if key != record}


def _is_call(record: str, method: Method) -> bool:
    """A card does not answer `call_again`."""
    return any(step.kind == "call" and step.owns(record) for step in method.steps)


def _value(mark: Mark, now: Record | None) -> Record | None:
    """What the property is to hold. What a person wrote is never overwritten; made is made, whichever day was meant."""
    wanted: Record | None = {Sign.DONE: mark.day, Sign.SKIPPED: SKIPPED}.get(mark.sign)  # type: ignore[assignment]
    if now in (None, wanted, mark.shown):
        return wanted
    if mark.sign is Sign.DONE and not mark.typed and now != SKIPPED:
        return now
    raise SaysOtherwise(f"{mark.record} says {now} already")


def _entry(
    mark: Mark, value: Record | None, changed: bool, before: Evaluation, asked: Date | None
) -> tuple[LogEntry | None, LogEntry] | None:
    """The line of the log to write, and the one that it replaces if any; None if the log says it already."""
    day = value if value not in (None, SKIPPED) and mark.sign is Sign.DONE else mark.day
    of_step = [one for one in before.log if one.record == mark.record]
    here = [one for one in of_step if one.day in (day, mark.shown)]
    alike = [one for one in here if one.day == day and _says(one, mark, before, changed)]
    known = log.digest(mark.remark) == mark.carried  # it may have been put right in the note since
    if alike and (known or _lines(mark.remark) <= {line for one in of_step for line in _lines(one.remark)}):
        return None
    if not (mark.remark or changed or mark.sign in (Sign.NO_ANSWER, Sign.OPEN, Sign.MOVED)):
        return None
    typed_on = [one for one in alike if log.digest(one.remark) == mark.carried or _begins(mark.remark, one.remark)]
    turned = [one for one in here if one not in alike and _turns(one, mark)] if not alike else []
    old = next(iter(typed_on + turned), None)
    remark = mark.remark
    for one in of_step:
        if one is not old and one.remark and (one in alike or log.digest(one.remark) == mark.carried):
            remark = _rest(remark, one.remark)
    remark = remark or (old.remark if old else "")
    # A call that was made on the very day for which it had been asked for needs no more words.
    to = mark.to or (asked if asked != day else None) or (old.to if old and old in alike else None)
    return old, LogEntry(day, mark.record, mark.sign, remark, to)  # type: ignore[arg-type]


def _says(entry: LogEntry, mark: Mark, before: Evaluation, changed: bool) -> bool:
    """Whether a line says what the mark says. One that was taken back before, and marked again, says nothing of it."""
    tried = mark.day in before.no_answer(mark.record)
    if mark.sign is Sign.MOVED:
        return entry.sign is Sign.MOVED and entry.to == mark.to
    if mark.sign is Sign.NO_ANSWER:
        return tried and entry.sign is Sign.NO_ANSWER
    if mark.sign is Sign.OPEN:
        return entry.sign in (Sign.OPEN, Sign.UNTRIED) and not (changed if mark.shown else tried)
    return entry.sign is mark.sign


def _rest(remark: str, said: str) -> str:
    """The lines of a remark that were not said already: what another device said may stand above them, below, or, after
    a merge, among them.
    """
    typed, known = remark.split("\n"), [line.strip() for line in said.split("\n")]
    for start in range(len(typed) - len(known) + 1):
        if [line.strip() for line in typed[start : start + len(known)]] == known:
            return log.tidy("\n".join([*typed[:start], *typed[start + len(known) :]]))
    left = Counter(filter(None, known))
    if not left <= Counter(line.strip() for line in typed):
        return remark
    rest = list[str]()
    for line in typed:
        if left[line.strip()]:
            left[line.strip()] -= 1
        elif line.strip() or (rest and rest[-1].strip()):
            rest.append(line)
    return log.tidy("\n".join(rest))


def _begins(remark: str, written: str) -> bool:
    """Whether a remark goes on from what is written already: of a page that was saved by an older window."""
    return bool(written) and remark.startswith(written)


def _lines(remark: str) -> set[str]:
    return {line.strip() for line in remark.split("\n") if line.strip()}


def _turns(entry: LogEntry, mark: Mark) -> bool:
    """Whether this line of the same day is the one that the mark takes back or puts right: it says what was shown.

    A try without an answer stays in the log when somebody answers later on that day; so does a day that was moved, and
    a line with words of its own: they were said of what it says. What is taken back keeps its words, and so does a call
    that was made after all.
    """
    shown = Sign.NO_ANSWER if mark.sign is Sign.OPEN else Sign.OPEN
    if mark.shown:
        shown = Sign.SKIPPED if mark.shown == SKIPPED else Sign.DONE
    if mark.sign is Sign.MOVED or entry.sign is not shown:
        return False
    if mark.remark and entry.remark:
        return _begins(mark.remark, entry.remark)
    return not entry.remark or mark.sign is Sign.OPEN or (mark.sign, entry.sign) == (Sign.DONE, Sign.OPEN)


def _replaced(text: str, old: LogEntry, new: LogEntry, before: Evaluation, method: Method, parse: Parse) -> str | None:
    """The log with one line put in the place of another, if that one is still as it was written here."""
    there = parse(text)
    found = next((one for one in there.log if one.said == old.said), None) if there else None
    if found is None:
        return None
    all_lines = lines.split(text)
    raw = [lines.bare(line) for line in all_lines[found.start : found.end]]
    bullet = raw[0][: raw[0].index(str(old.day))]
    languages = (method.language, *method.language.others)
    if raw not in [form for language in languages for form in log.forms(old, language, bullet)]:
        return None
    wanted = replace(before, log=tuple(new if one.said == old.said else one for one in before.log))
    for form in log.forms(new, method.language, bullet):
        edited = _with(all_lines, found.start, found.end, form)
        if _plain(parse(edited)) == _plain(wanted):
            return edited
    return None


def _appended(text: str, new: LogEntry, before: Evaluation, method: Method, parse: Parse) -> str:
    """The text with a new last line of the log; a note without a log gets one at its end. Raises `CannotEdit`."""
    all_lines = lines.split(text)
    body = of_note(text, method)
    at = len(all_lines) if body.log_end is None else body.log_end
    above = all_lines[at - 1] if at else ""
    if body.log_end is None:
        heading = f"## {method.language.words['log']}"
        before_it = ["", heading] if above.strip() else [heading]
    else:
        before_it = [] if body.log_bullet or not above.strip() or at == body.log_start else [""]
    wanted = replace(before, log=(*before.log, new))
    for form in log.forms(new, method.language, body.log_bullet or "- "):
        edited = _with(all_lines, at, at, [*before_it, *form])
        if _plain(parse(edited)) == _plain(wanted):
            return edited
    raise CannotEdit("the remark or the log there would change how the note is read")


def _with(all_lines: list[str], start: int, end: int, new: list[str]) -> str:
    """Lines (without ends) in the place of others; they end as the line above them does."""
    above = all_lines[max(start - 1, 0)] if all_lines else ""
    ending = lines.ending(above) or next(map(lines.ending, all_lines), "") or "\n"
    head, tail = "".join(all_lines[:start]), "".join(all_lines[end:])
    if head and not head.endswith(("\n", "\r")):
        return head + "".join(ending + line for line in new) + tail
    last = all_lines[end - 1] if end > start else ending
    return head + ending.join(new) + lines.ending(last) + tail


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
