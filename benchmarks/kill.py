"""Kill a run over made files at many random moments, resume each, and compare the index with that of a clean run.

    python benchmarks/kill.py [--points 50] [--files 200] [--jobs 2] [--seed 1]

The moments lie all over the run, a random instant after a random number of files. Ends with exit code 1 where an index differs.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.batch import killing


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("points", 50), ("files", 200), ("jobs", 2), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    different = 0
    with tempfile.TemporaryDirectory() as scratch:
        folder, clean = Path(scratch, "made"), Path(scratch, "clean.db")
        killing.make(folder, asked.files)
        killing.whole(folder, clean, asked.jobs)
        wanted = killing.content(clean)
        print(f"a clean run: {len(wanted[0])} files, {len(wanted[2])} provisions", flush=True)
        for number, (files, delay) in enumerate(killing.moments(asked.points, asked.files, asked.seed), 1):
            db = Path(scratch, f"{number}.db")
            reached = killing.killed(folder, db, asked.jobs, files, delay)
            killing.whole(folder, db, asked.jobs)
            same = killing.content(db) == wanted
            different += not same
            print(f"{number:3}  killed with {reached:3} files done: {'the same' if same else 'DIFFERENT'}", flush=True)
    print(f"{asked.points - different} of {asked.points} the same")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
