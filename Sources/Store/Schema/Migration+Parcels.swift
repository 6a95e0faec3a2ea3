extension Migration {
    // A parcel that left is followed by one row for its label; an order's facts say which rows there are. Events are what services
    // told of it, each once and never altered; what stands beside the label is their fold, and can be made again from them.
    // A watch is what one account at a service does about a parcel: there is one for each, so nothing is subscribed twice.
    // `shown` counts how often what its buyer sees of an order changed without a fact; with the facts it makes the order's edition.
    // Parcels that were on their way before this step are followed from here on, without a destination to learn from.
    static let parcels = Migration(
        number: 12,
        sql: """
            ALTER TABLE order_head ADD COLUMN shown INTEGER NOT NULL DEFAULT 0 CHECK (shown >= 0);

            CREATE TABLE parcel (
                num INTEGER PRIMARY KEY,
                subject INTEGER NOT NULL REFERENCES order_head,
                part TEXT NOT NULL,
                number TEXT NOT NULL CHECK (number <> ''),
                named TEXT NOT NULL,
                carrier TEXT,
                former TEXT NOT NULL DEFAULT '',
                phone_tail TEXT,
                origin TEXT NOT NULL DEFAULT '',
                destination TEXT NOT NULL DEFAULT '',
                left_at INTEGER NOT NULL,
                came_at INTEGER,
                phase TEXT,
                phase_at INTEGER,
                last_at INTEGER,
                delivered_at INTEGER,
                returned_at INTEGER,
                failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0),
                entries INTEGER NOT NULL DEFAULT 0 CHECK (entries >= 0),
                took INTEGER CHECK (took > 0),
                estimate_at INTEGER,
                estimate_as_of INTEGER,
                estimate_by TEXT,
                stalled_at INTEGER,
                shown INTEGER NOT NULL DEFAULT 0 CHECK (shown >= 0),
                look_at INTEGER,
                CHECK ((phase IS NULL) = (entries = 0)),
                CHECK ((estimate_at IS NULL) = (estimate_by IS NULL)),
                UNIQUE (subject, part, number)) STRICT;
            CREATE INDEX parcel_number ON parcel (number);
            CREATE INDEX parcel_due ON parcel (look_at) WHERE look_at IS NOT NULL;
            CREATE INDEX parcel_took ON parcel (carrier, num) WHERE took IS NOT NULL;
            CREATE INDEX parcel_took_way ON parcel (carrier, origin, destination, num) WHERE took IS NOT NULL;

            CREATE TABLE parcel_event (
                num INTEGER PRIMARY KEY,
                parcel INTEGER NOT NULL REFERENCES parcel,
                digest BLOB NOT NULL,
                source TEXT NOT NULL,
                at INTEGER NOT NULL,
                phase TEXT NOT NULL,
                text TEXT NOT NULL,
                place TEXT,
                code TEXT NOT NULL,
                heard_at INTEGER NOT NULL,
                UNIQUE (parcel, digest)) STRICT;
            CREATE TRIGGER parcel_event_stands BEFORE UPDATE ON parcel_event
                BEGIN SELECT raise(ABORT, 'an event of a parcel is never altered'); END;
            CREATE TRIGGER parcel_event_stays BEFORE DELETE ON parcel_event
                BEGIN SELECT raise(ABORT, 'an event of a parcel is never taken out'); END;

            CREATE TABLE parcel_watch (
                parcel INTEGER NOT NULL REFERENCES parcel,
                account TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('wanted', 'taken', 'asks-only', 'refused', 'later', 'ended')),
                told TEXT,
                tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
                due_at INTEGER,
                asked_at INTEGER,
                heard_at INTEGER,
                PRIMARY KEY (parcel, account)) STRICT, WITHOUT ROWID;

            CREATE TABLE parcel_notice (
                num INTEGER PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('trouble', 'stalled', 'returned', 'refused', 'carrier', 'unknown-carrier')),
                parcel INTEGER NOT NULL REFERENCES parcel,
                detail TEXT NOT NULL,
                cause TEXT NOT NULL UNIQUE,
                at INTEGER NOT NULL,
                settled_at INTEGER,
                settled_by TEXT) STRICT;
            CREATE INDEX parcel_notice_open ON parcel_notice (num) WHERE settled_at IS NULL;
            CREATE INDEX parcel_notice_of ON parcel_notice (parcel) WHERE settled_at IS NULL;

            INSERT OR IGNORE INTO parcel (subject, part, number, named, phone_tail, left_at, look_at)
                SELECT subject, part, number, coalesce(named, ''), phone_tail, at, at FROM (
                    SELECT subject, at, order_head.phone_tail, json_extract(CAST(body AS TEXT), '$.parcel') AS part,
                        upper(replace(json_extract(CAST(body AS TEXT), '$.tracking'), ' ', '')) AS number,
                        json_extract(CAST(body AS TEXT), '$.carrier') AS named
                    FROM order_fact JOIN order_head ON order_head.num = order_fact.subject
                    WHERE kind = 'shipped' AND phase IN ('shipped', 'partly-shipped') ORDER BY order_fact.num)
                WHERE number <> '' AND part IS NOT NULL;
            """)
}
