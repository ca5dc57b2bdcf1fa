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
    """One row of the catalogue; `message` and `remedy` are `str.format` texts, `example` is what causes it."""

    severity: Severity
    message: str
    remedy: str
    example: str


_E, _W, _H = Severity.ERROR, Severity.WARNING, Severity.HINT

CATALOGUE: Final[dict[str, Kind]] = {
    # a note that cannot be read
    "not-utf-8": Kind(
        _E,
        "this note is not UTF-8 text: {why}",
        "save it again with the encoding UTF-8",
        "a note that was saved as Windows-1252",
    ),
    "too-large": Kind(
        _E, "this note is larger than {limit} KB", "move what is not the evaluation to another note", "a note of 300 KB"
    ),
    "too-deep": Kind(
        _E,
        "lists or quotes are nested too deeply",
        "use fewer levels of indentation",
        "a list in a list, a hundred levels deep",
    ),
    "unreadable": Kind(
        _E,
        "this file cannot be read: {why}",
        "check that the file may be read",
        "a folder that only another user may open",
    ),
    "being-saved": Kind(
        _W,
        "this note is saved again and again and is no evaluation at this moment, so its calls stay as they were",
        "close the program that writes it, or give it its properties back",
        "a note that a program empties every two seconds",
    ),
    "no-notes": Kind(
        _W,
        "none of the notes in this agenda is there any more ({count}), so their calls stay as they were",
        "bring the folder with them back; if you deleted them all yourself, delete their lines from this agenda",
        "a folder of evaluations on a drive that is not connected",
    ),
    "conflict-copy": Kind(
        _E,
        "this is a sync service's copy of a note that two devices changed",
        "keep what is right in one note, delete the other",
        "Acme (conflicted copy 2026-11-21 101010).md",
    ),
    "conflict-markers": Kind(
        _E,
        "git left conflict markers here",
        "of the two sides keep what is right; delete the rest, and the lines <<<<<<<, ======= and >>>>>>>",
        "<<<<<<< HEAD",
    ),
    "unclosed-front-matter": Kind(_E, "the properties have no end", "{remedy}", "card_sent: 2026-10-14\n----"),
    "no-opening": Kind(
        _E,
        "the note does not begin with --- on a line of its own, so this is no property",
        "{remedy}",
        "Acme, the second one\n\n---\ninterviewed: 2026-10-14T09:00",
    ),
    "interviewed-below": Kind(
        _E,
        "the properties end above this line, so it is none of them, and this note is no evaluation",
        "{remedy}",
        "---\ntags: job\n---\n\n---\ninterviewed: 2026-10-14T09:00",
    ),
    "bad-yaml": Kind(_E, "the properties cannot be read: {why}", "{remedy}", 'company: "Acme Logistics'),
    "duplicate-key": Kind(
        _E, "{key} stands twice", "delete one of the two lines", "company: Acme Logistics\ncompany: Acme"
    ),
    "anchor": Kind(_E, "YAML anchors and aliases (& and *) are not read", "{remedy}", "phone: *67 512 555 0142"),
    # properties
    "no-date": Kind(_E, "{key} has no date", "write the day of the interview: {key}: {right}", "interviewed:"),
    "bad-date": Kind(_E, "{key} is not a date: “{value}”", "write {right}", "interviewed: 20/11/2026"),
    "bad-record": Kind(_E, "{key} is neither a date nor `skipped`: “{value}”", "write {right}", "card_sent: yes"),
    "placeholder": Kind(
        _E,
        "{value} is what a template should have filled in",
        "write {right}; if this note is a template, write its folder behind ignore in Reconnect.md",
        "interviewed: {{date:YYYY-MM-DD}}",
    ),
    "left-over": Kind(
        _W,
        "{value} is what a template should have filled in",
        "write the words that belong there, or delete it",
        'company: "{{title}}"',
    ),
    "misread": Kind(_W, "{key} is read as “{value}”, not as it was typed", "{remedy}", "phone: #512 555 0142"),
    "unopened": Kind(_W, "{key} ends with {sign}, which nothing opens", "{remedy}", "company: Acme Logistics]"),
    "early-date": Kind(
        _W, "{key} is {value}, before the day of the interview", "correct {key}, or interviewed", "fix_call: 2026-10-25"
    ),
    "odd-date": Kind(_W, "{key} is {value}: {why}", "{remedy}", "interviewed: 2062-11-20"),
    "out-of-order": Kind(
        _H,
        "{key} is {value}, before {other} on {day}",
        "correct one of the two days; if it was so, leave them",
        "add_call: 2026-11-24",
    ),
    "future-date": Kind(
        _W,
        "{key} is {value}, a day that is still to come",
        "write the day on which it was made",
        "fix_call: 2026-12-25",
    ),
    "bad-number": Kind(
        _W, "{key} is not a whole number: “{value}”", "write a number, such as {key}: {example}", "round: second"
    ),
    "unquoted-phone": Kind(
        _W,
        "{key} has no quotes: Obsidian takes {value} for a number, and may save it without its + or a 0",
        'write {key}: "{value}"',
        "phone: +15125550142",
    ),
    "impossible-phone": Kind(
        _W,
        "{key} cannot be dialled, {why}: “{value}”",
        'write the whole number, such as {key}: "{instead}"',
        "phone: +1 512 555 014",
    ),
    "unknown-region": Kind(
        _W, "no holidays are known for the region {value}, so it is not used", "{instead}", "region: Texas"
    ),
    "unknown-timezone": Kind(
        _W, "“{value}” is no time zone; the {instead} is used", "write {right}", "timezone: America/Chigaco"
    ),
    "odd-name": Kind(_W, "“{value}” {why}", "write {right}", "- Ana Rivera (COO)"),
    "unknown-person": Kind(_W, "{key} names nobody of the interviewers: “{value}”", "write {right}", "call_to: Bo Lee"),
    "open-outcome": Kind(
        _H,
        "outcome is “{value}”, and any outcome ends the plan",
        "empty outcome, if the calls are to go on",
        "outcome: waiting",
    ),
    "outside": Kind(
        _W,
        "this is an evaluation, but it is not in {folder}, so nothing of it is planned",
        "move it into {folder}, or write interviews: . in Reconnect.md, if they may be anywhere",
        "a note with `interviewed` at the top of the vault",
    ),
    "two-spellings": Kind(
        _W,
        "“{value}” is spelled “{other}” in {in_note}",
        "write {other}, or correct it in {in_note}",
        "- Anna Rivera, Director of operations",
    ),
    "twice": Kind(
        _W,
        "this is a second note of the interview in {in_note}, so its calls are planned twice",
        "keep one of the two notes; if there were two interviews, write the time behind each day: {day}T14:00",
        "interviewed: 2026-10-14\ncompany: Acme logistics",
    ),
    "misspelt-key": Kind(_W, "{key} is not a property that is read here", "{remedy}", "compny: Acme Logistics"),
    "below-properties": Kind(
        _W,
        "“{typed}” stands below the properties, where it is not read as one",
        "type {typed} between the two lines of --- at the top, {where}, and delete it here",
        "outcome: rejected",
    ),
    # the body
    "misspelt-heading": Kind(
        _W,
        "what stands under “{heading}” is not used: no such heading is known",
        "write ## {meant}",
        "## What whent well",
    ),
    "unknown-heading": Kind(
        _W,
        "what stands under “{heading}” is not used: no such heading is known",
        "take the heading out, or write that of a question",
        "### Ana's view",
    ),
    "misspelt-label": Kind(
        _W,
        "“{label}” would be said: it is not written as a label",
        "write - {meant}: and then the answer",
        "- Beter: I had done what I came to do there",
    ),
    "no-blank": Kind(
        _H,
        "“{typed}” has no blank behind its hyphen: it may be an item, or a number below nought",
        "write - {meant} for an item, - -{meant} for the number",
        "-40 people",
    ),
    "log-line": Kind(
        _H,
        "“{typed}” is not written as the log's lines are, so nothing is made of it",
        "write {meant}",
        "- 2026-12-01: add call no answer",
    ),
    "only-in-log": Kind(
        _H,
        "only the log tells of {key} on {day}, so it counts as still to be made",
        "write {key}: {value} among the properties; if it was not so, delete this line",
        "- 2026-12-01 add call: I talked to her",
    ),
    "unclosed": Kind(
        _W, "what begins here with {sign} has no end, so what stands below it is not used", "{remedy}", "```\na plan"
    ),
    "follow-up": Kind(
        _W,
        "“{phrase}” asks for their decision and gives no reason to hire you: it irritates, and leaves nothing to say",
        "say a reason instead, such as the answer that you wish you had given; put their own words in quotation marks",
        "- Compensate: I am just checking in",
    ),
    # the plan
    "nothing-to-say": Kind(
        _H,
        "“{title}” waits for your answer to “{question}”",
        "write one item under the heading ## {question}",
        "## Did not say, but wish I had\n-",
    ),
    "empty-question": Kind(
        _H, "“{question}” has no answer", "write one item under it, or none", "## What connected\n-"
    ),
    "no-answer-yet": Kind(
        _H,
        "“{item}” has no better answer yet",
        "write below it, indented: - {label}: and what you will say",
        "- Six Sigma black belt",
    ),
    "no-workday": Kind(
        _E,
        "there is no working day within three years",
        "shorten days_off in Reconnect.md",
        "days_off: 2026-01-01..2036-12-31",
    ),
    # marks
    "not-written": Kind(
        _W,
        "what is to go into this note waits: {why}",
        "{remedy}",
        "a ticked item of a note that is a link to another folder",
    ),
    "next-contact": Kind(
        _W,
        "the day of the next contact was not written: {why}",
        "give it a line `next_contact:` of its own among the properties, or write next_contact: false in Reconnect.md",
        "next_contact: | and a day on the next line",
    ),
    "daily-note": Kind(
        _W,
        "today's contacts were not written into this daily note: {why}",
        "{remedy}",
        "<!-- reconnect:begin --> without the other line",
    ),
    "mark-refused": Kind(
        _W,
        "the mark “{words}” in the agenda was not written into {in_note}: {why}",
        "write {typed} into {in_note}, or delete that line in the agenda",
        "- [>] Send a thank-you card",
    ),
    "mark-date": Kind(
        _W,
        "the day of the mark “{words}” {why}: “{value}”",
        "write ✅ {right}",
        "📅 2026-12-02 ✅ 2026-11-31",
    ),
    "two-marks": Kind(
        _W,
        "“{words}” is marked twice in the agenda, {one} and {other}",
        "delete there what is wrong: a line, or a day",
        "two lines of one call, - [x] and - [-]",
    ),
    "no-mark": Kind(
        _W,
        "“{words}” has {box} in the agenda",
        "write - [x] for done, - [-] to leave it out, - [>] for no answer, or - [ ]",
        "- [xx] Call",
    ),
    "half-mark": Kind(
        _W,
        "“{words}” has ✅ {value} in the agenda, but no x",
        "put an x into its box, or delete ✅ and the day",
        "📅 2026-12-02 ✅ 2026-12-01",
    ),
    "pin-refused": Kind(_W, "“{words}” was not moved to {value}: {why}", "{remedy}", "📅 2026-12-35"),
    "agenda-copy": Kind(
        _W,
        "this is a sync service's copy of the agenda, with what another device ticked or typed",
        "tick and type it again in the agenda, then delete this copy",
        "Agenda (conflicted copy 2026-12-01 101010).md",
    ),
    "former-agenda": Kind(
        _W,
        "this agenda is not kept right any more: `agenda` in Reconnect.md names {now}",
        "tick and type in {now}, which has what was typed here until it was made; then delete this one",
        "agenda: Plan.md",
    ),
    "lost-item": Kind(
        _W,
        "the mark “{words}” belongs to no note",
        "delete that line if you deleted its note; else bring the note back, or write it there by hand, then delete it",
        "a ticked item whose note is gone",
    ),
    # settings
    "bad-setting": Kind(_W, "{key} is not {wanted}: “{value}”", "write {key}: {example}", "horizon: two weeks"),
    "foreign-calendar": Kind(
        _W,
        "{value} was not made by reconnect, so it stays as it is, and the calls go into no calendar",
        "write another name, such as calendar: Reconnect.ics; or move that file away",
        "calendar: Holidays.ics",
    ),
    "foreign-overview": Kind(
        _W,
        "{value} was not made by reconnect, so it stays as it is, and there is no overview",
        "write another name, such as overview: Overview.md; or move that note away",
        "overview: Interviews/Acme.md",
    ),
    "edited-overview": Kind(
        _W,
        "somebody typed in this overview, so it stays as it is, and is no longer kept right",
        "move what was typed to another note and delete this one: it is made anew",
        "a line typed into Overview.md",
    ),
    "no-name": Kind(
        _H,
        "the scripts do not know your name",
        "write how you introduce yourself in Reconnect.md: me: Jordan Smith",
        "me:",
    ),
    "no-settings": Kind(
        _W,
        "this note is gone, or empty; what it said stays in force while `reconnect watch` runs",
        "bring it back; or end the watcher and start it again, to go on without settings",
        "Reconnect.md, emptied while `reconnect watch` runs",
    ),
    "no-folder": Kind(_W, "there is no folder {value} in this vault", "{remedy}", "interviews: Intervews"),
    # templates
    "bad-step": Kind(_W, "this step file cannot be used: {why}", "{remedy}", "wait: three days"),
    "bad-template": Kind(_W, "the words of this template cannot be made: {why}", "{remedy}", "Hello {{ nmae }}"),
}


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """Something wrong in one file. `line` and `column` count from 1, columns in characters; `meant` is the property or
    heading of which something is a slip; `typed` is of what is no date the property, what stands there, and the day
    near which it is (nothing if that is not known). `past`: it harms nothing any more, and is no matter for the agenda.
    """

    note: str
    line: int
    column: int
    code: str
    message: str
    remedy: str
    meant: str = field(default="", compare=False)
    typed: tuple[str, str, str] | None = field(default=None, compare=False)
    past: bool = field(default=False, compare=False)

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
    """A problem in the catalogue's words; `words` fill the places in them. A `remedy` among them fits the case better
    than the catalogue's.
    """
    kind = CATALOGUE[code]
    message, remedy = kind.message.format(**words), str(words.get("remedy") or kind.remedy.format(**words))
    return Problem(note, line, column, code, message, remedy, str(words.get("meant", "")))


