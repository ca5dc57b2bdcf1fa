"""What a shell completes: notes, steps and regions. Never an error, never a word beside: somebody is typing."""

import contextlib
from collections.abc import Callable, Iterable
from pathlib import Path, PurePosixPath
from typing import Final

import click
from click.shell_completion import CompletionItem, get_completion_class

Complete = Callable[[click.Context, click.Parameter, str], list[str]]

MORE: Final = "…"
"""Shown beside names that begin otherwise than what is typed: else bash and zsh would put in its place what all of
them begin with, such as `202`.
"""

SPELT: Final = {
    "bash": {
        "COMPREPLY+=($value)": """case ${COMP_WORDS[COMP_CWORD]} in
            [\\"\\']*) compopt -o filenames ;;
            *) printf -v value %q "$value" ;;
            esac; COMPREPLY+=("$value")"""
    },
    "zsh": {
        "unsorted -a completions": f"unsorted -a completions; (( $completions[(Ie){MORE}] )) && compstate[insert]=",
        "    compdef _": "    (( $+functions[compdef] )) || { autoload -U compinit; compinit -i; }\n    compdef _",
    },
    "fish": {'string split ","': 'string split -m 1 ","'},
}
"""What click's script does for words, and what names of notes need: spaces are quoted, a comma ends nothing, what is
typed stays beside `MORE`; and a zsh that completes nothing yet begins with it.
"""


def script(shell: str, program: click.Command) -> str:
    """What a shell reads to complete `program`; `shell` is one of `SPELT`."""
    made = get_completion_class(shell)
    assert made
    source = made(program, {}, "reconnect", "_RECONNECT_COMPLETE").source()
    for theirs, ours in SPELT[shell].items():
        source = source.replace(theirs, ours)
    return source


def _start(context: click.Context) -> Path:
    """The vault that was typed before, else this folder; the shell has not yet made a folder of a ~."""
    typed = [context.params.get("vault"), *(context.params.get("where") or ())]
    folders = [folder for one in typed if one and (folder := Path(one).expanduser()).is_dir()]
    return next(iter(folders), Path())


def _quiet(words: Callable[[str, Path], Iterable[str]]) -> Complete:
    def complete(context: click.Context, parameter: click.Parameter, typed: str) -> list[str]:
        with contextlib.suppress(Exception):
            return sorted(set(words(typed, _start(context))))
        return []

    return complete


def _notes(typed: str, start: Path) -> list[str]:
    from . import outlook, reading
    from .vault import find

    vault = find(start)
    named = (one.name for one in reading.listed(vault, outlook.frame(vault).settings, lambda folder, error: None))
    part = typed.casefold()
    fitting = [name for name in named if part in PurePosixPath(name).stem.casefold()]
    found = [PurePosixPath(name).stem for name in fitting if vault.evaluation(name) is not None]
    begins = {name[: name.casefold().index(part) + len(part)] for name in found}
    return [*found, MORE] if len(begins) > 1 else found


def _steps(typed: str, start: Path) -> Iterable[str]:
    from . import outlook
    from .vault import find

    return (one.step for one in outlook.frame(find(start)).method.steps if one.step.startswith(typed))


def _regions(typed: str, start: Path) -> Iterable[str]:
    import holidays

    for country, parts in holidays.list_supported_countries().items():
        yield from (one for one in (country, *(f"{country}-{part}" for part in parts)) if one.startswith(typed.upper()))


notes, steps, regions = _quiet(_notes), _quiet(_steps), _quiet(_regions)


def notes_or_files(context: click.Context, parameter: click.Parameter, typed: str) -> list[CompletionItem]:
    """Notes by their names; where none fits, the shell is to look for a file or a folder."""
    return list(map(CompletionItem, notes(context, parameter, typed))) or [CompletionItem(typed, type="file")]
