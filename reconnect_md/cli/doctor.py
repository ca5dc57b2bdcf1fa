"""`reconnect doctor`: how everything is set up."""

import getpass
from pathlib import Path

import click

from .. import doctor as doctors
from ..errors import NoVault
from .finding import find
from .options import examples, json_option, vault_argument
from .printing import FINDINGS, echo, print_json


@click.command(epilog=examples("doctor", "doctor ~/job-search --json"))
@vault_argument
@json_option
def doctor(vault: Path | None, as_json: bool) -> int:
    """Show how all is set up, and what to do where it is not right.

    Exits 1 if there is anything to do.
    """
    try:
        found = find(vault)
    except NoVault:
        if vault:
            raise
        found = None
    facts = list(doctors.facts(found, Path.home(), getpass.getuser()))
    if as_json:
        print_json({"facts": [fact._asdict() for fact in facts]})
    else:
        echo("\n".join(doctors.lines(facts)))
    return FINDINGS if any(fact.remedy for fact in facts) else 0
