"""A vault -> the plans in it: settings, step files and notes are read, and everything is planned for one day."""

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

import pendulum
from pendulum import Date

from . import method, note, plan, settings, slips, wording
from .errors import OutsideVault, Problem, SettingsUnread, Severity, Unsettled, problem
from .index import NOTHING, Index, Said
from .lines import BOM
from .model import Evaluation, Method, Plan
from .settings import Settings
from .values import is_timezone
from .vault import CONFLICT_COPY, REPLACING, SAVING, Vault, shipped_templates
from .workdays import WorkCalendar

GONE: Final = 0.3
"""Seconds for which settings that are gone are taken for settings that are being replaced."""

OBSIDIAN: Final = ("templates.json", "plugins/templater-obsidian/data.json", "app.json")
"""Settings of Obsidian that say where no evaluations are: of its core plugin Templates, of Templater, its own."""

TEMPLATES: Final = "Templates"
"""Where Obsidian's core plugin looks if it was told nothing else; the notes in it are no evaluations."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a pass needs to know before it reads a note. `texts` are the vault's own templates, by path; `places` says
    where in `Reconnect.md` the value of each setting stands, `unread` why nothing of it can be used, and `is_bare` that
    nothing stands in it.
    """

    settings: Settings
    method: Method
    problems: tuple[Problem, ...]
    texts: Mapping[str, str]
    places: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    unread: Problem | None = None
    is_bare: bool = False

    @property
    def today(self) -> Date:
        """The local date in the settings' time zone: the only thing in a pass that is read from the clock."""
        return pendulum.now(self.settings.timezone).date()


@dataclass(frozen=True, slots=True)
class Notes:
    """The evaluations of a vault, by path, with their bytes.

    `broken` are the notes that cannot be read, and the folders (`Interviews/`) that cannot be listed.
    """

    evaluations: dict[str, Evaluation]
    data: dict[str, bytes]
    problems: tuple[Problem, ...]
    broken: frozenset[str]

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
        raise Unsettled(f"{settings.FILE} is being saved", "run the command again when that is done")
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
    return Frame(found.settings, made, problems, texts, found.places, why, is_bare=not text.strip())


def _settings(vault: Vault, text: str, wrong: tuple[Problem, ...], before: Settings | None) -> settings.Reading:
    """What `Reconnect.md` says; it counts as unread if nothing can be used, neither now nor from before."""
    found = settings.read(text, system_timezone() or "UTC", before)
    chosen, places = _spelled(vault, found.settings), found.places
    wrong += found.problems
    unread = before is None and bool(wrong) and (found.unread or not text)
    wrong += tuple(problem("conflict-copy", copy) for copy in vault.copies(settings.FILE))
    if "templates" in places and chosen.templates != Settings().templates and _is_gone(vault, chosen.templates):
        wrong += (_no_folder(vault, "templates", chosen, places),)
    if before and before != chosen and not text.strip():
        chosen = before
        wrong = wrong or (problem("no-settings", settings.FILE),)
    elif before and _is_gone(vault, chosen.interviews) and not _is_gone(vault, before.interviews):
        wrong += (_no_folder(vault, "interviews", chosen, places),)
        chosen = replace(chosen, interviews=before.interviews)
    return settings.Reading(chosen, wrong, places, unread)


def _spelled(vault: Vault, chosen: Settings) -> Settings:
    """The settings with their paths as the disk spells them."""
    interviews, agenda, templates = map(vault.spelled, (chosen.interviews, chosen.agenda, chosen.templates))
    return replace(
        chosen, interviews=interviews, agenda=agenda, templates=templates, calendar=vault.spelled(chosen.calendar)
    )