class Failure(Exception):
    """A command cannot go on. The text says what is wrong; `remedy` says what to do."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(f"{message} ({remedy})")
        self.message, self.remedy = message, remedy


class NoVault(Failure):
    """The folder that was named, or any folder above this one, is no vault."""


class SettingsUnread(Failure):
    """Nothing of `Reconnect.md` can be read: without its region and time zone no date is sure to be right."""


class OutsideVault(Failure):
    """A path of the settings, or a link, leaves the vault."""


class NotOurs(Failure):
    """A note with the agenda's name that reconnect did not write: it is left as it is."""


class ChangedMeanwhile(Failure):
    """A file has other bytes than those that were read; nothing was written."""


class NotSaid(Failure):
    """What the command line says fits no note or step, or the note says otherwise already."""


class NoSuchNote(NotSaid):
    """What the command line names is no evaluation that is looked at."""


class Unsettled(ChangedMeanwhile):
    """A note is being saved at this moment, or another process of ours is at work: the pass is to wait."""


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
    """Lists or quotes are nested so deeply that what follows them would not be read; `args` is the line, from 1."""


class TemplateFailure(Failure):
    """A template cannot be rendered; `line` and `column` are those of its file."""

    def __init__(self, message: str, remedy: str, line: int, column: int = 1) -> None:
        super().__init__(message, remedy)
        self.line, self.column = line, column
