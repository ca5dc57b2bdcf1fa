"""Every slip of `slips.md`: it is found, nothing else is, its line and column are where `‸` stands, and what it says
to type instead mends it.
"""

import re
from pathlib import Path
from typing import Final, NamedTuple

import pytest
from pendulum import Date

from reconnect_md import lines, sync
from reconnect_md.errors import Problem, Severity
from reconnect_md.markdown import parser
from reconnect_md.vault import Vault

PAGE: Final = (Path(__file__).parent / "slips.md").read_text("utf-8")
HERE: Final = "‸"
TODAY: Final = Date.fromisoformat(PAGE.partition("Today is ")[2][:10])
VAULT: Final = {
    token.info.strip(): token.content for token in parser().parse(PAGE) if token.type == "fence" and ".md" in token.info
}
_SLIP: Final = re.compile(
    r"^### (?P<title>.+)\n\n(?P<file>.+\.md) `(?P<code>[a-z0-9-]+)`: (?P<remedy>.+)\n\n````diff\n(?P<diff>[^`]*(?:`{1,3}(?!`)[^`]*)*)````$",
    re.MULTILINE,
)


class Slip(NamedTuple):
    """One of them: in `file`, `typed` stands where `right` stood; a file that is new has nothing right in it."""

    title: str
    file: str
    code: str
    remedy: str
    right: str
    typed: str

    def text(self, before: str) -> str:
        """The file with the slip in it; `‸` is still there."""
        if not self.right:
            return self.typed
        assert before.count(self.right) == 1, f"{self.right} is to stand there once"
        return before.replace(self.right, self.typed)


def _side(diff: str, sign: str) -> str:
    return "\n".join(line[1:] for line in diff.splitlines() if line.startswith(sign))


SLIPS: Final = [
    Slip(*found.group("title", "file", "code", "remedy"), _side(found["diff"], "-"), _side(found["diff"], "+"))
    for found in _SLIP.finditer(PAGE)
]


def problems(root: Path) -> list[Problem]:
    return list(sync.run(Vault(root), TODAY, write=False).problems)


def write(root: Path, name: str, text: str) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode())


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    for name, text in VAULT.items():
        write(tmp_path, name, text)
    return tmp_path


def test_nothing_is_wrong_in_the_vault(vault: Path) -> None:
    assert not problems(vault)
    assert len(SLIPS) == PAGE.count("\n### ") >= 130


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.title for slip in SLIPS])
def test_a_slip_is_found_where_it_is_and_the_remedy_mends_it(slip: Slip, vault: Path) -> None:
    if slip.file == "Agenda.md":
        sync.run(Vault(vault), TODAY)
    path = vault / slip.file
    before = path.read_text("utf-8") if path.exists() else ""
    text = slip.text(before)
    above = lines.split(text.partition(HERE)[0] + "x")
    write(vault, slip.file, text.replace(HERE, ""))
    # Of what is missing because of a slip, hints may tell, too.
    found = [one for one in problems(vault) if one.severity is not Severity.HINT or one.code == slip.code]
    said = [(one.note, one.code, one.line, one.column, one.remedy) for one in found]
    assert said == [(slip.file, slip.code, len(above), len(above[-1]), slip.remedy)]
