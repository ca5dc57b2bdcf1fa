"""The grammar of the log's lines about steps, both ways: `- 2026-11-25 fix call no answer: Bo Li is away until Monday`.

A remark of one plain line stands behind the colon. Any other stands below, indented so that it belongs to the line of
the log whatever Markdown it is; one that would still reach beyond it (`%%` without its end, which hides the rest of a
note in Obsidian) stands in a fence.
"""

import base64
import hashlib
import re
import textwrap
from collections.abc import Iterator, Sequence
from typing import Final

from .lines import bare
from .model import LogEntry, Sign
from .values import date_and_time

WORDS: Final = {
    Sign.DONE: "",
    Sign.SKIPPED: " skipped",
    Sign.UNTRIED: " no answer taken back",
    Sign.NO_ANSWER: " no answer",
    Sign.OPEN: " taken back",
    Sign.MOVED: " moved",
}

_LINE: Final = re.compile(
    r"(?P<bullet>[ \t]*[-*+][ \t]+)(?P<day>\d{4}-\d\d-\d\d)(?:[ T]\d\d:\d\d)?[ \t]+(?P<step>[^:]*?)"
    r"(?P<words>[ ]skipped|[ ]taken back|[ ]moved(?:[ ]to[ ](?P<to>\d{4}-\d\d-\d\d))?"
    r"|[ ]no answer taken back|[ ]no answer\b[^:]*)?(?:,[ ]asked for[ ](?P<asked>\d{4}-\d\d-\d\d))?"
    r"[ \t]*(?::[ \t]?(?P<remark>.*))?\Z",
    re.IGNORECASE,
)
_PLAIN: Final = re.compile(r"(?!\d+[.)](?:\s|$))[^\W_][^\n]*\S|[^\W_]")
_FENCE: Final = re.compile(r"(?P<fence>~{3,}) remark\n(?P<remark>.*)\n(?P=fence)\Z", re.DOTALL)


def parse(raw: Sequence[str], start: int) -> LogEntry | None:
    """The entry in the lines of a list item, which begins at line `start`; None if it tells of no step."""
    match = _LINE.match(bare(raw[0]))
    day = date_and_time(match["day"]) if match else None
    if not match or not day or not match["step"]:
        return None
    words = (match["words"] or "").lower()
    to = date_and_time(match["to"] or match["asked"] or "")
    sign = next(sign for sign, said in WORDS.items() if (words.startswith(said) if said else not words))
    width = len(match["bullet"])
    below = "\n".join(_dedented(bare(line), width) for line in raw[1:])
    remark = f"{match['remark'] or ''}\n{below}".strip("\n").rstrip()
    fenced = _FENCE.match(remark)
    record = re.sub(r"\W+", "_", match["step"].strip().casefold())
    remark = fenced["remark"] if fenced else remark
    return LogEntry(day[0], record, sign, remark, to[0] if to else None, start, start + len(raw))


def forms(entry: LogEntry, bullet: str = "- ") -> Iterator[list[str]]:
    """The lines (without ends) that say it, the nicest first; which one is right depends on the note around it."""
    said = f"{bullet}{entry.day} {entry.record.replace('_', ' ')}{WORDS[entry.sign]}"
    said += f"{' to' if entry.sign is Sign.MOVED else ', asked for'} {entry.to}" if entry.to else ""
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
    if not remark:
        return "none"
    return (
        base64.b32encode(hashlib.blake2b(remark.encode(errors="surrogatepass"), digest_size=5).digest())
        .decode()
        .lower()
    )
