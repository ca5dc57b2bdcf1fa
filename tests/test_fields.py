"""One table of properties: what the schema, Obsidian, the template, the docs and the parser say of them is the same."""

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import yaml

from reconnect_md import fields, method, note, properties
from reconnect_md.vault import shipped_templates

CHECKOUT = Path(__file__).parent.parent
METHOD, _ = method.read(shipped_templates(), {})
RECORDS = [step.records for step in METHOD.steps]
SCHEMA = fields.schema(RECORDS)


class Core(yaml.BaseLoader):
    """YAML 1.2 core, as editors read it: here only null and integers matter."""


Core.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"~?$|null$"), None)
Core.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"[-+]?\d+$"), None)
Core.add_constructor("tag:yaml.org,2002:null", lambda loader, node: None)
Core.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value))


def values(text: str) -> object:
    block = text.removeprefix("---\n").partition("\n---")[0]
    return yaml.load(block, Loader=Core)


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "reconnect_md", *words], capture_output=True, encoding="utf-8")


def test_the_schema_takes_what_is_right_and_refuses_what_is_wrong() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    notes = sorted((CHECKOUT / "example-vault" / "Interviews").glob("*.md"))
    wrong = [
        path.stem
        for path in notes
        if list(jsonschema.Draft202012Validator(SCHEMA).iter_errors(values(path.read_text("utf-8"))))
    ]
    problems = {
        path.stem
        for path in notes
        if any(one.severity == "error" for one in note.parse(path.name, path.read_text("utf-8"), METHOD)[1])
    }
    assert set(wrong) == problems and len(notes) > 10
    for slip in ("interviewed: 20/11/2026", "interviewed:", "interviewed: 2026-11-20\nfix_call: soon", "company: x",
                 "interviewed: 2026-11-20\nround: second", "interviewed: 2026-11-20\ncall_again: Friday"):  # fmt: skip
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(values(f"---\n{slip}\n---\n"), SCHEMA)


def test_the_template_has_no_property_that_the_table_does_not_know() -> None:
    text = shipped_templates()["templates/Interview evaluation.md"].replace("{{date:YYYY-MM-DD}}", "2026-11-20")
    assert set(properties.read("", text).values) <= {*fields.NAMES, *RECORDS}
    assert not note.parse("n.md", text, METHOD)[1] or all(
        one.severity == "hint" for one in note.parse("n.md", text, METHOD)[1]
    )


def test_each_example_is_read_without_a_problem() -> None:
    written = [f"{one.name}: {one.example}" for one in fields.FIELDS if one.name != "interviewers"]
    text = "\n".join(["---", *written, "interviewers: [Bo Li]", "---", ""])
    evaluation, problems = note.parse("n.md", text, METHOD)
    assert evaluation and not [one for one in problems if one.severity != "hint"], problems


def test_the_docs_have_the_table() -> None:
    assert "\n".join(fields.table()) in (CHECKOUT / "docs" / "notes.md").read_text("utf-8")


def test_the_schema_is_printed_with_the_steps_of_the_vault(tmp_path: Path) -> None:
    assert json.loads(run("schema", str(CHECKOUT / "example-vault")).stdout) == SCHEMA
    step = tmp_path / "Templates" / "Reconnect" / "show.md"
    step.parent.mkdir(parents=True)
    (tmp_path / "Reconnect.md").touch()
    step.write_text(
        "---\nstep: show\norder: 9\nkind: call\nwait: 3\nuses: What went well\nrecords: show_call\ntitle: Show\n---\nx"
    )
    assert "show_call" in json.loads(run("schema", str(tmp_path)).stdout)["properties"]


def test_init_tells_obsidian_the_types_and_changes_none(tmp_path: Path) -> None:
    types = tmp_path / ".obsidian" / "types.json"
    types.parent.mkdir()
    types.write_text('{"types": {"company": "aliases", "mine": "number"}, "else": 1}', "utf-8")
    run("init", str(tmp_path))
    found = json.loads(types.read_text("utf-8"))
    assert found["else"] == 1 and found["types"]["company"] == "aliases" and found["types"]["mine"] == "number"
    assert found["types"]["fix_call"] == "date" and found["types"]["interviewers"] == "multitext"
    before = types.read_bytes()
    run("init", str(tmp_path))
    assert types.read_bytes() == before
    types.write_text("no JSON", "utf-8")
    run("init", str(tmp_path))
    assert types.read_text("utf-8") == "no JSON"
