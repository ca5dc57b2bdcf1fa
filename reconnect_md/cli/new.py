"""`reconnect new`: the note for one interview."""

from pathlib import Path
from typing import Any

import click
import pendulum

from .. import asking, create
from ..errors import Failure
from ..values import date_and_time
from .conversation import stopped_unsaved
from .finding import find, in_force
from .options import examples, vault_argument
from .printing import complain


@click.command(
    epilog=examples(
        "new --company 'Acme Logistics'",
        "new --company Acme --interviewed 2026-11-20T14:00 --interviewer 'Ana Rivera, CEO'",
    )
)
@vault_argument
@click.option("--company", default="", help="Where the interview was.")
@click.option("--position", default="", help="The position it was about.")
@click.option(
    "--interviewed",
    default="",
    metavar="DATE",
    help="Date, or date and time, of the interview; today if left out.",
)
@click.option(
    "--interviewer",
    "interviewers",
    multiple=True,
    metavar="'NAME, TITLE'",
    help="Who conducted it; may be repeated.",
)
@click.option("--phone", default="", help="The number to call.")
def new(vault: Path | None, interviewers: tuple[str, ...], **facts: str) -> None:
    """Make the note for one interview.

    It comes from the vault's template; its path is printed. On a terminal you are asked the questions, one by one.
    """
    found = find(vault)
    frame = in_force(found)
    complain(frame.problems)
    now = pendulum.now(frame.settings.timezone)
    known: dict[str, Any] = {**facts, "interviewers": interviewers}
    answers = {}
    if asking.is_possible():
        with stopped_unsaved():
            known = asking.facts(known, now.date())
            answers = asking.answers(create.questions(found, frame), frame.method)
    known["interviewed"] = known["interviewed"] or now.to_date_string()
    try:
        typed = date_and_time(asking.when(known["interviewed"], now.date()))
    except Failure as failure:
        raise click.BadParameter(f"{failure.message}: {failure.remedy}", param_hint="--interviewed") from failure
    assert typed
    known["interviewed"] = f"{typed[0]}T{typed[1]}{typed[2]}" if typed[1] else str(typed[0])
    path = create.new(found, frame, known, now, answers)
    click.echo(found.root / path)
