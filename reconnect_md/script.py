"""A planned step -> the words to say or to write, as its template has them.

The words in a step's template stand in quotes (`> Hello ...`); lines outside of quotes are advice. Headings part the
situations: they answer, someone else answers, voicemail.
"""

import re
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final, NamedTuple

from pendulum import Date

from . import template
from .drafts import sayable
from .errors import TemplateFailure, printable
from .model import Language, Method, PassedOver, Plan, Step, same
from .values import unquoted
from .workdays import DAY_OFF, WEEKDAYS

LONG: Final = 160
"""Characters from which on something recalled is cut to its first sentence: it is an aside, not the reason."""

MOST: Final = 2_000
"""Characters of one value: a script that prints it in a loop stays bounded."""

VOICEMAIL_FIRST: Final = 2
"""After so many tries without an answer, the last situation (voicemail) comes first (rule 8)."""

LONGEST_TOPIC: Final = 80
"""Characters; a longer text before a colon is no topic."""

_COLON: Final = re.compile(r"：|:(?=\s|\Z)")
"""The colon behind a topic, not that of 10:30."""

_TWO_ENDS: Final = re.compile(r"(?<=\w)\.\.(?=\s|\Z)")
"""What becomes of “this is {{ me }}.” for a Jordan Smith Jr."""

Shown = Callable[[str], str]
"""How a value from a note is put into the words: as it is, or escaped for Markdown."""


class Caller(NamedTuple):
    """The person who looks for a job: `me` is how they introduce themselves; `phone` may be empty; `region` says how
    they read numbers.
    """

    me: str
    phone: str
    region: str | None = None


class Part(NamedTuple):
    """One situation: its title ("They answer"; empty for what stands before the first) and its lines."""

    title: str
    text: str


class Line(NamedTuple):
    """A line of a situation: words that are `said` (or written on a card), or advice between them."""

    text: str
    said: bool


def day(date: Date, today: Date, language: Language) -> str:
    """ "Friday, 20 November", with the year where it is not this one."""
    return language.day(date, year=date.year != today.year)


def why_off(off: PassedOver, language: Language) -> str:
    """By what name a day is passed over: "Saturday", "your day off", or its holiday."""
    if off.why in WEEKDAYS:
        return language.weekday(off.date)
    return language.words["day_off"] if off.why == DAY_OFF else off.why


def render(
    step: Step,
    plan: Plan,
    method: Method,
    caller: Caller,
    today: Date,
    shown: Shown = str,
    leave_out: Collection[str] = (),
) -> str:
    """The whole script as its template has it; the names that are left out are empty. Raises `TemplateFailure`."""
    known = values(step, plan, method, caller, today, shown) | dict.fromkeys(leave_out, "")
    text = template.render(step.file.path, step.file.template, known)
    return _TWO_ENDS.sub(".", text).strip()


def plain(step: Step, plan: Plan, method: Method, caller: Caller, today: Date) -> str:
    """The same as plain text, the situations in the order in which they should be read; nothing if that fails."""
    try:
        return spoken(render(step, plan, method, caller, today), len(step.no_answer))
    except TemplateFailure:
        return ""


def values(step: Step, plan: Plan, method: Method, caller: Caller, today: Date, shown: Shown = str) -> dict[str, Any]:
    """Every name that a step's words may use; the same names as `method.SAMPLE`."""
    evaluation, language = plan.evaluation, method.language
    interviewed = day(evaluation.interviewed, today, language)
    words = {
        "me": caller.me or language.words["your_name"],
        "my_phone": caller.phone,
        "name": step.to.name if step.to else "",
        "title": step.to.title if step.to else "",
        "company": evaluation.company,
        "position": evaluation.position,
        "met": language.say("met", day=interviewed),
        "interviewed": interviewed,
        # In the templates some of them stand in quotes already.
        "recall": sentence(unquoted(_recall(step, plan, method))),
        "reason": sentence(unquoted(step.reason or "")),
        "item": sentence(unquoted(_item(step))),
        "topic": sentence(_topic(step, language)),
    }
    return {
        **{name: shown(text[:MOST]) for name, text in words.items()},
        "same_day": evaluation.interviewed == today,
        "reserve": [shown(sentence(item.text)[:MOST]) for item in step.reserve[:20]],
        "tries": len(step.no_answer),
        "number": step.number,
    }


