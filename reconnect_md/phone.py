"""A phone number as somebody typed it -> how it is read, where its link leads, and why it can be none.

What a number means depends on the country it is dialled in, which `phonenumbers` knows; without a country, and of what
is more than one number (“512 555 0142 or 0143, mobile”), the words stay as they are and the link has the first digits.
"""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_EXTENSION: Final = r"(?<![a-z])(?:x|ext(?:ension)?)[\s.:]*"
_NUMBER: Final = re.compile(
    rf"(?P<alone>{_EXTENSION})?(?P<number>\+?[0-9](?:[0-9().‐–-]|\s(?!/)|/(?!\s))*)"
    rf"(?:[\s,;]*{_EXTENSION}(?P<extension>[0-9][0-9-]*))?"
)
_VANITY: Final = re.compile(r"\+?[0-9][0-9(). -]*[a-z]{3,}[a-z0-9-]*")
"""A number with a word in it: 1-800-FLOWERS."""

_LETTERS: Final = str.maketrans("oOlI", "0011")
"""Letters that are typed for digits."""

_FEWEST: Final = 7
"""Digits of a number that stands for itself; an area code has fewer, and an hour."""

_WHY: Final = {1: "there is no such country code", 2: "it is too short", 3: "it is too long",
               4: "its area code is missing", 5: "it has too few digits or too many"}  # fmt: skip
"""By `phonenumbers.ValidationResult`."""


class Phone(NamedTuple):
    """A number as it is shown, and the target of its `tel:` link, which is empty if there is none."""

    shown: str
    target: str


class Wrong(NamedTuple):
    """Why a number can be none, and what to type instead."""

    why: str
    instead: str


@lru_cache(maxsize=1024)
def read(typed: str, region: str | None = None, own: str | None = None) -> Phone:
    """A number of the employer's `region` as it is read in one's `own`: with its country's code only where it is
    needed. The target is that of RFC 3966: E.164, or the digits where the country is not known, and an extension.
    """
    digits = _plain(typed)
    if _VANITY.fullmatch(digits):
        number = _parsed(digits, region)
        return Phone(typed, _e164(number) if number and _reason(number) == 0 else re.sub("[^0-9+]", "", digits))
    found = [*_NUMBER.finditer(digits)]
    match = next((one for one in found if _count(one["number"]) >= _FEWEST), found[0] if found else None)
    if not match or match["alone"]:
        return Phone(typed, "")
    number = _parsed(match["number"], region)
    extension = re.sub(r"\D", "", match["extension"] or "")
    tail = f";ext={extension}" if extension else ""
    if number is None or _reason(number) != 0:
        return Phone(typed, re.sub(r"[^0-9+]", "", match["number"]) + tail)
    whole = match[0] == digits and _is_known(number)
    return Phone(_shown(number, extension, own) if whole else typed, _e164(number) + tail)


def is_number(typed: str) -> bool:
    """Whether a text is one number and nothing else: one with its extension, or with a word that is dialled."""
    digits = _plain(typed)
    match = _NUMBER.fullmatch(digits)
    return bool((match and not match["alone"]) or _VANITY.fullmatch(digits))


def wrong(typed: str, region: str | None) -> Wrong | None:
    """Why a text that is one number cannot be dialled; None if it can, or if that cannot be told."""
    digits = _plain(typed)
    if re.search(r"\d", typed) and not _NUMBER.fullmatch(digits):
        right = typed.translate(_LETTERS)
        with_letters = right != typed and _NUMBER.fullmatch(_plain(right)) and not _VANITY.fullmatch(digits)
        # Where no number begins with the 0 that an O is read as, the letter slipped in.
        meant = [right, re.sub(r"\A\W*0\s*", "", right) if re.match(r"\W*[oO]", typed) else right]
        possible = (one for one in meant if _NUMBER.fullmatch(_plain(one)) and not wrong(one, region))
        return Wrong("it has letters in it", next(possible, _example(region))) if with_letters else None
    match = _NUMBER.fullmatch(digits)
    number = _parsed(match["number"], region) if match and not match["alone"] else None
    reason = _reason(number) if number else 0
    return Wrong(_WHY[reason], _example(region)) if reason in _WHY else None


def _plain(typed: str) -> str:
    """The text with digits of any script as ASCII, and without the (0) that is not dialled from abroad."""
    ascii_digits = (str(unicodedata.decimal(c, c)) for c in unicodedata.normalize("NFKC", typed))
    whole = "".join(ascii_digits).replace("(0)", "").replace("(+", "+").casefold().strip().removeprefix("(")
    return _in_one(whole)


def _in_one(typed: str) -> str:
    """The text without blanks around slashes that stand inside a number (089 / 12 34 56): what is too short for one is
    an area code. Around one between two numbers they stay.
    """
    first, *others = re.split(r"\s*/\s*", typed)
    in_pairs = all(_count(part) <= 2 for part in (first, *others))
    for part in others:
        blank = "" if in_pairs or _count(first) < _FEWEST else " "
        first = f"{first}{blank}/{blank}{part}"
    return first


def _count(typed: str) -> int:
    return sum(sign.isdigit() for sign in typed)


def _country(region: str | None) -> str | None:
    return region.partition("-")[0].strip().upper() if region else None


def _parsed(digits: str, region: str | None) -> "PhoneNumber | None":
    import phonenumbers  # 33 ms: only where there is a number

    try:
        return phonenumbers.parse(digits, _country(region))
    except phonenumbers.NumberParseException:
        return None


def _reason(number: "PhoneNumber") -> int:
    """Zero if it is possible, else a key of `_WHY`."""
    import phonenumbers

    return int(phonenumbers.is_possible_number_with_reason(number))


def _is_known(number: "PhoneNumber") -> bool:
    """Whether it is one of those that are given out: only of them it is known how they are written."""
    import phonenumbers

    return bool(phonenumbers.is_valid_number(number))


def _e164(number: "PhoneNumber") -> str:
    import phonenumbers

    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _shown(number: "PhoneNumber", extension: str, own: str | None) -> str:
    """As it is read where one is."""
    import phonenumbers

    here = phonenumbers.country_code_for_region(_country(own) or "") == number.country_code
    form = phonenumbers.PhoneNumberFormat.NATIONAL if here else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return str(phonenumbers.format_number(number, form)) + (f" ext. {extension}" if extension else "")


def _example(region: str | None) -> str:
    """A number of a region, with its country's code."""
    import phonenumbers

    number = phonenumbers.example_number(_country(region) or "US")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)) if number else ""
