"""A call before it is made: its situations line by line, and how long they take to say."""

import math
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from pendulum import Date

from . import script
from .errors import printable
from .model import Contact, Method, Plan
from .script import Caller, Line

ANSWERS, GATEKEEPER, VOICEMAIL = "answers", "gatekeeper", "voicemail"
SITUATIONS: Final = (ANSWERS, GATEKEEPER, VOICEMAIL)
"""Who may be there: the person, somebody else, nobody."""

WORDS_A_MINUTE: Final = 150
"""How fast people speak English in conversation (National Center for Voice and Speech, Denver: "about 150 words per
minute"); other languages differ less in the time that the same thing takes than in their count of words.
"""

LONGEST_MESSAGE: Final = 40
"""Seconds; who listens to a longer one does not hear its end, which is what the call is made for."""

_WORD: Final = re.compile(r"\d|[^\W\d_]+(?:['’.-][^\W\d_]+)*")
"""A word as it is spoken: of a number every digit is one."""


class Situation(NamedTuple):
    """One of those that the script has words for: its name (`voicemail`; empty for one of the user's own), its title in
    the script, its lines, and the seconds that `spared` be if nothing were recalled in it (`aside`).
    """

    name: str
    title: str
    lines: tuple[Line, ...]
    aside: str = ""
    spared: float = 0.0

    @property
    def words(self) -> int:
        """How many are said."""
        return words(" ".join(line.text for line in self.lines if line.said))

    @property
    def seconds(self) -> float:
        """How long it takes to say."""
        return self.words * 60 / WORDS_A_MINUTE


def words(text: str) -> int:
    """How many words are spoken."""
    return len(_WORD.findall(text))


def next_call(plan: Plan) -> Contact | None:
    """The call that is to be made next."""
    return next((one for one in plan.contacts if one.step.open and one.step.file.kind == "call"), None)


def situations(contact: Contact, method: Method, caller: Caller, today: Date) -> list[Situation]:
    """What the script of a call has words for, the most likely first (after two tries the voicemail). Raises
    `TemplateFailure`.
    """
    step, plan = contact.step, contact.plan
    aside = script.values(step, plan, method, caller, today, printable)["recall"]
    full = _parted(script.render(step, plan, method, caller, today))
    short = _parted(script.render(step, plan, method, caller, today, leave_out=("recall",)))
    brief = {one.title: one.seconds for one in short}
    found = [
        one._replace(aside=aside, spared=max(0.0, one.seconds - brief.get(one.title, one.seconds))) for one in full
    ]
    likely = [part.title for part in script.parts(_headings(found), len(step.no_answer))]
    return sorted(found, key=lambda one: likely.index(one.title) if one.title else 0)


def _headings(found: list[Situation]) -> str:
    return "\n".join(f"## {one.title}\n." for one in found)


def _parted(text: str) -> list[Situation]:
    """The situations in the order of the template: the first is that they answer, the last the voicemail. What stands
    before the first belongs to each.
    """
    parts = script.parts(text)
    before = [line for part in parts if not part.title for line in script.lines(part.text)]
    titled = [part for part in parts if part.title]
    if not titled:
        return [Situation(ANSWERS, "", tuple(before))]
    between = [GATEKEEPER, *[""] * len(titled)][: max(0, len(titled) - 2)]
    names = [ANSWERS, *between, VOICEMAIL][: len(titled)]
    shown = zip(names, titled, strict=True)
    return [Situation(name, printable(part.title), (*before, *script.lines(part.text))) for name, part in shown]


def too_long(one: Situation, seconds: float) -> Iterator[str]:
    """What to leave out of a message that takes so many seconds; nothing if it is short enough, or no message."""
    over = seconds - LONGEST_MESSAGE
    if one.name != VOICEMAIL or over <= 0:
        return
    yield f"A message of more than {LONGEST_MESSAGE} seconds is too long."
    pace = seconds / (one.seconds or 1)
    spared = one.spared * pace
    if spared:
        yield f"Leave out what you recall, {one.aside} That spares {spared:.0f} seconds."
    if over > spared:
        fewer = math.ceil((over - spared) * one.words / seconds)
        less = f"{fewer} word{'s' if fewer > 1 else ''} less"
        yield f"Say {'the rest' if spared else 'it'} in {less}: make the answer in your note shorter."
    yield "The last two sentences stay: for them you call."
