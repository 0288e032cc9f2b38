from __future__ import annotations

import pytest

from nlp.errors import UsageError
from nlp.index import Filters, Store, conflicts, similar
from tests.index import making


def law(
    store: Store, labels: list[str], modality: str = "obligation", *, kind: str = "statute", jurisdiction: str = "MA"
) -> None:
    clause = making.provision("law.txt", 1, "An agency shall honour each detainer.", labels, modality=modality)
    making.save(store, "law.txt", [clause], kind=kind, jurisdiction=jurisdiction)


def found(store: Store) -> list[tuple[str, str, str]]:
    return [(item.topic, item.direction, item.local["number"]) for item in conflicts(store)]


def test_local_limit_against_a_duty_of_state_law(store: Store) -> None:
    law(store, ["detainer-compliance"])
    assert found(store) == [("detainer", "restricts", "II.A")]
    flagged = conflicts(store)[0]
    assert (flagged.local["document"], [row["document"] for row in flagged.law]) == ("law/somerville.txt", ["law.txt"])


def test_local_cooperation_against_a_ban_of_state_law(store: Store) -> None:
    law(store, ["detainer-limit"], "prohibition", jurisdiction="FL")
    assert found(store) == [("detainer", "enables", "1"), ("detainer", "enables", "1")]
    assert [item.local["document"] for item in conflicts(store, filters=Filters(jurisdiction=("lee",)))] == ["moa/lee.pdf"]


def test_law_against_sanctuary_policies_meets_every_limit(store: Store) -> None:
    law(store, ["anti-sanctuary"], "prohibition")
    assert found(store) == [("anti-sanctuary", "restricts", "II.A"), ("anti-sanctuary", "restricts", "II.A.1")]


@pytest.mark.parametrize(
    ("labels", "modality", "kind", "jurisdiction"),
    [
        (["detainer-compliance"], "permission", "statute", "MA"),  # leave to comply binds nobody
        (["detainer-compliance"], "obligation", "bill", "MA"),  # a bill is no law
        (["detainer-compliance"], "obligation", "statute", "GA"),  # the law of another state
        (["detainer-compliance"], "obligation", "statute", "MA/Boston"),  # not the state's own
        (["detainer-limit"], "prohibition", "statute", "MA"),  # the same direction
    ],
)
def test_no_conflict(store: Store, labels: list[str], modality: str, kind: str, jurisdiction: str) -> None:
    law(store, labels, modality, kind=kind, jurisdiction=jurisdiction)
    assert found(store) == []


def test_similar_clauses_come_most_alike_first(store: Store) -> None:
    making.save(
        store,
        "x.txt",
        [
            making.provision("x.txt", 1, "No deputy shall detain a person on a civil immigration detainer once release is due."),
            making.provision("x.txt", 2, "Civil penalties are due on conviction."),
        ],
    )
    asked = next(store.provisions(query="label:detainer-limit"))
    items = similar(store, asked["id"], limit=3)
    assert (items[0].hit.provision["number"], items[0].hit.document.path) == ("1", "x.txt")
    assert items[0].alike > 0.5 > items[1].alike
    assert asked["id"] not in {item.hit.provision["id"] for item in items}
    with pytest.raises(UsageError, match="no clause"):
        similar(store, "none")


def test_a_clause_is_like_its_copies_in_other_documents(store: Store) -> None:
    asked = next(store.provisions(query="label:detainer-compliance jurisdiction:lee"))
    copy = similar(store, asked["id"])[0]
    assert (copy.hit.document.path, copy.hit.provision["text"][:8]) == ("moa/dade.pdf", "The Dade")
    assert copy.alike > 0.8


def test_clauses_are_held_against_the_documents_one_names(store: Store) -> None:
    law(store, ["detainer-compliance"], kind="bill", jurisdiction="GA")
    assert [(item.local["document"], item.direction) for item in conflicts(store, against="document:law.txt")] == [
        ("law/somerville.txt", "restricts")
    ]
    assert conflicts(store, against="document:law.txt kind:statute") == []
    assert conflicts(store, against="document:law.txt", filters=Filters(kind=("agreement",))) == []


def test_confidentiality_whoever_asks_is_no_limit_of_cooperation(store: Store) -> None:
    law(store, ["anti-sanctuary"], "prohibition", jurisdiction="OH")
    clause = making.provision("pets.txt", 1, "The name of a dog's owner is confidential.", ["data-privacy"])
    making.save(store, "pets.txt", [clause], kind="ordinance", jurisdiction="OH/Toledo")
    assert conflicts(store, filters=Filters(jurisdiction=("OH",))) == []
