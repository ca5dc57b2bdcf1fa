"""A note's text -> the evaluation in it, and what is wrong with it.

A note is an evaluation if its properties have the key `interviewed`; no other note is ever read further, or a problem.
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any, Final

import pendulum
from pendulum import Date

from . import fields, lines, properties
from .body import Body, blanked
from .errors import Problem, TooDeep, UnknownRegion, problem
from .headings import LOG, Headings, may_ask
from .language import in_english
from .lines import ALMOST_RULE
from .model import SKIPPED, Evaluation, Method, Person, Record, same
from .regions import holidays_of
from .values import DAY_FORM, date_and_time, days_meant, is_place, one_line, or_with_hour, timezone_meant, unquoted

MOST_BYTES: Final = 256 * 1024
"""A longer evaluation is a problem, not a parse: Markdown takes about 25 us a line."""


_HEAD: Final = re.compile(
    rb"""interview|_call\b|card_sent|(?:\A|[\r\n])["' ]{0,4}[in]\w{6,10}(?:ed?|d)["']?[ \t]*:""", re.IGNORECASE
)
"""What shows an evaluation; the last of them is a slip in `interviewed`."""

_SLIP: Final = re.compile(rb"""\n["' ]{0,4}[inIN]\w{6,10}[dDeE]["']?[ \t]*:""")
"""The same slip among the properties, whatever letters are left."""

_START: Final = re.compile(rb"""\s*(?:[-#]|["'\w][^:\r\n]*:)""")
"""Properties, even if the line above them is not what it should be."""

_END: Final = re.compile(rb"[\r\n]---[ \t]*[\r\n]")
_UTF_16: Final = "interviewed".encode("utf-16-le")
_KEY: Final = re.compile(r"""(?:^|[\r\n]) {0,3}["']?interviewed["']?[ \t]*:""")
_KEY_BYTES: Final = re.compile(_KEY.pattern.encode())
_DATED: Final = re.compile(rf"""{_KEY.pattern}[ \t]*["']?\d+[-./]\d""")
_DATED_BYTES: Final = re.compile(_DATED.pattern.encode())
_PROPERTY: Final = re.compile(r"""[ \t]*(?:-[ \t].*|\#(?!\#).*|["'\w][^:]*:(?:[ \t].*)?)""")
_ABOVE: Final = re.compile(rf"{ALMOST_RULE.pattern}|\s*(?:-*|\#.*)\s*")
_OTHER_RULE: Final = re.compile(r" {0,3}(?:\*{3,}|_{3,}|\+{3,}|(?:```|~~~)(?:ya?ml|toml|md|markdown)?)\s*")
"""What people type in the place of `---`: other rules, TOML's, and code."""

_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_SURE: Final = ("interviewers", "card_sent", "fix_call", "add_call", "compensate_call")
"""Properties that only an evaluation has."""

_OTHERS: Final = {*fields.NAMES, *_SURE} - {"interviewed"}
_SIGNS: Final = 2
"""So many sure properties and questions, taken together, show that a slip of `interviewed` is one; one more, that it is
missing.
"""

_SURE_LINE: Final = re.compile(rf"^(?:{'|'.join(_SURE)})[ \t]*:", re.MULTILINE)
_ALMOST_KEY: Final = re.compile(r"^interviewed\b\W{0,3}\d", re.MULTILINE | re.IGNORECASE)
_HEADING: Final = re.compile(r"#{1,6}[ \t]+(.+)")
_PLACEHOLDER: Final = re.compile(
    r"\{\{\s*(?:date|time|title|value|name|company|position|interview\w*)\b[^{}\n]*\}\}|<%[^%\n]*\w[^%\n]*%>",
    re.IGNORECASE,
)
"""What Obsidian's own templates, QuickAdd and Templater fill in."""

_DAY: Final = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")
_CODE: Final = re.compile(r"(?<!`)(`++)[^`\n]++\1(?!`)")


