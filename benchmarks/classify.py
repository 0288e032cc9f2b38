"""Measure the classifier: clauses a second on one core, time to load, size on disk.

Run: python benchmarks/classify.py [CLAUSES.jsonl]   (by default the drafted corpus that ships)
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

from nlp.classify import Classifier
from nlp.classify.corpus import clause_text, read_rows
from nlp.classify.model import shipped_model

ROUNDS = 3


def main() -> None:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "corpora" / "clauses"
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    clauses = [clause_text(row) for file in files for _, row in read_rows(file)]
    begun = time.perf_counter()
    model = Classifier.load()
    model.predict(clauses[:1])
    loaded = time.perf_counter() - begun
    predict = best_of(lambda: model.predict(clauses))
    explained = clauses[:1000]
    full = best_of(lambda: model.rows([{"id": 0, "text": c.text, "lead_in": c.lead_in, "heading": c.heading} for c in explained]))
    words = sum(len(clause.text.split()) + len(clause.lead_in.split()) for clause in clauses)
    size = sum(file.stat().st_size for file in shipped_model().iterdir())
    print(f"{len(clauses)} clauses, {words / len(clauses):.0f} words each with lead-in")
    print(f"labels, direction and modality   {len(clauses) / predict:8.0f} clauses/s")
    print(f"with conditions and explanation  {len(explained) / full:8.0f} clauses/s")
    print(f"load and first clause            {loaded:8.2f} s")
    print(f"model on disk                    {size / 1e6:8.1f} MB")


def best_of(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return min(times)


if __name__ == "__main__":
    main()
