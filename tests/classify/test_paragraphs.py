"""Long paragraphs: each rule in one is found, and its sentences are what a reader would part."""

from hypothesis import given
from hypothesis import strategies as st

from nlp.classify import Classifier, ClauseText
from nlp.classify.paragraphs import LONG, sentences
from nlp.classify.reading import read

RULES = {
    "status-inquiry-ban": (
        "No officer of the city shall ask any person about immigration or citizenship status, or demand papers that show it, "
        "in the course of a stop, an interview or an application for services."
    ),
    "detainer-limit": (
        "The chief of police shall not keep a person in custody on the basis of an immigration detainer after the time at which "
        "that person would otherwise be released."
    ),
    "complaints": (
        "A person who believes that a member of the department has broken this section may file a complaint with the office of "
        "professional standards, which shall investigate it within sixty days and tell the complainant of its findings."
    ),
    "reporting": (
        "The city manager shall publish an annual report on the number of requests that were received from immigration "
        "authorities and shall present it to the council at a public meeting in March."
    ),
    "training": (
        "Every officer shall complete four hours of training on this section within six months of appointment, and the academy "
        "shall examine each of them on what was taught."
    ),
}


def test_each_rule_of_a_long_paragraph_is_found(shipped: Classifier) -> None:
    (prediction,) = shipped.predict([ClauseText("(a) " + " ".join(RULES.values()))])
    assert {label.name for label in prediction.labels} >= RULES.keys()


def test_short_clauses_and_single_sentences_are_left_whole() -> None:
    assert sentences(read(ClauseText(RULES["training"] + " " + RULES["reporting"]))) == []
    assert sentences(read(ClauseText(", ".join(["the clerk"] * LONG)))) == []


@given(
    st.lists(st.sampled_from(sorted(RULES.values())), min_size=5, max_size=9),
    st.sampled_from(["", "No agency shall:", "The agency will. It shall:"]),
)
def test_sentences_are_read_as_in_the_whole(rules: list[str], lead_in: str) -> None:
    whole = read(ClauseText(" ".join(rules), lead_in, "Sec. 4. Immigration detainers"))
    parts = sentences(whole)
    assert [stem for part in parts for stem in part.tokens.stems[part.own :]] == whole.tokens.stems[whole.own :]
    for part in parts:
        assert part.tokens.stems[: part.own] == whole.tokens.stems[: whole.own]
        assert len(part.force.states) == len(part.force.excepted) == len(part.tokens)
        text = " ".join(rules)[part.tokens.starts[part.own] : part.tokens.ends[-1]]
        alone = read(ClauseText(text, lead_in, "Sec. 4. Immigration detainers"))
        assert part.hits == alone.hits
        if not lead_in or part is parts[0]:  # a full stop ends the force of a lead-in
            assert part.force.states == alone.force.states
