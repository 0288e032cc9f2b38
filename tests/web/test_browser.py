"""A person at a real browser: adds files, sees boxes where the words are, corrects, searches, by mouse and by keys alone."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.web import hostile
from tests.web.conftest import SAMPLES

FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
ROOT = Path(__file__).parents[2]

expect.set_options(timeout=30_000)  # a busy machine may take longer than the default of 5 s; what never comes still fails


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        if os.environ.get("CLAUSEDEX_BROWSER") == "required":
            pytest.fail("no chromium is installed, and it is required here")
        pytest.skip("no chromium is installed")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


class Site:
    """The real command, serving."""

    def __init__(self, db: Path) -> None:
        command = [sys.executable, "-m", "nlp.cli", "serve", "--db", str(db), "--port", "0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        assert self.process.stderr is not None
        match = re.search(r"http://\S+:\d+", self.process.stderr.readline())
        assert match is not None
        self.base = match[0]

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        assert self.process.stderr is not None
        self.told = self.process.stderr.read()
        self.process.stderr.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    serving = Site(tmp_path / "town.db")
    yield serving
    serving.stop()
    assert "Traceback" not in serving.told


@pytest.fixture
def stocked(db: str) -> Iterator[Site]:
    serving = Site(Path(db))
    yield serving
    serving.stop()
    assert "Traceback" not in serving.told


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    shown = context.new_page()
    shown.set_default_timeout(30_000)
    problems: list[str] = []
    shown.on("pageerror", lambda error: problems.append(str(error)))
    shown.on("console", lambda message: problems.append(message.text) if "Content Security" in message.text else None)
    yield shown
    context.close()
    assert not problems


def dark(picture: Image.Image, box: tuple[float, ...]) -> float:
    """Return the share of dark points of a part of a picture."""
    data = picture.convert("L").crop(tuple(round(side) for side in box)).tobytes()
    return sum(value < 140 for value in data) / max(1, len(data))


def test_a_clerk_adds_files_and_sees_boxes_where_the_words_are(site: Site, page: Page) -> None:
    page.goto(site.base)
    page.get_by_role("link", name="Choose files").click()
    names = ("port-ansel-ordinance-2024-17.pdf", "quillan-county-287g-scan.pdf")
    page.get_by_label("Choose documents, or drop them here").set_input_files([SAMPLES / name for name in names])
    page.get_by_role("button", name="Add", exact=True).click()
    for name in names:
        expect(page.locator(".tasks li.done", has_text=name)).to_be_visible(timeout=60_000)
    for name in names:
        page.goto(f"{site.base}/upload")
        page.get_by_role("link", name=f"look at it ({name})").click()
        page.get_by_role("link", name="Next →").click()
        shown = page.locator(".sheet img")
        expect(shown).to_be_visible()
        drawn = Image.open(io.BytesIO(page.request.get(site.base + str(shown.get_attribute("src"))).body()))
        frame = shown.bounding_box()
        assert frame is not None
        scale = drawn.width / frame["width"]
        assert scale == pytest.approx(drawn.height / frame["height"], rel=0.01)
        boxes = [box for rect in page.locator(".sheet rect").all() if (box := rect.bounding_box()) is not None]
        assert len(boxes) > 5
        for box in boxes:
            left, top = (box["x"] - frame["x"]) * scale, (box["y"] - frame["y"]) * scale
            right, bottom = left + box["width"] * scale, top + box["height"] * scale
            assert dark(drawn, (left, top, right, bottom)) > 0.03
            assert dark(drawn, (0, top, left - 4, bottom)) < 0.01
        page.locator(".sheet a").nth(1).click()
        expect(page.locator("article.current")).to_have_count(1)
        assert page.locator("article.current").get_attribute("data-clause") in page.url


def test_text_is_selected_where_it_stands_on_the_picture(stocked: Site, page: Page) -> None:
    found = page.request.get(f"{stocked.base}/api/documents").json()
    name = next(document["id"].removeprefix("sha256:") for document in found if "port-ansel" in document["source"])
    page.goto(f"{stocked.base}/documents/{name}?page=2")
    page.get_by_role("button", name="Select text on the page").click()
    expect(page.locator(".lines span").first).to_be_attached()
    expect(page.get_by_text("can be selected")).to_be_visible()
    frame, line = page.locator(".sheet img").bounding_box(), page.locator(".lines span", has_text="Complaints.").bounding_box()
    assert frame is not None
    assert line is not None
    drawn = Image.open(io.BytesIO(page.request.get(f"{stocked.base}/documents/{name}/pages/2.png").body()))
    scale = drawn.width / frame["width"]
    left, top = (line["x"] - frame["x"]) * scale, (line["y"] - frame["y"]) * scale
    right, bottom = left + line["width"] * scale, top + line["height"] * scale
    assert dark(drawn, (left, top, right, bottom)) > 0.05
    assert dark(drawn, (right + 6, top, drawn.width, bottom)) < 0.01
    middle = line["y"] + line["height"] / 2
    page.mouse.move(line["x"] + 1, middle)
    page.mouse.down()
    page.mouse.move(line["x"] + line["width"] - 1, middle, steps=5)
    page.mouse.up()
    assert "Complaints" in page.evaluate("getSelection().toString()")
    page.get_by_role("button", name="Select text on the page").click()
    expect(page.locator(".lines")).to_have_count(0)


def press(page: Page, key: str) -> None:
    """Press a key once the page's own script listens."""
    page.wait_for_load_state()
    page.keyboard.press(key)