def _method(
    vault: Vault, chosen: Settings, places: Mapping[str, tuple[int, int]], before: Frame | None
) -> tuple[Method, Mapping[str, str], tuple[Problem, ...]]:
    """The steps and the layout, the texts of the vault's own templates, and what is wrong with those."""
    bad_texts: list[Problem] = []
    names = set(vault.templates(chosen.templates, lambda name, error: bad_texts.append(_unreadable(name, error))))
    is_away = "templates" in places and _is_gone(vault, chosen.templates)
    if before and (bad_texts or is_away):
        names |= before.texts.keys()
    copies = {name for name in names if CONFLICT_COPY.search(name)}
    decoded = {name: _text(vault, name) for name in sorted(names - copies)}
    texts = {name: text.removeprefix(BOM) for name, (text, problems) in decoded.items() if not problems}
    made, bad_steps = method.read(shipped_templates(), texts)
    bad_texts += [one for _, problems in decoded.values() for one in problems]
    worded = [one for name, text in texts.items() for one in wording.in_template(name, text, chosen.follow_ups)]
    copied = [problem("conflict-copy", name) for name in sorted(copies)]
    spoiled = {one.note for one in (*bad_steps, *bad_texts)} & before.texts.keys() if before else set()
    if before and is_away:
        spoiled, bad_steps = {*before.texts}, ()
    if before and spoiled:
        texts |= {name: before.texts[name] for name in spoiled}
        made, _ = method.read(shipped_templates(), texts)
    return made, texts, (*copied, *bad_steps, *bad_texts, *worded)


def _text(vault: Vault, name: str) -> tuple[str, tuple[Problem, ...]]:
    """The text of a settings note or a template; one that cannot be read is a problem, and empty."""
    try:
        found = vault.read(name)
        if found.digest is None and (away := vault.away(name)):
            raise away
        return note.decode(name, found.data)
    except (OSError, OutsideVault) as error:
        return "", (_unreadable(name, error),)


def _unreadable(name: str, error: OSError | OutsideVault) -> Problem:
    why = error.message if isinstance(error, OutsideVault) else error.strerror or str(error)
    return problem("unreadable", name, why=why)


def _is_gone(vault: Vault, folder: str) -> bool:
    return folder != "." and not (vault.root / folder).is_dir()


def _no_folder(vault: Vault, key: str, chosen: Settings, places: Mapping[str, tuple[int, int]]) -> Problem:
    """A folder that a setting names and that is not there; perhaps another one is meant."""
    value = str(getattr(chosen, key))
    meant = difflib.get_close_matches(value, vault.folders(), 1, cutoff=0.7)
    remedy = f"write {key}: {meant[0]}, or make that folder" if meant else f"make it, or change {key} in Reconnect.md"
    return problem("no-folder", settings.FILE, *places.get(key, (1, 1)), key=key, value=value, remedy=remedy)


def system_timezone() -> str:
    """The name of the system's time zone; nothing where it has none that is known."""
    try:
        name = str(pendulum.tz.local_timezone().name)
    except (RuntimeError, ValueError, OSError):
        return ""
    return name if is_timezone(name) else ""


def look(vault: Vault, frame: Frame, today: Date) -> Outlook:
    """Read every evaluation of the vault and plan it."""
    return outlook(read_notes(vault, frame), frame, today)


def read_notes(vault: Vault, frame: Frame, index: Index | None = None) -> Notes:
    """Every evaluation of the vault; what is in the index is not read again."""
    chosen = frame.settings
    if index:
        index.use(frame.method, chosen.timezone, chosen.follow_ups)
    evaluations, contents, broken = dict[str, Evaluation](), _Data(vault, index), set[str]()
    problems: list[Problem] = []
    if _is_gone(vault, chosen.interviews):
        problems.append(_no_folder(vault, "interviews", chosen, frame.places))
        broken.add(f"{chosen.interviews}/")

    def unreadable(folder: str, error: OSError) -> None:
        problems.append(_unreadable(folder, error))
        broken.add(folder)

    names = set[str]()
    for name in listed(vault, chosen, unreadable):
        if index:
            names.add(name)
        evaluation, found = _said(vault, name, frame, index, contents)
        problems += found
        if evaluation:
            evaluations[name] = evaluation
        elif found:
            broken.add(name)
    if index:
        index.only(names)
    return Notes(evaluations, contents, tuple(problems), frozenset(broken))


def listed(vault: Vault, chosen: Settings, unreadable: Callable[[str, OSError], None]) -> Iterator[str]:
    """The notes that are looked at for evaluations; `unreadable` is told of folders that cannot be listed."""
    gone = _is_gone(vault, chosen.interviews)
    return iter(()) if gone else vault.notes(chosen.interviews, _skipped(vault, chosen), unreadable)


def outlook(notes: Notes, frame: Frame, today: Date) -> Outlook:
    """The plans of these notes."""
    evaluations = list(notes.evaluations.values())
    calendars = _calendars(evaluations, frame.settings)
    plans = plan.plans(evaluations, frame.method, lambda evaluation: calendars[evaluation.note], today)
    unsure = (slips.dated(one, today) for one in notes.problems)
    problems = [*frame.problems, *unsure, *(found for one in plans for found in one.problems)]
    problems += slips.among(plans, frame.method, today)
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


