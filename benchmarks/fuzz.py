"""Odd texts as notes, settings, step files and agendas: does anything raise, take longer than a second, or lose a byte?

    python -m benchmarks.fuzz [--seconds 60] [--seed N] [FOLDER]

First the texts that are known to be hard (bombs, depths, lengths, odd characters), each in a process of its own, whose
memory is looked at; then the Markdown of the example vault and of FOLDER, mixed and mutated until the time is up. What
is timed is a whole pass over a small vault with the text as one of its files, and `check --fix` of it.
`python -m benchmarks.guided` looks for texts that reach new code.

For FOLDER take other people's collections: the cases of yaml-test-suite (each one is put between two lines of ---), the
examples of CommonMark's spec.txt, or a vault. Prints what was found, with the seed.
"""

import argparse
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import chain
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from pendulum import Date

from reconnect_md import lines, mend, method, note, outlook, record, settings, sync, weave
from reconnect_md.edit import CannotEdit
from reconnect_md.errors import Failure, NotOurs
from reconnect_md.model import Mark, Method, Sign
from reconnect_md.vault import Vault, shipped, shipped_templates

DAY: Final = Date(2026, 1, 14)
LONG_AGO: Final = 1_000_000_000
MOST_MINUTES: Final = 2
MOST_SECONDS: Final = 1.0
MOST_MEGABYTES: Final = 300
"""What a process may need for one text, the program itself among it."""

HEAD: Final = "---\ninterviewed: 2026-01-07\ncompany: Acme\nfix_call:\n---\n"
BODY: Final = "## Said, but wish I had not\n- Why I left\n  - Better: I had done it\n\n## Log\n"

GOOD: Final = (HEAD + BODY).encode()
SETTINGS: Final = b"---\nme: J\ntimezone: UTC\n---\n"
ROLES: Final = {
    "note": "n.md",
    "settings": "Reconnect.md",
    "step": "Templates/Reconnect/fix.md",
    "layout": "Templates/Reconnect/layout.md",
    "agenda": "Agenda.md",
}
"""As what a text is tried, and where that stands in a vault."""

HARD: Final[dict[str, str]] = {
    "one line of 10 MB": HEAD + "x" * 10_000_000,
    "a property of 10 MB": f"---\ninterviewed: 2026-01-07\ncompany: {'x' * 10_000_000}\n---\n",
    "2,000 nested lists": HEAD + BODY + "".join("  " * n + "- a\n" for n in range(400)) + "- " * 2000 + "x\n",
    "2,000 nested quotes": HEAD + BODY + ">" * 2000 + " x\n",
    "aliases of aliases": "---\ninterviewed: 2026-01-07\na: &a [x]\n"
    + "".join(f"b{n}: &b{n} [*{f'b{n - 1}' if n else 'a'},*{f'b{n - 1}' if n else 'a'}]\n" for n in range(40))
    + "---\n",
    "64 KB of question marks": f"---\ninterviewed: 2026-01-07\n{'? ' * 32_000}\n---\n",
    "32 KB of brackets": f"---\ninterviewed: 2026-01-07\na: {'[' * 32_000}\n---\n",
    "64 KB of hyphens": f"---\ninterviewed: 2026-01-07\na:\n{'- ' * 32_000}\n---\n",
    "a key of 60 KB": f"---\ninterviewed: 2026-01-07\n{'k' * 60_000}: x\n---\n",
    "5,000 keys": "---\ninterviewed: 2026-01-07\n" + "".join(f"k{n}: x\n" for n in range(5000)) + "---\n",
    "NUL": HEAD + BODY + "\0- \0\n",
    "200 KB of stars": HEAD + BODY + "- " + "*" * 200_000,
    "nested emphasis": HEAD + BODY + "- " + "*a " * 1000 + "b*" * 1000,
    "stars in a row": HEAD + BODY + "- " + "*" * 3900 + " x",
    "nested links and quotes": HEAD + "## What went well\n" + "> " * 90 + "- " + "**a ~~b " * 300 + "c~~ d**" * 300,
    "200 KB of opened links": HEAD + BODY + "- " + "[" * 200_000,
    "paragraphs of opened links": HEAD + BODY + f"- {'[' * 9900}\n" * 25,
    "200 KB of backticks": HEAD + BODY + "- " + "`a" * 100_000,
    "200 KB of wikilinks": HEAD + BODY + "- " + "[[a|" * 50_000,
    "200 KB of tags": HEAD + BODY + "- " + "#a " * 60_000,
    "200 KB of labels": HEAD + BODY + "- " + "Better: " * 25_000,
    "8,000 items": HEAD + "## What went well\n" + "- a\n" * 8000,
    "5,000 headings": HEAD + "## Said, but wsh I hd not\n- x\n" * 5000,
    "5,000 lines of the log": HEAD + BODY + "- 2026-01-12 fix call no answer: x\n" * 5000,
    "100 KB of signifiers": HEAD + BODY + "- [x] " + "🆔 a 📅 2026-01-01 ✅ " * 5000,
}
ODD: Final = (
    "---\n", "- ", "  ", "\t", "\r", "\r\n", "\u2028", "\x85", "\ufeff", "\0", "%%", "```\n", "~~~\n", "<!--",
    "-->", "{{", "}}", "{% for x in y %}", "<%", "&a", "*a", "!x ", "? ", ": ", "[", "]", "{", "}", "'", '"',
    "|\n", ">\n", "#", "[[", "]]", "🆔 acme", "📅 2026-01-99", "- [x] ", "$=", "Better:", "interviewed:",
    "2026-13-45", "٣", "é", "e\u0301", "\ud800", "\U0001f600", "::", "^id", "[^1]:", "===\n", "## Log\n",
    "|a|b|\n|-|-|\n",
)  # fmt: skip

