"""One value of a note's properties changed in place: no other byte changes, and reading the result again proves it.

YAML is not written by a library here: every one of them re-emits the whole block, and loses comments, quotes or order.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from . import properties
from .lines import BOM, bare, ending, front_matter, split

_VALUE: Final = (
    r"""(?P<gap>[ \t]*?)(?P<value>"[^"\\]*"|'[^']*'|[^\s#"'&*!|>%@`\[\]{},][^#"']*?|)"""
    r"""(?P<rest>[ \t]*|[ \t]+\#.*)\Z"""
)

_UNQUOTED: Final = r"""(?P<gap>[ \t]+)(?P<value>[^\s"'|>].*?)(?P<rest>[ \t]*|[ \t]+\#(?:[ \t].*)?)\Z"""
"""All that stands behind a name, but for a comment with a blank: the # of an extension has none (`#15`)."""

_WORDS_OF_YAML: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})


class CannotEdit(Exception):
    """The value is not on one line of its own, or reading the result again shows another difference."""


def set_property(text: str, key: str, value: str | int) -> str:
    """The text with one property set to a text or a number; empty means nothing.

    The line of the property is changed, and keeps its quotes and its comment, or one is added below the others; a note
    without properties gets a block. Raises `CannotEdit` where that cannot be proved right.
    """
    before = _properties(text)
    edited = _changed(text, before, key, value) if key in before.values else _added(text, [_said(key, value)])
    return _proved(edited, before, key, str(value))


def set_list(text: str, key: str, values: Sequence[str]) -> str:
    """The text with one property set to a list, an entry a line, where it was. Raises `CannotEdit`."""
    before = _properties(text)
    new = [f"{key}:", *(f"  - {scalar(value)}" for value in values)]
    lines = split(text)
    if key not in before.values:
        return _proved(_added(text, new), before, key, list(values))
    start = before.keys[key].line - 1
    end = next(n for n in range(start + 1, before.body) if not re.match(r"[ \t]+\S|-[ \t]|-$", bare(lines[n])))
    lines[start:end] = [line + _end(lines[start]) for line in new]
    return _proved("".join(lines), before, key, list(values))


def set_entries(text: str, key: str, values: Mapping[int, str]) -> str:
    """The text with other texts for some entries of a list, by their places in it (from 0); each keeps its quotes.
    Raises `CannotEdit`.
    """
    before = _properties(text)
    lines, wanted = split(text), list(before.values[key])
    for number in sorted(values, reverse=True):  # what stands before an entry in its line keeps its column
        place = before.entries[key][number]
        line = lines[place.line - 1]
        typed = re.compile(rf"(?P<quote>[\"']?){re.escape(wanted[number])}(?P=quote)").match(line, place.column - 1)
        if not typed:
            raise CannotEdit("the value is more than plain text on one line")
        new = f"{typed['quote']}{values[number]}{typed['quote']}"
        lines[place.line - 1] = f"{line[: typed.start()]}{new}{line[typed.end() :]}"
        wanted[number] = values[number]
    after = properties.read("", edited := "".join(lines))
    if after.problems or after.values != {**before.values, key: wanted}:
        raise CannotEdit("the change would change how the rest of the properties is read")
    return edited


def rename(text: str, key: str, new: str) -> str:
    """The text with another name for one property, which keeps its quotes and its value. Raises `CannotEdit`."""
    before = _properties(text)
    lines = split(text)
    place = before.keys[key]
    line = lines[place.line - 1]
    typed = re.compile(rf"(?P<quote>[\"']?){re.escape(key)}(?P=quote)(?=[ \t]*:)").match(line, place.column - 1)
    if not typed:
        raise CannotEdit("the name is more than plain text on one line")
    lines[place.line - 1] = f"{line[: typed.start()]}{typed['quote']}{new}{typed['quote']}{line[typed.end() :]}"
    after = properties.read("", edited := "".join(lines))
    if after.problems or list(after.values.items()) != [(new if k == key else k, v) for k, v in before.values.items()]:
        raise CannotEdit("the change would change how the rest of the properties is read")
    return edited


