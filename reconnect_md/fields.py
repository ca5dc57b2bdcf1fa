"""The properties of an evaluation: one table for the parser, the schema, Obsidian's property types and the docs."""

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, Literal, NamedTuple

Type = Literal["text", "list", "date", "date or time", "number"]


class Field(NamedTuple):
    """A property: its name, the sort of its value, what it is for, and an example as it is typed."""

    name: str
    type: Type
    what: str
    example: str


FIELDS: Final = (
    Field("interviewed", "date or time", "when the interview was, or will be: with it a note is an evaluation",
          "2026-11-20T14:00"),
    Field("company", "text", "the employer", "Acme Logistics"),
    Field("position", "text", "what the interview was about", "Operations manager"),
    Field("interviewers", "list", "who conducted it, one an entry: name, title", "Ana Rivera, Director of operations"),
    Field("call_to", "text", "whom to call; the first interviewer if empty", "Bo Li"),
    Field("phone", "text", "the number to call, in quotes", '"+1 512 555 0142"'),
    Field("email", "text", "for you; nothing is sent", "ana.rivera@acme.example"),
    Field("region", "text", "the employer's country or state, for public holidays; the settings' if empty", "US-TX"),
    Field("timezone", "text", "the employer's; the agenda then shows their time beside yours", "America/Chicago"),
    Field("call_again", "date", "the day on which they want to be called; a time may stand behind it", "2026-11-27"),
    Field("outcome", "text", "what came of it; any word ends the plan", "second interview"),
    Field("round", "number", "which interview it was at this company", "2"),
    Field("next_contact", "date",
          "when the next call or card is due, or was; `reconnect` writes it if the settings say so", "2026-11-27"),
)  # fmt: skip

NAMES: Final = tuple(field.name for field in FIELDS)

SECOND, WITHDRAWN, OFFERS = "second interview", "withdrawn", ("offer", "hired")
OUTCOMES: Final = ("hired", "offer", SECOND, "no reply", WITHDRAWN, "rejected")
"""The outcomes that are named in the docs, the best first. Any other words are an outcome, too."""

_DATE: Final = r"^\d{4}-\d\d-\d\d$"
_DATE_OR_TIME: Final = r"^\d{4}-\d\d-\d\d(?:[T ]\d{1,2}:\d\d(?::\d\d)?)?$"
_JSON: Final[dict[Type, dict[str, Any]]] = {
    "text": {"type": ["string", "number", "null"]},
    "list": {"type": ["array", "string", "null"], "items": {"type": ["string", "null"]}},
    "date": {"type": ["string", "null"], "pattern": _DATE_OR_TIME},
    "date or time": {"type": "string", "pattern": _DATE_OR_TIME},
    "number": {"type": ["integer", "null"], "minimum": 1},
}
_OBSIDIAN: Final[dict[Type, str]] = {"text": "text", "list": "multitext", "date": "date", "number": "number"}
"""Obsidian's own names. It has none for a date with or without a time, and tells the two apart by itself."""


def schema(records: Sequence[str]) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of an evaluation's properties; in `records` the steps keep their days."""
    properties = {
        field.name: {"description": field.what, "examples": [field.example.strip('"')], **_JSON[field.type]}
        for field in FIELDS
    }
    made = {"description": "the day on which it was made", "type": ["string", "null"], "pattern": rf"{_DATE}|^skipped$"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Evaluation of a job interview",
        "type": "object",
        "required": ["interviewed"],
        "properties": properties | dict.fromkeys(records, made),
    }


def obsidian_types(records: Sequence[str]) -> dict[str, str]:
    """Property -> its type in Obsidian's `types.json`."""
    typed = {field.name: _OBSIDIAN[field.type] for field in FIELDS if field.type in _OBSIDIAN}
    return typed | dict.fromkeys(records, "date")


def base(folder: str) -> str:
    """A file of Obsidian's Bases (YAML): the evaluations of a folder, `.` for the whole vault, as two tables."""
    inside = [] if folder == "." else [f"file.inFolder({json.dumps(folder, ensure_ascii=False)})"]
    filters = ['file.hasProperty("interviewed")', *inside]
    shown = ("file.name", "company", "position", "interviewed", "next_contact", "call_again", "outcome")
    views = (
        ("Open plans by next contact", "outcome.isEmpty()", "", (("next_contact", "ASC"), ("interviewed", "DESC"))),
        ("By outcome", "", "outcome", (("interviewed", "DESC"),)),
    )
    lines = ["filters:", "  and:", *(f"    - {json.dumps(one, ensure_ascii=False)}" for one in filters), "views:"]
    for name, only, group, sort in views:
        lines += ["  - type: table", f"    name: {name}"]
        lines += ["    filters:", "      and:", f"        - {only}"] if only else []
        lines += ["    groupBy:", f"      property: {group}", "      direction: ASC"] if group else []
        lines += ["    order:", *(f"      - {one}" for one in shown)]
        lines += ["    sort:"]
        for key, direction in sort:
            lines += [f"      - property: {key}", f"        direction: {direction}"]
    return "\n".join([*lines, ""])


def table() -> Iterator[str]:
    """The table of the docs, line by line."""
    yield "| property | value | what it is for | for example |"
    yield "|---|---|---|---|"
    for field in FIELDS:
        yield f"| `{field.name}` | {field.type} | {field.what} | `{field.example}` |"