def may_be_evaluation(head: bytes, more: bool = False) -> bool:
    """Whether the first bytes of a file allow for an evaluation: the cheap look that most notes of a vault get. `more`:
    the file goes on behind them.
    """
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith(b"---"):
        if b"interviewed:" in head and _DATED_BYTES.search(head):
            return True  # it may stand below the properties
        end = _end_of_properties(head)
        if end is None and more:
            return True  # there may be more keys
        head = head[:end]
    lower = head.lower()
    # One of these is in every head in which a pattern below finds something, but for a slip in the key; words are found
    # fastest.
    if not (b"inter" in lower or b"iewed" in lower or b"_call" in lower or b"card_sent" in lower):
        return (head.startswith(b"---") and _SLIP.search(head) is not None) or _UTF_16 in head
    begins = _START.match(head) is not None and _HEAD.search(head) is not None
    return begins or _KEY_BYTES.search(head) is not None or _UTF_16 in head


def _end_of_properties(head: bytes) -> int | None:
    """Up to where keys are sought: behind the end of the properties there is none, unless git left two versions."""
    near = head.find(b"\n---", 3)
    if near < 0 or head[near + 4 : near + 5] not in (b"\n", b"\r"):  # most are found by that
        found = _END.search(head, 3)
        near = found.start() if found else -1
    return None if near < 0 or b"<<<<<<<" in head else near + 4


def looks_like_one(data: bytes) -> bool:
    """Whether bytes that are no UTF-8 text name the property `interviewed`: only then they are a problem."""
    return _UTF_16 in data or re.search(rb"[\r\n]interviewed[ \t]*:", data[: properties.MOST_BYTES]) is not None


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


def parse(
    path: str, text: str, method: Method, zone: str = "UTC", whole: bool = True
) -> tuple[Evaluation | None, tuple[Problem, ...]]:
    """The evaluation that a note holds, if any. `zone` is where a time written in UTC is local.

    Without `whole` the body of one that is closed is not read, which is most of the work.

    With an evaluation the problems are warnings and hints; with an error among them there is none. What is wrong in the
    body of one that is closed is `past`.
    """
    if (line := lines.conflict(text)) and _KEY.search(text):
        return None, (problem("conflict-markers", path, line),)
    found = properties.read(path, text)
    rows = list(map(lines.bare, lines.split(text)))
    block = "\n".join(rows[: found.body])
    if found.problems:
        known = _KEY.search(block) or _ALMOST_KEY.search(block) or len(set(_SURE_LINE.findall(block))) > 2
        return None, (_cause(path, rows, found, method),) if known else tuple(_misplaced(path, text))
    if "interviewed" in found.values and _late_heading(rows[: found.body], method):
        return None, (properties.unclosed(path, ()),)
    if "interviewed" not in found.values:
        return None, (*_misspelt_evaluation(path, found, rows, method), *_misplaced(path, text))
    reader = _Reader(path, found, method, zone)
    evaluation = reader.evaluation(text, whole)
    read = rows if not evaluation or evaluation.whole else rows[: found.body]
    problems = sorted({*reader.problems, *_left_over(path, read, reader.problems)})
    if evaluation and evaluation.outcome:
        problems = [replace(one, past=one.line > found.body) for one in problems]
    return evaluation, tuple(problems)


def _cause(path: str, rows: list[str], found: properties.Properties, method: Method) -> Problem:
    """Why properties cannot be read: often they have no end, or hold what a template should have filled in."""
    wrong = found.problems[0]
    head = rows[: found.body - 1]
    if wrong.code == "bad-yaml" and (properties.almost_ended(head) or _late_heading(head, method)):
        return properties.unclosed(path, head)
    row = rows[wrong.line - 1]
    if wrong.code == "bad-yaml" and (left := _PLACEHOLDER.search(row)):
        key, place = row.partition(":")[0].strip(), (wrong.line, left.start() + 1)
        return problem("placeholder", path, *place, value=left[0], right=_right(key, "the words that belong there"))
    return wrong


def _right(key: str, words: str) -> str:
    return f"{key}: {DAY_FORM}" if key == "interviewed" else f"{key}: and {words}"


def _late_heading(head: list[str], method: Method) -> bool:
    """Whether a question stands among the properties: they have no end."""
    headings = Headings(method)
    return any((match := _HEADING.fullmatch(row)) and headings.question(match[1]) for row in head[1:])


