"""A vault -> the plans in it: settings, step files and notes are read, and everything is planned for one day."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import PurePosixPath
from typing import Final

import pendulum
from pendulum import Date

from . import language, method, note, obsidian, plan, settings, slips, taskline, wording
from .errors import OutsideVault, Problem, SettingsUnread, Severity, Unsettled, problem
from .lines import BOM
from .model import Evaluation, Language, Method, Plan
from .settings import Settings
from .values import is_timezone
from .vault import CONFLICT_COPY, REPLACING, SAVING, Vault, shipped_templates
from .workdays import WorkCalendar

GONE: Final = 0.3
"""Seconds for which settings that are gone are taken for settings that are being replaced."""

NO_NOTES: Final = ("templates.json", "plugins/templater-obsidian/data.json", "app.json")
"""Settings of Obsidian that say where no evaluations are: of its core plugin Templates, of Templater, its own."""

OBSIDIAN: Final = (*NO_NOTES, *obsidian.FILES)
"""All of Obsidian's settings that are looked at."""

TEMPLATES: Final = "Templates"
"""Where Obsidian's core plugin looks if it was told nothing else; the notes in it are no evaluations."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a pass needs to know before it reads a note. `texts` are the vault's own templates, by path; `places` says
    where in `Reconnect.md` the value of each setting stands, `unread` why nothing of it can be used, and `is_bare` that
    nothing stands in it. `tasks` is how task lines are written.
    """

    settings: Settings
    method: Method
    problems: tuple[Problem, ...]
    texts: Mapping[str, str]
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    unread: Problem | None = None
    is_bare: bool = False
    tasks: taskline.Style = taskline.PLAIN

    @property
    def today(self) -> Date:
        """The local date in the settings' time zone: the only thing in a pass that is read from the clock."""
        return pendulum.now(self.settings.timezone).date()


@dataclass(frozen=True, slots=True)
class Notes:
    """The evaluations of a vault, by path, with their bytes.

    `broken` are the notes that cannot be read, and the folders (`Interviews/`) that cannot be listed; `shelved` those
    that are over for so long that no plan needs what stands in them, and `whole` says that they were read nevertheless.
    `past` are the shelved ones as they were read wholly for all that: no agenda needs them so, but the overview does.
    `again` are those that were looked at again, if not all were.
    """

    evaluations: dict[str, Evaluation]
    data: dict[str, bytes]
    problems: tuple[Problem, ...]
    broken: frozenset[str]
    shelved: frozenset[str] = frozenset()
    whole: bool = True
    again: frozenset[str] | None = None
    past: Mapping[str, Evaluation] = field(default_factory=dict)

    @property
    def paths(self) -> set[str]:
        """All of them, and what is broken."""
        return {*self.evaluations, *self.broken}


@dataclass(frozen=True, slots=True)
class Outlook:
    """The plans of a vault on one day."""

    today: Date
    frame: Frame
    notes: Notes
    plans: tuple[Plan, ...]
    calendars: dict[str, WorkCalendar]
    problems: tuple[Problem, ...]


def in_force(vault: Vault, before: Frame | None = None) -> Frame:
    """What a pass goes by, and everything else that tells a date or writes. As `frame`; but where nothing of
    `Reconnect.md` can be read and nothing was in force `before`, it does not go by the defaults: a call might fall on a
    holiday, or into another agenda. That raises `SettingsUnread`, and `Unsettled` while that note is being saved.
    """
    found = frame(vault, before)
    if before or not (found.unread or found.is_bare):
        return found
    if not vault.at_rest(settings.FILE, SAVING if found.unread else REPLACING, GONE):
        why = f"{settings.FILE} was changed a moment ago, and cannot be read yet"
        raise Unsettled(why, "run the command again in a minute; `reconnect check` says what is wrong with it")
    if found.unread:
        why = f"{str(found.unread).partition(' (')[0]}; without the settings no date is sure, and nothing was written"
        raise SettingsUnread(why, found.unread.remedy)
    return found


def frame(vault: Vault, before: Frame | None = None) -> Frame:
    """Settings and method of a vault, the vault's files over the shipped ones.

    What cannot be used is a problem, and what was in force `before` stays: the setting, the template; or the default.
    """
    text, wrong = _text(vault, settings.FILE)
    found = _settings(vault, text, wrong, before.settings if before else None)
    made, texts, bad = _method(vault, found.settings, found.places, before)
    problems = (*found.problems, *bad)
    why = found.problems[0] if found.unread else None
    chosen = replace(found.settings, language=made.language.code)
    tasks = obsidian.style(vault, chosen, before.tasks if before else None)
    return Frame(chosen, made, problems, texts, found.places, why, not text.strip(), tasks)


