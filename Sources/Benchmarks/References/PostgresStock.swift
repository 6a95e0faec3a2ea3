/// The two designs by which shops keep stock in PostgreSQL, and orders of two lines, each in one statement.
struct PostgresStock {
    let cluster: PostgresCluster

    /// - Returns: nil where PostgreSQL is not installed.
    static func make(in scratch: Scratch, skus: Int) throws -> PostgresStock? {
        guard let cluster = try PostgresCluster.make(in: scratch, "stock") else { return nil }
        for statement in [
            // Room in each page, so that a counter's new version stays beside the old one.
            """
            CREATE TABLE stock (sku int PRIMARY KEY, on_hand bigint NOT NULL, reserved bigint NOT NULL DEFAULT 0,
                CHECK (reserved BETWEEN 0 AND on_hand)) WITH (fillfactor = 50)
            """,
            "INSERT INTO stock SELECT i, 1000000000, 0 FROM generate_series(1, \(skus)) i",
            """
            CREATE TABLE hold (num bigserial PRIMARY KEY, owner text NOT NULL, sku int NOT NULL, quantity int NOT NULL,
                expires_at timestamptz NOT NULL, UNIQUE (owner, sku))
            """,
            "CREATE TABLE unit (num bigserial PRIMARY KEY, sku int NOT NULL, owner text, expires_at timestamptz)",
            "CREATE INDEX unit_free ON unit (sku, num) WHERE owner IS NULL",
            "CREATE INDEX unit_owner ON unit (owner) WHERE owner IS NOT NULL",
            "VACUUM ANALYZE stock",
        ] { try cluster.query(statement) }
        return PostgresStock(cluster: cluster)
    }

    /// Holds a second on one SKU: a counter that is guarded by what is left.
    func counter(clients: Int, seconds: Int) throws -> Double {
        let rate = try cluster.bench(
            script: """
                \\set order random(1, 9000000000000000)
                WITH taken AS (UPDATE stock SET reserved = reserved + 1 WHERE sku = 1 AND on_hand - reserved >= 1 RETURNING sku)
                INSERT INTO hold (owner, sku, quantity, expires_at)
                SELECT 'order/' || :order::text, sku, 1, now() + interval '15 minutes' FROM taken;
                """,
            clients: clients, seconds: seconds)
        let apart = try cluster.query(
            "SELECT (SELECT reserved FROM stock WHERE sku = 1) - (SELECT coalesce(sum(quantity), 0) FROM hold WHERE sku = 1)")
        try require(apart == "0", "the reference's counter and its holds are \(apart) apart")
        return rate
    }

    /// Holds a second on one SKU: a row for each unit, which is taken by whoever finds it unlocked.
    func units(clients: Int, seconds: Int) throws -> Double {
        try cluster.query("TRUNCATE unit")
        try cluster.query("INSERT INTO unit (sku) SELECT 1 FROM generate_series(1, \(seconds * 30_000))")
        try cluster.query("VACUUM ANALYZE unit")
        let rate = try cluster.bench(
            script: """
                \\set order random(1, 9000000000000000)
                UPDATE unit SET owner = 'order/' || :order::text, expires_at = now() + interval '15 minutes' WHERE num =
                (SELECT num FROM unit WHERE sku = 1 AND owner IS NULL ORDER BY num LIMIT 1 FOR UPDATE SKIP LOCKED);
                """,
            clients: clients, seconds: seconds)
        let left = try cluster.query("SELECT EXISTS (SELECT FROM unit WHERE owner IS NULL)")
        try require(left == "t", "the reference ran out of units, so its rate counts what held nothing")
        return rate
    }

    /// Orders of two lines a second, over SKUs taken in order, so that no two orders wait for each other.
    func pairs(skus: Int, clients: Int, seconds: Int) throws -> Double {
        try cluster.bench(
            script: """
                \\set order random(1, 9000000000000000)
                \\set a random(1, \(skus))
                \\set b 1 + (:a + random(0, \(skus - 2))) % \(skus)
                WITH wanted AS MATERIALIZED (
                    SELECT sku FROM stock WHERE sku IN (:a, :b) AND on_hand - reserved >= 1 ORDER BY sku FOR UPDATE),
                taken AS (UPDATE stock SET reserved = reserved + 1 FROM wanted
                    WHERE stock.sku = wanted.sku AND (SELECT count(*) FROM wanted) = 2 RETURNING stock.sku)
                INSERT INTO hold (owner, sku, quantity, expires_at)
                SELECT 'order/' || :order::text, sku, 1, now() + interval '15 minutes' FROM taken;
                """,
            clients: clients, seconds: seconds)
    }
}
