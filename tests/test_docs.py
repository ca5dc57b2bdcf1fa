"""What README and docs say is true: their commands run, their tables are the program's."""

import dataclasses
import os
import re
import shlex
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
import yaml

from reconnect_md import cli, settings
from reconnect_md.settings import Settings

from .test_cli import commands

CHECKOUT = Path(__file__).parent.parent
PAGES = [CHECKOUT / "README.md", *sorted((CHECKOUT / "docs").glob("*.md"))]
COMMANDS = CHECKOUT / "docs" / "commands.md"
SETTINGS = CHECKOUT / "docs" / "settings.md"

NOT_RUN = {
    "python3 -m venv": "`.ci/run` runs these two lines in a fresh environment",
    "pipx install": "installs the program for the user",
    "uv tool install": "installs the program for the user",
    "reconnect service install": "sets up a service of this machine",
    "reconnect service status": "there is none, and the machine may have no services",
    "reconnect service remove": "there is none, and the machine may have no services",
    "reconnect watch": "never ends by itself",
    "reconnect agenda ~/anna ~/ben": "these two vaults are nobody's; `test_pushes.py` has some",
    "python -m benchmarks.speed": "takes minutes; `test_speed.py` runs it with a small vault",
    "reconnect COMMAND --help": "COMMAND stands for every one; `test_cli.py` asks each for its help",
}
"""Commands of the pages that are not run here, and why."""

FIND = ("reconnect check", "reconnect doctor")
"""What exits with 1 when it finds something."""

MARK = tuple(f"reconnect {one}" for one in ("done", "again", "skip", "undo", "today", "rehearse"))
"""What needs an evaluation with open steps."""

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


class Fence(NamedTuple):
    """A block of a page; what stands behind its language is the file that it is about."""

    language: str
    path: str
    text: str


def fences(page: Path) -> list[Fence]:
    found = re.findall(r"^```(\w*) ?(.*)\n((?:.*\n)*?)```$", page.read_text("utf-8"), re.MULTILINE)
    return [Fence(*one) for one in found]


def lines_to_type() -> list[str]:
    return [line for page in PAGES for one in fences(page) if one.language == "sh" for line in one.text.splitlines()]


def sentences(page: Path) -> str:
    return re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def names_in_sentences() -> list[str]:
    """The commands between backticks that no block for a shell has, with whatever else behind them."""
    text = "\n".join(map(sentences, PAGES))
    found = {" ".join(one.split()) for one in re.findall(r"`(reconnect\s[^`]+)`", text)}
    return sorted(one for one in found if not one.startswith(tuple(NOT_RUN)) and not is_typed(one))


def is_typed(name: str) -> bool:
    return any(f"{line} ".startswith(f"{name} ") for line in lines_to_type())


@dataclasses.dataclass
class Reader:
    """Somebody who does what a page says, in a home of their own; `said` is what the last block for a shell printed."""

    home: Path
    cwd: Path
    said: str = ""

    def follow(self, fence: Fence) -> None:
        if fence.language == "sh":
            self.said = "".join(map(self.type, fence.text.splitlines()))
        elif fence.language == "text":
            assert_shown(fence.text, self.said)
        elif fence.language == "diff":
            self.change(self.cwd / fence.path, fence.text)
        elif fence.language == "ini":
            (self.cwd / fence.path).write_text(fence.text, "utf-8")
        elif fence.path:
            assert_shown(fence.text, (self.cwd / fence.path).read_text("utf-8"))

    def type(self, line: str) -> str:
        if line.startswith(tuple(NOT_RUN)):
            return ""
        if line.startswith("cd "):
            self.cwd = self.home / line.removeprefix("cd ~/")
            return ""
        if line.startswith(MARK):
            (self.cwd / "Interviews" / "Acme.md").write_text(NOTE, "utf-8")
        if line.startswith("reconnect undo"):
            self.run(line.replace("undo", "done"))
        return self.run(line)

    def run(self, line: str) -> str:
        script = line.replace("reconnect", f"{shlex.quote(sys.executable)} -m reconnect_md", 1)
        env = {**os.environ, "HOME": str(self.home), "PYTHONPATH": str(CHECKOUT)}
        done = subprocess.run(
            ["sh", "-c", script], cwd=self.cwd, env=env, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
        )  # fmt: skip
        assert done.returncode in ((0, 1) if line.startswith(FIND) else (0,)), f"{line}: {done.stdout}"
        return done.stdout.replace(str(self.home), "~")

    def change(self, path: Path, diff: str) -> None:
        before, after = (
            "".join(f"{line[1:]}\n" for line in diff.splitlines() if line[:1] in kept) for kept in (" -", " +")
        )
        text = path.read_text("utf-8")
        assert text.count(before) == 1, f"{path.name} has not once:\n{before}"
        path.write_text(text.replace(before, after), "utf-8")


def assert_shown(wanted: str, said: str) -> None:
    """The lines of `wanted` stand in `said`, in this order and without others between them, but for those of `...`."""
    at, said = 0, f"\n{said}\n"
    for part in wanted.split("\n...\n"):
        found = said.find(f"\n{part.strip()}\n", at)
        assert found >= 0, f"not shown:\n{part}\n--- but:\n{said}"
        at = found + len(part.strip()) + 1


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path.resolve(), tmp_path.resolve())


