"""Every slip of `slips.md`: it is found, nothing else is, its line and column are where `‸` stands, and what it says
to type instead mends it.
"""

import os
import re
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from pendulum import Date

from reconnect_md import lines, outlook, slips, sync
from reconnect_md.create import DEMO_DAY
from reconnect_md.errors import CATALOGUE, Problem, Severity
from reconnect_md.markdown import parser
from reconnect_md.method import read as read_method
from reconnect_md.note import parse as parse_note
from reconnect_md.values import DAY_FORM
from reconnect_md.vault import Vault, shipped, shipped_templates

PAGE: Final = (Path(__file__).parent / "slips.md").read_text("utf-8")
HERE: Final = "‸"
LONG_AGO: Final = 1_000_000_000
TODAY: Final = Date.fromisoformat(PAGE.partition("Today is ")[2][:10])
VAULT: Final = {
    token.info.strip(): token.content for token in parser().parse(PAGE) if token.type == "fence" and ".md" in token.info
}
_SLIP: Final = re.compile(
    r"^### (.+)\n\n(.+\.md) `([a-z0-9-]+)`: (.+)\n\n````diff\n([^`]*(?:`{1,3}(?!`)[^`]*)*)````$", re.MULTILINE
)


class Slip(NamedTuple):
    """One of them: in `file`, `typed` stands where `right` stood; a file that is new has nothing right in it."""

    title: str
    file: str
    code: str
    remedy: str
    right: str
    typed: str

    def text(self, before: str) -> str:
        """The file with the slip in it; `‸` is still there."""
        if not self.right:
            return self.typed
        assert before.count(self.right) == 1, f"{self.right} is to stand there once"
        return before.replace(self.right, self.typed)


def _side(diff: str, sign: str) -> str:
    return "\n".join(line[1:] for line in diff.splitlines() if line.startswith(sign))


SLIPS: Final = [
    Slip(title, file, code, remedy, _side(diff, "-"), _side(diff, "+"))
    for title, file, code, remedy, diff in _SLIP.findall(PAGE)
]


def problems(root: Path) -> list[Problem]:
    return list(sync.run(Vault(root), TODAY, write=False, framed=outlook.frame).problems)


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())
    os.utime(path, (LONG_AGO, LONG_AGO))  # what was saved just now is waited for


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    for name, text in VAULT.items():
        write(tmp_path, name, text)
    return tmp_path


def test_nothing_is_wrong_in_the_vault(vault: Path) -> None:
    assert not problems(vault)
    assert len(SLIPS) == PAGE.count("\n### ") >= 130


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.title for slip in SLIPS])
def test_a_slip_is_found_where_it_is_and_the_remedy_mends_it(slip: Slip, vault: Path) -> None:
    if slip.file == "Agenda.md":
        sync.run(Vault(vault), TODAY)
    path = vault / slip.file
    before = path.read_text("utf-8") if path.exists() else ""
    text = slip.text(before)
    above = lines.split(text.partition(HERE)[0] + "x")
    write(vault, slip.file, text.replace(HERE, ""))
    # Of what is missing because of a slip, hints may tell, too.
    found = [one for one in problems(vault) if one.severity is not Severity.HINT or one.code == slip.code]
    said = [(one.note, one.code, one.line, one.column, one.remedy) for one in found]
    assert said == [(slip.file, slip.code, len(above), len(above[-1]), slip.remedy)]


# --- what is no slip ---------------------------------------------------------------------------------------------

