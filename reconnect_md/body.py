"""The body of a note -> the items under each question of the method, and what the log knows."""

import difflib
import re
from collections.abc import Iterator
from itertools import takewhile
from typing import Final, NamedTuple

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from . import fields, lines, log, markdown
from .errors import TooDeep
from .headings import LOG, MOST_UNKNOWN, Headings
from .model import Item, LogEntry, Method, same

_UNDERLINE: Final = re.compile(r" {0,3}(=+|-+)[ \t]*[\r\n]*\Z")
"""The second line of a setext heading."""

_FIELD: Final = re.compile(r"[\w -]+::(?!\w)")
"""A Dataview field on a line of its own."""

_PROPERTY: Final = re.compile(
    r"[\r\n](?P<mark>[-*+][ \t]+)?(?P<key>[Oo]utcome|[A-Za-z]\w*_\w+)[ \t]*::?[ \t]*(?P<value>[^\s:][^\r\n]*)"
)
"""What may be a property on a line of the body; other names of properties are words that begin lines of all kinds."""

_CLOSE: Final = 0.85
"""`difflib`'s ratio from which on a label is a slip; “Letter” is none for “Better” (0.83)."""

_NEAR: Final = 3
"""Letters by which the length of a slip differs at the most from that of the label."""

_LISTS: Final = ("bullet_list", "ordered_list")


class Unused(NamedTuple):
    """A heading below which nothing is used: its line from 1, its words, and the known one that may be meant."""

    line: int
    heading: str
    meant: str


class Slip(NamedTuple):
    """What takes the text below it with it, or would be said, or is not read: its line from 1, its words, and what was
    meant.
    """

    code: str
    line: int
    typed: str
    meant: str


class _Section(NamedTuple):
    """A heading and the blocks up to the next. `below`: no known one, and inside the section of a question."""

    question: str
    line: int
    words: str
    below: bool
    blocks: list[SyntaxTreeNode]


