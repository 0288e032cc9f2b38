"""Writes pictures and the parts of pages that come from the program: ``python -m docs.generate`` writes, ``--check`` compares.

A part stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->``; what stands around it is written by hand.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

from docs import commands, faces, picture, tables

DOCS = Path(__file__).parent
PARTS: dict[str, Callable[[], str]] = {
    "commands": commands.page,
    "api": faces.page,
    "labels": tables.labels,
    "failures": tables.failures,
    "fields": tables.fields,
    "rows": tables.rows,
}
_PART = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def fresh(page: str) -> str:
    """Return a page with each of its generated parts as the program gives it now."""
    return _PART.sub(lambda match: f"{match[1]}\n{PARTS[match[2]]().strip()}\n\n{match[3]}", page)


def stale() -> dict[Path, str]:
    """Return the pages and other files that are not as the program gives them, and what they should be."""
    whole = {**picture.pictures(), DOCS / "reference" / "row.schema.json": tables.schema()}
    found = {path: text for path, text in whole.items() if not path.is_file() or path.read_text("utf-8") != text}
    for path in sorted(DOCS.rglob("*.md")):
        page = path.read_text(encoding="utf-8")
        if (renewed := fresh(page)) != page:
            found[path] = renewed
    return found


def main(arguments: list[str]) -> int:
    """Renew what is stale, or with ``--check`` name it and exit with 1 if there are any."""
    found = stale()
    for path, page in found.items():
        if "--check" not in arguments:
            path.write_text(page, encoding="utf-8")
        print(path.relative_to(DOCS.parent))
    return 1 if found and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
