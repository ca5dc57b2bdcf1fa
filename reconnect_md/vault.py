"""The only door to files: list the notes of a vault, read one, write one if it is still what was read.

Paths are relative to the vault and have `/` on every system.
"""

import contextlib
import errno
import os
import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from . import listing, lock, swap
from .digests import digest
from .errors import ChangedMeanwhile, NoVault, OutsideVault, Unsettled, WriteFailed
from .exchange import is_open_elsewhere
from .listing import Note, Unreadable, composed, in_icloud, leads_nowhere
from .looks import Stamp
from .note import MOST_BYTES, may_be_evaluation

HEAD: Final = 4096
"""Bytes of a file that are read to see whether it can be an evaluation."""

TORN: Final = 0.05
"""Seconds: a file that was saved later than that ago is read again, it may be half of what it will be."""

SAVING: Final = 5.0
"""Seconds for which a note that lost its properties is taken for a save in progress."""

WRITING: Final = 30.0
"""Seconds without a write after which who has a file open only reads it."""

REPLACING: Final = 1.0
"""Seconds for which a note that is gone is taken for one that is being replaced."""

_READ: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0)

CONFLICT_COPY: Final = re.compile(r"\((?:[^()]*'s )?conflicted copy[^()]*\)|\.sync-conflict-\d{8}-\d{6}", re.IGNORECASE)


class Read(NamedTuple):
    """A file's bytes and their digest; no digest if there is no file."""

    data: bytes
    digest: bytes | None

    @classmethod
    def of(cls, data: bytes) -> "Read":
        """A file that holds these bytes."""
        return cls(data, digest(data))

    @property
    def text(self) -> str:
        """What it holds; what is no UTF-8 comes out of it again as it went in."""
        return self.data.decode("utf-8", errors="surrogateescape")


class Change(NamedTuple):
    """A file as it was read, and the bytes that it is to hold."""

    name: str
    read: Read
    new: bytes

    @property
    def differs(self) -> bool:
        """Whether it has to be written. Line ends alone are no difference: git may have turned them."""
        return self.read.digest is None or self.read.data.replace(b"\r\n", b"\n") != self.new.replace(b"\r\n", b"\n")


