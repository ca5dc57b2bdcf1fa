"""One pass over a vault: settings and templates, notes -> plans -> agenda, and that written if it differs."""

from dataclasses import dataclass, replace
from typing import Final

import pendulum
from pendulum import Date

from . import agenda, lines, marks, method, note, plan, render, settings
from .errors import Problem, TemplateFailure, problem
from .method import LAYOUT
from .model import Agenda, Evaluation, Method, Plan
from .settings import Settings
from .values import is_timezone
from .vault import CONFLICT_COPY, Read, Vault, shipped_templates
from .workdays import WorkCalendar

TEMPLATES: Final = "Templates"
"""Where Obsidian's core plugin looks if it was told nothing else; the notes in it are no evaluations."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a pass needs to know before it reads a note."""

    settings: Settings
    method: Method
    problems: tuple[Problem, ...]

    @property
    def today(self) -> Date:
        """The local date in the settings' time zone. The one place where the clock is read."""
        return pendulum.now(self.settings.timezone).date()


@dataclass(frozen=True, slots=True)
class Outlook:
    """The plans of a vault on one day. `broken` are the notes that cannot be read."""

    today: Date
    frame: Frame
    plans: tuple[Plan, ...]
    calendars: dict[str, WorkCalendar]
    problems: tuple[Problem, ...]
    broken: frozenset[str]


@dataclass(frozen=True, slots=True)
class Pass:
    """What one pass made: the agenda's path, what it holds now and what it would hold, and the model behind it."""

    outlook: Outlook
    agenda: Agenda
    path: str
    old: Read
    new: bytes
    problems: tuple[Problem, ...]

    @property
    def text(self) -> str:
        """The agenda as people read it: without the marks in its last line."""
        return marks.without_marks(self.new.decode("utf-8", errors="replace"))

    @property
    def differs(self) -> bool:
        """Whether the agenda has to be written. Line ends alone are no difference: git may have turned them."""
        return self.old.digest is None or self.old.data.replace(b"\r\n", b"\n") != self.new.replace(b"\r\n", b"\n")


def frame(vault: Vault) -> Frame:
    """Settings and method of a vault, the vault's files over the shipped ones."""
    text, unreadable = note.decode(settings.FILE, vault.read(settings.FILE).data)
    found, wrong = settings.read(text, _system_timezone())
    made, bad_steps = method.read(shipped_templates(), vault.templates(found.templates))
    return Frame(found, made, (*unreadable, *wrong, *bad_steps))


def _system_timezone() -> str:
    """The name of the system's time zone; UTC where it has none that is known."""
    try:
        name = str(pendulum.tz.local_timezone().name)
    except (RuntimeError, ValueError, OSError):
        return "UTC"
    return name if is_timezone(name) else "UTC"


def look(vault: Vault, frame: Frame, today: Date) -> Outlook:
    """Read every evaluation of the vault and plan it."""
    chosen = frame.settings
    problems = list(frame.problems)
    if chosen.interviews != "." and not (vault.root / chosen.interviews).is_dir():
        problems.append(problem("no-folder", settings.FILE, key="interviews", value=chosen.interviews))
    evaluations: list[Evaluation] = []
    broken: set[str] = set()
    for name in vault.notes(chosen.interviews, _skipped(vault, chosen)):
        evaluation, found = _evaluation(vault, name, frame)
        problems += found
        if evaluation:
            evaluations.append(evaluation)
        elif found:
            broken.add(name)
    calendars = _calendars(evaluations, chosen)
    plans = plan.plans(evaluations, frame.method, lambda evaluation: calendars[evaluation.note], today)
    problems += [found for one in plans for found in one.problems]
    if not chosen.me and any(step.open for one in plans for step in one.steps):
        problems.append(problem("no-name", settings.FILE))
    return Outlook(today, frame, plans, calendars, tuple(sorted(problems)), frozenset(broken))


