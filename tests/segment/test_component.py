"""The spaCy component and the sentence finder."""

from __future__ import annotations

import pytest
import spacy

import nlp.segment.component
from nlp.segment import sentences

TEXT = "§ 1-2. Duty.\n\n(a) The jail shall:\n\n(1) hold no one; and\n\n(2) tell the person.\n"


def test_component_fills_spans_with_attributes() -> None:
    language = spacy.blank("en")
    language.add_pipe("clauses")
    doc = language(TEXT)
    spans = doc.spans["clauses"]
    assert [span.label_ for span in spans] == ["1-2.a", "1-2.a.1", "1-2.a.2"]
    assert spans[1]._.lead_in == "The jail shall:"
    assert spans[1]._.clause_text == "hold no one; and"
    assert spans[1]._.heading == ("§ 1-2. Duty.",)
    assert nlp.segment.component.EXTENSIONS


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The Act, Pub. L. No. 107-296, applies. See 8 U.S.C. § 1357(g)(8).", 2),
        # an acronym may end a sentence
        ("Authority may be revoked by ICE or the LEA. Such revocation takes effect at once.", 2),
        ("Training covers (i) the law; (ii) the forms; and (iii) the record.", 1),
        ("Return of Inmates. — The inmate shall be returned.", 1),
        ("", 0),
    ],
)
def test_sentences_know_legal_abbreviations(text: str, count: int) -> None:
    assert len(sentences(text)) == count
