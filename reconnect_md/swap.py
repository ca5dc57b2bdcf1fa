"""New bytes into the place of a file, without losing what anybody else saves at the same moment.

The new file is written beside the old one, and the two change places; then what came out is looked at. If it is not
what was read, it goes back. A file of ours that a killed process left behind tells by its name what it is: `T-E-N`,
short digests of the target's name, of the bytes that it is expected to hold after the exchange, and of the new ones.
"""

import base64
import contextlib
import errno
import os
import re
import time
from difflib import SequenceMatcher
from pathlib import Path
from typing import Final

from .digests import digest
from .errors import ChangedMeanwhile
from .exchange import exchange, is_open_elsewhere

PREFIX: Final = ".reconnect-"
_UNFINISHED: Final = f"{PREFIX}new-"

GRACE: Final = 0.1
"""Seconds for which a replaced file is watched for a late save where the system does not tell whether it is open."""

STILL_OPEN: Final = 0.5
"""Seconds for which it is watched while somebody has it open; after that it stays until a later pass looks at it."""


class Placed(Exception):
    """Something failed, but only after the new bytes were in their place."""


_OURS: Final = re.compile(r"\.reconnect-(?:new-[0-9a-f]{8}|[a-z2-7]{8}-[a-z2-7]{8}-[a-z2-7]{8}-?)")


def is_ours(name: str) -> bool:
    """Whether a file name is that of a temporary file of ours."""
    return _OURS.fullmatch(name) is not None


def _short(data: bytes) -> str:
    return base64.b32encode(digest(data)[:5]).decode().lower()


def prepare(path: Path, data: bytes, old: bytes | None) -> Path:
    """A complete file beside `path`, on the disk, with the mode and owner of the old one (if there is one), and on
    Linux its extended attributes.

    Raises `OSError`, and leaves nothing then.
    """
    unfinished = path.with_name(_UNFINISHED + os.urandom(4).hex())
    try:
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(unfinished, flags, 0o666 if old is None else 0o600), "wb") as file:
            file.write(data)
            file.flush()
            if old is not None:
                _like(path, unfinished)
            os.fsync(file.fileno())
        names = (_short(os.fsencode(path.name)), _short(old or b""), _short(data))
        return unfinished.replace(path.with_name(PREFIX + "-".join(names)))
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise


def _like(path: Path, new: Path) -> None:
    """Mode, owner and extended attributes, as far as the file system has them (sshfs has no attributes, FAT no owners);
    an owner that only root could give stays ours, and then at least the group is theirs.
    """
    there = path.stat()
    if hasattr(os, "chown"):
        for owner in (there.st_uid, -1):
            with contextlib.suppress(OSError):
                os.chown(new, owner, there.st_gid)
                break
    with contextlib.suppress(OSError):
        new.chmod(there.st_mode & 0o7777)
    with contextlib.suppress(OSError):
        for name in os.listxattr(path) if hasattr(os, "listxattr") else ():
            with contextlib.suppress(OSError):
                os.setxattr(new, name, os.getxattr(path, name))


def sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows opens no folders and needs no such thing."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP):  # no such thing as that for folders
            raise
    finally:
        os.close(handle)


def verify(temporary: Path, path: Path, old: bytes, new: bytes) -> None:
    """Delete what came out of an exchange if it is what was read, and stays that; else put it back.

    Raises `ChangedMeanwhile` if somebody had saved something else.
    """
    start = time.monotonic()
    while True:
        is_open = is_open_elsewhere(temporary)  # asked first: then what is read is all that was written until now
        if temporary.read_bytes() != old:
            _put_back(temporary, path, old, new)
            raise ChangedMeanwhile(f"{path.name} was saved by another program", "run the command again")
        if is_open is False or time.monotonic() - start > (STILL_OPEN if is_open else GRACE):
            break
        time.sleep(GRACE / 20)
    if not is_open:
        temporary.unlink()


def _put_back(temporary: Path, path: Path, old: bytes, new: bytes) -> None:
    """Give the file its bytes of before, which are newer than ours.

    If by then somebody saved onto ours, that is newer still: it stands, with what the other save had added.
    """
    exchange(temporary, path)
    onto = temporary.read_bytes()
    if onto == new:
        sync_folder(path.parent)
        temporary.unlink()
        return
    exchange(temporary, path)
    saved = temporary.read_bytes()
    both = merged(old, saved, onto)
    if both == onto:
        temporary.unlink()
        return
    _keep_beside(temporary, path, saved)
    with contextlib.suppress(ChangedMeanwhile):
        replace(path, both, onto)
        _beside(path, saved).unlink()


