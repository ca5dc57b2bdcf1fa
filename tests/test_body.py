"""The body of a note: what is a heading, an item, a better answer; and what stands around them."""

import pytest

from reconnect_md import method, note
from reconnect_md.model import Evaluation, Item, Method, same
from reconnect_md.vault import shipped_templates

METHOD, _ = method.read(shipped_templates())

HEAD = "---\ninterviewed: 2026-11-20\n---\n"
WELL, SAID = "What went well", "Said, but wish I had not"


def read(text: str, steps: Method = METHOD, zone: str = "UTC") -> Evaluation:
    """The evaluation of a note in which nothing is wrong."""
    found, problems = note.parse("n.md", text, steps, zone)
    assert found and not problems, problems
    return found


def answered(*others: str) -> str:
    """All questions but those, each with nothing to say."""
    return "".join(f"## {one}\n- none\n" for one in METHOD.questions.values() if one not in others)


def items(body: str, heading: str = WELL) -> list[Item]:
    """What is read below a heading that stands on line 4."""
    return list(read(f"{HEAD}## {heading}\n{body}\n").items.get(same(heading), ()))


def texts(body: str) -> list[str]:
    return [item.text for item in items(body)]


def answers(body: str) -> list[tuple[str, str | None]]:
    return [(item.text, item.answer) for item in items(body, SAID)]


# --- items -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "- one\n- two",
        "* one\n* two",
        "+ one\n+ two",
        "1. one\n2. two",
        "1) one\n2) two",
        "- one\n* two",
        "- one\n\n\n- two",
        "   - one\n   - two",
        "- [ ] one\n- [x] two",
        "- [-] one\n- [>] two",
        "- [/] one\n1. [?] two",
        "-\tone\n-\ttwo",
        "- one\n-\n- two\n-",
        "- one\n- none\n- two",
        "-one\n-two",
        "– one\n– two",
        "— one\n\n— two",
        "• one\n• two",
        "•one\n•two",
        "◦ one\n‣ two",
        "*one\n*two",
        "- one\n-two",
        "- one\n• two",
        "- • one\n- – two",
        "-one\n-\n-two",
        "-[ ] one\n-[x] two",
        "-\n• one\n• two",
        "- one\n***\n- two",
        "one\n\ntwo",
        "words before a list are none\n\n- one\n- two\n\nnor are words behind it",
    ],
)
def test_every_kind_of_list_holds_items(body: str) -> None:
    assert texts(body) == ["one", "two"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("- one\n  – and more", "one – and more"),
        ("- one\n  --- more", "one --- more"),
        ("*one* two", "one two"),
        ("- *one*\n- **two**", "one"),
        ("- -40 degrees", "-40 degrees"),
        ("```\n-code\n```\n\n- one", "one"),
    ],
)
def test_what_is_no_mark_of_an_item_stays(typed: str, shown: str) -> None:
    assert texts(typed)[0] == shown


def test_marks_in_the_log_stay_as_they_are() -> None:
    assert read(f"{HEAD}## {WELL}\n•one\n\n## Log\n- 2026-11-20 card sent: a\n• b\n").log[0].remark == "a\n• b"


def test_an_item_knows_its_line() -> None:
    found = items("\n- one\n  more of it\n\n* two\n\n1. three\n   - four\n")
    assert [(item.text, item.line) for item in found] == [("one more of it", 6), ("two", 9), ("three", 11)]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("**bold** and *emphasis* and __both__", "bold and emphasis and both"),
        ("`code` stays", "code stays"),
        ("[a link](https://x.example)", "a link"),
        ("<https://x.example>", "https://x.example"),
        ("[[Ana Rivera]]", "Ana Rivera"),
        ("[[People/Ana Rivera#bio|Ana]] laughed", "Ana laughed"),
        ("[[People/Ana Rivera.md]]", "Ana Rivera"),
        ("==light== words", "light words"),
        ("~~struck~~ words", "words"),
        ("words ![[picture.png]]", "words"),
        ("words ![picture](x.png)", "words"),
        ("words %%aside%% words", "words words"),
        ("words <!-- aside --> words", "words words"),
        ("a <b>bold</b> word", "a bold word"),
        ("words #tag #other/tag", "words"),
        ("#tag words", "words"),
        ("in the #middle of it", "in the middle of it"),
        ("number #1", "number #1"),
        ("words ^block-id", "words"),
        ("[mood:: fine] words (rating:: 5)", "words"),
        ("words [^1]", "words"),
        ("&amp; \\* \\[x\\]", "& * [x]"),
        ("one\\\n  two", "one two"),
        ("one  \n  two", "one two"),
        ("C# and F# and a_b_c", "C# and F# and a_b_c"),
        ("2 * 3 * 4 < 5 & $6", "2 * 3 * 4 < 5 & $6"),
        ("`a == b`, and why", "a == b, and why"),
        ("x == y, y == z", "x == y, y == z"),
        ("one\u2028two\x85three\x0cfour\xa0five", "one two three four five"),
        ("one\0two", "one two"),
        ("👩🏽‍💻 می‌خواهم", "👩🏽‍💻 می‌خواهم"),
    ],
)
def test_an_item_is_plain_words(typed: str, shown: str) -> None:
    assert texts(f"- {typed}") == [shown]


