"""The vault and the note that somebody means."""

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from .. import meaning, outlook, sync
from .. import vault as vaults
from ..errors import Failure, NoSuchNote, NotSaid, NoVault, Unsettled
from ..model import Plan
from ..outlook import Frame, Outlook
from ..vault import Vault
from .printing import say


def find(named: Path | None, note: Path | None = None) -> Vault:
    """The vault that was named, or that a named folder or note is in; else that of `note`, if it is a file; else that
    of the working directory.
    """
    if not named:
        return vaults.find(note.parent if note and note.is_file() else Path.cwd())
    folder = named.parent if named.is_file() else named
    if not folder.is_dir():
        raise NoVault(f"there is no folder {folder}", "name the folder with your notes")
    found = vaults.find(folder)
    if found.root.resolve() != named.resolve():
        say(f"{named} is in the vault {found.root}, which is used.")
    return found


def with_notes(where: tuple[Path, ...]) -> tuple[Vault, list[str]]:
    """The vault, if the first word is a folder, and the notes behind it, as they were typed."""
    named = where[0] if where and where[0].is_dir() else None
    given = where[1:] if named else where
    return find(named, next(iter(given), None)), [path.as_posix() for path in given]


def in_force(vault: Vault) -> Frame:
    """The settings and the method. They are waited for while somebody saves them."""
    end = time.monotonic() + sync.LONGEST_SAVE
    while True:
        try:
            return outlook.in_force(vault)
        except Unsettled:
            if time.monotonic() > end:
                raise
            time.sleep(sync.LOOK_AGAIN)


def note_at(root: Path, path: Path) -> str:
    """A note as given, from the working directory or from the vault, as a path in the vault; nothing if there is no
    such file.
    """
    for candidate in (path, root / path):
        if candidate.is_file() and candidate.resolve().is_relative_to(root.resolve()):
            return candidate.resolve().relative_to(root.resolve()).as_posix()
    return ""


def planned(vault: Vault, seen: Outlook, note: str) -> tuple[str, Plan | None]:
    """The path of a note that is given as its file, or by a part of its name or of its company's, and its plan, if it
    has one. Raises `NotSaid` if it is none, or several.
    """
    with looked_for(vault, seen.frame, [note]):
        name = note_named(vault, seen, note)
    return name, next((one for one in seen.plans if one.evaluation.note == name), None)


def notes_named(vault: Vault, seen: Outlook, typed: list[str]) -> set[str]:
    """The paths of notes that are given in the same way, whatever is in them."""
    with looked_for(vault, seen.frame, typed):
        return {note_named(vault, seen, one) for one in typed}


def evaluations_named(vault: Vault, seen: Outlook, typed: list[str]) -> set[str]:
    """The same of notes that are evaluations, be they broken. Raises `NoSuchNote` for others."""
    with looked_for(vault, seen.frame, typed):
        notes = {note_named(vault, seen, one) for one in typed}
        if other := next(iter(sorted(notes - seen.notes.paths)), None):
            remedy = "its properties have to say when the interview was, behind interviewed"
            raise NoSuchNote(f"{other} is no evaluation", remedy)
    return notes


def note_named(vault: Vault, seen: Outlook, typed: str) -> str:
    """The same without the plan, whatever is in the note."""
    companies = {name: one.company for name, one in seen.notes.evaluations.items()}
    return note_at(vault.root, Path(typed)) or meaning.named(seen.notes.paths, typed, companies)


@contextlib.contextmanager
def looked_for(vault: Vault, frame: Frame, wanted: list[str]) -> Iterator[None]:
    """Say of a note that is not found if it is an evaluation outside the folder that is looked at."""
    try:
        yield
    except NoSuchNote:
        folder = frame.settings.interviews
        if folder == ".":
            raise
        outside = [one.name for one in vault.notes(".", frame.settings.ignore) if not one.name.startswith(f"{folder}/")]
        for one in wanted:
            with contextlib.suppress(NotSaid, OSError, UnicodeDecodeError):
                name = meaning.named(outside, one)
                data = vault.evaluation(name)
                if data and any(outlook.reader(name, frame)(data.decode())):
                    remedy = f"move it into {folder}, or write interviews: . in Reconnect.md for the whole vault"
                    raise Failure(f"{name} is not in {folder}, where your evaluations are looked for", remedy) from None
        raise
