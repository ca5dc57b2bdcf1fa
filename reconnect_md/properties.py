"""The properties (front matter) of a note: values as they were typed, the place of each, and what is wrong.

Read as YAML 1.2 core, the way Obsidian does, with one difference that people want: a scalar stays what was typed
(`+33612345678`, `010`, `no`, `2026-11-20`), and only an empty one is nothing. Python-frontmatter does the reading,
with a loader that refuses what a note cannot mean: the same key twice, anchors, and depths at which libyaml crashes
the process.
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


_Loader.yaml_constructors = {
    **_Base.yaml_constructors,
    "tag:yaml.org,2002:map": lambda loader, node: loader.construct_mapping(node, deep=True),
    "tag:yaml.org,2002:seq": lambda loader, node: loader.construct_sequence(node, deep=True),
    None: lambda loader, node: loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None,
}


class _Handler(frontmatter.YAMLHandler):  # type: ignore[misc]
    """Takes the block as `lines.front_matter` cut it: the library's own cut also finds one after blank lines."""

    def __init__(self, block: str) -> None:
        super().__init__()
        self.block, self.places, self.keys = block, dict[str, Place](), dict[str, Place]()

    def split(self, text: str) -> tuple[str, str]:
        return self.block, ""

    def load(self, fm: str, **_: object) -> Any:
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
    block = "".join(bare(line) + "\n" for line in lines[1 : where.end])
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
    except yaml.reader.ReaderError as error:
        before = block[: error.position]
        line, column = before.count("\n") + 2, len(before) - (before.rfind("\n") + 1) + 1
        found = problem("bad-yaml", path, line, column, why=f"the character U+{_code_point(error):04X} is not allowed")
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        found = problem("bad-yaml", path, 2, 1, why=str(error).split("\n")[0])
    else:
        return Properties(values, handler.places, handler.keys, where.body)
    return Properties(body=where.body, problems=(found,))


def _code_point(error: yaml.reader.ReaderError) -> int:
    return error.character if isinstance(error.character, int) else ord(error.character[:1] or "\0")
