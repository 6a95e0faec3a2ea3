extension Migration {
    // An entry moves units from an account at a warehouse to another; it is never altered, and
    // its cause never comes twice. One cause may take several ways, told apart by `part`; a
    // count that finds the book right moves nothing, and is written down all the same.
    // `stock` is the fold of the entries, kept so that a hold is one look and one change; the
    // checks are the last word, whatever a program error above them says. `forced` is the part
    // of the debt beyond its limit: a sale that has happened elsewhere cannot be refused.
    // A claimed hold stays, as the line of stock an order is shipped, cancelled and returned by.
    // `stock_told` is what a channel sells from as far as it has confirmed it, and the one write that is
    // under way, written down before it is sent; `asked` marks the withdrawals its confirmation is for.
    // `moved` is where things without versions stand in the feed: one row each, at its newest
    // sequence, out of the counter the changes take theirs from.
    static let stock = Migration(
        number: 5,
        sql: """
            CREATE TABLE moved (
                aspect TEXT NOT NULL,
                subject INTEGER NOT NULL,
                seq INTEGER NOT NULL CHECK (seq > 0),
                PRIMARY KEY (aspect, subject)) STRICT, WITHOUT ROWID;
            CREATE UNIQUE INDEX moved_seq ON moved (seq);

            CREATE TABLE warehouse (
                num INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                name TEXT NOT NULL DEFAULT '',
                place INTEGER NOT NULL DEFAULT 0,
                closed INTEGER NOT NULL DEFAULT 0 CHECK (closed IN (0, 1))) STRICT;
            INSERT INTO warehouse (id) VALUES ('main');

            CREATE TABLE stock (
                sku INTEGER NOT NULL REFERENCES entity,
                warehouse INTEGER NOT NULL REFERENCES warehouse,
                pool INTEGER NOT NULL DEFAULT 0 CHECK (pool >= 0),
                safety INTEGER NOT NULL DEFAULT 0 CHECK (safety >= 0),
                rights INTEGER NOT NULL DEFAULT 0 CHECK (rights >= 0),
                reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
                sold INTEGER NOT NULL DEFAULT 0 CHECK (sold >= 0),
                damaged INTEGER NOT NULL DEFAULT 0 CHECK (damaged >= 0),
                transit INTEGER NOT NULL DEFAULT 0 CHECK (transit >= 0),
                backordered INTEGER NOT NULL DEFAULT 0 CHECK (backordered >= 0),
                forced INTEGER NOT NULL DEFAULT 0 CHECK (forced >= 0),
                backorder_limit INTEGER NOT NULL DEFAULT 0 CHECK (backorder_limit >= 0),
                alert_below INTEGER CHECK (alert_below > 0),
                PRIMARY KEY (sku, warehouse),
                CHECK (backordered <= backorder_limit + forced),
                CHECK (pool + safety + rights + reserved + sold >= backordered)) STRICT, WITHOUT ROWID;
            CREATE INDEX stock_alert ON stock (sku) WHERE alert_below IS NOT NULL;

            CREATE TABLE stock_right (
                channel INTEGER NOT NULL REFERENCES channel,
                sku INTEGER NOT NULL,
                warehouse INTEGER NOT NULL,
                granted INTEGER NOT NULL CHECK (granted >= 0),
                withdrawing INTEGER NOT NULL DEFAULT 0,
                withdrawal TEXT,
                asked INTEGER NOT NULL DEFAULT 0 CHECK (asked IN (0, 1)),
                PRIMARY KEY (sku, warehouse, channel),
                CHECK (withdrawing BETWEEN 0 AND granted),
                CHECK (withdrawing = 0 OR withdrawal IS NOT NULL)) STRICT, WITHOUT ROWID;
            CREATE INDEX stock_right_channel ON stock_right (channel, sku);

            CREATE TABLE stock_entry (
                num INTEGER PRIMARY KEY,
                sku INTEGER NOT NULL,
                kind TEXT NOT NULL,
                quantity INTEGER NOT NULL CHECK (quantity >= 0),
                from_warehouse INTEGER NOT NULL,
                from_account TEXT NOT NULL,
                to_warehouse INTEGER NOT NULL,
                to_account TEXT NOT NULL,
                cause TEXT NOT NULL,
                part INTEGER NOT NULL DEFAULT 0,
                at INTEGER NOT NULL,
                author TEXT,
                reason TEXT,
                CHECK (quantity > 0 OR kind IN ('count', 'protect', 'return')),
                CHECK (from_account <> to_account OR from_warehouse <> to_warehouse),
                UNIQUE (cause, part)) STRICT;
            CREATE INDEX stock_entry_sku ON stock_entry (sku);
            CREATE TRIGGER stock_entry_stands BEFORE UPDATE ON stock_entry
                BEGIN SELECT raise(ABORT, 'a stock entry is never altered'); END;
            CREATE TRIGGER stock_entry_stays BEFORE DELETE ON stock_entry
                BEGIN SELECT raise(ABORT, 'a stock entry is never taken out'); END;

            CREATE TABLE hold (
                num INTEGER PRIMARY KEY,
                owner TEXT NOT NULL,
                line TEXT NOT NULL,
                attempt INTEGER NOT NULL,
                sku INTEGER NOT NULL,
                warehouse INTEGER NOT NULL,
                quantity INTEGER NOT NULL CHECK (quantity > 0),
                expires_at INTEGER,
                state TEXT NOT NULL CHECK (state IN ('open', 'claimed', 'released', 'expired')),
                at INTEGER NOT NULL,
                ended_at INTEGER,
                shipped INTEGER NOT NULL DEFAULT 0 CHECK (shipped >= 0),
                unsold INTEGER NOT NULL DEFAULT 0 CHECK (unsold >= 0),
                returned INTEGER NOT NULL DEFAULT 0 CHECK (returned >= 0),
                CHECK ((state = 'open') = (ended_at IS NULL)),
                CHECK (shipped + unsold <= quantity),
                CHECK (returned <= shipped),
                CHECK (state = 'claimed' OR shipped + unsold = 0),
                UNIQUE (owner, line, attempt, sku, warehouse)) STRICT;
            CREATE INDEX hold_due ON hold (expires_at, sku, warehouse) WHERE state = 'open' AND expires_at IS NOT NULL;

            CREATE TABLE stock_policy (
                channel INTEGER NOT NULL REFERENCES channel,
                sku INTEGER NOT NULL,
                share INTEGER NOT NULL CHECK (share BETWEEN 0 AND 1000),
                floor INTEGER NOT NULL CHECK (floor >= 0),
                cap INTEGER CHECK (cap >= 0),
                ring_fence INTEGER NOT NULL CHECK (ring_fence >= 0),
                buffer INTEGER NOT NULL CHECK (buffer >= 0),
                PRIMARY KEY (sku, channel)) STRICT, WITHOUT ROWID;

            CREATE TABLE stock_told (
                channel INTEGER NOT NULL REFERENCES channel,
                sku INTEGER NOT NULL,
                confirmed INTEGER,
                sold INTEGER NOT NULL DEFAULT 0,
                seen INTEGER,
                compare INTEGER,
                writes INTEGER NOT NULL DEFAULT 0,
                write_kind TEXT,
                amount INTEGER,
                base INTEGER,
                attempts INTEGER NOT NULL DEFAULT 0,
                due_at INTEGER,
                error TEXT,
                PRIMARY KEY (channel, sku),
                CHECK ((write_kind IS NULL) = (amount IS NULL)),
                CHECK (write_kind IS NULL OR due_at IS NOT NULL)) STRICT, WITHOUT ROWID;
            CREATE INDEX stock_told_due ON stock_told (channel, due_at) WHERE due_at IS NOT NULL;

            CREATE TABLE stock_channel (
                channel INTEGER PRIMARY KEY REFERENCES channel,
                position INTEGER NOT NULL,
                capability TEXT,
                lag INTEGER NOT NULL CHECK (lag >= 0),
                trip INTEGER NOT NULL CHECK (trip >= 0)) STRICT;

            CREATE TABLE stock_pace (
                sku INTEGER NOT NULL,
                channel INTEGER NOT NULL REFERENCES channel,
                hour INTEGER NOT NULL,
                sold INTEGER NOT NULL,
                busiest INTEGER NOT NULL,
                PRIMARY KEY (sku, channel)) STRICT, WITHOUT ROWID;

            CREATE TABLE stock_balancing (
                sku INTEGER PRIMARY KEY,
                units INTEGER NOT NULL CHECK (units >= 0)) STRICT;

            CREATE TABLE stock_notice (
                num INTEGER PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('breach', 'shortage')),
                sku INTEGER NOT NULL,
                warehouse INTEGER NOT NULL,
                channel INTEGER,
                quantity INTEGER NOT NULL,
                owed INTEGER NOT NULL,
                cause TEXT NOT NULL UNIQUE,
                at INTEGER NOT NULL,
                settled_at INTEGER,
                settled_by TEXT) STRICT;
            CREATE INDEX stock_notice_open ON stock_notice (num) WHERE settled_at IS NULL;
            """)
}

extension Migration {
    /// The newest sequence given out, to changes of units or to anything else that moved.
    static let newestSequence = """
        SELECT max(coalesce((SELECT max(seq) FROM change), 0), coalesce((SELECT max(seq) FROM moved), 0))
        """
}
