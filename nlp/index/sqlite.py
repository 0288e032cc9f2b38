"""Keeps an index in one SQLite file; the only room that imports sqlite3."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from nlp.errors import StoreError
from nlp.index import fast
from nlp.index.columnar import Columnar, tallies
from nlp.index.columns import Columns, Table
from nlp.index.condition import Plan, Sql
from nlp.index.database import Row
from nlp.index.engine import Engine
from nlp.index.fast import FastIndex, Found
from nlp.index.fts import expression
from nlp.index.listing import Listed
from nlp.index.schema import APPLICATION_ID, MIGRATIONS
from nlp.index.snippets import START, STOP, excerpt
from nlp.index.tree import Node

if TYPE_CHECKING:
    from nlp.index.columns import Real, Whole

BUSY_SECONDS = 30
_MANY = 20_000
"""Rows taken at once where a statement gives one for each provision."""

_SCORE = "-bm25(search, 1.0, 2.0, 1.0)"
"""Text, heading, lead-in: a word of the heading counts double."""


class SqliteStore(Engine):
    """An index in one file, in write-ahead mode: readers and one writer do not wait for each other."""

    contains = "instr"
    gathers = "group_concat"

    def __init__(
        self, path: str | Path, *, create: bool = False, read_only: bool = False, columns: Columns | None = None
    ) -> None:
        self.path = Path(path)
        self._columns = columns
        if not self.path.is_file() and not (create and not read_only):
            raise StoreError(f"there is no index at {self.path}; make one with: clausedex index PATH... --db {self.path}")
        self._fast: tuple[str, FastIndex] | None = None
        self.connection = self._connect(read_only=read_only)
        try:
            self._prepare(create=create, read_only=read_only)
        except BaseException:
            self.connection.close()
            raise

    def _connect(self, *, read_only: bool) -> sqlite3.Connection:
        try:
            location = f"file:{quote(str(self.path.absolute()))}"
            connection = sqlite3.connect(
                f"{location}?mode={'ro' if read_only else 'rwc'}",
                uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False,
            )  # fmt: skip
            if read_only and not _answers(connection):
                connection.close()
                connection = sqlite3.connect(
                    f"{location}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=False
                )
        except sqlite3.Error as error:
            folder = self.path.absolute().parent
            reason = error if folder.is_dir() else f"there is no folder {folder}"
            raise StoreError(f"{self.path} cannot be opened: {reason}") from error
        connection.row_factory = _row
        return connection

    def _prepare(self, *, create: bool, read_only: bool) -> None:
        self.run("PRAGMA foreign_keys = ON")
        self.run("PRAGMA cache_size = -65536")
        self.run("PRAGMA temp_store = MEMORY")
        application, version = (int(self.run(f"PRAGMA {name}")[0][name]) for name in ("application_id", "user_version"))
        if application != APPLICATION_ID:
            if application or version or self.run("SELECT name FROM sqlite_master LIMIT 1"):
                raise StoreError(f"{self.path} is a SQLite file, but not an index of clausedex")
            if read_only or not create:
                raise StoreError(f"{self.path} is empty; make an index with: clausedex index PATH... --db {self.path}")
        if version > len(MIGRATIONS):
            raise StoreError(f"{self.path} was made by a newer clausedex (schema {version}, this one knows {len(MIGRATIONS)})")
        if version < len(MIGRATIONS):
            if read_only:
                raise StoreError(
                    f"{self.path} is of schema {version}, of an older clausedex; clausedex index PATH... --db {self.path}"
                    " brings it up to date, and reads nothing that is unchanged"
                )
            self._migrate()
        if not read_only:
            self.run("PRAGMA synchronous = NORMAL")

    def _migrate(self) -> None:
        self.run("PRAGMA journal_mode = WAL")
        with self.writing():
            version = int(self.run("PRAGMA user_version")[0]["user_version"])
            for step in MIGRATIONS[version:]:
                for statement in _statements(step):
                    self.run(statement)
            self.run(f"PRAGMA application_id = {APPLICATION_ID}")
            self.run(f"PRAGMA user_version = {len(MIGRATIONS)}")

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run a statement and return its rows."""
        try:
            return self.connection.execute(sql, values).fetchall()
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            raise self._wrapped(error) from error

    def many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each sequence of values."""
        try:
            self.connection.executemany(sql, values)
        except (sqlite3.Error, OverflowError, UnicodeEncodeError) as error:
            raise self._wrapped(error) from error

    def _wrapped(self, error: Exception) -> StoreError:
        if "locked" in str(error):
            return StoreError(f"{self.path} is locked by another process that has been writing for {BUSY_SECONDS} s; try again")
        if "not a database" in str(error):
            return StoreError(f"{self.path} is not an index: it is no SQLite file")
        return StoreError(f"{self.path}: {error}")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run the block in one transaction that no other writer interrupts."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("UPDATE revision SET number = number + 1")
            self.run("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                self.connection.execute("ROLLBACK")
            raise

    def quick(self, node: Node, limit: int, offset: int, *, facets: bool) -> Found | None:
        """Answer from the derived index if there is one of the present revision that can."""
        revision = self.revision()
        if self._fast is None or self._fast[0] != revision:
            self._fast = fast.opened(self.path, revision, self._documents)
        if self._fast is None or not fast.answers(node):
            return None
        return self._fast[1].search(node, limit, offset, facets=facets)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Run the block so that all its statements see the index as it was at the first one."""
        if self.connection.in_transaction:
            yield
            return
        self.run("BEGIN")
        try:
            yield
        finally:
            self.run("COMMIT")

    def listed(self, plan: Plan, limit: int, offset: int, *, facets: bool, fold: bool) -> Listed | None:
        """List what a search finds from the columns in memory, if this store was given any; to be called while `reading`."""
        table = self._table()
        if table is None:
            return None
        return Columnar(table, self._scores, self._documents, self._provisions).listed(
            plan, limit, offset, facets=facets, fold=fold
        )

    def tallies(self) -> dict[str, dict[tuple[str, ...], int]]:
        """Return, for each path, how many provisions have each set of labels, those without labels left out."""
        with self.reading():
            table = self._table()
            if table is None:
                return super().tallies()
            paths = [str(row["path"]) for row in self.run("SELECT path FROM documents ORDER BY path")]
        return {path: found for path, found in zip(paths, tallies(table), strict=True) if found}

    def _table(self) -> Table | None:
        """Return the columns in memory as of the present revision, if this store was given any; to be called while `reading`."""
        if self._columns is None:
            return None
        identity, number = self.revision().split(" ")
        return self._columns.table(identity, int(number), self._some)

    def _some(self, sql: str, values: Sequence[Any]) -> Iterator[list[tuple[Any, ...]]]:
        """Run a statement and yield its rows as tuples, some thousand at a time."""
        try:
            cursor = self.connection.cursor()
            cursor.row_factory = None
            cursor.execute(sql, values)
            while rows := cursor.fetchmany(_MANY):
                yield rows
        except sqlite3.Error as error:
            raise self._wrapped(error) from error

    def _scores(self, node: Node, among: Whole | None) -> tuple[Whole, Real]:
        """Return the keys of the provisions that match a tree of text, each with its score, of some keys or of all."""
        import numpy as np

        sql, values = f"SELECT rowid, {_SCORE} FROM search WHERE search MATCH ?", [expression(node)]
        if among is not None:  # the plus keeps FTS5 from looking for each key anew
            sql, values = f"{sql} AND +rowid IN (SELECT value FROM json_each(?))", [*values, json.dumps(among.tolist())]
        parts = [np.zeros((0, 2)), *map(np.array, self._some(sql, values))]
        keys, scores = np.concatenate(parts).T
        return keys.astype(np.int64), scores

    def _provisions(self, node: Node) -> list[int]:
        """Return the keys of the provisions that a condition holds for."""
        where = self.condition(node)
        return [
            int(key) for some in self._some(f"SELECT p.key FROM provisions p WHERE {where.sql}", where.values) for (key,) in some
        ]

    def _documents(self, node: Node) -> list[int]:
        """Return the keys of the documents that a condition on documents holds for."""
        where = self.condition(node)
        sql = f"SELECT p.document FROM (SELECT key AS document FROM documents) p WHERE {where.sql}"
        return [int(row["document"]) for row in self.run(sql, where.values)]

    def match(self, node: Node) -> Sql:
        """Return the condition that a provision's text matches a tree of text."""
        return Sql("p.key IN (SELECT rowid FROM search WHERE search MATCH ?)", (expression(node),))

    def ranked(self, node: Node) -> tuple[Sql, Sql, str]:
        """Return the full-text table joined to provisions, the match and BM25."""
        source = Sql("search CROSS JOIN provisions p ON p.key = search.rowid")
        return source, Sql("search MATCH ?", (expression(node),)), _SCORE

    def scored(self, node: Node) -> tuple[Sql, str]:
        """Return provisions with the BM25 of those that match."""
        scores = f"SELECT rowid AS key, {_SCORE} AS score FROM search WHERE search MATCH ?"
        return Sql(f"provisions p LEFT JOIN ({scores}) r ON r.key = p.key", (expression(node),)), "coalesce(r.score, 0.0)"

    def marked(self, node: Node, texts: Mapping[int, str]) -> Mapping[int, str]:
        """Return the stretch of each text with the most hits, as FTS5 marks them."""
        found = self.run(
            "SELECT rowid AS key, highlight(search, 0, ?, ?) AS marked FROM search"
            " WHERE search MATCH ? AND rowid IN (SELECT value FROM json_each(?))",
            (START, STOP, expression(node), json.dumps(list(texts))),
        )
        return {int(row["key"]): excerpt(str(row["marked"])) for row in found}

    def close(self) -> None:
        """Let go of the file, its statistics for the query planner refreshed."""
        with suppress(sqlite3.Error):
            self.connection.execute("PRAGMA optimize")
        self.connection.close()


def _row(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> Row:
    return {column[0]: value for column, value in zip(cursor.description, values, strict=True)}


def _answers(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        return False
    return True


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements, so that they run inside the caller's transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