def quote(text: str, key: str, number: int) -> str:
    """The text with quotes around all that stands behind the name of a property, in the line of that number (from 1);
    the properties may have been unreadable without them. Raises `CannotEdit`.
    """
    lines, before = split(text), properties.read("", text)
    line = lines[number - 1] if number <= before.body else ""
    match = re.match(_named(key) + _UNQUOTED, bare(line))
    if not match:
        raise CannotEdit("the value is more than plain text on one line")
    lines[number - 1] = f"{match['key']}{match['gap']}{_quoted(match['value'])}{match['rest']}{_end(line, '')}"
    after = properties.read("", edited := "".join(lines))
    if after.values != {**(after.values if before.problems else before.values), key: match["value"]}:
        raise CannotEdit("the change would change how the rest of the properties is read")
    return edited


def scalar(value: str | int) -> str:
    """A text as YAML on one line: bare where every reader takes it for that text, else in double quotes. A number is
    bare.
    """
    if isinstance(value, int):
        return str(value)
    line = " ".join(value.split())
    plain = re.fullmatch(r"[^\W\d_][\w .,()&/'+-]*[\w.)]|\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?|", line)
    if plain and line.casefold() not in _WORDS_OF_YAML:
        return line
    return _quoted(line)


def _quoted(line: str) -> str:
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _named(key: str) -> str:
    """The name of a property at the beginning of its line, as a regular expression."""
    return rf"(?P<key>[ \t]*(?P<quote>[\"']?){re.escape(key)}(?P=quote)[ \t]*:)"


def _properties(text: str) -> properties.Properties:
    found = properties.read("", text)
    if found.problems:
        raise CannotEdit(found.problems[0].message)
    return found


def _proved(text: str, before: properties.Properties, key: str, value: str | list[str]) -> str:
    """The edited text, if it reads as it did but for that value."""
    after = properties.read("", text)
    if after.problems or {**before.values, key: value} != {**after.values, key: after.values.get(key) or ""}:
        raise CannotEdit("the value is more than plain text on one line")
    return text


def _said(key: str, value: str | int) -> str:
    return f"{key}: {scalar(value)}".rstrip()


def _changed(text: str, before: properties.Properties, key: str, value: str | int) -> str:
    lines = split(text)
    number = before.keys[key].line - 1
    match = re.match(_named(key) + _VALUE, bare(lines[number]))
    if not match:
        raise CannotEdit("the value is more than plain text on one line")
    gap, rest = match["gap"], match["rest"]
    if not match["value"] and "#" not in rest:
        gap, rest = rest, ""
    new = scalar(value)
    if match["value"][:1] in ("'", '"') and not new.startswith('"'):
        new = match["value"][0] + new + match["value"][0]
    gap = gap or " " if new else ""
    lines[number] = f"{match['key']}{gap}{new}{rest}{_end(lines[number], '')}"
    return "".join(lines)


def _added(text: str, new: Sequence[str]) -> str:
    """The text with lines (without ends) below its properties."""
    lines = split(text)
    where = front_matter(lines)
    if where is None:
        bom = BOM if text.startswith(BOM) else ""
        end = _end(lines[0]) if lines else "\n"
        return bom + "".join(line + end for line in ["---", *new, "---"]) + text.removeprefix(BOM)
    first = next((line for line in lines[1 : where.end] if re.match(r"[ \t]*[^\s#]", line)), "")
    indent = first[: len(first) - len(first.lstrip(" \t"))]
    lines[where.end : where.end] = [f"{indent}{line}{_end(lines[where.end - 1])}" for line in new]
    return "".join(lines)


def _end(line: str, otherwise: str = "\n") -> str:
    """How a line ends, for the one that comes after it too."""
    return ending(line) or otherwise