def _settings(vault: Vault, text: str, wrong: tuple[Problem, ...], before: Settings | None) -> settings.Reading:
    """What `Reconnect.md` says; it counts as unread if nothing can be used, neither now nor from before."""
    found = settings.read(text, system_timezone() or "UTC", before)
    chosen, places = _spelled(vault, found.settings), found.places
    wrong += found.problems
    unread = before is None and bool(wrong) and (found.unread or not text)
    wrong += tuple(problem("conflict-copy", copy) for copy in vault.copies(settings.FILE))
    if "templates" in places and chosen.templates != Settings().templates and is_gone(vault, chosen.templates):
        wrong += (no_folder(vault, "templates", chosen, places),)
    if before and before != chosen and not text.strip():
        chosen = before
        wrong = wrong or (problem("no-settings", settings.FILE),)
    elif before and is_gone(vault, chosen.interviews) and not is_gone(vault, before.interviews):
        wrong += (no_folder(vault, "interviews", chosen, places),)
        chosen = replace(chosen, interviews=before.interviews)
    return settings.Reading(chosen, wrong, places, unread)


def _spelled(vault: Vault, chosen: Settings) -> Settings:
    """The settings with their paths as the disk spells them."""
    interviews, agenda, templates = map(vault.spelled, (chosen.interviews, chosen.agenda, chosen.templates))
    calendar, overview = map(vault.spelled, (chosen.calendar, chosen.overview))
    return replace(
        chosen, interviews=interviews, agenda=agenda, templates=templates, calendar=calendar, overview=overview
    )


def _method(
    vault: Vault, chosen: Settings, places: Mapping[str, tuple[int, int]], before: Frame | None
) -> tuple[Method, Mapping[str, str], tuple[Problem, ...]]:
    """The steps and the layout, the texts of the vault's own templates, and what is wrong with those."""
    bad_texts: list[Problem] = []
    found = vault.templates(chosen.templates, lambda name, error: bad_texts.append(unreadable(name, error)))
    names = {one.name for one in found}
    is_away = "templates" in places and is_gone(vault, chosen.templates)
    if before and (bad_texts or is_away):
        names |= before.texts.keys()
    copies = {name for name in names if CONFLICT_COPY.search(name)}
    decoded = {name: _text(vault, name) for name in sorted(names - copies)}
    texts = {name: text.removeprefix(BOM) for name, (text, problems) in decoded.items() if not problems}
    code, unknown = _language(chosen, texts, places, before)
    made, bad_steps = method.read(shipped_templates(), texts, code) if texts else _shipped_method(code)
    bad_texts += [one for _, problems in decoded.values() for one in problems]
    worded = [
        one for name, text in texts.items() for one in wording.in_template(name, text, made.language, chosen.follow_ups)
    ]
    copied = [problem("conflict-copy", name) for name in sorted(copies)]
    spoiled = {one.note for one in (*bad_steps, *bad_texts)} & before.texts.keys() if before else set()
    if before and is_away:
        spoiled, bad_steps = {*before.texts}, ()
    if before and spoiled:
        texts |= {name: before.texts[name] for name in spoiled}
        made, _ = method.read(shipped_templates(), texts, code)
    return made, texts, (*unknown, *copied, *bad_steps, *bad_texts, *worded)


@cache  # of many vaults hardly one has templates of its own
def _shipped_method(code: str) -> tuple[Method, tuple[Problem, ...]]:
    """The method as it comes with the program, in a language."""
    return method.read(shipped_templates(), {}, code)


def _language(
    chosen: Settings, texts: Mapping[str, str], places: Mapping[str, tuple[int, int]], before: Frame | None
) -> tuple[str, tuple[Problem, ...]]:
    """The code of the language that the settings name. One that there is not is a problem, and that of before stays."""
    typed, there = chosen.language, shipped_templates()
    if code := language.find(typed, there, texts):
        return code, ()
    wanted, (*more, last) = "a language that is here", language.codes(there, texts)
    example = f"{', '.join(more)} or {last}; for another one, put its templates into {chosen.templates}/"
    place = places.get("language", (1, 1))
    wrong = problem("bad-setting", settings.FILE, *place, key="language", wanted=wanted, value=typed, example=example)
    return before.settings.language if before else Settings().language, (wrong,)


def _text(vault: Vault, name: str) -> tuple[str, tuple[Problem, ...]]:
    """The text of a settings note or a template; one that cannot be read is a problem, and empty."""
    try:
        found = vault.read(name)
        if found.digest is None and (away := vault.away(name)):
            raise away
        return note.decode(name, found.data)
    except (OSError, OutsideVault) as error:
        return "", (unreadable(name, error),)


