"""What people type as a value -> the value: dates as ISO 8601 has them, time zones, plain words on one line."""

import re
from collections.abc import Sequence
from typing import Any, Final

import pendulum
from pendulum import Date

from . import markdown

_DATE: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d?\d:\d\d)(?::\d\d(?:\.\d+)?)?[ ]?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?\Z"
)
_UTC: Final = re.compile(r"Z|[+-]00:?00\Z")
_YEARS: Final = range(1900, 3000)


def date_and_time(typed: str) -> tuple[Date, str, str] | None:
    """Date, time (`14:00` or nothing) and offset (`Z` for UTC, `+01:00` or nothing) of an ISO 8601 text; None if it is
    none. An hour may have one digit (`9:30`), as people write it.
    """
    match = _DATE.match(typed)
    if not match or int(typed[:4]) not in _YEARS:
        return None
    try:
        day = Date.fromisoformat(match[1])
        time = match[2].zfill(5) if match[2] else ""
        if time:
            pendulum.parse(time, exact=True)
    except ValueError:
        return None
    return day, time, _UTC.sub("Z", match[3] or "")


def is_timezone(name: str) -> bool:
    """Whether the system or `tzdata` knows this time zone."""
    try:
        pendulum.timezone(name)
    except (pendulum.tz.exceptions.InvalidTimezone, ValueError, OSError):
        return False
    return True


def one_line(value: Any) -> str:
    """Any YAML value as plain words on one line: lists joined, wikilinks as they show."""
    if isinstance(value, list):
        # An unquoted [[Ana Rivera]] is a list in a list for YAML, and a link for everyone else.
        entries = (f"[[{one_line(entry)}]]" if isinstance(entry, list) else entry for entry in value)
        return ", ".join(filter(None, map(one_line, entries)))
    if isinstance(value, dict):
        return ", ".join(filter(None, map(one_line, value.values())))
    return " ".join(markdown.link_text(str(value)).split()) if value is not None else ""


def together(words: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"."""
    return " and ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))