def _skipped(vault: Vault, chosen: Settings) -> set[str]:
    """Folders and notes that hold no evaluations: templates, what the settings ignore, the settings themselves."""
    folder = vault.obsidian("templates.json").get("folder")
    theirs = folder.strip("/") if isinstance(folder, str) and folder.strip("/") else TEMPLATES
    return {chosen.templates, theirs, settings.FILE, *chosen.ignore}


def _evaluation(vault: Vault, name: str, frame: Frame) -> tuple[Evaluation | None, tuple[Problem, ...]]:
    """The evaluation in a file, if it is one. A file that went away meanwhile, or a link to nothing, is none."""
    try:
        data = vault.evaluation(name)
    except FileNotFoundError:
        return None, ()
    except OSError as error:
        return None, (problem("unreadable", name, why=error.strerror or str(error)),)
    if data is None:
        return None, ()
    text, unreadable = note.decode(name, data)
    if unreadable:
        return None, unreadable if note.looks_like_one(data) else ()
    evaluation, found = note.parse(name, text, frame.method, frame.settings.timezone)
    if evaluation and CONFLICT_COPY.search(name):
        return None, (problem("conflict-copy", name),)
    return evaluation, found


def _calendars(evaluations: list[Evaluation], chosen: Settings) -> dict[str, WorkCalendar]:
    """Note -> calendar; notes of one region share one, and what it has worked out."""
    regions = {evaluation.region: chosen.calendar(evaluation.region) for evaluation in evaluations}
    return {evaluation.note: regions[evaluation.region] for evaluation in evaluations}


def make(vault: Vault, outlook: Outlook) -> Pass:
    """The agenda of an outlook, with everything typed in the present one. Nothing is written."""
    chosen, today = outlook.frame.settings, outlook.today
    path = chosen.agenda_on(today)
    old = vault.read(path)
    old_text = old.data.decode("utf-8", errors="surrogateescape")
    standing = marks.standing(old_text, {render.link(name, path) for name in outlook.broken}) if outlook.broken else []
    method = outlook.frame.method
    made = agenda.make(outlook.plans, outlook.calendars, method, outlook.problems, today, chosen.horizon)
    made = replace(made, broken=outlook.broken)
    text, bad = _render(outlook, made, method, path, standing)
    if bad:
        # Once more, so that the agenda itself shows which template is to blame.
        made = replace(made, problems=tuple(sorted({*made.problems, *bad})))
        text, _ = _render(outlook, made, method, path, standing)
    problems = tuple(sorted({*outlook.problems, *bad}))
    if line := lines.conflict(old_text):
        conflict = problem("conflict-markers", path, line)
        made = replace(made, problems=(*made.problems, conflict))
        return Pass(outlook, made, path, old, old.data, (*problems, conflict))
    new = marks.weave(text, old_text).encode("utf-8", errors="surrogateescape")
    return Pass(outlook, made, path, old, new, problems)


def _render(outlook: Outlook, made: Agenda, method: Method, path: str, standing: list[str]) -> tuple[str, set[Problem]]:
    """The agenda's text; with the shipped layout if the vault's own fails on what there is to show."""
    chosen = outlook.frame.settings
    try:
        text, found = render.render(made, method, chosen.caller, path, chosen.timezone, standing)
        return text, set(found)
    except TemplateFailure as failure:
        if method.layout_path in shipped_templates():
            raise
        blame = problem("bad-template", method.layout_path, failure.line, why=failure.message, remedy=failure.remedy)
    name = f"templates/{LAYOUT}"
    shipped = replace(method, layout=shipped_templates()[name], layout_path=name)
    text, bad = _render(outlook, made, shipped, path, standing)
    return text, {*bad, blame}


def run(vault: Vault, today: Date | None = None, write: bool = True) -> Pass:
    """One whole pass. `today` is the clock's date unless it is given. Raises the failures of `errors`."""
    found = frame(vault)
    made = make(vault, look(vault, found, today or found.today))
    if write and made.differs:
        vault.write(made.path, made.new, made.old)
    return made
