from __future__ import annotations

from collections.abc import Iterator

import pytest

from nlp.extract import Limits, Reader


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    with Reader(Limits(ocr_threads=1)) as one:
        yield one
