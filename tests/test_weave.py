"""What people type in the agenda stays, whatever is generated around it.

A page is what `weave` made, with what somebody typed since; here the pages are shown without their last line, which
holds the marks.
"""

import re
import textwrap
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pendulum import Date

from reconnect_md import footer, lines, marks, taskline
from reconnect_md import weave as weaving
from reconnect_md.errors import NotOurs
from tests.languages import ENGLISH

MONDAY = """\
# Agenda for Monday

**2 for today.**

## Today

### Call Ana

- [ ] Call Ana 🆔 ana-fix 📅 2026-01-12

> Hello Ana.
>
> Thank you.

### Call Bo

- [ ] Call Bo 🆔 bo-add 📅 2026-01-12

> Hello Bo.
>
> Thank you.
"""

TUESDAY = """\
# Agenda for Tuesday

**1 late**, 1 for today.

## Late

### Call Ana

- [ ] Call Ana 🆔 ana-fix 📅 2026-01-12

> Hello Ana.
>
> Thank you.

## Today

### Call Cy

- [ ] Call Cy 🆔 cy-fix 📅 2026-01-13

> Hello Cy.
>
> Thank you.
"""

SUNDAY = """\
# Agenda for Sunday

**Nothing due today.**
"""

ANA, BO = "- [ ] Call Ana 🆔 ana-fix 📅 2026-01-12\n", "- [ ] Call Bo 🆔 bo-add 📅 2026-01-12\n"


DAY = Date(2026, 1, 12)


def weave(new: str, old: str) -> str:
    """The next page, where the items of `new` are all that is known."""
    return weaving.weave(new, old, known(new), DAY, ENGLISH)


def known(generated: str) -> Callable[[taskline.TaskLine], str]:
    found = ids(generated)
    return lambda task: task.id if task.id in found else ""


def ids(text: str) -> list[str]:
    """The ids of the task lines in a text."""
    return [task.id for line in lines.split(text) if (task := taskline.parse(lines.bare(line))) and task.id]


def standing(old: str, links: set[str]) -> list[str]:
    return marks.standing(marks.read(old, lambda task: "", ENGLISH), links)


def last_line(generated: str) -> str:
    """The last line that goes with a generated text."""
    return weave(generated, "").rstrip("\n").rpartition("\n")[2]


def page(text: str, generated: str = MONDAY) -> str:
    """A page as it is on the disk: some text, and the last line that was written for a generated one."""
    return f"{text}\n{last_line(generated)}\n"


def typed(at: str, text: str, generated: str = MONDAY) -> str:
    """The page of a generated text, with something typed in the place of a line of it."""
    assert generated.count(at) >= 1
    return page(generated.replace(at, text, 1), generated)


def woven(new: str, old: str) -> str:
    """The next page without its last line. Weaving again changes nothing."""
    once = weave(new, old)
    assert weave(new, once) == once, "a second pass writes nothing"
    return footer.without(once)


# --- a page nobody touched -------------------------------------------------------------------------------


def test_a_new_page_is_the_generated_text_with_its_marks() -> None:
    assert weave(MONDAY, "") == page(MONDAY)
    assert last_line(MONDAY).startswith("<!-- ") and last_line(MONDAY).endswith(" -->")


@pytest.mark.parametrize("old", ["", "\n", " \n\t\n", "\r\n", "\ufeff"])
def test_an_empty_file_is_a_new_page(old: str) -> None:
    assert weave(MONDAY, old) == page(MONDAY)


@pytest.mark.parametrize("new", [MONDAY, TUESDAY, SUNDAY])
def test_an_untouched_page_leaves_nothing_behind(new: str) -> None:
    assert weave(new, page(MONDAY)) == page(new, new)


def test_a_terminal_need_not_see_the_marks() -> None:
    assert footer.without(page(MONDAY)) == MONDAY


