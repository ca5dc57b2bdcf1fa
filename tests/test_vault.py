"""Writing a file that others write, too: real files, and what a killed process leaves behind."""

import contextlib
import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconnect_md import swap
from reconnect_md.errors import ChangedMeanwhile, OutsideVault, WriteFailed
from reconnect_md.exchange import exchange, is_open_elsewhere
from reconnect_md.vault import Read, Vault

OLD, NEW, SAVED = b"old\n", b"new\n", b"saved by somebody\n"


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "n.md").write_bytes(OLD)
    return Vault(tmp_path)


def files(vault: Vault) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in vault.root.iterdir() if path.is_file()}


def in_place(path: Path) -> None:
    path.write_bytes(SAVED)


def by_rename(path: Path) -> None:
    path.with_name("tmp").write_bytes(SAVED)
    path.with_name("tmp").replace(path)


def test_a_write_leaves_nothing_beside_the_file(vault: Vault) -> None:
    vault.write("n.md", NEW, vault.read("n.md"))
    vault.write("new/one.md", NEW, vault.read("new/one.md"))
    assert files(vault) == {"n.md": NEW}
    assert [path.name for path in (vault.root / "new").iterdir()] == ["one.md"]


@pytest.mark.parametrize("save", [in_place, by_rename])
def test_what_was_saved_before_the_exchange_stands(vault: Vault, save: Callable[[Path], None]) -> None:
    read = vault.read("n.md")
    save(vault.root / "n.md")
    with pytest.raises(ChangedMeanwhile):
        vault.write("n.md", NEW, read)
    assert files(vault) == {"n.md": SAVED}


@pytest.mark.parametrize("save", [in_place, by_rename])
def test_what_was_saved_at_the_moment_of_the_exchange_is_put_back(vault: Vault, save: Callable[[Path], None]) -> None:
    path = vault.root / "n.md"
    temporary = swap.prepare(path, NEW, OLD)
    save(path)
    exchange(temporary, path)
    assert path.read_bytes() == NEW
    with pytest.raises(ChangedMeanwhile):
        swap.verify(temporary, path, OLD, NEW)
    assert files(vault) == {"n.md": SAVED}


def test_an_editor_that_had_the_file_open_saves_into_the_old_one(vault: Vault) -> None:
    path = vault.root / "n.md"
    with path.open("r+b") as editor:
        temporary = swap.prepare(path, NEW, OLD)
        exchange(temporary, path)
        editor.truncate(0)
        editor.write(SAVED)
        editor.flush()
        with pytest.raises(ChangedMeanwhile):
            swap.verify(temporary, path, OLD, NEW)
    assert files(vault) == {"n.md": SAVED}


def test_what_was_saved_onto_ours_stands_with_what_the_other_save_added(vault: Vault) -> None:
    path = vault.root / "n.md"
    temporary = swap.prepare(path, NEW, OLD)
    path.write_bytes(b"saved first\n")
    exchange(temporary, path)
    path.write_bytes(SAVED)
    with pytest.raises(ChangedMeanwhile):
        swap.verify(temporary, path, OLD, NEW)
    assert files(vault) == {"n.md": b"saved first\n" + SAVED}


def test_lines_appended_before_and_after_both_stay(vault: Vault) -> None:
    path = vault.root / "n.md"
    temporary = swap.prepare(path, OLD + b"mark\n", OLD)
    for line in (b"one\n", b"two\n"):
        with path.open("ab") as file:
            file.write(line)
        if line == b"one\n":
            exchange(temporary, path)
    with pytest.raises(ChangedMeanwhile):
        swap.verify(temporary, path, OLD, OLD + b"mark\n")
    assert files(vault) == {"n.md": OLD + b"one\nmark\ntwo\n"}


def test_a_file_that_somebody_made_meanwhile_is_not_replaced(vault: Vault) -> None:
    read = vault.read("x.md")
    (vault.root / "x.md").write_bytes(SAVED)
    with pytest.raises(ChangedMeanwhile):
        vault.write("x.md", NEW, read)
    assert files(vault) == {"n.md": OLD, "x.md": SAVED}


