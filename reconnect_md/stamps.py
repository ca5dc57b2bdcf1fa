"""Which files of a vault a pass reads, and their stamps: by these a watcher knows whether anything changed.

They are the truth that events only hint at: a look finds whatever they lost, and that our own writing is no news.
"""

import contextlib
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from pendulum import Date

from . import obsidian, settings
from .listing import Unreadable
from .looks import Stamp, Stamps
from .outlook import OBSIDIAN, Frame
from .pages import AGENDA
from .reading import listed
from .vault import Change, Vault

_THERE: Final = Stamp(0, 0, 0, 0)
"""Of a folder only that it is there."""


def take(vault: Vault, frame: Frame, like: Stamps | None = None) -> Stamps:
    """The stamps of everything that a pass reads; most of them may be `like` those. Raises `OSError` if there is no
    vault.
    """
    vault.root.stat()
    found, chosen = Stamps(like=like), frame.settings

    def unreadable(folder: str, error: OSError) -> None:
        found.put(folder, None)

    for folder in (chosen.interviews, chosen.templates):
        if folder != "." and (vault.root / folder).is_dir():
            found.put(f"{folder}/", _THERE)
    for one in listed(vault, chosen, unreadable):
        with contextlib.suppress(OSError):
            found.put(one.name, one.stamp)
    for name in beside(vault, frame, unreadable):
        with contextlib.suppress(OSError):
            found.put(name, vault.stamp(name))
    return found


def beside(vault: Vault, frame: Frame, unreadable: Unreadable, day: Date | None = None) -> Iterator[str]:
    """What a pass reads beside the notes: settings, templates, agendas, the daily note; not all of it is there."""
    yield from (one.name for one in vault.templates(frame.settings.templates, unreadable))
    for folder in dict.fromkeys((frame.settings.agenda.rpartition("/")[0], "")):
        yield from _notes_in(vault, folder)
    yield from (settings.FILE, *vault.copies(settings.FILE), AGENDA, *(f".obsidian/{name}" for name in OBSIDIAN))
    if frame.settings.daily_note:
        yield obsidian.daily_note(vault, frame.settings, day or frame.today)


def folders_beside(vault: Vault, frame: Frame, names: Iterable[str]) -> Iterator[str]:
    """The folders in which these files and the evaluations are, or would be, and all those of the templates: what comes
    or goes there may be read.
    """
    for name in dict.fromkeys((*names, f"{frame.settings.interviews}/.")):
        yield from map(str, PurePosixPath(name).parents)
    unlisted = list[str]()
    yield from [
        one.prefix for one in vault.folders(frame.settings.templates, (), lambda name, _: unlisted.append(name))
    ]
    yield from unlisted


def again(vault: Vault, before: Stamps, names: Iterable[str]) -> Stamps:
    """The stamps of before, but these files looked at again."""
    found = before.copy()
    for name in names:
        found.drop(name)
        with contextlib.suppress(OSError):
            found.put(name, vault.stamp(name))
    return found


def linked(vault: Vault, known: Stamps) -> list[Path]:
    """The folders elsewhere that links in the vault lead to."""
    root = vault.root.resolve()
    inside = {folder.rstrip("/") for folder in known.packed}
    inside |= {str(above) for folder in inside for above in PurePosixPath(folder).parents}
    found = {(root / folder).resolve() for folder in inside if (root / folder).is_symlink()}
    return sorted(folder for folder in found if not folder.is_relative_to(root))


def _notes_in(vault: Vault, folder: str) -> Iterator[str]:
    """The notes in a folder itself: with the agenda those of other days, and copies of sync services; at the top of the
    vault evaluations that should be elsewhere.
    """
    with contextlib.suppress(OSError):
        names = [one.name for one in (vault.root / folder).iterdir() if one.name.lower().endswith(".md")]
        yield from (f"{folder}/{name}".lstrip("/") for name in names)


def changed(before: Stamps, now: Stamps, among: Collection[str] | None = None) -> list[str]:
    """The paths whose stamps differ, among these or all."""
    found = before.differing(now)
    return sorted(found if among is None else set(found).intersection(among))


def told(before: Stamps, now: Stamps) -> list[str]:
    """The paths that differ, but for changes that no system tells of."""
    pairs = [(name, before.get(name), now.get(name)) for name in changed(before, now)]
    return [name for name, then, there in pairs if not then or not there or then.is_told(there)]


def with_ours(vault: Vault, before: Stamps, written: tuple[Change, ...]) -> Stamps:
    """The stamps after a pass: those of before it, and of what it wrote if it is still that. A calendar is no note, and
    never looked at: two devices would write over each other's for ever.
    """
    found = before.copy()
    for change in written:
        if not change.name.lower().endswith(".md"):
            continue
        with contextlib.suppress(OSError):
            seen = vault.stamp(change.name)
            if vault.read(change.name).data == change.new:
                found.put(change.name, seen)
    return found
