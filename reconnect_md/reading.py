"""The files of a vault -> the evaluations in them. Most files are none, most evaluations are over: no more of a file is
read than is needed to know that.
"""

import contextlib
import pickle
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, Final

from pendulum import Date

from . import listing, note, obsidian, outlook, settings, slips, wording
from .errors import Problem, Unsettled, problem
from .forked import in_two
from .index import NOTHING, Contents, Held, Index
from .listing import Folder, Note, Unreadable
from .looks import Look
from .model import Evaluation, same
from .outlook import NO_NOTES, TEMPLATES, Frame, Notes, Outlook, is_gone, no_folder, unreadable
from .settings import Settings
from .vault import CONFLICT_COPY, Vault

_OF_TEMPLATES: Final = ("no-date", "placeholder")
"""Problems that a template has that is not in its folder."""

SHELVED_AFTER: Final = 60
"""Days after the last date in a closed evaluation from which on it is shelved, if none with that employer is open.
Until then something of it may be shown: what was done today, or is ticked late in an agenda of last month.
"""


def everything(vault: Vault, frame: Frame, today: Date, seen: Look | None = None) -> Outlook:
    """Read every evaluation of the vault, all of it, and plan it; what the files looked like goes into `seen`."""
    return outlook.outlook(read_notes(vault, frame, today, look=seen), frame, today)


def read_notes(
    vault: Vault,
    frame: Frame,
    today: Date,
    index: Index | None = None,
    whole: bool = True,
    look: Look | None = None,
) -> Notes:
    """Every evaluation of the vault. What is in the index is not read again; without `whole` nothing is read below the
    properties of those that are shelved on that day. What all files looked like goes into the `look`.
    """
    if look:
        look.clear()
    chosen = frame.settings
    reader = _Reader(vault, frame, index, whole, look)
    if is_gone(vault, chosen.interviews):
        reader.problems.append(no_folder(vault, "interviews", chosen, frame.places))
        reader.broken.add(f"{chosen.interviews}/")

    def there(found: Iterator[Folder]) -> Any:
        held = index.held() if index else None
        other = _Reader(vault, frame, index, whole, Look(look.notes) if look else None)
        other.take_folders(found)
        return other.found(held)

    walk = partial(_walk, vault, chosen, reader.unreadable)
    if found := in_two(walk, reader.take_folders, there, by=pickle):
        reader.add(found)
    if index:
        index.only_folders(reader.folders)
    return reader.notes(today)


def read_again(vault: Vault, frame: Frame, today: Date, before: Notes, names: Collection[str], index: Index) -> Notes:
    """The evaluations of a vault in which only these notes have changed since they were read `before`, not wholly."""
    reader = _Reader(vault, frame, index, whole=False)
    known = {**before.evaluations, **before.past}
    reader.evaluations = {name: one for name, one in known.items() if name not in names}
    reader.data.update((name, data) for name, data in before.data.items() if name not in names)
    reader.problems = [one for one in before.problems if one.note not in names]
    reader.broken = {*before.broken}.difference(names)
    for name in names:
        reader.take(name)
    return replace(reader.notes(today), again=frozenset(names))


def with_bodies(vault: Vault, frame: Frame, notes: Notes, names: Collection[str]) -> Notes:
    """The notes with what stands in those of the shelved ones that are wanted after all."""
    reader = _Reader(vault, frame, None, whole=True)
    reader.data = notes.data
    whole = {name: notes.past.get(name) or reader.whole_of(notes.evaluations[name]) for name in names}
    return replace(notes, evaluations={**notes.evaluations, **whole})


def with_texts(notes: Notes, texts: Mapping[str, str], frame: Frame) -> Notes:
    """The notes as they will be when these texts are written."""
    read = {name: note.parse(name, text, frame.method, frame.settings.timezone)[0] for name, text in texts.items()}
    changed = {name: evaluation for name, evaluation in read.items() if evaluation}
    return replace(notes, evaluations={**notes.evaluations, **changed})


