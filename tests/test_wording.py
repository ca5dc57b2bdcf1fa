"""Words that follow up are pointed out where they would be said, and nowhere else."""

from pathlib import Path

import pytest
from pendulum import Date

from reconnect_md import sync, wording
from reconnect_md.vault import Vault, shipped_templates
from tests.languages import ENGLISH

NOTE = """\
---
interviewed: 2026-01-07
company: Acme
interviewers: Ana Rivera
---
## What went well
- {well}

## Said, but wish I had not
- I asked: any news?
  - Better: {better}

## Log
- 2026-01-08 fix call no answer: just checking in
"""


@pytest.mark.parametrize(
    "words",
    [
        "Have you made a decision yet?",
        "I am just checking in about the job",
        "Wanted to touch base",
        "Is there any update?",
        "I’m following up on our talk",
        "Circling back to you",
        "When will you decide?",
    ],
)
def test_a_question_for_their_decision_is_found(words: str) -> None:
    assert list(wording.found(words, ENGLISH))


@pytest.mark.parametrize(
    "words",
    [
        "Ana asked: “have you made a decision yet?”",
        'They said "any update is welcome"',
        "I built the follow-up care for 400 patients",
        "I ran the check-in desk of a hotel",
        "I made a decision in a day, and it held",
        "The newspaper has many updates",
        "Our team followed up each defect within an hour",
        "I would check in code twice a day",
    ],
)
def test_what_they_said_and_other_senses_are_not(words: str) -> None:
    assert not list(wording.found(words, ENGLISH))


def problems(root: Path, settings: str = "", **words: str) -> list[tuple[str, int, int]]:
    (root / "Reconnect.md").write_text(f"---\nme: Jo\n{settings}---\n", "utf-8")
    text = NOTE.format(**{"well": "The tour", "better": "I had done it all", **words})
    (root / "Acme.md").write_text(text, "utf-8")
    found = sync.run(Vault(root), Date(2026, 1, 12), write=False).problems
    return [(one.note, one.line, one.column) for one in found if one.code == "follow-up"]


def test_it_has_a_place_and_only_what_is_said_counts(tmp_path: Path) -> None:
    assert problems(tmp_path) == []
    assert problems(tmp_path, better="so, have you decided?") == [("Acme.md", 11, 17)]
    assert problems(tmp_path, well="I said I’m following up") == [("Acme.md", 7, 10)]
    assert problems(tmp_path, better="Gibt es schon  Neues?") == []
    assert problems(tmp_path, "follow_ups: [gibt es schon neues]\n", better="Gibt es schon Neues?") == [
        ("Acme.md", 11, 13)
    ]


def test_a_template_of_the_vaults_own_is_looked_at_and_ours_are_clean(tmp_path: Path) -> None:
    assert not [one for text in shipped_templates().values() for one in wording.found(text, ENGLISH)]
    own = tmp_path / "Templates" / "Reconnect" / "fix.md"
    own.parent.mkdir(parents=True)
    own.write_text(shipped_templates()["templates/fix.md"] + "> Any news?\n", "utf-8")
    lines = own.read_text("utf-8").count("\n")
    assert problems(tmp_path) == [("Templates/Reconnect/fix.md", lines, 3)]