def test_by_keys_alone_a_clause_is_accepted_undone_corrected_and_undone(stocked: Site, page: Page) -> None:
    page.goto(f"{stocked.base}/documents")
    press(page, "Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    press(page, "Enter")
    press(page, "Tab")
    press(page, "Tab")
    press(page, "Enter")
    page.wait_for_url("**/documents/*")
    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    press(page, "j")
    press(page, "j")
    second = page.locator("article").nth(1)
    expect(second).to_have_class(re.compile("current"))
    press(page, "a")
    expect(page.locator("article.current")).to_contain_text("✓ reviewed")
    press(page, "u")
    expect(page.locator("article.current")).not_to_contain_text("✓ reviewed")
    press(page, "l")
    expect(page.get_by_label("Only clauses with")).to_be_focused()
    page.goto(f"{stocked.base}/review")
    press(page, "?")
    expect(page.get_by_role("dialog")).to_contain_text("save what is ticked")
    press(page, "Escape")
    first = page.locator(".words").inner_text()
    press(page, "1")
    press(page, "s")
    expect(page.locator(".flash")).to_contain_text("Kept:")
    press(page, "u")
    expect(page.locator(".words")).to_have_text(first)
    expect(page.locator(".history")).to_have_count(0)


def test_by_keys_alone_a_wrong_document_is_taken_out(stocked: Site, page: Page) -> None:
    page.goto(f"{stocked.base}/documents")
    title = page.locator("tbody a").first.inner_text()
    page.locator("tbody a").first.click()
    button = page.get_by_role("button", name="Remove it")
    expect(button).to_be_hidden()
    page.locator("#remove summary").focus()
    press(page, "Enter")
    expect(button).to_be_visible()
    press(page, "Tab")
    expect(button).to_be_focused()
    press(page, "Enter")
    page.wait_for_url("**/documents?removed=*")
    expect(page.locator("#said")).to_contain_text(f"Removed: “{title}”")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_by_keys_alone_a_clause_is_split_joined_and_comes_back(stocked: Site, page: Page) -> None:
    found = page.request.get(f"{stocked.base}/api/documents").json()
    name = next(document["id"].removeprefix("sha256:") for document in found if "port-ansel" in document["source"])
    rows = page.request.get(f"{stocked.base}/api/documents/{name}/clauses").json()
    row = next(row for row in rows if len(row["text"].split()) > 40)
    page.goto(f"{stocked.base}/documents/{name}?clause={row['id']}")
    count = page.locator("article").count()
    press(page, "x")
    page.wait_for_url("**/cut")
    press(page, "w")
    for _ in range(11):
        press(page, "ArrowRight")
    second = row["text"].split()[12]
    expect(page.locator(".splits input:checked + span")).to_have_text(second)
    press(page, "Enter")
    page.wait_for_url("**/documents/**")
    expect(page.locator(".flash")).to_contain_text("Split before")
    expect(page.locator("article")).to_have_count(count + 1)
    first = page.locator("article.current")
    expect(first.locator(".words")).to_have_text(" ".join(row["text"].split()[:12]))
    boxes = [page.locator(f"[data-box='{first.get_attribute('data-clause')}'] rect").bounding_box()]
    press(page, "u")
    page.wait_for_url(f"**/documents/{name}?clause={row['id']}*")
    boxes.append(page.locator(f"[data-box='{row['id']}'] rect").bounding_box())
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[0]["height"] < boxes[1]["height"]
    press(page, "x")
    page.wait_for_url("**/cut")
    press(page, "f")
    page.wait_for_url("**/documents/**")
    expect(page.locator(".flash")).to_contain_text("Joined at")
    press(page, "u")
    expect(page.locator(".flash")).to_contain_text("Taken back")
    expect(page.locator("#said")).to_contain_text("Taken back")
    assert [one["id"] for one in page.request.get(f"{stocked.base}/api/documents/{name}/clauses").json()] == [
        one["id"] for one in rows
    ]


def test_a_search_is_narrowed_taken_along_and_compared(stocked: Site, page: Page) -> None:
    page.goto(stocked.base)
    page.get_by_label("Search the clauses").fill("detainer")
    press(page, "Enter")
    page.locator(".facet a", has_text="detainer-limit").click()
    expect(page.locator(".hit").first.locator("mark").first).to_be_visible()
    assert "label=detainer-limit" in page.url
    with page.expect_download() as download:
        page.get_by_role("link", name="Table (CSV)").click()
    assert Path(download.value.path()).read_text(encoding="utf-8-sig").startswith("document,")
    page.locator(".hit h2 a").first.click()
    expect(page.locator("article.current")).to_be_visible()
    page.goto(f"{stocked.base}/compare?by=document")
    page.locator("td a").first.click()
    expect(page.locator(".hit").first).to_be_visible()


def every_page(site: Site, page: Page) -> list[str]:
    documents = page.request.get(f"{site.base}/api/documents").json()
    digests = [document["id"].removeprefix("sha256:") for document in documents]
    pages = ["/", "/?q=detainer", "/?q=((", "/documents", "/upload", "/review", "/compare?by=document", "/compare?by=state"]
    pages += ["/labels", "/models", "/login", "/nothing", f"/diff?old={digests[0]}&new={digests[1]}"]
    for digest in digests[:2]:
        clause = page.request.get(f"{site.base}/api/documents/{digest}/clauses").json()[3]["id"]
        pages += [f"/review/{digest}/{clause}", f"/review/{digest}/{clause}/cut"]
    return [*pages, *(f"/documents/{digest}" for digest in digests)]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
def test_axe_finds_nothing_and_nothing_is_cut_off(stocked: Site, browser: Browser, scheme: str, width: int) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce"
    )
    page = context.new_page()
    for address in every_page(stocked, page):
        page.goto(stocked.base + address)
        for details in page.locator("details").all()[:6]:
            details.evaluate("one => { one.open = true; }")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
        told = [(one["id"], [node["html"][:160] for node in one["nodes"][:2]]) for one in found.response["violations"]]
        assert not told, address
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), address
    context.close()


def test_no_script_of_hostile_text_runs(site: Site, tmp_path: Path, page: Page) -> None:
    digests = hostile.fill(tmp_path / "town.db")
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog opened: {dialog.message}"))
    for address in hostile.addresses(digests[:4]):
        page.goto(site.base + address)
        assert page.evaluate("typeof window.pwned") == "undefined", address
    page.goto(f"{site.base}/upload")
    named = [{"name": text.replace("/", "_"), "mimeType": "text/plain", "buffer": b""} for text in hostile.TEXTS[:5]]
    page.locator("#files").set_input_files(named)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".tasks li")).to_have_count(len(named))
    assert page.evaluate("typeof window.pwned") == "undefined"
