"""The command line: arguments, the clock, printing, exit codes. Data goes to stdout, talk to stderr.

0 done, warnings or not; 1 findings; 2 wrong use, or nothing could be done; 3 done, but a note or the settings have
errors; 130 interrupted.
"""

import contextlib
import difflib
import json
import os
import shlex
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from . import completing
from .errors import Failure, NoSuchNote, NotSaid, Problem, Severity

FINDINGS, USAGE, SOME_ERRORS, INTERRUPTED = 1, 2, 3, 130


def _examples(*commands: str) -> str:
    """The end of a command's help: two uses of it, as they are typed."""
    return "\b\nExamples:\n" + "\n".join(f"  reconnect {command}" for command in commands)


class _Day(click.ParamType):  # type: ignore[type-arg]
    """A date as `2026-11-20`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        import pendulum

        from .values import DAY_FORM, date_and_time, days_meant

        found = date_and_time(str(value))
        if found is None or found[1]:
            today = pendulum.today().date()
            last = today if param and param.name == "day" else None  # of what was done
            meant = " or ".join(day[:10] for day in days_meant(str(value), today, last=last, today=today))
            self.fail(f"{value} is not a date. Write it as year-month-day: {meant or DAY_FORM}.", param, ctx)
        return found[0]


_date = click.option("--date", "today", type=_Day(), metavar="DATE", help="Plan for this day instead of today.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_vault = click.argument("vault", required=False, type=click.Path(path_type=Path))


@click.group(epilog="A newcomer starts with `reconnect demo`, then `reconnect init`.")
@click.version_option(package_name="reconnect-md")
def cli() -> None:
    """Reconnect after a job interview: evaluations in Markdown go in, today's calls and their words come out."""


@cli.command(epilog=_examples("init", "init ~/job-search --me 'Jordan Smith' --region US-TX"))
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--me", default="", help="How you introduce yourself on the phone.")
@click.option("--phone", default="", help="Your own number, for messages.")
@click.option(
    "--region",
    default="",
    shell_complete=completing.regions,
    help="The employers' country or state, such as US-TX: its holidays are no working days.",
)
@click.option("--timezone", default="", help="Your time zone, such as America/Chicago; the computer's if left out.")
@click.option("--interviews", default="Interviews", show_default=True, help="The folder for your evaluations.")
@click.option(
    "--git/--no-git", "in_git", default=None, help="Let git merge the agendas of two devices; asked for in a git vault."
)
def init(folder: Path | None, in_git: bool | None, **settings: str) -> None:
    """Make a folder a vault, without overwriting anything.

    FOLDER (this one if left out) gets the settings, a folder for interviews and the note template. On a terminal you
    are asked for what is not given.
    """
    import pendulum

    from . import asking, create, edit, workdays
    from . import settings as settings_module
    from .vault import Vault

    if folder:
        create.place(folder)
    if asking.is_possible():
        with _stopped_unsaved():
            folder, settings = asking.settings(folder, settings, pendulum.today().date())
    folder = create.place(folder or Path())
    settings["timezone"] = settings["timezone"] or _known_timezone()
    if settings["region"]:
        workdays.holidays_of(settings["region"])
    # In this order, whichever was given first.
    written = {key: settings[key] for key in ("me", "phone", "region", "timezone", "interviews")}
    written |= {"days_off": "", "agenda": "Agenda.md"}
    problems = settings_module.read(
        "\n".join(["---", *(f"{k}: {edit.scalar(v)}" for k, v in written.items() if v), "---", ""]), "UTC"
    ).problems
    if problems:
        raise Failure(problems[0].message, problems[0].remedy)
    vault = Vault(folder)
    for path, made in create.init(vault, written):
        _say(f"{'made' if made else 'kept'} {path}{'' if made else ' (it was there)'}")
    if in_git is not False and create.in_git(vault):
        _offer_merging(vault, in_git)
    elif in_git:
        where = shlex.quote(str(folder))
        raise Failure(
            f"{folder.resolve()} is not in git", f"type `git init {where}`, then again: `reconnect init {where} --git`"
        )
    _say("Next: after an interview, `reconnect new`; then `reconnect agenda`, or `reconnect watch` to keep it right.")


