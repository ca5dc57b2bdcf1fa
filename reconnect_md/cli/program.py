"""The program: it loads the command that was asked for, runs it, and says what went wrong.

Exit codes: 0 done, warnings or not; 1 findings; 2 wrong use, or nothing could be done; 3 done, but a note or the
settings have errors; 130 interrupted.
"""

from importlib import import_module

import click
from click.shell_completion import CompletionItem

from ..errors import Failure
from . import COMMANDS, SAID, help_text
from .printing import INTERRUPTED, USAGE, of_system, say


class Program(click.Group):
    """The commands, each loaded when it is asked for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """`help` in front is `--help` at the end: people type it."""
        return super().parse_args(ctx, [*args[1:], "--help"] if args[:1] == ["help"] else args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All of them, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them, if there is one of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"{__package__}.{'said' if cmd_name in SAID else cmd_name.replace('-', '_')}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As it is in click, which knows only loaded commands when it says which one may be meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:
            raise click.exceptions.NoSuchCommand(error.command_name, possibilities=COMMANDS, ctx=ctx) from None

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """As it is printed without loading any command."""
        formatter.write(help_text())

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names of the commands, without loading them."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [CompletionItem(name, help=what) for name, what in COMMANDS.items() if name.startswith(incomplete)]


@click.group(cls=Program)
@click.version_option(package_name="reconnect-md")
def program() -> None:
    """Reconnect after a job interview."""


def run() -> int:
    """Run what the command line says; returns the exit code."""
    try:
        code = program(prog_name="reconnect", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        context = getattr(error, "ctx", None)
        if context and "Examples:" in (context.command.epilog or ""):
            say("\n" + context.command.epilog.removeprefix("\b\n"))
        code = USAGE
    except Failure as failure:
        say(f"reconnect: {failure.message}\n  {failure.remedy}")
        code = USAGE
    except (KeyboardInterrupt, click.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        say("reconnect: {}\n  {}".format(*of_system(error)))
        code = USAGE
    return code if isinstance(code, int) else 0
