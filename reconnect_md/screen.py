"""The sheet of the day, and the words of one call, on a terminal: lined up, wrapped and coloured for its width.

Where that does no good (a screen reader, a pipe, a terminal that can do nothing) `sheet` has the same as plain lines.
"""

import sys
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import click
from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

from . import phone, sheet, taskline
from .model import Sign
from .script import Line, lines
from .sheet import WIDEST, Card, Cell, Entry, Section, Sheet

NARROWEST: Final = 40
"""Columns."""

WIDE: Final = 120
"""Columns from which on an entry is one row."""

FONT: Final = "future"
"""Of large type: three rows, four columns for a letter."""

ROWS_OF_WORDS: Final = 15
"""Rows of a terminal that large type leaves to the words, and to what is asked below them."""

FEW: Final = 3
"""So many contacts of a day are blocks in the strip; more are a number."""


def console() -> Console:
    """The terminal, as wide as it is; what is narrower than anything is laid out for breaks lines itself."""
    found = Console(file=sys.stdout, highlight=False, emoji=False, markup=False)
    if found.width < NARROWEST:
        found.width = NARROWEST
    return found


# --- the sheet -------------------------------------------------------------------------------------------


def whole(shown: Sheet, terminal: Console) -> str:
    """The sheet of the day, as it is printed there."""
    with terminal.capture() as captured:
        terminal.print(Text(shown.title, "bold"))
        terminal.print(Text(shown.work), end="\n\n")
        for section in shown.sections:
            terminal.print(_section(section, terminal.width >= WIDE))
            terminal.print()
        terminal.print(_week(shown, terminal.width))
        if shown.attention:
            terminal.print(Text(f"\n{shown.attention}", "yellow"))
        if first := next((one for section in shown.sections for one in section.entries), None):
            terminal.print(Text(f"\nThe words, and what came of it: reconnect today {first.number}", "dim"))
    return "\n".join(line.rstrip() for line in captured.get().rstrip().split("\n"))


def _section(section: Section, wide: bool) -> RenderableType:
    """An entry a row: the number to call and what else there is to know beside it or, where that is too wide, below."""
    late = section.title == "Late"
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(justify="right", width=2, no_wrap=True)
    for _ in range(3 if wide and section.entries else 1):
        rows.add_column(max_width=WIDEST)
    for entry in section.entries:
        pieces = [Text(entry.what), _phone(entry), _facts(entry, late)]
        rows.add_row(Text(str(entry.number), "bold"), *(pieces if wide else [Text("\n").join(filter(None, pieces))]))
    for words in section.others:
        rows.add_row(Text("·", "dim"), Text(words))
    return Group(Text(section.title, "bold red" if late else "bold"), rows)


def _phone(entry: Entry) -> Text:
    return Text(entry.phone, "bold cyan" if any(map(str.isdecimal, entry.phone)) else "dim")


def _facts(entry: Entry, late: bool) -> Text:
    """What there is to know; why it is late comes first."""
    styled = [Text(fact, "red" if late and not number else "dim") for number, fact in enumerate(entry.facts)]
    return Text(" · ", "dim").join(styled)


