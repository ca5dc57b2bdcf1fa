"""What people read: every sentence ends once, and what they typed stands in it as they typed it."""

import re
from pathlib import Path

import pytest
from pendulum import Date

from reconnect_md import findings, script, sync
from reconnect_md.errors import CATALOGUE, Kind
from reconnect_md.vault import Vault

NOTE = """\
---
interviewed: 2026-01-07
company: Acme Inc.
position: Sr. Mgr.
interviewers: Ana Rivera Jr.
round: 2.
timezone: Nowhere.
fix_cal: x
---
## What went well
- Did we agree?
- The tour!

## Said, but wish I had not
- Why did I leave?
  - Better: I wanted more…

## Said otherwise?
- x
"""

BROKEN = "---\ninterviewed: 2026-01-07.\nfix_call: soon!\n---\n"


@pytest.fixture
def page(tmp_path: Path) -> str:
    (tmp_path / "Acme.md").write_text(NOTE, "utf-8")
    (tmp_path / "Broken.md").write_text(BROKEN, "utf-8")
    (tmp_path / "Reconnect.md").write_text("---\nme: J. Smith Jr.\nhorizon: 7.\n---\n", "utf-8")
    return sync.run(Vault(tmp_path), Date(2026, 1, 12)).text


def test_no_sentence_ends_twice(page: str) -> None:
    assert "this is J. Smith Jr. We met" in page and "position of Sr. Mgr. Is this" in page
    assert not re.findall(r".*[\w”)][.?!;:]+[.?!;:](?:\s.*|$)", page)


def test_what_was_typed_is_told_from_the_end_of_the_sentence(page: str) -> None:
    for typed in ("interviewed is not a date: “2026-01-07.”", "`skipped`: “soon!”", "number of days: “7.”"):
        assert typed in page.replace("\\", "")
    assert "such as round: 2." in page and "“Nowhere.” is no time zone" in page


@pytest.mark.parametrize("kind", CATALOGUE.values(), ids=CATALOGUE)
def test_the_words_of_a_problem_come_without_an_end_or_keep_their_own(kind: Kind) -> None:
    for words in (kind.message, kind.remedy):
        assert script.sentence(words).startswith(words), "nothing of them is cut off"
        assert not words.endswith((".", "!"))


def test_the_page_of_the_problems_is_that_of_the_catalogue() -> None:
    page = (Path(__file__).parent.parent / "docs" / "problems.md").read_text("utf-8")
    assert page.endswith(findings.table()), f"docs/problems.md has to end with:\n{findings.table()}"


def test_every_problem_of_the_catalogue_is_one_that_can_come_up() -> None:
    source = "".join(path.read_text("utf-8") for path in Path(findings.__file__).parent.glob("*.py"))
    assert not [code for code in CATALOGUE if source.count(f'"{code}"') < 2]
