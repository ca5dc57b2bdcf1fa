"""What YAML makes of a slip: where the slip really is, and the line to type instead.

YAML's own words tell where it gave up, which for a quote that is not closed is the last line; and much of what people
slip in it reads without a word, as something else: `phone: #512 555 0142` is an empty value.
"""

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any, Final, NamedTuple

import yaml

from . import fields

REMEDY: Final = "write one `name: value` a line, a value with : or # in quotes"

_ALIGNED: Final = "write as many blanks before this hyphen as stand before the one above it"

_GOES_ON: Final = "write it behind the words of the line above it, or as `name: value`"

_LISTS: Final = {one.name for one in fields.FIELDS if one.type == "list"}

LONGEST: Final = 500
"""Characters of a line that is taken apart to say what to type instead."""

_ENTRY: Final = re.compile(
    r"(?P<before>[ ]*(?:-[ ]+)?(?:(?P<quote>[\"']?)[\w -]*\w(?P=quote)[ ]*:[ ]+)?)(?P<value>\S.*)"
)
_KEYED: Final = re.compile(
    r"(?:\"[^\"]*\"|'[^']*'|(?:[^\s:\"'#-]|-\S)(?:[^:]|:\S)*):(?:[ \t]|\Z)|-(?:[ ]|\Z)|\#|\s|\Z|\.\.\."
)
"""How an unindented line of properties begins."""

_BULLET: Final = re.compile(r"\s*(?P<sign>[•◦▪‣·–—]|\*(?=\s)|-(?=[^\s-]))\s*(?P<value>[^\s–—-].*)")
"""An entry of a list with another sign than a hyphen with a blank behind it."""

_LOST: Final = re.compile(r"(?P<key>\w[\w-]*)\s*(?P<sign>[:=：;–—-]?)\s*(?P<value>.*)")
_NAME: Final = re.compile(r"[^\W\d_][\w.'’-]*(?: [\w.'’-]+){1,3}(?:,.*)?")
_GOES_ON_BELOW: Final = re.compile(r"(?:[,&/;–—-]|\b[a-zà-ÿ]{1,3})\Z")
"""Behind a name or title that is not at its end, such as “Director of”."""

_COMMENT: Final = re.compile(r"(?:^|(?<=\s))#")


class Slip(NamedTuple):
    """Where it is in the block, line and column from 0; what is wrong; and what to type instead."""

    line: int
    column: int
    why: str
    remedy: str = REMEDY


class _End(NamedTuple):
    """Where YAML gave up, in which words, and what was `opened` (line and column) and not closed until then."""

    rows: Sequence[str]
    line: int
    column: int
    told: str
    opened: tuple[int, int] | None
    loader: Any

    @property
    def row(self) -> str:
        return self.rows[self.line]


def slip(block: str, error: yaml.MarkedYAMLError, loader: Any) -> Slip:
    """What is wrong with a block of properties that YAML cannot read. `loader` is the one that gave up."""
    rows = block.split("\n")
    mark = error.problem_mark or error.context_mark or yaml.Mark("", 0, 0, 0, "", 0)
    opened = (error.context_mark.line, error.context_mark.column) if error.context_mark else None
    line = min(mark.line, len(rows) - 1)
    end = _End(rows, line, mark.column, f"{error.context}: {error.problem}", opened, loader)
    looks = (_quote, _bracket, _tab, _bullet, _no_colon, _moved_in, _in_a_list, _list_beside, _unquoted)
    found = next((one for look in looks if (one := look(end))), None)
    return found or Slip(mark.line, mark.column, str(error.problem or error.context))


def _quote(end: _End) -> Slip | None:
    """A quote that is not closed: for YAML it goes on to the end, or to the next quote some lines below."""
    start = end.opened if "quoted scalar" in end.told and "end of" in end.told else _long_quote(end)
    if not start:
        return None
    row, sign = end.rows[start[0]].rstrip(), end.rows[start[0]][start[1]]
    closed = f"{row.strip()}{sign}"
    remedy = _write(closed) if _reads(closed) else "close it with the same sign"
    return Slip(*start, "the quote that is opened here is not closed", remedy)


