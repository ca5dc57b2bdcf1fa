"""`reconnect learn`: what all interviews show together."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from .. import learn as lessons
from .. import reading, report
from ..agenda import ASKED
from ..errors import printable
from ..learn import FEW, Lessons, Topic, Use
from ..outlook import Outlook
from .finding import find, in_force
from .options import date_option, examples, json_option, vault_argument
from .printing import complain, echo, exit_code, print_json


@click.command(epilog=examples("learn", "learn ~/job-search --json"))
@vault_argument
@date_option
@json_option
def learn(vault: Path | None, today: Any, as_json: bool) -> int:
    """Show how the plan was kept, and what comes up again.

    How it was kept stands beside what came of the interviews. Answers that you never used are shown, too. Everything is
    counted from your notes; of few interviews nothing can be said, so the numbers stand in each line.
    """
    found = find(vault)
    frame = in_force(found)
    seen = reading.everything(found, frame, today or frame.today)
    learned = lessons.lessons(seen.plans, frame.method, seen.today)
    if as_json:
        print_json(_json(learned, seen))
    else:
        echo("".join(f"{printable(line)}\n" for line in told(learned)), nl=False)
    complain(one for one in seen.problems if one.code not in ASKED)
    return exit_code(seen.problems)


def _json(learned: Lessons, seen: Outlook) -> dict[str, Any]:
    return {
        "today": seen.today.isoformat(),
        "few": FEW,
        "kept": [
            {**row._asdict(), "outcome": row.outcome or None, "settled": row.settled, "is_few": row.is_few}
            for row in learned.kept
        ],
        "again": [{**_topic(topic), "best": _use(topic.best) if topic.best else None} for topic in learned.again],
        "unused": [{**_topic(topic), "planned": topic.planned and str(topic.planned)} for topic in learned.unused],
        "problems": [report.problem_json(one) for one in seen.problems],
    }


def _topic(topic: Topic) -> dict[str, Any]:
    return {"question": topic.question, "text": topic.text, "uses": [_use(use) for use in topic.uses]}


def _use(use: Use) -> dict[str, Any]:
    return {
        "note": use.note,
        "line": use.item.line,
        "text": use.item.text,
        "answer": use.answer,
        "said": use.said.isoformat() if use.said else None,
        "outcome": use.plan.evaluation.outcome,
    }


def told(learned: Lessons) -> Iterator[str]:
    """The lines that it prints for people."""
    if not learned.kept:
        yield "There is no interview yet that anything could be learned from."
        return
    yield "How you kept the plan: contacts made in time, of those made or skipped"
    width = max(len(row.outcome or "still open") for row in learned.kept)
    for row in learned.kept:
        left = f", {row.not_made} not made before it ended" if row.not_made else ""
        few = "; too few to say anything" if row.is_few else ""
        yield (
            f"  {row.outcome or 'still open':{width}}  {_count(row.interviews, 'interview')}: {row.in_time} of "
            f"{row.settled} in time, {row.late} late, {row.skipped} skipped{left}{few}"
        )
    yield from ("", "What comes up again" if learned.again else "Nothing comes up in two interviews.")
    for topic in learned.again:
        yield f"  {topic.question}: {topic.text}"
        yield f"    in {_count(len(topic.notes), 'interview')}: {', '.join(map(_place, _first_of_each(topic)))}"
        if best := topic.best if topic.asks else None:
            yield f"    best answer so far ({_place(best)}{_became(best)}): {best.answer}"
        elif topic.asks:
            yield "    no answer yet"
    yield from ("", "Never said yet" if learned.unused else "Every answer was said in some call.")
    for topic in learned.unused:
        use = topic.last_answered
        answer = f" -> {use.answer}" if use.answer != use.item.text else ""
        planned = f" (planned for {topic.planned})" if topic.planned else ""
        yield f"  {use.item.text}{answer}{planned}"
        yield f"    {_place(use)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _first_of_each(topic: Topic) -> list[Use]:
    return list({use.note: use for use in reversed(topic.uses)}.values())[::-1]


def _place(use: Use) -> str:
    return f"{use.note}:{use.item.line}"


def _became(use: Use) -> str:
    """What is known of an answer: when it was said, and what came of that interview."""
    said = f", said on {use.said}" if use.said else ", not said yet"
    return said + (f", then: {use.plan.evaluation.outcome}" if use.said and use.plan.evaluation.outcome else "")
