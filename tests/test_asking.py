"""The conversations, and what a shell completes, on a real terminal of their own."""

import os
import select
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("terminals of POSIX", allow_module_level=True)
import pty

CTRL_C, CTRL_D = "\x03", "\x04"


class Talk:
    """A program on a terminal: what it shows is waited for before something is typed."""

    def __init__(
        self, folder: Path, *words: str, program: Sequence[str] = (sys.executable, "-m", "reconnect_md")
    ) -> None:
        self.shown = ""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            os.chdir(folder)
            os.environ["LC_ALL"] = os.environ["LANG"] = "C.UTF-8"
            os.execv(program[0], [*program, *words])

    def answer(self, asked: str, typed: str) -> None:
        start = time.monotonic()
        while asked not in self.shown:
            assert time.monotonic() - start < 20, self.shown
            self.read()
        self.shown = self.shown.partition(asked)[2]
        if typed in (CTRL_C, CTRL_D):
            time.sleep(0.3)  # people press it when they are asked, and not before
        os.write(self.terminal, typed.encode())

    def read(self) -> None:
        if select.select([self.terminal], [], [], 0.1)[0]:
            self.shown += os.read(self.terminal, 65536).decode()

    def end(self) -> int:
        """The exit code, once it has ended."""
        start = time.monotonic()
        try:
            while time.monotonic() - start < 20:
                self.read()
        except OSError:  # nothing more comes
            return os.waitstatus_to_exitcode(os.waitpid(self.child, 0)[1])
        os.kill(self.child, signal.SIGKILL)
        raise AssertionError(f"it goes on: {self.shown}")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "Reconnect.md").write_text("---\ninterviews: Interviews\ntimezone: UTC\n---\n", "utf-8")
    yield tmp_path


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_init_asks_for_what_was_not_given(tmp_path: Path) -> None:
    talk = Talk(tmp_path, "init", "--phone", "512 555 0199")
    talk.answer("Folder for your job search", "jobs\n")
    talk.answer("Your name", "Jordan Smith\n")
    talk.answer("Region (- for none)", "Texas\n")
    talk.answer("write US-TX", "US-TX\n")
    assert talk.end() == 0 and "United States; the next holiday is " in talk.shown
    settings = (tmp_path / "jobs" / "Reconnect.md").read_text("utf-8")
    assert 'me: Jordan Smith\nphone: "512 555 0199"\nregion: US-TX\n' in settings


def test_new_asks_the_questions_in_order_and_keeps_every_answer(vault: Path) -> None:
    talk = Talk(vault, "new", "--company", "Acme")
    talk.answer("Day of the interview", "yesterday\n")
    talk.answer("such as 2026-11-20T14:00", "2026-11-20T14:00\n")
    talk.answer("Who conducted it", "Ana Rivera, Director: ops\n\n")
    talk.answer("What went well", "We drew  the dock\n# 1. [x] `sure`\n\n")
    talk.answer("What connected", "\n")
    talk.answer("Said, but wish I had not", "Why I left: I complained\n")
    talk.answer("Better", "I had done it\n")
    talk.answer("-", "\n")
    talk.answer("Did not say, but wish I had", "none\n\n")
    talk.answer("Requirements I do not satisfy", "Six Sigma\n")
    talk.answer("Compensate", "\n")
    talk.answer("-", "\n")
    assert talk.end() == 0 and "2026-11-20 Acme.md" in talk.shown
    note = (vault / "Interviews" / "2026-11-20 Acme.md").read_text("utf-8")
    assert "interviewed: 2026-11-20T14:00\ncompany: Acme\n" in note and '  - "Ana Rivera, Director: ops"\n' in note
    assert "## What went well\n- We drew the dock\n- \\# 1. \\[x\\] \\`sure\\`\n\n## What connected\n-\n" in note
    assert "- Why I left: I complained\n  - Better: I had done it\n\n## Did not say, but wish I had\n- none\n\n" in note
    assert "- Six Sigma\n  - Compensate:\n\n## Log\n" in note


@pytest.mark.parametrize("stop", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("asked", ["Day of the interview", "What went well"])
def test_who_stops_in_the_middle_has_changed_nothing(vault: Path, stop: str, asked: str) -> None:
    before = files(vault)
    talk = Talk(vault, "new", "--company", "Acme", *(["--interviewed", "2026-11-20"] if asked[0] == "W" else []))
    if asked[0] == "W":
        talk.answer("Who conducted it", "\n")
    talk.answer(asked, stop)
    assert talk.end() == 130 and "Nothing was saved" in talk.shown
    assert files(vault) == before


EVALUATION = "---\ninterviewed: 2026-11-20\ncompany: Acme\n---\n## What went well\n- a\n"


@pytest.fixture
def program(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A `reconnect` that shells find."""
    folder = tmp_path_factory.mktemp("bin")
    (folder / "reconnect").write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m reconnect_md "$@"\n', "utf-8")
    (folder / "reconnect").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
    monkeypatch.setenv("PS1", "> ")


@pytest.mark.usefixtures("program")
@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
@pytest.mark.parametrize("typed", ["acme", "'2026-11-20 Ac"])
def test_what_bash_completes_can_be_run_though_the_name_has_spaces(vault: Path, typed: str) -> None:
    note = vault / "Interviews" / "2026-11-20 Acme & Sons [Texas], Inc.md"
    note.parent.mkdir()
    note.write_text(EVALUATION, "utf-8")
    talk = Talk(vault, "--norc", "--noprofile", "-i", program=[shutil.which("bash") or ""])
    talk.answer("> ", 'eval "$(reconnect completion bash)"; echo re""ady\n')
    talk.answer("ready", f"reconnect done {typed}\t")
    talk.answer("Inc", "card; exit\n")
    talk.end()
    assert "card_sent: " in note.read_text("utf-8")


@pytest.mark.usefixtures("program")
@pytest.mark.skipif(not shutil.which("fish"), reason="no fish")
def test_a_comma_in_a_name_ends_nothing_in_fish(vault: Path) -> None:
    (vault / "Interviews").mkdir()
    (vault / "Interviews" / "2026-11-20 Acme, Inc.md").write_text(EVALUATION, "utf-8")
    script = "reconnect completion fish | source; complete -C 'reconnect done acme'"
    done = subprocess.run(["fish", "--no-config", "-c", script], cwd=vault, capture_output=True, encoding="utf-8")
    assert done.stdout == "2026-11-20 Acme, Inc\n"
