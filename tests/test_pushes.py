"""A vault in git: the workflow's script with real git, conflicts that heal, several vaults, a timer."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import pushes
from reconnect_md import create, lines, merge, outlook, sync
from reconnect_md.vault import Vault

from .test_cli import NOTE, run, vault
from .test_docs import CHECKOUT, fences

__all__ = ["vault"]

BOTH = "a\n<<<<<<< x\nb\n=======\nc\n>>>>>>> y\nd\n"


@pytest.mark.skipif(not shutil.which("git") or sys.platform == "win32", reason="needs git and a shell")
def test_a_phone_a_desktop_and_the_workflow(tmp_path: Path) -> None:
    wrong = pushes.play(tmp_path, 1, 4)
    assert [one for one in wrong if not one.startswith("twice")] == [], "plain git may put a moved line twice by itself"


@pytest.mark.skipif(not shutil.which("git") or sys.platform == "win32", reason="needs git and a shell")
def test_a_conflict_that_a_phone_pushed_is_merged_with_its_base(tmp_path: Path) -> None:
    """Whole entries stand in such a conflict, which the last line of neither side knows."""
    action, phone, desk = pushes.clones(tmp_path, random.Random(1))
    for one, typed in ((desk, "from the desk"), (phone, "from the phone")):
        page = one.root / "Agenda.md"
        line = next(line for line in page.read_text("utf-8").splitlines() if line.startswith("- [ ] Call"))
        page.write_text(page.read_text("utf-8").replace(line, f"{line.replace('[ ]', '[x]')}\n    - {typed}"), "utf-8")
    desk.push()
    assert pushes.workflow(action).wait() == 0
    phone.git("commit", "-qam", "typed")
    assert phone.git("pull", "-q", "--no-rebase", "--no-edit", check=False), "a conflict"
    assert "<<<<<<< " in (phone.root / "Agenda.md").read_text("utf-8")
    made = sync.run(Vault(phone.root), write=False)
    assert "conflict-markers" in {one.code for one in made.problems} and not made.changes, (
        "without history none is sure"
    )
    phone.git("commit", "-qam", "as it is")
    phone.git("push", "-q")
    assert pushes.workflow(action).wait() == 0
    agenda, note = ((action.root / name).read_text("utf-8") for name in ("Agenda.md", "Firm0.md"))
    assert "<<<<<<< " not in agenda and agenda.count("from the phone") == agenda.count("from the desk") == 1
    assert note.count("from the phone") == note.count("from the desk") == 1 and "They answer" not in note

    page = phone.root / "Agenda.md"
    page.write_text(page.read_text("utf-8").replace("=======\n", "=======\ntyped on\n"), "utf-8")
    phone.git("commit", "-qam", "typed between the signs, and pulled with a conflict once more")
    assert phone.git("pull", "-q", "--no-rebase", "--no-edit", check=False), "a conflict"
    phone.git("commit", "-qam", "as it is")
    phone.git("push", "-q")
    assert pushes.workflow(action).wait() == 0
    agenda, note = ((action.root / name).read_text("utf-8") for name in ("Agenda.md", "Firm0.md"))
    counts = {typed: (agenda + note).count(typed) for typed in ("<<<<<<< ", "from the phone", "from the desk")}
    assert counts == {"<<<<<<< ": 0, "from the phone": 2, "from the desk": 2}
    assert "typed on" in agenda


@pytest.mark.skipif(not shutil.which("git") or sys.platform == "win32", reason="needs git and a shell")
@pytest.mark.parametrize("own", [False, True], ids=["", "a commit of its own"])
@pytest.mark.parametrize("below", ["\n    - on her desk\n\n", "\non her desk, for Ana\n"], ids=["merges", "conflict"])
def test_what_a_phone_pushes_late_counts_for_the_day_on_which_it_was_ticked(
    tmp_path: Path, below: str, own: bool
) -> None:
    """A tick in the evening, and the agenda of the next days is there before the phone pulls: git alone merges both."""
    program = tmp_path / "reconnect"

    def workflow(day: str) -> None:
        program.write_text(f'[ "$1" = agenda ] && set -- "$@" --date {day}\n{sys.executable} -m reconnect_md "$@"\n')
        env = {**os.environ, "RECONNECT": f"sh {program}"}
        subprocess.run([pushes.RUN, action.root], env=env, check=True, capture_output=True)

    action, phone, _ = pushes.clones(tmp_path, random.Random(1))
    (action.root / "Firm3.md").write_text(pushes.NOTE.format(day="2026-12-10", number=3), "utf-8")
    action.git("rm", "-q", *(f"Firm{number}.md" for number in range(3)))
    action.git("add", "-A")
    action.git("commit", "-qm", "an interview")
    workflow("2026-12-10")
    phone.git("pull", "-q")
    page = phone.root / "Agenda.md"
    text = page.read_text("utf-8")
    card = next(line for line in text.splitlines() if "🆔 firm3-" in line and "-card" in line)
    page.write_text(text.replace(f"{card}\n\n", card.replace("[ ]", "[x]") + below), "utf-8")
    phone.git("commit", "-qam", "typed")
    workflow("2026-12-14")
    conflict = phone.git("pull", "-q", "--no-rebase", "--no-edit", check=False)
    assert bool(conflict) == ("for Ana" in below)
    if conflict:
        made = sync.run(Vault(phone.root), write=False)
        assert not made.marks and "conflict-markers" in {one.code for one in made.problems}, "whose words are they?"
        phone.git("commit", "-qam", "as it is")
    phone.git("push", "-q")
    if own:  # where a timer runs it, somebody may write, too
        (action.root / "mine.txt").write_text("mine")
        action.git("add", "-A")
        action.git("commit", "-qm", "mine")
    workflow("2026-12-14")
    note = (action.root / "Firm3.md").read_text("utf-8")
    assert "card_sent: 2026-12-10\n" in note
    said = "\n  - on her desk\n" if below.startswith("\n ") else " on her desk, for Ana\n"
    assert note.partition("## Log\n")[2] == f"- 2026-12-10 card sent:{said}"
    for _ in range(2):
        head = (action.root / ".git" / "refs" / "heads" / "main").read_text()
        workflow("2026-12-14")
        assert (action.root / ".git" / "refs" / "heads" / "main").read_text() == head, "at rest"


@pytest.mark.skipif(not shutil.which("git") or sys.platform == "win32", reason="needs git and a shell")
def test_a_comment_that_a_phone_typed_into_its_merge_stays(tmp_path: Path) -> None:
    action, phone, desk = pushes.clones(tmp_path, random.Random(1))
    page = phone.root / "Agenda.md"
    text = page.read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("- [ ] Call"))
    page.write_text(text.replace(line, line.replace("[ ]", "[x]")), "utf-8")
    phone.git("commit", "-qam", "typed")
    (desk.root / "more.txt").write_text("more")
    desk.git("add", "-A")
    desk.push()
    phone.git("pull", "-q", "--no-rebase", "--no-commit", "--no-edit", check=False)
    page.write_text(page.read_text("utf-8").replace("## ", "<!-- ask Bo about parking -->\n## ", 1), "utf-8")
    phone.git("commit", "-qam", "merged, and typed")
    phone.git("push", "-q")
    assert pushes.workflow(action).wait() == 0
    assert (action.root / "Agenda.md").read_text("utf-8").count("<!-- ask Bo about parking -->") == 1


def test_the_sides_of_a_conflict() -> None:
    assert lines.sides(BOTH) == ("", "a\nb\nd\n", "a\nc\nd\n")
    diff3 = BOTH.replace("=======", "||||||| base\nq\n=======")
    assert lines.sides(diff3) == ("a\nq\nd\n", "a\nb\nd\n", "a\nc\nd\n")
    assert lines.sides(BOTH.replace("b\n", BOTH)) == ("", f"a\n{BOTH}d\n", "a\nc\nd\n")
    for torn in (BOTH.replace("=======\n", ""), BOTH.replace(">>>>>>> y\n", ""), BOTH.replace("c\n", "=======\n")):
        assert lines.sides(torn) is None


def test_a_conflict_in_an_agenda_heals(vault: Path) -> None:
    page = vault / "Agenda.md"
    run("agenda", "--date", "2026-01-12", cwd=vault)
    line = next(one for one in page.read_text("utf-8").splitlines() if "-fix " in one)
    both = "<<<<<<< HEAD\n{0}\n    - from the phone\n=======\n{1}\n    - from the desk\n>>>>>>> other"
    page.write_text(page.read_text("utf-8").replace(line, both.format(line.replace("[ ]", "[x]"), line)), "utf-8")
    run("agenda", "--date", "2026-01-12", cwd=vault)
    note = (vault / "Interviews" / "Acme.md").read_text("utf-8")
    assert "fix_call: 2026-01-12" in note and "from the phone" in note and "from the desk" in note
    assert "<<<<<<<" not in page.read_text("utf-8")
    assert merge.resolved(BOTH, outlook.english()) is None, "no agendas"


def test_git_lines_are_added_once_with_the_line_ends_of_the_file(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitignore").write_bytes(b"mine\r\n*~\r\nlast")
    for _ in range(2):
        create.merge_in_git(Vault(tmp_path), "Agenda.md")
    there = (tmp_path / ".gitignore").read_bytes()
    assert there.startswith(b"mine\r\n*~\r\nlast\r\n") and there.count(b"*~") == 1 == there.count(b".reconnect-*")
    assert there.count(b"\n") == there.count(b"\r\n") == 2 + len(create.UNTRACKED)
    assert (tmp_path / ".gitattributes").read_bytes() == b"/Agenda.md merge=reconnect-agenda\n"


def test_a_bad_vault_harms_only_itself(vault: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "Reconnect.md").write_text("---\n---\n", "utf-8")
    (other / "Acme.md").write_text(NOTE.format(day="2026-01-07"), "utf-8")
    done = run("agenda", "nowhere", ".", "other", "--json", "--date", "2026-01-12", cwd=vault, expect=2)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["vault"], one["exit"]) for one in found] == [("nowhere", 2), (".", 0), ("other", 0)]
    assert found[0]["error"] == "there is no folder nowhere" and found[2]["items"]
    assert (vault / "Agenda.md").is_file() and (other / "Agenda.md").is_file()
    assert "== other" in done.stderr


def test_systemd_reads_the_timer(tmp_path: Path) -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd is not here")
    units = [one for one in fences(CHECKOUT / "docs" / "by-itself.md") if one.language == "ini"]
    assert len(units) == 2
    for one in units:
        program = '"/bin/true"' if sys.platform != "win32" else ""
        (tmp_path / one.path).write_text(one.text.replace('"%h/.local/bin/reconnect"', program), "utf-8")
    paths = [tmp_path / one.path for one in units]
    done = subprocess.run(["systemd-analyze", "--user", "verify", *paths], capture_output=True, encoding="utf-8")
    assert not any(path.name in done.stderr for path in paths), done.stderr