# --- marks on task lines ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    [
        "- [x] Call Ana 🆔 ana-fix 📅 2026-01-12\n",
        "- [x] Call Ana 🆔 ana-fix 📅 2026-01-12 ✅ 2026-01-13\n",
        "- [X] Call Ana 🆔 ana-fix 📅 2026-01-12\n",
        "- [-] Call Ana 🆔 ana-fix 📅 2026-01-12\n",
        "- [-] Call Ana 🆔 ana-fix 📅 2026-01-12 ❌ 2026-01-13\n",
        "- [>] Call Ana 🆔 ana-fix 📅 2026-01-12\n",
        "- [/] Call Ana 🆔 ana-fix 📅 2026-01-12\n",
        "- [ ] Call Ana 🆔 ana-fix 📅 2026-01-15\n",
        "- [ ] Call Ana 🆔 ana-fix ⏰ 2026-01-12 09:00 📅 2026-01-12\n",
        "- [ ] Call Ana again!! 🆔 ana-fix 📅 2026-01-12\n",
        "* [x] Call Ana 🆔 ana-fix\n",
        "  - [x] Call Ana 🆔 ana-fix 📅 2026-01-12\n",
    ],
)
def test_a_changed_task_line_takes_the_place_of_ours(line: str) -> None:
    assert woven(MONDAY, typed(ANA, line)) == MONDAY.replace(ANA, line)
    assert woven(TUESDAY, typed(ANA, line)) == TUESDAY.replace(ANA, line)


def test_a_mark_taken_back_leaves_nothing_behind() -> None:
    ticked = weave(TUESDAY, typed(ANA, ANA.replace("[ ]", "[x]")))
    assert weave(TUESDAY, ticked.replace("[x]", "[ ]")) == page(TUESDAY, TUESDAY)


def test_of_a_task_line_and_its_ticked_copy_one_stays() -> None:
    """A merge of two devices keeps both lines."""
    ticked = ANA.replace("[ ]", "[x]")
    assert woven(MONDAY, typed(ANA, ANA + ticked)) == MONDAY.replace(ANA, ticked)
    assert woven(MONDAY, typed(ANA, ticked + ANA)) == MONDAY.replace(ANA, ticked)


def test_of_two_different_marks_neither_is_lost() -> None:
    ticked, skipped = ANA.replace("[ ]", "[x]"), ANA.replace("[ ]", "[-]")
    assert woven(MONDAY, typed(ANA, ticked + skipped)) == MONDAY.replace(ANA, ticked + skipped)


def test_a_marked_item_that_is_gone_goes_under_a_heading_of_its_own() -> None:
    ticked = BO.replace("[ ]", "[x]") + "  - said hello\n"
    assert woven(TUESDAY, typed(BO, ticked)) == f"{TUESDAY}\n## Your notes\n\n### Call Bo\n\n{ticked}"


# --- remarks ---------------------------------------------------------------------------------------------


def test_a_remark_stays_under_its_item_and_goes_with_it() -> None:
    remark = ANA + "  - she is in Austin\n"
    assert woven(MONDAY, typed(ANA, remark)) == MONDAY.replace(ANA, remark)
    assert woven(TUESDAY, typed(ANA, remark)) == TUESDAY.replace(ANA, remark)


def test_a_remark_may_have_blank_lines_and_code() -> None:
    remark = ANA + "\n    one\n\n\n    ```sh\n    # Agenda for Monday\n\n    ls\n    ```\n\n    > Hello Ana.\n"
    assert woven(MONDAY, typed(ANA, remark)) == MONDAY.replace(ANA, remark)
    assert woven(TUESDAY, typed(ANA, remark)) == TUESDAY.replace(ANA, remark)


def test_a_remark_in_the_script_stays_behind_the_same_line() -> None:
    at = "> Hello Ana.\n"
    assert woven(MONDAY, typed(at, at + "(slowly!)\n")) == MONDAY.replace(at, at + "(slowly!)\n")
    assert woven(TUESDAY, typed(at, at + "(slowly!)\n")) == TUESDAY.replace(at, at + "(slowly!)\n")


def test_a_remark_behind_a_line_that_is_no_more_goes_to_the_end_of_its_entry() -> None:
    at = "> Hello Ana.\n"
    assert woven(MONDAY.replace(at, "> Dear Ana.\n"), typed(at, at + "(slowly!)\n")) == (
        """\
# Agenda for Monday

**2 for today.**

## Today

### Call Ana

- [ ] Call Ana 🆔 ana-fix 📅 2026-01-12

> Dear Ana.
>
> Thank you.

(slowly!)

### Call Bo

- [ ] Call Bo 🆔 bo-add 📅 2026-01-12

> Hello Bo.
>
> Thank you.
"""
    )


def test_remarks_of_items_that_are_gone_go_under_a_heading_of_their_own() -> None:
    text = MONDAY.replace(ANA, ANA + "  - about Ana\n").replace(BO, BO + "  - about Bo\n\n    at length\n")
    assert woven(SUNDAY, page(text)) == (
        """\
# Agenda for Sunday

**Nothing due today.**

## Your notes

### Call Ana

  - about Ana

### Call Bo

  - about Bo

    at length
"""
    )


