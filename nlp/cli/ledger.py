"""What `status` says about an index; it must not know how an index is kept."""

from __future__ import annotations

from collections import Counter
from typing import Any

from nlp.batch import is_gone
from nlp.cli.show import console, counted, put, safe
from nlp.errors import FAILURE_CODES
from nlp.index import Store


def report(store: Store) -> dict[str, Any]:
    """Count the ledger's lines and the documents by kind, and list the failures."""
    entries = list(store.ledger())
    failed = [entry for entry in entries if entry.state == "failed"]
    kinds = Counter(document.kind or "unknown" for document in store.documents())
    return {
        "files": len(entries),
        "done": len(entries) - len(failed),
        "failed": len(failed),
        "pages": sum(entry.pages for entry in entries),
        "ocr_pages": sum(entry.ocr_pages for entry in entries),
        "seconds": round(sum(entry.seconds for entry in entries), 1),
        "kinds": dict(sorted(kinds.items())),
        "codes": dict(sorted(Counter(entry.code for entry in failed).items())),
        "versions": dict(sorted(Counter(entry.versions for entry in entries).items())),
        "gone": [entry.path for entry in entries if is_gone(entry.path)],
        "failures": [{"path": entry.path, "code": entry.code, "message": entry.message} for entry in failed],
    }


def show(report: dict[str, Any]) -> None:
    """Write a report for a person."""
    from rich.table import Table

    share = f" ({100 * report['ocr_pages'] / report['pages']:.0f}%)" if report["pages"] else ""
    put(f"files     {report['files']}: done {report['done']}, failed {report['failed']}")
    put(f"pages     {report['pages']}, read by OCR {report['ocr_pages']}{share}")
    put(f"reading   {report['seconds']} s of work")
    put("kinds     " + (", ".join(f"{kind} {count}" for kind, count in report["kinds"].items()) or "none"))
    for name, count in report["versions"].items():
        put(f"versions  {name} ({counted(count, 'file')})")
    if report["gone"]:
        count = counted(len(report["gone"]), "file no longer stands where it was", "files no longer stand where they were")
        put(f"gone      {count} read, as seen from this folder:")
        for path in report["gone"]:
            put(f"          {path}")
    if not report["failures"]:
        return
    for code, count in report["codes"].items():
        put(f"failed    {code} {count}: {FAILURE_CODES.get(code, 'unknown')}")
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("code", "file", "reason"):
        table.add_column(name, overflow="fold")
    for failure in report["failures"]:
        table.add_row(*(_plain(failure[name]) for name in ("code", "path", "message")))
    put("")
    console().print(table)


def _plain(text: str) -> Any:
    from rich.text import Text

    return Text(safe(text))
