"""What each note of a vault said when it was last read: one that looks as it did then is not read again.

The file is in the user's cache folder, never in the vault, and may be deleted at any time. One that is damaged, or was
written by another version or with other settings, is as good as none; a note that may have changed without a trace is
read. So a pass makes the same with it and without it.
"""

import contextlib
import io
import pickle
import secrets
import struct
import time
from collections.abc import Collection
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any, Final, NamedTuple

from pendulum import Date

from . import errors, model, properties, swap
from .errors import Problem
from .listing import Stamp
from .model import Evaluation

RACY: Final = 2.0
"""Seconds: a file that was changed later than that before it was read may change again and look the same (FAT counts
in twos; git has the same rule for its index). It is not kept.
"""

_MAGIC: Final = b"reconnect index 1\n"
_PACKED: Final = struct.Struct("<qqqQ")
"""A stamp in 32 bytes: there may be a hundred thousand."""

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
        self.looks: dict[str, bytes] = {}
        self.said: dict[str, Said] = {}
        self.differs = False

    def use(self, *words: object) -> None:
        """Go on with what was found under the same circumstances, of which these are all."""
        key = swap.digest(repr((_version(), words)).encode())
        if key != self.key:
            self.key, self.differs = key, False
            self.looks, self.said = self._loaded(key)

    def get(self, name: str, stamp: Stamp) -> Said | None:
        """What was found in a file that looks like this."""
        return self.said.get(name, NOTHING) if self.looks.get(name) == _PACKED.pack(*stamp) else None

    def put(self, name: str, stamp: Stamp, said: Said) -> None:
        """Remember what was found in a file that looked like this before it was read."""
        if max(stamp.modified, stamp.changed) < (time.time() - RACY) * 1e9:
            self.looks[name] = _PACKED.pack(*stamp)
            self.differs = True
            if said == NOTHING:
                self.said.pop(name, None)
            else:
                self.said[name] = said

    def deepen(self, evaluation: Evaluation) -> None:
        """Remember of a note that is known already the evaluation with its body."""
        if evaluation.note in self.looks and (said := self.said.get(evaluation.note)):
            self.said[evaluation.note] = said._replace(evaluation=evaluation)
            self.differs = True

    def only(self, names: Collection[str]) -> None:
        """Forget all other files."""
        for name in self.looks.keys() - names:
            del self.looks[name]
            self.said.pop(name, None)
            self.differs = True

    def save(self) -> None:
        """Keep it for the next process, if it differs. Where that is not possible it is not kept."""
        if not self.differs:
            return
        data = pickle.dumps((self.looks, {name: tuple(said) for name, said in self.said.items()}), protocol=5)
        new = self.file.with_name(f"{self.file.name}.{secrets.token_hex(4)}")
        with contextlib.suppress(OSError):
            self.file.parent.mkdir(parents=True, exist_ok=True)
            try:
                new.write_bytes(_MAGIC + self.key + swap.digest(data) + data)
                new.replace(self.file)
                self.differs = False
            finally:
                new.unlink(missing_ok=True)

    def _loaded(self, key: bytes) -> tuple[dict[str, bytes], dict[str, Said]]:
        head = _MAGIC + key
        try:
            whole = self.file.read_bytes()
            digest, data = whole[len(head) : len(head) + len(key)], whole[len(head) + len(key) :]
            if not whole.startswith(head) or swap.digest(data) != digest:
                return {}, {}
            looks, found = _Values(io.BytesIO(data)).load()
            return looks, {name: Said(*said) for name, said in found.items()}
        except Exception:  # whatever a damaged file brings about
            return {}, {}


@cache  # the files of a running program are those that it began with
def _version() -> tuple[object, ...]:
    """Of everything that reads notes: an installed version, or the newest of its files while it is worked on."""
    newest = max(one.stat().st_mtime_ns for one in Path(errors.__file__).parent.glob("*.py"))
    with contextlib.suppress(metadata.PackageNotFoundError):
        return newest, metadata.version("reconnect-md"), metadata.version("holidays")
    return (newest,)
