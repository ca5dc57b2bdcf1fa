"""`Reconnect.md` -> the settings of a vault. Every one is optional; what cannot be used is a problem and the default
stays.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

import pendulum

from . import lines, properties
from .errors import Problem, UnknownRegion, problem
from .script import Caller
from .values import date_and_time, is_timezone, one_line
from .workdays import WEEKDAYS, DaysOff, WorkCalendar, holidays_of

FILE: Final = "Reconnect.md"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults. Paths are relative to the vault; `horizon` is in days; weekdays count from
    Monday, 0.
    """

    me: str = ""
    phone: str = ""
    region: str | None = None
    weekend: frozenset[int] | None = None
    timezone: str = "UTC"
    interviews: str = "."
    agenda: str = "Agenda.md"
    templates: str = "Templates/Reconnect"
    days_off: DaysOff = ()
    horizon: int = 14
    ignore: tuple[str, ...] = ()

    @property
    def caller(self) -> Caller:
        """Who calls."""
        return Caller(self.me, self.phone)

    def agenda_on(self, today: pendulum.Date) -> str:
        """The agenda's path on a day: with `{date}` in it, every day has its own."""
        return self.agenda.replace("{date}", today.isoformat())

    def calendar(self, region: str | None) -> WorkCalendar:
        """The working days of a region, else of the settings' one. Raises `UnknownRegion`."""
        return WorkCalendar(region or self.region, self.weekend, self.days_off)


def read(text: str, system_timezone: str) -> tuple[Settings, tuple[Problem, ...]]:
    """The settings in the text of `Reconnect.md` (empty if there is none), and what is wrong with them."""
    found = properties.read(FILE, text)
    problems = [*found.problems, *_misplaced(text)]

    def wrong(key: str, wanted: str, example: str) -> None:
        value = one_line(found.values.get(key))
        problems.append(
            problem("bad-setting", FILE, *found.place(key), key=key, wanted=wanted, value=value, example=example)
        )

    def words(key: str, default: str = "") -> str:
        return one_line(found.values.get(key)) or default

    def listed(key: str) -> list[str]:
        value: Any = found.values.get(key)
        entries = value if isinstance(value, list) else re.split(r"[,;\n]", str(value or ""))
        return [entry for entry in map(one_line, entries) if entry]

    def path(key: str, default: str) -> str:
        typed = words(key, default).replace("\\", "/").strip("/") or default
        parts = PurePosixPath(typed).parts
        if ".." in parts or PurePosixPath(typed).is_absolute() or re.match(r"[A-Za-z]:", typed):
            wrong(key, "a path inside the vault", default)
            return default
        return PurePosixPath(typed).as_posix()

    timezone = words("timezone", system_timezone)
    if not is_timezone(timezone):
        wrong("timezone", "a time zone", "America/Chicago")
        timezone = system_timezone
    region = words("region") or None
    try:
        _ = holidays_of(region) if region else None
    except UnknownRegion as failure:
        place = found.place("region")
        problems.append(problem("unknown-region", FILE, *place, value=region, instead=failure.remedy, example="US-TX"))
        region = None
    weekend = frozenset(day for word in listed("weekend") if (day := _weekday(word)) is not None)
    if len(weekend) != len(listed("weekend")) or len(weekend) == 7:
        wrong("weekend", "a list of weekdays", "[Friday, Saturday]")
        weekend = frozenset()
    days_off = [_range(entry) for entry in listed("days_off")]
    if None in days_off:
        wrong("days_off", "a list of dates and ranges of dates", "[2026-12-24, 2026-12-28..2027-01-03]")
    horizon = words("horizon", "14")
    if not re.fullmatch(r"\d{1,3}", horizon):
        wrong("horizon", "a number of days", "14")
        horizon = "14"
    agenda = path("agenda", "Agenda.md")
    if "{date}" in agenda.rpartition("/")[0] or agenda.count("{date}") > 1:
        wrong("agenda", "a path with {date} in the file's name only", '"Agenda/{date}.md"')
        agenda = "Agenda.md"
    return Settings(
        me=words("me"),
        phone=words("phone"),
        region=region,
        weekend=weekend or None,
        timezone=timezone,
        interviews=path("interviews", "."),
        agenda=agenda if agenda.casefold().endswith(".md") else f"{agenda}.md",
        templates=path("templates", "Templates/Reconnect"),
        days_off=tuple(span for span in days_off if span),
        horizon=int(horizon),
        ignore=tuple(entry.strip("/").replace("\\", "/") for entry in listed("ignore")),
    ), tuple(problems)


_SETTING: Final = re.compile(rf"[\s{lines.BOM}–—-]*\b({'|'.join(Settings.__dataclass_fields__)})[ \t]*:")
"""A setting in the first words of the note, above which the line `---` was lost."""


def _misplaced(text: str) -> Iterator[Problem]:
    if not lines.front_matter(lines.split(text)) and (first := _SETTING.match(text)):
        yield problem("no-opening", FILE, len(lines.split(text[: first.start(1)] + "x")))


def _weekday(word: str) -> int | None:
    """Monday, Mon or mo -> 0."""
    matching = [n for n, name in enumerate(WEEKDAYS) if len(word) >= 2 and name.casefold().startswith(word.casefold())]
    return matching[0] if len(matching) == 1 else None


def _range(entry: str) -> tuple[pendulum.Date, pendulum.Date] | None:
    """`2026-12-24` or `2026-12-24..2027-01-03`."""
    first, dots, last = entry.partition("..")
    span = [date_and_time(first.strip()), date_and_time((last if dots else first).strip())]
    if span[0] is None or span[1] is None or span[0][0] > span[1][0]:
        return None
    return span[0][0], span[1][0]
