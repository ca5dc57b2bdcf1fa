"""The body of a note -> the items under each question of the method, and what the log knows."""

import difflib
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import takewhile
from typing import Final, NamedTuple

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from . import fields, lines, log, markdown
from .errors import TooDeep
from .headings import LOG, MOST_UNKNOWN, Headings, names_log
from .model import Item, LogEntry, Method, same

_UNDERLINE: Final = re.compile(r" {0,3}(=+|-+)[ \t]*[\r\n]*\Z")
"""The second line of a setext heading."""

_FIELD: Final = re.compile(r"[\w -]+::(?!\w)")
"""A Dataview field on a line of its own."""

_PROPERTY: Final = re.compile(
    r"[\r\n](?P<mark>[-*+][ \t]+)?(?P<key>[Oo]utcome|[A-Za-z]\w*_\w+)[ \t]*::?[ \t]*(?P<value>[^\s:][^\r\n]*)"
)
"""What may be a property on a line of the body; other names of properties are words that begin lines of all kinds."""

_OUTCOME: Final = re.compile(
    r"[\r\n](?:[-*+][ \t]++|\#{1,6}[ \t]*+)?[*_]{0,3}(?P<key>outcome)\b[*_]{0,3}[ \t]*+(?:::?|[-–—=])?[*_]{0,3}"
    r"[ \t]*+(?:[\r\n]\s*+(?:[-*+][ \t]++)?)?(?P<value>[^\s:][^\r\n]*)",
    re.IGNORECASE,
)
"""An outcome in the words of a heading, of an item, or of a line, or right below one."""

_ENDED: Final = re.compile(
    r"(?:(?:i|we|they|he|she|it|am|is|was|were|have|has|had|been|got|made|gave|received|me|us|an?|the|just|sadly|"
    rf"unfortunately|today|yesterday) )*(?:{'|'.join(fields.OUTCOMES)}|rejection|withdrew|turned (?:me )?down)"
    r"(?: (?:me|us|today|yesterday))*"
)
"""Words, as compared, that say which of the outcomes it was, and no more."""

_LISTED: Final = re.compile(
    r"(?P<before>[ \t]*(?:[-*+][ \t]+)?)(?P<mark>[•◦‣▪●∙·⁃]|[–—](?=[ \t])|[-–—](?=[^\W\d_]|[\"'“„«‘(\[]))[ \t]*(?=\S)"
    r"|(?P<star>[ \t]*)(?:\*(?=[^\W\d_][^*]*\Z)|\+(?=[^\W\d_]))"
)
"""What people type before an item, where Markdown knows a hyphen and a blank."""

_MAY_BE_LISTED: Final = re.compile(r"[\r\n][ \t]*(?:[-*+][ \t]+)?(?:[•◦‣▪●∙·⁃–—]|[-+*](?![-+*\s]))")
_NUMBER: Final = re.compile(r"[ \t]*[-–—](?P<number>\d.*)")
"""Below nought, or an item without its blank."""

_SIGN: Final = re.compile(r"\s*[:：;=→–—]\s*|\s+-\s*|-\s+")
"""Behind a label."""

