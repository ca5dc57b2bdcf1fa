"""Odd texts, in short; the long form is `python -m benchmarks.fuzz`."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import fuzz
from reconnect_md import method, note
from reconnect_md.markdown import LONGEST
from reconnect_md.vault import shipped, shipped_templates

METHOD, _ = method.read(shipped_templates(), {})
SEEDS = [*fuzz.texts(shipped("example-vault")), fuzz.HEAD + fuzz.BODY]


@pytest.mark.parametrize("name", [name for name in fuzz.HARD if "MB" not in name and "5,000" not in name])
def test_a_hard_text_is_read_or_is_a_problem(name: str) -> None:
    evaluation, problems = note.parse("n.md", fuzz.HARD[name], METHOD)
    assert evaluation or any(one.severity == "error" for one in problems)


@pytest.mark.parametrize("name", fuzz.HARD_PAGES)
def test_a_hard_agenda_hangs_no_pass(name: str) -> None:
    fuzz.hard_page(name)


@given(st.integers(0, 1_000_000))
@settings(deadline=None, max_examples=25)
def test_an_odd_text_harms_nothing(seed: int) -> None:
    fuzz.look(fuzz.mutated(SEEDS, random.Random(seed)), METHOD)


def test_a_paragraph_of_normal_length_is_read_whole() -> None:
    text = f"{fuzz.HEAD}## What went well\n- {'word ' * (LONGEST // 6)}**bold**\n"
    evaluation, _ = note.parse("n.md", text, METHOD)
    assert evaluation and evaluation.items["what went well"][0].text.endswith(" bold")
