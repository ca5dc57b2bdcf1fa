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

from reconnect_md.asking import country_of

if sys.platform == "win32":
    pytest.skip("terminals of POSIX", allow_module_level=True)
import pty
import termios

CTRL_C, CTRL_D = "\x03", "\x04"


class Talk:
    """A program on a terminal: what it shows is waited for before something is typed."""

    def __init__(
        self,
        folder: Path,
        *words: str,
        program: Sequence[str] = (sys.executable, "-m", "reconnect_md"),
        size: tuple[int, int] = (80, 24),
        **env: str,
    ) -> None:
        self.shown = ""
        self.child, self.terminal = pty.fork()
        if self.child == 0:
            termios.tcsetwinsize(0, size[::-1])
            for name in ("COLUMNS", "LINES"):  # which readline sets, of the terminal that the tests run on
                os.unsetenv(name)
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # where the tests run in the background, it is ignored
            os.chdir(folder)
            os.environ |= {"LC_ALL": "C.UTF-8", "LC_CTYPE": "", "LANG": "C.UTF-8", **env}
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


def test_the_country_of_the_locale_is_shown_before_it_is_taken(tmp_path: Path) -> None:
    """With its next holiday; whether that locale is installed does not matter."""
    talk = Talk(tmp_path, "init", "jobs", "--me", "J", "--phone", "1", LC_ALL="", LANG="de_AT.UTF-8", TZ="Asia/Tokyo")
    talk.answer("AT: Austria; the next holiday is ", "")
    talk.answer("Region (- for none) [AT]: ", "\n")
    assert talk.end() == 0 and "holiday" not in talk.shown
    assert "region: AT\ntimezone: Asia/Tokyo\n" in (tmp_path / "jobs" / "Reconnect.md").read_text("utf-8")


def test_without_a_country_none_is_offered(tmp_path: Path) -> None:
    talk = Talk(tmp_path, "init", "jobs", "--me", "J", "--phone", "1", TZ="UTC")
    talk.answer("Region (- for none) [-]: ", "\n")
    assert talk.end() == 0
    assert "region:\ntimezone:\n" in (tmp_path / "jobs" / "Reconnect.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("locales", "country"),
    [
        (["de_AT.UTF-8", "en_US.UTF-8"], "AT"),
        (["C.UTF-8", "POSIX", "UTF-8", "pt_BR"], "BR"),  # Python itself puts LC_CTYPE=C.UTF-8 where nothing is set
        (["ca_ES@valencia"], "ES"),
        (["zh_Hant_TW.UTF-8"], "TW"),
        (["de-DE"], "DE"),
        (["German_Germany.1252"], "DE"),
        (["English_United States.1252"], "US"),
        (["English_United Kingdom.1252"], "GB"),
        (["es_419.UTF-8"], ""),
        (["C.UTF-8"], ""),
        (["en"], ""),
        ([], ""),
    ],
)
def test_the_country_of_a_locale(locales: list[str], country: str) -> None:
    assert country_of(locales) == country


def test_a_folder_in_a_vault_is_asked_for_again(vault: Path) -> None:
    (vault / "Interviews").mkdir()
    talk = Talk(vault / "Interviews", "init")
    talk.answer("Folder for your job search", "\n")
    talk.answer("write interviews: Interviews in", "")
    talk.answer("Folder for your job search", CTRL_C)
    assert talk.end() == 130
    assert files(vault) == ["Reconnect.md"]


def test_new_asks_the_questions_in_order_and_keeps_every_answer(vault: Path) -> None:
    talk = Talk(vault, "new", "--company", "Acme")
    talk.answer("Position", "Planner\n")
    talk.answer("Day of the interview", "20/11/2026 2pm\n")
    talk.answer("write 2026-11-20T14:00", "soon\n")
    talk.answer("write YYYY-MM-DD (year, month, day)", "2026-11-20T14:00\n")
    talk.answer("Who conducted it", "512 555 0142\n")
    talk.answer("no name", "Ana Rivera, Director: ops\n\n")
    talk.answer("The number to call", "512 555 0142\n")
    talk.answer("What went well", "We drew  the dock\n# 1. [x] `sure`\n\n")
    talk.answer("What connected", "\n")
    talk.answer("Said, but wish I had not", "Why I left: I complained\n")
    talk.answer("Better", "I had done it\n")
    talk.answer("-", "\n")
    talk.answer("Did not say, but wish I had", "none\n")
    talk.answer("Requirements I do not satisfy", "Six Sigma\n")
    talk.answer("Compensate", "\n")
    talk.answer("-", "\n")
    assert talk.end() == 0 and "2026-11-20 Acme.md" in talk.shown
    note = (vault / "Interviews" / "2026-11-20 Acme.md").read_text("utf-8")
    assert "interviewed: 2026-11-20T14:00\ncompany: Acme\nposition: Planner\n" in note
    assert 'phone: "512 555 0142"\n' in note and '  - "Ana Rivera, Director: ops"\n' in note
    assert "## What went well\n- We drew the dock\n- \\# 1. \\[x\\] \\`sure\\`\n\n## What connected\n-\n" in note
    assert "- Why I left: I complained\n  - Better: I had done it\n\n## Did not say, but wish I had\n- none\n\n" in note
    assert "- Six Sigma\n  - Compensate:\n\n## Log\n" in note