@pytest.mark.parametrize(
    "body",
    [
        *(
            "",
            "-",
            "- ",
            "-\n  -",
            "- none",
            "- None.",
            "- (none)",
            "- n/a",
            "- N/A",
            "- nothing",
            "- no",
            "- —",
            "none",
        ),
        *("- ![[picture.png]]", "- ![](x.png)", "- ~~struck~~", "- %%aside%%", "- <!-- aside -->", "- #tag", "- [ ]"),
        *("> - quoted", "> [!note] Callout\n> - inside", "> [!note]- Folded\n> - inside", "> quoted"),
        *("```\n- code\n```", "~~~\n- code\n~~~", "````\n```\n- code\n```\n````", "    - code", "```\n- never closed"),
        *("| - a | - b |\n|---|---|\n| - c | - d |", "***", "mood:: fine", "![[Other note]]", "<div>\n- html\n</div>"),
        *(
            "%%\n- aside\n%%",
            "%% - aside %%",
            "%% opens\n- aside\n- aside %%",
            "<!--\n- aside\n-->",
            "<!-- - aside -->",
        ),
        *("```dataview\nLIST\n```", "[link]: https://x.example", "<!-- never closed\n- aside"),
    ],
)
def test_everything_else_is_none(body: str) -> None:
    assert texts(body) == []


@pytest.mark.parametrize(
    "around",
    [
        "%%\n- aside\n%%",
        "%%\n```\n%%",
        "```\n%%\n```",
        "~~~\n%%\n- code\n~~~",
        "<!--\n- aside\n-->",
        "> - quoted\n",
        "| - a |\n|---|\n| - b |\n",
        "```\n- code\n```",
        "***",
        "mood:: fine\n",
        "%% aside %%",
        "<div>\n- html\n</div>\n",
        "[link]: https://x.example",
        "![[Other note]]\n",
    ],
)
def test_items_around_it_are_read(around: str) -> None:
    assert texts(f"- one\n\n{around}\n- two") == ["one", "two"]


def test_a_comment_may_stand_inside_a_fence_and_a_fence_inside_a_comment() -> None:
    assert texts("```\n%%\n- code\n```\n- one\n%%\n```\n- aside\n%%\n- two") == ["one", "two"]


def test_an_empty_item_below_another_does_not_hide_it() -> None:
    """In CommonMark a lone hyphen under words makes them a heading; in an editor it is a bullet not yet filled in."""
    assert texts("- one\n  -\n- two\n  - ") == ["one", "two"]
    assert answers("- one\n  -\n  - Better: two") == [("one", "two")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_an_answer_may_stand_above_or_below_the_empty_bullet(end: str) -> None:
    """Who types beside the template's bullet instead of behind it has answered all the same."""

    def all_of(body: str, heading: str = WELL) -> list[tuple[str, str | None]]:
        return [(one.text, one.answer) for one in items(body.replace("\n", end), heading)]

    assert all_of("The tour\n-") == all_of("\nThe tour\n- \n") == [("The tour", None)]
    assert all_of("-\nThe tour") == all_of("-\n\nThe tour") == all_of("The tour\n\n-\n") == [("The tour", None)]
    assert all_of("-\n  - Better:\n\nWhy I left", SAID) == [("Why I left", None)]
    assert all_of("Why I left\n-\n  - Better:", SAID) == [("Why I left", None)]
    assert all_of("-\nThe tour\n-\nAna") == [("The tour", None), ("Ana", None)]
    assert all_of("The tour,\nwhich was long\n-") == [("The tour, which was long", None)]
    assert all_of("Why I left\n-\n  - Better: I had done it", SAID) == [("Why I left", "I had done it")]
    assert all_of("- one\n\nMy own\n-\nx") == [("one", None)]  # further down it may well be a heading
    assert all_of("My own\n---\nx") == []


def test_a_note_fresh_from_the_template_has_no_answers() -> None:
    made = shipped_templates()["templates/Interview evaluation.md"].replace("{{date:YYYY-MM-DD}}", "2026-01-07")
    found = read(made)
    assert not found.answered and not any(found.items.values())


def test_a_better_answer_alone_is_an_item() -> None:
    assert answers("-\n  - Better: I had done what I came to do") == [("I had done what I came to do",) * 2]
    assert answers("-\n  - Better:\n-\n  -\n") == []


def test_the_text_of_a_footnote_is_not_spoken() -> None:
    assert texts("- one[^1]\n- two[^a b]\n\n[^1]: source\n[^a b]: and more words") == ["one", "two"]
    assert texts("one[^1]\n\n[^1]: and more words") == ["one"]


@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["CRLF", "CR"])
def test_line_ends_make_no_difference(end: str) -> None:
    text = f"{HEAD}# {WELL}\n\n- one\n  more\n- two\n\n{SAID}\n---\n- a\n  - Better: b\n\n## Log\n"
    assert read(text.replace("\n", end)) == read(text)


