"""Templates of strangers, rendered so that they can neither reach nor fill anything.

minijinja runs them with strict names and bounded fuel. Fuel counts instructions, not bytes: forty doublings of one
text would take the whole memory. So a template may print values, choose (`if`) and repeat (`for`), and nothing in it
can make a value grow: no `set`, no macro, no call, no `~ + *`, no list of its own (of lists of lists), and only
filters that keep or shorten. Nor is there a `-`: minijinja follows thousands of them until its stack ends.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

import minijinja

from .errors import TemplateFailure
from .lines import split

MOST_SOURCE: Final = 32 * 1024
"""Characters of a template."""

MOST_OUTPUT: Final = 256 * 1024
"""Characters of one script."""

FUEL: Final = 4_000
"""Instructions of one script; the shipped ones take fewer than 200."""

MOST_DEPTH: Final = 16
"""Levels of `if` and `for` in each other."""

TAGS: Final = ("if", "elif", "else", "endif", "for", "endfor")
FILTERS: Final = ("capitalize", "default", "first", "last", "length", "lower", "title", "trim", "upper")

_OPENING: Final = re.compile(r"\{[{%#]")
_STRING: Final = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_BLOCK: Final = re.compile(
    rf"\{{#.*?#\}}|\{{[{{%][-+]?(?P<code>(?:{_STRING}|[^\"'{{}}%]|[{{}}%](?!\}}))*?)[-+]?[}}%]\}}", re.DOTALL
)
_ALONE: Final = re.compile(r"^[ \t]*(\{%(?:(?!%\}).)*)%\}[ \t]*\r?\n", re.MULTILINE)
"""A line with nothing but a tag leaves no line; its end goes inside the tag, so that lines keep their numbers."""
_TOKEN: Final = re.compile(rf"\s*({_STRING}|\w+|[=!<>]=|[<>.,|()\[\]:-]|\S)", re.DOTALL)
_OPERATORS: Final = frozenset({"==", "!=", "<=", ">=", "<", ">", ".", ",", "|", "(", ")", "[", "]", ":"})
_WORDS: Final = frozenset({"if", "elif", "else", "for", "in", "and", "or", "not", "is"})
_BEFORE_BRACKET: Final = (_WORDS | _OPERATORS | {""}) - {".", "|", ")", "]"}
"""What a bracket may follow that only groups."""


def render(name: str, source: str, values: Mapping[str, Any], fuel: int = FUEL) -> str:
    """The text that `source` makes of plain `values` (text, numbers, lists, dictionaries).

    Raises `TemplateFailure` with the line, in at most some hundredths of a second.
    """
    check(source)
    environment = minijinja.Environment(
        undefined_behavior="strict", fuel=fuel, pycompat=False, keep_trailing_newline=True
    )
    try:
        text = environment.render_str(_ALONE.sub(r"\1\n%}", source), **values)
    except minijinja.TemplateError as error:
        raise _failure(error, source, values) from error
    except UnicodeEncodeError as error:
        raise TemplateFailure("it holds half a character", "save it again with the encoding UTF-8", 1) from error
    if len(text) > max(MOST_OUTPUT, fuel * 64):
        raise TemplateFailure("it makes far too much text", "look for a {% for %} inside a {% for %}", 1)
    return text


def _failure(error: minijinja.TemplateError, source: str, values: Mapping[str, Any]) -> TemplateFailure:
    kind, line = error.kind, error.line or 1
    detail = error.detail or error.message.split(" (in ")[0]
    if kind == "UndefinedError":
        name = "".join(re.findall(r"`(.+?)`", detail)[:1])
        found = re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", "".join(split(source)[line - 1 : line]))
        return TemplateFailure(detail, _names(name, values), line, found.start() + 1 if found else 1)
    if kind == "OutOfFuel":
        return TemplateFailure("it does not come to an end", "look for a {% for %} inside a {% for %}", line)
    return TemplateFailure(detail, "compare it with the shipped template of that name", line)


def _names(name: str, values: Mapping[str, Any]) -> str:
    """What to write instead of a name that is none."""
    *path, last = name.split(".")
    known: Any = values
    for one in path:
        known = known.get(one) if isinstance(known, Mapping) else None
    if not isinstance(known, Mapping):
        return "compare it with the shipped template of that name"
    close = difflib.get_close_matches(last, known, 1, cutoff=0.7)
    return f"did you mean {'.'.join([*path, *close])}?" if close else f"use one of {', '.join(sorted(known))}"


@lru_cache(maxsize=64)
def check(source: str) -> None:
    """Raise `TemplateFailure` for whatever could grow or reach; see the module's words.

    Each block is matched where it opens and nowhere else, so the time is linear in the source.
    """
    if len(source) > MOST_SOURCE:
        raise TemplateFailure("it is too long", f"keep it under {MOST_SOURCE // 1024} KB", 1)
    end = 0
    opened: list[tuple[str, int]] = []
    while opening := _OPENING.search(source, end):
        above = split(source[: opening.start()] + "x")
        line, column = len(above), len(above[-1])
        block = _BLOCK.match(source, opening.start())
        if block is None or re.search(r"\{[{%]", re.sub(_STRING, "", block["code"] or "")):
            raise TemplateFailure(f"{opening[0]} has no end", "close it, or take it out", line, column)
        if block["code"] is not None:
            tokens = list(_tokens(block["code"]))
            _check_code(tokens, opening[0] == "{%", line)
            if opening[0] == "{%":
                _check_nesting(tokens[0], opened, line)
        end = block.end()
    if opened:
        tag, line = opened[-1]
        raise TemplateFailure(f"{{% {tag} %}} has no end", f"write {{% end{tag} %}} behind what belongs to it", line)


def _check_nesting(tag: str, opened: list[tuple[str, int]], line: int) -> None:
    """Follow the blocks; `opened` are those without their end yet, each with its line."""
    if tag in ("if", "for"):
        opened.append((tag, line))
    elif tag.startswith("end") and (not opened or f"end{opened.pop()[0]}" != tag):
        raise TemplateFailure(f"{{% {tag} %}} ends nothing", "take it out, or write what it should end before it", line)
    if len(opened) > MOST_DEPTH:
        raise TemplateFailure("its blocks are nested too deeply", "take some {% if %} or {% for %} apart", line)


def _tokens(code: str) -> Iterator[str]:
    return (match[1] for match in _TOKEN.finditer(code))


def _check_code(tokens: list[str], statement: bool, line: int) -> None:
    if statement:
        if not tokens or tokens[0] not in TAGS:
            tag = tokens[0] if tokens else ""
            raise TemplateFailure(f"{{% {tag} %}} cannot be used here", "use " + ", ".join(TAGS[:5:2]), line)
        if len(tokens) == 1 and tokens[0] in ("if", "elif", "for"):
            raise TemplateFailure(f"{{% {tokens[0]} %}} is not complete", "write a name behind it", line)
        if "recursive" in tokens:
            raise TemplateFailure("a recursive {% for %} cannot be used here", "leave out `recursive`", line)
    _check_brackets(tokens, line)
    before = ""
    for token in tokens:
        is_word = token[0] in "\"'" or token[0].isalnum() or token[0] == "_"
        if not is_word and token not in _OPERATORS:
            raise TemplateFailure(f"{token} cannot be used here", "print the values one after the other", line)
        if before == "|" and token not in FILTERS:
            raise TemplateFailure(f"the filter {token} cannot be used here", "use one of " + ", ".join(FILTERS), line)
        if token == "(" and before not in _BEFORE_BRACKET | set(FILTERS):
            raise TemplateFailure("nothing can be called here", "print a value, or choose with {% if %}", line)
        before = token


def _check_brackets(tokens: list[str], line: int) -> None:
    """Brackets may group, choose an item, or hold what a filter is given; not make a list, which could hold lists."""
    before, opened = "", list[str]()
    for token in tokens:
        if (token == "[" and before in _BEFORE_BRACKET) or (token == "," and (not opened or opened[-1] not in FILTERS)):
            raise TemplateFailure("no list can be made here", "print or repeat a value", line)
        if token in ("(", "["):
            opened.append(before)
        elif token in (")", "]") and opened:
            opened.pop()
        before = token
