"""Problems as other programs read them: annotations on GitHub, SARIF, and one sentence that counts them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import Any, Final
from urllib.parse import quote

from .errors import CATALOGUE, Problem, Severity
from .mend import EDITS

_SARIF_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "note"}
_GITHUB_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.HINT: "notice"}
_HEAD: Final = (
    "| code | severity | for example | what it says | what to type instead | `--fix` |\n|---|---|---|---|---|---|"
)
_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def counted(problems: Sequence[Problem]) -> str:
    """`2 errors, 1 warning`, or `no problems`."""
    words = [
        f"{number} {severity.value}{'s' if number > 1 else ''}"
        for severity in Severity
        if (number := sum(one.severity is severity for one in problems))
    ]
    return ", ".join(words) or "no problems"


def table() -> str:
    """The catalogue as a Markdown table, for the page that documents it."""
    rows = [
        f"| `{code}` | {kind.severity} | {_example(kind.example)} | {_shown(kind.message)} | {_shown(kind.remedy)} "
        f"| {EDITS[code].what if code in EDITS else ''} |"
        for code, kind in CATALOGUE.items()
    ]
    return "\n".join([_HEAD, *rows, ""])


def _example(text: str) -> str:
    """What causes a problem: each of its lines as code; what is no text of a note but a situation, in words."""
    if text.startswith("a ") or " while " in text or text.startswith("two "):
        return text
    return " ↵ ".join(f"`` {line} ``" if "`" in line else f"`{line}`" for line in text.split("\n") if line).replace(
        "|", "\\|"
    )


def _shown(words: str) -> str:
    """Words of the catalogue; what is filled in stands as `...`."""
    if re.fullmatch(r"\{\w+\}", words):
        return "what fits the case"
    return re.sub(r"\{\w+\}", "`...`", words).replace("``", "` `").replace("|", "\\|")


def github(problems: Iterable[Problem]) -> Iterator[str]:
    """Workflow commands, which GitHub shows beside the lines: `::error file=a.md,line=3,col=1,title=bad-date::...`."""
    for one in problems:
        place = f"file={_property(one.note)},line={one.line},col={one.column},title={_property(one.code)}"
        yield f"::{_GITHUB_LEVELS[one.severity]} {place}::{_data(f'{one.message} ({one.remedy})')}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif(problems: Sequence[Problem]) -> dict[str, Any]:
    """A SARIF 2.1.0 log with one run; columns count characters."""
    rules = sorted({one.code for one in problems})
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "reconnect", "version": version("reconnect-md"), "rules": _rules(rules)}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, rules) for one in problems],
            }
        ],
    }


def _rules(codes: Iterable[str]) -> list[dict[str, Any]]:
    return [{"id": code, "defaultConfiguration": {"level": _SARIF_LEVELS[CATALOGUE[code].severity]}} for code in codes]


def _result(one: Problem, rules: list[str]) -> dict[str, Any]:
    place = {
        "artifactLocation": {"uri": quote(one.note, errors="surrogateescape")},
        "region": {"startLine": one.line, "startColumn": one.column},
    }
    return {
        "ruleId": one.code,
        "ruleIndex": rules.index(one.code),
        "level": _SARIF_LEVELS[one.severity],
        "message": {"text": f"{one.message} ({one.remedy})"},
        "locations": [{"physicalLocation": place}],
    }