FINE: Final = {
    "a comment behind a value": ("company: Acme Logistics", "company: Acme Logistics  # the one at the port"),
    "a comment for a value": ("email: ana.rivera@acme.example", "email:   # not known yet"),
    "signs in a name": ("company: Acme Logistics", "company: C#, F# & Søn-Ltd (No. 2) @ night"),
    "a name over two lines": ("position: Operations manager", "position: >-\n  Operations\n  manager"),
    "a tab behind a colon": ("company: Acme Logistics", "company:\tAcme Logistics"),
    "a list that is not moved in": ("  - Ana Rivera, Director of operations\n  - Bo", "- Ana Rivera, Director\n- Bo"),
    "braces that are quoted": ("I moved 40 people", "I explained `{{ title }}` and `<% x %>`, and moved 40 people"),
    "braces of another kind": ("I moved 40 people", "I escaped {{ user.id }} and moved 40 people"),
    "a block of code": ("- I moved 40", "```jinja\n{{ title }}\n## What connected\n```\n\n- I moved 40"),
    "the user's own properties": ("call_again:", "call_again:\nsalary: 1\ntags: [x]\nfirst_call: x\naddress: y"),
    "a label of one's own": ("  - Better: I had", "  - Letter: none\n  - Better: I had"),
    "whom to call, in small letters": ("call_to: Bo Li", "call_to: bo li, CTO"),
    "an interview last year that came to its end": (
        "interviewed: 2026-11-20\ncompany: Acme Logistics",
        "interviewed: 2025-12-01\noutcome: offer\ncompany: Ecker",
    ),
    "two people of nearly one name in one note": ("- Bo Li, Chief technology officer", "- Bo Li\n  - Anna Rivera"),
    "brackets, inches": ("position: Operations manager", 'position: Lead of 12" [night]'),
    "a quotation": ("position: Operations manager", 'position: The "night manager"'),
    "inches at the end": ("position: Operations manager", 'position: Lead of 12"'),
    "a heading of one's own": ("## Log", "## People I met\n- Cy at the desk\n\n## Log"),
    "headings before the interview": (
        VAULT["Interviews/Acme.md"][4:],
        "interviewed: 2026-12-10\ncompany: Acme\n---\n## To read\n- their site\n",
    ),
    "what is done, said again in the log": ("- 2026-11-20 card sent", "card_sent: 2026-11-20\n- 2026-11-20 card sent"),
    "words that are names of properties": (
        "- I moved 40 people to a new site",
        "- I moved 40 people to a new site\nposition: at the gate\n- Outcome: nobody lost a day\n\n"
        "Outcome: on time\ncompany: theirs\nphone: Ana's\nfix_call\n  outcome: a pay rise\n",
    ),
    "a log with more in it": (
        "- 2026-11-20 card sent: put it on the front desk",
        "- 2026-11-20 card sent: put it on the front desk\n  - 2026-11-21: fix call no answer\n"
        "- 2026-11-23 bought cards\n- 2026-11-24 add call prepared\n- 11/25/2026 she called\n"
        "- 2026-11-26 add call\n- 2026-11-27 add call taken back\n- 2026-11-28 add call no answer: busy\n"
        "Card sent in time\n\n```\n- 2026-12-01: add call no answer\n```",
    ),
    "a title over two lines": (
        "  - Ana Rivera, Director of operations\n  - Bo Li, Chief technology officer",
        "  Bo Li, Director of\n  Human Resources",
    ),
    "a sentence over two lines": (
        "- I moved 40 people to a new site",
        "- I moved 40 people, which went\n  better - as they say - than planned",
    ),
    "an outcome of something else": (
        "- I moved 40 people to a new site",
        "- I moved 40 people to a new site\n\nOutcome: we got the offer out in time\n**Outcome**: nobody was rejected\n"
        "outcome hired hands liked\n\n## Outcome\nThe people moved",
    ),
    "an outcome, said again in words": (
        "outcome:\ncard_sent: 2026-11-20\nfix_call: 2026-11-25",
        "outcome: rejected\ncard_sent: 2026-11-20\nfix_call: 2026-11-25\nadd_call: 2026-11-30\n---\n## Outcome\n"
        "They rejected me.\n\n---",
    ),
    "a property in code": ("- I moved 40", "```\noutcome: rejected\n```\n%%\ncall_again: x\n%%\n\n- I moved 40"),
    "titles of many kinds": (
        "  - Ana Rivera, Director of operations\n",
        "".join(
            f"  - {one}\n"
            for one in (
                "Ana Rivera, Vice President, Sales",
                "Jean-Luc Lee, Sales and Marketing, EMEA",
                "Cy, COO and founder",
                "Mr. and Mrs. Twombly",
                "José Ortega y Gasset",
                "Dee (Annie) Fox, CTO (interim)",
                "Eve, Head - Supply",
                "Fay Andersen, Operations / Night shift",
                "Gus O'Hara Jr., VP of Sales and Head of Supply, CMO",
                "Hal, Partner & owner",
                "[[Ivy Roe]]",
            )
        ),
    ),
    "calls on one day": ("add_call:", "add_call: 2026-11-25"),
}


