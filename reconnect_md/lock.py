"""One watcher for a vault on one machine. The lock is in the user's cache folder: in the vault it would be synced."""

import contextlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pendulum

from . import cached
from .digests import digest
from .errors import Watched

_FAR: Final = 1 << 30
"""The byte that Windows locks: one that nobody reads."""


def key(root: Path) -> str:
    """A short name for a vault on this machine: 16 hexadecimal digits of its path's digest."""
    return digest(os.fsencode(os.path.normcase(root.resolve()))).hex()[:16]


def place(root: Path, kind: str) -> Path:
    """A file about a vault that is of this machine only, and that may be deleted at any time."""
    return Path(cached.folder(), f"{key(root)}.{kind}")


@contextlib.contextmanager
def watching(root: Path) -> Iterator[None]:
    """Hold the lock of a vault's watcher. Raises `Watched` if another process does.

    Where no cache folder can be written there is none: two watchers write the same, so it is a waste and no harm.
    """
    path = place(root, "lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    except OSError:
        yield
        return
    with file:
        if not _locked(file.fileno()):
            file.seek(0)
            raise Watched(
                f"{root.resolve()} is watched already: by {file.read().strip() or 'another process'}",
                "one is enough; to have it here, end that one first",
            )
        file.truncate(0)
        file.write(f"process {os.getpid()}, since {pendulum.now().format('YYYY-MM-DD HH:mm')}\n")
        file.flush()
        yield
        file.truncate(0)


def holder(root: Path) -> str:
    """Who watches a vault: `process 12, since 2026-11-25 08:30`; empty if nobody does."""
    try:
        with place(root, "lock").open("r+", encoding="utf-8") as file:
            return "" if _locked(file.fileno()) else file.read().strip() or "another process"
    except OSError:
        return ""


@contextlib.contextmanager
def of_a_pass(root: Path) -> Iterator[Callable[[], bool]]:
    """What takes the lock that one pass at a time has, and says whether it did. It is on the vault's folder itself; on
    Windows, where folders cannot be locked, on a file in the cache.
    """
    path, flags = root, os.O_RDONLY
    if os.name == "nt":
        path, flags = place(root, "pass"), os.O_RDWR | os.O_CREAT
        path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, flags)
    try:
        yield lambda: _locked(handle)
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    """Take the lock, which the system takes back when the process ends in any way. Whether that went well; so it does
    where there are no locks (some network drives).
    """
    try:
        import fcntl
    except ImportError:
        import msvcrt

        try:
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True
