extension Migration {
    // Entities are rows with a number, so that units, changes and shadows cost eight
    // bytes where they name one. A `unit` row says where its newest change stands in
    // the feed and which writes are alive; the values themselves are in `change`,
    // which is append-only and whose `seq` is the order of commit. Reading the feed is
    // therefore reading `unit` by `seq`: a unit changed ten times is read once.
    // `change.clock` is all that was known of the unit after the change, `context`
    // what its author had seen before it. `live` is 0 when the author's value became
    // the live one, 1 when `live_value` holds what did (NULL: the unit is absent).
    static let catalog = Migration(
        number: 1,
        sql: """
            CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

            CREATE TABLE actor (
                num INTEGER PRIMARY KEY,
                identity TEXT NOT NULL UNIQUE,
                retired_at INTEGER) STRICT;

            CREATE TABLE name (num INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;

            CREATE TABLE entity (
                num INTEGER PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('product', 'sku', 'category', 'brand', 'tag')),
                id TEXT NOT NULL CHECK (length(id) BETWEEN 1 AND 64),
                created_at INTEGER NOT NULL,
                UNIQUE (kind, id)) STRICT;

            CREATE TABLE alias (
                namespace TEXT NOT NULL,
                kind TEXT NOT NULL,
                key TEXT NOT NULL,
                entity INTEGER NOT NULL REFERENCES entity,
                PRIMARY KEY (namespace, kind, key)) STRICT, WITHOUT ROWID;
            CREATE INDEX alias_entity ON alias (entity, namespace);

            CREATE TABLE change (
                seq INTEGER PRIMARY KEY CHECK (seq > 0),
                entity INTEGER NOT NULL,
                name INTEGER NOT NULL,
                previous INTEGER CHECK (previous < seq),
                actor INTEGER NOT NULL,
                count INTEGER NOT NULL CHECK (count > 0),
                context BLOB NOT NULL,
                clock BLOB NOT NULL,
                stamp INTEGER NOT NULL,
                at INTEGER NOT NULL,
                value BLOB,
                live INTEGER NOT NULL CHECK (live IN (0, 1)),
                live_value BLOB,
                author TEXT NOT NULL,
                origin TEXT NOT NULL,
                reason TEXT,
                question TEXT,
                CHECK (live = 1 OR live_value IS NULL)) STRICT;

            CREATE TABLE unit (
                entity INTEGER NOT NULL REFERENCES entity,
                name INTEGER NOT NULL REFERENCES name,
                seq INTEGER NOT NULL,
                state BLOB NOT NULL,
                PRIMARY KEY (entity, name)) STRICT, WITHOUT ROWID;
            CREATE UNIQUE INDEX unit_seq ON unit (seq);

            CREATE TABLE conflict (
                num INTEGER PRIMARY KEY,
                entity INTEGER NOT NULL,
                name INTEGER NOT NULL,
                question TEXT NOT NULL,
                opened_seq INTEGER NOT NULL,
                opened_at INTEGER NOT NULL,
                resolved_seq INTEGER,
                resolved_at INTEGER,
                resolved_by TEXT,
                reason TEXT,
                CHECK ((resolved_seq IS NULL) = (resolved_at IS NULL))) STRICT;
            CREATE UNIQUE INDEX conflict_open ON conflict (entity, name) WHERE resolved_seq IS NULL;
            """)
}
