extension Migration {
    // A channel row is the operator's intent plus which life of the channel we know.
    // A cursor says how far a direction has certainly come: for pushes the highest
    // `seq` such that everything up to it is acknowledged, excepted or superseded.
    // An exception is a unit that is not simply "up to the cursor": waiting to be
    // tried again, sent with unknown outcome, or dead until somebody acts.
    // A shadow is what we know a channel without clocks holds: `base_seq` is the
    // change it last agreed with, `held` the SHA-256 of what it showed us then.
    static let channels = Migration(
        number: 2,
        sql: """
            CREATE TABLE channel (
                num INTEGER PRIMARY KEY,
                id TEXT NOT NULL UNIQUE,
                state TEXT NOT NULL CHECK (state IN ('active', 'paused', 'halted', 'retired')),
                halt_reason TEXT,
                observing INTEGER NOT NULL DEFAULT 0 CHECK (observing IN (0, 1)),
                settings TEXT NOT NULL,
                actor INTEGER NOT NULL REFERENCES actor,
                remote_generation TEXT,
                created_at INTEGER NOT NULL,
                changed_at INTEGER NOT NULL,
                CHECK ((state = 'halted') = (halt_reason IS NOT NULL))) STRICT;

            CREATE TABLE cursor (
                channel INTEGER NOT NULL REFERENCES channel,
                direction TEXT NOT NULL CHECK (direction IN ('push', 'pull')),
                position INTEGER NOT NULL DEFAULT 0 CHECK (position >= 0),
                remote TEXT,
                moved_at INTEGER NOT NULL,
                PRIMARY KEY (channel, direction)) STRICT, WITHOUT ROWID;

            CREATE TABLE exception (
                channel INTEGER NOT NULL REFERENCES channel,
                entity INTEGER NOT NULL,
                name INTEGER NOT NULL,
                state TEXT NOT NULL CHECK (state IN ('retrying', 'unknown', 'dead')),
                seq INTEGER NOT NULL,
                operation TEXT NOT NULL,
                attempts INTEGER NOT NULL CHECK (attempts >= 0),
                due_at INTEGER NOT NULL,
                field TEXT,
                error TEXT NOT NULL,
                since INTEGER NOT NULL,
                PRIMARY KEY (channel, entity, name)) STRICT, WITHOUT ROWID;
            CREATE INDEX exception_due ON exception (channel, state, due_at);

            CREATE TABLE shadow (
                channel INTEGER NOT NULL REFERENCES channel,
                entity INTEGER NOT NULL,
                name INTEGER NOT NULL,
                base_seq INTEGER NOT NULL,
                context BLOB NOT NULL,
                held BLOB,
                held_value BLOB,
                version TEXT,
                pushing_seq INTEGER,
                pushing_hash BLOB,
                operation TEXT,
                PRIMARY KEY (channel, entity, name)) STRICT, WITHOUT ROWID;

            CREATE TABLE seen (
                channel INTEGER NOT NULL REFERENCES channel,
                entity INTEGER NOT NULL,
                round INTEGER NOT NULL,
                PRIMARY KEY (channel, entity)) STRICT, WITHOUT ROWID;
            """)
}
