"""Words that follow up instead of reconnecting: they ask for a decision, where a new reason to hire would make one.

The method's core: such a question irritates, leaves nothing else to say, and gives no reason. Only words that are said
to people are looked at, and none that stand in quotation marks: those are what *they* said.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from . import lines
from .errors import Problem, problem
from .model import Evaluation, Item, Language, Method, StepFile

_QUOTED: Final = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"")


@lru_cache(maxsize=16)
def _pattern(phrases: tuple[str, ...], own: tuple[str, ...]) -> re.Pattern[str]:
    typed = [r"\s+".join(map(re.escape, words.split())) + r"(?!\w)" for words in own]
    return re.compile(rf"(?<!\w)(?:{'|'.join([*phrases, *typed])})", re.IGNORECASE)


def found(text: str, language: Language, own: tuple[str, ...] = ()) -> Iterator[tuple[int, str]]:
    """The phrases in a text that follow up: where (in characters), and as they were typed. They are those of the
    language, and `own` words of the vault (`follow_ups` in the settings).
    """
    bare = _QUOTED.sub(lambda quoted: "\0" * len(quoted[0]), text)
    for match in _pattern(language.here("follow_ups"), own).finditer(bare):
        yield match.start(), match[0]


def in_evaluation(evaluation: Evaluation, text: str, method: Method, own: tuple[str, ...]) -> set[Problem]:
    """What of an evaluation would be said in a call or written on a card, and follows up. `text` is its note."""
    raw = [lines.bare(line) for line in lines.split(text)]
    return {
        problem("follow-up", evaluation.note, *_place(raw, item.line, phrase), phrase=phrase)
        for step in method.steps
        for item in evaluation.items.get(step.question, ())
        for _, phrase in found(_said(item, step), method.language, own)
    }


def _said(item: Item, step: StepFile) -> str:
    """The words of an item that are said: where there is a better answer to give, that one only."""
    return item.answer or "" if step.answer or item.labelled else f"{item.text}\n{item.answer or ''}"


def _place(raw: Sequence[str], line: int, phrase: str) -> tuple[int, int]:
    """Line and column of a phrase in a note, from the line of its item on."""
    for number, words in enumerate(raw[line - 1 :], line):
        if (column := words.casefold().find(phrase.casefold())) >= 0:
            return number, column + 1
    return line, 1


def in_template(path: str, text: str, language: Language, own: tuple[str, ...]) -> Iterator[Problem]:
    """What of a template of the vault's own follows up."""
    for number, line in enumerate(lines.split(text), 1):
        for column, phrase in found(line, language, own):
            yield problem("follow-up", path, number, column + 1, phrase=phrase)
