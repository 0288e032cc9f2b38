"""A trained model: what it decides, how it is kept, and what it refuses to load."""

import json
import pickle
import shutil
import zipfile
from pathlib import Path

import pytest
from skops.io import dumps

from nlp.classify import Classifier, ClauseText
from nlp.classify.corpus import read_corpus
from nlp.classify.evaluation import evaluate
from nlp.classify.training import train
from nlp.errors import CorpusError, ModelError


def test_a_users_own_taxonomy_is_learned(model_folder: Path) -> None:
    model = Classifier.load(model_folder)
    rows = model.rows([{"id": 7, "text": "The keeper of a kennel must show a rabies tag."}])
    assert rows[0]["id"] == 7
    assert [label["name"] for label in rows[0]["labels"]] == ["dogs"]
    assert rows[0]["model"].startswith("town@")


def test_labels_that_exclude_each_other_are_given_once(model_folder: Path) -> None:
    model = Classifier.load(model_folder)
    assert all(len(p.labels) == 1 for p in model.predict([ClauseText("xyzzy"), ClauseText(""), ClauseText("A tax on dogs.")]))


def test_training_is_repeatable(corpus_file: Path, model_folder: Path, tmp_path: Path) -> None:
    train(corpus_file, tmp_path / "again", name="town", jobs=1)
    first, second = (json.loads((folder / "model.json").read_text()) for folder in (model_folder, tmp_path / "again"))
    first.pop("sha256"), second.pop("sha256")
    assert first == second


def test_clauses_of_the_test_split_do_not_train(corpus_file: Path, tmp_path: Path) -> None:
    rows = [json.loads(line) for line in corpus_file.read_text().splitlines()]
    rows.append({"text": "A zeppelin shall be moored.", "labels": ["zeppelins"], "split": "test"})
    held = tmp_path / "held.jsonl"
    held.write_text("".join(json.dumps(row) + "\n" for row in rows))
    training = train(held, tmp_path / "model", name="held", jobs=1)
    assert all("zeppelins" not in example.labels for example in training.examples)


def test_altered_model_is_refused(model_folder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(model_folder, tmp_path / "m")
    (folder / "model.skops").write_bytes((folder / "model.skops").read_bytes() + b" ")
    with pytest.raises(ModelError, match="altered"):
        Classifier.load(folder)


@pytest.mark.parametrize("data", [pickle.dumps({"a": 1}), b"", b"PK\x03\x04 nonsense", dumps({"first": print, "second": None})])
def test_foreign_files_are_refused_without_running_them(model_folder: Path, tmp_path: Path, data: bytes) -> None:
    import hashlib

    folder = shutil.copytree(model_folder, tmp_path / "m")
    (folder / "model.skops").write_bytes(data)
    manifest = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(manifest | {"sha256": hashlib.sha256(data).hexdigest()}))
    with pytest.raises(ModelError, match=r"skops|trusted"):
        Classifier.load(folder)


def test_archive_naming_an_untrusted_type_is_refused(model_folder: Path, tmp_path: Path) -> None:
    import hashlib

    folder = shutil.copytree(model_folder, tmp_path / "m")
    path = folder / "model.skops"
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["schema.json"] = members["schema.json"].replace(b"FieldScaler", b"FieldRobber")
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    manifest = json.loads((folder / "model.json").read_text())
    manifest["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "model.json").write_text(json.dumps(manifest))
    with pytest.raises(ModelError):
        Classifier.load(folder)


def test_future_format_and_missing_folder_say_what_to_do(model_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a model directory"):
        Classifier.load(tmp_path)
    folder = shutil.copytree(model_folder, tmp_path / "m")
    manifest = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps(manifest | {"format": 99}))
    with pytest.raises(ModelError, match="update clausedex"):
        Classifier.load(folder)


@pytest.mark.parametrize(
    ("line", "message"),
    [("{", "line 1: not JSON"), ("[]", "wanted an object"), ('{"text": "a"}', 'a list "labels"'), ("", "no labelled clause")],
)
def test_bad_corpus_names_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line + "\n")
    with pytest.raises(CorpusError, match=message):
        read_corpus(path)


def test_evaluation_counts_what_a_hand_count_counts(model_folder: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    rows = [
        {"id": "a", "text": "No person shall keep a dog without a rabies tag.", "labels": ["dogs"]},
        {"id": "b", "text": "No person shall keep a dog without a rabies tag.", "labels": ["taxes"]},
    ]
    gold.write_text("".join(json.dumps(row) + "\n" for row in rows))
    figures = evaluate(gold, Classifier.load(model_folder))
    assert (figures.clauses, figures.micro, figures.exact) == (2, 0.5, 0.5)
    assert [mistake.id for mistake in figures.mistakes] == ["b"]
    assert json.loads(figures.as_json())["micro"] == 0.5


def test_gold_of_another_taxonomy_is_an_error(model_folder: Path, tmp_path: Path) -> None:
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"text": "a", "labels": ["detainer-limit"]}\n')
    with pytest.raises(CorpusError, match="none of its labels"):
        evaluate(gold, Classifier.load(model_folder))


def test_report_page_shows_hostile_gold_as_text(model_folder: Path, tmp_path: Path) -> None:
    from nlp.classify.report import as_html

    gold = tmp_path / "gold.jsonl"
    row = {"id": "<b>1</b>", "text": "<script>alert(1)</script> a dog & a tax", "labels": ["noise"], "document": "<img src=x>"}
    gold.write_text(json.dumps(row) + "\n")
    page = as_html(evaluate(gold, Classifier.load(model_folder)))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; a dog &amp; a tax" in page
    assert "<script" not in page
    assert "<img src=x>" not in page
    assert "data:image/png;base64," in page


def test_a_label_that_only_measures_is_not_learnt(corpus_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "more.jsonl"
    row = {"text": "A street vendor needs a licence.", "labels": ["vendors"], "split": "test"}
    path.write_text(corpus_file.read_text() + json.dumps(row) + "\n")
    train(path, tmp_path / "model", name="town", jobs=1)
    assert Classifier.load(tmp_path / "model").manifest.labels == ("dogs", "noise", "taxes")
