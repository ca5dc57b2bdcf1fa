"""What a shell completes: notes, steps and regions. Never an error, never a word beside: somebody is typing."""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Final

import click
from click.shell_completion import get_completion_class

Complete = Callable[[click.Context, click.Parameter, str], list[str]]

SPELT: Final = {
    "bash": ("COMPREPLY+=($value)", 'COMPREPLY+=("$value"); [[ $value == *[^[:alnum:]-]* ]] && compopt -o filenames'),
    "zsh": ("", ""),
    "fish": ('string split ","', 'string split -m 1 ","'),
}
"""What click's script does for words, and what names of notes need: spaces are quoted, and a comma ends nothing."""


def script(shell: str, program: click.Command) -> str:
    """What a shell reads to complete `program`; `shell` is one of `SPELT`."""
    made = get_completion_class(shell)
    assert made
    return made(program, {}, "reconnect", "_RECONNECT_COMPLETE").source().replace(*SPELT[shell])


def _quiet(words: Callable[[str, Path], Iterable[str]]) -> Complete:
    def complete(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
        with contextlib.suppress(Exception):
            # The shell has not yet made a folder of the ~ in what is being typed.
            return sorted(set(words(typed, Path(context.params.get("vault") or "").expanduser())))
        return []

    return complete


def _notes(typed: str, start: Path) -> Iterable[str]:
    from . import outlook
    from .vault import find

    vault = find(start)
    for name in outlook.listed(vault, outlook.frame(vault).settings, lambda folder, error: None):
        if typed.casefold() in name.casefold() and vault.evaluation(name) is not None:
            yield PurePosixPath(name).stem


def _steps(typed: str, start: Path) -> Iterable[str]:
    from . import outlook
    from .vault import find

    return (one.step for one in outlook.frame(find(start)).method.steps if one.step.startswith(typed))


def _regions(typed: str, start: Path) -> Iterable[str]:
    import holidays

    for country, parts in holidays.list_supported_countries().items():
        yield from (one for one in (country, *(f"{country}-{part}" for part in parts)) if one.startswith(typed.upper()))


notes, steps, regions = _quiet(_notes), _quiet(_steps), _quiet(_regions)
