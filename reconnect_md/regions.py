"""The regions of which holidays are known: what people call them, and the holidays and weekends of each."""

import difflib
import marshal
import sys
from collections import defaultdict
from collections.abc import Callable, Collection
from functools import cache, cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from pendulum import Date

from . import cached
from .digests import digest
from .errors import UnknownRegion

_FORM: Final = b"reconnect region 1\n"


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


Holiday = Callable[[Date], str | None]
"""Day -> the name of the holiday on it."""

Weekend = Callable[[Date], bool]


@cache
def holidays_of(region: str, language: str = "en") -> tuple[Holiday, Weekend]:
    """A region's holidays (day -> name or None) and weekend (day -> bool). The names are of the language (`de`), else
    English. Raises `UnknownRegion`.
    """
    known = _Region(region, language)
    return known.holiday, known.is_weekend


class _Region:
    """What the library knows of a region: by year, the holidays by the number of their day, and the days of weekends.

    To ask it takes 200 ms, most of them for importing it, so what it said is in the user's cache folder; to be known
    there is to be a region. Raises `UnknownRegion`.
    """

    def __init__(self, region: str, language: str) -> None:
        self.names = region, language
        self.file = Path(cached.folder(), "regions", digest(repr(self.names)).hex())
        self.years: dict[int, tuple[dict[int, str], set[int]]] = {}
        try:
            self.years = marshal.loads(cached.load(self.file, _FORM + _version()) or b"")
        except Exception:  # whatever a damaged file brings about
            _ = self.library
            self.keep()

    def holiday(self, day: Date) -> str | None:
        return self.year(day.year)[0].get(day.toordinal())

    def is_weekend(self, day: Date) -> bool:
        return day.toordinal() in self.year(day.year)[1]

    def year(self, number: int) -> tuple[dict[int, str], set[int]]:
        if number not in self.years:
            known = self.library
            days = range(Date(number, 1, 1).toordinal(), Date(number, 12, 31).toordinal() + 1)
            named = {day: why for day in days if (why := known.get(Date.fromordinal(day)))}
            self.years[number] = named, {day for day in days if known.is_weekend(Date.fromordinal(day))}
            self.keep()
        return self.years[number]

    def keep(self) -> None:
        cached.keep(self.file, _FORM + _version(), lambda out: marshal.dump(self.years, out))

    @cached_property
    def library(self) -> Any:
        """The library's own."""
        return _library(*self.names)


@cache
def _version() -> bytes:
    """Of the library: what it says of a year changes from one to the next."""
    found = find_spec("holidays")
    file = Path(found.origin).with_name("version.py") if found and found.origin else Path(__file__)
    return digest(file.read_bytes() + sys.version.encode())


def _library(region: str, language: str) -> Any:
    import holidays  # 200 ms, with all of its countries

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
    return known


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
    "UAE": "AE", "Dubai": "AE", "Abu Dhabi": "AE", "Holland": "NL", "Brasil": "BR", "España": "ES",
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
