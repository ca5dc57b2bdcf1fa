"""What a system does not tell of: is the agenda right within one look nevertheless?

    python -m benchmarks.lost [--notes 20000] [--only NAME]

A queue that overflows, a limit of watches, a folder that is replaced, moved out, thrown away or linked, one that cannot
be listed, a listener that dies, a note that is changed in memory or keeps its old time and size, odd names, a save into
a file that was replaced. Prints the seconds until the agenda was right.
"""

import argparse
import mmap
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from benchmarks.watching import Watching, make, there, tried

RESCAN: Final = 5
"""Seconds between two looks in these vaults."""

ALLOWED: Final = 30.0
"""Seconds after which it is given up; a busy machine needs some of them."""

SETTINGS: Final = f"rescan: {RESCAN}\n"
Case = Callable[[Path, int], float]


def _add(root: Path, company: str, folder: str = "Interviews") -> None:
    text = (root / "Interviews" / "N0.md").read_text("utf-8").replace("Saved 0", company)
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / folder / f"{company}.md").write_text(text, "utf-8")


def _shown(watcher: Watching, *companies: str, gone: str = "\0", seconds: float = ALLOWED) -> float:
    return watcher.until(
        lambda: all(f"{one}]" in watcher.agenda() for one in companies) and gone not in watcher.agenda(), seconds
    )


def _fill(folder: Path, notes: int) -> None:
    """So many notes that are no evaluations, by another process."""
    script = "import sys; [open(f'{sys.argv[1]}/{n}.md', 'w').write('x') for n in range(int(sys.argv[2]))]"
    subprocess.run([sys.executable, "-c", script, str(folder / "Interviews"), str(notes)], check=True)


def _is_heard(watcher: Watching, company: str) -> bool:
    """Whether the system tells of a new note, so that no look has to find it."""
    unheard = watcher.count("unheard")
    _add(watcher.root, company)
    _shown(watcher, company)
    return watcher.count("unheard") == unheard


def overflow(folder: Path, notes: int) -> float:
    """The watcher is stopped while another process makes so many files that the system's queue overflows."""
    make(folder, settings=SETTINGS)
    with Watching(folder) as watcher:
        watcher.process.send_signal(signal.SIGSTOP)
        _fill(folder, notes)
        _add(folder, "After")
        watcher.process.send_signal(signal.SIGCONT)
        return _shown(watcher, "After", seconds=ALLOWED + notes / 1000)


def burst(folder: Path, notes: int) -> float:
    """Another process makes so many files; one pass or a few, not one for each."""
    make(folder, settings=SETTINGS)
    with Watching(folder) as watcher:
        _fill(folder, notes)
        _add(folder, "After")
        seconds = _shown(watcher, "After", seconds=ALLOWED + notes / 1000)
        time.sleep(1)
        passes = watcher.count("written") + watcher.count("right")
        assert passes < 10, f"{passes} passes"
        return seconds


def limit(folder: Path, notes: int) -> float:
    """The system allows fewer watches than there are folders: in those without one nothing is heard."""
    make(folder, settings=SETTINGS)
    for number in range(60):
        (folder / "Interviews" / f"F{number}").mkdir()
    shell = 'echo 20 > /proc/sys/user/max_inotify_watches && exec "$@"'
    with Watching(folder, before=("unshare", "-Ur", "sh", "-c", shell, "sh")) as watcher:
        slowest = 0.0
        for number in range(0, 60, 6):
            time.sleep(1)  # or the look that our own writing causes finds it
            _add(folder, f"Far{number}", f"Interviews/F{number}")
            slowest = max(slowest, _shown(watcher, f"Far{number}"))
            if watcher.count("polling"):
                break
        assert watcher.count("polling") == 1, watcher.said()
        return slowest


def replaced(folder: Path, notes: int) -> float:
    """The vault is moved away, and one of its name made in its place."""
    make(folder, settings=SETTINGS)
    with Watching(folder) as watcher:
        old = folder.with_name("old")
        folder.rename(old)
        time.sleep(3)
        shutil.copytree(old, folder)
        _add(folder, "Anew")
        seconds = _shown(watcher, "Anew")
        assert _is_heard(watcher, "Heard"), "it does not listen to the new folder"
        return seconds


