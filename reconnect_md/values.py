"""What people type as a value -> the value: dates as ISO 8601 has them, time zones, plain words on one line."""

import difflib
import re
import unicodedata
import zoneinfo
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any, Final

import pendulum
from pendulum import Date

from . import markdown
from .workdays import WEEKDAYS

_DATE: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d?\d:\d\d)(?::\d\d(?:\.\d+)?)?[ ]?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?)?\Z"
)
_UTC: Final = re.compile(r"Z|[+-]00:?00\Z")
_YEARS: Final = range(1900, 3000)

_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_BETWEEN: Final = r"(?:\s*[-/.,\u2010-\u2015]\s*|\s+(?:of\s+)?)"
_YEAR, _MONTH, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2}|[a-z]{3,9})", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_ORDERS: Final = [
    re.compile(
        rf"(?:(?P<weekday>[a-z]{{3,9}})[.,]*\s+)?{_BETWEEN.join(order)}\.?"
        r"(?:(?:t|[\s,]+(?P<at>at\s+)?)(?:(?:12\s+)?(?:o'clock\s+)?(?P<noon>noon)|(?P<hour>\d{1,2})"
        r"(?:[:.h](?P<minute>[0-5]\d)|(?P<sharp>h)|(?P<clock>\s?o'clock))?\s?(?P<half>[ap](?:\.?m)?\b\.?)?))?",
        re.ASCII,
    )
    for order in ((_YEAR, _MONTH, _DAY), (_DAY, _MONTH, _YEAR), (_MONTH, _DAY, _YEAR))
]
"""The orders in which people write a date, with its weekday and a time if they like: `Fri, Nov 20th, 2026 at 2 pm`."""

_SHORT_YEAR: Final = re.compile(r"^(\d{1,2}[-/.]\d{1,2}[-/.])(\d\d)$", re.ASCII)
_ALMOST_DIGITS: Final = re.compile(r"[\doOlI]{4}-[\doOlI]{1,2}-[\doOlI]{1,2}", re.ASCII)
_OPEN_HOURS: Final = tuple("1234567")
"""Hours as typed that are before noon for some people, and after it for others."""

_LETTERS: Final = str.maketrans("oOlI", "0011")
_DIGITS: Final = re.compile(r"^(\d{4})(\d\d)(\d\d)$", re.ASCII)
_DAY_LAST_BUT_ONE: Final = re.compile(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)", re.ASCII)
_UNTIL: Final = re.compile(
    r"(\d[:.h]\d\d|\d\s?[ap]\.?m\.?|\dh)\s*(?:[-\u2010-\u2015]|to|until)\s*\d{1,2}\S*(?:\s[ap]m)?$", re.I
)
"""A time with another up to which it went."""

_BEFORE_TIME: Final = re.compile(r"^(\d{4}-\d\d-\d\d)[Tt ]\s*(?=\d)", re.ASCII)
"""A day as it is to be written, before a time."""

_DOTTED: Final = re.compile(r"^(\d{1,2})\.\s?(0?[1-9]|1[012])\.", re.ASCII)
"""A day without a year as it is written in Europe: the day is first."""

_RELATIVE: Final = {"yesterday": -1, "today": 0, "tomorrow": 1}
_SIDES: Final = {"last": (True,), "": (True, False), "on": (True, False), "next": (False,)}
"""Whether the day is over that is meant by the name of one with a word before it."""

_PAST_THE_END: Final = re.compile(r"(\d{4})-(0[1-9]|1[012])-(?:29|30|31)", re.ASCII)

_TO: Final = re.compile(r"\s*(?:\.{2,}|…)\s*|\s+(?:to|until|[-–—])\s+")
"""What stands between the first and the last day of a span."""

_SHORT_ZONES: Final = {
    "est": "America/New_York", "edt": "America/New_York", "cst": "America/Chicago", "cdt": "America/Chicago",
    "mst": "America/Denver", "mdt": "America/Denver", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "eastern": "America/New_York", "central": "America/Chicago", "mountain": "America/Denver",
    "pacific": "America/Los_Angeles", "bst": "Europe/London", "cet": "Europe/Berlin",
    "cest": "Europe/Berlin", "ist": "Asia/Kolkata",
}  # fmt: skip

_NEAR: Final = 182
"""Days from the one that is known within which a day without a year is sought: there is only one such."""

_MOST_WORDS: Final = 8
"""Words among which a date is sought."""

DAY_FORM: Final = "YYYY-MM-DD (year, month, day)"
"""How a date is to be written, where it is not known which is meant: an example might be taken for it."""

_QUOTES: Final = " \"'“”„‘’‚«»"
"""What a date may stand in that a phone wrote: for YAML curly quotes are letters."""

_QUOTED: Final = re.compile(r"[“”„]([^“”„\"]+)[“”]|«([^«»]+)»|[‘‚]([^‘’‚]+)[‘’]|\"([^“”„\"]+)\"")