def parts(text: str, tries: int = 0) -> list[Part]:
    """The situations of a rendered script, in the order in which they should be read."""
    found = [Part("", "")]
    for line in text.split("\n"):
        heading = re.match(r"#{1,6}\s+(.*)", line)
        found = (
            [*found, Part(heading[1].strip(), "")]
            if heading
            else [*found[:-1], Part(found[-1].title, f"{found[-1].text}{line}\n")]
        )
    found = [Part(part.title, part.text.strip()) for part in found if part.text.strip()]
    titled = [part for part in found if part.title]
    if tries >= VOICEMAIL_FIRST and len(titled) > 1:
        return [*(part for part in found if not part.title), titled[-1], *titled[:-1]]
    return found


def spoken(text: str, tries: int = 0) -> str:
    """A script as plain text: no quote marks; each situation under its title."""
    return "\n\n".join(
        "\n".join(filter(None, [part.title and f"## {part.title}", re.sub(r"^> ?", "", part.text, flags=re.MULTILINE)]))
        for part in parts(text, tries)
    )


def lines(text: str) -> list[Line]:
    """The lines of a situation, without their quote marks; those that are empty are left out."""
    found = (re.match(r"(>?) ?(.*)", line) for line in text.split("\n"))
    return [Line(printable(one[2].strip()), bool(one[1])) for one in found if one and one[2].strip()]


def sentence(words: str) -> str:
    """Words that can stand as a sentence: with an end, and without one that promises more."""
    words = words.strip()
    if not words or re.search(r"[.!?…。！？؟](?:[\"'”’)\]»]|\s)*\Z", words):
        return words
    words = words.rstrip(" ,;:–—-")
    return words + ("。" if re.search(r"[\u3040-\u30ff\u4e00-\u9fff]\Z", words) else ".")


def _topic(step: Step, language: Language) -> str:
    """What an item with a better answer is about: the words before its colon. What was said stands behind it."""
    text = step.item.text if step.item and step.file.answer else ""
    colon = _COLON.search(text)
    words = text[: colon.start()].strip() if colon else ""
    if not words or len(words) > LONGEST_TOPIC or _begins(words, language.here("own_words")):
        return ""
    return words[0].lower() + words[1:] if _begins(words, language.here("small_words")) else words


def _begins(words: str, first: Collection[str]) -> bool:
    """Whether words begin with one of these."""
    return re.match(r"\w*", words)[0] in first  # type: ignore[index]


def _item(step: Step) -> str:
    """A card has room for a sentence; a call names the whole item."""
    words = step.item.text if step.item else ""
    return _first_sentence(words) if step.file.kind == "card" else words


def _recall(step: Step, plan: Plan, method: Method) -> str:
    """One thing that connected or went well: another one for each call, rather short than long, and nothing that speaks
    of whom it is said to.
    """
    evaluation = plan.evaluation
    headings = method.headings
    connected = [headings[same(words)] for words in step.file.recalls[:1]]
    went_well = [file.question for file in method.steps if file.kind == "card"]
    items = [
        item
        for heading in (*connected, *went_well)
        for item in evaluation.items.get(headings.get(heading, heading), ())
    ]
    # Stable: everything else in the order in which it was written.
    items = sorted(sayable(items, step.to, evaluation, method.language), key=lambda item: len(item.text) > LONG)
    if not items:
        return ""
    calls = [one for one in plan.steps if one.file.kind == "call"]
    return _first_sentence(items[_position(step, calls) % len(items)].text)


def _position(step: Step, calls: Sequence[Step]) -> int:
    return next((number for number, one in enumerate(calls) if one.record == step.record), 0)


def _first_sentence(words: str) -> str:
    if len(words) <= LONG:
        return words
    end = re.search(r"(?<=\w\w[.!?])\s+(?=[^\W_a-z])", words[20:])
    return words[: 20 + end.start()] if end else words