@pytest.mark.parametrize(("right", "typed"), FINE.values(), ids=FINE)
def test_what_is_right_gives_nothing(right: str, typed: str, vault: Path) -> None:
    text = VAULT["Interviews/Acme.md"]
    assert text.count(right) == 1
    edited = text.replace(right, typed)
    if "outcome: offer" in typed:
        edited = re.sub(r"(card_sent|fix_call|outcome):.*\n(?!company)", "", edited)
    write(vault, "Interviews/Acme.md", edited)
    assert not problems(vault)


@pytest.mark.parametrize(
    "facts",
    [
        "interviewed: 2026-10-14T15:00\ncompany: Acme Logistics\nposition: Night planner",
        "interviewed: 2026-10-14\ncompany: Acme Logistics\nposition: Day planner",
        "interviewed: 2026-10-14\ncompany: Acme Logistics\nround: 2",
        "interviewed: 2026-10-14\ncompany: Acme Logistics\ninterviewers: Cy Twombly",
        "interviewed: 2026-10-14",
        "interviewed: 2026-10-14\ncompany: Acme Bakery\ninterviewers: Ana Rivera",
        "interviewed: 2026-10-15\ncompany: Acme Logistics\ninterviewers: Ana Torres",
    ],
)
def test_another_interview_is_no_copy(facts: str, vault: Path) -> None:
    write(vault, "Interviews/Acme other.md", f"---\n{facts}\noutcome: no reply\n---\n")
    assert not problems(vault)


def test_in_the_example_vault_is_only_what_is_meant_to_be() -> None:
    found = sync.run(Vault(shipped("example-vault")), DEMO_DAY, write=False).problems
    assert [one.code for one in found if one.severity is not Severity.HINT] == ["bad-date"]


@pytest.mark.parametrize(
    "typed", ["{{ " + "`" * 200_000, "{{date" * 30_000, "<%" * 100_000, "`{{" * 60_000, "\noutcome" + " " * 90_000]
)
def test_a_long_line_comes_to_an_end(typed: str, vault: Path) -> None:
    write(vault, "Interviews/Acme.md", VAULT["Interviews/Acme.md"] + typed)
    assert not problems(vault)


@pytest.mark.parametrize("row", ["a" + " " * 60_000, "a" + ":" * 60_000, "b: " + '"' * 60_000])
def test_so_does_a_long_line_of_properties(row: str, vault: Path) -> None:
    write(vault, "Interviews/Acme.md", f"---\ninterviewed: 2026-11-20\n{row}\nc: [\n---\n")
    assert [one.code for one in problems(vault)] == ["bad-yaml"]


def test_a_problem_of_the_agenda_does_not_move_in_it(vault: Path) -> None:
    """Its line is that of the page as it was found: in the page itself it would never come to rest."""
    sync.run(Vault(vault), TODAY)
    agenda = vault / "Agenda.md"
    agenda.write_text(agenda.read_text("utf-8").replace("- [ ] Call", "mine\n\n- [xx] Call"), "utf-8")
    for _ in range(2):
        sync.run(Vault(vault), TODAY)
    made = sync.run(Vault(vault), TODAY)
    assert not made.changes
    lines_now = agenda.read_text("utf-8").splitlines()
    (found,) = made.problems
    assert lines_now[found.line - 1][found.column - 1 :].startswith("[xx] Call")


