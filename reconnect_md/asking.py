"""The conversations on a terminal: for the settings of a new vault, and for the evaluation right after an interview.

Questions go to stderr. An empty line takes what is shown, or leaves it for later. Nothing is written here: who stops in
the middle has changed nothing.
"""

import locale
import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

import click
from pendulum import Date

from . import regions, workdays
from .create import Answer, place
from .errors import Failure
from .language import in_english
from .model import Language, Method, same
from .outlook import english
from .script import day
from .settings import FILE
from .values import DAY_FORM, date_and_time, days_meant, or_with_hour

T = TypeVar("T")

TYPED: Final = "reconnect_md.typed"
"""Where click's context has the lines that were typed so far: who stops in the middle is shown them."""

_NUMBER: Final = re.compile(r"\+?[\d\s()./-]{5,}")
"""What nobody is called."""


def is_possible() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _say(text: str) -> None:
    click.echo(text, err=True)


def _ask(question: str, default: str = "", end: str = ": ") -> str:
    """One line. Raises `click.Abort` on Ctrl-C and Ctrl-D."""
    typed = click.prompt(question, default=default, show_default=bool(default), prompt_suffix=end, err=True)
    line = " ".join(str(typed).split())
    if line != default and (context := click.get_current_context(silent=True)):
        context.meta.setdefault(TYPED, []).append(line)
    return line


def _ask_line() -> str:
    return _ask("  -", end=" ")


def _until_right(question: str, default: str, read: Callable[[str], T]) -> T:
    """What `read` makes of a line; where that fails, it is said what to type, and asked again."""
    while True:
        try:
            return read(_ask(question, default))
        except Failure as failure:
            _say(f"  {failure.message}: {failure.remedy}")


# --- init ------------------------------------------------------------------------------------------------


def settings(folder: Path | None, given: Mapping[str, str], today: Date) -> tuple[Path, dict[str, str]]:
    """Folder and settings of a new vault; what was given is not asked for, and of one that has settings nothing is."""
    if folder is None:
        here = str(Path.cwd())
        folder = _until_right("Folder for your job search", here, lambda typed: place(Path(typed).expanduser()))
    chosen = dict(given)
    if (folder / FILE).exists():
        return folder, chosen
    chosen["me"] = given["me"] or _ask("Your name, as you say it on the phone (empty: later)")
    chosen["phone"] = given["phone"] or _ask("Your phone number, for messages (empty: none)")
    if not given["region"]:
        _say("Where the employers are: a country or state, such as US-TX, GB-SCT or DE, because of its holidays.")
        if guess := country_of(_locales()):
            _region(guess, today)
        chosen["region"] = _until_right(
            "Region (- for none)", guess or "-", lambda typed: guess if typed == guess else _region(typed, today)
        )
    return folder, chosen


def _region(typed: str, today: Date) -> str:
    """The region as typed, once its next holiday was shown: by that a person sees whether it is the right one."""
    if typed == "-":
        return ""
    for holiday in workdays.next_holidays(typed, today, 1):
        country, coming = regions.country(typed), day(holiday.date, today, english())
        _say(f"  {typed}: {country}; the next holiday is {holiday.why}, on {coming}.")
    return typed


def country_of(locales: Iterable[str]) -> str:
    """The code of the country that the first of these names of locales has, if holidays are known for it: `DE` of
    `de_DE.UTF-8`, of `de-DE` and of Windows' `German_Germany.1252`; nothing if none has any (`C.UTF-8`).
    """
    named = (re.split(r"[_-]", re.split(r"[.@]", one)[0])[1:] for one in locales)
    return next((code for parts in named if parts and (code := regions.country_code(parts[-1]))), "")


def _locales() -> list[str]:
    """The computer's language settings, in the order in which they hold; whether they are installed does not matter."""
    windows = [locale.getlocale()[0]] if sys.platform == "win32" else []
    return [one for one in (*map(os.environ.get, ("LC_ALL", "LC_CTYPE", "LANG")), *windows) if one]


# --- new -------------------------------------------------------------------------------------------------


def facts(
    given: Mapping[str, str | Sequence[str]],
    today: Date,
    language: Language,
    known: Sequence[str] = (),
    since: Date | None = None,
) -> dict[str, str | Sequence[str]]:
    """Where and when the interview was, who conducted it beside those that are known, and how to reach them; what was
    given is not asked for.
    """
    asked = dict(given)
    asked["company"] = given["company"] or _ask("Company (empty: later)")
    asked["position"] = given["position"] or _ask("Position (empty: later)")
    if not given["interviewed"]:
        asked["interviewed"] = _until_right(
            "Day of the interview", str(today), lambda typed: when(typed, today, language, since)
        )
    if not given["interviewers"]:
        who = f"Who beside {'; '.join(known)}" if known else "Who conducted it"
        asked["interviewers"] = _lines(f"{who}, one a line, as they spell it: Ana Rivera, Director of operations")
    asked["phone"] = given["phone"] or _ask("The number to call (empty: later)")
    return asked


def when(typed: str, today: Date, language: Language, since: Date | None = None) -> str:
    """Date, or date and time, of an interview, which was not before that of which it is a further one (`since`). Raises
    `Failure` with the day that is meant.
    """
    found = date_and_time(typed)
    if found and since and found[0] < since:
        raise Failure(f"{found[0]} is before the interview from which it goes on, on {since}", "write a later day")
    if found is None:
        meant = " or ".join(or_with_hour(typed, days_meant(in_english(typed, language), today, today=today)))
        raise Failure(f"“{typed}” is no date", f"write {meant or f'{DAY_FORM}, or with a time YYYY-MM-DDTHH:MM'}")
    return typed


def is_ahead(typed: str, today: Date) -> bool:
    """Whether an interview is still to come: nobody can evaluate it yet."""
    found = date_and_time(typed)
    return found is not None and found[0] > today


def _lines(question: str) -> list[str]:
    """As many people as somebody names; an empty line ends them."""
    _say(question)
    found = list[str]()
    while line := _ask_line():
        if _NUMBER.fullmatch(line):
            _say("  That is a number, and no name: write a name here, or an empty line to go on")
        else:
            found.append(line)
    return found


def answers(questions: Mapping[str, str], method: Method) -> dict[str, list[Answer]]:
    """What is answered to each question, in their order; with the better answer where the method has a label for one.

    `questions` are headings as compared and as written.
    """
    _say("Now the questions, while you remember: one line for each thing, or none. An empty line goes on: “later”.")
    found: dict[str, list[Answer]] = {}
    for question, written in questions.items():
        label, said = method.label(question), list[Answer]()
        _say(f"\n{written}")
        while line := _ask_line():
            if same(line) in method.language.none:
                said = said or [Answer(line)]
                break
            said.append(Answer(line, _ask(f"    {label} (empty: later)") if label else "", label))
        found[question] = said
    return found
