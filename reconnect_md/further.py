"""A further interview with an employer: what its note takes over from that of the interview before."""

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from . import properties, render
from .agenda import Unsaid, never_said
from .fields import FIELDS
from .markdown import escape
from .model import Evaluation, Method, Plan, behind

KEPT: Final = tuple(
    one.name for one in FIELDS if one.name not in ("interviewed", "interviewers", "call_again", "outcome", "round")
)
"""The properties that hold for the next interview, too."""

_NO_WIKILINK: Final = re.compile(r"[\[\]|#^]|%%")
"""What a path to which Obsidian links cannot have in it."""


def facts(text: str, evaluation: Evaluation) -> dict[str, str | int]:
    """The properties that are the same again, as they stand in the `text` of the note before; and the round."""
    found = properties.read("", text).values
    kept = {key: value for key in KEPT if isinstance(value := found.get(key), str) and value}
    return {**kept, "round": evaluation.round + 1}


def interviewers(text: str, evaluation: Evaluation) -> list[str]:
    """Who conducted the interview before, as they are spelled there."""
    typed = properties.read("", text).values.get("interviewers")
    if isinstance(typed, list) and all(isinstance(one, str) for one in typed):
        return [one for one in typed if one.strip()]
    return [", ".join(filter(None, person)) for person in evaluation.interviewers]


def callouts(plans: Sequence[Plan], name: str, method: Method) -> Iterator[str]:
    """The lines at the top of the note at path `name`: a link back to the first of these interviews, and, in quotes, so
    that none is taken for an answer, what was not said yet in any of them.
    """
    for number, (plan, left) in enumerate(zip(plans, never_said(plans), strict=True)):
        if left or not number:
            yield from [""] * bool(number)
            yield from _callout(plan, left, name, method)


def _callout(plan: Plan, left: Unsaid, name: str, method: Method) -> Iterator[str]:
    note, language = _link(plan.evaluation.note, name), method.language
    yield f"> [!todo] {language.say('not_said', note=note)}" if left else f"> {language.say('said_before', note=note)}"
    for number, (step, items) in enumerate(left):
        yield from [">"] * bool(number)
        yield f"> **{escape(step.uses[0])}**"
        for item in items:
            yield f"> - {escape(item.text)}"
            if item.answer and item.answer != item.text:
                yield f">   - {behind(method.label(step.question), escape(item.answer))}"


def _link(note: str, name: str) -> str:
    """A link to a note from the one at path `name`: Obsidian's own, unless that path can be in none."""
    path, words = note.removesuffix(".md"), PurePosixPath(note).stem
    if _NO_WIKILINK.search(path):
        return f"[{escape(words)}]({render.link(note, name)})"
    return f"[[{path}|{words}]]" if path != words else f"[[{words}]]"