HARD_PAGES: Final[dict[str, Callable[[str], str]]] = {
    "100 KB of blanks in a box": lambda line: f"{line}- [{' ' * 100_000}",
    "100 KB of blanks in a task line": lambda line: line.replace("Call", f"Call{' ' * 100_000}"),
    "100 KB of blanks behind a task line": lambda line: line.replace("\n", f"{' ' * 100_000}.\n"),
    "many days": lambda line: line.replace("\n", f" {' '.join(f'📅 {day} ✅ {day}' for day in range(2000, 9000))}\n"),
    "opened fields": lambda line: line.replace("\n", f"{' [due:: 2026-02-01' * 20_000}\n"),
    "opened days": lambda line: line.replace("\n", f"{' (@2026-02-01' * 20_000}\n"),
    "a day of 50,000 words": lambda line: line.replace("\n", f" 📅 {'x ' * 50_000}\n"),
    "links without an id": lambda line: line.partition("🆔")[0] + "](good.md)" * 20_000 + "\n",
    "100,000 ids": lambda line: line.replace("\n", f"{' 🆔' * 100_000}\n"),
    "100,000 blank lines": lambda line: f"{line}x\n{chr(10) * 100_000}y\n",
    "copies of a task line": lambda line: line.replace("[ ]", "[x]") * 4000,
    "task lines that contradict each other": lambda line: "".join(line.replace(" ]", f"{c}]") for c in "x->y" * 500),
    "a remark for each of 3,000 copies": lambda line: "".join(f"{line}word {n}\n" for n in range(3000)),
    "each line typed twice": lambda line: f"{line * 2}{'**They answer**' * 2}\n" * 2000,
    "5,000 last lines": lambda line: line + "<!-- reconnect keeps what you type in this note. Leave\n" * 5000,
    "10,000 lines below a task of theirs": lambda line: line + "\n- [ ] this e-mail:\n" + "they wrote\n" * 10_000,
    "10,000 lines that name the task below it": lambda line: line + f"they wrote {line[line.index('🆔') :]}" * 10_000,
    "20,000 headings": lambda line: line + "### T\n\nx\n" * 10_000,
}
"""What stands in an agenda in the place of a task line."""


def _page() -> str:
    """The agenda of a vault with one good note."""
    with tempfile.TemporaryDirectory() as folder:
        for name, held in (("good.md", GOOD), ("Reconnect.md", SETTINGS)):
            (Path(folder) / name).write_bytes(held)
        return sync.run(Vault(Path(folder)), DAY, write=False).page.new.decode()


