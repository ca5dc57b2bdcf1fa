"""What `reconnect doctor` finds in real vaults."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.watching import Watching


def doctor(*words: str, cwd: Path | None = None, **env: str) -> tuple[dict[str, tuple[str, str]], int]:
    command = [sys.executable, "-m", "reconnect_md", "doctor", "--json", *words]
    path = {"PYTHONPATH": str(Path(__file__).parent.parent)} if cwd else {}
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", env={**os.environ, **path, **env})
    assert done.stdout, done.stderr
    facts = json.loads(done.stdout)["facts"]
    return {fact["name"]: (fact["found"], fact["remedy"]) for fact in facts}, done.returncode


def test_a_vault_in_order_wants_nothing(tmp_path: Path) -> None:
    settings = "---\nme: Jordan\nregion: US-TX\ntimezone:\nweekend: [Friday, Saturday]\n---\n"
    (tmp_path / "Reconnect.md").write_text(settings, "utf-8")
    found, code = doctor(str(tmp_path), XDG_CACHE_HOME=str(tmp_path.with_name("cache")), TZ="Asia/Tokyo")
    assert code == 0 and not [name for name, (_, remedy) in found.items() if remedy]
    assert found["me"][0] == "Jordan (Reconnect.md, line 2)"
    assert found["weekend"][0] == "Friday, Saturday (Reconnect.md, line 5)"
    assert found["timezone"][0] == "Asia/Tokyo (the computer's)"
    assert found["watcher"][0] == "none runs" and found["notes"][0] == "no evaluations, no problems"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Reconnect.md"]


def test_what_wants_something_says_what_to_do(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "Reconnect.md").write_text("---\nregion: Atlantis\n---\n", "utf-8")
    tasks = tmp_path / ".obsidian" / "plugins" / "obsidian-tasks-plugin"
    tasks.mkdir(parents=True)
    (tasks / "data.json").write_text('{"globalFilter": "*task*", "taskFormat": "dataview"}', "utf-8")
    (tmp_path / ".obsidian" / "community-plugins.json").write_text('["obsidian-tasks-plugin"]', "utf-8")
    (tmp_path / ".obsidian" / "daily-notes.json").write_text('{"folder": "Journal", "format": "[day]"}', "utf-8")
    found, code = doctor(str(tmp_path))
    assert code == 1
    remedies = {name: remedy for name, (_, remedy) in found.items() if remedy}
    assert set(remedies) == {"notes", "me", "region", "Tasks", "git"}
    assert "reconnect check" in remedies["notes"] and "me: Jordan Smith" in remedies["me"]
    assert found["Tasks"][0].startswith("on; lines in its dataview format, without a global filter; its own is *task*")
    assert found["daily note"][0].startswith("Journal/day.md; ")
    subprocess.run([sys.executable, "-m", "reconnect_md", "init", str(tmp_path), "--git"], check=True)
    assert doctor(str(tmp_path))[0]["git"] == ("merges agendas", "")


def test_without_a_vault_it_says_so(tmp_path: Path) -> None:
    found, code = doctor(cwd=tmp_path)
    assert code == 1 and "reconnect init" in found["vault"][1] and set(found) == {"reconnect", "vault"}


def test_what_cannot_be_found_out_says_so(tmp_path: Path) -> None:
    (tmp_path / "Reconnect.md").write_text("---\nme: Jordan\n---\n", "utf-8")
    (tmp_path / ".reconnect-doctor").write_text("a file where its folder would be")
    found, _ = doctor(str(tmp_path))
    assert found["file system"][0].startswith("cannot be found out") and "git" in found


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_it_names_the_watcher(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / "Reconnect.md").write_text("---\nme: Jordan\n---\n", "utf-8")
    with Watching(tmp_path / "vault") as watcher:
        found, _ = doctor(str(watcher.root), XDG_CACHE_HOME=watcher.env["XDG_CACHE_HOME"])
        assert found["watcher"][0].startswith(f"process {watcher.process.pid}, since ")
        assert watcher.count("written") == 1, "looking changes nothing"


def test_a_setting_that_is_not_used_says_so_with_what_to_write(tmp_path: Path) -> None:
    head = "---\nme: J\nhorizon: two weeks\ntimezone: Chicago\nregion: Texas\nphone: 0512555\n---\n"
    (tmp_path / "Reconnect.md").write_text(head, "utf-8")
    found, _ = doctor(str(tmp_path))
    assert found["horizon"] == ("two weeks (Reconnect.md, line 3, which is not used)", "write horizon: 14")
    assert found["timezone"] == ("Chicago (Reconnect.md, line 4, which is not used)", "write timezone: America/Chicago")
    assert found["region"] == ("Texas (Reconnect.md, line 5, which is not used)", "write US-TX")
    assert found["phone"] == ("0512555 (Reconnect.md, line 6)", "")
