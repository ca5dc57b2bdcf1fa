"""A note's text -> the evaluation in it, and what is wrong with it.

A note is an evaluation if its properties have the key `interviewed`; no other note is ever read further, or a problem.
"""

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import pendulum
from markdown_it.tree import SyntaxTreeNode
from pendulum import Date

from . import lines, markdown, properties
from .errors import Problem, UnknownRegion, problem
from .model import SKIPPED, Evaluation, Item, Method, Person, Record, same
from .workdays import holidays_of

MOST_BYTES: Final = 256 * 1024
"""A longer evaluation is a problem, not a parse: Markdown takes about 25 us a line."""

FIELDS: Final = (
    "interviewed", "company", "position", "interviewers", "call_to", "phone", "email", "region", "timezone",
    "call_again", "outcome", "round",
)  # fmt: skip
"""The properties of an evaluation, besides those in which the steps record their dates."""

LOG: Final = "log"
NOTHING: Final = frozenset({"", "none", "nothing", "n a", "no", "nil"})
"""Answers, as compared, that say that there is nothing to say: the question is answered, no call comes of it."""

_HEAD: Final = re.compile(rb"interview|_call\b|card_sent", re.IGNORECASE)
_UTF_16: Final = "interviewed".encode("utf-16-le")
_KEY: Final = re.compile(r"""^["']?interviewed["']?[ \t]*:""", re.MULTILINE)
_DATE: Final = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?[ ]?(Z|[+-]\d\d:?\d\d)?)?\Z")
_YEARS: Final = range(1900, 3000)


def may_be_evaluation(head: bytes) -> bool:
    """Whether the first bytes of a file allow for an evaluation: the cheap look that most notes of a vault get."""
    head = head.removeprefix(b"\xef\xbb\xbf")
    return (head.startswith(b"---") and _HEAD.search(head) is not None) or _UTF_16 in head


