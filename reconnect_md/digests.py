"""What tells one text from another, and one content of a file."""

import base64
from typing import Final

try:  # `hashlib` loads OpenSSL: 3 MB, and the time of half an answer; `random` of the standard library does the same
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

SIZE: Final = 16
"""Bytes of a digest, if no other number is asked for."""


def digest(said: str | bytes, size: int = SIZE) -> bytes:
    """The digest of a text, also of one with halves of characters, or of bytes: `size` bytes."""
    return blake2b(said.encode(errors="surrogatepass") if isinstance(said, str) else said, digest_size=size).digest()


def letters(said: str | bytes, size: int) -> str:
    """A digest as it can stand in a name: small letters and digits, eight for five bytes."""
    return base64.b32encode(digest(said, size)).decode().lower()


def new(start: str = "", size: int = SIZE) -> blake2b:
    """A digest that is told piece by piece of what (`update`)."""
    return blake2b(start.encode(errors="surrogatepass"), digest_size=size)
