"""The grammar of the log's lines about steps, both ways: `- 2026-11-25 fix call no answer: Bo Li is away until Monday`.

A remark of one plain line stands behind the colon. Any other stands below, indented so that it belongs to the line of
the log whatever Markdown it is; one that would still reach beyond it (`%%` without its end, which hides the rest of a
note in Obsidian) stands in a fence.
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from .digests import letters
from .lines import bare
from .model import Language, LogEntry, Sign
from .values import DAY_FORM, date_and_time, date_meant

_WORDS: Final = {
    Sign.UNTRIED: "log_untried",
    Sign.NO_ANSWER: "log_no_answer",
    Sign.SKIPPED: "log_skipped",
    Sign.OPEN: "log_taken_back",
    Sign.MOVED: "log_moved",
}
"""The phrase of each sign; that a step was made needs none."""

_DAY: Final = r"\d{4}-\d\d-\d\d"
_START: Final = rf"(?P<bullet>[ \t]*[-*+][ \t]+)(?P<day>{_DAY})(?:[ T]\d\d:\d\d)?[ \t]+(?P<step>[^:]*?)"
_END: Final = r"[ \t]*(?::[ \t]?(?P<remark>.*))?\Z"
_PLAIN: Final = re.compile(r"(?!\d+[.)](?:\s|$))[^\W_][^\n]*\S|[^\W_]")
_FENCE: Final = re.compile(r"(?P<fence>~{3,}) remark\n(?P<remark>.*)\n(?P=fence)\Z", re.DOTALL)


def parse(raw: Sequence[str], start: int, language: Language) -> LogEntry | None:
    """The entry in the lines of a list item, which begins at line `start`; None if it tells of no step. It may be
    written in any language.
    """
    match = _line(*map(language.known, (*_WORDS.values(), "log_asked"))).match(bare(raw[0]))
    day = date_and_time(match["day"]) if match else None
    if not match or not day or not match["step"]:
        return None
    to = date_and_time(match["to"] or match["asked"] or "")
    sign = next((sign for sign, name in _WORDS.items() if match[name] is not None), Sign.DONE)
    width = len(match["bullet"])
    below = "\n".join(_dedented(bare(line), width) for line in raw[1:])
    remark = f"{match['remark'] or ''}\n{below}".strip("\n").rstrip()
    fenced = _FENCE.match(remark)
    record = re.sub(r"\W+", "_", match["step"].strip().casefold())
    remark = fenced["remark"] if fenced else remark
    return LogEntry(day[0], record, sign, remark, to[0] if to else None, start, start + len(raw))


def meant(row: str, records: Sequence[str], language: Language) -> str:
    """How a line has to be written that was meant to tell of a step, with its day in another form, other signs, or
    without its hyphen; nothing if it was not meant so. `records` are the properties of the steps.
    """
    found = _almost(tuple(records)).fullmatch(bare(row))
    if not found:
        return ""
    day, step = date_meant(found["day"]) or DAY_FORM, " ".join(re.split(r"[\W_]+", found["step"]))
    bullet, rest = "- 2000-01-01 ", found["rest"].strip()
    told = parse([f"{bullet}{step} {rest}"], 0, language)
    if rest and told and told.sign is not Sign.DONE:
        right = f"{step} {rest}"
    elif not rest or found["sign"]:
        right = f"{step}: {rest}" if rest else step
    else:
        return ""
    return f"- {day} {right}"


@lru_cache(maxsize=16)
def _almost(records: Sequence[str]) -> re.Pattern[str]:
    steps = "|".join(re.sub(r"[\W_]+", r"[ \\t_-]", record) for record in records)
    return re.compile(
        r"[ ]{0,3}(?:[-*+•–—][ \t]*|\d+[.)][ \t]+)?(?P<day>\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}"
        r"|\d{1,2}\.? [a-z]{3,9}\.?(?: \d{4})?|[a-z]{3,9}\.? \d{1,2}(?:,? \d{4})?)(?:[ T]\d{1,2}:\d\d)?"
        r"[ \t]*[:,;–—-]?[ \t]*"
        rf"(?P<step>(?:{steps})(?:[ _]\d+)?)\b[ \t]*(?P<sign>[:,;=–—-]?)(?P<rest>.*)",
        re.IGNORECASE,
    )


@lru_cache(maxsize=16)
def _line(
    untried: Sequence[str], no_answer: Sequence[str], skipped: Sequence[str], taken_back: Sequence[str],
    moved: Sequence[str], asked: Sequence[str],
) -> re.Pattern[str]:  # fmt: skip
    """The first line of an entry, in these words. “moved” may stand without a day, and words behind “no answer”."""

    def either(phrases: Sequence[str]) -> str:
        return "|".join(re.escape(one) for one in sorted(phrases, key=len, reverse=True))

    def before_a_day(phrases: Sequence[str]) -> str:
        return either([one.removesuffix("{day}").rstrip() for one in phrases])

    words = (
        rf"(?P<log_untried>{either(untried)})|(?P<log_no_answer>(?:{either(no_answer)})\b[^:]*)"
        rf"|(?P<log_skipped>{either(skipped)})|(?P<log_taken_back>{either(taken_back)})"
        rf"|(?P<log_moved>(?:{before_a_day(moved)})[ ](?P<to>{_DAY})|{either([one.split()[0] for one in moved])})"
    )
    asked_for = rf"(?:,[ ](?:{before_a_day(asked)})[ ](?P<asked>{_DAY}))?"
    return re.compile(rf"{_START}(?:[ ](?:{words}))?{asked_for}{_END}", re.IGNORECASE)


def forms(entry: LogEntry, language: Language, bullet: str = "- ") -> Iterator[list[str]]:
    """The lines (without ends) that say it, the nicest first; which one is right depends on the note around it."""
    said = f"{bullet}{entry.day} {entry.record.replace('_', ' ')}"
    words = language.say(_WORDS[entry.sign], day=entry.to) if entry.sign in _WORDS else ""
    if entry.sign is Sign.MOVED and not entry.to:
        words = words.split()[0]
    said += f" {words}" if words else ""
    said += f", {language.say('log_asked', day=entry.to)}" if entry.to and entry.sign is not Sign.MOVED else ""
    if not entry.remark:
        yield [said]
        return
    indent = re.sub(r"\S", " ", bullet)
    first, *rest = entry.remark.split("\n")
    fence = "~" * max([3, *(len(run) + 1 for run in re.findall(r"~+", entry.remark))])
    fenced = [f"{said}:", *_indented([f"{fence} remark", first, *rest, fence], indent)]
    if entry.remark.count("%%") % 2 or _FENCE.match(entry.remark):
        yield fenced
        return
    if _PLAIN.fullmatch(first) and first == first.strip():
        yield [f"{said}: {first}", *_indented(rest, indent)]
    yield [f"{said}:", *_indented([first, *rest], indent)]
    yield [f"{said}:", "", *_indented([first, *rest], indent)]
    yield fenced


def _indented(remark: Sequence[str], indent: str) -> list[str]:
    return [indent + line if line.strip() else line for line in remark]


def _dedented(line: str, width: int) -> str:
    return re.sub(rf"^[ \t]{{0,{width}}}", "", line)


def tidy(remark: str) -> str:
    """A remark as it is compared and carried: without common indentation, blank lines around it, and line ends."""
    return textwrap.dedent(remark.replace("\r\n", "\n").replace("\r", "\n")).strip("\n").rstrip()


def digest(remark: str) -> str:
    """Forty bits of a remark, to know again what was carried."""
    return letters(remark, 5) if remark else "none"
