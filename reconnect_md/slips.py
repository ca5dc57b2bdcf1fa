"""What can be read, but can hardly be meant: days in another year, people and companies in two spellings, two notes of
one interview.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from pendulum import Date

from . import misread, phone
from .errors import Problem, problem
from .language import in_english
from .model import SKIPPED, Evaluation, Language, Method, Person, Plan, Sign, same
from .note import right_day

LONG: Final = 300
"""Days: so far ahead nobody is asked for an interview, and so long after it nobody sends a card."""

OLD: Final = 5
"""Years after which an evaluation without an outcome is hardly one."""

JUST_NOW: Final = 14
"""Days within which an interview of a year ago is one of this year, if nothing came of it."""

MOST: Final = 50
"""So many names are compared with each other, of one note, one company or one person: a vault of strangers may have
thousands.
"""

_CLOSE: Final = 0.85
"""`difflib`'s ratio from which on two names are one in two spellings; of each of their words `_CLOSE_WORD`."""

_CLOSE_WORD: Final = 0.75
_COPY: Final = re.compile(r"(?: \(?\d{1,2}\)?|[ -]+copy(?: \d+)?|\(copy\)) ?\.md$", re.IGNORECASE)
"""How systems and editors call the copy of a file: `Acme (1).md`, `Acme 1.md`, `Acme - Copy.md`, `Acme copy.md`."""

_NUMBERS: Final = re.compile(r"\d+")
_DAY: Final = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")


def among(plans: Sequence[Plan], method: Method, today: Date) -> Iterator[Problem]:
    """The slips in evaluations, and those that show only when they are seen together."""
    for plan in plans:
        yield from _dates(plan.evaluation, method, today)
        yield from _order(plan.evaluation, method, today)
        yield from _only_in_log(plan.evaluation, method)
        yield from _odd_names(plan.evaluation)
        yield from _person(plan.evaluation)
        yield from _answers(plan, method, today)
    evaluations = [plan.evaluation for plan in plans]
    yield from _twice(evaluations)
    yield from _names(evaluations)
    yield from _companies(evaluations)


def numbers(plans: Sequence[Plan], region: str | None) -> Iterator[Problem]:
    """The phone numbers that cannot be dialled, of those that are still to be called; `region` is the settings'."""
    for one in (plan.evaluation for plan in plans if plan.steps and any(step.open for step in plan.steps)):
        if one.phone and (found := phone.wrong(one.phone, one.region or region)):
            place, typed = one.places.get("phone", (1, 1)), one.phone
            yield problem(
                "impossible-phone", one.note, *place, key="phone", value=typed, why=found.why, instead=found.instead
            )


def dated(found: Problem, today: Date, language: Language) -> Problem:
    """A problem of what is no date, with the day that is meant on this day."""
    if found.typed is None:
        return found
    key, typed, near = found.typed
    typed = in_english(typed, language)
    right = right_day(found.code, key, typed, Date.fromisoformat(near) if near else None, today)
    return replace(found, remedy=problem(found.code, found.note, key=key, value="", right=right).remedy)


# --- dates ---------------------------------------------------------------------------------------------------


def _dates(evaluation: Evaluation, method: Method, today: Date) -> Iterator[Problem]:
    days = {"interviewed": evaluation.interviewed, "call_again": evaluation.call_again}
    why, remedy = _year(evaluation, today) or _ahead(evaluation, method, today) or ("", "")
    odd = {"interviewed": (why, remedy)} if why else {}
    if evaluation.call_again and evaluation.call_again > today.add(days=LONG):
        odd["call_again"] = _far(evaluation.call_again, "call_again", today)
    for key, (why, remedy) in odd.items():
        yield problem("odd-date", evaluation.note, *evaluation.place(key), key=key, value=days[key], why=why,
                      remedy=remedy)  # fmt: skip