def looks_like_one(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 text name the property `interviewed`: only then they are a problem."""
    return (
        _UTF_16 in data or re.search(rb"^interviewed[ \t]*:", data[: properties.MOST_BYTES], re.MULTILINE) is not None
    )


def decode(path: str, data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """The text of a note's bytes; UTF-8 only, as in Obsidian."""
    if len(data) > MOST_BYTES:
        return "", (problem("too-large", path, limit=MOST_BYTES // 1024),)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        before = lines.split(data[: error.start].decode("utf-8") + "x")
        why = f"byte {data[error.start]:02x} is not"
        return "", (problem("not-utf-8", path, len(before), len(before[-1]), why=why),)


def parse(path: str, text: str, method: Method, zone: str = "UTC") -> tuple[Evaluation | None, tuple[Problem, ...]]:
    """The evaluation that a note holds, if any. `zone` is where a time written in UTC is local.

    With an evaluation the problems are warnings and hints; with an error among them there is none.
    """
    if (line := lines.conflict(text)) and _KEY.search(text):
        return None, (problem("conflict-markers", path, line),)
    found = properties.read(path, text)
    if found.problems:
        block = "".join(lines.split(text)[: found.body])
        return None, found.problems if _KEY.search(block) else ()
    if "interviewed" not in found.values:
        return None, tuple(_misspelt_evaluation(path, found))
    reader = _Reader(path, found, method, zone)
    evaluation = reader.evaluation(text)
    return evaluation, tuple(sorted(reader.problems))


@dataclass
class _Reader:
    """Takes values out of one note's properties and body, and collects what is wrong on the way."""

    path: str
    found: properties.Properties
    method: Method
    zone: str
    problems: list[Problem] = field(default_factory=list)

    def evaluation(self, text: str) -> Evaluation | None:
        interviewed, at = self._interviewed()
        records = dict(self._records())
        call_again = self.date("call_again")
        self._misspelt_keys()
        if interviewed is None or any(found.severity == "error" for found in self.problems):
            return None
        try:
            body = _Body(self.method, _blanked(text, self.found.body))
        except RecursionError:
            self.problem("too-deep", "interviewed")
            return None
        return Evaluation(
            note=self.path,
            interviewed=interviewed,
            at=at,
            company=self.text("company"),
            position=self.text("position"),
            interviewers=(people := self.people("interviewers")),
            call_to=_among(self.people("call_to"), people),
            phone=self.text("phone"),
            region=self._region(),
            timezone=self._timezone(),
            call_again=call_again,
            outcome=self.text("outcome") or None,
            round=self.number("round", 1),
            records=records,
            items=body.items,
            asked=body.asked,
            answered=body.answered,
            no_answer=body.no_answer,
        )

    def problem(self, code: str, key: str, **words: object) -> None:
        """Something is wrong with the value of `key`."""
        line, column = self.found.place(key)
        self.problems.append(problem(code, self.path, line, column, key=key, **words))

    def text(self, key: str) -> str:
        """A property as one line of plain words; a wikilink is what it shows."""
        return one_line(self.found.values.get(key))

    def number(self, key: str, default: int) -> int:
        """A whole number; anything else is a warning and the default."""
        typed = self.text(key)
        if re.fullmatch(r"\d{1,4}", typed):
            return int(typed)
        if typed:
            self.problem("bad-number", key, value=typed, example=f"{key}: 2")
        return default

    def date(self, key: str, code: str = "bad-date") -> Date | None:
        """A date, whatever time stands after it; None if nothing was typed."""
        typed = self.text(key)
        if not typed:
            return None
        if (parsed := date_and_time(typed)) is None:
            self.problem(code, key, value=typed, example="2026-11-20")
            return None
        return parsed[0]

    def people(self, key: str) -> tuple[Person, ...]:
        """Interviewers: one text or a list, each "Name, title" or a wikilink."""
        return tuple(person for entry in _entries(self.found.values.get(key)) if (person := _person(entry)))

    def _interviewed(self) -> tuple[Date | None, str]:
        typed = self.text("interviewed")
        parsed = date_and_time(typed)
        if not typed:
            self.problem("no-date", "interviewed", example="2026-11-20")
        elif parsed is None:
            self.problem("bad-date", "interviewed", value=typed, example="2026-11-20")
        if parsed is None:
            return None, ""
        day, at, offset = parsed
        zone = self._timezone() or (self.zone if offset in ("Z", "+00:00") else None)
        if offset and zone:
            local = pendulum.parse(f"{day}T{at}{offset}", exact=True).in_timezone(zone)  # type: ignore[union-attr]
            return local.date(), local.format("HH:mm")
        return day, at

    def _timezone(self) -> str | None:
        typed = self.text("timezone")
        if not typed or is_timezone(typed):
            return typed or None
        if not any(found.code == "unknown-timezone" for found in self.problems):
            self.problem("unknown-timezone", "timezone", value=typed, instead="time zone of the settings")
        return None

    def _region(self) -> str | None:
        typed = self.text("region")
        try:
            _ = holidays_of(typed) if typed else None
        except UnknownRegion as failure:
            self.problem("unknown-region", "region", value=typed, instead=failure.remedy, example="US-TX")
            return None
        return typed or None

    def _records(self) -> Iterator[tuple[str, Record]]:
        for key in self.found.values:
            if not any(re.fullmatch(re.escape(step.records) + r"(_\d+)?", key) for step in self.method.steps):
                continue
            if same(self.text(key)) == SKIPPED:
                yield key, SKIPPED
            elif (day := self.date(key, "bad-record")) is not None:
                yield key, day

    def _misspelt_keys(self) -> None:
        known = [*FIELDS, *(step.records for step in self.method.steps)]
        for key, place in self.found.keys.items():
            meant = difflib.get_close_matches(key.casefold(), known, 1, cutoff=0.84)
            if key not in known and meant and meant[0] not in self.found.values and not re.search(r"_\d+$", key):
                found = problem("misspelt-key", self.path, *place, key=key, meant=meant[0])
                self.problems.append(found)


def _misspelt_evaluation(path: str, found: properties.Properties) -> Iterator[Problem]:
    """A slip in `interviewed` itself, where other keys leave no doubt that this is an evaluation."""
    sure = {"interviewers", "card_sent", "fix_call", "add_call", "compensate_call"} & found.values.keys()
    for key, place in found.keys.items():
        if len(sure) > 1 and difflib.get_close_matches(key.casefold(), ["interviewed"], 1, cutoff=0.84):
            yield problem("misspelt-key", path, *place, key=key, meant="interviewed")


# --- values ----------------------------------------------------------------------------------------------


def date_and_time(typed: str) -> tuple[Date, str, str] | None:
    """Date, time (`14:00` or nothing) and offset (`Z`, `+01:00` or nothing) of an ISO 8601 text; None if it is none."""
    match = _DATE.match(typed)
    if not match or int(typed[:4]) not in _YEARS:
        return None
    try:
        day = Date.fromisoformat(match[1])
        if match[2]:
            pendulum.parse(match[2], exact=True)
    except ValueError:
        return None
    return day, match[2] or "", match[3] or ""


def is_timezone(name: str) -> bool:
    """Whether the system or `tzdata` knows this time zone."""
    try:
        pendulum.timezone(name)
    except (pendulum.tz.exceptions.InvalidTimezone, ValueError, OSError):
        return False
    return True


def one_line(value: Any) -> str:
    """Any YAML value as plain words on one line: lists joined, wikilinks as they show."""
    if isinstance(value, list):
        # An unquoted [[Ana Rivera]] is a list in a list for YAML, and a link for everyone else.
        return ", ".join(filter(None, map(one_line, value)))
    if isinstance(value, dict):
        return ", ".join(filter(None, map(one_line, value.values())))
    return " ".join(markdown.link_text(str(value)).split()) if value is not None else ""


def _entries(value: Any) -> Iterable[str]:
    """Each person of a property: a list has one an entry; a text has one, or several with `;` or line ends between."""
    if isinstance(value, list) and not (len(value) == 1 and isinstance(value[0], list)):
        return map(one_line, value)
    if isinstance(value, str):
        return map(one_line, re.split(r"[;\n]", value))
    return [one_line(value)]


def _person(entry: str) -> Person | None:
    name, _, title = entry.partition(",")
    return Person(name.strip(), title.strip()) if name.strip() else None


def _among(named: tuple[Person, ...], people: tuple[Person, ...]) -> Person | None:
    """The interviewer that `call_to` names, with the title given there; someone else as they stand."""
    if not named:
        return None
    return next((person for person in people if same(person.name) == same(named[0].name)), named[0])


# --- the body --------------------------------------------------------------------------------------------


def _blanked(text: str, body: int) -> str:
    """The text with empty lines for the properties: Markdown would take them for a rule and a heading, and lines keep
    their numbers. Form feeds and such become blanks of the same length.
    """
    kept = "".join("\n" if number < body else line for number, line in enumerate(lines.split(text)))
    return kept.replace("\0", " ")


class _Body:
    """The items under each question of the method, and what the log knows."""

    def __init__(self, method: Method, text: str) -> None:
        self.method = method
        self.items: dict[str, tuple[Item, ...]] = {}
        self.asked: dict[str, int] = {}
        self.no_answer: dict[str, tuple[Date, ...]] = {}
        answered = set()
        for question, line, blocks in self._sections(text):
            if question == LOG:
                self._read_log(blocks)
                continue
            self.asked.setdefault(question, line)
            items = list(self._items(blocks))
            if items:
                answered.add(question)
            said = tuple(item for item in items if same(item.text) not in NOTHING)
            self.items[question] = self.items.get(question, ()) + said
        self.answered = frozenset(answered)

    def _sections(self, text: str) -> Iterator[tuple[str, int, list[SyntaxTreeNode]]]:
        """Heading as compared, its line from 1, and the blocks up to the next known or equally high heading."""
        known = {LOG: LOG, **self.method.headings}
        question, line, level, blocks = "", 0, 0, list[SyntaxTreeNode]()
        for block in SyntaxTreeNode(markdown.parser().parse(text)).children:
            if block.type != "heading":
                blocks.append(block)
                continue
            heading = known.get(re.sub(r"^\d+ ", "", same(_words(block))), "")
            if heading or int(block.tag[1]) <= level:
                if question:
                    yield question, line, blocks
                question, line, blocks = heading, (block.map or (0, 0))[0] + 1, []
                level = int(block.tag[1]) if heading else 0
        if question:
            yield question, line, blocks

    def _items(self, blocks: list[SyntaxTreeNode]) -> Iterator[Item]:
        """Every list item; in a section without any list, every paragraph: not everybody types a hyphen."""
        lists = [block for block in blocks if block.type in ("bullet_list", "ordered_list")]
        if lists:
            yield from filter(None, (self._item(entry) for block in lists for entry in block.children))
            return
        item: Item | None = None
        for block in blocks:
            if block.type != "paragraph" or not (words := _words(block)):
                continue
            if item and (answer := self._answer(words)):
                item = item._replace(answer=item.answer or answer, labelled=True)
                continue
            if item:
                yield item
            item = Item(words, None, (block.map or (0, 0))[0] + 1)
        if item:
            yield item

    def _item(self, entry: SyntaxTreeNode) -> Item | None:
        """A list item: its first paragraph, and under it the labelled nested line, else the first one."""
        paragraphs = [block for block in entry.children if block.type == "paragraph"]
        if not entry.children or entry.children[0].type != "paragraph" or not (words := _words(paragraphs[0])):
            return None
        nested = [
            line
            for block in entry.children
            if block.type in ("bullet_list", "ordered_list")
            for below in block.children
            if below.children and below.children[0].type == "paragraph" and (line := _words(below.children[0]))
        ]
        labelled = [answer for line in nested if (answer := self._answer(line))]
        unlabelled = [line for line in nested if self._answer(line) is None]
        words, inline = self._split(words)
        labelled += [inline] if inline else []
        answer = next(iter(labelled or unlabelled), None)
        return Item(words, answer, (entry.map or (0, 0))[0] + 1, bool(labelled))

    def _split(self, words: str) -> tuple[str, str | None]:
        """An item whose better answer stands on the same line: "I complained. Better: I had done ..."."""
        for label in (label for step in self.method.steps for label in step.answer):
            before, found, after = words.partition(f" {label}:")
            if found and after.strip():
                return before.strip(), after.strip()
        return words, None

    def _answer(self, words: str) -> str | None:
        """What stands after a label of the method's (`Better:`, `BETTER -`); None without one, empty if bare."""
        label, *rest = re.split(r"\s*[:：]\s*|\s+[-–—]\s+|\s*→\s*", words, maxsplit=1)
        return rest[0] if rest and same(label) in self.method.labels else None

    def _read_log(self, blocks: list[SyntaxTreeNode]) -> None:
        """`- 2026-11-25 fix call no answer`: the days on which a step was tried."""
        lines_of_log = (
            _words(e.children[0]) for b in blocks for e in b.children if b.type == "bullet_list" and e.children
        )
        for line in lines_of_log:
            parsed = date_and_time(line[:10])
            for step in self.method.steps if parsed else ():
                words = re.escape(step.records).replace("_", r"[_ ]")
                match = re.match(rf"[\d:-]+(?: \d\d:\d\d)? ({words}(?:[_ ]\d+)?) no answer\b", line, re.IGNORECASE)
                if match and parsed:
                    record = match[1].casefold().replace(" ", "_")
                    self.no_answer[record] = tuple(sorted({*self.no_answer.get(record, ()), parsed[0]}))


def _words(block: SyntaxTreeNode) -> str:
    """The plain words of a heading or paragraph."""
    inline = next((child for child in block.children if child.type == "inline"), None)
    return markdown.plain(inline.token) if inline and inline.token else ""
