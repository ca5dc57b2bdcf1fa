"""The properties (front matter) of a note: values as they were typed, the place of each, and what is wrong.

Read as YAML 1.2 core, the way Obsidian does, with one difference that people want: a scalar stays what was typed
(`+33612345678`, `010`, `no`, `2026-11-20`), and only an empty one is nothing. Python-frontmatter does the reading,
with a loader that passes over tags and refuses what a note cannot mean: the same key twice, anchors, and depths at
which libyaml crashes the process.
"""

import difflib
import re
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

import frontmatter
import yaml

from . import misread
from .errors import Problem, problem
from .lines import ALMOST_RULE, BOM, bare, front_matter, split
from .misread import Misread

MOST_BYTES: Final = 64 * 1024
"""Larger blocks are not given to the YAML parser."""

MOST_DEPTH: Final = 64
"""Deeper ones neither: libyaml's composer overflows the C stack somewhere beyond 30,000."""

_STEP: Final = {
    yaml.BlockMappingStartToken: 1,
    yaml.BlockSequenceStartToken: 1,
    yaml.FlowMappingStartToken: 1,
    yaml.FlowSequenceStartToken: 1,
    yaml.BlockEndToken: -1,
    yaml.FlowMappingEndToken: -1,
    yaml.FlowSequenceEndToken: -1,
}
"""How much deeper a token leads."""

_NO_LINE_END: Final = str.maketrans(dict.fromkeys("\x85\u2028\u2029", "\xa0"))
"""Lines end here for YAML 1.1, and for libyaml, but for nobody else: a blank that is as long keeps places exact."""

_PLAINLY: Final = "write the value out, or put it in quotes"
"""What to do instead of an anchor."""

_CLOSE: Final = 0.84
"""`difflib`'s ratio from which on a name is a slip of another one."""

_YAML_NUMBER: Final = re.compile(r"(?:\+|0)\d+(?:\.\d*)?|\d+\.\d*")
"""A phone number that is not the same any more when a program has read it as a number (YAML 1.2 core, 10.3.2)."""

_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Place(NamedTuple):
    """Where a value starts; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Properties:
    """`values`: text, list or mapping, or None where nothing was typed. `body`: index of the first line after the
    block. `entries` are the places of what stands in a list.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    keys: Mapping[str, Place] = field(default_factory=dict)
    entries: Mapping[str, tuple[Place, ...]] = field(default_factory=dict)
    body: int = 0
    problems: tuple[Problem, ...] = ()
    misread: tuple[Misread, ...] = ()

    def place(self, key: str) -> Place:
        """Where the value of `key` stands, else the first line."""
        return self.places.get(key, Place(1, 1))

    def slips(self, path: str, known: Collection[str]) -> Iterator[Problem]:
        """Names that are slips of known ones, and values of known ones that YAML reads otherwise than they are meant.
        All other properties are the user's own.
        """
        for key, place in self.keys.items():
            meant = "" if key in known or re.search(r"_\d+$", key) else name_meant(key, known)
            if meant and self.values.get(meant) in (None, ""):
                right = f"write it behind {meant}, which is empty, and delete this line"
                remedy = right if meant in self.values else f"did you mean {meant}?"
                yield problem("misspelt-key", path, *place, key=key, meant=meant, remedy=remedy)
        for one in self.misread:
            if one.key in known:
                value = self.values[one.key] or "nothing"
                value = ", ".join(map(str, value)) if isinstance(value, list) else value
                code = "unopened" if one.sign else "misread"
                words = {"key": one.key, "value": value, "sign": one.sign, "remedy": one.remedy}
                yield problem(code, path, one.line, one.column, **words)


def almost_ended(rows: Sequence[str]) -> int:
    """The line, from 1, below the first that was meant as the properties' end, such as `--` or `----`; 0 if none."""
    return next((n for n, row in enumerate(rows[1:], 2) if row[:1] != " " and ALMOST_RULE.fullmatch(row)), 0)


def name_meant(key: str, known: Collection[str]) -> str:
    """The known name of which a property's is a slip; nothing if of none."""
    return _name_meant(key, tuple(known))


