"""`reconnect cohort`: a coach's morning, over many vaults."""

import json
import multiprocessing
import os
import signal
import sys
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
from .. import outlook, settings
from ..cohort import Row
from ..errors import Failure, SettingsUnread, Unsettled
from ..reading import read_notes
from ..vault import Vault
from .options import Day, examples, json_option
from .printing import SOME_ERRORS, echo, say

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
    header = {"cohort": 1, "date": str(day), "names": names}
    with output.open("a+b") if output else nullcontext() as kept:
        before = _kept(kept, header, vaults, output) if kept and output else []
        found = _progress(_rows(vaults[len(before) :], day, names), len(vaults), len(before))
        failed = False

        def told() -> Iterator[Row]:
            nonlocal failed
            for number, one in enumerate(row for rows in (before, found) for row in rows):
                if kept and number >= len(before):
                    kept.write(_line(one).encode())
                    kept.flush()
                echo(_line(one) if as_json else cohorts.line(one), nl=False)
                sys.stdout.flush()
                failed |= one.failed is not None
                yield one

        echo("" if as_json else cohorts.headings(names), nl=False)
        say(cohorts.together(told()).rstrip())
    return SOME_ERRORS if failed else 0


def _vaults(folder: Path) -> list[str]:
    """A folder that is a vault, or those in it that are, by name. Raises `Failure` if there is none."""
    if _is_vault(folder):
        return [str(folder)]
    try:
        inside = sorted(one.path for one in os.scandir(folder) if one.is_dir())
    except OSError as error:
        raise Failure(
            f"{folder} cannot be read: {error.strerror}", "name the folder of a vault, or one of vaults"
        ) from error
    if found := [one for one in inside if _is_vault(Path(one))]:
        return found
    raise Failure(
        f"there is no vault in {folder}", "name folders with a Reconnect.md in them, or a folder of such folders"
    )


def _is_vault(folder: Path) -> bool:
    return (folder / settings.FILE).is_file() or (folder / ".obsidian").is_dir()


def _rows(vaults: Sequence[str], day: Date, names: bool) -> Iterator[Row]:
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


def _row(vault: str, day: str, names: bool) -> Row:
    """One vault; whatever is wrong with it harms no other one, and no word of it is told."""
    try:
        found, today = Vault(Path(vault)), Date.fromisoformat(day)
        frame = outlook.in_force(found)
        seen = outlook.outlook(read_notes(found, frame, today, whole=False), frame, today)
        return cohorts.row(vault, seen, names)
    except Unsettled:
        why = "is being saved at this moment"
    except SettingsUnread:
        why = "its Reconnect.md cannot be read"
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    except Exception as error:  # a defect of ours
        why = f"cannot be planned: {type(error).__name__}"
    return Row(vault, failed=why, employers=() if names else None)


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


def _kept(kept: BinaryIO, header: dict[str, Any], vaults: Sequence[str], file: Path) -> list[Row]:
    """What an interrupted run has found already; a line that is not whole is taken out. Raises `Failure` if the file is
    of another day, or of other folders.
    """
    kept.seek(0)
    first, *lines = kept.read().splitlines(keepends=True) or [b""]
    if not first.strip():
        kept.write(json.dumps(header).encode() + b"\n")
        return []
    try:
        if json.loads(first) != header:
            raise ValueError
        rows = [Row(**json.loads(line)) for line in lines if line.endswith(b"\n")]
        if [one.vault for one in rows] != [*vaults[: len(rows)]]:
            raise ValueError
    except (ValueError, TypeError) as error:
        raise Failure(
            f"{file} was made for another day or other folders, or not by this command",
            "delete it, or name another file",
        ) from error
    kept.truncate(sum(map(len, [first, *(line for line in lines if line.endswith(b"\n"))])))
    return [one._replace(employers=tuple(one.employers) if one.employers is not None else None) for one in rows]
