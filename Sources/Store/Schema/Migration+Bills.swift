extension Migration {
    // A day of an account is a row from the moment its bill is looked for; `bill` is the newest version that came and
    // `compared` the one whose differences and sums are kept, NULL while that is to be done (again).
    // A bill and its lines are what the gateway said, and are never altered: another bill for the day is another version.
    // A difference is one thing that bill and books do not agree on, with what both sides say; `pending` does not count yet.
    // Settlement entries move minor units between the payer, what a gateway holds for us, its fees and what is disputed.
    // All entries of a cause and a day together are what the day's compared bill says of it: a corrected bill adds the rest.
    static let bills = Migration(
        number: 11,
        sql: """
            CREATE INDEX money_entry_booked ON money_entry (gateway, at);

            CREATE TABLE bill_account (
                gateway TEXT PRIMARY KEY,
                seen_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;

            CREATE TABLE bill (
                num INTEGER PRIMARY KEY,
                gateway TEXT NOT NULL,
                day INTEGER NOT NULL,
                version INTEGER NOT NULL CHECK (version > 0),
                digest BLOB NOT NULL CHECK (length(digest) = 32),
                came_at INTEGER NOT NULL,
                UNIQUE (gateway, day, version)) STRICT;
            CREATE TRIGGER bill_stands BEFORE UPDATE ON bill
                BEGIN SELECT raise(ABORT, 'a bill is never altered'); END;
            CREATE TRIGGER bill_stays BEFORE DELETE ON bill
                BEGIN SELECT raise(ABORT, 'a bill is never taken out'); END;

            CREATE TABLE bill_line (
                bill INTEGER NOT NULL REFERENCES bill,
                position INTEGER NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund', 'dispute', 'other')),
                txn TEXT NOT NULL,
                number TEXT,
                reference TEXT,
                currency TEXT NOT NULL,
                amount INTEGER NOT NULL,
                fee INTEGER NOT NULL,
                at INTEGER NOT NULL,
                final INTEGER NOT NULL CHECK (final IN (0, 1)),
                PRIMARY KEY (bill, position)) STRICT, WITHOUT ROWID;
            CREATE INDEX bill_line_txn ON bill_line (txn, bill);
            CREATE TRIGGER bill_line_stands BEFORE UPDATE ON bill_line
                BEGIN SELECT raise(ABORT, 'a line of a bill is never altered'); END;
            CREATE TRIGGER bill_line_stays BEFORE DELETE ON bill_line
                BEGIN SELECT raise(ABORT, 'a line of a bill is never taken out'); END;

            CREATE TABLE bill_total (
                bill INTEGER NOT NULL REFERENCES bill,
                position INTEGER NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund', 'dispute', 'other')),
                currency TEXT NOT NULL,
                count INTEGER,
                amount INTEGER NOT NULL,
                PRIMARY KEY (bill, position)) STRICT, WITHOUT ROWID;

            CREATE TABLE bill_day (
                gateway TEXT NOT NULL,
                day INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('waiting', 'not-yet', 'empty', 'matched', 'differences', 'failed')),
                tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
                look_at INTEGER,
                told TEXT,
                bill INTEGER REFERENCES bill,
                compared INTEGER REFERENCES bill,
                compared_at INTEGER,
                CHECK (compared IS NULL OR compared = bill),
                CHECK (state NOT IN ('empty', 'matched', 'differences') OR bill IS NOT NULL),
                PRIMARY KEY (gateway, day)) STRICT, WITHOUT ROWID;
            CREATE INDEX bill_day_due ON bill_day (gateway, look_at) WHERE look_at IS NOT NULL;
            CREATE INDEX bill_day_open ON bill_day (gateway, day) WHERE bill IS NOT NULL AND compared IS NULL;

            CREATE TABLE bill_sum (
                gateway TEXT NOT NULL,
                day INTEGER NOT NULL,
                kind TEXT NOT NULL,
                currency TEXT NOT NULL,
                count INTEGER NOT NULL,
                amount INTEGER NOT NULL,
                fee INTEGER NOT NULL,
                matched_count INTEGER NOT NULL,
                matched_amount INTEGER NOT NULL,
                CHECK (matched_count BETWEEN 0 AND count),
                PRIMARY KEY (gateway, day, kind, currency)) STRICT, WITHOUT ROWID;

            CREATE TABLE bill_difference (
                num INTEGER PRIMARY KEY,
                gateway TEXT NOT NULL,
                day INTEGER NOT NULL,
                class TEXT NOT NULL CHECK (class IN ('missing-here', 'missing-there', 'amount', 'state', 'duplicate', 'fee',
                    'currency', 'other-order', 'totals')),
                kind TEXT NOT NULL CHECK (kind IN ('payment', 'refund', 'dispute', 'other')),
                txn TEXT NOT NULL,
                part TEXT NOT NULL,
                order_number TEXT,
                currency TEXT,
                amount INTEGER,
                here TEXT NOT NULL,
                there TEXT NOT NULL,
                repair TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('pending', 'open', 'repaired', 'explained')),
                told TEXT,
                found_at INTEGER NOT NULL,
                changed_at INTEGER NOT NULL,
                ended_by TEXT,
                reason TEXT,
                CHECK ((currency IS NULL) = (amount IS NULL)),
                CHECK ((state IN ('repaired', 'explained')) = (ended_by IS NOT NULL)),
                CHECK ((state = 'explained') = (reason IS NOT NULL)),
                UNIQUE (gateway, day, class, kind, txn, part)) STRICT;
            CREATE INDEX bill_difference_open ON bill_difference (gateway, day) WHERE state IN ('pending', 'open');

            CREATE TABLE settlement_entry (
                num INTEGER PRIMARY KEY,
                gateway TEXT NOT NULL,
                day INTEGER NOT NULL,
                bill INTEGER NOT NULL REFERENCES bill,
                kind TEXT NOT NULL CHECK (kind IN ('payment', 'payment-fee', 'refund', 'refund-fee', 'dispute', 'dispute-fee', 'other-fee')),
                txn TEXT NOT NULL,
                reference TEXT NOT NULL,
                currency TEXT NOT NULL,
                amount INTEGER NOT NULL CHECK (amount > 0),
                from_account TEXT NOT NULL CHECK (from_account IN ('buyer', 'captured', 'fee', 'disputed')),
                to_account TEXT NOT NULL CHECK (to_account IN ('buyer', 'captured', 'fee', 'disputed')),
                at INTEGER NOT NULL,
                CHECK (from_account <> to_account),
                UNIQUE (gateway, day, kind, txn, reference, currency, bill)) STRICT;
            CREATE TRIGGER settlement_entry_stands BEFORE UPDATE ON settlement_entry
                BEGIN SELECT raise(ABORT, 'a settlement entry is never altered'); END;
            CREATE TRIGGER settlement_entry_stays BEFORE DELETE ON settlement_entry
                BEGIN SELECT raise(ABORT, 'a settlement entry is never taken out'); END;
            """)
}
