"""Every way of saving, beside a real watcher: is the agenda right after the last save, and was a torn note ever shown?

    python -m benchmarks.saves [--saves 50] [--only vim] [--seed N] [--told all | no closing | nothing]

Each editor that this machine has saves one note again and again, with a pause between that is drawn at random. The note
says the same number in its first and in its last line; a reader looks at the agenda all the time, and a page that shows
two numbers, or none, was made from a torn note. `--told`: of what the system tells the watcher; macOS and Windows tell
of no closing, network drives of nothing. Prints saves, passes, writes, and the seconds from the last save to the
right agenda.
"""

import argparse
import contextlib
import itertools
import os
import pty
import random
import re
import select
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.watching import Watching, make, there, tried
from reconnect_md.create import UNTRACKED

Save = Callable[[Path, str], None]
"""Gives a note a new text."""


def _numbered(text: str) -> str:
    return str(re.findall(r"aved (\d+)", text)[-1])


def _vim(program: str, options: str) -> Save:
    def save(note: Path, text: str) -> None:
        words = [
            "-es",
            "-u",
            "NONE",
            "-N",
            "-c",
            f"set {options}",
            "-c",
            f"%s/aved \\d\\+/aved {_numbered(text)}/",
            "-c",
            "wq",
        ]
        subprocess.run([program, *words, str(note)], check=True, capture_output=True, stdin=subprocess.DEVNULL)

    return save


def _emacs(note: Path, text: str) -> None:
    lisp = f'(progn (find-file "{note}") (goto-char 1) (while (re-search-forward "aved [0-9]+" nil t) '
    lisp += f'(replace-match "aved {_numbered(text)}")) (save-buffer))'
    subprocess.run(["emacs", "--batch", "-Q", "--eval", lisp], check=True, capture_output=True)


def _nano(note: Path, text: str) -> None:
    keys = [b"\x0b" * (text.count("\n") + 1), text.rstrip("\n").replace("\n", "\r").encode(), b"\x0f", b"\r", b"\x18"]
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm"
        os.execvp("nano", ["nano", "-I", str(note)])
    for pressed in keys:
        time.sleep(0.05)
        os.write(terminal, pressed)
        _shown(terminal)
    while os.waitpid(child, os.WNOHANG)[0] == 0:
        _shown(terminal)
    os.close(terminal)


def _shown(terminal: int) -> None:
    """Take what a program shows, so that it goes on."""
    with contextlib.suppress(OSError):  # it has ended
        while select.select([terminal], [], [], 0.05)[0]:
            os.read(terminal, 65536)


def _sed(note: Path, text: str) -> None:
    subprocess.run(["sed", "-i", "-E", f"s/aved [0-9]+/aved {_numbered(text)}/", str(note)], check=True)


def _piped(*words: str) -> Save:
    def save(note: Path, text: str) -> None:
        subprocess.run([*words, str(note)], input=text.encode(), check=True, capture_output=True)

    return save


def _copied(note: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".md") as other:
        other.write(text)
        other.flush()
        subprocess.run(["cp", other.name, str(note)], check=True)


def _parts(pause: float, *cuts: float) -> Save:
    """In place, in parts, with pauses between, as slow disks and sync clients do."""

    def save(note: Path, text: str) -> None:
        places = [0, *(int(cut * len(text)) for cut in cuts), len(text)]
        with note.open("w", encoding="utf-8") as file:
            for start, end in itertools.pairwise(places):
                file.flush()
                time.sleep(pause)
                file.write(text[start:end])

    return save


