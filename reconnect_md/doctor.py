"""What there is to know about a vault and the machine it is on, and what to do about it. Nothing here may fail: what
cannot be found out says so.
"""

import contextlib
import platform
import queue
import shutil
import subprocess
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Final, NamedTuple

import pendulum

from . import create, exchange, lock, obsidian, outlook, properties, reading, service, settings, taskline, workdays
from .errors import Failure, Problem, Severity
from .outlook import Frame
from .script import day
from .values import one_line
from .vault import Vault

PROBE: Final = ".reconnect-doctor"
"""A hidden folder in the vault in which the file system is tried, and which is removed again."""

HEARD: Final = 2.0
"""Seconds within which the system has to tell of a change."""


class Fact(NamedTuple):
    """One line: what it is about, what was found, and what to do, if anything."""

    name: str
    found: str
    remedy: str = ""


def facts(vault: Vault | None, home: Path, user: str) -> Iterator[Fact]:
    """Everything, a line each. `home` and `user` are whose services are looked for."""
    yield Fact("reconnect", f"{version('reconnect-md')}, Python {platform.python_version()}, {platform.platform()}")
    if vault is None:
        yield Fact("vault", "none here", "go to the folder with your notes or name it; for a new one: reconnect init")
        return
    yield Fact("vault", str(vault.root.resolve()))
    frame = cache(partial(outlook.frame, vault))  # read once, by the first who asks; it may fail
    looks: dict[str, Callable[[], Iterable[Fact]]] = {
        "notes": lambda: _notes(vault, frame()),
        "settings": lambda: _settings(vault, frame()),
        "region": lambda: _region(frame()),
        "time zone": lambda: _today(frame()),
        "file system": lambda: _file_system(vault),
        "Obsidian": lambda: _obsidian(vault, frame()),
        "service": lambda: _service(vault, home, user),
        "watcher": lambda: _watcher(vault),
        "git": lambda: _git(vault),
    }
    for name, look in looks.items():
        try:
            yield from look()
        except (OSError, Failure, ValueError) as error:
            yield Fact(name, f"cannot be found out: {error}")


def lines(found: Iterable[Fact]) -> Iterator[str]:
    """The facts for people: aligned, with what to do on a line of its own."""
    for fact in found:
        yield f"{fact.name:<16} {fact.found}"
        if fact.remedy:
            yield f"{'':<16} -> {fact.remedy}"


def _notes(vault: Vault, frame: Frame) -> Iterator[Fact]:
    seen = reading.everything(vault, frame, frame.today)
    wrong = [one for one in seen.problems if one.severity is not Severity.HINT]
    count = len(seen.notes.evaluations)
    remedy = f"see them: reconnect check '{vault.root}'" if wrong else ""
    yield Fact("notes", f"{_of(count, 'evaluation')}, {_of(len(wrong), 'problem')}", remedy)


def _of(count: int, name: str) -> str:
    return f"{count or 'no'} {name}{'' if count == 1 else 's'}"


def _settings(vault: Vault, frame: Frame) -> Iterator[Fact]:
    """Each as it was typed, and where, unless it cannot be read; the others have their defaults."""
    typed = properties.read(settings.FILE, vault.read(settings.FILE).data.decode(errors="replace"))
    wrong = {(one.line, one.column): one for one in _unused(frame)}
    for name in settings.Settings.__dataclass_fields__:
        place = typed.place(name)
        if words := one_line(typed.values.get(name)):
            where, bad = f"{settings.FILE}, line {place.line}", wrong.get((place.line, place.column))
            yield Fact(name, f"{words} ({where}{', which is not used' if bad else ''})", bad.remedy if bad else "")
    if not typed.values.get("timezone"):
        yield Fact("timezone", f"{frame.settings.timezone} (the computer's)")
    if not frame.settings.me:
        yield Fact("me", "not set", f"write your name in {settings.FILE}: me: Jordan Smith")


def _unused(frame: Frame) -> list[Problem]:
    """What is wrong with settings that therefore have their defaults."""
    codes = ("bad-setting", "unknown-region")
    return [one for one in frame.problems if one.note == settings.FILE and one.code in codes]


def _region(frame: Frame) -> Iterator[Fact]:
    if not frame.settings.region and not any(one.code == "unknown-region" for one in _unused(frame)):
        yield Fact(
            "region", "none: Saturday and Sunday only", f"write the employers' in {settings.FILE}: region: US-TX"
        )
    if not frame.settings.region:
        return
    today = frame.today
    for off in workdays.next_holidays(frame.settings.region, today, 3):
        yield Fact("holiday", f"{day(off.date, today, frame.method.language.english)}: {off.why}")


def _today(frame: Frame) -> Iterator[Fact]:
    yield Fact("today", f"{frame.today} in {frame.settings.timezone}, {pendulum.now(frame.settings.timezone):HH:mm}")


