"""What people say in an agenda, line by line, and whether all of it is in their notes, or still there beside a problem.

Texts in, words out: nothing of the program is imported, so the account holds for any way of writing it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

STEPS: Final = {
    "card": ("card_sent", "Send a thank-you card"),
    "fix": ("fix_call", "Fix an answer"),
    "add": ("add_call", "Add an answer"),
    "compensate": ("compensate_call", "Compensate for a requirement"),
}
"""The steps of the method: the property of each, and what a problem calls it."""

PROBLEMS: Final = "\n## Needs attention\n"
BOX: Final = re.compile(r"(?P<start>\s*)(?:[-*+][ \t]*)?\[(?P<box>[^\]]*)\](?!\()[ \t]*")
"""The start of a task line, however it was mistyped."""

_LINE: Final = re.compile(r".*\]\((?:\S*/)?(?P<note>[^()\s/]+)\).*🆔 (?P<id>\S+-(?P<step>[a-z]+))\b(?P<fields>.*)")
_FIELD: Final = re.compile(r"([📅✅]) ?([^\s📅✅]+)")
_WORDS: Final = {"x": "", "-": " skipped", ">": " no answer"}


class Claim(NamedTuple):
    """What a task line says of a step: `what` is its box, such as `[x]`, or a field, `📅` or `✅`, with its `day`."""

    note: str
    step: str
    what: str
    day: str = ""

    def __str__(self) -> str:
        """As a person says it."""
        return f"{self.what}{self.day and ' '}{self.day} of {self.step} in {self.note}"

    @property
    def record(self) -> str:
        """The property of its step."""
        return STEPS[self.step][0]


def tasks(page: str) -> Iterator["re.Match[str]"]:
    """The task lines of an agenda, mistyped ones too."""
    return (found for line in page.splitlines() if (found := _LINE.fullmatch(line)))


def ids(page: str) -> Counter[str]:
    """How many task lines each item has."""
    return Counter(found["id"] for found in tasks(page))


def said(page: str) -> set[Claim]:
    """Everything that the task lines of an agenda say."""
    claims = set()
    for found in tasks(page):
        box = BOX.match(found[0])
        what = f"[{box['box'].casefold()}]" if box else "no box"
        claims |= {Claim(found["note"], found["step"], what)}
        claims |= {Claim(found["note"], found["step"], *field) for field in _FIELD.findall(found["fields"])}
    return claims


def claimed(was: str, page: str) -> set[Claim]:
    """What somebody said who changed an agenda."""
    return said(page) - said(was)


def value(claim: Claim, note: str) -> str:
    """What the property of a step says."""
    found = re.search(rf"(?m)^{claim.record}:[ \t]*([^\r\n#]*)", note)
    return found[1].strip() if found else ""


def told(claim: Claim, note: str, days: Iterable[str]) -> bool:
    """Whether a note says it. `days` are those that a mark without one of its own may count for."""
    now, words = value(claim, note), claim.record.replace("_", " ")
    if claim.what == "📅":
        return re.search(rf"(?m)^call_again:[ \t]*{claim.day}\b|^[-*] \S+ .* moved to {claim.day}\b", note) is not None
    if claim.what == "✅":
        return now == claim.day or re.search(rf"(?m)^[-*] {claim.day} {words}\b", note) is not None
    sign = claim.what[1:-1]
    if sign == " ":
        return not now and f" {words} taken back" in note
    if sign not in _WORDS:
        return False
    made = {"x": now in days and now != "", "-": now == "skipped"}.get(sign, False)
    return made or any(re.search(rf"(?m)^[-*] {day} {words}{_WORDS[sign]}(:|\s*$)", note) for day in days)


def named(claim: Claim, page: str) -> bool:
    """Whether the agenda has a problem that names the item."""
    stem, title = claim.note.removesuffix(".md"), STEPS[claim.step][1].casefold()
    return any(stem in line and title in line.casefold() for line in page.partition(PROBLEMS)[2].splitlines())


def wanting(claims: Mapping[Claim, set[str]], notes: Mapping[str, str], pages: Sequence[str]) -> list[str]:
    """What of the claims (each with the days that it may count for) is neither told nor stands beside a problem.

    The last of the pages is the agenda of today.
    """
    stand, found = {claim for page in pages for claim in said(page)}, []
    for claim, days in claims.items():
        if told(claim, notes[claim.note], days):
            continue
        if claim not in stand:
            found.append(f"lost: {claim}")
        elif not named(claim, pages[-1]):
            found.append(f"without a problem: {claim}")
    return sorted(found)


def doubled(notes: Mapping[str, str]) -> list[str]:
    """Lines of logs that say the same; those with a remark are not looked at."""
    found = []
    for name, text in notes.items():
        entries = Counter(re.findall(r"(?m)^[-*] (\d{4}-\d\d-\d\d [^:\r\n]+?)\s*$", text))
        found += [f"doubled in {name}: {entry}" for entry, count in entries.items() if count > 1]
    return found
