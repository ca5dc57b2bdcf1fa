"""The agenda, the scripts and the notes in every language, and the way back from each of them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pendulum import Date

from reconnect_md import language, log, method, properties, sync, wording
from reconnect_md.model import LogEntry, Sign, same
from reconnect_md.vault import Vault
from tests.languages import ENGLISH, LANGUAGES, SHIPPED

CODES = sorted(LANGUAGES)
FOREIGN = [code for code in CODES if code != "en"]
CHANGES = [*zip(CODES, [*CODES[1:], CODES[0]], strict=True), ("de", "de")]
METHODS = {code: method.read(SHIPPED, {}, code)[0] for code in CODES}
NAMES = [path.rpartition("/")[2] for path in SHIPPED if path.count("/") == 1]
DAY = Date(2026, 1, 14)


def text(code: str, name: str) -> str:
    return SHIPPED[f"templates/{name}" if code == "en" else f"templates/{code}/{name}"]


def blocks(template: str) -> set[str]:
    """What a template asks for: its values, and on what it depends."""
    code = re.findall(r"\{[{%](.*?)[%}]\}", template, re.DOTALL)
    return {word for one in code for word in re.findall(r"(?<![\w\"])[a-z_]+(?:\.[a-z_]+)*", one)} - {
        "capitalize",
        "or",
    }


def fragments(template: str) -> set[str]:
    """The sentences of a template: what stands between its tags, each of some length."""
    body = template.partition("\n---\n")[2] if template.startswith("---") else template
    lines = re.split(r"\{[{%].*?[%}]\}|\n", body)
    return {line.strip("#>*-_ .,:;()[]`·“”") for line in lines if len(re.findall(r"[a-z]{2,}", line)) > 1}


# --- the same in all -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", FOREIGN)
def test_a_language_has_the_files_and_the_words_of_english(code: str) -> None:
    assert [path.rpartition("/")[2] for path in SHIPPED if f"/{code}/" in path] == NAMES
    here, there = (properties.read("words.md", text(one, "words.md")) for one in (code, "en"))
    assert here.values.keys() == there.values.keys() and not here.problems
    own = LANGUAGES[code]
    assert all(own.words[key].count("{") == phrase.count("{") for key, phrase in ENGLISH.words.items())
    theirs = {f"T/{code}/words.md": text(code, "words.md")}
    assert not language.read(code, SHIPPED, theirs)[1], "as a vault's own it would be used without a word, too"


@pytest.mark.parametrize("code", FOREIGN)
@pytest.mark.parametrize("name", ["add.md", "card.md", "compensate.md", "fix.md", "layout.md"])
def test_a_template_shows_in_every_language_what_it_shows_in_english(code: str, name: str) -> None:
    assert blocks(text(code, name)) == blocks(text("en", name))
    assert not fragments(text(code, name)) & fragments(text("en", name))
    here, there = (properties.read(name, text(one, name)).values for one in (code, "en"))
    assert here.keys() == there.keys()
    assert all(here[key] == there[key] for key in ("step", "order", "kind", "wait", "records") if key in there)


@pytest.mark.parametrize("code", CODES)
def test_the_shipped_templates_of_a_language_can_be_used(code: str) -> None:
    made, problems = method.read(SHIPPED, {}, code)
    assert not problems and made.language.code == code
    assert [step.step for step in made.steps] == ["card", "fix", "add", "compensate"]
    assert all(step.path.endswith(text(code, f"{step.step}.md") and f"{step.step}.md") for step in made.steps)


@pytest.mark.parametrize("code", CODES)
def test_the_note_template_asks_the_questions_of_its_language(code: str, tmp_path: Path) -> None:
    asked = re.findall(r"^## (.*)$", text(code, method.NOTE_TEMPLATE), re.MULTILINE)
    made = METHODS[code]
    assert asked == [*made.questions.values(), LANGUAGES[code].words["log"]]
    labels = re.findall(r"^  - (\w+):", text(code, method.NOTE_TEMPLATE), re.MULTILINE)
    assert labels == [step.answer[0] for step in made.steps if step.answer]


# --- nothing in English --------------------------------------------------------------------------------------

NOTE = """---
interviewed: {day}
company: {company}
interviewers: [{people}]
phone: "+81 3 1234 5678"
timezone: Asia/Tokyo
{more}
---
## {0}
- {about} xxa
## {1}
- xxb
## {2}
- Xxc: xxd
  - {better}: xxe
