"""Templates of strangers: they render, or they fail with their line. Nothing else, and never much of it."""

import subprocess
import sys
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconnect_md import lines, method, template
from reconnect_md.errors import TemplateFailure
from reconnect_md.vault import shipped_templates

VALUES: dict[str, Any] = {
    "me": "Jordan Smith",
    "name": "Ana",
    "none": "",
    "yes": True,
    "tries": 2,
    "reserve": ["one", "two", "three"],
    "note": {"company": "Acme", "items": ["x"]},
    "long": "abcdefgh" * 250,
}


def render(source: str) -> str:
    return template.render("fix.md", source, VALUES)


def failure(source: str) -> TemplateFailure:
    """How a template fails, whatever stands before it."""
    with pytest.raises(TemplateFailure) as caught:
        render(source)
    assert caught.value.message and caught.value.remedy
    return caught.value


# --- what a template may do ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("", ""),
        ("plain { % } text", "plain { % } text"),
        ("a\r\nb\n", "a\r\nb\n"),
        ("{{ name }}, {{name}}, {{- name -}} .", "Ana, Ana,Ana."),
        ("{# a {{ comment }} ~ * #}x", "x"),
        ("{{ 'a }} b %} ~ c' }}", "a }} b %} ~ c"),
        ("{{ 'it\\'s' }}", "it's"),
        ("{{ none or name }}", "Ana"),
        ('{{ none or "all" }}', "all"),
        ("{{ name if yes else me }}", "Ana"),
        ("{% if none %}a{% elif yes %}b{% else %}c{% endif %}", "b"),
        ("{% if tries > 1 and not none %}a{% endif %}", "a"),
        ("{% if (tries == 2) or (tries != 3) %}a{% endif %}", "a"),
        ("{% if name in reserve %}a{% else %}b{% endif %}", "b"),
        ("{% if name is defined %}a{% endif %}", "a"),
        ("{% for one in reserve %}{{ loop.index }}{{ one }} {% else %}none{% endfor %}", "1one 2two 3three "),
        ("{% for one in none %}x{% else %}none{% endfor %}", "none"),
        ("{{ reserve[0] }}, {{ note.company }}", "one, Acme"),
        ("{{ reserve|length }}{{ reserve|first }}{{ reserve|last }}", "3onethree"),
        ("{{ name|upper }}{{ name | lower }}{{ me|title|trim }}", "ANAanaJordan Smith"),
        ("{{ none|default('x', true) }}", "x"),
        ("{{ name[:1] }}", "A"),
    ],
)
def test_it_prints_chooses_and_repeats(source: str, text: str) -> None:
    assert render(source) == text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_line_with_only_a_tag_leaves_no_line(end: str) -> None:
    source = end.join(["a", "{% if yes %}", "b", "  {% endif %} ", "c", ""])
    assert render(source) == end.join(["a", "b", "c", ""])


def test_values_are_no_templates() -> None:
    assert template.render("t.md", "{{ me }}", {"me": "{{ 7 * 7 }}{% raw %}{#"}) == "{{ 7 * 7 }}{% raw %}{#"


# --- what it may not -------------------------------------------------------------------------------------

