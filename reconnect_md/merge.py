"""Two agendas that grew from one on two devices -> one, for git."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from . import footer, lines, marks, meaning
from .errors import NotOurs
from .footer import State
from .marks import BELOW, YOURS, Found, Gap, Page
from .model import Language, Sign
from .saying import Saying, sayings, typed_words
from .taskline import links
from .weave import woven


def merge(base: str, ours: str, theirs: str, language: Language) -> str:
    """Two agendas that grew from one: the newer generated text, and what was typed on both sides. What is written anew
    is in the language of the page, if that is this one or one of its others.

    What one side deleted stays deleted unless the other changed it; where the two say different things of an item both
    lines stay, and the next pass asks which is meant. Raises `NotOurs` if one of them is no agenda.
    """
    before, mine, other = (_read(text, language) for text in (base, ours, theirs))
    if mine.day is None or other.day is None:
        raise NotOurs("this is no agenda of reconnect", "merge it by hand")
    text, older = (theirs, mine) if other.day > mine.day else (ours, other)
    newer = _read(_mended(text, _read(text, language), older, before), language)
    gaps = [*newer.gaps]
    tasks, states = dict(newer.tasks), {id: _worded(id, newer, older) for id in newer.states}
    waits = {id: state.since for id, state in newer.states.items() if state.since}
    for id in older.tasks:
        if ticked := _ticked(id, older, newer, before):
            gaps += [gap for gap in older.gaps if gap.task and gap.text in [one.text for one in ticked]]
            tasks[id], states[id] = _both(id, ticked, older, newer)
            # A mark counts for the day of the page in which it was made, not of that into which it comes.
            waits.setdefault(id, meaning.since(older, id, older.day or mine.day))
    page = replace(newer, gaps=[*gaps, *_added(older, newer, before)], tasks=tasks, states=states)
    generated = [line for line in newer.ours if line.block not in (BELOW, YOURS)]
    text = "".join(line.blank + line.text for line in generated)
    spoken = next((one for one in (language, *language.others) if one.words["last_line"] == newer.words), language)
    return woven(marks.generated(text), page, newer.day or mine.day, (), waits, spoken)


def resolved(text: str, language: Language) -> str | None:
    """An agenda in which git left conflict markers, merged as `merge` would have; None if a person has to do that.

    It is sure only if the markers are in their order, both sides are agendas whose last lines know all of their
    entries, and each line that was typed on either is there afterwards.
    """
    if not lines.conflict(text):
        return text
    if not (sides := lines.sides(text)) or None in (both := [resolved(side, language) for side in sides[1:]]):
        return None
    try:
        ours, theirs = (side or "" for side in both)
        if any(_has_stray(side, _read(side, language)) for side in (ours, theirs)):
            return None
        made = merge(sides[0], ours, theirs, language)
    except NotOurs:
        return None
    return made if _typed(ours, language) | _typed(theirs, language) <= {*map(str.strip, lines.split(made))} else None


def _has_stray(side: str, page: Page) -> bool:
    """Whether git put something there that was generated, and that the last line does not know: what was typed nobody
    can tell. That is an entry, or lines in the place of those that it does know: they are of another day.
    """
    typed = [line for gap in page.gaps if not gap.task for line in lines.split(gap.text) if line.strip()]
    loose = (gap.text for gap in page.gaps if YOURS not in (gap.place[0], gap.home[0]))
    headed = any(line.startswith(marks.ENTRY) for text in loose for line in lines.split(text))
    return headed or any(len(found) > 1 for found in page.tasks.values()) or bool(typed and _missing(side, page))


def _missing(side: str, page: Page) -> Counter[str]:
    """The marks of generated lines that its last line knows and a page has no more, changed task lines aside."""
    known = next((found.marks for line in reversed(lines.split(side)) if (found := footer.parse(line))), [])
    changed = [
        footer.mark(marks.unchanged(found[0].task, id, page.states[id], page))
        for id, found in page.tasks.items()
        if id in page.states and all(one.changed for one in found)
    ]
    return Counter(known) - Counter([*changed, *(line.mark for line in page.ours if line.block != BELOW)])


def _typed(text: str, language: Language) -> set[str]:
    """The lines that somebody typed into an agenda, beside changed task lines: of those what they say counts."""
    return {line.strip() for gap in _read(text, language).gaps if not gap.task for line in lines.split(gap.text)}


def _read(text: str, language: Language) -> Page:
    return marks.read(text, lambda task: "", language)


def _mended(text: str, newer: Page, older: Page, before: Page) -> str:
    """The newer page with the older one's form of each task line that only there was changed again, or deleted."""
    instead: dict[str, str | None] = {}
    for id in newer.tasks:
        theirs = older.tasks.get(id, [])
        was, now, there = ({lines.bare(one.text) for one in page.changed(id)} for page in (before, newer, older))
        stale = (was & now) - there
        instead |= {line: lines.bare(theirs[0].text) if theirs else None for line in stale}
    found = ((line, instead.get(lines.bare(line), lines.bare(line))) for line in lines.split(text))
    return "".join(new + lines.ending(line) for line, new in found if new is not None)


