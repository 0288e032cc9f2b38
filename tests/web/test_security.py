"""Who may ask, from where, and how much may be sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from tests.web.conftest import Serve

TOKEN = "a long enough token"


def test_every_answer_carries_the_rules_for_the_browser(client: TestClient) -> None:
    for address in ("/", "/labels", "/static/app.css", "/nothing", "/api/labels", "/documents/0"):
        headers = client.get(address).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": "http://localhost"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "http://localhost"}, 303),
        ({}, 303),
    ],
)
def test_changes_come_from_our_own_pages(serve: Serve, tmp_path: Path, headers: dict[str, str], status: int) -> None:
    client = serve(str(tmp_path / "new.db"), samples=tmp_path)
    assert client.post("/samples", headers=headers, follow_redirects=False).status_code == status


def test_other_names_of_this_machine_are_not_answered_to(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"host": "127.0.0.1:8000"}).status_code == 200
    assert client.get("/", headers={"host": "[::1]:8000"}).status_code == 200


def test_a_token_is_asked_for_and_remembered(db: str, serve: Serve) -> None:
    client = serve(db, token=TOKEN, hosts=())
    assert client.get("/api/labels").status_code == 401
    assert client.post("/samples").status_code == 401
    assert client.get("/api/labels", headers={"authorization": "Bearer wrong"}).status_code == 401
    assert client.get("/api/labels", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    door = client.get("/review")
    assert door.url.path == "/login"
    assert "Token" in door.text
    assert client.post("/login", data={"token": "wrong"}).status_code == 401
    inside = client.post("/login", data={"token": TOKEN, "onward": "//evil.example/"}, follow_redirects=False)
    assert inside.headers["location"] == "/"
    assert TOKEN not in inside.headers["set-cookie"]
    assert "HttpOnly" in inside.headers["set-cookie"]
    assert client.get("/review").url.path == "/review"


PUBLIC = {"hosts": ("127.0.0.1", "law.example.org"), "public": ("law.example.org",)}


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("law.example.org", "https://law.example.org", 303),  # the proxy passes the name on
        ("127.0.0.1:8000", "https://law.example.org", 303),  # it does not
        ("127.0.0.1:8000", "https://law.example.org:8443", 303),
        ("Law.Example.org", "https://law.example.org", 303),
        ("127.0.0.1:8000", "https://evil.example", 403),
        ("law.example.org", "https://law.example.org.evil.example", 403),
        ("evil.example", "https://evil.example", 400),
    ],
)
def test_a_proxy_passes_pages_on_under_a_public_name(serve: Serve, tmp_path: Path, host: str, origin: str, status: int) -> None:
    client = serve(str(tmp_path / "new.db"), samples=tmp_path, **PUBLIC)
    answer = client.post("/samples", headers={"host": host, "origin": origin}, follow_redirects=False)
    assert answer.status_code == status
    assert "://" not in answer.headers.get("location", "")


@pytest.mark.parametrize(
    ("headers", "secure"),
    [
        ({"origin": "https://law.example.org"}, True),
        ({"x-forwarded-proto": "https"}, True),
        ({"origin": "http://localhost"}, False),
        ({}, False),
    ],
)
def test_cookies_of_an_encrypted_connection_stay_on_such(db: str, serve: Serve, headers: dict[str, str], secure: bool) -> None:
    client = serve(db, token=TOKEN, hosts=(), public=("law.example.org",))
    inside = client.post("/login", data={"token": TOKEN}, headers=headers, follow_redirects=False)
    assert ("Secure" in inside.headers["set-cookie"]) is secure
    key = {"authorization": f"Bearer {TOKEN}"}
    row = client.get("/api/search?q=detainer", headers=key).json()["hits"][0]["provision"]
    address = f"/review/{row['document_id'].removeprefix('sha256:')}/{row['id']}"
    told = client.post(address, data={"accept": "1", "reviewer": "Ada"}, headers={**headers, **key}, follow_redirects=False)
    assert ("Secure" in told.headers["set-cookie"]) is secure


def test_too_much_is_refused_while_it_comes(db: str, serve: Serve, tmp_path: Path) -> None:
    client = serve(db, upload_bytes=2 << 20)
    head = b'--x\r\nContent-Disposition: form-data; name="files"; filename="big.txt"\r\n\r\n'
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield head
        for _ in range(64):
            sent += 1
            yield b"a" * (1 << 20)
        yield b"\r\n--x--\r\n"

    answer = client.post("/upload", content=endless(), headers={"content-type": "multipart/form-data; boundary=x"})
    assert answer.status_code == 413
    assert "2 MB" in answer.text
    assert client.post("/upload", content=b"", headers={"content-length": str(3 << 20)}).status_code == 413
    assert client.post("/review/0/0", content=b"a" * (2 << 20)).status_code == 413
    assert not list(tmp_path.glob("uploads/*"))


def test_no_trace_reaches_the_browser(db: str, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("nlp.web.comparing.tallied_years", broken)
    monkeypatch.setattr("nlp.web.api.timeline", broken)
    client = serve(db)
    for address in ("/compare", "/api/timeline"):
        answer = client.get(address)
        assert answer.status_code == 500
        assert "secret" not in answer.text
        assert "Traceback" not in answer.text
        assert "content-security-policy" in answer.headers
    Path(db).write_bytes(b"no index at all, but bytes of another kind" * 100)
    assert client.get("/").status_code == 503
