"""Golden cases: each file in `cases/` is a page that shows notes, a day, and what comes of them.

A fenced block whose info string is a path is a file of the vault; ```` ```plan ```` is what `reconnect plan` prints,
```` ```problems ```` what is wrong, ```` ```fixed ```` what `reconnect check --fix` would change, ```` ```agenda ````
the agenda without its last line, ```` ```today ```` what `reconnect today --plain` prints, ```` ```calendar ```` the
calendar without its time zones, ```` ```overview ```` the overview without its last line, ```` ```learn ```` what
`reconnect learn` prints. Only blocks that are there
are compared. After a wanted change, `UPDATE_CASES=1 pytest tests/test_cases.py` rewrites them; read the diff.
"""

import os
import re
from pathlib import Path

import pytest
from pendulum import Date

from reconnect_md import learn, report, sheet, sync, taskline
from reconnect_md.cli.learn import told
from reconnect_md.markdown import parser
from reconnect_md.vault import Vault

CASES = sorted((Path(__file__).parent / "cases").glob("*.md"))
FENCE = "````"


def sheet_of(made: sync.Pass) -> sheet.Sheet:
    frame, own = made.outlook.frame, made.outlook.frame.settings
    return sheet.make(made.agenda, frame.method, own.caller, own.timezone, own.workdays(None), made.standing)


def actual(vault: Vault, today: Date) -> dict[str, str]:
    changes, _ = sync.mended(vault, write=False)
    made = sync.run(vault, today)
    return {
        "plan": "\n".join(report.plan_text(made.outlook, set())).rstrip() + "\n",
        "problems": "".join(f"{found}\n" for found in made.problems),
        "fixed": "".join(f"{line}\n" for change in changes for line in report.fixed_text(report.fixed_json(change))),
        "agenda": made.text,
        "today": "".join(f"{line}\n" for line in sheet.plain(sheet_of(made))),
        "calendar": re.sub(
            r"BEGIN:VTIMEZONE.*?END:VTIMEZONE\n", "", made.calendar.new.decode().replace("\r\n", "\n"), flags=re.DOTALL
        )
        if made.calendar
        else "",
        "overview": re.sub(r"\n<!-- .*\n$", "", made.overview.new.decode()) if made.overview else "",
        "learn": "".join(
            f"{line}\n" for line in told(learn.lessons(made.outlook.plans, made.outlook.frame.method, today))
        ),
    }


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_case(case: Path, tmp_path: Path) -> None:
    text = case.read_text("utf-8")
    today = re.search(r"^Today is (\d{4}-\d\d-\d\d)", text, re.MULTILINE)
    assert today, "a case says `Today is ...`"
    blocks = {token.info.strip(): token.content for token in parser().parse(text) if token.type == "fence"}
    vault = Vault(tmp_path)
    for name, content in blocks.items():
        if name.endswith((".md", ".ics")):
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())
    found = actual(vault, Date.fromisoformat(today[1]))
    if os.environ.get("UPDATE_CASES"):
        for name in found.keys() & blocks.keys():
            before = f"{FENCE}{name}\n"
            text = text.replace(before + blocks[name] + FENCE, before + found[name] + FENCE)
        case.write_text(text, "utf-8")
        return
    for name in found.keys() & blocks.keys():
        assert found[name] == blocks[name], name
    again = sync.run(vault, Date.fromisoformat(today[1]))
    assert not again.changes, "a second pass writes nothing"
    assert_same_entries(again)


def assert_same_entries(made: sync.Pass) -> None:
    """The numbers of `reconnect today` are those entries of the agenda that can be ticked, in its order."""
    tasks = [task.id for line in made.text.split("\n") if (task := taskline.parse(line)) and task.id]
    done = [contact.id for contact, _ in made.agenda.done]
    standing = made.standing
    numbered = [contact.id for contact in sheet.numbered(made.agenda)]
    assert numbered == tasks[: len(numbered)] and len(numbered) + standing + len(done) == len(tasks)
    numbers = [entry.number for section in sheet_of(made).sections for entry in section.entries]
    assert numbers == [*range(1, len(numbered) + 1)]


def test_every_case_shows_something() -> None:
    assert len(CASES) > 10
    assert all(
        re.search(
            rf"^{FENCE}(plan|agenda|problems|fixed|calendar|today|overview|learn)$",
            case.read_text("utf-8"),
            re.MULTILINE,
        )
        for case in CASES
    )
