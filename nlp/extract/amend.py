"""Decide for a whole document whether its underlined words are additions or emphasis; it must not know formats."""

from __future__ import annotations

import re

from nlp.extract.draft import Row, Sheet

_LONG = 12
"""Words underlined one after another: emphasis and underlined headings stay below, an added rule does not."""


def resolve(sheets: list[Sheet]) -> None:
    """Turn ``underlined`` into ``added`` where the document amends law, and drop it elsewhere.

    A document amends law if it strikes words out, if it underlines passages longer than a heading, or if it underlines the words
    beside a bracket, which hold what they replace.
    """
    rows = [row for sheet in sheets for row in sheet.rows if row.role in ("body", "table")]
    amends = any("struck" in names for row in rows for names in row.marks.values()) or _longest(sheets) >= _LONG
    amends = amends or any(_replaces(row) for row in rows)
    for sheet in sheets:
        for row in sheet.rows:
            if row.marks:
                row.marks = {at: kept for at, names in row.marks.items() if (kept := _resolved(names, amends))}


def _replaces(row: Row) -> bool:
    """Tell whether a line sets underlined words right before or after words in brackets."""
    for at in row.marks:
        if "underlined" not in row.marks[at] or "[" in row.words[at]:
            continue
        before, after = row.words[at - 1] if at else "", row.words[at + 1] if at + 1 < len(row.words) else ""
        if re.search(r"[a-z]\W{0,2}\]\W?$", before) or re.match(r"\[[a-z]", after):
            return True
    return False


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