def _known_timezone() -> str:
    """The computer's time zone, for all devices to have the same; one that says UTC is a server, and says nothing."""
    from . import outlook

    found = outlook.system_timezone()
    return "" if found in ("UTC", "Etc/UTC") else found


def _offer_merging(vault: Any, wanted: bool | None) -> None:
    from . import create

    if wanted is None and sys.stdin.isatty():
        wanted = click.confirm("This folder is in git. Keep the ticks of both sides when two agendas meet?", True)
    if wanted:
        create.merge_in_git(vault, _in_force(vault).settings.agenda)
        _say(
            "git merges the agendas of two devices now (.gitattributes; and once on each device: reconnect init --git)"
        )
    else:
        _say("To let git merge the agendas of two devices: reconnect init --git")


@cli.command(
    epilog=_examples(
        "new --company 'Acme Logistics'",
        "new --company Acme --interviewed 2026-11-20T14:00 --interviewer 'Ana Rivera, CEO'",
    )
)
@_vault
@click.option("--company", default="", help="Where the interview was.")
@click.option("--position", default="", help="The position it was about.")
@click.option(
    "--interviewed",
    default="",
    metavar="DATE",
    help="Date, or date and time, of the interview; today if left out.",
)
@click.option(
    "--interviewer",
    "interviewers",
    multiple=True,
    metavar="'NAME, TITLE'",
    help="Who conducted it; may be repeated.",
)
@click.option("--phone", default="", help="The number to call.")
def new(vault: Path | None, interviewers: tuple[str, ...], **facts: str) -> None:
    """Make the note for one interview.

    It comes from the vault's template; its path is printed. On a terminal you are asked the questions, one by one.
    """
    import pendulum

    from . import asking, create
    from .values import date_and_time

    found = _find(vault)
    frame = _in_force(found)
    _complain(frame.problems)
    now = pendulum.now(frame.settings.timezone)
    known: dict[str, Any] = {**facts, "interviewers": interviewers}
    answers = {}
    if asking.is_possible():
        with _stopped_unsaved():
            known = asking.facts(known, now.date())
            answers = asking.answers(create.questions(found, frame), frame.method)
    known["interviewed"] = known["interviewed"] or now.to_date_string()
    try:
        typed = date_and_time(asking.when(known["interviewed"], now.date()))
    except Failure as failure:
        raise click.BadParameter(f"{failure.message}: {failure.remedy}", param_hint="--interviewed") from failure
    assert typed
    known["interviewed"] = f"{typed[0]}T{typed[1]}{typed[2]}" if typed[1] else str(typed[0])
    path = create.new(found, frame, known, now, answers)
    click.echo(found.root / path)


@cli.command(epilog=_examples("agenda", "agenda ~/job-search --date 2026-11-25 --diff"))
@_vault
@_date
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the agenda would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--no-index", is_flag=True, help="Read every note, those that have not changed, too.")
@_json
def agenda(vault: Path | None, today: Any, check: bool, diff: bool, no_index: bool, as_json: bool) -> int:
    """Write the agenda: whom to call, why today, what to say.

    Marks and remarks in the agenda go into the evaluations; then the agenda is written, if it differs.
    """
    from . import lock, report, sync
    from .index import Index

    found = _find(vault)
    index = None if no_index else Index(lock.place(found.root, "index"))
    made = sync.run(found, today, write=not (check or diff), index=index)
    if index:
        index.save()
    if as_json:
        _print_json(report.pass_json(made, written=not (check or diff)))
    if diff:
        _echo("".join(_diff(made.changes)), nl=False)
    _complain(made.agenda.problems)
    _tell(made, written=not (check or diff))
    if check and made.changes:
        return FINDINGS
    return _exit_code(made.problems)


