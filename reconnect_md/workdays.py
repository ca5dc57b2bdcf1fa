"""Working days of an employer's region: which days count, and by what name the others are passed over.

A working day is no weekend day, no public holiday and no day off (design, section 3, rule 3). Holidays and weekends are
the `holidays` library's; a working Saturday that a country puts in for a bridge day stays a weekend day here, because
calling on it would surprise both sides.
"""

import itertools
from typing import Final

from pendulum import Date

from .errors import NoWorkday
from .model import PassedOver
from .regions import holidays_of

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


def _no_holiday(day: Date) -> str | None:
    return None


def _saturday_sunday(day: Date) -> bool:
    return day.weekday() >= 5
