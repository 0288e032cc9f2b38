"""Turns records and rows into what commands write; it must not know where they come from."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nlp.cli.options import Found, Rows
from nlp.cli.show import console, label_names, put_csv, put_json, safe
from nlp.records import Document, Line, Page

if TYPE_CHECKING:
    from rich.console import Console

_MOST_NAMED = 3


def put_classified(rows: Iterable[Mapping[str, Any]], shape: Rows, columns: Sequence[str]) -> None:
    """Write classified clauses."""
    if shape is Rows.JSONL:
        for row in rows:
            put_json(row)
    elif shape is Rows.CSV:
        put_csv(columns, (flat(row) for row in rows))
    else:
        for row in rows:
            put_card(row)


def put_explained(rows: Iterable[Mapping[str, Any]]) -> None:
    """Write classified clauses for a person, each label with its probability and the words that spoke most for it."""
    from rich.text import Text

    out = console()
    for row in rows:
        cues = row.get("cues") or ()
        put_card(row, text=row.get("text"), marks=[(cue["start"], cue["end"]) for cue in cues])
        for label in row.get("labels") or ():
            words = ", ".join(f"“{safe(cue['text'])}”" for cue in cues if cue.get("label") == label["name"])
            out.print(Text(f"    {label['name']} {label['score']:.2f}: {words or 'the clauses around it'}"), soft_wrap=True)
        force = ", ".join(f"“{safe(cue['text'])}”" for cue in cues if cue["role"] in ("modality", "negation", "exception"))
        if force:
            out.print(Text(f"    {row.get('modality')}: {force}"), soft_wrap=True)
        if row.get("abstained"):
            best = ", ".join(f"{guess['name']} {guess['score']:.2f}" for guess in row.get("guesses") or ())
            out.print(Text(f"    not sure; the best guesses are {best}"), soft_wrap=True)
        out.print()


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with lists joined into the text of one cell."""
    joined = {"labels": "; ".join(label_names(row)), "heading": _heading(row, " > "), "pages": _pages(row)}
    return {**row, **joined}


def _heading(row: Mapping[str, Any], between: str) -> str:
    heading = row.get("heading") or ()
    return heading if isinstance(heading, str) else between.join(heading)


def _pages(row: Mapping[str, Any]) -> str:
    return " ".join(str(page) for page in row.get("pages") or ())


def put_card(row: Mapping[str, Any], *, text: str | None = None, marks: Sequence[tuple[int, int]] = (), note: str = "") -> None:
    """Write one clause for a person: where it stands, what it is, what it says; `marks` are spans of `text` in bold."""
    from rich.text import Text

    out = console()
    pages = _pages(row).split(" ")[0]
    place = [str(row.get("document") or row.get("id") or ""), f"page {pages}" if pages else "", str(row.get("number") or "")]
    head = Text(", ".join(safe(part) for part in place if part), style="bold cyan")
    heading = _heading(row, " > ")
    if heading:
        head.append(f"  {safe(heading)}", style="default not bold")
    out.print(head, soft_wrap=True)
    kind = Text("  " + (", ".join(label_names(row)) or "no label"), style="green")
    kind.append(f" | {row.get('stance') or 'neutral'} | {row.get('modality') or ''}{safe(note)}", style="default")
    if row.get("document") and row.get("id"):
        kind.append(f" | {safe(str(row['id']))}", style="dim")
    out.print(kind, soft_wrap=True)
    body = " ".join((text if text is not None else row.get("text") or "").split()) if not marks else safe(text or "")
    for line in _wrapped(Text(safe(body)) if not marks else _highlighted(body, marks), out.width - 4):
        out.print(line, soft_wrap=True)
    out.print()


def _highlighted(text: str, marks: Sequence[tuple[int, int]]) -> Any:
    from rich.text import Text

    body = Text(text)
    for start, end in marks:
        body.stylize("bold yellow", start, end)
    return body


def _wrapped(body: Any, width: int) -> Iterator[Any]:
    """Yield indented lines of a styled text."""
    from rich.text import Text

    plain = body.plain
    at = 0
    for line in textwrap.wrap(plain, max(20, width), break_long_words=False, break_on_hyphens=False):
        start = plain.find(line.split(" ", 1)[0], at)
        at = start + len(line)
        yield Text("    ") + body[start:at]


