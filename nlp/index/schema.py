"""The tables of an index and how older indexes are brought up to date; knows nothing of what fills them.

To change the tables, append a step to `MIGRATIONS` for SQLite and the like for PostgreSQL; never edit a step that was released.
"""

from __future__ import annotations

APPLICATION_ID = 0x636C6478
"""``cldx`` in the header of the SQLite file tells an index from any other database."""

_TABLES = """
CREATE TABLE ledger (
    path TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'failed')),
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    seconds {real} NOT NULL,
    pages {integer} NOT NULL,
    ocr_pages {integer} NOT NULL,
    size {integer} NOT NULL,
    mtime_ns {integer} NOT NULL,
    versions TEXT NOT NULL
){strict};
CREATE TABLE documents (
    key {integer} PRIMARY KEY,
    path TEXT NOT NULL UNIQUE REFERENCES ledger (path) ON DELETE CASCADE,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    format TEXT NOT NULL,
    title TEXT,
    kind TEXT,
    jurisdiction TEXT,
    state TEXT,
    agency TEXT,
    date TEXT,
    partial {integer} NOT NULL,
    facts TEXT NOT NULL,
    problems TEXT NOT NULL,
    pages TEXT NOT NULL,
    text TEXT NOT NULL,
    search_names TEXT NOT NULL,
    search_place TEXT NOT NULL
){strict};
CREATE INDEX documents_id ON documents (id);
CREATE TABLE provisions (
    key {integer} PRIMARY KEY,
    document {integer} NOT NULL REFERENCES documents (key) ON DELETE CASCADE,
    position {integer} NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    heading TEXT NOT NULL,
    lead_in TEXT,
    text TEXT NOT NULL,
    start {integer} NOT NULL,
    "end" {integer} NOT NULL,
    pages TEXT NOT NULL,
    boxes TEXT NOT NULL,
    kind TEXT NOT NULL,
    struck TEXT,
    added TEXT NOT NULL,
    stance TEXT NOT NULL,
    modality TEXT NOT NULL,
    conditions TEXT NOT NULL,
    cues TEXT NOT NULL,
    model TEXT NOT NULL,
    actor TEXT,
    exception_to TEXT,
    abstained {integer} NOT NULL,
    guesses TEXT NOT NULL,
    reviewed {integer} NOT NULL,
    fingerprint {integer} NOT NULL{vector}
){strict};
CREATE INDEX provisions_document ON provisions (document, position);
CREATE INDEX provisions_id ON provisions (id);
CREATE INDEX provisions_fingerprint ON provisions (fingerprint);
CREATE TABLE labels (
    provision {integer} NOT NULL REFERENCES provisions (key) ON DELETE CASCADE,
    position {integer} NOT NULL,
    name TEXT NOT NULL,
    score {real} NOT NULL,
    PRIMARY KEY (provision, position)
){keyed};
CREATE INDEX labels_name ON labels (name, provision);
CREATE TABLE conditions (
    type TEXT NOT NULL,
    provision {integer} NOT NULL REFERENCES provisions (key) ON DELETE CASCADE,
    PRIMARY KEY (type, provision)
){keyed};
CREATE INDEX conditions_provision ON conditions (provision);
CREATE TABLE corrections (
    document_id TEXT NOT NULL,
    clause_id TEXT NOT NULL,
    text TEXT NOT NULL,
    labels TEXT NOT NULL,
    stance TEXT NOT NULL,
    modality TEXT NOT NULL,
    note TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    PRIMARY KEY (document_id, clause_id)
){strict};
"""

SQLITE_TABLES = _TABLES.format(real="REAL", integer="INTEGER", strict=" STRICT", keyed=" STRICT, WITHOUT ROWID", vector="")
POSTGRES_TABLES = _TABLES.format(
    real="DOUBLE PRECISION", integer="BIGINT", strict="", keyed="", vector=",\n    vector TSVECTOR NOT NULL"
).replace("TEXT", 'TEXT COLLATE "C"')

_SQLITE_SEARCH = """
CREATE VIRTUAL TABLE search USING fts5 (
    text, heading, lead_in, content = 'provisions', content_rowid = 'key', tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER provisions_inserted AFTER INSERT ON provisions BEGIN
    INSERT INTO search (rowid, text, heading, lead_in) VALUES (new.key, new.text, new.heading, new.lead_in);
END;
CREATE TRIGGER provisions_deleted AFTER DELETE ON provisions BEGIN
    INSERT INTO search (search, rowid, text, heading, lead_in) VALUES ('delete', old.key, old.text, old.heading, old.lead_in);
END;
CREATE TRIGGER provisions_updated AFTER UPDATE OF text, heading, lead_in ON provisions BEGIN
    INSERT INTO search (search, rowid, text, heading, lead_in) VALUES ('delete', old.key, old.text, old.heading, old.lead_in);
    INSERT INTO search (rowid, text, heading, lead_in) VALUES (new.key, new.text, new.heading, new.lead_in);
END;
"""

