"""`reconnect service`: the watcher as a service."""

import getpass
import os
import shlex
import sys
from pathlib import Path

import click

from .. import service as services
from .finding import find
from .options import examples, vault_argument
from .printing import echo, say


@click.command(epilog=examples("service install ~/job-search", "service print"))
@click.argument("action", type=click.Choice(["install", "status", "remove", "print"]))
@vault_argument
@click.option("--poll", is_flag=True, help="As for `reconnect watch`.")
@click.option("--hooks", is_flag=True, help="As for `reconnect watch`.")
@click.option(
    "--system",
    type=click.Choice(["linux", "darwin", "win32"]),
    help="With `print`: for that system (systemd, launchd, Task Scheduler).",
)
def service(action: str, vault: Path | None, poll: bool, hooks: bool, system: str | None) -> None:
    """Have `reconnect watch` started when you log in.

    `install` sets it up for your user, `status` shows how it is, `remove` ends it, `print` shows what would be set up.
    """
    if system and action != "print":
        raise click.UsageError(f"--system goes with `print` only: `reconnect service {action}` is for this machine")
    found = find(vault)
    options = [*(["--poll"] if poll else []), *(["--hooks"] if hooks else [])]
    user = "\\".join(filter(None, [os.environ.get("USERDOMAIN"), getpass.getuser()]))
    one = services.service(system or sys.platform, found.root, options, Path.home(), user)
    if action == "print":
        echo(one.text, nl=False)
        say(f"This would be {one.path}, and taken up with: {'; '.join(map(shlex.join, one.install))}")
    elif action == "status":
        echo(services.status(one), nl=False)
    elif action == "remove":
        say(f"removed {one.path}" if services.remove(one) else "There was no service for this vault.")
    else:
        services.install(one)
        say(f"made {one.path}; the agenda is kept right from now on, and after each login")