_LONGEST_DATE: Final = 60
"""Characters of a text that may be meant as a date."""


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


def date_meant(typed: str) -> str | None:
    """A date that is written in another way, as ISO 8601 has it, with the time if there is one; None if it is none, or
    can be read in two ways (`03/04/2026`, `at 3`). Months are numbers or English; without a year of four digits it is
    no date. Eight digits begin with the year: the other way round they have no month.
    """
    found = _readings(typed)
    return found.pop() if len(found) == 1 else None


def _readings(typed: str) -> set[str]:
    """All dates that can be read in a text, in ISO 8601: of `03/04/2026` two."""
    words = _DIGITS.sub(r"\1-\2-\3", typed.strip().casefold()[:_LONGEST_DATE])
    return {day for order in _ORDERS if (match := order.fullmatch(words)) for day in _iso(match)}


def _iso(typed: re.Match[str]) -> Iterator[str]:
    """`2026-11-20` or `2026-11-20T14:00`; nothing if there is no such day or time, or its weekday is another one."""
    month = _number(typed["month"], _MONTHS)
    for time in _times(typed):
        found = date_and_time(f"{typed['year']}-{month:02}-{int(typed['day']):02}{time}")
        weekday = _number(typed["weekday"], WEEKDAYS) if found and typed["weekday"] else None
        if found and weekday in (None, found[0].isoweekday()):
            yield f"{found[0]}{time}"


def _number(typed: str, names: Sequence[str]) -> int:
    """A number as it is; a name, or its first letters (`Nov`), as its place from 1; 0 if it is none."""
    if typed.isdecimal():
        return int(typed)
    return next((place for place, name in enumerate(names, 1) if name.casefold().startswith(typed)), 0)


def _times(typed: re.Match[str]) -> list[str]:
    """`T14:00`, empty if no time was typed; none for a number that is no time (`14`, `15:00 pm`), and both that it may
    be for an hour of which nothing says whether it is before noon (`at 3`).
    """
    if typed["hour"] is None:
        return ["T12:00" if typed["noon"] else ""]
    hour, half, minute = int(typed["hour"]), typed["half"], typed["minute"] or "00"
    if half:
        return [f"T{hour % 12 + 12 * half.startswith('p'):02}:{minute}"] if hour in range(1, 13) else []
    if not (typed["minute"] or typed["sharp"] or typed["at"] or typed["clock"]):
        return []
    is_open = not typed["sharp"] and typed["hour"] in _OPEN_HOURS
    return [f"T{one:02}:{minute}" for one in ((hour, hour + 12) if is_open else (hour,))]


def span(typed: str) -> tuple[Date, Date] | None:
    """First and last of the days in `2026-12-24` or `2026-12-24..2027-01-03`; None if these are none."""
    first, dots, last = typed.partition("..")
    found = date_and_time(first.strip()), date_and_time((last if dots else first).strip())
    return (found[0][0], found[1][0]) if found[0] and found[1] and found[0][0] <= found[1][0] else None


def span_meant(typed: str) -> str:
    """A day or span that is written in another way (`24.12.2026 - 3.1.2027`) as it is to be written; nothing if it is
    not sure which is meant.
    """
    days = [date_meant(one) for one in _TO.split(typed.strip())]
    meant = "..".join(day[:10] for day in days if day)
    return meant if len(days) < 3 and all(days) and span(meant) else ""


def days_meant(
    typed: str,
    near: Date | None = None,
    first: Date | None = None,
    last: Date | None = None,
    today: Date | None = None,
) -> list[str]:
    """The dates, in ISO 8601, that may be meant by what is none: one, or two where day and month can be either way
    round, or the hour before noon or after it. None where it is not known.

    A day without a year is the one next to `near`, from `first` to `last`; of two that can be read it is the one among
    those. A 31st of November is the 30th. `today` is the day on which it was typed, where that is known: only then
    “Friday” and “yesterday” mean a day. What stands behind a date (`25.11.2026 left a message`) is not read.
    """
    start = max(filter(None, (first, near and near.subtract(days=_NEAR))), default=Date.min)
    end = min(filter(None, (last, near and near.add(days=_NEAR))), default=Date.max)

    def fitting(found: Iterable[str]) -> list[str]:
        return sorted({day for day in found if str(start) <= day[:10] <= str(end)})

    spaced = _BEFORE_TIME.sub(r"\1 ", typed[:_LONGEST_DATE].strip(_QUOTES))
    words = _UNTIL.sub(r"\1", " ".join(spaced.split())).casefold().split()[:_MOST_WORDS]
    for count in range(len(words), 0, -1):
        said = " ".join(words[:count])
        if found := _whole(said):
            return (fitting(found) if len(found) > 1 else []) or sorted(found)
        if near_days := fitting(_without_year(said, near)):
            return near_days
    return fitting(_on(today, words)) if today else []


