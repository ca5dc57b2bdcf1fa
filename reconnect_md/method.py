"""The step files -> the method. Steps, order, waits and words are data; a vault overrides each file by its name.

A file is a step if its properties have the key `step`; `layout.md` is the agenda's layout. What cannot be used is a
problem of that file, and the shipped file of the same name stays in force.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from . import language, lines, properties, template
from .errors import Problem, TemplateFailure, problem
from .language import ENGLISH, Files
from .model import Method, StepFile, Wait, same
from .values import one_line

LAYOUT: Final = "layout.md"
NOTE_TEMPLATE: Final = "Interview evaluation.md"

_KINDS: Final = {"card": "card", "call": "call"}
_NEEDED: Final = ("step", "order", "kind", "wait", "uses")
_KEYS: Final = (*_NEEDED, "recalls", "answer", "records", "title", "each")
_SURE: Final = {"kind", "wait", "uses"}
"""Without `step` itself these leave no doubt that a file is one."""

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*\Z")

SAMPLE: Final = {
    "me": "Jordan Smith", "my_phone": "", "name": "Ana Rivera", "title": "", "company": "Acme", "position": "",
    "met": "on Friday, 20 November", "interviewed": "Friday, 20 November", "same_day": False, "recall": "",
    "reason": "", "item": "", "topic": "", "reserve": [], "tries": 0, "number": 1,
}  # fmt: skip
"""Every name that a step's words may use, with the values of a bare evaluation; `script.values` makes the real ones."""


def read(shipped: Files, vault: Files | None = None, code: str = ENGLISH) -> tuple[Method, tuple[Problem, ...]]:
    """The method of a vault: its own files over the shipped ones, matched by file name, and those of the language with
    this code over those of none.
    """
    spoken, found = language.read(code, shipped, vault or {})
    problems: list[Problem] = [*found]
    there = language.by_code(shipped)
    own = language.by_code(vault or {}, there)
    steps: dict[str, StepFile] = {}
    layout = ("", "")
    in_force = [files for these in (there, own) for files in (these[""], these.get(code, {}))]
    for path, typed in (one for files in in_force for one in files.items()):
        text = lines.unix(typed)
        name = path.rpartition("/")[2].casefold()
        if name == LAYOUT:
            layout = (text, path) if path in shipped or _usable_layout(path, text, problems) else layout
        elif step := _step(path, text, problems):
            steps[name] = step
    others = [_wordings(files) for these in (there, own) for files in these.values()]
    ordered = tuple(_in_all(step, others) for step in _ordered(steps, shipped, problems))
    return Method(ordered, *layout, spoken), tuple(sorted(problems))


_ALSO: Final = ("uses", "recalls", "answer", "title")
"""Of a step file in another language what is read in this one, too."""


def _wordings(files: Files) -> dict[str, dict[str, tuple[str, ...]]]:
    """The headings, labels and titles of the steps in some files, by step."""
    found = [language.properties_of(path, text).values for path, text in files.items()]
    return {
        one_line(values["step"]): {key: language.listed(values.get(key)) for key in _ALSO}
        for values in found
        if "step" in values
    }


def _in_all(step: StepFile, others: Iterable[dict[str, dict[str, tuple[str, ...]]]]) -> StepFile:
    """A step that knows its headings and labels in all languages, first those of its own file."""
    also = [one[step.step] for one in others if step.step in one]

    def known(own: tuple[str, ...], key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*own, *(word for one in also for word in one[key])])) if own else ()

    return replace(
        step,
        uses=known(step.uses, "uses"),
        recalls=known(step.recalls, "recalls"),
        answer=known(step.answer, "answer"),
        titles=known((step.title,), "title"),
    )


def _ordered(steps: Mapping[str, StepFile], shipped: Files, problems: list[Problem]) -> tuple[StepFile, ...]:
    """By `order`, then by name; of two files for one step, the shipped one stays, else the one that has its name
    (`fix.md`, not its copy `fix 2.md`), else the shorter name.
    """
    kept: list[StepFile] = []
    for step in sorted(steps.values(), key=lambda one: (one.path not in shipped, *_named(one), one.order, one.path)):
        twin = next((one for one in kept if step.step == one.step or step.records == one.records), None)
        if twin:
            why = f"its `step` or `records` is that of {twin.path}"
            remedy = "give it names of its own, or delete it"
            problems.append(problem("bad-step", step.path, *step.place, why=why, remedy=remedy))
        else:
            kept.append(step)
    return tuple(sorted(kept, key=lambda one: (one.order, one.step, one.path)))