REFUSED = {
    "grow with set": "{% set a = me %}{{ a }}",
    "grow with a block of set": "{% set a %}{{ me }}{{ me }}{% endset %}",
    "grow with with": "{% with a = me %}{{ a }}{% endwith %}",
    "grow with a macro": "{% macro f() %}{{ me }}{% endmacro %}{{ f() }}",
    "grow with call": "{% call f() %}{% endcall %}",
    "grow with a filter block": "{% filter upper %}x{% endfilter %}",
    "grow with do": "{% do me %}",
    "tilde": "{{ me ~ me }}",
    "plus": "{{ me + me }}",
    "times": "{{ me * 99999999 }}",
    "times a list": "{{ reserve * 99999999 }}",
    "power": "{{ 9 ** 99999999 }}",
    "division": "{{ 1 / 3 }}",
    "a dictionary": "{{ {'a': me} }}",
    "range": "{% for i in range(99999999) %}x{% endfor %}",
    "range, spaced": "{{ range (9) }}",
    "cycle": "{% for a in reserve %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "namespace": "{{ namespace(a=1) }}",
    "debug": "{{ debug() }}",
    "lipsum": "{{ lipsum(9999) }}",
    "a recursive loop": "{% for a in reserve recursive %}{{ loop(reserve) }}{% endfor %}",
    "indent": "{{ me|indent(99999999) }}",
    "replace": "{{ me|replace('a', 'aaaa') }}",
    "join": "{{ me|join(me) }}",
    "format": "{{ '%99999999d'|format(1) }}",
    "center": "{{ me|center(99999999) }}",
    "batch": "{{ reserve|batch(99999999, me) }}",
    "pprint": "{{ reserve|pprint }}",
    "tojson": "{{ note|tojson }}",
    "safe": "{{ me|safe }}",
    "attr": "{{ note|attr('company') }}",
    "map": "{{ reserve|map('upper') }}",
    "a filter behind an allowed one": "{{ me|upper|indent(99) }}",
    "a filter behind a line break": "{{ me\n|indent(99) }}",
    "a method": "{{ me.upper() }}",
    "a method with the name of a filter": "{{ me.title() }}",
    "a method of a list": "{{ reserve.append(me) }}",
    "a method of a dictionary": "{{ note.items() }}",
    "an item that is called": "{{ note['items']() }}",
    "a result that is called": "{{ (me)() }}",
    "a class": "{{ me.__class__ }}",
    "a class by index": "{{ me['__class__'] }}",
    "a class of a list": "{{ reserve.__class__.__base__ }}",
    "a class of a dictionary": "{{ note.__init__.__globals__ }}",
    "a class of a number": "{{ tries.__class__ }}",
    "the template itself": "{{ self.__class__ }}",
    "include": "{% include 'fix.md' %}",
    "import": "{% import 'x' as x %}",
    "from": "{% from 'x' import y %}",
    "extends": "{% extends 'x' %}",
    "block": "{% block a %}{{ self.a() }}{% endblock %}",
    "autoescape": "{% autoescape false %}x{% endautoescape %}",
    "raw": "{% raw %}{{ me ~ me }}{% endraw %}",
    "break": "{% for a in me %}{% break %}{% endfor %}",
    "no tag": "{% %}",
    "no value": "{{ }}",
    "a sign that no template has": "{{ me @ me }}",
    "tilde behind a string with }}": "{{ '}}' ~ me }}",
    "tilde behind a string with %}": "{% if '%}' == me %}{{ me ~ me }}{% endif %}",
    "tilde behind a string with an escaped quote": "{{ '\\'}}' ~ me }}",
    "set behind a comment": "{# {{ #}{% set a = 1 %}",
    "set behind a wrong end": "{{ me %}{% set a = 1 %}",
    "set behind trim marks": "{%- set a = 1 -%}",
    "set behind a line break": "{%\nset a = 1 %}",
    "an unknown name": "{{ nobody }}",
    "an unknown name in a choice": "{% if nobody %}x{% endif %}",
    "an unknown name in a loop": "{% for a in nobody %}x{% endfor %}",
    "an unknown name in a dictionary": "{{ note.nobody }}",
    "an item that is not there": "{{ reserve[99] }}",
    "a loop over a number": "{% for a in tries %}x{% endfor %}",
    "an unknown test": "{% if me is nothing %}x{% endif %}",
    "half a comparison": "{% if me == %}x{% endif %}",
    "an open variable": "{{ me",
    "an open tag": "{% if me",
    "an open comment": "{# me",
    "an open string": "{{ 'me }}",
    "an open bracket": "{{ (me }}",
    "an end without a start": "{% endif %}",
    "a wrong end": "{% if me %}x{% endfor %}",
    "else without if": "{% else %}",
    "too many loops": "{% for c in long %}" * 8 + "x" + "{% endfor %}" * 8,
    "too many levels": "{% if me %}" * 17 + "{% endif %}" * 17,
    "too many openings": "{{" * 16_000,
    "too many tags": "{%" * 16_000,
    "too many comments": "{#" * 16_000,
    "too many strings": "{{ '" * 8_000,
    "too many brackets": "{{ " + "(" * 16_000 + "me" + ")" * 15_000 + " }}",
    "too many square brackets": "{{ " + "[" * 16_000 + "me" + "]" * 15_000 + " }}",
    "too many filters": "{{ me" + "|upper" * 5_000 + " }}",
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED)
def test_what_could_grow_or_reach_fails_with_its_line(source: str) -> None:
    assert failure(source).line == 1
    assert failure(f"\r\n\n\n{{% if yes %}}\n{{% endif %}}\n{source}").line == 6


