"""Draws a compared matrix as CSV, HTML and a tile map of the states; knows nothing of stores."""

from __future__ import annotations

import csv
import io
from html import escape

from nlp.errors import UsageError
from nlp.index.comparing import MEANING, CellState, Matrix
from nlp.index.exports.tables import neutral
from nlp.index.places import states

COLOURS: dict[CellState, tuple[str, str]] = {
    "restricts": ("#1b6a8c", "#ffffff"),
    "enables": ("#b3541e", "#ffffff"),
    "both": ("#6d4a8a", "#ffffff"),
    "has": ("#3f7a4b", "#ffffff"),
    "silent": ("#e8e8e8", "#333333"),
    "not read": ("#ffffff", "#767676"),
}
"""Ground and ink of each state: told apart without colour too, since every cell is written out."""

DARK: dict[CellState, tuple[str, str]] = {**COLOURS, "silent": ("#39424a", "#e8ecee"), "not read": ("none", "#a9b4bb")}
"""The same on a dark page."""

TILE = 56
"""The side of a state's tile, in units of the picture."""
_STYLE = (
    "body{font:14px/1.4 system-ui,sans-serif;margin:1.5rem}table{border-collapse:collapse}"
    "caption{text-align:left;font-weight:600;padding:.5rem 0}th{font-weight:500;text-align:left;padding:.2rem .5rem}"
    "thead th{writing-mode:vertical-rl;transform:rotate(180deg);vertical-align:bottom}thead th:first-child{writing-mode:initial;"
    "transform:none}td{border:1px solid #fff;padding:.2rem .4rem;font-size:12px;text-align:center}td[data-state='not read']"
    "{border:1px dashed #999}dl{display:grid;grid-template-columns:max-content auto;gap:.2rem .8rem}dt{padding:0 .4rem}"
)


def as_csv(matrix: Matrix) -> str:
    """Return one line a row: name, documents, documents read in part, and the state of each cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([matrix.by, "documents", "partial", *matrix.columns])
    for row in matrix.rows:
        cells = [row.cells[column].state for column in matrix.columns]
        writer.writerow([neutral(row.name), row.documents, row.partial, *cells])
    return out.getvalue()


def as_html(matrix: Matrix, *, title: str = "What the law says on cooperation") -> str:
    """Return a page that stands alone: the matrix as a heat map, each cell with its state, clauses named in its title."""
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in matrix.columns)
    body = []
    for row in matrix.rows:
        cells = []
        for column in matrix.columns:
            cell = row.cells[column]
            ground, ink = COLOURS[cell.state]
            places = "\n".join(f"{place.document}, page {place.page or '–'} ({place.id})" for place in cell.clauses[:50])
            count = f" {len(cell.clauses)}" if cell.clauses else ""
            cells.append(
                f'<td data-state="{cell.state}" style="background:{ground};color:{ink}" title="{escape(places)}">'
                f"{cell.state}{count}</td>"
            )
        body.append(f'<tr><th scope="row">{escape(row.name)}</th>{"".join(cells)}</tr>')
    legend = "".join(
        f'<dt style="background:{COLOURS[state][0]};color:{COLOURS[state][1]}">{state}</dt><dd>{meaning}</dd>'
        for state, meaning in MEANING.items()
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body><table><caption>{escape(title)}</caption><thead><tr><th>{matrix.by}</th>{head}</tr></thead>\n<tbody>"
        + "\n".join(body)
        + f"</tbody></table>\n<dl>{legend}</dl></body></html>\n"
    )


def as_map(matrix: Matrix, column: str, *, dark: bool = False) -> str:
    """Return an SVG tile map of the states for one column of a matrix compared by state; states without a row are not read.

    `dark` is for pages with a dark ground. Raises `UsageError` for a matrix compared by anything else, or without the column.
    """
    if matrix.by != "state":
        raise UsageError(f"a map needs a matrix by state; this one is by {matrix.by}")
    if column not in matrix.columns:
        raise UsageError(f"the matrix has no column {column!r}; one of {', '.join(matrix.columns)}")
    known = {row.name: row.cells[column] for row in matrix.rows}
    tiles = []
    for place in states():
        state: CellState = known[place.code].state if place.code in known else "not read"
        ground, ink = (DARK if dark else COLOURS)[state]
        x, y = place.column * TILE, place.row * TILE
        dashes = ' stroke-dasharray="4 3"' if state == "not read" else ""
        tiles.append(
            f"<g><title>{place.name}: {state}</title>"
            f'<rect x="{x + 2}" y="{y + 2}" width="{TILE - 4}" height="{TILE - 4}" fill="{ground}" stroke="#999"{dashes}/>'
            f'<text x="{x + TILE / 2:g}" y="{y + 26}" fill="{ink}" font-size="15">{place.code}</text>'
            f'<text x="{x + TILE / 2:g}" y="{y + 42}" fill="{ink}" font-size="10">{state}</text></g>'
        )
    width, height = (max(getattr(place, side) for place in states()) * TILE + TILE for side in ("column", "row"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(column)} by state"'
        f' font-family="system-ui,sans-serif" text-anchor="middle">{"".join(tiles)}</svg>\n'
    )