def test_under_that_heading_they_stay_and_more_can_be_typed() -> None:
    first = weave(TUESDAY, typed(BO, BO + "  - about Bo\n"))
    more = first.replace("  - about Bo\n", "  - about Bo\n\nAnd more.\n")
    assert woven(TUESDAY, more) == f"{TUESDAY}\n## Your notes\n\n### Call Bo\n\n  - about Bo\n\nAnd more.\n"
    assert woven(SUNDAY, more) == f"{SUNDAY}\n## Your notes\n\n### Call Bo\n\n  - about Bo\n\nAnd more.\n"


@pytest.mark.parametrize(
    "remark",
    [
        "  - about Bo\n",
        "\nA paragraph\nof two lines.\n\n> quoted\n",
        "\n    ```sh\n    # a comment\n    ```\n",
        "\n```sh\n# a comment\n### another\n```\n",
    ],
)
def test_a_remark_goes_back_under_its_item_when_that_is_there_again(remark: str) -> None:
    before = typed(BO, BO + remark)
    gone = weave(TUESDAY, before)
    assert f"## Your notes\n\n### Call Bo\n\n{remark.lstrip()}" in gone.replace("  - about", "- about").replace(
        "    ```sh\n    #", "```sh\n    #"
    )
    assert woven(MONDAY, weave(SUNDAY, gone)) == woven(MONDAY, before)


def test_remarks_of_two_items_with_one_heading_go_back_each_under_its_own() -> None:
    twice = MONDAY.replace("### Call Bo", "### Call Ana")
    text = twice.replace(ANA, ANA + "  - the first\n").replace(BO, BO + "  - the second\n")
    gone = weave(SUNDAY, page(text, twice))
    assert gone.count("### Call Ana") == 2
    assert woven(twice, gone) == text
    alike = text.replace("the second", "the first")
    gone = weave(SUNDAY, page(alike, twice))
    assert woven(twice, gone) == twice + footer.without(gone).partition("due today.**\n")[2], "which is whose?"


def test_what_was_typed_under_your_notes_stays_there() -> None:
    gone = weave(TUESDAY, typed(BO, BO + "  - about Bo\n"))
    mine = "### Call Bo\n\n  - of an older call\n\n"
    more = gone.replace("### Call Bo", mine + "### Call Bo").replace("about Bo\n", "about Bo\n\n# Mine\n\nwords\n")
    back = MONDAY.replace(BO, BO + "  - about Bo\n")
    assert woven(MONDAY, more) == f"{back}\n## Your notes\n\n{mine}# Mine\n\nwords\n"


def test_another_call_with_the_heading_of_one_that_is_gone_gets_nothing_of_it() -> None:
    gone = weave(TUESDAY, typed(BO, BO + "  - about Bo\n"))
    later = MONDAY.replace("bo-add", "bo-compensate")
    assert woven(later, gone) == f"{later}\n## Your notes\n\n### Call Bo\n\n  - about Bo\n"


def test_text_on_top_stays_on_top() -> None:
    top = "---\ncssclasses: wide\n---\nBring the car to the garage.\n\n"
    assert woven(MONDAY, page(top + MONDAY)) == top + MONDAY
    assert woven(TUESDAY, page(top + MONDAY)) == top + TUESDAY


def test_text_after_the_last_line_stays_there() -> None:
    once = weave(TUESDAY, page(MONDAY) + "\nMy own list:\n\n- milk\n")
    assert once == page(TUESDAY, TUESDAY) + "\nMy own list:\n\n- milk\n"
    assert weave(TUESDAY, once) == once


def test_text_before_the_last_line_stays_with_the_last_entry() -> None:
    assert woven(MONDAY, page(MONDAY + "\nafterwards\n")) == MONDAY + "\nafterwards\n"
    assert woven(TUESDAY, page(MONDAY + "\nafterwards\n")) == TUESDAY + "\n## Your notes\n\n### Call Bo\n\nafterwards\n"


def test_a_remark_under_one_of_two_like_headings_stays_under_it() -> None:
    """Two interviews with one person: both entries have the same heading."""
    twice = MONDAY.replace("### Call Bo", "### Call Ana")
    text = twice.replace("### Call Ana\n", "### Call Ana\nabout the first\n", 1)
    assert woven(twice, page(text, twice)) == text


def test_a_last_line_without_an_end_is_kept() -> None:
    assert weave(MONDAY, page(MONDAY) + "typed") == page(MONDAY) + "typed\n"
    assert weave(MONDAY, page(MONDAY)[:-1]) == page(MONDAY)


# --- our own lines, changed ------------------------------------------------------------------------------