def mounted(folder: Path, notes: int) -> float:
    """The vault is an empty folder for a while, as where a drive is mounted: nothing is written there."""
    make(folder, settings=SETTINGS)
    with Watching(folder) as watcher:
        old = folder.with_name("old")
        folder.rename(old)
        folder.mkdir()
        time.sleep(4)
        assert not any(folder.iterdir()), list(folder.iterdir())
        folder.rmdir()
        old.rename(folder)
        _add(folder, "Back")
        return _shown(watcher, "Back")


def dead(folder: Path, notes: int) -> float:
    """The listener raises, which ends watchdog's thread for good."""
    make(folder, settings=SETTINGS)
    crash = folder.with_name("crash")
    crash.mkdir()
    (crash / "sitecustomize.py").write_text(
        "import reconnect_md.events as events\n"
        "raised = []\n"
        "def tell(self, event, told=events._Listener.on_any_event):\n"
        "    if 'Crash' in str(event.src_path) and not raised:\n"
        "        raised.append(1)\n"
        "        raise RuntimeError('the listener died')\n"
        "    told(self, event)\n"
        "events._Listener.on_any_event = tell\n",
        "utf-8",
    )
    with Watching(folder, env={"PYTHONPATH": str(crash)}) as watcher:
        _add(folder, "Crash")
        seconds = _shown(watcher, "Crash", seconds=40)
        assert "the listener died" in watcher.log.read_text("utf-8")
        assert _is_heard(watcher, "Heard"), "it does not listen any more"
        return seconds


def moved_out(folder: Path, notes: int) -> float:
    """A folder is moved out of the vault, edited there, and moved back; a note that is moved out delays no other."""
    make(folder, settings=SETTINGS)
    _add(folder, "Inner", "Interviews/Inner")
    with Watching(folder) as watcher:
        out = folder.with_name("out")
        (folder / "Interviews" / "Inner").rename(out)
        seconds = _shown(watcher, gone="Inner]")
        note = out / "Inner.md"
        note.write_text(note.read_text("utf-8").replace("Inner", "Outer"), "utf-8")
        out.rename(folder / "Interviews" / "Inner")
        return max(seconds, _shown(watcher, "Outer", gone="Inner]"))


def linked(folder: Path, notes: int) -> float:
    """A folder elsewhere to which a link leads, and a linked note."""
    make(folder, settings=SETTINGS)
    elsewhere = folder.with_name("elsewhere")
    make(elsewhere)
    (folder / "Interviews" / "Linked").symlink_to(elsewhere / "Interviews")
    (elsewhere / "One.md").write_text(
        (elsewhere / "Interviews" / "N0.md").read_text("utf-8").replace("Saved", "Single")
    )
    (folder / "Interviews" / "One.md").symlink_to(elsewhere / "One.md")
    with Watching(folder) as watcher:
        note = elsewhere / "Interviews" / "N0.md"
        note.write_text(note.read_text("utf-8").replace("Saved 0", "Linked"), "utf-8")
        _shown(watcher, "Linked")
        assert not watcher.count("unheard"), "a linked folder is not heard"
        (elsewhere / "One.md").write_text((elsewhere / "One.md").read_text("utf-8").replace("Single 0", "Alone"))
        return _shown(watcher, "Alone")


