"""Half of the work in a second process, where a vault has many folders: of a look at each note almost all of the time
is the system's, and threads would wait for each other.
"""

import contextlib
import os
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, islice
from typing import Any, Final, NoReturn
from zlib import crc32

from .listing import Folder

MANY: Final = 100
"""So many folders are looked at before it pays to start a process for half of the others."""

POSSIBLE: Final = sys.platform.startswith("linux") and (os.cpu_count() or 1) > 1
"""Windows has no fork, and macOS' own libraries may not survive one."""

Walk = Callable[[], Iterator[Folder]]
Here = Callable[[Iterator[Folder]], None]
There = Callable[[Iterator[Folder]], Any]
"""What it returns is never None."""


def in_two(walk: Walk, here: Here, there: There, by: Any) -> Any:
    """Have something done with the folders of a walk: `here` is given those that are this process's, and what `there`
    made of the others is returned; None if there were none. It is handed over `by` `pickle` or `marshal`, piece by
    piece: it may be megabytes. Raises what either raises.
    """
    found, begun = walk(), set[str]()
    here(_noted(islice(found, MANY), begun))
    further = next(found, None)
    if further is None:
        return None
    found = chain([further], found)
    other = _forked(partial(_second, there, filter(_is_theirs, found), by))
    if other is None:
        here(found)
        return None
    child, out = other
    made = None
    try:
        with os.fdopen(out, "rb") as pipe:
            here(one for one in found if not _is_theirs(one))
            with contextlib.suppress(Exception):  # of a process that was ended only a part comes
                made = by.load(pipe)
    finally:
        with contextlib.suppress(ChildProcessError):  # where its end is ignored, the system has seen to it
            os.waitpid(child, 0)
    if made is None:  # whatever ended it does not end this
        return there(one for one in walk() if _is_theirs(one) and one.prefix not in begun)
    return made


def _forked(second: Callable[[int], NoReturn]) -> tuple[int, int] | None:
    """A second process, which is given where to write: its number, and where to read that; None where there can be
    none, or the system has no room for it.
    """
    if not POSSIBLE or threading.active_count() > 1:  # another thread may hold a lock, and is not there in the copy
        return None
    ends: tuple[int, ...] = ()
    try:
        ends = out, into = os.pipe()
        child = os.fork()
    except OSError:
        for end in ends:
            os.close(end)
        return None
    if not child:
        second(into)
    os.close(into)
    return child, out


def _noted(found: Iterator[Folder], names: set[str]) -> Iterator[Folder]:
    """Folders whose names are put down: what each holds is not to be kept."""
    for one in found:
        names.add(one.prefix)
        yield one


def _second(there: There, found: Iterator[Folder], by: Any, into: int) -> NoReturn:
    """The second process: it hands over what it made, and leaves everything else to the first."""
    try:
        with os.fdopen(into, "wb") as pipe:
            by.dump(there(found), pipe)
        os._exit(0)
    finally:
        os._exit(1)


def _is_theirs(folder: Folder) -> bool:
    """By a number of its name, which is the same for both, whatever changes meanwhile."""
    return bool(crc32(folder.prefix.encode(errors="surrogateescape")) & 1)