def test_neither_does_a_bom_nor_a_missing_last_line_end() -> None:
    text = f"{HEAD}## {WELL}\n- one"
    assert read(f"\ufeff{text}") == read(text) == read(f"{text}\n")


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\f", "\v"])
def test_lines_are_numbered_as_editors_number_them(character: str) -> None:
    text = f"{HEAD}words{character}words\n## {WELL}\n- one{character}two\n- three\n"
    assert [item.line for item in read(text).items[same(WELL)]] == [6, 7]


# --- headings --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "heading",
    [
        "# What went well",
        "###### What went well",
        "  ## What went well ##",
        "##\tWhat went well\t",
        "## WHAT WENT WELL",
        "## what went well!!!",
        "## What went well:",
        "## “What went well?”",
        "## 1. What went well",
        "## 1) What went well",
        "## 🎉 What went well",
        "## **What** went *well*",
        "## ==What went well==",
        "## [[What went well]]",
        "## [What went well](x.md)",
        "## What went well #tag",
        "## What went well ^id",
        "## What\xa0went  well",
        "## What‐went‐well",
        "## Ｗｈａｔ went well",
        "## <b>What</b> went well",
        "What went well\n===",
        "What went well\n---",
        "What went\nwell\n---",
        "## Went well",
        "## What went right",
        "##What went well",
        "#What went well",
        "**What went well**",
        "__What went well:__",
        "*What went well?*",
        "What went well",
        "what went well:",
        "“What went well”",
    ],
)
def test_a_heading_matches_whatever_it_looks_like(heading: str) -> None:
    found = read(f"{HEAD}{heading}\n- one\n")
    assert [item.text for item in found.items["what went well"]] == ["one"]
    assert found.asked == {"what went well": 4}


@pytest.mark.parametrize(
    "heading",
    [
        "##Said, but wish I had not",
        "**Said, but wish I had not**",
        "Said, but wish I had not",
        "Said, but wish I had not:\n---",
        "  ## Said, but wish I had not",
    ],
)
@pytest.mark.parametrize("between", ["\n", "\n\n", "\n\nmore words\n"])
def test_what_stands_below_a_sloppy_heading_never_counts_to_the_section_above(heading: str, between: str) -> None:
    found = read(f"{HEAD}## {WELL}\n- one{between}{heading}\n- two\n")
    assert [item.text for item in found.items[same(WELL)]] == ["one"]
    assert [item.text for item in found.items[same(SAID)]] == ["two"]


@pytest.mark.parametrize(
    "heading",
    [
        "## Said but wished I hadnt",
        "### Said but wished I hadnt",
        "##Said but wished I hadnt",
        "## Said, but wish I had not (be honest!)",
        "Said, but wish I had not: I complained",
        "**Said, but wish I had not:** I complained",
        "**Said, but wish I hadnot**",
    ],
)
def test_a_slip_in_a_heading_is_a_warning_and_what_stands_below_is_not_used(heading: str) -> None:
    found, said = note.parse("n.md", f"{HEAD}## {WELL}\n- one\n{heading}\n- two\n", METHOD)
    assert found and {key: [item.text for item in items] for key, items in found.items.items()} == {same(WELL): ["one"]}
    assert [(one.code, one.line, one.remedy) for one in said] == [("misspelt-heading", 6, f"write ## {SAID}")]


