"""`reconnect completion`: what a shell completes."""

import click

from .. import completing
from .options import examples
from .printing import echo


@click.command(epilog=examples("completion bash >> ~/.bashrc", "completion zsh >> ~/.zshrc"))
@click.argument("shell", type=click.Choice(list(completing.SPELT)))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what lets a shell complete commands, notes, steps, regions.

    For fish it belongs into ~/.config/fish/completions/reconnect.fish.
    """
    echo(completing.script(shell, context.find_root().command))
