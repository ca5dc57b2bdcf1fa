"""`reconnect plan`: every date, and how it was counted."""

from pathlib import Path
from typing import Any

import click

from .. import reading, report
from ..agenda import ASKED
from .finding import evaluations_named, in_force, with_notes
from .options import date_option, examples, json_option, vault_and_notes
from .printing import complain, echo, exit_code, print_json
from .remembering import Remembering


@click.command(epilog=examples("plan", "plan 'Interviews/2026-11-20 Acme.md' --json"))
@vault_and_notes
@date_option
@json_option
def plan(where: tuple[Path, ...], today: Any, as_json: bool) -> int:
    """Show every date, and how it was counted.

    For each step of each evaluation: when it is due, from which day that counts, and which days were passed over.
    """
    remembering = Remembering(every_note=False)
    vault, given = with_notes(where)
    frame = in_force(vault)
    day = today or frame.today
    seen = reading.everything(vault, frame, day, remembering.look)
    notes = evaluations_named(vault, seen, given)
    if as_json:
        print_json(report.plan_json(seen, vault.root, notes))
    else:
        echo("\n".join(report.plan_text(seen, notes)), nl=False)
    problems = [found for found in seen.problems if not notes or found.note in notes]
    complain(found for found in problems if found.code not in ASKED)
    code = exit_code(problems)
    remembering.keep_of(seen.notes.paths, vault, frame, today, code)
    return code
