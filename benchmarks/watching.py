"""A real watcher on a real vault, for the benchmarks and the tests: what it logs, and whether its agenda is right."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

NOTE: Final = """\
---
interviewed: {day}
company: Saved {number}
interviewers: Ana Rivera, Director
card_sent: {day}
---
## What went well
- The tour

## Said, but wish I had not
- Why I left
  - Better: I saved {number}
"""
TICK: Final = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


def command(*words: str) -> list[str]:
    """A command line of this program."""
    return [sys.executable, "-m", "reconnect_md", *words]


def make(root: Path, notes: int = 1, settings: str = "") -> Path:
    """A vault with notes of interviews a week ago, the path of the first. Each has a call that is late on any day: the
    only free day of the week is tomorrow's.
    """
    import pendulum

    today = pendulum.now("UTC")
    day = today.subtract(days=7).to_date_string()
    settings += f"weekend: {today.add(days=1).format('dddd')}\n"
    (root / "Interviews").mkdir(parents=True)
    (root / "Reconnect.md").write_text(
        f"---\nme: Jordan\ntimezone: UTC\ninterviews: Interviews\n{settings}---\n", "utf-8"
    )
    for number in range(notes):
        (root / "Interviews" / f"N{number}.md").write_text(NOTE.format(day=day, number=0), "utf-8")
    return root / "Interviews" / "N0.md"


class Clock:
    """The wall clock of a watcher, which can be set; files keep the machine's."""

    PATCH = """\
import pathlib, sys, time, types
import pendulum
from reconnect_md import watch
file, now = pathlib.Path(__file__).with_name("clock"), pendulum.now
offset = lambda: float(file.read_text())
pendulum.now = lambda tz=None: now(tz).add(seconds=offset())
watch.time = types.SimpleNamespace(monotonic=time.monotonic, time=lambda: time.time() + offset())
watch.LOOK_AT_CLOCK = {look}
"""

    def __init__(self, folder: Path, look: float = 30.0) -> None:
        self.file, self.offset = folder / "clock" / "clock", timedelta()
        self.file.parent.mkdir()
        (self.file.parent / "sitecustomize.py").write_text(self.PATCH.replace("{look}", str(look)))
        self.env = {"PYTHONPATH": str(self.file.parent)}
        self.set(timedelta())

    def set(self, offset: timedelta) -> None:
        """Set it to this much after the machine's."""
        self.offset = offset
        new = self.file.with_suffix(".new")
        new.write_text(str(offset.total_seconds()))
        new.replace(self.file)

    @property
    def today(self) -> str:
        """The day that it shows, in UTC."""
        return (datetime.now(UTC) + self.offset).date().isoformat()


class Watching:
    """A watcher in a process of its own, from entering until leaving; `before` stands before its command line."""

    def __init__(
        self,
        root: Path,
        *options: str,
        before: tuple[str, ...] = (),
        env: Mapping[str, str] | None = None,
        verbose: bool = True,
    ) -> None:
        self.root, self.log = root, root.with_name(f"{root.name}.log")
        self.words = [*before, *command("watch", str(root), "--log-format", "json", *options)]
        self.words += ["--verbose"] if verbose else []
        # A cache of its own: the lock of one run is none of another's.
        self.env = {**os.environ, "XDG_CACHE_HOME": str(root.with_name(f"{root.name}.cache")), **(env or {})}

    def __enter__(self) -> "Watching":
        """Start it, and wait for its first pass."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.words, stderr=log, env=self.env)
        try:
            self.until(lambda: any(one["event"] == "written" for one in self.said()) or self.count("right") > 0)
        except BaseException:
            self.process.kill()
            raise
        return self

    def __exit__(self, *error: object) -> None:
        """End it as a service is ended."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.code = self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def until(self, condition: Callable[[], bool], seconds: float = 30) -> float:
        """Wait for something; how many seconds it took. Raises `AssertionError`."""
        start = time.monotonic()
        while not condition():
            waited = time.monotonic() - start
            assert waited < seconds, f"it did not come in {waited:.1f} s: {self.log.read_text('utf-8')[-1500:]}"
            assert self.process.poll() is None, self.log.read_text("utf-8")[-1500:]
            time.sleep(0.02)
        return time.monotonic() - start

    def said(self) -> list[dict[str, Any]]:
        """The lines of its log."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def count(self, event: str) -> int:
        """How often it logged an event."""
        return sum(one["event"] == event for one in self.said())

    def agenda(self) -> str:
        """What people read now."""
        return (self.root / "Agenda.md").read_text("utf-8")

    def is_right(self, day: str = "") -> bool:
        """Whether a pass from nothing can be made, on that day if one is given, and would change nothing."""
        words = command("agenda", str(self.root), "--check", *(["--date", day] if day else []))
        check = subprocess.run(words, capture_output=True, encoding="utf-8")
        return check.returncode in (0, 3) and f"on {day}" in check.stderr

    def usage(self) -> tuple[float, float, int]:
        """Seconds of CPU, megabytes of memory, and how often it woke up so far."""
        folder = Path(f"/proc/{self.process.pid}")
        fields = (folder / "stat").read_text("ascii").rpartition(")")[2].split()
        memory = int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6
        wakes = 0
        for task in (folder / "task").iterdir():
            status = dict(
                line.split(":\t", 1) for line in (task / "status").read_text("utf-8").splitlines() if ":\t" in line
            )
            wakes += int(status["voluntary_ctxt_switches"])
        return (int(fields[11]) + int(fields[12])) / TICK, memory, wakes


def tried(name: str, act: Callable[[], str]) -> bool:
    """Run one case and print what it says, or why it failed. Whether it went well."""
    try:
        print(f"{name:36} {act()}", flush=True)
    except AssertionError as error:
        print(f"{name:36} FAILED: {error}", flush=True)
        return False
    return True


def there(program: str) -> bool:
    """Whether a program is on this machine."""
    return shutil.which(program) is not None
