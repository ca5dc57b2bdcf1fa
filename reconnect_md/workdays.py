"""Working days of an employer's region: which days count, and by what name the others are passed over.

A working day is no weekend day, no public holiday and no day off (design, section 3, rule 3). Holidays and weekends are
the `holidays` library's; a working Saturday that a country puts in for a bridge day stays a weekend day here, because
calling on it would surprise both sides.
"""

import difflib
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import cache
from typing import Any, Final

from pendulum import Date

from .errors import NoWorkday, UnknownRegion
from .model import PassedOver

MOST_DAYS_OFF: Final = 3 * 366
"""So many days in a row without a working day are taken for a slip in the settings."""

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

DAY_OFF: Final = "your day off"
"""By this name the person's own days off are passed over."""

DaysOff = tuple[tuple[Date, Date], ...]
"""The person's own days off: first and last day of each range, both included."""


class WorkCalendar:
    """The working days of one region.

    `region` is an ISO 3166 country or subdivision (`AE`, `US-TX`), or None for Saturday and Sunday only; `weekend`
    holds weekdays (0 is Monday) and overrides the region's; holidays have their names of the `language`, where the
    library has such. Raises `UnknownRegion`.
    """

    def __init__(
        self,
        region: str | None = None,
        weekend: frozenset[int] | None = None,
        days_off: DaysOff = (),
        language: str = "en",
    ) -> None:
        self.region = region
        self._days_off = days_off
        self._holiday, self._weekend = holidays_of(region, language) if region else (_no_holiday, _saturday_sunday)
        if weekend is not None:
            self._weekend = lambda day: day.weekday() in weekend
        self._known: dict[int, str | None] = {}

    def why_off(self, day: Date) -> str | None:
        """Why `day` is no working day ("Saturday", "Thanksgiving Day", "your day off"); None if it is one."""
        return self._why(day.toordinal())

    def _why(self, ordinal: int) -> str | None:
        """The same by the number of the day: arithmetic with dates is what all of it would take its time for."""
        if ordinal not in self._known:
            self._known[ordinal] = self._why_off(Date.fromordinal(ordinal))
        return self._known[ordinal]

    def _why_off(self, day: Date) -> str | None:
        if self._weekend(day):
            return WEEKDAYS[day.weekday()]
        if holiday := self._holiday(day):
            return holiday
        return DAY_OFF if any(first <= day <= last for first, last in self._days_off) else None

    def add(self, day: Date, working_days: int) -> tuple[Date, tuple[PassedOver, ...]]:
        """The day so many working days later, counted from the next day on, and the days passed over on the way.

        Zero working days is `day` itself, working day or not. Raises `NoWorkday`.
        """
        passed: list[PassedOver] = []
        off, ordinal, last = 0, day.toordinal(), Date.max.toordinal()
        while working_days > 0:
            ordinal += 1
            if off > MOST_DAYS_OFF or ordinal > last:
                raise NoWorkday("there is no working day within three years", "shorten days_off in Reconnect.md")
            if why := self._why(ordinal):
                passed.append(PassedOver(Date.fromordinal(ordinal), why))
                off += 1
            else:
                working_days, off = working_days - 1, 0
        return Date.fromordinal(ordinal), tuple(passed)

    def next(self, day: Date) -> Date:
        """The first working day after `day`."""
        return self.add(day, 1)[0]

    def before(self, day: Date) -> Date:
        """The last working day before `day`."""
        for ordinal in range(day.toordinal() - 1, max(day.toordinal() - 1 - MOST_DAYS_OFF, 0), -1):
            if not self._why(ordinal):
                return Date.fromordinal(ordinal)
        raise NoWorkday("there is no working day within three years", "shorten days_off in Reconnect.md")

    def off(self, first: Date, last: Date) -> tuple[PassedOver, ...]:
        """The days after `first`, up to and including `last`, that are no working days."""
        days = range(first.toordinal() + 1, last.toordinal() + 1)
        return tuple(PassedOver(Date.fromordinal(day), why) for day in days if (why := self._why(day)))

    def count(self, first: Date, last: Date) -> int:
        """How many working days lie after `first`, up to and including `last`."""
        return sum(not self._why(day) for day in range(first.toordinal() + 1, last.toordinal() + 1))


def next_holidays(region: str, today: Date, count: int) -> list[PassedOver]:
    """The next public holidays of a region that fall on no day of its weekend, at the most a year ahead. Raises
    `UnknownRegion`.
    """
    holiday, weekend = holidays_of(region)
    days = (today.add(days=number) for number in range(366))
    found = (PassedOver(day, why) for day in days if not weekend(day) and (why := holiday(day)))
    return list(itertools.islice(found, count))


