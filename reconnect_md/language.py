"""The words of a language -> what the agenda, the scripts and the log say in it.

A language is a folder of templates whose name is its code (`de`), with the file `words.md`; its other files stand in
for those of English. A vault may bring one of its own, or other words for one. English stands beside the folders.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

from pendulum import Date

from . import lines, moment, properties
from .errors import Problem, problem
from .model import Language, same
from .values import one_line

WORDS: Final = "words.md"
ENGLISH: Final = "en"

Files = Mapping[str, str]
"""Path of each template file -> its text."""

_CODE: Final = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]+)?")
_LAST_LINE: Final = re.compile(r"reconnect\b[^\d<>{}]*\{day\}[^\d<>{}:]*")
"""What the agenda's last line may say: the next pass has to know it again."""

_GAP: Final = re.compile(r"\{(\w+)\}")
_LISTS: Final = ("names", "none", "small_words", "own_words", "about_them", "honorifics", "articles", "with_me",
                 "follow_ups")  # fmt: skip
"""Those of the words of which there are several."""

_OF_DATES: Final = ("yesterday", "today", "tomorrow", "at", "noon", "o_clock")
"""Those of the words that stand in a date as people type it, beside the names of days and months."""


def in_english(typed: str, language: Language) -> str:
    """A date that somebody typed, with its words in English, whichever of all languages they are of: `gestern`, `21.
    Dezember um 14 Uhr`. A word of several is first of all English, then of this `language`.
    """
    english = _of_dates(language.english)
    known = {
        word: meant
        for one in (*reversed(language.others), language, language.english)
        for word, meant in zip(_of_dates(one), english, strict=True)
    }
    words = "|".join(map(re.escape, sorted(known, key=len, reverse=True)))
    return re.sub(rf"(?<!\w)(?:{words})(?!\w)", lambda found: known[found[0]], _plain(typed))


def _of_dates(language: Language) -> list[str]:
    """The words of dates: the names of months, short ones too, and of days, then those that are no names."""
    months = [
        Date(2026, number, 1).format(form, locale=language.words["locale"])
        for form in ("MMMM", "MMM")
        for number in range(1, 13)
    ]
    days = [language.weekday(Date(2026, 6, number)) for number in range(1, 8)]
    return [_plain(word).rstrip(".") for word in (*months, *days, *(language.words[key] for key in _OF_DATES))]


def _plain(words: str) -> str:
    """Words as they are looked up; the apostrophe of a phone is one."""
    return words.casefold().replace("’", "'")


def by_code(files: Files, known: Iterable[str] = ()) -> dict[str, dict[str, str]]:
    """The files of each language; those of none, which hold in every one, under the empty code.

    Languages are the `known` ones, and folders that have words.
    """
    codes = {*known, *(folder for path in files if (folder := _folder(path)) and _name(path) == WORDS)}
    found: dict[str, dict[str, str]] = {"": {}}
    for path, text in files.items():
        found.setdefault(_folder(path) if _folder(path) in codes else "", {})[path] = text
    return found


def _folder(path: str) -> str:
    """The folder of a file, if it could be that of a language."""
    folder = path.rpartition("/")[0].rpartition("/")[2].casefold()
    return folder if _CODE.fullmatch(folder) else ""


def _name(path: str) -> str:
    return path.rpartition("/")[2].casefold()


def find(typed: str, shipped: Files, vault: Files) -> str:
    """The code of the language that is meant by a code (`de`, `de_AT.UTF-8`) or a name (`German`, `Deutsch`); nothing
    if there is none.
    """
    code = typed.casefold().replace("_", "-").partition(".")[0]
    files = {**by_code(shipped), **by_code(vault)}
    names = {ENGLISH: ENGLISH, **{one: one for one in files if one}}
    for path, text in [*shipped.items(), *vault.items()]:
        if _name(path) == WORDS:
            names |= dict.fromkeys(
                map(same, listed(properties_of(path, text).values.get("names"))), _folder(path) or ENGLISH
            )
    return names.get(code) or names.get(same(typed)) or names.get(code.partition("-")[0], "")


def codes(shipped: Files, vault: Files) -> list[str]:
    """The languages that there are."""
    return sorted({ENGLISH, *by_code(shipped), *by_code(vault)} - {""})


def read(code: str, shipped: Files, vault: Files) -> tuple[Language, tuple[Problem, ...]]:
    """The language with that code, and what is wrong with the vault's own words. Words that are missing are English."""
    there = by_code(shipped)
    own = by_code(vault, there)
    problems: list[Problem] = []
    english = _over(Language(ENGLISH, {}, {}), there[""])
    made = {ENGLISH: english}
    for one in codes(shipped, vault):
        made[one] = _over(replace(made.get(one, english), code=one), there.get(one, {}))
        # What stands in no folder of a language holds in the one that is in force.
        for files in (own[""] if one == code else {}, own.get(one, {})):
            made[one] = _over(made[one], files, problems)
    others = (made[ENGLISH], *(one for key, one in made.items() if key != ENGLISH))
    chosen = made.get(code, english)
    return replace(chosen, others=tuple(one for one in others if one is not chosen)), tuple(problems)


def _over(below: Language, files: Files, problems: list[Problem] | None = None) -> Language:
    """A language with the words in these files instead of its own. Without `problems` they are shipped ones: only of
    those the phrases may be regular expressions.
    """
    words, lists, trusted = dict(below.words), dict(below.lists), problems is None
    for path, text in (one for one in files.items() if _name(one[0]) == WORDS):
        found = properties_of(path, text)
        if problems is not None:
            problems += [*found.problems, *found.slips(path, [*words, *_LISTS]), *_wrong(path, found, words)]
        for key, value in found.values.items():
            if key in _LISTS:
                several = listed(value)
                lists[key] = several if trusted or key != "follow_ups" else tuple(map(re.escape, several))
            elif (typed := one_line(value)) and (trusted or (key in words and not _why(key, typed, words[key]))):
                words[key] = typed
    return replace(below, words=words, lists=lists)


def _wrong(path: str, found: properties.Properties, english: Mapping[str, str]) -> Iterator[Problem]:
    for key, value in found.values.items():
        if key in english and (typed := one_line(value)) and (why := _why(key, typed, english[key])):
            remedy = f"write {key}: {english[key]}, in your language"
            yield problem("bad-template", path, *found.place(key), why=why, remedy=remedy)


def _why(key: str, typed: str, model: str) -> str:
    """Why words cannot stand for those of another language; nothing if they can."""
    if missing := {*_GAP.findall(model)} - {*_GAP.findall(typed)}:
        return f"{{{min(missing)}}} is missing in {key}"
    if key == "last_line" and not _LAST_LINE.fullmatch(typed):
        return "last_line has to begin with reconnect, without digits, < or >, and have no colon behind {day}"
    if model.endswith("{day}") and key.startswith("log") and not typed.endswith(" {day}"):
        return f"{key} has to end with {{day}}"
    if key.startswith("log") and ":" in typed:
        return f"{key} has a colon, behind which the log has your words"
    if key == "locale" and not moment.is_language(typed):
        return f"{typed} is no language whose names of days and months are known"
    return ""


def listed(value: Any) -> tuple[str, ...]:
    """A property as plain words, one or several."""
    return tuple(filter(None, map(one_line, value if isinstance(value, list) else [value])))


@lru_cache(maxsize=64)
def properties_of(path: str, text: str) -> properties.Properties:
    """The properties of a template, which are read once."""
    return properties.read(path, lines.unix(text))
