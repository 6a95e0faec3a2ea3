package import Commerce
import GRDB

/// What waits at gateways and what of money nobody knows the end of, for those who look after it.
package struct GatewayFigures: Hashable, Sendable {
    /// One account, by its callbacks and its bills.
    package struct Account: Hashable, Sendable {
        package var waiting = 0
        package var quarantined = 0
        package var dead = 0
        /// When the newest callback that is still kept came.
        package var lastCallback: Timestamp?
        /// Days whose bill has not come, and the first of them.
        package var billsAwaited = 0
        package var firstAwaited: CalendarDay?
        /// Differences between bills and our books that nobody has dealt with.
        package var differences = 0

        package init() {}
    }

    package var accounts: [String: Account] = [:]
    /// Payments somebody was sent to make and nobody has heard of since, and when the first of them was to be asked after.
    package var paymentsInDoubt = 0
    package var firstPaymentInDoubt: Timestamp?
    /// Refunds that were sent and whose end nobody knows, and the tries of the one that was tried most.
    package var refundsUnknown = 0
    package var refundTriesMost: Int64 = 0
    package var refundsRefused = 0
    /// Parcels that are looked after, and those to which nothing has happened for too long.
    package var parcelsFollowed = 0
    package var parcelsStalled = 0

    package init() {}
}

extension Reading {
    /// Counts all of it at once, so that no figure is of another moment than the next.
    package func gatewayFigures() throws(StoreError) -> GatewayFigures {
        var figures = GatewayFigures()
        try countCallbacks(&figures)
        try countBills(&figures)
        if let gauge = try timerGauges().first(where: { $0.kind == .paymentInquiry }) {
            (figures.paymentsInDoubt, figures.firstPaymentInDoubt) = (Int(clamping: gauge.waiting), gauge.next)
        }
        try countRefundsAndParcels(&figures)
        return figures
    }

    private func countCallbacks(_ figures: inout GatewayFigures) throws(StoreError) {
        let rows = try perform { db in
            try db.all(
                """
                SELECT channel.id, inbox.state, count(*), max(inbox.received_at) FROM inbox JOIN channel ON channel.num = inbox.channel
                WHERE inbox.gateway = 1 GROUP BY channel.id, inbox.state
                """
            ) { _ in } _: { (try $0.text(0), try $0.text(1), try $0.integer(2), try $0.integer(3)) }
        }
        for (account, state, count, newest) in rows {
            var one = figures.accounts[account] ?? GatewayFigures.Account()
            switch InboxItem.State(rawValue: state) {
            case .waiting?: one.waiting = Int(count)
            case .quarantined?: one.quarantined = Int(count)
            case .dead?: one.dead = Int(count)
            case .applied?, nil: break
            }
            one.lastCallback = max(one.lastCallback ?? Timestamp(milliseconds: newest), Timestamp(milliseconds: newest))
            figures.accounts[account] = one
        }
    }

    private func countBills(_ figures: inout GatewayFigures) throws(StoreError) {
        let awaited = try perform { db in
            try db.all("SELECT gateway, count(*), min(day) FROM bill_day WHERE bill IS NULL GROUP BY gateway") { _ in } _: {
                (try $0.text(0), try $0.integer(1), try $0.integer(2))
            }
        }
        for (account, count, day) in awaited {
            figures.accounts[account, default: GatewayFigures.Account()].billsAwaited = Int(count)
            figures.accounts[account, default: GatewayFigures.Account()].firstAwaited = CalendarDay(number: Int(day))
        }
        let differing = try perform { db in
            try db.all("SELECT gateway, count(*) FROM bill_difference WHERE state = 'open' GROUP BY gateway") { _ in } _: {
                (try $0.text(0), try $0.integer(1))
            }
        }
        for (account, count) in differing { figures.accounts[account, default: GatewayFigures.Account()].differences = Int(count) }
    }

    private func countRefundsAndParcels(_ figures: inout GatewayFigures) throws(StoreError) {
        let refunds = try perform { db in
            try db.all("SELECT state, count(*), max(tries) FROM refund WHERE state IN ('unknown', 'refused') GROUP BY state") { _ in } _: {
                (try $0.text(0), try $0.integer(1), try $0.integer(2))
            }
        }
        for (state, count, tries) in refunds {
            if state == "unknown" {
                (figures.refundsUnknown, figures.refundTriesMost) = (Int(count), tries)
            } else {
                figures.refundsRefused = Int(count)
            }
        }
        let parcels = try perform { db in
            try db.first(
                """
                SELECT count(*), count(CASE WHEN came_at IS NULL THEN stalled_at END) FROM parcel WHERE look_at IS NOT NULL
                """
            ) { _ in } _: { (try $0.integer(0), try $0.integer(1)) }
        }
        (figures.parcelsFollowed, figures.parcelsStalled) = (Int(parcels?.0 ?? 0), Int(parcels?.1 ?? 0))
    }
}
