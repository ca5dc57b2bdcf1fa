"""What README and docs say is true: their commands run, their tables are the program's."""

import dataclasses
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from reconnect_md.cli import cli
from reconnect_md.settings import Settings

CHECKOUT = Path(__file__).parent.parent
PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
COMMANDS = CHECKOUT / "docs" / "commands.md"

NOT_RUN = {
    "python3 -m venv": "`.ci/run` runs these two lines in a fresh environment",
    "pipx install": "installs the program for the user",
    "uv tool install": "installs the program for the user",
    "reconnect service install": "sets up a service of this machine",
    "reconnect service status": "there is none, and the machine may have no services",
    "reconnect service remove": "there is none, and the machine may have no services",
}
"""Lines of the pages that are not run here, and why."""

NOTE = """\
---
interviewed: 2026-11-20
company: Acme Logistics
interviewers: [Bo Li]
---
## What went well
- The tour

## Said, but wish I had not
- Why I left
  - Better: I had done it

## Requirements I do not satisfy
- Six Sigma
"""


def blocks(page: Path) -> Iterator[str]:
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        yield from block.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="lines for a shell of POSIX")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_line_for_a_shell_works(page: Path, tmp_path: Path) -> None:
    """In a home of its own, each beside the same note; 1 says that there are findings."""
    env = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(CHECKOUT)}
    program = f"{shlex.quote(sys.executable)} -m reconnect_md"
    cwd = tmp_path
    for line in blocks(page):
        if line.startswith(tuple(NOT_RUN)):
            continue
        if line.startswith("cd "):
            cwd = tmp_path / line.removeprefix("cd ~/")
            continue
        folder = tmp_path / "job-search" / "Interviews"
        if folder.exists():
            (folder / "Acme.md").write_text(NOTE, "utf-8")
        script = line.replace("reconnect", program, 1)
        if "undo" in line:
            script = f"{script.replace('undo', 'done')} && {script}"
        done = subprocess.run(["sh", "-c", script], cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True)
        assert done.returncode in (0, 1), f"{line}: {done.stderr.decode()}"


def test_the_settings_of_the_readme_are_the_programs() -> None:
    table = PAGES[0].read_text("utf-8").partition("## Settings")[2].partition("## Left alone")[0]
    written = re.findall(r"^\| `(\w+)`", table, re.MULTILINE)
    assert sorted(written) == sorted(field.name for field in dataclasses.fields(Settings))


def described(name: str, command: click.Command) -> Iterator[str]:
    """A command as the page has it: what it is for, how it is called, its options."""
    help_ = (command.help or "").strip().split("\n\n")
    usage = command.collect_usage_pieces(click.Context(command, info_name=name))
    yield f"## {name}\n\n{' '.join(help_[0].split())}"
    yield f"\n    reconnect {name} {' '.join(usage)}\n"
    for words in help_[1:]:
        yield f"{' '.join(words.split())}\n"
    for option in command.params:
        if isinstance(option, click.Option) and option.help:
            names = ", ".join(f"`{one}`" for one in [*option.opts, *option.secondary_opts])
            yield f"- {names}: {option.help}"


def page_of_commands() -> str:
    head = "# Commands\n\nWhat `reconnect COMMAND --help` says, on one page. Data goes to stdout, talk to stderr.\n"
    found = ["\n".join(described(name, command)) for name, command in cli.commands.items()]
    return "\n\n".join([head.rstrip(), *(one.rstrip() for one in found)]) + "\n"


def test_the_page_of_commands_is_what_help_says() -> None:
    """`python -m tests.test_docs` writes it."""
    assert COMMANDS.read_text("utf-8") == page_of_commands()


if __name__ == "__main__":
    COMMANDS.write_text(page_of_commands(), "utf-8")
