"""An index of the sample documents that have their own text, read once; each test that writes has a copy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from nlp.batch import Intake
from nlp.web import Settings, create_app

SAMPLES = Path(__file__).parents[2] / "corpora" / "samples"
CHOSEN = (
    "port-ansel-ordinance-2024-17.pdf",
    "vandermere-code-40.html",
    "thornbury-county-287g.pdf",
    "harrowgate-ordinance-512.txt",
)
Serve = Callable[..., TestClient]


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("library") / "samples.db"
    intake = Intake(str(path))
    for name in CHOSEN:
        assert intake.take(SAMPLES / name, name).code is None
    intake.close()
    return path


@pytest.fixture
def db(library: Path, tmp_path: Path) -> str:
    return str(shutil.copy(library, tmp_path / "samples.db"))


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    with ExitStack() as stack:

        def serving(db: str, **fields: object) -> TestClient:
            settings = Settings(db, **{"uploads": tmp_path / "uploads", "samples": SAMPLES} | fields)
            client = TestClient(create_app(settings), "http://localhost", raise_server_exceptions=False)
            return stack.enter_context(client)

        yield serving


@pytest.fixture
def client(db: str, serve: Serve) -> TestClient:
    return serve(db)


def digest(client: TestClient, name: str) -> str:
    """Return the part of a document's id that stands in addresses."""
    found = [document["id"] for document in client.get("/api/documents").json() if name in document["source"]]
    return str(found[0].removeprefix("sha256:"))