@pytest.mark.parametrize(
    "heading", ["What did not go well", "What not went well", "What didn’t go well", "What went bad"]
)
def test_the_opposite_of_a_question_is_not_taken_for_it(heading: str) -> None:
    """Of what is missing it may only be what has a “not” in it, too."""
    _, said = note.parse("n.md", f"{HEAD}## {SAID}\n- one\n## {heading}\n- two\n", METHOD)
    (own,) = (one for one in said if one.code == "unknown-heading")
    assert "well" not in own.remedy and "connected" not in own.remedy and "## Did not say, but wish I had" in own.remedy


@pytest.mark.parametrize("heading", ["What went wrong", "What I learned", "Requirements", "Blog", "Logs", "Well"])
def test_a_heading_of_the_users_own_is_no_slip(heading: str) -> None:
    assert not read(f"{HEAD}## {heading}\n- one\n").items


@pytest.mark.parametrize("apostrophe", ["'", "’", "‘", "`"])
def test_any_apostrophe_will_do(apostrophe: str) -> None:
    found = read(f"{HEAD}## Didn{apostrophe}t say, but wish I had\n- one\n")
    assert [item.text for item in found.items["did not say but wish i had"]] == ["one"]


@pytest.mark.parametrize(
    "heading",
    [
        "#well",
        "**What went well** and more",
        "1. What went well",
        "we asked what went well",
        "The demo\nwent well",
        "> What went well",
        "> ## What went well",
        "- ## What went well",
        "\t## What went well",
        "    ## What went well",
        "```\n## What went well\n```",
        "%%\n## What went well\n%%",
        "<!--\n## What went well\n-->",
        "## Well",
        "##",
        "## !!!",
    ],
)
def test_what_is_no_such_heading_opens_no_section(heading: str) -> None:
    assert not read(f"{HEAD}{heading}\n- one\n").items


@pytest.mark.parametrize(
    ("below", "warned"),
    [("### Regrets", True), ("###### Deeper", True), ("## Another", False), ("# Higher", False), ("##", False)],
)
def test_a_section_goes_up_to_the_next_heading_and_one_below_it_is_a_warning(below: str, warned: bool) -> None:
    found, said = note.parse("n.md", f"{HEAD}## {WELL}\n- one\n{below}\n- two\n{answered(WELL)}", METHOD)
    assert found and [item.text for item in found.items[same(WELL)]] == ["one"]
    assert [(one.code, one.line) for one in said] == ([("unknown-heading", 6)] if warned else [])


@pytest.mark.parametrize("own", ["## Another", "# Higher"])
def test_so_is_any_while_the_heading_of_a_question_is_missing(own: str) -> None:
    """It may be meant for that one; where nothing is answered yet it can be anything."""
    body = f"## {WELL}\n- one\n{own}\n- two\n"
    _, (said,) = note.parse("n.md", f"{HEAD}{body}{answered(WELL, SAID)}", METHOD)
    assert (said.code, said.line) == ("unknown-heading", 6) and said.remedy.startswith(f"write ## {SAID}, if")
    for none in (f"{HEAD}{own}\n- two\n", f"{HEAD[:-4]}outcome: offer\n---\n{body}", f"{HEAD}## {WELL}\n{own}\nx\n"):
        assert note.parse("n.md", none, METHOD)[1] == ()


def test_a_question_inside_another_opens_its_own_section() -> None:
    found = read(f"{HEAD}# {WELL}\n- one\n### {SAID}\n- two\n#### Deeper\nwords\n# End\n- four\n{answered(WELL, SAID)}")
    assert [item.text for item in found.items[same(WELL)]] == ["one"]
    assert [item.text for item in found.items[same(SAID)]] == ["two"]


def test_the_log_may_have_headings_of_its_own() -> None:
    found = read(f"{HEAD}## Log\n### November\n- 2026-11-26 fix call no answer\n")
    assert len(found.no_answer("fix_call")) == 1


def test_a_heading_typed_as_an_item_is_no_item() -> None:
    found, said = note.parse("n.md", f"{HEAD}## {WELL}\n- one\n- **{SAID}**\n  - two\n", METHOD)
    assert found and [item.text for item in found.items[same(WELL)]] == ["one"]
    assert [(one.code, one.line, one.remedy) for one in said] == [("misspelt-heading", 6, f"write ## {SAID}")]


def test_two_sections_of_one_question_are_one() -> None:
    found = read(f"{HEAD}## {WELL}\n- one\n## Went well\n- two\n")
    assert [item.text for item in found.items[same(WELL)]] == ["one", "two"]
    assert found.asked == {same(WELL): 4}


