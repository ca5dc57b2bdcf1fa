"""Odd texts that reach new code, by coverage: does anything raise, or lose a byte? It needs `pip install atheris`.

    python -m benchmarks.guided [--seconds 60] [FOLDER]

Begins with the Markdown of the example vault, the texts that are known to be hard, and what FOLDER holds; a text that
fails is written to a file `crash-...` in the working directory. Where there is no atheris for this Python or system,
`python -m benchmarks.fuzz` mutates without looking at coverage.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from typing import Final

LONGEST: Final = 4_000
"""Bytes of a text: what is quick lets more be tried."""


def main() -> int:
    """Whatever libFuzzer ends with; 2 without atheris."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("folder", nargs="?", type=Path)
    chosen = parser.parse_args()
    try:
        import atheris
    except ImportError:
        print("There is no atheris here: pip install atheris, or run python -m benchmarks.fuzz", file=sys.stderr)
        return 2
    with atheris.instrument_imports(include=["reconnect_md"]):
        from . import fuzz
    from reconnect_md import method
    from reconnect_md.vault import shipped, shipped_templates

    made, _ = method.read(shipped_templates(), {})

    def look(data: bytes) -> None:
        fuzz.read(data.decode("utf-8", "replace"), made)

    with tempfile.TemporaryDirectory() as folder:
        corpus, words = Path(folder) / "texts", Path(folder) / "words"
        corpus.mkdir()
        own = list(fuzz.texts(chosen.folder)) if chosen.folder else []
        seeds = [*fuzz.texts(shipped("example-vault")), *fuzz.texts(shipped("templates")), *fuzz.HARD.values(), *own]
        for number, text in enumerate(seeds):
            (corpus / str(number)).write_bytes(text.encode("utf-8", "replace")[:LONGEST])
        escaped = ("".join(f"\\x{byte:02x}" for byte in odd.encode("utf-8", "replace")) for odd in fuzz.ODD)
        words.write_text("".join(f'"{word}"\n' for word in escaped), "utf-8")
        options = [f"-dict={words}", f"-max_len={LONGEST}", f"-max_total_time={chosen.seconds}", "-timeout=60"]
        atheris.Setup([sys.argv[0], *options, "-print_final_stats=1", str(corpus)], look)
        atheris.Fuzz()
    return 0


if __name__ == "__main__":
    sys.exit(main())
