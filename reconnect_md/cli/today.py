"""`reconnect today`: the agenda in the terminal, and the words of one call."""

import os
import shlex
import sys
from functools import partial
from pathlib import Path
from typing import Any

import click
import pendulum
from pendulum import Date

from .. import asking, meaning, sheet, sync
from ..errors import Failure
from ..index import Index
from ..looks import Look
from ..model import Contact, Sign
from ..reading import read_notes
from ..sync import Pass
from ..vault import Vault
from .conversation import stopped_unsaved
from .finding import find, in_force
from .options import date_option, examples
from .printing import complain, echo, exit_code, say
from .remembering import Remembering
from .telling import tell


@click.command(epilog=examples("today", "today 2"))
@click.argument("where", metavar="[VAULT] [NUMBER]", nargs=-1)
@date_option
@click.option("--plain", is_flag=True, help="Plain lines without colours and columns, for screen readers.")
def today(where: tuple[str, ...], today: Any, plain: bool) -> int:
    """Show in the terminal whom to call.

    With the NUMBER of an entry: the words of that call, on the whole screen. There you say what became of it: `x` done,
    `-` left out, `>` nobody answered; anything else is a remark, and Enter alone goes back. That goes into the note as
    from the agenda. To look writes nothing.
    """
    numbers = [word for word in where if word.isdecimal() and not Path(word).is_dir()]
    vaults = [word for word in where if word not in numbers]
    if len(numbers) > 1 or len(vaults) > 1:
        raise click.UsageError("name one vault and one number at most: `reconnect today` shows the numbers")
    remembering = Remembering(every_note=False)
    found = find(Path(vaults[0]) if vaults else None)
    return _one(found, today, plain, int(numbers[0])) if numbers else _all(found, today, plain, remembering)


def _looked(found: Vault, day: Date | None, look: Look | None = None) -> Pass:
    """What a pass would make of the vault now."""
    index = Index.of(found.root)
    made = sync.run(found, day, write=False, reads=partial(read_notes, index=index, whole=False, look=look))
    index.save()
    return made


def _all(found: Vault, day: Date | None, plain: bool, remembering: Remembering) -> int:
    made = _looked(found, day, remembering.look)
    frame, own = made.outlook.frame, made.outlook.frame.settings
    shown = sheet.make(made.agenda, frame.method, own.caller, own.timezone, own.workdays(None), made.standing)
    echo(_text(shown, plain))
    code = exit_code(made.problems)
    if not (made.waits or made.left):  # an agenda that is still to be written makes no difference
        remembering.keep_of(made.outlook.notes.paths, found, frame, day, code)
    return code


def _text(shown: sheet.Sheet, plain: bool) -> str:
    if plain or is_plain():
        return "\n".join(sheet.plain(shown))
    from .. import screen

    return screen.whole(shown, screen.console())


def is_plain() -> bool:
    """Whether stdout is something that colours and columns do no good to."""
    return not sys.stdout.isatty() or os.environ.get("TERM") in ("dumb", "unknown")


def _one(found: Vault, day: Date | None, plain: bool, number: int) -> int:
    made = _looked(found, day)
    there = sheet.numbered(made.agenda)
    if not 1 <= number <= len(there):
        many = f"the numbers go from 1 to {len(there)}" if there else "there is nothing to do"
        raise Failure(f"no card or call has the number {number}: {many}", "to see them: reconnect today")
    contact, frame = there[number - 1], made.outlook.frame
    now = pendulum.now(frame.settings.timezone)
    card = sheet.card(contact, made.agenda, frame.method, frame.settings.caller, now)
    plain = plain or is_plain()
    if plain:
        echo("\n".join(sheet.plain_card(card)))
    return _asked(found, day, contact, card, not plain) if asking.is_possible() and sys.stdout.isatty() else 0


def _asked(found: Vault, day: Date | None, contact: Contact, card: sheet.Card, full: bool) -> int:
    """Ask what became of it, and carry that; what was typed is shown again if that fails."""
    from .. import screen

    remark, is_over = list[str](), False
    try:
        with stopped_unsaved():
            sign = screen.ask(card, full, remark)
        code = _carried(found, day, contact, sign, "\n".join(remark)) if sign else 0
        is_over = True
    finally:
        if remark and not is_over:
            say("\n  ".join(["You had typed:", *remark]))
    return code


def _carried(found: Vault, day: Date | None, contact: Contact, sign: Sign, remark: str) -> int:
    """The same as `reconnect done`, `skip` and `again`."""
    note, step = contact.plan.evaluation.note, contact.id.removeprefix(f"{contact.plan.id}-")
    now = day or in_force(found).today
    made = sync.run(
        found, now, said=lambda all, notes: meaning.in_terminal(all, notes, note, step, sign, None, remark, now)
    )
    complain(made.agenda.problems if not made.marks else ())
    tell(made, written=True)
    say(f"A slip? reconnect undo {shlex.quote(note)} {step}" if made.marks else "The note says so already.")
    return exit_code(made.problems)
