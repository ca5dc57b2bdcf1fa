"""The grammar of our task lines, both ways: `- [ ] words 🆔 acme-7k2f-fix 📅 2026-11-25 ✅ 2026-11-25`.

The Tasks plugin reads fields from the end of the line and wants them in this order; a comment or a block id after `📅`
would leave the date unread, so nothing follows the fields. Its global filter stands where it puts it itself: behind the
checkbox. What comes back may have been written by Tasks (emoji or Dataview format), by Reminder (`⏰`,
`(@2026-11-25 09:00)`) or by hand, whichever format is set by now.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from pendulum import Date

from . import lines
from .model import Sign

SIGNIFIERS: Final = "🆔⛔🔺⏫🔼🔽⏬🔁🏁➕🛫⏳📅📆🗓❌✅⏰"
"""What the Tasks and Reminder plugins read as the start of a field."""

_START: Final = r"^([ \t>]*(?:[-*+]|\d+[.)])[ \t]+\[)"
_TASK: Final = re.compile(r"^[ \t>]*(?:[-*+]|\d+[.)])[ \t]+\[(?P<box>[ \t]*(?:\S[ \t]*)?)\][ \t]+(?P<rest>.*)$")
_SLIP: Final = re.compile(
    r"^[ \t>]*(?:[-*+•–—]|\d+[.)])?[ \t]*"
    r"(?:\[(?P<box>[^\[\]]{0,20})\](?!\()|(?:[\[{][^\[\]\s]{0,3}|\([^()]{0,3}\)|[xX✓✔>-]\]?)[ \t])?[ \t]*(?P<rest>.*)$"
)
"""A task line with a slip in it: no dash, no blank, a box with too much in it, a round one, half of one, or none."""

_ESCAPED: Final = re.compile(r"^([ \t>]*(?:[-*+]|\d+[.)])[ \t]+)\\\[([^\[\]\\]{0,3})\\\]")
"""A box as a text editor that writes Markdown may write it: `\\[x\\]`."""

_ID: Final = re.compile(r"🆔\ufe0f?[ \t]*(?P<id>[\w-]+)|[\[(]id::[ \t]*(?P<field>[\w-]+)[ \t]*[\])]")
_DAY: Final = r"\d{4}-\d\d-\d\d"
_TIME: Final = r"[T \t](?P<time{}>(?:[01]?\d|2[0-3]):[0-5]\d)(?![\d:]|[ \t]*[aApP]\.?[mM])"
_DATES: Final = re.compile(
    rf"(?P<sign>[{SIGNIFIERS}])\ufe0f?[ \t]*(?P<day>{_DAY}|[^{SIGNIFIERS}\[(]*)(?:{_TIME.format('')})?"
    rf"|(?:[\[(](?P<key>\w+)::[ \t]*|\(@|@\{{)(?P<other>{_DAY})(?:{_TIME.format('_of_other')})?"
)
"""A field, its day and its time; what stands in the place of a day counts as one, so that a slip is said and not passed
over.
"""

_REMINDER: Final = "⏰"
"""The time behind it is when one is reminded, and not when one is to call."""

_DUE, _DONE, _CANCELLED = f"📅📆🗓{_REMINDER}", "✅", "❌"
_KEYS: Final = {"due": _DUE, "completion": _DONE, "cancelled": _CANCELLED}
_READ: Final = re.compile(
    rf"[🆔{_DUE}{_DONE}{_CANCELLED}]\ufe0f?(?:[ \t]*{_DAY}(?:[ T]\d\d?:\d\d)?)?"
    rf"|\(@{_DAY}[^)]{{0,99}}\)|@\{{{_DAY}[^}}]{{0,99}}\}}"
    rf"|[\[(](?:id|{'|'.join(_KEYS)})::[^\])]{{0,99}}[\])]|\^[\w-]+$"
)
"""The fields that are read here, and a block id; others are words of a person."""

_HOUR: Final = re.compile(r"(?<!\d)\d\d?:\d\d\b")

_FIELD: Final = re.compile(rf"[{SIGNIFIERS}]|{_READ.pattern}|[\[(]\w+::")
_FILTER: Final = re.compile(r"#[^\s#,;:!?.()\[\]{}<>|*`\\\"'&@%^$=+~]+|\w[\w -]*\w|\w")
"""A tag, or plain words: what can stand in a line without being read as Markdown or as a field."""

_NO_SIGNIFIER: Final = dict.fromkeys(map(ord, f"{SIGNIFIERS}\ufe0f"))

_INLINE: Final = re.compile(r"([\[(][ \t]*[\w -]+)::")
"""The start of a field of Dataview's."""

