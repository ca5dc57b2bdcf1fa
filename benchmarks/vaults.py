"""Makes a large vault: the same one for the same seed.

    python -m benchmarks.vaults FOLDER [--notes 102000] [--evaluations 2000] [--seed 1]

As vaults of ten years are: sizes log-normal with a middle of 2 KB, some notes large, a third without properties,
folders within folders; the evaluations are spread over all of them, most of them closed.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Final

TODAY: Final = "2026-11-25"
"""The day on which it has work."""

PER_FOLDER: Final = 50
OPEN: Final = 0.01
"""The share of evaluations that are still going on: twenty of two thousand, as in a busy month."""


def _split(words: str) -> list[str]:
    return words.split()


_WORDS: Final = _split(
    "the warehouse night shift planner moved forty people without losing one day of shipping and then a list of things "
    "to read about gardens music a recipe with lemon notes from a talk that nobody finished why it rains on Tuesdays"
)
_PROPERTIES: Final = (
    "tags: [reading, 2024]\n",
    "aliases:\n  - Another name\n",
    "created: 2024-05-01\n",
    "status: done\nrating: 4\n",
    "cssclasses: wide\n",
)
_FIRST: Final = _split(
    "Ana Bo Carla Deniz Emil Fatima Goran Hana Ivo Jun Kai Lena Mira Nils Olga Pia Quentin Rosa Sam Tara"
)
_LAST: Final = _split(
    "Rivera Li Okafor Smith Novak Tanaka Ivanova Silva Haddad Berg Costa Diaz Evans Fischer Gruber Huber"
)
_TRADES: Final = _split("Logistics Foods Health Steel Paper Software Bank Energy Rail Print")
_TOWNS: Final = _split("Austin Berlin Chicago Dublin Essen Fargo Geneva Hull Izmir Jena Kyoto Leeds Milan Nice Oslo")
EVALUATION: Final = """\
---
interviewed: {day}T14:00
company: {company}
position: Operations manager
interviewers:
  - {first}, Director of operations
  - {second}, Chief technology officer
phone: "+1 512 555 0142"
region: {region}
outcome:{outcome}
card_sent: {day}
fix_call:
add_call:
compensate_call:
---
## What went well
- We agreed that the night shift needs its own planner

## What connected
- We both started on a loading dock

## Said, but wish I had not
- Why I left my last job, number {number}
  - Better: I had done what I came to do there

## Did not say, but wish I had
- I moved {number} people to a new site

## Requirements I do not satisfy
- Six Sigma black belt
  - Compensate: I hold a green belt

## Log
- {day} card sent

"""


def folders(count: int, dice: random.Random) -> list[str]:
    """Folders within folders, each below one of those before it."""
    made = [""]
    while len(made) < count:
        above = dice.choice(made[-40:] if dice.random() < 0.5 else made)
        if above.count("/") < 7:
            made.append(f"{above}Folder {len(made)}/")
    return made


def words(size: int, dice: random.Random) -> str:
    """Paragraphs of about so many bytes."""
    text: list[str] = []
    while size > 0:
        line = " ".join(dice.choices(_WORDS, k=min(60, size // 5 + 1)))
        text.append(
            f"## {line[:20]}\n" if dice.random() < 0.1 else f"- {line}\n" if dice.random() < 0.3 else line + "\n\n"
        )
        size -= len(text[-1])
    return "".join(text)


def note(dice: random.Random, pages: list[str]) -> str:
    """Any note that is no evaluation."""
    size = min(int(dice.lognormvariate(7.6, 0.8)), 400_000)
    properties = f"---\n{''.join(dice.sample(_PROPERTIES, dice.randint(1, 3)))}---\n" if dice.random() > 0.35 else ""
    page = dice.choice(pages)
    return properties + (page * (size // len(page) + 1))[:size] + "\n"


def evaluation(number: int, dice: random.Random) -> str:
    """An evaluation of the last ten years, or of the last days if it is open."""
    is_open = dice.random() < OPEN
    day = f"2026-11-{dice.randint(12, 24):02}" if is_open else f"{dice.randint(2016, 2025)}-{dice.randint(1, 12):02}-07"
    outcome = "" if is_open else f" {dice.choice(['rejected', 'offer', 'no reply', 'withdrawn'])}"
    region = dice.choice(["US-TX", "US-NY", "GB-SCT", "DE-BY", "FR"])
    first, second = (f"{dice.choice(_FIRST)} {dice.choice(_LAST)}" for _ in range(2))
    company = f"{dice.choice(_LAST)} {dice.choice(_TRADES)} {dice.choice(_TOWNS)}"
    text = EVALUATION.format(
        day=day, number=number, outcome=outcome, region=region, company=company, first=first, second=second
    )
    return text + words(dice.randint(0, 2000), dice)


def texts(notes: int, evaluations: int, seed: int) -> Iterator[tuple[str, str]]:
    """Paths and texts of a vault."""
    dice = random.Random(seed)
    places = folders(max(notes // PER_FOLDER, 1), dice)
    pages = [words(dice.randint(500, 4000), dice) for _ in range(200)]
    chosen = set(dice.sample(range(notes), evaluations))
    yield "Reconnect.md", "---\nme: Jordan Smith\ntimezone: UTC\nregion: US-TX\n---\n"
    for number in range(notes):
        text = evaluation(number, dice) if number in chosen else note(dice, pages)
        yield f"{dice.choice(places)}Note {number}.md", text


def make(root: Path, notes: int, evaluations: int, seed: int = 1) -> Path:
    """Write it; a folder that is there already is taken for it."""
    if not root.exists():
        for path, text in texts(notes, evaluations, seed):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8", newline="")
    return root


def main() -> int:
    """Make one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--notes", type=int, default=102_000)
    parser.add_argument("--evaluations", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    make(chosen.folder, chosen.notes, chosen.evaluations, chosen.seed)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
