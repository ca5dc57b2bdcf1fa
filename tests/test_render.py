"""Words from notes stay words in the agenda, wherever a layout puts them; links and numbers lead somewhere."""

import re
import unicodedata
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from markdown_it.token import Token
from pendulum import Date

from reconnect_md import lines, markdown, phone, render, sync, taskline
from reconnect_md.vault import Vault, shipped_templates

NASTY = (
    # Markdown
    *(
        "- ",
        "* ",
        "+ ",
        "-",
        "--",
        "---",
        "- - -",
        "***",
        "___",
        "===",
        "=",
        "1. ",
        "1) ",
        "1986. ",
        "10000000000. ",
        "> ",
    ),
    *(
        "# ",
        "## x",
        "###### ",
        "#",
        "    x",
        "\tx",
        "```",
        "````js",
        "~~~",
        "`",
        "``",
        "`x`",
        "``x`",
        "*",
        "**",
        "_",
        "~",
    ),
    *(
        "~~",
        "*x*",
        "__x__",
        "[",
        "]",
        "[]",
        "()",
        "](",
        "[x](y)",
        "[x][y]",
        "[x]: y",
        "![",
        "![x](http://x.example/y)",
        "!",
    ),
    *("|", "| a | b |", "|---|", ":-:", ":--", "a|b", "\\", "\\\\", "\\*", "\\n", "[^1]", "[^1]: x", "  ", "x  "),
    # HTML
    *(
        "<",
        ">",
        "<b>",
        "</b>",
        "<br>",
        "<script>x</script>",
        "<img src=x onerror=y>",
        "<!--",
        "-->",
        "<!-- x -->",
        "<!",
        "<?",
    ),
    *(
        "<![CDATA[",
        "]]>",
        "<http://x.example>",
        "<a@x.example>",
        "&amp;",
        "&lt;",
        "&#35;",
        "&#x23;",
        "&",
        "& ",
        "&nbsp;",
        "&a",
    ),
    # Obsidian
    *(
        "[[x]]",
        "[[x|y]]",
        "![[x]]",
        "[[",
        "]]",
        "%%",
        "%",
        "%% x %%",
        "==",
        "=",
        "==x==",
        "^id",
        " ^id",
        "#tag",
        "#t/u",
    ),
    *("[!note]", "> [!warning] x", "$", "$$", "$x$", "[ ] x", "[x] ", "- [ ] x", "- [x] 🆔 a 📅 2026-01-01", "🆔 a"),
    # Templater, Dataview, Tasks
    *("<%", "%>", "<% tp.file.x %>", "<%* x %>", "<<%", "::", ":", ":::", "a:: b", "[a:: b]", "(a:: b)", "`= this.x`"),
    *("`$= dv.x`", "```dataviewjs", "$=", "📅 2026-01-01", "⏳", "🔁 every day", "{{ x }}", "{% x %}", "{# x #}"),
    # characters
    *(
        "\0",
        "\t",
        "\n",
        "\r",
        "\r\n",
        "\v",
        "\f",
        "\x1b[31m",
        "\x7f",
        "\x85",
        "\u2028",
        "\u2029",
        "\xa0",
        "\xad",
        "\u200b",
    ),
    *(
        "\u200c",
        "\u200d",
        "\u202e",
        "\u2066",
        "\ufeff",
        "\ufffd",
        "\ue000",
        "e\u0301",
        "👩🏽‍💻",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "می‌خواهم",
        "１. x",
    ),
    *(
        "x",
        "a b",
        "C#",
        "5 < 6",
        "a_b_c",
        "https://x.example/a_b?c=d&e",
        "www.x.example",
        "a@x.example",
        "(x)",
        "“x”",
        "1",
        "a.",
    ),
)
WORDS = st.one_of(
    st.text(),
    st.lists(st.sampled_from(NASTY), max_size=8).map("".join),
    st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=5)), max_size=8).map("\n".join),
)