def _left_over(path: str, rows: list[str], wrong: Iterable[Problem]) -> Iterator[Problem]:
    """Placeholders of templates that nobody filled in, wherever no other problem says it; none in code."""
    said = {one.line for one in wrong}
    fenced = False
    for number, row in enumerate(rows, 1):
        fenced ^= bool(_FENCE.match(row))
        if fenced or number in said or not ("{{" in row or "<%" in row):
            continue
        for left in _PLACEHOLDER.finditer(_CODE.sub(lambda code: " " * len(code[0]), row)):
            yield problem("left-over", path, number, left.start() + 1, value=left[0])


def right_day(code: str, key: str, typed: str, near: Date | None, today: Date | None = None) -> str:
    """What to write instead of what is no date: the day that is meant, as far as that can be known."""
    if key == "interviewed":
        days = or_with_hour(typed, days_meant(typed, near or today))
    elif code == "bad-record":
        days = days_meant(typed, near or today, near, today)
    else:
        start = max(filter(None, (near, today)), default=None)
        days = or_with_hour(typed, days_meant(typed, start, start, today=today))
    right = " or ".join([f"{key}: {days[0]}", *days[1:]]) if days else f"{key}: {DAY_FORM}"
    if code != "bad-record":
        return right
    if difflib.get_close_matches(same(typed), [SKIPPED], 1, cutoff=0.7):
        return f"{key}: {SKIPPED}"
    return f"{right}, {key}: {SKIPPED}, or leave it empty"


def day_in_name(path: str) -> Date | None:
    """The day in the name of a note: `Interviews/2026-11-20 Acme.md`."""
    found = _DAY.search(path.rpartition("/")[2])
    day = date_and_time(found[0]) if found else None
    return day[0] if day else None


