"""What is written beside the agenda for Obsidian: a block in the user's own daily note, the day of the next contact."""

import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import Date

from benchmarks.watching import Watching
from reconnect_md import daily, obsidian, sync
from reconnect_md.lines import BOM
from reconnect_md.vault import Vault

from .test_obsidian import DAY, agenda, line, note, put, run, setting, vault

__all__ = ["vault"]

LATER = Date(2026, 11, 23)
BLOCK = """\
<!-- reconnect:begin -->
[Agenda for Friday, 20 November 2026](../Agenda.md)

- [Call Ana Rivera, Acme: fix an answer](../Agenda.md#Call%20Ana%20Rivera%2C%20Acme)
<!-- reconnect:end -->
"""


@pytest.fixture
def own(vault: Vault) -> Path:
    """Today's daily note, which Obsidian made in the folder that it is told to."""
    put(vault, obsidian.DAILY, {"folder": "Journal", "format": "YYYY-MM-DD", "template": "Templates/Day"})
    setting(vault, "daily_note: true")
    return written(vault.root / "Journal" / f"{DAY}.md", "# Friday\n\n- lunch\n")


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


def read(path: Path) -> str:
    return path.read_bytes().decode()


def test_todays_contacts_stand_in_the_daily_note(vault: Vault, own: Path) -> None:
    agenda(vault)
    assert read(own) == f"# Friday\n\n- lunch\n\n{BLOCK}"
    written(own, read(own).replace("- lunch", "- a long lunch") + "\nEvening\n")
    assert not sync.run(vault, DAY).changes
    assert read(own) == f"# Friday\n\n- a long lunch\n\n{BLOCK}\nEvening\n"


def test_what_was_done_stays_in_it(vault: Vault, own: Path) -> None:
    written(own, f"{BLOCK}Evening")
    run("done", "Acme", "fix", "--date", str(DAY), "--vault", str(vault.root))
    done = "- Done: [Call Ana Rivera, Acme: fix an answer](../Interviews/Acme.md)\n"
    assert done in read(own) and read(own).endswith("<!-- reconnect:end -->\nEvening")
    agenda(vault, LATER)
    assert done in read(own) and not (own.parent / f"{LATER}.md").exists()


def test_it_speaks_the_language_of_the_agenda(vault: Vault, own: Path) -> None:
    setting(vault, "language: de")
    put(vault, obsidian.DAILY, {"format": "dddd, D. MMMM"})
    own = written(vault.root / "Freitag, 20. November.md", "")
    os.utime(own, (0, 0))
    agenda(vault)
    assert "[Agenda für Freitag, 20. November 2026](Agenda.md)" in read(own) and "anrufen" in read(own)


@pytest.mark.parametrize(
    "text", ["", "\n", BOM, "x", "x\r\n", f"{BOM}---\r\na: 1\r\n---\r\n\r\ntext", "x\r\n\r\n \r\n"]
)
def test_every_byte_beside_the_block_stays(vault: Vault, own: Path, text: str) -> None:
    written(own, text)
    os.utime(own, (0, 0))
    agenda(vault)
    found = read(own)
    start, end = found.index(daily.BEGIN), found.index(daily.END) + len(daily.END)
    assert found.startswith(text) and not found[len(text) : start].strip() and not found[end:].strip()
    assert "\n" not in found.replace("\r\n", "") or "\r\n" not in text
    assert not sync.run(vault, DAY).changes


LINES = st.lists(st.sampled_from([daily.BEGIN, daily.END, f" {daily.END}", "words", "", "---"]), max_size=6)


