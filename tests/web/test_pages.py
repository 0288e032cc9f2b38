"""What a person sees and can do on each page, without a browser's help."""

from __future__ import annotations

import csv
import io
import re
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml import html

from tests.web.conftest import SAMPLES, Serve, digest

PDF, PAGE = "port-ansel", "vandermere-code"


def tree(text: str) -> html.HtmlElement:
    return html.document_fromstring(text)


def words(text: str) -> str:
    return " ".join(tree(text).text_content().split())


def test_an_empty_index_says_what_to_do_and_offers_samples(serve: Serve, tmp_path: Path) -> None:
    client = serve(str(tmp_path / "new.db"))
    assert "Add the sample documents" in client.get("/").text
    assert "Add the sample documents" not in serve(str(tmp_path / "other.db"), samples=None).get("/").text


def test_a_search_shows_hits_facets_and_its_own_address(client: TestClient) -> None:
    page = client.get("/?q=detainer&stance=restricts")
    found = tree(page.text)
    assert found.xpath("//article[contains(@class, 'hit')]")
    assert {"detainer"} <= {mark.text.lower() for mark in found.xpath("//mark")}
    assert found.xpath("//input[@name='stance' and @value='restricts']")
    (away,) = found.xpath("//a[contains(@class, 'chosen')]/@href")
    assert away == "/?q=detainer"
    for link in found.xpath("//aside//a/@href"):
        assert client.get(link).status_code == 200
    signs = {chip.text_content().strip()[:1] for chip in found.xpath("//article//span[contains(@class, 'restricts')]")}
    assert signs == {"▼"}


def test_pages_of_results_and_odd_addresses(client: TestClient) -> None:
    first = tree(client.get("/").text)
    (after,) = first.xpath("//a[@rel='next']/@href")
    assert client.get(after).status_code == 200
    for odd in ("/?page=0", "/?page=x", "/?page=99999999999", "/?year=abcd", "/?fold=7", "/?kind=%00", "/documents?page=900"):
        assert client.get(odd).status_code in (200, 400), odd


def test_a_query_that_cannot_be_read_is_told_beside_the_query(client: TestClient) -> None:
    page = client.get("/", params={"q": 'warrant AND ("judge'})
    assert page.status_code == 400
    found = tree(page.text)
    assert found.xpath("//*[@role='alert']")
    assert found.xpath("//input[@name='q']/@value") == ['warrant AND ("judge']


def test_results_are_taken_along_as_table_and_records(client: TestClient) -> None:
    address = "?q=detainer&label=detainer-limit"
    records = client.get(f"/search.json{address}").json()
    table = list(csv.DictReader(io.StringIO(client.get(f"/search.csv{address}").content.decode("utf-8-sig"))))
    assert [row["id"] for row in records] == [row["id"] for row in table]
    assert records
    assert client.get("/search.json?q=zzzz").json() == []


def test_a_page_has_a_box_for_each_clause_and_a_picture(client: TestClient) -> None:
    name = digest(client, PDF)
    found = tree(client.get(f"/documents/{name}?page=2").text)
    listed = found.xpath("//article/@data-clause")
    assert listed
    assert found.xpath("//a[@data-box]/@data-box") == listed
    assert found.xpath("//rect[@width > 50]")
    (picture,) = found.xpath("//img/@src")
    assert client.get(picture).content.startswith(b"\x89PNG")
    assert client.get(f"/documents/{name}/pages/99.png").status_code == 404


def test_the_lines_of_a_page_are_told_with_their_places(client: TestClient) -> None:
    name = digest(client, PDF)
    (address,) = tree(client.get(f"/documents/{name}?page=2").text).xpath("//button/@data-lines")
    found = client.get(address).json()
    text = client.get(f"/api/documents/{name}/text").json()["text"]
    assert len(found["lines"]) > 10
    for line, x0, top, x1, bottom in found["lines"]:
        assert line in text
        assert 0 <= x0 < x1 <= found["width"]
        assert 0 <= top < bottom <= found["height"]
    assert client.get(f"/documents/{name}/pages/99/lines").status_code == 404


@pytest.mark.parametrize("name", [PAGE, PDF])
def test_a_documents_table_has_its_clauses(client: TestClient, name: str) -> None:
    document = digest(client, name)
    link, _ = tree(client.get(f"/documents/{document}").text).xpath("//a[@download]/@href")
    found = list(csv.DictReader(io.StringIO(client.get(link).content.decode("utf-8-sig"))))
    assert [row["id"] for row in found] == [row["id"] for row in client.get(f"/api/documents/{document}/clauses").json()]


