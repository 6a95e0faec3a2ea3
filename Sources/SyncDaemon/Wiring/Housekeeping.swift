import Commerce
import Logging
import Store

/// Takes away what nobody needs any more: callbacks applied long ago, answers remembered
/// for senders that repeat themselves, entities deleted everywhere long ago.
///
/// Many short transactions, so that no write waits for it. Nothing depends on when it runs.
struct Housekeeping: Sendable {
    struct Keep: Hashable, Sendable {
        let inbox: Duration
        let tombstones: Duration
        /// Of evidence that has healed.
        var drift: Duration = .seconds(90 * 86_400)
        /// Of answers to those who shop: many, and repeated within minutes.
        var shopAnswers: Duration = .seconds(2 * 86_400)
        /// Of quotes that became nothing, after their time.
        var quotes: Duration = .seconds(2 * 86_400)
        /// Of guests' carts that nobody touches.
        var carts: Duration = .seconds(90 * 86_400)
    }

    struct Cleared: Hashable, Sendable {
        var callbacks = 0
        var answers = 0
        var entities = 0
        var quotes = 0
        var carts = 0
    }

    /// Between two rounds.
    static let every: Duration = .seconds(3_600)
    let store: Store
    let logger: Logger
    /// Whether nothing is to be judged by its age just now, because the host's clock was set.
    var waits: @Sendable () -> Bool = { false }

    /// Works until cancelled, with what `keep` says at the time.
    func run(_ keep: @Sendable () -> Keep) async {
        while !Task.isCancelled {
            if !waits() { await clear(keep()) }
            do { try await store.surroundings.time.sleep(for: Housekeeping.every) } catch { return }
        }
    }

    private func clear(_ keep: Keep) async {
        do throws(StoreError) {
            let cleared = try await round(keep)
            guard cleared != Cleared() else { return }
            logger.info(
                "cleared \(cleared.callbacks) callbacks, \(cleared.answers) answers, \(cleared.quotes) quotes, \(cleared.carts) carts, \(cleared.entities) deleted entities",
                metadata: ["evt": "housekeeping.done"])
        } catch {
            logger.error("\(error)", metadata: ["evt": "housekeeping.failed"])
        }
    }

    func round(_ keep: Keep) async throws(StoreError) -> Cleared {
        var cleared = Cleared()
        cleared.callbacks = try await clearInbox(keep.inbox)
        cleared.answers = try await repeated(500) { writing throws(StoreError) in
            try writing.forgetAnswers(olderThan: keep.inbox, limit: 500)
        }
        cleared.answers += try await repeated(500) { writing throws(StoreError) in
            try writing.forgetAnswers(olderThan: keep.shopAnswers, scopes: Shopper.keyScopes, limit: 500)
        }
        cleared.quotes = try await repeated(500) { writing throws(StoreError) in
            try writing.forgetQuotes(expiredFor: keep.quotes, limit: 500)
        }
        cleared.carts = try await forgetCarts(keep.carts)
        cleared.entities = try await bury(keep.tombstones)
        _ = try await repeated(500) { writing throws(StoreError) in
            try writing.clearDrift(olderThan: keep.drift, limit: 500)
        }
        return cleared
    }

    private func forgetCarts(_ age: Duration) async throws(StoreError) -> Int {
        var sum = 0
        var next: Int64? = 0
        while let after = next, !Task.isCancelled {
            let step = try await store.write { writing throws(StoreError) in
                try writing.forgetCarts(untouchedFor: age, after: after)
            }
            sum += step.forgotten
            next = step.next
        }
        return sum
    }

    private func clearInbox(_ age: Duration) async throws(StoreError) -> Int {
        var sum = 0
        var next: Int64? = 0
        while let after = next, !Task.isCancelled {
            let step = try await store.write { writing throws(StoreError) in
                try writing.clearInbox(olderThan: age, after: after)
            }
            sum += step.cleared
            next = step.next
        }
        return sum
    }

    private func bury(_ age: Duration) async throws(StoreError) -> Int {
        let now = store.surroundings.time.now()
        // Looking through all entities takes a while: it is done beside the writer, who looks again only at a find.
        let due = try await store.read { reading throws(StoreError) in
            try reading.buriable(olderThan: age, at: now, limit: 1)
        }
        if due.isEmpty { return 0 }
        return try await repeated(200) { writing throws(StoreError) in
            let buried = try writing.bury(olderThan: age, limit: 200)
            for entity in buried {
                try writing.audit(principal: "housekeeping", action: "bury", subject: entity.description, detail: "")
            }
            return buried.count
        }
    }

    private func repeated(
        _ limit: Int, _ step: @escaping @Sendable (Writing) throws(StoreError) -> Int
    ) async throws(StoreError) -> Int {
        var sum = 0
        while !Task.isCancelled {
            let done = try await store.write(step)
            sum += done
            if done < limit { break }
        }
        return sum
    }
}