def unreadable(name: str, error: OSError | OutsideVault) -> Problem:
    """Of a file, or a folder, that cannot be read."""
    if isinstance(error, OutsideVault):
        return problem("unreadable", name, why=error.message, remedy=error.remedy)
    return problem("unreadable", name, why=error.strerror or str(error))


def is_gone(vault: Vault, folder: str) -> bool:
    """Whether a folder that a setting names is not there."""
    return folder != "." and not (vault.root / folder).is_dir()


def no_folder(vault: Vault, key: str, chosen: Settings, places: Mapping[str, tuple[int, int]]) -> Problem:
    """A folder that a setting names and that is not there; perhaps another one is meant, or it is a file."""
    value = str(getattr(chosen, key))
    place = places.get(key, (1, 1))
    if (vault.root / value).is_file():
        folder = str(PurePosixPath(value).parent)
        remedy = f"write {key}: {folder}, its folder" if folder != "." else f"write the name of a folder behind {key}"
        return problem("no-folder", settings.FILE, *place, key=key, value=value, remedy=f"that is a file; {remedy}")
    meant = difflib.get_close_matches(value, vault.top_folders(), 1, cutoff=0.7)
    remedy = f"write {key}: {meant[0]}, or make that folder" if meant else f"make it, or change {key} in Reconnect.md"
    return problem("no-folder", settings.FILE, *place, key=key, value=value, remedy=remedy)


def english() -> Language:
    """The language of the command line, where there is no vault."""
    return language.read(language.ENGLISH, shipped_templates(), {})[0]


def system_timezone() -> str:
    """The name of the system's time zone; nothing where it has none that is known."""
    try:
        name = str(pendulum.tz.local_timezone().name)
    except (RuntimeError, ValueError, OSError):
        return ""
    return name if is_timezone(name) else ""


def outlook(notes: Notes, frame: Frame, today: Date, before: Outlook | None = None) -> Outlook:
    """The plans of these notes. What was planned `before` is not planned again where nothing of it has changed."""
    evaluations = list(notes.evaluations.values())
    calendars = _calendars(evaluations, frame.settings)
    hold = before is not None and before.frame is frame and before.today == today
    known = {one.evaluation.note: one for one in before.plans} if before and hold else {}
    plans = plan.plans(evaluations, frame.method, lambda evaluation: calendars[evaluation.note], today, known)
    live = [one for one in plans if one.evaluation.note not in notes.shelved]
    unsure = (slips.dated(one, today, frame.method.language) for one in notes.problems)
    problems = [*frame.problems, *unsure, *(found for one in plans for found in one.problems)]
    problems += slips.among(live, frame.method, today)
    if notes.whole and notes.shelved:
        problems += (replace(one, past=True) for one in slips.among(plans, frame.method, today))
    problems += slips.numbers(live, frame.settings.region)
    unread = any(found.note == settings.FILE and found.severity is Severity.ERROR for found in frame.problems)
    if not (frame.settings.me or unread) and any(step.open for one in plans for step in one.steps):
        problems.append(problem("no-name", settings.FILE, *frame.places.get("me", (1, 1))))
    return Outlook(today, frame, notes, plans, calendars, tuple(sorted({_to_blame(one, frame) for one in problems})))


def _to_blame(one: Problem, frame: Frame) -> Problem:
    """A problem at the setting that causes it, if it is not the note's."""
    if one.code != "no-workday" or "days_off" not in frame.places:
        return one
    line, column = frame.places["days_off"]
    return replace(one, note=settings.FILE, line=line, column=column)


def reader(name: str, frame: Frame) -> Callable[[str], tuple[Evaluation | None, tuple[Problem, ...]]]:
    """How a file of the vault is read: its text -> the evaluation in it, if it holds one, and what is wrong."""

    def template(text: str) -> tuple[None, tuple[Problem, ...]]:
        _, problems = method.read(
            shipped_templates(), {**frame.texts, name: text.removeprefix(BOM)}, frame.settings.language
        )
        return None, tuple(one for one in problems if one.note == name)

    if name == settings.FILE:
        return lambda text: (None, settings.read(text, frame.settings.timezone).problems)
    if name in frame.texts:
        return template
    return lambda text: note.parse(name, text, frame.method, frame.settings.timezone)


def _calendars(evaluations: list[Evaluation], chosen: Settings) -> dict[str, WorkCalendar]:
    """Note -> calendar; notes of one region share one, and what it has worked out."""
    regions = {region: chosen.workdays(region) for region in {evaluation.region for evaluation in evaluations}}
    return {evaluation.note: regions[evaluation.region] for evaluation in evaluations}
