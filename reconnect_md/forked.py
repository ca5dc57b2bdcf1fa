"""Half of the work in a second process, where a vault has many folders: of a look at each note almost all of the time
is the system's, and threads would wait for each other.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Final, NoReturn
from zlib import crc32

from .listing import Folder

MANY: Final = 100
"""So many folders are looked at before it pays to start a process for half of the others."""

POSSIBLE: Final = sys.platform.startswith("linux") and (os.cpu_count() or 1) > 1
"""Windows has no fork, and macOS' own libraries may not survive one."""

Walk = Callable[[], Iterator[Folder]]
Here = Callable[[Iterator[Folder]], None]
There = Callable[[Iterator[Folder]], bytes]


def in_two(walk: Walk, here: Here, there: There) -> bytes:
    """Have something done with the folders of a walk: `here` is given those that are this process's, and what `there`
    made of the others is returned; nothing if there were none. Raises what either raises.
    """
    found = walk()
    first = list(islice(found, MANY))
    here(iter(first))
    further = next(found, None)
    if further is None:
        return b""
    found = chain([further], found)
    if not POSSIBLE or threading.active_count() > 1:  # another thread may hold a lock, and is not there in the copy
        here(found)
        return b""
    out, into = os.pipe()
    child = os.fork()
    if not child:
        _second(into, there, filter(_is_theirs, found))
    os.close(into)
    with os.fdopen(out, "rb") as pipe:
        here(one for one in found if not _is_theirs(one))
        parcel = pipe.read()
    _, status = os.waitpid(child, 0)
    if status:  # whatever ended it does not end this
        begun = {one.prefix for one in first}
        return there(one for one in walk() if _is_theirs(one) and one.prefix not in begun)
    return parcel


def _second(into: int, there: There, found: Iterator[Folder]) -> NoReturn:
    """The second process: it hands over what it made, and leaves everything else to the first."""
    try:
        with os.fdopen(into, "wb") as pipe:
            pipe.write(there(found))
        os._exit(0)
    finally:
        os._exit(1)


def _is_theirs(folder: Folder) -> bool:
    """By a number of its name, which is the same for both, whatever changes meanwhile."""
    return bool(crc32(folder.prefix.encode(errors="surrogateescape")) & 1)
