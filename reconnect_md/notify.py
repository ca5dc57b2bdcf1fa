"""Tell the person, and a program of theirs: one notification a day on the desktop, and a command after each change."""

import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pendulum

from . import lock
from .journal import log

AGAIN: Final = 1800.0
"""Seconds until a notification that could not be shown is tried again."""

LONGEST_HOOK: Final = 60.0
"""Seconds after which a command that does not end is ended."""

_APPLESCRIPT: Final = "on run argv\ndisplay notification (item 2 of argv) with title (item 1 of argv)\nend run"
_POWERSHELL: Final = """\
[void][Windows.UI.Notifications.ToastNotificationManager, Windows.UI.Notifications, ContentType = WindowsRuntime]
$xml = [Windows.UI.Notifications.ToastNotificationManager]::GetTemplateContent('ToastText02')
$xml.GetElementsByTagName('text')[0].InnerText = $env:RECONNECT_TITLE
$xml.GetElementsByTagName('text')[1].InnerText = $env:RECONNECT_TEXT
$app = '{1AC14E77-02E7-4E5D-B744-2EB1AE5198B7}\\WindowsPowerShell\\v1.0\\powershell.exe'
[Windows.UI.Notifications.ToastNotificationManager]::CreateToastNotifier($app).Show($xml)
"""


def command(platform: str, title: str, text: str) -> list[str]:
    """The command that shows a notification on that platform (`sys.platform`). No word of it meets a shell."""
    if platform == "darwin":
        return ["osascript", "-e", _APPLESCRIPT, title, text]
    if platform == "win32":
        return ["powershell", "-NoProfile", "-NonInteractive", "-Command", _POWERSHELL]
    return ["notify-send", "--app-name=reconnect", "--", title, text]


class Daily:
    """The notification of the day: at the hour of the settings, or as soon as the machine is awake after it.

    The day of the last one is kept in a file of this machine only, so that a restart does not tell twice.
    """

    def __init__(self, root: Path) -> None:
        self.told = lock.place(root, "notified")
        self.day, self.not_before = "", 0.0
        with contextlib.suppress(OSError):
            self.day = self.told.read_text("ascii").strip()

    def due(self, at: str, now: pendulum.DateTime) -> bool:
        """Whether it is time to tell; `at` is a time such as `08:30`, or empty."""
        is_time = bool(at) and now.format("HH:mm") >= at and self.day != now.to_date_string()
        return is_time and time.monotonic() >= self.not_before

    def tell(self, now: pendulum.DateTime, work: str) -> None:
        """Tell how much there is to do; of nothing to do nothing is told. What fails is logged and tried again later: a
        service may be there before the desktop is.
        """
        self.not_before = time.monotonic() + AGAIN
        if work == "nothing to do" or self._shown(work):
            self.day = now.to_date_string()
            with contextlib.suppress(OSError):
                self.told.parent.mkdir(parents=True, exist_ok=True)
                self.told.write_text(self.day, "ascii")

    def _shown(self, work: str) -> bool:
        words = command(sys.platform, "Reconnect", work)
        try:
            env = {**os.environ, "RECONNECT_TITLE": "Reconnect", "RECONNECT_TEXT": work}
            subprocess.run(words, env=env, timeout=10, check=True, capture_output=True)
        except FileNotFoundError:
            log.warning("no notification: install %s, or empty `notify`", words[0], extra={"event": "notify"})
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("no notification: %s: %s", words[0], error, extra={"event": "notify"})
        else:
            log.info("notified: %s", work, extra={"event": "notify"})
            return True
        return False


class Hook:
    """Runs a command of the user's with the agenda's path, without a shell, one at a time; a change meanwhile runs it
    once more.
    """

    def __init__(self) -> None:
        self.running: subprocess.Popen[bytes] | None = None
        self.next: list[str] = []
        self.started = 0.0

    def start(self, words: Sequence[str], agenda: Path) -> None:
        """Run it as soon as the one before has ended."""
        self.next = [*words, str(agenda)]
        self.look()

    def look(self) -> bool:
        """See what became of it, and start what waits. Whether one is running."""
        if self.running and self.running.poll() is None:
            if time.monotonic() - self.started < LONGEST_HOOK:
                return True
            self.running.kill()
        if self.running and (code := self.running.wait()):
            log.warning("on_change ended with %d", code, extra={"event": "hook", "code": code})
        self.running = None
        if not self.next:
            return False
        words, self.next = self.next, []
        try:
            found = shutil.which(words[0]) or words[0]
            self.running = subprocess.Popen([found, *words[1:]], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        except (OSError, ValueError) as error:  # a NUL in it
            log.warning("on_change cannot be run: %s", error, extra={"event": "hook"})
            return False
        self.started = time.monotonic()
        return True
