"""`reconnect plan`: every date, and how it was counted."""

from pathlib import Path
from typing import Any

import click

from .. import completing, reading, report
from ..agenda import ASKED
from ..errors import NoSuchNote
from .finding import find, in_force, looked_for, note_named
from .options import date_option, examples, json_option
from .printing import complain, echo, exit_code, print_json
from .remembering import Remembering


@click.command(epilog=examples("plan", "plan 'Interviews/2026-11-20 Acme.md' --json"))
@click.argument(
    "where",
    nargs=-1,
    metavar="[VAULT] [NOTE]...",
    type=click.Path(path_type=Path),
    shell_complete=completing.notes_or_files,
)
@date_option
@json_option
def plan(where: tuple[Path, ...], today: Any, as_json: bool) -> int:
    """Show every date, and how it was counted.

    For each step of each evaluation: when it is due, from which day that counts, and which days were passed over.
    """
    remembering = Remembering(every_note=False)
    named = where[0] if where and where[0].is_dir() else None
    given = where[1:] if named else where
    vault = find(named, next(iter(given), None))
    frame = in_force(vault)
    day = today or frame.today
    seen = reading.look(vault, frame, day, remembering.look)
    with looked_for(vault, frame, [path.as_posix() for path in given]):
        notes = {note_named(vault, seen, path.as_posix()) for path in given}
        if other := next(iter(sorted(notes - seen.notes.paths)), None):
            remedy = "its properties have to say when the interview was, behind interviewed"
            raise NoSuchNote(f"{other} is no evaluation", remedy)
    if as_json:
        print_json(report.plan_json(seen, vault.root, notes))
    else:
        echo("\n".join(report.plan_text(seen, notes)), nl=False)
    problems = [found for found in seen.problems if not notes or found.note in notes]
    complain(found for found in problems if found.code not in ASKED)
    code = exit_code(problems)
    remembering.keep_of(seen.notes.paths, vault, frame, today, code)
    return code