def _year(evaluation: Evaluation, today: Date) -> tuple[str, str] | None:
    """What is wrong with the year of an interview, and what to do about it."""
    day, close = evaluation.interviewed, "close the plan with an outcome, such as outcome: no reply"
    made = {key: one for key, one in evaluation.records.items() if isinstance(one, Date)}
    named = [_valid(*map(int, found)) for found in _DAY.findall(evaluation.note.rpartition("/")[2])]
    if other := next((one for one in named if one and one.year != day.year and one == _in_year(day, one.year)), None):
        return f"the name of the note says {other}", f"write interviewed: {other}, or correct the name of the file"
    if made and (first := min(made.values())) > day.add(days=LONG):
        key = min(made, key=lambda one: made[one])
        meant = max(one for year in (first.year - 1, first.year) if (one := _in_year(day, year)) and one <= first)
        return f"that is long before {key}, {first}", f"write interviewed: {meant}, or correct {key}"
    if day > today.add(days=LONG):
        return _far(day, "interviewed", today)
    if evaluation.outcome:
        return None
    if day < today.subtract(years=OLD):
        return f"that is more than {OLD} years ago", f"correct the year, or {close}"
    meant_now = _in_year(day, day.year + 1)
    if meant_now and not made and not evaluation.log and today.subtract(days=JUST_NOW) <= meant_now <= today:
        return "that is a year ago, and nothing came of it", f"write interviewed: {meant_now}, or {close}"
    return None


def _far(day: Date, key: str, today: Date) -> tuple[str, str]:
    years = (one for year in (today.year, today.year - 1, today.year + 1) if (one := _in_year(day, year)))
    meant = min(years, key=lambda one: (abs((one - today).days), one))
    return "that is far ahead", f"write {key}: {meant}, if that is what you mean"


def _ahead(evaluation: Evaluation, method: Method, today: Date) -> tuple[str, str] | None:
    """An interview that is still to come cannot have gone well."""
    well = [step.question for step in method.steps if step.kind == "card"]
    if evaluation.interviewed > today and any(evaluation.items.get(question) for question in well):
        return "that is still to come, but it is said already what went well", "correct interviewed, or take that out"
    return None


def _valid(year: int, month: int, day: int) -> Date | None:
    try:
        return Date(year, month, day)
    except ValueError:
        return None


def _in_year(day: Date, year: int) -> Date | None:
    """The same day of another year; None where there is no such (29 February)."""
    return _valid(year, day.month, day.day)


def _order(evaluation: Evaluation, method: Method, today: Date) -> Iterator[Problem]:
    """Calls that were made before those that come before them."""
    last: tuple[str, Date] | None = None
    for step in method.steps:
        keys = [key for key in evaluation.records if step.kind == "call" and step.owns(key)]
        for key in sorted(keys, key=lambda one: (len(one), one)):
            day = evaluation.records[key]
            if not isinstance(day, Date) or not evaluation.interviewed <= day <= today:
                continue
            if last and day < last[1]:
                place = evaluation.place(key)
                yield problem("out-of-order", evaluation.note, *place, key=key, value=day, other=last[0], day=last[1])
            else:
                last = (key, day)


def _only_in_log(evaluation: Evaluation, method: Method) -> Iterator[Problem]:
    """What was made, or left out, as only the log tells."""
    last = {one.record: one for one in evaluation.log if one.sign in (Sign.DONE, Sign.SKIPPED, Sign.OPEN)}
    for key, entry in last.items() if not evaluation.outcome else ():
        if (
            entry.sign is not Sign.OPEN
            and key not in evaluation.records
            and any(step.owns(key) for step in method.steps)
        ):
            value = SKIPPED if entry.sign is Sign.SKIPPED else entry.day
            yield problem("only-in-log", evaluation.note, entry.start + 1, key=key, day=entry.day, value=value)


# --- answers ---------------------------------------------------------------------------------------------------


def _answers(plan: Plan, method: Method, today: Date) -> Iterator[Problem]:
    """Questions and better answers that are missing, as far as nothing else says so."""
    evaluation = plan.evaluation
    if evaluation.outcome or evaluation.interviewed > today:
        return
    steps = {step.question for step in method.steps}
    for question, words in method.questions.items() if evaluation.answered else ():
        if question in evaluation.asked and question not in evaluation.answered | steps:
            yield problem("empty-question", evaluation.note, evaluation.asked[question], question=words)
    for step in {step.item.line: step for step in plan.steps if step.open and step.item}.values():
        if step.item and step.reason is None:
            item, label = step.item, step.file.answer[0]
            yield problem("no-answer-yet", evaluation.note, item.line, item=item.text, label=label)