def unlinked(folder: Path, notes: int) -> float:
    """A linked folder goes away, as a drive does: its calls stay as they stood, and everything else goes on."""
    make(folder, settings=SETTINGS)
    elsewhere, away = folder.with_name("elsewhere"), folder.with_name("away")
    make(elsewhere)
    note = elsewhere / "Interviews" / "N0.md"
    note.write_text(note.read_text("utf-8").replace("Saved 0", "Linked"), "utf-8")
    (folder / "Interviews" / "Linked").symlink_to(elsewhere / "Interviews")
    with Watching(folder) as watcher:
        _shown(watcher, "Linked")
        elsewhere.rename(away)
        _add(folder, "Meanwhile")
        seconds = _shown(watcher, "Meanwhile", "Linked")
        watcher.until(lambda: "## As they stood" in watcher.agenda())
        away.rename(elsewhere)
        seconds = max(seconds, _shown(watcher, "Linked", gone="## As they stood"))
        assert not watcher.count("failed") and _is_heard(watcher, "Heard"), "it does not listen any more"
        return seconds


def thrown_away(folder: Path, notes: int) -> float:
    """A folder goes to the bin, one of its name is made and deleted, and the bin is emptied: watchdog's own books are
    wrong then.
    """
    make(folder, settings=SETTINGS)
    _add(folder, "Inner", "Interviews/Inner")
    with Watching(folder) as watcher:
        inner, bin_ = folder / "Interviews" / "Inner", folder.with_name("bin")
        inner.rename(bin_)
        inner.mkdir()
        inner.rmdir()
        shutil.rmtree(bin_)
        seconds = _shown(watcher, gone="Inner]")
        assert _is_heard(watcher, "Heard"), "it does not listen any more"
        return seconds


def unlistable(folder: Path, notes: int) -> float:
    """The system fails to list the vault for a while (a network drive): the watcher waits, and goes on."""
    make(folder, settings=SETTINGS)
    fails, patch = folder.with_name("fails"), folder.with_name("patch")
    patch.mkdir()
    (patch / "sitecustomize.py").write_text(
        "import errno, os\n"
        "def failing(function):\n"
        "    def call(path='.'):\n"
        f"        if os.path.exists({str(fails)!r}) and os.fspath(path).startswith({str(folder)!r}):\n"
        "            raise OSError(errno.EIO, 'Input/output error')\n"
        "        return function(path)\n"
        "    return call\n"
        "os.scandir, os.listdir = map(failing, (os.scandir, os.listdir))\n",
        "utf-8",
    )
    with Watching(folder, env={"PYTHONPATH": str(patch)}) as watcher:
        fails.touch()
        _add(folder, "Meanwhile")
        watcher.until(lambda: watcher.count("failed") > 0)
        fails.unlink()
        return _shown(watcher, "Meanwhile")


def replaced_note(folder: Path, notes: int) -> float:
    """A program saves into the file that it opened before a mark went into the note, and nothing else changes."""
    note = make(folder, settings=SETTINGS)
    with Watching(folder) as watcher, note.open("r+", encoding="utf-8") as stale:
        agenda = folder / "Agenda.md"
        agenda.write_text(watcher.agenda().replace("- [ ] Call", "- [>] Call", 1), "utf-8")
        watcher.until(lambda: "no answer" in note.read_text("utf-8"))
        time.sleep(2)
        text = stale.read()
        stale.seek(0)
        stale.write(text.replace("The tour", "The long tour"))
        stale.close()
        return watcher.until(lambda: all(words in note.read_text("utf-8") for words in ("long tour", "no answer")))


def noisy(folder: Path, notes: int, pause: float = 0.01) -> float:
    """A program writes into one note all the time, and somebody saves another: that is not waited for, nor are there
    passes without end.
    """
    make(folder, notes=2, settings=SETTINGS)
    script = "import sys, time\nwhile True: open(sys.argv[1], 'a').write('.'); time.sleep(float(sys.argv[2]))"
    with Watching(folder) as watcher:
        note = folder / "Interviews" / "N1.md"
        program = subprocess.Popen([sys.executable, "-c", script, str(note), str(pause)])
        try:
            time.sleep(12)
            before = watcher.count("right") + watcher.count("written")
            time.sleep(6)
            passes = watcher.count("right") + watcher.count("written") - before
            assert 1 <= passes <= 4, f"{passes} passes in 6 seconds"
            _add(folder, "Meanwhile")
            return _shown(watcher, "Meanwhile", seconds=5)
        finally:
            program.kill()
            program.wait()


