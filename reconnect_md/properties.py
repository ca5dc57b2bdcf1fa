"""The properties (front matter) of a note: values as they were typed, the place of each, and what is wrong.

Read as YAML 1.2 core, the way Obsidian does, with one difference that people want: a scalar stays what was typed
(`+33612345678`, `010`, `no`, `2026-11-20`), and only an empty one is nothing. Python-frontmatter does the reading,
with a loader that passes over tags and refuses what a note cannot mean: the same key twice, anchors, and depths at
which libyaml crashes the process.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import frontmatter
import yaml

from .errors import Problem, problem
from .lines import BOM, bare, front_matter, split

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

_Base: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class Place(NamedTuple):
    """Where a value starts; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Properties:
    """`values`: text, list or mapping, or None where nothing was typed. `body`: index of the first line after the
    block.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    keys: Mapping[str, Place] = field(default_factory=dict)
    body: int = 0
    problems: tuple[Problem, ...] = ()

    def place(self, key: str) -> Place:
        """Where the value of `key` stands, else the first line."""
        return self.places.get(key, Place(1, 1))


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
                raise _Refused(
                    "bad-yaml", node.start_mark.line, node.start_mark.column, {"why": "no `name: value` here"}
                )
            for key, value in node.value:
                self.keys[str(key.value)] = _place(key.start_mark)
                self.places[str(key.value)] = _place(value.start_mark)
            values = loader.construct_document(node)
            return {str(key): value for key, value in values.items()}
        finally:
            loader.dispose()


def _place(mark: yaml.Mark) -> Place:
    """YAML's lines count from 0 inside the block; the file has the `---` line before it."""
    return Place(mark.line + 2, mark.column + 1)


def _check_characters(block: str) -> None:
    """The loader would say where in bytes."""
    if found := yaml.reader.Reader.NON_PRINTABLE.search(block):
        before, character = block[: found.start()], ord(found[0])
        column = len(before) - (before.rfind("\n") + 1)
        why = f"the character U+{character:04X} is not allowed"
        raise _Refused("bad-yaml", before.count("\n"), column, {"why": why})


def _check_depth(block: str) -> None:
    """Stream over the tokens (safe at any depth) before libyaml composes them (not safe)."""
    depth = 0
    for token in yaml.scan(block, Loader=_Loader):
        mark = token.start_mark
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            raise _Refused("anchor", mark.line, mark.column, {})
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
        return Properties(body=where.body, problems=(problem("unclosed-front-matter", path),))
    block = "".join(bare(line) + "\n" for line in lines[1 : where.end]).translate(_NO_LINE_END)
    if len(block.encode(errors="replace")) > MOST_BYTES:
        return Properties(body=where.body, problems=(problem("too-large", path, limit=MOST_BYTES // 1024),))
    handler = _Handler(block)
    try:
        values, _ = frontmatter.parse(text.removeprefix(BOM), handler=handler)
    except _Refused as refused:
        code, line, column, words = refused.args
        found = problem(code, path, line + 2, column + 1, **words)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark or yaml.Mark("", 0, 0, 0, "", 0)
        found = problem("bad-yaml", path, mark.line + 2, mark.column + 1, why=error.problem or error.context)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        found = problem("bad-yaml", path, 2, 1, why=str(error).split("\n")[0])
    else:
        return Properties(values, handler.places, handler.keys, where.body)
    return Properties(body=where.body, problems=(found,))
