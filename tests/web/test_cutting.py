"""Splitting and joining clauses by page and by program: where the pieces stand, what they are, and that it lasts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from lxml import html

from nlp.batch import Options, reclassify, run
from nlp.index import open_store
from nlp.records import Clause, Document, Provision
from nlp.web.cutting import places
from tests.web.conftest import SAMPLES, Serve, digest

PDF, TEXT = "port-ansel", "harrowgate-ordinance-512"


def clauses(client: TestClient, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get(f"/api/documents/{name}/clauses").json()
    return found


def places_of(client: TestClient, name: str) -> list[tuple[Any, ...]]:
    return [tuple(row[field] for field in ("id", "text", "start", "end", "pages", "boxes")) for row in clauses(client, name)]


def splittable(client: TestClient, name: str) -> tuple[dict[str, Any], int]:
    """Return a clause of several lines within one page, and where its twelfth word begins."""
    row = next(row for row in clauses(client, name) if len(row["text"].split()) > 24 and len(row["pages"]) < 2)
    return row, len(" ".join(row["text"].split()[:11])) + 1


def split(client: TestClient, name: str, reviewer: str = "Ada") -> tuple[dict[str, Any], list[dict[str, Any]]]:
    row, at = splittable(client, name)
    answer = client.post(f"/api/documents/{name}/clauses/{row['id']}/split", json={"at": at, "reviewer": reviewer})
    assert answer.status_code == 200, answer.text
    return row, answer.json()


@pytest.mark.parametrize("source", [PDF, TEXT])
def test_pieces_stand_where_their_words_do(client: TestClient, source: str) -> None:
    name = digest(client, source)
    before = clauses(client, name)
    row, (first, second) = split(client, name)
    text = client.get(f"/api/documents/{name}/text").json()["text"]
    assert f"{first['text']} {second['text']}" == row["text"]
    assert text[first["start"] : first["end"]].split()[-1] == first["text"].split()[-1]
    assert text[second["start"] :].startswith(second["text"].split()[0])
    assert (first["start"], second["end"]) == (row["start"], row["end"])
    assert (first["heading"], second["lead_in"]) == (row["heading"], row["lead_in"])
    assert len(clauses(client, name)) == len(before) + 1
    assert {first["model"], second["model"]} == {row["model"]}
    if source == PDF:
        (whole,), (upper,), (lower,) = row["boxes"], first["boxes"], second["boxes"]
        assert upper["top"] == pytest.approx(whole["top"], abs=1)
        assert lower["bottom"] == pytest.approx(whole["bottom"], abs=1)
        assert upper["bottom"] < whole["bottom"] or lower["top"] > whole["top"]
    exported = client.get(f"/search.json?q=document:sha256:{name}").json()
    assert {first["id"], second["id"]} <= {one["id"] for one in exported}
    assert row["id"] not in {one["id"] for one in exported}


def test_by_program_a_clause_is_joined_and_comes_back(client: TestClient) -> None:
    name = digest(client, PDF)
    before = clauses(client, name)
    whole = client.post(f"/api/documents/{name}/clauses/{before[1]['id']}/join", json={"reviewer": "Ben"}).json()
    assert whole["text"] == f"{before[0]['text']} {before[1]['text']}"
    (cut,) = client.get(f"/api/documents/{name}/cuts").json()
    assert (cut["action"], cut["reviewer"]) == ("join", "Ben")
    back = client.delete(f"/api/documents/{name}/cuts/{cut['number']}").json()
    assert [row["id"] for row in back] == [row["id"] for row in before[:2]]
    assert clauses(client, name) == before
    assert client.delete(f"/api/documents/{name}/cuts/{cut['number']}").status_code == 404


def test_what_cannot_be_cut_is_refused_in_words(client: TestClient) -> None:
    name = digest(client, PDF)
    row, at = splittable(client, name)
    here = f"/api/documents/{name}/clauses/{row['id']}"
    assert client.post(f"{here}/split", json={"at": at + 1}).status_code == 400
    assert client.post(f"{here}/split", json={"at": 0}).status_code == 400
    assert client.post(f"{here}/split", json={"at": at, "reviewer": "x" * 101}).status_code == 400
    assert client.post(f"/api/documents/{name}/clauses/none/split", json={"at": at}).status_code == 404
    first = clauses(client, name)[0]["id"]
    assert "none before it" in client.post(f"/api/documents/{name}/clauses/{first}/join", json={}).json()["error"]
    page = f"/review/{name}/{row['id']}/cut"
    assert client.post(page, data={"what": "split"}).status_code == 400
    assert client.post(page, data={"what": "shred"}).status_code == 400
    assert client.post(f"/review/{name}/{first}/cut", data={"what": "before"}).status_code == 400
    assert client.get(f"/review/{name}/none/cut").status_code == 404
    assert not client.get(f"/api/documents/{name}/cuts").json()


def test_the_page_offers_every_word_but_the_first_and_says_who_cut(client: TestClient) -> None:
    name = digest(client, PDF)
    row, at = splittable(client, name)
    address = f"/review/{name}/{row['id']}/cut"
    found = html.document_fromstring(client.get(address).text)
    words = found.xpath("//label[input[@name='at']]/span/text()")
    assert words == row["text"].split()[1:]
    assert str(at) in found.xpath("//input[@name='at']/@value")
    answer = client.post(address, data={"what": "split", "at": at, "reviewer": "Ada"})
    assert answer.url.path == f"/documents/{name}"
    told = html.document_fromstring(answer.text)
    assert "by Ada" in told.xpath("//form[contains(@class, 'flash')]")[0].text_content()
    (undo,) = told.xpath("//form[contains(@class, 'flash')]/@action")
    second = clauses(client, name)[[one["start"] for one in clauses(client, name)].index(row["start"]) + 1]
    again = html.document_fromstring(client.get(f"/review/{name}/{second['id']}/cut").text)
    assert undo in again.xpath("//form/@action")
    assert client.post(undo, data={"back": "review"}).url.path == f"/review/{name}/{row['id']}"
    assert row["id"] in {one["id"] for one in clauses(client, name)}


def test_a_long_clause_is_split_only_where_a_part_of_it_ends() -> None:
    text = " ".join(["word word, word word."] * 300)
    found = places(text)
    assert " ".join(word for _, word in found) == text
    offered = [at for at, _ in found if at is not None]
    assert len(offered) == 599
    assert all(text[at - 2] in ",." for at in offered)


def test_the_queue_goes_on_when_a_clause_of_it_was_cut(client: TestClient) -> None:
    assert client.get("/review").status_code == 200
    for _ in range(3):
        found = html.document_fromstring(client.get("/review").text)
        _, name, clause = found.xpath("//form[@id='decide']/@action")[0].rsplit("/", 2)
        row = next(row for row in clauses(client, name) if row["id"] == clause)
        at = places(row["text"])[1][0]
        assert client.post(f"/review/{name}/{clause}/cut", data={"what": "split", "at": at, "back": "review"}).status_code == 200
        assert client.get("/review").status_code == 200


def test_the_queue_goes_on_when_a_document_of_it_was_read_anew(client: TestClient, db: str) -> None:
    assert client.get("/review").status_code == 200
    with open_store(db) as store:
        for entry in list(store.ledger()):
            (info,) = [info for info in store.documents() if info.path == entry.path]
            document = Document(info.source, info.id.removeprefix("sha256:"), "text", "The town pays.", ())
            clause = Clause("new", info.source, info.id, "1", (), None, "The town pays.", 0, 14, (), ())
            store.save(entry, document, [Provision(clause, (), "neutral", "statement", (), (), "made@1", abstained=True)])
    answer = client.get("/review")
    assert answer.status_code == 200
    assert "The town pays." in answer.text


def test_cuts_outlive_a_run_over_the_files_and_another_model(serve: Serve, tmp_path: Path) -> None:
    source = tmp_path / "in" / "harrowgate-ordinance-512.txt"
    source.parent.mkdir()
    source.write_bytes((SAMPLES / source.name).read_bytes())
    db = str(tmp_path / "town.db")
    run([str(source.parent)], db, Options(jobs=1))
    client = serve(db)
    name = digest(client, TEXT)
    split(client, name)
    before = places_of(client, name)
    assert run([str(source.parent)], db, Options(jobs=1, resume=False)).done == 1
    assert places_of(client, name) == before
    assert reclassify(db).skipped == 1
    assert places_of(client, name) == before
