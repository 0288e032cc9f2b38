"""Taking a wrong document out: what goes, what stays, and what is said of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from nlp.batch import Intake
from tests.web import hostile
from tests.web.conftest import SAMPLES, Serve, digest
from tests.web.test_hostile import harmless
from tests.web.test_pages import PDF, tree, upload, words

TEXT = "harrowgate-ordinance-512.txt"


def flashed(page: str) -> str:
    return " ".join(" ".join(one.text_content().split()) for one in tree(page).xpath("//*[contains(@class, 'flash')]"))


def remove(client: TestClient, name: str) -> str:
    """Take a document out by its own page, and return the page that says so."""
    (address,) = tree(client.get(f"/documents/{name}").text).xpath("//details[@id='remove']//form/@action")
    gone = client.post(address)
    assert (gone.status_code, gone.url.path) == (200, "/documents")
    return gone.text


def test_a_document_is_taken_out_by_its_page_and_the_next_page_says_so(client: TestClient) -> None:
    name = digest(client, PDF)
    address = f"/documents/{name}"
    rows = client.get(f"/api{address}/clauses").json()
    (asked,) = tree(client.get(address).text).xpath("//details[@id='remove' and not(@open)]")
    assert f"with its {len(rows)} clauses" in " ".join(asked.text_content().split())
    assert "The file itself is not touched" in asked.text_content()
    told = remove(client, name)
    assert re.search(rf"Removed: “.+” and its {len(rows)} clauses .+ The file itself was not touched", flashed(told))
    assert tree(told).xpath("//*[contains(@class, 'flash') and @role='status']")
    assert PDF not in words(told)
    assert client.get("/api/search", params={"q": f"document:{name}"}).json()["total"] == 0
    for gone in (address, f"{address}/pages/1.png", f"/api{address}", f"/review/{name}/{rows[0]['id']}"):
        assert client.get(gone).status_code == 404
    assert client.post(f"{address}/remove").status_code == 404
    assert not flashed(client.get("/documents").text)
    assert len(client.get("/api/documents").json()) == 3
    assert client.get("/review").status_code == 200


def test_the_uploaded_copy_goes_and_what_people_decided_holds_again(serve: Serve, tmp_path: Path) -> None:
    client = serve(str(tmp_path / "new.db"))
    upload(client, SAMPLES / TEXT)
    name = digest(client, TEXT)
    clause = client.get(f"/api/documents/{name}/clauses").json()[2]["id"]
    client.post(f"/review/{name}/{clause}", data={"labels": ["costs"], "modality": "statement"})
    client.post(f"/documents/{name}/facts", data={"title": "The wrong one"})
    assert "uploaded to this server is deleted" in words(client.get(f"/documents/{name}").text)
    assert "Removed: “The wrong one”" in flashed(told := remove(client, name))
    assert "The uploaded copy is deleted" in flashed(told)
    assert not list((tmp_path / "uploads").iterdir())
    assert not tree(client.get("/upload").text).xpath("//main//a[starts-with(@href, '/documents/')]")
    assert [one["clause_id"] for one in client.get("/api/corrections").json()] == [clause]
    upload(client, SAMPLES / TEXT)
    row = next(row for row in client.get(f"/api/documents/{name}/clauses").json() if row["id"] == clause)
    assert [label["name"] for label in row["labels"]] == ["costs"]
    assert client.get(f"/api/documents/{name}").json()["title"] == "The wrong one"
    assert not flashed(client.get(f"/documents?removed={name}").text)


def test_every_path_of_a_document_goes_and_no_file_but_our_own_copy(serve: Serve, tmp_path: Path) -> None:
    client = serve(str(tmp_path / "new.db"))
    upload(client, SAMPLES / TEXT)
    name = digest(client, TEXT)
    own, inside = tmp_path / name, tmp_path / "uploads" / "mine.txt"
    intake = Intake(str(tmp_path / "new.db"))
    for path in (own, inside):
        shutil.copy(SAMPLES / TEXT, path)
        assert intake.take(path, path.name).code is None
    intake.close()
    assert len(client.get("/api/documents").json()) == 3
    gone = client.delete(f"/api/documents/{name}").json()
    assert gone["paths"] == sorted(str(path) for path in (own, inside, tmp_path / "uploads" / name))
    assert (gone["id"], gone["copies"]) == (f"sha256:{name}", 1)
    assert client.get("/api/documents").json() == []
    assert own.exists()
    assert [path.name for path in (tmp_path / "uploads").iterdir()] == ["mine.txt"]


def test_programs_take_a_document_out_once(client: TestClient) -> None:
    name = digest(client, PDF)
    rows = client.get(f"/api/documents/{name}/clauses").json()
    gone = client.delete(f"/api/documents/{name}").json()
    assert (gone["clauses"], len(gone["paths"]), gone["copies"]) == (len(rows), 1, 0)
    assert client.delete(f"/api/documents/{name}").status_code == 404
    assert "error" in client.delete("/api/documents/none").json()


def test_a_copy_that_cannot_be_deleted_leaves_the_document(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = serve(str(tmp_path / "new.db"))
    upload(client, SAMPLES / TEXT)
    name = digest(client, TEXT)

    def refused(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refused)
        answer = client.post(f"/documents/{name}/remove")
    assert answer.status_code == 503
    assert "Permission denied" in words(answer.text)
    assert str(tmp_path) not in answer.text
    assert client.get(f"/documents/{name}").status_code == 200


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"origin": "https://evil.example"}])
def test_no_other_site_takes_a_document_out(client: TestClient, headers: dict[str, str]) -> None:
    name = digest(client, PDF)
    assert client.post(f"/documents/{name}/remove", headers=headers).status_code == 403
    assert client.delete(f"/api/documents/{name}", headers=headers).status_code == 403
    assert client.get(f"/documents/{name}/remove").status_code in (404, 405)
    assert client.get(f"/documents/{name}").status_code == 200


def test_the_title_of_what_was_taken_out_is_text(serve: Serve, tmp_path: Path) -> None:
    digests = hostile.fill(tmp_path / "hostile.db")
    client = serve(str(tmp_path / "hostile.db"))
    for text, name in zip(hostile.TEXTS, digests, strict=True):
        asked = harmless(client.get(f"/documents/{name}").text).xpath("//details[@id='remove']")[0]
        assert text in asked.text_content()
        (told,) = harmless(remove(client, name)).xpath("//*[contains(@class, 'flash')]")
        assert f"“{text}”" in told.text_content()
        harmless(client.get("/documents", params={"removed": text}).text)
    assert client.get("/api/documents").json() == []