@dataclass
class _Reader:
    """Takes values out of one note's properties and body, and collects what is wrong on the way."""

    path: str
    found: properties.Properties
    method: Method
    zone: str
    problems: list[Problem] = field(default_factory=list)

    def evaluation(self, text: str, whole: bool) -> Evaluation | None:
        interviewed, at = self._moment("interviewed")
        records = dict(self._records())
        call_again, call_at = self._moment("call_again")
        known = [*fields.NAMES, *(step.records for step in self.method.steps)]
        self.problems += self.found.slips(self.path, known)
        self.problems += properties.unquoted(self.path, text, self.found)
        if interviewed is None or any(found.severity == "error" for found in self.problems):
            return None
        self._check_early({**records, "call_again": call_again}, interviewed)
        closed = bool(self.text("outcome"))
        body = self._body(text, closed) if whole or not closed else None
        if body is None and not closed:
            return None
        return Evaluation(
            note=self.path,
            interviewed=interviewed,
            at=at,
            company=self.text("company"),
            position=self.text("position"),
            interviewers=(people := self.people("interviewers")),
            call_to=_among(self.people("call_to"), people),
            phone="" if same(self.text("phone")) in self.method.language.none else self.text("phone"),
            region=self._region(),
            timezone=self._timezone(),
            call_again=call_again,
            call_at=call_at,
            outcome=self.text("outcome") or None,
            round=self.number("round", 1),
            next_contact=self.text("next_contact"),
            records=records,
            places=self.found.places,
            entries=self.found.entries,
            items=body.items if body else {},
            asked=body.asked if body else {},
            answered=body.answered if body else frozenset(),
            log=body.log if body else (),
            latest=max(_DAY.findall(text), default="") if closed else "",
            whole=body is not None,
        )

    def _body(self, text: str, closed: bool) -> Body | None:
        """What stands below the properties, and what is wrong there; None if it cannot be read."""
        try:
            body = Body(self.method, blanked(text, self.found.body))
        except TooDeep as failure:
            self.problems.append(problem("too-deep", self.path, *failure.args))
            return None
        self._slips(body, text)
        for unused in body.unused:
            code = "misspelt-heading" if unused.meant else "unknown-heading"
            self.problems.append(problem(code, self.path, unused.line, heading=unused.heading, meant=unused.meant))
        missing = {one: words for one, words in self.method.questions.items() if one not in body.asked}
        if missing and body.answered and not closed:
            for own in body.own:
                fitting = [
                    f"## {words}"
                    for question, words in missing.items()
                    if may_ask(own.heading, question, self.method.headings)
                ]
                meant = f"write {', or '.join(fitting)}, if it answers that; " if fitting else ""
                remedy = f"{meant}what has no answer has - none below its heading"
                self.problems.append(
                    problem("unknown-heading", self.path, own.line, heading=own.heading, remedy=remedy)
                )
        return body

    def problem(self, code: str, key: str, **words: object) -> None:
        """Something is wrong with the value of `key`."""
        line, column = self.found.place(key)
        self.problems.append(problem(code, self.path, line, column, key=key, **words))

    def text(self, key: str) -> str:
        """A property as one line of plain words; a wikilink is what it shows, and quotes that a phone put around it,
        which are letters for YAML, are none of it.
        """
        return unquoted(self.typed(key))

    def typed(self, key: str) -> str:
        """The same with the quotes."""
        return one_line(self.found.values.get(key))

    def number(self, key: str, default: int) -> int:
        """A whole number; anything else is a warning and the default."""
        typed = self.text(key)
        if re.fullmatch(r"\d{1,4}", typed):
            return int(typed)
        if typed:
            self.problem("bad-number", key, value=typed, example="2")
        return default

    def date(self, key: str, code: str = "bad-date") -> Date | None:
        """A date, whatever time stands after it; None if nothing was typed."""
        typed = self.typed(key)
        if not typed:
            return None
        if (parsed := date_and_time(typed)) is None:
            self.no_date(code, key, typed)
            return None
        return parsed[0]

    def no_date(self, code: str, key: str, typed: str) -> None:
        """What was typed is no date: says which it may be."""
        if _PLACEHOLDER.search(typed):
            self.problem("placeholder", key, value=typed, right=f"{key}: {DAY_FORM}")
            return
        near = self._near(key)
        self.problem(code, key, value=typed, right=right_day(code, key, in_english(typed, self.method.language), near))
        self.problems[-1] = replace(self.problems[-1], typed=(key, typed, str(near or "")))

    def _near(self, key: str) -> Date | None:
        """The day near which a date of this note is: that of the interview; for itself the one in the name of the note,
        or the first call or card.
        """
        day = date_and_time(self.text("interviewed"))
        if key != "interviewed" and day:
            return day[0]
        made = [one for key in self.found.values if self._is_record(key) and (one := date_and_time(self.text(key)))]
        return day_in_name(self.path) or min((one[0] for one in made), default=None)

    def _is_record(self, key: str) -> bool:
        return any(step.owns(key) for step in self.method.steps)

    def people(self, key: str) -> tuple[Person, ...]:
        """Interviewers: one text or a list, each "Name, title" or a wikilink."""
        return tuple(person for person, _ in each_person(_entries(self.found.values.get(key))))

    def _moment(self, key: str) -> tuple[Date | None, str]:
        """Day and time over there, as far as they were typed."""
        typed = self.typed(key)
        parsed = date_and_time(typed)
        if not typed and key == "interviewed":
            self.problem("no-date", key, right=day_in_name(self.path) or DAY_FORM)
        elif typed and parsed is None:
            self.no_date("bad-date", key, typed)
        if parsed is None:
            return None, ""
        day, at, offset = parsed
        zone = self._timezone() or (self.zone if offset == "Z" else None)
        if offset and zone:
            local = pendulum.parse(f"{day}T{at}{offset}", exact=True).in_timezone(zone)  # type: ignore[union-attr]
            return local.date(), local.format("HH:mm")
        return day, at

    def _timezone(self) -> str | None:
        typed = self.text("timezone")
        if not typed or is_place(typed):
            return typed or None
        if not any(found.code == "unknown-timezone" for found in self.problems):
            zone = timezone_meant(typed) or "a name such as America/Chicago or Europe/Berlin"
            self.problem("unknown-timezone", "timezone", value=typed, instead="time zone of the settings", right=zone)
        return None

    def _region(self) -> str | None:
        typed = self.text("region")
        try:
            _ = holidays_of(typed) if typed else None
        except UnknownRegion as failure:
            self.problem("unknown-region", "region", value=typed, instead=failure.remedy)
            return None
        return typed or None

    def _records(self) -> Iterator[tuple[str, Record]]:
        for key in self.found.values:
            if not self._is_record(key):
                continue
            if same(self.text(key)) == SKIPPED:
                yield key, SKIPPED
            elif (day := self.date(key, "bad-record")) is not None:
                yield key, day

    def _check_early(self, days: Mapping[str, Record | None], interviewed: Date) -> None:
        for key, day in days.items():
            if isinstance(day, Date) and day < interviewed:
                self.problem("early-date", key, value=day)

    def _slips(self, body: Body, text: str) -> None:
        """Slips in the body, each with its column."""
        rows = lines.split(text)
        for code, line, typed, meant in body.slips:
            if code == "below-properties" and typed == f"{meant}: {self.text(meant)}":
                continue  # it is among them, too
            row = rows[line - 1]
            if meant == "outcome" and self.text(meant) and not row.startswith(meant):
                continue  # so it is, in other words
            words = {"label": typed, "meant": meant, "sign": typed, "typed": typed, "where": self._where(meant)}
            words |= {"remedy": _closed(typed, meant)} if code == "unclosed" else {}
            self.problems.append(problem(code, self.path, line, len(row) - len(row.lstrip()) + 1, **words))

    def _where(self, key: str) -> str:
        """Where a property is to be typed."""
        return f"in line {self.found.keys[key].line}" if key in self.found.keys else "on a line of its own"


