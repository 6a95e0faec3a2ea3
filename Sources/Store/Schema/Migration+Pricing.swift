extension Migration {
    // Rules of prices as the house sets them; one that was dropped stays, so that an old quote's words can be explained.
    // `price_book` counts their changes: whoever keeps them in memory looks whether it moved.
    static let pricing = Migration(
        number: 9,
        sql: """
            CREATE TABLE price_rule (
                id TEXT PRIMARY KEY,
                kind TEXT NOT NULL,
                body BLOB NOT NULL,
                version INTEGER NOT NULL CHECK (version > 0),
                changed_at INTEGER NOT NULL,
                dropped INTEGER NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1))) STRICT;
            CREATE INDEX price_rule_kind ON price_rule (kind, id) WHERE dropped = 0;
            CREATE TABLE price_book (
                one INTEGER PRIMARY KEY CHECK (one = 1),
                version INTEGER NOT NULL) STRICT;
            INSERT INTO price_book (one, version) VALUES (1, 1);
            """)
}
