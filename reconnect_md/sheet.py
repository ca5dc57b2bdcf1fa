"""Agenda -> a sheet for a terminal: the same entries in the same order, numbered; and the week as a strip.

The words are those of the agenda's own layout; dates and what stands around them are English, as all of the command
line.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any, Final, NamedTuple

from pendulum import Date, DateTime

from . import render, script
from .agenda import work
from .errors import printable
from .model import Agenda, Appointment, Contact, Language, Method, PassedOver
from .script import Caller, Part, lines, why_off
from .workdays import WEEKDAYS, WorkCalendar

DAYS: Final = 7
"""So many days are in the strip, today first."""

WIDEST: Final = 76
"""Columns of a line of words: the eye finds the next line of a longer one only with effort."""


class Entry(NamedTuple):
    """A card or call, with the `number` by which it is asked for: what to do, the number to call (empty for a card),
    and what else there is to know, the most urgent first.
    """

    number: int
    what: str
    phone: str
    facts: tuple[str, ...]


class Section(NamedTuple):
    """A heading of the agenda: its entries, and below them what has no number because it is no card and no call."""

    title: str
    entries: tuple[Entry, ...] = ()
    others: tuple[str, ...] = ()


class Cell(NamedTuple):
    """A day of the strip: how many cards and calls and how many interviews it has; why it is no working day."""

    day: Date
    contacts: int
    interviews: int
    off: str = ""


class Sheet(NamedTuple):
    """All of it, from the day's date to the strip; `attention` is a line, or nothing."""

    title: str
    work: str
    sections: tuple[Section, ...]
    week: tuple[Cell, ...]
    attention: str
    language: Language


def numbered(agenda: Agenda) -> list[Contact]:
    """The cards and calls in the order of their numbers, which begin at 1: late, today, and those that wait because
    today is none of their working days.
    """
    return [*agenda.late, *agenda.due, *(one.contact for one in agenda.held)]


def make(
    agenda: Agenda, method: Method, caller: Caller, timezone: str, calendar: WorkCalendar, standing: int = 0
) -> Sheet:
    """The sheet of a day. `calendar` is the person's own, `standing` counts the entries of notes that cannot be
    read.
    """
    english = method.language.english
    found = render.values(agenda, replace(method, language=english), caller, timezone)
    late, due = work(agenda, english)
    counts = ", ".join(filter(None, [late and f"{late} late", due and f"{due} for today"]))
    title = english.day(agenda.today, year=True)
    attention = _attention(found["attention"], standing)
    return Sheet(
        title,
        counts or "Nothing due today",
        tuple(_sections(found, method.language)),
        week(agenda, calendar),
        attention,
        english,
    )


def _sections(found: dict[str, Any], language: Language) -> Iterator[Section]:
    number = 1
    for section in found["sections"]:
        others = [] if section["late"] else [*_ahead(found["prepare"]), *map(_evaluate, found["evaluate"])]
        if section["contacts"] or others:
            yield Section(
                "Late" if section["late"] else "Today", _entries(section["contacts"], number, language), tuple(others)
            )
        number += len(section["contacts"])
    for group in found["held"]:
        title = f"Not today, which is {group['why']}: call on {group['until']}"
        yield Section(title, _entries(group["contacts"], number, language))
        number += len(group["contacts"])
    if found["done"]:
        yield Section("Done today", (), tuple(map(_done, found["done"])))


def _entries(contacts: list[dict[str, Any]], first: int, language: Language) -> tuple[Entry, ...]:
    return tuple(
        Entry(n, what(one, language), number(one), tuple(facts(one, _nine(one))))
        for n, one in enumerate(contacts, first)
    )


def _nine(one: dict[str, Any]) -> str:
    """Their time at nine o'clock here: unlike that of now it stays true."""
    return f"09:00 here is {one['clock']} there" if one["clock"] else ""


def what(one: dict[str, Any], language: Language) -> str:
    """ "Call Ana Rivera, Acme: fix an answer", in the `language` of the step's title, as in the calendar; of a card,
    "Send a thank-you card: Ana Rivera, Acme".
    """
    if one["kind"] == "call":
        return language.say("calendar_call", who=one["who_at"], action=one["action"])
    return f"{one['title']}: {one['who_at']}"