def test_none_is_an_answer_and_nothing_is_not() -> None:
    found = read(f"{HEAD}## {WELL}\n- none\n## {SAID}\n-\n## Log\n- 2026-11-20 card sent\n")
    assert found.answered == {same(WELL)}
    assert found.items == {same(WELL): (), same(SAID): ()}


@pytest.mark.parametrize(("one", "other"), [("दिन", "दान"), ("กา", "กี"), ("கா", "கீ"), ("שָׁ", "שֵׁ")])
def test_words_that_differ_in_a_vowel_sign_are_not_the_same(one: str, other: str) -> None:
    assert same(one) == same(one.upper())
    assert same(one) != same(other)


# --- better answers --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "- one\n  - Better: two",
        "- one\n  - better: two",
        "- one\n  - BETTER - two",
        "- one\n  - Better – two",
        "- one\n  - Better → two",
        "- one\n  - Better： two",
        "- one\n  -  Better :  two",
        "- one\n  - **Better:** two",
        "- one\n  - **Better**: two",
        "- one\n  - *Better answer:* two",
        "- one\n  - [ ] Better: two",
        "- one\n  * Better: two",
        "- one\n  1. Better: two",
        "- one\n\t- Better: two",
        "- one\n    - Better: two",
        "- one\n\n  - Better: two",
        "- one\n  - another line\n  - Better: two",
        "- one\n  - Better:\n  - Better: two",
        "- one\n  - Better: two\n  - Better: three",
        "- one\n  - Better: two\n    - three",
        "- one\n  - Better:\n    two",
        "- one\n  Better: two",
        "- one Better: two",
        "- one, better: two",
        "- one; BETTER: two",
        "- one – Better: two",
        "- one\n  - Better; two",
        "- one\n  - better = two",
        "- one\n  - Better– two",
        "- one\n  - Better -two",
        "- one\n-Better: two",
        "- one\n  -Better: two",
        "- one\n  – Better: two",
        "- one\n  – better: two",
        "- one\n  • Better: two",
        "-one\n    *Better: two",
        "- one\n\n  Better: two",
        "1. one\n   - Better: two",
        "10. one\n    - Better: two",
        "one\nBetter: two",
        "one\n\nBetter: two",
    ],
)
def test_a_labelled_line_is_the_better_answer(body: str) -> None:
    assert [(item.text, item.answer, item.labelled) for item in items(body, SAID)] == [("one", "two", True)]


@pytest.mark.parametrize(
    "body", ["- one\n  - two", "- one\n  - two\n  - three", "- one\n  - [x] two", "1. one\n   1. two"]
)
def test_without_a_label_it_is_the_first_nested_line(body: str) -> None:
    assert [(item.text, item.answer, item.labelled) for item in items(body, SAID)] == [("one", "two", False)]


@pytest.mark.parametrize(
    "body",
    [
        "- one",
        "- one\n  - Better:",
        "- one\n  - Better: ",
        "- one\n  - **Better:**",
        "- one\n  -",
        "- one\n\n  more words",
        "- one\n  > Better: quoted",
        "- one\n  ```\n  Better: code\n  ```",
        "- one\n  - ~~Better: struck~~",
        "- one\n  - %%Better: aside%%",
        "- one\n  - Better",
        "- one\n  - Better: none",
        "- one\n  - Better: —",
        "- one\n  - n/a",
    ],
)
def test_what_says_nothing_is_no_answer(body: str) -> None:
    assert answers(body) == [("one", None)]


@pytest.mark.parametrize("label", ["Best", "Why", "Worse", "Betterment", "Much better"])
def test_another_label_is_part_of_the_words(label: str) -> None:
    assert answers(f"- one\n  - {label}: two") == [("one", f"{label}: two")]


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("Better I am fine with nights", "I am fine with nights"),
        ("better i'm fine with nights", "i'm fine with nights"),
        ("Better. I am fine with nights", "I am fine with nights"),
        ("Better answer My nights are free", "My nights are free"),
        ("Compensate I hold a green belt", "I hold a green belt"),
        ("Better a small firm than a large one", "Better a small firm than a large one"),
        ("Better not to speak of it", "Better not to speak of it"),
        ("Betterment I know", "Betterment I know"),
    ],
)
def test_a_label_needs_no_sign_where_a_sentence_begins_behind_it(typed: str, answer: str) -> None:
    assert answers(f"- one\n  - {typed}") == [("one", answer)]