def shelved(evaluations: Collection[Evaluation], today: Date) -> Iterator[Evaluation]:
    """Those that are over: closed, nothing dated in them lately, no other one open with their employer, to whom things
    not said yet could be said.
    """
    still_open = {same(one.company) for one in evaluations if not one.outcome}
    lately = today.subtract(days=SHELVED_AFTER).isoformat()
    return (one for one in evaluations if one.outcome and one.latest < lately and same(one.company) not in still_open)


def opened(index: Index, frame: Frame) -> None:
    """Go on with what the index holds, if notes were read in the same way."""
    index.use(frame.method, frame.settings.timezone, frame.settings.follow_ups)


class _Reader:
    """Takes one file after the other. What was found so far: `evaluations` and `data` by path, `problems`, `broken`;
    `folders` are those that were looked into.
    """

    def __init__(self, vault: Vault, frame: Frame, index: Index | None, whole: bool, look: Look | None = None) -> None:
        self.vault, self.frame, self.index, self.whole, self.look = vault, frame, index, whole, look
        if index:
            opened(index, frame)
        self.evaluations: dict[str, Evaluation] = {}
        self.data: dict[str, bytes] = _Data(vault, index)
        self.problems: list[Problem] = []
        self.broken: set[str] = set()
        self.folders = set[str]()

    def unreadable(self, name: str, error: OSError) -> None:
        """A folder that cannot be listed, a link to nothing."""
        if name not in self.broken:
            self.problems.append(unreadable(name, error))
            self.broken.add(name)

    def take_folders(self, found: Iterator[Folder]) -> None:
        """What is in the files of these folders."""
        for folder in found:
            self.folders.add(folder.prefix)
            if self.look and self.is_inside(folder.prefix):
                listing.see(self.look, [folder])
            if self.index:
                self.index.only_files(folder.prefix, {entry.name for entry in folder.entries})
            for one in folder.notes:
                self.take(one.name, one)

    def found(self, held: Held | None) -> Any:
        """All that was found, for another process, whose index holds that. An evaluation that is in the index is the
        one that is there.
        """
        index = self.index.since(held) if self.index and held else None
        look = self.look.seen if self.look else None
        there = self.index.contents if self.index else {}
        known = {name for name, one in self.evaluations.items() if name in there and there[name].evaluation is one}
        read = {name: one for name, one in self.evaluations.items() if name not in known}
        return (known, read, dict(self.data), self.problems, self.broken, self.folders), index, look

    def add(self, found: Any) -> None:
        """What another process found."""
        (known, read, data, problems, broken, folders), index, look = found
        if self.index and index:
            self.index.add(index)
            read |= {name: self.index.contents[name].evaluation for name in known}
        self.evaluations |= read
        self.data |= data
        self.problems += problems
        self.broken |= broken
        self.folders |= folders
        if self.look:
            self.look.add(look)

    def take(self, name: str, listed: Note | None = None) -> None:
        """What is in a file. One that went away meanwhile, or a link to nothing, holds nothing."""
        try:
            stamp = (listed.stamp if listed else self.vault.stamp(name)) if self.index else None
            known = self.index.get(name, stamp) if self.index and stamp else None
            found = known or self.read(name)
        except FileNotFoundError:
            return
        except OSError as error:
            self.unreadable(name, error)
            return
        if self.index and stamp and not known:
            self.index.put(name, stamp, found)
            if found.evaluation and not found.evaluation.whole and self.index.get(name, stamp):
                self.data.pop(name, None)  # hardly one of them is asked for again
        if not self.is_inside(name):
            self.data.pop(name, None)
            if found.evaluation or any(one.code not in _OF_TEMPLATES for one in found.problems):
                self.problems.append(problem("outside", name, folder=self.frame.settings.interviews))
            return
        self.problems += found.problems
        if found.evaluation:
            self.evaluations[name] = found.evaluation
        elif found.problems:
            self.broken.add(name)

    def is_inside(self, path: str) -> bool:
        """Whether a note, or a folder with its slash, is where the evaluations are."""
        return self.frame.settings.interviews == "." or path.startswith(f"{self.frame.settings.interviews}/")

    def read(self, name: str) -> Contents:
        """What is in a file that is not known yet. Raises `OSError`."""
        data = self.vault.evaluation(name)
        found = Contents(*_evaluation(name, data, self.frame, self.whole)) if data is not None else NOTHING
        if found.evaluation and data is not None:
            self.data[name] = data
        return found

    def whole_of(self, evaluation: Evaluation) -> Evaluation:
        """With its body, which was not read until now."""
        if evaluation.whole:
            return evaluation
        text, _ = note.decode(evaluation.note, self.data[evaluation.note])
        return note.parse(evaluation.note, text, self.frame.method, self.frame.settings.timezone)[0] or evaluation

    def notes(self, today: Date) -> Notes:
        """All that was found."""
        away = frozenset(one.note for one in shelved(self.evaluations.values(), today))
        wanted = bool(self.frame.settings.overview)  # it tells of those that are shelved, too
        for one in [one for one in self.evaluations.values() if not one.whole and (wanted or one.note not in away)]:
            self.evaluations[one.note] = found = self.whole_of(one)
            if self.index:
                self.index.deepen(one, found)
        past = {} if self.whole else {name: self.evaluations[name] for name in away if self.evaluations[name].whole}
        unread = {name: replace(one, whole=False) for name, one in past.items()}  # as where it is not in the index
        evaluations, problems, broken = {**self.evaluations, **unread}, tuple(self.problems), frozenset(self.broken)
        return Notes(evaluations, self.data, problems, broken, away, self.whole, past=past)


