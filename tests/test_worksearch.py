"""The log for an office: what was really done, and nothing else."""

import csv
import io
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

NOTE = """\
---
interviewed: 2026-01-07T10:00
company: "Acme | Sons"
position: Planner
interviewers:
  - Ana Rivera, Director
  - Bo Li
phone: "+1 512 555 0142"
card_sent: 2026-01-07
fix_call: 2026-01-13
add_call: skipped
compensate_call:
---
## What went well
- The tour

## Said, but wish I had not
- Why I left
  - Better: I had done it

## Did not say, but wish I had
- I can weld

## Requirements I do not satisfy
- Six Sigma
  - Compensate: I am on the course

## Log
- 2026-01-12 fix call no answer
- 2026-01-13 fix call made
- 2026-01-14 add call skipped: she has left
"""

AHEAD = "---\ninterviewed: 2026-01-20T15:00\ncompany: Birch\ninterviewers: [Cy Young]\n---\n"

LOG = """\
| Date | Employer | Person | Phone | Method | Position |
| --- | --- | --- | --- | --- | --- |
| 2026-01-07 | Acme \\| Sons | Ana Rivera and Bo Li | (512) 555-0142 | Interview | Planner |
| 2026-01-07 | Acme \\| Sons | Ana Rivera and Bo Li | (512) 555-0142 | Thank-you card | Planner |
| 2026-01-12 | Acme \\| Sons | Ana Rivera | (512) 555-0142 | Telephone call, no answer | Planner |
| 2026-01-13 | Acme \\| Sons | Ana Rivera | (512) 555-0142 | Telephone call | Planner |
"""


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    (tmp_path / "Reconnect.md").write_text("---\nme: Jo\nregion: US\ntimezone: UTC\n---\n")
    (tmp_path / "Acme.md").write_text(NOTE, "utf-8")
    (tmp_path / "Birch.md").write_text(AHEAD, "utf-8")
    return tmp_path


def log(vault: Path, *words: str, expect: int = 0) -> str:
    command = [sys.executable, "-m", "reconnect_md", "export", "worksearch", str(vault), *words]
    done = subprocess.run(command, capture_output=True)
    assert done.returncode == expect, done.stderr
    return (done.stderr if expect == 2 else done.stdout).decode("utf-8-sig")


def test_it_has_what_was_done_and_nothing_planned_or_left_out(vault: Path) -> None:
    assert log(vault, "--markdown", "--date", "2026-01-20") == LOG


def test_an_interview_of_today_is_in_it_once_there_is_something_to_say_of_it(vault: Path) -> None:
    assert "Birch" not in log(vault, "--date", "2026-01-20")
    assert "Birch" in log(vault, "--date", "2026-01-21")
    (vault / "Birch.md").write_text(AHEAD + "## What went well\n- The tour\n", "utf-8")
    assert "Birch" in log(vault, "--date", "2026-01-20")


def test_an_interview_that_was_called_off_is_not_in_it(vault: Path) -> None:
    for outcome, answers, there in (
        ("withdrawn", "", False),
        ("withdrawn", "## What went well\n- The tour\n", True),
        ("rejected", "", True),
    ):
        text = AHEAD.replace("interviewers", f"outcome: {outcome}\ninterviewers") + answers
        (vault / "Birch.md").write_text(text, "utf-8")
        assert ("Birch" in log(vault, "--date", "2026-02-20")) is there, (outcome, answers)


def test_in_markdown_it_may_be_a_note_but_takes_no_other_ones_place(vault: Path) -> None:
    words = ("--markdown", "--date", "2026-01-20", "--output")
    path = vault / "Log.md"
    for _ in range(2):
        assert log(vault, *words, str(path)) == "" and path.read_text("utf-8") == LOG
    typed = f"{LOG}Mine\n"
    path.write_text(typed, "utf-8")
    assert "the file is there already" in log(vault, *words, str(path), expect=2)
    assert path.read_text("utf-8") == typed
    assert "would be a note" in log(vault, "--output", str(vault / "Log2.md"), expect=2)


