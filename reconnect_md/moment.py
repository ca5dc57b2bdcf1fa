"""A date in a format of Moment's, as Obsidian and its plugins name notes: `YYYY/MM-MMMM/[Week] gggg-[W]ww`.

pendulum knows all of it but the weeks, and brackets with anything in them.
"""

import re
from collections.abc import Callable
from typing import Final

from pendulum import Date
from pendulum.locales.locale import Locale

_TOKEN: Final = re.compile(
    r"\[[^\[]*\]|\\.|Mo|MM?M?M?|Do|DDDo|DD?D?D?|ddd?d?|do?|w[ow]?|W[oW]?|Qo?|YYYY|YY|Y|gggg|gg|GGGG|GG|e|E"
)

_ISO: Final = (1, 4)
"""On which day weeks begin (from Sunday, 0), and the day of January that is always in the first week of a year."""

_WEEKS: Final = {
    **dict.fromkeys(("en", "en-us", "en-ca", "en-in", "fr-ca", "pt-br", "ja", "ko", "he", "hi", "th", "zh-tw"), (0, 1)),
    **dict.fromkeys(("en-au", "es-mx"), (0, 3)),
    **dict.fromkeys(("bg", "bs", "eo", "eu", "hr", "me", "ro", "sl", "sr", "tr", "uz"), (1, 1)),
    **dict.fromkeys(("ar", "fa", "ku"), (6, 1)),
}
"""By Moment's languages; all others count as ISO 8601 does."""


_NUMBERED: Final[dict[str, Callable[[Date], int]]] = {
    "Mo": lambda day: day.month,
    "Qo": lambda day: day.quarter,
    "Do": lambda day: day.day,
    "DDDo": lambda day: day.day_of_year,
    "do": lambda day: day.isoweekday() % 7,
}
"""What is counted with an ordinal number, the weeks aside."""


def format(day: Date, pattern: str, language: str = "en") -> str:
    """The date as Moment writes it in a language (`en`, `de`, `pt-br`); some abbreviated names and ordinal numbers of
    other languages than English and German are pendulum's. What is neither a token nor in brackets stays.
    """
    chosen, locale = language.casefold().replace("_", "-"), _locale(language)
    return _TOKEN.sub(lambda found: _said(day, found[0], _WEEKS.get(chosen, _ISO), locale), pattern)


def is_language(name: str) -> bool:
    """Whether names of months and days are known in a language."""
    try:
        Locale.load(name if re.fullmatch(r"[\w-]+", name) else "")
    except (ImportError, ValueError):
        return False
    return True


def _locale(language: str) -> str:
    """The name that pendulum has for it: `pt-br`, else `pt`; English for one that it does not know."""
    name = language.casefold().replace("-", "_")
    if name.startswith("en"):
        return "en"  # Moment's English is the same everywhere but for the weeks
    return next((one for one in (name, name.partition("_")[0]) if is_language(one)), "en")


def _said(day: Date, token: str, weeks: tuple[int, int], locale: str) -> str:
    if token[0] in "[\\":
        return token[1:-1] if token[0] == "[" else token.replace("\\", "")
    if token[0] in "gG":
        return f"{_week(day, _ISO if token[0] == 'G' else weeks)[0]:04}"[-len(token) :]
    if token[0] in "wW":
        number = _week(day, _ISO if token[0] == "W" else weeks)[1]
        return _ordinal(number, locale, token) if token[-1] == "o" else f"{number:0{len(token)}}"
    if token in ("e", "E", "d"):
        from_sunday = day.isoweekday() % 7
        return str({"E": day.isoweekday(), "d": from_sunday, "e": (from_sunday - weeks[0]) % 7}[token])
    if token[-1] == "o":
        return _ordinal(_NUMBERED[token](day), locale, token)
    said = str(day.format("YYYY" if token == "Y" else token, locale=locale))
    return said.rstrip(".") if token == "dd" else said


def _week(day: Date, weeks: tuple[int, int]) -> tuple[int, int]:
    """The year that the week of a day is counted in, and its number there."""
    year = next(one for one in (day.year + 1, day.year, day.year - 1) if day >= _start(one, weeks))
    return year, (day - _start(year, weeks)).days // 7 + 1


def _start(year: int, weeks: tuple[int, int]) -> Date:
    """The first day of the first week of a year."""
    begins, always = weeks
    inside = Date(year, 1, always)
    return inside.subtract(days=(inside.isoweekday() % 7 - begins) % 7)


def _ordinal(number: int, locale: str, token: str) -> str:
    """ "3rd". pendulum has no German ones, and Moment says "1er mars", but "3 mars"."""
    if locale == "de":
        return f"{number}."
    if locale == "fr" and token == "Do" and number > 1:
        return str(number)
    return str(Locale.load(locale).ordinalize(number))
