"""What holds for every text: blocks tile it, clauses lie in it, the same bytes give the same ids, hostile text ends."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.records import Document, Segmentation
from nlp.segment import document_of_text, facts, segment, sentences
from tests.factories import pdf

PIECES = st.sampled_from(
    ["(a)", "(1)", "I.", "A.", "§ 12-3.", "SECTION 2.", "APPENDIX B", "# ", "• ", "[old", "new]", "~~gone~~", "WHEREAS,", "\n",
     "\n\n", " ", "immigra-\n", "CAPITALS INDICATE", "____", "\u00ad", "Date: ____", "1 ", "12 ", "“", "é",
     "The agency shall act.",
     "The agency shall not:"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=60).map("".join), st.lists(PIECES, max_size=40).map(" ".join))

SHORT = st.text(min_size=1, max_size=60).map(lambda text: " ".join(text.split()))
PLACED = st.tuples(st.floats(40, 300), st.floats(50, 740), SHORT)


def check(document: Document, segmentation: Segmentation) -> None:
    covered = [False] * len(document.text)
    end = 0
    for block in segmentation.blocks:
        assert end <= block.start < block.end <= len(document.text)
        covered[block.start : block.end] = [True] * (block.end - block.start)
        end = block.end
    lines = [line for page in document.pages for line in page.lines]
    missed = [at for line in lines for at in range(line.start, line.end) if not document.text[at].isspace() and not covered[at]]
    assert not missed
    assert len({clause.id for clause in segmentation.clauses}) == len(segmentation.clauses)
    pages = {line.page for line in lines}
    before = -1
    for clause in segmentation.clauses:
        assert 0 <= clause.start < clause.end <= len(document.text)
        assert before <= clause.start
        before = clause.start
        assert clause.text == " ".join(clause.text.split())
        assert clause.pages == tuple(sorted(set(clause.pages)))
        assert set(clause.pages) <= pages
        assert {box.page for box in clause.boxes} <= set(clause.pages)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_blocks_tile_and_clauses_lie_within(text: str) -> None:
    document = document_of_text(text)
    segmentation = segment(document)
    check(document, segmentation)
    assert segment(document_of_text(text)) == segmentation
    for fact in facts(document, segmentation).facts:
        assert fact.start is None or (fact.end is not None and 0 <= fact.start < fact.end <= len(text))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(PLACED, max_size=12), min_size=1, max_size=4))
def test_drawn_pages_agree_with_boxes(pages: list[list[tuple[float, float, str]]]) -> None:
    document = pdf([[line for line in page if line[2]] for page in pages])
    segmentation = segment(document)
    check(document, segmentation)
    for clause in segmentation.clauses:
        assert {box.page for box in clause.boxes} == set(clause.pages)


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_sentences_keep_every_letter(text: str) -> None:
    spans = sentences(text)
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())


HOSTILE = [
    "(", "(a)", "I. ", "I.\n", "\n", "[", "[a] ", "~~", "~~a", ". ", "• ", "a@", "§ 1. ", "Section 1. ", "1.1.", "A\n\n",
    ":\n", "x-\n", "(a)(1)(A)\n", "between A and ", "WHEREAS ", "_ ", "…", "January 1, 2020 ", "City of A ",
    "1 U.S.C. 1, ", "BE IT ENACTED [", "#", "1\n", "\u00ad",
]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_hostile_text_is_survived(unit: str) -> None:
    # long enough that work growing with the square of the text would run into the test's limit
    document = document_of_text(unit * (120_000 // len(unit)))
    segmentation = segment(document)
    check(document, segmentation)
    facts(document, segmentation)
