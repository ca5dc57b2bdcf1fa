"""New files: the folders and notes of `init`, one evaluation for `new`, a vault to look at for `demo`."""

import json
import re
import shlex
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

import pendulum
from pendulum import Date

from . import edit, fields, further, language, lines, markdown, note, obsidian
from .body import of_note
from .edit import CannotEdit
from .errors import Exists, Failure
from .method import NOTE_TEMPLATE
from .model import Method, Plan, behind, same
from .outlook import TEMPLATES, Frame, frame
from .settings import FILE, Settings
from .settings import read as read_settings
from .vault import Read, Vault, around, shipped, shipped_templates
from .workdays import WorkCalendar

INTERVIEWS: Final = "Interviews"
DEMO_DAY: Final = Date(2026, 1, 14)
"""The day for which the example vault and its committed agenda are written."""

_ODD: Final = re.compile(r'[\\/:*?"<>|#^\[\]%\x00-\x1f\x7f]+')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?\Z", re.IGNORECASE)
_LONGEST: Final = 100
"""Characters of a file name: short enough in bytes for every file system and every script."""

_DATE_IN_TEXT: Final = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")
_MOMENT: Final = re.compile(r"\{\{\s*(title|date|time)(?::([^{}]*))?\s*\}\}", re.IGNORECASE)


# --- init ------------------------------------------------------------------------------------------------


def place(folder: Path) -> Path:
    """A folder that can be a vault: one in another vault would be read as a part of it. Raises `Exists`."""
    root = around(folder)
    if root is None or root == folder.resolve():
        return folder
    inside, named = folder.resolve().relative_to(root).as_posix(), shlex.quote(str(root))
    remedy = (
        f"make the next evaluation with `reconnect new {named}`; for another folder of interviews, write "
        f"interviews: {inside} in {root / FILE}"
        if (root / FILE).is_file()
        else f"type instead: reconnect init {named} --interviews {shlex.quote(inside)}"
    )
    raise Exists(f"{folder} is in the vault {root} already", remedy)


