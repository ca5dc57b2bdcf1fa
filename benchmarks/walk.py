"""Somebody works with a vault for some days, at random: is anything that was typed lost, is a pass at rest at rest?

    python -m benchmarks.walk [--seed N] [--seconds S]

Each walk makes a small vault and then, day after day, changes the agenda as people and plugins do: ticks of all kinds,
remarks in any Markdown, lines typed anywhere, task lines mistyped, moved, copied, indented, edited and moved to another
day; properties typed into notes; two copies of the agenda that git merges.
After each pass every typed word is in the vault, every mark and day is in its note or stands beside a problem that
names the item (`benchmarks.account`), what was typed into a note is as it was, notes changed in their properties and
logs only, a second pass writes nothing, and nothing of ours is left beside the notes. Prints the walks and the seeds
that failed.
"""

import argparse
import difflib
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from pendulum import Date

from benchmarks import account
from benchmarks.account import Claim
from reconnect_md import lines, sync
from reconnect_md.merge import merge
from reconnect_md.outlook import english
from reconnect_md.vault import Change, Vault

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
ODD: Final = ("- [y] ", "- [xx] ", "- [<] ", "-[x] ", "- [x]", "[x] ", "-[>]")
_MAY_CHANGE: Final = re.compile(r"(\w+_(call|sent)|call_again):|- \d{4}-\d\d-\d\d |\s*$|  |.*typed\d+z")


class Lost(AssertionError):
    """Something that must not be; the text says what."""