def test_a_try_stays_in_it_whatever_came_of_the_interview(vault: Path) -> None:
    """Also when nobody was reached before the rejection, or the call was skipped or has no reason any more."""
    tried = '2026-01-12,Acme | Sons,{},(512) 555-0142,"Telephone call, no answer"'
    for call, outcome, reason, person in (
        ("fix_call:", "outcome: rejected", "- Why I left", "Ana Rivera"),
        ("fix_call: skipped", "outcome:", "- Why I left", "Ana Rivera"),
        ("fix_call:", "outcome:", "", ""),
    ):
        text = NOTE.replace("fix_call: 2026-01-13", f"{call}\n{outcome}").replace("- 2026-01-13 fix call made\n", "")
        text = text if reason else text.replace("- Why I left\n  - Better: I had done it\n", "")
        (vault / "Acme.md").write_text(text, "utf-8")
        shown = log(vault, "--date", "2026-01-20")
        assert shown.count("no answer") == 1 and tried.format(person) in shown, (call, outcome, reason)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("don't know yet", ""), ("", ""), ("512 555 0142 or 0143, mobile", "512 555 0142 or 0143, mobile")],
)
def test_words_in_the_place_of_a_number_are_not_in_it(vault: Path, typed: str, shown: str) -> None:
    text = NOTE.replace('"+1 512 555 0142"', typed)
    (vault / "Acme.md").write_text(text, "utf-8")
    rows = csv.DictReader(io.StringIO(log(vault, "--date", "2026-01-20")))
    assert {row["Phone"] for row in rows} == {shown}


def test_days_outside_are_not_in_it(vault: Path) -> None:
    text = log(vault, "--from", "2026-01-08", "--to", "2026-01-12", "--date", "2026-01-20")
    assert [row["Date"] for row in csv.DictReader(io.StringIO(text))] == ["2026-01-12"]
    assert "2026-01-13" not in log(vault, "--date", "2026-01-12")


def test_days_the_wrong_way_round_say_what_to_type(vault: Path) -> None:
    said = log(vault, "--from", "2026-01-12", "--to", "2026-01-08", "--date", "2026-01-20", expect=2)
    assert "no day from 2026-01-12 to 2026-01-08" in said and "--from" in said


def test_it_speaks_the_language_of_the_vault(vault: Path) -> None:
    (vault / "Reconnect.md").write_text("---\nme: Jo\nlanguage: de\ntimezone: UTC\n---\n")
    text = log(vault, "--markdown", "--date", "2026-01-20")
    assert "| Datum | Arbeitgeber |" in text and "| Dankeskarte |" in text and "Interview" not in text


def test_the_numbers_are_those_of_the_notes(tmp_path: Path) -> None:
    """Counted once more, by somebody who knows nothing of plans; one note there cannot be read (exit code 3)."""
    root = tmp_path / "vault"
    shutil.copytree(Path(__file__).parent.parent / "example-vault", root)
    today, expected = "2026-12-31", Counter[tuple[str, str, str]]()
    for path in (root / "Interviews").rglob("*.md"):
        _, *parts = path.read_text("utf-8").split("---\n", 2)
        values = yaml.load(parts[0], yaml.BaseLoader) if len(parts) == 2 else {}
        if not (isinstance(values, dict) and re.match(r"\d{4}-\d\d-\d\d", values.get("interviewed", ""))):
            continue
        if values["interviewed"] > today:
            continue
        company = values.get("company", "")
        expected[values["interviewed"][:10], company, "Interview"] += 1
        for key, day in values.items():
            if re.fullmatch(r"card_sent|\w+_call(_\d+)?", key) and re.match(r"\d{4}", day) and day <= today:
                expected[day, company, "Thank-you card" if key == "card_sent" else "Telephone call"] += 1
        for day in re.findall(r"(?m)^- (\d{4}-\d\d-\d\d) \w+ call(?: \d+)? no answer", parts[1]):
            expected[day, company, "Telephone call, no answer"] += 1
    assert len(expected) > 5
    rows = csv.DictReader(io.StringIO(log(root, "--date", today, expect=3)))
    assert Counter((row["Date"], row["Employer"], row["Method"]) for row in rows) == expected