PLACES = (
    "{}",
    "- {}",
    "- a\n  - {}\n- b",
    "1. {}",
    "> {}",
    "> words\n> {}\n>\n> words",
    "### {}",
    "[{}](a.md)",
    "words {} words",
    "words “{}”",
    "words\n{}\nwords",
    "**{}**",
    "words: {}.",
)

STARTS = re.compile(r"<%|::|%%|==|<!--|[\r\n]")
"""What a plugin takes for the start of something even behind a backslash; and raw line breaks."""


def shown(words: str) -> str:
    escaped = markdown.escape(words)
    assume(escaped)
    return escaped


def plain(tokens: list[Token]) -> str:
    """The words of parsed Markdown, as a reader sees them."""
    leaves = [leaf for token in tokens for leaf in (token.children or ())]
    return "".join(" " if leaf.type == "softbreak" else leaf.content for leaf in leaves)


def printable(words: str) -> str:
    """Words without blanks and without what cannot be seen."""
    return "".join(c for c in words if c.isprintable() and not c.isspace() and unicodedata.category(c) != "Cf")


# --- words stay words ------------------------------------------------------------------------------------


@given(st.sampled_from(PLACES), WORDS)
@settings(deadline=None, max_examples=300)
def test_words_are_no_structure(place: str, words: str) -> None:
    assert render.shape(place.format(shown(words))) == render.shape(place.format("x"))


@given(st.sampled_from(PLACES), WORDS)
@settings(deadline=None, max_examples=300)
def test_words_read_the_same(place: str, words: str) -> None:
    read = plain(markdown.parser().parse(place.format(shown(words))))
    around = plain(markdown.parser().parse(place.format("x"))).split("x", 1)
    assert printable(read) == printable(around[0] + words + around[1])


@given(WORDS)
@settings(deadline=None)
def test_words_start_nothing_that_a_plugin_reads(words: str) -> None:
    escaped = markdown.escape(words)
    assert not STARTS.search(escaped)
    assert not set(re.sub(r"\\.", "", escaped)) & set("`[]<$#^*_~|")


@given(WORDS)
@settings(deadline=None)
def test_words_in_a_task_line_are_no_field_of_it(words: str) -> None:
    place = "- [ ] Call [{}](a.md) to {} 🆔 a-b 📅 2026-01-01"
    kept = shown(taskline.without_signifiers(words))
    assert render.shape(place.format(kept, kept)) == render.shape(place.format("x", "x"))
    words = f"Call [{kept}](a.md) to {kept}"
    assert taskline.parse(place.format(kept, kept)) == (" ", words, "a-b", " 📅 2026-01-01", taskline.EMOJI)


@given(WORDS)
def test_words_stay_on_one_line(words: str) -> None:
    escaped = markdown.escape(words)
    assert escaped == " ".join(escaped.split())
    assert escaped.isprintable() or set(escaped) & {"\u200c", "\u200d"}


@given(WORDS, WORDS)
@settings(deadline=None)
def test_two_values_side_by_side_are_still_words(one: str, other: str) -> None:
    for place in ("> “{}” {}", "- [{}](a.md), {} (projected)", "{}, {}.", "- {} → {}"):
        assert render.shape(place.format(shown(one), shown(other))) == render.shape(place.format("x", "x"))


@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
def test_every_nasty_piece_alone_and_in_words(nasty: str) -> None:
    for words in (nasty, f"{nasty}{nasty}", f"a {nasty} b", f"{nasty} b", f"a{nasty}", f"{nasty}\n{nasty}"):
        escaped = markdown.escape(words)
        for place in PLACES if escaped else ():
            assert render.shape(place.format(escaped)) == render.shape(place.format("x")), (words, place)


@pytest.mark.parametrize(
    "words", ["Why I left: I complained", "C++ and C", "Zoë (née Li), 40 %", "a-b, c/d", "3.5 years", "é 🎉"]
)
def test_plain_words_are_not_touched(words: str) -> None:
    assert markdown.escape(words) == words