def test_a_line_of_ours_that_was_edited_is_theirs_and_ours_comes_again() -> None:
    at = "> Hello Ana.\n"
    assert woven(MONDAY, typed(at, "> Hello Ana, how are you?\n")) == MONDAY.replace(
        at, "> Hello Ana, how are you?\n\n> Hello Ana.\n"
    )


def test_blanks_at_the_end_of_a_line_are_no_edit() -> None:
    assert weave(MONDAY, page(MONDAY.replace("\n", "  \n"))) == page(MONDAY)


@pytest.mark.parametrize("gone", ["# Agenda for Monday\n", "## Today\n", "### Call Ana\n", ANA, "> Hello Ana.\n>\n"])
def test_a_line_of_ours_that_was_deleted_comes_again(gone: str) -> None:
    assert weave(MONDAY, typed(gone, "")) == page(MONDAY)


def test_lines_that_lost_their_blank_lines_are_ours_still() -> None:
    assert weave(MONDAY, page(MONDAY.replace("\n\n", "\n"))) == page(MONDAY)


@pytest.mark.parametrize(
    "again",
    [
        "# Agenda for Monday\n\n",
        "**2 for today.**\n\n",
        "### Call Ana\n\n",
        ANA + "\n",
        "> Hello Ana.\n",
        MONDAY[MONDAY.index("### Call Ana") : MONDAY.index("### Call Bo")],
        MONDAY + "\n",
    ],
)
def test_lines_of_ours_that_were_copied_do_not_multiply(again: str) -> None:
    copied = woven(MONDAY, typed(again.rstrip("\n"), again + again.rstrip("\n")))
    for new in (TUESDAY, MONDAY, SUNDAY, TUESDAY):
        copied = woven(new, page(copied, new))
    tasks = [line for line in copied.split("\n") if taskline.parse(line)]
    assert len(tasks) == len(set(tasks))
    assert all(copied.count(line) <= 2 * MONDAY.count(line) + TUESDAY.count(line) for line in again.split("\n") if line)


def test_entries_in_another_order_lose_nothing() -> None:
    ana, bo = MONDAY.index("### Call Ana"), MONDAY.index("### Call Bo")
    turned = MONDAY[:ana] + MONDAY[bo:] + "\n" + MONDAY[ana:bo].replace(ANA, ANA + "  - typed\n")
    after = woven(MONDAY, page(turned))
    assert Counter(MONDAY.split("\n")) <= Counter(after.split("\n"))
    assert after.count("  - typed\n") == after.count(ANA) == after.count(BO) == 1


def test_without_its_last_line_a_page_of_the_same_day_is_still_known() -> None:
    assert weave(MONDAY, MONDAY) == page(MONDAY)
    remark = MONDAY.replace(ANA, ANA.replace("[ ]", "[x]") + "  - typed\n")
    assert woven(MONDAY, remark) == remark


def test_without_its_last_line_a_page_of_another_day_loses_nothing() -> None:
    text = MONDAY.replace(ANA, ANA.replace("[ ]", "[x]") + "  - typed\n").replace(BO, BO + "  - typed too\n")
    after = woven(TUESDAY, text)
    assert Counter(line for line in text.split("\n") if line) <= Counter(after.split("\n"))
    assert Counter(TUESDAY.replace(ANA, "").split("\n")) <= Counter(after.split("\n"))


@pytest.mark.parametrize(
    "last",
    [
        "<!-- reconnect keeps what you type in this note. Its own lines are marked here: -->",
        "<!-- reconnect keeps what you type in this note. Its own lines are marked here: zzzz 2222 -->",
        "<!-- reconnect keeps what you type in this note. Its own",
        "<!-- mine -->",
    ],
)
def test_a_last_line_that_was_damaged_costs_no_typed_line(last: str) -> None:
    text = MONDAY.replace(ANA, ANA.replace("[ ]", "[x]") + "  - typed\n")
    after = woven(MONDAY, f"{text}\n{last}\n")
    assert Counter(text.split("\n")) <= Counter(after.split("\n"))


def test_two_pages_in_one_file_lose_nothing() -> None:
    one, other = MONDAY.replace(ANA, ANA + "  - typed here\n"), TUESDAY.replace(ANA, ANA + "  - typed there\n")
    after = woven(TUESDAY, page(one) + page(other, TUESDAY))
    assert after.count("  - typed here\n") == after.count("  - typed there\n") == after.count(ANA) == 1


# --- formatters ------------------------------------------------------------------------------------------


