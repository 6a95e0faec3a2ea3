extension Migration {
    // The inbox keeps callbacks as they came, until and after they are applied; the
    // same id with another body is quarantined, never overwritten. An idempotency row
    // is the answer a caller got, given again to the same request. Audit rows are
    // chained: each carries the hash of the one before.
    static let operations = Migration(
        number: 3,
        sql: """
            CREATE TABLE inbox (
                num INTEGER PRIMARY KEY,
                channel INTEGER NOT NULL REFERENCES channel,
                event TEXT NOT NULL,
                body_hash BLOB NOT NULL,
                body BLOB NOT NULL,
                received_at INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'applied', 'quarantined', 'dead')),
                attempts INTEGER NOT NULL DEFAULT 0,
                due_at INTEGER NOT NULL,
                applied_at INTEGER,
                error TEXT,
                CHECK ((state = 'applied') = (applied_at IS NOT NULL))) STRICT;
            CREATE UNIQUE INDEX inbox_event ON inbox (channel, event) WHERE state <> 'quarantined';
            CREATE INDEX inbox_due ON inbox (due_at) WHERE state = 'waiting';

            CREATE TABLE idempotency (
                scope TEXT NOT NULL,
                key TEXT NOT NULL,
                body_hash BLOB NOT NULL,
                status INTEGER NOT NULL,
                answer BLOB NOT NULL,
                at INTEGER NOT NULL,
                PRIMARY KEY (scope, key)) STRICT, WITHOUT ROWID;
            CREATE INDEX idempotency_at ON idempotency (at);

            CREATE TABLE token (
                id TEXT PRIMARY KEY,
                label TEXT NOT NULL,
                hash BLOB NOT NULL UNIQUE,
                scope TEXT NOT NULL CHECK (scope IN ('read', 'operate', 'admin')),
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                revoked_at INTEGER) STRICT;

            CREATE TABLE audit (
                num INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                principal TEXT NOT NULL,
                action TEXT NOT NULL,
                subject TEXT NOT NULL,
                detail TEXT NOT NULL,
                chain BLOB NOT NULL) STRICT;

            CREATE TABLE grave (
                kind TEXT NOT NULL,
                id TEXT NOT NULL,
                clock BLOB NOT NULL,
                buried_at INTEGER NOT NULL,
                PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
            """)
}
