"""New bytes into the place of a file, without losing what anybody else saves at the same moment.

The new file is written beside the old one, and the two change places; then what came out is looked at. If it is not
what was read, it goes back. A file of ours that a killed process left behind tells by its name what it is: `T-E-N`,
short digests of the target's name, of the bytes that it is expected to hold after the exchange, and of the new ones.
"""

import base64
import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from .errors import ChangedMeanwhile
from .exchange import exchange, is_open_elsewhere

PREFIX: Final = ".reconnect-"
_UNFINISHED: Final = f"{PREFIX}new-"

GRACE: Final = 0.1
"""Seconds for which a replaced file that somebody still has open is watched for a late save."""

_LOOKS: Final = 50


def is_ours(name: str) -> bool:
    """Whether a file name is that of a temporary file of ours."""
    return name.startswith(PREFIX)


def digest(data: bytes) -> bytes:
    """What tells one content of a file from another."""
    return hashlib.blake2b(data, digest_size=16).digest()


def _short(data: bytes) -> str:
    return base64.b32encode(digest(data)[:5]).decode().lower()


def prepare(path: Path, data: bytes, old: bytes | None) -> Path:
    """A complete file beside `path`, on the disk, with the mode, owner and attributes of the old one (if there is one).

    Raises `OSError`, and leaves nothing then.
    """
    unfinished = path.with_name(_UNFINISHED + secrets.token_hex(4))
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(unfinished, flags, 0o666 if old is None else 0o600), "wb") as file:
            file.write(data)
            file.flush()
            if old is not None:
                _like(path, unfinished)
            os.fsync(file.fileno())
        names = (_short(os.fsencode(path.name)), _short(old or b""), _short(data))
        return unfinished.rename(path.with_name(PREFIX + "-".join(names)))
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise


def _like(path: Path, new: Path) -> None:
    """Mode, owner and extended attributes; an owner that only root could give stays ours."""
    there = path.stat()
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(new, there.st_uid, there.st_gid)
    new.chmod(there.st_mode & 0o7777)
    for name in os.listxattr(path) if hasattr(os, "listxattr") else ():
        with contextlib.suppress(OSError):
            os.setxattr(new, name, os.getxattr(path, name))


def put(temporary: Path, path: Path, new: bool) -> None:
    """Exchange the two; or, where there is to be no file yet, give the temporary one its name.

    Raises `ChangedMeanwhile` if there is a file by now, `OSError`.
    """
    if not new:
        exchange(temporary, path)
        return
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise ChangedMeanwhile(f"{path.name} was made meanwhile", "run the command again") from error
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        shutil.move(temporary, path)
        return
    temporary.unlink()


def sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows opens no folders and needs no such thing."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def verify(temporary: Path, path: Path, old: bytes, new: bytes) -> None:
    """Delete what came out of an exchange if it is what was read, and stays that; else put it back.

    Raises `ChangedMeanwhile` if somebody had saved something else.
    """
    for _ in _while_open(temporary):
        if temporary.read_bytes() != old:
            _put_back(temporary, path, old, new)
            raise ChangedMeanwhile(f"{path.name} was saved by another program", "run the command again")
    temporary.unlink()


def _while_open(temporary: Path) -> Iterator[None]:
    """Once, and again and again while somebody may still write into the file, for the time of grace."""
    end = time.monotonic() + GRACE
    while is_open_elsewhere(temporary) is not False and time.monotonic() < end:
        yield
        time.sleep(GRACE / 20)
    yield


def _put_back(temporary: Path, path: Path, old: bytes, new: bytes) -> None:
    """Give the file its bytes of before, which are newer than ours; what was saved onto ours is newer still."""
    put_there = None
    for _ in range(_LOOKS):
        saved = temporary.read_bytes()
        exchange(temporary, path)
        came_out = temporary.read_bytes()
        if came_out in (new, put_there):
            break
        if came_out.startswith(new) and saved.startswith(old):
            # A program that only appends, once before and once after the exchange: its two lines stand one by one.
            with path.open("ab") as file:
                file.write(came_out[len(new) :])
            break
        put_there = saved
    sync_folder(path.parent)
    temporary.unlink()


def recover(left: Path) -> None:
    """Deal with a file that a killed process left behind: what nobody typed is deleted, what somebody did goes back.

    If their note has other bytes by now, it becomes a note of its own beside it.
    """
    parts = left.name.removeprefix(PREFIX).removesuffix("-").split("-")
    with contextlib.suppress(FileNotFoundError):
        saved = left.read_bytes()
        if left.name.startswith(_UNFINISHED) or len(parts) != 3 or not saved or _short(saved) in parts[1:]:
            left.unlink()
            return
        target = next((one for one in left.parent.iterdir() if _short(os.fsencode(one.name)) == parts[0]), None)
        if target and _short(target.read_bytes()) == parts[2]:
            exchange(left, target)
            left.unlink()
        else:
            name = target.stem if target else "Recovered"
            left.rename(left.with_name(f"{name} (conflicted copy {parts[1]}).md"))
