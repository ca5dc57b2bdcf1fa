"""Text <-> lines without losing a byte, and where the properties (front matter) of a note are.

Lines end at \\r\\n, \\n or \\r only, as for Markdown and for editors: `str.splitlines` would also break at form feeds,
NEL and U+2028, and every line number after them would be wrong.
"""

import re
from typing import NamedTuple

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_RULE = re.compile(r"---[ \t]*\Z")
ALMOST_RULE = re.compile(r" {0,3}(?:--|[–—])[–—-]*\s*")
"""A line that was meant as `---`: phones make one dash out of two."""

_CONFLICT = re.compile(r"<{7} |>{7} ")
_SIGN = re.compile(r"(?:<{7} |>{7} |\|{7}(?: |\Z)|={7}\Z)")
_NEXT = {"<": "|=", "|": "=", "=": ">"}
"""Which sign of a conflict may follow which."""

BOM = "\ufeff"


def split(text: str) -> list[str]:
    """All lines with their ends: `"".join(split(text)) == text`."""
    return _LINE.findall(text)


def bare(line: str) -> str:
    """A line without its end."""
    return line.rstrip("\r\n")


def ending(line: str) -> str:
    """How a line ends: the signs behind what is `bare`; nothing where a text ends without one."""
    return line[len(bare(line)) :]


def unix(text: str) -> str:
    """The same lines, each with the end \\n."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class FrontMatter(NamedTuple):
    """Line numbers, from 0: properties are `lines[1:end]`, the body starts at `body`. Without an end, `closed` is
    False.
    """

    end: int
    body: int
    closed: bool


def front_matter(lines: list[str]) -> FrontMatter | None:
    """Where the properties are; None if the very first line (after a BOM) is not `---`, as Obsidian has it."""
    if not lines or not _RULE.match(bare(lines[0]).removeprefix(BOM)):
        return None
    for number in range(1, len(lines)):
        if _RULE.match(bare(lines[number])):
            return FrontMatter(number, number + 1, closed=True)
    return FrontMatter(len(lines), len(lines), closed=False)


def conflict(text: str) -> int | None:
    """The line, from 1, of the first git conflict marker, if both kinds are there."""
    if "<<<<<<< " not in text:
        return None
    found = [(number, line[0]) for number, line in enumerate(split(text), 1) if _CONFLICT.match(line)]
    return found[0][0] if len({kind for _, kind in found}) > 1 else None


def sides(text: str) -> tuple[str, str, str] | None:
    """The base, ours and theirs of a text with git's conflict markers; None if these are not in their order.

    The base is empty if a conflict does not tell its own (git's style `diff3` does). A conflict in another one goes to
    a side with its markers.
    """
    found: dict[str, list[str]] = {"|": [], "<": [], "=": []}
    at, depth, told = "", 0, True
    for line in split(text):
        sign = line[0] if _SIGN.match(bare(line)) else ""
        inner = depth > 1 or (depth == 1 and sign == "<")
        depth += {"<": 1, ">": -1}.get(sign, 0) if depth or sign == "<" else 0
        if sign and not inner and (at or sign == "<"):
            if at and sign not in _NEXT[at]:
                return None
            told = told and not (at == "<" and sign == "=")
            at = "" if sign == ">" else sign
            continue
        for side in [at] if at else found:
            found[side].append(line)
    return None if at else ("".join(found["|"]) if told else "", "".join(found["<"]), "".join(found["="]))