def number(one: dict[str, Any]) -> str:
    """The number to call, or that there is none; nothing for a card."""
    return "" if one["kind"] == "card" else one["phone"] or "no phone number in the note yet"


def facts(one: dict[str, Any], clock: str) -> Iterator[str]:
    """What there is to know of an entry beside whom to call, where, and to what end; `clock` is their time, if it is
    another one.
    """
    if one["late"]:
        yield f"was due on {one['due']}"
    elif one["why"]["at"]:
        yield f"call at {one['why']['at']}{' their time' if one['clock'] else ''}"
    elif one["latest"]:
        yield "today at the latest" if one["last_day"] else f"at the latest on {one['latest']}"
    if one["stale"]:
        yield "more than a working week late: do it now, leave it out, or close the plan"
    if clock and one["kind"] == "call":
        yield clock
    if one["tries"]:
        yield f"no answer on {one['tries']}"
    if one["missing"]:
        yield "first write what you will say"


def _ahead(prepare: list[dict[str, Any]]) -> Iterator[str]:
    for one in sorted(prepare, key=lambda one: not one["today"]):
        at = f", at {one['at']}" if one["at"] else ""
        yield f"Interview {'today' if one['today'] else 'ahead'}: {one['company']}, on {one['interviewed']}{at}"


def _evaluate(one: dict[str, Any]) -> str:
    left = len(one["questions"])
    return f"Evaluate: {one['company']}, {left} question{'s' if left > 1 else ''} without an answer"


def _done(one: dict[str, Any]) -> str:
    came = "no answer" if one["tried"] else "put off" if one["moved"] else "left out" if one["skipped"] else "done"
    again = f", again on {one['due']}" if one["tried"] or one["moved"] else ""
    return f"{one['title']}, {one['who_at']}: {came}{again}"


def _attention(problems: int, standing: int) -> str:
    """What else stands in the agenda."""
    wrong = f"{problems} thing{'s need' if problems > 1 else ' needs'} attention: reconnect check"
    stood = f"{standing} more in notes that cannot be read: they stand in the agenda"
    return "; ".join([stood] * bool(standing) + [wrong] * bool(problems))


# --- the week --------------------------------------------------------------------------------------------


def week(agenda: Agenda, calendar: WorkCalendar) -> tuple[Cell, ...]:
    """The days from today on, with what the agenda has for each."""
    coming = dict(agenda.coming)
    return tuple(_cell(agenda.today.add(days=after), agenda, coming, calendar) for after in range(DAYS))


def _cell(
    day: Date, agenda: Agenda, coming: dict[Date, tuple[Contact | Appointment, ...]], calendar: WorkCalendar
) -> Cell:
    found = coming.get(day, ())
    interviews = sum(isinstance(one, Appointment) for one in found)
    contacts = len(found) - interviews + sum(one.until == day for one in agenda.held)
    if day == agenda.today:
        contacts += len(agenda.late) + len(agenda.due)
        interviews += sum(one.plan.evaluation.interviewed == day for one in agenda.prepare)
    return Cell(day, contacts, interviews, calendar.why_off(day) or "")


def days_off(week: Iterable[Cell], language: Language) -> list[str]:
    """The days of the strip that are no working days, with their names: "Sat 17 and Sun 18: weekend"."""
    runs = groupby((cell for cell in week if cell.off), lambda cell: _why(cell, language))
    return [f"{language.together([short(one.day) for one in cells])}: {why}" for why, cells in runs]


def _why(cell: Cell, language: Language) -> str:
    return "weekend" if cell.off in WEEKDAYS else why_off(PassedOver(cell.day, cell.off), language)


def short(day: Date) -> str:
    """ "Sat 17"."""
    return day.format("ddd D", locale="en")


def counted(cell: Cell, language: Language) -> str:
    """ "2 contacts, 1 interview", or nothing."""
    counts = (("contact", cell.contacts), ("interview", cell.interviews))
    return ", ".join(f"{count} {word}{'s' if count > 1 else ''}" for word, count in counts if count)


