"""Which model the pages tell of."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.classify.training import train
from tests.registry.conftest import rows, write
from tests.web.conftest import Serve


def test_a_model_that_takes_over_is_told_without_a_restart(db: str, serve: Serve, tmp_path: Path) -> None:
    made = tmp_path / "model"
    train(write(tmp_path / "town.jsonl", rows()), made, name="town", jobs=1)
    now: list[str | None] = [None]
    client = serve(db, model=lambda: now[0])
    assert "clausedex@" in client.get("/models").text
    now[0] = str(made)
    assert "town@" in client.get("/models").text


def test_the_versions_shown_are_those_of_the_name_in_use(db: str, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("nlp.registry.exists", lambda: True)
    monkeypatch.setattr("nlp.registry.versions", lambda name: asked.append(name) or [])
    assert serve(db, registered="town-of-elmwood").get("/models").status_code == 200
    assert set(asked) == {"town-of-elmwood"}
