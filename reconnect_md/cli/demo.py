"""`reconnect demo`: a made-up job search."""

import shlex
from pathlib import Path
from typing import Any

import click
import pendulum

from .. import create, sync
from .options import date_option, examples
from .printing import echo, say


@click.command(epilog=examples("demo", "demo ~/reconnect-demo"))
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@date_option
def demo(folder: Path | None, today: Any) -> None:
    """Show a made-up job search.

    It is copied into FOLDER (a new temporary one if left out), with work for today, or where nobody is called today for
    the next working day, and its agenda is shown.
    """
    now = pendulum.today().date()
    day = create.demo_day(today or now)
    vault = create.demo(folder, day)
    made = sync.run(vault, day)
    echo(made.text)
    say(f"This is {made.path} in {vault.root}. Open that folder in Obsidian or any editor, change a note,")
    dated = [] if day == now else ["--date", str(day)]
    say(f"and run: {shlex.join(['reconnect', 'agenda', str(vault.root), *dated])}")