# --- one contact -----------------------------------------------------------------------------------------


class Card(NamedTuple):
    """One card or call by itself: whom (`name`) and who that is (`about`), the number and how it is dialled (`tel`),
    their time now if it is another one, what to know, what to do before, and the situations with their words.
    """

    name: str
    about: str
    phone: str
    tel: str
    clock: str
    facts: tuple[str, ...]
    advice: tuple[str, ...]
    parts: tuple[Part, ...]
    is_card: bool


def card(contact: Contact, agenda: Agenda, method: Method, caller: Caller, now: DateTime) -> Card:
    """What the agenda has of one contact; `now` is the time here, in the person's own time zone."""
    english, zone = replace(method, language=method.language.english), str(now.timezone_name)
    one = render.entry(contact, agenda, english, caller, zone)
    words = render.entry(contact, agenda, method, caller, zone)
    evaluation, step = contact.plan.evaluation, contact.step
    name = english.language.together([step.to.name for step in contact.steps if step.to])
    about = [one["person_title"] if one["kind"] == "call" else "", evaluation.company if name else ""]
    there = now.in_timezone(evaluation.timezone) if evaluation.timezone else now
    # By the day that is shown, which need not be that of the clock.
    day = agenda.today.add(days=(there.date() - now.date()).days)
    clock = f"{there.format('HH:mm')} there, {english.language.weekday(day)}"
    return Card(
        printable(name or evaluation.company or evaluation.note),
        printable(", ".join(filter(None, about))),
        number(one),
        one["tel"] if one["kind"] == "call" else "",
        clock if there.utcoffset() != now.utcoffset() and one["kind"] == "call" else "",
        (one["title"], *facts(one, ""), *([f"position: {one['position']}"] if one["position"] else [])),
        tuple(_advice(one, printable(evaluation.note))),
        tuple(_parts(words)),
        step.file.kind == "card",
    )


def _advice(one: dict[str, Any], note: str) -> Iterator[str]:
    """What to do before, or to have in mind."""
    if one["missing"]:
        yield f"In {note}, below “{one['reminder']}”, add an indented line: - {one['answer_label']}: ..."
    elif one["reminder"]:
        yield f"For your eyes only ({one['question']}): {one['reminder']}"
    if one["reword"]:
        yield f"Under “{one['question']}” stands nothing that can be said to {one['reword']}, only about them."


def _parts(one: dict[str, Any]) -> Iterator[Part]:
    """The situations of a call; of cards, the text for each person."""
    for words in one["words"]:
        for part in words["parts"]:
            alone = one["kind"] != "card" or len(one["words"]) == 1
            yield Part(printable(part["title"]) if alone else words["name"], part["text"])
    if one["reserve"]:
        yield Part("In reserve", "\n".join(one["reserve"]))


# --- plain lines -----------------------------------------------------------------------------------------


def plain(sheet: Sheet) -> Iterator[str]:
    """The sheet as lines that can be read aloud: each is whole, none is wrapped or lined up with another."""
    yield f"{sheet.title}. {sheet.work}."
    for section in sheet.sections:
        yield f"\n{section.title}:"
        for one in section.entries:
            yield f"{one.number}. {_sentences(one.what, one.phone, *one.facts)}"
        yield from (f"{words}." for words in section.others)
    yield "\nThis week:"
    for cell in sheet.week:
        off = f" ({_why(cell, sheet.language)})" if cell.off else ""
        yield f"{sheet.language.day(cell.day)}{off}: {counted(cell, sheet.language) or 'nothing'}."
    if sheet.attention:
        yield f"\n{sheet.attention}."


def _sentences(*words: str) -> str:
    return " ".join(script.sentence(one[:1].upper() + one[1:]) for one in words if one)


def plain_card(card: Card) -> Iterator[str]:
    """One contact as lines that can be read aloud."""
    yield _sentences(f"{card.name}, {card.about}".rstrip(", "), card.phone, card.clock, *card.facts)
    yield from card.advice
    for part in card.parts:
        if part.title:
            yield f"\n{part.title}:"
        yield from (line.text for line in lines(part.text))
