"""The real parsers behind Obsidian: the Tasks plugin's own, npm's yaml, Moment. `tests/node/README.md` tells how to get
them.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from pendulum import Date

from reconnect_md import moment, sync, taskline
from reconnect_md.vault import Vault

from .test_docs import CHECKOUT
from .test_obsidian import DAY, agenda, line, note, run, setting, tasks, vault

__all__ = ["vault"]

NODE = Path(__file__).parent / "node"
THERE = shutil.which("node") and (NODE / "node_modules" / "yaml").is_dir()
pytestmark = pytest.mark.skipif(not THERE, reason="no node, or not what it needs: see tests/node/README.md")

Ticks = Callable[[dict[str, str], list[str]], list[dict[str, Any]]]

NUMBERS = ("YYYY-MM-DD", "gggg-[W]ww", "GGGG-[W]WW", "YYYY/MM-MMMM/[Week] w/D", "dddd D MMMM Y", "DDDD E e d")
LANGUAGES = ("en", "en-gb", "en-au", "de", "es", "fr", "it", "nl", "pt-br", "sv", "tr")
ORDINALS = ("dddd Do MMMM Y", "[Q]Qo YY ddd dd D", "wo DDDo Mo do", "MMM D")
IN_FULL = ("en", "en-gb", "de")


def node(script: str | Path, typed: str) -> Any:
    done = subprocess.run(["node", str(script)], input=typed, capture_output=True, encoding="utf-8", cwd=NODE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Ticks:
    """Tasks itself: its settings and lines -> what it reads in them, and writes when they are ticked."""
    if not (NODE / "obsidian-tasks" / "src").is_dir():
        pytest.skip("no sources of Tasks: see tests/node/README.md")
    made = tmp_path_factory.mktemp("node") / "tasks.js"
    bundler = NODE / "node_modules" / ".bin" / "esbuild"
    options = ["--bundle", "--platform=node", "--preserve-symlinks", "--alias:obsidian=./obsidian.js"]
    subprocess.run([bundler, "tasks.js", "--log-level=error", f"--outfile={made}", *options], cwd=NODE, check=True)
    return lambda settings, lines: list(node(made, json.dumps({"settings": settings, "lines": lines})))


@pytest.mark.parametrize("format", ["tasksPluginEmoji", "dataview"])
@pytest.mark.parametrize("filter", ["", "#task", "TODO"])
def test_what_tasks_ticks_goes_into_the_note(vault: Vault, plugin: Ticks, format: str, filter: str) -> None:
    chosen = {"taskFormat": format, "globalFilter": filter}
    tasks(vault, **chosen)
    ours = line(agenda(vault))
    (read,) = plugin(chosen, [ours])
    due = re.search(r"2026-\d\d-\d\d", ours)
    assert due and read["due"] == due[0] and read["id"].endswith("-fix") and read["status"] == "TODO"
    assert "::" not in read["description"] and "📅" not in read["description"]
    ticked = re.sub(r"\d{4}-\d\d-\d\d(?=\]?$)", str(DAY), read["ticked"][0])  # to Tasks it is really today
    page = vault.root / "Agenda.md"
    page.write_text(page.read_text("utf-8").replace(ours, ticked), "utf-8")
    after = agenda(vault)
    assert f"fix_call: {DAY}" in note(vault) and agenda(vault) == after


@pytest.mark.parametrize("format", ["tasksPluginEmoji", "dataview"])
def test_every_line_of_a_page_is_one_of_tasks(tmp_path: Path, plugin: Ticks, format: str) -> None:
    vault = Vault(shutil.copytree(CHECKOUT / "example-vault", tmp_path / "vault"))
    chosen = {"taskFormat": format, "globalFilter": "#task"}
    tasks(vault, **chosen)
    made = sync.run(vault, Date(2026, 1, 14))
    rows = [one for one in made.text.split("\n") if (task := taskline.parse(one)) and task.id]
    assert len(rows) > 5
    for row, read in zip(rows, plugin(chosen, rows), strict=True):
        task = taskline.parse(row)
        assert task and (read["id"], read["due"]) == (task.id, next(iter(task.due), None))
        again = [taskline.parse(one) for one in (read["written"], *read["ticked"])]
        assert all(one and one.words == task.words and one.id == task.id for one in again)


def test_names_of_daily_notes_are_those_of_moment() -> None:
    days = [Date(2019, 12, 28).add(days=13 * number) for number in range(90)]
    days += [Date(year, *day) for year in range(2018, 2027) for day in ((12, 29), (12, 31), (1, 1), (1, 3))]
    asked = [*product(map(str, days), NUMBERS, LANGUAGES), *product(map(str, days), ORDINALS, IN_FULL)]
    wrong = [
        (one, said)
        for one, said in zip(asked, node("dates.js", json.dumps(asked)), strict=True)
        if moment.format(Date.fromisoformat(one[0]), one[1], one[2]) != said
    ]
    assert not wrong, wrong[:5]


def test_a_base_is_what_obsidian_reads(vault: Vault) -> None:
    setting(vault, 'interviews: "Job \\"search\\": 2026, [a] #1"')
    (vault.root / ".obsidian").mkdir()
    run("init", str(vault.root))
    base = node("properties.js", (vault.root / "Interviews.base").read_text("utf-8"))
    inside = 'file.inFolder("Job \\"search\\": 2026, [a] #1")'
    assert base["filters"] == {"and": ['file.hasProperty("interviewed")', inside]}
    soon, outcomes = base["views"]
    assert soon["filters"] == {"and": ["outcome.isEmpty()"]} and outcomes["groupBy"]["property"] == "outcome"
    assert [one["property"] for one in soon["sort"]] == ["next_contact", "interviewed"]
    assert {one["type"] for one in base["views"]} == {"table"}


def test_the_next_contact_is_a_day_to_obsidian(vault: Vault) -> None:
    setting(vault, "next_contact: true")
    agenda(vault)
    properties = note(vault).split("---\n")[1]
    assert re.fullmatch(r"2026-11-\d\d", node("properties.js", properties)["next_contact"])