@pytest.mark.parametrize(
    "words",
    ["The sooner the better: I said so", "Salary - I said 60k", "Better late than never", "I am better - at night"],
)
def test_words_that_only_look_like_a_label_stay(words: str) -> None:
    assert answers(f"- {words}") == [(words, None)]


def test_a_small_label_on_the_line_is_one_only_where_an_answer_is_asked_for() -> None:
    assert texts("- The tour was fine, better: the lunch") == ["The tour was fine, better: the lunch"]
    assert answers("- Pay: too low, better: the whole package") == [("Pay: too low", "the whole package")]


def test_an_answer_may_hold_colons_and_dashes() -> None:
    assert answers("- Why I left: money\n  - Better: that is - well: http://x.example") == [
        ("Why I left: money", "that is - well: http://x.example")
    ]


def test_each_item_has_its_own_answer() -> None:
    assert answers("- one\n  - Better: two\n- three\n- four\n  - five") == [
        ("one", "two"),
        ("three", None),
        ("four", "five"),
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("Why I left\n\n- Better: for more", [("Why I left", "for more")]),
        ("Why I left\n- Better: for more", [("Why I left", "for more")]),
        ("- Why I left\n- Better: for more\n- Pay", [("Why I left", "for more"), ("Pay", None)]),
        ("- Why I left\n  - Better: one\n- Better: two", [("Why I left", "one")]),
        ("- Better: for more", [("for more", "for more")]),
        ("Words of mine\n- Pay\n- Better: for more", [("Pay", "for more")]),
    ],
)
def test_a_better_answer_that_is_not_nested_belongs_to_what_stands_before_it(
    body: str, found: list[tuple[str, str | None]]
) -> None:
    assert answers(body) == found


def test_a_word_in_code_fences_on_one_line_opens_no_code() -> None:
    found = read(f"{HEAD}## What went well\n- One\n```git bisect``` and more\n**Said, but wish I had not**\n- Two\n")
    assert [item.text for item in found.items[same(SAID)]] == ["Two"]


def test_code_is_no_dataview_field() -> None:
    assert texts("- raw arrays (std::vector) [key:: 3]\n- std::move is it") == [
        "raw arrays (std::vector)",
        "std::move is it",
    ]


def test_the_labels_of_one_step_serve_the_others_too() -> None:
    found = read(f"{HEAD}## Requirements I lack\n- one\n  - Better: two\n- three\n  - Compensation: four\n")
    material = found.items["requirements i do not satisfy"]
    assert [(item.text, item.answer) for item in material] == [("one", "two"), ("three", "four")]


# --- several languages -----------------------------------------------------------------------------------

FIX = """\
---
step: fix
order: 2
kind: call
wait: 3-4
uses:
  - Said, but wish I had not
  - Gesagt, aber lieber nicht
  - Ce que je n’aurais pas dû dire
  - 言わなければよかったこと
  - ما قلته وليتني لم أقله
  - जो कहा, काश न कहता
  - Що я сказав даремно
answer: [Better, Besser, Mieux, より良い答え, أفضل, बेहतर, Краще]
---
> {{ reason }}
"""
BABEL, WRONG_STEPS = method.read(shipped_templates(), {"Templates/Reconnect/fix.md": FIX})


@pytest.mark.parametrize(
    ("heading", "item", "label", "answer"),
    [
        ("## Said, but wish I had not", "the salary", "Better:", "the work"),
        ("# GESAGT, ABER LIEBER NICHT!", "das Gehalt", "besser -", "die Arbeit"),
        ("### Ce que je n'aurais pas du\u0302 dire", "le salaire", "Mieux :", "le travail"),
        ("## 言わなければよかったこと", "給料のこと", "より良い答え：", "仕事のこと"),
        ("## ما قلته، وليتني لم أقله؟", "الراتب", "أفضل:", "العمل"),
        ("## जो कहा काश न कहता", "वेतन", "बेहतर:", "काम"),
        ("ЩО Я СКАЗАВ ДАРЕМНО\n---", "про гроші", "краще →", "про роботу"),
    ],
)
def test_a_step_file_names_its_heading_and_label_in_any_language(
    heading: str, item: str, label: str, answer: str
) -> None:
    assert not WRONG_STEPS
    found = read(f"{HEAD}{heading}\n- {item}\n  - {label} {answer}\n", BABEL)
    assert [one[:2] for one in found.items[same(SAID)]] == [(item, answer)]
    assert found.items[same(SAID)][0].labelled