_TAG: Final = re.compile(r"^#[^\s#]+[ \t]+")
_LINK: Final = re.compile(r"\]\(([^()\s]+)\)")
_SIGNS: Final = {" ": Sign.OPEN, "-": Sign.SKIPPED, ">": Sign.NO_ANSWER, **dict.fromkeys("x✓✔", Sign.DONE)}


IN_PROGRESS: Final = "/"
"""A character that Obsidian's users put into a checkbox, and that is no mark here."""


class Format(NamedTuple):
    """How the fields of a task line are written."""

    id: str
    due: str
    done: str
    cancelled: str
    between: str = " "


EMOJI: Final = Format("🆔 {}", "📅 {}", f"{_DONE} {{}}", f"{_CANCELLED} {{}}")
DATAVIEW: Final = Format("[id:: {}]", "[due:: {}]", "[completion:: {}]", "[cancelled:: {}]", "  ")
"""With two blanks between, as Tasks writes it: with one, Obsidian shows only every other field."""

FORMATS: Final = {"emoji": EMOJI, "dataview": DATAVIEW}


class Style(NamedTuple):
    """What the Tasks plugin is set to: the format of the fields, the word that makes a line a task (`#task`), and what
    characters of one's own in a checkbox mean.
    """

    format: Format = EMOJI
    filter: str = ""
    statuses: Mapping[str, Sign] = MappingProxyType({})

    def box(self, sign: str = Sign.OPEN) -> str:
        """The start of a task line."""
        return f"- [{Sign.OPEN if sign == Sign.MOVED else sign}]{f' {self.filter}' if self.filter else ''}"


PLAIN: Final = Style()
"""Without the plugin."""


class TaskLine(NamedTuple):
    """One line with a checkbox and an id. `box` is what stands in it (nothing: there is none), `fields` all that
    follows the id.
    """

    box: str
    words: str
    id: str
    fields: str
    format: Format = EMOJI

    @property
    def forms(self) -> tuple[str, ...]:
        """The words as they are, and without the tag that Tasks may want before them."""
        without = _TAG.sub("", self.words)
        return (self.words,) if without == self.words else (self.words, without)

    @property
    def sign(self) -> Sign | None:
        """What the checkbox says; None for what says nothing here."""
        return sign(self.box)

    @property
    def due(self) -> list[str]:
        """The days on which it is due, as typed, with the time of the call if there is one (`2026-11-25T10:30`);
        Reminder's snooze may add one.
        """
        return self._dates(_DUE)

    @property
    def closed(self) -> list[str]:
        """The days, as typed, on which it was done or cancelled."""
        return self._dates(_DONE + _CANCELLED)

    def _dates(self, signs: str) -> list[str]:
        found = [
            (
                match["sign"] or _KEYS.get(match["key"] or "due", ""),
                (match["day"] or match["other"] or "").strip() + _at(match),
            )
            for match in _DATES.finditer(f"{self.words} {self.fields}")
        ]
        return [day for sign, day in found if day and sign and sign in signs]

    @property
    def typed(self) -> str:
        """What a person typed behind the id: words, an hour that is not that of the call, and fields that are not read
        here, such as a priority.
        """

        def own(field: re.Match[str]) -> str:
            date = _DATES.match(self.fields, field.start())
            return " " if date and _at(date) else f" {' '.join(_HOUR.findall(field[0]))} "

        return " ".join(_READ.sub(own, self.fields).split())


