"""Plans and what they show -> one page: what is open, the coming weeks as a chart, how far it all went; and back:
whether somebody typed in it.

Like the agenda it is a function of the vault and the day, and of nothing else. It is only read for its last line: that
has a digest of everything above, blanks and line ends aside. A page that does not answer to its digest holds words of
somebody, and stays.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Final
from unicodedata import category

from pendulum import Date

from . import history, learn, lines, script
from .digests import digest
from .errors import Problem
from .learn import Topic, Use
from .markdown import escape
from .model import Contact, Method, Plan, Status
from .render import link

WEEKS: Final = 3
MOST_BARS: Final = 40
"""Bars in the chart: Mermaid draws no text of more than 50,000 characters, and nobody reads more."""

MOST_TOPICS: Final = 10
"""Topics under each heading of what comes up again; `reconnect learn` tells all."""

MOST_PLACES: Final = 5
"""Of these the newest links stand there; before them how many there are besides."""

LONGEST: Final = 80
"""Characters of a name in a table."""

LONGEST_LINE: Final = 300
"""Characters of an item, and of an answer."""

LONGEST_IN_CHART: Final = 28
"""Characters of a name in the chart: so many have room in its left margin."""

_CHART: Final = """\
```mermaid
%%{init: {"gantt": {"leftPadding": 170, "barHeight": 18, "fontSize": 12, "sectionFontSize": 12}}}%%
gantt
    dateFormat YYYY-MM-DD
    tickInterval 1week
    weekday monday
    todayMarker off"""
"""How a chart begins. Where today is, a browser would say, which may show a page of last week."""

_LAST_LINE: Final = re.compile(r"<!-- [^<>]*: (?P<digest>[0-9a-f]{32}) -->")
_BETWEEN: Final = frozenset(",.&+/()’–-")
"""What a name in the chart has beside letters and numbers: to Mermaid a colon or a percent sign means something."""

_SIGNS: Final = {"card": "✉", "call": "☎"}
"""With what a bar's text begins: a first word `call` or `click` would be a command to Mermaid, and a date a date."""


class State(StrEnum):
    """What became of the page since it was made."""

    OURS = "ours"
    EDITED = "edited"
    FOREIGN = "foreign"


def state(text: str) -> State:
    """What a file is that should hold the page; one with git's conflict markers is ours if both sides are."""
    if not text.strip():
        return State.OURS
    if sides := lines.sides(text) if lines.conflict(text) else None:
        return State.OURS if {state(side) for side in sides[1:]} == {State.OURS} else State.EDITED
    if not (last := _LAST_LINE.search(text)):
        return State.FOREIGN
    is_whole = _digest(text[: last.start()]) == last["digest"] and not text[last.end() :].strip()
    return State.OURS if is_whole else State.EDITED


def _digest(page: str) -> str:
    return digest("".join(page.split())).hex()


def page(plans: Sequence[Plan], problems: Iterable[Problem], method: Method, path: str, today: Date) -> str:
    """The page's text. `path` is its own, for relative links."""
    text = "\n".join(_Page(plans, problems, method, path, today).lines()) + "\n\n"
    words = re.sub(r"[<>]|--", "", method.language.words["overview_last_line"])
    return f"{text}<!-- {words}: {_digest(text)} -->\n"


class _Page:
    """Every word of a note passes `escape`, or `_named` on its way into the chart."""

    def __init__(
        self, plans: Sequence[Plan], problems: Iterable[Problem], method: Method, path: str, today: Date
    ) -> None:
        self.plans, self.problems, self.method, self.path, self.today = plans, problems, method, path, today
        self.language = method.language
        waiting = [plan for plan in plans if not plan.evaluation.outcome]
        self.open = sorted(waiting, key=lambda plan: (_next_day(plan, today) or Date.max, plan.evaluation.note))
        self.lessons = learn.lessons(plans, method, today)

    def lines(self) -> Iterator[str]:
        yield f"# {self.say('', day=self.language.day(self.today, year=True))}"
        for heading, content in (
            ("open", self.table_of_open()),
            ("weeks", self.chart()),
            ("so_far", self.funnel()),
            ("learned", self.kept()),
            ("again", self.again()),
            ("unused", self.unused()),
            ("problems", map(self.problem, self.problems)),
        ):
            if found := list(content):
                yield from ("", f"## {self.say(heading)}", "", *found)

    # --- words -------------------------------------------------------------------------------------------

    def say(self, phrase: str, **values: object) -> str:
        return self.language.say(f"overview_{phrase}".rstrip("_"), **values)

    def day(self, day: Date) -> str:
        return script.day(day, self.today, self.language)

    def link(self, words: str, note: str) -> str:
        return f"[{escape(_cut(words, LONGEST)) or escape(note)}]({link(note, self.path)})"

    def table(self, *heads: str) -> list[str]:
        return [_row(map(self.say, heads)), _row("---" for _ in heads)]

    # --- what is open ------------------------------------------------------------------------------------

    def table_of_open(self) -> Iterator[str]:
        if not self.open:
            yield self.say("none_open")
            return
        yield from self.table("employer", "position", "interview", "next", "day")
        for plan in self.open:
            evaluation = plan.evaluation
            yield _row(
                [
                    self.link(_company(plan), evaluation.note),
                    escape(_cut(evaluation.position, LONGEST)),
                    self.day(evaluation.interviewed),
                    *self.next(plan),
                ]
            )

    def next(self, plan: Plan) -> tuple[str, str]:
        """What comes next in a plan, and when."""
        if plan.evaluation.interviewed > self.today:
            return self.say("interview"), self.day(plan.evaluation.interviewed)
        if (contact := _next(plan)) is None or (planned := contact.step.planned) is None:
            return self.say("all_said" if plan.evaluation.answered else "evaluate"), ""
        step = contact.step
        people = self.language.together([one.to.name for one in contact.steps if one.to])
        what = escape(_cut(": ".join(filter(None, [step.file.title, people])), LONGEST))
        late = step.status is Status.LATE and step.latest
        return what, self.say("late", day=self.day(late)) if late else self.day(planned)

    # --- the chart -----------------------------------------------------------------------------------------

    def chart(self) -> Iterator[str]:
        end = self.today.add(weeks=WEEKS)
        bars = [(plan, bar) for plan in self.open for bar in _bars(plan, self.today, end, self.say("interview"))]
        if not bars:
            yield self.say("calm")
            return
        yield from (_CHART, f"    axisFormat {self.say('axis')}")
        before = None
        for plan, bar in bars[:MOST_BARS]:
            if plan is not before:
                yield f"    section {_named(_company(plan)) or '·'}"
            before = plan
            yield f"    {bar}"
        yield from ("```", "", self.say("bars"))
        if len(bars) > MOST_BARS:
            yield from ("", self.say("more", count=len(bars) - MOST_BARS))

    # --- how far it went ---------------------------------------------------------------------------------

    def funnel(self) -> Iterator[str]:
        found = history.funnel(self.plans, self.today)
        yield from self.table("what", "count")
        yield _row([self.say("interviews"), str(found.interviews)])
        yield _row([self.say("cards"), self.say("of", count=found.cards_in_time, all=found.cards)])
        for phrase, count in (("calls", found.calls), ("seconds", found.seconds), ("offers", found.offers)):
            yield _row([self.say(phrase), str(count)])

    def kept(self) -> Iterator[str]:
        if not self.lessons.kept:
            return
        yield from self.table("outcome", "interviews", "in_time", "made_late", "left_out", "not_made")
        for row in self.lessons.kept:
            in_time = self.say("of", count=row.in_time, all=row.settled)
            counts = (row.interviews, in_time, row.late, row.skipped, row.not_made)
            yield _row([self.outcome(row.outcome), *map(str, counts)])
        yield from ("", self.say("learned_why"))
        few = [f"{self.outcome(row.outcome)} ({row.interviews})" for row in self.lessons.kept if row.is_few]
        if few:
            yield from ("", self.say("few", rows=", ".join(few)))

    def outcome(self, outcome: str) -> str:
        return escape(_cut(outcome, LONGEST)) or self.say("still_open")

    # --- what comes up again, and what was never said ----------------------------------------------------

    def again(self) -> Iterator[str]:
        for topic in self.lessons.again[:MOST_TOPICS]:
            yield f"- **{escape(topic.question)}:** {self.topic(topic)}"
            if topic.asks:
                best = topic.best
                answer = best and f"{self.say('best')} {_line(best.answer)} ({self.where(best)})"
                yield f"  - {answer or self.say('no_answer')}"
        yield from self.left_out(self.lessons.again)

    def unused(self) -> Iterator[str]:
        for topic in self.lessons.unused[:MOST_TOPICS]:
            use = topic.last_answered
            answer = f" → {_line(use.answer)}" if use.answer and use.answer != use.item.text else ""
            planned = f", {self.say('planned', day=self.day(topic.planned))}" if topic.planned else ""
            yield f"- {_line(use.item.text)}{answer} ({self.where(use)}{planned})"
        yield from self.left_out(self.lessons.unused)

    def left_out(self, topics: Sequence[Topic]) -> Iterator[str]:
        if len(topics) > MOST_TOPICS:
            yield from ("", self.say("more", count=len(topics) - MOST_TOPICS))

    def topic(self, topic: Topic) -> str:
        uses = {use.note: use for use in topic.uses}
        newest = list(uses.values())[-MOST_PLACES:]
        more = f"+ {len(uses) - len(newest)}, " if len(uses) > len(newest) else ""
        return f"{_line(topic.text)} ({more}{', '.join(map(self.where, newest))})"

    def where(self, use: Use) -> str:
        return self.link(_company(use.plan), use.note)

    def problem(self, found: Problem) -> str:
        line = f", {self.say('line', line=found.line)}" if found.line and found.note != self.path else ""
        return f"- {self.link(found.note, found.note)}{line}: {escape(script.sentence(found.message))}"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _company(plan: Plan) -> str:
    return plan.evaluation.company or plan.evaluation.stem


