"""Text and lines: nothing is lost, lines count as in editors, the front matter is found as Obsidian finds it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reconnect_md import lines
from reconnect_md.lines import FrontMatter

ENDS = ("\n", "\r\n", "\r")
NO_ENDS = {
    "form feed": "\f",
    "vertical tab": "\v",
    "NEL": "\x85",
    "U+2028": "\u2028",
    "U+2029": "\u2029",
    "U+001E": "\x1e",
}
TEXTS = st.one_of(st.text(), st.text(alphabet=st.sampled_from(["a", "-", " ", "\n", "\r", *NO_ENDS.values()])))


# --- lines -----------------------------------------------------------------------------------------------


@given(TEXTS)
@example("")
@example("\r\n\n\r")
@example("no end")
def test_joining_what_was_split_gives_the_text(text: str) -> None:
    assert "".join(lines.split(text)) == text


@given(TEXTS)
def test_every_line_but_the_last_has_one_end_and_it_is_the_only_one(text: str) -> None:
    found = lines.split(text)
    assert all(re.fullmatch(r"[^\r\n]*(\r\n|\r|\n)", line) for line in found[:-1])
    assert all(re.fullmatch(r"[^\r\n]+(\r\n|\r|\n)?|(\r\n|\r|\n)", line) for line in found[-1:])


@given(st.lists(st.text(alphabet=st.characters(exclude_characters="\r\n")), min_size=1), st.sampled_from(ENDS))
def test_lines_are_those_that_were_joined(words: list[str], end: str) -> None:
    text = end.join([*words, ""])
    assert [lines.bare(line) for line in lines.split(text)] == words


@pytest.mark.parametrize("character", NO_ENDS.values(), ids=NO_ENDS)
def test_no_other_character_ends_a_line(character: str) -> None:
    assert lines.split(f"one{character}still one\ntwo") == [f"one{character}still one\n", "two"]


@pytest.mark.parametrize("text", ["a\nb", "a\r\nb", "a\rb"])
def test_every_kind_of_end_ends_a_line(text: str) -> None:
    assert [lines.bare(line) for line in lines.split(text)] == ["a", "b"]


def test_ends_may_be_mixed() -> None:
    assert lines.split("a\r\n\rb\n\nc") == ["a\r\n", "\r", "b\n", "\n", "c"]


def test_a_bare_line_keeps_its_blanks() -> None:
    assert lines.bare("  a \t\r\n") == "  a \t"


# --- front matter ----------------------------------------------------------------------------------------


def front_matter(text: str) -> FrontMatter | None:
    return lines.front_matter(lines.split(text))


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("bom", ["", lines.BOM])
def test_front_matter_starts_on_the_first_line(bom: str, end: str) -> None:
    assert front_matter(bom + end.join(["---", "a: 1", "---", "body"])) == FrontMatter(2, 3, closed=True)


@pytest.mark.parametrize(
    "opening",
    ["\n---", " ---", "\t---", "----", "--", "--- a", "- - -", "***", "\x85---", "\u2028---", "\x0c---", "+++", "a"],
)
def test_anything_before_it_makes_it_a_rule(opening: str) -> None:
    assert front_matter(f"{opening}\na: 1\n---\nbody\n") is None


def test_a_bom_counts_on_the_first_line_only() -> None:
    assert front_matter(f"\n{lines.BOM}---\na: 1\n---\n") is None
    assert front_matter(f"---\n{lines.BOM}---\n---\n") == FrontMatter(2, 3, closed=True)


@pytest.mark.parametrize("rule", ["---", "--- ", "---\t "])
def test_blanks_after_the_hyphens_do_not_matter(rule: str) -> None:
    assert front_matter(f"{rule}\na: 1\n{rule}\n") == FrontMatter(2, 3, closed=True)


@pytest.mark.parametrize("line", [" ---", "----", "--- x", "...", "a ---", "\u2028---"])
def test_only_three_hyphens_end_it(line: str) -> None:
    assert front_matter(f"---\na: 1\n{line}\nb: 2\n---\n") == FrontMatter(4, 5, closed=True)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", None),
        ("---", FrontMatter(1, 1, closed=False)),
        ("---\n", FrontMatter(1, 1, closed=False)),
        ("---\n---", FrontMatter(1, 2, closed=True)),
        ("---\n---\n---\n", FrontMatter(1, 2, closed=True)),
        ("---\na: 1\n", FrontMatter(2, 2, closed=False)),
        ("---\u2028a: 1\u2028---\u2028", None),
    ],
)
def test_where_it_ends(text: str, where: FrontMatter | None) -> None:
    assert front_matter(text) == where


@given(st.lists(st.sampled_from(["---", "a: 1", "", "- ---", "\u2028", lines.BOM]), max_size=8), st.sampled_from(ENDS))
def test_properties_and_body_are_the_whole_note(words: list[str], end: str) -> None:
    found = lines.split(end.join(words))
    where = lines.front_matter(found)
    if where is None:
        assert not found or lines.bare(found[0]).removeprefix(lines.BOM) != "---"
    elif where.closed:
        assert lines.bare(found[where.end]) == "---"
        assert "---" not in map(lines.bare, found[1 : where.end])
        assert where.body == where.end + 1
    else:
        assert "---" not in map(lines.bare, found[1:])
        assert where.end == where.body == len(found)


# --- git's conflict markers ------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_conflict_is_found_where_it_begins(end: str) -> None:
    text = end.join(["one", "<<<<<<< HEAD", "mine", "=======", "theirs", ">>>>>>> other", ""])
    assert lines.conflict(text) == 2


@pytest.mark.parametrize(
    "text",
    [
        "<<<<<<< HEAD\nonly half\n",
        ">>>>>>> other\n",
        " <<<<<<< HEAD\n >>>>>>> other\n",
        "<<<<<< six\n>>>>>> six\n",
        "> > > > > > > a quote\n<<<<<<<\n>>>>>>>\n",
        "a <<<<<<< b\nc >>>>>>> d\n",
        "",
    ],
)
def test_what_git_did_not_write_is_no_conflict(text: str) -> None:
    assert lines.conflict(text) is None
