"""`reconnect export`: plans and history for other programs."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .. import ics, reading, report, table, worksearch
from ..agenda import ASKED
from ..errors import Failure
from ..outlook import Outlook
from ..settings import Settings
from ..vault import Vault
from .finding import find, in_force
from .options import Day, date_option, examples, vault_argument
from .printing import complain, exit_code, say

Made = Callable[[Outlook, Path, bytes], bytes]
"""Plans, the vault's folder, and what the file held -> what it is to hold."""

output_option = click.option(
    "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write this file, if it differs."
)


@click.group(epilog=examples("export ics --output ~/calls.ics", "export csv ~/job-search > history.csv"))
def export() -> None:
    """Give plans and history to calendars, to-do lists, spreadsheets.

    It goes to stdout, or into a file. For a calendar that is always right, write `calendar: Reconnect.ics` in
    Reconnect.md instead.
    """


def _format(name: str, help: str, make: Made) -> None:
    """One of the formats; all are called alike."""

    def command(vault: Path | None, today: Any, output: Path | None) -> int:
        found = find(vault)
        frame = in_force(found)
        seen = reading.everything(found, frame, today or frame.today)
        return _give(seen, output, lambda before: make(seen, found.root, before or _kept(found, frame.settings)))

    command.__doc__ = help
    for option in (output_option, date_option, vault_argument):
        command = option(command)
    export.command(name, epilog=examples(f"export {name}", f"export {name} ~/job-search --date 2026-11-25"))(command)


def _give(seen: Outlook, output: Path | None, made: Callable[[bytes], bytes], is_note: bool = False) -> int:
    """Put what is made into a file, or onto stdout; the exit code. Raises `Failure`."""
    if output and output.suffix.lower() == ".md" and not is_note:
        raise Failure(f"{output.name} would be a note", "name a file behind --output that does not end in .md")
    if output:
        _write(output.resolve(), made)
    else:
        sys.stdout.buffer.write(made(b""))
        sys.stdout.buffer.flush()
    complain(one for one in seen.problems if one.code not in ASKED)
    return exit_code(seen.problems)


def _kept(vault: Vault, chosen: Settings) -> bytes:
    """The calendar that is kept beside the agenda: what is the same in it is the same version here."""
    data = vault.read(chosen.calendar).data if chosen.calendar else b""
    return data if ics.is_ours(data) else b""


def _write(path: Path, made: Callable[[bytes], bytes]) -> None:
    """Put it into a file, whole and only onto what was read. Raises `Failure`."""
    folder = Vault(path.parent)
    read = folder.read(path.name)
    if (new := made(read.data)) != read.data:
        folder.write(path.name, new, read)
    say(f"{path} {'is right as it stands' if new == read.data else 'written'}.")


def _calendar(todos: bool) -> Made:
    def made(seen: Outlook, root: Path, before: bytes) -> bytes:
        if not ics.is_ours(before):
            raise Failure("the file is there already and was not made by reconnect", "name another one behind --output")
        return ics.calendar(seen, before, todos=todos)

    return made


def _json(seen: Outlook, root: Path, before: bytes) -> bytes:
    text = json.dumps(report.history_json(seen, root), ensure_ascii=False, indent=1)
    return f"{text}\n".encode(errors="backslashreplace")


_AGAIN = "\n\nWith --output it is compared with what the file holds: what is the same stays the same version."
_format("ics", f"A calendar (iCalendar): an event for each call, card and interview.{_AGAIN}", _calendar(False))
_format("vtodo", f"A list of to-dos (iCalendar), as todoman and others read it.{_AGAIN}", _calendar(True))
_format(
    "csv",
    "A table for a spreadsheet: a line for each step of each evaluation.",
    lambda seen, root, before: table.table(seen),
)
_format("json", "The object of `plan --json`, and the `history` of each plan: what its log says.", _json)


@export.command(
    "worksearch", epilog=examples("export worksearch --from 2026-11-01 --to 2026-11-30", "export worksearch --markdown")
)
@vault_argument
@click.option("--from", "first", type=Day(), metavar="DATE", help="The first day; from the beginning if left out.")
@click.option("--to", "last", type=Day(), metavar="DATE", help="The last day; today if left out.")
@click.option("--markdown", is_flag=True, help="A table in Markdown instead of one for a spreadsheet.")
@output_option
@date_option
def worksearch_(vault: Path | None, first: Any, last: Any, markdown: bool, output: Path | None, today: Any) -> int:
    """What was really done to find work, day by day: interviews, cards, calls.

    It is the log that offices for unemployment ask for: date, employer, person, phone, method, position. What was only
    planned, and what was left out, is not in it.
    """
    found = find(vault)
    frame = in_force(found)
    day = today or frame.today
    last = min(last or day, day)
    if first and first > last:
        raise Failure(f"there is no day from {first} to {last}", f"write an earlier day behind --from, such as {last}")
    seen = reading.everything(found, frame, day)
    language = frame.method.language
    log = worksearch.entries(seen.plans, first, last, day, language, frame.settings.region)
    data = worksearch.markdown(log, language).encode() if markdown else table.rows(worksearch.headings(language), log)

    def made(before: bytes) -> bytes:
        if markdown and before not in (b"", data):  # somebody may have written into it
            raise Failure("the file is there already, and says other things", "name another file, or delete it")
        return data

    return _give(seen, output, made, is_note=markdown)
