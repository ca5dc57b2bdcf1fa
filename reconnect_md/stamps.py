"""What a vault's files look like from outside, without reading one: by it a watcher knows whether anything changed.

It is the truth that events only hint at: a look finds whatever they lost, and that our own writing is no news.
"""

import contextlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Final

from . import settings
from .listing import Stamp, Unreadable
from .outlook import OBSIDIAN, Frame
from .reading import listed
from .sync import AGENDA, Change
from .vault import Vault

_THERE: Final = Stamp(0, 0, 0, 0)
"""Of a folder only that it is there."""

Stamps = Mapping[str, Stamp | None]
"""Path in the vault -> its stamp; None for a folder that cannot be listed and for a file that cannot be looked at."""


def take(vault: Vault, frame: Frame) -> Stamps:
    """The stamps of everything that a pass reads. Raises `OSError` if there is no vault."""
    vault.root.stat()
    found: dict[str, Stamp | None] = {}
    chosen = frame.settings

    def unreadable(folder: str, error: OSError) -> None:
        found[folder] = None

    for folder in (chosen.interviews, chosen.templates):
        if folder != "." and (vault.root / folder).is_dir():
            found[f"{folder}/"] = _THERE
    for one in listed(vault, chosen, unreadable):
        with contextlib.suppress(OSError):
            found[one.name] = one.stamp
    for name in beside(vault, frame, unreadable):
        with contextlib.suppress(OSError):
            found[name] = vault.stamp(name)
    return found


def beside(vault: Vault, frame: Frame, unreadable: Unreadable) -> Iterator[str]:
    """What a pass reads beside the notes: settings, templates, agendas; not all of it is there."""
    yield from (one.name for one in vault.templates(frame.settings.templates, unreadable))
    yield from _with_agenda(vault, frame.settings.agenda)
    yield from (settings.FILE, *vault.copies(settings.FILE), AGENDA, *(f".obsidian/{name}" for name in OBSIDIAN))


def folders_beside(frame: Frame) -> Iterator[str]:
    """The folders in which that is: what comes or goes there may be read."""
    agenda, templates = frame.settings.agenda.rpartition("/")[0], frame.settings.templates
    yield from dict.fromkeys(("", f"{agenda}/" if agenda else "", f"{templates}/", ".obsidian/"))


def again(vault: Vault, before: Stamps, names: Iterable[str]) -> Stamps:
    """The stamps of before, but these files looked at again."""
    found = {**before}
    for name in names:
        found.pop(name, None)
        with contextlib.suppress(OSError):
            found[name] = vault.stamp(name)
    return found


def linked(vault: Vault, known: Stamps) -> list[Path]:
    """The folders elsewhere that links in the vault lead to."""
    root = vault.root.resolve()
    inside = {name.rpartition("/")[0] for name in known}
    inside |= {str(above) for folder in inside for above in PurePosixPath(folder).parents}
    found = {(root / folder).resolve() for folder in inside if (root / folder).is_symlink()}
    return sorted(folder for folder in found if not folder.is_relative_to(root))


def _with_agenda(vault: Vault, agenda: str) -> Iterator[str]:
    """The agenda, and what else stands in its folder: those of other days, and copies of sync services."""
    folder = agenda.rpartition("/")[0]
    with contextlib.suppress(OSError):
        names = [one.name for one in (vault.root / folder).iterdir() if one.name.lower().endswith(".md")]
        yield from (f"{folder}/{name}".lstrip("/") for name in names)


def changed(before: Stamps, now: Stamps, among: Collection[str] | None = None) -> list[str]:
    """The paths whose stamps differ, among these or all."""
    names = before.keys() | now.keys() if among is None else among
    return sorted(name for name in names if before.get(name, ...) != now.get(name, ...))


def told(before: Stamps, now: Stamps) -> list[str]:
    """The paths that differ, but for changes that no system tells of."""
    pairs = [(name, before.get(name), now.get(name)) for name in changed(before, now)]
    return [name for name, then, there in pairs if not then or not there or then.is_told(there)]


def with_ours(vault: Vault, before: Stamps, written: tuple[Change, ...]) -> Stamps:
    """The stamps after a pass: those of before it, and of what it wrote if it is still that."""
    found = dict(before)
    for change in written:
        with contextlib.suppress(OSError):
            seen = vault.stamp(change.name)
            if vault.read(change.name).data == change.new:
                found[change.name] = seen
    return found