@dataclass(frozen=True, slots=True)
class Vault:
    """The folder with the notes."""

    root: Path

    def path(self, name: str) -> Path:
        """A path inside the vault. Raises `OutsideVault` if a link on the way leads out of it."""
        path = self.root / name
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise OutsideVault(f"{name} leads out of the vault", "keep it inside, without a link")
        return path

    def folders(
        self, folder: str, skip: Collection[str] = (), unreadable: Unreadable | None = None
    ) -> Iterator[listing.Folder]:
        """A folder and all below it, as `listing.folders` has them: hidden ones and those in `skip` are not entered;
        `unreadable` is told of what cannot be listed, and without it that raises `OSError`.
        """
        return listing.folders(str(self.root), folder, skip, unreadable)

    def notes(
        self, folder: str = ".", skip: Collection[str] = (), unreadable: Unreadable | None = None
    ) -> Iterator[Note]:
        """Every `.md` file in these `folders`."""
        return (note for one in self.folders(folder, skip, unreadable) for note in one.notes)

    def evaluation(self, name: str) -> bytes | None:
        """The bytes of a note that may be an evaluation, None of any other. One byte too many shows that it is too
        large.
        """
        for _ in range(10):
            # Without the layers of `open`: almost every note of a vault comes to its end here.
            handle = os.open(f"{self.root}/{name}", _READ)
            try:
                head = os.read(handle, HEAD)
                if not may_be_evaluation(head, more=len(head) == HEAD):
                    return None
                data = head
                while len(data) <= MOST_BYTES and (more := os.read(handle, MOST_BYTES + 1 - len(data))):
                    data += more
                if not 0 <= time.time() - os.fstat(handle).st_mtime < TORN:
                    break
            finally:
                os.close(handle)
            time.sleep(TORN / 2)
        return data

    def read(self, name: str) -> Read:
        """A file's bytes; none if there is no such file."""
        try:
            data = self.path(name).read_bytes()
        except FileNotFoundError:
            return Read(b"", None)
        return Read.of(data)

    def templates(self, folder: str, unreadable: Unreadable) -> Iterator[Note]:
        """The vault's own templates, if there is such a folder; `unreadable` as for `notes`."""
        if (self.root / folder).is_dir():
            yield from self.notes(folder, unreadable=unreadable)

    def stamp(self, name: str) -> Stamp | None:
        """What a file looks like from outside; None if it cannot be looked at. Raises `OSError` if it is not there."""
        try:
            return Stamp.of(os.stat(f"{self.root}/{name}"))
        except PermissionError:
            return None

    def is_link(self, name: str) -> bool:
        """Whether the path is a link, as far as the system tells."""
        with contextlib.suppress(OSError):
            return (self.root / name).is_symlink()
        return False

    def away(self, name: str) -> OSError | None:
        """Why a file that is not there is somewhere nevertheless: a link leads to it, or it is in iCloud only."""
        path = self.root / name
        if path.exists():
            return None
        return leads_nowhere() if self.is_link(name) else in_icloud() if _placeholder(path).exists() else None

    def spelled(self, path: str) -> str:
        """A path as it is spelled on the disk: systems write an accent in one sign or in two, and people see no
        difference.
        """
        found = ""
        for part in path.split("/"):
            there = self.root / found
            if not (there / part).exists():
                with contextlib.suppress(OSError):
                    names = [one.name for one in os.scandir(there) if composed(one.name) == composed(part)]
                    part = (names or [part])[0]
            found = f"{found}/{part}".lstrip("/")
        return found

    def top_folders(self) -> list[str]:
        """The folders at the top of the vault, hidden ones left out."""
        with contextlib.suppress(OSError):
            found = [entry.name for entry in os.scandir(self.root) if entry.is_dir()]
            return sorted(name for name in found if not name.startswith("."))
        return []

    def write(self, name: str, data: bytes, read: Read) -> None:
        """Put `data` in the place of what was read, in one step that survives a power cut; folders are made.

        Mode and owner are kept, on Linux extended attributes too, and a linked note stays a link. If anybody saved the
        file since it was read, even in the last moment, theirs stands and nothing is written: raises
        `ChangedMeanwhile`. Raises `OutsideVault`, and `WriteFailed`, which says how the file stands.
        """
        path = self.path(name).resolve()
        try:
            if read.digest is None:
                path.parent.mkdir(parents=True, exist_ok=True)
                swap.create(path, data)
            elif os.access(path, os.W_OK) or not path.exists():
                swap.replace(path, data, read.data)
            else:
                raise PermissionError(errno.EACCES, "it is read-only")
        except FileNotFoundError as error:
            raise ChangedMeanwhile(f"{name} went away while it was written", "run the command again") from error
        except swap.Placed as error:
            why = f"{name} is written already, but it is not sure that it would survive a power cut: {error}"
            raise WriteFailed(why, "see to that, and run the command again", name, done=True) from error
        except OSError as error:
            why = f"{name} could not be written and stands as it was: {error.strerror or error}"
            raise WriteFailed(why, "see to that, and run the command again", name, done=False) from error

    @contextlib.contextmanager
    def locked(self, patience: float) -> Iterator[None]:
        """One process of ours at a time, on one machine; the system takes the lock back from one that is killed.

        Raises `Unsettled` if another one is not done after `patience` seconds.
        """
        start = time.monotonic()
        with lock.of_a_pass(self.root) as taken:
            while not taken():
                if time.monotonic() - start > patience:
                    why = "another process of reconnect is at work in this vault"
                    raise Unsettled(why, "run the command again when it is done")
                time.sleep(TORN / 5)
            yield

    def at_rest(self, name: str, saving: float = SAVING, gone: float = REPLACING) -> bool:
        """Whether nobody is in the middle of saving this file: it has been as it is, or has been gone, for a while."""
        try:
            changed = (self.root / name).stat().st_mtime
            return not 0 <= time.time() - changed < saving
        except FileNotFoundError:
            with contextlib.suppress(OSError):
                return not 0 <= time.time() - (self.root / name).parent.stat().st_mtime < gone
        except OSError:
            pass
        return True

    def past(self, pattern: str, first: str, day: str) -> list[str]:
        """Of files whose names have a day where the pattern has `{date}`: those from `first` until before `day`."""
        if "{date}" not in pattern:
            return []
        folder, _, name = pattern.rpartition("/")
        dated = re.compile(re.escape(name).replace(re.escape("{date}"), r"(\d{4}-\d\d-\d\d)"))
        with contextlib.suppress(OSError):
            names = sorted(entry.name for entry in os.scandir(self.root / folder))
            found = [one for one in names if (match := dated.fullmatch(one)) and first <= match[1] < day]
            return [f"{folder}/{one}".lstrip("/") for one in found]
        return []

    def is_being_written(self, name: str) -> bool:
        """Whether another program has the file open, as far as the system tells; one that has not written for a while
        only reads it.
        """
        with contextlib.suppress(OSError):
            changed = self.path(name).stat().st_mtime
            return 0 <= time.time() - changed < WRITING and bool(is_open_elsewhere(self.path(name)))
        return False

    def copies(self, name: str) -> list[str]:
        """Copies of a file that a sync service made because two devices changed it."""
        folder, _, file = name.rpartition("/")
        stem = file.removesuffix(".md")
        with contextlib.suppress(OSError):
            found = sorted(entry.name for entry in os.scandir(self.root / folder))
            copies = [one for one in found if CONFLICT_COPY.match(one.removeprefix(stem).lstrip()) and one != file]
            return [f"{folder}/{one}" if folder else one for one in copies]
        return []

    def left_behind(self, folder: str) -> list[Path]:
        """Files of ours in a folder: those of a pass that was killed."""
        with contextlib.suppress(OSError):
            return [
                Path(entry.path)
                for entry in os.scandir(self.root / folder)
                if swap.is_ours(entry.name) and entry.is_file(follow_symlinks=False)
            ]
        return []