WITH_TODAY: Final = {
    "Nov 24": ("interviewed", "", "interviewed: 2026-11-24"),
    "Dec 9": ("interviewed", "", "interviewed: 2026-12-09"),
    "12/4": ("interviewed", "", "interviewed: 2026-12-04 or 2027-04-12"),
    "yesterday": ("interviewed", "", f"interviewed: {DAY_FORM}"),
    "Friday": ("call_again", "2026-11-20", "call_again: 2026-12-04"),
    "4.12.": ("call_again", "2026-11-20", "call_again: 2026-12-04"),
    "Dec 14": ("call_again", "2025-01-20", "call_again: 2026-12-14"),
    "next week": ("call_again", "2026-11-20", f"call_again: {DAY_FORM}"),
    "1 Dec": ("fix_call", "2026-11-20", "fix_call: 2026-12-01, fix_call: skipped, or leave it empty"),
    "9 Dec": ("fix_call", "2026-11-20", f"fix_call: {DAY_FORM}, fix_call: skipped, or leave it empty"),
    "today": ("fix_call", "2026-11-20", f"fix_call: {DAY_FORM}, fix_call: skipped, or leave it empty"),
}
"""What is typed in which property, the day of the interview, and what to write on 2 December."""


@pytest.mark.parametrize("typed", WITH_TODAY)
def test_the_day_on_which_it_is_read_tells_which_is_meant(typed: str) -> None:
    key, interviewed, right = WITH_TODAY[typed]
    head = "" if key == "interviewed" else f"interviewed: {interviewed}\n"
    method, _ = read_method(shipped_templates())
    _, (found,) = parse_note("a.md", f"---\n{head}{key}: {typed}\n---\n", method)
    assert slips.dated(found, TODAY, method.language).remedy == f"write {right}"


# --- what they say to type works when it is typed ----------------------------------------------------------------


def _typed(slip: Slip) -> str | None:
    """The file with the line of the slip as its remedy says, if that names the line, the value or the name to type."""
    above, _, below = slip.typed.partition(HERE)
    start, rest = above.rpartition("\n")[2], below.partition("\n")[0]
    remedy = slip.remedy.replace(DAY_FORM, str(TODAY))
    rule = re.match(
        r"(?:write|did you mean) (?P<right>.+?)(?:\?|; .*|,? (?:or|with|if|at) .*|, \w+: skipped.*)?$", remedy
    )
    if not rule or slip.file == "Agenda.md":
        return None
    right, line = rule["right"], (start + rest)
    key, colon, _ = line.strip("- ").partition(":")
    if re.fullmatch(r"\w+", right) and slip.code == "misspelt-key":
        typed = line.replace(key, right)
    elif right.startswith("## ") or re.match(r"\w+: ", right):
        typed = line[: len(line) - len(line.lstrip())] * line.lstrip().startswith("-") + right
    elif slip.code in ("unknown-region", "unknown-timezone") and re.fullmatch(r"[A-Za-z]+[-/]\w+", right):
        typed = f"{key}{colon} {right}"
    else:
        return None
    return slip.typed.replace(HERE, "").replace(line, typed, 1)


TYPED: Final = [(slip, text) for slip in SLIPS if (text := _typed(slip)) is not None]
AS_BEFORE: Final = [(slip, text) for slip, text in TYPED if text == slip.right]
"""Typed so, the vault is again that in which nothing is wrong."""

OTHERWISE: Final = [one for one in TYPED if one not in AS_BEFORE]


@pytest.mark.parametrize(("slip", "text"), OTHERWISE, ids=[slip.title for slip, _ in OTHERWISE])
def test_what_it_says_to_type_mends_it(slip: Slip, text: str, vault: Path) -> None:
    path = vault / slip.file
    before = path.read_text("utf-8") if path.exists() else ""
    write(vault, slip.file, before.replace(slip.right, text) if slip.right else text)
    assert slip.code not in {one.code for one in problems(vault)}


def test_most_remedies_name_what_to_type() -> None:
    assert len(TYPED) > 60


# --- the examples of the catalogue -------------------------------------------------------------------------------


def setting(root: Path, line: str) -> None:
    write(root, "Reconnect.md", VAULT["Reconnect.md"].replace("---\n", f"---\n{line}\n", 1))