class Body:
    """The items under each question of the method, and what the log knows. Raises `TooDeep`.

    Below the headings in `own` stand lists, too, of which the method knows nothing.
    """

    def __init__(self, method: Method, text: str) -> None:
        self.method, self._headings = method, Headings(method)
        self._nothing = method.language.none
        self.items: dict[str, tuple[Item, ...]] = {}
        self.asked: dict[str, int] = {}
        self.log: tuple[LogEntry, ...] = ()
        self.log_start = 0
        self.log_end: int | None = None
        self.log_bullet = ""
        self.unused: list[Unused] = []
        self.own: list[Unused] = []
        self.slips: list[Slip] = []
        answered = set()
        for section in self._sections(text):
            question, line, words, below, blocks = section
            if question == LOG:
                self._read_log(lines.split(text), line, blocks)
            elif question:
                self.asked.setdefault(question, line)
                self.slips += self._labels(question, blocks)
                items = list(self._items(blocks))
                if items:
                    answered.add(question)
                said = tuple(item for item in items if same(item.text) not in self._nothing)
                self.items[question] = self.items.get(question, ()) + said
            elif len(self.unused) + len(self.own) < MOST_UNKNOWN:
                meant, listed = self._headings.meant(words), any(block.type in _LISTS for block in blocks)
                if meant or (below and listed):
                    self.unused.append(Unused(line, words, meant))
                elif words and listed:
                    self.own.append(Unused(line, words, meant))
        self.answered = frozenset(answered)

    def _sections(self, text: str) -> Iterator[_Section]:
        """Every heading with what stands below it; only the log may have headings of its own."""
        typed = self._headings.typed_out(text)
        tokens, blocks = self._parsed(typed)
        if bare := self._without_hyphens(blocks, typed):
            tokens, blocks = self._parsed(bare)
        self.slips += self._unclosed(lines.split(text), tokens[-1:])
        self.slips += self._below_properties(text, tokens)
        section, level = _Section("", 0, "", False, []), 0
        for block in blocks:
            if block.type != "heading":
                section.blocks.append(block)
                continue
            words, depth = _words(block), int(block.tag[1])
            question = self._headings.question(words)
            below = not question and depth > level > 0
            if not (below and section.question == LOG):
                yield section
                level = depth if question else level if below else 0
                section = _Section(question, (block.map or (0, 0))[0] + 1, words, below, [])
        yield section

    def _parsed(self, text: str) -> tuple[list[Token], list[SyntaxTreeNode]]:
        tokens = markdown.parser().parse(text)
        if line := markdown.too_deep(tokens):
            raise TooDeep(line)
        return tokens, SyntaxTreeNode(tokens).children

    def _without_hyphens(self, blocks: list[SyntaxTreeNode], text: str) -> str:
        """The text without each lone hyphen that makes a heading of what stands right below a question: that was typed
        above the template's empty bullet instead of behind it, and is an answer. Nothing if there is none.
        """
        rows, found, asked = lines.split(text), False, False
        for block in blocks:
            if block.type == "heading":
                last = (block.map or (0, 0))[1] - 1
                if asked and block.markup == rows[last].strip() == "-":
                    rows[last], found = f" {lines.ending(rows[last])}", True
                else:
                    asked = self._headings.question(_words(block)) not in ("", LOG)
            elif block.type not in _LISTS or self._says_something(block):
                asked = False
        return "".join(rows) if found else ""

    def _unclosed(self, rows: list[str], last: list[Token]) -> Iterator[Slip]:
        """Code or a comment that goes on to the end of the note, with questions in it."""
        for token in last:
            start, end = token.map or (0, 0)
            closed = "-->" in token.content if token.type == "html_block" else _is_closed(token, rows[start:end])
            below = (line.strip().lstrip("# ") for line in rows[start + 1 : end] if line.lstrip().startswith("#"))
            if token.type in ("fence", "html_block") and not closed and any(map(self._headings.question, below)):
                yield Slip("unclosed", start + 1, token.markup or "<!--", token.markup or "-->")

    def _below_properties(self, text: str, tokens: list[Token]) -> Iterator[Slip]:
        """Properties that were typed below those, at the beginning of a line: there they say nothing."""
        for found in _PROPERTY.finditer(text):
            key, value = found["key"].casefold(), found["value"].strip()
            line = len(lines.split(text[: found.end()]))
            # A sentence may begin so, too: then only one of the outcomes is one.
            is_one = key in fields.NAMES or any(step.owns(key) for step in self.method.steps)
            if key == "outcome" and (found["mark"] or found["key"] != key):
                is_one = same(value) in fields.OUTCOMES
            spans = (token.map for token in tokens if token.type == "inline" and token.map)
            if is_one and any(start < line <= end for start, end in spans):
                yield Slip("below-properties", line, f"{key}: {value}", key)

    def _labels(self, question: str, blocks: list[SyntaxTreeNode]) -> Iterator[Slip]:
        """Words before a colon that are a slip of a label of this question's."""
        steps = [step for step in self.method.steps if step.question == question]
        labels = {same(label): label for step in steps for label in step.answer}
        for entry in (node for block in blocks for node in block.walk() if labels and node.type == "list_item"):
            typed, colon, _ = _first_words(entry).partition(":")
            near = colon and any(abs(len(typed.strip()) - len(label)) < _NEAR for label in labels)
            close = difflib.get_close_matches(same(typed), labels, 1, _CLOSE) if near else []
            if close and same(typed) not in labels.keys() | self.method.labels:
                yield Slip("misspelt-label", (entry.map or (0, 0))[0] + 1, typed, labels[close[0]])
            # Without a blank behind its hyphen it is no item, but goes on with the one above.
            first = entry.children[0].children[0].content if entry.children and entry.children[0].children else ""
            for number, row in enumerate(first.split("\n")[1:], (entry.map or (0, 0))[0] + 2):
                typed, colon, _ = row.strip().partition(":")
                if colon and typed[:1] in "-*+" and same(typed[1:]) in labels:
                    yield Slip("misspelt-label", number, typed, labels[same(typed[1:])])

    def _items(self, blocks: list[SyntaxTreeNode]) -> Iterator[Item]:
        """Every list item; in a section in whose lists nothing stands, every paragraph: not everybody types behind the
        template's empty bullet.

        A better answer that is not nested belongs to what stands before it.
        """
        lists = [block for block in blocks if block.type in _LISTS and self._says_something(block)]
        found = [entry for block in lists for entry in block.children] or [
            block
            for block in blocks
            if block.type == "paragraph" and (words := _words(block)) and not _FIELD.match(words)
        ]
        first = found[0] if found else None
        before = self._before(blocks, first) if lists and first else None
        item = self._paragraph(before) if before else None
        for block in found:
            words = _words(block) if block.type == "paragraph" else _first_words(block)
            if item and (answer := self._answer(words)):
                item = item._replace(answer=item.answer or answer, labelled=True)
                continue
            if item:
                yield item
            if block.type == "paragraph":
                item = self._paragraph(block)
            elif (item := self._item(block)) and (answer := self._answer(item.text)):
                item = item._replace(text=answer, answer=answer, labelled=True)
        if item:
            yield item

    def _says_something(self, block: SyntaxTreeNode) -> bool:
        """Whether any words stand in a list, beside labels with nothing behind them."""
        said = (_words(node) for node in block.walk() if node.type in ("paragraph", "heading"))
        return any(words and self._answer(words) != "" for words in said)

    def _before(self, blocks: list[SyntaxTreeNode], first: SyntaxTreeNode) -> SyntaxTreeNode | None:
        """The paragraph to which the better answer belongs with which the first list begins."""
        if not self._answer(_first_words(first)):
            return None
        above = [block for block in takewhile(lambda one: one.type not in _LISTS, blocks) if _words(block)]
        return above[-1] if above and above[-1].type == "paragraph" else None

    def _paragraph(self, block: SyntaxTreeNode) -> Item:
        words, inline = self._split(_words(block))
        return Item(words, inline, (block.map or (0, 0))[0] + 1, bool(inline))

    def _item(self, entry: SyntaxTreeNode) -> Item | None:
        """A list item: its first paragraph, and under it the labelled nested line, else the first one."""
        words = _first_words(entry)
        if meant := self._headings.written(words):
            self.unused.append(Unused((entry.map or (0, 0))[0] + 1, words, meant))
            return None
        paragraphs = [_words(block) for block in entry.children[1:] if block.type == "paragraph"]
        lists = [block for block in entry.children if block.type in _LISTS]
        nested = [line for block in lists for below in block.children if (line := _first_words(below))]
        labelled = [answer for line in paragraphs + nested if (answer := self._answer(line))]
        unlabelled = [line for line in nested if self._answer(line) is None and same(line) not in self._nothing]
        words, inline = self._split(words)
        labelled += [inline] if inline else []
        answer = next(iter(labelled or unlabelled), None)
        # The better answer alone is typed by who would rather not repeat the other one.
        if not (words := words or answer or ""):
            return None
        return Item(words, answer, (entry.map or (0, 0))[0] + 1, bool(labelled))

    def _split(self, words: str) -> tuple[str, str | None]:
        """An item whose better answer stands on the same line: "I complained. Better: I had done ..."."""
        for label in (label for step in self.method.steps for label in step.answer):
            before, found, after = words.partition(f" {label}:")
            if found and after.strip():
                return before.strip(), after.strip() if same(after) not in self._nothing else None
        return words, None

    def _answer(self, words: str) -> str | None:
        """What stands after a label of the method's (`Better:`, `BETTER -`); None without one, empty if it says
        nothing.
        """
        label, *rest = re.split(r"\s*[:：]\s*|\s+[-–—]\s+|\s*→\s*", words, maxsplit=1)
        if same(label) not in self.method.labels:
            return None
        return rest[0] if rest and same(rest[0]) not in self._nothing else ""

    def _read_log(self, text: list[str], line: int, blocks: list[SyntaxTreeNode]) -> None:
        """What the log says of the method's steps. Its lines are `log_start` to `log_end`, counted from 0; it ends in
        a list with that bullet, if any.
        """
        line += line < len(text) and _UNDERLINE.match(text[line]) is not None
        entries = [entry for block in blocks for entry in block.children if block.type == "bullet_list"]
        spans = [entry.map or (0, 0) for entry in entries]
        found = [log.parse(_trimmed(text[start:end]), start, self.method.language) for start, end in spans]
        self.log += tuple(named for entry in found if entry and (named := self._named(entry)))
        end = max((block.map[1] for block in blocks if block.map), default=line)
        self.log_start, self.log_end = line, line + len(_trimmed(text[line:end]))
        last = blocks[-1] if blocks else None
        goes_on = last is not None and last.type == "bullet_list" and spans
        self.log_bullet = re.match(r"[ \t]*\S[ \t]*", text[spans[-1][0]])[0] if goes_on else ""  # type: ignore[index]

    def _named(self, entry: LogEntry) -> LogEntry | None:
        """The entry with the name of the property, if it tells of a step: the log writes `Fix-Call` as `Fix-Call`, and
        people write `fix call`.
        """
        for step in self.method.steps:
            written = re.sub(r"\W+", "_", step.records.casefold())
            if match := re.fullmatch(re.escape(written) + r"(_\d+)?", entry.record):
                return entry._replace(record=step.records + (match[1] or ""))
        return None