def _skipped(vault: Vault, chosen: Settings) -> set[str]:
    """Folders and notes that hold no evaluations: templates, what the settings ignore, the settings themselves."""
    core, templater, own = map(vault.obsidian, OBSIDIAN)
    excluded = own.get("userIgnoreFilters")  # "Excluded files"; those in slashes are patterns
    plain = [one for one in excluded if str(one)[:1] != "/"] if isinstance(excluded, list) else []
    others = map(_folder, (templater.get("templates_folder"), *plain))
    theirs = _folder(core.get("folder")) or TEMPLATES
    return {chosen.templates, theirs, settings.FILE, *filter(None, others), *chosen.ignore}


def _folder(typed: object) -> str:
    """A folder of Obsidian's settings; empty if there is none."""
    return typed.strip("/") if isinstance(typed, str) else ""


class _Data(dict[str, bytes]):
    """The notes' bytes, by path. Those of a note that is in the index are read when they are asked for; raises
    `Unsettled` if they are others by then.
    """

    def __init__(self, vault: Vault, index: Index | None) -> None:
        super().__init__()
        self.vault, self.index = vault, index

    def __missing__(self, name: str) -> bytes:
        data, stamp = self.vault.read(name).data, self.vault.stamp(name)
        if stamp is None or self.index is None or self.index.get(name, stamp) is None:
            raise Unsettled(f"{name} is being saved", "run the command again when that is done")
        self[name] = data
        return data


def _said(vault: Vault, name: str, frame: Frame, index: Index | None, contents: dict[str, bytes]) -> Said:
    """What is in a file. One that went away meanwhile, or a link to nothing, holds nothing."""
    try:
        stamp = vault.stamp(name) if index else None
        if index and stamp and (known := index.get(name, stamp)):
            return known
        data = vault.evaluation(name)
    except FileNotFoundError:
        return NOTHING
    except OSError as error:
        return Said(None, (_unreadable(name, error),))
    said = Said(*_evaluation(name, data, frame)) if data is not None else NOTHING
    if said.evaluation and data is not None:
        contents[name] = data
    if index and stamp:
        index.put(name, stamp, said)
    return said


def _evaluation(name: str, data: bytes, frame: Frame) -> tuple[Evaluation | None, tuple[Problem, ...]]:
    """The evaluation in the bytes of a file, if it holds one, and what is wrong."""
    text, unreadable = note.decode(name, data)
    if unreadable:
        return None, unreadable if note.looks_like_one(data) else ()
    evaluation, found = note.parse(name, text, frame.method, frame.settings.timezone)
    if evaluation and CONFLICT_COPY.search(name):
        return None, (problem("conflict-copy", name),)
    if evaluation:
        found += tuple(wording.in_evaluation(evaluation, text, frame.method, frame.settings.follow_ups))
    return evaluation, found


def reader(name: str, frame: Frame) -> Callable[[str], tuple[Evaluation | None, tuple[Problem, ...]]]:
    """How a file of the vault is read: its text -> the evaluation in it, if it holds one, and what is wrong."""

    def template(text: str) -> tuple[None, tuple[Problem, ...]]:
        _, problems = method.read(shipped_templates(), {**frame.texts, name: text.removeprefix(BOM)})
        return None, tuple(one for one in problems if one.note == name)

    if name == settings.FILE:
        return lambda text: (None, settings.read(text, frame.settings.timezone).problems)
    if name in frame.texts:
        return template
    return lambda text: note.parse(name, text, frame.method, frame.settings.timezone)


def _calendars(evaluations: list[Evaluation], chosen: Settings) -> dict[str, WorkCalendar]:
    """Note -> calendar; notes of one region share one, and what it has worked out."""
    regions = {evaluation.region: chosen.workdays(evaluation.region) for evaluation in evaluations}
    return {evaluation.note: regions[evaluation.region] for evaluation in evaluations}


def with_texts(notes: Notes, texts: Mapping[str, str], frame: Frame) -> Notes:
    """The notes as they will be when these texts are written."""
    read = {name: note.parse(name, text, frame.method, frame.settings.timezone)[0] for name, text in texts.items()}
    changed = {name: evaluation for name, evaluation in read.items() if evaluation}
    return replace(notes, evaluations={**notes.evaluations, **changed})
