"""A coach's morning: numbers of many vaults, and nothing that anybody wrote."""

import importlib
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pendulum import Date

from benchmarks import cohort as clients
from benchmarks import vaults

DAY = "2026-01-20"
NOTE = """\
---
interviewed: {day}
company: {company}
interviewers: [Secretperson Secretlast]
phone: "+1 512 555 0142"
outcome: {outcome}
card_sent: {day}
fix_call:
---
## What went well
{well}

## Said, but wish I had not
{said}

## Log
- {day} card sent: secretremark
"""
SAID = "- Secrettopic\n  - Better: secretanswer"


def note(day: str, company: str = "Secretfirm", outcome: str = "", well: str = "- secretwell", said: str = SAID) -> str:
    return NOTE.format(day=day, company=company, outcome=outcome, well=well, said=said)


def vault(root: Path, name: str, *notes: str, settings: str = "me: Jo\ntimezone: UTC") -> None:
    (root / name).mkdir(parents=True)
    (root / name / "Reconnect.md").write_text(f"---\n{settings}\n---\n", "utf-8")
    for number, text in enumerate(notes):
        (root / name / f"Secretfile {number}.md").write_text(text, "utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "clients"
    vault(root, "anna", note("2026-01-07"), note("2025-06-01", outcome="secretoutcome"))
    vault(root, "ben", note("2026-01-16", well="", said=""))
    vault(root, "cleo", note("2026-01-16", said="- none"))
    vault(root, "dora", note("2026-01-16"), "---\ninterviewed: secretday\n---\n")
    vault(root, "emil", settings="me: [Jo")
    os.utime(root / "emil" / "Reconnect.md", (1_700_000_000, 1_700_000_000))  # nobody is saving it
    (root / "no vault").mkdir()
    return root


def cohort(*words: str | Path, expect: int = 0, cwd: Path | None = None) -> str:
    command = [sys.executable, "-m", "reconnect_md", "cohort", "--date", DAY, *map(str, words)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=cwd)
    assert done.returncode == expect, done.stderr
    return done.stderr if expect == 2 else done.stdout + done.stderr


def test_each_vault_has_a_line(folder: Path) -> None:
    assert cohort("clients", cwd=folder.parent, expect=3) == (
        "| Vault | Open | Late calls | Late since | Nothing written | Nothing planned | Next | Problems |\n"
        "| --- | --- | --- | --- | --- | --- | --- | --- |\n"
        "| anna | 1 | 1 | 2026-01-13 |  |  | 2026-01-20 |  |\n"
        "| ben | 1 |  |  | 1 |  |  |  |\n"
        "| cleo | 1 |  |  |  | 1 |  |  |\n"
        "| dora | 1 |  |  |  |  | 2026-01-21 | 1 |\n"
        "| emil | its Reconnect.md cannot be read |  |  |  |  |  |  |\n"
        "5 vaults: 1 with late calls, 1 with interviews of which nothing is written down, "
        "1 with interviews after which nothing is planned; 1 cannot be read.\n"
    )


def test_settings_that_were_just_broken_are_not_said_to_be_saved_by_somebody(folder: Path) -> None:
    os.utime(folder / "emil" / "Reconnect.md")
    told = cohort(folder / "emil", expect=3)
    assert "| emil | its Reconnect.md was changed a moment ago, and cannot be read yet |" in told


def test_no_word_of_a_note_is_told(folder: Path) -> None:
    for words in ([], ["--json"]):
        assert "secret" not in cohort(folder, *words, expect=3).casefold()
    assert "Secretfirm" in cohort(folder / "anna", "--names") and "ecretperson" not in cohort(
        folder / "anna", "--names"
    )


def test_a_vault_is_named_by_its_folder_unless_two_have_one_name(folder: Path) -> None:
    vault(folder.parent / "former", "ben", note("2026-01-16"))
    told = cohort("--json", folder.parent / "former", folder, expect=3)
    names = [json.loads(line)["vault"] for line in told.splitlines() if line.startswith("{")]
    two = [str(folder.parent.resolve() / one / "ben") for one in ("former", "clients")]
    assert names == [two[0], "anna", two[1], "cleo", "dora", "emil"]


def test_nothing_is_written_into_a_vault(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    cohort(folder, expect=3)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_where_there_is_no_vault_it_says_what_to_name(folder: Path) -> None:
    assert "there is no vault in" in cohort(folder / "no vault", expect=2)
    assert "cannot be read" in cohort(folder / "nowhere", expect=2)


def test_what_was_interrupted_goes_on(folder: Path, tmp_path: Path) -> None:
    whole, part = tmp_path / "whole.jsonl", tmp_path / "part.jsonl"
    printed = cohort(folder, "-o", whole, expect=3)
    lines = whole.read_text("utf-8").splitlines(keepends=True)
    for kept in ("", lines[0][:30], lines[0], "".join(lines[:3]), "".join(lines[:3]) + lines[3][:20], "".join(lines)):
        part.write_text(kept, "utf-8")
        assert cohort(folder, "-o", part, expect=3) == printed
        assert part.read_text("utf-8") == whole.read_text("utf-8")
    assert "another day" in cohort(folder, "-o", part, "--names", expect=2)
    assert "another day" in cohort(folder / "anna", "-o", part, expect=2)
    for own in ("my own words", "my own words\n", "{}\n"):
        part.write_text(own, "utf-8")
        assert "another day" in cohort(folder, "-o", part, expect=2) and part.read_text("utf-8") == own


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
def test_many_are_looked_at_by_two_processes_and_a_killed_one_goes_on(tmp_path: Path) -> None:
    root, kept = clients.make(tmp_path / "many", 60, seed=1), tmp_path / "kept.jsonl"
    command = [sys.executable, "-m", "reconnect_md", "cohort", "--date", vaults.TODAY, str(root), "--json"]
    whole = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    assert len(whole.splitlines()) == 60 and any(json.loads(row)["late"] for row in whole.splitlines())
    process = subprocess.Popen([*command, "-o", str(kept)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and (not kept.exists() or kept.read_bytes().count(b"\n") < 20):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    again = subprocess.run([*command, "-o", str(kept)], capture_output=True, encoding="utf-8", check=True).stdout
    assert again == whole and kept.read_text("utf-8").partition("\n")[2] == whole


def test_a_process_that_is_ended_ends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cli = importlib.import_module("reconnect_md.cli.cohort")
    monkeypatch.setattr(cli, "AT_ONCE", 1)
    names = [(str(one), one.name) for one in sorted(clients.make(tmp_path / "many", 40, seed=3).iterdir())]
    day, before = Date.fromisoformat(vaults.TODAY), multiprocessing.active_children()
    rows = cli._rows(names, day, False)
    found = [next(rows)]
    process = next(one for one in multiprocessing.active_children() if one not in before)
    process.kill()
    found += rows
    assert found == [cli._row(name, str(day), False) for name in names]


def test_the_numbers_are_those_of_the_notes(tmp_path: Path) -> None:
    """Counted once more, by somebody who knows nothing of plans."""
    root = clients.make(tmp_path / "many", 20, seed=2)
    shutil.copytree(Path(__file__).parent.parent / "example-vault", root / "zz example")
    found = {
        Path(row["vault"]).name: row
        for row in map(json.loads, cohort(root, "--json", "--date", vaults.TODAY, expect=0).splitlines()[:-1])
    }
    for one in root.iterdir():
        texts = [path.read_text("utf-8") for path in one.rglob("*.md") if "Templates" not in path.parts]
        held = [
            text for text in texts
            if (day := re.search(r"(?m)\A---\n(?:.*\n)*?interviewed: *(\d{4}-\d\d-\d\d)", text))
            and day[1] <= vaults.TODAY
        ]  # fmt: skip
        still_open = [text for text in held if not re.search(r"(?m)^outcome: *[^\s#]", text.split("\n---", 1)[0])]
        assert found[one.name]["open"] == len(still_open), one.name
        empty = [
            text for text in still_open if not re.search(r"(?m)^- .*\w", text.split("\n## Log")[0].split("\n---", 1)[1])
        ]
        assert found[one.name]["unanswered"] == len(empty), one.name
    assert sum(row["open"] for row in found.values()) > 5
    for one in sorted(root.iterdir())[-6:]:
        command = [sys.executable, "-m", "reconnect_md", "plan", "--json", "--date", vaults.TODAY, str(one)]
        told = json.loads(subprocess.run(command, capture_output=True, encoding="utf-8").stdout)
        plans = [one for one in told["plans"] if not one["outcome"] and one["interviewed"] <= vaults.TODAY]
        steps = [step for one in plans for step in one["steps"] if step["status"] in ("late", "due", "waiting")]
        late = [step["latest"] for step in steps if step["status"] == "late" and step["kind"] == "call"]
        row = found[one.name]
        assert (row["late"], row["since"]) == (len(late), min(late, default=None)), one.name
        assert row["next"] == min((max(step["due"], vaults.TODAY) for step in steps if step["due"]), default=None)
