"""The program as people run it: real processes, real files, exit codes."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from reconnect_md.cli.program import program

NOTE = """\
---
interviewed: {day}
company: Acme Logistics
interviewers:
  - Ana Rivera, Director of operations
---
## What went well
- The tour

## Said, but wish I had not
- Why I left
  - Better: I had done what I came to do there
"""


def run(*arguments: str, cwd: Path, expect: int = 0, **env: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "reconnect_md", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONIOENCODING": "", **env},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == expect, done.stderr + done.stdout
    return done


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    run("init", ".", "--me", "Jordan Smith", cwd=tmp_path)
    (tmp_path / "Interviews" / "Acme.md").write_text(NOTE.format(day="2026-01-07"), "utf-8")
    return tmp_path


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_init_says_what_it_made_and_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / ".obsidian" / "templates.json").write_text('{"folder": "My templates"}')
    first = run("init", "--me", "Zoë: “Z” #1", "--region", "DE-BY", cwd=tmp_path)
    assert "made My templates/Interview evaluation.md" in first.stderr
    assert 'me: "Zoë: “Z” #1"' in (tmp_path / "Reconnect.md").read_text("utf-8")
    (tmp_path / "Reconnect.md").write_text("---\nme: changed\n---\n")
    before = snapshot(tmp_path)
    second = run("init", "--me", "Other", cwd=tmp_path)
    assert "kept Reconnect.md (it was there)\nIn it nothing was changed." in second.stderr
    assert "between its two lines ---:\n  me: Other\n" in second.stderr and "interviews:" not in second.stderr
    assert "In it nothing" not in run("init", cwd=tmp_path).stderr, "nothing was given"
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("words", [["init", "taken"], ["init", "taken/new"], ["demo", "taken"], ["demo", "taken/new"]])
def test_a_file_where_a_folder_has_to_be_is_named(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "taken").write_text("mine", "utf-8")
    done = run(*words, cwd=tmp_path, expect=2)
    assert done.stderr.startswith("reconnect: taken is a file, and a folder has to be there\n  give that file another")
    assert snapshot(tmp_path) == {str(tmp_path / "taken"): b"mine"}


def test_init_refuses_a_region_that_is_none(tmp_path: Path) -> None:
    done = run("init", "--region", "US-XX", cwd=tmp_path, expect=2)
    assert "US-XX" in done.stderr and "such as US-AK" in done.stderr
    assert not list(tmp_path.iterdir())


def test_init_writes_the_time_zone_that_all_devices_are_to_have(tmp_path: Path) -> None:
    for zone, typed, written in [
        ("Europe/Berlin", [], "Europe/Berlin"),
        ("Europe/Berlin", ["--timezone", "Asia/Tokyo"], "Asia/Tokyo"),
        ("UTC", [], ""),  # a server, or nothing that is known
        ("Nowhere/Else", [], ""),
    ]:
        folder = tmp_path / f"{zone} {written}".replace("/", "-")
        run("init", str(folder), *typed, cwd=tmp_path, TZ=zone)
        assert f"\ntimezone: {written}".rstrip() + "\n" in (folder / "Reconnect.md").read_text("utf-8")


def test_init_makes_no_vault_in_a_vault(vault: Path) -> None:
    before = snapshot(vault)
    wrong = run("init", "Interviews", cwd=vault, expect=2).stderr
    assert f"Interviews is in the vault {vault.resolve()} already" in wrong
    assert f"`reconnect new {vault.resolve()}`" in wrong and f"interviews: Interviews in {vault.resolve()}" in wrong
    run("init", cwd=vault / "Interviews", expect=2)
    assert snapshot(vault) == before
    run("init", cwd=vault)


def test_init_makes_a_vault_of_obsidians_of_the_whole_of_it(tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    wrong = run("init", "Job search", cwd=tmp_path, expect=2).stderr
    run(*shlex.split(wrong.partition("type instead: reconnect ")[2]), cwd=tmp_path)
    assert "interviews: Job search\n" in (tmp_path / "Reconnect.md").read_text("utf-8")
    assert (tmp_path / "Job search").is_dir()


def test_init_offers_git_only_where_it_is(tmp_path: Path) -> None:
    done = run("init", "my notes", "--git", cwd=tmp_path, expect=2)
    assert "`git init 'my notes'`, then again: `reconnect init 'my notes' --git`" in done.stderr
    done = run("init", "--git", cwd=tmp_path, expect=2)
    assert f"{tmp_path.resolve()} is not in git" in done.stderr
    assert "`git init .`, then again: `reconnect init . --git`" in done.stderr
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    run("init", "--git", cwd=tmp_path)
    assert "Agenda.md merge=reconnect-agenda" in (tmp_path / ".gitattributes").read_text()


def test_an_hour_may_have_one_digit(vault: Path) -> None:
    made = run("new", "--company", "Bolt", "--interviewed", "2026-11-17T9:30", cwd=vault).stdout.strip()
    assert "\ninterviewed: 2026-11-17T09:30\n" in Path(made).read_text("utf-8")
    Path(made).write_text(Path(made).read_text("utf-8").replace("2026-11-17T09:30", "2026-11-17 9:30"), "utf-8")
    assert ", 09:30" in run("agenda", "--date", "2026-11-12", "--diff", cwd=vault).stdout


def test_a_part_of_a_name_will_do(vault: Path) -> None:
    (vault / "Interviews" / "Bolt.md").write_text(NOTE.format(day="7 Jan").replace("Acme Logistics", "Bolt"), "utf-8")
    assert "Acme.md" in run("plan", "acme", "--date", "2026-01-12", cwd=vault).stdout
    assert "Acme.md\n    Interviews/Bolt.md\n" in run("plan", ".", "interviews", cwd=vault, expect=2).stderr
    (vault / "Interviews" / "Acme West.md").write_text(NOTE.format(day="2026-01-08"), "utf-8")
    assert "West" not in run("plan", "acme", "--date", "2026-01-12", cwd=vault).stdout, "a whole name goes first"
    assert "West" in run("plan", "acme w", "--date", "2026-01-12", cwd=vault).stdout
    assert "Acme West.md\n    Interviews/Acme.md\n" in run("done", "acm", "fix", cwd=vault, expect=2).stderr
    assert "has no step fix" in run("done", "Bolt", "fix", cwd=vault, expect=2).stderr


def test_a_note_or_step_that_there_is_not_is_answered_with_those_there_are(vault: Path) -> None:
    for name in ("2026-01-08 Bolt & Co", "2026-01-08 Delta", "2026-01-08 Echo"):
        (vault / "Interviews" / f"{name}.md").write_text(NOTE.format(day="2026-01-08"), "utf-8")
    wrong = run("done", "botl", "fix", cwd=vault, expect=2).stderr
    assert wrong.startswith(
        "reconnect: no evaluation is called botl\n  did you mean:\n    Interviews/2026-01-08 Bolt & Co.md\n"
    )
    assert wrong.count("\n    ") == 1, "the others are not near"
    far = run("plan", "Zyxwv", cwd=vault, expect=2).stderr
    assert "did you mean" not in far and "reconnect plan" in far
    wrong = run("done", "Bolt", "add", cwd=vault, expect=2).stderr
    assert "it has card and fix; to see what is left out, and why: reconnect plan 'Interviews/2026" in wrong
    command = shlex.split(wrong.rpartition("reconnect ")[2])
    assert "“Add an answer” waits for your answer" in run(*command, cwd=vault).stdout


def test_a_note_is_found_by_its_company_where_no_file_is_called_so(vault: Path) -> None:
    for name, company in (("Tuesday", "Echo Foods"), ("Friday", "Échos & Söhne"), ("Monday", "Echo Foods")):
        text = NOTE.format(day="2026-01-07").replace("Acme Logistics", company)
        (vault / "Interviews" / f"{name}.md").write_text(text, "utf-8")
    for words in (("plan",), ("done",), ("skip",), ("rehearse",), ("new", "--from")):
        step = ["fix"] if words[0] in ("done", "skip") else []
        several = run(*words, "echo foods", *step, cwd=vault, expect=2).stderr
        assert "several evaluations are called echo foods" in several, words
        assert "Interviews/Monday.md\n    Interviews/Tuesday.md\n" in several
    assert "Friday.md: Fix an answer, done" in run("done", "échos", "fix", "--date", "2026-01-12", cwd=vault).stderr
    assert "fix_call: 2026-01-12" in (vault / "Interviews" / "Friday.md").read_text("utf-8")
    assert "Interviews/Friday.md" in run("plan", "Söhne", cwd=vault).stdout
    assert "Acme" in run("plan", "acme", cwd=vault).stdout, "the name of a file goes first"
    assert "did you mean:\n    Interviews/" in run("plan", "Eco Foods", cwd=vault, expect=2).stderr


def test_of_a_card_without_words_it_is_said_how_to_record_it(vault: Path) -> None:
    note = vault / "Interviews" / "Acme.md"
    note.write_text(NOTE.format(day="2026-01-07").replace("- The tour", "-"), "utf-8")
    refused = run("done", "Acme", "card", "--on", "2026-01-07", cwd=vault, expect=2).stderr
    assert "write one line below ## What went well there, or among its properties card_sent: 2026-01-07; " in refused
    note.write_text(
        note.read_text("utf-8").replace("\ninterviewers:", "\ncard_sent: 2026-01-07\ninterviewers:"), "utf-8"
    )
    assert "2026-01-07" in run("plan", "Acme", cwd=vault).stdout.partition("Send a thank-you card")[0]
    assert "compensate_call: skipped; " in run("skip", "Acme", "compensate", cwd=vault, expect=2).stderr


def test_where_there_is_no_note_yet_it_is_said_how_to_make_one(tmp_path: Path) -> None:
    (tmp_path / "Reconnect.md").touch()
    wrong = run("plan", "Acme", cwd=tmp_path, expect=2).stderr
    assert (
        wrong == "reconnect: there is no evaluation in this vault yet\n  after an interview, make one: reconnect new\n"
    )


def test_of_an_interview_that_is_still_to_come_there_is_nothing_to_say(vault: Path) -> None:
    done = run("done", "Acme", "fix", "--date", "2026-01-05", cwd=vault, expect=2)
    assert "still to come, on 2026-01-07" in done.stderr


def test_what_is_said_again_and_what_was_said_otherwise(vault: Path) -> None:
    run("skip", "Acme", "fix", cwd=vault)
    assert "says so already" in run("skip", "Acme", "fix", cwd=vault).stderr
    refused = run("done", "Acme", "fix", cwd=vault, expect=2).stderr
    assert "fix_call says skipped already" in refused and "reconnect undo 'Interviews/Acme.md' fix" in refused
    run("undo", "Acme", "fix", cwd=vault)
    run("done", "Acme", "fix", cwd=vault)
    assert "nobody answers it" in run("again", "Acme", "card", cwd=vault, expect=2).stderr


def test_new_makes_a_note_that_is_read_again(vault: Path) -> None:
    arguments = (
        "--company",
        'A/B: "C" #1?',
        "--interviewer",
        "Dr. Ana, CEO",
        "--interviewer",
        "No",
        "--interviewed",
        "2026-01-07T14:00",
    )
    path = Path(run("new", *arguments, cwd=vault).stdout.strip())
    again = Path(run("new", *arguments, cwd=vault).stdout.strip())
    assert path.parent == vault / "Interviews" and path != again
    assert not set('\\/:*?"<>|#^[]') & set(path.name)
    plan = json.loads(run("plan", str(path), "--json", "--date", "2026-01-08", cwd=vault).stdout)
    assert plan["plans"][0]["company"] == 'A/B: "C" #1?'
    assert plan["plans"][0]["interviewed"] == "2026-01-07"
    assert "  - Dr. Ana, CEO\n" in path.read_text("utf-8")


def test_agenda_is_written_once(vault: Path) -> None:
    assert "written" in run("agenda", "--date", "2026-01-12", cwd=vault).stderr
    before = (vault / "Agenda.md").stat()
    assert "is right" in run("agenda", "--date", "2026-01-12", cwd=vault).stderr
    assert (vault / "Agenda.md").stat().st_mtime_ns == before.st_mtime_ns
    assert (vault / "Agenda.md").stat().st_ino == before.st_ino


def test_check_and_diff_write_nothing(vault: Path) -> None:
    before = snapshot(vault)
    run("agenda", "--date", "2026-01-12", "--check", cwd=vault, expect=1)
    assert (
        "+- [ ] Call [Ana Rivera, Acme Logistics]" in run("agenda", "--date", "2026-01-12", "--diff", cwd=vault).stdout
    )
    assert snapshot(vault) == before
    run("agenda", "--date", "2026-01-12", cwd=vault)
    run("agenda", "--date", "2026-01-12", "--check", cwd=vault)


def test_json_has_the_documented_keys(vault: Path) -> None:
    plan = json.loads(run("plan", "--json", "--date", "2026-01-12", cwd=vault).stdout)
    assert {"today", "vault", "plans", "problems"} <= plan.keys()
    step = plan["plans"][0]["steps"][1]
    assert {
        "step": "fix",
        "kind": "call",
        "to": "Ana Rivera",
        "status": "due",
        "due": "2026-01-12",
        "latest": "2026-01-13",
    }.items() <= step.items()
    assert step["passed_over"] == [
        {"date": "2026-01-10", "why": "Saturday"},
        {"date": "2026-01-11", "why": "Sunday"},
    ]
    assert step["script"].endswith(
        "Thank you. I really want to work with you. Is now a good time to schedule a second interview?"
    )
    agenda = json.loads(run("agenda", "--json", "--date", "2026-01-12", cwd=vault).stdout)
    assert agenda["written"] == ["Agenda.md"] and agenda["marks"] == []
    assert agenda["items"][0]["note"] == "Interviews/Acme.md"


def test_a_broken_note_harms_only_itself(vault: Path) -> None:
    note = vault / "Interviews" / "Acme.md"
    (vault / "Interviews" / "Bolt.md").write_text(
        NOTE.format(day="2026-01-06").replace("Acme Logistics", "Bolt"), "utf-8"
    )
    run("agenda", "--date", "2026-01-12", cwd=vault)
    entry = next(
        line for line in (vault / "Agenda.md").read_text("utf-8").split("\n") if "Call [Ana Rivera, Acme" in line
    )
    agenda = vault / "Agenda.md"
    ticked = entry.replace("- [ ]", "- [x]") + " ✅ 2026-01-12"
    agenda.write_text(agenda.read_text("utf-8").replace(entry, ticked + "\n    - talked to Ana"), "utf-8")
    note.write_text(NOTE.format(day="7 January"), "utf-8")
    done = run("agenda", "--date", "2026-01-12", cwd=vault, expect=3)
    assert "Interviews/Acme.md:2:14: bad-date" in done.stderr
    text = (vault / "Agenda.md").read_text("utf-8")
    assert ticked + "\n    - talked to Ana\n" in text, "its entry stands"
    assert "Call [Ana Rivera, Bolt" in text, "the other goes on"
    run("agenda", "--date", "2026-01-12", "--check", cwd=vault, expect=3)
    note.write_text(NOTE.format(day="2026-01-07"), "utf-8")
    run("agenda", "--date", "2026-01-12", cwd=vault)
    assert "- 2026-01-12 fix call:\n  - talked to Ana\n" in note.read_text("utf-8"), "and its mark is carried then"


@pytest.mark.parametrize(
    "change", [("---\n", "", 1), ("---\n", "Acme, on Wednesday\n\n---\n", 1), ("---\n", "—-\n", 1)]
)
def test_the_calls_of_a_note_without_its_first_line_stand(vault: Path, change: tuple[str, str, int]) -> None:
    run("agenda", "--date", "2026-01-12", cwd=vault)
    note = vault / "Interviews" / "Acme.md"
    note.write_text(note.read_text("utf-8").replace(*change), "utf-8")
    done = run("agenda", "--date", "2026-01-12", cwd=vault, expect=3)
    remedy = "write --- in line 1, in place of —-" if "—-" in change[1] else "type a line with only ---"
    assert "no-opening" in done.stderr and remedy in done.stderr
    text = (vault / "Agenda.md").read_text("utf-8")
    assert "- [ ] Call [Ana Rivera, Acme" in text and "Nothing due" not in text
    assert text.split("\n")[2] == "1 thing below needs attention."


def test_a_note_of_their_own_with_the_agendas_name_is_left(vault: Path) -> None:
    (vault / "Agenda.md").write_text("# Team meeting\n- [ ] coffee\n")
    done = run("agenda", cwd=vault, expect=2)
    assert "did not write" in done.stderr and "agenda:" in done.stderr
    assert (vault / "Agenda.md").read_text() == "# Team meeting\n- [ ] coffee\n"


def test_an_agenda_for_each_day(vault: Path) -> None:
    settings = vault / "Reconnect.md"
    settings.write_text(settings.read_text("utf-8").replace("agenda: Agenda.md", 'agenda: "Agenda/{date}.md"'), "utf-8")
    run("agenda", "--date", "2026-01-12", cwd=vault)
    run("agenda", "--date", "2026-01-13", cwd=vault)
    assert sorted(path.name for path in (vault / "Agenda").iterdir()) == ["2026-01-12.md", "2026-01-13.md"]
    assert "](../Interviews/Acme.md)" in (vault / "Agenda" / "2026-01-12.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("agenda", "--date", "12/1/2026"), "year-month-day"),
        (("agenda", "--date", "30/11/2026"), "year-month-day: 2026-11-30."),
        (("agenda", "--date", "30th"), "year-month-day: YYYY-MM-DD (year, month, day)."),
        (("done", "Acme", "fix", "--on", "Nov 20, 2026"), "year-month-day: 2026-11-20."),
        (("new", "--interviewed", "20/11/2026"), "write 2026-11-20"),
        (("new", "--interviewed", "2026-11-20 2pm"), "write 2026-11-20T14:00"),
        (("new", "--interviewed", "soon"), "write YYYY-MM-DD"),
        (("agenda", "nowhere"), "nowhere"),
        (("plan", "nowhere.md"), "nowhere.md"),
        (("agneda",), "agneda"),
    ],
)
def test_wrong_use_exits_2_and_says_the_right_one(vault: Path, arguments: tuple[str, ...], word: str) -> None:
    done = run(*arguments, cwd=vault, expect=2)
    assert word in done.stderr and "Traceback" not in done.stderr and not done.stdout


def test_settings_without_their_first_line_are_a_problem(vault: Path) -> None:
    settings = vault / "Reconnect.md"
    settings.write_text(settings.read_text("utf-8").removeprefix("---\n"), "utf-8")
    said = run("check", "--date", "2026-01-12", cwd=vault, expect=1).stdout
    assert "Reconnect.md:1:1: no-opening" in said and "no-name" not in said
    settings.write_text("How I use it: my agenda is on the phone\n", "utf-8")
    assert "no-opening" not in run("agenda", "--date", "2026-01-12", cwd=vault).stderr


@pytest.mark.parametrize(
    "unread",
    [
        "---\nregion: [US-TX\n---\n",
        "---\nregion: US-TX\n",
        "---\n<<<<<<< HEAD\nregion: US-TX\n=======\nregion: GB\n>>>>>>> other\n---\n",
        "region: US-TX\n---\n",
        None,
    ],
)
def test_without_its_settings_nothing_is_planned_nor_written(vault: Path, unread: str | None) -> None:
    settings = vault / "Reconnect.md"
    settings.write_text("---\nregion: US-TX\nagenda: Mine.md\n---\n", "utf-8")
    run("agenda", "--date", "2026-01-12", cwd=vault)
    settings.unlink()
    if unread is None:
        settings.symlink_to(vault / "on a drive that is away.md")
    else:
        settings.write_text(unread, "utf-8")
    before = snapshot(vault)
    for words in (["agenda"], ["agenda", "--check"], ["plan"], ["new"], ["done", "Acme", "fix"]):
        done = run(*words, cwd=vault, expect=2)
        assert "Reconnect.md:" in done.stderr and not done.stdout
    assert "Reconnect.md:" in run("check", cwd=vault, expect=1).stdout
    assert snapshot(vault) == before


def test_settings_that_are_being_saved_are_waited_for(vault: Path) -> None:
    settings = vault / "Reconnect.md"
    good = settings.read_text("utf-8")
    settings.write_text("", "utf-8")
    command = [sys.executable, "-m", "reconnect_md", "agenda", "--date", "2026-01-12"]
    pass_ = subprocess.Popen(command, cwd=vault, stderr=subprocess.PIPE, encoding="utf-8")
    time.sleep(0.5)
    settings.write_text(good.replace("agenda: Agenda.md", "agenda: Mine.md"), "utf-8")
    assert pass_.wait(timeout=30) == 0
    assert (vault / "Mine.md").exists() and not (vault / "Agenda.md").exists()


def test_exit_codes_are_those_of_the_readme(vault: Path) -> None:
    settings, step = vault / "Reconnect.md", vault / "Templates" / "Reconnect" / "fix.md"
    agenda = ("agenda", "--date", "2026-01-12")
    settings.write_text("---\nregion: Mars\nhorizon: soon\n---\n", "utf-8")
    step.parent.mkdir()
    step.write_text("---\nstep: fix\n---\n", "utf-8")
    warned = run(*agenda, cwd=vault)
    assert all(code in warned.stderr for code in ("unknown-region", "bad-setting", "bad-step"))
    run(*agenda, "--check", cwd=vault)
    settings.write_text("---\nregion: [US-TX\n---\n", "utf-8")
    assert "bad-yaml" in run(*agenda, cwd=vault, expect=2).stderr
    settings.unlink()
    (vault / "Interviews" / "Broken.md").write_text("---\ninterviewed: [\n---\n", "utf-8")
    assert "bad-yaml" in run(*agenda, cwd=vault, expect=3).stderr
    run("init", "elsewhere", "--region", "Mars", cwd=vault, expect=2)


def test_check_says_what_is_wrong_in_the_words_of_each_reader(vault: Path) -> None:
    clean = snapshot(vault)
    hints = run("check", "--date", "2026-01-12", cwd=vault)
    assert hints.stderr == "2 hints\n" and hints.stdout.count("nothing-to-say") == 2
    (vault / "Interviews" / "a, b.md").write_text("---\ninterviewed: 20/11/2026\nfix_cal: 100%\n---\n", "utf-8")
    text = run("check", "--date", "2026-01-12", cwd=vault, expect=1)
    assert "Interviews/a, b.md:2:14: bad-date interviewed is not a date" in text.stdout
    assert text.stderr == "1 error, 1 warning, 2 hints\n"
    problems = json.loads(run("check", "--json", cwd=vault, expect=1).stdout)["problems"]
    error = next(one for one in problems if one["code"] == "bad-date")
    assert (error["note"], error["line"], error["column"], error["severity"]) == ("Interviews/a, b.md", 2, 14, "error")
    annotations = run("check", "--format", "github", cwd=vault, expect=1).stdout
    assert "\n::error file=Interviews/a%2C b.md,line=2,col=14,title=bad-date::interviewed is not" in annotations
    (run_,) = json.loads(run("check", "--format", "sarif", cwd=vault, expect=1).stdout)["runs"]
    found = next(one for one in run_["results"] if one["level"] == "error")
    place = found["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "Interviews/a%2C%20b.md"
    assert place["region"] == {"startLine": 2, "startColumn": 14}
    assert run_["tool"]["driver"]["rules"][found["ruleIndex"]]["id"] == found["ruleId"] == "bad-date"
    (vault / "Interviews" / "a, b.md").unlink()
    assert snapshot(vault) == clean


def test_no_vault_is_said(tmp_path: Path) -> None:
    assert "reconnect init" in run("agenda", cwd=tmp_path, expect=2).stderr


def test_every_command_has_help_with_examples(tmp_path: Path) -> None:
    for command in ("init", "new", "agenda", "plan", "check", "watch", "service", "demo"):
        text = run(command, "--help", cwd=tmp_path).stdout
        assert text.count(f"reconnect {command}") >= 2, command


def test_a_day_that_is_none_is_looked_for_near_the_day_that_is_theirs(vault: Path) -> None:
    settings = vault / "Reconnect.md"
    settings.write_text(settings.read_text("utf-8").replace("---\n", "---\nlanguage: de\n", 1), "utf-8")
    for typed, meant in (("yesterday", "2026-01-11"), ("gestern", "2026-01-11"), ("12/31", "2025-12-31")):
        refused = run("done", "Acme", "card", "--on", typed, "--date", "2026-01-12", cwd=vault, expect=2).stderr
        assert f"value for --on: {typed} is not a date. Write it as year-month-day: {meant}.\n" in refused
    refused = run("done", "Acme", "card", "--on", "tomorrow", "--date", "2026-01-12", cwd=vault, expect=2).stderr
    assert "tomorrow is 2026-01-13, a day that is still to come" in refused
    # Of these two it is never the same day.
    days = []
    for zone in ("Pacific/Kiritimati", "Pacific/Midway"):
        settings.write_text(re.sub("timezone:.*", f"timezone: {zone}", settings.read_text("utf-8")), "utf-8")
        days.append(run("done", "Acme", "card", "--on", "yesterday", cwd=vault, expect=2).stderr)
    assert days[0] != days[1]
    text = run("new", "--interviewed", "21. Dezember 2026 um 14 Uhr", cwd=vault, expect=2).stderr
    assert "write 2026-12-21T14:00\n" in text


def test_help_is_a_word_too(tmp_path: Path) -> None:
    for words, same in ((["help"], ["--help"]), (["help", "done"], ["done", "--help"])):
        assert run(*words, cwd=tmp_path).stdout == run(*same, cwd=tmp_path).stdout
    assert "No such command 'dnoe'" in run("help", "dnoe", cwd=tmp_path, expect=2).stderr


def test_check_looks_at_the_notes_that_are_named(vault: Path) -> None:
    slip = "---\ninterviewed: 2025-11-20\ncompany: {}\nphone: +15125550142\noutcome: offer\n---\n"
    for name in ("Bolt", "Delta"):
        (vault / "Interviews" / f"{name}.md").write_text(slip.format(f"{name} Works"), "utf-8")
    for words in (["bolt works"], ["Bolt"], ["Interviews/Bolt.md"], [".", "Bolt.md"]):
        said = run("check", *words, cwd=vault, expect=1)
        assert "Interviews/Bolt.md" in said.stdout and "Delta" not in said.stdout, words
        assert said.stderr == "1 warning\n"
    assert run("check", "Acme", "--date", "2026-01-12", cwd=vault).stdout.count("Interviews/Acme.md") > 0
    assert "Interviews/Bolt.md\n" in run("check", "Bold", cwd=vault, expect=2).stderr, "did you mean"
    assert '+phone: "+15125550142"' in run("check", "Delta", "--diff", cwd=vault, expect=1).stdout
    run("check", "Delta", "--fix", cwd=vault)
    assert "+15125550142\n" not in (vault / "Interviews" / "Delta.md").read_text("utf-8")
    assert "+15125550142\n" in (vault / "Interviews" / "Bolt.md").read_text("utf-8"), "nobody named it"


def test_demo_shows_work_on_any_day_and_works_twice(tmp_path: Path) -> None:
    for day in ("2026-11-23", "2026-12-25", "2027-02-28"):
        shown = run("demo", "--date", day, cwd=tmp_path).stdout
        assert "## Late" in shown and "- [ ] Call" in shown
    for day in ("2026-11-26", "2026-11-24"):  # Thanksgiving Day; and a day that is not today either
        told = run("demo", f"of {day}", "--date", day, cwd=tmp_path).stderr
        words = shlex.split(told.rpartition("and run: reconnect ")[2])
        again = run(*words, cwd=tmp_path, expect=3).stderr
        assert "Agenda.md is right as it stands" in again and again.count("Interviews/") == 1, "the slip that it shows"
    run("demo", "mine", cwd=tmp_path)
    assert "not empty" in run("demo", "mine", cwd=tmp_path, expect=2).stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM] if os.name != "nt" else [])
def test_watch_follows_changes_and_stops_cleanly(vault: Path, stop: signal.Signals) -> None:
    watcher = subprocess.Popen(
        [sys.executable, "-m", "reconnect_md", "watch"], cwd=vault, stderr=subprocess.PIPE, encoding="utf-8"
    )
    try:
        agenda, note = vault / "Agenda.md", vault / "Interviews" / "Acme.md"
        wait_for(agenda.exists)
        note.write_text(note.read_text("utf-8").replace("Acme Logistics", "In place"), "utf-8")
        wait_for(lambda: "In place" in agenda.read_text("utf-8"))
        temporary = note.with_name(".Acme.md.tmp")
        temporary.write_text(note.read_text("utf-8").replace("In place", "By rename"), "utf-8")
        temporary.replace(note)
        wait_for(lambda: "By rename" in agenda.read_text("utf-8"))
        agenda.write_text(agenda.read_text("utf-8").replace("## Late", "## Late\n\nmy remark"), "utf-8")
        agenda.write_text(agenda.read_text("utf-8").replace("- [ ] Call", "- [-] Call", 1), "utf-8")
        wait_for(lambda: "fix_call: skipped" in note.read_text("utf-8"))
        note.with_name("Another.md").write_text("---\ninterviewed: 2026-01-05\n---\n", "utf-8")
        note.unlink()
        wait_for(lambda: "By rename" not in agenda.read_text("utf-8"))
        assert "my remark" in agenda.read_text("utf-8")
    finally:
        watcher.send_signal(stop)
        _, said = watcher.communicate(timeout=20)
    assert watcher.returncode == 130 and "Traceback" not in said
    assert "Interviews/Acme.md: Fix an answer, skipped\n" in said
    assert not list(vault.rglob(".reconnect-*"))


def wait_for(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


def test_a_folder_or_a_note_of_a_vault_stands_for_it_and_what_is_none_is_said(tmp_path: Path) -> None:
    vault, other = tmp_path / "vault", tmp_path / "other"
    (vault / "Interviews").mkdir(parents=True)
    other.mkdir()
    (vault / "Reconnect.md").write_text("---\nme: J\ntimezone: UTC\n---\n", "utf-8")
    note = vault / "Interviews" / "Acme.md"
    note.write_text("---\ninterviewed: 2026-01-07\ncompany: Acme\n---\n## What went well\n- a\n", "utf-8")
    for named in (vault / "Interviews", note):
        done = run("agenda", str(named), "--date", "2026-01-07", cwd=other)
        assert f"{named} is in the vault {vault}, which is used." in done.stderr
    assert (vault / "Agenda.md").exists() and not (vault / "Interviews" / "Agenda.md").exists()
    assert run("plan", str(note), "--date", "2026-01-07", cwd=other).stderr == ""
    for command in ("agenda", "check", "watch", "plan"):
        done = run(command, str(other), cwd=vault, expect=2)
        assert "is no vault" in done.stderr and "reconnect init" in done.stderr
    assert not any(other.iterdir())
    note.rename(other / "Acme.md")
    run("agenda", "--date", "2026-01-07", cwd=other)
    assert (other / "Agenda.md").exists()
    (other / "Reconnect.md").touch()
    run("agenda", cwd=tmp_path, expect=2)  # that folders in it are vaults makes it none


def test_a_shell_completes_notes_steps_and_regions(tmp_path: Path) -> None:
    def completed(words: str, cwd: Path) -> list[str]:
        asked = {"_RECONNECT_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        command = [sys.executable, "-m", "reconnect_md"]
        done = subprocess.run(command, cwd=cwd, env={**os.environ, **asked}, capture_output=True, encoding="utf-8")
        assert not done.stderr
        return [line.removeprefix("plain,") for line in done.stdout.splitlines() if line]

    vault = tmp_path / "vault"
    run("demo", str(vault), cwd=tmp_path)
    assert any("Acme Logistics" in name for name in completed("reconnect done acme", vault))
    assert completed("reconnect skip Acme f", vault) == ["fix"]
    assert {"GB-SCT", "GB-ENG"} <= set(completed("reconnect init --region gb-", vault))
    assert completed("reconnect done a", tmp_path) == []
    assert any("Acme Logistics" in name for name in completed("reconnect done --vault vault acme", tmp_path))
    assert completed("reconnect done --vault vault Acme f", tmp_path) == ["fix"]
    assert any("Acme Logistics" in name for name in completed("reconnect plan vault acme", tmp_path))
    assert completed("reconnect plan vau", tmp_path) == ["file,vau"]
    (vault / "Reconnect.md").write_bytes(b"---\nme: [\xff\n")
    assert any("Acme Logistics" in name for name in completed("reconnect done acme", vault))
    for shell in ("bash", "zsh", "fish"):
        assert "_RECONNECT_COMPLETE" in run("completion", shell, cwd=tmp_path).stdout


def test_a_slip_in_a_command_or_an_option_is_answered_with_the_right_one(tmp_path: Path) -> None:
    assert "Did you mean 'done'?" in run("donne", cwd=tmp_path, expect=2).stderr
    assert "Did you mean '--json'?" in run("plan", "--jsn", cwd=tmp_path, expect=2).stderr
    assert "reconnect done Acme fix" in run("done", cwd=tmp_path, expect=2).stderr


def commands() -> dict[str, click.Command]:
    context = click.Context(program)
    found = {name: program.get_command(context, name) for name in program.list_commands(context)}
    return {name: command for name, command in found.items() if command}


def examples() -> dict[str, list[str]]:
    return {name: [one.strip() for one in (it.epilog or "").split("\n")[2:]] for name, it in commands().items()}


def test_every_command_has_two_examples() -> None:
    assert {name for name, found in examples().items() if len(found) != 2} == {"merge-agenda"}, "git calls that one"


NEVER_END_OR_SET_UP_A_SERVICE = ("reconnect watch", "reconnect service install")


def test_the_examples_work(tmp_path: Path) -> None:
    """In a home of its own, each with the same note."""
    job_search, note = tmp_path / "job-search", "Interviews/2026-11-20 Acme.md"

    def shell(command: str) -> None:
        script = command.replace("reconnect", f"{shlex.quote(sys.executable)} -m reconnect_md", 1)
        env = {**os.environ, "HOME": str(tmp_path), "PYTHONPATH": str(Path(__file__).parent.parent)}
        words, cwd = ["sh", "-c", script], job_search if job_search.exists() else tmp_path
        done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        assert done.returncode in (0, 1), f"{command}: {done.stderr}"

    found = examples()
    shell(found["init"][1])
    shell("reconnect init ~/clients/anna")
    text = NOTE.format(day="2026-11-20").replace("## What", "## Requirements I do not satisfy\n- x\n\n## What")
    text += "\n## Did not say, but wish I had\n- y\n"
    for name, commands in found.items():
        for command in commands:
            if command.startswith(NEVER_END_OR_SET_UP_A_SERVICE):
                continue
            for other in job_search.glob("Interviews/*.md"):
                other.unlink()
            (job_search / note).write_text(text, "utf-8")
            if name == "undo":
                shell(f"reconnect done Acme {command.split()[3]}")
            shell(command)


def test_two_stray_quotes_in_one_note_harm_only_itself(vault: Path) -> None:
    (vault / "Interviews" / "Bad.md").write_text(
        "---\ninterviewed: 2026-11-20\ncompany: \"Acme\"'\nposition: Head of Macy's stores\n---\n", "utf-8"
    )
    (vault / "Interviews" / "Odd.md").write_text("---\ntags: [interview]\n~: [a, b]\n---\n", "utf-8")
    said = run("agenda", "--date", "2026-01-12", cwd=vault, expect=3).stderr
    assert said.count("bad-yaml") == 1 and (vault / "Agenda.md").exists()
    (vault / "Reconnect.md").write_text("---\nme: \"Jo\"'\nx: Macy's\n---\n", "utf-8")
    assert "Reconnect.md:2:" in run("check", cwd=vault, expect=1).stdout


def test_settings_below_other_words_are_not_passed_over(vault: Path) -> None:
    settings = vault / "Reconnect.md"
    settings.write_text(f"# My settings\n\n{settings.read_text('utf-8')}", "utf-8")
    assert "Reconnect.md:4:1: no-opening" in run("agenda", "--date", "2026-01-12", cwd=vault, expect=2).stderr
    settings.rename(vault / ".Reconnect.md.icloud")
    assert "iCloud" in run("agenda", "--date", "2026-01-12", cwd=vault, expect=2).stderr
    assert not (vault / "Agenda.md").exists()


def test_without_its_settings_no_other_note_is_put_right(vault: Path) -> None:
    (vault / "Interviews" / "Slip.md").write_text("---\ninterviewed: 2026-01-07\ncompny: Acme\n---\n", "utf-8")
    (vault / "Reconnect.md").write_text("---\nignore: [Interviews\n---\n", "utf-8")
    before = snapshot(vault)
    run("check", "--fix", cwd=vault, expect=1)
    assert snapshot(vault) == before


@pytest.mark.parametrize("where", ["Delta at root.md", "Other/Delta at root.md"])
@pytest.mark.parametrize("command", [("done", "Delta at root", "fix"), ("plan", "Delta at root.md")])
def test_an_evaluation_that_is_not_looked_at_is_said_to_be_elsewhere(
    tmp_path: Path, where: str, command: tuple[str, ...]
) -> None:
    (tmp_path / "Interviews").mkdir()
    (tmp_path / "Reconnect.md").write_text("---\ninterviews: Interviews\ntimezone: UTC\n---\n", "utf-8")
    (tmp_path / where).parent.mkdir(exist_ok=True)
    (tmp_path / where).write_text("---\ninterviewed: 2026-11-20\ncompany: Delta\n---\n", "utf-8")
    said = run(*command, cwd=tmp_path, expect=2).stderr
    assert "Delta at root.md is not in Interviews" in said and "move it into Interviews" in said


def test_a_note_that_is_no_evaluation_is_said_to_be_none(vault: Path) -> None:
    (vault / "Interviews" / "Shopping.md").write_text("- bread\n", "utf-8")
    assert "Shopping.md is no evaluation" in run("plan", "Interviews/Shopping.md", cwd=vault, expect=2).stderr
