"""Comparing, differing and carrying provisions and corrections in and out."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.conftest import SAMPLES, Command
from tests.extract import paper


def test_compare_has_a_row_a_document_and_a_column_a_label(clausedex: Command, db: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(clausedex("compare", "--db", db, "--by", "document", "--format", "csv").out)))
    assert len(rows) == 8
    noise = next(row for row in rows if "noise" in row["document"])
    assert noise["definitions"] == "has"
    assert noise["detainer-limit"] == "silent"


def test_compare_reads_well_and_stands_alone_as_a_page(clausedex: Command, db: Path) -> None:
    assert "definitions" in clausedex("compare", "--db", db).out
    page = clausedex("compare", "--db", db, "--format", "html").out
    assert page.startswith("<!doctype html>")
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_compare_by_an_outside_scheme_tells_its_criteria_and_sources(clausedex: Command, db: Path) -> None:
    ran = clausedex("compare", "--db", db, "--by", "document", "--scheme", "doj-2025")
    assert ran.code == 0, ran.err
    assert "detainers" in ran.out
    assert "https://www.justice.gov/" in ran.err
    rows = json.loads(clausedex("compare", "--db", db, "--by", "document", "--scheme", "doj-2025", "--format", "json").out)
    harrowgate = next(row for row in rows if "harrowgate" in row["document"])
    assert harrowgate["cells"]["detainers"]["state"] == "enables"
    assert harrowgate["cells"]["detainers"]["clauses"][0]["id"]
    assert clausedex("compare", "--db", db, "--scheme", "nobody").code == 1


def test_labels_and_schemes_are_told(clausedex: Command) -> None:
    assert "detainer-limit" in clausedex("labels").out
    criteria = json.loads(clausedex("labels", "--scheme", "florida-908", "--format", "json").out)
    assert "detainers" in {row["criterion"] for row in criteria}
    assert all(row["source"].startswith("https://") for row in criteria)
    assert clausedex("labels", "--scheme", "nobody").err.startswith("clausedex: there is no scheme 'nobody'; one of doj-2025")


def test_conflicts_are_leads_with_both_texts(clausedex: Command, db: Path) -> None:
    arguments = ("conflicts", "--db", db, "--against", "document:vandermere-code", "--kind", "ordinance")
    leads = json.loads(clausedex(*arguments, "--format", "json").out)
    assert any("harrowgate" in lead["local"]["document"] and lead["direction"] == "enables" for lead in leads)
    assert all("vandermere-code" in law["document"] for lead in leads for law in lead["law"])
    ran = clausedex(*arguments)
    assert "not a verdict" in ran.err
    assert "does what the law bars" in ran.out
    assert clausedex("conflicts", "--db", db).err == "no clause runs against the law in the index\n"


def test_similar_clauses_of_a_clause(clausedex: Command, db: Path) -> None:
    (hit, *_) = json.loads(clausedex("search", "detainer", "--db", db, "--format", "json").out)
    found = json.loads(clausedex("similar", hit["id"], "--db", db, "--format", "json").out)
    assert hit["id"] not in {row["id"] for row in found}
    assert [row["alike"] for row in found] == sorted((row["alike"] for row in found), reverse=True)
    assert clausedex("similar", "nobody", "--db", db).code == 1


def test_diff_names_what_was_added_removed_and_reworded(clausedex: Command, tmp_path: Path) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    text = (SAMPLES / "dunmere-ordinance-88-noise.txt").read_text()
    old.write_text(text)
    new.write_text(
        text.replace("fifteen", "thirty").replace(
            "SECTION 3.", "SECTION 2A. QUIET.\n\nA kennel shall keep its dogs indoors at night.\n\nSECTION 3."
        )
    )
    ran = clausedex("diff", old, new, "--format", "json")
    assert ran.code == 0, ran.err
    changes = {row["change"]: row for row in json.loads(ran.out)}
    assert "kennel" in changes["added"]["text"]
    assert "[-fifteen-] {+thirty+}" in changes["reworded"]["text"]
    table = clausedex("diff", old, new).out
    assert table.splitlines()[0].endswith("1 reworded, 1 added")
    assert "A kennel shall keep" in table
    assert "within [-fifteen-] {+thirty+} days" in table
    assert "<ins>thirty</ins>" in clausedex("diff", old, new, "--format", "html").out
    new.write_text(text.replace("Ordinance No. 41", "Ordinance No. 42").replace("Municipal Court", "Borough Court"))
    slight = clausedex("diff", old, new).out
    assert "Borough" not in slight  # another name
    assert "No. [-41-] {+42+}" in slight  # another number
    assert "Borough" in clausedex("diff", old, new, "--all").out
    assert clausedex("diff", old, old).out == "all 10 clauses are the same\n\n"
    assert json.loads(clausedex("diff", old, old, "--format", "json").out) == []


def test_diff_takes_slips_of_a_scan_for_no_change_of_the_rule(clausedex: Command, tmp_path: Path) -> None:
    lines = [
        "1. The keeper shall bring a prisoner to the clinic each week.",
        "2. No officer shall enter the kitchen without a warrant.",
        "3. The keeper shall feed every prisoner two times a day.",
    ]
    typed, scan = tmp_path / "typed.txt", tmp_path / "scan.pdf"
    typed.write_text("\n\n".join(lines))
    slips = {"prisoner to": "psissnes to", "warrant": "wassant", "two": "ten"}
    paper.scan(scan, [line.replace(word, slip) for line, (word, slip) in zip(lines, slips.items(), strict=True)])
    table = clausedex("diff", typed, scan).out
    assert table.splitlines()[0] == "2 differ in slips of OCR alone, 1 reworded"
    assert "[-two-] {+ten+}" in table
    assert "wassant" not in table
    assert "[-wassant-] {+warrant+}" in clausedex("diff", scan, typed, "--all").out


def test_diff_of_a_file_that_is_not_there_is_no_usable_input(clausedex: Command) -> None:
    ran = clausedex("diff", SAMPLES / "harrowgate-ordinance-512.txt", "gone.pdf")
    assert ran.code == 2
    assert "gone.pdf: no such file (not_found)" in ran.err


def test_unusual_writes_clauses_with_how_few_documents_have_them(clausedex: Command, db: Path) -> None:
    ran = clausedex("unusual", "--db", db, "--kind", "ordinance", "--share", "0.34", "--format", "json")
    assert ran.code == 0, ran.err
    assert {(row["documents"], row["of"]) for row in json.loads(ran.out)} == {(1, 3)}


def test_the_labelling_interface_goes_with_the_tasks(clausedex: Command, db: Path, tmp_path: Path) -> None:
    tasks, interface = tmp_path / "tasks.json", tmp_path / "interface.xml"
    wanted = ("export", tasks, "--db", db, "--to", "label-studio")
    ran = clausedex(*wanted, "--interface", interface)
    assert (ran.code, ran.out) == (0, "")
    assert f"labelling interface written to {interface}" in ran.err
    offered = {choice.get("value") for choice in ElementTree.parse(interface).iter("Choice")}
    answers = [task.get("annotations") or task["predictions"] for task in json.loads(tasks.read_text())]
    used = {each for (answer,) in answers for part in answer["result"] for each in part["value"]["choices"]}
    assert "detainer-limit" in used <= offered
    assert clausedex(*wanted, "--interface", "-").out == interface.read_text()
    assert clausedex("export", tasks, "--db", db, "--to", "csv", "--interface", interface).code == 1
    assert clausedex("export", "-", "--db", db, "--to", "label-studio", "--interface", "-").code == 1
    assert f"{tmp_path} cannot be written" in clausedex(*wanted, "--interface", tmp_path).err


@pytest.mark.parametrize("to", ["jsonl", "csv", "parquet", "label-studio", "spacy", "w3c"])
def test_every_format_is_written_the_same_way_twice(clausedex: Command, db: Path, tmp_path: Path, to: str) -> None:
    for name in ("first", "second"):
        ran = clausedex("export", tmp_path / name, "--db", db, "--to", to, "--label", "definitions")
        assert ran.code == 0, ran.err
    assert (tmp_path / "first").read_bytes() == (tmp_path / "second").read_bytes() != b""


def test_an_export_to_stdout_holds_the_rows_of_the_contract(clausedex: Command, db: Path) -> None:
    rows = clausedex("export", "-", "--db", db, "--to", "jsonl", "--kind", "bill").rows
    assert rows
    assert {row["document"] for row in rows} == {"corpora/samples/vandermere-hb-118.pdf"}


def test_a_correction_wins_over_the_model_and_comes_out_again(clausedex: Command, db: Path, tmp_path: Path) -> None:
    mine, out = tmp_path / "mine.db", tmp_path / "out.jsonl"
    shutil.copy(db, mine)
    (hit,) = json.loads(clausedex("search", '"list of persons"', "--db", mine, "--format", "json").out)
    correction = {
        "document_id": hit["document_id"],
        "id": hit["id"],
        "text": hit["text"],
        "labels": ["data-privacy", "status-inquiry-ban"],
        "modality": "prohibition",
        "reviewer": "ada",
    }
    file = tmp_path / "corrections.jsonl"
    file.write_text(json.dumps(correction) + "\n")
    assert clausedex("review", "import", file, "--db", mine).code == 0
    (again,) = json.loads(clausedex("search", '"list of persons"', "--db", mine, "--format", "json").out)
    assert [label["name"] for label in again["labels"]] == correction["labels"]
    assert again["reviewed"]
    assert clausedex("review", "export", out, "--db", mine).code == 0
    assert json.loads(out.read_text())["reviewer"] == "ada"


def test_a_model_of_ones_own_is_trained_measured_and_used(clausedex: Command, tmp_path: Path) -> None:
    corpus, model, clauses = tmp_path / "corpus.jsonl", tmp_path / "model", tmp_path / "clauses.jsonl"
    topics = {
        "quiet": "No person shall play a {} at night near a dwelling.",
        "dogs": "The owner shall keep the {} dog on a leash.",
    }
    words = (
        "drum",
        "red",
        "horn",
        "old",
        "small",
        "loud",
        "tin",
        "brown",
        "pipe",
        "black",
        "flute",
        "lame",
        "young",
        "shy",
        "wild",
    )
    rows = [
        {"id": f"{label}-{word}", "document": word, "text": text.format(word), "labels": [label], "modality": "obligation"}
        for label, text in topics.items()
        for word in words
    ]
    corpus.write_text("".join(json.dumps(row) + "\n" for row in rows))
    trained = clausedex("train", "--corpus", corpus, "--out", model, "--name", "town", "--jobs", 1)
    assert trained.code == 0, trained.err
    figures = json.loads(clausedex("evaluate", "--gold", corpus, "--model", model, "--format", "json").out)
    assert figures["micro"] > 0.9
    assert "quiet" in clausedex("evaluate", "--gold", corpus, "--model", model).out
    page = clausedex("evaluate", "--gold", corpus, "--model", model, "--format", "html").out
    assert page.startswith("<!doctype html>")
    assert "1.00" in page
    clauses.write_text(json.dumps({"id": 7, "text": "No person shall play a trumpet at night near a dwelling."}))
    (row,) = clausedex("classify", "--clauses", clauses, "--model", model).rows
    assert [label["name"] for label in row["labels"]] == ["quiet"]
    told = clausedex("classify", "--clauses", clauses, "--model", model, "--explain").out
    assert "“night”" in told.split("quiet", 2)[2]
    assert row["model"].startswith("town@")


def test_a_folder_that_is_no_model_is_told(clausedex: Command, tmp_path: Path) -> None:
    ran = clausedex("classify", SAMPLES / "harrowgate-ordinance-512.txt", "--model", tmp_path)
    assert ran.code == 1
    assert "not a model directory" in ran.err
    assert "Traceback" not in ran.err