PAGE: Final = _page()


def texts(folder: Path) -> Iterator[str]:
    """The Markdown and YAML files below a folder."""
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".md", ".yaml", ".yml", ".txt") and path.is_file():
            text = path.read_bytes().decode("utf-8", "replace")
            yield text if path.suffix == ".md" else f"---\ninterviewed: 2026-01-07\n{text}\n---\n"
            yield HEAD + BODY.replace("## Log", f"{text}\n\n## Log")


def mutated(seeds: list[str], dice: random.Random) -> str:
    """A text, or two of them crossed, with odd pieces put in, parts taken out, doubled or swapped."""
    text = dice.choice(seeds)
    if dice.random() < 0.3:
        other = dice.choice(seeds)
        text = text[: dice.randint(0, len(text))] + other[dice.randint(0, len(other)) :]
    for _ in range(dice.randint(1, 8)):
        start = dice.randint(0, len(text))
        end = min(len(text), start + dice.choice([0, 1, 3, 20, 200]))
        piece = dice.choice(["", dice.choice(ODD), dice.choice(ODD) * dice.randint(2, 50), text[start:end] * 2])
        text = text[:start] + piece + text[end:]
    return text[:20_000]


def look(text: str, made: Method) -> None:
    """The text as each of the files that are read, and as each file of a vault. Raises what the program does,
    `AssertionError` for what is wrong or takes too long.
    """
    read(text, made)
    slow = [f"as {role} {took:.1f} s" for role, took in passes(text) if took > MOST_SECONDS]
    assert not slow, f"took too long: {', '.join(slow)}"


def read(text: str, made: Method) -> None:
    """The text as each of the files that are read, without a file system."""
    evaluation, _ = note.parse("n.md", text, made)
    settings.read(text, "UTC")
    method.read(shipped_templates(), {"Templates/Reconnect/fix.md": text})
    method.read(shipped_templates(), {"Templates/Reconnect/layout.md": text})
    mended = mend.mend(text, made, lambda one: note.parse("n.md", one, made))
    assert mend.mend(mended, made, lambda one: note.parse("n.md", one, made)) == mended, "not put right at once"
    if evaluation:
        _mark(text, made)
    if not _is_agenda(text):  # which says itself which of its lines are generated
        woven = weave.weave(PAGE, f"{PAGE}\n{text}", lambda task: "", DAY, outlook.english())
        assert all(line.strip() in woven for line in lines.split(text)[:50]), "a line that was typed is not there"


def passes(text: str) -> Iterator[tuple[str, float]]:
    """Whole passes over a vault with the text as one of its files: as which, and the seconds of the processor that each
    took.
    """
    data = text.encode("utf-8", "surrogatepass")
    for role, name in ROLES.items():
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            page = b"" if _is_agenda(text) else PAGE.encode() + b"\n"
            for path, held in (("good.md", GOOD), ("Reconnect.md", SETTINGS), (name, page * (role == "agenda") + data)):
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_bytes(held)
                os.utime(root / path, (LONG_AGO, LONG_AGO))  # what was saved just now is waited for
            start = time.process_time()
            try:
                made = sync.run(Vault(root), DAY, framed=outlook.frame)  # with the defaults, if there is no other way
            except NotOurs:
                continue  # what stands there is left as it is, and the person told
            yield role, time.process_time() - start
            if role != "settings":  # which may lead elsewhere
                assert "Acme" in made.text or role == "layout", f"as {role}: another note's calls are not in the agenda"
            if role != "agenda":
                assert (root / name).read_bytes() == data, f"as {role}: a file was changed that nobody marked"
            start = time.process_time()
            sync.mended(Vault(root), write=False)
            yield f"{role}, with --fix,", time.process_time() - start


def _is_agenda(text: str) -> bool:
    """Whether a page's last line stands in a text."""
    return "<!-- reconnect keeps what you type" in text


def _mark(text: str, made: Method) -> None:
    """A mark changes a property and a line of the log, or is refused."""
    try:
        after = record.write(text, Mark("fix_call", Sign.DONE, DAY), made, lambda one: note.parse("n.md", one, made)[0])
    except CannotEdit:
        return
    before = lines.split(text)
    gone = [line for line in before if line not in lines.split(after)]
    assert len([line for line in gone if line is not before[-1]]) <= 1, f"more than one line changed: {gone[:3]}"


