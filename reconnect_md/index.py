"""What each note of a vault said when it was last read: one that looks as it did then is not read again.

The file is in the user's cache folder, never in the vault, and may be deleted at any time. One that is damaged, or was
written by another version or with other settings, is as good as none; a note that may have changed without a trace is
read. So a pass makes the same with it and without it.
"""

import contextlib
import pickle
import time
from collections.abc import Collection, Mapping
from functools import cache
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple, TypeVar

from pendulum import Date

from . import cached, errors, lock, model, properties
from .digests import digest
from .errors import Problem
from .looks import Stamp, Stamps, folder_of
from .model import Evaluation

RACY: Final = 2.0
"""Seconds: a file that was changed later than that before it was read may change again and look the same (FAT counts
in twos; git has the same rule for its index). It is not kept.
"""

_MAGIC: Final = b"reconnect index 3\n"
_PIECE: Final = 256
"""So many files' evaluations are written at a time."""

_PLAIN: Final = {
    (one.__module__, one.__name__): one
    for one in (model.Evaluation, model.Item, model.LogEntry, model.Person, model.Sign, properties.Place, Problem, Date)
} | {("builtins", "frozenset"): frozenset, ("pendulum.date", "Date"): Date}
"""All that there is in an index: values. A file in a cache must not name anything that could do something."""


T = TypeVar("T")


class Contents(NamedTuple):
    """What was found in a file: the evaluation, if it holds one, and what is wrong with it."""

    evaluation: Evaluation | None
    problems: tuple[Problem, ...]


NOTHING: Final = Contents(None, ())

Held = tuple[dict[str, bytes], dict[str, Contents]]
"""The stamps of the files of each folder, packed, and what is in each: for a second process (`forked`), which reads
other folders than this one and tells then what is new.
"""

News = tuple[dict[str, bytes | None], dict[str, Contents | None], bool]
"""What is new among that, None for what is gone; and whether any of it differs from what is kept."""


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
        self.stamps = Stamps()
        self.contents: dict[str, Contents] = {}
        self.differs = False

    @classmethod
    def of(cls, root: Path) -> "Index":
        """That of the vault at `root`, in the user's cache folder."""
        return cls(lock.place(root, "index"))

    def use(self, *words: object) -> None:
        """Go on with what was found under the same circumstances, of which these are all."""
        if words == self.words:
            return  # at each pass of a watcher they are
        key, self.words = digest(repr((_version(), words))), words
        if key != self.key:
            self.key, self.differs = key, False
            self.stamps, self.contents = self._loaded(key)

    def get(self, name: str, stamp: Stamp) -> Contents | None:
        """What was found in a file that looks like this."""
        return self.contents.get(name, NOTHING) if self.stamps.get(name) == stamp else None

    def put(self, name: str, stamp: Stamp, found: Contents) -> None:
        """Remember what was found in a file that looked like this before it was read."""
        if max(stamp.modified, stamp.changed) < (time.time() - RACY) * 1e9:
            self.stamps.put(name, stamp)
            self.differs = True
            if found == NOTHING:
                self.contents.pop(name, None)
            else:
                self.contents[name] = found

    def deepen(self, known: Evaluation, whole: Evaluation) -> None:
        """Remember the evaluation with its body in the place of the one without, if that is what is remembered: one
        that was just saved is not, and what was found in its file before looks otherwise.
        """
        if (found := self.contents.get(known.note)) and found.evaluation is known:
            self.contents[known.note] = found._replace(evaluation=whole)
            self.differs = True

    def only_files(self, folder: str, files: Collection[str]) -> None:
        """Forget all other files of a folder."""
        for file in self.stamps.files(folder).difference(files):
            self.stamps.drop(folder + file)
            self.contents.pop(folder + file, None)
            self.differs = True

    def only_folders(self, folders: Collection[str]) -> None:
        """Forget what is in all other folders."""
        if not self.stamps.packed.keys() <= set(folders):
            self.stamps.only(folders)
            self.contents = {name: one for name, one in self.contents.items() if folder_of(name) in folders}
            self.differs = True

    def held(self) -> Held:
        """What it holds now, to tell later what is new."""
        return {**self.stamps.packed}, {**self.contents}

    def since(self, held: Held) -> News:
        """What is new or gone since it held that, for another process that holds it still."""
        stamps, found = held
        return _news(stamps, self.stamps.packed), _news(found, self.contents), self.differs

    def add(self, news: News) -> None:
        """What is new or gone in another process, which looked at other folders than this one."""
        stamps, contents, differs = news
        self.stamps = Stamps(_with(self.stamps.packed, stamps))
        self.contents = _with(self.contents, contents)
        self.differs |= differs

    def save(self) -> None:
        """Keep it for the next process, if it differs. Where that is not possible it is not kept."""
        if not self.differs:
            return
        self.differs = not cached.keep(self.file, _MAGIC + self.key, self._write)

    def _write(self, out: BinaryIO) -> None:
        """In pieces, because `pickle` remembers all that it wrote; an empty one is the last."""
        pickle.dump(self.stamps.packed, out, protocol=5)
        left = iter(self.contents.items())
        while piece := {name: tuple(one) for name, one in islice(left, _PIECE)}:
            pickle.dump(piece, out, protocol=5)
        pickle.dump({}, out, protocol=5)

    def _loaded(self, key: bytes) -> tuple[Stamps, dict[str, Contents]]:
        try:
            with cached.opened(self.file, _MAGIC + key) as data:
                stamps, found = _Values(data).load() if data else {}, dict[str, Contents]()
                while data and (piece := _Values(data).load()):
                    found |= {name: Contents(*one) for name, one in piece.items()}
            return Stamps(stamps), found
        except Exception:  # whatever a damaged file brings about
            return Stamps(), {}


def _news(before: Mapping[str, T], now: Mapping[str, T]) -> dict[str, T | None]:
    """What is another object now, or gone."""
    changed: dict[str, T | None] = {name: one for name, one in now.items() if before.get(name) is not one}
    return changed | dict.fromkeys(before.keys() - now.keys())


def _with(before: Mapping[str, T], news: Mapping[str, T | None]) -> dict[str, T]:
    """All of it with what is new, and without what is gone."""
    return {name: one for name, one in {**before, **news}.items() if one is not None}


@cache  # the files of a running program are those that it began with
def _version() -> tuple[object, ...]:
    """Of everything that reads notes: an installed version, or the newest of its files while it is worked on."""
    newest = max(one.stat().st_mtime_ns for one in Path(errors.__file__).parent.glob("*.py"))
    with contextlib.suppress(metadata.PackageNotFoundError):
        return newest, metadata.version("reconnect-md"), metadata.version("holidays")
    return (newest,)
