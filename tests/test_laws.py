"""Laws that hold for every text: what is typed stays, words stay words, nothing raises."""

import re

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from reconnect_md import lines, markdown, method, note, properties, render, template
from reconnect_md.errors import TemplateFailure
from reconnect_md.vault import shipped_templates

METHOD, PROBLEMS = method.read(shipped_templates())
NASTY = st.sampled_from(
    [
        *[
            "---",
            "===",
            "***",
            "```",
            "~~~",
            "|",
            "[x]",
            "![](x)",
            "[[",
            "]]",
            "<b>",
            "<!--",
            "-->",
            "<script>",
            "%%",
            "==",
            "::",
            "<%",
            "%>",
            "$",
            "*",
            "_",
            "~~",
            "\\",
            "&amp;",
            "&#35;",
            "#tag",
            "^id",
            "a",
        ],
        *(
            "- ",
            "+ ",
            "1. ",
            "1) ",
            "> ",
            "# ",
            "    ",
            "[ ] ",
            "`$= x`",
            "🆔 x",
            "📅 2026-01-01",
            " ",
            "https://x.example",
        ),
        *("\t", "\n", "\r", "\u2028", "\x85", "\x00", "\u202e", "\ufeff"),
    ]
)
WORDS = st.one_of(st.text(max_size=30), st.lists(NASTY, max_size=8).map("".join))


def test_the_shipped_method_has_no_problem() -> None:
    assert not PROBLEMS
    assert [step.step for step in METHOD.steps] == ["card", "fix", "add", "compensate"]


# --- lines and properties --------------------------------------------------------------------------------


@given(st.text(alphabet=st.sampled_from("ab \t\r\n\x0b\x0c\x85\u2028-")))
def test_lines_lose_nothing(text: str) -> None:
    assert "".join(lines.split(text)) == text
    assert all(re.fullmatch(r"[^\r\n]*(\r\n|\r|\n)?", line) for line in lines.split(text))


@given(
    st.lists(
        st.sampled_from(
            ["a: 1", "? ", "- ", "[", "{", "'", '"', "&a ", "*a", "<<: *a", "|\n", "!!x ", "\t", "\x00", "\n", "é: ü"]
        )
    )
)
@settings(deadline=None)
def test_properties_never_raise(parts: list[str]) -> None:
    found = properties.read("n.md", "---\n" + "".join(parts) + "\n---\n")
    assert not (found.problems and found.values)
    assert all(one.line >= 1 and one.column >= 1 and one.remedy for one in found.problems)


@given(WORDS, WORDS)
@example("interviewed: 2026-11-20\ncompany: x", "## What went well\n" + "  " * 5 + "- a")
@settings(deadline=None)
def test_a_note_never_raises_and_is_silent_unless_it_is_an_evaluation(block: str, body: str) -> None:
    evaluation, problems = note.parse("n.md", f"---\n{block}\n---\n{body}", METHOD)
    if "interviewed" not in block:
        assert (evaluation, problems) == (None, ())
    evaluation, problems = note.parse("n.md", f"---\ninterviewed: 2026-11-20\n---\n{body}", METHOD)
    is_template = re.search(r"<%.*%>|\{\{.*\}\}", body)
    assert evaluation and not [one for one in problems if one.code != "left-over" or not is_template]


# --- words stay words ------------------------------------------------------------------------------------


@given(WORDS)
@settings(deadline=None, max_examples=300)
def test_escaped_words_are_no_structure(words: str) -> None:
    shown = markdown.escape(words)
    assume(shown)
    assert not re.search(r"<%|::|%%|==|<!--|[\r\n]", shown)
    for place in ("- {}", "> {}", "[{}](a.md)", "### {}", "one {} more", "{}", "1. {}", "**they**\n\n> {}\n>\n> more"):
        assert render.shape(place.format(shown)) == render.shape(place.format("x")), place


@given(WORDS)
@settings(deadline=None)
def test_escaped_words_read_the_same(words: str) -> None:
    shown = markdown.escape(words)
    inline = next((token for token in markdown.parser().parse(f"a {shown} b") if token.type == "inline"), None)
    assert inline and inline.children
    read = "".join(" " if token.type == "softbreak" else token.content for token in inline.children)
    kept = "".join(c for c in words if c.isprintable() or c.isspace() or c in "\u200c\u200d")
    assert read.split() == f"a {kept} b".split()


# --- templates of strangers ------------------------------------------------------------------------------

HOSTILE = [
    "{% set a = 'x' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "{% for a in [me] %}" * 17,
    "{{ me ~ me }}",
    "{{ me * 99999999 }}",
    "{{ me + me }}",
    "{{ range(99999999) }}",
    "{{ me|indent(99999999) }}",
    "{{ me|replace('a', 'aaaa') }}",
    "{{ me|join(me) }}",
    "{{ me.upper() }}",
    "{{ me.__class__ }}",
    "{% include 'fix.md' %}",
    "{% import 'x' as x %}",
    "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
    "{% raw %}{{ me ~ me }}{% endraw %}",
    '{{ "}}" ~ me }}',
    "{% if '%}' == me %}{{ me ~ me }}{% endif %}",
    "{{ nobody }}",
    "{% for c in me %}" * 8 + "{{ me }}" + "{% endfor %}" * 8,
    "{{" * 16_000,
    "{# never closed",
    "x" * 40_000,
]


def test_hostile_templates_are_refused_with_their_line() -> None:
    for source in HOSTILE:
        try:
            template.render("fix.md", "\n\n" + source, {"me": "abcdefgh" * 200})
        except TemplateFailure as failure:
            assert failure.line in ((1,) if len(source) == 40_000 else (3,)) and failure.remedy, source[:40]
        else:
            raise AssertionError(source[:60])


def test_a_line_with_only_a_tag_leaves_no_line_and_lines_keep_their_numbers() -> None:
    assert template.render("t.md", "a\n{% if me %}\nb\n{% endif %}\nc\n", {"me": "x"}) == "a\nb\nc\n"
    try:
        template.render("t.md", "a\n{% if me %}\nb\n{% endif %}\n{{ nobody }}\n", {"me": "x"})
    except TemplateFailure as failure:
        assert failure.line == 5
