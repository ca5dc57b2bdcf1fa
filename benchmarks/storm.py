"""A storm over a vault: is anything that was typed lost, is any mark recorded twice, is anything left over?

    python -m benchmarks.storm [--seed N] [--short] [--keep FOLDER] [part ...]

The real program runs in real processes while editors save without pause, processes are killed, devices exchange files,
disks fill up, system calls fail and the power goes out. Nothing of the program is imported, so the storm holds for
any way of writing it. Each part prints one line of figures; the exit code is 1 if anything was found, and then the
vaults of the cases that failed are kept, each with its findings. A part that cannot run here says why.

parts: editors (busy editors and the watcher), kill (SIGKILL at random moments), devices (a sync service, git),
full (no space left), syscalls (every system call of a write-back fails once; strace), power (a live ext4 image is cut)
"""

import argparse
import contextlib
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks import account
from benchmarks.account import Claim

CHECKOUT: Final = Path(__file__).resolve().parent.parent
AGENDA: Final = "Agenda.md"
RECORDS: Final = {"card": "card_sent", "fix": "fix_call"}
"""The steps that are open in a stormed note, and their properties."""

PROPERTIES: Final = (*RECORDS.values(), "call_again")
"""What a pass writes into the head of a note."""

WAYS: Final = ("in place", "by rename", "by append")
"""How editors save."""

REMARKS: Final = ("{}\n", "  {}\n", "\n{}\n", "  - {}\n")
"""How people type a remark under a task line."""

PATIENCE: Final = 15.0
"""Seconds after which something that should happen is taken not to happen."""

MOST_SAVES: Final = 2000
"""Saves of one editor in one sitting: the file grows with each."""

PASS_CODES: Final = (0, 3)
"""A pass that was made; 3 says that some notes have errors."""

_TASK: Final = re.compile(r"^(?P<start>\s*[-*+] \[)(?P<box>.)(?P<rest>\] .*🆔 (?P<id>[\w-]+).*)$")
_ENTRY: Final = r"- \d{4}-\d\d-\d\d "
_SUFFIX: Final = {"x": "", "-": " skipped", ">": " no answer", " ": " taken back"}


class Finding(NamedTuple):
    """Something that must not be: `lost`, `doubled`, `leftover` or `other`."""

    kind: str
    what: str


class Mark(NamedTuple):
    """What a person puts into one box of the agenda (`x`, `-`, `>`; a blank: x was taken back), and types below.

    `due` is the day to which they move the call; then `sign` may be empty.
    """

    note: str
    step: str
    sign: str
    on: str = ""
    remark: str = ""
    due: str = ""

    @property
    def record(self) -> str:
        """The property that the mark fills."""
        return RECORDS[self.step]

    @property
    def words(self) -> str:
        """What the log calls the step."""
        return self.record.replace("_", " ")

    @property
    def claims(self) -> list[Claim]:
        """What its line says."""
        said = [(f"[{self.sign}]", ""), ("✅", self.on), ("📅", self.due)]
        return [Claim(Path(self.note).name, self.step, what, day) for what, day in said if day or what[1:-1]]

    def value(self, days: Iterable[str]) -> set[str]:
        """What the property may say afterwards; `days` may be today."""
        return {"x": {self.on} if self.on else set(days), "-": {"skipped"}}.get(self.sign, {""})


@dataclass
class Tally:
    """The figures of one part."""

    part: str
    cases: int = 0
    findings: list[Finding] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    def count(self, kind: str) -> int:
        """How many findings of a kind."""
        return sum(found.kind == kind for found in self.findings)

    def __str__(self) -> str:
        """The line that is printed."""
        figures = f"{self.cases:5} cases  {self.count('lost'):3} lost  {self.count('doubled'):3} doubled"
        figures += f"  {self.count('leftover'):3} left over  {self.count('other'):3} other"
        return f"{self.part:9}{figures}  {time.monotonic() - self.started:6.1f} s  {'; '.join(self.words)}".rstrip()


@dataclass
class Storm:
    """One run of the storm: its seed, its size, and the folder in which its vaults are."""

    seed: int
    short: bool
    folder: Path

    def dice(self, *case: object) -> random.Random:
        """Chances of one case, the same whenever it runs."""
        return random.Random(f"{self.seed} {case}")

    @contextlib.contextmanager
    def case(self, tally: Tally, *name: object) -> Iterator[tuple[Path, list[Finding]]]:
        """A folder for one case and the list for its findings; the folder is kept if there are any."""
        folder = self.folder / "-".join([tally.part, *map(str, name)])
        folder.mkdir(parents=True)
        found: list[Finding] = []
        try:
            yield folder, found
        except Exception as error:
            found.append(Finding("other", f"{type(error).__name__}: {error}"))
        tally.findings += found
        if found:
            report = [f"seed {self.seed}, case {folder.name}", *(f"{kind}: {what}" for kind, what in found)]
            (folder / "findings.txt").write_text("\n".join(report) + "\n", "utf-8", "surrogateescape")
        else:
            shutil.rmtree(folder)


# The program