def _not_utf_8(root: Path) -> list[Problem]:
    (root / "Interviews" / "Cafe.md").write_bytes("---\ninterviewed: 2026-11-20\ncompany: Café\n---\n".encode("cp1252"))
    return problems(root)


def _too_large(root: Path) -> list[Problem]:
    write(root, "Interviews/Acme.md", VAULT["Interviews/Acme.md"] + "x" * 300_000)
    return problems(root)


def _unreadable(root: Path) -> list[Problem]:
    """A link that leads to itself is refused to everybody, the administrator among them."""
    (root / "Interviews" / "Loop").symlink_to(root / "Interviews" / "Loop")
    return problems(root)


def _ticked(root: Path) -> None:
    agenda = root / "Agenda.md"
    sync.run(Vault(root), TODAY)
    agenda.write_text(agenda.read_text("utf-8").replace("- [ ] Call", "- [x] Call"), "utf-8")


def _not_written(root: Path) -> list[Problem]:
    outside = root.parent / f"{root.name} outside"
    (root / "Interviews").rename(outside)
    (root / "Interviews").symlink_to(outside)
    _ticked(root)
    return list(sync.run(Vault(root), TODAY).problems)


def _lost_item(root: Path) -> list[Problem]:
    _ticked(root)
    (root / "Interviews" / "Acme.md").unlink()
    os.utime(root / "Interviews", (LONG_AGO, LONG_AGO))
    return problems(root)


def _no_settings(root: Path) -> list[Problem]:
    before = outlook.frame(Vault(root))
    write(root, "Reconnect.md", "")
    return list(outlook.frame(Vault(root), before).problems)


def _being_saved(root: Path) -> list[Problem]:
    sync.run(Vault(root), TODAY)
    (root / "Interviews" / "Acme.md").write_text("")
    return list(sync.run(Vault(root), TODAY, hasty=True).problems)


def _former_agenda(root: Path) -> list[Problem]:
    sync.run(Vault(root), TODAY)
    setting(root, "agenda: Plan.md")
    return problems(root)


def _no_notes(root: Path) -> list[Problem]:
    sync.run(Vault(root), TODAY)
    for note in (root / "Interviews").iterdir():
        note.unlink()
    os.utime(root / "Interviews", (LONG_AGO, LONG_AGO))
    return problems(root)


def _outside(vault: Path) -> list[Problem]:
    write(vault, "Echo.md", "---\ninterviewed: 2026-11-20\ncompany: Echo\n---\n")
    write(vault, "A template.md", "---\ninterviewed:\ncompany:\ninterviewers:\n---\n")
    write(vault, "Elsewhere/Fay.md", "---\ninterviewed: 2026-11-20\ncompany: Fay\n---\n")
    return problems(vault)


def _foreign_calendar(vault: Path) -> list[Problem]:
    theirs = "BEGIN:VCALENDAR\r\nPRODID:-//Mozilla//Calendar//EN\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"
    (vault / "Holidays.ics").write_text(theirs, newline="")
    setting(vault, "calendar: Holidays.ics")
    made = sync.run(Vault(vault), TODAY)
    assert (vault / "Holidays.ics").read_bytes().decode() == theirs
    return list(made.problems)


def _foreign_overview(vault: Path) -> list[Problem]:
    (vault / "Mine.md").write_text("# My own\n", "utf-8")
    setting(vault, "overview: Mine.md")
    made = sync.run(Vault(vault), TODAY)
    assert (vault / "Mine.md").read_text("utf-8") == "# My own\n"
    return list(made.problems)


def _edited_overview(vault: Path) -> list[Problem]:
    setting(vault, "overview: Overview.md")
    sync.run(Vault(vault), TODAY)
    page = vault / "Overview.md"
    page.write_text("my words\n" + page.read_text("utf-8"), "utf-8")
    return list(sync.run(Vault(vault), TODAY).problems)


def _next_contact(root: Path) -> list[Problem]:
    setting(root, "next_contact: true")
    text = VAULT["Interviews/Acme.md"].replace("company: Acme", "next_contact: |\n  2026-11-20\ncompany: Acme", 1)
    write(root, "Interviews/Acme.md", text)
    return list(sync.run(Vault(root), TODAY).problems)