def _misspelt_evaluation(path: str, found: properties.Properties, rows: list[str], method: Method) -> Iterator[Problem]:
    """A slip in `interviewed` itself, where other keys, or questions, leave no doubt that this is an evaluation."""
    sure = found.values.keys() & {*_SURE}
    slips = [key for key in found.keys if key not in fields.NAMES and _is_interviewed(key, found.values.get(key))]
    signs = len(sure) + len(_questions(rows[found.body :], method)) if slips or sure else 0
    if signs < _SIGNS:
        slips = []
    for key in slips:
        remedy = "did you mean interviewed?"
        yield problem("misspelt-key", path, *found.keys[key], key=key, meant="interviewed", remedy=remedy)
    if sure and signs > _SIGNS and not slips:
        yield problem("no-date", path, 2, key="interviewed", right=day_in_name(path) or DAY_FORM)


def _questions(rows: list[str], method: Method) -> set[str]:
    """The questions of the method that have a heading in these lines."""
    headings = Headings(method)
    found = map(_HEADING.match, lines.split(headings.typed_out("\n".join(rows))))
    return {question for match in found if match and (question := headings.question(match[1]))} - {LOG}


def _is_interviewed(key: str, value: Any) -> bool:
    """Whether a name stands for `interviewed`: `interviewd`, or, with a date behind it, `interview date`."""
    dated = same(key).startswith("interview") and re.search(r"\d", one_line(value)) is not None
    return dated or properties.name_meant(key, ("interviewed", "interviewers")) == "interviewed"


def _closed(sign: str, end: str) -> str:
    """How to close what has no end."""
    if sign == end:
        return f"type {end} on a line of its own where it ends, or delete this line"
    return f"type {end} where it ends, or delete {sign}"


def _misplaced(path: str, text: str) -> Iterator[Problem]:
    """An evaluation whose properties do not begin with `---` on the very first line, which was deleted, or is another
    sign, or has something above it; or that stands below other properties.
    """
    where = lines.front_matter(found := lines.split(text))
    if where and not where.closed:
        return
    typed = [lines.bare(line).removeprefix(lines.BOM) for line in found]
    first = where.body if where else 0
    top = first + len(list(takewhile(_ABOVE.fullmatch, typed[first:])))
    ruled = next((number for number, line in enumerate(typed[first:], first + 1) if ALMOST_RULE.fullmatch(line)), top)
    starts: tuple[int, ...] = (top,) if any(map(_FENCE.match, typed[first:ruled])) else (top, ruled)
    strict = where is not None
    if not where and top < len(typed) and _OTHER_RULE.fullmatch(typed[top]):
        # What is below words, in code, is an example.
        strict, above = _FENCE.match(typed[top]) is not None, typed[:top]
        top += 2 if _is_rule(typed, top + 1) else 1
        starts = () if strict and any(map(str.strip, above)) else (top,)
    for start in starts:
        block = list(takewhile(_PROPERTY.fullmatch, typed[start:]))
        end = start + len(block)
        if (line := _known(block, _is_rule(typed, end), strict, start == top)) is not None:
            number = start + line + 1
            if where:
                yield problem("interviewed-below", path, number, remedy=_moved_up(typed, where.end, start, end))
            elif remedy := _opened(typed, start, end):
                yield problem("no-opening", path, number, remedy=remedy)
            else:
                yield properties.unopened(path, typed, number)
            return


