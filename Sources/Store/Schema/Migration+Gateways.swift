extension Migration {
    // A gateway is a channel that goods are not synchronised with: it has a kind here, no cursors, and shares the inbox.
    // Its callbacks wait in an order of their own, so that neither kind of sender ever waits behind the other's crowd.
    static let gateways = Migration(
        number: 10,
        sql: """
            ALTER TABLE channel ADD COLUMN gateway TEXT;
            ALTER TABLE inbox ADD COLUMN gateway INTEGER NOT NULL DEFAULT 0 CHECK (gateway IN (0, 1));
            DROP INDEX inbox_due;
            CREATE INDEX inbox_due ON inbox (gateway, due_at) WHERE state = 'waiting';
            """)
}
