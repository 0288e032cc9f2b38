"""What `index` says at its end: a table for people, one line of JSON for programs; it must not know how a run is done."""

from __future__ import annotations

import sys
from typing import Any

from nlp.batch import Summary, Tally
from nlp.cli.show import safe
from nlp.errors import FAILURE_CODES


def row(summary: Summary) -> dict[str, Any]:
    """Return the last line of ``--json``: always these names, `path` null and `state` ``summary``, unlike a file's line."""
    whole = summary.whole
    return {
        "path": None,
        "state": "summary",
        "total": summary.total,
        "done": summary.done,
        "failed": summary.failed,
        "skipped": summary.skipped,
        "failed_before": summary.failed_before,
        **_counts(whole),
        "seconds": round(summary.seconds, 3),
        "spent": {name: round(summary.spent.get(name, 0.0), 3) for name in ("read", "segment", "load", "classify", "write")},
        "kinds": {kind: {"documents": tally.documents, **_counts(tally)} for kind, tally in sorted(summary.kinds.items())},
        "codes": dict(sorted(summary.codes.items())),
        "interrupted": summary.interrupted,
        "stopped": str(summary.stopped) if summary.stopped is not None else None,
    }


def _counts(tally: Tally) -> dict[str, Any]:
    return {
        "pages": tally.pages,
        "ocr_pages": tally.ocr_pages,
        "ocr_share": round(tally.ocr_pages / tally.pages, 4) if tally.pages else 0.0,
        "provisions": tally.provisions,
    }


def show(summary: Summary) -> None:
    """Write to stderr what the files of each kind came to, the pace, and what failed by reason; nothing if none was read."""
    from rich.console import Console
    from rich.table import Table

    sys.stderr.flush()
    console = Console(file=sys.stderr, highlight=False, width=None if sys.stderr.isatty() else 100)
    whole = summary.whole
    if whole.documents:
        table = Table("kind", box=None, header_style="bold", pad_edge=False, show_footer=len(summary.kinds) > 1)
        table.columns[0].footer = "all"
        for name, total in zip(("documents", "pages", "by OCR", "provisions"), _cells(whole), strict=True):
            table.add_column(name, footer=total, justify="right")
        for kind, tally in sorted(summary.kinds.items(), key=lambda item: (-item[1].documents, item[0])):
            table.add_row(safe(kind), *_cells(tally))
        console.print(table)
        pace = f", {whole.pages / summary.seconds:.1f} pages/s" if summary.seconds > 0 else ""
        console.print(f"{summary.seconds:.1f} s{pace}")
    for code, count in sorted(summary.codes.items(), key=lambda item: (-item[1], item[0])):
        console.print(f"failed {code} {count}: {FAILURE_CODES.get(code, 'unknown')}", markup=False, soft_wrap=True)


def _cells(tally: Tally) -> tuple[str, ...]:
    share = f" ({100 * tally.ocr_pages / tally.pages:.0f}%)" if tally.pages else ""
    return (str(tally.documents), str(tally.pages), f"{tally.ocr_pages}{share}", str(tally.provisions))
