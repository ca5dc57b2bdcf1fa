"""Markdown as this project reads it: one parser for notes and for what we are about to write, and plain words out of
it.

CommonMark with tables, strikethrough and Obsidian's `%% comments %%`. The nesting limit is raised, because the
preset's 20 silently drops list items below level 9.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

MOST_NESTING: Final = 100

MOST_LEVELS: Final = 10
"""Levels of emphasis and links in a sentence: behind each `[` it is looked that deep for its end. For emphasis
markdown-it has no limit.
"""

LONGEST: Final = 10_000
"""Characters of a paragraph or heading in which links, emphasis and code are read."""

_SPOKEN_AWAY: Final = re.compile(
    r"%%.*?%%"  # Obsidian's comments
    r"|!\[\[[^\[\]]*\]\]"  # embeds
    r"|\[\^[^\[\]]*\]"  # footnote references
    r"|[\[(][\w -]+::(?!\w)[^\[\]()]*[\])]"  # Dataview's inline fields, but not std::vector
    r"|(?:^|\s)\^[\w-]+\s*$"  # a block id
    r"|(?:(?:^|(?<=\s))\#[^\s#\d][\w/-]*\s*)+$"  # tags at the end
    r"|^(?:\#[^\s#\d][\w/-]*\s+)+"  # tags at the start
    r"|^\[.\]\s+"  # a task's checkbox
)
_WIKILINK: Final = re.compile(r"\[\[([^\[\]]*)\]\]")
_OPENS_A_LINE: Final = re.compile(r"^(|\d+)([-+.)](?=\s|$)|[-=](?=[-=\s]*$))")
_HIGHLIGHT: Final = re.compile(r"==([^=\s](?:[^=]*[^=\s])?)==")
_FOOTNOTE: Final = re.compile(r"\[\^[^\[\]]+\]:")
_TAG: Final = re.compile(r"(^|\s)#(?=[^\s#\d])")


@cache
def parser() -> MarkdownIt:
    """The one parser. `token.map` holds lines of the text that was given, from 0."""
    markdown = MarkdownIt("commonmark", {"maxNesting": MOST_NESTING}).enable(["table", "strikethrough"])
    markdown.block.ruler.before("fence", "obsidian_comment", _comment, {"alt": ["paragraph", "blockquote", "list"]})
    markdown.block.ruler.before("fence", "footnote", _footnote, {"alt": ["paragraph"]})
    markdown.core.ruler.at("inline", _inline)
    return markdown


@cache
def _sentences() -> MarkdownIt:
    """What reads links, emphasis and code."""
    return MarkdownIt("commonmark", {"maxNesting": MOST_LEVELS}).enable("strikethrough")


def _inline(state: StateCore) -> None:
    """As markdown-it does it, but for what is no sentence: it is so long that it would take minutes, or has so many
    levels that who walks over them would come to the end of Python's stack.
    """
    for token in state.tokens:
        if token.type != "inline":
            continue
        children: list[Token] = []
        if len(token.content) <= LONGEST:
            _sentences().inline.parse(token.content, _sentences(), state.env, children)
        if not children or any(child.level > MOST_LEVELS for child in children):
            children = [Token("text", "", 0, content=token.content)]
        token.children = children


def _comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A block between a line that opens with `%%` and the next line with `%%` says nothing (Obsidian's comment)."""
    opening = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not opening.startswith("%%") or opening.find("%%", 2) >= 0:
        return False
    for line in range(start + 1, end):
        if "%%" in state.src[state.bMarks[line] : state.eMarks[line]]:
            if not silent:
                state.line = line + 1
            return True
    return False


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A paragraph with the text of a footnote (`[^1]: source`) says nothing; for CommonMark it may define a link."""
    if not _FOOTNOTE.match(state.src, state.bMarks[start] + state.tShift[start]):
        return False
    if not silent:
        state.line = next((line for line in range(start, end) if state.isEmpty(line)), end)
    return True


def too_deep(tokens: Sequence[Token]) -> int:
    """The line, from 1, where something is nested so deeply that the parser passed over it, and over all that follows;
    0 if there is none.
    """
    deep = (
        token.map[0] + 1 for token in tokens if token.nesting == 1 and token.level >= MOST_NESTING - 1 and token.map
    )
    return next(deep, 0)


def plain(inline: Token) -> str:
    """The words of an inline token: no emphasis, links' texts, nothing of images, HTML, comments, tags at the ends."""
    words, struck = [], 0
    for token in inline.children or ():
        struck += {"s_open": 1, "s_close": -1}.get(token.type, 0)
        if struck:
            continue
        if token.type in ("softbreak", "hardbreak"):
            words.append(" ")
        elif token.type in ("text", "code_inline", "text_special"):
            words.append(token.content)
    text = _HIGHLIGHT.sub(r"\1", "".join(words).strip())
    for _ in range(2):  # what was between the tags and the end is gone after the first time
        text = _SPOKEN_AWAY.sub("", text).strip()
    return " ".join(_TAG.sub(r"\1", link_text(text)).split())


def link_text(text: str) -> str:
    """Wikilinks as they show: `[[People/Ana Rivera#bio|Ana]]` is Ana, without the alias Ana Rivera."""

    def shown(match: re.Match[str]) -> str:
        target, _, alias = match[1].partition("|")
        name = target.partition("#")[0].rstrip("/").rpartition("/")[2]
        return (alias or name.removesuffix(".md")).strip()

    return _WIKILINK.sub(shown, text) if "[[" in text else text


@lru_cache(1 << 11)  # a page says the same words many times, and a watcher makes the same page again and again
def escape(text: str) -> str:
    """`text` as one line of Markdown that shows those words and means nothing: no list, task, code, link, HTML, tag,
    Templater (`<%`), Dataview (`::`), comment (`%%`, `<!--`) or highlight (`==`), wherever it is put.
    """
    line = " ".join(_printable(text).split())
    line = re.sub(r"[\\`*_\[\]<>#~|$^]|&(?=[#\w])", r"\\\g<0>", line)
    for twice in ("==", "::", "%%"):
        while twice in line:
            line = line.replace(twice, f"{twice[0]}\\{twice[0]}")
    return _OPENS_A_LINE.sub(r"\1\\\2", line.replace("<%", "<\\%").replace("<!", "<\\!"))


def _printable(text: str) -> str:
    """Without control characters, and without the invisible ones that turn the direction of what follows."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c.isspace() else _kept(c) for c in text)


def _kept(character: str) -> str:
    """Joiners belong to words (Persian, emoji); everything else unprintable is dropped."""
    return character if character in "\u200c\u200d" else ""
