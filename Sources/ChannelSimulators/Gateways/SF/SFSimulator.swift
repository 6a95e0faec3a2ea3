package import ChannelAdapters
package import Commerce

/// Makes SF's simulator, and accounts that fit it.
package enum SFSimulator {
    package static let host = "sfapi.sf-express.com"
    package static let partnerID = "SIMPARTNER"
    package static let checkword = "simulated*check~word"
    package static let token = "k7Qd2VtX9mLr4BzN8cYw1HsF"

    /// - Parameters:
    ///   - callbackURL: where the gateway is reached; the token follows it.
    ///   - isForm: pushes XML in a form instead of JSON.
    package static func make(
        callbackURL: String, isForm: Bool = false, time: any TimeSource, random: any RandomSource
    ) -> TrackingSimulator {
        TrackingSimulator(
            SFWire(partnerID: partnerID, checkword: checkword, pushURL: "\(callbackURL)/\(token)", isForm: isForm), time: time,
            random: random)
    }

    package static func account(
        _ id: ChannelID, endpoint: String = "http://\(host)/std/service", callbackURL: String?, isForm: Bool = false,
        settings: [String: String] = [:]
    ) -> GatewayAccount {
        let own = [
            "partner_id": partnerID, "endpoint": endpoint, "allow_private_addresses": "true", "push_mode": isForm ? "form" : "json",
            "pushes_all": callbackURL == nil ? "false" : "true",
        ]
        return GatewayAccount(
            id: id, kind: .sf, settings: own.merging(settings) { $1 },
            secrets: ["checkword": [Secret(checkword)], "push_tokens": [Secret(token)]], callbackURL: callbackURL)
    }
}