- xxf
## {3}
- xxg
- xxh
## {4}
- xxi
"""


def everything(vault: Vault, code: str) -> None:
    """A vault whose agenda has all that there is."""
    made = METHODS[code]
    asked, better = list(made.questions.values()), made.label(made.steps[1].question)

    def note(company: str, day: str, more: str = "", people: str = "Xa Xb", about: str = "") -> None:
        text = NOTE.format(*asked, day=day, company=company, people=people, more=more, about=about, better=better)
        vault.root.joinpath(f"{company}.md").write_text(text, "utf-8")

    note("Qqa", "2026-01-05", "card_sent: 2026-01-05")
    note("Qqb", "2026-01-14", people='"Xa Xb, xc", Xd Xe')
    note("Qqc", "2025-12-01", "card_sent: 2025-12-01")
    note("Qqd", "2026-01-05", "fix_call: 2026-01-14")
    note("Qqe", "2026-01-05", "card_sent: skipped\ncall_again: 2026-01-14", people="")
    note("Qqf", "2026-01-12", about=LANGUAGES[code].lists["about_them"][0])
    for name, day in (("Qqg", "2026-01-14T10:00"), ("Qqh", "2026-01-15"), ("Qqi", "2026-01-20"), ("Qqj", "2026-01-13")):
        vault.root.joinpath(f"{name}.md").write_text(f"---\ninterviewed: {day}\ncompany: {name}\n---\n", "utf-8")
    vault.root.joinpath("Qqk.md").write_text("---\ninterviewed: 06/01/2026\n---\n", "utf-8")


def chosen(vault: Vault, code: str, more: str = "") -> None:
    vault.root.joinpath("Reconnect.md").write_text(f"---\nme: Xm\nlanguage: {code}\n{more}---\n", "utf-8")


@pytest.mark.parametrize("code", FOREIGN)
def test_no_english_is_left_in_an_agenda(code: str, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    seen = ""
    for today in (DAY, Date(2026, 1, 17)):  # a Saturday, too
        chosen(vault, "en")
        everything(vault, "en")
        english = sync.run(vault, today).page.new.decode()
        (tmp_path / "Agenda.md").unlink()
        chosen(vault, code)
        everything(vault, code)
        made = sync.run(vault, today)
        text_ = made.page.new.decode()
        assert re.findall(r"🆔 [\w-]+", text_) == re.findall(r"🆔 [\w-]+", english), "the same tasks"
        assert [line.partition(" ")[0] for line in text_.splitlines() if line.startswith("#")] == [
            line.partition(" ")[0] for line in english.splitlines() if line.startswith("#")
        ]
        assert not sync.run(vault, today).changes
        (tmp_path / "Agenda.md").unlink()
        own = [line for line in text_.splitlines() if not re.match(r"- \[Qq\w\.md\]", line)]  # a problem
        seen += english
        for name in ("layout.md", "card.md", "fix.md", "add.md", "compensate.md"):
            left = [one for one in fragments(text("en", name)) if one in "\n".join(own) and one not in text(code, name)]
            assert not left
        words = r"\b(the|and|with|is|call|calls|today|day|days|to|from|Monday|Wednesday|January|Why|Thank|Hello)\b"
        assert not re.findall(words, "\n".join(own))
    shown = [one for one in fragments(text("en", "layout.md")) if one in seen]
    assert len(shown) > 0.65 * len(fragments(text("en", "layout.md"))), "nearly everything was shown"


# --- what was written in another one ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("other", CODES)
def test_a_note_in_another_language_is_read(code: str, other: str) -> None:
    made, note = METHODS[code], METHODS[other]
    for step, same_step in zip(made.steps, note.steps, strict=True):
        assert {made.headings[same(words)] for words in same_step.uses} == {step.question}
        assert {same(label) for label in same_step.answer} <= made.labels
    assert made.language.none >= note.language.none


@pytest.mark.parametrize("code", CODES)
@given(
    st.sampled_from(list(Sign)),
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=20).map(str.strip),
    st.sampled_from(CODES),
)
@settings(deadline=None, max_examples=60)
def test_a_line_of_the_log_says_the_same_in_every_language(code: str, sign: Sign, remark: str, other: str) -> None:
    entry = LogEntry(DAY, "fix_call", sign, log.tidy(remark), DAY.add(days=2) if sign is Sign.MOVED else None)
    for form in log.forms(entry, LANGUAGES[other]):
        found = log.parse(form, 0, LANGUAGES[code])
        assert found and found.said == entry.said, form


# --- the way back ----------------------------------------------------------------------------------------------


class Desk:
    """A vault with one call that is due on `DAY`."""

    def __init__(self, folder: Path, code: str) -> None:
        self.vault = Vault(folder)
        self.agenda, self.note = folder / "Agenda.md", folder / "Acme.md"
        asked = METHODS[code].questions.values()
        text = NOTE.format(*asked, day="2026-01-09", company="Acme", people="Xa Xb", about="", better="Better",
                           more="card_sent: 2026-01-09\nfix_call:\nadd_call:\ncall_again:")  # fmt: skip
        self.note.write_text(text, "utf-8")
        self.speak(code)
        self.turn()

    def speak(self, code: str) -> None:
        chosen(self.vault, code)

    def turn(self) -> sync.Pass:
        made = sync.run(self.vault, DAY)
        assert not sync.run(self.vault, DAY).changes, "a second pass writes nothing"
        return made

    def text(self) -> str:
        return self.agenda.read_text("utf-8")

    @property
    def line(self) -> str:
        return next(line for line in self.text().splitlines() if re.search(r"-fix\b", line))

    def type(self, old: str, new: str) -> None:
        assert old in self.text()
        self.agenda.write_text(self.text().replace(old, new, 1), "utf-8")


@pytest.mark.parametrize(("code", "other"), CHANGES)
def test_what_was_typed_in_the_old_language_is_carried_when_it_changes(code: str, other: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, code)
    line = desk.line
    desk.type(line, f"{line.replace('[ ]', '[x]')}\n  - xx remark")
    desk.agenda.write_text(f"on top\n\n{desk.text()}\nbelow all\n", "utf-8")
    desk.speak(other)
    assert [mark.sign for _, mark in desk.turn().marks] == [Sign.DONE]
    assert "fix_call: 2026-01-14\n" in desk.note.read_text("utf-8")
    assert f"## {LANGUAGES[other].words['log']}\n- 2026-01-14 fix call:" in desk.note.read_text("utf-8")
    assert all(words in desk.text() for words in ("on top", "below all", "xx remark"))
    title = next(step.title for step in METHODS[other].steps if step.step == "fix")
    assert f"- [x] {title}" in desk.text()
    desk.type(desk.line.partition("]")[0], "- [ ")  # taken back in the new one
    assert [mark.sign for _, mark in desk.turn().marks] == [Sign.OPEN]
    assert "fix_call:\n" in desk.note.read_text("utf-8")
    desk.speak(code)
    desk.turn()
    assert all(words in desk.text() for words in ("on top", "below all"))


@pytest.mark.parametrize("code", CODES)
def test_marks_come_back(code: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, code)
    desk.type(desk.line, desk.line.replace("[ ]", "[>]"))
    assert [mark.sign for _, mark in desk.turn().marks] == [Sign.NO_ANSWER]
    said = LANGUAGES[code].words["log_no_answer"]
    assert f"- 2026-01-14 fix call {said}\n" in desk.note.read_text("utf-8")


@pytest.mark.parametrize("code", CODES)
def test_a_day_that_was_moved_comes_back(code: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, code)
    desk.type(desk.line, desk.line.replace("📅 2026-01-14", "📅 2026-01-19"))
    desk.turn()
    assert "call_again: 2026-01-19\n" in desk.note.read_text("utf-8")
    assert LANGUAGES[code].say("log_moved", day="2026-01-19") in desk.note.read_text("utf-8")


@pytest.mark.parametrize(("code", "other"), CHANGES)
def test_a_remark_without_a_place_stays_under_your_notes_in_the_language_of_the_day(
    code: str, other: str, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, code)
    desk.type(desk.line, f"{desk.line}\n  - xx remark")
    there = desk.note.read_text("utf-8")
    desk.note.write_text(there.replace("call_again:", "call_again: 2026-03-02"), "utf-8")
    desk.turn()
    assert f"## {LANGUAGES[code].words['your_notes']}\n" in desk.text()
    desk.speak(other)
    desk.turn()
    heading = f"## {LANGUAGES[other].words['your_notes']}\n"
    assert desk.text().count("xx remark") == 1 and "xx remark" in desk.text().partition(heading)[2]
    desk.note.write_text(there, "utf-8")
    desk.turn()
    assert desk.text().count("xx remark") == 1 and heading not in desk.text(), "back under its call"


@pytest.mark.parametrize("code", CODES)
def test_git_merges_agendas_of_any_language(code: str, tmp_path: Path) -> None:
    desk = Desk(tmp_path, code)
    base = desk.text()
    mine, other = tmp_path / "mine", tmp_path / "other"
    mine.write_text(base.replace(desk.line, desk.line.replace("[ ]", "[x]")), "utf-8")
    other.write_text(base.replace(desk.line, f"{desk.line}\n  - xx remark"), "utf-8")
    (tmp_path / "base").write_text(base, "utf-8")
    command: list[str | Path] = [sys.executable, "-m", "reconnect_md", "merge-agenda", tmp_path / "base", mine, other]
    assert subprocess.run(command, cwd=Path(__file__).parents[1]).returncode == 0
    merged = mine.read_text("utf-8")
    assert "- [x]" in merged and "xx remark" in merged
    assert merged.splitlines()[-1].startswith(base.splitlines()[-1].partition(str(DAY))[0]), "its last line too"


# --- choosing one ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "code"),
    [("de", "de"), ("DE", "de"), ("German", "de"), ("Deutsch", "de"), ("de_AT.UTF-8", "de"), ("español", "es"),
     ("", "en"), ("français", "fr"), ("English", "en"), ("en-GB", "en")],
)  # fmt: skip
def test_a_language_is_chosen_by_its_code_or_its_name(typed: str, code: str, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    chosen(vault, typed)
    made = sync.run(vault, DAY)
    assert made.outlook.frame.settings.language == code and not made.problems


def test_a_language_that_there_is_not_is_said_with_those_that_there_are(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    chosen(vault, "klingon")
    (found,) = sync.run(vault, DAY).problems
    assert (found.code, found.line) == ("bad-setting", 3) and "de, en, es or fr" in found.remedy


def test_a_vault_brings_a_language_of_its_own(tmp_path: Path) -> None:
    vault, folder = Vault(tmp_path), tmp_path / "Templates" / "Reconnect" / "pl"
    folder.mkdir(parents=True)
    words = "names: [Polish, polski]\nlocale: pl\nyour_notes: Twoje notatki\nfollow_ups: [czy już (wiadomo)]\n"
    (folder / "words.md").write_text(f"---\n{words}---\n", "utf-8")
    (folder / "layout.md").write_text("# Plan na {{ day }}\n", "utf-8")
    head = "step: fix\norder: 2\nkind: call\nwait: 3-4\nuses: Co mogłem powiedzieć lepiej\nanswer: Lepiej"
    fix = text("en", "fix.md").partition("## They")
    (folder / "fix.md").write_text(f"---\n{head}\nrecords: fix_call\ntitle: Popraw\n---\n## They{fix[2]}", "utf-8")
    (tmp_path / "Acme.md").write_text(
        "---\ninterviewed: 2026-01-09\n---\n"
        "## Co mogłem powiedzieć lepiej\n- A\n  - Lepiej: b\n## What went well\n- c\n",
        "utf-8",
    )
    chosen(vault, "polski")
    made = sync.run(vault, DAY)
    assert made.text.startswith("# Plan na środa, 14 stycznia 2026")
    (plan,) = made.outlook.plans
    assert [step.file.title for step in plan.steps] == ["Send a thank-you card", "Popraw"]
    assert plan.steps[1].reason == "b" and not [one for one in made.problems if "template" in one.code]
    chosen(vault, "de")
    (plan,) = sync.run(vault, DAY).outlook.plans
    assert [step.file.title for step in plan.steps] == ["Dankeskarte schicken", "Eine Antwort verbessern"]
    assert plan.steps[1].reason == "b", "the headings of all languages are read in each"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("last_line: mine", "{day}"),
        ("last_line: mine {day}", "begin with reconnect"),
        ("last_line: 'reconnect {day}: x'", "no colon"),
        ("log_moved: '{day} moved'", "end with {day}"),
        ("log_skipped: 'left: out'", "colon"),
        ("locale: xx", "names of days"),
        ("met: there", "{day} is missing"),
    ],
)
def test_words_that_cannot_be_used_are_said_and_those_below_stay(line: str, why: str, tmp_path: Path) -> None:
    found, (wrong,) = language.read("de", SHIPPED, {"T/de/words.md": f"---\n{line}\n---\n"})
    assert (wrong.code, wrong.line) == ("bad-template", 2) and why in str(wrong)
    assert found.words == LANGUAGES["de"].words


@pytest.mark.parametrize("code", CODES)
def test_a_question_for_their_decision_is_found_in_every_language(code: str) -> None:
    asked = {
        "en": "Have you made a decision yet?",
        "de": "Haben Sie sich schon entschieden?",
        "es": "¿Ya han tomado una decisión?",
        "fr": "Avez-vous déjà pris une décision ?",
    }
    assert list(wording.found(asked[code], LANGUAGES[code])) and list(wording.found(asked["en"], LANGUAGES[code]))
    scripts = [text(code, name) for name in NAMES if name != "words.md"]
    assert not [one for script in scripts for one in wording.found(script, LANGUAGES[code])]


@pytest.mark.parametrize(
    ("code", "people", "together"),
    [
        ("en", ["Ana", "Ines"], "Ana and Ines"),
        ("de", ["A", "B", "C"], "A, B und C"),
        ("es", ["Ana", "Inés"], "Ana e Inés"),
        ("es", ["Ana", "Hilda"], "Ana e Hilda"),
        ("es", ["Ana", "Hiara"], "Ana y Hiara"),
        ("es", ["Inés", "Ana"], "Inés y Ana"),
        ("fr", ["Ana", "Bo"], "Ana et Bo"),
    ],
)
def test_people_are_joined_as_the_language_does(code: str, people: list[str], together: str) -> None:
    assert LANGUAGES[code].together(people) == together


@pytest.mark.parametrize(
    ("code", "first", "second"),
    [
        ("en", "Sunday, 1 March 2026", "Monday, 2 March"),
        ("de", "Sonntag, 1. März 2026", "Montag, 2. März"),
        ("es", "domingo 1 de marzo de 2026", "lunes 2 de marzo"),
        ("fr", "dimanche 1er mars 2026", "lundi 2 mars"),
    ],
)
def test_dates_are_written_as_the_language_does(code: str, first: str, second: str) -> None:
    spoken = LANGUAGES[code]
    assert (spoken.day(Date(2026, 3, 1), year=True), spoken.day(Date(2026, 3, 2))) == (first, second)


@pytest.mark.parametrize(
    ("typed", "english"),
    [
        ("gestern", "yesterday"),
        ("ayer", "yesterday"),
        ("Hier", "yesterday"),
        ("aujourd’hui à 14 heures", "today at 14 o'clock"),
        ("21. Dezember 2026 um 14 Uhr", "21. december 2026 at 14 o'clock"),
        ("21 de dic", "21 de dec"),
        ("Freitag", "friday"),
        ("Dec 21st, 2:30p", "dec 21st, 2:30p"),
        ("May 3, mar 4", "may 3, mar 4"),
        ("Morgenstern", "morgenstern"),
    ],
)
@pytest.mark.parametrize("code", CODES)
def test_words_of_dates_are_known_in_every_language(typed: str, english: str, code: str) -> None:
    assert language.in_english(typed, METHODS[code].language) == english