def test_a_clause_has_an_address_of_its_own(client: TestClient) -> None:
    name = digest(client, PDF)
    last = client.get(f"/api/documents/{name}/clauses").json()[-1]
    found = tree(client.get(f"/documents/{name}", params={"clause": last["id"]}).text)
    assert found.xpath("//article[@id='current']/@data-clause") == [last["id"]]
    assert client.get(f"/documents/{name}?clause=none").status_code == 404


@pytest.mark.parametrize("name", [PAGE, PDF])
def test_text_is_shown_whole_where_there_are_no_pages_or_it_is_asked_for(client: TestClient, name: str) -> None:
    document = digest(client, name)
    shown, parts = "", 1
    while True:
        page = tree(client.get(f"/documents/{document}?view=text&page={parts}").text)
        shown += page.xpath("//div[@class='raw']")[0].text_content()
        if not page.xpath("//a[@rel='next']"):
            break
        parts += 1
    text = client.get(f"/api/documents/{document}/text").json()["text"]
    assert " ".join(shown.split()) == " ".join(text.split())


def test_a_file_that_changed_is_shown_as_text(serve: Serve, tmp_path: Path) -> None:
    client = serve(str(tmp_path / "new.db"))
    upload(client, SAMPLES / "vandermere-hb-118.pdf")
    name = digest(client, "vandermere")
    (stored,) = (tmp_path / "uploads").iterdir()
    assert tree(client.get(f"/documents/{name}").text).xpath("//img")
    stored.write_bytes(b"%PDF-1.4 another file")
    assert "no longer where it was read" in client.get(f"/documents/{name}").text


def test_one_label_can_be_picked_out(client: TestClient) -> None:
    name = digest(client, PDF)
    label = client.get(f"/api/documents/{name}/clauses").json()[5]["labels"][0]["name"]
    found = tree(client.get(f"/documents/{name}", params={"label": label}).text)
    assert found.xpath("//section[contains(@class, 'card')]//li")


def upload(client: TestClient, *paths: Path) -> list[dict[str, str]]:
    """Send files and wait until they are read."""
    sent = client.post("/api/files", files=[("files", (path.name, path.read_bytes())) for path in paths])
    assert sent.status_code == 202
    while any(task["state"] in ("waiting", "reading") for task in client.get("/api/files").json()):
        time.sleep(0.05)
    return client.get("/api/files").json()


def test_files_are_read_known_or_told_why_not(serve: Serve, tmp_path: Path) -> None:
    client = serve(str(tmp_path / "new.db"))
    broken, empty = tmp_path / "broken.pdf", tmp_path / "empty.txt"
    broken.write_bytes(b"\x00\x01\x02\x03")
    empty.write_bytes(b"")
    twice = SAMPLES / "harrowgate-ordinance-512.txt"
    upload(client, twice, broken, empty)
    tasks = {(task["name"], task["state"]) for task in upload(client, twice)}
    assert tasks == {
        ("harrowgate-ordinance-512.txt", "done"), ("broken.pdf", "failed"), ("empty.txt", "failed"),
        ("harrowgate-ordinance-512.txt", "known"),
    }  # fmt: skip
    page = words(client.get("/upload").text)
    assert "no format this program reads" in page
    assert "Save it as PDF" in page
    assert [path.read_bytes() for path in (tmp_path / "uploads").iterdir()] == [twice.read_bytes()]
    assert "broken.pdf" in tree(client.get("/documents").text).xpath("//th/text()")


