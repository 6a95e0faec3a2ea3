import ChannelSimulators
import Commerce

extension GatewayDials {
    private typealias Chance = (name: String, path: any WritableKeyPath<GatewayDials, Int> & Sendable)
    private static let chances: [Chance] = [
        ("fail_before", \.failBefore), ("fail_after", \.failAfter), ("drop_before", \.dropBefore), ("drop_after", \.dropAfter),
        ("throttle", \.throttle), ("fail_in_body", \.failInBody), ("refuse_refunds", \.refuseRefunds), ("callback_lost", \.callbackLost),
        ("callback_tampered", \.callbackTampered), ("callback_foreign", \.callbackForeign), ("callback_other_amount", \.callbackOtherAmount),
    ]

    /// In the words platforms take, all of them.
    var json: JSON {
        var object = JSONObject(GatewayDials.chances.map { ($0.name, .integer(Int64(self[keyPath: $0.path]))) })
        object["dark"] = .bool(dark)
        object["callback_held"] = .bool(callbackHeld)
        object["callback_copies"] = .integer(Int64(callbackCopies))
        object["refund_takes_ms"] = .integer(refundTakes.milliseconds)
        object["callback_delay_max_ms"] = .integer(callbackDelayMax.milliseconds)
        return .object(object)
    }

    /// Each takes one bad habit away.
    static var each: [@Sendable (inout GatewayDials) -> Void] {
        var each: [@Sendable (inout GatewayDials) -> Void] = []
        for (_, path) in chances { each.append { $0[keyPath: path] = 0 } }
        each += [{ $0.callbackCopies = 1 }, { $0.refundTakes = .zero }, { $0.callbackDelayMax = .zero }]
        return each
    }
}
