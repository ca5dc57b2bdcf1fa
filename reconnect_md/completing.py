"""What a shell completes: notes, steps and regions. Never an error, never a word beside: somebody is typing."""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath

import click

Complete = Callable[[click.Context, click.Parameter, str], list[str]]


def _quiet(words: Callable[[str], Iterable[str]]) -> Complete:
    def complete(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
        with contextlib.suppress(Exception):
            return sorted(set(words(typed)))
        return []

    return complete


def _notes(typed: str) -> Iterable[str]:
    from . import outlook
    from .vault import find

    vault = find(Path.cwd())
    for name in outlook.listed(vault, outlook.frame(vault).settings, lambda folder, error: None):
        if typed.casefold() in name.casefold() and vault.evaluation(name) is not None:
            yield PurePosixPath(name).stem


def _steps(typed: str) -> Iterable[str]:
    from . import outlook
    from .vault import find

    return (one.step for one in outlook.frame(find(Path.cwd())).method.steps if one.step.startswith(typed))


def _regions(typed: str) -> Iterable[str]:
    import holidays

    for country, parts in holidays.list_supported_countries().items():
        yield from (one for one in (country, *(f"{country}-{part}" for part in parts)) if one.startswith(typed.upper()))


notes, steps, regions = _quiet(_notes), _quiet(_steps), _quiet(_regions)
