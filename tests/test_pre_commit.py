"""The hook for pre-commit: with the real one, in a real vault in git, set up as docs/by-itself.md says."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("pre_commit")

CHECKOUT = Path(__file__).parent.parent
FILES = (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE")
FOLDERS = ("reconnect_md", "templates", "example-vault")
"""What the hook is installed from; a wheel is built of it, as from the repository itself."""

PAGE = (CHECKOUT / "docs" / "by-itself.md").read_text("utf-8")
CONFIG = PAGE.partition("```yaml\n")[2].partition("```")[0]
"""As users are told to write it."""

NOTE = "---\ninterviewed: {}\ncompany: Acme Logistics\ninterviewers: [Bo Li]\n---\n## What went well\n- The tour\n"


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    env["PRE_COMMIT_HOME"] = str(folder.parent / "cache")
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, encoding="utf-8")


def git(folder: Path, *words: str) -> str:
    done = run(folder, "git", "-c", "user.name=J", "-c", "user.email=j@x.example", *words)
    assert not done.returncode, done.stderr
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "reconnect"
    folder.mkdir()
    for name in FILES:
        shutil.copy(CHECKOUT / name, folder)
    for name in FOLDERS:
        shutil.copytree(CHECKOUT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "All of it")
    return folder


@pytest.fixture
def vault(tmp_path: Path, repository: Path) -> Path:
    folder = tmp_path / "vault"
    (folder / "Interviews").mkdir(parents=True)
    (folder / "Reconnect.md").write_text("---\ninterviews: Interviews\n---\n", "utf-8")
    config = CONFIG.replace("/path/to/reconnect", repository.as_posix())
    config = config.replace("rev: main", f"rev: {git(repository, 'rev-parse', 'HEAD')}")
    (folder / ".pre-commit-config.yaml").write_text(config, "utf-8")
    git(folder, "init", "-q")
    return folder


def committed(vault: Path, interviewed: str) -> subprocess.CompletedProcess[str]:
    (vault / "Interviews" / "Acme.md").write_text(NOTE.format(interviewed), "utf-8")
    git(vault, "add", "-A")
    return run(vault, sys.executable, "-m", "pre_commit", "run")


def test_a_wrong_note_is_not_committed_and_a_right_one_is(vault: Path) -> None:
    wrong = committed(vault, "20/11/2026")
    assert wrong.returncode == 1 and "reconnect check" in wrong.stdout, wrong.stdout + wrong.stderr
    assert "Interviews/Acme.md:2:14: bad-date" in wrong.stdout and "write interviewed: 2026-11-20" in wrong.stdout
    right = committed(vault, "2026-11-20")
    assert right.returncode == 0 and "Passed" in right.stdout, right.stdout + right.stderr