@given(LINES, st.sampled_from(["\n", "\r\n"]), st.sampled_from(["", "- one", "[a](b)\n\n- one\n- two"]))
def test_only_what_stands_between_the_two_lines_changes(rows: list[str], end: str, block: str) -> None:
    text = "".join(row + end for row in rows)
    marks = [row.strip() for row in rows if "reconnect:" in row]
    try:
        new = daily.put(text, block)
    except daily.Damaged as damaged:
        assert marks not in ([], [daily.BEGIN, daily.END])
        assert 1 <= damaged.line <= len(rows)
        return
    assert marks in ([], [daily.BEGIN, daily.END])
    assert daily.put(new, block) == new
    if marks:
        assert daily.put(daily.put(new, "other"), block) == new
        assert new.startswith(text.partition(daily.BEGIN)[0])
        assert new.endswith(text.partition(daily.END)[2]) and new.count(daily.BEGIN) == 1
    else:
        assert new.startswith(text) and (block or new == text)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        (f"a\n{daily.BEGIN}\nmine\n", 2, "is missing"),
        (f"a\n{daily.END}\n", 2, "is missing"),
        (f"{daily.END}\n{daily.BEGIN}\n", 1, "stands above"),
        (f"{BLOCK}\n{BLOCK}", 7, "a second time"),
        (f"> {daily.BEGIN}\n> {daily.END}\n", 1, "not as it was written"),
        (f"{BLOCK.replace('reconnect:end', 'reconnect:end here')}", 5, "not as it was written"),
        (BLOCK.replace("reconnect:", "reconnect: "), 1, "not as it was written"),
        (BLOCK.replace("<!-- reconnect:begin -->", "<!—Reconnect : Begin—>"), 1, "not as it was written"),
    ],
)
def test_damaged_marks_are_told_and_nothing_is_touched(vault: Vault, own: Path, text: str, line: int, why: str) -> None:
    written(own, text)
    made = sync.run(vault, DAY)
    (found,) = (one for one in made.problems if one.code == "daily-note")
    assert (found.note, found.line) == (f"Journal/{DAY}.md", line) and why in found.message
    assert read(own) == text and "reconnect:begin" in made.text and not sync.run(vault, DAY).changes


def test_with_one_line_left_only_that_is_to_be_deleted(vault: Vault, own: Path) -> None:
    written(own, f"a\n{daily.BEGIN}\nmine\n")
    (found,) = (one for one in sync.run(vault, DAY).problems if one.code == "daily-note")
    assert found.remedy.startswith("delete this line only")
    written(own, "a\nmine\n")
    agenda(vault)
    assert read(own).startswith("a\nmine\n") and BLOCK in read(own)


def test_marks_in_code_are_an_example(vault: Vault, own: Path) -> None:
    example = f"```markdown\n{daily.BEGIN}\n{daily.END}\n```\n\nI wrote reconnect in the end\n"
    written(own, example)
    agenda(vault)
    assert read(own) == f"{example}\n{BLOCK}"


def test_git_conflicts_and_links_to_elsewhere_are_left_alone(vault: Vault, own: Path, tmp_path: Path) -> None:
    text = "<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n"
    written(own, text)
    assert "conflict-markers" in {one.code for one in sync.run(vault, DAY).problems} and read(own) == text
    elsewhere = written(tmp_path.parent / f"{tmp_path.name}.md", "theirs\n")
    own.unlink()
    own.symlink_to(elsewhere)
    assert "unreadable" in {one.code for one in sync.run(vault, DAY).problems} and read(elsewhere) == "theirs\n"


def test_obsidian_makes_the_note_and_its_template_goes_first(vault: Vault, own: Path) -> None:
    own.unlink()
    agenda(vault)
    assert not own.exists()
    written(own, "")
    made = sync.run(vault, DAY)
    assert not own.stat().st_size and made.left and not made.is_at_rest
    os.utime(own, (time.time() - 60,) * 2)
    agenda(vault)
    assert read(own) == BLOCK


@pytest.mark.parametrize("setting_", ["daily_note: false", "daily_note:", "daily_note: no", "rescan: 60"])
def test_without_the_setting_it_stays_as_it_is(vault: Vault, setting_: str) -> None:
    own = written(vault.root / f"{DAY}.md", f"{daily.BEGIN}\n{daily.END}\n")
    setting(vault, setting_)
    agenda(vault)
    assert read(own) == f"{daily.BEGIN}\n{daily.END}\n"


@pytest.mark.parametrize("format", ["[Agenda]", "[Interviews/Acme]", "[Reconnect]"])
def test_a_note_of_ours_is_no_daily_note(vault: Vault, format: str) -> None:
    put(vault, obsidian.DAILY, {"format": format})
    setting(vault, "daily_note: true")
    agenda(vault)
    assert not any(daily.BEGIN in read(path) for path in vault.root.rglob("*.md"))
    assert not sync.run(vault, DAY).changes


def test_periodic_notes_go_before_the_core_plugin(vault: Vault, own: Path) -> None:
    put(vault, obsidian.PLUGINS, ["periodic-notes"])
    put(vault, obsidian.PERIODIC, {"daily": {"enabled": True, "folder": "/Days/", "format": ""}})
    days = written(vault.root / "Days" / f"{DAY}.md", "x")
    agenda(vault)
    assert daily.BEGIN in read(days) and daily.BEGIN not in read(own)


