"""`reconnect merge-agenda`: two agendas become one, for git."""

import subprocess
from pathlib import Path

import click

from ..errors import NotOurs
from ..merge import merge
from ..outlook import english
from .printing import FINDINGS


@click.command("merge-agenda", epilog="`reconnect init --git` sets it up; git calls it with %O %A %B.")
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
def merge_agenda(base: Path, ours: Path, theirs: Path) -> int:
    """Merge two agendas for git.

    The ticks and remarks of both sides are kept in OURS. Files that are no agendas get git's usual conflict markers.
    """
    before, mine, other = (path.read_bytes().decode("utf-8", "surrogateescape") for path in (base, ours, theirs))
    try:
        ours.write_bytes(merge(before, mine, other, english()).encode("utf-8", "surrogateescape"))
    except NotOurs:
        return FINDINGS if subprocess.run(["git", "merge-file", ours, base, theirs]).returncode else 0
    return 0
