"""`reconnect watch` as a service of the user's own: systemd, launchd, or the Task Scheduler of Windows.

What is installed is one text file; this module makes it, and calls the system's own command to take it up.
"""

import os
import plistlib
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from . import lock
from .errors import Exists, Failure

LABEL: Final = "reconnect"


class NoService(Failure):
    """The system's own command for services is not there, or says no."""


class Service(NamedTuple):
    """A service: the file that describes it, and the commands that take it up, show it and remove it."""

    path: Path
    text: str
    install: list[list[str]]
    status: list[str]
    remove: list[list[str]]


def words(root: Path, options: Sequence[str]) -> list[str]:
    """The command line that a service runs."""
    return [sys.executable, "-m", "reconnect_md", "watch", str(root.resolve()), "--log-format", "json", *options]


def service(platform: str, root: Path, options: Sequence[str], home: Path, user: str) -> Service:
    """The service of a vault on a platform (`sys.platform`); each vault has one of its own name.

    `user` is who logs in, as Windows names them (`DOMAIN\\name`).
    """
    key, run = lock.key(root), words(root, options)
    if platform == "darwin":
        return _launchd(f"md.{LABEL}.{key}", run, home)
    if platform == "win32":
        return _task(f"{LABEL}-{key}", run, root, home, user)
    return _systemd(f"{LABEL}-{key}.service", run, root, home)


def _systemd(name: str, run: list[str], root: Path, home: Path) -> Service:
    text = f"""\
[Unit]
Description=reconnect: keeps the agenda in {_line(str(root.resolve())).replace("%", "%%")} right

[Service]
ExecStart={" ".join(map(_quoted, run))}
# The vault may be on a drive that comes later, or be watched by another process that ends.
Restart=on-failure
RestartSec=30
# Ctrl-C and SIGTERM end it with 130, once the pass under way is finished.
SuccessExitStatus=130
Nice=10

[Install]
WantedBy=default.target
"""
    user = ["systemctl", "--user"]
    path = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "systemd" / "user" / name
    return Service(
        path,
        text,
        [[*user, "daemon-reload"], [*user, "enable", "--now", name]],
        [*user, "--no-pager", "status", name],
        [[*user, "disable", "--now", name]],
    )


def _quoted(word: str) -> str:
    """A word of a command line as systemd.service(5) reads it: `%` and `$` are its own."""
    return '"' + _line(word).replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$") + '"'


def _line(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f]", text):
        raise NoService("the vault's path has a line break or another control character in it", "rename that folder")
    return text


def _launchd(label: str, run: list[str], home: Path) -> Service:
    path = home / "Library" / "LaunchAgents" / f"{label}.plist"
    log = str(home / "Library" / "Logs" / f"{label}.log")
    about = {
        "Label": label,
        "ProgramArguments": run,
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 30,
        "LowPriorityIO": True,
        "StandardErrorPath": log,
    }
    domain = f"gui/{os.getuid() if hasattr(os, 'getuid') else 0}"
    return Service(
        path,
        plistlib.dumps(about).decode(),
        [["launchctl", "bootstrap", domain, str(path)]],
        ["launchctl", "print", f"{domain}/{label}"],
        [["launchctl", "bootout", f"{domain}/{label}"]],
    )


def _task(name: str, run: list[str], root: Path, home: Path, user: str) -> Service:
    program = re.sub(r"python\.exe$", "pythonw.exe", run[0])
    text = f"""\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>{escape(f"reconnect: keeps the agenda in {root.resolve()} right")}</Description>\
</RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>true</Enabled><UserId>{escape(user)}</UserId></LogonTrigger></Triggers>
  <Principals><Principal id="Author"><UserId>{escape(user)}</UserId><LogonType>InteractiveToken</LogonType>\
<RunLevel>LeastPrivilege</RunLevel></Principal></Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>255</Count></RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec><Command>{escape(program)}</Command><Arguments>{escape(subprocess.list2cmdline(run[1:]))}</Arguments></Exec>
  </Actions>
</Task>
"""
    path = home / "AppData" / "Local" / "reconnect" / f"{name}.xml"
    return Service(
        path,
        text,
        [["schtasks", "/Create", "/TN", name, "/XML", str(path), "/F"], ["schtasks", "/Run", "/TN", name]],
        ["schtasks", "/Query", "/TN", name, "/V", "/FO", "LIST"],
        [["schtasks", "/End", "/TN", name], ["schtasks", "/Delete", "/TN", name, "/F"]],
    )


def install(one: Service) -> None:
    """Write the file and have the system take it up. Raises `Exists` if another one is there, and `NoService`."""
    data = one.text.encode("utf-16" if one.path.suffix == ".xml" else "utf-8")
    if one.path.exists() and one.path.read_bytes() != data:
        raise Exists(f"{one.path} is there already", "remove the service first: reconnect service remove")
    for command in one.remove if one.path.exists() else ():
        _call(command, one, check=False)  # to take up what is taken up already fails
    one.path.parent.mkdir(parents=True, exist_ok=True)
    one.path.write_bytes(data)
    for command in one.install:
        _call(command, one)


def status(one: Service) -> str:
    """What the system says of it. Raises `NoService`."""
    if not one.path.exists():
        raise NoService("this vault has no service", "make it with: reconnect service install")
    return _call(one.status, one, check=False)


def remove(one: Service) -> bool:
    """End it and delete its file. Whether there was one."""
    if not one.path.exists():
        return False
    for command in one.remove:
        _call(command, one, check=False)
    one.path.unlink()
    return True


def _call(command: list[str], one: Service, check: bool = True) -> str:
    by_hand = f"the file is {one.path}; without this system's services let your own start: reconnect watch"
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", timeout=60)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoService(f"{command[0]} cannot be called: {error}", by_hand) from error
    if check and done.returncode:
        said = (done.stderr or done.stdout).strip().partition("\n")[0]
        raise NoService(f"{' '.join(command[:3])} failed: {said}", by_hand)
    return done.stdout or done.stderr
