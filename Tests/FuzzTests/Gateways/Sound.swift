import Commerce

@testable import ChannelAdapters

/// What must hold of anything a platform is understood to have said.
enum Sound {
    static func complaint(_ news: [GatewayNews]) -> String? {
        if news.isEmpty { return "it was read and says nothing at all" }
        return news.lazy.compactMap(complaint).first
    }

    private static func complaint(_ news: GatewayNews) -> String? {
        switch news {
        case .attempt(let number, let told): GatewayNumber(number) == nil ? nil : complaint(told)
        case .refund(_, let told): complaint(told)
        case .refundByOthers(let transaction, let reference, let amount): complaint(amount) ?? name(transaction) ?? name(reference)
        case .dispute(let dispute): complaint(dispute.amount) ?? name(dispute.id) ?? name(dispute.transaction) ?? words(dispute.reason, max: 200)
        case .parcel(let report): complaint(report)
        case .nothing(let text): words(text, max: 400)
        }
    }

    static func complaint(_ told: AttemptNews) -> String? {
        switch told {
        case .open, .closed: nil
        case .paid(let payment, _): complaint(payment.amount) ?? name(payment.ref.transaction)
        case .unknown(let text): text.isEmpty ? "unknown without a word" : words(text, max: 2_000)
        }
    }

    static func complaint(_ told: RefundNews) -> String? {
        switch told {
        case .settled: nil
        case .refused(let text), .unknown(let text): text.isEmpty ? "not done, without a word" : words(text, max: 2_000)
        }
    }

    static func complaint(_ report: TrackingReport) -> String? {
        guard ReportedValue.isParcelNumber(report.number) else { return "a parcel called \(report.number.debugDescription)" }
        guard report.events.count <= ReportLimits.events * 16 else { return "\(report.events.count) events" }
        for event in report.events {
            if let wrong = words(event.text, max: ReportLimits.words) ?? words(event.place ?? "", max: ReportLimits.place) ?? words(event.code, max: 64) {
                return wrong
            }
        }
        if case .gaveUp(let text) = report.watch { return words(text, max: 200) }
        return nil
    }

    static func complaint(_ amount: Money) -> String? {
        (0...Money.amountMax).contains(amount.amount) ? nil : "an amount of \(amount.amount)"
    }

    /// A name of the platform's that is kept for ever.
    static func name(_ text: String) -> String? {
        text.isEmpty || text.utf8.count > 255 || !text.utf8.allSatisfy { (0x20...0x7E).contains($0) } ? "a name like \(text.debugDescription)" : nil
    }

    /// Somebody else's words on their way to people: bounded, and no line of a log or a terminal of ours is theirs.
    static func words(_ text: String, max: Int) -> String? {
        if text.unicodeScalars.count > max { return "\(text.unicodeScalars.count) characters of words" }
        return text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? "words that steer a terminal: \(text.debugDescription)" : nil
    }
}
