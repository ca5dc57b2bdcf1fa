"""What is printed, and how a command ends. Data goes to stdout, talk to stderr."""

import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click

from ..errors import Problem, Severity

said: Final[list[tuple[int, str]]] = []
"""What was printed so far, each piece to stdout (1) or stderr (2)."""

FINDINGS, USAGE, SOME_ERRORS, INTERRUPTED = 1, 2, 3, 130


def print_json(value: Any) -> None:
    """A value as JSON, for programs."""
    echo(json.dumps(value, ensure_ascii=False, indent=1))


def echo(text: str, nl: bool = True) -> None:
    """Data."""
    said.append((1, text + ("\n" if nl else "")))
    sys.stdout.write(said[-1][1])


def say(text: str) -> None:
    """Talk."""
    said.append((2, f"{text if sys.stderr.isatty() else click.unstyle(text)}\n"))
    click.echo(text, err=True)


def complain(problems: Iterable[Problem]) -> None:
    """Problems go to stderr: the data on stdout stays data."""
    colours = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
    for found in problems:
        say(click.style(str(found), fg=None if os.environ.get("NO_COLOR") else colours.get(found.severity)))


def of_system(error: OSError) -> tuple[str, str]:
    """What the system refused, and what to do about it."""
    path = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else None
    if path and isinstance(error, FileExistsError | NotADirectoryError | FileNotFoundError):
        for one in (path, *path.parents):
            if one.is_file():
                return (
                    f"{one} is a file, and a folder has to be there",
                    "give that file another name, or name a new folder",
                )
    return f"{path or ''} {error.strerror or error}".strip(), "check the folder and your rights to it"


def exit_code(problems: Iterable[Problem]) -> int:
    """Done, though perhaps not with everything."""
    return SOME_ERRORS if any(found.severity is Severity.ERROR for found in problems) else 0
