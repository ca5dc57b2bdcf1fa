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


class Said(NamedTuple):
    """What was found in a file: the evaluation, if it holds one, and what is wrong with it."""

    evaluation: Evaluation | None
    problems: tuple[Problem, ...]


NOTHING: Final = Said(None, ())

Held = tuple[dict[str, bytes], dict[str, Said]]
"""How the files of each folder looked, and what each said."""

News = tuple[dict[str, bytes | None], dict[str, Said | None], bool]
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
        key, self.words = digest(repr((_version(), words))), words
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

    def deepen(self, known: Evaluation, whole: Evaluation) -> None:
        """Remember the evaluation with its body in the place of the one without, if that is what is remembered: one
        that was just saved is not, and what was found in its file before looks otherwise.
        """
        if (said := self.said.get(known.note)) and said.evaluation is known:
            self.said[known.note] = said._replace(evaluation=whole)
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

    def held(self) -> Held:
        """What it holds now, to tell later what is new."""
        return {**self.looks.packed}, {**self.said}

    def since(self, held: Held) -> News:
        """What is new or gone since it held that, for another process that holds it still."""
        looks, said = held
        return _news(looks, self.looks.packed), _news(said, self.said), self.differs

    def add(self, news: News) -> None:
        """What is new or gone in another process, which looked at other folders than this one."""
        looks, said, differs = news
        self.looks = Stamps(_with(self.looks.packed, looks))
        self.said = _with(self.said, said)
        self.differs |= differs

    def save(self) -> None:
        """Keep it for the next process, if it differs. Where that is not possible it is not kept."""
        if not self.differs:
            return
        self.differs = not cached.keep(self.file, _MAGIC + self.key, self._write)

    def _write(self, out: BinaryIO) -> None:
        """In pieces, because `pickle` remembers all that it wrote; an empty one is the last."""
        pickle.dump(self.looks.packed, out, protocol=5)
        left = iter(self.said.items())
        while piece := {name: tuple(said) for name, said in islice(left, _PIECE)}:
            pickle.dump(piece, out, protocol=5)
        pickle.dump({}, out, protocol=5)

    def _loaded(self, key: bytes) -> tuple[Stamps, dict[str, Said]]:
        try:
            with cached.opened(self.file, _MAGIC + key) as data:
                looks, found = _Values(data).load() if data else {}, dict[str, Said]()
                while data and (piece := _Values(data).load()):
                    found |= {name: Said(*said) for name, said in piece.items()}
            return Stamps(looks), found
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
