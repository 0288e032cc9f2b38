"""Lists what a planned search finds with one statement, and looks its hits up; knows nothing of how queries are typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

from nlp.index import rows
from nlp.index.condition import Plan, Sql
from nlp.index.database import Database, Row, portions
from nlp.index.listing import Listed, Member, ranking
from nlp.index.results import FACETS, Hit, Place, SearchResult, Snippet
from nlp.index.snippets import START, STOP
from nlp.index.tree import Node

Marker = Callable[[Node, Mapping[int, str]], Mapping[int, str]]

_OF_DOCUMENT = (
    "SELECT '{facet}', {value}, sum(n), 0.0 FROM (SELECT document, count(*) AS n FROM hits GROUP BY document) h"
    " JOIN documents d ON d.key = h.document GROUP BY {value}"
)
_FACETS = {
    "label": "SELECT 'label', l.name, count(*), 0.0 FROM hits h JOIN labels l ON l.provision = h.key GROUP BY l.name",
    "stance": "SELECT 'stance', stance, count(*), 0.0 FROM hits GROUP BY stance",
    "modality": "SELECT 'modality', modality, count(*), 0.0 FROM hits GROUP BY modality",
    "jurisdiction": _OF_DOCUMENT.format(facet="jurisdiction", value="d.jurisdiction"),
    "kind": _OF_DOCUMENT.format(facet="kind", value="d.kind"),
    "year": _OF_DOCUMENT.format(facet="year", value="substr(d.date, 1, 4)"),
}
_PAGE = """
SELECT 'hit', '', f.key, f.score FROM (
    SELECT h.key, h.score FROM hits h JOIN documents d ON d.key = h.document
    ORDER BY h.score DESC, d.path, h.position LIMIT ? OFFSET ?
) f
"""
_FOLDED = """
, folded AS MATERIALIZED (
    SELECT h.fingerprint, max(h.score) AS score, min(d.path) AS path, min(h.position) AS position
    FROM hits h JOIN documents d ON d.key = h.document
    GROUP BY h.fingerprint ORDER BY score DESC, path, position, h.fingerprint LIMIT ? OFFSET ?
)
"""
_MEMBERS = "SELECT 'hit', CAST(h.fingerprint AS TEXT), h.key, h.score FROM folded f JOIN hits h ON h.fingerprint = f.fingerprint"


class Searcher:
    """Runs one search on a database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def listed(self, plan: Plan, limit: int, offset: int, *, facets: bool, fold: bool) -> Listed:
        """Return the members of one page of hits, the totals and, if asked for, the facets."""
        hits, values = self._hits(plan)
        parts = ["SELECT 'clauses' AS what, '' AS name, count(*) AS number, 0.0 AS score FROM hits"]
        if fold:
            hits += _FOLDED
            parts += [_MEMBERS, "SELECT 'folds', '', count(DISTINCT fingerprint), 0.0 FROM hits"]
        else:
            parts.append(_PAGE)
        if facets:
            parts.extend(_FACETS.values())
        found = self.database.run(f"{hits} {' UNION ALL '.join(parts)}", (*values, limit, offset))
        counts = {row["what"]: int(row["number"]) for row in found if row["what"] in ("clauses", "folds")}
        members = tuple(
            Member(row["name"] if fold else int(row["number"]), int(row["number"]), float(row["score"]))
            for row in found
            if row["what"] == "hit"
        )
        return Listed(members, counts["folds" if fold else "clauses"], counts["clauses"], _counted(found) if facets else {})

    def result(self, plan: Plan, listed: Listed, mark: Marker | None = None) -> SearchResult:
        """Return a result with its hits looked up, their excerpts marked by `mark`, by the database where it is None."""
        return SearchResult(self._page(listed.members, plan, mark), listed.hits, listed.clauses, listed.facets)

    def _hits(self, plan: Plan) -> tuple[str, tuple[Any, ...]]:
        """Return the common table of all provisions that match, each with its score, and its values."""
        where = self.database.condition(plan.rest)
        better = ranking(plan.rest)
        source, score = Sql("provisions p"), "0.0"
        if plan.text is not None:
            source, match, score = self.database.ranked(plan.text)
            where = Sql(f"{match.sql} AND ({where.sql})", (*match.values, *where.values))
        elif better is not None:
            source, score = self.database.scored(better)
        return (
            "WITH hits AS MATERIALIZED (SELECT p.key, p.document, p.position, p.fingerprint, p.stance, p.modality,"
            f" {score} AS score FROM {source.sql} WHERE {where.sql})",
            (*source.values, *where.values),
        )

    def _page(self, members: Sequence[Member], plan: Plan, mark: Marker | None) -> tuple[Hit, ...]:
        groups: dict[Hashable, list[tuple[int, float]]] = defaultdict(list)
        for member in members:
            groups[member.group].append((member.key, member.score))
        places = self._places([key for group in groups.values() for key, _ in group])
        ordered = sorted(
            (sorted(group, key=lambda member: (-member[1], *places[member[0]][:2])) for group in groups.values()),
            key=lambda group: (-group[0][1], min(places[key][0] for key, _ in group), places[group[0][0]][1]),
        )
        chosen = [group[0][0] for group in ordered]
        contract = dict(self.database.contracts(chosen))
        texts = {key: str(contract[key]["text"]) for key in chosen}
        snippets = _snippets(plan, texts, mark or self.database.marked)
        return tuple(
            Hit(
                provision=contract[group[0][0]],
                document=rows.info(places[group[0][0]][2]),
                page=next(iter(contract[group[0][0]]["pages"]), None),
                score=group[0][1],
                snippet=snippets[group[0][0]],
                documents=len({places[key][0] for key, _ in group}),
                others=_others([places[key] for key, _ in group[1:]]),
            )
            for group in ordered
        )

    def _places(self, keys: Sequence[int]) -> dict[int, tuple[str, int, Row]]:
        """Return the path and the position of each provision, and a row of what else is known of its document."""
        places = {}
        for some in portions(keys):
            for row in self.database.run(
                f"SELECT p.key AS provision, p.position, p.id AS clause, p.pages AS clause_pages, {rows.columns(rows.INFO, 'd.')}"
                f" FROM provisions p JOIN documents d ON d.key = p.document WHERE p.key IN ({', '.join('?' * len(some))})",
                some,
            ):
                places[int(row["provision"])] = (str(row["path"]), int(row["position"]), row)
        return places


