"""`reconnect check`: what is wrong, and what to type instead."""

from pathlib import Path
from typing import Any

import click

from .. import findings, outlook, reading, report, sync
from ..errors import Severity
from ..vault import Vault
from .finding import notes_named, with_notes
from .options import date_option, examples, vault_and_notes
from .printing import FINDINGS, complain, echo, print_json, say
from .telling import diff_of


@click.command(epilog=examples("check --diff Acme", "check ~/job-search --format github"))
@vault_and_notes
@date_option
@click.option("--fix", is_flag=True, help="First put right what is a slip for sure: one line each, nothing else.")
@click.option("--diff", is_flag=True, help="Write nothing; show what --fix would change.")
@click.option("--format", "style", type=click.Choice(["text", "json", "github", "sarif"]), default="text")
@click.option("--json", "style", flag_value="json", help="The same as --format json.")
def check(where: tuple[Path, ...], today: Any, fix: bool, diff: bool, style: str) -> int:
    """Show everything that is wrong, where, and what to type instead.

    With NOTE, its file, or a part of its or its company's name: only in that. Nothing is written, unless you say --fix.
    Exits 1 if there is an error or a warning left; hints alone are fine.
    """
    if diff and style != "text":
        raise click.UsageError(f"--diff shows text. Leave out --format {style}, or --diff.")
    there, given = with_notes(where)
    notes = _named(there, given) if given else set()
    changes, failures = sync.mended(there, not diff, notes) if fix or diff else ([], [])
    fixed = [] if diff else [line for change in changes for line in report.fixed_json(change)]
    made = sync.run(there, today, write=False, framed=outlook.frame)
    found = [one for one in made.problems if not notes or one.note in notes]
    for line in report.fixed_text(fixed) if style != "json" else ():
        (echo if style == "text" else say)(line)
    if diff:
        echo("".join(diff_of(changes)), nl=False)
        complain(found)
    elif style == "json":
        print_json({**({"fixed": fixed} if fix else {}), "problems": [report.problem_json(one) for one in found]})
    elif style == "sarif":
        print_json(findings.sarif(found))
    else:
        for line in findings.github(found) if style == "github" else map(str, found):
            echo(line)
    for failure in failures:
        say(str(failure))
    say(findings.counted(found))
    return FINDINGS if failures or any(one.severity is not Severity.HINT for one in found) else 0


def _named(vault: Vault, typed: list[str]) -> set[str]:
    """The paths of the notes that are meant."""
    frame = outlook.frame(vault)
    return notes_named(vault, reading.everything(vault, frame, frame.today), typed)
