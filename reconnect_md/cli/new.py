"""`reconnect new`: the note for one interview."""

from pathlib import Path
from typing import Any

import click
import pendulum
from pendulum import Date

from .. import agenda, asking, completing, create, further, reading
from ..errors import Failure
from ..model import Plan, same
from ..note import each_person
from ..outlook import Frame
from ..values import date_and_time
from ..vault import Vault
from .conversation import stopped_unsaved
from .finding import find, in_force, planned
from .options import examples, vault_argument
from .printing import complain, say


@click.command(
    epilog=examples(
        "new --from Acme --interviewed 2026-12-01T10:00",
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
@click.option(
    "--from",
    "note",
    metavar="NOTE",
    shell_complete=completing.notes,
    help="Of the interview before: a further one at that company. NOTE is its file, or a part of its or the company's "
    "name.",
)
def new(vault: Path | None, interviewers: tuple[str, ...], note: str | None, **facts: str) -> None:
    """Make the note for one interview.

    It comes from the vault's template; its path is printed. On a terminal you are asked the questions, one by one.

    With --from it takes over company, people and numbers, links back, and has at its top what was not said yet.
    """
    found = find(vault, Path(note) if note else None)
    frame = in_force(found)
    complain(frame.problems)
    now = pendulum.now(frame.settings.timezone)
    rounds = _before(found, frame, note, now.date()) if note else []
    before = rounds[0] if rounds else None
    there = before.evaluation.company if before else ""
    if there and facts["company"] and same(facts["company"]) != same(there):
        raise Failure(
            f"--from is for a further interview at the same company, and that of {note} is {there}",
            "leave out --company; for an interview somewhere else, leave out --from",
        )
    again, people = _taken_over(found, before) if before else ({}, [])
    known = {**again, **{key: facts[key] or again.get(key, "") for key in facts}, "interviewers": interviewers}
    since, today = before.evaluation.interviewed if before else None, now.date()
    if facts["interviewed"] or not asking.is_possible():
        known["interviewed"] = facts["interviewed"] or str(today)
        try:
            asking.when(known["interviewed"], today, frame.method.language, since)
        except Failure as failure:
            raise click.BadParameter(f"{failure.message}: {failure.remedy}", param_hint="--interviewed") from failure
    answers = {}
    if asking.is_possible():
        with stopped_unsaved():
            known = dict(asking.facts(known, today, frame.method.language, people, since))
            if not (before and asking.is_ahead(known["interviewed"], today)):
                answers = asking.answers(create.questions(found, frame), frame.method)
    known["interviewers"] = [entry for _, entry in each_person([*people, *known["interviewers"]])]
    typed = date_and_time(known["interviewed"])
    assert typed
    known["interviewed"] = f"{typed[0]}T{typed[1]}{typed[2]}" if typed[1] else str(typed[0])
    path = create.new(found, frame, known, now, answers, rounds)
    if before and not before.evaluation.outcome:
        say(f"In {before.evaluation.note}, write behind outcome: second interview. That ends its calls.")
    click.echo(found.root / path)


def _taken_over(vault: Vault, before: Plan) -> tuple[dict[str, Any], list[str]]:
    """The properties that are the same again, and who conducted the interview before."""
    text = vault.read(before.evaluation.note).data.decode("utf-8-sig")
    return further.facts(text, before.evaluation), further.interviewers(text, before.evaluation)


def _before(vault: Vault, frame: Frame, note: str, today: Date) -> list[Plan]:
    """The plan of the interview before, and of those before that. Raises `Failure` if its note is none, or cannot be
    read.
    """
    seen = reading.everything(vault, frame, today)
    name, plan = planned(vault, seen, note)
    if plan is None:
        raise Failure(f"{name} cannot be read as an evaluation", "to see why: reconnect check")
    return agenda.rounds(plan, seen.plans)