def _is_closed(fence: Token, rows: list[str]) -> bool:
    """Whether the last line of a block of code closes it."""
    last = rows[-1].strip() if len(rows) > 1 else ""
    return last.startswith(fence.markup) and not last.strip(fence.markup[:1])


def _trimmed(text: list[str]) -> list[str]:
    """Lines without the blank ones at their end."""
    last = max((number for number, line in enumerate(text) if line.strip()), default=-1)
    return text[: last + 1]


def blanked(text: str, body: int) -> str:
    """The text with empty lines for the properties: Markdown would take them for a rule and a heading, and lines keep
    their numbers. NUL becomes a blank.
    """
    kept = "".join("\n" if number < body else line for number, line in enumerate(lines.split(text)))
    return kept.replace("\0", " ")


def of_note(text: str, method: Method) -> Body:
    """The body of a whole note, which may have properties above it. Raises `TooDeep`."""
    where = lines.front_matter(lines.split(text))
    return Body(method, blanked(text, where.body if where else 0))


def _words(block: SyntaxTreeNode) -> str:
    """The plain words of a heading or paragraph."""
    inline = next((child for child in block.children if child.type == "inline"), None)
    return markdown.plain(inline.token) if inline and inline.token else ""


def _first_words(entry: SyntaxTreeNode) -> str:
    """The words of a list item before anything nested. An empty bullet below them (`-`) makes them a heading for
    CommonMark, but for nobody else.
    """
    first = entry.children[0] if entry.children else None
    return _words(first) if first and (first.type == "paragraph" or first.markup == "-") else ""
