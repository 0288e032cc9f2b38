"""Holds in memory what searches count and sort by, one row for each provision; knows nothing of queries.

Stores of one process share it: what was read once is kept, and after a change only the documents that it touched are read anew.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Whole: TypeAlias = npt.NDArray[np.int64]
    Real: TypeAlias = npt.NDArray[np.float64]
    Truth: TypeAlias = npt.NDArray[np.bool_]
    Columned: TypeAlias = Mapping[str, Whole]

Read = Callable[[str, Sequence[Any]], Iterator[Sequence[tuple[Any, ...]]]]
"""Runs a statement and yields its rows, some thousands at a time, each as a tuple."""

NUMBERS = ("key", "document", "position", "fingerprint")
BY_PROVISION = ("stance", "modality")
BY_DOCUMENT = ("jurisdiction", "kind", "year")
_LABELLED = ("labelled", "label")
_ALL = (*NUMBERS, *BY_PROVISION, *_LABELLED)
_MANY = 200
"""From so many touched documents on everything is read anew."""

_PROVISIONS = "SELECT key, document, position, fingerprint, stance, modality FROM provisions"
_LABELS = "SELECT provision, name FROM labels"
_DOCUMENTS = "SELECT key, jurisdiction, kind, substr(date, 1, 4) FROM documents ORDER BY path"
_TOUCHED = "SELECT document FROM touched WHERE number > ?"


class Names:
    """Numbers for names, in the order they were first seen; a name that is missing is ``unknown``."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str | None, int] = {}

    def of(self, found: Sequence[str | None]) -> Whole:
        """Return the number of each name."""
        import numpy as np

        for name in dict.fromkeys(found):
            if name not in self._numbers:
                known = name or "unknown"
                if known not in self.names:
                    self.names.append(known)
                self._numbers[name] = self.names.index(known)
        return np.fromiter(map(self._numbers.__getitem__, found), np.int64, len(found))

    def numbered(self, names: Iterable[str]) -> list[int]:
        """Return the numbers of names, those never seen left out."""
        return [self._numbers[name] for name in names if name in self._numbers]

    def counted(self, numbers: Whole, weights: Whole | None = None) -> dict[str, int]:
        """Return how often each name stands, the most frequent first, those that do not stand left out."""
        import numpy as np

        counts = np.bincount(numbers, weights).astype(np.int64).tolist()
        found = {self.names[number]: count for number, count in enumerate(counts) if count}
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class Table:
    """The columns of one revision, in order of key; nothing in it is ever changed.

    `columns` has those of provisions. `labelled` gives the row of a provision and `label` one of its labels. `documents` are
    keys in order of path, `told` what is known of each; `path` is the place of a provision's document among them and `place` the
    rank of a provision by path and position. Near-identical provisions have the same number in `fold`, below `folds`.
    """

    names: Mapping[str, Names]
    columns: Columned
    labelled: Whole
    label: Whole
    documents: Whole
    told: Columned
    path: Whole
    place: Whole
    fold: Whole
    folds: int

    def rows(self, keys: Whole) -> Whole:
        """Return the row of each key; all of them are in the table."""
        import numpy as np

        return np.searchsorted(self.columns["key"], keys)


class Columns:
    """The table of the present revision, made when it is asked for; stores in several threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._identity = ""
        self._number = -1
        self._table: Table | None = None

    def table(self, identity: str, number: int, read: Read) -> Table | None:
        """Return the table of a revision, read by `read` within one transaction; None where a later one is held already."""
        with self._lock:
            known = self._table if self._identity == identity else None
            if known is not None and self._number >= number:
                return known if self._number == number else None
            table = _made(read) if known is None else _renewed(known, self._number, read)
            self._identity, self._number, self._table = identity, number, table
            return table


def _made(read: Read) -> Table:
    names = {name: Names() for name in (*BY_PROVISION, *BY_DOCUMENT, "label")}
    return _sorted(names, _joined(_parts(names, read, _PROVISIONS, _LABELS)), read)


def _renewed(table: Table, number: int, read: Read) -> Table:
    """Return a table with the documents read anew that were touched since a revision."""
    import numpy as np

    touched = [int(row[0]) for rows in read(_TOUCHED, (number,)) for row in rows]
    if len(touched) >= _MANY:
        return _made(read)
    stays = ~np.isin(table.columns["document"], touched)
    kept = stays[table.labelled]
    parts: list[Columned] = [
        {name: column[stays] for name, column in table.columns.items()},
        {"labelled": table.columns["key"][table.labelled[kept]], "label": table.label[kept]},
    ]
    of = " WHERE document = ?"
    labels = f"{_LABELS} WHERE provision IN (SELECT key FROM provisions{of})"
    for document in touched:
        parts.extend(_parts(table.names, read, f"{_PROVISIONS}{of}", labels, (document,)))
    return _sorted(table.names, _joined(parts), read)


def _parts(
    names: Mapping[str, Names], read: Read, provisions: str, labels: str, values: Sequence[Any] = ()
) -> Iterator[Columned]:
    """Read columns of provisions, then of their labels, some thousand rows at a time."""
    import numpy as np

    for sql, columns in ((provisions, (*NUMBERS, *BY_PROVISION)), (labels, _LABELLED)):
        for rows in read(sql, values):
            yield {
                name: names[name].of(column) if name in names else np.array(column, np.int64)
                for name, column in zip(columns, zip(*rows, strict=True), strict=True)
            }


def _joined(parts: Iterable[Columned]) -> Columned:
    import numpy as np

    found: dict[str, list[Whole]] = {name: [np.zeros(0, np.int64)] for name in _ALL}
    for part in parts:
        for name, column in part.items():
            found[name].append(column)
    return {name: np.concatenate(columns) for name, columns in found.items()}


def _sorted(names: Mapping[str, Names], found: Columned, read: Read) -> Table:
    """Sort what was read and rank it."""
    import numpy as np

    listed = [row for rows in read(_DOCUMENTS, ()) for row in rows]
    keys, *told = zip(*listed, strict=True) if listed else ((), (), (), ())
    documents = np.array(keys, np.int64)
    order = np.argsort(found["key"], kind="stable")
    columns = {name: found[name][order] for name in (*NUMBERS, *BY_PROVISION)}
    by_key = np.argsort(documents)
    path = by_key[np.searchsorted(documents, columns["document"], sorter=by_key)]
    ranked = np.lexsort((columns["position"], path))
    place = np.empty_like(ranked)
    place[ranked] = np.arange(len(ranked))
    folds, fold = np.unique(columns["fingerprint"], return_inverse=True)
    return Table(
        names, columns, np.searchsorted(columns["key"], found["labelled"]), found["label"], documents,
        {name: names[name].of(column) for name, column in zip(BY_DOCUMENT, told, strict=True)}, path, place, fold, len(folds),
    )  # fmt: skip
