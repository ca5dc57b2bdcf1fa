"""`reconnect rehearse`: a call before it is made."""

import shutil
import sys
import textwrap
import time
from pathlib import Path
from typing import Any

import click

from .. import asking, cached, completing, outlook, rehearsal, sheet
from ..errors import Failure, printable
from ..index import Index
from ..model import Contact
from ..outlook import Outlook
from ..reading import read_notes
from ..rehearsal import SITUATIONS, Situation
from .conversation import stopped_unsaved
from .finding import find, in_force, planned
from .options import date_option, examples
from .printing import echo, say


@click.command(epilog=examples("rehearse Acme", "rehearse Acme --as voicemail"))
@click.argument("note", shell_complete=completing.notes)
@click.option(
    "--as",
    "name",
    type=click.Choice(SITUATIONS),
    help="Who is there: answers (they), gatekeeper (somebody else), voicemail (nobody).",
)
@click.option("--vault", type=click.Path(path_type=Path), help="The vault, if it is not around this folder.")
@date_option
def rehearse(note: str, name: str | None, vault: Path | None, today: Any) -> None:
    """Practise the next call of a note.

    NOTE is its file, or a part of its or the company's name. On a terminal you choose who is there; each Enter shows
    the next line, and at the end the time that it took. Elsewhere all is printed, with the seconds that it takes to
    say. Nothing is kept.
    """
    with cached.unchanged():
        seen, contact = _next_call(note, vault, today)
        frame = seen.frame
        found = rehearsal.situations(contact, frame.method, frame.settings.caller, seen.today)
    shown = [one for one in found if name in (None, one.name)]
    if not shown:
        there = ", ".join(one.title for one in found)
        raise Failure(f"the script of {contact.step.file.title} has no words for {name}", f"it has: {there}")
    _introduce(contact)
    if not (asking.is_possible() and sys.stdout.isatty()):
        for one in shown:
            _print(one)
        return
    with stopped_unsaved():
        _say(shown[0] if name or len(shown) == 1 else _chosen(shown))


def _next_call(note: str, vault: Path | None, day: Any) -> tuple[Outlook, Contact]:
    """The call that is next in a note. Raises `Failure` if there is none."""
    found = find(vault, Path(note))
    frame = in_force(found)
    today = day or frame.today
    index = Index.of(found.root)  # what it knows is used, and nothing goes into it
    seen = outlook.outlook(read_notes(found, frame, today, index=index, whole=False), frame, today)
    name, plan = planned(found, seen, note)
    if plan is None:
        raise Failure(f"{name} cannot be planned", "to see why: reconnect check")
    if (contact := rehearsal.next_call(plan)) is None:
        raise Failure(f"no call of {name} is left to make", f"to see what became of them: reconnect plan '{name}'")
    return seen, contact


def _introduce(contact: Contact) -> None:
    evaluation, step = contact.plan.evaluation, contact.step
    who = ", ".join(filter(None, [step.to.name if step.to else "", evaluation.company])) or evaluation.note
    say(f"The next call: {printable(who)}. {step.file.title}. Nothing of this is kept.")
    if step.item and step.reason is None:
        item, note = map(printable, (step.item.text, evaluation.note))
        say(f"What you will say is still missing: write it below “{item}” in {note}.")


def _print(one: Situation) -> None:
    """All of a situation, with the seconds that it takes."""
    echo(f"\n{one.title or 'The call'} ({one.seconds:.0f} seconds):")
    for line in one.lines:
        echo(line.text if line.said else f"({line.text})")
    for advice in rehearsal.too_long(one, one.seconds):
        echo(advice)


def _chosen(shown: list[Situation]) -> Situation:
    """Who is there, as somebody chooses."""
    for number, one in enumerate(shown, 1):
        say(f"  {number} {one.title} (about {one.seconds:.0f} seconds)")
    number = click.prompt("Who is there", default=1, type=click.IntRange(1, len(shown)), err=True)
    return shown[number - 1]


def _say(one: Situation) -> None:
    """Show one line after the other, and the time that they took."""
    say("Say each line aloud; Enter shows the next one.")
    start = time.monotonic()
    for line in one.lines:
        words = line.text if line.said else f"({line.text})"
        echo("\n" + textwrap.fill(words, min(sheet.WIDEST, shutil.get_terminal_size().columns)))
        if line.said:
            click.prompt("", default="", show_default=False, prompt_suffix="", err=True)
    taken = time.monotonic() - start
    say(f"That took {taken:.0f} seconds; spoken calmly it takes about {one.seconds:.0f}.")
    for advice in rehearsal.too_long(one, taken if taken > one.seconds / 2 else one.seconds):  # else it was only read
        say(advice)
