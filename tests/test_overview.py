"""The overview: words from notes stay words, to Markdown and to Mermaid; and what was typed in it stays."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pendulum import Date

from reconnect_md import method, overview, plan, sync
from reconnect_md.errors import problem
from reconnect_md.markdown import parser
from reconnect_md.model import Evaluation, Item, Person, Plan
from reconnect_md.overview import State
from reconnect_md.settings import Settings
from reconnect_md.settings import read as read_settings
from reconnect_md.vault import Vault, shipped_templates

from .languages import LANGUAGES
from .test_languages import FOREIGN, chosen, everything

METHOD, _ = method.read(shipped_templates())
TODAY = Date(2026, 1, 14)
NODE = Path(__file__).parent / "node"
HAS_MERMAID = shutil.which("node") and (NODE / "node_modules" / "mermaid").is_dir()

# fmt: off
NASTY = (
    "call", "call Ana", "click", "href", "section", "section two", "title", "gantt", "end", "done", "crit",
    "vert", "todayMarker off", "2026-01-01", "100% sure", "%% gone", "%%{init: {}}%%", "a: b", "a; b",
    "#35; #quot;", "a # b", '"quoted"', "it's", "`code`", "``` fence", "[x](y)", "{a}", "<b>bold</b>",
    "<script>alert(1)</script>", "<!-- x -->", "a\nsection b", "---", "__proto__", "constructor",
    "| cell | two", "![i](http://x.example/i.png)", "[[Link|x]]", "#tag", "- [ ] task 📅 2026-01-01",
    "<% tp %>", "x:: y", "[x:: y]", "==m==", "$x$", "प्रेमचंद लिमिटेड", "שלום עולם", "株式会社、東京", "🦊 Fox",
    "\u202eesrever", "a\u200bb", "…", "—", ":", "x" * 5000, "é" * 300, "\\", "*", "~~x~~", "^id",
)
WORDS = st.one_of(st.sampled_from(NASTY), st.text(max_size=30))

NAME = r"[^:;#%{}\[\]<>\"`\n|\\]+"
LINE = re.compile(
    r"```mermaid|%%\{init: .*\}%%|gantt|    dateFormat YYYY-MM-DD|    tickInterval 1week|    weekday monday"
    r"|    todayMarker off|    axisFormat [%\w ./]+"
    rf"|    section {NAME}|    [☎✉•] {NAME} :(crit, |milestone, )?\d{{4}}-\d\d-\d\d, (\d{{4}}-\d\d-\d\d|0d)"
)
# fmt: on


def planned(names: list[str], items: list[str]) -> list[Plan]:
    """Interviews of the last and the next days, with these words everywhere."""
    given = tuple(Item(text, text if number % 2 else None, 9 + number) for number, text in enumerate(items))
    read = [
        Evaluation(
            f"I/{number}.md",
            TODAY.add(days=number * 3 - 9),
            company=name,
            position=name,
            interviewers=(Person(name, name),),
            outcome=name if number == 0 else None,
            items=dict.fromkeys(METHOD.questions, given),
        )
        for number, name in enumerate(names)
    ]
    return list(plan.plans(read, METHOD, lambda one: Settings().workdays(None), TODAY))


def chart_of(text: str) -> str:
    (chart,) = re.findall(r"```mermaid\n(.*?)```", text, re.DOTALL)
    return str(chart)


@given(names=st.lists(WORDS, min_size=1, max_size=6), items=st.lists(WORDS, max_size=4))
@settings(max_examples=40, deadline=None)
def test_words_of_notes_stay_words(names: list[str], items: list[str]) -> None:
    plans = planned(names, items)
    found = problem("unreadable", names[0], why=names[0])
    text = overview.page(plans, [found], METHOD, "Deep/Overview.md", TODAY)
    assert overview.state(text) is State.OURS
    tokens = parser().parse(text)
    kinds = {token.type for token in tokens}
    assert not kinds & {"code_block", "blockquote_open", "hr", "ordered_list_open"}
    assert [token.content[:4] for token in tokens if token.type == "html_block"] == ["<!--"]
    fences = [token for token in tokens if token.type == "fence"]
    drawn = [line for fence in fences for line in ("```mermaid", *fence.content.splitlines())]
    assert len(fences) <= 1 and all(map(LINE.fullmatch, drawn))
    headings = [tokens[at + 1].content for at, token in enumerate(tokens) if token.type == "heading_open"]
    assert set(headings[1:]) <= {METHOD.language.words[f"overview_{key}"] for key in
                                 ("open", "weeks", "so_far", "learned", "again", "unused", "problems")}  # fmt: skip
    inside = [child for token in tokens for child in token.children or ()]
    assert not {child.type for child in inside} & {"html_inline", "image", "code_inline", "em_open", "s_open"}
    links = [child.attrs["href"] for child in inside if child.type == "link_open"]
    assert all(str(link).startswith("../") for link in links)
    for row in re.findall(r"^\|.*\|$", text, re.M):
        assert len(re.findall(r"(?<!\\)(?:\\\\)*\|", row)) in (3, 6, 7)


def test_mermaid_reads_what_was_meant() -> None:
    if not HAS_MERMAID:
        pytest.skip("no node, or no Mermaid: see tests/node/README.md")
    pages = [overview.page(planned([name] * 4, [name]), (), METHOD, "Overview.md", TODAY) for name in NASTY]
    pages += [
        overview.page(planned(["Acme"] * 4, ["It"]), (), own, "Overview.md", TODAY)
        for own in (method.read(shipped_templates(), {}, code)[0] for code in LANGUAGES)
    ]
    charts = [chart_of(text) for text in pages]
    done = subprocess.run(
        ["node", "mermaid.mjs"], input=json.dumps(charts), capture_output=True, encoding="utf-8", cwd=NODE
    )
    assert done.returncode == 0, done.stderr
    for chart, read in zip(charts, json.loads(done.stdout), strict=True):
        written, section = [], ""
        for line in chart.splitlines():
            if match := re.match(r"    section (.*)", line):
                section = match[1].strip()
            elif match := re.match(r"    ([☎✉•] .*?) :(crit, )?(?:milestone, )?(\S+), (\S+)$", line):
                end = match[3] if match[4] == "0d" else match[4]
                written.append([section, match[1], bool(match[2]), match[3], end])
        assert written and read == written


# --- what was typed -----------------------------------------------------------------------------------------


NOTE = """---
interviewed: 2026-01-09
company: Acme
---
## Said, but wish I had not
- Why I left
  - Better: I had done it
