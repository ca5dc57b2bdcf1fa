"""The notes of a vault as the file system tells of them: which there are, and what each looks like from outside.

There may be a hundred thousand, and when nothing has changed this is all that there is to do: so it is quick, and
imports nothing that takes time.
"""

import errno
import marshal
import os
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final, NamedTuple

_ICLOUD: Final = re.compile(r"\.(.+\.md)\.icloud", re.IGNORECASE)
"""What older systems of Apple leave of a note that they keep in iCloud only."""

Unreadable = Callable[[str, OSError], None]
"""Is told of what cannot be looked at: a folder (`Interviews/`), a link to nothing, a note that is elsewhere."""


class Stamp(NamedTuple):
    """Times in nanoseconds, size in bytes. The time of the change of the file's own record (`changed`) cannot be set
    back, as some programs do with the time of its content.
    """

    modified: int
    changed: int
    size: int
    inode: int

    @classmethod
    def of(cls, seen: os.stat_result) -> "Stamp":
        """What a file looks like that was looked at."""
        return cls(seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino)

    def is_told(self, now: "Stamp") -> bool:
        """Whether systems tell of such a change: not of a further name for the same file, as backups make them."""
        return self._replace(changed=0) != now._replace(changed=0)


class Note(NamedTuple):
    """A note: its path in the vault, and how it stands in its folder."""

    name: str
    entry: os.DirEntry[str]

    @property
    def seen(self) -> os.stat_result:
        """What the system tells of it. Raises `OSError`."""
        # Windows tells of a folder's entries what they were when they were last closed.
        return os.stat(self.entry.path) if os.name == "nt" else self.entry.stat()

    @property
    def stamp(self) -> Stamp | None:
        """What it looks like; None if it must not be looked at. Raises `OSError` if it is not there any more."""
        try:
            return Stamp.of(self.seen)
        except PermissionError:
            return None


class Look:
    """What many files look like, all together: two looks are alike if nothing has changed between them."""

    def __init__(self) -> None:
        self.folders: list[str] = []
        self.clear()

    def clear(self) -> None:
        """Begin again."""
        self.folders.clear()
        self.found: list[str | int | None] = []

    def see(self, name: str, seen: os.stat_result | None) -> None:
        """A file, or a folder: its time tells of every name that came or went in it. None: it is not there."""
        if seen:
            self.found += (name, seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino)
        else:
            self.found += (name, None, None, None, None)

    def see_all(self, root: str, names: Iterable[str]) -> None:
        """These files or folders."""
        for name in names:
            try:
                self.see(name, os.stat(f"{root}/{name}"))
            except OSError:
                self.see(name, None)

    @property
    def newest(self) -> float:
        """When the last change was, in seconds of the wall clock."""
        times = (one for one in (*self.found[1::5], *self.found[2::5]) if isinstance(one, int))
        return max(times, default=0) / 1e9

    @property
    def digest(self) -> bytes:
        """What it all comes to: 16 bytes."""
        return blake2b(marshal.dumps(self.found, 2), digest_size=16).digest()  # later forms tell how often one is used


def notes(
    root: str, folder: str, skip: Collection[str], unreadable: Unreadable | None = None, look: Look | None = None
) -> Iterator[Note]:
    """All `.md` files below a folder of the vault at `root`, sorted by path; hidden folders and those in `skip` are not
    entered.

    Linked folders are, once each, unless they hold the vault itself. Without `unreadable`, and for the vault itself,
    what cannot be listed raises `OSError`. The folders on the way are added to the `look`.
    """
    seen = {_identity(root)} if folder != "." else set()
    prefix = "" if folder == "." else f"{folder}/"
    left_out = frozenset(composed(name).casefold() for name in skip)
    try:
        yield from _notes(root, prefix, left_out, seen, unreadable, look, os.path.islink(f"{root}/{folder}"))
    except OSError as error:
        if unreadable is None or not prefix:
            raise
        unreadable(prefix, error)


def _notes(
    root: str,
    prefix: str,
    skip: frozenset[str],
    seen: set[tuple[int, int]],
    unreadable: Unreadable | None,
    look: Look | None,
    linked: bool,
) -> Iterator[Note]:
    here = f"{root}/{prefix}"
    stat = os.stat(here)
    identity = stat.st_dev, stat.st_ino
    with os.scandir(here) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    if identity in seen or (linked and _holds(here, root)):
        return
    seen.add(identity)
    if look:
        look.folders.append(prefix)
        look.see(prefix, stat)
    for entry in entries:
        file = entry.name
        name = prefix + file
        if unreadable and (away := file[0] == "." and _ICLOUD.fullmatch(file)):
            unreadable(prefix + away[1], in_icloud())
        if file[0] == "." or composed(name).casefold() in skip:
            continue
        is_note = file[-3:].lower() == ".md"
        try:
            if is_note and entry.is_file():
                yield Note(name, entry)
            elif entry.is_dir():
                yield from _notes(root, f"{name}/", skip, seen, unreadable, look, entry.is_symlink())
            elif unreadable and entry.is_symlink() and _may_be_missed(entry):
                unreadable(name if is_note else f"{name}/", leads_nowhere())
        except FileNotFoundError:
            continue
        except OSError as error:
            if unreadable is None:
                raise
            unreadable(f"{name}/", error)


def composed(name: str) -> str:
    """A name with each accent in one sign with its letter: some systems write two, and people see no difference."""
    return name if name.isascii() else unicodedata.normalize("NFC", name)


def leads_nowhere() -> OSError:
    """What is wrong with a link to something that is not there."""
    return FileNotFoundError(errno.ENOENT, "it is a link, and what it leads to is not there")


def in_icloud() -> OSError:
    """What is wrong with a file of which older systems of Apple have left a placeholder."""
    return OSError(errno.ENOENT, "it is in iCloud only; open it once on this Mac")


def _identity(path: str) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def _holds(link: str, root: str) -> bool:
    """Whether a link leads to a folder in which the vault is."""
    outer = os.path.realpath(link)
    return os.path.commonpath([outer, os.path.realpath(root)]) == outer


def _may_be_missed(link: os.DirEntry[str]) -> bool:
    """Whether a link that leads nowhere led to a note or a folder, as far as its name tells."""
    return not Path(link.path).exists() and Path(link.path).suffix.lower() in ("", ".md")
