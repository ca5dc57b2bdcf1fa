"""A phone, a desktop and the workflow push into one repository: is anything lost, doubled, or left in conflict?

    python -m benchmarks.pushes [--seed N] [--rounds N]

The phone has plain git, without our merge driver. It commits conflicts of the agenda with their markers, or takes its
own side of it; the workflow is `.github/actions/agenda/run.sh`. Each types words that nobody typed before, and ticks.
At the end every word is in the vault, no marker is left, no line of a log stands twice, and a pass has nothing to
write.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks import account

RUN: Final = Path(__file__).parent.parent / ".github" / "actions" / "agenda" / "run.sh"
AGENDA: Final = "Agenda.md"
NOTE: Final = """\
---
interviewed: {day}
company: Firm{number}
interviewers: [Ana Rivera]
card_sent:
fix_call:
add_call:
compensate_call:
---
## What went well
- The dock

## Said, but wish I had not
- My last job
  - Better: I had done it

## Did not say, but wish I had
- I moved 40 people
"""


class Clone:
    """A clone of the repository, and somebody who types into it.

    `given_up` are words of others that somebody let go who chose the own side of a conflict.
    """

    def __init__(self, root: Path, dice: random.Random) -> None:
        self.root, self.dice = root, dice
        self.given_up: set[str] = set()

    def git(self, *words: str, check: bool = True) -> int:
        """Git as the phone has it. Raises `CalledProcessError`."""
        who = ["-c", "user.name=x", "-c", "user.email=x@x.example"]
        return subprocess.run(["git", "-C", str(self.root), *who, *words], check=check, capture_output=True).returncode

    def type(self, word: str) -> None:
        """Tick something, perhaps, and type a word: below a task, into the agenda, or into a note."""
        path = self.root / AGENDA
        page = path.read_text("utf-8").split("\n")
        tasks = [number for number, line in enumerate(page) if account.ids(line)]
        if self.dice.random() < 0.2 or not tasks:
            note = self.dice.choice(sorted(self.root.glob("Firm*.md")))
            note.write_text(note.read_text("utf-8").replace("- The dock\n", f"- The dock\n- {word}\n", 1), "utf-8")
            return
        number = self.dice.choice(tasks)
        if self.dice.random() < 0.4:
            page[number] = page[number].replace("- [ ]", self.dice.choice(["- [x]", "- [>]"]), 1)
        page.insert(number + 1, f"    - {word}")
        path.write_text("\n".join(page), "utf-8")

    def push(self) -> None:
        """Commit, pull and push, as a client that knows nothing of agendas; who has no luck pushes next time."""
        self.git("add", "-A")
        self.git("commit", "-qm", "typed", check=False)
        if self.git("pull", "-q", "--no-rebase", "--no-edit", check=False):
            self.settle()
        self.git("push", "-q", check=False)

    def settle(self) -> None:
        """Notes are put together by hand; an agenda is committed as it is."""
        for path in self.root.glob("Firm*.md"):
            text = re.sub(r"(?m)^(?:<{7} .*|={7}|>{7} .*)\n", "", path.read_text("utf-8"))
            path.write_text(text, "utf-8")
        if self.dice.random() < 0.2 and "<<<<<<< " in (self.root / AGENDA).read_text("utf-8"):
            before = words(self.text())
            self.git("checkout", "-q", "--ours", AGENDA, check=False)
            self.given_up |= before - words(self.text())
        self.git("add", "-A")
        self.git("commit", "-qm", "merged")

    def text(self) -> str:
        """All notes and the agenda."""
        return "\n".join(path.read_text("utf-8") for path in self.root.glob("*.md"))


def words(text: str) -> set[str]:
    """What was typed."""
    return set(re.findall(r"typed\d+z", text))


def workflow(here: Clone) -> "subprocess.Popen[bytes]":
    """The workflow, as it starts."""
    env = {**os.environ, "RECONNECT": f"{sys.executable} -m reconnect_md"}
    return subprocess.Popen([RUN, here.root], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def clones(root: Path, dice: random.Random) -> list[Clone]:
    """A repository with a vault, and its clones: of the workflow, of a phone, and of a desktop."""
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", root / "remote"], check=True)
    made = []
    for name in ("action", "phone", "desk"):
        subprocess.run(["git", "clone", "-q", root / "remote", root / name], check=True, capture_output=True)
        made.append(Clone(root / name, dice))
        if name == "action":
            _start(made[0])
    return made


def play(root: Path, seed: int, rounds: int) -> list[str]:
    """What is wrong after so many rounds; nothing if all is well."""
    dice = random.Random(seed)
    action, *people = clones(root, dice)
    typed: list[str] = []
    for _ in range(rounds):
        for one in dice.sample(people, dice.randint(1, 2)):
            typed.append(f"typed{len(typed)}z")
            one.type(typed[-1])
        running = workflow(action) if dice.random() < 0.6 else None
        for one in dice.sample(people, dice.randint(1, 2)):
            one.push()
        if running and (said := running.communicate()[1]) and running.returncode:
            return [f"the workflow: {said.decode()}"]
    for one in (*people, *people):
        one.push()
    for _ in range(2):
        if (last := workflow(action)).communicate() and last.returncode:
            return ["the last workflow failed"]
    given_up = {word for one in people for word in one.given_up}
    return _wrong(action, typed, given_up)


def _start(action: Clone) -> None:
    (action.root / "Reconnect.md").write_text("---\ntimezone: UTC\n---\n", "utf-8")
    for number in range(3):
        (action.root / f"Firm{number}.md").write_text(NOTE.format(day="2026-01-07", number=number), "utf-8")
    action.git("add", "-A")
    action.git("commit", "-qm", "start")
    action.git("push", "-q", "-u", "origin", "HEAD:main")
    workflow(action).communicate()


def _wrong(here: Clone, typed: list[str], given_up: set[str]) -> list[str]:
    notes = {path.name: path.read_text("utf-8") for path in here.root.glob("*.md")}
    page, all_of_it = notes.pop(AGENDA), here.text()
    wrong = [f"lost: {word}" for word in typed if word not in all_of_it and word not in given_up]
    wrong += [f"twice in {name}: {word}" for name, text in notes.items() for word in typed if text.count(word) > 1]
    wrong += [f"twice in the agenda: {word}" for word in typed if page.count(word) > 1]
    wrong += ["a conflict is left"] * ("<<<<<<< " in all_of_it) + account.doubled(notes)
    check = [sys.executable, "-m", "reconnect_md", "agenda", str(here.root), "--check", "--no-index"]
    return wrong + ["not as a fresh pass"] * (subprocess.run(check, capture_output=True).returncode == 1)


def main() -> None:
    """Print what is wrong; exit 1 if anything is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=100)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as root:
        wrong = play(Path(root), chosen.seed, chosen.rounds)
    print(f"seed {chosen.seed}, {chosen.rounds} rounds: {'; '.join(wrong) or 'all is well'}")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
