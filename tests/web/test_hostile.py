"""Text of documents, file names, labels, notes and queries is text on every page, whatever it looks like."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from lxml import html

from tests.web import hostile
from tests.web.conftest import Serve


def harmless(text: str) -> html.HtmlElement:
    """Return a page's tree after checking that nothing in it runs or loads but what is ours."""
    found = html.document_fromstring(text)
    assert found.xpath("//script/@src") == ["/static/app.js"]
    assert len(found.xpath("//script")) == 1
    assert not found.xpath(
        "//*[@style or @srcdoc or local-name() = 'iframe' or local-name() = 'object' or local-name() = 'style']"
    )
    for element in found.iter(html.etree.Element):
        for name, value in element.attrib.items():
            assert not name.startswith("on"), html.tostring(element)
            if name in ("href", "src", "action"):
                assert value.startswith(("/", "?", "#")), value
                assert not value.startswith("//")
    return found


@pytest.fixture
def stocked(tmp_path: Path, serve: Serve) -> tuple[TestClient, list[str]]:
    db = tmp_path / "hostile.db"
    return (digests := hostile.fill(db)) and (serve(str(db)), digests)


def test_hostile_text_is_text_on_every_page(stocked: tuple[TestClient, list[str]]) -> None:
    client, digests = stocked
    for address in hostile.addresses(digests):
        answer = client.get(address)
        assert answer.status_code == 200, address
        harmless(answer.text)
    for text, digest in zip(hostile.TEXTS, digests, strict=True):
        for address in (f"/documents/{digest}", f"/review/{digest}/{digest[:8]}-2", f"/review/{digest}/{digest[:8]}-1"):
            page = harmless(client.get(address).text)
            assert text in page.text_content(), address
        assert page.xpath("//article") or page.xpath("//form[@id='decide']")


@pytest.mark.parametrize("text", hostile.TEXTS)
def test_hostile_queries_values_and_names_are_text(stocked: tuple[TestClient, list[str]], text: str) -> None:
    client, digests = stocked
    for field in ("q", "label", "jurisdiction", "stance", "year", "page", "fold"):
        answer = client.get("/", params={field: text})
        assert answer.status_code in (200, 400)
        harmless(answer.text)
    for address in (f"/documents/{quote(text, safe='')}", f"/documents/{digests[0]}?clause={quote(text)}", f"/{quote(text)}"):
        answer = client.get(address)
        assert answer.status_code == 404
        harmless(answer.text)
    harmless(client.get("/compare", params={"by": text}).text)
    harmless(client.get("/compare", params={"columns": text}).text)
    drawn = client.get("/compare/map.svg", params={"column": text})
    assert drawn.status_code in (200, 400)  # such a label may be a column of its own
    assert not re.search(r"<(script|img|svg/)", drawn.text)
    harmless(client.get("/diff", params={"old": text, "new": text}).text)
    harmless(client.post(f"/documents/{digests[0]}/facts", data={"title": text, "kind": text}).text)
    told = client.post(f"/documents/{digests[0]}/facts", data={"title": text, "jurisdiction": text, "agency": text})
    assert text in harmless(told.text).text_content()
    sent = {"labels": ["costs"], "modality": "statement", "note": text, "reviewer": text}
    harmless(client.post(f"/review/{digests[0]}/{digests[0][:8]}-1", data=sent).text)
    shown = harmless(client.get(f"/review/{digests[0]}/{digests[0][:8]}-1").text)
    assert text in shown.text_content()
    assert shown.xpath("//input[@name='reviewer']/@value") == [text]
    sent_file = client.post("/upload", files={"files": (text, b"")})
    assert sent_file.status_code == 200
    harmless(sent_file.text)
    assert client.get("/documents").status_code == 200