def _long_quote(end: _End) -> tuple[int, int] | None:
    """Where the quote was opened that ends on this line and began on one above it."""
    if "expected key" not in end.told and "<block end>" not in end.told:
        return None
    with contextlib.suppress(yaml.YAMLError):  # another quote may be open at the end of what is looked at
        for token in yaml.scan("\n".join(end.rows[: end.line + 1]) + "\n", Loader=end.loader):
            start, stop = token.start_mark, token.end_mark
            quoted = isinstance(token, yaml.ScalarToken) and token.style in ("'", '"')
            if quoted and start.line < stop.line == end.line:
                return start.line, start.column
    return None


def _bracket(end: _End) -> Slip | None:
    if "a flow" not in end.told or "expected ','" not in end.told or not end.opened or end.opened[0] == end.line:
        return None
    row = end.rows[end.opened[0]].rstrip()
    closed = f"{row.strip()}]" if row[end.opened[1]] == "[" else ""
    typed = closed if _reads(closed) else quoted(row)
    return Slip(*end.opened, "the bracket that is opened here is not closed", _write(typed))


def _tab(end: _End) -> Slip | None:
    blank = end.row[: len(end.row) - len(end.row.lstrip())]
    if "\t" not in blank:
        return None
    entry = end.row.lstrip().startswith("-")
    remedy = "write two blanks there instead of the tab" if entry else "delete the tab"
    return Slip(end.line, blank.index("\t"), "a tab stands there, where only blanks may", remedy)


def _no_colon(end: _End) -> Slip | None:
    """An unindented line that is no property: `company:Acme`, `company = Acme`, `company Acme`, `company`."""
    number = next((n for n in range(end.line + 1) if not _KEYED.match(end.rows[n])), None)
    found = _LOST.fullmatch(end.rows[number].rstrip()[:LONGEST]) if number is not None else None
    if number is None or not found:
        return None
    key, sign, value = found.groups()
    is_known = key.casefold() in fields.NAMES or "_" in key  # as in the names of the steps' properties
    above = next((one for one in reversed(end.rows[:number]) if one.strip()), "")
    if not (sign or is_known) and (above.lstrip().startswith("- ") or above.endswith(":")):
        return Slip(number, 0, "this line is no entry of the list above it", f"write   - {found[0]}")
    missing = "blank behind the colon" if sign == ":" else "colon behind the name"
    key = key.casefold() if is_known else key
    if not value:
        return Slip(number, 0, f"there is no {missing}", _valued(key) if is_known else _GOES_ON)
    typed = f"{key}: {value}" if _reads(f"{key}: {value}") else _in_quotes(f"{key}: ", value)
    return Slip(number, 0, f"there is no {missing}", _write(typed))


def _bullet(end: _End) -> Slip | None:
    """Entries with a star, a bullet or a dash for their hyphen: YAML gives up on the line behind them, or later."""
    below = [*takewhile(_BULLET.match, reversed(end.rows[: end.line]))]
    number = end.line - len(below)
    first = _BULLET.match(end.rows[number][:LONGEST]) if below or end.row.lstrip().startswith("* ") else None
    if not first or re.search(r"[|>][+-]?\s*\Z", "".join(end.rows[:number][-1:])):  # words over several lines
        return None
    several = _BULLET.match(end.rows[number + 1]) if number + 1 < len(end.rows) else None
    before, typed = "a hyphen and a blank before each: " if several else "", f"- {first['value'].rstrip()}"
    sign = "" if first["sign"] == "-" else f", not with {first['sign']}"
    why = f"an entry of a list begins with a hyphen and a blank{sign}"
    return Slip(number, first.start("sign"), why, f"write {before}{typed}")


def _valued(key: str) -> str:
    """What to type for a name that stands alone."""
    example = next((one.example for one in fields.FIELDS if one.name == key), "")
    such = f", such as {key}: {example}" if example else ""
    return f"write {key}: with what belongs behind it{such}, or delete this line"


def unspaced(rows: Sequence[str], loader: Any) -> Slip | None:
    """`company:Acme` where it is the only property: for YAML that is a word."""
    found = _no_colon(_End(rows, len(rows) - 1, 0, "", None, loader))
    return found if found and ":" in rows[found.line] else None