def test_events_tell_how_far_each_file_is_and_end_when_all_are_read(serve: Serve, tmp_path: Path) -> None:
    client = serve(str(tmp_path / "new.db"))
    path = SAMPLES / "quillan-county-287g-scan.pdf"  # read by OCR, so slow enough to be watched
    assert client.post("/api/files", files=[("files", (path.name, path.read_bytes()))]).status_code == 202
    answer = client.get("/upload/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    sent = answer.text.split("\n\n")
    assert any("pages read" in one for one in sent)
    last = next(one for one in reversed(sent) if one)
    assert last.startswith("event: end\n")
    assert "Taken for: agreement" in last
    (task,) = client.get("/api/files").json()
    assert task["through"] == task["pages"] > 1
    (place,) = tree(client.get("/upload").text).xpath("//a[contains(@href, 'facts=1')]/@href")
    assert tree(client.get(place).text).xpath("//details[@id='facts' and @open]//input[@name='jurisdiction']/@value")


def test_nothing_is_uploaded_where_there_is_no_place(db: str, serve: Serve) -> None:
    client = serve(db, uploads=None)
    assert client.post("/upload", files={"files": ("a.txt", b"text")}).status_code == 404
    assert 'href="/upload"' not in client.get("/").text


def test_facts_are_changed_and_kept(client: TestClient) -> None:
    name = digest(client, PDF)
    facts = {"title": "Sanctuary order", "kind": "order", "jurisdiction": "Barre, VT", "date": "2021-03"}
    page = client.post(f"/documents/{name}/facts", data=facts)
    assert "Sanctuary order" in words(page.text)
    assert client.get("/api/search", params={"q": "kind:order state:VT date:2021"}).json()["total"] > 0
    assert client.post(f"/documents/{name}/facts", data={"date": "soon"}).status_code == 400


def test_a_clause_is_corrected_by_someone_and_taken_back(client: TestClient) -> None:
    queue = tree(client.get("/review").text)
    (address,) = queue.xpath("//form[@id='decide']/@action")
    name, clause = re.fullmatch("/review/(.+)/(.+)", address).groups()
    before = next(row for row in client.get(f"/api/documents/{name}/clauses").json() if row["id"] == clause)
    sent = {"labels": ["costs", "term"], "modality": "statement", "note": "money, not custody", "reviewer": "Zoë Łuk"}
    after = client.post(address, data=sent)
    assert after.url.path == "/review"
    assert "Kept:" in after.text
    row = next(row for row in client.get(f"/api/documents/{name}/clauses").json() if row["id"] == clause)
    assert ([label["name"] for label in row["labels"]], row["modality"], row["reviewed"]) == (
        ["costs", "term"],
        "statement",
        True,
    )
    shown = client.get(address).text
    assert "money, not custody" in shown
    assert tree(shown).xpath("//input[@name='reviewer']/@value") == ["Zoë Łuk"]
    client.post(f"{address}/undo")
    row = next(row for row in client.get(f"/api/documents/{name}/clauses").json() if row["id"] == clause)
    assert row == before
    assert client.post(f"{address}/undo").status_code == 400


def test_decisions_that_cannot_be_change_nothing(client: TestClient) -> None:
    (address,) = tree(client.get("/review").text).xpath("//form[@id='decide']/@action")
    assert client.post(address, data={"labels": ["costs"], "modality": "poem"}).status_code == 400
    assert client.post(address, data={"labels": ["no-such-label"], "modality": "statement"}).status_code == 400
    assert client.post(f"{address}x", data={"accept": "1"}).status_code == 404
    assert client.get("/api/corrections").json() == []


def test_the_queue_runs_dry(client: TestClient) -> None:
    rounds = 0
    while (form := tree(client.get("/review").text).xpath("//form[@id='decide']/@action")) and rounds < 100:
        client.post(form[0], data={"accept": "1"})
        rounds += 1
    assert rounds > 3
    assert "No clause waits" in client.get("/review").text


def place(client: TestClient) -> None:
    """Say of one document which state and agency it is of, as none of the samples does."""
    told = {"jurisdiction": "FL/Thornbury County", "agency": "Thornbury County Sheriff's Office", "kind": "agreement"}
    client.post(f"/documents/{digest(client, 'thornbury')}/facts", data=told)


@pytest.mark.parametrize("by", ["jurisdiction", "state", "document", "agency", "kind"])
def test_cells_open_their_clauses(client: TestClient, by: str) -> None:
    place(client)
    found = tree(client.get("/compare", params={"by": by}).text)
    cells = found.xpath("//table[@class='matrix']//td[a]")
    for cell in cells[::7]:
        count = int(cell.xpath(".//b")[0].text)
        page = words(client.get(cell.xpath("a/@href")[0]).text)
        assert re.search(rf"\b{count} clauses?\b", page), page[:400]
    assert cells


def test_the_matrix_is_taken_along_and_the_map_drawn(client: TestClient) -> None:
    assert client.get("/compare.csv?by=document").content.decode("utf-8-sig").startswith("document,")
    place(client)
    drawn = client.get("/compare/map.svg?column=deputization")
    assert "<title>Florida: enables</title>" in drawn.text
    assert "<title>Maine: not read</title>" in drawn.text
    assert client.get("/compare/map.svg?column=moon").status_code == 400
    assert client.get("/compare?by=moon").status_code == 400


def test_two_documents_stand_side_by_side(client: TestClient) -> None:
    old, new = digest(client, "thornbury"), digest(client, "harrowgate")
    found = tree(client.get("/diff", params={"old": old, "new": new}).text)
    assert found.xpath("//article[contains(@class, 'removed')]")
    assert found.xpath("//article[contains(@class, 'added')]")
    assert "Every clause is the same" in client.get("/diff", params={"old": old, "new": old}).text


def test_the_codebook_and_the_model_are_explained(client: TestClient) -> None:
    assert len(tree(client.get("/labels").text).xpath("//dl[@class='codebook']/dt")) == 40
    assert "clausedex@" in client.get("/models").text


def test_the_model_is_told_with_figures_of_its_labels(client: TestClient) -> None:
    rows = tree(client.get("/models").text).xpath("//table[.//th='Right']//tr[.//a]")
    assert len(rows) == 40
    figures = next(row.xpath("./td/text()") for row in rows if row.xpath(".//a[.='definitions']"))
    assert all(0 < int(value.removesuffix("%")) <= 100 for value in figures[:3])


def test_what_is_kept_of_the_index_follows_a_decision(client: TestClient) -> None:
    def marked() -> str:
        return words(client.get("/compare?by=document&columns=labels").text)

    before = marked()
    assert marked() == before
    (address,) = tree(client.get("/review").text).xpath("//form[@id='decide']/@action")
    client.post(address, data={"labels": ["costs", "term", "training"], "modality": "statement"})
    assert marked() != before
    client.post(f"{address}/undo")
    assert marked() == before


def test_the_map_has_a_dark_form(client: TestClient) -> None:
    name = digest(client, PDF)
    client.put(f"/api/documents/{name}/facts", json={"kind": "ordinance", "jurisdiction": "Barre, VT"})
    found = tree(client.get("/compare?by=state").text)
    (light,), (dark,) = found.xpath("//picture//img/@src"), found.xpath("//picture/source/@srcset")
    assert "#ffffff" in client.get(light).text
    assert client.get(dark).headers["content-type"] == "image/svg+xml"
    assert 'fill="#ffffff" stroke' not in client.get(dark).text
    by_day = client.get(f"{light}&dark=0").text
    assert by_day == client.get(light).text


def test_two_documents_can_be_found_among_many(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.web.comparing.LISTED", 2)
    found = tree(client.get("/diff", params={"find": "THORNBURY", "old": digest(client, "harrowgate")}).text)
    assert found.xpath("//input[@name='find' and @value='THORNBURY']")
    assert len(found.xpath("//select[@name='new']/option[@value != '']")) == 2


def test_programs_get_the_same_records(client: TestClient) -> None:
    described = client.get("/api/openapi.json").json()
    assert "/api/search" in described["paths"]
    assert not [path for path in described["paths"] if not path.startswith("/api/")]
    found = client.get("/api/search", params={"q": "detainer", "facets": True}).json()
    assert found["hits"][0]["provision"]["id"]
    assert found["facets"]["label"]
    name, clause = found["hits"][0]["document"]["id"].removeprefix("sha256:"), found["hits"][0]["provision"]["id"]
    address = f"/api/documents/{name}/clauses/{clause}/decisions"
    changed = client.post(address, json={"labels": ["costs"], "modality": "statement", "reviewer": "program"})
    assert changed.json()["labels"] == [{"name": "costs", "score": 1.0}]
    assert client.get(address).json()[0]["reviewer"] == "program"
    assert client.delete(address).json() == found["hits"][0]["provision"]
    assert client.delete(address).status_code == 404
    assert client.post(address, json={"labels": "costs", "modality": "statement"}).status_code == 400
    assert client.put(f"/api/documents/{name}/facts", json={"kind": "poem"}).status_code == 400
    assert client.put(f"/api/documents/{name}/facts", json={"kind": "bill"}).json()["kind"] == "bill"
    for address in ("/api/compare", "/api/timeline", f"/api/diff?old={name}&new={name}", "/api/labels", f"/api/documents/{name}"):
        assert client.get(address).status_code == 200
    assert "error" in client.get("/api/documents/none").json()


def test_pages_stay_small(client: TestClient) -> None:
    for name in (PDF, PAGE):
        assert len(client.get(f"/documents/{digest(client, name)}").content) < 100_000
    for address in ("/", "/review", "/compare?by=document", "/labels", "/static/app.css", "/static/app.js"):
        assert len(client.get(address).content) < 100_000