def or_with_hour(typed: str, days: list[str]) -> list[str]:
    """The same, and how the hour is written, where a day was typed with one that there is not (`2026-11-20T25:00`)."""
    unread = [day for day in days if len(day) == len("YYYY-MM-DD") and _BEFORE_TIME.match(typed.strip(_QUOTES))]
    return [*days, *(f"{day}THH:MM, with an hour from 00 to 23" for day in unread)]


def _whole(typed: str) -> set[str]:
    """What a date with its year may mean."""
    words = _SHORT_YEAR.sub(r"\g<1>20\2", typed)
    words = words.translate(_LETTERS) if _ALMOST_DIGITS.fullmatch(words) else words
    if date_and_time(words.upper()):
        return {words.upper()}
    if found := _readings(words) or _readings(_DAY_LAST_BUT_ONE.sub(r"\1-\4-\3", words, count=1)):
        return found
    if (past := _PAST_THE_END.fullmatch(words)) and int(past[1]) in _YEARS:
        return {Date(int(past[1]), int(past[2]), 1).end_of("month").isoformat()}
    return set()


def _without_year(typed: str, near: Date | None) -> Iterator[str]:
    """What a date may mean if it is one of the year of `near`, or of one beside it."""
    parts = _DOTTED.sub(lambda dotted: f"{dotted[1]} {_MONTHS[int(dotted[2]) - 1]}", typed).split()
    for year in (near.year - 1, near.year, near.year + 1) if near else ():
        for place in range(1, len(parts) + 1):
            yield from _readings(" ".join([*parts[:place], str(year), *parts[place:]]))


def _on(today: Date, words: Sequence[str]) -> Iterator[str]:
    """What words mean on a day: `yesterday`, `Friday` (the last one, and the next), `next Friday`, `tomorrow 2 pm`."""
    for count in range(1, len(words) + 1):
        for day in _named(today, " ".join(words[:count])):
            yield from _whole(" ".join([str(day), *words[count:]]))


def _named(today: Date, typed: str) -> Iterator[Date]:
    if typed in _RELATIVE:
        yield today.add(days=_RELATIVE[typed])
    side, _, name = typed.rpartition(" ")
    if len(name) > 2 and side in _SIDES and (weekday := _number(name, WEEKDAYS)):
        for over in _SIDES[side]:
            away = (today.isoweekday() - weekday if over else weekday - today.isoweekday()) % 7 or 7
            yield today.subtract(days=away) if over else today.add(days=away)


@cache
def timezone_meant(typed: str) -> str:
    """The name of the time zone of which this is a slip, or its city, or its short name in North America or Europe;
    nothing if of none.
    """
    known = {name.casefold(): name for name in sorted(zoneinfo.available_timezones()) if "/" in name}
    words = "_".join(typed.casefold().split())
    if words in _SHORT_ZONES:
        return _SHORT_ZONES[words]
    if offset := re.fullmatch(r"(?:utc|gmt)([+-])0?(\d{1,2})(?::00)?", words):
        # These names count the other way round.
        words = f"etc/gmt{'-' if offset[1] == '+' else '+'}{offset[2]}"
    cities = [name for key, name in known.items() if key.rpartition("/")[2] == words]
    slips = [] if cities or words in known else difflib.get_close_matches(words, known, 1, cutoff=0.8)
    return known.get(words, "") or "".join(cities[:1]) or "".join(known[slip] for slip in slips)


def is_timezone(name: str) -> bool:
    """Whether the system or `tzdata` knows this time zone."""
    try:
        pendulum.timezone(name)
    except (pendulum.tz.exceptions.InvalidTimezone, ValueError, OSError):
        return False
    return True


def is_place(name: str) -> bool:
    """Whether it is a time zone of some place: EST and MST have no summer time, which nobody means who types them."""
    return is_timezone(name) and name not in ("EST", "MST")


def one_line(value: Any) -> str:
    """Any YAML value as plain words on one line: lists joined, wikilinks as they show."""
    if isinstance(value, list):
        # An unquoted [[Ana Rivera]] is a list in a list for YAML, and a link for everyone else.
        entries = (f"[[{one_line(entry)}]]" if isinstance(entry, list) else entry for entry in value)
        return ", ".join(filter(None, map(one_line, entries)))
    if isinstance(value, dict):
        return ", ".join(filter(None, map(one_line, value.values())))
    return " ".join(markdown.link_text(str(value)).split()) if value is not None else ""


def unquoted(words: str) -> str:
    """Words without the quotes around all of them, as phones write them, too; other quotes stay."""
    found = _QUOTED.fullmatch(words)
    return found[found.lastindex or 0].strip() if found else words


def plain_text(words: str) -> str:
    """Words for a file of others: without control characters, and without what some reader takes for the end of a line
    (Python's `splitlines` is one), but for that itself.
    """
    lines = "\n".join(words.splitlines())
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