def fitful(folder: Path, notes: int) -> float:
    """The same, but it pauses for moments, long enough to look like the end of a save."""
    return noisy(folder, notes, pause=0.4)


def unseen(folder: Path, notes: int) -> float:
    """A note is changed in memory, and one so that its size and time stay."""
    note = make(folder, notes=2, settings=SETTINGS)
    other = note.with_name("N1.md")
    with Watching(folder) as watcher:
        with note.open("r+b") as file, mmap.mmap(file.fileno(), 0) as memory:
            at = memory.find(b"Saved 0")
            memory[at : at + 7] = b"Mapped0"
        _shown(watcher, "Mapped0")
        seen = other.stat()
        other.write_text(other.read_text("utf-8").replace("Saved 0", "Sneaky0"), "utf-8")
        os.utime(other, ns=(seen.st_atime_ns, seen.st_mtime_ns))
        return _shown(watcher, "Sneaky0")


def names(folder: Path, notes: int) -> float:
    """Names that are no UTF-8, and the two ways to write an umlaut."""
    note = make(folder, settings=SETTINGS)
    with Watching(folder) as watcher:
        for name in ("Müller", "Mu\u0308ller"):
            note.with_name(f"{name}.md").write_text(
                note.read_text("utf-8").replace("Saved 0", f"Mill{len(name)}"), "utf-8"
            )
        raw = os.fsencode(note.parent) + b"/caf\xe9.md"
        with open(raw, "wb") as file:  # noqa: PTH123
            file.write(note.read_bytes().replace(b"Saved 0", b"Raw"))
        seconds = _shown(watcher, "Mill6", "Mill7", "Raw")
        unheard = watcher.count("unheard")
        for name in ("#1", "~later"):
            time.sleep(1)  # or the look that our own writing causes finds it
            note.with_name(f"{name}.md").write_text(
                note.read_text("utf-8").replace("Saved 0", f"Odd{name[1:]}"), "utf-8"
            )
        seconds = max(seconds, _shown(watcher, "Odd1", "Oddlater"))
        assert watcher.count("unheard") == unheard, "names of that sort are not heard"
        return seconds


def polled(folder: Path, notes: int) -> float:
    """With --poll the system is not asked at all."""
    make(folder, settings=SETTINGS)
    with Watching(folder, "--poll") as watcher:
        _add(folder, "Polled")
        return _shown(watcher, "Polled")


CASES: Final[dict[str, Case]] = {
    case.__name__: case
    for case in (
        overflow,
        burst,
        limit,
        replaced,
        mounted,
        dead,
        moved_out,
        linked,
        unlinked,
        thrown_away,
        unlistable,
        replaced_note,
        noisy,
        fitful,
        unseen,
        names,
        polled,
    )
}


def reason_to_skip(name: str) -> str:
    """Why a case cannot be run on this machine, or nothing."""
    if not sys.platform.startswith("linux"):
        return "Linux only"
    if name == "limit" and not (
        there("unshare") and subprocess.run(["unshare", "-Ur", "true"], capture_output=True).returncode == 0
    ):
        return "no user namespaces here"
    return ""


def run(name: str, notes: int) -> float:
    """One case; the seconds until the agenda was right. Raises `AssertionError`."""
    with tempfile.TemporaryDirectory() as folder:
        return CASES[name](Path(folder) / "vault", notes)


def _told(name: str, notes: int) -> str:
    return f"right after {run(name, notes):5.2f} s"


def main() -> int:
    """All cases, or those of a name."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--notes", type=int, default=20_000)
    parser.add_argument("--only", default="")
    chosen = parser.parse_args()
    skipped = {name: why for name in CASES if chosen.only in name and (why := reason_to_skip(name))}
    for name, why in skipped.items():
        print(f"{name:36} skipped: {why}")
    names = [name for name in CASES if chosen.only in name and name not in skipped]
    done = [tried(name, partial(_told, name, chosen.notes)) for name in names]
    return 0 if all(done) else 1


if __name__ == "__main__":
    sys.exit(main())
