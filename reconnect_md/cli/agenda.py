"""`reconnect agenda`: one pass, or one for each of several vaults."""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import click

from .. import report, sync
from ..errors import Failure
from ..index import Index
from ..reading import read_notes
from .finding import find
from .options import date_option, examples, json_option
from .printing import FINDINGS, SOME_ERRORS, USAGE, complain, echo, exit_code, of_system, print_json, said, say
from .remembering import Remembering
from .telling import diff_of, tell

WORST: Final = (0, FINDINGS, SOME_ERRORS, USAGE)
"""Exit codes, the worst last."""

Shown = Callable[[dict[str, Any]], None]


@click.command(epilog=examples("agenda", "agenda ~/job-search --date 2026-11-25 --diff"))
@click.argument("vaults", metavar="[VAULT]...", nargs=-1, type=click.Path(path_type=Path))
@date_option
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the agenda would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--no-index", is_flag=True, help="Read every note, those that have not changed, too.")
@json_option
def agenda(vaults: tuple[Path, ...], as_json: bool, **options: Any) -> int:
    """Write the agenda: whom to call, why today, what to say.

    Marks and remarks in the agenda go into the evaluations; then the agenda is written, if it differs. Of several
    vaults each is for itself, below a line == and its name, or with --json in one line; the exit code is the worst.
    """
    if len(vaults) < 2:
        return _one(next(iter(vaults), None), print_json if as_json else None, remembered=True, **options)
    return max((_by_itself(vault, as_json, options) for vault in vaults), key=WORST.index)


def _by_itself(vault: Path, as_json: bool, options: dict[str, Any]) -> int:
    """One of several vaults: whatever is wrong with it harms no other one."""
    said.clear()  # there may be thousands
    say(f"== {vault}")
    seen: dict[str, Any] = {"vault": str(vault)}
    try:
        code = _one(vault, seen.update if as_json else None, **options)
    except BrokenPipeError:
        raise
    except Exception as error:  # a defect of ours, too
        message, remedy = _words(error)
        say(f"reconnect: {message}\n  {remedy}")
        code, seen = USAGE, {**seen, "error": message, "remedy": remedy}
    if as_json:
        echo(json.dumps({**seen, "exit": code}, ensure_ascii=False))
    return code


def _words(error: Exception) -> tuple[str, str]:
    if isinstance(error, Failure):
        return error.message, error.remedy
    if isinstance(error, OSError):
        return of_system(error)
    return f"this is a defect: {type(error).__name__}: {error}", "the other vaults are done; please report it"


def _one(
    vault: Path | None,
    shown: Shown | None,
    today: Any,
    check: bool,
    diff: bool,
    no_index: bool,
    remembered: bool = False,
) -> int:
    remembering = Remembering() if remembered and not no_index else None
    found = find(vault)
    index = None if no_index else Index.of(found.root)
    look = remembering.look if remembering else None
    reads = partial(read_notes, index=index, whole=False, look=look)
    made = sync.run(found, today, write=not (check or diff), reads=reads)
    if index:
        index.save()
    if shown:
        shown(report.pass_json(made, written=not (check or diff)))
    if diff:
        echo("".join(diff_of(made.changes)), nl=False)
    complain(made.agenda.problems)
    tell(made, written=not (check or diff))
    code = FINDINGS if check and made.changes else exit_code(made.problems)
    if remembering and made.is_at_rest:
        remembering.keep(found, made.outlook.frame, today, code)
    return code