@pytest.mark.parametrize("source", ["{% if me %}x", "{% for a in me %}x", "{% if me %}{% for a in me %}{% endfor %}"])
def test_a_block_that_is_never_closed_is_a_failure_of_the_line_that_opens_it(source: str) -> None:
    assert failure(f"a\n{source}").line == 2
    assert failure(f"a\n{source}\n{{{{ me }}}}\n\n{{{{ me }}}}\n").line == 2


@pytest.mark.parametrize(
    ("before", "line"),
    [("", 1), ("\n\n", 3), ("{% if yes %}\n{% endif %}\n", 3), ("{% if\nyes\n%}\n{% endif %}\n", 5), ("{#\n#}\n", 3)],
)
def test_lines_are_those_of_the_file(before: str, line: int) -> None:
    assert failure(f"{before}{{{{ nobody }}}}").line == line
    assert failure(f"{before}{{{{ me ~ me }}}}").line == line
    assert failure(f"{before}{{{{ me").line == line


FIX = shipped_templates()["templates/fix.md"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("wrong", ["{{ nobody }}", "{{ me ~ me }}", "{% if %}", "{{ me"])
def test_a_step_file_fails_with_its_line_whatever_ends_its_lines(wrong: str, end: str) -> None:
    text = f"{FIX}{wrong}\n".replace("\n", end)
    (found,) = method.read(shipped_templates(), {"T/fix.md": text})[1]
    assert (found.note, found.code, found.line) == ("T/fix.md", "bad-template", FIX.count("\n") + 1)


def test_the_name_of_a_step_file_may_be_anything_that_a_disk_holds() -> None:
    """On Linux a name in Latin-1 reaches Python with lone surrogates."""
    for name in ("caf\udce9.md", "x.html", "{{ me }}.md", "a\nb.md"):
        found, wrong = method.read(shipped_templates(), {name: FIX, "T/layout.md": "{{ me }}"})
        assert name in [step.path for step in found.steps] or wrong
        assert template.render(name, "<{{ me }}>", {"me": "&"}) == "<&>"


def test_a_failure_says_what_to_do() -> None:
    assert str(failure("{{ me ~ me }}")) == "~ cannot be used here (print the values one after the other)"
    assert "`nobody` is undefined" in failure("{{ nobody }}").message
    assert "indent" in failure("{{ me|indent }}").message
    assert "set" in failure("{% set a = 1 %}").message


# --- bounds ----------------------------------------------------------------------------------------------


def test_a_template_that_is_too_long_is_refused() -> None:
    assert failure("\n" + "x" * template.MOST_SOURCE).line == 1
    assert len(render("x" * template.MOST_SOURCE)) == template.MOST_SOURCE


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in long %}{{ long }}{% endfor %}",
        "{% for a in long %}" + "x" * 2_000 + "{% endfor %}",
        "{{ long }}" * 300,
    ],
)
def test_a_text_that_is_too_long_is_refused(source: str) -> None:
    failure(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in [[me, me]] %}{% for b in [[a, a]] %}{{ b }}{% endfor %}{% endfor %}",
        "{% for a in [(me, me)] %}{% for b in [(a, a)] %}{{ b }}{% endfor %}{% endfor %}",
        "{% for a in [me[:9], me] %}{% for b in [[a, a], a] %}{{ b|length }}{% endfor %}{% endfor %}",
    ],
)
def test_no_list_of_lists_can_be_made_because_it_grows(source: str) -> None:
    """Sixteen levels of eight are 8 ** 16 copies of one text, for a hundred instructions of fuel."""
    with pytest.raises(TemplateFailure):
        template.check(source)


