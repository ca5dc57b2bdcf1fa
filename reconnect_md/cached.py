"""Files in the user's cache folder: kept whole or not at all, and as good as none once anything is wrong with them.

They may be deleted at any time, and are never in a vault, where they would be synced.
"""

import contextlib
import os
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from platformdirs import user_cache_path

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


def folder() -> Path:
    """Where they are; it need not be there yet."""
    return user_cache_path("reconnect", appauthor=False)


def digest(data: bytes) -> bytes:
    """What tells one content from another: 16 bytes."""
    return blake2b(data, digest_size=16).digest()


def load(file: Path, head: bytes) -> bytes | None:
    """What is kept in a file behind `head`; None if that is not what was kept. Raises `OSError`."""
    whole = file.read_bytes()
    found, data = whole[len(head) : len(head) + 16], whole[len(head) + 16 :]
    return data if whole.startswith(head) and digest(data) == found else None


def keep(file: Path, head: bytes, data: bytes) -> bool:
    """Keep something behind `head`, which says what it is; whether that was possible."""
    if not _kept:
        return False
    new = file.with_name(f"{file.name}.{os.urandom(4).hex()}")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            new.write_bytes(head + digest(data) + data)
            new.replace(file)
            return True
        finally:
            new.unlink(missing_ok=True)
    return False