_UNDECIDED: Final = re.compile(
    r"(?:still )?(?:wait(?:ing)?|pending|open|undecided|unknown|tbd|not yet|nothing yet|in progress|ongoing)"
    r"|no (?:answer|reply|decision|response|word|outcome) (?:so far|yet)|not (?:decided|known) yet"
    r"|(?:will|they|to|must|i|i'll|i will) call\b|(?:later|soon|tomorrow|next week|maybe|[-?.…]+)\Z"
    r"|(?:noch )?(?:offen|nicht(?:s)? bekannt|unklar|ausstehend)|warte|noch (?:nichts|keine)"
    r"|pendiente|abiert[oa]|en espera|aún no|todavía no|en (?:cours|attente)|pas encore|à venir"
)
"""How people say that nothing is decided, beside the words for nothing to say."""


def in_outcome(evaluation: Evaluation, method: Method) -> Iterator[Problem]:
    """An outcome that says that there is none: the calls would not go on, however long ago that was."""
    if evaluation.outcome and (same(evaluation.outcome) in method.language.none or _is_undecided(evaluation.outcome)):
        place = evaluation.place("outcome")
        yield problem("open-outcome", evaluation.note, *place, value=evaluation.outcome)


@lru_cache(maxsize=256)
def _is_undecided(outcome: str) -> bool:
    return _UNDECIDED.match(same(outcome)) is not None


# --- people and companies ----------------------------------------------------------------------------------------


_TITLE: Final = re.compile(
    r"c(?:[etfomipsrd]|hr|is)o|[es]?vp|hr|(?:head|chief) of .+|(?:team |tech )?lead(?:er)?|owner|(?:co-?)?founder"
    r"|(?:\S+ ){0,3}(?:manager|director|president|officer|recruiter|supervisor)(?: (?:of|for) .+)?"
    r"|(?:\S+ ){0,2}(?:geschäftsführer(?:in)?|\S*leiter(?:in)?|personalchef(?:in)?)"
    r"|(?:gerente|directora?|jef[ea]|responsable|directeur|directrice|chef|cheffe)(?: .+)?"
)
"""What is a title and hardly anybody's name, as compared."""

_BEHIND: Final = re.compile(
    r"(?P<name>\w.*?)(?:\s*\((?P<inside>[^()]+)\)|(?:\s+-\s*|-\s+|\s*[–—/|;]\s*)(?P<title>\S.*))"
)
"""A name with a title behind it in another way than behind a comma."""

_BETWEEN: Final = re.compile(r"\s*;\s*|\s+(?:and|und|&|\+|/)\s+|(?<=\)),\s*")
"""What may stand between two people."""


_AND: Final = re.compile(r"\s(?:and|und|&|\+)\s")

_HYPHEN: Final = re.compile(r"\A(?:[-*•]\s+)+(?=\S)")
"""The sign of an entry, typed a second time, or in quotes with the name."""

_A_LIST: Final = "begins with the sign of a list"


def _odd_names(evaluation: Evaluation) -> Iterator[Problem]:
    """A title in the place of a name or behind it without a comma, or two people in one: that would be written on the
    card, and said aloud.
    """
    before, is_list = None, bool(evaluation.entries.get("interviewers"))
    if not is_list and any(one.name.startswith("- ") for one in evaluation.interviewers):
        people = [_entry(_HYPHEN.sub("", name), title) for name, title in evaluation.interviewers]
        value, place = "; ".join(_entry(*one) for one in evaluation.interviewers), evaluation.place("interviewers")
        yield problem("odd-name", evaluation.note, *place, value=value, why=_A_LIST, right=_apart(people))
        return
    for named in _people(evaluation):
        if found := _odd_name(named.person, before, is_list):
            value, why, right = found
            yield problem("odd-name", evaluation.note, *named.place, value=value, why=why, right=right)
        before = None if named.person.title else named.person