@cli.command(epilog=_examples("check --diff", "check ~/job-search --format github"))
@_vault
@_date
@click.option("--fix", is_flag=True, help="First put right what is a slip for sure: one line each, nothing else.")
@click.option("--diff", is_flag=True, help="Write nothing; show what --fix would change.")
@click.option("--format", "style", type=click.Choice(["text", "json", "github", "sarif"]), default="text")
@click.option("--json", "style", flag_value="json", help="The same as --format json.")
def check(vault: Path | None, today: Any, fix: bool, diff: bool, style: str) -> int:
    """Show everything that is wrong, where, and what to type instead.

    Nothing is written, unless you say --fix. Exits 1 if there is an error or a warning left; hints alone are fine.
    """
    from . import findings, outlook, report, sync

    if diff and style != "text":
        raise click.UsageError(f"--diff shows text. Leave out --format {style}, or --diff.")
    there = _find(vault)
    changes, failures = sync.mended(there, write=not diff) if fix or diff else ([], [])
    fixed = [] if diff else [line for change in changes for line in report.fixed_json(change)]
    found = sync.run(there, today, write=False, framed=outlook.frame).problems
    for line in report.fixed_text(fixed) if style != "json" else ():
        (_echo if style == "text" else _say)(line)
    if diff:
        _echo("".join(_diff(changes)), nl=False)
        _complain(found)
    elif style == "json":
        _print_json({**({"fixed": fixed} if fix else {}), "problems": [report.problem_json(one) for one in found]})
    elif style == "sarif":
        _print_json(findings.sarif(found))
    else:
        for line in findings.github(found) if style == "github" else map(str, found):
            _echo(line)
    for failure in failures:
        _say(str(failure))
    _say(findings.counted(found))
    return FINDINGS if failures or any(one.severity is not Severity.HINT for one in found) else 0


@cli.command(epilog=_examples("plan", "plan 'Interviews/2026-11-20 Acme.md' --json"))
@click.argument(
    "where",
    nargs=-1,
    metavar="[VAULT] [NOTE]...",
    type=click.Path(path_type=Path),
    shell_complete=completing.notes_or_files,
)
@_date
@_json
def plan(where: tuple[Path, ...], today: Any, as_json: bool) -> int:
    """Show every date, and how it was counted.

    For each step of each evaluation: when it is due, from which day that counts, and which days were passed over.
    """
    from . import meaning, outlook, report
    from .agenda import ASKED

    named = where[0] if where and where[0].is_dir() else None
    given = where[1:] if named else where
    vault = _find(named, next(iter(given), None))
    frame = _in_force(vault)
    seen = outlook.look(vault, frame, today or frame.today)
    with _looked_for(vault, frame, [path.as_posix() for path in given]):
        notes = {_note(vault.root, path) or meaning.named(seen.notes.paths, path.as_posix()) for path in given}
        if other := next(iter(sorted(notes - seen.notes.paths)), None):
            remedy = "its properties have to say when the interview was, behind interviewed"
            raise NoSuchNote(f"{other} is no evaluation", remedy)
    if as_json:
        _print_json(report.plan_json(seen, vault.root, notes))
    else:
        _echo("\n".join(report.plan_text(seen, notes)), nl=False)
    problems = [found for found in seen.problems if not notes or found.note in notes]
    _complain(found for found in problems if found.code not in ASKED)
    return _exit_code(problems)


def _say_of_a_step(name: str, sign: str, help: str, *examples: str) -> None:
    """One of the commands that say what became of a step; they go the way of the agenda's marks."""

    def command(
        note: str, step: str, vault: Path | None, today: Any, as_json: bool, day: Any = None, remark: str = ""
    ) -> int:
        from . import meaning, report, sync
        from .model import Sign

        path = Path(note)
        found = _find(vault, path)
        wanted = _note(found.root, path) or note
        frame = _in_force(found)
        now = today or frame.today
        with _looked_for(found, frame, [wanted]):
            made = sync.run(
                found,
                now,
                said=lambda contacts, notes: meaning.in_terminal(
                    contacts, notes, wanted, step, Sign(sign), day, remark, now
                ),
            )
        if as_json:
            _print_json(report.pass_json(made, written=True))
        _tell(made, written=True)
        if not made.marks:
            _say("The note says so already.")
        return _exit_code(made.problems)

    command.__doc__ = help
    options = [
        click.argument("note", shell_complete=completing.notes),
        click.argument("step", shell_complete=completing.steps),
        click.option("--vault", type=click.Path(path_type=Path), help="The vault, if it is not around this folder."),
        _date,
        _json,
    ]
    if sign.strip():
        options += [
            click.option("--on", "day", type=_Day(), metavar="DATE", help="The day it was; today if left out."),
            click.option("--remark", default="", metavar="TEXT", help="What there is to say about it, for the log."),
        ]
    for option in reversed(options):
        command = option(command)
    cli.command(name, epilog=_examples(*examples))(command)


