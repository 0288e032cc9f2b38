"""Draws the picture of the architecture, once for light pages and once for dark ones; it must not know Sphinx."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

FOLDER = Path(__file__).parent / "explanation"
WIDTH, HEIGHT = 880, 452
TITLE = "A file goes through extract, segment and classify into the index; batch, cli and web stand above, records below."


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of a picture."""

    ink: str
    faint: str
    line: str
    room: str
    stage: str
    ground: str


SCHEMES = {
    "light": Colours("#1b1f24", "#57606a", "#8c959f", "#f3f4f6", "#dbeafe", "#fdf3d7"),
    "dark": Colours("#e6edf3", "#9da7b3", "#6e7681", "#21262d", "#1c3a5e", "#453a1a"),
}

BASE = "records · errors · taxonomy"
RULES = (
    "Imports run downward only. Rooms on one floor do not know each other.",
    "Each outside library belongs to one room; a test holds every import to this picture.",
)
STAGES = (
    ("extract", "words, boxes, pages", "Document"),
    ("segment", "clauses, facts", "Clause"),
    ("classify", "labels, force", "Provision"),
    ("index", "search, compare", ""),
)


def drawn(colours: Colours) -> str:
    """Return the picture as SVG."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(TITLE)}" '
        'font-family="system-ui, sans-serif" font-size="14">'
    )
    return "\n".join([head, f"<title>{escape(TITLE)}</title>", *_parts(colours), "</svg>", ""])


def _parts(colours: Colours) -> Iterator[str]:
    room, ground = colours.room, colours.ground
    yield from _box(colours, 130, 10, 300, 56, room, "cli", "what people type")
    yield from _arrow(colours, 430, 38, 448, 38)
    yield from _box(colours, 450, 10, 300, 56, room, "web", "what people see in a browser")
    yield from _arrow(colours, 280, 66, 280, 98)
    yield from _arrow(colours, 600, 66, 600, 98)
    yield from _box(colours, 130, 100, 620, 56, room, "batch", "many files: cores or a cluster, ledger, resume")
    yield from _box(colours, 768, 100, 108, 56, room, "registry", "models, gate")
    for at, (name, what, gives) in enumerate(STAGES):
        left = 130 + 160 * at
        yield from _arrow(colours, left + 70, 156, left + 70, 208)
        yield from _box(colours, left, 210, 140, 64, colours.stage, name, what)
        if gives:
            yield from _arrow(colours, left + 140, 242, left + 158, 242)
            yield _text(left + 150, 294, gives, colours.faint, 13)
    yield from _arrow(colours, 92, 242, 128, 242)
    yield _text(50, 238, "a file", colours.ink, 14)
    yield _text(50, 256, "never trusted", colours.faint, 12)
    yield from _arrow(colours, 750, 242, 786, 242)
    yield _text(830, 238, "SQLite or", colours.ink, 14)
    yield _text(830, 256, "PostgreSQL", colours.ink, 14)
    yield from _box(
        colours,
        130,
        312,
        620,
        56,
        ground,
        "records · errors · taxonomy",
        "what all rooms speak of; they import none of the others",
    )
    yield _text(440, 402, "Imports run downward only. Rooms on one floor do not know each other.", colours.faint, 13)
    yield _text(
        440, 424, "Each outside library belongs to one room; a test holds every import to this picture.", colours.faint, 13
    )


def _box(colours: Colours, x: int, y: int, width: int, height: int, fill: str, name: str, what: str) -> Iterator[str]:
    yield f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="8" fill="{fill}" stroke="{colours.line}"/>'
    yield _text(x + width // 2, y + height // 2 - 4, name, colours.ink, 15, weight=600)
    yield _text(x + width // 2, y + height // 2 + 15, what, colours.faint, 12)


def _text(x: int, y: int, text: str, colour: str, size: int, *, weight: int = 400) -> str:
    look = f'fill="{colour}" font-size="{size}" font-weight="{weight}" text-anchor="middle"'
    return f'<text x="{x}" y="{y}" {look}>{escape(text)}</text>'


def _arrow(colours: Colours, x: int, y: int, to_x: int, to_y: int) -> Iterator[str]:
    yield f'<line x1="{x}" y1="{y}" x2="{to_x}" y2="{to_y}" stroke="{colours.line}" stroke-width="1.5"/>'
    points = ((-6, -4), (-6, 4)) if to_y == y else ((-4, -6), (4, -6))
    yield f'<path d="M{to_x} {to_y}' + "".join(f"L{to_x + dx} {to_y + dy}" for dx, dy in points) + f'Z" fill="{colours.line}"/>'


def pictures() -> dict[Path, str]:
    """Return every picture by the file it belongs into."""
    return {FOLDER / f"architecture-{name}.svg": drawn(colours) for name, colours in SCHEMES.items()}
