"""Keeps an index in a PostgreSQL database, for many users at once; the only room that imports psycopg."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from nlp.errors import MissingComponentError, StoreError
from nlp.index import rows, tsquery
from nlp.index.condition import Sql
from nlp.index.database import Row
from nlp.index.engine import Engine
from nlp.index.schema import APPLICATION_ID, POSTGRES_MIGRATIONS
from nlp.index.snippets import mark_each
from nlp.index.tree import Node

_SCORE = "ts_rank('{0.1, 0.1, 0.1, 0.2}', p.vector, q.wanted, 1)"
"""A word of the heading counts double; longer clauses count less. Scores are not comparable with SQLite's."""
_OWN_TABLES = "SELECT to_regclass('clausedex_schema') IS NOT NULL AS made, to_regclass('ledger') IS NOT NULL AS taken"


class PostgresStore(Engine):
    """An index in the first schema of a database's search path. Writers wait for each other; readers never wait."""

    contains = "strpos"
    gathers = "string_agg"

    def __init__(self, address: str, *, create: bool = False, read_only: bool = False) -> None:
        try:
            import psycopg
            from psycopg.rows import dict_row
        except ImportError as error:
            raise MissingComponentError("PostgreSQL needs a package: pip install 'clausedex[postgres]'") from error
        self._failure = psycopg.Error
        self.name = re.sub(r"//[^@/]*@", "//", address.partition("?")[0])
        try:
            self.connection = psycopg.connect(address, autocommit=True, row_factory=dict_row)
        except (psycopg.Error, UnicodeError) as error:
            raise StoreError(f"{self.name} cannot be opened: {str(error).strip()}") from error
        try:
            self._prepare(create=create and not read_only)
            self.connection.read_only = read_only
        except BaseException:
            self.connection.close()
            raise

    def _prepare(self, *, create: bool) -> None:
        state = self.run(_OWN_TABLES)[0]
        if not state["made"] and not create:
            raise StoreError(f"there is no index in {self.name}; make one with: clausedex index PATH... --db {self.name}")
        if not state["made"] and state["taken"]:
            raise StoreError(f"{self.name} has a table named ledger that is not an index of clausedex")
        if create:
            with self.writing():
                self.run("CREATE TABLE IF NOT EXISTS clausedex_schema (version BIGINT PRIMARY KEY)")
                for number in range(self._version(), len(POSTGRES_MIGRATIONS)):
                    self.run(POSTGRES_MIGRATIONS[number])
                    self.run("INSERT INTO clausedex_schema (version) VALUES (?)", (number + 1,))
        known, version = len(POSTGRES_MIGRATIONS), self._version()
        if version > known:
            raise StoreError(f"{self.name} was made by a newer clausedex (schema {version}, this one knows {known})")
        if version < known:
            raise StoreError(f"{self.name} is of schema {version}; open it once with clausedex index to bring it up to date")

    def _version(self) -> int:
        return int(self.run("SELECT coalesce(max(version), 0) AS version FROM clausedex_schema")[0]["version"])

    def run(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run a statement and return its rows."""
        try:
            cursor = self.connection.execute(sql.replace("?", "%s").encode(), values or None)
            return list(cursor.fetchall()) if cursor.description is not None else []
        except (self._failure, UnicodeError) as error:
            raise StoreError(f"{self.name}: {str(error).strip()}") from error

    def many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run a statement once for each sequence of values."""
        try:
            with self.connection.cursor() as cursor:
                cursor.executemany(sql.replace("?", "%s").encode(), values)
        except (self._failure, UnicodeError) as error:
            raise StoreError(f"{self.name}: {str(error).strip()}") from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Run the block in one transaction that no other writer interrupts."""
        with self.connection.transaction():
            self.run("SELECT pg_advisory_xact_lock(?)", (APPLICATION_ID,))
            yield
            self.run("UPDATE revision SET number = number + 1")

    def add(self, values: Sequence[tuple[Any, ...]]) -> None:
        """Insert rows of provisions with the vectors that full text goes by."""
        heading, lead_in, text = (rows.PROVISION.index(name) for name in ("heading", "lead_in", "text"))
        names = rows.columns((*rows.PROVISION, "vector"))
        self.many(
            f"INSERT INTO provisions ({names}) VALUES ({', '.join('?' * len(rows.PROVISION))}, ?::tsvector)",
            [(*row, tsquery.vector(row[heading], row[lead_in], row[text])) for row in values],
        )

    def match(self, node: Node) -> Sql:
        """Return the condition that a provision's text matches a tree of text."""
        return Sql("p.vector @@ ?::tsquery", (tsquery.expression(node),))

    def ranked(self, node: Node) -> tuple[Sql, Sql, str]:
        """Return provisions beside the query, the match and the rank."""
        source, score = self.scored(node)
        return source, Sql("p.vector @@ q.wanted"), score

    def scored(self, node: Node) -> tuple[Sql, str]:
        """Return provisions beside the query and the rank, 0 for those that match nothing."""
        source = "(SELECT ?::tsquery AS wanted) q CROSS JOIN provisions p"
        return Sql(source, (tsquery.expression(node),)), _SCORE

    def marked(self, node: Node, texts: Mapping[int, str]) -> Mapping[int, str]:
        """Return the stretch of each text with the most hits."""
        return mark_each(node, texts)

    def close(self) -> None:
        """Let go of the connection."""
        self.connection.close()
