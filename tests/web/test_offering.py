"""An index of a taxonomy of its own: the labels its pages offer, explain and take."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from lxml.html import fromstring

from nlp.batch import Intake
from nlp.classify.training import train
from tests.registry.conftest import rows, write
from tests.web.conftest import Serve

CODEBOOK = "detainer-limit"


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return an index whose labels are those of a model of one town alone."""
    folder = tmp_path_factory.mktemp("town")
    some = rows()
    model = folder / "model"
    train(write(folder / "town.jsonl", some), model, name="town", jobs=1)
    text = "\n\n".join(f"Section {at}. {row['text']}" for at, row in enumerate(some[:12], 1))
    (folder / "town.txt").write_text(text, encoding="utf-8")
    intake = Intake(str(folder / "town.db"), model=lambda: str(model))
    assert intake.take(folder / "town.txt", "town.txt").code is None
    intake.close()
    return str(folder / "town.db")


@pytest.fixture
def client(town: str, serve: Serve) -> TestClient:
    return serve(town)


def clauses(client: TestClient) -> tuple[str, list[dict[str, list[dict[str, str]]]]]:
    """Return the part of the one document's id that stands in addresses, and its clauses."""
    (document,) = client.get("/api/documents").json()
    name = document["id"].removeprefix("sha256:")
    return name, client.get(f"/api/documents/{name}/clauses").json()


def test_review_offers_the_labels_of_the_index_and_leaves_the_codebook_out(client: TestClient) -> None:
    name, found = clauses(client)
    carried = sorted({label["name"] for row in found for label in row["labels"]})
    assert len(carried) > 1
    page = fromstring(client.get(f"/review/{name}/{found[0]['id']}").text)
    offered = page.xpath("//input[@name='labels']/@value")
    assert set(carried) <= set(offered)
    assert CODEBOOK not in offered
    assert page.xpath("//input[@name='labels'][@checked]/@value") == [label["name"] for label in found[0]["labels"]]


def test_a_label_of_the_index_can_be_given_and_taken_back(client: TestClient) -> None:
    name, found = clauses(client)
    had = [label["name"] for label in found[0]["labels"]]
    other = next(label["name"] for row in found for label in row["labels"] if label["name"] not in had)
    address = f"/review/{name}/{found[0]['id']}"
    given = client.post(address, data={"labels": [other], "modality": "statement"})
    assert given.status_code == 200
    assert [label["name"] for label in clauses(client)[1][0]["labels"]] == [other]
    assert client.post(address, data={"labels": ["no-such-label"], "modality": "statement"}).status_code == 400
    client.post(f"{address}/undo")
    assert [label["name"] for label in clauses(client)[1][0]["labels"]] == had


def test_the_labels_of_the_index_are_told_with_their_clauses(client: TestClient) -> None:
    _, found = clauses(client)
    page = fromstring(client.get("/labels").text)
    assert page.xpath("//dt/@id") == sorted({label["name"] for row in found for label in row["labels"]})
    assert "restricts" not in page.text_content()
    told = client.get("/api/labels").json()
    assert told["own"] == {
        name: sum(name in {label["name"] for label in row["labels"]} for row in found) for name in page.xpath("//dt/@id")
    }
    assert CODEBOOK in {label["name"] for label in told["labels"]}


def test_the_legend_explains_what_the_matrix_shows_alone(client: TestClient) -> None:
    page = fromstring(client.get("/compare").text)
    assert page.xpath("//dl[@class='legend']//dt/text()") == ["has"]
