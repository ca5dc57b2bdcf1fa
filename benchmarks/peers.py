"""What a vault asks for, as lists of the programs that people use for that otherwise, each asked for one day.

The interviews are converted beforehand, and each program has looked at its list once: what is measured is the answer.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.watching import command

EMACS: Final = """\
(progn (require 'org-agenda)
  (setq org-agenda-files (directory-files "{folder}" t "[.]org$") org-agenda-start-day "{day}" org-agenda-span 1)
  (org-batch-agenda "a"))"""

EVENT: Final = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//benchmarks//peers//EN
BEGIN:{kind}
UID:{uid}
DTSTAMP:20200101T000000Z
{date};VALUE=DATE:{day}
SUMMARY:{what}
END:{kind}
END:VCALENDAR
"""


class Peer(NamedTuple):
    """A program, the words that ask it for a day, and the environment in which it finds its list."""

    name: str
    words: list[str]
    env: dict[str, str]


def contacts(root: Path, day: str) -> Iterator[tuple[str, str, str]]:
    """The note, the day and the words of each contact that a vault has planned or made."""
    asked = subprocess.run(command("plan", str(root), "--date", day, "--json"), stdout=subprocess.PIPE, check=False)
    for plan in json.loads(asked.stdout)["plans"]:
        for step in plan["steps"]:
            if when := step["made"] or step["due"]:
                yield plan["note"], when, f"{step['step']} {step['to']} {plan['company']}"


def peers(root: Path, day: str, scratch: Path) -> Iterator[Peer]:
    """Those that are installed, with their lists made and looked at once."""
    found = list(contacts(root, day))
    env = {**os.environ, "HOME": str(scratch), "XDG_CACHE_HOME": str(scratch / "cache")}
    for program, made in (("remind", _remind), ("task", _task), ("todo", _todo), ("khal", _khal), ("emacs", _emacs)):
        if shutil.which(program):
            (folder := scratch / program).mkdir(parents=True)
            peer = made(found, day, folder, env)
            subprocess.run(peer.words, env=peer.env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            yield peer


def _remind(found: list[tuple[str, str, str]], day: str, folder: Path, env: dict[str, str]) -> Peer:
    file = folder / "reminders"
    file.write_text("".join(f"REM {when} MSG {what}\n" for _, when, what in found), "utf-8")
    return Peer("remind", ["remind", "-q", str(file), day], env)


def _task(found: list[tuple[str, str, str]], day: str, folder: Path, env: dict[str, str]) -> Peer:
    (folder / "rc").write_text(f"data.location={folder}\nconfirmation=off\nhooks=off\n", "utf-8")
    env = env | {"TASKRC": str(folder / "rc")}
    tasks = [{"description": what, "due": f"{when.replace('-', '')}T000000Z"} for _, when, what in found]
    (folder / "tasks.json").write_text(json.dumps(tasks), "utf-8")
    subprocess.run(["task", "import", str(folder / "tasks.json")], env=env, capture_output=True, check=True)
    return Peer("task", ["task", f"due:{day}", "list"], env)


def _events(found: list[tuple[str, str, str]], folder: Path, kind: str, date: str) -> None:
    folder.mkdir()
    for number, (_, when, what) in enumerate(found):
        text = EVENT.format(kind=kind, uid=number, date=date, day=when.replace("-", ""), what=what)
        (folder / f"{number}.ics").write_text(text, "utf-8")


def _todo(found: list[tuple[str, str, str]], day: str, folder: Path, env: dict[str, str]) -> Peer:
    _events(found, folder / "list", "VTODO", "DUE")
    (folder / "config.py").write_text(f'path = "{folder}/list"\ndate_format = "%Y-%m-%d"\n', "utf-8")
    return Peer("todo", ["todo", "--config", str(folder / "config.py"), "list", "--due", "24"], env)


def _khal(found: list[tuple[str, str, str]], day: str, folder: Path, env: dict[str, str]) -> Peer:
    _events(found, folder / "events", "VEVENT", "DTSTART")
    dates = "".join(f"{one}dateformat = %Y-%m-%d\n" for one in ("", "long"))
    settings = f"[calendars]\n[[one]]\npath = {folder}/events\n[locale]\n{dates}"
    (folder / "config").write_text(settings, "utf-8")
    return Peer("khal", ["khal", "-c", str(folder / "config"), "list", day, "1d"], env)


def _emacs(found: list[tuple[str, str, str]], day: str, folder: Path, env: dict[str, str]) -> Peer:
    files: dict[str, list[str]] = {}
    for note, when, what in found:
        files.setdefault(note, []).append(f"* TODO {what}\nSCHEDULED: <{when}>\n")
    for number, entries in enumerate(files.values()):
        (folder / f"{number}.org").write_text("".join(entries), "utf-8")
    words = EMACS.format(folder=folder, day=day)
    return Peer("emacs", ["emacs", "--batch", "--eval", words], env)
