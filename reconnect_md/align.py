"""Which elements of two sequences are the same ones: equal, and in the same order in both.

What stands once in each is held fast, then the same between those (patience diff). Other than with a longest common
subsequence, a line that stands everywhere leads nothing astray, and a page of any size takes no time.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

Pair = tuple[int, int]
"""The number of an element in the one sequence and in the other."""

Part = tuple[int, int, int, int]
"""A part of both sequences: from and to (not included) in the one, then in the other."""

SMALL: Final = 2_000
"""So many comparisons are made to see what is alike where nothing stands once."""

EFFORT: Final = 30
"""So often, on average, an element is looked at; then the next one that is equal is as good as any."""


def pairs(one: Sequence[str], other: Sequence[str]) -> list[Pair]:
    """The pairs of elements that are the same, in order."""
    found: list[Pair] = []
    parts, effort = [(0, len(one), 0, len(other))], EFFORT * (len(one) + len(other))
    while parts:
        part = parts.pop()
        inner, ends = _without_ends(one, other, part)
        found += ends
        if inner[0] == inner[1] or inner[2] == inner[3]:
            continue
        effort -= inner[1] - inner[0] + inner[3] - inner[2]
        if fixed := _fixed(one, other, inner) if effort > 0 else []:
            found += fixed
            parts += _between(fixed, inner)
        else:
            found += _alike(one, other, inner)
    return sorted(found)


def _without_ends(one: Sequence[str], other: Sequence[str], part: Part) -> tuple[Part, list[Pair]]:
    """A part without what is equal at its start and at its end."""
    a, b, c, d = part
    ends = []
    while a < b and c < d and one[a] == other[c]:
        ends.append((a, c))
        a, c = a + 1, c + 1
    while a < b and c < d and one[b - 1] == other[d - 1]:
        b, d = b - 1, d - 1
        ends.append((b, d))
    return (a, b, c, d), ends


def _fixed(one: Sequence[str], other: Sequence[str], part: Part) -> list[Pair]:
    """The pairs of what stands once in each; if there is nothing, of what stands equally often in each."""
    here, there = _numbers(one, *part[:2]), _numbers(other, *part[2:])
    equal = [(at, there[value]) for value, at in here.items() if len(there.get(value, ())) == len(at)]
    once = [(at[0], to[0]) for at, to in equal if len(at) == 1]
    return _rising(once or [pair for at, to in equal for pair in zip(at, to, strict=True)])


def _numbers(sequence: Sequence[str], start: int, end: int) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number in range(start, end):
        found[sequence[number]].append(number)
    return found


def _rising(found: list[Pair]) -> list[Pair]:
    """The most of these pairs that are in the same order in both."""
    ends: list[int] = []
    chains: list[tuple[Pair, int]] = []
    last: list[int] = []
    for pair in sorted(found):
        length = bisect_left(ends, pair[1])
        ends[length : length + 1] = [pair[1]]
        last[length : length + 1] = [len(chains)]
        chains.append((pair, last[length - 1] if length else -1))
    rising, at = [], last[-1] if last else -1
    while at >= 0:
        pair, at = chains[at]
        rising.append(pair)
    return rising[::-1]


def _between(fixed: Sequence[Pair], part: Part) -> Iterator[Part]:
    """The parts before, between and behind these pairs."""
    a, c = part[0], part[2]
    for number, its in fixed:
        yield a, number, c, its
        a, c = number + 1, its + 1
    yield a, part[1], c, part[3]


def _alike(one: Sequence[str], other: Sequence[str], part: Part) -> list[Pair]:
    """Pairs where nothing can be held fast: those of the longest runs or, in a large part, each next one."""
    a, b, c, d = part
    if (b - a) * (d - c) <= SMALL:
        blocks = SequenceMatcher(None, one[a:b], other[c:d], autojunk=False).get_matching_blocks()
        return [(a + block.a + n, c + block.b + n) for block in blocks for n in range(block.size)]
    here, found = _numbers(one, a, b), list[Pair]()
    for number in range(c, d):
        at = here.get(other[number], [])
        nth = bisect_right(at, a - 1)
        if nth < len(at):
            found.append((at[nth], number))
            a = at[nth] + 1
    return found