_NAMED = "\n\nNOTE is its file, or a part of its name; STEP is card, fix, add, compensate or one of your own."
_say_of_a_step(
    "done",
    "x",
    f"Say that a card was sent or a call made.{_NAMED}",
    "done Acme fix --remark 'Bo Li took a message'",
    "done Acme card --on 2026-11-20",
)
_say_of_a_step(
    "skip",
    "-",
    f"Leave a card or a call out.{_NAMED}",
    "skip Acme compensate",
    "skip Acme add --remark 'said it already'",
)
_say_of_a_step(
    "again",
    ">",
    f"Say that nobody answered: it comes back on the next working day.{_NAMED}",
    "again Acme fix",
    "again Acme fix --on 2026-11-24",
)
_say_of_a_step(
    "undo", " ", f"Take back what was said last of a card or a call.{_NAMED}", "undo Acme fix", "undo Acme card --json"
)


@cli.command(epilog=_examples("watch", "watch ~/job-search --poll --verbose"))
@_vault
@click.option("--poll", is_flag=True, help="Look at the files themselves: for network drives, WSL and containers.")
@click.option("--hooks", is_flag=True, help="Run the on_change command of Reconnect.md after each change.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--verbose", is_flag=True, help="Say more; this shows words of your notes, too.")
def watch(vault: Path | None, poll: bool, hooks: bool, log_format: str, verbose: bool) -> int:
    """Keep the agenda right, until Ctrl-C.

    It makes one pass now, one after every change, and one at midnight.
    """
    from . import watch as watching
    from .resident import Resident

    resident = Resident(_find(vault), hooks, log_format, verbose)
    watching.watch(resident.vault, resident.passed, resident.idle, poll)
    watching.log.info("ended", extra={"event": "ended"})
    return INTERRUPTED


@cli.command(epilog=_examples("service install ~/job-search", "service print"))
@click.argument("action", type=click.Choice(["install", "status", "remove", "print"]))
@_vault
@click.option("--poll", is_flag=True, help="As for `reconnect watch`.")
@click.option("--hooks", is_flag=True, help="As for `reconnect watch`.")
@click.option(
    "--system",
    type=click.Choice(["linux", "darwin", "win32"]),
    help="With `print`: for that system (systemd, launchd, Task Scheduler).",
)
def service(action: str, vault: Path | None, poll: bool, hooks: bool, system: str | None) -> None:
    """Have `reconnect watch` started when you log in.

    `install` sets it up for your user, `status` shows how it is, `remove` ends it, `print` shows what would be set up.
    """
    import getpass

    from . import service as services

    if system and action != "print":
        raise click.UsageError(f"--system goes with `print` only: `reconnect service {action}` is for this machine")
    found = _find(vault)
    options = [*(["--poll"] if poll else []), *(["--hooks"] if hooks else [])]
    user = "\\".join(filter(None, [os.environ.get("USERDOMAIN"), getpass.getuser()]))
    one = services.service(system or sys.platform, found.root, options, Path.home(), user)
    if action == "print":
        _echo(one.text, nl=False)
        _say(f"This would be {one.path}, and taken up with: {'; '.join(map(shlex.join, one.install))}")
    elif action == "status":
        _echo(services.status(one), nl=False)
    elif action == "remove":
        _say(f"removed {one.path}" if services.remove(one) else "There was no service for this vault.")
    else:
        services.install(one)
        _say(f"made {one.path}; the agenda is kept right from now on, and after each login")