BOUNDED = """
import resource
from reconnect_md import template
from reconnect_md.errors import TemplateFailure
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
for source in {sources}:
    try:
        template.render("layout.md", source, {{"me": "abc", "long": "x" * 2000, "entries": ["x" * 5000] * 100}}, {fuel})
    except TemplateFailure:
        pass
"""


def survive(sources: str, fuel: int = template.FUEL) -> None:
    """Render in a process of its own, with 1 GB: a crash, or too much memory, ends only that one."""
    program = BOUNDED.format(sources=sources, fuel=fuel)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, (done.returncode, done.stderr[-300:])


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of memory is Linux's")
def test_the_layout_of_a_large_agenda_does_not_fill_the_memory() -> None:
    loops = "{% for a in long %}{% for b in long %}"
    survive(
        repr(
            [loops + printed + "{% endfor %}{% endfor %}" for printed in ("{{ entries }}", "{{ long }}", "y" * 30_000)]
        ),
        fuel=template.FUEL + 2_000 * 100,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="`resource` is Unix's")
def test_no_depth_crashes_the_process() -> None:
    survive("""[
        "{{ " + "-" * 31_000 + "me }}",
        "{{ " + "not " * 7_000 + "me }}",
        "{{ me" + ".x" * 15_000 + " }}",
        "{{ me" + "[0]" * 10_000 + " }}",
        "{{ me" + "|trim" * 6_000 + " }}",
        "{{ me" + " and me" * 4_000 + " }}",
        "{{ me" + " == me" * 5_000 + " }}",
        "{% if me %}" + "{% elif me %}" * 2_400 + "{% endif %}",
        "{{ me" + " if me else me" * 2_000 + " }}",
        "{{ x|default(" * 3_000,
    ]""")


# --- laws ------------------------------------------------------------------------------------------------

PIECES = st.lists(
    st.sampled_from(
        [
            *(
                "{{",
                "}}",
                "{%",
                "%}",
                "{#",
                "#}",
                "{{-",
                "-%}",
                "{",
                "}",
                "%",
                "#",
                "'",
                '"',
                "\\",
                "\n",
                "\r\n",
                " ",
                "\0",
            ),
            *(
                "if ",
                "elif ",
                "else",
                "endif",
                "for x in ",
                "for ",
                "in ",
                "endfor",
                "set a = ",
                "raw",
                "include ",
                "is ",
            ),
            *(
                "me",
                "long",
                "reserve",
                "note",
                "tries",
                "nobody",
                "loop",
                "x",
                "1",
                "99999999",
                "'s'",
                "defined",
                "not ",
            ),
            *(
                "|",
                "upper",
                "default",
                "length",
                "indent",
                "(",
                ")",
                "[",
                "]",
                ",",
                ":",
                ".",
                "~",
                "*",
                "+",
                "-",
                "==",
                "<",
            ),
            *(
                "é",
                "\u2028",
                "{{ me }}",
                "{% if me %}",
                "{% endif %}",
                "{% for x in reserve %}",
                "{% endfor %}",
                "text",
            ),
        ]
    ),
    max_size=40,
).map("".join)


@given(st.one_of(PIECES, st.text()))
@example("{% for a in long %}{% for b in long %}{{ a }}{% endfor %}{% endfor %}")
@example("{{ [long, long] }}" * 200)
@settings(deadline=None)
def test_any_text_renders_or_fails_with_a_line_of_its_own(source: str) -> None:
    try:
        text = render(source)
    except TemplateFailure as failed:
        assert failed.message and failed.remedy
        assert 1 <= failed.line <= max(1, len(lines.split(source + "x")))
    else:
        assert len(text) <= template.MOST_OUTPUT


@given(st.text(st.characters(exclude_characters="{", exclude_categories=["Cs"])))
def test_a_text_without_braces_is_itself(text: str) -> None:
    assert render(text) == text


@given(st.text())
def test_a_value_is_printed_as_it_is(value: str) -> None:
    assert template.render("t.md", "<{{ value }}>\n", {"value": value}) == f"<{value}>\n"
