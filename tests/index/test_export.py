from __future__ import annotations

import csv
import io
import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nlp.errors import CorpusError, UsageError
from nlp.index import Store, export, export_corrections, import_corrections, open_store, row_schema
from nlp.index.exports import FORMATS, label_studio
from nlp.index.exports.tables import neutral
from tests.index import making


def exported(store: Store, to: str, **narrow: Any) -> bytes:
    stream = io.BytesIO()
    export(store, to, stream, **narrow)
    return stream.getvalue()


@pytest.mark.parametrize("to", FORMATS)
def test_same_bytes_whatever_the_order_of_writing(tmp_path: Path, to: str) -> None:
    seen = set()
    for number, order in enumerate(itertools.permutations(range(3))):
        with open_store(str(tmp_path / f"{number}.db"), create=True) as store:
            making.fill(store, order)
            seen.add(exported(store, to))
    assert len(seen) == 1


def test_spacy_export_does_not_depend_on_the_seed_of_hashing(tmp_path: Path) -> None:
    path = tmp_path / "index.db"
    with open_store(str(path), create=True) as store:
        making.fill(store)
    code = (
        "import sys, hashlib, io; from nlp.index import open_store, export; s = io.BytesIO();"
        f"export(open_store({str(path)!r}), 'spacy', s); print(hashlib.sha256(s.getvalue()).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, check=True, env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_jsonl_rows_obey_the_published_schema(store: Store) -> None:
    lines = exported(store, "jsonl").decode().splitlines()
    assert len(lines) == 9
    for line in lines:
        jsonschema.validate(json.loads(line), row_schema())
    wrong = {**json.loads(lines[0]), "stance": "against"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, row_schema())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r", " =", "＝", "|"])
def test_no_cell_is_a_formula(empty: Store, start: str) -> None:
    text = f"{start}HYPERLINK(1)"
    making.save(empty, "a.txt", [making.provision("a.txt", 1, text, heading=(text,))], title=text)
    row = next(csv.DictReader(io.StringIO(exported(empty, "csv").decode(), newline="")))
    assert row["text"] == row["heading"] == row["document_title"] == f"'{text}".replace("\r", "\n")
    assert (row["document"], row["number"]) == ("a.txt", "1")


def test_csv_holds_every_row_and_the_documents_facts(store: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(store, "csv").decode(), newline="")))
    assert len(rows) == 9
    assert rows[1]["labels"] == "transfer-limit;judicial-warrant"
    assert (rows[1]["document_jurisdiction"], rows[1]["document_date"], rows[1]["pages"]) == (
        "MA/Somerville",
        "2019-05-01",
        "2;3",
    )
    assert neutral("Plain - text") == "Plain - text"


def test_parquet_gives_back_the_rows(store: Store) -> None:
    import pyarrow.parquet as pq

    table = pq.read_table(io.BytesIO(exported(store, "parquet"))).to_pylist()
    facts = {"title", "kind", "jurisdiction", "state", "agency", "date"}
    plain = [{key: value for key, value in row.items() if key not in {f"document_{name}" for name in facts}} for row in table]
    assert plain == list(store.provisions())
    assert {row["document_state"] for row in table} == {"FL", "MA"}


def test_docbin_holds_labels_cues_and_ids(store: Store) -> None:
    import spacy
    from spacy.tokens import DocBin

    docs = list(DocBin().from_bytes(exported(store, "spacy")).get_docs(spacy.blank("en").vocab))
    rows = list(store.provisions())
    assert [doc.text for doc in docs] == [row["text"] for row in rows]
    for doc, row in zip(docs, rows, strict=True):
        assert {name for name, value in doc.cats.items() if value} == {label["name"] for label in row["labels"]}
        assert doc.user_data["id"] == row["id"]
        assert [span.label_ for span in doc.spans["cues"]] == ["modality"]


def test_web_annotations_point_into_the_text(empty: Store) -> None:
    text = "Title\n\nNo officer shall hold a person.\n"
    clause = making.provision("a.pdf", 1, "No officer shall hold a person.", ["detainer-limit"])
    moved = making.moved(clause, text.index("No"), text.index("."))
    making.save(empty, "a.pdf", [moved], text=text, format="pdf")
    collection = json.loads(exported(empty, "w3c"))
    assert (collection["type"], collection["total"]) == ("AnnotationCollection", 1)
    item = collection["first"]["items"][0]
    place, quoted, *pages = item["target"]["selector"]
    assert text[place["start"] : place["end"]] == quoted["exact"] == "No officer shall hold a person"
    assert (quoted["prefix"], quoted["suffix"]) == ("Title\n\n", ".\n")
    assert [page["value"] for page in pages] == ["page=1", "page=2"]
    assert [body["value"] for body in item["body"]] == ["detainer-limit", "stance:restricts", "modality:obligation"]