def _odd_name(person: Person, before: Person | None, is_list: bool) -> tuple[str, str, str] | None:
    """What would be said, why that is odd, and what to write; `before` is an entry without a title above it."""
    name, title = person
    if people := _several(name, title):
        return _entry(*person), f"names {len(people)} people", _apart([_entry(*one) for one in people], is_list)
    if is_list and (hyphen := _HYPHEN.match(name)):
        return name, _A_LIST, _entry(name[hyphen.end() :], title)
    first, behind = _behind(name)
    if _is_title(name) and (not behind or _is_title(first)):
        return name, "is a title, and no name", _with_title(before, name)
    if behind and _is_title(first):
        return name, "would be said as it stands", f"{behind}, {first}"
    if not behind or (title and not _is_title(behind)):
        return None
    right = f"{first}, {behind}"
    if title:
        right += f", and {title} as an entry of its own, if that is somebody else"
    elif not (_is_title(behind) or name.endswith(")")):
        right += f", if {behind} is a title; two people have an entry each"
    return name, "would be said as it stands", right


def _entry(name: str, title: str) -> str:
    """Somebody as they are typed."""
    return ", ".join(filter(None, (name, title)))


def _apart(people: Sequence[str], is_list: bool = False) -> str:
    """How people are to be typed: what stands behind the name of the property becomes a list on its line."""
    if is_list:
        return f"each on a line of its own: {' and '.join(f'- {one}' for one in people)}"
    return misread.listed("interviewers", people)


def _with_title(before: Person | None, title: str) -> str:
    """How a title is to be written that stands as an entry of its own; in quotes it is one in brackets, too."""
    if before is None:
        return f"the name before it: Name, {title}"
    return f"{misread.in_quotes(_entry(before.name, title))} with its quotes, as one entry for the two"


def _several(name: str, title: str) -> list[tuple[str, str]]:
    """The people that are named in one entry, each with the title; none if they may be one."""
    typed = [part for part in _BETWEEN.split(_entry(name, title)) if part]
    parts = [_HYPHEN.sub("", part) for part in typed]
    if len(parts) == 1 and title.count(",") % 2 == 0:
        words = [word.strip() for word in title.split(",")]
        people = list(zip([name, *words[1::2]], words[::2], strict=True))
    else:
        people = [_behind(part) for part in parts]
    titles = [bool(title) and _is_title(title) for _, title in people]
    named = not any(not name or name.endswith(".") or _is_title(name) for name, _ in people)
    only_names = not any(title for _, title in people) and (_AND.search(name) or parts[1:] != typed[1:])
    return people if len(people) > 1 and named and (all(titles) or only_names) else []


def _behind(words: str) -> tuple[str, str]:
    """A name and the title behind it, whatever stands between them."""
    name, _, title = words.partition(",")
    if not title and (found := _BEHIND.fullmatch(name)):
        return found["name"], (found["inside"] or found["title"]).strip()
    return name.strip(), title.strip()


def _is_title(words: str) -> bool:
    return _TITLE.fullmatch(same(words)) is not None


def _person(evaluation: Evaluation) -> Iterator[Problem]:
    """`call_to` who is none of the interviewers."""
    named, people = evaluation.call_to, evaluation.interviewers
    if not named or not people or any(same(named.name) == same(person.name) for person in people):
        return
    words = set(same(named.name).split())
    meant = [one.name for one in people if words <= set(same(one.name).split())]
    names = {same(one.name): one.name for one in people}
    meant = meant or [names[one] for one in difflib.get_close_matches(same(named.name), names, 1, 0.7)]
    others = ", or ".join(dict.fromkeys(one.name for one in people))
    right = f"call_to: {meant[0]}" if len(meant) == 1 else f"call_to: {others}; or add them to interviewers"
    place = evaluation.place("call_to")
    yield problem("unknown-person", evaluation.note, *place, key="call_to", value=named.name, right=right)


def _twice(evaluations: Sequence[Evaluation]) -> Iterator[Problem]:
    """Two notes of one interview: a copy, or one made anew."""
    alike: dict[tuple[str, Date, int], list[Evaluation]] = defaultdict(list)
    for evaluation in evaluations:
        if evaluation.company:
            alike[same(evaluation.company), evaluation.interviewed, evaluation.round].append(evaluation)
    for group in alike.values():
        # What is called a copy is one; else what says more is the note, what says less is its copy.
        group.sort(
            key=lambda one: (bool(_COPY.search(one.note)), -len(one.items) - len(one.records), len(one.note), one.note)
        )
        for number, evaluation in enumerate(group):
            if first := next((one for one in group[: min(number, MOST)] if _is_one(one, evaluation)), None):
                place = evaluation.place("interviewed")
                yield problem("twice", evaluation.note, *place, in_note=first.note, day=evaluation.interviewed)


