"""Somebody works with a vault for some days, at random: is anything that was typed lost, is a pass at rest at rest?

    python -m benchmarks.walk [--seed N] [--seconds S]

Each walk makes a small vault and then, day after day, changes the agenda as people and plugins do: ticks of all kinds,
remarks in any Markdown, lines typed anywhere, task lines moved, copied, indented, edited and moved to another day.
After each pass every typed word is in the vault, notes changed in their properties and logs only, a second pass
writes nothing, and nothing of ours is left beside the notes. Prints the walks and the seeds that failed.
"""

import argparse
import difflib
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pendulum import Date

from reconnect_md import lines, sync
from reconnect_md.vault import Vault

NOTE: Final = """\
---
interviewed: {day}
company: {company}
interviewers:
  - Ana Rivera, Director
  - Bo Li
card_sent:
fix_call:
add_call:
compensate_call:
---
## What went well
- We drew the dock
- She laughed

## Said, but wish I had not
- My last job: I complained
  - Better: I had done what I came to do

## Did not say, but wish I had
- I moved 40 people

## Requirements I do not satisfy
- Six Sigma
  - Compensate: green belt
{log}"""
LOGS: Final = ("", "\n## Log\n", "\n## Log\n- hello\n", "\n## Log\nfree words\n\n## After\n- x\n")
SETTINGS: Final = ("", "region: US-TX\n", 'agenda: "Days/{date}.md"\n')
REMARKS: Final = (
    ["    - {}"],
    ["{}"],
    ["\t{}"],
    ["", "  {} said", "  ```", "  x", "  ```"],
    ["%% {}"],
    ["# {}"],
    ["> {}", ">", "> more"],
)
TYPED: Final = ("{}", "- [ ] {}", "## {}", "  {}", "{}: a", "> {}", "```{}")
_TASK: Final = re.compile(r"\s*- \[.\] .*🆔")
_MAY_CHANGE: Final = re.compile(r"(\w+_(call|sent)|call_again):|- \d{4}-\d\d-\d\d |\s*$|  |.*typed\d+z")


class Lost(AssertionError):
    """Something that must not be; the text says what."""