def test_export_can_be_narrowed_and_is_whole_or_absent(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert export(store, "jsonl", out, query="kind:ordinance") == 3
    before = out.read_bytes()
    with pytest.raises(UsageError, match="one of jsonl, csv"):
        export(store, "xlsx", out)
    with pytest.raises(UsageError, match="cannot be written"):
        export(store, "jsonl", tmp_path / "none" / "out.jsonl")
    assert out.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


class TestCorrections:
    def rows(self, store: Store) -> dict[str, dict[str, Any]]:
        return {row["id"]: row for row in store.provisions()}

    def corrected(self, store: Store, tmp_path: Path) -> str:
        row = next(store.provisions(query="287(g) jurisdiction:lee"))
        path = tmp_path / "corrections.jsonl"
        path.write_text(json.dumps(row | {"labels": ["training"], "modality": "obligation", "stance": None}) + "\n\n")
        assert import_corrections(store, path).provisions == 1
        return str(row["id"])

    def test_jsonl_correction_changes_the_provision(self, store: Store, tmp_path: Path) -> None:
        identity = self.corrected(store, tmp_path)
        row = self.rows(store)[identity]
        assert (row["labels"], row["stance"], row["modality"], row["reviewed"]) == (
            [{"name": "training", "score": 1.0}], "safeguards", "obligation", True,
        )  # fmt: skip
        assert store.search("label:training reviewed:yes").total == 1

    def test_correction_survives_reading_again(self, store: Store, tmp_path: Path) -> None:
        identity = self.corrected(store, tmp_path)
        before = self.rows(store)[identity]
        making.fill(store)
        assert self.rows(store)[identity] == before

    def test_correction_follows_the_text_where_ids_change(self, store: Store, tmp_path: Path) -> None:
        identity = self.corrected(store, tmp_path)
        text = self.rows(store)[identity]["text"]
        making.save(store, "moa/lee.pdf", [making.provision("moa/lee.pdf", 7, text, ["oversight"])])
        assert next(store.provisions(query="document:lee"))["labels"] == [{"name": "training", "score": 1.0}]

    def test_corrections_move_to_another_index(self, store: Store, tmp_path: Path) -> None:
        identity = self.corrected(store, tmp_path)
        assert export_corrections(store, tmp_path / "kept.jsonl") == 1
        with open_store(str(tmp_path / "other.db"), create=True) as other:
            assert import_corrections(other, tmp_path / "kept.jsonl").absent == 1
            making.fill(other)
            assert self.rows(other)[identity] == self.rows(store)[identity]

    def test_label_studio_goes_out_and_comes_back(self, store: Store, tmp_path: Path) -> None:
        tasks = json.loads(exported(store, "label-studio", query="document:somerville"))
        for task in tasks[:2]:
            answer = task.pop("predictions")[0]
            answer["result"][0]["value"]["choices"] = ["costs"]
            task["annotations"] = [
                {"result": answer["result"], "updated_at": "2026-02-01", "completed_by": {"email": "a@example.org"}},
                {"result": [], "updated_at": "2026-01-01"},
                {"result": [], "updated_at": "2026-03-01", "was_cancelled": True},
            ]
        path = tmp_path / "tasks.json"
        path.write_text(json.dumps(tasks))
        assert import_corrections(store, path).provisions == 2
        assert store.search("label:costs document:somerville").total == 2
        assert {row["reviewer"] for row in store.corrections()} == {"a@example.org"}

    def test_label_studio_config_of_a_taxonomy_of_its_own_leaves_the_codebook_out(self) -> None:
        assert "detainer-limit" not in label_studio.config({"rent", "repair"})
        assert '<Choice value="rent"/>' in label_studio.config({"rent", "repair"})
        assert all(name in label_studio.config({"rent", "costs"}) for name in ('"rent"', '"detainer-limit"'))

    def test_label_studio_config_names_what_tasks_use(self, store: Store) -> None:
        config = label_studio.config()
        task = json.loads(exported(store, "label-studio"))[0]
        for result in task["predictions"][0]["result"]:
            assert f'name="{result["from_name"]}" toName="{result["to_name"]}"' in config
            assert all(f'value="{choice}"' in config for choice in result["value"]["choices"])

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("{", "line 2: no JSON"),
            ("[1]", "line 2: a JSON object"),
            ('{"id": "x", "labels": [], "modality": "obligation"}', "line 2: .*document_id is missing"),
            ('{"document_id": "d", "id": "x", "labels": "costs", "modality": "obligation"}', "line 2: .*labels must be a list"),
            (
                '{"document_id": "d", "id": "x", "labels": ["costs"], "modality": "must"}',
                "line 2: .*modality 'must' is not one of",
            ),
        ],
    )
    def test_bad_file_changes_nothing_and_names_the_line(self, store: Store, tmp_path: Path, line: str, message: str) -> None:
        row = next(store.provisions())
        path = tmp_path / "bad.jsonl"
        path.write_text(json.dumps(row | {"labels": []}) + "\n" + line + "\n")
        before = self.rows(store)
        with pytest.raises(CorpusError, match=message):
            import_corrections(store, path)
        assert self.rows(store) == before
        assert list(store.corrections()) == []
