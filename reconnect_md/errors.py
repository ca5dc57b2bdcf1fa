"""What can go wrong, in words: problems in a note (collected), failures of a command (raised).

A *problem* belongs to a place in a file, is shown in the agenda, and stops nothing else. A *failure* ends the
command. Both say what to type instead; `CATALOGUE` is the one home of a problem's words.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple


class Severity(StrEnum):
    """How much a problem costs: an `error` keeps the note from being planned."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


class Kind(NamedTuple):
    """One row of the catalogue; `message` and `remedy` are `str.format` texts."""

    severity: Severity
    message: str
    remedy: str


_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT

CATALOGUE: Final[dict[str, Kind]] = {
    # a note that cannot be read
    "not-utf-8": Kind(_E, "this note is not UTF-8 text: {why}", "save it again with the encoding UTF-8"),
    "too-large": Kind(_E, "this note is larger than {limit} KB", "move what is not the evaluation to another note"),
    "too-deep": Kind(_E, "lists or quotes are nested too deeply", "use fewer levels of indentation"),
    "unreadable": Kind(_E, "this file cannot be read: {why}", "check that the file may be read"),
    "conflict-copy": Kind(
        _E,
        "this is a sync service's copy of a note that two devices changed",
        "keep what is right in one note, delete the other",
    ),
    "conflict-markers": Kind(
        _E,
        "git left conflict markers here",
        "keep what is right and delete the lines <<<<<<<, ======= and >>>>>>>",
    ),
    "unclosed-front-matter": Kind(
        _E, "the properties have no end", "type a line with only --- under the last property"
    ),
    "no-opening": Kind(
        _E,
        "the note does not begin with --- on a line of its own, so this is no property",
        "type a line with only --- right above the properties; nothing else may stand above them",
    ),
    "bad-yaml": Kind(
        _E,
        "the properties cannot be read: {why}",
        "write one `name: value` a line, a value with : or # in quotes",
    ),
    "duplicate-key": Kind(_E, "{key} stands twice", "delete one of the two lines"),
    "anchor": Kind(_E, "YAML anchors and aliases (& and *) are not read", "write the value out, or put it in quotes"),
    # properties
    "no-date": Kind(_E, "{key} has no date", "write the day of the interview: {key}: {example}"),
    "bad-date": Kind(_E, "{key} is not a date: “{value}”", "write year-month-day: {key}: {example}"),
    "bad-record": Kind(
        _E,
        "{key} is neither a date nor `skipped`: “{value}”",
        "write {key}: {example}, {key}: skipped, or leave it empty",
    ),
    "early-date": Kind(_W, "{key} is {value}, before the day of the interview", "correct {key}, or interviewed"),
    "future-date": Kind(_W, "{key} is {value}, a day that is still to come", "write the day on which it was made"),
    "bad-number": Kind(_W, "{key} is not a whole number: “{value}”", "write a number, such as {key}: {example}"),
    "unquoted-phone": Kind(
        _W,
        "{key} has no quotes: Obsidian takes {value} for a number, and may save it without its + or a 0",
        'write {key}: "{value}"',
    ),
    "unknown-region": Kind(
        _W,
        "no holidays are known for the region {value}, so it is not used",
        "{instead}",
    ),
    "unknown-timezone": Kind(
        _W,
        "“{value}” is no time zone; the {instead} is used",
        "write a name such as America/Chicago or Europe/Berlin",
    ),
    "misspelt-key": Kind(_W, "{key} is not a property that is read here", "did you mean {meant}?"),
    # the body
    "misspelt-heading": Kind(
        _W, "what stands under “{heading}” is not used: no such heading is known", "write ## {meant}"
    ),
    "unknown-heading": Kind(
        _W,
        "what stands under “{heading}” is not used: no such heading is known",
        "take the heading out, or write that of a question",
    ),
    "follow-up": Kind(
        _W,
        "“{phrase}” asks for their decision and gives no reason to hire you: it irritates, and leaves nothing to say",
        "say a reason instead, such as the answer that you wish you had given; put their own words in quotation marks",
    ),
    # the plan
    "nothing-to-say": Kind(
        _H,
        "“{title}” is left out: “{question}” has no answer",
        "write one item under the heading ## {question}",
    ),
    "no-workday": Kind(_E, "there is no working day within three years", "shorten days_off in Reconnect.md"),
    # marks
    "not-written": Kind(_W, "the mark in the agenda waits: {why}", "{remedy}"),
    "mark-refused": Kind(
        _W,
        "the mark “{words}” in the agenda was not written here: {why}",
        "write it here by hand ({typed}), or delete that line in the agenda",
    ),
    "mark-date": Kind(_W, "the day of the mark “{words}” {why}: “{value}”", "write the right day behind the ✅"),
    "two-marks": Kind(
        _W, "“{words}” is marked twice in the agenda, {one} and {other}", "delete there what is wrong: a line, or a day"
    ),
    "no-mark": Kind(
        _W,
        "“{words}” has {box} in the agenda, which is no mark",
        "write - [x] for done, - [-] to leave it out, - [>] for no answer, or - [ ]",
    ),
    "half-mark": Kind(
        _W, "“{words}” has ✅ {value} in the agenda, but no mark", "put an x into its box, or delete ✅ and the day"
    ),
    "pin-refused": Kind(_W, "“{words}” was not moved to {value}: {why}", "{remedy}"),
    "agenda-copy": Kind(
        _W,
        "this is a sync service's copy of the agenda, with what another device ticked or typed",
        "tick and type it again in the agenda, then delete this copy",
    ),
    "lost-item": Kind(
        _W, "the mark “{words}” belongs to no note", "write it into the note by hand, then delete that line"
    ),
    # settings
    "bad-setting": Kind(_W, "{key} is not {wanted}: “{value}”", "write {key}: {example}"),
    "no-name": Kind(
        _H,
        "the scripts do not know your name",
        "write how you introduce yourself in Reconnect.md: me: Jordan Smith",
    ),
    "no-settings": Kind(
        _W,
        "this note is gone, or empty; what it said stays in force while `reconnect watch` runs",
        "bring it back; or end the watcher and start it again, to go on without settings",
    ),
    "no-folder": Kind(_W, "there is no folder {value} in this vault", "make it, or change {key} in Reconnect.md"),
    # templates
    "bad-step": Kind(_W, "this step file cannot be used: {why}", "{remedy}"),
    "bad-template": Kind(_W, "the words of this template cannot be made: {why}", "{remedy}"),
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in one file. `line` and `column` count from 1, columns in characters; `meant` is the property or
    heading of which something is a slip.
    """

    note: str
    line: int
    column: int
    code: str
    message: str
    remedy: str
    meant: str = field(default="", compare=False)

    @property
    def severity(self) -> Severity:
        """From the catalogue, so that one code never has two severities."""
        return CATALOGUE[self.code].severity

    def __str__(self) -> str:
        """As compilers write it, so that editors can jump there."""
        return f"{printable(self.note)}:{self.line}:{self.column}: {self.code} {self.message} ({self.remedy})"


def printable(words: str) -> str:
    """Words for one line of a terminal, with what would move its cursor written out."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in words)


def problem(code: str, note: str, line: int = 1, column: int = 1, **words: object) -> Problem:
    """A problem in the catalogue's words; `words` fill the places in them."""
    kind = CATALOGUE[code]
    message, remedy = kind.message.format(**words), kind.remedy.format(**words)
    return Problem(note, line, column, code, message, remedy, str(words.get("meant", "")))


class Failure(Exception):
    """A command cannot go on. The text says what is wrong; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} ({remedy})")
        self.message, self.remedy = message, remedy


class NoVault(Failure):
    """The folder that was named, or any folder above this one, is no vault."""


class OutsideVault(Failure):
    """A path of the settings, or a link, leaves the vault."""


class NotOurs(Failure):
    """A note with the agenda's name that reconnect did not write: it is left as it is."""


class ChangedMeanwhile(Failure):
    """A file has other bytes than those that were read; nothing was written."""


class NotSaid(Failure):
    """What the command line says fits no note or step, or the note says otherwise already."""


class Unsettled(ChangedMeanwhile):
    """A note is being saved at this moment; the pass is to wait."""


class Watched(Failure):
    """Another process watches the vault."""


class WriteFailed(Failure):
    """The system did not write a file. `done`: it has its new bytes nevertheless."""

    def __init__(self, message: str, remedy: str, name: str, done: bool) -> None:
        super().__init__(message, remedy)
        self.name, self.done = name, done


class Exists(Failure):
    """There is something already where a new file or folder should be."""


class UnknownRegion(Failure):
    """`holidays` knows no such country or subdivision."""


class NoWorkday(Failure):
    """Every day for years is a weekend, holiday or day off."""


class TooDeep(Exception):
    """Lists or quotes are nested so deeply that what follows them would not be read."""


class TemplateFailure(Failure):
    """A template cannot be rendered; `line` is that of its file."""

    def __init__(self, message: str, remedy: str, line: int) -> None:
        super().__init__(message, remedy)
        self.line = line