@lru_cache(maxsize=10_000)  # a note is read again after each slip that is put right
def _name_meant(key: str, known: tuple[str, ...]) -> str:
    typed = re.sub(r"[\s_-]+", "_", key.strip().casefold())
    typed = re.sub(r"^fo", "pho", typed)  # as it sounds
    run_together = {name.replace("_", ""): name for name in known}
    turned = [name for name in known if sorted(name) == sorted(typed)]
    close = turned or difflib.get_close_matches(typed, known, 1, cutoff=_CLOSE)
    return run_together.get(typed.replace("_", ""), "") or "".join(close[:1])


class _Refused(Exception):
    """Valid YAML that no note should hold; `args` are the problem's code, line, column and words."""


class _Loader(_Base):  # type: ignore[misc]
    """BaseLoader keeps every scalar as typed; here a plain empty one, `~` or `null` is None (YAML 1.2 core, 10.3.2)."""

    def construct_scalar(self, node: yaml.ScalarNode) -> Any:
        empty = not node.style and node.value in ("", "~", "null", "Null", "NULL")
        return None if empty else super().construct_scalar(node)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> Any:
        seen = set()
        for key, _ in node.value:
            if key.value.__hash__ and key.value in seen:
                raise _Refused("duplicate-key", key.start_mark.line, key.start_mark.column, {"key": key.value})
            seen.add(key.value if key.value.__hash__ else id(key))
        return super().construct_mapping(node, deep=True)

    def construct_untagged(self, node: Any) -> Any:
        """A value as if no tag (`!x`) stood before it."""
        if isinstance(node, yaml.MappingNode):
            return self.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return self.construct_sequence(node, deep=True)
        return self.construct_scalar(node)


_Loader.yaml_constructors = {None: _Loader.construct_untagged}


class _Handler(frontmatter.YAMLHandler):  # type: ignore[misc]
    """Takes the block as `lines.front_matter` cut it: the library's own cut also finds one after blank lines."""

    def __init__(self, block: str) -> None:
        super().__init__()
        self.block, self.places, self.keys = block, dict[str, Place](), dict[str, Place]()
        self.entries: dict[str, tuple[Place, ...]] = {}

    def split(self, text: str) -> tuple[str, str]:
        return self.block, ""

    def load(self, fm: str, **_: object) -> Any:
        _check_characters(fm)
        _check_depth(fm)
        loader = _Loader(fm)
        try:
            node = loader.get_single_node()
            if node is None:
                return {}
            if not isinstance(node, yaml.MappingNode):
                mark = node.start_mark
                if slip := misread.unspaced(fm.split("\n"), _Loader):
                    raise _Refused("bad-yaml", slip.line, slip.column, {"why": slip.why, "remedy": slip.remedy})
                raise _Refused("bad-yaml", mark.line, mark.column, {"why": "no `name: value` here"})
            for key, value in node.value:
                name = sys.intern(str(key.value))  # the same in thousands of notes
                self.keys[name] = _place(key.start_mark)
                self.places[name] = _place(value.start_mark)
                if isinstance(value, yaml.SequenceNode):
                    self.entries[name] = tuple(_place(entry.start_mark) for entry in value.value)
            values = loader.construct_document(node)
            return {sys.intern(str(key)): value for key, value in values.items()}
        finally:
            loader.dispose()


def _place(mark: yaml.Mark) -> Place:
    """YAML's lines count from 0 inside the block; the file has the `---` line before it."""
    return _at(mark.line + 2, mark.column + 1)


@lru_cache(maxsize=4096)  # so are most places
def _at(line: int, column: int) -> Place:
    return Place(line, column)


def _check_characters(block: str) -> None:
    """The loader would say where in bytes."""
    if found := yaml.reader.Reader.NON_PRINTABLE.search(block):
        before, character = block[: found.start()], ord(found[0])
        column = len(before) - (before.rfind("\n") + 1)
        why = f"the character U+{character:04X} is not allowed"
        raise _Refused("bad-yaml", before.count("\n"), column, {"why": why})


