"""What a vault's files look like from outside, without reading one: by it a watcher knows whether anything changed.

It is the truth that events only hint at: a look finds whatever they lost, and that our own writing is no news.
"""

import contextlib
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from . import settings
from .outlook import Frame, listed
from .sync import Change
from .vault import Vault


class Stamp(NamedTuple):
    """Times in nanoseconds, size in bytes. The time of the change of the file's own record (`changed`) cannot be set
    back, as some programs do with the time of its content.
    """

    modified: int
    changed: int
    size: int
    inode: int


Stamps = Mapping[str, Stamp | None]
"""Path in the vault -> its stamp; None for a folder that cannot be listed and for a file that cannot be looked at."""


def take(vault: Vault, frame: Frame, page: str) -> Stamps:
    """The stamps of everything that a pass reads; `page` is the path of the agenda.

    Raises `OSError` if there is no vault.
    """
    vault.root.stat()
    found: dict[str, Stamp | None] = {}
    chosen = frame.settings
    templates = vault.notes(chosen.templates) if (vault.root / chosen.templates).is_dir() else ()
    notes = listed(vault, chosen, lambda folder, error: found.update({folder: None}))
    always = (settings.FILE, ".obsidian/templates.json")
    for name in chain(notes, templates, _beside(vault, page), always):
        with contextlib.suppress(OSError):
            found[name] = stamp(vault, name)
    return found


def stamp(vault: Vault, name: str) -> Stamp | None:
    """The stamp of one file. Raises `OSError`."""
    try:
        seen = (vault.root / name).stat()
    except PermissionError:
        return None
    return Stamp(seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino)


def _beside(vault: Vault, page: str) -> Iterator[str]:
    """The agenda, and what else stands in its folder: those of other days, and copies of sync services."""
    folder = page.rpartition("/")[0]
    with contextlib.suppress(OSError):
        names = [one.name for one in (vault.root / folder).iterdir() if one.name.lower().endswith(".md")]
        yield from (f"{folder}/{name}".lstrip("/") for name in names)


def changed(before: Stamps, now: Stamps) -> list[str]:
    """The paths whose stamps differ."""
    return sorted(name for name in before.keys() | now.keys() if before.get(name, ...) != now.get(name, ...))


def with_ours(vault: Vault, before: Stamps, written: tuple[Change, ...]) -> Stamps:
    """The stamps after a pass: those of before it, and of what it wrote if it is still that."""
    found = dict(before)
    for change in written:
        with contextlib.suppress(OSError):
            seen = stamp(vault, change.name)
            if vault.read(change.name).data == change.new:
                found[change.name] = seen
    return found
