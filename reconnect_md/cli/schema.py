"""`reconnect schema`: the properties, for editors."""

from pathlib import Path

import click

from .. import fields, method, outlook
from ..errors import NoVault
from ..vault import shipped_templates
from .finding import find
from .options import examples, vault_argument
from .printing import print_json


@click.command(epilog=examples("schema", "schema ~/job-search > evaluation.json"))
@vault_argument
def schema(vault: Path | None) -> None:
    """Print a JSON Schema of an evaluation's properties, for editors that complete and check YAML.

    With the steps of VAULT, or of the vault around this folder; without a vault, with the shipped ones.
    """
    try:
        steps = outlook.frame(find(vault)).method.steps
    except NoVault:
        if vault:
            raise
        steps = method.read(shipped_templates(), {})[0].steps
    print_json(fields.schema([step.records for step in steps]))