def _snippets(plan: Plan, texts: Mapping[int, str], mark: Marker) -> dict[int, Snippet]:
    better = plan.text if plan.text is not None else ranking(plan.rest)
    marked = mark(better, texts) if better is not None else {}
    return {key: _snippet(marked[key]) if key in marked else _opening(text) for key, text in texts.items()}


def _snippet(marked: str) -> Snippet:
    """Turn an excerpt with STX and ETX around each hit into text and marks."""
    parts: list[str] = []
    marks: list[tuple[int, int]] = []
    length, opened = 0, None
    for char in marked:
        if char == START:
            opened = length
        elif char == STOP:
            if opened is not None and opened < length:
                marks.append((opened, length))
            opened = None
        else:
            parts.append(char)
            length += 1
    return Snippet("".join(parts), tuple(marks))


def _opening(text: str, length: int = 200) -> Snippet:
    if len(text) <= length:
        return Snippet(text)
    return Snippet(text[: text.rfind(" ", length // 2, length) if " " in text[length // 2 : length] else length] + "…")


def _others(places: Sequence[tuple[str, int, Row]]) -> tuple[Place, ...]:
    found = []
    for _, _, row in sorted(places, key=lambda place: place[:2]):
        pages = rows.loads(row["clause_pages"])
        found.append(Place(row["source"], pages[0] if pages else None, row["clause"]))
    return tuple(found)


def _counted(found: Sequence[Row]) -> dict[str, dict[str, int]]:
    facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
    for row in found:
        if row["what"] in facets:
            facets[row["what"]][row["name"] or "unknown"] = int(row["number"])
    return {name: dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))) for name, counts in facets.items()}
