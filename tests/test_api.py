"""The face for programs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import nlp
from nlp.errors import ReadError, StoreError, UsageError

SAMPLES = Path(__file__).parent.parent / "corpora" / "samples"
BILL = SAMPLES / "vandermere-hb-118.pdf"


@pytest.fixture(scope="module")
def bill() -> nlp.Read:
    return nlp.read(BILL)


def test_read_gives_text_clauses_and_where_they_stand(bill: nlp.Read) -> None:
    assert "hold request" in bill.text
    assert bill.document.kind == "bill"
    assert all(clause.pages and clause.boxes for clause in bill.clauses)
    assert any(clause.number.startswith("9-4003") for clause in bill.clauses)


def test_classify_takes_a_file_clauses_or_texts(bill: nlp.Read) -> None:
    whole = nlp.classify(bill)
    assert whole == nlp.classify(bill.clauses) == list(bill.provisions)
    assert len(whole) == len(bill.clauses)
    text = "No officer shall keep a person in custody on an immigration detainer."
    (alone,) = nlp.classify(text)
    assert [label.name for label in alone.labels] == ["detainer-limit"]
    assert (alone.stance, alone.modality) == ("restricts", "prohibition")
    assert nlp.classify([text, "This act takes effect on July 1."])[0] == alone


def test_what_is_for_programs_is_offered_before_it_is_loaded() -> None:
    told = "import nlp; print(dir(nlp), nlp.errors.ReadError, all(hasattr(nlp, name) for name in dir(nlp)))"
    ran = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert (
        "['Index', 'Read', '__version__', 'classify', 'errors', 'read', 'records'] <class 'nlp.errors.ReadError'> True"
        in ran.stdout
    )


def test_index_is_filled_searched_and_tabulated(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        nlp.Index.open(tmp_path / "none.db")
    with pytest.raises(StoreError, match=f"there is no folder {tmp_path / 'none'}"):
        nlp.Index.open(tmp_path / "none" / "law.db", create=True)
    with nlp.Index(tmp_path / "law.db", create=True) as index:
        assert (index.add(BILL).done, index.add(BILL).skipped) == (1, 1)
        found = index.search("forty-eight hours", label="detainer-compliance", stance=["enables", "mixed"])
        assert found.hits[0].page == 1
        assert repr(found) == f"<SearchResult: {len(found.hits)} of {found.total} hits>"
        assert repr(found.hits[0]).startswith(f"<Hit {BILL}, page 1: ")
        frame = index.frame(label="detainer-compliance")
        assert len(frame) == index.search(label="detainer-compliance").total
        assert all("detainer-compliance" in labels for labels in frame["labels"])
        assert set(frame["kind"]) == {"bill"}
        assert [row["id"] for row in index.provisions(label="detainer-compliance")] == list(frame["id"])
        assert [info.path for info in index.documents()] == [str(BILL)]
        assert index.compare().rows
        with pytest.raises(UsageError, match="there is no scheme 'doj'; one of labels, topics, doj-2025, "):
            index.compare(columns="doj")
        with pytest.raises(UsageError, match="no filter 'colour'"):
            index.search(colour="red")


def test_errors_name_the_reason(tmp_path: Path) -> None:
    (tmp_path / "empty.pdf").write_bytes(b"")
    with pytest.raises(ReadError, match="empty"):
        nlp.read(tmp_path / "empty.pdf")


def test_importing_is_light() -> None:
    code = (
        "import sys, nlp; print([m for m in ('sklearn', 'spacy', 'mlflow', 'pypdfium2') if m in sys.modules], nlp.Index.__name__)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[] Index"
