"""A full-text index beside a SQLite index for the largest collections: derived, never the record, thrown away at any time.

It answers searches with facets many times quicker than FTS5. It is built whole from the SQLite file and stands beside it in a
directory; a search uses it only while it is of the file's present revision, and for queries it cannot answer alike (NEAR, number
paths, phrases that end in a star) the SQLite file answers itself.
"""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from nlp.errors import MissingComponentError
from nlp.index.condition import DOCUMENT_FIELDS
from nlp.index.database import Database
from nlp.index.results import FACETS
from nlp.index.stems import stem, stems
from nlp.index.tree import And, Dated, Everything, Field, Near, Node, Not, Or, Phrase, wanted

FORM = 2
"""Raised whenever what is written changes: an index of another form is built anew."""

TEXTS = {"text": 1.0, "heading": 2.0, "lead_in": 1.0}
_RAW = ("label", "stance", "modality", "jurisdiction", "kind", "year", "state", "has", "reviewed", "abstained")
_TOGETHER = "labels"
"""All labels of a provision as one value: counting one value a provision is five times quicker than counting several."""

_BETWEEN = "\n"
_PAIRS = "pairs"
"""Each two neighbouring words of a text as one term: a phrase of common words is found without reading all their places."""

_MANIFEST = "clausedex.json"
_MEMORY = 256_000_000
_MANY = 100_000
_PROVISIONS = """
SELECT p.key, p.document, p.heading, p.lead_in, p.text, p.stance, p.modality, p.reviewed, p.abstained,
       d.jurisdiction, d.kind, substr(d.date, 1, 4) AS year, d.state
FROM provisions p JOIN documents d ON d.key = p.document WHERE p.document = ? ORDER BY p.position
"""


def answers(node: Node) -> bool:
    """Tell whether the derived index answers a tree as the SQLite file does."""
    if isinstance(node, Not):
        return answers(node.part)
    if isinstance(node, And | Or):
        return all(answers(part) for part in node.parts)
    if isinstance(node, Phrase):
        return not node.prefix or len(node.words) == 1
    return not isinstance(node, Near) and not (isinstance(node, Field) and node.name in ("number", "id"))


@dataclass(frozen=True, slots=True)
class Found:
    """What the derived index found: keys of provisions with scores, best first, how many there are in all, and facets."""

    hits: tuple[tuple[int, float], ...]
    total: int
    facets: Mapping[str, Mapping[str, int]]


def directory_of(db: Path) -> Path:
    """Return where the derived index of a SQLite file stands."""
    return db.with_name(f"{db.name}.fast")


def _tantivy() -> Any:
    try:
        import snowballstemmer  # noqa: F401 - stems need it
        import tantivy
    except ImportError as error:
        raise MissingComponentError("the fast index needs a package: pip install 'clausedex[fast]'") from error
    return tantivy


