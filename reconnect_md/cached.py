"""Files in the user's cache folder: kept whole or not at all, and as good as none once anything is wrong with them.

They may be deleted at any time, and are never in a vault, where they would be synced. With what is read from here an
answer is given again, so nothing is imported that takes time.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from . import digests

_PIECE: Final = 1 << 18
"""Bytes that are read at a time."""

File = str | os.PathLike[str]

_kept = True
"""Whether anything is kept at present."""


@contextlib.contextmanager
def unchanged() -> Iterator[None]:
    """Meanwhile what is kept is used, and nothing new is kept: for what is to leave no trace."""
    global _kept
    _kept, before = False, _kept
    try:
        yield
    finally:
        _kept = before


def folder() -> str:
    """Where they are; it need not be there yet."""
    if sys.platform == "linux":
        # What platformdirs says there. To import it takes as long as all else that an answer is given with.
        return os.path.expanduser(f"{os.environ.get('XDG_CACHE_HOME', '').strip() or '~/.cache'}/reconnect")
    from platformdirs import user_cache_dir

    return user_cache_dir("reconnect", appauthor=False)


def _rest(file: BinaryIO) -> bytes:
    """The digest of what a file holds from here on."""
    found = digests.new()
    while data := file.read(_PIECE):
        found.update(data)
    return found.digest()


@contextlib.contextmanager
def opened(file: File, head: bytes) -> Iterator[BinaryIO | None]:
    """A file, to be read from where it goes on behind `head`; None if that is not what was kept. Raises `OSError`.

    It is not read as a whole: an index of 8 MB would take that twice, and the system never get it back.
    """
    with open(file, "rb") as found:
        is_whole = found.read(len(head)) == head and found.read(digests.SIZE) == _rest(found)
        found.seek(len(head) + digests.SIZE)
        yield found if is_whole else None


def load(file: File, head: bytes) -> bytes | None:
    """What is kept in a file behind `head`; None if that is not what was kept. Raises `OSError`."""
    with opened(file, head) as found:
        return found.read() if found else None


def keep(file: File, head: bytes, write: Callable[[BinaryIO], object]) -> bool:
    """Keep what is written behind `head`, which says what it is; whether that was possible."""
    if not _kept:
        return False
    from pathlib import Path

    file = Path(file)
    new = file.with_name(f"{file.name}.{os.urandom(4).hex()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with new.open("w+b") as out:
                out.write(head + bytes(digests.SIZE))
                write(out)
                out.seek(len(head) + digests.SIZE)
                found = _rest(out)
                out.seek(len(head))
                out.write(found)
            new.replace(file)
            return True
        finally:
            new.unlink(missing_ok=True)
    return False
