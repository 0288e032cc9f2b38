"""Writes the numbers that lists count in; it must not know any format."""

from __future__ import annotations


def letters(value: int) -> str:
    """Count in letters: a, b, ... z, aa, ab, ..."""
    found = ""
    while value > 0:
        value, rest = divmod(value - 1, 26)
        found = chr(97 + rest) + found
    return found


def roman(value: int) -> str:
    """Count in small Roman numerals."""
    found = ""
    for amount, sign in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
        (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        while value >= amount:
            found += sign
            value -= amount
    return found
