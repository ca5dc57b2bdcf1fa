"""Plans and history for other programs, as people ask for them."""

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnect_md import table

NOTE = """\
---
interviewed: 2026-01-07
company: "=HYPERLINK(A1)"
interviewers: [Ana Rivera]
card_sent: 2026-01-07
fix_call: skipped
---
## What went well
- The tour, the “dock”

## Said, but wish I had not
- Why I left
  - Better: I had done it

## Did not say, but wish I had
- "I can weld"

## Requirements I do not satisfy
- Six Sigma
  - Compensate: +1 year of courses

## Log
- 2026-01-12 fix call skipped: she has left
- 2026-01-12 add call no answer
"""


def run(*words: str | Path, cwd: Path, expect: int = 0) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run(
        [sys.executable, "-m", "reconnect_md", "export", *map(str, words)], cwd=cwd, capture_output=True
    )
    assert done.returncode == expect, done.stderr
    return done


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    folder.mkdir()
    (folder / "Reconnect.md").write_text("---\nme: Jo\ntimezone: UTC\n---\n")
    (folder / "Acme.md").write_text(NOTE, "utf-8")
    return folder


def test_a_table_has_a_line_for_each_step_and_no_formula(vault: Path) -> None:
    data = run("csv", "--date", "2026-01-14", cwd=vault).stdout
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [(row["step"], row["status"], row["made"], row["skipped"], row["no_answer"]) for row in rows] == [
        ("card", "made", "2026-01-07", "", ""),
        ("fix", "skipped", "", "2026-01-12", ""),
        ("add", "late", "", "", "2026-01-12"),
        ("compensate", "waiting", "", "", ""),
    ]
    assert {row["company"] for row in rows} == {"'=HYPERLINK(A1)"} and rows[3]["reason"] == "'+1 year of courses"
    assert rows[0]["reason"] == "The tour, the “dock”" and data.endswith(b"\r\n")


@given(st.text(max_size=9), st.sampled_from(["", " ", "\t", "\r", "\n", "\x00", "\u3000"]))
def test_no_cell_is_computed(words: str, before: str) -> None:
    for sign in "=+-@＝＋－＠":
        cell = table.safe(f"{before}{sign}{words}")
        assert cell.startswith("'") and cell.encode()


def test_json_is_that_of_plan_and_the_history(vault: Path) -> None:
    found = json.loads(run("json", "--date", "2026-01-14", cwd=vault).stdout)
    history = found["plans"][0].pop("history")
    plan = [sys.executable, "-m", "reconnect_md", "plan", "--json", "--date", "2026-01-14"]
    assert found == json.loads(subprocess.run(plan, cwd=vault, capture_output=True).stdout)
    skipped = {"date": "2026-01-12", "record": "fix_call", "what": "skipped", "to": None, "remark": "she has left"}
    assert history[0] == skipped and history[1]["what"] == "no answer"


@pytest.mark.parametrize("kind", ["ics", "vtodo"])
def test_a_file_is_written_if_it_differs(vault: Path, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "out" / "calls.ics"
    said = run(kind, "vault", "--date", "2026-01-14", "--output", file, cwd=tmp_path).stderr.decode()
    first = file.read_bytes()
    assert "written" in said and run(kind, vault, "--date", "2026-01-14", cwd=tmp_path).stdout == first
    assert b"right as it stands" in run(kind, vault, "--date", "2026-01-14", "--output", file, cwd=tmp_path).stderr
    (vault / "Acme.md").write_text(NOTE.replace("interviewers:", "call_again: 2026-01-20\ninterviewers:"), "utf-8")
    run(kind, vault, "--date", "2026-01-14", "--output", file, cwd=tmp_path)
    numbers = [
        {str(one["UID"]): one.decoded("SEQUENCE") for one in icalendar.Calendar.from_ical(data).walk() if "UID" in one}
        for data in (first, file.read_bytes())
    ]
    moved = {uid for uid in numbers[0] if numbers[1][uid] > numbers[0][uid]}
    assert {uid.partition("@")[0].rpartition("-")[2] for uid in moved} == {"add", "compensate"}


def test_the_calendar_beside_the_agenda_is_what_is_exported(vault: Path) -> None:
    (vault / "Reconnect.md").write_text("---\nme: Jo\ntimezone: UTC\ncalendar: Reconnect.ics\n---\n")
    for day in ("2026-01-12", "2026-01-14"):
        subprocess.run([sys.executable, "-m", "reconnect_md", "agenda", "--date", day], cwd=vault, check=True)
    assert run("ics", "--date", "2026-01-14", cwd=vault).stdout == (vault / "Reconnect.ics").read_bytes()


def test_neither_a_note_nor_the_calendar_of_somebody_else_is_written_over(vault: Path) -> None:
    theirs = vault / "theirs.ics"
    theirs.write_text("BEGIN:VCALENDAR\nPRODID:x\nEND:VCALENDAR\n")
    assert b"another one behind --output" in run("ics", "--output", theirs, cwd=vault, expect=2).stderr
    assert b"does not end in .md" in run("json", "--output", "Acme.md", cwd=vault, expect=2).stderr
    assert theirs.read_text().count("x") == 1 and (vault / "Acme.md").read_text("utf-8") == NOTE


def test_a_note_with_an_error_is_told_and_the_others_are_exported(vault: Path) -> None:
    (vault / "Bad.md").write_text("---\ninterviewed: soon\n---\n")
    done = run("csv", "--date", "2026-01-14", cwd=vault, expect=3)
    assert b"Bad.md:2" in done.stderr and done.stdout.count(b"\r\n") == 5
