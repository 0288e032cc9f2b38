"""The force of words: what a reader would say is barred, commanded, allowed or saved."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.classify.force import BAR, DUTY, LIMITED, MAY, SAVE, TURNED, force, sentence_bounds
from nlp.classify.tokens import tokenize

SENTENCES = [
    # a bar from "no" reaches the verb across a long subject
    ("No officer or employee of the county jail shall detain a person on a detainer.", "detain", BAR),
    ("The sheriff shall detain the person.", "detain", DUTY),
    ("The sheriff may detain the person.", "detain", MAY),
    ("The sheriff may not detain the person.", "detain", BAR),
    # a bar on refusing turns round
    ("A custodian shall not refuse to honor a detainer.", "honor", TURNED),
    ("No local entity shall in any way limit the exchange of information.", "exchange", TURNED),
    ("A city may not adopt an ordinance that prohibits an officer from asking about status.", "asking", TURNED),
    # declining is a bar, though commanded
    ("The custodian shall decline to hold the person.", "hold", BAR),
    ("An agency is prohibited from sharing the list.", "sharing", BAR),
    # savings keep their force through a later auxiliary
    ("Nothing in this section shall be construed to prohibit sending information.", "sending", SAVE),
    ("This chapter does not apply to a person held on a criminal warrant.", "held", SAVE),
    ("An agency is not required to hold the person.", "hold", SAVE),
    # a permission that only its conditions allow is a limit, however far the "only" stands; an "only" that counts is none
    ("The sheriff may honor the request only if a judge has signed it.", "honor", LIMITED),
    ("A custodian may only release the record to a court.", "release", LIMITED),
    ("The board may hire only two clerks.", "hire", MAY),
    ("The agency may share the record. It is kept only for a year.", "share", MAY),
    # the next sentence starts anew
    ("The clerk shall not disclose the record. The clerk may destroy the record.", "destroy", MAY),
    ("Members do not ask about immigration status.", "ask", BAR),
    # "not later than" is no bar
    ("Not later than June 1, the department shall publish a report.", "publish", DUTY),
]


@pytest.mark.parametrize(("text", "word", "expected"), SENTENCES)
def test_word_stands_under_the_force_a_reader_sees(text: str, word: str, expected: str) -> None:
    tokens = tokenize(text)
    at = next(index for index in range(len(tokens)) if text[tokens.starts[index] : tokens.ends[index]] == word)
    assert force(tokens).states[at] == expected


def test_exception_is_marked_only_after_its_word() -> None:
    tokens = tokenize("No jail shall hold a person unless a judge has signed a warrant.")
    marks = force(tokens).excepted
    words = tokens.stems
    assert not marks[words.index("hold")]
    assert marks[words.index("judg")]


def test_enumerators_and_section_signs_end_no_sentence() -> None:
    tokens = tokenize("B. Sec. 4 applies. The rest is void.")
    assert [tokens.stems[bound] for bound in sentence_bounds(tokens)[:1]] == ["the"]


@given(st.text())
def test_any_text_gets_one_force_a_word(text: str) -> None:
    tokens = tokenize(text)
    found = force(tokens)
    assert len(found.states) == len(found.excepted) == len(tokens)
    assert all(0 <= start < end <= len(text) for start, end in zip(tokens.starts, tokens.ends, strict=True))
    assert tokens.starts == sorted(tokens.starts)