@cli.command(epilog=_examples("schema", "schema ~/job-search > evaluation.json"))
@_vault
def schema(vault: Path | None) -> None:
    """Print a JSON Schema of an evaluation's properties, for editors that complete and check YAML.

    With the steps of VAULT, or of the vault around this folder; without a vault, with the shipped ones.
    """
    from . import fields, method, outlook
    from .errors import NoVault
    from .vault import shipped_templates

    try:
        steps = outlook.frame(_find(vault)).method.steps
    except NoVault:
        if vault:
            raise
        steps = method.read(shipped_templates(), {})[0].steps
    _print_json(fields.schema([step.records for step in steps]))


@cli.command(epilog=_examples("doctor", "doctor ~/job-search --json"))
@_vault
@_json
def doctor(vault: Path | None, as_json: bool) -> int:
    """Show how everything is set up, and what to do where something is not right.

    Exits 1 if there is anything to do.
    """
    import getpass

    from . import doctor as doctors
    from .errors import NoVault

    try:
        found = _find(vault)
    except NoVault:
        if vault:
            raise
        found = None
    facts = list(doctors.facts(found, Path.home(), getpass.getuser()))
    if as_json:
        _print_json({"facts": [fact._asdict() for fact in facts]})
    else:
        _echo("\n".join(doctors.lines(facts)))
    return FINDINGS if any(fact.remedy for fact in facts) else 0


@cli.command(epilog=_examples("completion bash >> ~/.bashrc", "completion zsh >> ~/.zshrc"))
@click.argument("shell", type=click.Choice(list(completing.SPELT)))
def completion(shell: str) -> None:
    """Print what lets a shell complete commands, notes, steps and regions.

    For fish it belongs into ~/.config/fish/completions/reconnect.fish.
    """
    _echo(completing.script(shell, cli))


@cli.command("merge-agenda", epilog="`reconnect init --git` sets it up; git calls it with %O %A %B.")
@click.argument("base", type=click.Path(path_type=Path))
@click.argument("ours", type=click.Path(path_type=Path))
@click.argument("theirs", type=click.Path(path_type=Path))
def merge_agenda(base: Path, ours: Path, theirs: Path) -> int:
    """Merge two agendas for git.

    The ticks and remarks of both sides are kept in OURS. Files that are no agendas get git's usual conflict markers.
    """
    import subprocess

    from .errors import NotOurs
    from .merge import merge
    from .outlook import english

    before, mine, other = (path.read_bytes().decode("utf-8", "surrogateescape") for path in (base, ours, theirs))
    try:
        ours.write_bytes(merge(before, mine, other, english()).encode("utf-8", "surrogateescape"))
    except NotOurs:
        return FINDINGS if subprocess.run(["git", "merge-file", ours, base, theirs]).returncode else 0
    return 0


@cli.command(epilog=_examples("demo", "demo ~/reconnect-demo"))
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@_date
def demo(folder: Path | None, today: Any) -> None:
    """Show a made-up job search.

    It is copied into FOLDER (a new temporary one if left out), with work for today, and its agenda is shown.
    """
    import pendulum

    from . import create, sync

    day = create.demo_day(today or pendulum.today().date())
    vault = create.demo(folder, day)
    made = sync.run(vault, day)
    _echo(made.text)
    _say(f"This is {made.path} in {vault.root}. Open that folder in Obsidian or any editor, change a note,")
    _say(f"and run: reconnect agenda {vault.root}")


def main() -> None:
    """The program `reconnect`."""
    for stream in filter(None, (sys.stdout, sys.stderr)):  # a service of Windows has none
        # Names from a file system may be no UTF-8, and a Windows pipe may be no Unicode: neither may end the program.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = cli(prog_name="reconnect", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        context = getattr(error, "ctx", None)
        if context and "Examples:" in (context.command.epilog or ""):
            _say("\n" + context.command.epilog.removeprefix("\b\n"))
        code = USAGE
    except Failure as failure:
        _say(f"reconnect: {failure.message}\n  {failure.remedy}")
        code = USAGE
    except (KeyboardInterrupt, click.Abort):
        code = INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except OSError as error:
        _say(f"reconnect: {error.filename or ''} {error.strerror}\n  check the folder and your rights to it")
        code = USAGE
    sys.exit(code if isinstance(code, int) else 0)


