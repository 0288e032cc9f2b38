from __future__ import annotations

import csv
import io
from xml.etree import ElementTree

import pytest
from lxml import html

from nlp.errors import UsageError
from nlp.index import Filters, LedgerEntry, Store, compare, tallied
from nlp.index.comparing import timeline
from nlp.index.drawing import as_csv, as_html, as_map
from nlp.records import Problem
from nlp.taxonomy import codebook
from nlp.taxonomy.crosswalks import schemes
from tests.index import making


def cells(store: Store, column: str, **arguments: object) -> dict[str, str]:
    matrix = compare(store, **arguments)  # type: ignore[arg-type]
    return {row.name: row.cells[column].state for row in matrix.rows}


def test_label_cells_tell_direction_and_silence(store: Store) -> None:
    assert cells(store, "detainer-compliance") == {
        "FL/Dade County": "enables", "FL/Lee County": "enables", "MA/Somerville": "silent",
    }  # fmt: skip
    assert cells(store, "reporting")["MA/Somerville"] == "has"


def test_topic_cells_join_a_label_and_its_opposite(store: Store) -> None:
    assert cells(store, "detainer", columns="topics") == {
        "FL/Dade County": "enables", "FL/Lee County": "enables", "MA/Somerville": "restricts",
    }  # fmt: skip


def leases(store: Store) -> Store:
    for path, label in (("a.txt", "pets"), ("b.txt", "rent")):
        making.save(store, path, [making.provision(path, 1, "One cat may be kept.", [label])])
    return store


@pytest.mark.parametrize("columns", ["labels", "topics"])
def test_labels_of_a_taxonomy_of_its_own_are_the_columns(empty: Store, columns: str) -> None:
    store = leases(empty)
    matrix = compare(store, by="document", columns=columns)
    assert matrix.columns == tallied(store, store.tallies(), by="document", columns=columns).columns == ("pets", "rent")
    assert [row.cells["pets"].state for row in matrix.rows] == ["has", "silent"]
    assert compare(store, by="document", columns=columns, filters=Filters(label=("rent",))).columns == ("rent",)


def test_own_labels_stand_after_those_of_the_codebook(store: Store) -> None:
    assert compare(leases(store)).columns == (*codebook().names, "pets", "rent")


def test_a_label_that_nothing_has_cannot_be_compared(empty: Store) -> None:
    with pytest.raises(UsageError, match="did you mean pets"):
        compare(leases(empty), filters=Filters(label=("petz",)))


def test_both_directions_in_one_row(store: Store) -> None:
    making.save(store, "fl/law.txt", [making.provision("fl/law.txt", 1, "No detainers.", ["detainer-limit"])], jurisdiction="FL")
    assert cells(store, "detainer-limit", by="state") == {"FL": "both", "MA": "restricts"}
    assert cells(store, "detainer-limit")["FL"] == "restricts"


def test_not_read_is_not_silent(store: Store) -> None:
    half = [making.provision("half.pdf", 1, "Costs.", ["costs"])]
    making.save(store, "half.pdf", half, jurisdiction="GA", problems=(Problem("timeout", "x", 2),))
    states = cells(store, "training", by="state", expected=["CA", "FL"])
    assert states == {"CA": "not read", "FL": "has", "GA": "not read", "MA": "silent"}
    assert cells(store, "costs", by="state")["GA"] == "has"
    store.save(LedgerEntry("gone.pdf", "", "failed", code="timeout"), None, [])
    assert cells(store, "costs", by="document")["gone.pdf"] == "not read"


def test_cells_open_their_clauses(store: Store) -> None:
    matrix = compare(store, by="state")
    clauses = matrix.rows[0].cells["oversight"].clauses
    assert [(place.document, place.page) for place in clauses] == [("moa/dade.pdf", 2), ("moa/lee.pdf", 2)]
    assert {row["id"] for row in store.provisions(query="label:oversight")} == {place.id for place in clauses}


def test_comparison_can_be_narrowed(store: Store) -> None:
    matrix = compare(store, filters=Filters(kind=("agreement",), jurisdiction=("lee",), label=("costs", "training")))
    assert ([row.name for row in matrix.rows], matrix.columns) == (["FL/Lee County"], ("training", "costs"))
    with pytest.raises(UsageError, match="one of jurisdiction"):
        compare(store, by="planet")  # type: ignore[arg-type]


def test_csv_and_html_show_the_same_matrix(store: Store) -> None:
    making.save(store, "x.txt", [making.provision("x.txt", 1, "Costs.", ["costs"])], jurisdiction="=<script>")
    matrix = compare(store)
    rows = list(csv.reader(io.StringIO(as_csv(matrix))))
    page = html.fromstring(as_html(matrix))
    shown = [[cell.get("data-state") for cell in row.findall("td")] for row in page.findall(".//tbody/tr")]
    assert shown == [row[3:] for row in rows[1:]]
    assert [head.text for head in page.findall(".//thead//th")][1:] == rows[0][3:]
    assert "'=<script>" in {row[0] for row in rows}
    assert page.findall(".//script") == []


def test_map_shows_every_state(store: Store) -> None:
    drawn = ElementTree.fromstring(as_map(compare(store, by="state", columns="topics"), "detainer"))
    titles = {title.text for title in drawn.iter("{http://www.w3.org/2000/svg}title")}
    assert len(titles) == 56
    assert {"Massachusetts: restricts", "Florida: enables", "Ohio: not read"} <= titles
    with pytest.raises(UsageError, match="by state"):
        as_map(compare(store), "costs")


def test_timeline_counts_documents_by_year(store: Store) -> None:
    assert timeline(store) == {
        "2017": {"detainer-compliance": 1, "oversight": 1},
        "2019": {"detainer-limit": 1, "judicial-warrant": 1, "transfer-limit": 1, "reporting": 1},
        "2020": {"detainer-compliance": 1, "training": 1, "oversight": 1, "costs": 1},
    }


def test_outside_schemes_are_columns_with_sources() -> None:
    known = set(codebook().names)
    for scheme in schemes().values():
        assert scheme.source.startswith("https://")
        assert all(criterion.place and set(criterion.labels) <= known for criterion in scheme.criteria)
        assert all(criterion.source.startswith("https://") for criterion in scheme.criteria)
        assert len({criterion.name for criterion in scheme.criteria}) == len(scheme.criteria)


def test_comparison_by_a_scheme(store: Store) -> None:
    matrix = compare(store, by="state", columns="texas-sb4-2017")
    assert matrix.columns == tuple(criterion.name for criterion in schemes()["texas-sb4-2017"].criteria)
    assert {row.name: row.cells["detainers"].state for row in matrix.rows} == {"FL": "enables", "MA": "restricts"}
    with pytest.raises(UsageError, match="one of labels, topics, doj-2025"):
        compare(store, columns="nobody")
