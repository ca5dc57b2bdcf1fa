"""Every property edit of a folder of notes: one line, or refused. `python -m benchmarks.edits FOLDER...`

Tries each property of each note, and one that is not there, and compares lines. Nothing is written. Prints the notes,
the edits that changed one line, those that were refused (with reasons), and exits 1 if any changed anything else.
"""

import sys
from collections import Counter
from pathlib import Path

from reconnect_md import edit, lines, properties
from reconnect_md.edit import CannotEdit

VALUE = "2026-01-12"


def main(folders: list[str]) -> int:
    """Try every edit below the folders."""
    found, reasons = Counter[str](), Counter[str]()
    for path in (path for folder in folders for path in Path(folder).rglob("*.md") if path.is_file()):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        if lines.front_matter(lines.split(text)) is None:
            continue
        found["notes"] += 1
        for key in (*properties.read("", text).values, "fix_call"):
            try:
                after = edit.set_property(text, key, VALUE)
            except CannotEdit as refused:
                found["refused"] += 1
                reasons[str(refused)] += 1
                continue
            kind = "one line" if _one_line(lines.split(text), lines.split(after)) else "MORE"
            found[kind] += 1
            if kind == "MORE":
                print(f"{path}: {key}")
    print(dict(found), dict(reasons.most_common(5)))
    return 1 if found["MORE"] else 0


def _one_line(before: list[str], after: list[str]) -> bool:
    """Whether one line was changed or added, and all others are where they were."""
    same = next(
        (n for n, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    tail = len(before) - same - (1 if len(before) == len(after) else 0)
    return len(after) - len(before) in (0, 1) and before[len(before) - tail :] == after[len(after) - tail :]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
