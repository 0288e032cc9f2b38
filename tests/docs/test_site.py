"""The site is built without a warning, and a reader's browser asks nobody else for anything."""

from __future__ import annotations

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOADING = {"script": "src", "img": "src", "link": "href", "iframe": "src", "object": "data", "source": "src", "video": "src"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("site")
    ran = subprocess.run(
        [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "-b", "html", "docs", str(out)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return out


class Loaded(HTMLParser):
    """Gathers the addresses that a browser loads by itself when it shows a page."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(LOADING.get(tag, ""))
        if address:
            self.addresses.append(address)


def test_pages_load_nothing_from_elsewhere(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 20
    for page in pages:
        loaded = Loaded()
        loaded.feed(page.read_text(encoding="utf-8"))
        assert loaded.addresses
        assert not [address for address in loaded.addresses if re.match(r"(?:[a-z]+:)?//", address)], page


def test_styles_load_nothing_from_elsewhere(site: Path) -> None:
    for style in sorted(site.rglob("*.css")):
        assert not re.findall(r"(?:url\(\s*['\"]?|@import\s+['\"])(?:[a-z]+:)?//", style.read_text(encoding="utf-8")), style


def test_notebooks_that_pages_name_come_along(site: Path) -> None:
    assert {"fact-check.ipynb", "own-taxonomy.ipynb"} <= {path.name for path in site.rglob("*.ipynb")}
