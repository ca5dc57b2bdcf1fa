"""The notes of a vault as the file system tells of them: which there are, and what each looks like from outside.

There may be a hundred thousand, and when nothing has changed this is all that there is to do: so it is quick, and
imports nothing that takes time.
"""

import contextlib
import errno
import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from . import looks
from .looks import Look, Seen, Stamp

_ICLOUD: Final = re.compile(r"\.(.+\.md)\.icloud", re.IGNORECASE)
"""What older systems of Apple leave of a note that they keep in iCloud only."""

_IS_PATTERN: Final = re.compile(r"/.+/")

Unreadable = Callable[[str, OSError], None]
"""Is told of what cannot be looked at: a folder (`Interviews/`), a link to nothing, a note that is elsewhere."""


class Note(NamedTuple):
    """A note: its path in the vault, and how it stands in its folder."""

    name: str
    entry: os.DirEntry[str]

    @property
    def stamp(self) -> Stamp | None:
        """What it looks like; None if it must not be looked at. Raises `OSError` if it is not there any more."""
        try:
            return Stamp.of(_seen(self.entry))
        except PermissionError:
            return None


class Folder(NamedTuple):
    """A folder: its path in the vault (`Interviews/`, nothing for the vault itself), and how the notes stand in it that
    are in no folder below.
    """

    prefix: str
    seen: os.stat_result
    entries: list[os.DirEntry[str]]

    @property
    def notes(self) -> Iterator[Note]:
        """Each of its notes."""
        return (Note(self.prefix + entry.name, entry) for entry in self.entries)


def see(look: Look, found: Iterable[Folder]) -> None:
    """Some folders, whose times tell of every name that came or went in them, and the notes in them."""
    for one in found:
        facts = [(one.prefix, *looks.facts(one.seen))]
        for entry in one.entries if look.notes else ():
            with contextlib.suppress(OSError):  # it went away, or must not be looked at: its folder's time tells that
                facts.append((entry.name, *looks.facts(_seen(entry))))
        look.see_folder(one.prefix, facts)


def seen(found: Iterable[Folder]) -> Seen:
    """A look at these folders, for another process."""
    look = Look()
    see(look, found)
    return look.seen


class _LeftOut(NamedTuple):
    """What is not looked at: folders and notes by their paths in small letters, and by patterns."""

    names: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def has(self, path: str, entry: os.DirEntry[str]) -> bool:
        """Whether a pattern finds something in the path of a note, or in that of a folder with its slash."""
        try:
            whole = f"{path}/" if entry.is_dir() else path
        except OSError:
            whole = path
        return any(one.search(whole) for one in self.patterns)


def _patterns(typed: Iterable[str]) -> Iterator[re.Pattern[str]]:
    """Those that can be read; what Obsidian itself makes of one that cannot is not known."""
    for one in sorted(typed):
        with contextlib.suppress(re.error):
            yield re.compile(one)


def folders(root: str, folder: str, skip: Collection[str], unreadable: Unreadable | None = None) -> Iterator[Folder]:
    """A folder of the vault at `root` and all below it, each before those in it, by name; hidden ones and those in
    `skip` are not entered, nor what a pattern in `skip` finds (`/2019|old/`, as in Obsidian's "Excluded files").

    Linked folders are, once each, unless they hold the vault itself. Without `unreadable`, and for the vault itself,
    what cannot be listed raises `OSError`.
    """
    seen = {_identity(os.stat(root))} if folder != "." else set()
    prefix = "" if folder == "." else f"{folder}/"
    left_out = _LeftOut(
        frozenset(composed(name).casefold() for name in skip if not _IS_PATTERN.fullmatch(name)),
        tuple(_patterns(one[1:-1] for one in skip if _IS_PATTERN.fullmatch(one))),
    )
    try:
        yield from _folders(root, prefix, left_out, seen, unreadable, os.path.islink(f"{root}/{folder}"))
    except OSError as error:
        if unreadable is None or not prefix:
            raise
        unreadable(prefix, error)


def _folders(
    root: str,
    prefix: str,
    skip: _LeftOut,
    seen: set[tuple[int, int]],
    unreadable: Unreadable | None,
    linked: bool,
) -> Iterator[Folder]:
    here = f"{root}/{prefix}"
    stat = os.stat(here)
    with os.scandir(here) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    if _identity(stat) in seen or (linked and _holds(here, root)):
        return
    seen.add(_identity(stat))
    near = any(name.startswith(composed(prefix).casefold()) for name in skip.names)
    notes, inner = list[os.DirEntry[str]](), list[os.DirEntry[str]]()
    for entry in entries:
        file = entry.name
        if unreadable and (away := file[0] == "." and _ICLOUD.fullmatch(file)):
            unreadable(prefix + away[1], in_icloud())
        if file[0] == "." or (near and composed(prefix + file).casefold() in skip.names):
            continue
        if skip.patterns and skip.has(prefix + file, entry):
            continue
        is_note = file[-3:].lower() == ".md"
        try:
            if is_note and entry.is_file():
                notes.append(entry)
            elif entry.is_dir():
                inner.append(entry)
            elif unreadable and entry.is_symlink() and _may_be_missed(entry):
                unreadable(prefix + file if is_note else f"{prefix}{file}/", leads_nowhere())
        except OSError as error:
            _tell(unreadable, f"{prefix}{file}/", error)
    yield Folder(prefix, stat, notes)
    for entry in inner:
        name = f"{prefix}{entry.name}/"
        try:
            yield from _folders(root, name, skip, seen, unreadable, entry.is_symlink())
        except OSError as error:
            _tell(unreadable, name, error)


def _tell(unreadable: Unreadable | None, name: str, error: OSError) -> None:
    """Of what cannot be looked at; what went away meanwhile is not missed. Raises it if nobody is to be told."""
    if isinstance(error, FileNotFoundError):
        return
    if unreadable is None:
        raise error
    unreadable(name, error)


def _seen(entry: os.DirEntry[str]) -> os.stat_result:
    # Windows tells of a folder's entries what they were when they were last closed.
    return os.stat(entry.path) if os.name == "nt" else entry.stat()


def composed(name: str) -> str:
    """A name with each accent in one sign with its letter: some systems write two, and people see no difference."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def leads_nowhere() -> OSError:
    """What is wrong with a link to something that is not there."""
    return FileNotFoundError(errno.ENOENT, "it is a link, and what it leads to is not there")


def in_icloud() -> OSError:
    """What is wrong with a file of which older systems of Apple have left a placeholder."""
    return OSError(errno.ENOENT, "it is in iCloud only; open it once on this Mac")


def _identity(seen: os.stat_result) -> tuple[int, int]:
    return seen.st_dev, seen.st_ino


def _holds(link: str, root: str) -> bool:
    """Whether a link leads to a folder in which the vault is."""
    outer = os.path.realpath(link)
    return Path(os.path.realpath(root)).is_relative_to(outer)  # they may be on two drives


def _may_be_missed(link: os.DirEntry[str]) -> bool:
    """Whether a link that leads nowhere led to a note or a folder, as far as its name tells."""
    return not Path(link.path).exists() and Path(link.path).suffix.lower() in ("", ".md")
