"""Which contacts an evaluation gives (rules 4, 5 and 6 of docs/method.md), before anything is dated; and its id."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from .digests import letters
from .model import SKIPPED, Evaluation, Item, Language, Method, Person, Plan, StepFile, same

_CLAUSE: Final = re.compile(r"[,;:.–—]\s+|\s-\s+")
"""Where another clause begins."""


class Tact(IntEnum):
    """How an item sounds when it is said to someone."""

    FINE = 0
    ODD = 1
    NEVER = 2


@dataclass(frozen=True, slots=True)
class Draft:
    """A contact without dates yet."""

    file: StepFile
    number: int
    record: str
    to: Person | None
    item: Item | None
    reserve: tuple[Item, ...] = ()


def drafts(evaluation: Evaluation, method: Method, cards: bool = True) -> Iterator[Draft]:
    """The contacts of an evaluation in order, or only the calls; a call speaks the first item that no call before it
    spoke.
    """
    used: dict[str, set[Item]] = defaultdict(set)
    for file in method.steps:
        items = evaluation.items.get(file.question, ())
        if file.kind == "card":
            yield from _cards(evaluation, file, items, method.language) if cards else ()
            continue
        numbers = sorted({*range(1, len(items) + 1), *_recorded(evaluation, file)}) if file.each else [1]
        for number in numbers:
            record = file.records if number == 1 else f"{file.records}_{number}"
            recorded = evaluation.records.get(record)
            skipped = recorded == SKIPPED
            # A call that was skipped said nothing; but with `each` its item is the one that was left out.
            left = [item for item in items if item not in used[file.question]] if file.each or not skipped else []
            if left or recorded:
                used[file.question] |= set(left[:1])
                reserve = () if file.each else tuple(left[1:])
                item = left[0] if left and not skipped else None
                yield Draft(file, number, record, evaluation.who, item, reserve)


def _recorded(evaluation: Evaluation, file: StepFile) -> list[int]:
    """With `each`: the numbers of the calls that have a record (`fix_call` is 1, `fix_call_2` is 2)."""
    tails = [key.removeprefix(file.records).removeprefix("_") for key in evaluation.records if file.owns(key)]
    return [int(tail or 1) for tail in tails if (tail.isdecimal() and len(tail) < 10) or not tail]


def _cards(evaluation: Evaluation, file: StepFile, items: tuple[Item, ...], language: Language) -> Iterator[Draft]:
    """One card for each interviewer, restating a different item while there are enough."""
    if not items and file.records not in evaluation.records:
        return
    left: list[Item] = []
    for number, person in enumerate(evaluation.interviewers or (None,)):
        left = left or list(items)
        fitting = sayable(left, person, evaluation, language) or sayable(items, person, evaluation, language)
        item = next(iter(fitting), None)
        left = [one for one in left if one is not item]
        yield Draft(file, number + 1, file.records, person, item)


def sayable(items: Sequence[Item], to: Person | None, evaluation: Evaluation, language: Language) -> list[Item]:
    """The items that sound best when said to someone, in their order; none if all speak of them."""
    sound = [(tact(item, to, evaluation.interviewers, language), item) for item in items]
    best = min((how for how, _ in sound), default=Tact.NEVER)
    return [item for how, item in sound if how is best is not Tact.NEVER]


def tact(item: Item, to: Person | None, people: Sequence[Person], language: Language) -> Tact:
    """How an item sounds to someone: never what speaks of them as if they were not there ("He showed me", to Dr. Tanaka
    "Dr. Tanaka said"); odd is what tells of a colleague, or "Ana and I both" to Ana, which is fine for Bo, and what
    perhaps speaks of them further on ("phone interview, she laughed").
    """
    words = [word for word in same(item.text).split() if word not in language.here("honorifics")]
    first = words[0] if words else ""
    with_me = any(" ".join(words[at : at + 2]) in language.here("with_me") for at in (1, 2))
    if to and first in _names(to, language):
        return Tact.ODD if with_me else Tact.NEVER
    if first in language.here("about_them"):
        return Tact.NEVER
    if any(same(clause).partition(" ")[0] in language.here("about_them") for clause in _CLAUSE.split(item.text)[1:]):
        return Tact.ODD
    return Tact.ODD if not with_me and any(first in _names(person, language) for person in people) else Tact.FINE


def _names(person: Person, language: Language) -> set[str]:
    return set(same(person.name).split()).difference(language.here("articles"), language.here("honorifics"))


def evaluation_ids(
    evaluations: Sequence[Evaluation], before: Mapping[str, Plan] = MappingProxyType({})
) -> dict[str, str]:
    """Path -> id, such as `acme-7k2f`: from what the evaluation says, not from where it is, so it survives a move.

    Company and day are enough for nearly all; alike ones are told apart by position and round, then by people, and at
    the very last by their paths. `before` are all plans that there were, by path: with the same facts they have
    the same ids.
    """
    if len(before) == len(evaluations) and all(_has_facts_of(one, before.get(one.note)) for one in evaluations):
        return {note: plan.id for note, plan in before.items()}
    ids: dict[str, str] = {}
    left = list(evaluations)
    for detail in range(4):
        alike: dict[str, list[Evaluation]] = defaultdict(list)
        for evaluation in left:
            alike[_id(evaluation, detail)].append(evaluation)
        taken = {*ids.values()}
        ids |= {group[0].note: id for id, group in alike.items() if len(group) == 1 and id not in taken}
        left = [evaluation for evaluation in left if evaluation.note not in ids]
    return ids | {evaluation.note: _id(evaluation, 4) for evaluation in left}


def _has_facts_of(evaluation: Evaluation, before: Plan | None) -> bool:
    """Whether an evaluation has all facts of an earlier one that can be in its id."""
    return before is not None and (before.evaluation is evaluation or _id(before.evaluation, 4) == _id(evaluation, 4))


def _id(evaluation: Evaluation, detail: int) -> str:
    facts = f"{same(evaluation.company)} {evaluation.interviewed}"
    if detail:  # nearly all do without
        further = [
            f"{same(evaluation.position)} {evaluation.round}",
            " ".join(same(person.name) for person in evaluation.interviewers),
            evaluation.note,
            "",
        ]
        facts = "\n".join([facts, *further[:detail]])
    return _spelled(evaluation.company, facts, detail)


@lru_cache(maxsize=8192)  # a watcher asks for the same again and again
def _spelled(company: str, facts: str, detail: int) -> str:
    ascii_name = unicodedata.normalize("NFKD", company).encode("ascii", "ignore").decode()
    name = next(iter(re.findall(r"[a-z0-9]+", ascii_name.casefold())), "interview")[:16]
    return f"{name}-{letters(facts, 5 + detail // 4 * 5)[: 4 + detail // 4 * 12]}"
