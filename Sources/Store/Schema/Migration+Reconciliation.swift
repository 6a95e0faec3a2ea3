extension Migration {
    // A round compares everything a channel holds; its place in the channel's listing is
    // kept so that a restart goes on. `life` is the hub's ghost of the channel when the
    // round began: a resync in between ends it. `figures` are those of the round under
    // way and of the last complete one, as JSON that only people read.
    // A listing row is the digest of what a channel with clocks should show of an entity,
    // true up to `digested`; units past that are read anew, so nothing is done at a write.
    // Drift rows are evidence: what was found where, what it was taken for, what was done.
    static let reconciliation = Migration(
        number: 4,
        sql: """
            CREATE TABLE reconciliation (
                channel INTEGER PRIMARY KEY REFERENCES channel,
                round INTEGER NOT NULL DEFAULT 0,
                life INTEGER,
                started_at INTEGER,
                position TEXT,
                figures TEXT NOT NULL DEFAULT '{}',
                finished_at INTEGER,
                finished_figures TEXT NOT NULL DEFAULT '{}',
                lost_push INTEGER NOT NULL DEFAULT 0,
                manual_edit INTEGER NOT NULL DEFAULT 0,
                missed_change INTEGER NOT NULL DEFAULT 0,
                foreign_application INTEGER NOT NULL DEFAULT 0,
                digested INTEGER NOT NULL DEFAULT 0,
                digest_rules BLOB) STRICT;

            CREATE TABLE listing (
                channel INTEGER NOT NULL REFERENCES channel,
                entity INTEGER NOT NULL,
                place INTEGER NOT NULL,
                digest BLOB NOT NULL,
                PRIMARY KEY (channel, entity)) STRICT, WITHOUT ROWID;

            CREATE TABLE drift (
                num INTEGER PRIMARY KEY,
                channel INTEGER NOT NULL REFERENCES channel,
                listing TEXT NOT NULL,
                unit TEXT,
                round INTEGER NOT NULL,
                class TEXT NOT NULL
                    CHECK (class IN ('lost_push', 'manual_edit', 'missed_change', 'foreign_application')),
                reason TEXT NOT NULL,
                expected BLOB,
                shown BLOB,
                remedy TEXT NOT NULL CHECK (remedy IN ('pushed', 'taken', 'asked', 'refused')),
                healing INTEGER,
                found_at INTEGER NOT NULL,
                healed_at INTEGER) STRICT;
            CREATE INDEX drift_open ON drift (channel, num) WHERE healed_at IS NULL;
            CREATE INDEX drift_listing ON drift (listing);
            """)
}
