"""What files look like from outside: of one a `Stamp`; of many `Stamps`, which tell which of them differ, or a `Look`,
which only tells whether any does. There may be a hundred thousand, so both are packed.
"""

import marshal
import os
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple

from .digests import digest

_SUMS: Final = 1 << 128
"""Sums of digests begin again here."""


Seen = tuple[list[str], int, int]
"""The folders of a look, its sum, and the last change."""


def facts(seen: os.stat_result) -> tuple[int, int, int, int]:
    """The fields of a `Stamp`; to make one takes longer than to ask the system."""
    return seen.st_mtime_ns, seen.st_ctime_ns, seen.st_size, seen.st_ino


class Stamp(NamedTuple):
    """Times in nanoseconds, size in bytes. The time of the change of the file's own record (`changed`) cannot be set
    back, as some programs do with the time of its content.

    Windows does not tell that time: `changed` is there when the file was made. It is another one if the file was
    replaced; but if a program writes other words of the same length into it and sets its time back, nothing shows that.
    """

    modified: int
    changed: int
    size: int
    inode: int

    @classmethod
    def of(cls, seen: os.stat_result) -> "Stamp":
        """What a file looks like that was looked at."""
        return cls(*facts(seen))

    def is_told(self, now: "Stamp") -> bool:
        """Whether systems tell of such a change: not of a further name for the same file, as backups make them."""
        return self._replace(changed=0) != now._replace(changed=0)


class Look:
    """What many files look like, all together: two looks are alike if nothing has changed between them, in whatever
    order things were seen. Without `notes` it is at their `folders` only. `newest`: the last change, in nanoseconds.
    """

    def __init__(self, notes: bool = True) -> None:
        self.notes, self.folders = notes, list[str]()
        self.clear()

    def clear(self) -> None:
        """Begin again."""
        self.folders.clear()
        self.sum, self.newest = 0, 0

    def see_folder(self, prefix: str, found: list[tuple[str, int, int, int, int]]) -> None:
        """What was seen in a folder: names, and the facts of each."""
        self.folders.append(prefix)
        self._add(found, max(max(one[1:3]) for one in found))

    def see_all(self, root: str, names: Iterable[str]) -> None:
        """These files or folders, in that order, whether they are there or not."""
        found: list[int] = []
        for name in names:
            try:
                found += facts(os.stat(f"{root}/{name}"))
            except OSError:
                found += (0, 0, 0, 0)
        self._add(found, max(found[::4] + found[1::4], default=0))

    @property
    def seen(self) -> Seen:
        """All of it, for another process."""
        return self.folders, self.sum, self.newest

    def add(self, seen: Seen | None) -> None:
        """What another process saw, if there was one."""
        if seen:
            folders, total, newest = seen
            self.folders += folders
            self._count(total, newest)

    def _add(self, found: list[int] | list[tuple[str, int, int, int, int]], newest: int) -> None:
        # Later forms of marshal tell how often a value is used.
        self._count(int.from_bytes(digest(marshal.dumps(found, 2)), "big"), newest)

    def _count(self, number: int, newest: int) -> None:
        self.sum, self.newest = (self.sum + number) % _SUMS, max(self.newest, newest)


class Stamps:
    """Path in the vault -> its stamp; None for a folder that cannot be listed and a file that must not be looked at.

    All stamps of a folder are one string of bytes, and the one folder that was asked about last is open: 60 bytes for a
    file instead of 400, and two looks are compared by folder. To go from file to file in one folder is quick. What
    others (`like`) say of a folder in the same way is not kept a second time.
    """

    def __init__(self, packed: dict[str, bytes] | None = None, like: "Stamps | None" = None) -> None:
        self._packed, self._like = packed or {}, like
        self._folder: str | None = None
        self._open: dict[str, tuple[int, ...] | None] = {}
        self._differs = False

    @property
    def packed(self) -> dict[str, bytes]:
        """All of it, by folder (`Interviews/`, nothing for the vault itself)."""
        if self._differs and self._folder is not None:
            self._packed.pop(self._folder, None)
            if self._open:
                # Later forms tell how often a value is used.
                packed, like = marshal.dumps(self._open, 2), self._like.packed if self._like else {}
                self._packed[self._folder] = packed if packed != (there := like.get(self._folder)) else there
            self._differs = False
        return self._packed

    def _opened(self, folder: str) -> dict[str, tuple[int, ...] | None]:
        if folder != self._folder:
            packed = self.packed.get(folder)
            self._folder, self._open = folder, marshal.loads(packed) if packed else {}
        return self._open

    def __contains__(self, name: str) -> bool:
        """Whether anything is known of a file."""
        return _file(name) in self._opened(folder_of(name))

    def __bool__(self) -> bool:
        """Whether anything is known at all."""
        return bool(self.packed)

    def get(self, name: str) -> Stamp | None:
        """What is known of a file; None is also for one of which nothing is."""
        found = self._opened(folder_of(name)).get(_file(name))
        return Stamp(*found) if found else None

    def put(self, name: str, stamp: Stamp | None) -> None:
        """A file looks like this."""
        self._opened(folder_of(name))[_file(name)] = tuple(stamp) if stamp else None
        self._differs = True

    def drop(self, name: str) -> None:
        """Nothing is known of a file."""
        if name in self:
            del self._open[_file(name)]
            self._differs = True

    def files(self, folder: str) -> set[str]:
        """The names of the files in a folder that are known."""
        return {*self._opened(folder)}

    def copy(self) -> "Stamps":
        """The same again, to be changed."""
        return Stamps({**self.packed})

    def share(self, other: "Stamps") -> None:
        """Keep what both say of a folder only once."""
        theirs = other.packed
        same = {folder: theirs[folder] for folder, mine in self.packed.items() if theirs.get(folder) == mine}
        self._packed |= same

    def only(self, folders: Collection[str]) -> None:
        """Forget all other folders."""
        self._packed = {folder: packed for folder, packed in self.packed.items() if folder in folders}
        self._folder, self._open = None, {}

    def differing(self, other: "Stamps") -> Iterator[str]:
        """The paths whose stamps are not the same in both."""
        here, there = self.packed, other.packed
        for folder in here.keys() | there.keys():
            if here.get(folder) != there.get(folder):
                mine, theirs = self._opened(folder), other._opened(folder)
                files = mine.keys() | theirs.keys()
                yield from [folder + file for file in files if mine.get(file, ...) != theirs.get(file, ...)]


def folder_of(name: str) -> str:
    """The folder of a path as it is named here: `Interviews/`, nothing for the vault itself."""
    return name[: name.rfind("/") + 1]


def _file(name: str) -> str:
    return name[name.rfind("/") + 1 :]