_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d\b")
_NEVER: Final = re.compile(r"(?!)")

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
                items = list(self._items(question, blocks))
                if items:
                    answered.add(question)
                said = tuple(item for item in items if same(item.text) not in self._nothing)
                self.items[question] = self.items.get(question, ()) + said
            elif len(self.unused) + len(self.own) < MOST_UNKNOWN:
                listed = any(block.type in _LISTS for block in blocks)
                meant = self._headings.meant(words) or (LOG.title() if _is_log(words, blocks) else "")
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
        if listed := self._with_hyphens(blocks, bare or typed):
            tokens, blocks = self._parsed(listed)
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

    def _with_hyphens(self, blocks: list[SyntaxTreeNode], text: str) -> str:
        """The text with a hyphen and a blank in the place of the other marks that people type before an item (`-word`,
        `– word`, `• word`). Nothing if there is none.
        """
        if not _MAY_BE_LISTED.search(text):
            return ""
        rows, asked = lines.split(text), False
        for block in blocks:
            if block.type == "heading":
                asked = self._headings.question(_words(block)) not in ("", LOG)
            for node in block.walk() if asked and block.type != "heading" else ():
                start, end = (node.map or (0, 0)) if node.type == "paragraph" else (0, 0)
                for number in range(start, end):
                    rows[number] = self._with_hyphen(rows[number], goes_on=number > start)
                    if found := _NUMBER.match(lines.bare(rows[number])):
                        self.slips.append(Slip("no-blank", number + 1, found[0].strip(), found["number"].strip()))
        listed = "".join(rows)
        return listed if listed != text else ""

    def _with_hyphen(self, row: str, goes_on: bool) -> str:
        """A line of a paragraph as an item, if a mark of one stands before it. A dash that is moved in may well be one
        of a sentence that began above it.
        """
        found = _LISTED.match(lines.bare(row))
        if not found:
            return row
        words = row[found.end() :]
        moved_in = goes_on and found["mark"] in ("–", "—") and found[0][:1].isspace() and words[:1].islower()
        if moved_in and self._answer(lines.bare(words)) is None:
            return row
        before = found["star"] if found["mark"] is None else found["before"]
        return f"{before}{'' if before.strip() else '- '}{words}"

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
        spans = [token.map for token in tokens if token.type == "inline" and token.map]
        typed = {}
        for found in (*_OUTCOME.finditer(text), *_PROPERTY.finditer(text)):
            key, value = found["key"].casefold(), found["value"].strip()
            is_one = key in fields.NAMES or any(step.owns(key) for step in self.method.steps)
            # A sentence may begin so, too: then only one of the outcomes is one.
            if key == "outcome" and (found.re is _OUTCOME or found["mark"] or found["key"] != key):
                is_one = _ENDED.fullmatch(same(value)) is not None
            if is_one:
                line = len(lines.split(text[: found.end("key")]))
                typed[line] = Slip("below-properties", line, f"{key}: {value.strip('*_ ')}", key)
        for line, slip in sorted(typed.items()):
            if any(start < line <= end for start, end in spans):
                yield slip

    def _labels(self, question: str, blocks: list[SyntaxTreeNode]) -> Iterator[Slip]:
        """Words before a colon that are a slip of a label of this question's."""
        steps = [step for step in self.method.steps if step.question == question]
        labels = {same(label): label for step in steps for label in step.answer}
        yield from self._below_words(labels, blocks) if labels else ()
        for entry in (node for block in blocks for node in block.walk() if labels and node.type == "list_item"):
            typed, colon, _ = _first_words(entry).partition(":")
            near = colon and any(abs(len(typed.strip()) - len(label)) < _NEAR for label in labels)
            close = difflib.get_close_matches(same(typed), labels, 1, _CLOSE) if near else []
            if close and same(typed) not in labels.keys() | self.method.labels:
                yield Slip("misspelt-label", (entry.map or (0, 0))[0] + 1, typed, labels[close[0]])
            nested = entry.parent is not None and entry.parent.parent is not None
            if nested and (bare := self._unsigned(_first_words(entry))) and not bare[1]:
                meant = labels.get(same(bare[0]), bare[0])
                yield Slip("misspelt-label", (entry.map or (0, 0))[0] + 1, bare[0], meant)

    def _below_words(self, labels: dict[str, str], blocks: list[SyntaxTreeNode]) -> Iterator[Slip]:
        """A label at the beginning of a line that goes on with the words above it, with another sign than a colon."""
        for inline in (node for block in blocks for node in block.walk() if node.type == "inline"):
            for number, row in enumerate(inline.content.split("\n")[1:], (inline.map or (0, 0))[0] + 2):
                typed = _SIGN.split(row, maxsplit=1)[0].strip()
                label = labels.get(same(typed)) if typed[:1].isupper() else None  # else it may be in a sentence
                if label and self._answer(row) and not row.startswith(f"{label}:"):
                    yield Slip("misspelt-label", number, typed, label)

    def _items(self, question: str, blocks: list[SyntaxTreeNode]) -> Iterator[Item]:
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
        item = self._paragraph(question, before) if before else None
        for block in found:
            words = _words(block) if block.type == "paragraph" else _first_words(block)
            if item and (answer := self._answer(words)):
                item = item._replace(answer=item.answer or answer, labelled=True)
                continue
            if item:
                yield item
            if block.type == "paragraph":
                item = self._paragraph(question, block)
            elif (item := self._item(question, block)) and (answer := self._answer(item.text)):
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

    def _paragraph(self, question: str, block: SyntaxTreeNode) -> Item:
        words, inline = self._split(question, _words(block))
        return Item(words, inline, (block.map or (0, 0))[0] + 1, bool(inline))

    def _item(self, question: str, entry: SyntaxTreeNode) -> Item | None:
        """A list item: its first paragraph, and under it the labelled nested line, else the first one."""
        words = _first_words(entry)
        if meant := self._headings.written(words):
            self.unused.append(Unused((entry.map or (0, 0))[0] + 1, words, meant))
            return None
        paragraphs = [_words(block) for block in entry.children[1:] if block.type == "paragraph"]
        lists = [block for block in entry.children if block.type in _LISTS]
        nested = [line for block in lists for below in block.children if (line := _first_words(below))]
        labelled = [answer for line in paragraphs + nested if (answer := self._nested_answer(line))]
        unlabelled = [line for line in nested if self._nested_answer(line) is None and same(line) not in self._nothing]
        words, inline = self._split(question, words)
        labelled += [inline] if inline else []
        answer = next(iter(labelled or unlabelled), None)
        # The better answer alone is typed by who would rather not repeat the other one.
        if not (words := words or answer or ""):
            return None
        return Item(words, answer, (entry.map or (0, 0))[0] + 1, bool(labelled))

    def _split(self, question: str, words: str) -> tuple[str, str | None]:
        """An item whose better answer stands on the same line: "I complained. Better: I had done ..."; behind a comma
        or the like, where the question asks for one, the label may be small.
        """
        own = tuple(label for step in self.method.steps if step.question == question for label in step.answer)
        found = _on_the_line(tuple(label for step in self.method.steps for label in step.answer), own).search(words)
        if found and (after := words[found.end() :].strip()):
            return words[: found.start()].rstrip(" ,;–—-"), after if same(after) not in self._nothing else None
        return words, None

    def _answer(self, words: str) -> str | None:
        """What stands after a label of the method's (`Better:`, `BETTER -`); None without one, empty if it says
        nothing.
        """
        label, *rest = _SIGN.split(words, maxsplit=1)
        if same(label) not in self.method.labels:
            return None
        return rest[0] if rest and same(rest[0]) not in self._nothing else ""

    def _nested_answer(self, words: str) -> str | None:
        """The same of a line below an item: there a label needs no sign behind it where a sentence begins."""
        answer = self._answer(words)
        found = self._unsigned(words) if answer is None else None
        return (found and found[1]) or answer

    def _unsigned(self, words: str) -> tuple[str, str] | None:
        """A label without a sign behind it, and the sentence that begins there; that is empty if it is not sure that
        there begins one.
        """
        found = _bare_label(tuple(label for step in self.method.steps for label in step.answer)).match(words)
        if not found:
            return None
        first, language = found["first"], self.method.language
        own = {word.casefold() for word in language.here("own_words")}
        if first.casefold() in own or first in language.here("small_words"):
            return found["label"], found["rest"]
        return (found["label"], "") if first[:1].isupper() else None

    def _read_log(self, text: list[str], line: int, blocks: list[SyntaxTreeNode]) -> None:
        """What the log says of the method's steps. Its lines are `log_start` to `log_end`, counted from 0; it ends in
        a list with that bullet, if any.
        """
        line += line < len(text) and _UNDERLINE.match(text[line]) is not None
        entries = [entry for block in blocks for entry in block.children if block.type == "bullet_list"]
        spans = [entry.map or (0, 0) for entry in entries]
        found = [log.parse(_trimmed(text[start:end]), start, self.method.language) for start, end in spans]
        named = [told for entry in found if entry and (told := self._named(entry))]
        self.log += tuple(named)
        self.slips += self._near_log(text, blocks, named)
        end = max((block.map[1] for block in blocks if block.map), default=line)
        self.log_start, self.log_end = line, line + len(_trimmed(text[line:end]))
        last = blocks[-1] if blocks else None
        goes_on = last is not None and last.type == "bullet_list" and spans
        self.log_bullet = re.match(r"[ \t]*\S[ \t]*", text[spans[-1][0]])[0] if goes_on else ""  # type: ignore[index]

    def _near_log(self, text: list[str], blocks: list[SyntaxTreeNode], told: list[LogEntry]) -> Iterator[Slip]:
        """Lines of the log that were meant to tell of a step."""
        records = [step.records for step in self.method.steps]
        known = {number for entry in told for number in range(entry.start, entry.end)}
        spans = [block.map for block in blocks if block.map and block.type in ("paragraph", *_LISTS)]
        for number in sorted({number for span in spans for number in range(*span)} - known):
            if meant := log.meant(text[number], records, self.method.language):
                yield Slip("log-line", number + 1, text[number].strip(), meant)

    def _named(self, entry: LogEntry) -> LogEntry | None:
        """The entry with the name of the property, if it tells of a step: the log writes `Fix-Call` as `Fix-Call`, and
        people write `fix call`.
        """
        for step in self.method.steps:
            written = re.sub(r"\W+", "_", step.records.casefold())
            if match := re.fullmatch(re.escape(written) + r"(_\d+)?", entry.record):
                return entry._replace(record=step.records + (match[1] or ""))
        return None


def _is_log(words: str, blocks: list[SyntaxTreeNode]) -> bool:
    """Whether a heading speaks of a log, and a line below it begins with a day."""
    entries = (entry for block in blocks if block.type in _LISTS for entry in block.children)
    return names_log(words) and any(_DAY.match(_first_words(entry)) for entry in entries)


def _either(labels: tuple[str, ...]) -> str:
    return "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))


@lru_cache(maxsize=64)
def _on_the_line(labels: tuple[str, ...], own: tuple[str, ...]) -> re.Pattern[str]:
    """A label behind other words: as it is written, or one of its `own` in any case where a comma stands before it."""
    if not labels:
        return _NEVER
    small = rf"|(?<=[,;.!?…–—-]) (?i:{_either(own)})[:：]" if own else ""
    return re.compile(rf" (?:{_either(labels)}):{small}")


@lru_cache(maxsize=64)
def _bare_label(labels: tuple[str, ...]) -> re.Pattern[str]:
    """A label without a sign behind it, and the words there."""
    if not labels:
        return _NEVER
    return re.compile(rf"(?P<label>{_either(labels)})[.,!]? (?P<rest>(?P<first>\w+).*)", re.IGNORECASE)


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
