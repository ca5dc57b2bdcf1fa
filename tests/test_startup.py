"""What a command loads: each library takes its time to import, so none is that is not needed for what was asked."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest
from platformdirs import user_cache_path

from benchmarks import vaults
from reconnect_md import cached
from reconnect_md.index import RACY

OURS: Final = {"reconnect_md", "platformdirs"}
"""The program, and the library that tells where the cache is."""

AROUND: Final = sys.stdlib_module_names | {"imported package", "org", "sitecustomize"}
"""What is no library; `org` is looked for by the standard one, in vain."""

AGAIN: Final = {"cli", "answers", "cached", "digests", "looks"}
"""All of ours that says an answer again; where every note counts, `WALK` besides."""

WALK: Final = {"forked", "listing"}


@pytest.fixture(scope="module")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault that nothing has changed in for a while."""
    root = tmp_path_factory.mktemp("startup") / "vault"
    vaults.make(root, notes=20, evaluations=8, seed=3)
    old = time.time() - 10 * RACY
    for path in [*root.rglob("*"), root]:
        os.utime(path, (old, old))
    time.sleep(RACY * 1.1)  # the time of the change itself cannot be set back
    return root


def loaded(vault: Path, *words: str) -> tuple[set[str], set[str]]:
    """(our modules, libraries) that a command loads."""
    cache = {"XDG_CACHE_HOME": str(vault.parent / "cache"), "PYTHONPROFILEIMPORTTIME": "1"}
    made = subprocess.run(
        [sys.executable, "-m", "reconnect_md", *words],
        env={**os.environ, **cache},
        cwd=vault,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    rows = [row for row in made.stderr.splitlines() if row.startswith("import time:")]
    names = {row.rpartition("|")[2].strip() for row in rows}
    ours = {name.split(".")[1] for name in names if name.startswith("reconnect_md.")}
    libraries = {name.split(".")[0] for name in names} - OURS - AROUND
    return ours - {"__main__"}, {one for one in libraries if not one.startswith("_")}  # those are of the environment


def test_help(vault: Path) -> None:
    ours, libraries = loaded(vault, "--help")
    assert ours == {"cli"}
    assert not libraries


def test_a_plan_that_is_asked_for_again(vault: Path) -> None:
    note = next(path for path in sorted(vault.rglob("*.md")) if "\ninterviewed:" in path.read_text("utf-8"))
    words = "plan", str(note.relative_to(vault)), "--date", vaults.TODAY
    loaded(vault, *words)
    ours, libraries = loaded(vault, *words)
    assert ours == AGAIN
    assert not libraries


def test_a_day_that_is_asked_for_again(vault: Path) -> None:
    words = "today", "--date", vaults.TODAY
    _, libraries = loaded(vault, *words)
    assert not libraries & {"rich", "pyfiglet"}
    ours, libraries = loaded(vault, *words)
    assert ours == AGAIN
    assert not libraries


def test_an_agenda_that_is_right(vault: Path) -> None:
    words = "agenda", "--date", vaults.TODAY
    loaded(vault, *words)
    time.sleep(RACY * 1.1)
    loaded(vault, *words)
    ours, libraries = loaded(vault, *words)
    assert ours == AGAIN | WALK
    assert not libraries


def test_holidays_that_are_known(vault: Path) -> None:
    """A pass that has something to do needs no library of holidays, of which half is countries, if it was asked before;
    and none of what others need.
    """
    loaded(vault, "agenda", "--diff", "--date", "2026-11-24")
    _, libraries = loaded(vault, "agenda", "--diff", "--date", "2026-11-27")
    assert "pendulum" in libraries
    assert not libraries & {"holidays", "icalendar", "rich", "watchdog", "babel", "jinja2"}


@pytest.mark.parametrize("cache", ["", "  ", "/somewhere/else", None])
def test_the_cache_folder_is_that_of_platformdirs(cache: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if cache is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", cache)
    assert Path(cached.folder()) == user_cache_path("reconnect", appauthor=False)
