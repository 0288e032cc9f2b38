"""What the command that serves refuses before it listens, and which addresses it takes for this machine's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.cli import call
from nlp.cli.serving import is_loopback
from nlp.web import Settings


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("law.example", False),
    ],
)
def test_addresses_of_this_machine_alone_are_told_from_others(host: str, own: bool) -> None:
    assert is_loopback(host) is own


@pytest.mark.parametrize("name", ["https://law.example.org/", "law.example.org:443", "", "law example", "a..b"])
def test_a_public_host_that_is_no_name_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert call(["serve", "--db", str(tmp_path / "law.db"), "--public-host", name]) == 1
    assert "is no name of a host" in capsys.readouterr().err
    assert not (tmp_path / "law.db").exists()


def test_behind_a_proxy_the_public_names_are_answered_to_and_a_token_is_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told: list[Settings] = []
    monkeypatch.setattr("nlp.web.create_app", lambda settings: told.append(settings))
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: [socket.close() for socket in sockets])
    assert call(["serve", "--db", str(tmp_path / "law.db"), "--port", "0", "--public-host", "Law.Example.org"]) == 0
    assert told[0].public == ("law.example.org",)
    assert {"localhost", "127.0.0.1", "law.example.org"} <= set(told[0].hosts)
    assert told[0].token
    assert told[0].token in capsys.readouterr().err
    assert call(["serve", "--db", str(tmp_path / "law.db"), "--port", "0"]) == 0
    assert (told[1].public, told[1].token) == ((), None)


def test_a_token_that_is_quickly_guessed_and_a_file_that_is_no_index_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["serve", "--db", str(tmp_path / "law.db"), "--token", "short"]) == 1
    assert "eight characters" in capsys.readouterr().err
    other = tmp_path / "other.db"
    other.write_bytes(b"not an index" * 100)
    assert call(["serve", "--db", str(other)]) == 1
    assert "not an index" in capsys.readouterr().err