def listed(vault: Vault, chosen: Settings, unreadable: Unreadable) -> Iterator[Note]:
    """The notes that are looked at for evaluations, those at the top of the vault among them; `unreadable` is told of
    folders that cannot be listed.
    """
    return (note for one in _walk(vault, chosen, unreadable) for note in one.notes)


def _walk(vault: Vault, chosen: Settings, unreadable: Unreadable) -> Iterator[Folder]:
    """The folders with evaluations, and the top of the vault: there Obsidian puts a new note if it was told nothing."""
    if is_gone(vault, chosen.interviews):
        return
    skip = skipped(vault, chosen)
    if chosen.interviews != ".":
        yield from islice(vault.folders(".", skip, lambda name, error: None), 1)
    yield from vault.folders(chosen.interviews, skip, unreadable)


def skipped(vault: Vault, chosen: Settings) -> set[str]:
    """Folders and notes that hold no evaluations: templates, what the settings ignore, the settings themselves."""
    core, templater, own = (obsidian.data(vault, name) for name in NO_NOTES)
    excluded = own.get("userIgnoreFilters")  # "Excluded files"; those in slashes are patterns, and stay in them
    filters = [one for one in excluded if isinstance(one, str)] if isinstance(excluded, list) else []
    patterns = [one for one in filters if one[:1] == "/"]
    others = map(_folder, (templater.get("templates_folder"), *(one for one in filters if one not in patterns)))
    theirs = _folder(core.get("folder")) or TEMPLATES
    return {chosen.templates, theirs, settings.FILE, *filter(None, others), *patterns, *chosen.ignore}


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
        data = stamp = None
        with contextlib.suppress(OSError):
            data, stamp = self.vault.evaluation(name), self.vault.stamp(name)
        if data is None or stamp is None or self.index is None or self.index.get(name, stamp) is None:
            raise Unsettled(f"{name} is being saved", "run the command again when that is done")
        self[name] = data
        return data


def _evaluation(name: str, data: bytes, frame: Frame, whole: bool) -> tuple[Evaluation | None, tuple[Problem, ...]]:
    """The evaluation in the bytes of a file, if it holds one, and what is wrong."""
    text, bad = note.decode(name, data)
    if bad:
        return None, bad if note.looks_like_one(data) else ()
    evaluation, found = note.parse(name, text, frame.method, frame.settings.timezone, whole)
    if evaluation and CONFLICT_COPY.search(name):
        return None, (problem("conflict-copy", name),)
    if evaluation and evaluation.outcome:  # of one that is closed nothing else is said
        found += tuple(slips.in_outcome(evaluation, frame.method))
    elif evaluation:
        found += tuple(wording.in_evaluation(evaluation, text, frame.method, frame.settings.follow_ups))
    return evaluation, found
