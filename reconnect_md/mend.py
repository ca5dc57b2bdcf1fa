"""A note's text + what is wrong with it -> the text with those slips put right about which there is no doubt: the name
of a property, a heading, a date in another way of writing, a phone number that has to stand in quotes.

`EDITS` says which problems these are.

Each is one line changed in its place. The result is read again: that problem has to be gone and none like it, the line
may have no new one that is as bad, and the rest has to be read as it was. What cannot be proved stays as it is, beside
its problem. (What could not be read before may have problems of its own, such as a day that is too early: they were
there, and can be seen now.)
"""

import difflib
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from . import edit, properties
from .edit import CannotEdit
from .errors import Problem, Severity
from .headings import LOG
from .lines import bare, split
from .model import Evaluation, Method, same
from .values import date_meant, span, span_meant

MOST: Final = 50
"""A note with more problems is left alone: each is proved by reading the note again, and these are no slips."""

_SLIP: Final = 2
"""So many letters in a row may be wrong in a heading: a “not” that is missing is no slip of the pen."""

DAYS_OFF: Final = "days_off"
_BETWEEN: Final = re.compile(r"[^,;\s](?:[^,;\n]*[^,;\s])?")
"""Each of the entries of a list that was typed as one text."""

_HEADING: Final = re.compile(r"(?P<before>[\W_]*(?:\d+[.)]\s+)?)(?P<words>.*?)(?P<after>[\W_]*)")

Read = Callable[[str], tuple[Evaluation | None, tuple[Problem, ...]]]
"""Text of a note -> the evaluation in it, if it can be read, and what is wrong."""


def mend(text: str, method: Method, read: Read) -> str:
    """The text without the slips that can be put right for sure; the same text if there are none."""
    # What is put right may show what else is, or make it sure.
    while (better := _once(text, method, read)) != text:
        text = better
    return text


def _once(text: str, method: Method, read: Read) -> str:
    wrong = sorted(read(text)[1], key=_severity)  # the errors first: below them not everything is read
    for one in wrong if len(wrong) <= MOST else ():
        text = _mended(text, one, method, read) or text
    return text


def _mended(text: str, wrong: Problem, method: Method, read: Read) -> str | None:
    """The text without one problem; None if that cannot be proved."""
    try:
        edited = EDITS[wrong.code].make(text, wrong, method)
    except (CannotEdit, KeyError):
        return None
    before, problems = read(text)
    # Under its right name a date may turn out to be written in another way: both are put right, or none.
    for shown in read(edited)[1]:
        fresh = shown.line == wrong.line and _what(shown) not in map(_what, problems)
        if fresh and _severity(shown) <= _severity(wrong):
            if (further := _mended(edited, shown, method, read)) is None:
                return None
            edited = further
    after, left = read(edited)
    gone = {_what(one) for one in problems if one.code == wrong.code} - {_what(one) for one in left}
    if gone != {_what(wrong)} or (before and not (after and _alike(before, after, wrong, method))):
        return None
    return edited


def _what(one: Problem) -> tuple[int, str]:
    """A problem, whichever words it has: those may tell of other lines."""
    return one.line, one.code


def _severity(one: Problem) -> int:
    return list(Severity).index(one.severity)


def _alike(before: Evaluation, after: Evaluation, wrong: Problem, method: Method) -> bool:
    """Whether the bodies are read alike but for the section whose heading was put right; of the properties that is
    proved where they are edited.
    """
    known = same(wrong.meant)
    question = method.headings.get(known, "")

    def rest(one: Evaluation) -> tuple[object, ...]:
        others = {key: items for key, items in one.items.items() if key != question}
        asked = {key: line for key, line in one.asked.items() if key != question}
        return others, asked, one.answered - {question}, () if known == LOG else one.log

    kept = set(before.items.get(question, ())) <= set(after.items.get(question, ())) and {*before.log} <= {*after.log}
    return kept and rest(before) == rest(after)


def _name(text: str, wrong: Problem, _: Method) -> str:
    """The right name for a property. A plural may well be somebody's own, such as `outcomes: 2`."""
    typed = _property(wrong, properties.read("", text).keys)
    if typed.casefold() == f"{wrong.meant}s":
        raise CannotEdit("it is not sure that this name is a slip")
    return edit.rename(text, typed, wrong.meant)


