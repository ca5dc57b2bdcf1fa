"""Phone numbers by country: as they are read, where their links lead, and which can be none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconnect_md import phone


@pytest.mark.parametrize(
    ("typed", "region", "own", "shown", "target"),
    [
        ("512 555 0142", "US", "US-TX", "(512) 555-0142", "+15125550142"),
        ("5125550142", "US-TX", "DE", "+1 512-555-0142", "+15125550142"),
        ("+1 512 555 0142", None, "US", "(512) 555-0142", "+15125550142"),
        ("(512) 555-0142 x12", "US", "US", "(512) 555-0142 ext. 12", "+15125550142;ext=12"),
        ("020 7946 0018", "GB-SCT", "GB", "020 7946 0018", "+442079460018"),
        ("02079460018", "GB", "US", "+44 20 7946 0018", "+442079460018"),
        ("+44 (0)20 7946 0018", None, "DE", "+44 20 7946 0018", "+442079460018"),
        ("030/23125-014", "DE-BY", "DE", "030 23125014", "+493023125014"),
        ("00493023125014", "DE", "US-TX", "+49 30 23125014", "+493023125014"),
        ("0123456789", "FR", "FR", "01 23 45 67 89", "+33123456789"),
        ("01.23.45.67.89", "FR", "ES", "+33 1 23 45 67 89", "+33123456789"),
        ("912345678", "ES", "ES-MD", "912 34 56 78", "+34912345678"),
        ("04 345 6789", "AE", "AE", "04 345 6789", "+97143456789"),
        ("+97143456789", None, "GB", "+971 4 345 6789", "+97143456789"),
        # without a country nothing is known of it
        ("512 555 0142", None, "US", "512 555 0142", "5125550142"),
        ("512 555 0142", "Texas", None, "512 555 0142", "5125550142"),
        ("+1 512 555 0142", None, None, "+1 512-555-0142", "+15125550142"),
        # words stay as they are, and so does what is no number
        ("512 555 0142 or 512 555 0143", "US", "US", "512 555 0142 or 512 555 0143", "+15125550142"),
        ("512 555 0142 (mobile)", "US", "US", "512 555 0142 (mobile)", "+15125550142"),
        ("mobile: 0170 1234567", "DE", "US", "mobile: 0170 1234567", "+491701234567"),
        ("1-800-FLOWERS", "US", "US", "1-800-FLOWERS", "+18003569377"),
        ("1-800-FLOWERS", None, "US", "1-800-FLOWERS", "1800"),
        ("555 0142", "US", "US", "555 0142", "5550142"),
        ("call my sister", "US", "US", "call my sister", ""),
        # blanks around a slash: within one number, and between two
        ("030 / 231 25 - 014", "DE-BY", "DE", "030 23125014", "+493023125014"),
        ("01 / 23 / 45 / 67 / 89", "FR", "FR", "01 23 45 67 89", "+33123456789"),
        ("0170 / 1234567", "DE", "US", "+49 170 1234567", "+491701234567"),
        ("030 / 23125014", None, None, "030 / 23125014", "03023125014"),
        ("512 555 0142 / 512 555 0143", "US", "US", "512 555 0142 / 512 555 0143", "+15125550142"),
        ("call 9am 512 555 0142", "US", "US", "call 9am 512 555 0142", "+15125550142"),
    ],
)
def test_a_number_is_read_as_where_one_is(
    typed: str, region: str | None, own: str | None, shown: str, target: str
) -> None:
    assert phone.read(typed, region, own) == (shown, target)


@pytest.mark.parametrize(
    ("typed", "region", "why"),
    [
        ("512 555 014", "US", "too short"),
        ("+1 512 555 014", None, "too short"),
        ("512 555 0142 33", "US", "too long"),
        ("555 0142", "US", "area code"),
        ("+999 512 555 0142", None, ""),
        ("12", "DE", "area code"),
        ("512 555 O142", "US", "letters"),
        ("+49 3O 23125014", None, "letters"),
    ],
)
def test_a_number_that_cannot_be_is_said(typed: str, region: str | None, why: str) -> None:
    found = phone.wrong(typed, region)
    assert (found is None) == (not why)
    if found:
        assert why in found.why and phone.wrong(found.instead, region) is None


@pytest.mark.parametrize(
    "typed",
    ["512 555 0142", "1-800-FLOWERS", "512 555 0142 or 0143", "512 555 0142 (mobile)", "", "see the card", "x12",
     "512 555 0142 ext. 12", "(512) 555-0142"],
)  # fmt: skip
@pytest.mark.parametrize("region", ["US", "US-TX", None])
def test_what_is_right_or_not_sure_is_not_said(typed: str, region: str | None) -> None:
    assert phone.wrong(typed, region) is None


@given(st.text(max_size=30), st.sampled_from(["US", "GB", "DE-BY", "FR", "ES", "AE", "XX", None]))
def test_whatever_was_typed_a_target_holds_a_number_and_nothing_else(typed: str, region: str | None) -> None:
    shown, target = phone.read(typed, region, "US")
    assert re.fullmatch(r"(\+?[0-9]+(;ext=[0-9]+)?)?", target)
    assert shown == typed or target
    phone.wrong(typed, region)


@pytest.mark.parametrize(
    ("typed", "region", "instead"),
    [
        ("O512 555 0142", "US-TX", "512 555 0142"),
        ("O5l2 555 0142", "US-TX", "512 555 0142"),
        ("512 555 O142", "US-TX", "512 555 0142"),
        ("O30 1234567", "DE", "030 1234567"),
        ("O20 7946 0958", "GB", "020 7946 0958"),
        ("512 555 O14", "US-TX", "+1 201-555-0123"),
    ],
)
def test_a_letter_for_a_digit_gives_a_number_that_can_be_dialled(typed: str, region: str, instead: str) -> None:
    found = phone.wrong(typed, region)
    assert found == ("it has letters in it", instead) and phone.wrong(instead, region) is None
