"""Measures how many clauses a second the segmenter makes on one core, on drafted law of several layouts."""

from __future__ import annotations

import argparse
import json
import time

from nlp.segment import document_of_text, facts, segment

SENTENCE = (
    "the custodian shall record the request, notify the person in a language the person understands, and keep the record for "
    "three years, except as section 4 of this title provides otherwise"
)


def statute(sections: int) -> str:
    """Draft a code of numbered sections with nested items."""
    parts = []
    for number in range(1, sections + 1):
        parts.append(f"§ 12-{number}. Records of requests.")
        for letter in "abc":
            parts.append(f"({letter}) When a request arrives, {SENTENCE}:")
            parts.extend(f"({item}) {SENTENCE.capitalize()};" for item in (1, 2, 3))
    return "\n\n".join(parts)


def wrapped(paragraphs: int) -> str:
    """Draft an agreement of hard-wrapped paragraphs under Roman headings."""
    numerals = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    parts = []
    for number in range(paragraphs):
        if number % 5 == 0:
            parts.append(f"{numerals[number // 5 % 10]}. RESPONSIBILITIES OF THE PARTIES")
        words = f"In case {number}, {SENTENCE}. Thereafter {SENTENCE}.".split()
        parts.append("\n".join(" ".join(words[at : at + 14]) for at in range(0, len(words), 14)))
    return "\n\n".join(parts)


def main() -> None:
    """Print clauses a second and, for hostile text, seconds a megabyte."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=400)
    size = parser.parse_args().size
    result: dict[str, float] = {}
    for name, text in (("statute", statute(size)), ("wrapped", wrapped(size * 8))):
        document = document_of_text(text)
        start = time.perf_counter()
        segmentation = segment(document)
        result[f"{name} clauses/s"] = round(len(segmentation.clauses) / (time.perf_counter() - start))
        start = time.perf_counter()
        facts(document, segmentation)
        result[f"{name} facts s/MB"] = round((time.perf_counter() - start) / len(text) * 1e6, 2)
    for name, unit in (
        ("parentheses", "("),
        ("numerals", "I. "),
        ("numeral lines", "I.\n"),
        ("newlines", "\n"),
        ("brackets", "[a"),
    ):
        for size_kb in (250, 1000):
            document = document_of_text(unit * (size_kb * 1000 // len(unit)))
            start = time.perf_counter()
            segment(document)
            result[f"{name} {size_kb} kB s"] = round(time.perf_counter() - start, 2)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
