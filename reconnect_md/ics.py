"""Plans -> iCalendar (RFC 5545): an event for each contact and each interview, or a to-do for each contact.

Like the agenda, the file is a function of the vault and the day, and of nothing else; it is itself a part of the vault,
as it was found. Two devices that hold the same vault write the same bytes.

- UID is the id of the contact's task line in the agenda, so a call that moves stays the same event.
- SEQUENCE and DTSTAMP tell a client that it has an older version. There is no METHOD, so DTSTAMP is the last revision
  (RFC 5545, 3.8.7.2), and a LAST-MODIFIED would say the same. Nothing in a note tells when it was changed, and a late
  call moves although no note does; so each event is compared with itself in the file that was found. What says the
  same keeps both, to the byte. What differs gets today's date, no clock time, and a SEQUENCE of the days since `EPOCH`,
  or one more than it had. So even where the file was lost, or comes from another device, later is greater.
- A call that was made stays on its day for `KEPT` days: it took place. What was in the file and is not to take place
  any more (skipped, ended, the note gone) is STATUS:CANCELLED for so long, with the word in its title, because some
  clients show those like any other; whoever only left it out would leave it in every calendar that imports the file.
- While a note cannot be read, what is missing stays as it stands.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pendulum
from pendulum import Date

from . import phone, script
from .agenda import held
from .model import Contact, Language, Plan
from .outlook import Outlook
from .values import is_timezone, plain_text

if TYPE_CHECKING:
    from icalendar import Calendar, Component

PRODID: Final = "-//reconnect-md//reconnect//EN"
"""Who wrote the file, without a version: a new one would change the file of everybody."""

EPOCH: Final = Date(2020, 1, 1)

KEPT: Final = 42
"""Days for which what was made, and what was cancelled, stays in the file; who imports it less often has old events."""

MORNING: Final = "09:00"
"""When an event of a whole day rings, if `notify` says nothing else."""

CALL, INTERVIEW = timedelta(minutes=15), timedelta(hours=1)
"""How long they take in a calendar, where they have a time; so long before an interview it rings, too."""

BEFORE_A_CALL: Final = timedelta(minutes=10)


_OURS: Final = "@reconnect-md"
"""The end of every UID."""

_YEARS: Final = range(1900, 3000)

_MOST: Final = 2**31 - 1
"""No number may be greater (RFC 5545, 3.3.8)."""


class Entry(NamedTuple):
    """An event or a to-do. `start` is a day, or a time with its zone; `rings` is counted from there, None: not at all.
    `is_over`: it took place.
    """

    summary: str
    start: date
    lasts: timedelta = timedelta(days=1)
    description: str = ""
    tel: str = ""
    rings: timedelta | None = None
    is_sure: bool = True
    is_over: bool = False


Entries = Mapping[str, Entry | None]
"""UID -> what is planned; None for what is not to take place (any more)."""


def is_ours(data: bytes) -> bool:
    """Whether a file may be written over: it is one of ours, whatever became of it, or empty."""
    return not data.strip() or PRODID.encode() in data


def calendar(outlook: Outlook, before: bytes, unsure: bool = False, todos: bool = False) -> bytes:
    """The file, with events or with to-dos. `before` is what it held; `unsure`: what is missing may come again."""
    import icalendar

    entries = dict(_entries(outlook, todos))
    unsure = unsure or bool(outlook.notes.broken) or any(one.code == "no-workday" for one in outlook.problems)
    language = outlook.frame.method.language
    kept = sorted(_kept(entries, before, outlook.today, unsure, todos, language).items())
    found = icalendar.Calendar()
    for name, value in (("prodid", PRODID), ("version", "2.0"), ("name", "Reconnect"), ("x-wr-calname", "Reconnect")):
        found.add(name, value)
    found.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    found.add("x-published-ttl", "PT6H")
    for _, one in kept:
        found.add_component(one)
    found.subcomponents[:0] = _zones(found)
    return bytes(found.to_ical())


# --- what is planned ---------------------------------------------------------------------------------------


def _entries(outlook: Outlook, todos: bool) -> Iterator[tuple[str, Entry | None]]:
    for plan in outlook.plans:
        if not todos:
            yield f"{plan.id}{_OURS}", _interview(plan, outlook)
        for contact in plan.contacts:
            # An event and a to-do of one contact may come into one collection.
            yield f"{'todo-' * todos}{contact.id}{_OURS}", _contact(contact, outlook)


def _interview(plan: Plan, outlook: Outlook) -> Entry | None:
    evaluation, language = plan.evaluation, outlook.frame.method.language
    is_over = evaluation.interviewed < outlook.today
    if evaluation.outcome and evaluation.interviewed > outlook.today:
        return None
    people = "\n".join(", ".join(filter(None, one)) for one in evaluation.interviewers)
    number = "" if is_over else _phone(plan, outlook)
    what = ", ".join(filter(None, [_company(plan), evaluation.position]))
    return Entry(
        summary=language.say("calendar_interview", what=what),
        start=_start(evaluation.interviewed, evaluation.at, plan, outlook),
        lasts=INTERVIEW,
        description="\n\n".join(filter(None, [people, number, evaluation.note])),
        rings=None if is_over else -INTERVIEW if evaluation.at else _morning(outlook),
        is_over=is_over,
    )


def _contact(contact: Contact, outlook: Outlook) -> Entry | None:
    step, evaluation, language = contact.step, contact.plan.evaluation, outlook.frame.method.language
    summary = summary_of(contact, language)
    if step.made:
        done = language.say("calendar_done", what=summary)
        return Entry(done, step.made, description=evaluation.note, is_over=True)
    if not step.open or not step.due:
        return None
    waits = held(contact, outlook.calendars[evaluation.note], outlook.today, language)
    day = waits.until if waits else max(step.due, outlook.today)
    at = evaluation.call_at if step.pinned and day == evaluation.call_again else ""
    return Entry(
        summary=summary,
        start=_start(day, at, contact.plan, outlook),
        lasts=CALL,
        description=_description(contact, day, outlook),
        tel=_number(contact.plan, outlook).target if step.file.kind == "call" else "",
        rings=None if step.stale else -BEFORE_A_CALL if at else _morning(outlook),
        is_sure=not contact.projected,
    )


def summary_of(contact: Contact, language: Language) -> str:
    """“Call Ana Rivera, Acme Logistics: fix an answer”: the first words are what a phone shows."""
    title = contact.step.file.title
    people = language.together([one.to.name for one in contact.steps if one.to])
    who = ", ".join(filter(None, [people, _company(contact.plan)]))
    if contact.step.file.kind == "card":
        return f"{title}: {who}"
    return language.say("calendar_call", who=who, action=f"{title[:1].lower()}{title[1:]}")


def _company(plan: Plan) -> str:
    return plan.evaluation.company or plan.evaluation.stem


def _number(plan: Plan, outlook: Outlook) -> phone.Phone:
    own = outlook.frame.settings.region
    return phone.read(plan.evaluation.phone, plan.evaluation.region or own, own)


def _phone(plan: Plan, outlook: Outlook) -> str:
    """The number as it is read, and as a link, which phones make of such words."""
    number = _number(plan, outlook)
    return f"{number.shown} (tel:{number.target})" if number.target else number.shown


def _description(contact: Contact, day: Date, outlook: Outlook) -> str:
    step, method, language = contact.step, outlook.frame.method, outlook.frame.method.language
    caller, today = outlook.frame.settings.caller, outlook.today
    words = [script.plain(one, contact.plan, method, caller, today) for one in contact.steps]
    if len(words) > 1:
        heads = [language.say("calendar_for", name=one.to.name) if one.to else "" for one in contact.steps]
        words = ["\n".join(filter(None, one)) for one in zip(heads, words, strict=True)]
    latest = step.latest if step.latest and step.latest > day else None
    said = [
        _phone(contact.plan, outlook) if step.file.kind == "call" else "",
        language.say("calendar_latest", day=script.day(latest, today, language)) if latest else "",
        language.words["calendar_projected"] if contact.projected else "",
        *words,
        contact.plan.evaluation.note,
    ]
    return "\n\n".join(filter(None, said))


def _start(day: Date, at: str, plan: Plan, outlook: Outlook) -> date:
    """The day; or the time over there, as it was typed."""
    if not at:
        return date(day.year, day.month, day.day)
    zone = pendulum.timezone(plan.evaluation.timezone or outlook.frame.settings.timezone)
    return datetime.combine(day, time.fromisoformat(at), zone)


def _morning(outlook: Outlook) -> timedelta:
    at = time.fromisoformat(outlook.frame.settings.notify or MORNING)
    return timedelta(hours=at.hour, minutes=at.minute)


# --- what the file holds -----------------------------------------------------------------------------------


def _kept(
    entries: Entries, before: bytes, today: Date, unsure: bool, todos: bool, language: Language
) -> dict[str, "Component"]:
    """UID -> what is in the file then."""
    there = _read(before, "VTODO" if todos else "VEVENT")
    oldest = today.subtract(days=KEPT)
    kept = {
        uid: _revised(_component(uid, entry, todos), there.get(uid), today)
        for uid, entry in entries.items()
        if entry and not (entry.is_over and _day(entry.start) < oldest)
    }
    for uid, old in there.items():
        if uid not in entries and unsure:
            kept[uid] = old
        elif not entries.get(uid) and not (_is_cancelled(old) and _stamp(old) < oldest):
            kept[uid] = _revised(_cancelled(old, language), old, today)
    return kept


def _read(before: bytes, kind: str) -> dict[str, "Component"]:
    """What the file held that is ours, by UID; nothing if it cannot be read."""
    import icalendar

    try:
        found = icalendar.Calendar.from_ical(before).walk(kind) if before.strip() else []
    except Exception:  # whatever a damaged file brings about
        return {}
    return {str(one["UID"]): one for one in found if _is_sound(one)}


def _is_sound(one: "Component") -> bool:
    """Whether it is as we write them, as far as it is used here."""
    try:
        days = [_moment(one, name) for name in ("DTSTAMP", "DTSTART", "DTEND", "DUE") if name in one]
        at = [day.year in _YEARS for day in days]
        return all(at) and 0 <= _sequence(one) < _MOST and "DTSTAMP" in one and str(one["UID"]).endswith(_OURS)
    except Exception:  # somebody has been at it
        return False


def _component(uid: str, entry: Entry, todo: bool) -> "Component":
    import icalendar

    found = icalendar.Todo() if todo else icalendar.Event()
    summary = " ".join(plain_text(entry.summary).split())
    url = f"tel:{entry.tel}" if entry.tel else ""
    words = {
        "uid": uid,
        "summary": summary,
        "description": plain_text(entry.description),
        "class": "PRIVATE",
        "url": url,
    }
    for name, value in words.items():
        if value:
            found.add(name, value)
    if todo:
        found.add("status", "COMPLETED" if entry.is_over else "NEEDS-ACTION")
        if entry.is_over:  # noon is on that day in nearly all zones
            found.add("completed", datetime.combine(entry.start, time(12), pendulum.UTC))
        else:
            found.add("due", entry.start)
        return found
    timed = isinstance(entry.start, datetime)
    found.add("dtstart", entry.start)
    found.add("dtend", entry.start + (entry.lasts if timed else timedelta(days=1)))
    found.add("status", "CONFIRMED" if entry.is_sure else "TENTATIVE")
    found.add("transp", "OPAQUE" if timed else "TRANSPARENT")
    if entry.rings is not None:
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", summary)
        alarm.add("trigger", entry.rings)
        found.add_component(alarm)
    return found


def _revised(new: "Component", old: "Component | None", today: Date) -> "Component":
    """With SEQUENCE and DTSTAMP: those it had if it says the same as before."""
    if old is None:
        return _dated(new, (today - EPOCH).days, today)
    if _dated(new, _sequence(old), _stamp(old)).to_ical() == old.to_ical():
        return old
    return _dated(new, max(_sequence(old) + 1, (today - EPOCH).days), max(_stamp(old), today))


def _dated(one: "Component", sequence: int, day: Date) -> "Component":
    for name in ("SEQUENCE", "DTSTAMP"):
        one.pop(name, None)
    one.add("sequence", sequence)
    one.add("dtstamp", datetime.combine(day, time(), pendulum.UTC))
    return one


def _cancelled(old: "Component", language: Language) -> "Component":
    """That it does not take place; it rings no more."""
    new = type(old).from_ical(old.to_ical())
    new.subcomponents.clear()
    summary = str(old.get("SUMMARY", ""))
    if not _is_cancelled(old):
        summary = language.say("calendar_cancelled", what=summary)
    for name, value in (("status", "CANCELLED"), ("transp", "TRANSPARENT"), ("summary", summary)):
        new.pop(name, None)
        new.add(name, value)
    return new


def _is_cancelled(one: "Component") -> bool:
    return str(one.get("STATUS", "")) == "CANCELLED"


def _sequence(one: "Component") -> int:
    number: Any = one["SEQUENCE"]
    return int(number)


def _stamp(one: "Component") -> Date:
    return _day(_moment(one, "DTSTAMP"))


def _moment(one: "Component", name: str) -> date:
    found: Any = one[name]
    moment: date = found.dt
    return moment


def _day(moment: date) -> Date:
    return Date(moment.year, moment.month, moment.day)


def _zones(found: "Calendar") -> list["Component"]:
    """The time zones that its events name, for the years in which they are."""
    import icalendar

    days = [_moment(one, name) for one in found.subcomponents for name in ("DTSTART", "DUE") if name in one]
    years = [day.year for day in days if isinstance(day, datetime)] or [EPOCH.year]
    first, last = date(min(years), 1, 1), date(max(years) + 1, 1, 1)
    names = sorted(name for name in found.get_used_tzids() if is_timezone(name))
    return [icalendar.Timezone.from_tzid(name, first_date=first, last_date=last) for name in names]
