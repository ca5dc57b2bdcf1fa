"""`Reconnect.md` -> the settings of a vault. Every one is optional; what cannot be used is a problem and the default
stays.
"""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple, TypeVar

import pendulum

from . import lines, moment, properties, taskline
from .errors import ONLY_RULE, Problem, UnknownRegion, problem
from .regions import holidays_of
from .script import Caller
from .values import is_timezone, one_line, span, span_meant, timezone_meant, unquoted
from .workdays import WEEKDAYS, DaysOff, WorkCalendar

FILE: Final = "Reconnect.md"

ON: Final = "true"
"""The setting `daily_note` for a daily note whose name is in the language of everything else."""

T = TypeVar("T")
V = TypeVar("V", str, list[str])


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings with their defaults. Paths are relative to the vault; `horizon` is in days, `rescan` in seconds;
    weekdays count from Monday, 0; `notify` is a local time (`08:30`), `on_change` a program and its words;
    `tasks_format` is a name of `taskline.FORMATS`, `tasks_filter` a word or `none`, both empty for what the Tasks
    plugin is set to; `daily_note` is the language of its name, or `ON`, and empty for none.
    """

    me: str = ""
    phone: str = ""
    region: str | None = None
    weekend: frozenset[int] | None = None
    timezone: str = "UTC"
    interviews: str = "."
    agenda: str = "Agenda.md"
    calendar: str = ""
    overview: str = ""
    templates: str = "Templates/Reconnect"
    days_off: DaysOff = ()
    horizon: int = 14
    ignore: tuple[str, ...] = ()
    rescan: int = 60
    notify: str = ""
    on_change: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    tasks_format: str = ""
    tasks_filter: str = ""
    daily_note: str = ""
    next_contact: bool = False
    language: str = "en"

    @property
    def caller(self) -> Caller:
        """Who calls."""
        return Caller(self.me, self.phone, self.region)

    def agenda_on(self, today: pendulum.Date) -> str:
        """The agenda's path on a day: with `{date}` in it, every day has its own."""
        return self.agenda.replace("{date}", today.isoformat())

    def workdays(self, region: str | None) -> WorkCalendar:
        """The working days of a region, else of the settings' one. Raises `UnknownRegion`."""
        return WorkCalendar(region or self.region, self.weekend, self.days_off, self.language)


class Reading(NamedTuple):
    """What `Reconnect.md` says, what is wrong with it, and where the value of each setting stands. `unread`: nothing of
    it could be read, so that these are the settings of before, or the defaults.
    """

    settings: Settings
    problems: tuple[Problem, ...]
    places: Mapping[str, properties.Place]
    unread: bool = False


def read(text: str, system_timezone: str, before: Settings | None = None) -> Reading:
    """The settings in the text of `Reconnect.md`, which is empty if there is none.

    What is wrong stays as it was `before`; a program that has just been started does not know that, and takes the
    default.
    """
    found = properties.read(FILE, text)
    default = Settings(timezone=system_timezone)
    if whole := tuple(_conflicts(text)) or (*found.problems, *_misplaced(text)):
        return Reading(before or default, whole, {}, unread=True)
    problems: list[Problem] = []
    slips = [*found.slips(FILE, list(Settings.__dataclass_fields__)), *properties.unquoted(FILE, text, found)]
    typed = _Typed(found, default, before or default, problems)
    made = Settings(
        me=typed.words("me"),
        phone=typed.words("phone"),
        region=typed.region(),
        weekend=typed.all("weekend", _weekend),
        timezone=typed.one("timezone", _timezone),
        interviews=typed.one("interviews", _path),
        agenda=typed.one("agenda", _agenda),
        calendar=typed.one("calendar", _calendar),
        overview=typed.one("overview", _overview),
        templates=typed.one("templates", _path),
        days_off=typed.days_off(),
        horizon=typed.one("horizon", lambda word: _number(word, 0, 999)),
        ignore=typed.all("ignore", lambda entries: tuple(one.strip("/").replace("\\", "/") for one in entries)),
        rescan=typed.one("rescan", lambda word: _number(word, 5, 86_400)),
        notify=typed.one("notify", _time),
        on_change=typed.command("on_change"),
        follow_ups=typed.all("follow_ups", tuple),
        tasks_format=typed.one("tasks_format", _tasks_format),
        tasks_filter=typed.one("tasks_filter", _tasks_filter),
        daily_note=typed.one("daily_note", _daily_note),
        next_contact=typed.one("next_contact", _switch),
        language=typed.words("language") or default.language,
    )
    return Reading(made, (*problems, *slips), found.places)