def _schema(tantivy: Any) -> Any:
    builder = tantivy.SchemaBuilder()
    for name in TEXTS:
        builder.add_text_field(name, stored=False, tokenizer_name="whitespace", index_option="position")
    builder.add_text_field(_PAIRS, stored=False, tokenizer_name="whitespace", index_option="freq")
    for name in _RAW:
        builder.add_text_field(
            name, stored=False, tokenizer_name="raw", index_option="basic", fast=name in FACETS and name != "label"
        )
    builder.add_text_field(_TOGETHER, stored=False, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("document", stored=False, indexed=True)
    builder.add_integer_field("key", stored=True, indexed=False)
    builder.add_integer_field("place", stored=False, indexed=False, fast=True)
    return builder.build()


def build(database: Database, db: Path) -> Path:
    """Build the derived index of the SQLite index at `db` anew and return where it stands; searches use it from then on."""
    tantivy = _tantivy()
    target = directory_of(db)
    made = target.with_name(f"{target.name}.{os.getpid()}")
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    try:
        revision = database.revision()
        index = tantivy.Index(_schema(tantivy), path=str(made))
        writer = index.writer(heap_size=_MEMORY, num_threads=1)
        for place, values in enumerate(_provisions(database)):
            writer.add_document(tantivy.Document(place=place, **values))
        writer.commit()
        writer.wait_merging_threads()
        (made / _MANIFEST).write_text(json.dumps({"form": FORM, "revision": revision}))
        shutil.rmtree(target, ignore_errors=True)
        made.rename(target)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return target


def _provisions(database: Database) -> Iterator[dict[str, Any]]:
    for document in database.run("SELECT key FROM documents ORDER BY path"):
        names = {
            table: {
                key: [row["name"] for row in group]
                for key, group in groupby(
                    database.run(
                        f"SELECT t.provision, t.{column} AS name FROM {table} t JOIN provisions p ON p.key = t.provision"
                        " WHERE p.document = ? ORDER BY t.provision",
                        (document["key"],),
                    ),
                    key=lambda row: row["provision"],
                )
            }
            for table, column in (("labels", "name"), ("conditions", "type"))
        }
        for row in database.run(_PROVISIONS, (document["key"],)):
            tokens = {name: [token for token, _, _ in stems(row[name] or "")] for name in TEXTS}
            yield {
                **{name: " ".join(found) for name, found in tokens.items()},
                _PAIRS: " ".join(map(_pair, pairwise(tokens["text"]))),
                **{name: row[name] or "unknown" for name in ("jurisdiction", "kind", "year")},
                **{name: row[name] or "" for name in ("stance", "modality", "state")},
                **{name: str(row[name]) for name in ("reviewed", "abstained")},
                "label": names["labels"].get(row["key"], []),
                _TOGETHER: _BETWEEN.join(names["labels"].get(row["key"], [])) or _BETWEEN,
                "has": names["conditions"].get(row["key"], []),
                "key": row["key"],
                "document": row["document"],
            }


class FastIndex:
    """The derived index of one revision of a SQLite file, open for searches."""

    def __init__(self, directory: Path, documents: Callable[[Node], Sequence[int]]) -> None:
        self.tantivy = _tantivy()
        self.schema = _schema(self.tantivy)
        self.searcher = self.tantivy.Index(self.schema, path=str(directory), reuse=True).searcher()
        self.documents = documents

    def search(self, node: Node, limit: int, offset: int, *, facets: bool) -> Found:
        """Return what a tree that the index `answers` finds."""
        query = self.query(node)
        ranked = bool(wanted(node))
        order = {} if ranked else {"order_by_field": "place", "order": self.tantivy.Order.Asc}
        counts = self._facets(query) if facets else {}
        answer = self.searcher.search(query, max(limit, 1), count=not facets, offset=offset, **order)
        total = sum(counts["stance"].values()) if facets else int(answer.count)
        hits = [
            (int(self.searcher.doc(address)["key"][0]), float(score) if ranked else 0.0) for score, address in answer.hits[:limit]
        ]
        return Found(tuple(hits), total, counts)

    def _facets(self, query: Any) -> dict[str, dict[str, int]]:
        fields = {name: _TOGETHER if name == "label" else name for name in FACETS}
        found = self.searcher.aggregate(
            query, {name: {"terms": {"field": field, "size": _MANY}} for name, field in fields.items()}
        )
        counts = {name: {str(bucket["key"]): int(bucket["doc_count"]) for bucket in found[name]["buckets"]} for name in FACETS}
        counts["label"] = _apart(counts["label"])
        return {name: dict(sorted(counts[name].items(), key=lambda item: (-item[1], item[0]))) for name in FACETS}

    def query(self, node: Node) -> Any:
        """Return the derived index's query for a tree."""
        make, occur = self.tantivy.Query, self.tantivy.Occur
        if isinstance(node, Everything):
            return make.all_query()
        if isinstance(node, Phrase):
            return self._phrase(node)
        if isinstance(node, Not):
            return make.boolean_query([(occur.Must, make.all_query()), (occur.MustNot, self.query(node.part))])
        if isinstance(node, And | Or):
            kind = occur.Must if isinstance(node, And) else occur.Should
            return make.boolean_query([(kind, self.query(part)) for part in node.parts])
        if isinstance(node, Field | Dated):
            return make.const_score_query(self._field(node), 0.0)
        raise AssertionError(f"no query for {node!r}")

    def _phrase(self, phrase: Phrase) -> Any:
        make, occur = self.tantivy.Query, self.tantivy.Occur
        tokens = [stem(word) for word in phrase.words]
        ways = []
        for name, weight in TEXTS.items():
            if phrase.prefix:
                way = make.regex_query(self.schema, name, f"{tokens[0]}.*")
            elif len(tokens) == 1:
                way = make.term_query(self.schema, name, tokens[0])
            elif name == "text" and len(tokens) == 2:
                way = make.term_query(self.schema, _PAIRS, _pair((tokens[0], tokens[1])))
            else:
                way = make.phrase_query(self.schema, name, tokens)
                if name == "text":
                    way = make.boolean_query([(occur.Must, way), *((occur.Must, pair) for pair in self._held(tokens))])
            ways.append((occur.Should, make.boost_query(way, weight)))
        return make.boolean_query(ways)

    def _held(self, tokens: Sequence[str]) -> Iterator[Any]:
        """Yield queries, of no weight, for the pairs of words a phrase holds."""
        make = self.tantivy.Query
        for pair in pairwise(tokens):
            yield make.const_score_query(make.term_query(self.schema, _PAIRS, _pair(pair)), 0.0)

    def _field(self, node: Field | Dated) -> Any:
        if isinstance(node, Field) and (node.name in ("kind", "state") or node.name not in DOCUMENT_FIELDS):
            return self.tantivy.Query.term_set_query(self.schema, node.name, list(node.values))
        return self.tantivy.Query.term_set_query(self.schema, "document", list(self.documents(node)))


def _pair(tokens: tuple[str, str]) -> str:
    return "_".join(tokens)


def _apart(counts: Mapping[str, int]) -> dict[str, int]:
    """Return how many provisions have each label, from how many have each set of labels."""
    found: dict[str, int] = defaultdict(int)
    for names, count in counts.items():
        for name in filter(None, names.split(_BETWEEN)):
            found[name] += count
    return found


def opened(db: Path, revision: str, documents: Callable[[Node], Sequence[int]]) -> tuple[str, FastIndex] | None:
    """Open the derived index beside a SQLite file; None without one of this revision, in good order, and its packages."""
    try:
        manifest = json.loads((directory_of(db) / _MANIFEST).read_text())
        if manifest != {"form": FORM, "revision": revision}:
            return None
        return revision, FastIndex(directory_of(db), documents)
    except (OSError, ValueError, MissingComponentError):
        return None
