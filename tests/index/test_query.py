from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from nlp.errors import QueryError
from nlp.index import Filters, Store, open_store
from nlp.index.query import parse
from nlp.index.tree import And, Dated, Everything, Field, Near, Not, Or, Phrase
from tests.index import making

A, B, C = Phrase(("a",)), Phrase(("b",)), Phrase(("c",))

READINGS = [
    # operators bind: NEAR before NOT before AND before OR
    ("a b OR c", Or((And((A, B)), C))),
    ("a AND (b OR c)", And((A, Or((B, C))))),
    ("a NOT b", And((A, Not(B)))),
    ("a -b", And((A, Not(B)))),
    ("-(a b)", Not(And((A, B)))),
    ("NOT NOT a", A),
    ("a NEAR/3 b", Near(A, B, 3)),
    ("a NEAR/3 (b OR c)", Or((Near(A, B, 3), Near(A, C, 3)))),
    ("a NEAR b NEAR/0 c", And((Near(A, B, 10), Near(B, C, 0)))),
    # lower-case operators are words
    ("a or b", And((A, Phrase(("or",)), B))),
    ('"a b"', Phrase(("a", "b"))),
    # typographic quotes come with pasted law
    ("“a b”*", Phrase(("a", "b"), prefix=True)),
    ("deten*", Phrase(("deten",), prefix=True)),
    # what law is full of: sections, hyphens, section signs
    ("287(g)", Phrase(("287", "g"))),
    ("1357(g)(1)", Phrase(("1357", "g", "1"))),
    ("§ 1373", Phrase(("1373",))),
    ("non-citizen", Phrase(("non", "citizen"))),
    ("10:30", Phrase(("10", "30"))),
    ("", Everything()),
    ("label:detainer-limit", Field("label", ("detainer-limit",))),
    ("label:detainer*", Field("label", ("detainer-compliance", "detainer-limit"))),
    ("-stance:Restricts", Not(Field("stance", ("restricts",)))),
    ('state:"north  carolina"', Field("state", ("NC",))),
    ("reviewed:no", Field("reviewed", ("0",))),
    ("date:2017", Dated("2017", "2018")),
    ("date:>2017", Dated("2018", "")),
    ("date:<=2019-12", Dated("", "2020-01")),
    ("date:2017..2020-02-29", Dated("2017", "2020-03-01")),
    ("date:..2020", Dated("", "2021")),
]


@pytest.mark.parametrize(("query", "tree"), READINGS, ids=[query for query, _ in READINGS])
def test_query_is_read(query: str, tree: object) -> None:
    assert parse(query) == tree


ERRORS = [
    # the place is where a person would put the finger
    ('a "b c', 2, "not closed"),
    ("a (b OR c", 2, "not closed"),
    ("a b)", 3, "no opening one"),
    ("a AND", 5, "ends where a word was expected"),
    ("OR a", 0, "before OR"),
    ("()", 0, "nothing stands between"),
    ("§ —", 0, "no letter or digit"),
    ("a NEAR/x b", 2, "NEAR/n takes a number"),
    ("a NEAR (b c)", 7, "between two words"),
    ('"no hold" NEAR Hold', 15, "both sides of NEAR hold the word 'hold'"),
    ("lable:training", 0, "did you mean label:"),
    ("a label:trainin", 8, "did you mean training"),
    ("stance:against", 7, "one of restricts"),
    ("label:", 6, "needs a value"),
    ("date:soon", 5, "dates are written"),
    ("date:2017-13", 5, "dates are written"),
    ("state:Atlantis", 6, "postal code"),
    ("de*tain", 2, "a star may only end"),
    ("a " * 101, 201, "more than 100 terms"),
    ("(" * 41 + "a" + ")" * 41, 40, "nested"),
]


@pytest.mark.parametrize(("query", "position", "message"), ERRORS, ids=[query[:20] for query, _, _ in ERRORS])
def test_error_points_at_the_place(query: str, position: int, message: str) -> None:
    with pytest.raises(QueryError, match=message) as caught:
        parse(query)
    assert (caught.value.position, caught.value.query) == (position, query)


PIECES = st.sampled_from(
    ["detainer", "48 hours", '"no officer"', "AND", "OR", "NOT", "-", "(", ")", "NEAR/2", "NEAR", "hold*", "label:detainer-limit",
     "date:>2017", "state:FL", "has:hours", "kind:bill", "document:lee", "number:II.A", "reviewed:yes", "'", ";", "--", "*", "^",
     "{", "}", ":", "+", "\x00", "\ud800", "é", "text:", "rowid", "”"]
)  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = open_store(str(tmp_path_factory.mktemp("index") / "index.db"), create=True)
    making.fill(store)
    return store


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES, max_size=14).map("".join)))
@example('" OR 1=1 --')
@example("search MATCH '*'")
@example('a" NEAR("b')
def test_whatever_is_typed_is_answered_or_pointed_at(filled: Store, query: str) -> None:
    try:
        found = filled.search(query, Filters(), limit=5, facets=True, fold=True)
    except QueryError as error:
        in_place = 0 <= error.position <= len(query)
    else:
        in_place = found.clauses <= 9
    assert in_place


WORDS = ("officer", "detainer", "ice", "hold", "training", "48", "county", "supervised")
TREES = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} OR {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} {pair[1]})"),
        inner.map(lambda part: f"(NOT {part})"),
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(TREES)
def test_boolean_search_agrees_with_reading_every_clause(filled: Store, query: str) -> None:
    python = query.replace(" OR ", " | ").replace("NOT ", "~ ").replace(" ~", "~")
    rows = list(filled.provisions())
    expected = {row["id"] for row in rows if _holds(python, " ".join((row["text"], *row["heading"])).lower())}
    assert {row["id"] for row in filled.provisions(query=query)} == expected


def _holds(query: str, text: str) -> bool:
    """Decide a query of bare words, `|`, `~`, blanks and parentheses by looking at one clause."""
    words = set(text.replace(".", " ").replace(",", " ").split())
    expression = query
    for word in WORDS:
        expression = expression.replace(word, f"<{WORDS.index(word)}>")
    expression = expression.replace("~", " not ").replace("|", " or ").replace("> <", "> and <")
    expression = expression.replace("> (", "> and (").replace(") <", ") and <").replace(") (", ") and (")
    for index, word in enumerate(WORDS):
        expression = expression.replace(f"<{index}>", str(word in words))
    return bool(eval(expression))