def test_none_ends_its_question_and_needs_no_better_answer(vault: Path) -> None:
    talk = Talk(vault, "new", "--company", "Acme", "--position", "P", "--interviewed", "2026-11-20", "--phone", "1")
    talk.answer("Who conducted it", "Ana\n\n")
    talk.answer("What went well", "The tour\nnone\n")
    talk.answer("What connected", "None.\n")
    talk.answer("Said, but wish I had not", "none\n")
    talk.answer("Did not say, but wish I had", "none\n")
    talk.answer("Requirements I do not satisfy", "none\n")
    assert talk.end() == 0
    note = (vault / "Interviews" / "2026-11-20 Acme.md").read_text("utf-8")
    assert "## What went well\n- The tour\n\n## What connected\n- None.\n\n" in note
    assert "## Said, but wish I had not\n- none\n\n## Did not say, but wish I had\n- none\n\n" in note


@pytest.mark.parametrize("stop", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("asked", ["Day of the interview", "What went well"])
def test_who_stops_in_the_middle_has_changed_nothing(vault: Path, stop: str, asked: str) -> None:
    before = files(vault)
    talk = Talk(
        vault,
        "new",
        "--company",
        "Acme",
        "--position",
        "x",
        "--phone",
        "1",
        *(["--interviewed", "2026-11-20"] if asked[0] == "W" else []),
    )
    if asked[0] == "W":
        talk.answer("Who conducted it", "\n")
    talk.answer(asked, stop)
    assert talk.end() == 130 and "Nothing was saved" in talk.shown
    assert files(vault) == before


def test_who_stops_is_shown_what_they_typed(vault: Path) -> None:
    talk = Talk(vault, "new", "--company", "Acme", "--position", "x", "--phone", "1")
    talk.answer("Day of the interview", "\n")
    talk.answer("Who conducted it", "Ana\n\n")
    talk.answer("What went well", "The tour\n")
    talk.answer("- ", "The long talk\n")
    talk.answer("- ", CTRL_C)
    assert talk.end() == 130
    assert "Nothing was saved.\r\nYou had typed:\r\n  Ana\r\n  The tour\r\n  The long talk\r\n" in talk.shown


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
    monkeypatch.setenv("HOME", str(folder))  # where zsh keeps what it found


SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(reconnect completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'eval "$(reconnect completion zsh)"'),
}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, vault: Path, program: None) -> Talk:
    """A shell that completes, in the vault."""
    words, completes = SHELLS[request.param]
    if not (found := shutil.which(words[0])):
        pytest.skip(f"no {words[0]}")
    (vault / "Interviews").mkdir()
    talk = Talk(vault, *words[1:], program=[found])
    talk.answer("> ", f'{completes}; echo re""ady\n')
    return talk


@pytest.mark.parametrize("typed", ["acme", "'2026-11-20 Ac", '"2026-11-20 Ac', "2026-11-20\\ "])
def test_what_a_shell_completes_can_be_run_whatever_the_name(vault: Path, shell: Talk, typed: str) -> None:
    note = vault / "Interviews" / "2026-11-20 Acme & Sons [Texas], $5 (x) Inc.md"
    note.write_text(EVALUATION, "utf-8")
    shell.answer("ready", f"reconnect done {typed}\t")
    shell.answer("Inc", "car\t; exit\n")
    shell.end()
    assert "card_sent: " in note.read_text("utf-8")


def test_what_is_typed_stays_where_several_names_hold_it(vault: Path, shell: Talk) -> None:
    """They all begin with 202, which would be less than what was typed."""
    for name in ("2025-01-20 Acme", "2026-11-20 Acme"):
        (vault / "Interviews" / f"{name}.md").write_text(EVALUATION, "utf-8")
    shell.answer("ready", "reconnect done acme\t\t")
    shell.answer("…", " card; exit\n")
    shell.end()
    assert "several evaluations are called acme\r" in shell.shown


def test_what_several_names_begin_with_is_filled_in(vault: Path, shell: Talk) -> None:
    for name in ("Acme, one", "Acme, two"):
        (vault / "Interviews" / f"{name}.md").write_text(EVALUATION, "utf-8")
    shell.answer("ready", "reconnect plan ac\t")
    shell.answer("Acme", "two; exit\n")
    shell.end()
    assert "  Interviews/Acme, two.md\r" in shell.shown


@pytest.mark.parametrize("typed", ["Interviews/2026\t", "other\t"])
def test_plan_completes_folders_and_files_too(vault: Path, shell: Talk, typed: str) -> None:
    (vault / "Interviews" / "2026-11-20 Acme.md").write_text(EVALUATION, "utf-8")
    (vault / "others").mkdir()
    (vault / "others" / "Reconnect.md").touch()
    (vault / "others" / "Bolt.md").write_text(EVALUATION, "utf-8")
    shell.answer("ready", f"reconnect plan {typed}")
    shell.answer("Acme" if typed[0] == "I" else "/", "; exit\n")
    shell.end()
    assert "interview on Friday, 20 November" in shell.shown


@pytest.mark.usefixtures("program")
@pytest.mark.skipif(not shutil.which("fish"), reason="no fish")
@pytest.mark.parametrize(
    ("typed", "shown"),
    [("done INC", ["2026-11-20 Acme, Inc"]), ("plan ac", ["2025-01-20 Acme", "2026-11-20 Acme, Inc"])],
)
def test_fish_shows_names_whole(vault: Path, typed: str, shown: list[str]) -> None:
    """It looks itself for what is typed anywhere in them, and keeps it."""
    (vault / "Interviews").mkdir()
    for name in ("2025-01-20 Acme", "2026-11-20 Acme, Inc"):
        (vault / "Interviews" / f"{name}.md").write_text(EVALUATION, "utf-8")
    script = f"reconnect completion fish | source; complete -C 'reconnect {typed}'"
    done = subprocess.run(["fish", "--no-config", "-c", script], cwd=vault, capture_output=True, encoding="utf-8")
    assert done.stdout.splitlines() == shown
