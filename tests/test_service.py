"""The files that let a system start the watcher: read by the systems' own readers where they are here."""

import plistlib
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reconnect_md import service
from reconnect_md.service import NoService

USER = "OFFICE\\jordan"
ODD = 'job "search" 100% $HOME \\ é'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    path = tmp_path / (ODD.replace('"', "'").replace("\\", "-") if sys.platform == "win32" else ODD)
    path.mkdir()
    return path


def test_systemd_reads_it(root: Path, tmp_path: Path) -> None:
    one = service.service("linux", root, ["--poll"], tmp_path, USER)
    assert one.path.parent == tmp_path / ".config" / "systemd" / "user" and one.path.suffix == ".service"
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not here")
    one.path.parent.mkdir(parents=True)
    one.path.write_text(one.text, "utf-8")
    done = subprocess.run(["systemd-analyze", "--user", "verify", one.path], capture_output=True, encoding="utf-8")
    assert one.path.name not in done.stderr, done.stderr


def test_systemd_would_run_just_that(root: Path, tmp_path: Path) -> None:
    text = service.service("linux", root, ["--poll"], tmp_path, USER).text
    line = next(line for line in text.splitlines() if line.startswith("ExecStart="))
    words = [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line.removeprefix("ExecStart="))]
    assert words == service.words(root, ["--poll"])
    with pytest.raises(NoService):
        service.service("linux", root / "a\nb", [], tmp_path, USER)


def test_launchd_reads_it(root: Path, tmp_path: Path) -> None:
    one = service.service("darwin", root, [], tmp_path, USER)
    about = plistlib.loads(one.text.encode())
    assert about["ProgramArguments"] == service.words(root, []) and about["RunAtLoad"]
    assert one.path == tmp_path / "Library" / "LaunchAgents" / f"{about['Label']}.plist"


def test_the_task_scheduler_reads_it(root: Path, tmp_path: Path) -> None:
    one = service.service("win32", root, ["--hooks"], tmp_path, USER)
    space = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    task = ElementTree.fromstring(one.text.replace(' encoding="UTF-16"', ""))
    arguments = task.findtext(f"{space}Actions/{space}Exec/{space}Arguments")
    assert arguments == subprocess.list2cmdline(service.words(root, ["--hooks"])[1:])
    assert task.findtext(f"{space}Settings/{space}ExecutionTimeLimit") == "PT0S"
    # Without a user it would be for all of them, which only an administrator may set up.
    assert task.findtext(f"{space}Triggers/{space}LogonTrigger/{space}UserId") == USER
    assert task.findtext(f"{space}Principals/{space}Principal/{space}UserId") == USER


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the stand-in is one for systemctl")
def test_install_status_and_remove(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, programs, asked = tmp_path / "vault", tmp_path / "bin", tmp_path / "asked"
    for folder in (vault, programs):
        folder.mkdir()
    (vault / "Reconnect.md").touch()
    (programs / "systemctl").write_text(f'#!/bin/sh\necho "$@" >> {asked}\necho active\n')
    (programs / "systemctl").chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(programs), prepend=":")

    def run(action: str, *options: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "reconnect_md", "service", action, str(vault), *options]
        return subprocess.run(words, capture_output=True, encoding="utf-8")

    assert "reconnect service install" in run("status").stderr
    assert run("install").returncode == 0 and run("install").returncode == 0
    path = service.service("linux", vault, [], tmp_path, USER).path
    assert path.read_text("utf-8") == run("print").stdout
    assert run("status").stdout == "active\n"
    path.write_text("mine", "utf-8")
    assert "is there already" in run("install").stderr
    assert run("remove").returncode == 0 and not path.exists()
    assert "There was no service" in run("remove").stderr
    assert "for this machine" in run("install", "--system", "darwin").stderr
    assert run("print", "--system", "darwin").stdout.startswith("<?xml")
    calls = asked.read_text().splitlines()
    taken_up = ["--user daemon-reload", f"--user enable --now {path.name}"]
    assert calls[:5] == [*taken_up, f"--user disable --now {path.name}", *taken_up]
    assert calls[-1] == f"--user disable --now {path.name}"