def _named(step: StepFile) -> tuple[bool, int]:
    """First what has the step's own name, then what has a shorter one than others."""
    name = step.path.rpartition("/")[2].casefold().removesuffix(".md")
    return name != step.step, len(name)


def _usable_layout(path: str, text: str, problems: list[Problem]) -> bool:
    """Whether a layout keeps within what a template may do; its names are seen only when it is used."""
    try:
        template.check(text)
    except TemplateFailure as failure:
        problems.append(_bad_template(path, failure))
        return False
    return True


def _bad_template(path: str, failure: TemplateFailure) -> Problem:
    return problem("bad-template", path, failure.line, failure.column, why=failure.message, remedy=failure.remedy)


def _step(path: str, text: str, problems: list[Problem]) -> StepFile | None:
    """The step in a file, or None: not one, or not usable (then there is a problem)."""
    found = properties.read(path, text)
    if found.problems and re.search(r"^step[ \t]*:", text, re.MULTILINE):
        problems.extend(found.problems)
    if "step" not in found.values and not found.values.keys() >= _SURE:
        return None
    slips = {one.meant: one for one in found.slips(path, _KEYS)}
    problems.extend(slips.values())
    unusable = dict[str, Problem]()

    def wrong(key: str, why: str, remedy: str) -> None:
        unusable[key] = problem("bad-step", path, *found.place(key), why=why, remedy=remedy)

    def words(key: str) -> tuple[str, ...]:
        value = found.values.get(key)
        return tuple(filter(None, map(one_line, value if isinstance(value, list) else [value])))

    values = {
        key: one_line(found.values.get(key)) for key in ("step", "order", "kind", "wait", "records", "title", "each")
    }
    wait, order = _wait(values["wait"]), values["order"]
    if not _NAME.match(values["step"]):
        wrong(
            "step",
            f"{values['step'] or 'nothing'} is no name for a step",
            "write small letters only, such as step: fix",
        )
    if values["kind"] not in _KINDS:
        wrong("kind", "its kind is neither card nor call", "write kind: call")
    if wait is None or (values["kind"] == "call" and wait.first < 1):
        wrong(
            "wait",
            f"{values['wait'] or 'nothing'} is no wait",
            "write working days, such as wait: 3 or wait: 3-4",
        )
    if not re.fullmatch(r"\d{1,4}", order):
        wrong("order", "its order is no whole number", "write order: 2")
    if not words("uses"):
        wrong("uses", "it does not say which heading it uses", "write uses: Said, but wish I had not")
    if values["records"] and not re.fullmatch(r"\w[\w -]*", values["records"]):
        wrong(
            "records",
            f"{values['records']} is no name for a property",
            f"write records: {values['step']}_call",
        )
    # What is missing because its name is misspelt is said already.
    problems.extend(unusable[key] for key in unusable.keys() - slips.keys())
    if unusable or wait is None:
        return None
    body = "".join("\n" if number < found.body else line for number, line in enumerate(lines.split(text)))
    step = StepFile(
        path=path,
        step=values["step"],
        order=int(order),
        kind="card" if values["kind"] == "card" else "call",
        wait=wait,
        uses=words("uses"),
        recalls=words("recalls"),
        records=values["records"] or f"{values['step']}_{'sent' if values['kind'] == 'card' else 'call'}",
        title=values["title"] or values["step"].capitalize(),
        each=same(values["each"]) in ("true", "yes"),
        answer=words("answer"),
        template=body,
        place=found.place("step"),
    )
    return step if _renders(step, problems) else None


def _wait(typed: str) -> Wait | None:
    """`3` or `3-4`, in working days."""
    match = re.fullmatch(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?", typed)
    if not match:
        return None
    first, last = int(match[1]), int(match[2] or match[1])
    return Wait(first, last) if first <= last else None


def _renders(step: StepFile, problems: list[Problem]) -> bool:
    """Try the words once bare and once with everything, so that a slip shows now and not on the day of the call."""
    full = {
        key: value or {"tries": 3, "same_day": True, "reserve": ["x"]}.get(key, "x") for key, value in SAMPLE.items()
    }
    try:
        for values in (SAMPLE, full):
            template.render(step.path, step.template, values)
    except TemplateFailure as failure:
        problems.append(_bad_template(step.path, failure))
        return False
    return True