def _is_one(one: Evaluation, other: Evaluation) -> bool:
    """Whether nothing tells two interviews of a company and a day apart."""
    facts = [(one.at, other.at), (same(one.position), same(other.position))]
    people = [{same(person.name) for person in evaluation.interviewers} for evaluation in (one, other)]
    return all(a == b for a, b in facts if a and b) and not (all(people) and people[0].isdisjoint(people[1]))


@dataclass(frozen=True, slots=True)
class _Named:
    """Somebody in a note, and where."""

    evaluation: Evaluation
    person: Person
    place: tuple[int, int]


def _people(evaluation: Evaluation) -> Iterator[_Named]:
    entries = evaluation.entries.get("interviewers", ())
    exact = len(entries) == len(evaluation.interviewers)
    for number, person in enumerate(evaluation.interviewers):
        yield _Named(evaluation, person, entries[number] if exact else evaluation.place("interviewers"))


def _names(evaluations: Sequence[Evaluation]) -> Iterator[Problem]:
    """One name in two spellings across the notes of a company; two names in one note are two people."""
    companies: dict[str, list[Evaluation]] = defaultdict(list)
    for evaluation in evaluations:
        companies[same(evaluation.company)].append(evaluation)
    for company, group in companies.items():
        seen: dict[str, _Named] = {}
        notes: dict[str, set[str]] = defaultdict(set)
        everybody = [named for one in group if company for named in list(_people(one))[:MOST]]
        for named in everybody:
            notes[same(named.person.name)].add(named.evaluation.note)
        for named in everybody:
            name = same(named.person.name)
            known = () if name in seen else tuple(seen.items())[:MOST]
            close = (one for key, one in known if notes[key].isdisjoint(notes[name]) and _is_spelled_twice(name, key))
            if other := next(close, None):
                yield _two(named, named.person.name, other.person.name, other.evaluation)
            seen.setdefault(name, named)


def _spelled(evaluation: Evaluation) -> set[str]:
    return {same(person.name) for person in evaluation.interviewers}


def _two(named: _Named, value: str, other: str, where: Evaluation) -> Problem:
    return problem("two-spellings", named.evaluation.note, *named.place, value=value, other=other, in_note=where.note)


def _is_spelled_twice(one: str, other: str) -> bool:
    words, others = (_bare(name).split() for name in (one, other))
    if len(words) != len(others) or not _is_close(" ".join(words), " ".join(others), _CLOSE):
        return False
    return all(_is_close(a, b, _CLOSE_WORD) for a, b in zip(words, others, strict=True))


def _bare(name: str) -> str:
    """A name without its accents."""
    return "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))


def _is_close(one: str, other: str, ratio: float) -> bool:
    """Whether `difflib` finds two names so much alike; what costs least is asked first, because most names are not.

    Names with other numbers in them are two (Store 1, Store 12).
    """
    if 2 * min(len(one), len(other)) < ratio * (len(one) + len(other)):
        return False
    if _NUMBERS.findall(one) != _NUMBERS.findall(other):
        return False
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    return matcher.quick_ratio() >= ratio and matcher.ratio() >= ratio


def _companies(evaluations: Sequence[Evaluation]) -> Iterator[Problem]:
    """One company in two spellings: somebody conducted interviews in both."""
    met: dict[str, dict[str, Evaluation]] = defaultdict(dict)
    said = set()
    for evaluation in evaluations:
        company = same(evaluation.company)
        for name in sorted(_spelled(evaluation))[:MOST] if company else ():
            for other, first in met[name].items():
                if other != company and evaluation.note not in said and _is_close(other, company, _CLOSE):
                    said.add(evaluation.note)
                    named = _Named(evaluation, Person(""), evaluation.place("company"))
                    yield _two(named, evaluation.company, first.company, first)
            if " " in name and len(met[name]) < MOST:
                met[name].setdefault(company, evaluation)