def formatted(text: str, width: int = 80, sign: str = "-") -> str:
    """A page as a formatter saves it: each paragraph filled up to a width, and its own sign for lists."""
    joined: list[str] = []
    for line in text.split("\n"):
        opens = re.match(r"[ \t>]*([-*+] |\d+[.)] |#|```|~~~|<!--|$)", line)
        before, quotes = joined[-1].strip(" \t>") if joined else "", line.count(">")
        if opens or not before or re.match(r"#|```|~~~|<!--", before) or joined[-1].count(">") < quotes:
            joined.append(line)
        else:
            joined[-1] += f" {line.strip(' >')}"
    filled = []
    for line in joined:
        lead = re.match(r"[ \t>]*(?:[-*+] )?", line)[0]  # type: ignore[index]
        indent = re.sub(r"[^ \t>]", " ", lead)
        wrapped = textwrap.wrap(
            line.removeprefix(lead),
            width,
            initial_indent=re.sub(r"[-*+] $", f"{sign} ", lead),
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )
        filled += [line] if re.match(r"#|```|<!--|$", line.strip(" >")) else wrapped
    return "\n".join(filled)


LONG = MONDAY.replace(
    "> Hello Ana.\n", "> Hello Ana. We met on Monday in 2026. It was about\n> the warehouse, was it not?\n"
)


@pytest.mark.parametrize("new", [LONG, TUESDAY, SUNDAY])
@pytest.mark.parametrize("sign", "-*+")
@pytest.mark.parametrize("width", [10, 20, 40, 80])
def test_a_page_that_was_only_formatted_leaves_nothing_behind(new: str, sign: str, width: int) -> None:
    assert weave(new, formatted(page(LONG, LONG), width, sign)) == page(new, new)


@pytest.mark.parametrize(
    "changed",
    [
        "- [x] Call Ana 🆔 ana-fix 📅 2026-01-12\n",
        "- [ ] Call Ana 🆔 ana-fix 📅 2026-01-15\n",
        "- [-] Call Ana 🆔 ana-fix 📅 2026-01-12 ❌ 2026-01-13\n",
        "- [x] Call Ana 🆔 ana-fix 📅 2026-01-12 ✅ 2026-01-13\n",
    ],
)
@pytest.mark.parametrize("width", [10, 20, 40, 80])
def test_a_mark_in_a_page_that_was_formatted_is_a_mark(changed: str, width: int) -> None:
    before = typed(ANA, changed + "    - about Ana\n")
    assert woven(MONDAY, formatted(before, width)) == MONDAY.replace(
        ANA, changed + formatted("    - about Ana\n", width)
    )


def test_words_that_came_to_the_start_of_a_line_may_be_escaped() -> None:
    wrapped = LONG.replace("Monday in 2026. It", "Monday in\n> 2026\\. It")
    assert wrapped != LONG and weave(LONG, page(wrapped, LONG)) == page(LONG, LONG)


@pytest.mark.parametrize("width", [20, 80])
def test_a_changed_line_stays_when_the_page_is_formatted_again_and_again(width: int) -> None:
    text = typed("> Thank you.\n", "> Thank you so much, and I mean it with all my heart.\n")
    sizes = []
    for _ in range(4):
        text = weave(MONDAY, formatted(text, width))
        sizes.append(len(text))
    assert "so much, and I mean it" in " ".join(text.replace(">", "").split())
    assert MONDAY.count("> Thank you.\n") == text.count("> Thank you.\n") and len(set(sizes)) == 1


def test_what_a_formatter_does_that_is_not_known_does_not_add_up() -> None:
    text = page(LONG, LONG)
    for _ in range(4):
        text = weave(LONG, re.sub(r"(?m)^> (.+)$", r"> \1 \\", text).replace("\\ \\", "\\"))
    assert text.count("Hello Ana") == 2


@pytest.mark.parametrize("deleted", ["", "> Hello Bo.\n", "> Thank you.\n", "> Hello Bo.\n>\n> Thank you.\n"])
def test_a_paragraph_may_be_typed_twice(deleted: str) -> None:
    """A line of ours that somebody deleted below it makes none of its copies ours."""
    twice = "She was in Rome for all of it.\n\n" * 3
    above, entry = MONDAY.split(BO)
    mine = page(above + BO + "\n" + twice + entry.replace(deleted, ""))
    for new in (MONDAY, TUESDAY, MONDAY):
        mine = weave(new, mine)
        assert mine.count("in Rome") == 3


