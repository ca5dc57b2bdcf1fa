"""`reconnect init`: a folder becomes a vault."""

import shlex
import sys
from pathlib import Path
from typing import Any

import click
import pendulum
from click.core import ParameterSource

from .. import asking, completing, create, edit, language, outlook, regions
from .. import settings as settings_module
from ..errors import Failure
from ..vault import Vault, shipped_templates
from .conversation import stopped_unsaved
from .finding import in_force
from .options import examples
from .printing import say


@click.command(epilog=examples("init", "init ~/job-search --me 'Jordan Smith' --region US-TX"))
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--me", default="", help="How you introduce yourself on the phone.")
@click.option("--phone", default="", help="Your own number, for messages.")
@click.option(
    "--region",
    default="",
    shell_complete=completing.regions,
    help="The employers' country or state, such as US-TX: its holidays are no working days.",
)
@click.option("--timezone", default="", help="Your time zone, such as America/Chicago; the computer's if left out.")
@click.option("--language", default="", help="Of the agenda and the scripts, such as de; English if left out.")
@click.option("--interviews", default="Interviews", show_default=True, help="The folder for your evaluations.")
@click.option(
    "--git/--no-git", "in_git", default=None, help="Let git merge the agendas of two devices; asked for in a git vault."
)
def init(folder: Path | None, in_git: bool | None, **settings: str) -> None:
    """Make a folder a vault, without overwriting anything.

    FOLDER (this one if left out) gets the settings, a folder for interviews and the note template. On a terminal you
    are asked for what is not given.
    """
    source = click.get_current_context().get_parameter_source
    given = [key for key in settings if settings[key] and source(key) is not ParameterSource.DEFAULT]
    if folder:
        create.place(folder)
    if asking.is_possible():
        with stopped_unsaved():
            folder, settings = asking.settings(folder, settings, pendulum.today().date())
    folder = create.place(folder or Path())
    settings["timezone"] = settings["timezone"] or _known_timezone()
    if settings["region"]:
        regions.holidays_of(settings["region"])
    # In this order, whichever was given first.
    written = {key: settings[key] for key in ("me", "phone", "region", "timezone", "interviews")}
    written |= {"days_off": "", "agenda": "Agenda.md"}
    settings["language"] = settings["language"] and _language(settings["language"])
    written |= {"language": settings["language"]} if settings["language"] else {}
    problems = settings_module.read(
        "\n".join(["---", *(f"{k}: {edit.scalar(v)}" for k, v in written.items() if v), "---", ""]), "UTC"
    ).problems
    if problems:
        raise Failure(problems[0].message, problems[0].remedy)
    vault = Vault(folder)
    for path, made in create.init(vault, written):
        say(f"{'made' if made else 'kept'} {path}{'' if made else ' (it was there)'}")
        if path == settings_module.FILE and not made and given:
            wanted = "\n  ".join(f"{key}: {edit.scalar(settings[key])}" for key in given)
            say(f"In it nothing was changed. What you gave is to stand between its two lines ---:\n  {wanted}")
    if in_git is not False and create.in_git(vault):
        _offer_merging(vault, in_git)
    elif in_git:
        where = shlex.quote(str(folder))
        raise Failure(
            f"{folder.resolve()} is not in git", f"type `git init {where}`, then again: `reconnect init {where} --git`"
        )
    say("Next: after an interview, `reconnect new`; then `reconnect agenda`, or `reconnect watch` to keep it right.")


def _language(typed: str) -> str:
    """The code of a shipped language. Raises `Failure`."""
    shipped = shipped_templates()
    if code := language.find(typed, shipped, {}):
        return code
    known = ", ".join(language.codes(shipped, {}))
    raise Failure(f"{typed} is no language that comes with reconnect", f"give one of {known} with --language")


def _known_timezone() -> str:
    """The computer's time zone, for all devices to have the same; one that says UTC is a server, and says nothing."""
    found = outlook.system_timezone()
    return "" if found in ("UTC", "Etc/UTC") else found


def _offer_merging(vault: Any, wanted: bool | None) -> None:
    if wanted is None and sys.stdin.isatty():
        wanted = click.confirm("This folder is in git. Keep the ticks of both sides when two agendas meet?", True)
    if wanted:
        chosen = in_force(vault).settings
        create.merge_in_git(vault, chosen.agenda, chosen.calendar)
        say("git merges the agendas of two devices now (.gitattributes; and once on each device: reconnect init --git)")
    else:
        say("To let git merge the agendas of two devices: reconnect init --git")
