"""Reads the same PDFs with clausedex and its peers in one run: pages a second, ratios, and quality of the text.

    python benchmarks/extract.py FOLDER_OR_FILE... [--gold FOLDER] [--rounds N] [--slow]

Speed is measured on pages whose text layer is kept, and memory over the same files read again and again by one worker. Quality
is the share of common words and, with --gold, the share of the gold clauses' words found in order (FOLDER holds a file
NAME.clauses.jsonl for NAME.pdf). Peers that are not installed are left out. --slow adds the peers that need minutes.
"""

from __future__ import annotations

import argparse
import difflib
import gc
import json
import re
import resource
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from nlp.errors import ReadError
from nlp.extract import Limits, Reader, text
from nlp.extract.pages import read_pdf
from nlp.extract.quality import measure
from nlp.records import Document

Read = Callable[[Path], str]


def pdfium_boxes(path: Path) -> str:
    import pypdfium2

    parts = []
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            layer = page.get_textpage()
            parts.append(layer.get_text_range())
            for at in range(layer.count_chars()):
                layer.get_charbox(at)
            layer.close()
            page.close()
    return "\n".join(parts)


def pdfium_text(path: Path) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(path) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def pdfplumber_words(path: Path) -> str:
    import pdfplumber

    with pdfplumber.open(path) as document:
        return "\n".join(page.extract_text() or "" for page in document.pages)


def pdfminer(path: Path) -> str:
    from pdfminer.high_level import extract_text

    return str(extract_text(path))


def pypdf(path: Path) -> str:
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(path).pages)


def pymupdf(path: Path) -> str:
    import fitz

    with fitz.open(path) as document:
        return "\n".join(page.get_text("words") and page.get_text() for page in document)


def pdftotext(path: Path) -> str:
    return subprocess.run(["pdftotext", "-bbox-layout", path, "-"], capture_output=True, check=True).stdout.decode(
        "utf-8", "replace"
    )


def in_process(path: Path) -> str:
    """Read in this process, without a worker: what reading alone costs."""
    for _ in read_pdf(path, Limits(), None, frozenset()):
        pass
    return ""


def peers(slow: bool) -> dict[str, Read]:
    found: dict[str, Read] = {"pypdfium2, text and boxes": pdfium_boxes, "pypdfium2, text only": pdfium_text}
    if shutil.which("pdftotext"):
        found["pdftotext, boxes"] = pdftotext
    if find_spec("fitz"):
        found["PyMuPDF"] = pymupdf
    if find_spec("pypdf"):
        found["pypdf"] = pypdf
    if slow:
        found |= {"pdfminer.six": pdfminer, "pdfplumber": pdfplumber_words}
    return found


def tokens(words: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", words.lower())


def recall(gold: Path, words: str) -> float:
    rows = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines() if line.strip()]
    wanted = [token for row in rows if row.get("kind") != "contact" for token in tokens(row["text"])]
    matcher = difflib.SequenceMatcher(None, wanted, tokens(words), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / max(1, len(wanted))


def seconds(read: Read, files: list[Path]) -> float:
    gc.collect()
    started = time.perf_counter()
    for path in files:
        read(path)
    return time.perf_counter() - started


def read_all(reader: Reader, files: list[Path]) -> dict[Path, Document]:
    documents = {}
    for path in files:
        try:
            documents[path] = reader.read(path)
        except ReadError as error:
            print(f"{path.name}: {error.code}")
    return documents


def speed(reader: Reader, documents: dict[Path, Document], rounds: int, slow: bool) -> None:
    """Compare the time of the same files round by round, so that a busy machine slows all alike; the median ratio counts."""
    layered = [path for path, found in documents.items() if all(page.method in ("text-layer", "none") for page in found.pages)]
    pages = sum(len(documents[path].pages) for path in layered)
    print(f"\nSpeed on {len(layered)} files of {pages} pages whose text layers are kept")
    readers: dict[str, Read] = {
        "clausedex, in a worker": lambda path: reader.read(path).text,
        "clausedex, reading alone": in_process,
        **peers(slow),
    }
    times: dict[str, list[float]] = {name: [] for name in readers}
    for round_ in range(rounds):
        for name, read in readers.items():
            if round_ == 0 or name not in ("pypdf", "pdfminer.six", "pdfplumber"):
                times[name].append(seconds(read, layered))
    base = times["pypdfium2, text and boxes"]
    print(f"{'reader':28}{'pages/s':>9}{'ratio of time':>15}")
    for name, taken in sorted(times.items(), key=lambda item: min(item[1])):
        ratio = statistics.median(mine / its for mine, its in zip(taken, base, strict=False))
        print(f"{name:28}{pages / min(taken):9.0f}{ratio:15.2f}")


def quality(documents: dict[Path, Document], gold: Path | None, slow: bool) -> None:
    print("\nQuality: share of common words, and of gold words found in order")
    golds = {path: gold / f"{path.stem}.clauses.jsonl" for path in documents} if gold else {}
    for path, document in documents.items():
        kept = golds.get(path)
        if gold and not (kept and kept.exists()):
            continue
        row = {"clausedex": text(document)} | {
            name: attempt(read, path) for name, read in peers(slow).items() if "boxes" not in name
        }
        cells = []
        for name, words in row.items():
            found = f"/{recall(kept, words):.4f}" if kept and kept.exists() else ""
            cells.append(f"{name} {measure(words.split()):.3f}{found}")
        print(f"{path.name[:44]:46}" + "   ".join(cells))


def attempt(read: Read, path: Path) -> str:
    try:
        return read(path)
    except Exception as error:  # noqa: BLE001 - a peer that fails on a file shows the failure in its place
        return type(error).__name__


def memory(reader: Reader, files: list[Path], pages: int) -> None:
    """Read the files over and over with one worker and show its peak at intervals: flat is right."""
    print(f"\nMemory of the worker over {pages} pages (resident now / peak, MB)")
    done = 0
    step = pages // 5
    while done < pages:
        for path in files:
            done += len(reader.read(path).pages)
            if done >= step:
                worker = reader.worker_memory()
                print(f"{done:7} pages  {worker[0]:6.0f} / {worker[1]:.0f}")
                step += pages // 5
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at its peak")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--gold", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=0, help="pages of the memory run; 0 leaves it out")
    parser.add_argument("--slow", action="store_true")
    choice = parser.parse_args()
    files = [file for path in choice.paths for file in (sorted(path.rglob("*.pdf")) if path.is_dir() else [path])]
    with Reader(recycle=1_000_000) as reader:
        documents = read_all(reader, files)
        speed(reader, documents, choice.rounds, choice.slow)
        quality(documents, choice.gold, choice.slow)
        if choice.pages:
            layered = [path for path, found in documents.items() if all(page.method == "text-layer" for page in found.pages)]
            memory(reader, layered, choice.pages)


if __name__ == "__main__":
    main()