def init(vault: Vault, settings: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Make what a vault needs; yields each path and whether it was made now. Nothing that is there is changed."""
    vault.root.mkdir(parents=True, exist_ok=True)
    written = [f"{key}: {edit.scalar(value)}" if value else f"{key}:" for key, value in settings.items()]
    code = language.find(settings.get("language", ""), shipped_templates(), {}) or language.ENGLISH
    about = _shipped(ABOUT, code)
    yield FILE, _create(vault, FILE, "\n".join(["---", *written, "---", f"\n{about}"]))
    folder = settings.get("interviews") or INTERVIEWS
    made = not (vault.root / folder).is_dir()
    vault.path(folder).mkdir(parents=True, exist_ok=True)
    yield f"{folder}/", made
    name = f"{templates_folder(vault)}/{NOTE_TEMPLATE}"
    yield name, _create(vault, name, _shipped(NOTE_TEMPLATE, code))
    if (vault.root / ".obsidian").is_dir():
        yield BASE, _create(vault, BASE, fields.base(frame(vault).settings.interviews))
        yield TYPES, _add_types(vault)


ABOUT: Final = "About.md"
"""What stands below the settings, as a template."""


TYPES: Final = ".obsidian/types.json"
BASE: Final = "Interviews.base"
"""The evaluations as tables, for Obsidian's core plugin Bases."""


def _add_types(vault: Vault) -> bool:
    """Tell Obsidian of which type the properties are; whether any was new. What a person chose stays, and so does a
    file that is none of Obsidian's.
    """
    read = vault.read(TYPES)
    try:
        there = json.loads(text := read.data.decode("utf-8-sig")) if read.digest else {}
    except ValueError:
        return False
    chosen = there.get("types", {}) if isinstance(there, dict) else None
    records = [step.records for step in frame(vault).method.steps]
    if not isinstance(chosen, dict) or not (new := fields.obsidian_types(records).keys() - chosen.keys()):
        return False
    types = {**chosen, **{key: type for key, type in fields.obsidian_types(records).items() if key in new}}
    # In the form that it has: Obsidian itself writes two blanks and no end of line.
    indent = re.search(r"^[{\s]*?\n([ \t]+)\"", text) if read.digest else None
    written = json.dumps({**there, "types": types}, ensure_ascii=False, indent=indent[1] if indent else 2)
    written += "\n" if read.digest and text.endswith("\n") else ""
    written = written.replace("\n", "\r\n") if read.digest and "\r\n" in text else written
    vault.write(TYPES, written.encode(), read)
    return True


def templates_folder(vault: Vault) -> str:
    """Where Obsidian's core plugin Templates looks for templates."""
    found = obsidian.data(vault, "templates.json").get("folder")
    return found.strip("/") if isinstance(found, str) and found.strip("/") else TEMPLATES


def _create(vault: Vault, name: str, text: str) -> bool:
    read = vault.read(name)
    if read.digest is None:
        vault.write(name, text.encode(), read)
    return read.digest is None


def in_git(vault: Vault) -> bool:
    """Whether the vault is in a git repository, as far as git is there to say so."""
    try:
        return _git(vault, "rev-parse", "--is-inside-work-tree").stdout.strip() == "true"
    except OSError:
        return False


UNTRACKED: Final = (".reconnect-*", "*~", ".*.sw?", ".#*", "\\#*#", ".obsidian/workspace*.json")
"""What git has no business with: files that this program or an editor is just writing, and Obsidian's open windows."""


def merge_in_git(vault: Vault, agenda: str, calendar: str = "") -> None:
    """Let git merge agendas by `reconnect merge-agenda`: an attribute, which travels, and this clone's own settings.
    Temporary files stay out of it.

    `agenda` and `calendar` are their paths as in the settings. Of a calendar git keeps the lines of both sides,
    whatever that comes to: the next pass makes it anew. Raises `Failure` if git refuses.
    """
    merged = {agenda.replace("{date}", "*"): "reconnect-agenda"} | ({calendar: "union"} if calendar else {})
    patterns = {f'"/{name}"' if " " in name else f"/{name}": how for name, how in merged.items()}
    _add_lines(vault, ".gitattributes", [f"{pattern} merge={how}" for pattern, how in patterns.items()])
    _add_lines(vault, ".gitignore", UNTRACKED)
    driver = f'"{Path(sys.executable).as_posix()}" -m reconnect_md merge-agenda %O %A %B'
    for key, value in (("name", "ticks and remarks of both agendas"), ("driver", driver)):
        done = _git(vault, "config", f"merge.reconnect-agenda.{key}", value)
        if done.returncode:
            raise Failure(f"git refuses: {done.stderr.strip()}", "see to that, and run reconnect init --git again")


def _add_lines(vault: Vault, name: str, wanted: Sequence[str]) -> None:
    """Lines at the end of a file that are not in it yet, with the line ends that it has."""
    read = vault.read(name)
    there = read.data.decode("utf-8", "surrogateescape")
    end = "\r\n" if "\r\n" in there else "\n"
    known = {lines.bare(line).removeprefix(lines.BOM) for line in lines.split(there)}
    if new := [line for line in wanted if line not in known]:
        apart = end if there and not there.endswith("\n") else ""
        text = there + apart + "".join(line + end for line in new)
        vault.write(name, text.encode("utf-8", "surrogateescape"), read)


def _git(vault: Vault, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["git", "-C", str(vault.root), *arguments], capture_output=True, text=True)


# --- new -------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """What somebody answered to a question: one line, and the better answer with its label (`Better`), or nothing."""

    text: str
    better: str = ""
    label: str = ""


def new(
    vault: Vault,
    frame: Frame,
    facts: Mapping[str, str | int | Sequence[str]],
    now: pendulum.DateTime,
    answers: Mapping[str, Sequence[Answer]] = MappingProxyType({}),
    before: Sequence[Plan] = (),
) -> str:
    """Write an evaluation from the note template, in one step; returns its path.

    `facts` are properties by name; those that are empty stay as the template has them. `answers` go below the headings
    of their questions (as compared). What the interviews `before` left unsaid, the newest first, stands at the top.
    Raises `Failure` if the template has no such property.
    """
    settings = frame.settings
    interviewed = str(facts["interviewed"])
    folder = INTERVIEWS if settings.interviews == "." and (vault.root / INTERVIEWS).is_dir() else settings.interviews
    stem = file_name(f"{interviewed[:10]} {facts.get('company') or 'Interview'}")
    name = next(n for n in _names(folder, stem) if vault.read(n).digest is None)
    text = fill_in(
        _template(vault, settings),
        name.rpartition("/")[2].removesuffix(".md"),
        now,
        frame.method.language.words["locale"],
    )
    for key, value in facts.items():
        if value:
            text = _set(text, key, value)
    for question, said in answers.items():
        text = _answered(text, question, said, frame.method)
    if before:
        text = _at_the_top(text, further.callouts(before, name, frame.method))
    vault.write(name, text.encode(), Read(b"", None))
    return name


def _at_the_top(text: str, words: Iterable[str]) -> str:
    """The text with lines above its body, apart from that by an empty one."""
    found = lines.split(text)
    where = lines.front_matter(found)
    end = "\r\n" if "\r\n" in text else "\n"
    body = where.body if where else 0
    return "".join([*found[:body], *(f"{line}{end}" for line in words), end, *found[body:]])


def questions(vault: Vault, frame: Frame) -> dict[str, str]:
    """The questions that the note template asks, in its order: the heading as compared, and as the method has it."""
    body = of_note(_template(vault, frame.settings), frame.method)
    written = frame.method.questions
    return {one: written[one] for one in sorted(body.asked, key=lambda one: body.asked[one]) if one in written}


_EMPTY: Final = re.compile(r"\s*(?:[-*+]\s*(?:\w[\w ]*:\s*)?)?")
"""A line of the template that waits for words: blank, `-`, or `- Better:`."""


def _answered(text: str, question: str, said: Sequence[Answer], method: Method) -> str:
    """The text with answers below the heading of their question, in the place of the lines that wait for them."""
    if not said:
        return text
    all_lines = lines.split(text)
    start = of_note(text, method).asked[question]
    end = start
    while end < len(all_lines) and _EMPTY.fullmatch(lines.bare(all_lines[end])):
        end += 1
    for escaped in (False, True):
        words = [word for one in said for word in _written(one, markdown.escape if escaped else str)]
        edited = "".join([*all_lines[:start], *(f"{line}\n" for line in words), "\n", *all_lines[end:]])
        found = of_note(edited, method).items.get(question, ())
        if len(found) == len([one for one in said if same(one.text) not in method.language.none]):
            break
    return edited


def _written(one: Answer, shown: Callable[[str], str]) -> Iterator[str]:
    yield f"- {shown(one.text)}"
    if one.label:
        yield f"  - {behind(one.label, shown(one.better))}".rstrip()


def _set(text: str, key: str, value: str | int | Sequence[str]) -> str:
    try:
        return edit.set_property(text, key, value) if isinstance(value, str | int) else edit.set_list(text, key, value)
    except CannotEdit as error:
        why = f"{key} cannot be set in the template {NOTE_TEMPLATE}: {error}"
        raise Failure(why, f"give it a line `{key}:` of its own") from error


def _names(folder: str, stem: str) -> Iterator[str]:
    prefix = "" if folder == "." else f"{folder}/"
    yield f"{prefix}{stem}.md"
    yield from (f"{prefix}{stem} ({number}).md" for number in range(2, 10_000))


def _template(vault: Vault, settings: Settings) -> str:
    """The vault's own note template, from the folder of the step files or Obsidian's; else the shipped one."""
    for folder in (f"{settings.templates}/{settings.language}", settings.templates, templates_folder(vault)):
        read = vault.read(f"{folder}/{NOTE_TEMPLATE}")
        if read.digest is not None:
            text, problems = note.decode(f"{folder}/{NOTE_TEMPLATE}", read.data)
            if problems:
                raise Failure(str(problems[0]), problems[0].remedy)
            return text
    return _shipped(NOTE_TEMPLATE, settings.language)


def _shipped(name: str, code: str) -> str:
    """A shipped template in a language, else in English."""
    texts = shipped_templates()
    return texts.get(f"templates/{code}/{name}") or texts[f"templates/{name}"]


def file_name(words: str) -> str:
    """Words as the name of a file, without its ending, that every system takes and Obsidian can link to."""
    name = " ".join(_ODD.sub(" ", unicodedata.normalize("NFC", words)).split())
    name = "".join(c for c in name if c.isprintable())[:_LONGEST].strip(". ")
    while len(name.encode()) > 2 * _LONGEST:
        name = name[:-1].strip(". ")
    return f"{name} note" if _RESERVED.match(name) else name or "Interview"


def fill_in(template: str, title: str, now: pendulum.DateTime, locale: str = "en") -> str:
    """Obsidian's own template syntax: `{{title}}`, `{{date:YYYY-MM-DD}}`, `{{time}}`; formats are Moment's, which
    pendulum knows.
    """

    def filled(match: re.Match[str]) -> str:
        kind = match[1].lower()
        if kind == "title":
            return title
        return str(now.format(match[2] or ("YYYY-MM-DD" if kind == "date" else "HH:mm"), locale=locale))

    return _MOMENT.sub(filled, template)


# --- demo ------------------------------------------------------------------------------------------------


def demo_day(today: Date) -> Date:
    """The day to show: today, or the next day on which anybody of the example is called."""
    text = (shipped("example-vault") / FILE).read_text("utf-8")
    calendar = read_settings(text, "UTC")[0].workdays(None)
    return calendar.next(today) if calendar.why_off(today) else today


def demo(folder: Path | None, today: Date) -> Vault:
    """A copy of the example vault, its dates moved so that `today` has the work of `DEMO_DAY`. Raises `Exists`."""
    if folder is None:
        folder = Path(tempfile.mkdtemp(prefix="reconnect-demo-"))
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Exists(f"{folder} is not empty", "name a new folder")
    vault = Vault(folder)
    source = shipped("example-vault")
    for path in sorted(path for path in source.rglob("*") if path.is_file() and path.name != "Agenda.md"):
        name = _move_dates(path.relative_to(source).as_posix(), today)
        vault.write(name, _move_dates(path.read_bytes().decode("utf-8"), today).encode(), Read(b"", None))
    return vault


def _move_dates(text: str, today: Date) -> str:
    """Every date as many working days (Monday to Friday) from `today` as it is from `DEMO_DAY`: the states stay what
    they are.
    """
    calendar = WorkCalendar()

    def moved(match: re.Match[str]) -> str:
        day = Date.fromisoformat(match[0])
        if day >= DEMO_DAY:
            return calendar.add(today, calendar.count(DEMO_DAY, day))[0].isoformat()
        back = today
        for _ in range(calendar.count(day, DEMO_DAY)):
            back = calendar.before(back)
        return back.isoformat()

    return _DATE_IN_TEXT.sub(moved, text)