def _check_depth(block: str) -> None:
    """Stream over the tokens (safe at any depth) before libyaml composes them (not safe), unless there are so few signs
    that begin something that nothing can be deep.
    """
    if sum(map(block.count, "[{?:-")) <= MOST_DEPTH and not ("&" in block or "*" in block):
        return
    depth = 0
    for token in yaml.scan(block, Loader=_Loader):
        mark = token.start_mark
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            typed = misread.quoted(block.split("\n")[mark.line])
            raise _Refused("anchor", mark.line, mark.column, {"remedy": f"write {typed}" if typed else _PLAINLY})
        depth += _STEP.get(type(token), 0)
        if depth > MOST_DEPTH:
            raise _Refused("bad-yaml", mark.line, mark.column, {"why": "values are nested too deeply"})


def read(path: str, text: str) -> Properties:
    """The properties of a note. Never raises: what cannot be read is a problem, and then `values` is empty."""
    lines = split(text)
    where = front_matter(lines)
    if where is None:
        return Properties()
    if not where.closed:
        return Properties(body=where.body, problems=(unclosed(path, [bare(line) for line in lines]),))
    block = "".join(bare(line) + "\n" for line in lines[1 : where.end]).translate(_NO_LINE_END)
    if len(block.encode(errors="replace")) > MOST_BYTES:
        return Properties(body=where.body, problems=(problem("too-large", path, limit=MOST_BYTES // 1024),))
    handler = _Handler(block)
    try:
        values, _ = frontmatter.parse(text.removeprefix(BOM), handler=handler)
    except _Refused as refused:
        code, line, column, words = refused.args
        words = {"remedy": misread.REMEDY, **words} if code == "bad-yaml" else words
        found = problem(code, path, line + 2, column + 1, **words)
    except yaml.MarkedYAMLError as error:
        slip = misread.slip(block, error, _Loader)
        found = problem("bad-yaml", path, slip.line + 2, slip.column + 1, why=slip.why, remedy=slip.remedy)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        found = problem("bad-yaml", path, 2, 1, why=str(error).split("\n")[0], remedy=misread.REMEDY)
    else:
        rows = [bare(line) for line in lines[: where.end]]
        wrong = tuple(misread.misread(rows, handler.keys, handler.entries, values))
        return Properties(values, handler.places, handler.keys, handler.entries, where.body, misread=wrong)
    return Properties(body=where.body, problems=(found,))


def unquoted(path: str, text: str, found: Properties) -> Iterator[Problem]:
    """A phone number that other programs take for a number."""
    typed, place = found.values.get("phone"), found.place("phone")
    if isinstance(typed, str) and _YAML_NUMBER.fullmatch(typed) and _is_plain(typed, split(text), place):
        yield problem("unquoted-phone", path, *place, key="phone", value=typed)


def _is_plain(typed: str, rows: Sequence[str], place: Place) -> bool:
    """Whether a value stands without quotes: in them, it begins one character later."""
    return rows[place.line - 1].startswith(typed, place.column - 1)


def unclosed(path: str, rows: Sequence[str]) -> Problem:
    """Properties without an end, or with a line that is meant as their end."""
    meant = almost_ended(rows)
    remedy = (
        "write --- on this line, and nothing else" if meant else "type a line with only --- under the last property"
    )
    return problem("unclosed-front-matter", path, meant or 1, remedy=remedy)


def unopened(path: str, rows: Sequence[str], number: int) -> Problem:
    """A property in line `number` (from 1) of a note whose first line is not `---`; a phone makes it a dash."""
    first, is_ruled = rows[0].strip(), "".join(rows[1:2]).rstrip() == "---"
    remedy = "type a line with only --- right above the properties; nothing else may stand above them"
    if ALMOST_RULE.fullmatch(rows[0]):
        there = f"write --- in line 1, in place of {first}"
        remedy = f"delete line 1, {first}: --- has to be the first" if is_ruled else there
    return problem("no-opening", path, number, remedy=remedy)