class Walk:
    """One vault, and somebody who works with it."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.dice = root, random.Random(seed)
        self.typed: list[str] = []
        self.count = 0
        self.day = Date(2026, 1, 9)
        self.settings = self.dice.choice(SETTINGS)
        (root / "Reconnect.md").write_text(f"---\nme: J\ntimezone: UTC\n{self.settings}---\n")
        for number in range(self.dice.randint(1, 4)):
            path = root / self.dice.choice(["", "I/", "I/J/"]) / f"Firm{number}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            day = Date(2026, 1, self.dice.randint(5, 9))
            text = NOTE.format(day=day, company=path.stem, log=self.dice.choice(LOGS))
            path.write_bytes(text.replace("\n", self.dice.choice(["\n", "\n", "\r\n"])).encode())

    @property
    def agenda(self) -> Path:
        """Where the agenda of the day is."""
        return self.root / (f"Days/{self.day}.md" if "{date}" in self.settings else "Agenda.md")

    def word(self) -> str:
        """A word that nobody typed before."""
        self.count += 1
        self.typed.append(f"typed{self.count}z")
        return self.typed[-1]

    def text(self) -> str:
        """Everything in the vault."""
        return "\n".join(path.read_bytes().decode() for path in self.root.rglob("*.md"))

    def notes(self) -> dict[Path, str]:
        """The evaluations."""
        texts = {path: path.read_bytes().decode() for path in self.root.rglob("Firm*.md")}
        return {path: text for path, text in texts.items() if "interviewed:" in text}

    def go(self) -> None:
        """Some days of work. Raises `Lost`."""
        for _ in range(self.dice.randint(3, 8)):
            if self.dice.random() < 0.35:
                self.day = self.day.add(days=self.dice.randint(1, 3))
            sync.run(Vault(self.root), self.day)
            before = self.notes()
            page = self.agenda.read_bytes().decode().split("\n")
            for _ in range(self.dice.randint(0, 4)):
                self.dice.choice(CHANGES)(self, page)
            self.agenda.write_bytes("\n".join(page).encode())
            there = self.text()
            self.typed = [word for word in self.typed if word in there]
            sync.run(Vault(self.root), self.day)
            self.look(before)

    def look(self, before: dict[Path, str]) -> None:
        """Whether all is well. Raises `Lost`."""
        if changes := sync.run(Vault(self.root), self.day).changes:
            raise Lost(f"not at rest: {[change.name for change in changes]}")
        there = self.text()
        if gone := [word for word in self.typed if word not in there]:
            raise Lost(f"lost: {gone}")
        if left := [path.name for path in self.root.rglob(".reconnect*")]:
            raise Lost(f"left over: {left}")
        for path, now in self.notes().items():
            was = lines.split(before[path])
            changes_ = difflib.SequenceMatcher(None, was, lines.split(now), autojunk=False).get_opcodes()
            gone = [line for kind, i, j, *_ in changes_ if kind in ("replace", "delete") for line in was[i:j]]
            if wrong := [line for line in gone if not _MAY_CHANGE.match(line) and line != was[-1]]:
                raise Lost(f"changed in {path.name}: {wrong}")


def _task(walk: Walk, page: list[str]) -> int | None:
    found = [number for number, line in enumerate(page) if _TASK.match(line)]
    return walk.dice.choice(found) if found else None


def _on_task(change: Callable[[Walk, list[str], int], None]) -> Callable[[Walk, list[str]], None]:
    """A change of some task line, if there is one."""

    def changed(walk: Walk, page: list[str]) -> None:
        if (number := _task(walk, page)) is not None:
            change(walk, page, number)

    return changed


def _tick(walk: Walk, page: list[str], number: int) -> None:
    box = walk.dice.choice("xX->")
    page[number] = re.sub(r"\[.\]", f"[{box}]", page[number], count=1)
    if box in "xX" and walk.dice.random() < 0.4:
        page[number] += f" ✅ {walk.day}"


def _untick(walk: Walk, page: list[str], number: int) -> None:
    page[number] = re.sub(r" [✅❌] \S+", "", re.sub(r"\[.\]", "[ ]", page[number], count=1))


def _remark(walk: Walk, page: list[str], number: int) -> None:
    word = walk.word()
    page[number + 1 : number + 1] = [line.format(word) for line in walk.dice.choice(REMARKS)]


def _pin(walk: Walk, page: list[str], number: int) -> None:
    page[number] = re.sub(r"📅 \S+", f"📅 {walk.day.add(days=walk.dice.randint(1, 6))}", page[number])


def _indent(walk: Walk, page: list[str], number: int) -> None:
    page[number] = "  " + page[number]


def _copy(walk: Walk, page: list[str], number: int) -> None:
    page.insert(walk.dice.randint(0, len(page) - 1), page[number])


def _edit(walk: Walk, page: list[str], number: int) -> None:
    word = walk.word()
    behind = walk.dice.random() < 0.5
    page[number] = f"{page[number]} {word}" if behind else page[number].replace("] ", f"] {word} ", 1)


def _move(walk: Walk, page: list[str], number: int) -> None:
    page.insert(walk.dice.randint(0, len(page) - 1), page.pop(number))


def _type(walk: Walk, page: list[str]) -> None:
    page.insert(walk.dice.randint(0, len(page) - 1), walk.dice.choice(TYPED).format(walk.word()))


def _delete(walk: Walk, page: list[str]) -> None:
    number = walk.dice.randrange(len(page))
    if "typed" not in page[number] and "<!--" not in page[number]:
        del page[number]


CHANGES: Final = (
    *[_on_task(_tick)] * 3,
    *(_on_task(change) for change in (_untick, _remark, _pin, _indent, _copy, _edit, _move)),
    _type,
    _delete,
)


def main() -> int:
    """Walk until the time is up; 1 if anything was lost."""
    arguments = argparse.ArgumentParser(description="Random walks over a vault.")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--seconds", type=float, default=60)
    chosen = arguments.parse_args()
    end, seed, failed = time.monotonic() + chosen.seconds, chosen.seed, 0
    while time.monotonic() < end:
        with tempfile.TemporaryDirectory() as folder:
            try:
                Walk(Path(folder), seed).go()
            except Lost as lost:
                print(f"seed {seed}: {lost}")
                failed += 1
        seed += 1
    print(f"{seed - chosen.seed} walks, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