def test_the_workflow_for_a_phone_runs_when_it_is_added() -> None:
    """The commit that adds it changes no note, and the page says that it ran."""
    page = (CHECKOUT / "docs" / "phone.md").read_text("utf-8")
    (block,) = re.findall(r"^ {3}```yaml\n((?:.*\n)*?) {3}```$", page, re.MULTILINE)
    triggers = yaml.load(textwrap.dedent(block), yaml.BaseLoader)["on"]
    (added,) = re.findall(r"the name `(\.github/workflows/.*?)`", page)
    assert added in triggers["push"]["paths"] and "workflow_dispatch" in triggers


@pytest.mark.skipif(sys.platform == "win32", reason="lines for a shell of POSIX")
@pytest.mark.parametrize("page", [page for page in PAGES if "```sh" in page.read_text("utf-8")], ids=lambda it: it.name)
def test_a_page_can_be_followed_from_top_to_bottom(page: Path, reader: Reader) -> None:
    """Who reads a page that does not make the folder has made it."""
    if "reconnect init ~/" not in page.read_text("utf-8"):
        reader.type("reconnect init ~/job-search")
    for fence in fences(page):
        reader.follow(fence)


@pytest.mark.skipif(sys.platform == "win32", reason="lines for a shell of POSIX")
@pytest.mark.parametrize("name", names_in_sentences())
def test_a_command_in_a_sentence_works(name: str, reader: Reader) -> None:
    """In a vault in git, whose one evaluation is right."""
    (reader.cwd / "Interviews").mkdir()
    (reader.cwd / "Interviews" / "Acme.md").write_text(NOTE, "utf-8")
    (reader.cwd / "Reconnect.md").write_text("---\ninterviews: Interviews\n---\n", "utf-8")
    subprocess.run(["git", "init", "-q"], cwd=reader.cwd, check=True)
    reader.type(name)


def test_no_command_escapes() -> None:
    """Blocks are of known languages, commands stand in those for a shell, and no exception is of a former line."""
    found = [one for page in PAGES for one in fences(page)]
    assert {one.language for one in found} <= {"sh", "text", "markdown", "diff", "yaml", "ini", ""}
    assert not [one for one in found if one.language != "sh" and re.search(r"^\W*reconnect ", one.text, re.MULTILINE)]
    assert sum(page.read_text("utf-8").count("\n```") for page in PAGES) == 2 * len(found)
    text = "\n".join(page.read_text("utf-8") for page in PAGES)
    assert not [name for name in NOT_RUN if name not in text]


def test_every_link_leads_to_a_file() -> None:
    for page in PAGES:
        links = re.findall(r"\]\(([^)#:]+)\)", sentences(page))
        assert not [link for link in links if not (page.parent / link).exists()], page.name


def settings_table() -> dict[str, tuple[str, str]]:
    """Setting -> its example, and what holds if it is empty."""
    rows = re.findall(r"^\| `(\w+)` \|.*\| `(.*)` \| (.*) \|$", SETTINGS.read_text("utf-8"), re.MULTILINE)
    assert len({name for name, *_ in rows}) == len(rows)
    return {name: (example, empty) for name, example, empty in rows}


@pytest.mark.parametrize("field", dataclasses.fields(Settings), ids=lambda field: field.name)
def test_each_setting_has_its_line(field: "dataclasses.Field[object]") -> None:
    """Its example is taken, without a problem, for something else than the default; that one stands there, too."""
    example, empty = settings_table()[field.name]
    found, problems, *_ = settings.read(f"---\n{field.name}: {example}\n---\n", "UTC")
    assert not problems and getattr(found, field.name) != field.default
    if field.default and field.name != "timezone":  # the one that is the computer's
        assert empty == f"`{field.default}`"


def test_no_line_is_of_a_former_setting() -> None:
    assert settings_table().keys() == {field.name for field in dataclasses.fields(Settings)}


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
    if isinstance(command, click.Group):
        for format in command.commands.values():
            yield f"\n#{chr(10).join(described(f'{name} {format.name}', format))}"


def page_of_commands() -> str:
    head = "# Commands\n\nWhat `reconnect COMMAND --help` says, on one page. Data goes to stdout, talk to stderr.\n"
    found = ["\n".join(described(name, command)) for name, command in commands().items()]
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join([head.rstrip(), *(one.rstrip() for one in found)])) + "\n"


def test_the_list_of_commands_says_of_each_what_it_says_itself() -> None:
    assert commands().keys() == cli.COMMANDS.keys()
    for name, command in commands().items():
        assert (command.help or "").startswith(cli.COMMANDS[name].rstrip(".")), name
        assert len(cli.COMMANDS[name]) <= 65


def test_the_page_of_commands_is_what_help_says() -> None:
    """`python -m tests.test_docs` writes it."""
    assert COMMANDS.read_text("utf-8") == page_of_commands()


if __name__ == "__main__":
    COMMANDS.write_text(page_of_commands(), "utf-8")
