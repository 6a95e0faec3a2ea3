extension Migration {
    // An order is its facts; a fact is never altered. `order_head` is their fold as far as people search by it, written
    // with them and never read as the truth; `version` is the number of facts it was made of.
    // Money entries move minor units between the buyer, what lies at a gateway, and what of that is promised back;
    // `payment` is their fold for each transaction, and its check is the last word on what may go back.
    // `refund` is what is under way of a refund: its number stands before anything is sent, and `unknown` is a state.
    // A timer is a row until its order has no use for it; `look_at` is when it is looked at next.
    static let orders = Migration(
        number: 7,
        sql: """
            CREATE TABLE order_head (
                num INTEGER PRIMARY KEY,
                number TEXT NOT NULL UNIQUE,
                owner TEXT NOT NULL UNIQUE,
                channel INTEGER REFERENCES channel,
                external TEXT,
                member TEXT,
                phone_tail TEXT,
                phase TEXT NOT NULL,
                currency TEXT,
                total INTEGER,
                placed_at INTEGER,
                changed_at INTEGER NOT NULL,
                version INTEGER NOT NULL CHECK (version > 0),
                cases INTEGER NOT NULL DEFAULT 0 CHECK (cases >= 0),
                problems INTEGER NOT NULL DEFAULT 0 CHECK (problems >= 0)) STRICT;
            CREATE UNIQUE INDEX order_external ON order_head (channel, external) WHERE external IS NOT NULL;
            CREATE INDEX order_channel ON order_head (channel, num) WHERE channel IS NOT NULL;
            CREATE INDEX order_member ON order_head (member, num) WHERE member IS NOT NULL;
            CREATE INDEX order_phone ON order_head (phone_tail, num) WHERE phone_tail IS NOT NULL;
            CREATE INDEX order_phase ON order_head (phase, num);
            CREATE INDEX order_placed ON order_head (placed_at) WHERE placed_at IS NOT NULL;
            CREATE INDEX order_cases ON order_head (num) WHERE cases > 0;
            CREATE INDEX order_problems ON order_head (num) WHERE problems > 0;

            CREATE TABLE order_fact (
                num INTEGER PRIMARY KEY,
                subject INTEGER NOT NULL REFERENCES order_head,
                key TEXT NOT NULL,
                kind TEXT NOT NULL,
                at INTEGER NOT NULL,
                heard_at INTEGER NOT NULL,
                author TEXT NOT NULL,
                body BLOB NOT NULL) STRICT;
            CREATE INDEX order_fact_of ON order_fact (subject);
            CREATE TRIGGER order_fact_stands BEFORE UPDATE ON order_fact
                BEGIN SELECT raise(ABORT, 'a fact of an order is never altered'); END;
            CREATE TRIGGER order_fact_stays BEFORE DELETE ON order_fact
                BEGIN SELECT raise(ABORT, 'a fact of an order is never taken out'); END;

            CREATE TABLE payment (
                gateway TEXT NOT NULL,
                txn TEXT NOT NULL,
                subject INTEGER NOT NULL REFERENCES order_head,
                currency TEXT NOT NULL,
                captured INTEGER NOT NULL CHECK (captured > 0),
                promised INTEGER NOT NULL DEFAULT 0 CHECK (promised >= 0),
                refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded >= 0),
                CHECK (promised + refunded <= captured),
                PRIMARY KEY (gateway, txn)) STRICT, WITHOUT ROWID;

            CREATE TABLE money_entry (
                num INTEGER PRIMARY KEY,
                subject INTEGER NOT NULL REFERENCES order_head,
                gateway TEXT NOT NULL,
                txn TEXT NOT NULL,
                currency TEXT NOT NULL,
                amount INTEGER NOT NULL CHECK (amount > 0),
                from_account TEXT NOT NULL CHECK (from_account IN ('buyer', 'gateway', 'promised')),
                to_account TEXT NOT NULL CHECK (to_account IN ('buyer', 'gateway', 'promised')),
                cause TEXT NOT NULL,
                at INTEGER NOT NULL,
                CHECK (from_account <> to_account),
                UNIQUE (subject, cause)) STRICT;
            CREATE TRIGGER money_entry_stands BEFORE UPDATE ON money_entry
                BEGIN SELECT raise(ABORT, 'a money entry is never altered'); END;
            CREATE TRIGGER money_entry_stays BEFORE DELETE ON money_entry
                BEGIN SELECT raise(ABORT, 'a money entry is never taken out'); END;

            CREATE TABLE refund (
                subject INTEGER NOT NULL REFERENCES order_head,
                id TEXT NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('planned', 'unknown', 'refused', 'settled')),
                tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
                look_at INTEGER,
                told TEXT,
                CHECK (state <> 'settled' OR look_at IS NULL),
                PRIMARY KEY (subject, id)) STRICT, WITHOUT ROWID;
            CREATE INDEX refund_due ON refund (look_at) WHERE look_at IS NOT NULL;
            CREATE INDEX refund_waiting ON refund (state, subject) WHERE state IN ('unknown', 'refused');

            CREATE TABLE timer (
                subject INTEGER NOT NULL REFERENCES order_head,
                kind TEXT NOT NULL,
                part TEXT NOT NULL DEFAULT '',
                due_at INTEGER NOT NULL,
                look_at INTEGER,
                done_at INTEGER,
                tries INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
                told TEXT,
                CHECK ((look_at IS NULL) = (done_at IS NOT NULL)),
                PRIMARY KEY (subject, kind, part)) STRICT, WITHOUT ROWID;
            CREATE INDEX timer_due ON timer (look_at) WHERE look_at IS NOT NULL;

            CREATE TABLE order_told (
                channel INTEGER PRIMARY KEY REFERENCES channel,
                position INTEGER NOT NULL) STRICT;

            CREATE TABLE order_policy (
                channel INTEGER PRIMARY KEY REFERENCES channel,
                body BLOB NOT NULL) STRICT;
            """)
}