def _synced(temporary: str, delete: bool) -> Save:
    """A sync client: a file of its own beside the note takes its place."""

    def save(note: Path, text: str) -> None:
        other = note.with_name(temporary.format(note.name))
        other.write_text(text[: len(text) // 2], "utf-8")
        time.sleep(0.05)
        other.write_text(text, "utf-8")
        if delete:
            note.unlink()
        other.replace(note)

    return save


def _moved_in(note: Path, text: str) -> None:
    other = note.parent.parent.with_name("elsewhere.md")
    other.write_text(text, "utf-8")
    other.replace(note)


def _git(note: Path, text: str) -> None:
    """A commit of another branch that is checked out, as a pull does it."""
    git = ["git", "-C", str(note.parent), "-c", "user.name=x", "-c", "user.email=x"]
    root = note.parent.parent
    if not (root / ".git").exists():
        subprocess.run(["git", "-C", str(root), "init", "-q"], check=True)
        (root / ".git" / "info" / "exclude").write_text("\n".join(("Agenda.md", *UNTRACKED)))
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-qm", "before", "--allow-empty"], check=True)
    blob = subprocess.run(
        [*git, "hash-object", "-w", "--stdin"], input=text, capture_output=True, encoding="utf-8", check=True
    )
    name = f"Interviews/{note.name}"
    subprocess.run([*git, "update-index", "--cacheinfo", f"100644,{blob.stdout.strip()},{name}"], check=True)
    tree = subprocess.run([*git, "write-tree"], capture_output=True, encoding="utf-8", check=True).stdout.strip()
    new = subprocess.run(
        [*git, "commit-tree", tree, "-p", "HEAD", "-m", "theirs"], capture_output=True, encoding="utf-8", check=True
    )
    subprocess.run([*git, "reset", "-q", "--hard", new.stdout.strip()], check=True)


NODE: Final = "require('fs').writeFileSync(process.argv[1], require('fs').readFileSync(0))"
WAYS: Final[dict[str, tuple[str, Save]]] = {
    **{
        f"{program} {copy} {backup}": (program, _vim(program, f"backupcopy={copy} {backup}"))
        for program in ("vim", "nvim")
        for copy in ("yes", "no", "auto")
        for backup in ("writebackup", "nowritebackup", "backup")
    },
    "nano": ("nano", _nano),
    "emacs": ("emacs", _emacs),
    "sed -i": ("sed", _sed),
    "cp": ("cp", _copied),
    "gio save (gedit, temp and rename)": ("gio", _piped("gio", "save")),
    "node in place (Obsidian, VS Code)": ("node", _piped("node", "-e", NODE)),
    "tee": ("tee", _piped("tee")),
    "truncate, wait, write": ("", _parts(0.7)),
    "in two parts": ("", _parts(0.3, 0.5)),
    "in five parts": ("", _parts(0.15, 0.2, 0.4, 0.6, 0.8)),
    "Syncthing": ("", _synced(".syncthing.{}.tmp", True)),
    "Dropbox": ("", _synced("~syncthing~{}.tmp", False)),
    "moved in": ("", _moved_in),
    "git reset": ("git", _git),
}


class Reader(threading.Thread):
    """Looks at the agenda all the time; `torn` are the pages that cannot be of one whole note."""

    def __init__(self, agenda: Path) -> None:
        super().__init__(daemon=True)
        self.agenda, self.torn, self.ended = agenda, list[str](), False
        self.pages = set[str]()

    def run(self) -> None:
        """Until it is ended."""
        while not self.ended:
            text = self.agenda.read_text("utf-8")
            if text not in self.pages:
                self.pages.add(text)
                company, answer = re.search(r"Saved (\d+)", text), re.search(r"I saved (\d+)", text)
                if not company or not answer or company[1] != answer[1]:
                    self.torn.append(text)
            time.sleep(0.003)


NO_CLOSING: Final = "import reconnect_md.events\nreconnect_md.events.TELLS_CLOSED = False\n"
TOLD: Final = ("all", "no closing", "nothing")


def saving(name: str, saves: int, dice: random.Random, told: str = "all") -> str:
    """Save a note so many times in one way, and say how it went. Raises `AssertionError` if the agenda is wrong."""
    _, save = WAYS[name]
    with tempfile.TemporaryDirectory() as folder:
        note, patch = make(Path(folder) / "vault"), Path(folder) / "sitecustomize.py"
        patch.write_text(NO_CLOSING if told == "no closing" else "", "utf-8")
        options = ["--poll"] if told == "nothing" else []
        with Watching(Path(folder) / "vault", *options, env={"PYTHONPATH": folder}) as watcher:
            reader = Reader(watcher.root / "Agenda.md")
            reader.start()
            for number in range(1, saves + 1):
                save(note, re.sub(r"aved \d+", f"aved {number}", note.read_text("utf-8")))
                time.sleep(dice.choice([0, 0.05, 0.3, 0.6]) if number < saves else 0)
            last = watcher.until(lambda: f"Saved {saves}]" in watcher.agenda())
            time.sleep(0.5)
            reader.ended = True
            reader.join()
            passes, writes = watcher.count("written") + watcher.count("right"), watcher.count("written")
            assert watcher.is_right(), "the agenda is not right"
            assert not reader.torn, f"torn: {reader.torn[0]}"
            assert passes <= saves + 3, f"{passes} passes after {saves} saves"
            left = [path.name for path in watcher.root.rglob(".reconnect-*")]
            assert not left, left
        return f"{saves:4} saves {passes:4} passes {writes:4} writes, right {last:.2f} s after the last"


def main() -> int:
    """All ways that this machine has."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--saves", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="")
    parser.add_argument("--told", choices=TOLD, default="all")
    chosen = parser.parse_args()
    dice = random.Random(chosen.seed)
    ways = {name: program for name, (program, _) in WAYS.items() if chosen.only in name}
    for name, program in ways.items():
        if program and not there(program):
            print(f"{name:36} not on this machine")
    names = [name for name, program in ways.items() if not program or there(program)]
    done = [tried(name, partial(saving, name, chosen.saves, dice, chosen.told)) for name in names]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