def put_rows(names: Sequence[str], rows: Sequence[Mapping[str, Any]], shape: Found) -> None:
    """Write rows of plain values, lists joined into the text of a cell but in JSON."""
    if shape is Found.JSON:
        put_json(list(rows))
        return
    if shape is Found.CSV:
        put_csv(names, ({name: _joined(row.get(name), None) for name in names} for row in rows))
        return
    if not rows:
        return
    cells = [{name: _cell(name, row.get(name)) for name in names} for row in rows]
    widths = [max(len(word) for row in ({name: name}, *cells) for word in _words(name, row[name])) for name in names]
    out = console()
    if sum(widths) + 2 * (len(widths) - 1) > out.width:
        _put_under(names, cells, out)
    else:
        _put_table(names, cells, widths, out)


def _put_table(names: Sequence[str], cells: Sequence[Mapping[str, str]], widths: Sequence[int], out: Console) -> None:
    """Write a table whose columns are at least so wide, so that no word is broken, and wider where there is room."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False)
    wide = list(widths)
    wanted = [max(len(text) for text in (name, *(row[name] for row in cells))) for name in names]
    for at in sorted(range(len(names)), key=lambda at: wanted[at]):
        wide[at] = min(wanted[at], wide[at] + out.width - sum(wide) - 2 * (len(wide) - 1))
    for name, width in zip(names, wide, strict=True):
        table.add_column(name, width=width)
    for row in cells:
        table.add_row(*(Text(row[name]) for name in names))
    out.print(table)


def _put_under(names: Sequence[str], cells: Sequence[Mapping[str, str]], out: Console) -> None:
    """Write the first value of each row, and under it the others with their names: for a terminal too narrow for a table."""
    from rich.text import Text

    first, *others = names
    for row in cells:
        out.print(Text(row[first] or "unknown", style="bold"), soft_wrap=True)
        lines: list[str] = []
        for part in (f"{name} {row[name]}" for name in others if row[name]):
            if lines and len(lines[-1]) + len(part) + 7 <= out.width:
                lines[-1] += f" | {part}"
            else:
                lines += textwrap.wrap(part, max(20, out.width - 4), break_long_words=False, break_on_hyphens=False)
        for line in lines:
            out.print(Text(f"    {line}"), soft_wrap=True)


def _words(name: str, cell: str) -> list[str]:
    return [cell] if name == "document" else cell.split() or [""]


def _cell(name: str, value: Any) -> str:
    """Return a value as the text of a cell, of lists the first few, of paths what tells files apart."""
    text = _joined(value, _MOST_NAMED)
    return safe("" if text is None else file_name(str(text)) if name == "document" else str(text))


def _joined(value: Any, most: int | None) -> Any:
    """Return a list as the text of a cell, no more than the first `most` of its parts."""
    if not isinstance(value, list):
        return value
    rest = f", {len(value) - most} more" if most is not None and len(value) > most else ""
    return ", ".join(map(str, value[:most])) + rest


def file_name(path: str) -> str:
    """Return the last part of a path, which tells files apart in a narrow column."""
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def page_rows(document: Document) -> Iterator[dict[str, Any]]:
    """Yield one row a page: how it was read, its text, its lines with words and boxes."""
    for page in document.pages:
        yield {
            "document": document.source,
            "document_id": document.id,
            "format": document.format,
            **_page(page),
            "text": document.text[page.start : page.end],
            "lines": [_line(document, line) for line in page.lines],
        }


def _page(page: Page) -> dict[str, Any]:
    return {
        "page": page.number,
        "width": page.width,
        "height": page.height,
        "rotation": page.rotation,
        "method": page.method,
        "quality": page.quality,
        "reason": page.reason,
        "start": page.start,
        "end": page.end,
    }


def _line(document: Document, line: Line) -> dict[str, Any]:
    words = []
    for word in line.words:
        row: dict[str, Any] = {"text": document.text[word.start : word.end], "start": word.start, "end": word.end}
        if word.box is not None:
            row |= {"x0": word.box.x0, "top": word.box.top, "x1": word.box.x1, "bottom": word.box.bottom}
        if word.marks:
            row["marks"] = list(word.marks)
        words.append(row)
    return {"text": document.text[line.start : line.end], "role": line.role, "words": words}