def _at(date: re.Match[str]) -> str:
    """The time of a call as it stands behind its day: `T10:30`, or nothing."""
    time = date["time"] or date["time_of_other"]
    is_due = date["key"] == "due" or (date["sign"] or _REMINDER) in _DUE.replace(_REMINDER, "")
    return f"T{time.zfill(5)}" if time and is_due else ""


def parse(line: str, slips: bool = False) -> TaskLine | None:
    """The task of a line (without its end), whoever changed it since; None if it has no checkbox.

    A line whose id was lost has an empty one. With `slips` a line is read even if its checkbox was damaged, or is none.
    """
    line = _ESCAPED.sub(r"\1[\2]", line) if slips else line
    match = _TASK.match(line) or (_SLIP.match(line) if slips else None)
    if not match:
        return None
    rest, box_ = match["rest"].rstrip(" \t"), "" if match["box"] is None else match["box"].strip() or " "
    *_, id = (None, *_ID.finditer(rest))
    if id is None:
        field = _FIELD.search(rest)
        end = field.start() if field else len(rest)
        return TaskLine(box_, rest[:end].rstrip(), "", rest[end:])
    words, format = rest[: id.start()].rstrip(), DATAVIEW if id["field"] else EMOJI
    return TaskLine(box_, words, id["id"] or id["field"], rest[id.end() :], format)


def sign(box: str) -> Sign | None:
    """What a character in a checkbox says; None if it is no mark."""
    return _SIGNS.get(box.casefold())


def fields(id: str, due: Date | None, sign: Sign = Sign.OPEN, day: Date | None = None, format: Format = EMOJI) -> str:
    """The end of a task line; `day` is that of a mark."""
    closed = {Sign.DONE: format.done, Sign.SKIPPED: format.cancelled}.get(sign)
    parts = [(format.id, id), (format.due, due), (closed, day)]
    return format.between.join(form.format(value) for form, value in parts if form and value)


def marked(generated: str, box: str, closed: Iterable[str], due: Iterable[str]) -> str:
    """A generated line (without its end) with the mark and the days that somebody put into an older form of it."""
    task = parse(generated)
    format = task.format if task else EMOJI
    moved, done = list(map(format.due.format, due)), format.cancelled if sign(box) is Sign.SKIPPED else format.done
    now = re.escape(format.due).replace(re.escape("{}"), _DAY)
    line = re.sub(now, lambda found: format.between.join(moved) or found[0], generated)
    days = "".join(format.between + done.format(day) for day in closed)
    return (re.sub(r"\[.\]", lambda _: f"[{box}]", line, count=1) if box else line) + days


def in_our_signs(page: str, statuses: Mapping[str, Sign]) -> str:
    """A page in which the boxes of task lines with an id have our signs in the place of somebody's own statuses."""
    if not statuses:
        return page
    own = re.compile(rf"{_START}([{re.escape(''.join(statuses))}])(\].*)")

    def ours(line: str) -> str:
        found = own.match(line)
        return f"{found[1]}{statuses[found[2]]}{line[found.start(3) :]}" if found and _ID.search(line) else line

    return "".join(map(ours, lines.split(page)))


def filter_of(typed: object) -> str:
    """A global filter as it can stand in a line; empty if it is none, or cannot."""
    words = " ".join(typed.split()) if isinstance(typed, str) else ""
    return words if _FILTER.fullmatch(words) and not set(words) & set(SIGNIFIERS) else ""


def without_signifiers(words: str) -> str:
    """Words that no plugin can take for a field."""
    plain = words.translate(_NO_SIGNIFIER)
    return " ".join((_INLINE.sub(r"\1:", plain) if "::" in plain else plain).split())


def has_id(line: str) -> bool:
    """Whether a line may have the id of an item: the cheap look that most lines get."""
    return "🆔" in line or "id::" in line


def is_field(words: str) -> bool:
    """Whether words begin with a field."""
    return bool(_FIELD.match(words))


def links(words: str) -> list[str]:
    """The targets of the links in the words."""
    return _LINK.findall(words)


def without_links(words: str) -> str:
    """The words without the targets of their links."""
    return _LINK.sub("]", words)
