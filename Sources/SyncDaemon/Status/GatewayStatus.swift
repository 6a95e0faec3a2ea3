import ChannelAdapters
import Commerce
import Mall
import Store

/// How the accounts at payment and logistics platforms stand, and the money nobody knows the end of.
struct GatewaysStatus: Hashable, Sendable {
    struct Account: Hashable, Sendable {
        let report: GatewayReport
        let figures: GatewayFigures.Account

        /// When its platform was last heard: since the start, or by what is still kept.
        var lastHeard: Timestamp? { [report.lastAdmitted, figures.lastCallback].compactMap(\.self).max() }

        var json: JSON {
            [
                "id": .string(report.id.text), "kind": .string(report.kind.rawValue), "fault": report.fault.map(JSON.string) ?? .null,
                "last_heard": lastHeard.map { .integer($0.milliseconds) } ?? .null, "admitted": .integer(Int64(report.admitted)),
                "refused": .integer(Int64(report.refused)), "quarantined": .integer(Int64(figures.quarantined)),
                "dead": .integer(Int64(figures.dead)), "bill_differences": .integer(Int64(figures.differences)),
            ]
        }
    }

    var accounts: [Account] = []
    var figures = GatewayFigures()

    /// Longer than any payer thinks about it.
    static let doubtMax: Duration = .seconds(2 * 3_600)
    /// Longer than any platform takes for a refund it has not refused.
    static let refundMax: Duration = .seconds(24 * 3_600)

    /// How long the first payment in doubt has been so.
    func oldestDoubt(at now: Timestamp) -> Duration { figures.firstPaymentInDoubt.map { max(.zero, now - $0) } ?? .zero }
    /// How long the first refund of unknown end has been so, at least.
    var oldestRefund: Duration { Cashier.least(ofTries: figures.refundTriesMost) }

    func json(at now: Timestamp) -> JSON {
        [
            "accounts": .array(accounts.map(\.json)), "payments_in_doubt": .integer(Int64(figures.paymentsInDoubt)),
            "oldest_payment_in_doubt_seconds": .integer(oldestDoubt(at: now).components.seconds),
            "refunds_unknown": .integer(Int64(figures.refundsUnknown)), "refunds_refused": .integer(Int64(figures.refundsRefused)),
            "parcels_followed": .integer(Int64(figures.parcelsFollowed)), "parcels_stalled": .integer(Int64(figures.parcelsStalled)),
        ]
    }
}