def test_words_of_the_script_may_be_typed_twice() -> None:
    mine = ("  - Hello Bo.\n", "Hello Bo.\n\nHello Bo.\n")
    for text in mine:
        assert woven(MONDAY, typed(BO, BO + text)) == MONDAY.replace(BO, BO + text)


@pytest.mark.parametrize("odd", ["> * a star\n", "> two  blanks\n", "> + a plus\n"])
def test_a_page_of_an_earlier_version_is_known(odd: str) -> None:
    """It made its marks of each sign and blank."""
    new = MONDAY.replace("> Hello Ana.\n", odd)
    old = page(new, new).replace(footer.mark(odd), footer.fingerprint(odd))
    assert old != page(new, new)
    assert weave(new, old) == page(new, new)
    assert weave(TUESDAY, old) == page(TUESDAY, TUESDAY)


# --- other bytes -----------------------------------------------------------------------------------------


def test_line_ends_of_another_system_are_no_typing() -> None:
    assert weave(MONDAY, page(MONDAY).replace("\n", "\r\n")) == page(MONDAY).replace("\n", "\r\n")


def test_with_them_what_was_typed_is_known_as_well() -> None:
    text = MONDAY.replace(ANA, ANA.replace("[ ]", "[x]") + "  - one\n\n  - two\n")
    after = woven(MONDAY, page(text).replace("\n", "\r\n"))
    assert after.replace("\r\n", "\n") == text


def test_line_ends_are_not_mixed() -> None:
    text = MONDAY.replace(ANA, ANA.replace("[ ]", "[x]") + "  - one\n\n  - two\n")
    after = weave(MONDAY, page(text).replace("\n", "\r\n"))
    assert len({line.removeprefix(lines.bare(line)) for line in lines.split(after)}) == 1


def test_a_bom_is_no_typing() -> None:
    """Some editors put one before every text that they save."""
    assert weave(MONDAY, "\ufeff" + page(MONDAY)).removeprefix("\ufeff") == page(MONDAY)
    assert weave(TUESDAY, "\ufeff" + page(MONDAY)).removeprefix("\ufeff") == page(TUESDAY, TUESDAY)


@pytest.mark.parametrize("character", ["\u2028", "\x85", "\f", "\x1e", "\0", "\udcff", "\ufeff", "😀"])
def test_any_character_may_be_typed(character: str) -> None:
    remark = f"{ANA}  - one{character}two\n"
    assert woven(TUESDAY, typed(ANA, remark)) == TUESDAY.replace(ANA, remark)


# --- notes of others -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "# My agenda\n\n- [ ] milk\n",
        "words",
        "---\ntitle: Agenda\n---\n",
        "# Agenda for Monday\n",
        "<!-- a comment -->\n",
        "# My agenda\n\n- [ ] buy milk 🆔 abc123 📅 2026-01-12\n",
    ],
)
def test_a_note_that_we_did_not_write_is_left_alone(text: str) -> None:
    with pytest.raises(NotOurs) as caught:
        weave(MONDAY, text)
    assert "agenda:" in caught.value.remedy


# --- entries of notes that cannot be read now ------------------------------------------------------------


def test_an_entry_stands_as_it_was_before_anyone_typed() -> None:
    linked = MONDAY.replace("Call Ana 🆔", "Call [Ana](a.md) 🆔").replace("Call Bo 🆔", "Call [Bo](b.md) 🆔")
    task = "- [ ] Call [Ana](a.md) 🆔 ana-fix 📅 2026-01-12\n"
    entry = linked[linked.index("### Call Ana") : linked.index("### Call Bo")].strip("\n")
    ticked = linked.replace(task, task.replace("[ ]", "[x]").replace("\n", " ✅ 2026-01-12\n") + "  - typed\n")
    for text in (linked, ticked):
        assert standing(page(text, linked), {"a.md"}) == [entry]
    assert standing(page(linked, linked), {"c.md"}) == standing("", {"a.md"}) == []


# --- laws ------------------------------------------------------------------------------------------------

NAMES = ("acme-fix", "bolt-add", "cog-card", "dot-fix")
TYPED = st.sampled_from(
    [
        *(
            "remark",
            "  - remark",
            "    ```",
            "```",
            "~~~",
            "> quoted",
            ">",
            "***",
            "---",
            "a: b",
            "1. one",
            "| a |",
            "\\",
            "- ",
        ),
        *(
            "# Mine",
            "## Late!",
            "### Call nobody",
            "## Your notes",
            "- [ ] milk",
            "- [x] beer ✅ 2026-01-01",
            "[x](y.md)",
        ),
        *("- [x] Gone 🆔 zed-fix 📅 2026-01-01", "- [ ] No id 📅 2026-01-01", "- [>] Again 🆔 acme-fix 📅 2026-01-01"),
        *(
            "é 🎉",
            "\u2028x",
            "x\x85y",
            "<!-- mine -->",
            "%% mine %%",
            "<% x %>",
            "\tx",
            "x  ",
            "# Agenda",
            "> Hello Anna",
        ),
    ]
)


