"""Two files change places in one step, where the system can; and whether anybody still has a file open.

Checking a file and then renaming over it loses what an editor saves in between. After an exchange nothing is lost yet:
what was there can be looked at, and put back.
"""

import contextlib
import ctypes
import errno
import os
import signal
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # Linux: renameat2(2)
_RENAME_SWAP = 2  # macOS: renamex_np(2)
_WRITE_THROUGH = 1  # Windows: ReplaceFileW
_NO_SUCH_THING = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


def exchange(one: Path, other: Path) -> None:
    """What `one` and `other` name changes places. Both must exist, in one folder. Raises `OSError`.

    Where the system has no such step (some network drives, FAT), the old file gets a second name first, so that it is
    kept; a save between the two steps would be lost there.
    """
    if at_once(one, other):
        return
    aside = one.with_name(f"{one.name}-")
    with contextlib.suppress(FileNotFoundError):
        aside.unlink()
    try:
        os.link(other, aside)
    except (OSError, NotImplementedError):
        aside.write_bytes(other.read_bytes())
    one.replace(other)
    aside.replace(one)


def at_once(one: Path, other: Path) -> bool:
    """Exchange them in one step; whether the system has such a step here. Raises `OSError`."""
    swap = _swap()
    if swap is None:
        return False
    try:
        swap(one, other)
    except OSError as error:
        if error.errno not in _NO_SUCH_THING:
            raise
        return False
    return True


@cache
def _swap() -> Callable[[Path, Path], None] | None:
    """The system's own exchange, if it has one."""
    if sys.platform == "win32":
        return _replace_file
    try:
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "darwin":
            renamex = library.renamex_np
            return lambda one, other: _called(renamex, os.fsencode(one), os.fsencode(other), _RENAME_SWAP)
        rename = library.renameat2
    except (OSError, AttributeError):
        return None
    return lambda one, other: _called(
        rename, _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE
    )


def _called(function: Any, *arguments: object) -> None:
    if function(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _replace_file(one: Path, other: Path) -> None:
    """Windows: `other` gets what `one` holds and keeps its rights; what it held goes by a third name to `one`."""
    aside = one.with_name(f"{one.name}-")
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined]
    if not kernel.ReplaceFileW(str(other), str(one), str(aside), _WRITE_THROUGH, None, None):
        error = ctypes.WinError(ctypes.get_last_error())  # type: ignore[attr-defined]
        if aside.exists() and not other.exists():
            aside.rename(other)  # it stopped half way: error 1177
        raise error
    aside.replace(one)


def is_open_elsewhere(path: Path) -> bool | None:
    """Whether somebody else has the file open; None where the system does not tell.

    Linux grants a write lease only on a file that nobody else has open (fcntl(2)).
    """
    try:
        import fcntl

        lease, write, none = fcntl.F_SETLEASE, fcntl.F_WRLCK, fcntl.F_UNLCK
        handle = os.open(path, os.O_RDONLY)
    except (ImportError, AttributeError, OSError):
        return None
    try:
        # Who opens the file in between breaks the lease; by default the signal that tells of it would end the process.
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, lease, write)
        fcntl.fcntl(handle, lease, none)
    except OSError as error:
        return True if error.errno == errno.EAGAIN else None
    finally:
        os.close(handle)
    return False
