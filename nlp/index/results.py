"""What goes into a search and what comes out; knows nothing of engines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nlp.errors import UsageError
from nlp.index.query import field as field_node
from nlp.index.storable import clean
from nlp.index.tree import Field, Node, join
from nlp.taxonomy import codebook

FACETS = ("label", "stance", "modality", "jurisdiction", "kind", "year")


@dataclass(frozen=True, slots=True)
class Filters:
    """Narrow a search beside its query: values of one field are alternatives, fields narrow each other.

    `jurisdiction` takes a state's code or name, or part of a place's name.
    """

    label: tuple[str, ...] = ()
    stance: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    jurisdiction: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()

    def node(self, labels: frozenset[str] = frozenset()) -> Node:
        """Return the tree of the filters; raise `UsageError` for a value that cannot be.

        `labels` are names beyond the codebook's.
        """
        parts: list[Node] = []
        for name in ("label", "stance", "modality", "jurisdiction", "kind"):
            values: tuple[str, ...] = getattr(self, name)
            try:
                nodes = [field_node(name, clean(value), labels=labels | set(codebook().names)) for value in values]
            except ValueError as error:
                raise UsageError(str(error)) from error
            if nodes:
                parts.append(Field(nodes[0].name, tuple(value for node in nodes for value in node.values)))
        return join(parts)


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Snippet:
    """Part of a clause around what was searched for; `marks` are half-open spans of `text` that were hit."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()

    def marked(self, before: str = "**", after: str = "**") -> str:
        """Return the text with each hit between two strings."""
        parts: list[str] = []
        at = 0
        for start, end in self.marks:
            parts.extend((self.text[at:start], before, self.text[start:end], after))
            at = end
        return "".join((*parts, self.text[at:]))


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document of the index without its text. `path` is the ledger's, `source` the path as the document gives it."""

    path: str
    source: str
    id: str
    format: str
    title: str | None
    kind: str | None
    jurisdiction: str | None
    state: str | None
    agency: str | None
    date: str | None
    partial: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """A provision in short: where it stands and what it was found to be, without its text."""

    path: str
    document: str
    id: str
    page: int | None
    number: str
    labels: tuple[str, ...]
    stance: str
    modality: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a near-identical clause stands."""

    document: str
    page: int | None
    id: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A provision that was found.

    `provision` is the row of the command-line contract, `page` its first page. Of near-identical clauses folded into one hit
    `documents` says in how many documents they stand and `others` where, itself left out, in order of documents.
    """

    provision: Mapping[str, Any]
    document: DocumentInfo
    page: int | None
    score: float
    snippet: Snippet
    documents: int = 1
    others: tuple[Place, ...] = ()

    def __repr__(self) -> str:
        page = "" if self.page is None else f", page {self.page}"
        return f"<Hit {self.document.path}{page}: {self.snippet.text!r}>"


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The hits of one page of results, best first.

    `total` counts all hits, `clauses` all provisions that match: more than hits where near-identical ones are folded. `facets`
    maps each of `FACETS` to its values and how many matching provisions have it, most first; empty unless asked for.
    """

    hits: tuple[Hit, ...]
    total: int
    clauses: int
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"<SearchResult: {len(self.hits)} of {self.total} hits>"