@st.composite
def agendas(draw: st.DrawFn) -> str:
    """A generated text: a title, then sections with entries of a heading, a task line and a script."""
    text = [f"# Agenda for {draw(st.sampled_from(['Monday', 'Tuesday']))}", "", "**words**", ""]
    names = draw(st.lists(st.sampled_from(NAMES), unique=True))
    cut = draw(st.integers(0, len(names)))
    for section, found in (("## Late", names[:cut]), ("## Today", names[cut:])):
        text += [section, ""] if found else []
        for name in found:
            day = Date(2026, 1, 1 + NAMES.index(name))
            text += [f"### Call {name}", "", f"{taskline.box()} Call {name} {taskline.fields(name, day)}", ""]
            text += draw(st.sampled_from([["> Hello", ">", "> Thank you", "", "> Thank you", ""], ["> Hello", ""], []]))
    text += draw(st.sampled_from([[], ["## Needs attention", "", "- [a](a.md), line 1: no. To mend it: yes.", ""]]))
    return "\n".join(text).rstrip("\n") + "\n"


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A page with lines typed at random places, and those lines."""
    text = weave(draw(agendas()), "").split("\n")
    added = draw(st.lists(TYPED, max_size=6))
    for line in added:
        text.insert(draw(st.integers(0, len(text))), line)
        if draw(st.booleans()):
            text.insert(draw(st.integers(0, len(text))), "")
    return "\n".join(text), added


@st.composite
def wrecks(draw: st.DrawFn) -> str:
    """A page in which lines of ours were edited, moved, copied and deleted, too."""
    text = draw(pages())[0].split("\n")
    for _ in range(draw(st.integers(0, 4))):
        at, to = draw(st.integers(0, len(text) - 1)), draw(st.integers(0, len(text) - 1))
        length = draw(st.integers(1, 8))
        change = draw(st.sampled_from(["edit", "move", "copy", "delete"]))
        if change == "edit":
            text[at] += " edited"
        elif change == "copy":
            text[to:to] = text[at : at + length]
        elif len(text) > length:
            moved = text[at : at + length]
            del text[at : at + length]
            text[to:to] = moved if change == "move" else []
    return "\n".join(text)


def weave_or_refuse(new: str, old: str) -> str:
    try:
        return weave(new, old)
    except NotOurs:
        assume(False)
        raise


@given(agendas())
@settings(deadline=None)
def test_a_page_at_rest_stays_as_it_is(new: str) -> None:
    assert weave(new, weave(new, "")) == weave(new, "")


@given(agendas(), agendas())
@settings(deadline=None)
def test_what_was_generated_leaves_nothing_behind(old: str, new: str) -> None:
    assert weave(new, weave(old, "")) == weave(new, "")


@given(agendas(), pages())
@settings(deadline=None)
def test_a_second_pass_changes_nothing(new: str, old: tuple[str, list[str]]) -> None:
    once = weave(new, old[0])
    assert weave(new, once) == once


@given(agendas(), wrecks())
@example("# A\n\n## Today\n", weave("# A\n", "").replace("# A\n", "# A\n\n# A\n", 1))
@settings(deadline=None, max_examples=300)
def test_a_second_pass_changes_nothing_even_where_our_lines_were_changed(new: str, old: str) -> None:
    once = weave_or_refuse(new, old)
    assert weave(new, once) == once


def _untasked(found: list[str]) -> list[str]:
    return [line for line in found if "🆔" not in line]


def test_a_task_line_moved_below_the_last_line_is_there_once() -> None:
    page = weave("# Agenda\n\n- [ ] Call Ana 🆔 ana-fix 📅 2026-01-12\n", "")
    line = "- [ ] Call Ana 🆔 ana-fix 📅 2026-01-12\n"
    moved = page.replace(line, "") + "  " + line
    assert weave("# Agenda\n\n" + line, moved).count("🆔 ana-fix") == 1


def test_a_heading_of_theirs_stays_before_what_they_typed_at_the_very_end() -> None:
    page = weave("# Agenda\n\n## Today\n", "").replace("## Today\n", "## Today\n\n### Mine\n") + "the end\n"
    assert "### Mine\n" in weave("# Agenda\n", page)


@given(pages(), st.lists(agendas(), min_size=1, max_size=3))
@settings(deadline=None)
def test_every_typed_line_is_still_there_after_any_number_of_passes(
    old: tuple[str, list[str]], news: list[str]
) -> None:
    text, added = old
    for new in news:
        text = weave(new, text)
        assert set(added) <= set(text.split("\n"))
        assert Counter(_untasked(added)) <= Counter(_untasked(text.split("\n"))), "but for copies of one mark"


@given(pages(), agendas())
@settings(deadline=None)
def test_every_generated_line_is_there_but_changed_task_lines(old: tuple[str, list[str]], new: str) -> None:
    text = weave(new, old[0])
    wanted = Counter(line for line in new.split("\n") if line and not taskline.parse(line))
    assert wanted <= Counter(text.split("\n"))
    assert set(ids(new)) <= set(ids(text))


@given(agendas(), agendas(), st.data())
@settings(deadline=None)
def test_a_changed_task_line_stays_byte_for_byte_and_once(old: str, new: str, data: st.DataObject) -> None:
    tasks = [line for line in old.split("\n") if set(ids(line)) & set(ids(new))]
    assume(tasks)
    line = data.draw(st.sampled_from(tasks))
    changed = data.draw(
        st.sampled_from(
            [
                line.replace("[ ]", "[x]"),
                line.replace("[ ]", "[x]") + " ✅ 2026-01-02",
                line.replace("[ ]", "[-]") + " ❌ 2026-01-02",
                line.replace("[ ]", "[>]") + "  ",
                line.replace("📅 2026", "📅 2027"),
                line.replace("Call", "Called"),
                f"\t{line.replace('[ ]', '[X]')}",
            ]
        )
    )
    text = weave(old, "").replace(f"{line}\n", f"{changed}\n")
    for _ in range(2):
        text = weave(new, text)
        assert text.split("\n").count(changed) == 1
        assert ids(text).count(*ids(line)) == 1


@given(agendas(), st.lists(agendas(), min_size=1, max_size=3), TYPED)
@settings(deadline=None)
def test_what_was_typed_under_an_item_is_its_remark_whenever_it_is_there(old: str, news: list[str], words: str) -> None:
    assume(not taskline.parse(words) and not words.startswith("#"))
    text = weave(old, "")
    for id in ids(old):
        line = next(one for one in lines.split(text) if f"🆔 {id} " in one)
        text = text.replace(line, f"{line}{words}\nabout {id}\n")
    before = {id: marks.read(text, known(old), ENGLISH).remark(id) for id in ids(old)}
    assert all(f"about {id}" in remark for id, remark in before.items())
    for new in [*news, old]:
        text = weave(new, text)
        assert all(marks.read(text, known(new), ENGLISH).remark(id) == before[id] for id in before if id in ids(new))


@given(agendas(), agendas(), st.integers(10, 100), st.sampled_from("-*+"))
@settings(deadline=None)
def test_what_was_generated_and_formatted_leaves_nothing_behind(old: str, new: str, width: int, sign: str) -> None:
    assert weave(new, formatted(weave(old, ""), width, sign)) == weave(new, "")


@given(pages(), st.integers(10, 100), st.sampled_from("-*+"))
@settings(deadline=None)
def test_a_page_does_not_grow_with_each_time_that_it_is_formatted(
    old: tuple[str, list[str]], width: int, sign: str
) -> None:
    text, sizes = old[0], []
    new = "# Agenda\n\n## Today\n\n### Call\n\n- [ ] Call acme 🆔 acme-fix 📅 2026-01-01\n\n> Hello and goodbye\n"
    for _ in range(5):
        text = weave(new, formatted(text, width, sign))
        sizes.append(len(text))
    assert sizes[-1] == sizes[-2]


@given(wrecks(), st.lists(agendas(), min_size=1, max_size=3), st.integers(10, 100), st.sampled_from("-*+"))
@settings(deadline=None)
def test_no_typed_word_is_lost_in_a_page_that_is_formatted(old: str, news: list[str], width: int, sign: str) -> None:
    mine = [f"word{number} of {number} words of mine" for number in range(3)]
    page = old.split("\n")
    text = "\n".join([*page[: len(page) // 2], "", mine[0], "> " + mine[1], *page[len(page) // 2 :], mine[2]])
    for new in news:
        text = weave_or_refuse(new, formatted(text, width, sign))
        assert weave(new, text) == text
        assert all(words in " ".join(text.replace(">", " ").split()) for words in mine)