"""


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    (tmp_path / "Reconnect.md").write_text("---\nme: Jo\noverview: Overview.md\n---\n", "utf-8")
    (tmp_path / "Acme.md").write_text(NOTE, "utf-8")
    return Vault(tmp_path)


@pytest.mark.parametrize(
    "typed, overview, calendar",
    [("yes", "Overview.md", "Reconnect.ics"), ("true", "Overview.md", "Reconnect.ics"), ("no", "", ""),
     ("False", "", ""), ("Yes.md", "Yes.md", "Yes.md.ics")],
)  # fmt: skip
def test_a_plain_yes_takes_the_usual_names(typed: str, overview: str, calendar: str) -> None:
    found = read_settings(f"---\noverview: {typed}\ncalendar: {typed}\n---\n", "UTC")
    assert (found.settings.overview, found.settings.calendar, found.problems) == (overview, calendar, ())


def at(vault: Vault, day: Date = TODAY) -> tuple[str, set[str]]:
    """What a pass leaves in the overview, and its problems; the next one writes nothing."""
    made = sync.run(vault, day)
    assert not sync.run(vault, day).changes
    return (vault.root / "Overview.md").read_bytes().decode(), {one.code for one in made.problems}


def test_there_is_none_without_the_setting(vault: Vault) -> None:
    (vault.root / "Reconnect.md").write_text("---\nme: Jo\n---\n", "utf-8")
    sync.run(vault, TODAY)
    assert not (vault.root / "Overview.md").exists()


def test_it_is_kept_right(vault: Vault) -> None:
    text, problems = at(vault)
    assert "[Acme](Acme.md)" in text and not problems & {"foreign-overview", "edited-overview"}
    (vault.root / "Acme.md").write_text(NOTE.replace("Acme", "Bolt"), "utf-8")
    assert "[Bolt](Acme.md)" in at(vault)[0]
    assert "Thursday, 15 January" in at(vault, TODAY.add(days=1))[0]


@pytest.mark.parametrize(
    "change", [lambda text: text.replace("\n", "\r\n"), lambda text: text.replace("| ", "|   ") + "\n"]
)
def test_blanks_and_line_ends_are_no_words(vault: Vault, change: object) -> None:
    assert callable(change)
    (vault.root / "Overview.md").write_bytes(change(at(vault)[0]).encode())
    assert "Thursday, 15 January" in at(vault, TODAY.add(days=1))[0]


@pytest.mark.parametrize("place", ["\n## Open", "| [Acme", "```\n", "<!-- "])
def test_what_was_typed_in_it_stays(vault: Vault, place: str) -> None:
    text = at(vault)[0]
    typed = text.replace(place, f"my words {place}", 1) if place in text else text + "my words"
    (vault.root / "Overview.md").write_bytes(typed.encode())
    for day in (TODAY, TODAY.add(days=1)):
        assert at(vault, day) == (typed, at(vault, day)[1]) and "edited-overview" in at(vault, day)[1]
    (vault.root / "Overview.md").unlink()
    assert "edited-overview" not in at(vault)[1] and "Acme" in at(vault)[0]


def test_lines_below_the_last_one_stay(vault: Vault) -> None:
    typed = at(vault)[0] + "\nmy words\n"
    (vault.root / "Overview.md").write_bytes(typed.encode())
    assert at(vault, TODAY.add(days=1)) == (typed, {"edited-overview", "nothing-to-say"})


@pytest.mark.parametrize("text", ["# My own\n", "---\ninterviewed: 2026-01-08\ncompany: Cobb\n---\n"])
def test_a_note_that_is_none_stays(vault: Vault, text: str) -> None:
    (vault.root / "Overview.md").write_text(text, "utf-8")
    found, problems = at(vault)
    assert found == text and "foreign-overview" in problems
    assert ("Cobb" in (vault.root / "Agenda.md").read_text("utf-8")) == ("Cobb" in text)


@pytest.mark.parametrize("name", ["Agenda.md", "agenda.md", "Reconnect.md", "Acme.md", "Acme"])
def test_no_other_file_is_written_over(vault: Vault, name: str) -> None:
    (vault.root / "Reconnect.md").write_text(f"---\nme: Jo\noverview: {name}\n---\n", "utf-8")
    made = sync.run(vault, TODAY)
    assert "foreign-overview" in {one.code for one in made.problems} and made.overview is None
    assert not sync.run(vault, TODAY).changes
    assert (vault.root / "Acme.md").read_text("utf-8") == NOTE


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
@pytest.mark.parametrize(("key", "name"), [("overview", "out/Mine.md"), ("calendar", "out/Mine.ics")])
def test_one_that_leads_out_of_the_vault_keeps_nothing_else_from_being_written(
    vault: Vault, tmp_path_factory: pytest.TempPathFactory, key: str, name: str
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (vault.root / "out").symlink_to(elsewhere)
    (vault.root / "Reconnect.md").write_text(f"---\nme: Jordan\ntimezone: UTC\n{key}: {name}\n---\n", "utf-8")
    made = sync.run(vault, TODAY)
    (found,) = (one for one in made.problems if one.note == name)
    assert (found.code, found.remedy) == ("unreadable", "keep it inside, without a link")
    assert (vault.root / made.path).is_file()
    assert not list(elsewhere.iterdir())


def test_a_conflict_of_two_devices_heals(vault: Vault) -> None:
    ours, theirs = (at(vault, day)[0] for day in (TODAY, TODAY.add(days=1)))
    path = vault.root / "Overview.md"
    path.write_text(f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> other\n", "utf-8")
    assert at(vault)[0] == ours
    path.write_text(f"<<<<<<< HEAD\n{ours}=======\nmy words {theirs}>>>>>>> other\n", "utf-8")
    assert "my words" in at(vault)[0]


def test_the_overview_is_no_evaluation(vault: Vault) -> None:
    at(vault)
    made = sync.run(vault, TODAY)
    assert made.outlook.notes.paths == {"Acme.md"}


def test_what_is_over_for_long_counts_and_is_read_once(vault: Vault, tmp_path_factory: pytest.TempPathFactory) -> None:
    from functools import partial

    from reconnect_md.index import Index
    from reconnect_md.reading import read_notes

    old = NOTE.replace("2026-01-09", "2024-01-09").replace("Acme", "Bolt\noutcome: rejected\nfix_call: 2024-01-12")
    (vault.root / "Bolt.md").write_text(old, "utf-8")
    index = Index(tmp_path_factory.mktemp("cache") / "index")
    texts = [
        sync.run(vault, TODAY, reads=partial(read_notes, index=index, whole=False)).overview,
        sync.run(vault, TODAY, reads=partial(read_notes, index=index, whole=False)).overview,
        sync.run(vault, TODAY).overview,
    ]
    first, second, whole = (one.new.decode() for one in texts if one)
    assert first == second == whole and "| rejected | 1 |" in first and "[Bolt](Bolt.md)" in first


# --- languages ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", FOREIGN)
def test_no_english_is_left(code: str, tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    pages = {}
    for one in ("en", code):
        chosen(vault, one, "overview: Overview.md\n")
        everything(vault, one)
        old = (vault.root / "Qqa.md").read_text("utf-8")
        (vault.root / "Qql.md").write_text(old.replace("2026-01-05", "2025-11-05").replace("Qqa", "Qql"), "utf-8")
        (tmp_path / "Overview.md").unlink(missing_ok=True)
        sync.run(vault, Date(2026, 1, 14))
        pages[one] = (tmp_path / "Overview.md").read_text("utf-8")
    shown = [
        key for key, words in LANGUAGES["en"].words.items() if key.startswith("overview_") and words in pages["en"]
    ]
    assert len(shown) > 20, "nearly everything was shown"
    own = "\n".join(line for line in pages[code].splitlines() if not line.startswith("- [Qqk.md]"))
    words = (
        r"\b(the|and|with|is|call|day|days|to|from|Monday|Wednesday|January|Why|late|open|How|What|Interview|made|it)\b"
    )
    assert not re.findall(words, own.replace("todayMarker", "").partition("<!--")[0])
    same = {key for key, phrase in LANGUAGES["en"].words.items() if phrase == LANGUAGES[code].words[key]}
    assert not {key for key in same if key.startswith("overview")}


def test_all_that_there_is_to_say_is_said() -> None:
    source = (Path(overview.__file__)).read_text("utf-8")
    keys = {key.removeprefix("overview_") for key in LANGUAGES["en"].words if key.startswith("overview_")}
    assert not {key for key in keys if f'"{key}"' not in source and f"'{key}'" not in source and key != "last_line"}
