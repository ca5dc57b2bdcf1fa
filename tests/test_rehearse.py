"""`reconnect rehearse`: a call before it is made, which leaves no trace."""

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pendulum import Date

from reconnect_md import method, outlook, reading, rehearsal
from reconnect_md.errors import Failure
from reconnect_md.rehearsal import GATEKEEPER, LONGEST_MESSAGE, SITUATIONS, VOICEMAIL, WORDS_A_MINUTE, Situation
from reconnect_md.script import Line
from reconnect_md.vault import Vault, shipped_templates

from .test_cli import run

TODAY = Date(2026, 1, 14)
LONG = " ".join(["and then we moved the next shelf"] * 12)
NOTE = f"""\
---
interviewed: 2026-01-07
company: Acme
interviewers: [Ana Rivera]
card_sent: 2026-01-07
---
## What connected
- We both started on a loading dock

## Said, but wish I had not
- Why I left: I complained
  - Better: I had done it

## Did not say, but wish I had
- I moved 40 people {LONG}

## Log
"""


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = tmp_path / "vault"
    root.mkdir()
    (root / "Reconnect.md").write_text(
        "---\nme: Jordan Smith\nphone: 512 555 0199\nregion: US-TX\ntimezone: UTC\n---\n", "utf-8"
    )
    (root / "Acme.md").write_text(NOTE, "utf-8")
    return root


def situations(vault: Path) -> list[Situation]:
    found = Vault(vault)
    frame = outlook.frame(found)
    (plan,) = reading.everything(found, frame, TODAY).plans
    contact = rehearsal.next_call(plan)
    assert contact
    return rehearsal.situations(contact, frame.method, frame.settings.caller, TODAY)


def change(vault: Path, old: str, new: str) -> None:
    text = (vault / "Acme.md").read_text("utf-8")
    assert old in text
    (vault / "Acme.md").write_text(text.replace(old, new), "utf-8")


def seen(folder: Path) -> dict[str, tuple[int, bytes]]:
    """What is in a folder, and when each of it was changed."""
    return {
        str(one): (one.stat().st_mtime_ns, one.read_bytes() if one.is_file() else b"")
        for one in (folder, *sorted(folder.rglob("*")))
    }


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("Hello, Ana Rivera!", 3), ("I'd say so", 3), ("512 555 0199", 10), ("co-op", 1)]
)
def test_words_are_counted_as_they_are_spoken(text: str, count: int) -> None:
    assert rehearsal.words(text) == count


@pytest.mark.parametrize("code", ["en", "de", "es", "fr"])
def test_each_shipped_call_has_words_for_each_situation(code: str) -> None:
    made, _ = method.read(shipped_templates(), {}, code)
    for step in made.steps:
        if step.kind == "call":
            assert [one.name for one in rehearsal._parted(step.template)] == list(SITUATIONS), step.path


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("> Hello", ["answers"]),
        ("## There\n> Hello\n## Not there\n> Beep", ["answers", "voicemail"]),
        ("First\n## 1\n> a\n## 2\n> b\n## 3\n> c\n## 4\n> d", ["answers", "gatekeeper", "", "voicemail"]),
    ],
)
def test_a_script_of_ones_own_may_have_others(text: str, names: list[str]) -> None:
    assert [one.name for one in rehearsal._parted(text)] == names


def test_what_is_recalled_can_be_spared(vault: Path) -> None:
    answers, gatekeeper, voicemail = situations(vault)
    assert (answers.name, gatekeeper.name, voicemail.name) == SITUATIONS
    assert voicemail.aside == "We both started on a loading dock."
    assert (
        round(voicemail.spared * WORDS_A_MINUTE / 60)
        == len(["One", "thing", "that", "I", "wrote", "down", "afterwards"]) + 7
    )
    assert voicemail.lines[-1].text.startswith("Thank you. I really want to work with you.")
    assert next(line for line in gatekeeper.lines if not line.said).text.startswith("If they cannot")


def test_after_two_tries_a_voicemail_is_likely(vault: Path) -> None:
    change(vault, "## Log\n", "## Log\n- 2026-01-12 fix call no answer\n- 2026-01-13 fix call no answer\n")
    assert situations(vault)[0].name == VOICEMAIL


