"""Print what the datasheet says of the drafted corpus: size, manners, labels, length, near-duplicates, vocabulary, pairs.

Run: python corpora/describe.py [FOLDER]
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

from datasketch import MinHash, MinHashLSH

from nlp.classify.corpus import read_rows

WINDOW = 1000
"""Words in a window of the moving type-token ratio (Covington and McFall, 2010): independent of the corpus's length."""

NEAR = 0.7
"""Jaccard similarity of word 3-grams from which two clauses count as near-duplicates."""


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "clauses"
    rows = [row for file in sorted(folder.glob("*.jsonl")) for _, row in read_rows(file)]
    lengths = sorted(len(row["text"].split()) for row in rows)
    labels = Counter(label for row in rows for label in row["labels"])
    unlabelled = sum(not row["labels"] for row in rows)
    print(f"clauses {len(rows)}, documents {len({row['document'] for row in rows})}, without a label {unlabelled}")
    print("manners", dict(Counter(row["manner"] for row in rows).most_common()))
    print("splits", dict(Counter(row["split"] for row in rows)))
    print("modality", dict(Counter(row["modality"] for row in rows).most_common()))
    print("labels a clause", dict(sorted(Counter(len(row["labels"]) for row in rows).items())))
    quarter = len(lengths) // 4
    print(f"words a clause: quartiles {lengths[quarter]}, {lengths[2 * quarter]}, {lengths[3 * quarter]}, longest {lengths[-1]}")
    print(f"near-duplicates (3-gram Jaccard >= {NEAR}): {near_duplicates(rows):.2%} of clauses")
    print(f"moving type-token ratio ({WINDOW} words): {type_token_ratio(rows):.3f}")
    print("label pairs", [(f"{a} + {b}", n) for (a, b), n in pairs(rows).most_common(12)])
    for label, count in labels.most_common():
        print(f"  {label:24s} {count:5d} in {len({row['manner'] for row in rows if label in row['labels']})} manners")


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def near_duplicates(rows: list[dict[str, Any]]) -> float:
    """Return the share of clauses of eight words or more that have a near-duplicate, by MinHash (Broder, 1997)."""
    index = MinHashLSH(threshold=NEAR, num_perm=64)
    hashed: dict[str, MinHash] = {}
    for number, row in enumerate(rows):
        tokens = words(row["text"])
        if len(tokens) >= 8:
            sketch = MinHash(num_perm=64)
            sketch.update_batch([" ".join(tokens[i : i + 3]).encode() for i in range(len(tokens) - 2)])
            hashed[str(number)] = sketch
            index.insert(str(number), sketch)
    close = sum(
        any(other != key and sketch.jaccard(hashed[other]) >= NEAR for other in index.query(sketch))
        for key, sketch in hashed.items()
    )
    return close / max(1, len(hashed))


def type_token_ratio(rows: list[dict[str, Any]]) -> float:
    stream = [word for row in rows for word in words(row["text"])]
    starts = range(0, max(1, len(stream) - WINDOW), WINDOW // 4)
    ratios = [len(set(stream[start : start + WINDOW])) / WINDOW for start in starts]
    return sum(ratios) / len(ratios)


def pairs(rows: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    return Counter(pair for row in rows for pair in combinations(sorted(row["labels"]), 2))


if __name__ == "__main__":
    main()