def _next(plan: Plan) -> Contact | None:
    """The open contact that is due first."""
    waiting = [one for one in plan.contacts if one.step.planned]
    return min(waiting, key=lambda one: one.step.planned or Date.max, default=None)


def _next_day(plan: Plan, today: Date) -> Date | None:
    if plan.evaluation.interviewed > today:
        return plan.evaluation.interviewed
    contact = _next(plan)
    return contact.step.planned if contact else None


def _bars(plan: Plan, today: Date, end: Date, interview: str) -> Iterator[str]:
    """The tasks of a plan in Mermaid's grammar; the end of a bar is the day behind it."""
    if today <= plan.evaluation.interviewed <= end:
        yield f"• {_named(interview)} :milestone, {plan.evaluation.interviewed}, 0d"
    for contact in plan.contacts:
        step = contact.step
        if step.planned is None or step.planned > end:
            continue
        first, sign = step.planned, _SIGNS[step.file.kind]
        last = max(step.latest or first, first)
        kind = "crit, " if step.status is Status.LATE else ""
        yield f"{sign} {_named(step.file.title)} :{kind}{first}, {last.add(days=1)}"


def _named(words: str) -> str:
    """Words as a name in the chart: letters, numbers, and what stands between them."""
    kept = (c if c.isalnum() or c in _BETWEEN or category(c)[0] == "M" else " " for c in words.replace("'", "’"))
    return _cut(" ".join("".join(kept).split()), LONGEST_IN_CHART)


def _line(words: str | None) -> str:
    return escape(_cut(words or "", LONGEST_LINE))


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"
