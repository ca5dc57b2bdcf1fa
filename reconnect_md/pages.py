"""The agendas in a vault, as they were found: that of the day, the one before it, those of past days, copies."""

import contextlib
import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import unquote

from pendulum import Date

from . import lines, marks, merge, render, taskline
from .carry import known
from .errors import OutsideVault, Problem, problem
from .marks import Known, Page
from .model import Contact, Language
from .outlook import Frame, Notes, Outlook
from .settings import Settings
from .vault import Read, Vault

DAYS_BACK: Final = 30
"""So many days back agendas are looked at for late ticks, where each day has its own."""

AGENDA: Final = Settings().agenda
"""Where the agenda is, or was before a setting gave it another name."""

_ID: Final = re.compile(r"\b([a-z0-9]+-[a-z2-7]{4}(?:[a-z2-7]{12})?)-")
"""The id of a plan, with which those of its items begin."""

_TASK: Final = re.compile(r"^[ \t]*[-*+] \[.*", re.MULTILINE)
_FILE: Final = re.compile(r"([^/(]+\.md)\)")
"""The name of a file to which a link leads, as it stands there."""


class PageFile(NamedTuple):
    """A file with an agenda, as it was found: `read` are its bytes, `text` them without conflicts that heal."""

    path: str
    read: Read
    text: str
    known: Known
    page: Page

    def links(self, notes: Iterable[str]) -> set[str]:
        """The links to notes as they stand in it."""
        return {render.link(name, self.path) for name in notes}


def found(vault: Vault, contacts: Sequence[Contact], frame: Frame, today: Date) -> tuple[PageFile, PageFile]:
    """The agenda as it was found, and the one before it: yesterday's, where each day has its own.

    What was typed in the agenda of the former name goes on in a new one.
    """
    path = frame.settings.agenda_on(today)
    file = healed(read(vault, path, contacts, frame), frame.method.language)
    if file.read.digest:
        return file, file
    if paths := past(vault, frame, today):
        return file, read(vault, paths[-1], contacts, frame)
    if not _has_former(vault, path) or not (former := read(vault, AGENDA, contacts, frame)).page.day:
        return file, file
    if lines.conflict(former.text):
        return former, former  # it stays as it is until that is put right
    return file._replace(text=former.text, page=former.page), former


def read(vault: Vault, path: str, contacts: Sequence[Contact], frame: Frame) -> PageFile:
    """The agenda at a path, in our signs."""
    there = vault.read(path)
    text = taskline.in_our_signs(there.text, frame.tasks.statuses)
    knows = known(contacts, lambda name: render.link(name, path))
    return PageFile(path, there, text, knows, marks.read(text, knows, frame.method.language))


def healed(file: PageFile, language: Language) -> PageFile:
    """The agenda without git's conflict markers, where that is sure; else as it is."""
    if not lines.conflict(file.text) or (text := merge.resolved(file.text, language)) is None:
        return file
    return file._replace(text=text, page=marks.read(text, file.known, language))


def _has_former(vault: Vault, path: str) -> bool:
    """Whether there is a page of the former name, which is another file than that of the agenda."""
    if path.casefold() == AGENDA.casefold():
        return False
    with contextlib.suppress(OSError, OutsideVault):
        there, now = vault.path(AGENDA), vault.path(path)
        return there.is_file() and not (now.exists() and there.samefile(now))
    return False


def past(vault: Vault, frame: Frame, today: Date) -> list[str]:
    """Where each day has an agenda of its own: those of the last days."""
    first = today.subtract(days=DAYS_BACK)
    return vault.past(frame.settings.agenda, first.isoformat(), today.isoformat())


def mentioned(vault: Vault, outlook: Outlook) -> set[str]:
    """The notes that are shelved, but of which an agenda tells that nobody has looked at for long: it may hold a mark
    for them.
    """
    unread = [plan for plan in outlook.plans if not plan.evaluation.whole]
    if not unread:
        return set()
    text = "\n".join(vault.read(page).text for page in _pages(vault, outlook.frame, outlook.today))
    items = "\n".join(_TASK.findall(text))
    ids, files = {*_ID.findall(items)}, {*map(unquote, _FILE.findall(items))}
    there = (plan for plan in unread if plan.id in ids or plan.evaluation.note.rpartition("/")[2] in files)
    return {plan.evaluation.note for plan in there}


def _pages(vault: Vault, frame: Frame, today: Date) -> list[str]:
    """Everywhere that an agenda may be in which something was typed."""
    return [*dict.fromkeys((frame.settings.agenda_on(today), *past(vault, frame, today), AGENDA))]


def others(vault: Vault, file: PageFile, language: Language) -> Iterator[Problem]:
    """Other agendas in which somebody may tick and type: copies of sync services, and that of the former name."""
    yield from (problem("agenda-copy", copy) for copy in vault.copies(file.path))
    if _has_former(vault, file.path):
        with contextlib.suppress(OSError):
            if marks.read(vault.read(AGENDA).text, file.known, language).day:
                yield problem("former-agenda", AGENDA, now=file.path)


def is_torn(vault: Vault, file: PageFile) -> bool:
    """Whether an editor is in the middle of saving the agenda, which then has no last line yet."""
    without_last_line = file.read.digest is not None and file.page.day is None
    return without_last_line and (vault.is_being_written(file.path) or not vault.at_rest(file.path))


def missed(
    vault: Vault, agenda: str, file: PageFile, contacts: Sequence[Contact], notes: Notes
) -> tuple[set[str], set[str], list[Problem]]:
    """The notes whose items stay in the `agenda` as they stand in the file, those among them that are being saved, and
    what there is to say of that beside what was said of notes that cannot be read.
    """
    broken = _broken(file, notes)
    vanished = set(_vanished(file, contacts, notes, broken))
    saved = {name for name in vanished if not vault.at_rest(name)}
    # All notes together go only if their folder is away: a drive, a link, a sync service.
    lost = vanished - saved if not notes.paths else set[str]()
    problems = [problem("being-saved", name) for name in saved]
    problems += [problem("no-notes", agenda, count=len(lost))] if lost else []
    return broken | saved | lost, saved, problems


def _broken(file: PageFile, notes: Notes) -> set[str]:
    """The notes that cannot be read, those in folders that cannot be listed among them."""
    folders = tuple(name for name in notes.broken if name.endswith("/"))
    return {*notes.broken, *(name for _, name in _linked(file) if name.startswith(folders))}


def _vanished(file: PageFile, contacts: Sequence[Contact], notes: Notes, broken: set[str]) -> Iterator[str]:
    """Notes that the agenda tells of and that hold no evaluation now, nor is it found in another note."""
    there = broken | notes.evaluations.keys()
    found = {contact.id for contact in contacts}
    for id, name in _linked(file):
        if id not in found and name not in there and not name.startswith(".."):
            yield name


def _linked(file: PageFile) -> Iterator[tuple[str, str]]:
    """The items of an agenda: their ids, and the paths of the notes that they link to."""
    for id, found in file.page.tasks.items():
        for target in taskline.links(found[0].task.words):
            if ":" in target or not target.lower().endswith(".md"):
                continue  # a telephone number, a page of the web
            yield id, posixpath.normpath(posixpath.join(posixpath.dirname(file.path), unquote(target)))