def _ticked(id: str, older: Page, newer: Page, before: Page) -> list[Found]:
    """The changed task lines that only the older page has, and that say what the newer one does not.

    Those that the newer one took back were there before.
    """
    known = {lines.bare(one.text) for page in (newer, before) for one in page.changed(id)}
    state = older.states.get(id)
    there = list(_said(id, newer, state))
    return [
        one
        for one in older.changed(id)
        if lines.bare(one.text) not in known
        and (
            not all(any(map(said.is_said_by, there)) for said in sayings(one.task, state, older.day))
            or any(words not in "".join(_texts(newer)) for words in typed_words(one.task, state))
        )
    ]


def _said(id: str, newer: Page, state: State | None) -> Iterator[Saying]:
    """What the newer page says of an item. A day beside a mark that was carried stands in the line of another call."""
    found = newer.tasks.get(id, [])
    notes = {link for one in found for link in links(one.task.words)}
    calls = [one.task for all_of_it in newer.tasks.values() for one in all_of_it]
    days = {day for task in calls if not notes.isdisjoint(links(task.words)) for day in task.due}
    for line, said in ((one, said) for one in found for said in sayings(one.task, state, newer.day)):
        # Of a line that was generated anew only a mark of its own, or the day of a call that was open, is news.
        yield said if line.changed or not state or state.sign is Sign.OPEN else said._replace(due="")
        if said.sign in (Sign.DONE, Sign.SKIPPED) and not said.due:
            yield from (said._replace(due=day) for day in sorted(days))


def _both(id: str, ticked: Sequence[Found], older: Page, newer: Page) -> tuple[list[Found], State]:
    """The task lines of an item whose older page has marks that the newer one has not, and their state.

    What the newer page was generated with is a mark as well if a pass has carried it since.
    """
    before, now = older.states.get(id, State(Sign.OPEN)), newer.states.get(id)
    there = newer.tasks.get(id, [])
    if now is None:
        return [*there, *ticked], before
    carried = now[:2] != before[:2]
    words = _words(before, now)
    found = [*(one._replace(changed=one.changed or carried) for one in there), *ticked]
    return found, before._replace(words=words, carried=now.carried, since=now.since)


def _worded(id: str, newer: Page, older: Page) -> State:
    """The state of an item of the newer page, with what only the older one has carried to the log, and its words if its
    line was taken over from there.
    """
    state, before = newer.states[id], older.states.get(id)
    if before is None:
        return state
    theirs = {one.text for one in older.tasks.get(id, ())}
    is_theirs = any(one.text in theirs for one in newer.changed(id))
    words = _words(before, state) if is_theirs else state.words
    return state._replace(words=words, carried=state.carried or before.carried)


def _words(*states: State) -> str:
    """The marks of their words, each once."""
    return "+".join(dict.fromkeys("+".join(state.words for state in states).split("+")))


def _added(older: Page, newer: Page, before: Page) -> Iterator[Gap]:
    """The typed runs of the older page with what they add to the newer one.

    A line is not new if its entry had it before, wherever in it; nor if it came from another entry, and the newer page
    has it still. Two lines alike in one entry are one, if there is no page before that would know better.
    """
    was, there, now = (_by_block(page) for page in (before, newer, older))
    moved = {line for line, count in now[""].items() if count <= was[""][line] and there[""][line]}
    left = was if before.day else there
    for gap in older.gaps:
        block, new, texts = left[_block(gap)], False, list[str]()
        for text in [] if gap.task else lines.split(gap.text):
            if line := text.strip():
                new = not block[line] and line not in moved
                block[line] -= bool(block[line])
            texts += [text] if new else []
        while texts and not texts[-1].strip():
            texts.pop()
        if any(not there[_block(gap)][text.strip()] for text in texts if text.strip()):
            yield gap._replace(text="".join(texts))


def _by_block(page: Page) -> dict[str, Counter[str]]:
    """How often each typed line stands in each entry; and, with an empty name, in the page."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for gap in page.gaps:
        for line in [] if gap.task else map(str.strip, lines.split(gap.text)):
            found[_block(gap)][line] += 1
            found[""][line] += 1
    return found


def _block(gap: Gap) -> str:
    """The entry in which a run stands; what stands above the first line is in none."""
    return gap.item or gap.place[0] or "#"


def _texts(page: Page) -> set[str]:
    return {gap.text for gap in page.gaps}