def _date(text: str, wrong: Problem, _: Method) -> str:
    """A date as year-month-day."""
    found = properties.read("", text)
    key = _property(wrong, found.places)
    typed = found.values[key]
    if not isinstance(typed, str) or not (meant := date_meant(typed)):
        raise CannotEdit("it is not sure which day is meant")
    return edit.set_property(text, key, meant)


def _days_off(text: str, wrong: Problem, _: Method) -> str:
    """Days off as year-month-day: all of a line, or none."""
    found = properties.read("", text)
    typed, places = found.values.get(DAYS_OFF), found.entries.get(DAYS_OFF, ())
    if (wrong.line, wrong.column) not in (found.places.get(DAYS_OFF), *places):
        raise CannotEdit("no day off stands there")
    if isinstance(typed, str):
        meant = span_meant(typed) or _BETWEEN.sub(lambda one: _days(one[0]), typed)
        return edit.set_property(text, DAYS_OFF, meant)
    here = {
        n: str(one) for n, (one, place) in enumerate(zip(typed or (), places, strict=True)) if place.line == wrong.line
    }
    return edit.set_entries(text, DAYS_OFF, {n: _days(one) for n, one in here.items() if not span(one)})


def _days(typed: str) -> str:
    if not (meant := typed if span(typed) else span_meant(typed)):
        raise CannotEdit("it is not sure which days are meant")
    return meant


def _property(wrong: Problem, places: Mapping[str, properties.Place]) -> str:
    """The property of which a problem tells."""
    place = (wrong.line, wrong.column)
    if found := next((key for key, one in places.items() if one == place), None):
        return found
    raise CannotEdit("no property stands there")


def _heading(text: str, wrong: Problem, method: Method) -> str:
    """The right words for a heading, with the signs around them as they are; if they are a slip of the pen only, and
    not words of which something would be lost.
    """
    found = split(text)
    line = bare(found[wrong.line - 1])
    typed, known = _HEADING.fullmatch(line), {LOG: LOG, **method.headings}
    words = same(typed["words"]) if typed else ""
    meant = {question for wording, question in known.items() if _is_slip(words, wording)}
    if not typed or meant != {known.get(same(wrong.meant))}:
        raise CannotEdit("it is not sure which heading is meant")
    end = found[wrong.line - 1][len(line) :]
    found[wrong.line - 1] = f"{typed['before']}{wrong.meant}{typed['after']}{end}"
    return "".join(found)


def _is_slip(typed: str, meant: str) -> bool:
    """Whether a few letters are missing, too many or others, but no words: `whish` for `wish`."""
    moves = difflib.SequenceMatcher(None, typed, meant, autojunk=False).get_opcodes()
    runs = [max(i2 - i1, j2 - j1) for move, i1, i2, j1, j2 in moves if move != "equal"]
    return bool(runs) and max(runs) <= _SLIP and not typed.startswith(f"{meant} ")


def _quotes(text: str, wrong: Problem, _: Method) -> str:
    """Quotes around a phone number, whatever is wrong in its line."""
    return edit.quote(text, "phone", wrong.line)


class Edit(NamedTuple):
    """What puts a problem right: it gives the edited text, or raises `CannotEdit`. `what` says of it for people."""

    make: Callable[[str, Problem, Method], str]
    what: str


_DATE: Final = Edit(_date, "a day that can be read in one way only")
_PHONE: Final = Edit(_quotes, "`phone`: quotes")
EDITS: Final[Mapping[str, Edit]] = MappingProxyType(
    {
        "misspelt-key": Edit(_name, "the name"),
        "misspelt-heading": Edit(_heading, "a slip of the pen"),
        "bad-date": _DATE,
        "bad-record": _DATE,
        "bad-setting": Edit(_days_off, "`days_off`: days that can be read in one way only"),
        "unquoted-phone": _PHONE,
        "anchor": _PHONE,
        "misread": _PHONE,
        "bad-yaml": _PHONE,
    }
)
"""By the code of the problem."""