def hard(name: str, found: Connection) -> None:
    """One of the hard texts, in this process; tells what is wrong."""
    made, _ = method.read(shipped_templates(), {})
    look(GOOD.decode(), made)  # what is imported and made once counts for nothing
    for role, took in passes(HARD[name]):
        if took > MOST_SECONDS:
            found.send(f"as {role} it took {took:.1f} s")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
    if memory > MOST_MEGABYTES:
        found.send(f"it needed {memory:.0f} MB")


def hard_page(name: str) -> None:
    """A pass over an agenda with one of the hard things in it, and one more. Raises what the program does."""
    with tempfile.TemporaryDirectory() as folder:
        root, agenda = Path(folder), Path(folder, "Agenda.md")
        (root / "Reconnect.md").write_text("---\nme: J\ntimezone: UTC\n---\n")
        (root / "good.md").write_text(HEAD + BODY)
        sync.run(Vault(root), DAY)
        page = lines.split(agenda.read_text("utf-8"))
        number = next(n for n, line in enumerate(page) if line.startswith("- [ ] Call"))
        page[number] = HARD_PAGES[name](page[number])
        agenda.write_text("".join(page), "utf-8")
        sync.run(Vault(root), DAY)
        assert not sync.run(Vault(root), DAY).changes, "a pass at rest writes nothing"


def try_hard_pages() -> Iterator[str]:
    """What is wrong with the hard agendas: a pass must not hang."""
    context = multiprocessing.get_context("spawn")
    for name in HARD_PAGES:
        process = context.Process(target=hard_page, args=(name,))
        process.start()
        process.join(20)
        if process.is_alive():
            process.kill()
            process.join()
        if process.exitcode:
            yield f"an agenda with {name}: ended with {process.exitcode}"


def try_hard() -> Iterator[str]:
    """What is wrong with the hard texts."""
    context = multiprocessing.get_context("spawn")
    for name in HARD:
        told, found = context.Pipe(duplex=False)
        process = context.Process(target=hard, args=(name, found))
        process.start()
        found.close()
        process.join(MOST_MINUTES * 60)
        if process.is_alive():
            process.kill()
            process.join()
        while told.poll():
            try:
                yield f"{name}: {told.recv()}"
            except EOFError:
                break
        if process.exitcode:
            yield f"{name}: ended with {process.exitcode}"


def fuzz(seeds: list[str], seed: int, seconds: float, failed: Callable[[str], None]) -> int:
    """Mutated texts until the time is up; how many."""
    made, _ = method.read(shipped_templates(), {})
    end, count = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        text = mutated(seeds, random.Random(seed + count))
        try:
            look(text, made)
        except Failure as failure:
            failed(f"seed {seed + count}: a failure where a problem was to be: {failure}")
        except Exception as error:
            failed(f"seed {seed + count}: {type(error).__name__}: {str(error)[:300]}")
        count += 1
    return count


def main() -> int:
    """1 if anything was found."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("folder", nargs="?", type=Path)
    chosen = parser.parse_args()
    found = []
    for wrong in chain(try_hard(), try_hard_pages()):
        print(wrong, flush=True)
        found.append(wrong)
    seeds = [*texts(shipped("example-vault")), *texts(shipped("templates")), HEAD + BODY]
    for number, text in enumerate(own := list(texts(chosen.folder)) if chosen.folder else []):
        try:
            look(text, method.read(shipped_templates(), {})[0])
        except Exception as error:
            found.append(f"text {number} of {chosen.folder}: {type(error).__name__}: {str(error)[:300]}")
            print(found[-1], flush=True)

    def failed(wrong: str) -> None:
        found.append(wrong)
        print(wrong, flush=True)

    count = fuzz([*seeds, *own], chosen.seed, chosen.seconds, failed)
    print(
        f"{len(HARD) + len(HARD_PAGES)} hard texts, {len(own)} of the folder, {count} mutated ones: {len(found)} found"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
