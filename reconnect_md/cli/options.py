"""What commands have in common: a day, a vault, JSON, and two examples at the end of their help."""

from pathlib import Path
from typing import Any

import click


def examples(*commands: str) -> str:
    """The end of a command's help: two uses of it, as they are typed."""
    return "\b\nExamples:\n" + "\n".join(f"  reconnect {command}" for command in commands)


class Day(click.ParamType):  # type: ignore[type-arg]
    """A date as `2026-11-20`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The day; one that cannot be read fails with the days that may be meant."""
        import pendulum

        from ..values import DAY_FORM, date_and_time, days_meant

        found = date_and_time(str(value))
        if found is None or found[1]:
            today = pendulum.today().date()
            last = today if param and param.name == "day" else None  # of what was done
            meant = " or ".join(day[:10] for day in days_meant(str(value), today, last=last, today=today))
            self.fail(f"{value} is not a date. Write it as year-month-day: {meant or DAY_FORM}.", param, ctx)
        return found[0]


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
