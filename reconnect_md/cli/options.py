"""What commands have in common: a day, a vault, JSON, and two examples at the end of their help."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from pendulum import Date

    from ..model import Language


def examples(*commands: str) -> str:
    """The end of a command's help: two uses of it, as they are typed."""
    return "\b\nExamples:\n" + "\n".join(f"  reconnect {command}" for command in commands)


class Day(click.ParamType):  # type: ignore[type-arg]
    """A date as `2026-11-20`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The day; one that cannot be read fails with the days that may be meant."""
        import pendulum

        from ..outlook import english

        return day_typed(str(value), pendulum.today().date(), english())


def day_typed(
    typed: str, today: "Date", language: "Language", last: "Date | None" = None, option: str | None = None
) -> "Date":
    """A day as it was typed `today`, behind an `option`. One that cannot be read fails with those that may be meant, of
    which none is after the `last`.
    """
    from ..language import in_english
    from ..values import DAY_FORM, date_and_time, days_meant

    if (found := date_and_time(typed)) and not found[1]:
        return found[0]
    words = in_english(typed, language)
    days = [day[:10] for day in days_meant(words, today, last=last, today=today)]
    if not days and (ahead := days_meant(words, today, today=today)):
        raise click.BadParameter(f"{typed} is {ahead[0][:10]}, a day that is still to come.", param_hint=option)
    meant = " or ".join(dict.fromkeys(days)) or DAY_FORM
    raise click.BadParameter(f"{typed} is not a date. Write it as year-month-day: {meant}.", param_hint=option)


date_option = click.option("--date", "today", type=Day(), metavar="DATE", help="Plan for this day instead of today.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
vault_argument = click.argument("vault", required=False, type=click.Path(path_type=Path))


def vault_and_notes(command: Any) -> Any:
    """The argument of the commands that look at a vault, or at some of its notes; see `finding.with_notes`."""
    from .. import completing

    return click.argument(
        "where",
        nargs=-1,
        metavar="[VAULT] [NOTE]...",
        type=click.Path(path_type=Path),
        shell_complete=completing.notes_or_files,
    )(command)
