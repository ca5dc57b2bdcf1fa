"""What a vault's files look like from outside, without reading one: by it a watcher knows whether anything changed.

It is the truth that events only hint at: a look finds whatever they lost, and that our own writing is no news.
"""

import contextlib
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Final

from . import settings
from .listing import Stamp
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

    notes, templates = listed(vault, chosen, unreadable), vault.templates(chosen.templates, unreadable)
    for folder in (chosen.interviews, chosen.templates):
        if folder != "." and (vault.root / folder).is_dir():
            found[f"{folder}/"] = _THERE
    always = (settings.FILE, *vault.copies(settings.FILE), AGENDA, *(f".obsidian/{name}" for name in OBSIDIAN))
    for one in chain(notes, templates):
        with contextlib.suppress(OSError):
            found[one.name] = one.stamp
    for name in (*_beside(vault, chosen.agenda), *always):
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


def _beside(vault: Vault, agenda: str) -> Iterator[str]:
    """The agenda, and what else stands in its folder: those of other days, and copies of sync services."""
    folder = agenda.rpartition("/")[0]
    with contextlib.suppress(OSError):
        names = [one.name for one in (vault.root / folder).iterdir() if one.name.lower().endswith(".md")]
        yield from (f"{folder}/{name}".lstrip("/") for name in names)


def changed(before: Stamps, now: Stamps) -> list[str]:
    """The paths whose stamps differ."""
    return sorted(name for name in before.keys() | now.keys() if before.get(name, ...) != now.get(name, ...))


def told(before: Stamps, now: Stamps) -> list[str]:
    """The paths that differ, but for changes that no system tells of."""
    pairs = [(name, before.get(name), now.get(name)) for name in changed(before, now)]
    return [name for name, then, there in pairs if not then or not there or then.is_told(there)]


def with_ours(vault: Vault, before: Stamps, written: tuple[Change, ...]) -> Stamps:
    """The stamps after a pass: those of before it, and of what it wrote if it is still that. A calendar is no note, and
    never looked at: two devices would write over each other's for ever.
    """
    found = dict(before)
    for change in written:
        if not change.name.lower().endswith(".md"):
            continue
        with contextlib.suppress(OSError):
            seen = vault.stamp(change.name)
            if vault.read(change.name).data == change.new:
                found[change.name] = seen
    return found