@pytest.mark.parametrize(
    ("old", "saved", "onto", "both"),
    [
        ("a\nb\n", "a\nx\nb\n", "a\nb\nmark\ny\n", "a\nx\nb\nmark\ny\n"),
        ("a\nb\n", "a\nx\n", "a\nb\nmark\n", "a\nx\nmark\n"),
        ("a\nb\n", "a\nx\n", "a\ny\n", "a\nx\ny\n"),
        ("a\n", "a\nx\n", "a\nx\ny\n", "a\nx\ny\n"),
        ("a\n", "", "a\nmark\n", "a\nmark\n"),
        ("a", "a\nx", "a\nmark", "a\nx\nmark\n"),
    ],
    ids=["both added", "one changed", "both changed", "the same window", "emptied", "no end"],
)
def test_two_saves_are_put_together(old: str, saved: str, onto: str, both: str) -> None:
    assert swap.merged(old.encode(), saved.encode(), onto.encode()).decode() == both


def test_a_line_in_the_middle_saved_just_before_the_exchange_stays(vault: Vault) -> None:
    path = vault.root / "n.md"
    path.write_bytes(b"a\nb\n")
    temporary = swap.prepare(path, b"a\nb\nmark\n", b"a\nb\n")
    path.write_bytes(b"a\nx\nb\n")
    exchange(temporary, path)
    path.write_bytes(b"a\nb\nmark\ny\n")
    with pytest.raises(ChangedMeanwhile):
        swap.verify(temporary, path, b"a\nb\n", b"a\nb\nmark\n")
    assert files(vault) == {"n.md": b"a\nx\nb\nmark\ny\n"}


# --- what a killed process leaves ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "left", "after"),
    [
        (OLD, NEW, {"n.md": OLD}),
        (NEW, OLD, {"n.md": NEW}),
        (NEW, b"", {"n.md": NEW}),
        (NEW, SAVED, {"n.md": SAVED}),
    ],
    ids=["before the exchange", "after it", "emptied", "a save came out"],
)
def test_a_file_left_behind_is_deleted_or_put_back(
    vault: Vault, note: bytes, left: bytes, after: dict[str, bytes]
) -> None:
    path = vault.root / "n.md"
    temporary = swap.prepare(path, NEW, OLD)
    path.write_bytes(note)
    temporary.write_bytes(left)
    assert vault.left_behind("") == [temporary]
    swap.recover(temporary)
    assert files(vault) == after


def test_a_save_that_came_out_of_a_note_that_was_saved_again_becomes_a_note(vault: Vault) -> None:
    temporary = swap.prepare(vault.root / "n.md", NEW, OLD)
    temporary.write_bytes(SAVED)
    (vault.root / "n.md").write_bytes(b"later\n")
    swap.recover(temporary)
    assert sorted(files(vault).values()) == [b"later\n", SAVED]
    assert all(name.endswith(".md") for name in files(vault))


def test_an_unfinished_file_is_deleted(vault: Vault) -> None:
    (vault.root / ".reconnect-new-1234").write_bytes(b"ne")
    swap.recover(vault.root / ".reconnect-new-1234")
    assert files(vault) == {"n.md": OLD}


# --- what is kept ----------------------------------------------------------------------------------------


@pytest.mark.skipif(os.name == "nt", reason="modes and links of POSIX")
def test_mode_attributes_and_links_are_kept(vault: Vault) -> None:
    path = vault.root / "n.md"
    path.chmod(0o640)
    if hasattr(os, "setxattr"):
        os.setxattr(path, "user.tag", b"blue")
    (vault.root / "link.md").symlink_to("n.md")
    vault.write("link.md", NEW, vault.read("link.md"))
    assert (vault.root / "link.md").is_symlink() and path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    if hasattr(os, "getxattr"):
        assert os.getxattr(path, "user.tag") == b"blue"