def test_an_answer_that_is_repeated_depends_on_the_daily_note(vault: Vault, own: Path) -> None:
    words = "agenda", str(vault.root), "--date", str(DAY)
    for path in vault.root.rglob("*"):
        os.utime(path, (time.time() - 60,) * 2)
    assert f"Journal/{DAY}.md written." in run(*words).stderr
    for path in vault.root.rglob("*"):
        os.utime(path, (time.time() - 60,) * 2)
    assert run(*words).stderr == run(*words).stderr
    written(own, "anew\n")
    assert f"Journal/{DAY}.md written." in run(*words).stderr and BLOCK in read(own)
    put(vault, obsidian.DAILY, {"folder": "Days"})
    run(*words)
    days = written(vault.root / "Days" / f"{DAY}.md", "x")
    run(*words)
    assert BLOCK in read(days)


# --- the next contact ------------------------------------------------------------------------------------


def test_the_next_contact_goes_along_with_the_plan(vault: Vault) -> None:
    before = note(vault)
    agenda(vault)
    assert note(vault) == before
    setting(vault, "next_contact: true")
    agenda(vault)
    assert note(vault) == before.replace("card_sent: 2026-11-16\n", "card_sent: 2026-11-16\nnext_contact: 2026-11-19\n")
    assert not sync.run(vault, DAY).changes
    page = vault.root / "Agenda.md"
    written(page, read(page).replace(line(read(page)), line(read(page)).replace("- [ ]", "- [x]")))
    made = sync.run(vault, DAY)
    assert "fix_call: 2026-11-20\n" in note(vault) and "next_contact: 2026-11-25\n" in note(vault)
    assert len(made.marks) == 1 and not made.unasked and not sync.run(vault, DAY).changes
    written(vault.root / "Interviews" / "Acme.md", note(vault).replace("card_sent", "outcome: offer\ncard_sent"))
    agenda(vault)
    assert "next_contact:\n" in note(vault) and not sync.run(vault, DAY).changes


def test_comments_quotes_and_line_ends_around_it_stay(vault: Vault) -> None:
    setting(vault, "next_contact: true")
    text = BOM + note(vault).replace("company: Acme", 'company: Acme\nnext_contact: "2020-01-01"  # mine').replace(
        "\n", "\r\n"
    )
    written(vault.root / "Interviews" / "Acme.md", text)
    agenda(vault)
    assert (vault.root / "Interviews" / "Acme.md").read_bytes().decode() == text.replace("2020-01-01", "2026-11-19")


def test_what_cannot_be_edited_is_told_and_stays(vault: Vault) -> None:
    setting(vault, "next_contact: true")
    text = note(vault).replace("company: Acme", "company: Acme\nnext_contact: |\n  some day")
    written(vault.root / "Interviews" / "Acme.md", text)
    made = sync.run(vault, DAY)
    (found,) = (one for one in made.problems if one.code == "next-contact")
    assert (found.note, found.line) == ("Interviews/Acme.md", 4) and note(vault) == text
    assert not sync.run(vault, DAY).changes


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="rights of POSIX, which are not for root")
def test_a_mark_is_not_refused_because_of_another_note(vault: Vault, own: Path) -> None:
    own.chmod(0o400)
    run("done", "Acme", "fix", "--date", str(DAY), "--vault", str(vault.root))
    made = sync.run(vault, DAY)
    assert "fix_call: 2026-11-20" in note(vault) and "not-written" in {one.code for one in made.problems}
    assert read(own) == "# Friday\n\n- lunch\n" and sync.run(vault, DAY).text == made.text


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
def test_a_watcher_writes_both_once(vault: Vault) -> None:
    setting(vault, "daily_note: true\nnext_contact: true")
    own = written(vault.root / f"{Date.today()}.md", "# Today\n")
    with Watching(vault.root) as watcher:
        watcher.until(lambda: "next_contact: 20" in note(vault) and daily.BEGIN in read(own))
        watcher.until(lambda: watcher.count("written") == 1)
        # In one step: a pass that met the file while it is open for writing would rightly wait, and come once more.
        written(own.with_name(".anew"), "# Anew\n").replace(own)
        watcher.until(lambda: daily.BEGIN in read(own))
        time.sleep(1)
        assert watcher.count("written") + watcher.count("right") == 2
