import Commerce
import ConflictResolution
import GRDB

extension Writing {
    /// Takes what waits along with a host's clock that was set, so that nothing waits for a time that
    /// has been moved away, and nothing grows old by a leap.
    ///
    /// - Parameter step: How far the clock was set ahead, or back when negative.
    package func follow(clockStep step: Duration) throws(StoreError) {
        let now = desk.surroundings.time.now().milliseconds
        let size = abs(step.milliseconds)
        try perform { db in
            // What somebody was given an hour to pay for is theirs for an hour. A hold from after the step keeps its own time.
            try db.execute(
                sql: """
                    UPDATE hold SET expires_at = expires_at + ?1, at = at + ?1 WHERE state = 'open' AND expires_at IS NOT NULL
                        AND CASE WHEN ?1 > 0 THEN at <= ?2 - ?1 ELSE at > ?2 END
                    """, arguments: [step.milliseconds, now])
            if step > .zero {
                // What was due then is due now, which hurts nobody; only ages are kept as they were.
                try db.execute(sql: "UPDATE exception SET since = min(since + ?1, ?2)", arguments: [size, now])
                return
            }
            try db.execute(
                sql: "UPDATE exception SET since = min(since, ?2), due_at = min(due_at, max(?2, due_at - ?1))",
                arguments: [size, now])
            try db.execute(
                sql: "UPDATE inbox SET due_at = min(due_at, max(?2, due_at - ?1)) WHERE state = 'waiting'",
                arguments: [size, now])
        }
    }

    /// How far the host's clock is behind the latest time this store has seen; zero when it is not.
    package var clockBehind: Duration { max(.zero, desk.newestStamp.time - desk.surroundings.time.now()) }
}
