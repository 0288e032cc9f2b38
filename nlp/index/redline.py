"""Draws the difference of two documents as a page of HTML that stands alone; knows nothing of how it was found."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from nlp.index.aligning import Change, Difference, Entry, Piece

SAYS: Mapping[Change, str] = {
    "same": "the same",
    "moved": "moved",
    "renamed": "differ in names and numbers alone",
    "respelled": "differ in spelling alone",
    "misread": "differ in slips of OCR alone",
    "recut": "cut otherwise",
    "reworded": "reworded",
    "added": "added",
    "removed": "removed",
}
"""What each kind of change says of clauses."""

_SLIGHT: frozenset[Change] = frozenset(("same", "renamed", "respelled", "misread", "recut"))
_NUMBER = re.compile(r"\d+")

MOST_PLACES = 12
"""More headings than this are told by the headings over them."""

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem auto;max-width:60rem;padding:0 1rem}"
    "article{border-left:4px solid #999;padding:0 0 0 .8rem;margin:1.2rem 0}h2{font-size:1rem;margin:0}"
    "h3{font-size:.9rem;margin:0;font-weight:500;color:#444}p{margin:.3rem 0}"
    "del{background:#fde0e0;color:#7a1010}ins{background:#dcf2dc;color:#0e4d12}"
    ".added{border-color:#2c7a33}.removed{border-color:#a32020}.reworded{border-color:#a06a00}"
)


def slight(entry: Entry) -> bool:
    """Tell whether a change seems to leave the rule as it was: other names, other readings, other cuts, but no other number."""
    removed, added = (
        _NUMBER.findall(" ".join(piece.text for piece in entry.pieces if piece.change == change))
        for change in ("removed", "added")
    )
    numbers = entry.change == "renamed" and bool(removed and added) and removed != added
    return entry.change in _SLIGHT and not numbers


def summary(found: Difference) -> list[str]:
    """Return the account in short: how much stands unchanged, and under which headings the rest lies."""
    counts = {change: count for change, count in found.counts.items() if count}
    if set(counts) <= {"same"}:
        same = counts.get("same", 0)
        return ["the one clause of each is the same" if same == 1 else f"all {same} clauses are the same"]
    lines = [", ".join(f"{count} {SAYS[change]}" for change, count in counts.items())]
    changed = [entry for entry in found.entries if not slight(entry)]
    places: dict[str, list[str]] = {}
    deep = len({heading_of(entry) for entry in changed}) <= MOST_PLACES
    for entry in changed:
        heading = heading_of(entry)
        place = heading if deep else heading.partition(" > ")[0]
        places.setdefault(place.rstrip(" :.") or "no heading", []).append(entry.change)
    for place, changes in places.items():
        told = ", ".join(f"{changes.count(change)} {change}" for change in dict.fromkeys(changes))
        lines.append(f"{place}: {told}")
    if not set(counts) - {"added", "removed"}:
        lines.insert(1, "no clause of one has a counterpart in the other: compare them by label instead")
    return lines if places else [*lines, "no rule differs"]


def heading_of(entry: Entry) -> str:
    """Return the chain of headings a clause stands under, in the new document where it is there."""
    row = entry.new if entry.new is not None else entry.old
    return " > ".join(row.get("heading") or ()) if row is not None else ""


def as_redline(found: Difference, old: str, new: str, *, every: bool = False) -> str:
    """Return the page: the account in short, then each change with old words struck and new ones underlined.

    `old` and `new` name the documents. Slight changes are left out unless `every` is asked for.
    """
    shown = [entry for entry in found.entries if entry.change != "same" and (every or not slight(entry))]
    first, *places = summary(found)
    title = escape(f"{old} and {new}")
    head = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title><style>{_STYLE}</style></head>'
        f"<body><h1>{escape(old)} <small>and</small> {escape(new)}</h1>\n<p>{escape(first)}</p>"
    )
    listed = "".join(f"<li>{escape(place)}</li>" for place in places)
    return f"{head}<ul>{listed}</ul>\n" + "\n".join(map(_article, shown)) + "\n</body></html>\n"


def _article(entry: Entry) -> str:
    where = " ".join(f"<span>{escape(place)}</span>" for place in places_of(entry))
    if entry.pieces:
        body = "".join(map(_marked, entry.pieces))
    else:
        frame = {"added": "<ins>{}</ins>", "removed": "<del>{}</del>"}
        body = frame.get(entry.change, "{}").format(escape(entry.marked()))
    heading = escape(heading_of(entry))
    return f'<article class="{entry.change}"><h2>{entry.change}: {where}</h2><h3>{heading}</h3><p>{body}</p></article>'


def _marked(piece: Piece) -> str:
    text = piece.text.lstrip()
    frame = {"same": "{}{}", "removed": "{}<del>{}</del>", "added": "{}<ins>{}</ins>"}[piece.change]
    return frame.format(piece.text[: len(piece.text) - len(text)], escape(text))


def places_of(entry: Entry) -> list[str]:
    """Return where a clause stands, in the old document and in the new one: number path and page, once where they are equal."""
    places = []
    for row in (entry.old, entry.new):
        if row is not None:
            page = next(iter(row.get("pages") or ()), None)
            places.append(", ".join(part for part in (str(row.get("number") or ""), f"page {page}" if page else "") if part))
    return [place for place in dict.fromkeys(places) if place]