@pytest.mark.parametrize("words", ["", " ", "\n\t", "\0", "\u202e", "\ufeff"])
def test_nothing_is_nothing(words: str) -> None:
    assert markdown.escape(words) == ""


@pytest.mark.parametrize(
    "changed",
    [
        "- a\n- b",
        "# a",
        "> a",
        "**a**",
        "[a](b)",
        "![a](b)",
        "<b>a</b>",
        "<!-- a -->",
        "`a`",
        "a\n\nb",
        "```\na\n```",
        "1. a",
    ],
)
def test_a_shape_sees_every_structure(changed: str) -> None:
    assert render.shape(changed) != render.shape("a")


def test_a_shape_sees_tasks() -> None:
    assert render.shape("- [ ] a 🆔 b") != render.shape("- [ ] a 🆔 c") != render.shape("- a")


# --- links -----------------------------------------------------------------------------------------------

NAMES = st.lists(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1), min_size=1)


@given(NAMES.map("/".join))
@example("2026-11-20 Acme (round 2) #1.md")
@example("a) [b](c) <d> ^e | `f` 100%.md")
@settings(deadline=None)
def test_a_link_leads_to_the_note_whatever_its_name(note: str) -> None:
    (inline,) = (
        token for token in markdown.parser().parse(f"- [x]({render.link(note, 'Agenda.md')})") if token.children
    )
    (opening,) = (leaf for leaf in inline.children or () if leaf.type == "link_open")
    assert unquote(str(opening.attrs["href"])) == note


@pytest.mark.parametrize(
    ("note", "agenda", "link"),
    [
        ("Acme.md", "Agenda.md", "Acme.md"),
        ("Interviews/2026-11-20 Acme.md", "Agenda.md", "Interviews/2026-11-20%20Acme.md"),
        ("Interviews/Acme.md", "Agenda/2026-11-20.md", "../Interviews/Acme.md"),
        ("Agenda/Acme.md", "a/b/c.md", "../../Agenda/Acme.md"),
        ("Gespräche/Zoë 面接.md", "Agenda.md", "Gespräche/Zoë%20面接.md"),
        ("a\u2028b.md", "Agenda.md", "a%E2%80%A8b.md"),
        ("caf\udce9.md", "Agenda.md", "caf%E9.md"),
    ],
)
def test_links_are_relative_to_the_agenda(note: str, agenda: str, link: str) -> None:
    assert render.link(note, agenda) == link


# --- telephone numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("512 555 0142", "5125550142"),
        ("(512) 555-0142", "5125550142"),
        ("+1 512 555 0142", "+15125550142"),
        ("+1.512.555.0142", "+15125550142"),
        ("+33612345678", "+33612345678"),
        ("+44 (0)20 7946 0018", "+442079460018"),
        ("+49 30/123456-7", "+49301234567"),
        ("00 49 30 123456", "004930123456"),
        ("512 555 0142 x12", "5125550142;ext=12"),
        ("512 555 0142 ext. 12", "5125550142;ext=12"),
        ("512 555 0142 X 1-2", "5125550142;ext=12"),
        ("+44 20 7946 0018, extension 4", "+442079460018;ext=4"),
        ("112", "112"),
        ("(+1) 512 555 0142", "+15125550142"),
        ("mobile: +49 170 1234567", "+491701234567"),
        ("Tel. 512 555 0142", "5125550142"),
        ("٠٥٠ ١٢٣ ٤٥٦٧", "0501234567"),
        ("＋８１ ３ １２３４ ５６７８", "+81312345678"),
    ],
)
def test_a_number_becomes_the_target_of_a_link(typed: str, number: str) -> None:
    assert phone.read(typed).target == number


@pytest.mark.parametrize(
    "typed", ["512 555 0142, 512 555 0143", "512 555 0142 / 512 555 0143", "512 555 0142 or 512 555 0143"]
)
def test_of_two_numbers_the_first_is_called(typed: str) -> None:
    assert phone.read(typed).target == "5125550142"