def _file_system(vault: Vault) -> Iterator[Fact]:
    probe = vault.root / PROBE
    shutil.rmtree(probe, ignore_errors=True)
    probe.mkdir()
    try:
        (probe / "Case").touch()
        yield Fact("file names", "large and small letters are one" if (probe / "case").exists() else "case matters")
        (probe / "é").touch()
        kept = any(one.name == "é" for one in probe.iterdir())
        changed = any(unicodedata.normalize("NFC", one.name) == "é" for one in probe.iterdir())
        yield Fact("accents", "stay as typed" if kept else "are rewritten" if changed else "are lost")
        yield from _exchange(probe)
        yield from _events(probe)
    finally:
        shutil.rmtree(probe, ignore_errors=True)


def _exchange(probe: Path) -> Iterator[Fact]:
    one, other = probe / "one", probe / "other"
    one.write_text("1")
    other.write_text("2")
    if exchange.at_once(one, other):
        yield Fact("writing", "two files change places in one step, so no save is lost")
    else:
        remedy = "keep the vault on a disk of this computer, or do not save a note while reconnect writes"
        yield Fact("writing", "no exchange of two files in one step here", remedy)


def _events(probe: Path) -> Iterator[Fact]:
    from .events import Events, Heard

    heard: queue.SimpleQueue[Heard] = queue.SimpleQueue()
    try:
        events = Events([probe], heard)
    except Exception as error:  # macOS's own raises SystemError
        yield Fact("changes", f"the system does not tell of them ({error})", "let it look: reconnect watch --poll")
        return
    try:
        time.sleep(0.1)
        (probe / "note.md").touch()
        heard.get(timeout=HEARD)
        yield Fact("changes", "the system tells of them")
    except queue.Empty:
        yield Fact("changes", "the system does not tell of them", "let it look for itself: reconnect watch --poll")
    finally:
        events.stop()


def _obsidian(vault: Vault, frame: Frame) -> Iterator[Fact]:
    if not (vault.root / ".obsidian").is_dir():
        yield Fact("Obsidian", "this folder was not opened in it")
        return
    yield Fact("Obsidian", f"note templates in {create.templates_folder(vault)}")
    yield _tasks(vault, frame)
    if obsidian.is_on(vault, obsidian.REMINDER_PLUGIN):
        yield Fact("Reminder", "on")
    yield _daily_note(vault, frame)


def _tasks(vault: Vault, frame: Frame) -> Fact:
    """How task lines are written, and whether that is the plugin's doing."""
    style, theirs = frame.tasks, obsidian.data(vault, obsidian.TASKS).get("globalFilter")
    name = next(name for name, format in taskline.FORMATS.items() if format == style.format)
    lines = f"lines in its {name} format, {f'with {style.filter}' if style.filter else 'without a global filter'}"
    if not obsidian.is_on(vault, obsidian.TASKS_PLUGIN):
        return Fact("Tasks", f"not on, and not needed; {lines}")
    if theirs and style.filter != theirs:
        return Fact(
            "Tasks", f"on; {lines}; its own is {theirs}: it takes no line for a task", "set both to the same tag: #task"
        )
    return Fact("Tasks", f"on; {lines}")


def _daily_note(vault: Vault, frame: Frame) -> Fact:
    path = obsidian.daily_note(vault, frame.settings, frame.today)
    if not frame.settings.daily_note:
        return Fact("daily note", f"{path}; the day's calls are not written into it (daily_note: true does that)")
    if not (vault.root / path).is_file():
        return Fact("daily note", f"{path}, which is not there yet: Obsidian makes it")
    return Fact("daily note", f"{path}, with the day's calls in it")


def _service(vault: Vault, home: Path, user: str) -> Iterator[Fact]:
    one = service.service(sys.platform, vault.root, [], home, user)
    there = one.path.exists()
    yield Fact(
        "service", f"installed: {one.path}" if there else "none (to start with your login: reconnect service install)"
    )


def _watcher(vault: Vault) -> Iterator[Fact]:
    yield Fact("watcher", lock.holder(vault.root) or "none runs")
    yield Fact("cache", str(lock.place(vault.root, "lock").parent))


def _git(vault: Vault) -> Iterator[Fact]:
    if not create.in_git(vault):
        yield Fact("git", "this folder is not in it")
        return
    attributes = vault.read(".gitattributes").data
    with contextlib.suppress(OSError):
        words = ["git", "-C", str(vault.root), "config", "merge.reconnect-agenda.driver"]
        driver = subprocess.run(words, capture_output=True, text=True).stdout.strip()
        merges = bool(driver) and b"merge=reconnect-agenda" in attributes
        remedy = "" if merges else f"let it keep the ticks of both sides: reconnect init '{vault.root}' --git"
        yield Fact("git", "merges agendas" if merges else "does not know how to merge agendas", remedy)