def country(region: str) -> str:
    """The name of a region's country: `United States`."""
    import holidays

    code = region.partition("-")[0].upper()
    names = (name for name, (_, *codes) in holidays.registry.COUNTRIES.items() if code in codes)
    return next(names, code).replace("_", " ").title()


def country_code(name: str) -> str:
    """The code of a country, by that code in any letters, or by its name: `United States`; nothing if no holidays are
    known for it.
    """
    try:
        holidays_of(name)
    except UnknownRegion:
        return next((code for code in _named().get(_folded(name), ()) if "-" not in code), "")
    return name.upper()


def _no_holiday(day: Date) -> str | None:
    return None


def _saturday_sunday(day: Date) -> bool:
    return day.weekday() >= 5


@cache
def holidays_of(region: str, language: str = "en") -> tuple[Callable[[Date], str | None], Callable[[Date], bool]]:
    """A region's holidays (day -> name or None) and weekend (day -> bool). The names are of the language (`de`), else
    English. Raises `UnknownRegion`.
    """
    import holidays  # 180 ms: only where a region is named

    country, _, typed = region.strip().partition("-")
    country, supported = country.upper(), holidays.list_supported_countries(include_aliases=True)
    subdivisions = {name.casefold(): name for name in supported.get(country, ())}
    if country not in supported or (typed and typed.casefold() not in subdivisions):
        remedy = _instead(region, country, supported.get(country))
        raise UnknownRegion(f"no holidays are known for the region {region}", remedy)
    where = {"country": country, "subdiv": subdivisions.get(typed.casefold())}
    known: Any = holidays.country_holidays(**where)
    named = sorted(known.supported_languages or ())
    own = [one for one in named if language != "en" and one.partition("_")[0] == language.partition("-")[0]]
    if chosen := [*own, *(one for one in named if one == "en_US")]:
        known = holidays.country_holidays(**where, language=chosen[0])
    return known.get, known.is_weekend


def _instead(typed: str, country: str, subdivisions: Collection[str] | None) -> str:
    """Which regions there are, for someone who typed another. `subdivisions` is None if there is no such country."""
    within = "" if subdivisions is None else f"{country}-"
    name = _folded(typed.partition("-")[2] if within else typed)
    known, remedy = _named(), "write {}"
    if name not in known and len(name) > 4:  # a shorter one is a code, and no slip of another
        name, remedy = next(iter(difflib.get_close_matches(name, known, 1, cutoff=0.85)), name), "did you mean {}?"
    if found := [code for code in known.get(name, ()) if code.startswith(within)][:4]:
        return remedy.format(" or ".join(found))
    if not subdivisions:
        return f"write {country}" if within else "write a code such as US, US-TX or GB-SCT"
    named = [f"{country}-{name}" for name in subdivisions]
    return (
        f"write {country}, or one of {', '.join(named)}"
        if len(named) < 20
        else f"write {country}, or a part of it such as {named[0]}"
    )


_ALSO: Final = {
    "America": "US", "Washington DC": "US-DC", "Britain": "GB", "Great Britain": "GB", "Emirates": "AE",
    "Deutschland": "DE", "Österreich": "AT", "Schweiz": "CH", "Suisse": "CH",
    "Bavaria": "DE-BY", "Hesse": "DE-HE", "Lower Saxony": "DE-NI", "North Rhine-Westphalia": "DE-NW",
    "Rhineland-Palatinate": "DE-RP", "Saxony": "DE-SN", "Saxony-Anhalt": "DE-ST", "Thuringia": "DE-TH",
}  # fmt: skip
"""Names that people type and `holidays` does not have: it knows the parts of Germany by their German names only."""


@cache
def _named() -> dict[str, list[str]]:
    """The codes of countries and their parts, by every name that `holidays` has for them (80 ms)."""
    import holidays

    named: dict[str, list[str]] = defaultdict(list)
    for country, (_, code, *_) in holidays.registry.COUNTRIES.items():
        known = getattr(holidays, code)
        named[_folded(country)].append(code)
        for part in known.subdivisions:
            named[_folded(part)].append(f"{code}-{part}")
            named[_folded(code + part)].append(f"{code}-{part}")
        for name, part in getattr(known, "subdivisions_aliases", {}).items():
            named[_folded(name)].append(f"{code}-{part}")
    for name, code in _ALSO.items():
        named[_folded(name)].append(code)
    return {name: sorted(set(codes)) for name, codes in named.items()}


def _folded(name: str) -> str:
    return "".join(filter(str.isalnum, name.casefold()))