class Walk:
    """One vault, and somebody who works with it.

    `open` are claims that no note tells of yet, `days` those days that notes have to name from now on, and `hand` are
    properties that were typed into notes and that no line of the agenda has shown since.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.dice = root, random.Random(seed)
        self.typed: list[str] = []
        self.count = 0
        self.open: dict[Claim, set[str]] = {}
        self.days: set[Claim] = set()
        self.hand: dict[Claim, str] = {}
        self.day = Date(2026, 1, self.dice.choice([9, 9, 16]))
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

    def new_day(self, line: str, first: int, last: int) -> str:
        """A day between two, in days from today, of which neither a line nor its note tells; else today."""
        told = self.note(next(account.tasks(line))["note"]).read_text() + line
        days = [str(self.day.add(days=days)) for days in range(first, last + 1)]
        return self.dice.choice([day for day in days if day not in told] or [str(self.day)])

    def note(self, name: str) -> Path:
        """Where the note with this name is."""
        return next(self.root.rglob(name))

    def text(self) -> str:
        """Everything in the vault."""
        return "\n".join(path.read_bytes().decode() for path in self.root.rglob("*.md"))

    def pages(self) -> list[str]:
        """The agendas, that of today last."""
        days = self.root.glob("Days/*.md") if "{date}" in self.settings else [self.agenda]
        return [path.read_bytes().decode() for path in sorted(days)]

    def notes(self) -> dict[str, str]:
        """The evaluations, by the names of their files."""
        return {path.name: path.read_bytes().decode() for path in self.root.rglob("Firm*.md")}

    def turn(self) -> tuple[Change, ...]:
        """One pass; what it wrote."""
        return sync.run(Vault(self.root), self.day).changes

    def go(self) -> None:
        """Some days of work. Raises `Lost`."""
        for _ in range(self.dice.randint(3, 8)):
            if self.dice.random() < 0.35:
                self.day = self.day.add(days=self.dice.randint(1, 3))
            self.turn()
            before, base = self.notes(), self.agenda.read_bytes().decode()
            shown = account.said(base)
            self.hand = {claim: value for claim, value in self.hand.items() if not _shows(shown, claim, value)}
            lines_of = self.two_devices(base) if self.dice.random() < 0.3 else self.one_device(base)
            self.turn()
            self.look(before, lines_of)

    def changed(self, base: str) -> str:
        """An agenda after some changes."""
        page = base.split("\n")
        for _ in range(self.dice.randint(0, 4)):
            self.dice.choice(CHANGES)(self, page)
        return "\n".join(page)

    def one_device(self, base: str) -> Counter[str]:
        """The agenda is changed; how many lines each item has then."""
        page = self.changed(base)
        self.agenda.write_bytes(page.encode())
        self.expect(base, page)
        return account.ids(page)

    def two_devices(self, base: str) -> Counter[str]:
        """Two copies of the agenda are changed, perhaps a pass carries what one of them says, and git merges them."""
        common, path = self.changed(base), self.agenda
        mine, other = self.changed(common), self.changed(common)
        path.write_bytes(mine.encode())
        self.expect(base, mine, other)
        if self.dice.random() < 0.7:
            self.turn()
        carried = path.read_bytes().decode()
        sides = (carried, other) if self.dice.random() < 0.5 else (other, carried)
        path.write_bytes(merge(base, *sides, english()).encode())
        known = {*base.splitlines(), *mine.splitlines()}
        new = "\n".join(line for line in other.splitlines() if line not in known)
        return (account.ids(mine) | account.ids(carried)) + account.ids(new)

    def expect(self, base: str, *pages: str) -> None:
        """What is to be found from now on: what was said in these forms of the agenda, and what still stands there."""
        there = self.text() + "".join(pages)
        self.typed = [word for word in self.typed if word in there]
        others = {claim for page in self.pages()[:-1] for claim in account.said(page)}
        stand = set.intersection(*map(account.said, pages)) | others
        self.open = {claim: days for claim, days in self.open.items() if claim in stand}
        for page in pages:
            for claim in account.claimed(base, page):
                if claim.what == "[ ]" and account.named(claim, base):
                    continue  # what was taken back had not been carried
                closed = {one.day for one in account.said(page) if one[:3] == (*claim[:2], "✅")}
                self.open[claim] = {str(self.day), *closed}
                if claim.what == "✅":
                    self.days -= {one for one in self.days if one[:3] == claim[:3]}

    def look(self, before: dict[str, str], lines_of: Counter[str]) -> None:
        """Whether all is well. Raises `Lost`."""
        if changes := self.turn():
            raise Lost(f"not at rest: {[change.name for change in changes]}")
        there = self.text()
        if gone := [word for word in self.typed if word not in there]:
            raise Lost(f"lost: {gone}")
        if left := [path.name for path in self.root.rglob(".reconnect*")]:
            raise Lost(f"left over: {left}")
        for name, now in self.notes().items():
            was = lines.split(before[name])
            changes_ = difflib.SequenceMatcher(None, was, lines.split(now), autojunk=False).get_opcodes()
            gone = [line for kind, i, j, *_ in changes_ if kind in ("replace", "delete") for line in was[i:j]]
            if wrong := [line for line in gone if not _MAY_CHANGE.match(line) and line != was[-1]]:
                raise Lost(f"changed in {name}: {wrong}")
        self.look_at_claims(lines_of)

    def look_at_claims(self, lines_of: Counter[str]) -> None:
        """Whether everything that was said is in the notes, or stands beside a problem. Raises `Lost`."""
        notes, pages = self.notes(), self.pages()
        claims = {
            claim: {*days, self.hand.get(claim._replace(what="", day=""), "")} for claim, days in self.open.items()
        }
        if found := account.wanting(claims, notes, pages) + account.doubled(notes):
            raise Lost("; ".join(found))
        told = {claim for claim, days in claims.items() if account.told(claim, notes[claim.note], days)}
        self.days |= {claim for claim in told if claim.day}
        if gone := [str(claim) for claim in self.days if claim.day not in notes[claim.note]]:
            raise Lost(f"no longer told: {gone}")
        marked = {claim[:2] for claim in self.open if claim.what in ("[x]", "[-]", "✅")}
        for claim, value in self.hand.items():
            now = account.value(claim, notes[claim.note])
            if now != value and (value or claim[:2] not in marked):
                raise Lost(f"{claim.record} in {claim.note} was {value!r} by hand, and is {now!r}")
        if copies := [id for id, count in account.ids(pages[-1]).items() if count > max(1, lines_of[id])]:
            raise Lost(f"more lines than there were: {copies}")
        self.open = {claim: days for claim, days in self.open.items() if claim not in told}
        self.hand = {claim: value for claim, value in self.hand.items() if value or claim[:2] not in marked}


def _shows(shown: set[Claim], claim: Claim, value: str) -> bool:
    """Whether an agenda shows what a property says."""
    what = {"": ("[ ]",), "skipped": ("[-]",)}.get(value, ("✅", value))
    return Claim(*claim[:2], *what) in shown


def _on_task(change: Callable[[Walk, list[str], int], None]) -> Callable[[Walk, list[str]], None]:
    """A change of some task line, if there is one."""

    def changed(walk: Walk, page: list[str]) -> None:
        if found := [number for number, line in enumerate(page) if account.ids(line)]:
            change(walk, page, walk.dice.choice(found))

    return changed


def _put(page: list[str], number: int, box: str) -> None:
    """Another start of a task line."""
    if found := account.BOX.match(page[number]):
        page[number] = found["start"] + box + page[number][found.end() :]


def _tick(walk: Walk, page: list[str], number: int) -> None:
    box = walk.dice.choice("xX->")
    _put(page, number, f"- [{box}] ")
    if box in "xX" and walk.dice.random() < 0.4:
        page[number] += f" ✅ {walk.dice.choice([str(walk.day), walk.new_day(page[number], -9, 0)])}"
    if walk.dice.random() < 0.3:
        _pin(walk, page, number)
    if walk.dice.random() < 0.2:
        page[number] += f" {walk.word()}"


def _odd(walk: Walk, page: list[str], number: int) -> None:
    _put(page, number, walk.dice.choice(ODD))


def _untick(walk: Walk, page: list[str], number: int) -> None:
    _put(page, number, "- [ ] ")
    page[number] = re.sub(r" [✅❌] \S+", "", page[number])


def _write_by_hand(walk: Walk, page: list[str], number: int) -> None:
    task = next(account.tasks(page[number]))
    claim, note = Claim(task["note"], task["step"], ""), walk.note(task["note"])
    value = walk.dice.choice(["", "skipped", walk.new_day(page[number], -9, 0)])
    text = note.read_bytes().decode()
    if value != account.value(claim, text):
        text = re.sub(rf"(?m)^({claim.record}:)[^\r\n]*", rf"\1 {value}".rstrip(), text, count=1)
        note.write_bytes(text.encode())
        walk.hand[claim] = value
    walk.dice.choice([_tick, _untick, _indent])(walk, page, number)


def _remark(walk: Walk, page: list[str], number: int) -> None:
    word = walk.word()
    page[number + 1 : number + 1] = [line.format(word) for line in walk.dice.choice(REMARKS)]


def _pin(walk: Walk, page: list[str], number: int) -> None:
    days = [walk.new_day(page[number], 1, 9)] * 7 + [walk.new_day(page[number], -9, 0), "Friday"]
    day = walk.dice.choice(days)
    page[number] = re.sub(r" 📅 \S+|$", f" 📅 {day}", page[number], count=1)


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
    *(_on_task(change) for change in (_untick, _remark, _pin, _indent, _copy, _edit, _move, _odd, _write_by_hand)),
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