def _moved_in(end: _End) -> Slip | None:
    """A key with blanks before it, below a key that has a value already, or on the first line."""
    number = 0 if "document start" in end.told else end.line
    row = end.rows[number]
    above = next((one for one in reversed(end.rows[:number]) if one.strip()), "x: x")
    if row[:1] != " " or not re.match(r"[\w\"']", row.strip()) or not re.match(r"[^\s-][^:]*:[ ]+\S", above):
        return None
    if ":" not in row or not _reads(row.strip()):
        return None
    remedy = f"write {row.strip()}, at the very beginning of the line"
    return Slip(number, len(row) - len(row.lstrip()), "there are blanks before this name", remedy)


def _in_a_list(end: _End) -> Slip | None:
    """An entry with other blanks before it than the entry above it."""
    start = len(end.row) - len(end.row.lstrip())
    above = end.rows[end.line - 1] if end.line else ""
    if not all(row.lstrip().startswith("- ") for row in (end.row, above)) or above.startswith(f"{' ' * start}-"):
        return None
    return Slip(end.line, start, "this entry stands further in, or out, than the one above it", _ALIGNED)


def _list_beside(end: _End) -> Slip | None:
    """A list that begins on the line of its name: in quotes, its hyphens would be part of what is said."""
    match = _ENTRY.fullmatch(end.row.rstrip()) if len(end.row) <= LONGEST else None
    if not match or not match["before"].strip() or not match["value"].startswith("- "):
        return None
    key = match["before"].strip(" -:\"'")
    entries = re.split(r"[;,]?\s+-\s+", match["value"][2:].strip())
    goes_on = "".join(end.rows[end.line + 1 : end.line + 2]).lstrip().startswith("- ")
    remedy = f"write - {entries[0]} on a line of its own below {key}:" if goes_on else f"write {listed(key, entries)}"
    return Slip(end.line, end.column, "a list cannot begin on the line of its name", remedy)


def listed(key: str, entries: Sequence[str]) -> str:
    """A property with a list on its line; with the value alone where there is one only."""
    if len(entries) == 1:
        return row if _reads(row := f"{key}: {entries[0]}") else f"{key}: {in_quotes(entries[0])}"
    return f"{key}: [{', '.join(map(in_quotes, entries))}]"


def in_quotes(value: str) -> str:
    """A value as YAML reads it everywhere."""
    return json.dumps(value, ensure_ascii=False)


def _unquoted(end: _End) -> Slip | None:
    """A value that YAML reads in quotes only."""
    typed = quoted(end.row)
    return Slip(end.line, end.column, "this value has to stand in quotes", _write(typed)) if typed else None


def quoted(row: str) -> str:
    """A line with its value in quotes; nothing if that cannot be read either."""
    match = _ENTRY.fullmatch(row.rstrip()) if len(row) <= LONGEST else None
    if not match or not match["before"].strip() or match["value"].startswith("- "):
        return ""
    return _in_quotes(match["before"].lstrip(), match["value"])


def _in_quotes(before: str, value: str) -> str:
    value = value.replace("'", "''") if '"' in value else value
    typed = f"{before}'{value}'" if '"' in value else f'{before}"{value}"'
    return typed if _reads(typed) else ""


def _write(typed: str) -> str:
    return f"write {typed}" if typed else REMEDY


def _reads(row: str) -> bool:
    """Whether YAML reads a line by itself, as a name and a value or as entry of a list."""
    if len(row) > LONGEST:
        return False
    loader = yaml.BaseLoader(row)
    try:
        return isinstance(loader.get_single_data(), dict | list)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError):
        return False
    finally:
        loader.dispose()


# --- what is read without a word ---------------------------------------------------------------------------


class Misread(NamedTuple):
    """A value that is read, but not as it was typed: line and column from 1, and what to type instead. `sign` is one
    that closes what nothing opens: it would be said.
    """

    line: int
    column: int
    key: str
    remedy: str
    sign: str = ""