def _placeholder(path: Path) -> Path:
    return path.with_name(f".{path.name}.icloud")


def find(start: Path) -> Vault:
    """The vault that `start` is, or is in: the nearest folder upwards with a `Reconnect.md` or `.obsidian`; without
    any, `start` itself if there is an evaluation in it. Raises `NoVault`.
    """
    here = start.resolve()
    if folder := around(here):
        return Vault(start if folder == here else folder)
    if _holds_an_evaluation(Vault(start)):
        return Vault(start)
    raise NoVault(
        f"{here} is no vault: there is no Reconnect.md in it, no .obsidian and no evaluation",
        "go to the folder with your notes, or name it; `reconnect init` makes a new one",
    )


def around(folder: Path) -> Path | None:
    """The nearest folder upwards, this one included, that is marked as a vault."""
    here = folder.resolve()
    return next((one for one in (here, *here.parents) if is_marked(one)), None)


def is_marked(folder: Path) -> bool:
    """Whether a folder is a vault: by the settings in it, or Obsidian's."""
    return (folder / "Reconnect.md").is_file() or (folder / ".obsidian").is_dir()


def _holds_an_evaluation(vault: Vault) -> bool:
    """In it or a folder of it: further down everything may be, and one that is a vault itself does not count."""
    with contextlib.suppress(OSError):
        inner = [one.name for one in os.scandir(vault.root) if one.is_dir() and not one.name.startswith(".")]
        for folder in (".", *(one for one in inner if not is_marked(vault.root / one))):
            with contextlib.suppress(OSError):
                names = [one.relative_to(vault.root).as_posix() for one in (vault.root / folder).glob("*.md")]
                if any(vault.evaluation(name) is not None for name in names):
                    return True
    return False


def shipped(name: str) -> Path:
    """A folder that comes with the program: inside the installed package, or beside it in a checkout."""
    inside = Path(__file__).parent / "_data" / name
    return inside if inside.is_dir() else Path(__file__).parent.parent / name


@cache  # they are read at each look at the settings, of each of many vaults
def shipped_templates() -> dict[str, str]:
    """The templates that come with the program: `templates/fix.md`, `templates/de/fix.md` -> text."""
    folder = shipped("templates")
    found = (path.relative_to(folder) for path in sorted(folder.rglob("*.md")))
    return {f"templates/{path.as_posix()}": (folder / path).read_text("utf-8") for path in found}
