"""What commands print: plans and problems as JSON (stable: keys may be added, never changed) and as plain text."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from pendulum import Date

from . import script
from .errors import Problem, printable
from .lines import bare, split
from .model import Contact, LogEntry, Mark, Plan, Sign, Step
from .outlook import Outlook
from .sync import Pass
from .vault import Change

_WHAT: Final = {
    Sign.DONE: "made", Sign.SKIPPED: "skipped", Sign.NO_ANSWER: "no answer", Sign.MOVED: "moved",
    Sign.OPEN: "taken back", Sign.UNTRIED: "no answer taken back",
}  # fmt: skip
"""What a line of the log says, for programs."""


def plan_json(outlook: Outlook, root: Path, notes: set[str]) -> dict[str, Any]:
    """The object of `plan --json`, for all notes or those given."""
    plans = [plan for plan in outlook.plans if not notes or plan.evaluation.note in notes]
    problems = [found for found in outlook.problems if not notes or found.note in notes]
    return {
        "today": outlook.today.isoformat(),
        "vault": _home(root),
        "plans": [_plan(plan, outlook) for plan in plans],
        "problems": [problem_json(found) for found in problems],
    }


def history_json(outlook: Outlook, root: Path) -> dict[str, Any]:
    """The object of `export json`: that of `plan --json`, and in each plan what its log says, line by line."""
    found = plan_json(outlook, root, set())
    for plan, shown in zip(outlook.plans, found["plans"], strict=True):
        shown["history"] = [_entry(entry) for entry in plan.evaluation.log]
    return found


def _entry(entry: LogEntry) -> dict[str, Any]:
    return {
        "date": entry.day.isoformat(),
        "record": entry.record,
        "what": _WHAT[entry.sign],
        "to": entry.to.isoformat() if entry.to else None,
        "remark": entry.remark,
    }


def pass_json(made: Pass, written: bool) -> dict[str, Any]:
    """The object of `agenda --json`. `marks` is what was carried back into notes."""
    agenda = made.agenda
    contacts = [
        *agenda.late,
        *agenda.due,
        *(held.contact for held in agenda.held),
        *(one for _, day in agenda.coming for one in day if isinstance(one, Contact)),
    ]
    return {
        "today": agenda.today.isoformat(),
        "written": [change.name for change in made.changes] if written else [],
        "marks": [_mark(contact, mark) for contact, mark in made.marks],
        "items": [
            {"note": one.plan.evaluation.note, "id": one.id, **_step(step, one.plan, made.outlook)}
            for one in [*contacts, *(contact for contact, _ in agenda.done)]
            for step in one.steps
        ],
        "problems": [problem_json(found) for found in made.problems],
    }


def _mark(contact: Contact, mark: Mark) -> dict[str, Any]:
    return {
        "note": contact.plan.evaluation.note,
        "id": contact.id,
        "step": contact.step.file.step,
        "mark": mark.sign.value,
        "date": (mark.to or mark.day).isoformat(),
        "remark": mark.remark,
    }


def _plan(plan: Plan, outlook: Outlook) -> dict[str, Any]:
    evaluation = plan.evaluation
    return {
        "note": evaluation.note,
        "id": plan.id,
        "company": evaluation.company,
        "position": evaluation.position,
        "interviewed": evaluation.interviewed.isoformat(),
        "outcome": evaluation.outcome,
        "steps": [_step(step, plan, outlook) for step in plan.steps],
    }


def _step(step: Step, plan: Plan, outlook: Outlook) -> dict[str, Any]:
    return {
        "step": step.file.step,
        "number": step.number,
        "kind": step.file.kind,
        "to": step.to.name if step.to else None,
        "status": step.status.value,
        "due": step.due.isoformat() if step.due else None,
        "latest": step.latest.isoformat() if step.latest else None,
        "planned": step.planned.isoformat() if step.planned else None,
        "made": step.made.isoformat() if step.made else None,
        "counts_from": step.counts_from.isoformat() if step.counts_from else None,
        "passed_over": [{"date": off.date.isoformat(), "why": off.why} for off in step.passed_over],
        "reason": step.reason,
        "script": _script(step, plan, outlook) if step.open else None,
    }


def _script(step: Step, plan: Plan, outlook: Outlook) -> str | None:
    frame = outlook.frame
    return script.plain(step, plan, frame.method, frame.settings.caller, outlook.today) or None


def problem_json(found: Problem) -> dict[str, Any]:
    """A problem as in `--json`."""
    return {
        "note": found.note,
        "line": found.line,
        "column": found.column,
        "code": found.code,
        "severity": found.severity.value,
        "message": found.message,
        "remedy": found.remedy,
    }


def fixed_json(change: Change) -> list[dict[str, Any]]:
    """The lines of a note that were put right, as in `check --fix --json`; in place, so both sides have as many."""
    old, new = (split(data.decode()) for data in (change.read.data, change.new))
    return [
        {"note": change.name, "line": number, "old": bare(was), "new": bare(now)}
        for number, (was, now) in enumerate(zip(old, new, strict=True), 1)
        if was != now
    ]


def fixed_text(fixed: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The same lines for people: `Interviews/Acme.md:3: compani: Acme -> company: Acme`."""
    for one in fixed:
        yield printable(f"{one['note']}:{one['line']}: {one['old'].strip()} -> {one['new'].strip()}")


def plan_text(outlook: Outlook, notes: set[str]) -> Iterator[str]:
    """The plans for people: a line for each step, and under it from which day it counts and what was passed over."""
    for plan in outlook.plans:
        evaluation = plan.evaluation
        if notes and evaluation.note not in notes:
            continue
        about = ", ".join(filter(None, [evaluation.company, evaluation.position])) or evaluation.note
        yield f"{about}: interview on {_day(evaluation.interviewed, outlook)}" + (
            f", {evaluation.outcome}" if evaluation.outcome else ""
        )
        yield f"  {evaluation.note}"
        for step in plan.steps:
            yield from _step_text(step, outlook)
        yield from (f"  {found.message}" for found in plan.problems)
        yield ""


def _day(day: Date, outlook: Outlook) -> str:
    return script.day(day, outlook.today, outlook.frame.method.language.english)


def _step_text(step: Step, outlook: Outlook) -> Iterator[str]:
    day = step.made or step.due
    to = f", {step.to.name}" if step.to else ""
    yield f"  {step.status.value:8}{day.isoformat() if day else '':12}{step.file.title}{to}"
    if not step.open or not step.due or not step.counts_from:
        return
    if step.pinned:
        why = "the day on which you are to call again"
    elif step.retried:
        why = f"the working day after nobody answered on {_day(step.counts_from, outlook)}"
    else:
        wait = step.file.wait
        span = f"{wait.first}" if wait.first == wait.last else f"{wait.first} to {wait.last}"
        why = f"{span} working days after {_day(step.counts_from, outlook)}" if wait.last else "the same day"
    latest = f", at the latest {step.latest.isoformat()}" if step.latest and step.latest != step.due else ""
    yield f"{'':22}{why}{latest}"
    if off := (*step.passed_over, *step.within):
        yield f"{'':22}not counted: " + ", ".join(f"{one.date} {one.why}" for one in off)
    if step.planned and step.planned > step.due:
        yield f"{'':22}still to be made: on {_day(step.planned, outlook)}"


def _home(path: Path) -> str:
    """A path as people write it."""
    try:
        return "~/" + path.resolve().relative_to(Path.home().resolve()).as_posix()
    except (ValueError, RuntimeError):
        return path.resolve().as_posix()
