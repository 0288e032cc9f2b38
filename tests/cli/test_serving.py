"""What the command that serves refuses before it listens, and which addresses it takes for this machine's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.cli import call
from nlp.cli.serving import is_loopback


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


def test_a_token_that_is_quickly_guessed_and_a_file_that_is_no_index_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["serve", "--db", str(tmp_path / "law.db"), "--token", "short"]) == 1
    assert "eight characters" in capsys.readouterr().err
    other = tmp_path / "other.db"
    other.write_bytes(b"not an index" * 100)
    assert call(["serve", "--db", str(other)]) == 1
    assert "not an index" in capsys.readouterr().err