def misread(
    rows: Sequence[str],
    keys: Mapping[str, tuple[int, int]],
    entries: Mapping[str, Sequence[tuple[int, int]]],
    values: Mapping[str, Any],
) -> Iterator[Misread]:
    """Of these properties, those that YAML reads otherwise than people mean them. `rows` are the lines of the note,
    `keys` says where each name stands, `entries` where those of a list.
    """
    for key, value in values.items():
        yield from _unopened(rows, key, value, keys.get(key), entries.get(key, ()))
        if key not in keys:
            continue
        line, column = keys[key]
        row = rows[line - 1].rstrip()
        colon = row.find(":", column - 1 + len(key))
        rest = row[colon + 1 :].strip()
        if isinstance(value, list) and (run_on := _run_on(rows, line)):
            yield Misread(*run_on, key, _ALIGNED)
        if isinstance(value, list | dict) or len(row) > LONGEST or rest[:1] in ("'", '"', "|", ">"):
            continue
        if (eaten := _eaten(rest, value)) is not None:
            start = len(row) - len(row[colon + 1 :].lstrip())
            yield Misread(line, start + eaten + 1, key, _write(quoted(row)))
        elif value and (found := _run_together(rows, line, rest)):
            typed = rows[found[0] - 1][found[1] - 1 :].strip(" \t-–—•")
            yield Misread(*found, key, f"write a hyphen and a blank before each: - {typed}")
        elif key in _LISTS and (found := _without_hyphens(rows, line, rest)):
            typed = rows[found[0] - 1][found[1] - 1 :].strip()
            yield Misread(*found, key, f"write each on a line of its own, with a hyphen and a blank before: - {typed}")


_OPENING: Final = {"]": "[", "}": "{", '"': '"'}


def _unopened(
    rows: Sequence[str], key: str, value: Any, name: tuple[int, int] | None, entries: Sequence[tuple[int, int]]
) -> Iterator[Misread]:
    """Values without quotes that end with a sign that nothing opens: `company: Acme]`."""
    found = zip(value, entries, strict=False) if isinstance(value, list) else [(value, name)] if name else ()
    for typed, (line, _) in found:
        sign = typed[-1:] if isinstance(typed, str) else ""
        if sign not in _OPENING or len(rows[line - 1]) > LONGEST:
            continue
        row = rows[line - 1].rstrip()
        if not row.endswith(f" {typed}"):
            continue
        even = typed.count(sign) % 2 == 0 or typed[-2:-1].isdigit()  # a screen of 27"
        if typed.count(sign) > typed.count(_OPENING[sign]) or (sign == '"' and not even):
            yield Misread(line, len(row), key, f"write {row[:-1].strip()}", sign)


def _eaten(rest: str, value: str | None) -> int | None:
    """Where in a line, behind its colon, something begins that YAML leaves out: a comment that hardly is one (`#15`; a
    real one has a blank behind its sign), or a tag (`!Acme`).
    """
    if rest.startswith("!"):
        return 0
    found = _COMMENT.search(rest)
    meant = found and re.match(r"#\d|#e?x" if value else r"#\S", rest[found.start() :])
    return found.start() if found and meant else None


def _run_together(rows: Sequence[str], line: int, rest: str) -> tuple[int, int] | None:
    """Where a list begins that is none for YAML: its hyphens have no blank behind them, or are dashes."""
    if rest.startswith("-") and len(rest) > 1:
        row = rows[line - 1]
        return line, len(row) - len(rest) + 1
    below = "".join(rows[line : line + 1])
    if not rest and re.match(r"\s+(?:-[^\s-]|[–—•])", below):
        return line + 1, len(below) - len(below.lstrip()) + 1
    return None


def _without_hyphens(rows: Sequence[str], line: int, rest: str) -> tuple[int, int] | None:
    """Where a list begins that is one name for YAML, because no hyphens stand before its lines, each a name; a title
    may go on below.
    """
    below = list(takewhile(lambda row: row[:1] == " " and len(row) <= LONGEST, rows[line:]))
    named = [row.strip() for row in (rest, *below) if row.strip()]
    if (
        len(named) < 2
        or not all(_NAME.fullmatch(one) and one[0].isupper() for one in named)
        or any(map(_GOES_ON_BELOW.search, named[:-1]))
    ):
        return None
    first = line if rest else line + 1
    return first, rows[first - 1].index(named[0]) + 1


def _run_on(rows: Sequence[str], line: int) -> tuple[int, int] | None:
    """Where an entry of a list is part of the one above it, because it stands further in."""
    inside = list(takewhile(lambda row: row[:1] in (" ", "-"), rows[line:]))
    for number, (above, row) in enumerate(pairwise(inside), line + 2):
        plain = re.match(r"(\s*)- [^\s\"'\[{|>-][^:]*$", above)
        if plain and re.match(rf"{plain[1]}\s+- ", row):
            return number, row.index("-") + 1
    return None
