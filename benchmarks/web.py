"""Measures the pages of the web application: server time and size of each, over provisions recombined from the drafted corpus.

    python benchmarks/web.py --size 100000 [--db KEEP.db] [--json OUT]

Each page is asked `ASKED` times in this process, without a network: what is measured is the server's own work. Searches are asked
with other words each time, other pages again and again: what the server keeps until the index changes shows in the first time
beside the others. Pictures of pages are not asked for. A page that takes longer than 100 ms (median) or is larger than 100 KB is
marked.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

from fastapi.testclient import TestClient
from index import PER_DOCUMENT, documents, queries, sentences

from nlp.index import open_store
from nlp.records import Document, Page, Provision
from nlp.web import Settings, create_app

ASKED = 15
MOST_MS = 100.0
MOST_BYTES = 100_000
UNSURE = 10
"""Of so many provisions one is left to the review queue."""


def laid_out(document: Document, provisions: list[Provision]) -> tuple[Document, list[Provision]]:
    """Give a made document its text and pages, and leave some of its provisions undecided."""
    text, moved = "", []
    for at, provision in enumerate(provisions):
        clause = replace(provision.clause, start=len(text), end=len(text) + len(provision.clause.text))
        text += f"{clause.text}\n\n"
        unsure = at % UNSURE == 0
        moved.append(replace(provision, clause=clause, abstained=unsure, guesses=provision.labels if unsure else ()))
    first: dict[int, int] = {}
    for provision in moved:
        first.setdefault(provision.clause.pages[0], provision.clause.start)
    starts = [*list(first.values())[1:], len(text)]
    pages = tuple(
        Page(number, 612.0, 792.0, 0, "text-layer", 0.98, "made", start, end, ())
        for (number, start), end in zip(first.items(), starts, strict=True)
    )
    return replace(document, text=text, pages=pages), moved


def fill(db: str, size: int) -> None:
    """Make an index of so many provisions."""
    with open_store(db, create=True) as store:
        for entry, document, provisions in documents(size, sentences()):
            store.save(entry, *laid_out(document, provisions))


def searches() -> Iterator[tuple[str, list[str]]]:
    """Yield a name and addresses of each kind of search."""
    for name, asked in queries(sentences()).items():
        pairs = [[("q", query), *(("label", label) for label in filters.label)] for query, filters in asked[:ASKED]]
        yield f"search, {name}", [f"/?{urlencode(pair)}" for pair in pairs]
        yield f"search, {name}, apart", [f"/?{urlencode([*pair, ('fold', '0')])}" for pair in pairs]


def addresses(client: TestClient) -> Iterator[tuple[str, str]]:
    """Yield a name and an address of each other kind of page."""
    one, other = (document["id"].removeprefix("sha256:") for document in client.get("/api/documents").json()[:2])
    clause = client.get(f"/api/documents/{one}/clauses").json()[PER_DOCUMENT // 2]["id"]
    yield "start", "/"
    yield "page 50 of all", "/?page=50"
    yield "documents", "/documents"
    yield "document", f"/documents/{one}"
    yield "document, a clause", f"/documents/{one}?clause={clause}"
    yield "document, as text", f"/documents/{one}?view=text"
    yield "compare, by state", "/compare?by=state"
    yield "compare, by jurisdiction", "/compare"
    yield "compare, by document", "/compare?by=document"
    yield "two documents", f"/diff?old={one}&new={other}"
    yield "review, the queue", "/review"
    yield "review, one clause", f"/review/{one}/{clause}"
    yield "upload", "/upload"
    yield "labels", "/labels"
    yield "model", "/models"


def measure(client: TestClient, asked: Sequence[str]) -> dict[str, float]:
    """Return the time of the first asking and of the others, and the size of the largest page."""
    times, size = [], 0
    for address in asked:
        started = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - started) * 1000)
        size = max(size, len(answer.content))
        if answer.status_code != 200:
            raise RuntimeError(f"{address} answered {answer.status_code}")
        if sum(times) > 10_000:
            break
    later = sorted(times[1:] or times)
    return {
        "first": round(times[0], 1), "p50": round(statistics.median(later), 1), "worst": round(later[-1], 1), "bytes": size,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--db", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as directory:
        db = str(options.db or Path(directory) / "web.db")
        if not Path(db).exists():
            fill(db, options.size)
        with TestClient(create_app(Settings(db, uploads=Path(directory))), "http://localhost") as client:
            print(f"{'':<36}{'first':>9}{'p50':>9}{'worst':>9} ms{'size':>9} KB")
            for name, asked in (*searches(), *((name, [address] * ASKED) for name, address in addresses(client))):
                one = found[name] = measure(client, asked)
                over = one["p50"] > MOST_MS or one["bytes"] > MOST_BYTES
                times = "".join(f"{one[key]:>9.1f}" for key in ("first", "p50", "worst"))
                print(f"{name:<36}{times}   {one['bytes'] / 1000:>9.1f}{'  over' if over else ''}", flush=True)
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
