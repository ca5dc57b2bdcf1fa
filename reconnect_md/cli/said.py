"""`reconnect done`, `skip`, `again` and `undo`: what became of a step."""

from pathlib import Path
from typing import Any, Final

import click

from .. import completing, meaning, report, sync
from ..model import Sign
from .finding import find, in_force, looked_for, note_at
from .options import date_option, day_typed, examples, json_option
from .printing import exit_code, print_json, say
from .telling import tell

_NAMED: Final = (
    "NOTE is its file, or a part of its or the company's name; STEP is card, fix, add, compensate or one of your own."
)


def _command(name: str, sign: Sign, what: str, *uses: str) -> click.Command:
    """One of the commands that say what became of a step; they go the way of the agenda's marks."""

    def command(
        note: str, step: str, vault: Path | None, today: Any, as_json: bool, day: str = "", remark: str = ""
    ) -> int:
        path = Path(note)
        found = find(vault, path)
        wanted = note_at(found.root, path) or note
        frame = in_force(found)
        now = today or frame.today
        on = day_typed(day, now, frame.method.language, now, "--on") if day else None
        with looked_for(found, frame, [wanted]):
            made = sync.run(
                found,
                now,
                said=lambda contacts, notes: meaning.in_terminal(
                    contacts, notes, wanted, step, sign, on, remark, now, frame.method.steps
                ),
            )
        if as_json:
            print_json(report.pass_json(made, written=True))
        tell(made, written=True)
        if not made.marks:
            say("The note says so already.")
        return exit_code(made.problems)

    options = [
        click.argument("note", shell_complete=completing.notes),
        click.argument("step", shell_complete=completing.steps),
        click.option("--vault", type=click.Path(path_type=Path), help="The vault, if it is not around this folder."),
        date_option,
        json_option,
    ]

    if sign is not Sign.OPEN:
        options += [
            click.option("--on", "day", default="", metavar="DATE", help="The day it was; today if left out."),
            click.option("--remark", default="", metavar="TEXT", help="What there is to say about it, for the log."),
        ]
    for option in reversed(options):
        command = option(command)
    return click.command(name, help=f"{what}\n\n{_NAMED}", epilog=examples(*uses))(command)


done = _command(
    "done",
    Sign.DONE,
    "Say that a card was sent or a call made.",
    "done Acme fix --remark 'Bo Li took a message'",
    "done Acme card --on 2026-11-20",
)
skip = _command(
    "skip",
    Sign.SKIPPED,
    "Leave a card or a call out.",
    "skip Acme compensate",
    "skip Acme add --remark 'said it already'",
)
again = _command(
    "again",
    Sign.NO_ANSWER,
    "Say that nobody answered: it comes back on the next working day.",
    "again Acme fix",
    "again Acme fix --on 2026-11-24",
)
undo = _command(
    "undo",
    Sign.OPEN,
    "Take back what was said last of a card or a call.",
    "undo Acme fix",
    "undo Acme card --json",
)
