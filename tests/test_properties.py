"""Front matter -> values as they were typed, or one problem with its place. Nothing hostile raises or hangs."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reconnect_md import properties
from reconnect_md.errors import Problem
from reconnect_md.properties import Place, Properties


def read(block: str) -> Properties:
    return properties.read("n.md", f"---\n{block}\n---\nbody\n")


def value(typed: str) -> object:
    found = read(f"key: {typed}")
    assert not found.problems, found.problems
    return found.values["key"]


def the_problem(text: str) -> Problem:
    """The one problem of a note; with it nothing is read."""
    found = properties.read("n.md", text)
    assert len(found.problems) == 1 and not found.values
    assert found.problems[0].note == "n.md" and found.problems[0].remedy
    return found.problems[0]


# --- values ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        *("yes", "no", "NO", "on", "off", "y", "n", "true", "False"),
        *("10:30", "1:2:3", "190:20:30"),
        *("010", "0o17", "0x1F", "0b1", "1_000", "1e3", ".5", "5.", "-0", "+1", ".inf", ".NaN"),
        *("+33612345678", "5125550142", "007"),
        *("2026-11-20", "2026-13-45", "0000-00-00", "2026-11-20T14:00", "2026-11-20 14:00:00 +01:00"),
        *("Ana Rivera, Director of operations", "C#", "a#b", "a:b", "50%", "<<", "=", "é 🎉"),
    ],
)
def test_a_scalar_stays_what_was_typed(typed: str) -> None:
    assert value(typed) == typed


@pytest.mark.parametrize("typed", ["", "~", "null", "Null", "NULL", "# a comment"])
def test_an_empty_one_is_nothing(typed: str) -> None:
    assert value(typed) is None


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ('"null"', "null"),
        ("'~'", "~"),
        ('""', ""),
        ("''", ""),
        ("nULL", "nULL"),
        ("None", "None"),
        ('"a # b"', "a # b"),
        ("a # b", "a"),
        ("'it''s'", "it's"),
        ('"\\u00e9\\t\\n"', "é\t\n"),
        ("|\n  one\n  two", "one\ntwo\n"),
        (">-\n  one\n  two", "one two"),
        ("one\n  two", "one two"),
        ("!!int 3", "3"),
        ("!mine x", "x"),
        ("!!python/object/apply:os.getcwd x", "x"),
    ],
)
def test_quotes_and_blocks_are_read_as_yaml_has_them(typed: str, wanted: str) -> None:
    assert value(typed) == wanted


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("[a, 010, no, ~]", ["a", "010", "no", None]),
        ("\n  - a\n  - 010\n  -", ["a", "010", None]),
        ("\n- a\n- b", ["a", "b"]),
        ("[[Ana Rivera]]", [["Ana Rivera"]]),
        ('"[[Ana Rivera]]"', "[[Ana Rivera]]"),
        ("{a: 010, b: {c: no}}", {"a": "010", "b": {"c": "no"}}),
        ("[]", []),
        ("{<<: {a: 1}}", {"<<": {"a": "1"}}),
    ],
)
def test_lists_and_mappings_hold_scalars_as_typed(typed: str, wanted: object) -> None:
    assert value(typed) == wanted


PLAIN = st.text(st.characters(categories=["L", "Nd"]), min_size=1).filter(lambda words: words.casefold() != "null")


@given(st.dictionaries(PLAIN, PLAIN, max_size=5), st.sampled_from(["\n", "\r\n", "\r"]))
def test_plain_words_are_read_back_and_found_in_their_place(typed: dict[str, str], end: str) -> None:
    found = properties.read("n.md", end.join(["---", *(f"{k}: {v}" for k, v in typed.items()), "---", ""]))
    assert (found.values, found.problems) == (typed, ())
    assert found.keys == {key: Place(number, 1) for number, key in enumerate(typed, start=2)}
    assert found.places == {key: Place(number, len(key) + 3) for number, key in enumerate(typed, start=2)}


def test_names_that_mean_something_to_the_library_are_the_users_own() -> None:
    assert read("content: a\nhandler: b\ntext: c").values == {"content": "a", "handler": "b", "text": "c"}


@pytest.mark.parametrize("block", ["", "# only a comment", "\n\n"])
def test_an_empty_block_is_no_problem(block: str) -> None:
    found = read(block)
    assert (found.values, found.problems) == ({}, ())


@pytest.mark.parametrize("text", ["", "body", "\n---\na: 1\n---\n", " ---\na: 1\n---\n", "# Title\n---\na: [\n---\n"])
def test_without_front_matter_nothing_is_read(text: str) -> None:
    assert properties.read("n.md", text) == Properties()


def test_a_bom_before_it_changes_nothing() -> None:
    text = "---\na: 1\n---\nbody\n"
    assert properties.read("n.md", f"\ufeff{text}") == properties.read("n.md", text)


def test_the_place_of_what_is_not_there_is_the_first_line() -> None:
    assert read("a: 1").place("b") == Place(1, 1)


# --- what cannot be read ---------------------------------------------------------------------------------

WRONG = {
    "same key twice": ("a: 1\nb: 2\na: 3", "duplicate-key", 4, 1),
    "same key twice, once quoted": ('a: 1\n"a": 3', "duplicate-key", 3, 1),
    "same key twice, nested": ("a: 1\nb: {c: 1, c: 2}", "duplicate-key", 3, 11),
    "anchor": ("a: 1\nb: &x 1", "anchor", 3, 4),
    "alias": ("a: 1\nb: *x", "anchor", 3, 4),
    "alias in a list": ("a:\n  - b\n  - *c", "anchor", 4, 5),
    "billion laughs": ("a: &a [x]\nb: [*a, *a]\nc: &c [*b, *b]", "anchor", 2, 4),
    "merge of an alias": ("a: {x: 1}\n<<: *a", "anchor", 3, 5),
    "bold words": ("a: **bold**", "bad-yaml", 2, 5),
    "tab before a key": ("a: 1\n\tb: 2", "bad-yaml", 3, 1),
    "two colons": ("a: b: c", "bad-yaml", 2, 5),
    "emoji, then two colons": ("😀é: b: c", "bad-yaml", 2, 6),
    "at sign": ("a: 1\nb: @me", "bad-yaml", 3, 4),
    "backtick": ("a: `x`", "bad-yaml", 2, 4),
    "percent sign": ("a: %x", "bad-yaml", 2, 4),
    "link and more words": ("a: [[Ana]], Director", "bad-yaml", 2, 11),
    "wrong escape": ('a: "\\q"', "bad-yaml", 2, 5),
    "escaped surrogate": ('a: "\\ud800"', "bad-yaml", 2, 7),
    "a list": ("- a\n- b", "bad-yaml", 2, 1),
    "a sentence": ("hello", "bad-yaml", 2, 1),
    "two documents": ("a: 1\n--- b", "bad-yaml", 3, 1),
    "more after the end": ("a: 1\n...\nb: 2", "bad-yaml", 4, 1),
    "key that is a list": ("[a]: 1", "bad-yaml", 2, 1),
    "key that is a mapping": ("{a: 1}: 1", "bad-yaml", 2, 1),
    "unknown tag handle": ("a: 1\nb: !z!y 1", "bad-yaml", 3, 4),
    "NUL": ("a: 1\nb: x\0y", "bad-yaml", 3, 5),
    "bell": ("a: \a", "bad-yaml", 2, 4),
    "form feed": ("a: 1\nb: x\f", "bad-yaml", 3, 5),
    "delete": ("a: x\x7f", "bad-yaml", 2, 5),
    "noncharacter": ("a: x\uffff", "bad-yaml", 2, 5),
    "NUL behind letters with accents": ("name: Zoë\nb: é\0", "bad-yaml", 3, 5),
    "NUL behind an emoji": ("name: 😀\nb: 😀\0", "bad-yaml", 3, 5),
    "lone surrogate": ("a: 1\nb: x\ud800y", "bad-yaml", 3, 5),
    "alias behind U+2028": ('a: "x\u2028y"\nb: *x', "anchor", 3, 4),
    "same key twice behind NEL": ('a: "x\x85y"\nb: 1\nb: 2', "duplicate-key", 4, 1),
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(("block", "code", "line", "column"), WRONG.values(), ids=WRONG)
def test_a_problem_says_where(block: str, code: str, line: int, column: int, end: str) -> None:
    found = the_problem(f"---\n{block}\n---\n".replace("\n", end))
    assert (found.code, found.line, found.column) == (code, line, column)


def test_the_character_that_is_not_allowed_is_named() -> None:
    assert "U+0007" in the_problem("---\na: \a\n---\n").message


@pytest.mark.parametrize(
    "block", ["a: [", "a: {", "a: [1,", 'a: "x', "a: 'x", "? [", "a: {b: [", "a: !<x", "%YAML", "a:\n  - [b\n  - c"]
)
def test_what_is_left_open_is_a_problem_inside_the_block(block: str) -> None:
    found = the_problem(f"---\n{block}\nb: 2\n---\n")
    assert found.code == "bad-yaml"
    assert 2 <= found.line <= block.count("\n") + 4


@pytest.mark.parametrize(
    "text", ["---", "---\n", "---\na: 1\n", "\ufeff---\r\na: 1\r\n", "---\na: 1\n ---\n", "---\n[" * 9]
)
def test_a_block_without_an_end_is_a_problem_of_the_first_line(text: str) -> None:
    found = the_problem(text)
    assert (found.code, found.line, found.column) == ("unclosed-front-matter", 1, 1)


@pytest.mark.parametrize("block", ["!x\na: 1", "!!set {a, b}", "!!omap\na: 1", "!<y> {a: 1}", "!!map {a: 1}"])
def test_a_tag_before_the_whole_block_does_not_raise(block: str) -> None:
    found = read(f"{block}")
    assert bool(found.values) != bool(found.problems)


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"], ids=["NEL", "U+2028", "U+2029"])
def test_only_real_line_ends_count_in_places(separator: str) -> None:
    found = read(f'a: "x{separator}y"\nb: 1')
    assert found.places["b"] == Place(3, 4)


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"], ids=["NEL", "U+2028", "U+2029"])
def test_only_real_line_ends_end_a_value(separator: str) -> None:
    found = read(f"company: Acme{separator}Logistics\nb: 1")
    assert not found.problems
    assert re.fullmatch(r"Acme\sLogistics", found.values["company"])


# --- hostile sizes ---------------------------------------------------------------------------------------

KB = 1024


@pytest.mark.parametrize(
    "piece", ["? ", "- ", "[", "{", "[{", "{a: ", "- ? ", "!x [", "? - "], ids=lambda piece: f"{piece!r} times many"
)
def test_depths_that_crash_libyaml_are_a_problem(piece: str) -> None:
    found = the_problem(f"---\na: 1\nb:\n {piece * (63 * KB // len(piece))}\n---\n")
    assert found.code == "bad-yaml" and found.line == 4


def test_depth_by_indentation_is_a_problem_too() -> None:
    deep = "".join(f"{' ' * level}a:\n" for level in range(300))
    assert the_problem(f"---\n{deep}---\n").code == "bad-yaml"


def test_no_person_reaches_the_limit_of_depth() -> None:
    assert not read(f"a: {'[' * 60}x{']' * 60}").problems


@pytest.mark.parametrize("piece", ["x", "é", "😀", "? ", "[", "- x\n", "a: [\n", "#\n"])
def test_a_block_over_64_kb_is_not_read(piece: str) -> None:
    found = the_problem(f"---\na: {piece * (64 * KB)}\n---\n")
    assert (found.code, found.line) == ("too-large", 1)


def test_a_large_body_does_not_count() -> None:
    assert read("a: 1\n---\n" + "x" * 200_000).values == {"a": "1"}


@pytest.mark.parametrize(
    "block",
    [
        "a: " + "'" * 60_000,
        "a: " + '"\\' * 30_000,
        "a: " + "x " * 30_000,
        "a: >\n" + " \n" * 20_000,
        "a:\n" + " - b\n" * 12_000,
        "a:" + " " * 60_000 + "b",
        "a: " + "!" * 60_000,
        "a: [" + "b," * 30_000 + "]",
        "&a " * 20_000,
        "a" * 60_000 + ": 1",
        "a: " + "\ufeff" * 20_000,
        "%TAG ! !\n" * 6_000,
    ],
    ids=lambda block: f"{block[:8]!r}...",
)
def test_large_ones_come_to_an_end(block: str) -> None:
    found = read(block)
    assert len(found.problems) <= 1


# --- laws ------------------------------------------------------------------------------------------------

YAML_LIKE = st.lists(
    st.sampled_from(
        [
            *("a: 1", "a", "b:", ": ", "? ", "- ", "[", "]", "{", "}", ",", "'", '"', "\\", "|", ">", "|\n  ", ">-\n "),
            *("&a ", "*a", "<<: ", "!x ", "!!map ", "!!set", "!<", "%YAML 1.1", "%TAG ! a", "...", "---", "--- ", "~"),
            *("\n", "\n", "\r\n", "\r", "\t", "  ", "#", "@", "`", "\0", "\x07", "\x85", "\u2028", "\ufeff", "\ud800"),
            *("é: ü", "😀", "null", "[[a|b]]", "{{ x }}", "<% x %>"),
        ]
    )
).map("".join)


@given(st.one_of(YAML_LIKE, st.text()), st.sampled_from(["\n", "\r\n", "\r"]))
@example("!x\na: 1", "\n")
@settings(deadline=None)
def test_any_block_gives_values_or_one_problem_inside_the_block(block: str, end: str) -> None:
    text = f"---{end}{block}{end}---{end}body"
    found = properties.read("n.md", text)
    assert len(found.problems) <= 1
    assert not (found.values and found.problems)
    last = len(re.findall(r"\r\n|\r|\n", text)) + 1
    assert all(1 <= one.line <= last and one.column >= 1 for one in found.problems)
    assert all(1 <= place.line <= last for place in (*found.places.values(), *found.keys.values()))


@given(st.text())
@settings(deadline=None)
def test_any_text_without_front_matter_has_no_properties(text: str) -> None:
    assert properties.read("n.md", f"x{text}") == Properties()


@given(YAML_LIKE)
@settings(deadline=None)
def test_the_kind_of_line_end_changes_nothing(block: str) -> None:
    block = block.replace("\r\n", "\n").replace("\r", "\n")
    one, *others = (
        properties.read("n.md", f"---\n{block}\n---\nbody\n".replace("\n", end)) for end in ("\n", "\r\n", "\r")
    )
    assert all(other == one for other in others)
