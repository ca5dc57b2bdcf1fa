"""The command line: arguments, the clock, printing, exit codes. Data goes to stdout, talk to stderr.

Each command has a module of its own, which is loaded when it is asked for; this one holds what all of them are called,
and is all that `reconnect --help` needs.
"""

import os
import sys
from typing import Final

COMMANDS: Final = {
    "init": "Make a folder a vault, without overwriting anything.",
    "new": "Make the note for one interview.",
    "today": "Show in the terminal whom to call.",
    "rehearse": "Practise the next call of a note.",
    "agenda": "Write the agenda: whom to call, why today, what to say.",
    "check": "Show everything that is wrong, where, and what to type instead.",
    "plan": "Show every date, and how it was counted.",
    "learn": "Show how the plan was kept, and what comes up again.",
    "done": "Say that a card was sent or a call made.",
    "skip": "Leave a card or a call out.",
    "again": "Say that nobody answered: it comes back on the next working day.",
    "undo": "Take back what was said last of a card or a call.",
    "watch": "Keep the agenda right, until Ctrl-C.",
    "service": "Have `reconnect watch` started when you log in.",
    "export": "Give plans and history to calendars, to-do lists, spreadsheets.",
    "cohort": "Show a coach whose calls are late, and for whom none is planned.",
    "schema": "Print a JSON Schema of an evaluation's properties, for editors.",
    "doctor": "Show how all is set up, and what to do where it is not right.",
    "completion": "Print what lets a shell complete commands, notes, steps, regions.",
    "merge-agenda": "Merge two agendas for git.",
    "demo": "Show a made-up job search.",
}
"""What a newcomer wants first, first; what each is for in at most 65 characters, for a line of 80."""

REPEATED: Final = ("agenda", "plan", "today")
"""Those that say the same again while nothing has changed."""

SAID: Final = ("done", "skip", "again", "undo")
"""Those that say what became of a step: four names of one thing, in the module `said`."""


def help_text() -> str:
    """What `reconnect --help` prints."""
    commands = "\n".join(f"  {name:<13} {what}" for name, what in COMMANDS.items())
    return f"""\
Usage: reconnect COMMAND [OPTIONS] [ARGS]...

  Reconnect after a job interview: evaluations in Markdown go in, today's calls
  and their words come out.

Commands:
{commands}

Options:
  --version     Show the version and exit.
  --help        Show this message and exit; behind a COMMAND, that one's.

  A newcomer starts with `reconnect demo`, then `reconnect init`.
"""


def main() -> None:
    """The program `reconnect`."""
    for stream in filter(None, (sys.stdout, sys.stderr)):  # a service of Windows has none
        # Names from a file system may be no UTF-8, and a Windows pipe may be no Unicode: neither may end the program.
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = _run(sys.argv[1:])
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _run(words: list[str]) -> int:
    if words in (["--help"], ["help"]):
        sys.stdout.write(help_text())
        return 0
    if words and words[0] in REPEATED:
        from ..answers import given

        if answer := given(words):
            for stream, text in answer.said:
                (sys.stdout if stream == 1 else sys.stderr).write(text)
            return answer.code
    from .program import run

    return run()