def _beside(path: Path, saved: bytes) -> Path:
    return path.with_name(f"{path.stem} (conflicted copy {_short(saved)}).md")


def _keep_beside(temporary: Path, path: Path, saved: bytes) -> None:
    """A save for which there is no place becomes a note of its own, which is reported as a copy."""
    copy = prepare(path, saved, saved)
    copy.rename(_beside(path, saved))
    temporary.unlink()


def replace(path: Path, data: bytes, old: bytes) -> None:
    """Put `data` in the place of `old`, in one step that survives a power cut; mode, owner and attributes are kept.

    Raises `ChangedMeanwhile` if the file holds something else, or somebody saved it in the last moment: then theirs
    stands. Raises `Placed` for errors after the exchange, `OSError` for those before.
    """
    temporary = prepare(path, data, old)
    try:
        if path.read_bytes() != old:
            raise ChangedMeanwhile(f"{path.name} was changed while it was rewritten", "run the command again")
        exchange(temporary, path)
        try:
            sync_folder(path.parent)
            verify(temporary, path, old, data)
        except OSError as error:
            raise Placed(error.strerror or str(error)) from error
    except BaseException:
        with contextlib.suppress(OSError):
            recover(temporary)
        raise


def create(path: Path, data: bytes) -> None:
    """A new file. Raises `ChangedMeanwhile` if there is one by now, `Placed`, `OSError`."""
    temporary = prepare(path, data, None)
    try:
        _name(temporary, path)
        try:
            sync_folder(path.parent)
        except OSError as error:
            raise Placed(error.strerror or str(error)) from error
    finally:
        temporary.unlink(missing_ok=True)


def _name(temporary: Path, path: Path) -> None:
    """Give the file its name, if no other has it."""
    try:
        os.link(temporary, path)
    except FileExistsError as error:
        raise ChangedMeanwhile(f"{path.name} was made meanwhile", "run the command again") from error
    except OSError:  # file systems without second names say so in a dozen ways
        if path.exists():
            raise
        temporary.rename(path)


def merged(old: bytes, saved: bytes, onto: bytes) -> bytes:
    """`onto`, with the lines that `saved` added to `old` or changed in it. What only `saved` deleted stays."""
    was, now, result = ((data + b"\n" * (data[-1:] not in b"\r\n")).splitlines(True) for data in (old, saved, onto))
    kept = dict[int, int]()
    for block in SequenceMatcher(None, was, result, autojunk=False).get_matching_blocks():
        kept |= {block.a + n: block.b + n for n in range(block.size)}
    there = set(result)
    added_any = False
    for kind, i1, i2, j1, j2 in reversed(SequenceMatcher(None, was, now, autojunk=False).get_opcodes()):
        added = [line for line in now[j1:j2] if line not in there] if kind in ("insert", "replace") else []
        if not added:
            continue
        at = 1 + next((kept[n] for n in range(i1 - 1, -1, -1) if n in kept), -1)
        unchanged = kind == "replace" and [kept.get(n) for n in range(i1, i2)] == list(range(at, at + i2 - i1))
        result[at : at + i2 - i1 if unchanged else at] = added
        added_any = True
    return b"".join(result) if added_any else onto


def recover(left: Path) -> bool:
    """Deal with a file that was left behind: what nobody typed is deleted, what somebody did goes back.

    If their note has other bytes by now, it becomes a note of its own beside it. One that somebody still has open is
    left for later: returns False.
    """
    parts = left.name.removeprefix(PREFIX).removesuffix("-").split("-")
    if left.name.startswith(_UNFINISHED):
        left.unlink(missing_ok=True)
        return True
    if is_open_elsewhere(left):
        return False
    try:
        saved = left.read_bytes()
    except FileNotFoundError:
        return True
    target = next((one for one in left.parent.iterdir() if _short(os.fsencode(one.name)) == parts[0]), None)
    if target and (not saved or _short(saved) in parts[1:]):
        left.unlink()
    elif target and _short(target.read_bytes()) == parts[2]:
        exchange(left, target)
        left.unlink()
    elif saved and _short(saved) != parts[2]:
        left.rename(_beside(target or left.with_name("Recovered.md"), saved))
    else:
        left.unlink()
    return True
