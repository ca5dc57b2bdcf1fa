"""Which heading of the method a line is, or was meant to be.

A heading that is missed does harm: what stands below it would count to the section above, and a confession would be
quoted as a compliment. So a line that can hardly be anything else is one, and a slip in its words is said.
"""

import difflib
import re
from collections.abc import Mapping
from typing import Final

from .lines import bare, ending, split
from .model import Method, same

LOG: Final = "log"

_CLOSE: Final = 0.84
"""`difflib`'s ratio from which on a heading is a slip; “What went wrong” is none for “What went right” (0.8)."""

_LONGEST: Final = 120
"""Characters of a line that may be meant as a heading."""

_MEANT: Final = re.compile(
    r" {0,3}(?P<signs>\#{2,6}(?!\#)|\#(?=\s|[^#\s]+\s))\s*(?P<unspaced>.+)"  # a single #word is a tag
    r"| {0,3}(?P<mark>\*{1,3}|_{1,3})(?P<bold>[^*_\s][^*_]*)(?P=mark)[:.?!]*"
    r"|(?!\d+[.)]|\*\s)(?P<bare>[\w“\"'‘*].*)"
)
_FENCE: Final = re.compile(r"[\s>]*(?:[-*+][ \t]+)*(?P<fence>`{3,}(?!.*`)|~{3,})(?P<rest>.*)")
_UNDERLINE: Final = re.compile(r" {0,3}(?:=+|-+)\s*")
"""Makes the lines above it a heading, all of them together."""


_NOT: Final = re.compile(r"\b(?:no|not|[a-z]+n t|didnt|wrong|bad|badly|nicht|kein\w*|schlecht|pas|mal)\b")
"""What makes the opposite of words, as compared."""

_LOG: Final = re.compile(rf"(?:(?:my|the|our) )?{LOG}(?:s|book)?(?: (?:entry|entries))?")

MOST_UNKNOWN: Final = 500
"""So many headings of a note are compared with those that may be meant, at 0.3 ms each, and so many are said."""


class Headings:
    """The headings of a method, and the log's, in every language."""

    def __init__(self, method: Method) -> None:
        self._known = {**dict.fromkeys(map(same, (LOG, *method.language.known("log"))), LOG), **method.headings}
        self._written = method.questions
        self._meant: dict[str, str] = {}

    def question(self, words: str) -> str:
        """The question that a heading asks, as compared; nothing if it is no known one. A number before it is not
        read.
        """
        return self._known.get(re.sub(r"^\d+ ", "", same(words)), "")

    def written(self, words: str) -> str:
        """A question's heading as the method writes it; nothing if these words are none."""
        return self._written.get(self.question(words), "")

    def meant(self, words: str) -> str:
        """The heading, as the method writes it, of which these words are a slip, or with which they begin; nothing if
        of none.
        """
        typed = same(words)
        if typed not in self._meant and len(self._meant) < MOST_UNKNOWN:
            known = [heading for heading, question in self._known.items() if question != LOG]
            close = [heading for heading in known if typed.startswith(f"{heading} ")]
            fitting = [heading for heading in known if may_ask(typed, self._known[heading], self._known)]
            meant = close[:1] or difflib.get_close_matches(typed, fitting, 1, _CLOSE)
            self._meant[typed] = "".join(map(self.written, meant)) or (LOG.title() if _is_log(typed) else "")
        return self._meant.get(typed, "")

    def typed_out(self, text: str) -> str:
        """The text, in the same lines, with a heading in each line that was meant as one: `##Said`, `**Said**`, bare,
        or indented so that it would belong to the list above. In code and comments it stays without effect.
        """
        found, before, fence = split(text), "", ""
        for number, line in enumerate(found):
            typed = bare(line).rstrip()
            fence = _fence(typed, fence)
            match = _MEANT.fullmatch(typed) if len(typed) < _LONGEST and not fence else None
            if match and self._opens(match, before):
                words = match["unspaced"] or match["bold"] or match["bare"]
                found[number] = f"{match['signs'] or '##'} {words}{ending(line)}"
                # Below a line with # in front a single dash is an empty bullet.
                below = "" if match["signs"] else "".join(found[number + 1 : number + 2])
                if _UNDERLINE.fullmatch(below):
                    # Not quite empty: an end \r above would make one line end with \n.
                    found[number + 1] = f" {ending(below)}"
            before = typed
        return "".join(found)

    def _opens(self, line: re.Match[str], before: str) -> bool:
        """Whether a line opens a section: its words, or those before a colon, are a heading. If it looks like one, a
        slip is enough; a bare “went well” may be the end of a sentence that began on the line before.
        """
        words = line["unspaced"] or line["bold"] or line["bare"]
        if line["bare"] and before and words[0].islower():
            return False
        known = self.question(words) or self.written(words.partition(":")[0])
        return bool(known or (not line["bare"] and self.meant(words)))


def may_ask(words: str, question: str, known: Mapping[str, str]) -> bool:
    """Whether a heading of the user's own can ask a question: “What did not go well” does not ask what went well, for
    no heading of that has a “not”. `known` are all headings with their questions, as compared.
    """
    negative = any(_NOT.search(heading) for heading, asked in known.items() if asked == question)
    return negative or not _NOT.search(same(words))


def _is_log(typed: str) -> bool:
    """Whether a word is a slip of “Log”: its letters, in another order or doubled; other words are too near to it."""
    return set(typed) == set(LOG) and len(typed) <= len(LOG) + 1


def names_log(words: str) -> bool:
    """Whether a heading may name the log, if what stands below it looks like one: “My log”, “Log entries”."""
    return _LOG.fullmatch(same(words)) is not None


def _fence(line: str, opened: str) -> str:
    """The fence of the code that a line is in, or opens; nothing behind the line that closes it."""
    match = _FENCE.match(line)
    if not match:
        return opened
    if not opened:
        return match["fence"]
    return "" if match["fence"].startswith(opened) and not match["rest"].strip() else opened
