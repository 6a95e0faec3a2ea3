extension Migration {
    // A line taken out of a cart stays with no pieces, so that an edit made without knowing of it is noticed;
    // `floor` is the version up to which such lines were forgotten. A merged guest cart stays, so that a repeat finds it.
    // A quote is what was offered, whole; `used_by` is the one order it became.
    // An entitlement's entries are never altered; its balance is their fold, and the checks are the last word.
    // `entitlement_use` is an order's part of it: what is set aside, used up, and given back again.
    static let checkout = Migration(
        number: 6,
        sql: """
            CREATE TABLE cart (
                num INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                channel INTEGER NOT NULL REFERENCES channel,
                member TEXT,
                version INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
                floor INTEGER NOT NULL DEFAULT 0 CHECK (floor BETWEEN 0 AND version),
                changed_at INTEGER NOT NULL,
                merged_into INTEGER REFERENCES cart,
                CHECK (merged_into IS NULL OR member IS NULL)) STRICT;
            CREATE UNIQUE INDEX cart_member ON cart (channel, member) WHERE member IS NOT NULL;

            CREATE TABLE cart_line (
                cart INTEGER NOT NULL REFERENCES cart,
                sku INTEGER NOT NULL REFERENCES entity,
                quantity INTEGER NOT NULL CHECK (quantity BETWEEN 0 AND 1000000000),
                place INTEGER NOT NULL,
                version INTEGER NOT NULL CHECK (version > 0),
                PRIMARY KEY (cart, sku)) STRICT, WITHOUT ROWID;
            CREATE INDEX cart_line_sku ON cart_line (sku);

            CREATE TABLE quote (
                num INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                channel INTEGER NOT NULL REFERENCES channel,
                member TEXT,
                body BLOB NOT NULL,
                hash BLOB NOT NULL CHECK (length(hash) = 32),
                at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL CHECK (expires_at > at),
                used_by TEXT UNIQUE) STRICT;
            CREATE INDEX quote_unused ON quote (expires_at) WHERE used_by IS NULL;

            CREATE TABLE entitlement (
                num INTEGER PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('coupon', 'points', 'quota')),
                id TEXT NOT NULL,
                member TEXT,
                starts_at INTEGER,
                ends_at INTEGER,
                available INTEGER NOT NULL DEFAULT 0 CHECK (available >= 0),
                held INTEGER NOT NULL DEFAULT 0 CHECK (held >= 0),
                claimed INTEGER NOT NULL DEFAULT 0 CHECK (claimed >= 0),
                CHECK (kind <> 'coupon' OR available + held + claimed <= 1),
                CHECK (kind <> 'points' OR member IS NOT NULL),
                CHECK (starts_at IS NULL OR ends_at IS NULL OR starts_at < ends_at),
                UNIQUE (kind, id)) STRICT;
            CREATE INDEX entitlement_member ON entitlement (member) WHERE member IS NOT NULL;

            CREATE TABLE entitlement_entry (
                num INTEGER PRIMARY KEY,
                entitlement INTEGER NOT NULL REFERENCES entitlement,
                quantity INTEGER NOT NULL CHECK (quantity > 0),
                from_account TEXT NOT NULL CHECK (from_account IN ('outside', 'available', 'held', 'claimed')),
                to_account TEXT NOT NULL CHECK (to_account IN ('outside', 'available', 'held', 'claimed')),
                owner TEXT,
                cause TEXT NOT NULL UNIQUE,
                at INTEGER NOT NULL,
                author TEXT,
                CHECK (from_account <> to_account)) STRICT;
            CREATE INDEX entitlement_entry_of ON entitlement_entry (entitlement);
            CREATE TRIGGER entitlement_entry_stands BEFORE UPDATE ON entitlement_entry
                BEGIN SELECT raise(ABORT, 'an entitlement entry is never altered'); END;
            CREATE TRIGGER entitlement_entry_stays BEFORE DELETE ON entitlement_entry
                BEGIN SELECT raise(ABORT, 'an entitlement entry is never taken out'); END;

            CREATE TABLE entitlement_use (
                owner TEXT NOT NULL,
                entitlement INTEGER NOT NULL REFERENCES entitlement,
                held INTEGER NOT NULL CHECK (held >= 0),
                claimed INTEGER NOT NULL DEFAULT 0 CHECK (claimed >= 0),
                returned INTEGER NOT NULL DEFAULT 0 CHECK (returned >= 0),
                turn INTEGER NOT NULL DEFAULT 0,
                CHECK (held + claimed + returned > 0),
                PRIMARY KEY (owner, entitlement)) STRICT, WITHOUT ROWID;
            """)
}
