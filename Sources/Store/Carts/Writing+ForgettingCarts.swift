import Commerce
import GRDB

extension Writing {
    /// Forgets guests' carts that nobody has touched for long; a member's stays as long as the member comes back.
    ///
    /// - Parameter number: where the step before ended; each looks at `limit` carts, whatever it finds.
    /// - Returns: how many went, and where to go on; nil after the last.
    package func forgetCarts(
        untouchedFor age: Duration, after number: Int64 = 0, limit: Int = 500
    ) throws(StoreError) -> (forgotten: Int, next: Int64?) {
        let before = desk.surroundings.time.now().milliseconds - age.milliseconds
        return try perform { db in
            let seen = try db.all("SELECT num, member IS NULL AND changed_at < ?1 FROM cart WHERE num > ?2 ORDER BY num LIMIT ?3") { parameters in
                parameters.set(1, before)
                parameters.set(2, number)
                parameters.set(3, Int64(limit))
            } _: { (number: try $0.integer(0), isOver: try $0.integer(1) == 1) }
            let over = seen.filter(\.isOver).map(\.number)
            for number in over {
                try db.run("DELETE FROM cart_line WHERE cart = ?") { $0.set(1, number) }
                try db.run("DELETE FROM cart WHERE num = ?") { $0.set(1, number) }
            }
            return (over.count, seen.count == limit ? seen.last?.number : nil)
        }
    }
}
