"""`reconnect cohort`: a coach's morning, over many vaults."""

import json
import multiprocessing
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, BinaryIO, Final

import click
import pendulum
from pendulum import Date

from .. import cohort as cohorts
from .. import outlook
from ..cohort import Row
from ..digests import digest
from ..errors import Failure, SettingsUnread, Unsettled
from ..reading import read_notes
from ..vault import Vault, is_marked
from .options import Day, examples, json_option
from .printing import SOME_ERRORS, say

FEW: Final = 32
"""Vaults for which no second process is started: to start it takes longer."""

AT_ONCE: Final = 16
"""Vaults that a process takes at a time."""


@click.command(epilog=examples("cohort ~/clients", "cohort ~/clients --json -o morning.jsonl"))
@click.argument("folders", metavar="FOLDER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--date", "today", type=Day(), metavar="DATE", help="Look at this day instead of today.")
@click.option("--names", is_flag=True, help="Name the employers with late calls.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Keep what is found in this file (JSON lines), and go on from it after an interruption.",
)  # fmt: skip
@json_option
def cohort(folders: tuple[Path, ...], today: Any, names: bool, output: Path | None, as_json: bool) -> int:
    """Show a coach whose calls are late, and for whom none is planned.

    A FOLDER is a vault, or holds vaults. Each has a line of numbers and days: no employer, no name, and no word of a
    note unless you ask for names. Nothing is written into a vault.
    """
    day = today or pendulum.today().date()
    vaults = [vault for folder in folders for vault in _vaults(folder)]
    with output.open("a+b") if output else nullcontext() as kept:
        before = _kept(kept, _head(vaults, day, names), output) if kept and output else []
        found = _progress(_rows(_named(vaults)[len(before) :], day, names), len(vaults), len(before))
        failed = False

        def tell(text: str) -> None:
            sys.stdout.write(text)
            sys.stdout.flush()

        def told() -> Iterator[Row]:
            nonlocal failed
            for number, one in enumerate(row for rows in (before, found) for row in rows):
                if kept and number >= len(before):
                    kept.write(_line(one).encode())
                    kept.flush()
                tell(_line(one) if as_json else cohorts.line(one))
                failed |= one.failed is not None
                yield one

        tell("" if as_json else cohorts.headings(names))
        say(cohorts.together(told()).rstrip())
    return SOME_ERRORS if failed else 0


def _vaults(folder: Path) -> list[str]:
    """The path of a folder if it is a vault, or those of the vaults in it, by name. Raises `Failure` without any."""
    here = folder.resolve()
    if is_marked(here):
        return [str(here)]
    try:
        inside = sorted(one.path for one in os.scandir(here) if one.is_dir())
    except OSError as error:
        raise Failure(
            f"{folder} cannot be read: {error.strerror}", "name the folder of a vault, or one of vaults"
        ) from error
    if found := [one for one in inside if is_marked(Path(one))]:
        return found
    raise Failure(
        f"there is no vault in {folder}", "name folders with a Reconnect.md in them, or a folder of such folders"
    )


def _named(vaults: Sequence[str]) -> list[tuple[str, str]]:
    """Each vault with its name: that of its folder, for nobody has to know where a coach keeps it; but the whole path
    where two have one name.
    """
    names = [Path(vault).name for vault in vaults]
    count = Counter(names)
    return [(vault, name if count[name] == 1 else vault) for vault, name in zip(vaults, names, strict=True)]


def _rows(vaults: Sequence[tuple[str, str]], day: Date, names: bool) -> Iterator[Row]:
    """The row of each vault, in their order, as soon as it is there."""
    look = partial(_row, day=str(day), names=names)
    if len(vaults) < FEW:
        yield from map(look, vaults)
        return
    told = 0
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 2), initializer=_begin) as pool:
        try:
            for one in pool.map(look, vaults, chunksize=AT_ONCE):
                told += 1
                yield one
        except BrokenProcessPool:  # whatever ended a process does not end this one
            yield from map(look, vaults[told:])


def _begin() -> None:
    """In a process of the pool: Ctrl-C is for the first one, and when that is gone, so is this."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_first, daemon=True).start()


def _end_with_first() -> None:
    if first := multiprocessing.parent_process():
        first.join()
        os._exit(1)


def _row(named: tuple[str, str], day: str, names: bool) -> Row:
    """One vault; whatever is wrong with it harms no other one, and no word of it is told."""
    vault, name = named
    try:
        found, today = Vault(Path(vault)), Date.fromisoformat(day)
        frame = outlook.in_force(found)
        seen = outlook.outlook(read_notes(found, frame, today, whole=False), frame, today)
        return cohorts.row(name, seen, names)
    except Unsettled:  # from a single look nobody knows whether it is still being saved
        why = "its Reconnect.md was changed a moment ago, and cannot be read yet"
    except SettingsUnread:
        why = "its Reconnect.md cannot be read"
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    except Exception as error:  # a defect of ours
        why = f"cannot be planned: {type(error).__name__}"
    return Row(name, failed=why, employers=() if names else None)


def _progress(rows: Iterable[Row], total: int, done: int) -> Iterable[Row]:
    """A bar for people who wait."""
    if not sys.stderr.isatty():
        return rows
    from rich.console import Console
    from rich.progress import track

    return track(rows, "vaults", total=total, completed=done, console=Console(stderr=True), transient=True)


def _line(one: Row) -> str:
    row = {key: value for key, value in one._asdict().items() if key != "employers" or value is not None}
    return json.dumps(row, ensure_ascii=False) + "\n"


def _head(vaults: Sequence[str], day: Date, names: bool) -> bytes:
    """The first line of a file that is kept: of which day and of which vaults it is."""
    whole = "\0".join(vaults).encode(errors="surrogateescape")
    header = {"cohort": 1, "date": str(day), "names": names, "vaults": digest(whole).hex()}
    return json.dumps(header).encode() + b"\n"


def _kept(kept: BinaryIO, head: bytes, file: Path) -> list[Row]:
    """What an interrupted run has found already; a line that is not whole is taken out. Raises `Failure` if the file is
    of another day, or of other folders.
    """
    kept.seek(0)
    found = kept.read()
    whole = found[: found.rfind(b"\n") + 1]
    if head.startswith(found):
        kept.truncate(0)
        kept.write(head)
        return []
    try:
        if not whole.startswith(head):
            raise ValueError
        rows = [Row(**json.loads(line)) for line in whole.splitlines()[1:]]
    except (ValueError, TypeError) as error:
        raise Failure(
            f"{file} was made for another day or other folders, or not by this command",
            "delete it, or name another file",
        ) from error
    kept.truncate(len(whole))
    return [one._replace(employers=tuple(one.employers) if one.employers is not None else None) for one in rows]
