"""`reconnect agenda`: one pass."""

from functools import partial
from pathlib import Path
from typing import Any

import click

from .. import lock, report, sync
from ..index import Index
from ..reading import read_notes
from .finding import find
from .options import date_option, examples, json_option, vault_argument
from .printing import FINDINGS, complain, echo, exit_code, print_json
from .telling import diff_of, tell


@click.command(epilog=examples("agenda", "agenda ~/job-search --date 2026-11-25 --diff"))
@vault_argument
@date_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the agenda would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--no-index", is_flag=True, help="Read every note, those that have not changed, too.")
@json_option
def agenda(vault: Path | None, today: Any, check: bool, diff: bool, no_index: bool, as_json: bool) -> int:
    """Write the agenda: whom to call, why today, what to say.

    Marks and remarks in the agenda go into the evaluations; then the agenda is written, if it differs.
    """
    found = find(vault)
    index = None if no_index else Index(lock.place(found.root, "index"))
    made = sync.run(found, today, write=not (check or diff), reads=partial(read_notes, index=index, whole=False))
    if index:
        index.save()
    if as_json:
        print_json(report.pass_json(made, written=not (check or diff)))
    if diff:
        echo("".join(diff_of(made.changes)), nl=False)
    complain(made.agenda.problems)
    tell(made, written=not (check or diff))
    if check and made.changes:
        return FINDINGS
    return exit_code(made.problems)