_REVISION = """
CREATE TABLE revision (identity TEXT NOT NULL, number INTEGER NOT NULL) STRICT;
INSERT INTO revision VALUES (lower(hex(randomblob(16))), 0);
"""

_REVIEW = """
CREATE TABLE decisions (
    number {integer} PRIMARY KEY,
    document_id TEXT NOT NULL,
    clause_id TEXT NOT NULL,
    text TEXT NOT NULL,
    labels TEXT NOT NULL,
    stance TEXT NOT NULL,
    modality TEXT NOT NULL,
    note TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    decided TEXT NOT NULL
){strict};
CREATE INDEX decisions_clause ON decisions (document_id, clause_id);
CREATE TABLE verdicts (
    document_id TEXT NOT NULL,
    clause_id TEXT NOT NULL,
    labels TEXT NOT NULL,
    stance TEXT NOT NULL,
    modality TEXT NOT NULL,
    abstained {integer} NOT NULL,
    PRIMARY KEY (document_id, clause_id)
){strict};
CREATE TABLE told (
    document_id TEXT PRIMARY KEY,
    title TEXT,
    kind TEXT,
    jurisdiction TEXT,
    agency TEXT,
    date TEXT
){strict};
"""
"""Every decision of a reviewer, what the model had said of those clauses, and facts about documents told by people."""

_PROVENANCE = "".join(
    f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT '{default}';\n"
    for table in ("corrections", "decisions")
    for column, default in (("model", ""), ("old_labels", "[]"))
)
"""The model that had labelled a clause when it was decided, and its labels; empty for what was decided before this was kept."""

_CUTS = """
CREATE TABLE IF NOT EXISTS cuts (
    number {integer} PRIMARY KEY,
    document_id TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('split', 'join')),
    place {integer} NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    decided TEXT NOT NULL
){strict};
CREATE INDEX IF NOT EXISTS cuts_document ON cuts (document_id);
CREATE INDEX IF NOT EXISTS provisions_unsure ON provisions (document) WHERE abstained = 1 AND reviewed = 0;
CREATE TABLE IF NOT EXISTS segmented (
    document_id TEXT PRIMARY KEY,
    clauses TEXT NOT NULL
){strict};
"""
"""Where people split and joined clauses, the clauses of those documents as they were found, as JSON, and what awaits review."""

_TOUCHED = "CREATE TABLE IF NOT EXISTS touched (document INTEGER PRIMARY KEY, number INTEGER NOT NULL) STRICT;\n" + "".join(
    f"""
CREATE TRIGGER IF NOT EXISTS touched_{name} AFTER {event} ON provisions BEGIN
    INSERT INTO touched SELECT {row}.document, number + 1 FROM revision WHERE true
    ON CONFLICT (document) DO UPDATE SET number = excluded.number WHERE number <> excluded.number;
END;
"""
    for name, event, row in (
        ("inserted", "INSERT", "new"),
        ("deleted", "DELETE", "old"),
        ("updated", "UPDATE OF document, position, stance, modality, fingerprint", "new"),
    )
)
"""The revision at which a document's provisions last changed; a revision is counted at the end of what makes it."""

MIGRATIONS: tuple[str, ...] = (
    SQLITE_TABLES + _SQLITE_SEARCH,
    _REVISION,
    _REVIEW.format(integer="INTEGER", strict=" STRICT"),
    _PROVENANCE,
    _CUTS.format(integer="INTEGER", strict=" STRICT"),
    _TOUCHED,
)
"""Step n takes a SQLite index from ``user_version`` n to n + 1."""

POSTGRES_MIGRATIONS: tuple[str, ...] = (
    POSTGRES_TABLES + "CREATE INDEX provisions_vector ON provisions USING gin (vector);",
    _REVIEW.format(integer="BIGINT", strict="").replace("TEXT", 'TEXT COLLATE "C"'),
    _PROVENANCE.replace("TEXT", 'TEXT COLLATE "C"'),
    "CREATE TABLE revision (identity TEXT NOT NULL, number BIGINT NOT NULL);"
    "INSERT INTO revision VALUES (gen_random_uuid()::text, 0);",
    _CUTS.format(integer="BIGINT", strict="").replace("TEXT", 'TEXT COLLATE "C"'),
)
"""Step n takes a PostgreSQL index from version n to n + 1."""
