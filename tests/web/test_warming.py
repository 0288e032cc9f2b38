"""What pages ask for first is ready once the index is quiet, and follows its changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from nlp.index import Store, open_store
from nlp.web.kept import Kept
from nlp.web.warming import Warmer
from tests.index import making


def eventually(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 30
    while not true() and time.monotonic() < until:
        time.sleep(0.05)
    return true()


def test_it_is_warmed_at_the_start_and_after_each_change(tmp_path: Path) -> None:
    db = str(tmp_path / "town.db")
    seen: list[int] = []
    with open_store(db, create=True) as store:
        warmer = Warmer(db, lambda found: seen.append(sum(1 for _ in found.documents())))
        warmer.start()
        assert eventually(lambda: seen == [0])
        making.save(store, "a.pdf", [making.provision("a.pdf", 1, "The town pays.")])
        assert eventually(lambda: seen == [0, 1])
        warmer.close()
    assert seen == [0, 1]


def test_an_index_that_is_gone_ends_nothing(tmp_path: Path) -> None:
    seen: list[Store] = []
    warmer = Warmer(str(tmp_path / "later.db"), seen.append)
    warmer.start()
    with open_store(str(tmp_path / "later.db"), create=True):
        assert eventually(lambda: len(seen) == 1)
    warmer.close()


def test_who_asks_while_an_answer_is_made_waits_for_it_and_it_is_made_once(tmp_path: Path) -> None:
    made: list[int] = []
    begun, go_on = threading.Event(), threading.Event()

    def make() -> int:
        made.append(1)
        begun.set()
        go_on.wait(30)
        return len(made)

    kept, answers = Kept(), []
    with open_store(str(tmp_path / "town.db"), create=True) as store:
        askers = [threading.Thread(target=lambda: answers.append(kept.get(store, "key", make))) for _ in range(3)]
        askers[0].start()
        assert begun.wait(30)
        for asker in askers[1:]:
            asker.start()
        go_on.set()
        for asker in askers:
            asker.join(30)
        assert answers == [1, 1, 1]
        making.save(store, "a.pdf", [])
        assert kept.get(store, "key", make) == 2
