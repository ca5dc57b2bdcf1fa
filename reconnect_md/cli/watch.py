"""`reconnect watch`: the agenda is kept right."""

from pathlib import Path

import click

from .. import journal
from .. import watch as watching
from ..resident import Resident
from .finding import find
from .options import examples, vault_argument
from .printing import INTERRUPTED


@click.command(epilog=examples("watch", "watch ~/job-search --poll --verbose"))
@vault_argument
@click.option("--poll", is_flag=True, help="Look at the files themselves: for network drives, WSL and containers.")
@click.option("--hooks", is_flag=True, help="Run the on_change command of Reconnect.md after each change.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--verbose", is_flag=True, help="Say more; this shows words of your notes, too.")
def watch(vault: Path | None, poll: bool, hooks: bool, log_format: str, verbose: bool) -> int:
    """Keep the agenda right, until Ctrl-C.

    It makes one pass now, one after every change, and one at midnight.
    """
    resident = Resident(find(vault), hooks, log_format, verbose)
    watching.watch(resident.vault, resident.passed, resident.idle, poll)
    journal.log.info("ended", extra={"event": "ended"})
    return INTERRUPTED