@contextlib.contextmanager
def _stopped_unsaved() -> Iterator[None]:
    """A conversation: who stops in the middle is told that this did no harm."""
    try:
        yield
    except (click.Abort, KeyboardInterrupt):  # at a question, or between two
        _say("\nStopped. Nothing was saved.")
        raise


def _find(named: Path | None, note: Path | None = None) -> Any:
    """The vault that was named, or that a named folder or note is in; else that of `note`, if it is a file; else that
    of the working directory.
    """
    from .errors import NoVault
    from .vault import find

    if not named:
        return find(note.parent if note and note.is_file() else Path.cwd())
    folder = named.parent if named.is_file() else named
    if not folder.is_dir():
        raise NoVault(f"there is no folder {folder}", "name the folder with your notes")
    found = find(folder)
    if found.root.resolve() != named.resolve():
        _say(f"{named} is in the vault {found.root}, which is used.")
    return found


def _in_force(vault: Any) -> Any:
    """The settings and the method. They are waited for while somebody saves them."""
    import time

    from . import outlook, sync
    from .errors import Unsettled

    end = time.monotonic() + sync.LONGEST_SAVE
    while True:
        try:
            return outlook.in_force(vault)
        except Unsettled:
            if time.monotonic() > end:
                raise
            time.sleep(sync.LOOK_AGAIN)


def _note(root: Path, path: Path) -> str:
    """A note as given, from the working directory or from the vault, as a path in the vault; nothing if there is no
    such file.
    """
    for candidate in (path, root / path):
        if candidate.is_file() and candidate.resolve().is_relative_to(root.resolve()):
            return candidate.resolve().relative_to(root.resolve()).as_posix()
    return ""


@contextlib.contextmanager
def _looked_for(vault: Any, frame: Any, wanted: list[str]) -> Iterator[None]:
    """Say of a note that is not found if it is an evaluation outside the folder that is looked at."""
    from . import meaning, outlook

    try:
        yield
    except NoSuchNote:
        folder = frame.settings.interviews
        if folder == ".":
            raise
        outside = [one for one in vault.notes(".", frame.settings.ignore) if not one.startswith(f"{folder}/")]
        for one in wanted:
            with contextlib.suppress(NotSaid, OSError, UnicodeDecodeError):
                name = meaning.named(outside, one)
                data = vault.evaluation(name)
                if data and any(outlook.reader(name, frame)(data.decode())):
                    remedy = f"move it into {folder}, or write interviews: . in Reconnect.md for the whole vault"
                    raise Failure(f"{name} is not in {folder}, where your evaluations are looked for", remedy) from None
        raise


def _tell(made: Any, written: bool) -> None:
    """What a pass did, in a line for each mark and one for the agenda."""
    from . import journal

    for line in journal.carried(made):
        _say(line)
    if any(one.code == "conflict-markers" and one.note == made.path for one in made.problems):
        _say(f"{made.path} stays as it is until git's conflict markers are taken out of it.")
        return
    state = ("written" if written else "would change") if made.page.differs else "is right as it stands"
    _say(f"{made.path} {state}: {journal.work(made)} on {made.agenda.today}.")


def _diff(changes: Iterable[Any]) -> Iterator[str]:
    from . import lines

    for change in changes:
        old, new = (lines.split(data.decode("utf-8", "replace")) for data in (change.read.data, change.new))
        for line in difflib.unified_diff(old, new, change.name, change.name):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _print_json(value: Any) -> None:
    _echo(json.dumps(value, ensure_ascii=False, indent=1))


def _echo(text: str, nl: bool = True) -> None:
    sys.stdout.write(text + ("\n" if nl else ""))


def _say(text: str) -> None:
    click.echo(text, err=True)


def _complain(problems: Iterable[Problem]) -> None:
    """Problems go to stderr: the data on stdout stays data."""
    colours = {Severity.ERROR: "red", Severity.WARNING: "yellow"}
    for found in problems:
        _say(click.style(str(found), fg=None if os.environ.get("NO_COLOR") else colours.get(found.severity)))


def _exit_code(problems: Iterable[Problem]) -> int:
    return SOME_ERRORS if any(found.severity is Severity.ERROR for found in problems) else 0