@pytest.mark.skipif(os.name == "nt", reason="links of POSIX")
def test_a_link_out_of_the_vault_is_refused(vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "o.md"
    outside.write_bytes(OLD)
    (vault.root / "link.md").symlink_to(outside)
    with pytest.raises(OutsideVault):
        vault.write("link.md", NEW, Read.of(OLD))
    assert outside.read_bytes() == OLD


def test_a_name_as_long_as_names_can_be(vault: Vault) -> None:
    name = "x" * 250 + ".md"
    vault.write(name, OLD, vault.read(name))
    vault.write(name, NEW, vault.read(name))
    assert files(vault) == {"n.md": OLD, name: NEW}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no way to fill a disk")
def test_a_failure_says_how_the_file_stands(vault: Vault) -> None:
    code = f"""
import resource, signal
from pathlib import Path
from reconnect_md.vault import Vault
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2, 2))
vault = Vault(Path({str(vault.root)!r}))
vault.write("n.md", b"much longer than that", vault.read("n.md"))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "n.md could not be written and stands as it was" in done.stderr, done.stderr
    assert files(vault) == {"n.md": OLD}


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_note_is_left_alone(vault: Vault) -> None:
    (vault.root / "n.md").chmod(0o444)
    with pytest.raises(WriteFailed, match="read-only"):
        vault.write("n.md", NEW, vault.read("n.md"))


@pytest.mark.parametrize("name", ["listxattr", "getxattr", "setxattr", "chmod", "chown", "link"])
def test_a_file_system_without_attributes_owners_or_second_names_is_written_to(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def missing(*words: object, **more: object) -> None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(os, name, missing, raising=False)
    vault.write("n.md", NEW, vault.read("n.md"))
    vault.write("new.md", NEW, vault.read("new.md"))
    assert files(vault) == {"n.md": NEW, "new.md": NEW}


@pytest.mark.parametrize("in_the_end", [True, False], ids=["verify", "recover"])
def test_what_is_saved_while_it_is_asked_whether_the_file_is_open_is_kept(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, in_the_end: bool
) -> None:
    """Whoever had the file open writes and closes it after we looked, and before we ask."""
    path = vault.root / "n.md"
    temporary = swap.prepare(path, NEW, OLD)
    exchange(temporary, path)
    answers = [True] if in_the_end else []

    def asked(file: Path) -> bool:
        if answers:
            return answers.pop()
        if file.exists() and file.read_bytes() == OLD:
            file.write_bytes(OLD + SAVED)
        return False

    monkeypatch.setattr(swap, "is_open_elsewhere", asked)
    monkeypatch.setattr(swap, "STILL_OPEN", 0.0 if in_the_end else swap.STILL_OPEN)
    with contextlib.suppress(ChangedMeanwhile):
        if in_the_end:
            swap.verify(temporary, path, OLD, NEW)
        swap.recover(temporary)
    assert SAVED in b"".join(files(vault).values())


def test_two_files_change_places(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"1")
    two.write_bytes(b"2")
    exchange(one, two)
    assert (one.read_bytes(), two.read_bytes()) == (b"2", b"1")


def test_an_open_file_is_known_where_the_system_tells(tmp_path: Path) -> None:
    path = tmp_path / "n.md"
    path.write_bytes(OLD)
    if is_open_elsewhere(path) is None:
        pytest.skip("this system does not tell")
    with path.open("rb"):
        assert is_open_elsewhere(path)
    assert is_open_elsewhere(path) is False


def test_only_what_is_ours_is_touched(vault: Vault) -> None:
    (vault.root / ".reconnect-notes.txt").write_bytes(SAVED)
    (vault.root / ".reconnect-backup").mkdir()
    assert vault.left_behind("") == []


def test_an_old_text_without_its_note_is_kept(vault: Vault) -> None:
    temporary = swap.prepare(vault.root / "n.md", NEW, OLD)
    temporary.write_bytes(OLD)
    (vault.root / "n.md").unlink()
    swap.recover(temporary)
    assert list(files(vault).values()) == [OLD]


def test_a_name_is_found_however_its_accents_are_written(tmp_path: Path) -> None:
    two_signs, one_sign = "Cafe\u0301", "Caf\u00e9"
    (tmp_path / two_signs / "in").mkdir(parents=True)
    (tmp_path / two_signs / "in" / "n.md").write_bytes(OLD)
    vault = Vault(tmp_path)
    assert list(vault.notes(skip=[one_sign])) == []
    assert (tmp_path / vault.spelled(f"{one_sign}/in/n.md")).exists()
    assert vault.spelled("none/such.md") == "none/such.md"


def test_a_note_that_is_in_icloud_only_is_told_of(vault: Vault) -> None:
    (vault.root / ".Acme.md.icloud").write_bytes(b"bplist00")
    told = []
    notes = vault.notes(unreadable=lambda name, error: told.append((name, error.strerror)))
    assert [one.name for one in notes] == ["n.md"]
    assert told == [("Acme.md", "it is in iCloud only; open it once on this Mac")]
