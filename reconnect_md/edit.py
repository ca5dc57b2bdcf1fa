"""One value of a note's properties changed in place: no other byte changes, and reading the result again proves it.

YAML is not written by a library here: every one of them re-emits the whole block, and loses comments, quotes or order.
"""

import re
from typing import Final

from . import properties
from .lines import BOM, bare, front_matter, split

_VALUE: Final = (
    r"""(?P<gap>[ \t]*?)(?P<value>"[^"\\]*"|'[^']*'|[^\s#"'&*!|>%@`\[\]{},][^#"']*?|)"""
    r"""(?P<rest>[ \t]*|[ \t]+\#.*)\Z"""
)


class CannotEdit(Exception):
    """The value is not on one line of its own, or reading the result again shows another difference."""


def set_property(text: str, key: str, value: str) -> str:
    """The text with one property set to a text that is valid YAML as it is (a date, a word, nothing).

    The line of the property is changed, or one is added below the others; a note without properties gets a block.
    Raises `CannotEdit` where that cannot be proved right.
    """
    before = properties.read("", text)
    if before.problems:
        raise CannotEdit(before.problems[0].message)
    edited = _changed(text, before, key, value) if key in before.values else _added(text, key, value)
    after = properties.read("", edited)
    if after.problems or {**before.values, key: value} != {**after.values, key: after.values.get(key) or ""}:
        raise CannotEdit("the value is more than plain text on one line")
    return edited


def _changed(text: str, before: properties.Properties, key: str, value: str) -> str:
    lines = split(text)
    number = before.keys[key].line - 1
    match = re.match(rf"(?P<key>[ \t]*(?P<quote>[\"']?){re.escape(key)}(?P=quote)[ \t]*:){_VALUE}", bare(lines[number]))
    if not match:
        raise CannotEdit("the value is more than plain text on one line")
    quote = match["value"][:1] if match["value"][:1] in ("'", '"') else ""
    gap, rest = match["gap"], match["rest"]
    if not match["value"] and "#" not in rest:
        gap, rest = rest, ""
    gap = gap or " " if value else gap if quote else ""
    lines[number] = f"{match['key']}{gap}{quote}{value}{quote}{rest}{_end(lines[number], '')}"
    return "".join(lines)


def _added(text: str, key: str, value: str) -> str:
    lines = split(text)
    where = front_matter(lines)
    said = f"{key}: {value}" if value else f"{key}:"
    if where is None:
        bom = BOM if text.startswith(BOM) else ""
        end = _end(lines[0]) if lines else "\n"
        return f"{bom}---{end}{said}{end}---{end}{text.removeprefix(BOM)}"
    first = next((line for line in lines[1 : where.end] if re.match(r"[ \t]*[^\s#]", line)), "")
    indent = re.match(r"[ \t]*", first)[0]  # type: ignore[index]
    lines.insert(where.end, f"{indent}{said}{_end(lines[where.end - 1])}")
    return "".join(lines)


def _end(line: str, otherwise: str = "\n") -> str:
    """How a line ends, for the one that comes after it too."""
    return line[len(bare(line)) :] or otherwise