@given(st.integers(1, 400), st.integers(0, 60), st.floats(0.5, 2))
def test_who_does_as_advised_has_a_message_that_is_short_enough(said: int, aside: int, pace: float) -> None:
    one = Situation(VOICEMAIL, "Voicemail", (Line(" ".join(["word"] * (said + aside)), True),), "dock", aside * 0.4)
    seconds = one.seconds * pace
    advice = " ".join(rehearsal.too_long(one, seconds))
    if not advice:
        assert seconds <= LONGEST_MESSAGE
        return
    fewer = int(found[1]) if (found := re.search(r"in (\d+) words? less", advice)) else 0
    spared = aside if "Leave out what you recall" in advice else 0
    assert (one.words - fewer - spared) * seconds / one.words <= LONGEST_MESSAGE + 1e-6
    assert not list(rehearsal.too_long(one._replace(name=GATEKEEPER), seconds))


def test_a_pipe_has_all_of_it_with_its_seconds_and_nothing_is_kept(vault: Path) -> None:
    """Not even what the library says of the holidays, which every other command keeps."""
    change(vault, "card_sent: 2026-01-07\n", "card_sent: 2026-01-07\nfix_call: 2026-01-12\n")
    before = seen(vault.parent)
    done = run("rehearse", "acme", "--date", str(TODAY), cwd=vault)
    assert seen(vault.parent) == before
    titles = re.findall(r"^(.+) \((\d+) seconds\):$", done.stdout, re.MULTILINE)
    assert [title for title, _ in titles] == ["They answer", "Someone else answers", "Voicemail"]
    assert int(titles[2][1]) > LONGEST_MESSAGE
    assert done.stdout.count("too long") == 1
    assert "Leave out what you recall, We both started on a loading dock. That spares 6 seconds." in done.stdout
    assert "The next call: Ana Rivera, Acme. Add an answer." in done.stderr


def test_what_is_in_quotes_already_is_in_quotes_once(vault: Path) -> None:
    change(vault, "- We both started on a loading dock", "- “We both started on a loading dock.”")
    said = [line.text for situation in situations(vault) for line in situation.lines]
    assert any("“We both started on a loading dock.”" in one for one in said) and not any("““" in one for one in said)


def test_what_cannot_be_rehearsed(vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from reconnect_md.cli.program import program

    monkeypatch.chdir(vault)
    words = ["rehearse", "Acme", "--date", str(TODAY)]
    (vault / "Templates" / "Reconnect").mkdir(parents=True)
    own = shipped_templates()["templates/fix.md"].partition("## Someone else")[0]
    (vault / "Templates" / "Reconnect" / "fix.md").write_text(own, "utf-8")
    with pytest.raises(Failure, match="no words for voicemail"):
        program([*words, "--as", "voicemail"], standalone_mode=False)
    change(vault, "card_sent", "outcome: hired\ncard_sent")
    with pytest.raises(Failure, match="is left to make"):
        program(words, standalone_mode=False)


if sys.platform != "win32":
    from .test_asking import CTRL_C, Talk

    def test_on_a_terminal_it_is_said_line_by_line(vault: Path) -> None:
        before = seen(vault)
        talk = Talk(vault, "rehearse", "Acme", "--date", str(TODAY), size=(40, 24))
        talk.answer("Who is there [1]", "4\n")
        talk.answer("Who is there [1]", "3\n")
        talk.answer("Hello Ana Rivera", "")
        assert "Thank you" not in talk.shown
        talk.answer("0199.", "\n")
        talk.answer("second interview?", "\n")
        assert talk.end() == 0
        assert re.search(r"That took \d+ seconds", talk.shown) and "too long" not in talk.shown
        assert seen(vault) == before

    def test_who_stops_a_rehearsal_is_told_that_nothing_was_saved(vault: Path) -> None:
        talk = Talk(vault, "rehearse", "Acme", "--as", "gatekeeper", "--date", str(TODAY))
        talk.answer("put me through, please?", CTRL_C)
        assert talk.end() == 130 and "Nothing was saved" in talk.shown
