"""What pages tell a person who was mistaken, changed their mind, or has nothing in the index yet."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from nlp.batch import Intake
from nlp.batch.work import Outcome
from tests.web.conftest import SAMPLES, Serve, digest
from tests.web.test_pages import PDF, tree, upload, words


def clause(client: TestClient, name: str = PDF) -> tuple[str, dict[str, Any]]:
    document = digest(client, name)
    return document, client.get(f"/api/documents/{document}/clauses").json()[4]


def flashed(page: str) -> str:
    return " ".join(" ".join(one.text_content().split()) for one in tree(page).xpath("//*[contains(@class, 'flash')]"))


@pytest.mark.parametrize("back", ["document", "queue"])
def test_undo_is_confirmed(client: TestClient, back: str) -> None:
    document, row = clause(client)
    address = f"/review/{document}/{row['id']}"
    before = ", ".join(label["name"] for label in row["labels"]) or "without label"
    client.post(address, data={"labels": ["costs"], "modality": "statement", "back": back})
    client.post(address, data={"labels": ["term"], "modality": "statement", "back": back})
    told = client.post(f"{address}/undo", data={"back": back})
    assert "is costs, statement again, as it was decided before" in flashed(told.text)
    told = client.post(f"{address}/undo", data={"back": back})
    assert f"is {before}, {row['modality']} again, as the model labelled it" in flashed(told.text)
    assert tree(told.text).xpath("//*[@id='said' and @role='status']")


@pytest.mark.parametrize(
    ("typed", "year", "before", "at"),
    [('warrant AND ("judge', "", "warrant AND (", '"'), ("warrant OR", "", "warrant OR", ""),
     ("a NEAR/5 b) c", "", "a NEAR/5 b", ")"), ("warrant AND (judge", "2024", "warrant AND ", "("),
     ("<b> lable:x", "", "<b> ", "l")],
)  # fmt: skip
def test_a_query_that_cannot_be_read_shows_where(client: TestClient, typed: str, year: str, before: str, at: str) -> None:
    page = tree(client.get("/", params={"q": typed, **({"year": year} if year else {})}).text)
    (shown,) = page.xpath("//*[@role='alert']//code")
    assert shown.text_content().rstrip(" \xa0") == typed
    assert (shown.text, shown.xpath("string(mark)").strip()) == (before, at)
    assert page.xpath("//input[@name='q']/@data-stop") == [str(len(before))]


def test_pages_with_nothing_to_show_lead_to_adding_files(serve: Serve, tmp_path: Path) -> None:
    client = serve(str(tmp_path / "new.db"))
    for address in ("/review", "/compare", "/documents"):
        (main,) = tree(client.get(address).text).xpath("//main")
        assert main.xpath(".//a[@href='/upload']"), address
    closed = serve(str(tmp_path / "new.db"), uploads=None)
    for address in ("/review", "/compare", "/documents"):
        assert not tree(closed.get(address).text).xpath("//a[@href='/upload']"), address


def test_samples_are_offered_until_they_are_there(client: TestClient, db: str, serve: Serve, tmp_path: Path) -> None:
    offered = "//form[@action='/samples']"
    assert tree(client.get("/upload").text).xpath(offered)
    assert tree(serve(str(tmp_path / "new.db")).get("/upload").text).xpath(f"{offered}[@class='card']")
    some = tmp_path / "some"
    some.mkdir()
    (some / "one.html").write_bytes((SAMPLES / "vandermere-code-40.html").read_bytes())
    assert not tree(serve(db, samples=some).get("/upload").text).xpath(offered)
    (some / "other.txt").write_text("Section 1. No officer shall hold a person on a detainer alone.")
    assert tree(serve(db, samples=some).get("/upload").text).xpath(offered)


def test_review_says_what_saving_and_accepting_do_and_what_the_model_had_said(client: TestClient) -> None:
    document, row = clause(client)
    address = f"/review/{document}/{row['id']}"
    client.post(address, data={"labels": ["costs"], "modality": "statement", "reviewer": "Ada", "note": "why"})
    page = tree(client.get(address).text)
    assert "Save keeps the labels ticked here" in words(client.get(address).text)
    (accept,) = page.xpath("//button[@name='accept']")
    assert " ".join(accept.text_content().split()).endswith("Accept as it was: costs")
    (told,) = page.xpath("//ol[@class='history']/li")
    said = " ".join(told.text_content().split())
    old = ", ".join(label["name"] for label in row["labels"]) or "no label"
    assert re.search(rf"Ada: costs, statement – why before: {re.escape(old)}, by {re.escape(str(row['model']))}$", said)


def test_a_failure_names_its_page(serve: Serve, db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(self: Intake, path: Path, name: str, told: object) -> Outcome:
        return Outcome(None, code="timeout", message=f"{name}: page 7: took longer than 60 s")  # type: ignore[arg-type]

    monkeypatch.setattr(Intake, "take", failing)
    client = serve(db)
    client.post("/upload", files={"files": ("slow.txt", b"Section 1. A slow page.")})
    for _ in range(100):
        page = tree(client.get("/upload").text)
        if page.xpath("//li[@class='failed']"):
            break
    assert "longer than the limit (page 7)" in " ".join(page.text_content().split())


def test_two_unlike_documents_are_summed_up_and_their_clauses_folded(client: TestClient) -> None:
    old, new = digest(client, "harrowgate"), digest(client, "thornbury")
    page = tree(client.get(f"/diff?old={old}&new={new}").text)
    (account,) = page.xpath("//*[contains(@class, 'account')]")
    counts = {change: int(number) for number, change in re.findall(r"(\d+) (added|removed)", account.xpath("string(p)"))}
    assert counts["removed"] == len(client.get(f"/api/documents/{old}/clauses").json())
    assert account.xpath(".//li[contains(., 'removed')]")
    runs = page.xpath("//details[contains(@class, 'run')]")
    assert {run.get("class") for run in runs} == {"run removed", "run added"}
    for run in runs:
        inside = run.xpath(".//article")
        assert len(inside) > 3
        assert run.xpath("string(summary)").startswith(f"{len(inside)} clauses ")
    assert not page.xpath("//*[@class='diff']/article[position() > 3 and contains(@class, 'removed')]")


def test_a_cell_says_its_state_in_a_word_and_the_legend_explains_it(client: TestClient) -> None:
    page = tree(client.get("/compare?by=document").text)
    states = {cell.xpath("string(.//i)") for cell in page.xpath("//table[@class='matrix']//td")}
    assert {"restricts", "enables", "silent"} <= states
    assert states <= {told.text for told in page.xpath("//dl[@class='legend']//dt")}
    assert all(cell.get("class") == cell.xpath("string(.//i)").replace(" ", "-") for cell in page.xpath("//table//td[.//i]"))


def test_a_file_that_could_not_be_read_is_told_by_its_own_name(serve: Serve, tmp_path: Path) -> None:
    client = serve(str(tmp_path / "new.db"))
    minutes = tmp_path / "minutes.pdf"
    minutes.write_bytes(b"%PDF-1.7 and nothing more")
    assert [task["state"] for task in upload(client, minutes)] == ["failed"]
    for address in ("/documents", "/compare?by=document"):
        shown = client.get(address).text
        assert str(tmp_path) not in shown
    assert tree(client.get("/documents").text).xpath("//tbody/tr/th/text()") == ["minutes.pdf"]


def test_tables_open_in_a_spreadsheet_and_bear_the_name_of_their_document(client: TestClient) -> None:
    document = digest(client, "port-ansel")
    for link in tree(client.get(f"/documents/{document}").text).xpath("//a[@download]/@href"):
        sent = client.get(link)
        assert 'filename="port-ansel-ordinance-2024-17.' in sent.headers["content-disposition"]
    for address in ("/search.csv?q=detainer", "/compare.csv"):
        assert client.get(address).content.startswith(codecs.BOM_UTF8)


def test_a_hit_in_the_heading_alone_says_where_the_words_stand(client: TestClient) -> None:
    shown = tree(client.get("/", params={"q": '"equal service"'}).text)
    assert shown.xpath("//article")
    for hit in shown.xpath("//article[not(.//mark)]"):
        assert "Equal service" in hit.text_content()


def test_a_long_list_of_documents_can_be_searched(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not tree(client.get("/documents").text).xpath("//input[@name='find']")
    monkeypatch.setattr("nlp.web.documents.LISTED", 1)
    found = tree(client.get("/documents", params={"find": "HARROWGATE"}).text)
    assert found.xpath("//input[@name='find']/@value") == ["HARROWGATE"]
    assert found.xpath("//tbody//td[@class='file']/text()") == ["harrowgate-ordinance-512.txt"]
    assert "find=e&page=2" in client.get("/documents", params={"find": "e"}).text.replace("&amp;", "&")
    assert "No document has “moon”" in client.get("/documents", params={"find": "moon"}).text


def test_facts_that_were_given_are_confirmed(client: TestClient) -> None:
    document, _ = clause(client)
    sent = {"title": "Of holds", "kind": "bill", "jurisdiction": "Barre, VT", "date": "2021-03", "back": "2"}
    told = client.post(f"/documents/{document}/facts", data=sent)
    assert flashed(told.text).startswith("Kept: Of holds · bill · Barre, VT · 2021-03.")
    assert told.url.params["page"] == "2"
    assert "no facts are known" in flashed(client.post(f"/documents/{document}/facts", data={}).text)
    assert not flashed(client.get(f"/documents/{document}").text)


def test_review_and_documents_explain_every_key(client: TestClient) -> None:
    document, row = clause(client)
    for address in ("/review", f"/review/{document}/{row['id']}", f"/documents/{document}"):
        page = tree(client.get(address).text)
        (keys,) = page.xpath("//dialog[@id='keys']")
        explained = set(keys.xpath(".//kbd/text()"))
        bound = {key for key in page.xpath("//*[@data-key]/@data-key") if len(key) == 1}
        assert bound <= explained, address
        assert page.xpath("//button[@data-opens='keys']")
