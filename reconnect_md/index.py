"""What each note of a vault said when it was last read: one that looks as it did then is not read again.

The file is in the user's cache folder, never in the vault, and may be deleted at any time. One that is damaged, or was
written by another version or with other settings, is as good as none; a note that may have changed without a trace is
read. So a pass makes the same with it and without it.
"""

import contextlib
import io
import pickle
import time
from collections.abc import Collection
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple

from pendulum import Date

from . import cached, errors, lock, model, properties
from .errors import Problem
from .looks import Stamp, Stamps, folder_of
from .model import Evaluation

RACY: Final = 2.0
"""Seconds: a file that was changed later than that before it was read may change again and look the same (FAT counts
in twos; git has the same rule for its index). It is not kept.
"""

_MAGIC: Final = b"reconnect index 2\n"
_PLAIN: Final = {
    (one.__module__, one.__name__): one
    for one in (model.Evaluation, model.Item, model.LogEntry, model.Person, model.Sign, properties.Place, Problem, Date)
} | {("builtins", "frozenset"): frozenset, ("pendulum.date", "Date"): Date}
"""All that there is in an index: values. A file in a cache must not name anything that could do something."""


class Said(NamedTuple):
    """What was found in a file: the evaluation, if it holds one, and what is wrong with it."""

    evaluation: Evaluation | None
    problems: tuple[Problem, ...]


NOTHING: Final = Said(None, ())


class _Values(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        """Raises `UnpicklingError` for what is no value."""
        try:
            return _PLAIN[module, name]
        except KeyError as error:
            raise pickle.UnpicklingError(f"{module}.{name} has no business here") from error


class Index:
    """What was found in the files of one vault, by path: how each looked, and what those that hold something said.

    `file` is where it is kept. It holds for one `key`: what else the reading of a note depends on.
    """

    def __init__(self, file: Path) -> None:
        self.file, self.key = file, b""
        self.words: tuple[object, ...] = ()
        self.looks = Stamps()
        self.said: dict[str, Said] = {}
        self.differs = False

    @classmethod
    def of(cls, root: Path) -> "Index":
        """That of the vault at `root`, in the user's cache folder."""
        return cls(lock.place(root, "index"))

    def use(self, *words: object) -> None:
        """Go on with what was found under the same circumstances, of which these are all."""
        if words == self.words:
            return  # at each pass of a watcher they are
        key, self.words = cached.digest(repr((_version(), words)).encode()), words
        if key != self.key:
            self.key, self.differs = key, False
            self.looks, self.said = self._loaded(key)

    def get(self, name: str, stamp: Stamp) -> Said | None:
        """What was found in a file that looks like this."""
        return self.said.get(name, NOTHING) if self.looks.get(name) == stamp else None

    def put(self, name: str, stamp: Stamp, said: Said) -> None:
        """Remember what was found in a file that looked like this before it was read."""
        if max(stamp.modified, stamp.changed) < (time.time() - RACY) * 1e9:
            self.looks.put(name, stamp)
            self.differs = True
            if said == NOTHING:
                self.said.pop(name, None)
            else:
                self.said[name] = said

    def deepen(self, evaluation: Evaluation) -> None:
        """Remember of a note that is known already the evaluation with its body."""
        if said := self.said.get(evaluation.note):
            self.said[evaluation.note] = said._replace(evaluation=evaluation)
            self.differs = True

    def only_files(self, folder: str, files: Collection[str]) -> None:
        """Forget all other files of a folder."""
        for file in self.looks.files(folder).difference(files):
            self.looks.drop(folder + file)
            self.said.pop(folder + file, None)
            self.differs = True

    def only_folders(self, folders: Collection[str]) -> None:
        """Forget what is in all other folders."""
        if not self.looks.packed.keys() <= set(folders):
            self.looks.only(folders)
            self.said = {name: said for name, said in self.said.items() if folder_of(name) in folders}
            self.differs = True

    def parcel(self, folders: Collection[str]) -> bytes:
        """What is known of the files in these folders, for another process."""
        packed = {folder: looks for folder, looks in self.looks.packed.items() if folder in folders}
        said = {name: tuple(said) for name, said in self.said.items() if folder_of(name) in folders}
        return pickle.dumps((packed, said, self.differs), protocol=5)

    def add(self, parcel: bytes, folders: Collection[str]) -> None:
        """What another process knows of the files in these folders, at which this one did not look."""
        packed, said, differs = _Values(io.BytesIO(parcel)).load()
        self.looks = Stamps({one: looks for one, looks in self.looks.packed.items() if one not in folders} | packed)
        self.said = {name: said for name, said in self.said.items() if folder_of(name) not in folders}
        self.said |= {name: Said(*found) for name, found in said.items()}
        self.differs |= differs

    def save(self) -> None:
        """Keep it for the next process, if it differs. Where that is not possible it is not kept."""
        if not self.differs:
            return
        found = self.looks.packed, {name: tuple(said) for name, said in self.said.items()}
        self.differs = not cached.keep(self.file, _MAGIC + self.key, lambda out: pickle.dump(found, out, protocol=5))

    def _loaded(self, key: bytes) -> tuple[Stamps, dict[str, Said]]:
        try:
            with cached.opened(self.file, _MAGIC + key) as data:
                looks, found = _Values(data).load() if data else ({}, {})
            return Stamps(looks), {name: Said(*said) for name, said in found.items()}
        except Exception:  # whatever a damaged file brings about
            return Stamps(), {}


@cache  # the files of a running program are those that it began with
def _version() -> tuple[object, ...]:
    """Of everything that reads notes: an installed version, or the newest of its files while it is worked on."""
    newest = max(one.stat().st_mtime_ns for one in Path(errors.__file__).parent.glob("*.py"))
    with contextlib.suppress(metadata.PackageNotFoundError):
        return newest, metadata.version("reconnect-md"), metadata.version("holidays")
    return (newest,)