def _known(block: list[str], closed: bool, strict: bool, alone: bool) -> int | None:
    """Which of these lines leaves no doubt that they are properties of an evaluation, if any; `closed`: they end so,
    too. They are `alone` if no words stand above them; else, and if it is `strict`, more has to speak for it.
    """
    others = any(line.partition(":")[0].strip() in _OTHERS for line in block)
    for number, line in enumerate(block):
        dated = _DATED.match(line) is not None
        sure = (dated and (closed or (others and alone))) if strict or not alone else dated or closed
        if sure and _KEY.match(line):
            return number
    return None


def _is_rule(typed: list[str], number: int) -> bool:
    return any(map(ALMOST_RULE.fullmatch, typed[max(number, 0) : number + 1]))


def _moved_up(typed: list[str], top: int, start: int, end: int) -> str:
    """How to move the lines from `start` up to `end` to the properties, which end at line `top`; from 0."""
    which = f"lines {start + 1} to {end}" if end - start > 1 else f"line {end}"
    around = [f"{number + 1}" for number in (start - 1, end) if number > top and _is_rule(typed, number)]
    rules = f", and delete the --- of line {' and of line '.join(around)}" if around else ""
    return f"move {which} up between the two lines of --- at the top, which are lines 1 and {top + 1}{rules}"


def _opened(typed: list[str], start: int, end: int) -> str:
    """What to type around the properties, which are the lines from `start` up to `end`, from 0; nothing if no other
    sign stands there.
    """
    ruled = _is_rule(typed, start - 1)
    above, below = start - 1 - ruled, end + (ruled and _is_rule(typed, end))
    signs = [number for number in (above, below) if 0 <= number < len(typed) and _OTHER_RULE.fullmatch(typed[number])]
    if above not in signs:
        return ""
    instead = " and ".join(f"{typed[number].strip()} in line {number + 1}" for number in signs)
    return f"delete {instead}" if ruled else f"write --- instead of {instead}; nothing else may stand above them"


def _entries(value: Any) -> Iterable[str]:
    """Each person of a property: a list has one an entry; a text has one, or several with `;`, line ends, or a comma
    between two links.
    """
    if isinstance(value, list) and not (len(value) == 1 and isinstance(value[0], list)):
        return [entry for one in value for entry in ([one_line(one)] if isinstance(one, str) else _entries(one))]
    if isinstance(value, str):
        return map(one_line, re.split(r"[;\n]|(?<=\]\]),(?=\s*\[\[)", value))
    if isinstance(value, dict) and len(value) == 1 and not value.keys() & {"name", "Name"}:
        # YAML reads `- Ana Rivera: Director` as a mapping.
        return [f"{name}, {one_line(title)}" for name, title in value.items()]
    return [one_line(value)]


def each_person(entries: Iterable[str]) -> list[tuple[Person, str]]:
    """Each person once, with the entry that names them: of two with the same name and no two titles, the one with a
    title.
    """
    found = list[tuple[Person, str]]()
    for entry in entries:
        name, _, title = (part.strip() for part in unquoted(one_line(entry)).partition(","))
        if not name:
            continue
        person = Person(name, title)
        again = next((place for place, (one, _) in enumerate(found) if _is_one(one, person)), None)
        if again is None:
            found.append((person, entry))
        elif title and not found[again][0].title:
            found[again] = person, entry
    return found


def _is_one(one: Person, other: Person) -> bool:
    titles = {same(one.title), same(other.title)} - {""}
    return same(one.name) == same(other.name) and len(titles) < 2


def _among(named: tuple[Person, ...], people: tuple[Person, ...]) -> Person | None:
    """The interviewer that `call_to` names, with the title given there; someone else as they stand."""
    if not named:
        return None
    return next((person for person in people if same(person.name) == same(named[0].name)), named[0])