def _daily_note(root: Path) -> list[Problem]:
    setting(root, "daily_note: true")
    write(root, f"{TODAY}.md", "# Today\n\n<!-- reconnect:begin -->\n")
    return list(sync.run(Vault(root), TODAY).problems)


SITUATIONS: Final = {
    "not-utf-8": _not_utf_8,
    "too-large": _too_large,
    "unreadable": _unreadable,
    "not-written": _not_written,
    "lost-item": _lost_item,
    "no-settings": _no_settings,
    "being-saved": _being_saved,
    "no-notes": _no_notes,
    "outside": _outside,
    "former-agenda": _former_agenda,
    "foreign-calendar": _foreign_calendar,
    "foreign-overview": _foreign_overview,
    "edited-overview": _edited_overview,
    "next-contact": _next_contact,
    "daily-note": _daily_note,
}
"""What no line of a note shows."""


@pytest.mark.parametrize("code", SITUATIONS)
def test_a_situation_gives_its_problem(code: str, vault: Path) -> None:
    found = [one for one in SITUATIONS[code](vault) if one.severity is not Severity.HINT]
    assert {one.code for one in found} == {code}
    assert all(one.line >= 1 and one.column >= 1 and one.remedy for one in found)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_has_an_example_that_is_run(code: str) -> None:
    """Those of the page are run above: exactly that code comes out, at `‸`."""
    texts = [f"{slip.file}\n{slip.typed.replace(HERE, '')}" for slip in SLIPS if slip.code == code]
    example = CATALOGUE[code].example
    in_words = example.startswith(("a ", "two ")) or code in SITUATIONS
    assert code in SITUATIONS or texts
    assert in_words or any(example in text for text in texts)


@pytest.mark.parametrize(
    ("outcome", "is_open"),
    [
        *((one, True) for one in ("none", "N/A", '"no"', "keiner", "later", "will call", "they call on Monday")),
        *((one, True) for one in ("noch offen", "pendiente", "en attente", '"?"', "not decided yet")),
        *((one, False) for one in ("no reply", "offer", "rejected", "nobody fits", "later offer", "sin respuesta")),
    ],
)  # fmt: skip
def test_an_outcome_that_says_that_there_is_none(outcome: str, is_open: bool, vault: Path) -> None:
    text = f"---\ninterviewed: 2026-11-20\ncompany: Echo\noutcome: {outcome}\n---\n"
    write(vault, "Interviews/Echo.md", text)
    assert any(one.code == "open-outcome" for one in problems(vault)) is is_open


@pytest.mark.parametrize(
    ("name", "is_odd"),
    [
        *(
            (one, True)
            for one in ("CEO", "HR", "hiring manager", "Head of HR", "Geschäftsführerin", "gerente", "Bo (she/her)")
        ),
        *(
            (one, False)
            for one in ("Cleo", "Carlo", "Cho", "George Foreman", "Robert (Bob) Smith", "Bo (Li), CTO", "Leo")
        ),
    ],
)
def test_a_title_in_the_place_of_a_name(name: str, is_odd: bool, vault: Path) -> None:
    text = f"---\ninterviewed: 2026-11-20\ncompany: Echo\ninterviewers:\n  - {name}\n---\n"
    write(vault, "Interviews/Echo.md", text)
    assert any(one.code == "odd-name" for one in problems(vault)) is is_odd


@pytest.mark.parametrize(("other", "is_odd"), [("Store 12", False), ("Store 2", False), ("Stores 1", True)])
def test_employers_with_other_numbers_are_two(other: str, is_odd: bool, vault: Path) -> None:
    for note, company in (("a", "Corner Store 1"), ("b", f"Corner {other}")):
        text = f"---\ninterviewed: 2026-11-20\ncompany: {company}\ninterviewers: Cy Twombly\n---\n"
        write(vault, f"Interviews/{note}.md", text)
    assert any(one.code == "two-spellings" for one in problems(vault)) is is_odd
