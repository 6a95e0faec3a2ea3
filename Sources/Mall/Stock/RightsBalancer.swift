package import Commerce
package import Store

/// Moves rights to the channels that sell, as far as they answer.
///
/// What is taken from one comes to the pool when that channel has confirmed it, and to another on a
/// later round. A channel that is dark keeps what it has and gets nothing.
package struct RightsBalancer: Sendable {
    private let store: Store
    private let rule: Rebalancing
    private static let batch = 100

    package init(store: Store, rule: Rebalancing = Rebalancing()) {
        self.store = store
        self.rule = rule
    }

    /// Looks at every SKU whose rights follow demand.
    ///
    /// - Parameter reachable: channels that answer now.
    /// - Returns: how many rights were changed, or are about to be.
    package func balance(reachable: Set<ChannelID>) async throws(StoreError) -> Int {
        var (after, moved) = (Int64(0), 0)
        while true {
            let position = after
            let page = try await store.read { reading throws(StoreError) in
                try reading.balancings(after: position, limit: RightsBalancer.batch)
            }
            for (number, sku, units) in page {
                after = number
                // Looked at beside the writer first: mostly there is nothing to move.
                let now = store.surroundings.time.now()
                let wanted = try await store.read { reading throws(StoreError) in try moves(sku, units, reachable, reading, now) }
                guard !wanted.isEmpty else { continue }
                moved += try await store.write { writing throws(StoreError) in
                    try carryOut(try moves(sku, units, reachable, writing.reading, now), sku, writing, now)
                }
            }
            if page.count < RightsBalancer.batch { return moved }
        }
    }

    private func moves(
        _ sku: EntityRef, _ units: Int64, _ reachable: Set<ChannelID>, _ reading: Reading, _ now: Timestamp
    ) throws(StoreError) -> [Rebalancing.Move] {
        var standings: [ChannelID: Rebalancing.Standing] = [:]
        var granted: Int64 = 0
        for right in try reading.stockRights(sku: sku) {
            let channel = try reading.requireChannel(right.channel)
            var pace = try reading.sellingPace(sku, at: channel)
            pace.pass(to: now)
            granted += right.granted
            let before = standings[right.channel]
            // One that has not confirmed a decrease yet is left alone until it has.
            standings[right.channel] = Rebalancing.Standing(
                right.channel, granted: (before?.granted ?? 0) + right.granted, demand: pace.perHour,
                reachable: reachable.contains(right.channel) && right.withdrawing == 0 && before?.reachable != false)
        }
        let free = try reading.availability(sku, at: now).open
        return rule.moves(
            standings.keys.sorted().compactMap { standings[$0] }, spare: min(free, max(0, units - granted)))
    }

    private func carryOut(
        _ moves: [Rebalancing.Move], _ sku: EntityRef, _ writing: Writing, _ now: Timestamp
    ) throws(StoreError) -> Int {
        var done = 0
        for move in moves {
            let mark = try writing.reading.newestSequence()
            let cause: StockCause
            do throws(ValidationFailure) { cause = try StockCause("balance/\(sku.id)/\(move.channel)/\(mark)") } catch { throw .invalid(error) }
            let outcome: StockOutcome
            if move.by < 0 {
                let most = try writing.reading.stockRights(sku: sku, channel: move.channel).max { $0.granted < $1.granted }
                guard let most, most.granted > 0 else { continue }
                outcome = try writing.withdraw(
                    min(-move.by, most.granted), of: sku, at: most.warehouse, from: move.channel, cause: cause)
            } else {
                let most = try writing.reading.stockLevels(sku, at: now).max { $0.balance.pool < $1.balance.pool }
                guard let most, most.balance.pool > 0 else { continue }
                outcome = try writing.grant(
                    min(move.by, most.balance.pool), of: sku, at: most.warehouse, to: move.channel, cause: cause, author: "balance")
            }
            if case .done = outcome { done += 1 }
        }
        return done
    }
}