@pytest.mark.parametrize("typed", ["", "call my sister", "+", "ext. 4", "x", "()", "see [[Ana]]"])
def test_without_a_number_there_is_no_link(typed: str) -> None:
    assert phone.read(typed).target == ""


@given(WORDS)
def test_a_target_holds_a_number_and_nothing_else(words: str) -> None:
    assert re.fullmatch(r"(\+?[0-9]+(;ext=[0-9]+)?)?", phone.read(words).target)


# --- the whole page --------------------------------------------------------------------------------------

NOTE = """\
---
interviewed: 2026-01-07
company: {words}
interviewers: {words}
phone: 512 555 0142
---
## What went well
- {words}

## Said, but wish I had not
- {words}
  - Better: {words}
"""


@pytest.mark.parametrize("words", ["[ ] <% x %> ==y== %%z%%", "![[x]] `$= y` <!-- z", "# a:: b | c", "{{ x }} {% y %}"])
def test_the_agenda_of_a_hostile_note_has_one_task(words: str, tmp_path: Path) -> None:
    quoted = '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'
    (tmp_path / "n.md").write_text(NOTE.format(words=quoted).replace(f"- {quoted}", f"- \\{words}"), "utf-8")
    made = sync.run(Vault(tmp_path), Date(2026, 1, 12))
    assert [line for line in render.shape(made.text) if line.startswith("task ")] == [
        "task " + i for i in ids(made.text)
    ]
    assert not re.search(r"<%|%%|==|<!--|\[\[|:: ", made.text)


def ids(agenda: str) -> list[str]:
    return re.findall(r"🆔 (\S+)", agenda)


def test_what_is_to_be_typed_reads_the_same_in_a_plain_editor() -> None:
    for words, shown in (
        ("write - [x] for done, or - [ ].", "write `- [x]` for done, or `- [ ]`."),
        ("write card_sent: 2026-01-07 or card_sent: skipped", "write `card_sent: 2026-01-07` or `card_sent: skipped`"),
        ("empty call_again", "empty `call_again`"),
        ("write ## What went well.", "write `## What went well`."),
        ("below `## What went well` there", "below `## What went well` there"),
        ("keep ======= and >>>>>>>", "keep `=======` and `>>>>>>>`"),
        ("[a](b) *is* <b>", "\\[a\\](b) \\*is\\* \\<b\\>"),
        ("“`= this.x`”, `INPUT[a]`", "“\\`= this.x\\`”, \\`INPUT\\[a\\]\\`"),
    ):
        assert render.advice(words, markdown.escape) == shown


@given(
    st.text()
    | st.lists(st.sampled_from(["`", "x", "[", "]", " ", "_", "- ", "## ", "<%", "%%", "=", "a", "."])).map("".join)
)
@settings(deadline=None)
@example("`a` `")
@example("`` ` a_b``")
@example(">>>>>>>" * 2)
def test_advice_has_no_structure_but_code(words: str) -> None:
    made, masked = (f"- [a](a.md): {render.advice(words, shown)}" for shown in (markdown.escape, render._mask))
    assert render.shape(made) == render.shape(masked)
    assert set(render.shape(made)) - set(render.shape("- [a](a.md): b")) <= {"code_inline"}


@pytest.mark.parametrize("name", ["fix.md", "layout.md"])
def test_templates_with_other_line_ends_make_the_same_agenda(name: str, tmp_path: Path) -> None:
    (tmp_path / "n.md").write_text(NOTE.format(words="words"), "utf-8")
    before = sync.run(Vault(tmp_path), Date(2026, 1, 12), write=False).page.new
    folder = tmp_path / "Templates" / "Reconnect"
    folder.mkdir(parents=True)
    (folder / name).write_bytes(shipped_templates()[f"templates/{name}"].replace("\n", "\r\n").encode())
    made = sync.run(Vault(tmp_path), Date(2026, 1, 12), write=False).page.new
    assert made == before
    assert lines.split(made.decode()) == made.decode().splitlines(keepends=True)
