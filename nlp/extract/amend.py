"""Decide for a whole document whether its underlined words are additions or emphasis; it must not know formats."""

from __future__ import annotations

from nlp.extract.draft import Sheet

_LONG = 12
"""Words underlined one after another: emphasis and underlined headings stay below, an added rule does not."""


def resolve(sheets: list[Sheet]) -> None:
    """Turn ``underlined`` into ``added`` where the document amends law, and drop it elsewhere.

    A document amends law if it strikes words out, or if it underlines passages longer than a heading.
    """
    rows = [row for sheet in sheets for row in sheet.rows if row.role in ("body", "table")]
    amends = any("struck" in names for row in rows for names in row.marks.values()) or _longest(sheets) >= _LONG
    for sheet in sheets:
        for row in sheet.rows:
            if row.marks:
                row.marks = {at: kept for at, names in row.marks.items() if (kept := _resolved(names, amends))}


def _longest(sheets: list[Sheet]) -> int:
    longest = current = 0
    for sheet in sheets:
        for row in sheet.rows:
            if row.role != "body":
                continue
            for at in range(len(row.words)):
                current = current + 1 if "underlined" in row.marks.get(at, ()) else 0
                longest = max(longest, current)
    return longest


def _resolved(names: tuple[str, ...], amends: bool) -> tuple[str, ...]:
    found = {"added" if name == "underlined" else name for name in names if amends or name != "underlined"}
    return tuple(name for name in ("struck", "added") if name in found)
