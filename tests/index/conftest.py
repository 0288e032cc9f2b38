from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp.index import Store, open_store
from tests.index import making


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "index.db"), create=True) as store:
        yield store


@pytest.fixture
def store(empty: Store) -> Store:
    making.fill(empty)
    return empty