def _environment() -> dict[str, str]:
    """The same run every time: no bytecode is written, sets are in one order, and this checkout is what runs."""
    return {**os.environ, "PYTHONPATH": str(CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0"}


def start(*arguments: str | Path, log: Path, before: Iterable[str] = ()) -> "subprocess.Popen[bytes]":
    """Start the program; what it says goes into `log`. `before` is a command that runs it, such as strace."""
    command = [*before, sys.executable, "-m", "reconnect_md", *map(str, arguments)]
    with log.open("ab") as out:
        return subprocess.Popen(command, cwd=CHECKOUT, env=_environment(), stdout=out, stderr=out)


def passing(vault: "Vault", before: Iterable[str] = ()) -> "subprocess.Popen[bytes]":
    """A pass that has started."""
    return start("agenda", vault.root, "--date", vault.day.isoformat(), log=vault.log, before=before)


def one_pass(vault: "Vault") -> list[Finding]:
    """A whole pass. It has to end well."""
    process = passing(vault)
    code = process.wait(60)
    return [] if code in PASS_CODES else [Finding("other", f"a pass ended with {code}: {vault.last_words()}")]


@contextlib.contextmanager
def watching(vault: "Vault", found: list[Finding]) -> Iterator["subprocess.Popen[bytes]"]:
    """The watcher, ended as Ctrl-C would. It must not end by itself."""
    process = start("watch", vault.root, log=vault.log)
    try:
        yield process
        if process.poll() is not None:
            found.append(Finding("other", f"the watcher ended with {process.returncode}: {vault.last_words()}"))
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            found.append(Finding("other", "the watcher does not end"))
            process.kill()
            process.wait()


def until(condition: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether a condition comes true in time."""
    end = time.monotonic() + patience
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.001)
    return True


# The vault


def note_text(number: int, day: date, ballast: int = 0) -> str:
    """An evaluation whose card and first call are due, however `day` falls. Every flavour of note has its turn."""
    interviewed = day - timedelta(days=8)
    later = "\n## Later\nWords of my own, below the log\n" if number % 2 else ""
    weight = "".join(
        f"Ballast {line}, so that the note takes more than one page of a disk\n" for line in range(ballast)
    )
    text = f"""---
interviewed: {interviewed}
company: Storm {number} Logistics
position: Planner   # the night shift
interviewers:
  - Ana Rivera, Director of operations
card_sent:
fix_call:
add_call:
compensate_call:
---
## What went well
- We agreed that the night shift needs its own planner

## What connected
- We both started on a loading dock

## Said, but wish I had not
- Why I left my last job
  - Better: I had done what I came to do there

## Did not say, but wish I had
- I moved 40 people to a new site without losing one day of shipping
{weight}
## Log
- {interviewed} wrote this in the car
{later}"""
    text = text.replace("\n", "\r\n") if number % 4 == 2 else text
    text = "\ufeff" + text if number % 4 == 3 else text
    text = text.rstrip() if number % 8 == 4 else text
    room = -len(text.encode()) % 4096 - 20 if ballast else 0  # one more line needs one more page
    return text.replace("Ballast 0,", f"Ballast 0, {'.' * room}", 1)


class Vault:
    """A vault in the storm: what it held, what was typed into it since, and whether all of that is there.

    `lock` is held while a person's own editors load and save: a person types in one window at a time. The program
    knows nothing of it.
    """

    def __init__(self, root: Path, day: date, notes: int, dice: random.Random, ballast: int = 0) -> None:
        self.root, self.day, self.dice = root, day, dice
        self.log = root.parent / f"{root.name}.log"
        self.lock = threading.RLock()
        self.typed: dict[str, str] = {}
        self.marks: list[Mark] = []
        self.allowed: Callable[[str], bool] = lambda name: False
        (root / "Interviews").mkdir(parents=True)
        (root / "Reconnect.md").write_text("---\nme: Jordan Smith\nphone: 512 555 0199\n---\n", "utf-8")
        self.notes = [f"Interviews/Storm{number:02}.md" for number in range(notes)]
        for number, name in enumerate(self.notes):
            (root / name).write_bytes(note_text(number, day, ballast).encode())
        if trouble := one_pass(self):
            raise RuntimeError(trouble[0].what)
        self.original = {name: self.text(name) for name in self.notes}
        self.files = set(self.names())

    def copied(self, root: Path) -> "Vault":
        """The same vault elsewhere, with the times of its files; what was typed so far was typed there, too."""
        if not root.exists():
            shutil.copytree(self.root, root, symlinks=True)
        other = object.__new__(Vault)
        other.__dict__.update(self.__dict__)
        other.root, other.log, other.lock = root, root.parent / f"{root.name}.log", threading.RLock()
        other.typed, other.marks = dict(self.typed), list(self.marks)
        return other

    # what is there

    def names(self) -> list[str]:
        """Every file, hidden ones included."""
        walk = (Path(folder) / name for folder, _, names in os.walk(self.root) for name in names)
        return sorted(str(path.relative_to(self.root)) for path in walk)

    def text(self, name: str) -> str:
        """A file's text, nothing translated; empty if it is not there."""
        try:
            return (self.root / name).read_bytes().decode("utf-8", "surrogateescape")
        except OSError:
            return ""

    def last_words(self) -> str:
        """The end of what the program said."""
        return " | ".join(self.log.read_text("utf-8", "replace").splitlines()[-4:]) if self.log.exists() else ""

    def state(self) -> dict[str, tuple[int, int, bytes]]:
        """Everything that a write would change."""
        paths = {name: self.root / name for name in self.names()}
        return {name: (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes()) for name, path in paths.items()}

    def tasks(self) -> dict[tuple[str, str], "re.Match[str]"]:
        """The task lines of the agenda: note and step -> line."""
        found = {}
        for line in self.text(AGENDA).splitlines():
            task = _TASK.match(line)
            note = re.search(r"\]\(([^()\s]+)\)", line)
            if task and note:
                found[note[1], task["id"].rsplit("-", 1)[1]] = task
        return found

    # what people do

    def word(self, kind: str) -> str:
        """Words that were never typed before. They are remembered when they are typed."""
        return f"{kind} {self.dice.getrandbits(48):012x} end"

    def save(self, name: str, text: str, way: str = "in place") -> None:
        """Save a file as an editor does: into the file itself, or a new file that takes its place."""
        path, data = self.root / name, text.encode("utf-8", "surrogateescape")
        if way == "in place":
            path.write_bytes(data)
            return
        aside = path.with_name(f".{path.name}.saving")
        aside.write_bytes(data)
        aside.replace(path)

    def put(self, mark: Mark, way: str = "in place") -> bool:
        """Load the agenda, mark an item, save: without a look at what happened between. Whether the item is there."""
        with self.lock:
            text = self.text(AGENDA)
            lines = text.splitlines(keepends=True)
            tasks = ((number, _TASK.match(line.rstrip("\r\n"))) for number, line in enumerate(lines))
            mine = ((n, task) for n, task in tasks if task and f"({mark.note})" in task["rest"])
            number, task = next(((n, task) for n, task in mine if task["id"].endswith(f"-{mark.step}")), (0, None))
            if task is None:
                return False
            done = f" ✅ {mark.on}" if mark.on else ""
            rest = re.sub(r"📅 \S+", f"📅 {mark.due}", task["rest"]) if mark.due else task["rest"]
            lines[number] = f"{task['start']}{mark.sign or task['box']}{rest}{done}\n"
            if mark.remark:
                self.typed[mark.remark] = mark.note
                # The same words are typed in the same way, on another device too.
                form = REMARKS[int(mark.remark.split()[1], 16) % len(REMARKS)]
                lines.insert(number + 1, form.format(mark.remark))
            self.save(AGENDA, "".join(lines), way)
            self.marks = [one for one in self.marks if one[:2] != mark[:2]] + [mark]
        return True

    def marking(self, note: str, step: str, signs: str = "xx->") -> Mark:
        """Some mark for an item, with or without a date and a remark."""
        sign = self.dice.choice(signs if step != "card" else "xx-")
        on = self.dice.choice(("", str(self.day), str(self.day - timedelta(days=1)))) if sign == "x" else ""
        return Mark(note, step, sign, on, self.word("remark") if self.dice.random() < 0.6 else "")

    # whether it is still there

    def entries(self, mark: Mark, text: str | None = None) -> list[str]:
        """The lines of a note's log that speak of a step."""
        body = (self.text(mark.note) if text is None else text).replace("\r\n", "\n")
        section = re.split(r"^## ", body.partition("\n## Log\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
        return [line for line in section.split("\n") if re.match(_ENTRY + re.escape(mark.words) + r"\b", line)]

    def properties(self, mark: Mark) -> list[str]:
        """The values of a step's property; two of them would be a note that nobody can read."""
        head = self.text(mark.note).replace("\r\n", "\n").partition("\n---\n")[0]
        return [line.partition(":")[2].strip() for line in head.split("\n") if line.startswith(f"{mark.record}:")]

    def check(self, mark: Mark) -> list[Finding]:
        """Whether a mark is recorded exactly once."""
        days = {str(self.day), str(date.today())}
        entries, values = self.entries(mark), self.properties(mark)
        where = f"{mark.note} {mark.record} [{mark.sign}]"
        when = {mark.on} if mark.on else days
        right = [
            entry
            for entry in entries
            if any(re.match(re.escape(f"- {day} {mark.words}{_SUFFIX[mark.sign]}") + "(:|$)", entry) for day in when)
        ]
        found = [Finding("doubled", f"{where}: {entries}")] if len(entries) > 1 else []
        if not right:
            found.append(Finding("lost", f"{where}: its line is not in the log, which has {entries}"))
        if len(values) != 1:
            found.append(Finding("doubled" if values else "lost", f"{where}: {len(values)} such properties"))
        elif values[0] not in mark.value(days):
            found.append(Finding("lost", f"{where}: the property says {values[0]!r}"))
        return found

    def recorded(self, marks: Iterable[Mark] | None = None) -> bool:
        """Whether marks (all of them) are in the notes."""
        return not any(self.check(mark) for mark in (self.marks if marks is None else marks))

    def kept(self) -> list[Finding]:
        """Promises that hold at any moment: no note is half, everything typed is somewhere, so is every mark."""
        everything = "\n".join(self.text(name) for name in self.names())
        gone = [(words, where) for words, where in self.typed.items() if words not in everything]
        found = [Finding("lost", f"{words!r}, typed in {where}") for words, where in gone]
        for name, text in self.original.items():
            found += self._whole(name, text)
        ticked = self.tasks()
        for mark in self.marks:
            task = ticked.get((mark.note, mark.step))
            if not (self.entries(mark) or (task and task["box"] == mark.sign)):
                found.append(Finding("lost", f"{mark.note} {mark.step} [{mark.sign}] is in no agenda and no note"))
        return found

    def _whole(self, name: str, text: str) -> list[Finding]:
        """The note's first lines in their order, and between them nothing but what was typed or recorded."""
        ours = re.compile(f"(?:{'|'.join(RECORDS.values())}):|{_ENTRY}(?:card sent|fix call)")
        old = [line for line in text.splitlines() if not ours.match(line)]
        place, strange = 0, []
        for line in self.text(name).splitlines():
            if place < len(old) and line == old[place]:
                place += 1
            elif line.strip() and not ours.match(line) and not re.search(r"\w+ [0-9a-f]{12} end", line):
                strange.append(line)
        found = [Finding("lost", f"{name} is not whole: {old[place]!r} is gone")] if place < len(old) else []
        return found + [Finding("other", f"{name} has a line that nobody typed: {line!r}") for line in strange]

    def doubled(self) -> list[Finding]:
        """Remarks that are in the notes more than once."""
        notes = "\n".join(self.text(name) for name in self.notes)
        return [Finding("doubled", f"{words!r} {n} times") for words in self.typed if (n := notes.count(words)) > 1]

    def leftovers(self) -> list[Finding]:
        """Files that were not there."""
        return [Finding("leftover", name) for name in self.names() if name not in self.files and not self.allowed(name)]

    def after_a_pass(self, at_rest: bool = True) -> list[Finding]:
        """One pass after the storm; then everything is in its place, and another pass `at_rest` writes nothing."""
        found = one_pass(self)
        found += [bad for mark in self.marks for bad in self.check(mark)]
        found += [*self.kept(), *self.doubled(), *self.leftovers()]
        if found or not at_rest:
            return list(dict.fromkeys(found))
        before = self.state()
        found = one_pass(self)
        after = self.state()
        written = [name for name in after if after[name] != before.get(name)]
        return found + [Finding("other", f"a pass at rest wrote {name}") for name in written]


class Editor(threading.Thread):
    """Saves one file again and again, each time with one more line.

    A stubborn one saves what it loaded at first and all that it added since, whatever is in the file by now.
    """

    def __init__(
        self, vault: Vault, name: str, way: str, pause: float, most: int = MOST_SAVES, stubborn: bool = False
    ) -> None:
        super().__init__(daemon=True)
        self.vault, self.name_, self.way, self.pause = vault, name, way, pause
        self.most = most
        self.buffer = vault.text(name) if stubborn else None
        self.saves, self.over = 0, threading.Event()
        self.dice = random.Random(vault.dice.random())

    def run(self) -> None:
        """Save until it is over, or until the file is as long as a person's can be."""
        while not self.over.is_set() and self.saves < self.most:
            with self.vault.lock:
                self._save(f"typed {self.dice.getrandbits(48):012x} end")
            self.saves += 1
            if self.pause:
                time.sleep(self.dice.random() * self.pause)

    def _save(self, words: str) -> None:
        vault, path = self.vault, self.vault.root / self.name_
        if self.way == "by append":
            if path.exists():
                with path.open("ab") as file:
                    file.write(f"\n{words}\n".encode())
                vault.typed[words] = self.name_
            return
        try:
            loaded = path.read_bytes().decode("utf-8", "surrogateescape") if self.buffer is None else self.buffer
        except FileNotFoundError:
            return  # no editor can load it
        middle = "\n## Coming up" if self.name_ == AGENDA else "\n## Log"
        at = loaded.find(middle) if self.dice.random() < 0.5 else -1
        text = f"{loaded[:at]}\n{words}\n{loaded[at:]}" if at >= 0 else f"{loaded}\n{words}\n"
        if self.buffer is not None:
            self.buffer = text
        vault.save(self.name_, text, self.way)
        vault.typed[words] = self.name_

    def end(self) -> None:
        """The person closes the window."""
        self.over.set()
        self.join()


# The parts


def editors(storm: Storm, tally: Tally) -> None:
    """Busy editors of an evaluation and of the agenda, a polite one that puts marks into it, and the watcher."""
    saves = 0
    for number in range(1 if storm.short else 8):
        dice = storm.dice("editors", number)
        with storm.case(tally, number) as (folder, found):
            vault = Vault(folder / "vault", date.today(), 3 if storm.short else 6, dice)
            with watching(vault, found):
                for turn, note in enumerate(vault.notes):
                    saves += _session(vault, note, WAYS[turn % 3], dice, storm.short)
                until(vault.recorded, 4.0 if storm.short else PATIENCE)
            found += vault.after_a_pass()
            tally.cases += len(vault.marks)
    tally.words.append(f"{saves} saves")


def _session(vault: Vault, note: str, way: str, dice: random.Random, short: bool) -> int:
    """One evaluation is edited and marked meanwhile; the number of saves."""
    pause, patience, most = dice.choice((0, 0.01, 0.06)), 0.9 if short else 3.0, 300 if short else MOST_SAVES
    busy = [Editor(vault, note, way, pause, most, stubborn=way != "by append" and dice.random() < 0.3)]
    if dice.random() < 0.7:
        busy.append(Editor(vault, AGENDA, dice.choice(WAYS), dice.choice((0, 0.02, 0.1)), most))
    for editor in busy:
        editor.start()
    marks = [vault.marking(note, "card"), vault.marking(note, "fix")]
    others = []
    for mark in marks:
        if dice.random() < 0.3:
            others.append(passing(vault))  # the same by hand, while the watcher runs
        until(lambda mark=mark: vault.put(mark, dice.choice(WAYS[:2])))  # type: ignore[misc]
        until(lambda mark=mark: vault.recorded([mark]), patience / 2)  # type: ignore[misc]
    for mark in marks:
        if mark.sign == "x" and not mark.on and dice.random() < 0.5:
            _take_back(vault, mark, patience)
    for editor in busy:
        editor.end()
    for other in others:
        other.wait(60)
    return sum(editor.saves for editor in busy)


def _take_back(vault: Vault, mark: Mark, patience: float) -> None:
    """Untick an item that is done today, once the agenda says so."""

    def shown() -> bool:
        section = vault.text(AGENDA).partition("\n## Done today\n")[2].partition("\n## ")[0]
        mine = [line for line in section.splitlines() if f"({mark.note})" in line and f"-{mark.step} " in line]
        return vault.recorded([mark]) and bool(mine)

    if until(shown, patience / 2):
        vault.put(mark._replace(sign=" ", remark=""))


def kill(storm: Storm, tally: Tally) -> None:
    """Passes and watchers killed in the middle of write-backs, again and again, and one pass afterwards."""

    saves = 0

    def campaign(number: int) -> None:
        nonlocal saves
        dice, kills = storm.dice("kill", number), 0
        with storm.case(tally, number) as (folder, bad):
            vault = Vault(folder / "vault", date.today(), 3 if storm.short else 8, dice)
            items = [(note, step) for note in vault.notes for step in RECORDS]
            dice.shuffle(items)
            # What an editor saved just then may be in a note of its own, as after a conflict.
            vault.allowed = lambda name: bool(number % 2) and "conflicted copy" in name
            found: list[Finding] = []
            while items:
                for note, step in [items.pop() for _ in range(min(len(items), dice.choice((1, 1, 2))))]:
                    vault.put(vault.marking(note, step))
                for _ in range(1 if storm.short else dice.choice((1, 2))):
                    busy = Editor(vault, note, dice.choice(WAYS), 0.02) if number % 2 else None
                    kills += _killed(vault, dice, busy)
                    saves += busy.saves if busy else 0
                if found := vault.kept():
                    break
            bad += found or vault.after_a_pass()
        tally.cases += kills

    _all(campaign, range(2 if storm.short else 24))
    tally.words.append(f"{saves} saves meanwhile")


def _killed(vault: Vault, dice: random.Random, busy: "Editor | None") -> bool:
    """Start a pass or the watcher and kill it, at any moment or just after it touched the vault. Whether it lived.

    An editor may be busy meanwhile.
    """
    edited = Path(busy.name_).name if busy else ""
    before = _touch(vault, edited)
    if busy:
        busy.start()
    process = start("watch", vault.root, log=vault.log) if dice.random() < 0.25 else passing(vault)
    if dice.random() < 0.25:
        time.sleep(dice.uniform(0.1, 0.5))  # any moment
    else:
        end, touches = time.monotonic() + 3, dice.choice((1, 1, 2, 3, 4))
        while touches and process.poll() is None and time.monotonic() < end:
            now = _touch(vault, edited)
            touches, before = touches - (now != before), now
        moment = time.monotonic() + dice.choice((0, 0, dice.uniform(0, 0.004)))
        while time.monotonic() < moment:
            pass
    process.send_signal(signal.SIGKILL)
    lived = process.wait() == -signal.SIGKILL
    if busy:
        busy.end()
    return lived


def _touch(vault: Vault, but: str = "") -> list[tuple[str, int, int]]:
    """What changes when anything in the vault is made, renamed or written, but for one file that is being edited."""
    found = []
    for folder in (vault.root, vault.root / "Interviews"):
        for entry in os.scandir(folder):
            if but and but in entry.name:
                continue
            with contextlib.suppress(OSError):
                status = entry.stat(follow_symlinks=False)
                found.append((entry.name, status.st_ino, status.st_mtime_ns))
    return sorted(found)


def _all(work: Callable[[int], object], cases: Iterable[int]) -> None:
    """Every case, as many at a time as there are processors."""
    with ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        list(pool.map(work, cases))


def devices(storm: Storm, tally: Tally) -> None:
    """Two devices with one vault, marks on both; their files go through a sync service or through git."""

    def case(number: int) -> None:
        dice = storm.dice("devices", number)
        kind = "git" if number % 2 else "sync"
        with storm.case(tally, kind, number) as (folder, found):
            here = Vault(folder / "here", date.today(), 3, dice)
            exchange: Callable[[Vault, Vault], list[Finding]] = _git(here) if number % 2 else _Service().exchange
            there = here.copied(folder / "there")
            for _ in range(1 if storm.short else 2):
                _marks_on_both(here, there, dice)
                found += exchange(here, there)
            found += _agree(here, there, exchange)
            tally.cases += len(here.marks)

    _all(case, range(4 if storm.short else 40))


def _marks_on_both(here: Vault, there: Vault, dice: random.Random) -> None:
    """Marks on each device, some the same on both; a device makes its pass before the files travel, or later."""
    both = (here, there)
    taken = {mark[:2] for vault in both for mark in vault.marks}
    items = [(note, step) for note in here.notes for step in RECORDS if (note, step) not in taken]
    for note, step in dice.sample(items, min(len(items), 3)):
        mark = _saying(here, note, step)
        where = dice.choice(((here,), (there,), both, both))
        for vault in where:
            other = mark._replace(remark=vault.word("remark")) if mark.remark else _saying(here, note, step)
            vault.put(dice.choice((mark, mark, other)), dice.choice(WAYS[:2]))
    for vault in both:
        if dice.random() < 0.6:
            one_pass(vault)


def _saying(vault: Vault, note: str, step: str) -> Mark:
    """Some mark, or none of those that are known, perhaps with another day for the call; or that day alone."""
    mark, dice = vault.marking(note, step), vault.dice
    if dice.random() < 0.3:
        mark = mark._replace(sign=dice.choice((">", "y", "xx", "")), on="")
    moved = not mark.sign or dice.random() < 0.3
    return mark._replace(due=str(vault.day + timedelta(days=dice.randint(3, 30)))) if moved else mark


class _Service:
    """A sync service: the newer file wins; if both changed, the other one stays beside it, as Syncthing has it."""

    def __init__(self) -> None:
        self.known: dict[str, bytes] = {}
        self.conflicts = 0

    def exchange(self, here: Vault, there: Vault) -> list[Finding]:
        """Files travel one by one; a pass may come in between."""
        names = sorted({*here.names(), *there.names()})
        here.dice.shuffle(names)
        for name in names:
            self._travel(here, there, name)
            if here.dice.random() < 0.1:
                one_pass(here.dice.choice((here, there)))
        _share(here, there)
        for vault in (here, there):
            vault.allowed = lambda name: ".sync-conflict-" in name
        return []

    def _travel(self, here: Vault, there: Vault, name: str) -> None:
        one, other = sorted((here, there), key=lambda vault: _age(vault.root / name))
        new, old = one.root / name, other.root / name
        if old.exists() and old.read_bytes() != new.read_bytes():
            last = self.known.get(name)
            if last not in (new.read_bytes(), old.read_bytes()):
                self.conflicts += 1
                aside = old.with_name(f"{old.stem}.sync-conflict-20261123-{self.conflicts:06}-ABCDEFG{old.suffix}")
                shutil.copy2(old, aside)
                shutil.copy2(old, new.with_name(aside.name))
            if last == new.read_bytes():
                new, old = old, new  # the other side alone changed it, whatever the clock says
        if not old.exists() or old.read_bytes() != new.read_bytes():
            arriving = old.with_name(f".syncthing.{old.name}.tmp")
            shutil.copy2(new, arriving)
            arriving.replace(old)
        self.known[name] = new.read_bytes()


def _age(path: Path) -> int:
    """Newest first; what is not there is oldest."""
    return -path.stat().st_mtime_ns if path.exists() else 0


def _share(here: Vault, there: Vault) -> None:
    """What was typed on one device is expected on both; of two marks for one item, either."""
    for one, other in ((here, there), (there, here)):
        other.typed.update(one.typed)
        other.marks += [mark for mark in one.marks if mark[:2] not in {theirs[:2] for theirs in other.marks}]


def _git(here: Vault) -> Callable[[Vault, Vault], list[Finding]]:
    """Make the vault a repository, with the program's merge driver if it has one; the exchange is commit and merge."""
    git(here, "init", "-q", "-b", "main")
    driver = f"{sys.executable} -m reconnect_md merge-agenda %O %A %B"
    probe = subprocess.run([*driver.split()[:4], "--help"], cwd=CHECKOUT, env=_environment(), capture_output=True)
    if probe.returncode == 0:
        (here.root / ".gitattributes").write_text(f"{AGENDA} merge=reconnect\n", "utf-8")
        git(here, "config", "merge.reconnect.driver", driver)
        here.files.add(".gitattributes")
    here.allowed = lambda name: name.startswith(".git/")
    git(here, "add", "-A")
    git(here, "commit", "-q", "-m", "vault")
    return _merge


def git(vault: Vault, *arguments: str) -> int:
    """A git command in the vault."""
    who = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for role in ("AUTHOR", "COMMITTER"):
        who |= {f"GIT_{role}_NAME": "storm", f"GIT_{role}_EMAIL": "storm@localhost"}
    with vault.log.open("ab") as out:
        command = ["git", "-C", str(vault.root), *arguments]
        return subprocess.run(command, env={**_environment(), **who}, stdout=out, stderr=out).returncode


def _merge(here: Vault, there: Vault) -> list[Finding]:
    """Commit on both, merge there into here; a person settles what git could not, perhaps after a pass; and back."""
    for vault in (here, there):
        git(vault, "add", "-A")
        git(vault, "commit", "-q", "-m", "marks")
    git(here, "fetch", "-q", str(there.root), "main")
    found = []
    if git(here, "merge", "-q", "--no-edit", "FETCH_HEAD"):
        if here.dice.random() < 0.5:
            found += one_pass(here)
        for name in here.names():
            if "<<<<<<<" in (text := "" if name.startswith(".git/") else here.text(name)):
                here.save(name, settled(text))
    found += one_pass(here)
    git(here, "add", "-A")
    git(here, "commit", "-q", "-m", "merged")
    git(there, "fetch", "-q", str(here.root), "main")
    git(there, "merge", "-q", "--ff-only", "FETCH_HEAD")
    _share(here, there)
    return found


def settled(text: str) -> str:
    """A conflict as a person settles it: of a property the value that is filled, of everything else both sides."""
    out: list[str] = []
    sides: list[list[str]] = []
    for line in text.splitlines(keepends=True):
        if line.startswith("<<<<<<< "):
            sides = [[]]
        elif sides and line.startswith("======="):
            sides.append([])
        elif sides and line.startswith(">>>>>>> "):
            out += _both(*sides)
            sides = []
        else:
            (sides[-1] if sides else out).append(line)
    return "".join(out)


def _both(ours: list[str], theirs: list[str]) -> list[str]:
    merged = dict.fromkeys(ours)
    for line in theirs:
        key = line.partition(":")[0]
        same = next((old for old in merged if key in PROPERTIES and old.startswith(f"{key}:")), None)
        if same is None:
            merged[line] = None
        elif not same.partition(":")[2].strip():
            merged = dict.fromkeys(line if old == same else old for old in merged)
    return list(merged)


def _agree(here: Vault, there: Vault, exchange: Callable[[Vault, Vault], list[Finding]]) -> list[Finding]:
    """After some exchanges both hold the same, nothing is lost, and each mark counts once."""
    found = []
    for _ in range(4):
        found += [*one_pass(here), *one_pass(there), *exchange(here, there)]
        names = {name for vault in (here, there) for name in vault.names() if not name.startswith(".git/")}
        apart = sorted(name for name in names if here.text(name) != there.text(name))
        if not apart:
            break
    found += [Finding("other", f"the devices never agree on {name}") for name in apart]
    found += [*here.leftovers(), *here.doubled()]
    everything = "\n".join(here.text(name) for name in here.names() if not name.startswith(".git/"))
    found += [Finding("lost", f"{words!r}") for words in here.typed if words not in everything]
    marks = list(dict.fromkeys([*here.marks, *there.marks]))
    claims = {claim: {str(here.day), mark.on} for mark in marks for claim in mark.claims if not _in_a_copy(here, claim)}
    notes = {Path(name).name: here.text(name) for name in here.notes}
    found += [Finding("lost", what) for what in account.wanting(claims, notes, [here.text(AGENDA)])]
    for mark in marks:
        entries, moved = here.entries(mark), {one.due for one in marks if one.note == mark.note and one.due}
        alike = {(one.sign, one.remark) for one in marks if one[:2] == mark[:2]}
        if len(entries) > len(alike) + len(moved):
            found.append(Finding("doubled", f"{mark.note} {mark.step} [{mark.sign}]: {entries}"))
        if len(here.properties(mark)) != 1:
            found.append(Finding("doubled", f"{mark.note} {mark.record} [{mark.sign}] says {here.properties(mark)}"))
    return list(dict.fromkeys(found))


def _in_a_copy(vault: Vault, claim: Claim) -> bool:
    """Whether the service put what was said aside: then a person finds it there."""
    copies = [name for name in vault.names() if ".sync-conflict-" in name]
    told = (vault.text(name) for name in copies if Path(name).name.startswith(Path(claim.note).stem))
    days = {str(vault.day), str(vault.day - timedelta(days=1))}
    return any(claim in account.said(vault.text(name)) for name in copies) or any(
        account.told(claim, text, days) for text in told
    )


@contextlib.contextmanager
def mounted(*arguments: str | Path) -> Iterator[bool]:
    """Something mounted on the last of `arguments`; False if that is not possible here."""
    where = Path(arguments[-1])
    where.mkdir(parents=True, exist_ok=True)
    command = ["mount", *map(str, arguments)]
    worked = bool(shutil.which("mount")) and not subprocess.run(command, capture_output=True).returncode
    try:
        yield worked
    finally:
        if worked:
            until(lambda: not subprocess.run(["umount", str(where)], stderr=subprocess.DEVNULL).returncode)


def full(storm: Storm, tally: Tally) -> None:
    """A disk with room for less and less: the note stays whole, and with room again one pass records the mark."""
    pages = [0, 2, 5, 9] if storm.short else [*range(0, 26), *range(0, 26)]

    def case(number: int) -> None:
        free, inodes = pages[number] * 4096, number % 5 == 4
        with (
            storm.case(tally, number) as (folder, found),
            mounted("-t", "tmpfs", "-o", "size=1m,nr_inodes=64", "none", folder / "disk") as worked,
        ):
            if not worked:
                tally.words[:] = ["skipped: no tmpfs can be mounted (root?)"]
                return
            vault = Vault(folder / "disk" / "vault", date.today(), 2, storm.dice("full", number), ballast=90)
            vault.log = folder / "program.log"
            for step in RECORDS:
                vault.put(vault.marking(vault.notes[0], step))
            fill = folder / "disk" / "filler"
            _fill(fill, free, inodes)
            passing(vault).wait(60)
            found += vault.kept()
            shutil.rmtree(fill)
            found += vault.after_a_pass()
            tally.cases += 1
            if found:
                shutil.copytree(vault.root, folder / "evidence")

    _all(case, range(len(pages)))


def _fill(folder: Path, free: int, inodes: bool) -> None:
    """Fill a file system but for `free` bytes, or use up its inodes."""
    folder.mkdir()
    if inodes:
        with contextlib.suppress(OSError):
            for number in range(1000):
                (folder / str(number)).touch()
        return
    with contextlib.suppress(OSError), (folder / "filler").open("wb", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    size = (folder / "filler").stat().st_size
    os.truncate(folder / "filler", max(0, size - free))


READING: Final = "read pread64 newfstatat stat lstat fstat statx getdents64 lseek close access faccessat2 readlink"
NAMING: Final = """openat open creat rename renameat renameat2 link linkat unlink unlinkat symlink symlinkat mkdir
mkdirat rmdir chmod fchmod fchmodat chown fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr
fremovexattr getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr utimensat flock"""
WRITING: Final = "write pwrite64 writev fsync fdatasync ftruncate truncate fallocate copy_file_range sendfile syncfs"


CHANGING: Final = f"{WRITING} openat rename renameat2 unlink unlinkat link linkat"
"""The calls that come first where there is little time."""


class Call(NamedTuple):
    """The n-th call of one name in a pass."""

    name: str
    n: int


def syscalls(storm: Storm, tally: Tally) -> None:
    """Every system call by which a pass touches the vault fails once, and is once the last one."""
    with storm.case(tally, "trace") as (folder, found):
        vault = Vault(folder / "vault", date.today(), 1, storm.dice("syscalls"), ballast=20)
        note = vault.notes[0]
        vault.put(Mark(note, "fix", "x", "", vault.word("remark")))
        trial = vault.copied(folder / "trial")
        calls = _trace(trial, folder / "trace")
        if not calls:
            tally.words.append("skipped: strace cannot trace here" if shutil.which("strace") else "skipped: no strace")
            return
        faults = [(call, fault) for call in calls for fault in _faults(call)]
        if storm.short:
            storm.dice("faults").shuffle(faults)
            first = {(call.name, fault): (call, fault) for call, fault in faults if call.name in CHANGING.split()}
            faults = sorted(first.values(), key=lambda one: one[1] != "signal=SIGKILL")[:7]
        missed: list[tuple[Call, str]] = []

        def case(number: int) -> None:
            call, fault = faults[number]
            with storm.case(tally, call.name, call.n, fault.partition("=")[2]) as (place, bad):
                one = vault.copied(place / "vault")
                inject = ["-e", f"inject={call.name}:{fault}:when={call.n}"]
                if fault.startswith("error"):
                    inject.append("--seccomp-bpf")  # quicker, but signals do not arrive
                passing(one, _strace(place / "trace", call.name) + inject).wait(60)
                if not _hit(place / "trace", one):
                    missed.append(faults[number])
                else:
                    tally.cases += 1
                bad += one.kept()
                bad += one.after_a_pass(at_rest=False)

        _all(case, range(len(faults)))
        found += trial.after_a_pass()
        tally.words.append(f"{len(calls)} calls" + (f", {len(missed)} faults went elsewhere" if missed else ""))


def _faults(call: Call) -> list[str]:
    """What can happen to a call."""
    faults = ["error=EIO", "signal=SIGKILL"]
    if call.name in NAMING.split():
        faults.append("error=EACCES")
    if call.name not in READING.split():
        faults.append("error=ENOSPC")
    return faults


def _strace(log: Path, calls: str) -> list[str]:
    known = ",".join(f"?{name}" for name in calls.split())
    return ["strace", "-f", "-qq", "-y", "-o", str(log), "-e", f"trace={known}", "-e", "signal=none"]


def _trace(vault: Vault, log: Path) -> list[Call]:
    """The calls of a pass that touch the vault, each with its number among those of its name."""
    if not shutil.which("strace"):
        return []
    if passing(vault, _strace(log, f"{READING} {NAMING} {WRITING}")).wait(60) not in PASS_CODES:
        return []
    counts: Counter[tuple[str, str]] = Counter()
    calls: dict[Call, None] = {}
    for line in log.read_text("utf-8", "replace").splitlines():
        if match := re.match(r"(\d+) +(\w+)\(", line):
            counts[match[1], match[2]] += 1
            if str(vault.root) in line:
                calls[Call(match[2], counts[match[1], match[2]])] = None
    return list(calls)


def _hit(log: Path, vault: Vault) -> bool:
    """Whether the fault met a call that touches the vault."""
    lines = log.read_text("utf-8", "replace").splitlines() if log.exists() else []
    hits = [line for line in lines if "(INJECTED)" in line or "unfinished" in line or line.rstrip().endswith("= ?")]
    return any(str(vault.root) in line for line in hits)


def power(storm: Storm, tally: Tally) -> None:
    """Write-backs on a file system in a file; that file is copied meanwhile, as the disk is when the power goes."""
    with storm.case(tally, "image") as (folder, found):
        image = folder / "image"
        with image.open("wb") as file:
            file.truncate(16 << 20)
        make = ["mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(image)]
        if not shutil.which("mkfs.ext4") or subprocess.run(make, capture_output=True).returncode:
            tally.words.append("skipped: no mkfs.ext4")
            return
        with mounted("-o", "loop,noauto_da_alloc", image, folder / "disk") as worked:
            if not worked:
                tally.words.append("skipped: no loop device can be mounted (root?)")
                return
            vault = Vault(folder / "disk" / "vault", date.today(), 2 if storm.short else 12, storm.dice("power"))
            vault.log = folder / "program.log"
            cuts = _cuts(vault, image, folder, storm)
        for number, cut in enumerate(cuts):
            with storm.case(tally, number) as (place, bad), mounted("-o", "loop", cut.copy, place / "disk") as worked:
                if not worked:
                    bad.append(Finding("other", "the copy cannot be mounted"))
                    continue
                bad += _survived(vault, cut, place)
                tally.cases += 1
                if bad:
                    shutil.copy(cut.copy, place)
                    shutil.copytree(place / "disk", place / "evidence")
            cut.copy.unlink()
        tally.words.append(f"{sum(bool(cut.acknowledged) for cut in cuts)} with acknowledged marks")
        found += [Finding("other", "no cut was made")] if not cuts else []


class Cut(NamedTuple):
    """A copy of the disk at one moment, the marks that were saved before it, and those that a pass had recorded."""

    copy: Path
    saved: list[Mark]
    acknowledged: list[Mark]


def _cuts(vault: Vault, image: Path, folder: Path, storm: Storm) -> list[Cut]:
    """Copy the image at random moments while marks are saved and recorded, one after another."""
    saved: list[Mark] = []
    acknowledged: list[Mark] = []
    os.sync()

    def work() -> None:
        for note in vault.notes:
            for step in RECORDS:
                mark = vault.marking(note, step)
                vault.put(mark, "in place")
                _durable(vault.root / AGENDA)
                saved.append(mark)
                if passing(vault).wait(60) in PASS_CODES:
                    acknowledged.append(mark)

    worker = threading.Thread(target=work)
    worker.start()
    dice, cuts = storm.dice("cuts"), list[Cut]()
    most = 4 if storm.short else 60
    while worker.is_alive() and len(cuts) < most:
        before = _touch(vault)
        if dice.random() < 0.6:  # just after something was touched, else at any moment
            until(lambda before=before: _touch(vault) != before, 0.5)  # type: ignore[misc]
        time.sleep(dice.choice((0, dice.uniform(0, 0.01), dice.uniform(0, 0.2))))
        cut = Cut(folder / f"cut{len(cuts)}", list(saved), list(acknowledged))
        if (data := _at_one_moment(image)) is not None:
            cut.copy.write_bytes(data)
            cuts.append(cut)
    worker.join()
    return cuts


def _at_one_moment(image: Path) -> bytes | None:
    """The image as it was at one moment: read twice the same. None while it is written all the time."""
    data = image.read_bytes()
    for _ in range(20):
        again = image.read_bytes()
        if again == data:
            return data
        data = again
    return None


def _durable(path: Path) -> None:
    """Make a save survive the power cut, as far as the editor is concerned."""
    for place in (path, path.parent):
        handle = os.open(place, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _survived(vault: Vault, cut: Cut, place: Path) -> list[Finding]:
    """What the copy holds: whole notes, everything that was saved, and every mark that was acknowledged."""
    copy = vault.copied(place / "disk" / "vault")
    copy.log = place / "program.log"
    copy.marks = list(cut.saved)
    copy.typed = {mark.remark: mark.note for mark in cut.saved if mark.remark}
    found = copy.kept()
    for mark in cut.acknowledged:
        found += [bad._replace(what=f"acknowledged, but {bad.what}") for bad in copy.check(mark)]
    # A mark that was saved just then may be in the agenda already.
    for mark in vault.marks:
        task = copy.tasks().get((mark.note, mark.step))
        if mark not in copy.marks and (copy.entries(mark) or (task and task["box"] == mark.sign)):
            copy.marks.append(mark)
    return found + copy.after_a_pass()


PARTS: Final[dict[str, Callable[[Storm, Tally], None]]] = {
    part.__name__: part for part in (editors, kill, devices, full, syscalls, power)
}


def main() -> int:
    """Run the parts that are named, or all."""
    about = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        "python -m benchmarks.storm", description=about[0], formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="repeat a storm")
    parser.add_argument("--short", action="store_true", help="small counts: all parts in half a minute")
    parser.add_argument("--keep", type=Path, help="the folder for vaults that failed (a temporary one if left out)")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    folder = (chosen.keep or Path(tempfile.mkdtemp(prefix="reconnect-storm-"))).resolve()
    storm = Storm(chosen.seed, chosen.short, folder)
    print(f"seed {storm.seed}", flush=True)
    tallies = []
    for part in chosen.parts or PARTS:
        tally = Tally(part)
        PARTS[part](storm, tally)
        tallies.append(tally)
        print(tally, flush=True)
    findings = [found for tally in tallies for found in tally.findings]
    if not findings:
        shutil.rmtree(folder, ignore_errors=True)
        return 0
    for kind, what in findings[:20]:
        print(f"  {kind}: {what}")
    print(f"seed {storm.seed}: {len(findings)} findings; the vaults are in {folder}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
