package import Commerce

/// A platform's bad days; all off to begin with, each may be turned while it runs. Chances are in 1,000.
package struct GatewayDials: Hashable, Sendable {
    /// Of requests: nothing done, 5xx in the platform's own words.
    package var failBefore = 0
    /// Of requests: all done, and 5xx.
    package var failAfter = 0
    /// Of requests: nothing done, connection ended.
    package var dropBefore = 0
    /// Of requests: all done, connection ended without an answer.
    package var dropAfter = 0
    /// Of requests: told to come more slowly.
    package var throttle = 0
    /// Of requests: status 200 with the platform's word for failure in the body, nothing done.
    package var failInBody = 0
    /// Of refunds: refused for now, such as for want of balance.
    package var refuseRefunds = 0
    /// Refunds are under way for so long before they are through.
    package var refundTakes = Duration.zero
    /// Nobody listens.
    package var dark = false
    /// How many times each callback is told, whatever it is answered.
    package var callbackCopies = 1
    /// How much later than it happened a callback is told, at most; a chance draws each, so that they overtake each other.
    package var callbackDelayMax = Duration.zero
    /// Callbacks are kept back until they are released.
    package var callbackHeld = false
    /// Of callbacks: never told.
    package var callbackLost = 0
    /// Of callbacks: altered on the way.
    package var callbackTampered = 0
    /// Of callbacks: of another merchant, genuinely signed.
    package var callbackForeign = 0
    /// Of callbacks: a genuine one that tells of another amount.
    package var callbackOtherAmount = 0

    package init() {}

    /// Turns the dials named and leaves the others.
    ///
    /// - Throws: ``ValidationFailure`` about the first that is wrong; nothing is turned then.
    package mutating func turn(_ value: JSON) throws(ValidationFailure) {
        var turned = self
        let chances: [(String, WritableKeyPath<GatewayDials, Int>)] = [
            ("fail_before", \.failBefore), ("fail_after", \.failAfter), ("drop_before", \.dropBefore), ("drop_after", \.dropAfter),
            ("throttle", \.throttle), ("fail_in_body", \.failInBody), ("refuse_refunds", \.refuseRefunds),
            ("callback_lost", \.callbackLost), ("callback_tampered", \.callbackTampered), ("callback_foreign", \.callbackForeign),
            ("callback_other_amount", \.callbackOtherAmount),
        ]
        let others = ["dark", "callback_held", "callback_copies", "refund_takes_ms", "callback_delay_max_ms"]
        var reader = try ValueReader(value, allowed: chances.map(\.0) + others)
        for (name, path) in chances {
            if let chance = try reader.integer(name, in: 0...1_000) { turned[keyPath: path] = Int(chance) }
        }
        if let dark = try reader.bool("dark") { turned.dark = dark }
        if let held = try reader.bool("callback_held") { turned.callbackHeld = held }
        if let copies = try reader.integer("callback_copies", in: 0...1_000) { turned.callbackCopies = Int(copies) }
        let year: Int64 = 366 * 86_400_000
        if let wait = try reader.integer("refund_takes_ms", in: 0...year) { turned.refundTakes = .milliseconds(wait) }
        if let wait = try reader.integer("callback_delay_max_ms", in: 0...year) { turned.callbackDelayMax = .milliseconds(wait) }
        self = turned
    }
}
