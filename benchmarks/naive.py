"""What somebody would write in an evening with the same libraries: every note whole, and all of it.

python -m benchmarks.naive FOLDER
"""

import sys
from pathlib import Path

import frontmatter
import pendulum
from markdown_it import MarkdownIt


def main() -> None:
    """Print who is to be called, and when."""
    found = []
    for path in sorted(Path(sys.argv[1]).rglob("*.md")):
        try:
            note = frontmatter.load(str(path))
        except Exception:  # whatever stands in other people's notes
            continue
        if "interviewed" in note.metadata and not note.metadata.get("outcome"):
            items = [one.content for one in MarkdownIt().parse(note.content) if one.type == "inline"]
            day = pendulum.parse(str(note.metadata["interviewed"])[:10])
            assert isinstance(day, pendulum.DateTime)
            for wait in (3, 3, 4):
                while wait:
                    day = day.add(days=1)
                    wait -= day.isoweekday() < 6
                found.append((day.to_date_string(), path.name, items[:1]))
    for one in sorted(found):
        print(*one)


if __name__ == "__main__":
    main()
