"""The command diff: what two documents say beside one another; it must not know how they are aligned."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nlp.cli.options import Differed, Jobs, Password
from nlp.errors import NoInputError

if TYPE_CHECKING:
    from rich.text import Text

    from nlp.index import Difference, Entry

_COLUMNS = ("change", "old_number", "new_number", "heading", "old_pages", "new_pages", "alike", "text")
_COLOURS = {"added": "green", "removed": "red"}
_AROUND = 8
_WORDS = re.compile(r"\S+\s*")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command(name="diff")(diff)


def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="The old document.", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="B", help="The new document.", show_default=False)],
    every: Annotated[
        bool, typer.Option("--all", help="Show slight changes too: names, spelling, other cuts (table, HTML).")
    ] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Write reworded clauses whole, not the words around changes (table).")
    ] = False,
    shape: Annotated[Differed, typer.Option("--format", help="How to write the changes.")] = Differed.TABLE,
    jobs: Jobs = None,
    password: Password = None,
) -> int:
    """Say which clauses were added, removed, reworded and moved between two documents.

    First an account in short. Changes that seem to leave the rules as they were are counted, not shown: other names (titles
    count as names), letters read wrongly, slips of OCR on scanned pages, clauses cut otherwise; --all shows them. Old words are
    red on a terminal and [-so-] elsewhere, new ones green and {+so+}.

    Examples: clausedex diff agreement-2020.pdf agreement-2025.pdf

    clausedex diff ordinance.txt amended.txt --format html > changes.html
    """
    from nlp.cli.rendering import file_name
    from nlp.cli.show import put_csv, put_json, say
    from nlp.extract import known
    from nlp.index import as_redline, difference, summary

    (before, old_scans), (after, new_scans) = (_read(path, jobs, password) for path in (old, new))
    found = difference(before, after, known=known, scanned=(old_scans, new_scans))
    if shape is Differed.HTML:
        sys.stdout.write(as_redline(found, file_name(old), file_name(new), every=every))
    elif shape is Differed.TABLE:
        _show(found, every=every, full=full)
    else:
        rows = [_row(entry) for entry in found.entries if entry.change != "same"]
        if shape is Differed.JSON:
            put_json(rows)
        else:
            put_csv(_COLUMNS, rows)
    if shape is not Differed.TABLE:
        say(summary(found)[0])
    return 0


def _read(path: str, jobs: int | None, password: str | None) -> tuple[Sequence[dict[str, Any]], frozenset[int]]:
    """Return the clauses of a document, and which of its pages OCR read."""
    from nlp.batch import Settings, outcomes
    from nlp.records import to_json

    rows: list[dict[str, Any]] = []
    scans: set[int] = set()
    for outcome in outcomes([path], Settings("segment", password=password), jobs=jobs, stdin=sys.stdin.buffer):
        if outcome.code is not None:
            raise NoInputError(f"{outcome.job.source}: {outcome.message} ({outcome.code})")
        rows += [to_json(clause) for clause in outcome.clauses]
        pages = outcome.document.pages if outcome.document is not None else ()
        scans.update(page.number for page in pages if page.method in ("ocr", "mixed"))
    return rows, frozenset(scans)


def _row(entry: Entry) -> dict[str, Any]:
    from nlp.index import heading_of

    before, after = entry.old or {}, entry.new or {}
    numbers = {"old_number": before.get("number"), "new_number": after.get("number")}
    pages = {"old_pages": before.get("pages"), "new_pages": after.get("pages")}
    told = {"heading": heading_of(entry), "alike": entry.alike, "text": entry.marked()}
    return {"change": entry.change, **numbers, **pages, **told}


def _show(found: Difference, *, every: bool, full: bool) -> None:
    from rich.text import Text

    from nlp.cli.show import console, safe
    from nlp.index import heading_of, places_of, slight, summary

    out = console()
    for line in summary(found):
        out.print(Text(safe(line)), soft_wrap=True)
    out.print()
    coloured = out.is_terminal and not out.no_color
    heading = ""
    for entry in found.entries:
        if entry.change == "same" or (slight(entry) and not every):
            continue
        if heading_of(entry) != heading:
            heading = heading_of(entry)
            out.print(Text(safe(heading), style="bold"), soft_wrap=True)
        head = Text(f"  {entry.change}", style=f"bold {_COLOURS.get(entry.change, 'yellow')}")
        head.append(f"  {safe(' -> '.join(places_of(entry)))}", style="default")
        out.print(head, soft_wrap=True)
        for words in _body(entry, coloured, full).wrap(out, max(20, out.width - 4)):
            words.rstrip()
            out.print(Text("    ") + words, soft_wrap=True)
        out.print()


def _body(entry: Entry, coloured: bool, full: bool) -> Text:
    """Return the clause: its changes marked by colour or by brackets, long stretches that are the same cut short."""
    from rich.text import Text

    from nlp.cli.show import safe

    body = Text()
    if not entry.pieces:
        return Text(
            safe(" ".join(entry.marked().split())), style=_COLOURS.get(entry.change, "default") if coloured else "default"
        )
    last = len(entry.pieces) - 1
    for at, piece in enumerate(entry.pieces):
        blank, text = piece.text[: len(piece.text) - len(piece.text.lstrip())], safe(piece.text.lstrip())
        if piece.change == "same":
            body.append(blank + (text if full else _shortened(text, first=at == 0, last=at == last)))
        elif coloured:
            body.append(blank).append(text, style="red strike" if piece.change == "removed" else "green underline")
        else:
            body.append(f"{blank}[-{text}-]" if piece.change == "removed" else f"{blank}{{+{text}+}}")
    return body


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """Leave the words beside a change, and say how many are left out between."""
    words = _WORDS.findall(text)
    before, after = 0 if first else _AROUND, 0 if last else _AROUND
    left = len(words) - before - after
    if left <= _AROUND:
        return text
    kept = "".join(words[:before]), "".join(words[len(words) - after :] if after else ())
    return f"{kept[0]}… {kept[1]}".rstrip()