def _week(shown: Sheet, width: int) -> RenderableType:
    """A cell a day, and below them the names of the days that are no working days."""
    cell = min(10, (width - 2) // len(shown.week))
    strip = Table.grid()
    for _ in shown.week:
        strip.add_column(width=cell, no_wrap=True)
    strip.add_row(*(_styled(one.day.format("ddd", locale="en"), one, shown) for one in shown.week))
    strip.add_row(*(_styled(str(one.day.day), one, shown) for one in shown.week))
    strip.add_row(*(_blocks(one) for one in shown.week))
    marks = ["■ card or call"] if any(one.contacts for one in shown.week) else []
    marks += ["◆ interview"] if any(one.interviews for one in shown.week) else []
    below = [*sheet.days_off(shown.week, shown.language), *marks]
    return Group(Text("This week", "bold"), strip, *(Text(line, "dim") for line in below))


def _styled(words: str, cell: Cell, shown: Sheet) -> Text:
    return Text(words, "bold" if cell is shown.week[0] else "dim" if cell.off else "")


def _blocks(cell: Cell) -> Text:
    words = Text()
    if cell.contacts:
        words.append("■" * cell.contacts if cell.contacts <= FEW else f"{cell.contacts}■", "cyan")
    if cell.interviews:
        words.append("◆" if cell.interviews == 1 else f"{cell.interviews}◆", "magenta")
    return words if words else Text("·", "dim")


# --- the words of one contact ----------------------------------------------------------------------------


class Page(NamedTuple):
    """What of the words is on the screen at once; `…` is the title of one that goes on with the page before."""

    title: str
    rows: Sequence[Text]


def _rows(words: Sequence[Line], width: int, terminal: Console) -> list[Text]:
    """Lines as they stand on the screen, an empty one between two."""
    found = list[Text]()
    for number, line in enumerate(words):
        found += [Text("")] if number else []
        found += Text(line.text, "" if line.said else "dim italic").wrap(terminal, width)
    return found


def pages(card: Card, room: int, terminal: Console) -> list[Page]:
    """The words, in so many rows: all of them where there is room, else a situation at a time; one that is longer goes
    on on the next page.
    """
    parts = [(part.title, _rows(lines(part.text), min(WIDEST, terminal.width), terminal)) for part in card.parts]
    titled = [[*([Text(title, "bold")] if title else []), *rows, Text("")] for title, rows in parts]
    if sum(map(len, titled)) - 1 <= room:
        return [Page("", [row for rows in titled for row in rows][:-1])]
    return [
        Page("…" if start else title, [Text(title, "bold"), *rows[start : start + room - 1]])
        for title, rows in parts
        for start in range(0, len(rows), room - 1)
    ]


def head(card: Card, terminal: Console) -> RenderableType:
    """Whom to call, and the number, in large type as far as that leaves room for words; words in its place stay
    small.
    """
    number = (card.phone,) if card.tel and phone.is_number(card.phone) else ()
    for large in ((*number, card.name), number, ()):
        shown = _head(card, large, terminal.width)
        if terminal.height - _height(shown, terminal) >= ROWS_OF_WORDS:
            break
    return shown


def _head(card: Card, large: Sequence[str], width: int) -> RenderableType:
    link = Style(bold=True, color="cyan", link=f"tel:{card.tel}" if card.tel else None)
    big = [in_large_type(words, width) if words in large else [] for words in (card.name, card.phone)]
    who = Text(card.name, "bold") + Text(f", {card.about}" if card.about else "")
    number = Text(card.phone, link) + Text(f"   {card.clock}" if card.clock else "", "bold")
    rows = [*(Text(row) for row in big[0]), who, *(Text(row, "cyan") for row in big[1])]
    rows += [number] if card.phone else []
    return Group(*rows, Text(" · ".join(card.facts), "dim"), *(Text(words, "yellow") for words in card.advice))


def in_large_type(words: str, width: int) -> list[str]:
    """Words in large type, in one or two lines; nothing where there is no room, or where the type lacks one of the
    letters: a name that is not spelled right is worse than a small one, and of “ü” it has only the u.
    """
    from pyfiglet import Figlet

    type = Figlet(font=FONT, width=1000)
    known = {chr(code) for code, rows in type.Font.chars.items() if "".join(rows).strip()}
    if not words or not words.isascii() or not set(words) <= known | {" "}:
        return []
    halves = [words, *(f"{words[:at]}\n{words[at + 1 :]}" for at in _blanks(words))]
    for said in halves:
        rows = [row.rstrip() for half in said.split("\n") for row in type.renderText(half).split("\n") if row.strip()]
        if max(map(len, rows)) <= width:
            return rows
    return []


def _blanks(words: str) -> list[int]:
    """The places of the blanks, those in the middle first."""
    found = [at for at, letter in enumerate(words) if letter == " "]
    return sorted(found, key=lambda at: abs(at - len(words) / 2))


def _height(shown: RenderableType, terminal: Console) -> int:
    return len(terminal.render_lines(shown, pad=False))


# --- what became of it -----------------------------------------------------------------------------------


def ask(card: Card, full: bool, remark: list[str]) -> Sign | None:
    """What somebody says became of it; None for nothing. What else they type goes into the `remark`, line by line.
    With `full` the words stay on the screen meanwhile, and go with it. Raises `click.Abort` on Ctrl-C and Ctrl-D.
    """
    if not full:
        return _asked(card, remark, _line)
    terminal = console()
    with terminal.screen(hide_cursor=False):
        return _asked(card, remark, Full(card, terminal).line)


def _asked(card: Card, remark: list[str], line: Callable[[str], str]) -> Sign | None:
    said = keys(card.is_card)
    while True:
        typed = line(said).strip()
        sign = taskline.sign(typed) if typed else None
        if sign and not (card.is_card and sign is Sign.NO_ANSWER):
            return sign
        if sign:
            said = f"A card is sent or left out, nobody answers it.\n{keys(True)}"
            continue
        if not typed and not remark:
            return None
        remark += [typed] if typed else []
        said = f"That goes into the note with: {_marks(card.is_card)}. Ctrl-C: not at all"


def _marks(is_card: bool) -> str:
    return "x sent, - left out" if is_card else "x done, - left out, > nobody answered"


def keys(is_card: bool) -> str:
    """What can be typed."""
    return f"{_marks(is_card)}; else: a remark; Enter: back"


def _line(said: str) -> str:
    click.echo(said, err=True)
    return str(click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True))


class Full:
    """The whole terminal: its size may change between two questions."""

    def __init__(self, card: Card, terminal: Console) -> None:
        self.card, self.terminal, self.at = card, terminal, 0

    def line(self, said: str) -> str:
        """Show the words and what is asked; the number of a page shows that one, and asks again."""
        while True:
            there = self.show(said)
            typed = str(click.prompt("", default="", show_default=False, prompt_suffix="> ", err=True))
            if not (typed.isdecimal() and 1 <= int(typed) <= there and there > 1):
                return typed
            self.at = int(typed) - 1

    def show(self, said: str) -> int:
        """Put a page on the screen, below whom to call; returns how many there are."""
        terminal, top = self.terminal, head(self.card, self.terminal)
        room = max(3, terminal.height - _height(top, terminal) - _height(Text(said), terminal) - 3)
        found = pages(self.card, room, terminal)
        if len(found) > 1:  # the line of their titles needs room, too
            room = max(3, room - _height(self.titles(found), terminal))
            found = pages(self.card, room, terminal)
        self.at = min(self.at, len(found) - 1)
        terminal.clear()
        terminal.print(top, Rule(style="dim"), sep="")
        terminal.print(*(found[self.at].rows or [Text("There are no words: reconnect check says why.")]), sep="\n")
        terminal.print(Rule(style="dim"))
        if len(found) > 1:
            terminal.print(self.titles(found))
        terminal.print(Text(said, "dim"))
        return len(found)

    def titles(self, found: Sequence[Page]) -> Text:
        """The pages by their numbers."""
        words = Text()
        for number, page in enumerate(found):
            words.append("   " if number else "")
            words.append(f"{number + 1} {page.title}".replace(" ", "\u00a0"), "bold" if number == self.at else "")
        return words
