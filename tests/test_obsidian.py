"""What Obsidian and its plugins are set to: the agenda is written for that, and read in any form."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from pendulum import Date

from reconnect_md import obsidian, reading, sync, taskline
from reconnect_md.model import Sign
from reconnect_md.outlook import frame
from reconnect_md.vault import Vault

DAY = Date(2026, 11, 20)
NOTE = """---
interviewed: 2026-11-16
company: Acme
interviewers: [Ana Rivera, Director]
phone: "512 555 0142"
card_sent: 2026-11-16
---

## What went well
- We agreed on the night shift

## What connected
- We both started on a loading dock

## Said, but wish I had not
- Why I left
  - Better: I had done what I came to do there

## Did not say, but wish I had
- I moved 40 people

## Requirements I do not satisfy
- none

## Log
"""


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, "-m", "reconnect_md", *words], capture_output=True, encoding="utf-8")


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "Interviews").mkdir()
    (tmp_path / "Interviews" / "Acme.md").write_text(NOTE, "utf-8")
    (tmp_path / "Reconnect.md").write_text("---\nme: Jordan\ntimezone: UTC\n---\n", "utf-8")
    return Vault(tmp_path)


def put(vault: Vault, name: str, value: object) -> None:
    path = vault.root / ".obsidian" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value), "utf-8")


def tasks(vault: Vault, **settings: object) -> None:
    put(vault, obsidian.PLUGINS, ["obsidian-tasks-plugin"])
    put(vault, obsidian.TASKS, settings)


def setting(vault: Vault, line: str) -> None:
    path = vault.root / "Reconnect.md"
    path.write_text(path.read_text("utf-8").replace("me: Jordan\n", f"me: Jordan\n{line}\n"), "utf-8")


def agenda(vault: Vault, day: Date = DAY) -> str:
    sync.run(vault, day)
    return (vault.root / "Agenda.md").read_text("utf-8")


def line(text: str) -> str:
    return next(one for one in text.split("\n") if (task := taskline.parse(one)) and task.id)


def tick(vault: Vault, old: str, new: str) -> None:
    path = vault.root / "Agenda.md"
    text = path.read_text("utf-8")
    changed = line(text).replace(old, new)
    assert changed != line(text)
    path.write_text(text.replace(line(text), changed), "utf-8")


def note(vault: Vault) -> str:
    return (vault.root / "Interviews" / "Acme.md").read_text("utf-8")


def test_task_lines_are_written_as_the_plugin_is_set(vault: Vault) -> None:
    assert line(agenda(vault)).startswith("- [ ] Call ") and "🆔 " in line(agenda(vault))
    tasks(vault, globalFilter="#task", taskFormat="dataview")
    found = line(agenda(vault))
    assert found.startswith("- [ ] #task Call ") and "  [due:: 2026-" in found and "[id:: " in found, found
    before = (vault.root / "Agenda.md").stat().st_mtime_ns
    agenda(vault)
    assert (vault.root / "Agenda.md").stat().st_mtime_ns == before
    put(vault, obsidian.PLUGINS, ["dataview"])
    assert line(agenda(vault)).startswith("- [ ] Call ")


@pytest.mark.parametrize("later", [{}, {"globalFilter": "#call"}, {"globalFilter": "#task", "taskFormat": "dataview"}])
@pytest.mark.parametrize("first", [{"globalFilter": "#task"}, {"globalFilter": "TODO", "taskFormat": "dataview"}])
def test_a_tick_is_kept_when_the_plugin_is_set_otherwise_meanwhile(
    vault: Vault, first: dict[str, str], later: dict[str, str]
) -> None:
    tasks(vault, **first)
    agenda(vault)
    tick(vault, "- [ ]", "- [x]")
    tasks(vault, **later)
    text = agenda(vault)
    assert "fix_call: 2026-11-20" in note(vault) and "## Log" in note(vault)
    assert "Call [" not in note(vault)  # a word of the filter is no remark
    assert agenda(vault) == text


def test_a_line_is_known_with_and_without_the_filter(vault: Vault) -> None:
    tasks(vault, globalFilter="#task")
    agenda(vault)
    tick(vault, "- [ ] #task ", "- [x] ")
    agenda(vault)
    assert "fix_call: 2026-11-20" in note(vault) and "Call [" not in note(vault)


@pytest.mark.parametrize("form", taskline.FORMATS.values())
@pytest.mark.parametrize("filter", ["", "#task", "TODO"])
def test_what_is_written_is_read(form: taskline.Format, filter: str) -> None:
    style = taskline.Style(form, filter)
    for sign in (Sign.OPEN, Sign.DONE, Sign.SKIPPED):
        written = f"{style.box(sign)} Call [a](b.md) {taskline.fields('a-fix', DAY, sign, DAY, form)}"
        task = taskline.parse(written)
        assert task and (task.id, task.sign, task.due, task.format) == ("a-fix", sign, [str(DAY)], form)
        assert task.closed == ([] if sign is Sign.OPEN else [str(DAY)]) and not task.typed
        assert task.words == f"{filter} Call [a](b.md)".strip()


def test_a_status_of_ones_own_counts_as_what_the_plugin_says(vault: Vault) -> None:
    custom = [{"symbol": "D", "type": "DONE"}, {"symbol": ">", "type": "DONE"}, {"symbol": "!", "type": "TODO"}, 5]
    tasks(vault, statusSettings={"customStatuses": custom})
    assert frame(vault).tasks.statuses == {"D": Sign.DONE}
    agenda(vault)
    tick(vault, "- [ ]", "- [D]")
    agenda(vault)
    assert "fix_call: 2026-11-20" in note(vault)


def test_a_setting_goes_before_what_the_plugin_is_set_to(vault: Vault) -> None:
    tasks(vault, globalFilter="#task", taskFormat="dataview")
    setting(vault, "tasks_filter: none\ntasks_format: emoji")
    assert frame(vault).tasks == taskline.Style()
    (vault.root / "Reconnect.md").write_text('---\ntasks_filter: "#call"\ntasks_format: emojis\n---\n', "utf-8")
    found = frame(vault)
    assert found.tasks == taskline.Style(taskline.DATAVIEW, "#call")
    assert [one.code for one in found.problems if one.code == "bad-setting"] == ["bad-setting"]


def test_half_a_file_of_the_plugin_changes_nothing(vault: Vault) -> None:
    tasks(vault, globalFilter="#task")
    before = frame(vault)
    (vault.root / ".obsidian" / obsidian.TASKS).write_text('{"globalFil', "utf-8")
    assert frame(vault, before).tasks == before.tasks and frame(vault).tasks == taskline.PLAIN


def test_excluded_files_are_not_looked_at(tmp_path: Path) -> None:
    """Folders as they are named, and patterns; one that is none harms nothing."""
    filters = ["Archive/", r"/(?i)old \d+\//", "/draft\\.md$/", "/[bad/", 7]
    for name in ("Archive/a", "Archived/b", "Old 12/c", "Older/d", "Deep/old 3/e", "My draft", "draft.md in words"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / f"{name}.md").write_text("---\ninterviewed: 2026-11-20\n---\n", "utf-8")
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / ".obsidian" / "app.json").write_text(json.dumps({"userIgnoreFilters": filters}), "utf-8")
    vault = Vault(tmp_path)
    found = reading.everything(vault, frame(vault), Date(2026, 11, 25)).notes.paths
    assert found == {"Archived/b.md", "Older/d.md", "draft.md in words.md"}
