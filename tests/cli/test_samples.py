"""The main job over the sample documents: index, search, and every stage to stdout."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, SAMPLES, Command, Ran

COUNT = len(list(SAMPLES.iterdir())) - 1  # the README


def found(ran: Ran) -> list[dict[str, object]]:
    assert ran.code == 0, ran.err
    return list(json.loads(ran.out))


def test_index_accounts_for_every_file_and_writes_nothing_to_stdout(indexed: tuple[Path, Ran]) -> None:
    _, ran = indexed
    assert (ran.code, ran.out) == (0, "")
    assert ran.err.splitlines()[-1] == f"done {COUNT}, failed 0, skipped 0 of {COUNT}"
    assert "README.md" in ran.err


def test_indexing_again_skips_what_is_unchanged(indexed: tuple[Path, Ran], clausedex: Command) -> None:
    ran = clausedex("index", "corpora/samples", "--db", indexed[0], cwd=ROOT)
    assert ran.code == 0
    assert ran.err.splitlines()[-1] == f"done 0, failed 0, skipped {COUNT} of {COUNT}"


@pytest.mark.parametrize(
    ("query", "document", "page", "number"),
    [
        ('"steering"', "thornbury-county-287g.pdf", 3, "VI.B"),
        ('"48 hours"', "quillan-county-287g-scan.pdf", 2, "VI.B.1"),
        ('"program manager"', "quillan-county-287g-scan.pdf", 2, "VII"),
        ('"fingerprints of a prisoner"', "quillan-county-287g-scan.pdf", 1, "V.2"),
        ('"list of persons"', "vandermere-code-40.html", 1, "9-4005.b"),
        ('"mileage"', "harrowgate-ordinance-512.txt", 1, "3.4.a"),
        ('"license plate data"', "dunmere-police-policy-4-12.docx", 1, "7.1"),
        ('"watch commander"', "dunmere-police-policy-4-12.docx", 1, "4.1"),
    ],
)
def test_a_search_finds_the_clause_and_the_page_it_stands_on(
    clausedex: Command, db: Path, query: str, document: str, page: int, number: str
) -> None:
    hits = found(clausedex("search", query, "--db", db, "--format", "json"))
    assert (f"corpora/samples/{document}", page, number) in [(hit["document"], hit["page"], hit["number"]) for hit in hits]


def test_a_clause_over_a_page_break_is_whole_and_names_both_pages(clausedex: Command, db: Path) -> None:
    (hit,) = found(clausedex("search", '"mark the rooms"', "--db", db, "--format", "json"))
    assert str(hit["text"]).endswith("the staff shall neither consent to the entry nor obstruct it.")
    assert "Page" not in str(hit["text"])


def test_struck_words_of_a_bill_are_not_in_the_clause(clausedex: Command, db: Path) -> None:
    (hit,) = found(clausedex("search", '"forty-eight hours" document:hb-118', "--db", db, "--format", "json"))
    assert "lengthen" not in str(hit["text"])
    assert "lengthen" in str(hit["struck"])


def test_labels_narrow_a_search(clausedex: Command, db: Path) -> None:
    hits = found(clausedex("search", "", "--db", db, "--label", "complaints", "--format", "json"))
    assert any("thornbury" in str(hit["document"]) for hit in hits)
    for hit in hits:
        assert "complaints" in [label["name"] for label in hit["labels"]]  # type: ignore[attr-defined]  # rows of JSON are typed as objects


def test_stance_kind_and_modality_narrow_a_search(clausedex: Command, db: Path) -> None:
    narrowed = ("--kind", "ordinance", "--modality", "prohibition", "--stance", "restricts", "--format", "json")
    hits = found(clausedex("search", "", "--db", db, *narrowed))
    assert hits
    assert {(hit["document_kind"], hit["modality"], hit["stance"]) for hit in hits} == {("ordinance", "prohibition", "restricts")}


def test_the_table_names_document_page_number_labels_and_stance(clausedex: Command, db: Path) -> None:
    ran = clausedex("search", "steering", "--db", db)
    assert "thornbury-county-287g.pdf, page 3, VI.B" in ran.out
    assert "oversight" in ran.out
    assert "safeguards" in ran.out
    assert "\x1b" not in ran.out


def test_csv_has_a_header_and_a_row_a_hit(clausedex: Command, db: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(clausedex("search", "detainer", "--db", db, "-n", "5", "--format", "csv").out)))
    assert len(rows) == 5
    assert all(row["document"] and row["page"] and "detainer" in " ".join(row.values()).lower() for row in rows)


def test_a_search_without_hits_is_no_failure(clausedex: Command, db: Path) -> None:
    ran = clausedex("search", "zeppelin", "--db", db)
    assert (ran.code, ran.out, ran.err) == (0, "", "no provision matches; “zeppelin” stands nowhere in the index\n")


def test_hits_are_counted_by_document_and_the_silent_ones_named(clausedex: Command, db: Path) -> None:
    ran = clausedex(
        *("search", "", "--db", db, "--label", "detainer-compliance", "--count", "document", "--silent", "--format", "json")
    )
    counts = {Path(row["document"]).name: row["provisions"] for row in json.loads(ran.out)}
    assert len(counts) == COUNT
    assert counts["harrowgate-ordinance-512.txt"] > 0
    assert counts["dunmere-ordinance-88-noise.txt"] == 0
    assert "without" in ran.err


def test_a_search_without_hits_says_which_word_is_in_the_way(clausedex: Command, db: Path) -> None:
    assert "without “walrus”" in clausedex("search", "detainer walrus", "--db", db).err


def test_one_wording_is_written_once(clausedex: Command, db: Path) -> None:
    arguments = ("search", "shall", "--db", db, "--format", "json", "-n", "100")
    whole, folded = found(clausedex(*arguments)), found(clausedex(*arguments, "--fold"))
    assert len(folded) < len(whole)
    assert sum(row["documents"] for row in folded) == len(whole)


def test_an_ordinance_about_noise_has_no_direction(clausedex: Command) -> None:
    ran = clausedex("classify", SAMPLES / "dunmere-ordinance-88-noise.txt")
    assert {row["stance"] for row in ran.rows} <= {"neutral", "safeguards"}


def test_classify_writes_the_rows_of_the_contract(clausedex: Command) -> None:
    path = SAMPLES / "port-ansel-ordinance-2024-17.pdf"
    ran = clausedex("classify", path)
    assert ran.code == 0, ran.err
    contract = "document document_id id number heading lead_in text start end pages boxes labels stance modality conditions cues"
    for row in ran.rows:
        assert set(contract.split()) | {"exception_to", "abstained", "model"} <= set(row)
        assert row["document"] == str(path)
        assert row["boxes"]
    assert len({row["id"] for row in ran.rows}) == len(ran.rows)


def test_segment_writes_the_same_clauses_without_labels(clausedex: Command) -> None:
    path = SAMPLES / "port-ansel-ordinance-2024-17.pdf"
    clauses, classified = clausedex("segment", path).rows, clausedex("classify", path).rows
    assert [row["id"] for row in clauses] == [row["id"] for row in classified]
    assert not {"labels", "stance", "modality"} & set(clauses[0])


def test_classify_and_index_agree(clausedex: Command, db: Path) -> None:
    ran = clausedex("classify", "corpora/samples/thornbury-county-287g.pdf", cwd=ROOT)
    hits = found(clausedex("search", "document:thornbury", "--db", db, "-n", "500", "--format", "json"))
    named = {str(hit["id"]): (hit["labels"], hit["stance"], hit["modality"]) for hit in hits}
    assert {row["id"]: (row["labels"], row["stance"], row["modality"]) for row in ran.rows} == named


def test_extract_gives_clean_text_and_parts_several_files(clausedex: Command) -> None:
    path = SAMPLES / "thornbury-county-287g.pdf"
    one = clausedex("extract", path).out
    assert "VI. DIRECTION AND REVIEW" in one
    assert "Form 12" not in one
    two = clausedex("extract", path, SAMPLES / "harrowgate-ordinance-512.txt").out
    assert [line for line in two.splitlines() if line.startswith("==> ")] == [
        f"==> {SAMPLES / 'harrowgate-ordinance-512.txt'} <==",
        f"==> {path} <==",
    ]


def test_extract_gives_pages_with_words_and_boxes(clausedex: Command) -> None:
    rows = clausedex("extract", SAMPLES / "vandermere-hb-118.pdf", "--format", "jsonl").rows
    assert [row["page"] for row in rows] == list(range(1, len(rows) + 1))
    words = [word for row in rows for line in row["lines"] for word in line["words"]]
    assert {mark for word in words for mark in word.get("marks", ())} == {"struck", "added"}
    assert all(word["x0"] < word["x1"] and word["top"] < word["bottom"] for word in words)


def test_a_document_or_a_list_may_come_on_standard_input(clausedex: Command) -> None:
    path = SAMPLES / "port-ansel-ordinance-2024-17.pdf"
    direct = clausedex("segment", path).rows
    piped = clausedex("segment", "-", stdin=path.read_bytes()).rows
    listed = clausedex("segment", "-", stdin=f"{path}\n".encode()).rows
    assert [row["text"] for row in piped] == [row["text"] for row in listed] == [row["text"] for row in direct]
    assert {row["document"] for row in piped} == {"-"}


def test_clauses_are_classified_one_by_one(clausedex: Command, tmp_path: Path) -> None:
    file = tmp_path / "clauses.jsonl"
    rows = [
        {"id": 1, "text": "The agency shall not hold a person on the basis of a detainer."},
        {"id": "b", "text": "(a) on a detainer;", "lead_in": "No officer shall hold a person:", "heading": "Custody"},
        {"id": "c", "text": "The pool opens at noon.", "heading": None, "lead_in": None},
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    ran = clausedex("classify", "--clauses", file)
    assert ran.code == 0, ran.err
    assert [row["id"] for row in ran.rows] == [1, "b", "c"]
    assert all({"labels", "stance", "modality"} <= set(row) for row in ran.rows)
    assert ran.rows == clausedex("classify", "--clauses", "-", stdin=file.read_bytes()).rows


def test_no_cell_of_a_sheet_is_a_formula(clausedex: Command, tmp_path: Path) -> None:
    file = tmp_path / "clauses.jsonl"
    texts = ["=1+1", " @SUM(A1)", "＝1", "|calc", "The fee is -5 dollars."]
    file.write_text("".join(json.dumps({"id": f"+{at}", "text": text}) + "\n" for at, text in enumerate(texts)))
    rows = list(csv.DictReader(io.StringIO(clausedex("classify", "--clauses", file, "--format", "csv").out)))
    assert [row["text"] for row in rows] == [*(f"'{text}" for text in texts[:4]), texts[4]]
    assert [row["id"] for row in rows] == [f"'+{at}" for at in range(5)]


def test_status_counts_what_was_read(clausedex: Command, db: Path) -> None:
    report = json.loads(clausedex("status", "--db", db, "--format", "json").out)
    assert (report["files"], report["done"], report["failed"]) == (COUNT, COUNT, 0)
    assert report["ocr_pages"] == 3
    assert report["kinds"]["ordinance"] == 3
    assert "read by OCR 3" in clausedex("status", "--db", db).out


def test_doctor_finds_everything_that_is_needed(clausedex: Command) -> None:
    ran = clausedex("doctor")
    assert ran.code == 0, ran.out
    assert "tesserocr" in ran.out