_WANTED: Final = {
    "weekend": ("a list of weekdays", "[Friday, Saturday]"),
    "timezone": ("a time zone", "America/Chicago"),
    "interviews": ("a path inside the vault", "."),
    "agenda": ("a path inside the vault", "Agenda.md"),
    "calendar": ("a path inside the vault", "Reconnect.ics"),
    "overview": ("a path inside the vault", "Overview.md"),
    "templates": ("a path inside the vault", "Templates/Reconnect"),
    "days_off": ("a list of dates and ranges of dates", "[2026-12-24, 2026-12-28..2027-01-03]"),
    "horizon": ("a number of days", "14"),
    "rescan": ("a number of seconds, 5 at the least", "60"),
    "notify": ("a time of the day", '"08:30"'),
    "on_change": ("a program and its words", "git-sync --quiet"),
    "tasks_format": ("emoji or dataview", "emoji"),
    "tasks_filter": ("a tag in quotes, a word, or none", '"#task"'),
    "daily_note": ("true or false, or the language of your Obsidian", "true"),
    "next_contact": ("true or false", "true"),
}
"""What a setting has to be, and an example."""

_DAYS_FORM: Final = "YYYY-MM-DD..YYYY-MM-DD"
"""For days off of which it is not known which are meant: those of an example are nobody's."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """The properties as they were typed. What cannot be read is a problem, and as it was while it was `good`."""

    found: properties.Properties
    default: Settings
    good: Settings
    problems: list[Problem]

    def words(self, key: str) -> str:
        return unquoted(one_line(self.found.values.get(key)))

    def entries(self, key: str) -> list[str]:
        value: Any = self.found.values.get(key)
        entries = value if isinstance(value, list) else re.split(r"[,;\n]", str(value or ""))
        return [entry for entry in map(one_line, entries) if entry]

    def one(self, key: str, read: Callable[[str], T]) -> T:
        return self._read(key, self.words(key), read)

    def all(self, key: str, read: Callable[[list[str]], T]) -> T:
        return self._read(key, self.entries(key), read)

    def command(self, key: str) -> tuple[str, ...]:
        if isinstance(self.found.values.get(key), list):
            return tuple(self.entries(key))
        return self.one(key, _command)

    def days_off(self) -> DaysOff:
        """The days that can be read. A day that cannot may be one of those that were good before."""
        entries = self.entries("days_off")
        days = [span(entry) for entry in entries]
        places = self.found.entries.get("days_off", ())
        meant = [entry if day else span_meant(entry) for entry, day in zip(entries, days, strict=True)]
        wanted, _ = _WANTED["days_off"]
        for number, day in enumerate(days):
            if day is None:
                place = places[number] if len(places) == len(days) else None
                right = ", ".join(one or _DAYS_FORM for one in meant)
                self.wrong(
                    "days_off",
                    wanted,
                    f"[{right}], with year, month, day" if _DAYS_FORM in right else f"[{right}]",
                    place,
                    entries[number],
                )
        kept = self.good.days_off if None in days else ()
        return (*(day for day in days if day), *kept)

    def region(self) -> str | None:
        try:
            return self.one("region", lambda word: word if holidays_of(word) is not None else None)
        except UnknownRegion as failure:
            place, value = self.found.place("region"), self.words("region")
            self.problems.append(problem("unknown-region", FILE, *place, value=value, instead=failure.remedy))
            return self.good.region

    def _read(self, key: str, typed: V, read: Callable[[V], T]) -> T:
        """The value of a setting; its default if nothing was typed."""
        if not typed:
            return getattr(self.default, key)  # type: ignore[no-any-return]
        try:
            return read(typed)
        except ValueError as error:
            wanted, example = error.args if len(error.args) > 1 else _WANTED[key]
            zone = timezone_meant(self.words(key)) if key == "timezone" else ""
            self.wrong(key, wanted, zone or example)
            return getattr(self.good, key)  # type: ignore[no-any-return]

    def wrong(
        self, key: str, wanted: str, example: str, at: properties.Place | None = None, typed: str | None = None
    ) -> None:
        place, value = at or self.found.place(key), typed or self.words(key)
        self.problems.append(problem("bad-setting", FILE, *place, key=key, wanted=wanted, value=value, example=example))


def _path(typed: str) -> str:
    path = PurePosixPath(typed.replace("\\", "/").strip("/") or ".")
    if ".." in path.parts or re.match(r"[A-Za-z]:", str(path)):
        raise ValueError
    return path.as_posix()


def _agenda(typed: str) -> str:
    path = _note(typed)
    if "{date}" in path.rpartition("/")[0] or path.count("{date}") > 1:
        raise ValueError("a path with {date} in the file's name only", '"Agenda/{date}.md"')
    return path


def _chosen(typed: str, name: str) -> str:
    """`true` for a file of the usual name, `false` for none; anything else is a name."""
    try:
        return name if _switch(typed) else ""
    except ValueError:
        return typed


def _overview(typed: str) -> str:
    chosen = _chosen(typed, "Overview.md")
    return chosen and _note(chosen)


def _note(typed: str) -> str:
    path = _path(typed)
    if path == ".":
        raise ValueError
    return path if path.casefold().endswith(".md") else f"{path}.md"


def _calendar(typed: str) -> str:
    if not (chosen := _chosen(typed, "Reconnect.ics")):
        return ""
    path = _path(chosen)
    if path == "." or "{" in path:
        raise ValueError
    return path if path.casefold().endswith(".ics") else f"{path}.ics"


def _timezone(typed: str) -> str:
    if not is_timezone(typed):
        raise ValueError
    return typed


def _number(typed: str, least: int, most: int) -> int:
    if not re.fullmatch(r"\d{1,5}", typed) or not least <= int(typed) <= most:
        raise ValueError
    return int(typed)


def _command(typed: str) -> tuple[str, ...]:
    """The words of a command line: quotes hold them together, and a backslash is one, as in paths of Windows."""
    words = shlex.shlex(typed, posix=True, punctuation_chars=False)
    words.whitespace_split, words.commenters, words.escape = True, "", ""
    return tuple(words)


def _switch(typed: str) -> bool:
    if typed.casefold() not in ("true", "yes", "on", "false", "no", "off"):
        raise ValueError
    return typed.casefold() in ("true", "yes", "on")


def _daily_note(typed: str) -> str:
    """The language of its name, or `ON`; empty for none."""
    if moment.is_language(typed):
        return typed
    return ON if _switch(typed) else ""


def _tasks_format(typed: str) -> str:
    if typed.casefold() not in taskline.FORMATS:
        raise ValueError
    return typed.casefold()


def _tasks_filter(typed: str) -> str:
    if not (words := taskline.filter_of(typed)):
        raise ValueError
    return words


def _time(typed: str) -> str:
    """A time of the day as `08:30`."""
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.h]([0-5]\d)", typed)
    if not found:
        raise ValueError
    return f"{int(found[1]):02}:{found[2]}"


def _weekend(typed: list[str]) -> frozenset[int]:
    days = frozenset(map(_weekday, typed))
    if len(days) != len(typed) or len(days) == len(WEEKDAYS):
        raise ValueError
    return days


_NAMES: Final = "|".join(Settings.__dataclass_fields__)
_SETTING: Final = re.compile(rf"[\s{lines.BOM}–—-]*\b({_NAMES})[ \t]*:")
"""A setting in the first words of the note, above which the line `---` was lost."""

_BELOW: Final = re.compile(rf"^---[ \t]*\r?\n({_NAMES})[ \t]*:", re.MULTILINE)
"""Settings that begin as they have to, but below other words."""


def _conflicts(text: str) -> Iterator[Problem]:
    if line := lines.conflict(text):
        yield problem("conflict-markers", FILE, line)


def _misplaced(text: str) -> Iterator[Problem]:
    if not lines.front_matter(lines.split(text)) and (first := _SETTING.match(text) or _BELOW.search(text)):
        yield problem("no-opening", FILE, len(lines.split(text[: first.start(1)] + "x")), remedy=ONLY_RULE)


def _weekday(word: str) -> int:
    """Monday, Mon or mo -> 0."""
    matching = [n for n, name in enumerate(WEEKDAYS) if len(word) >= 2 and name.casefold().startswith(word.casefold())]
    if len(matching) != 1:
        raise ValueError
    return matching[0]
