package import ChannelAdapters
package import Commerce

/// Makes Kdniao's simulator, and accounts that fit it.
package enum KdniaoSimulator {
    package static let host = "api.kdniao.com"
    package static let ebusinessID = "1260001"
    package static let appKey = "simulated-kdniao-key"

    /// - Parameter callbackURL: where it pushes to; said at its console and not by subscribers.
    package static func make(callbackURL: String, time: any TimeSource, random: any RandomSource) -> TrackingSimulator {
        TrackingSimulator(KdniaoWire(ebusinessID: ebusinessID, appKey: appKey, callbackURL: callbackURL), time: time, random: random)
    }

    package static func account(
        _ id: ChannelID, endpoint: String = "http://\(host)", callbackURL: String?, settings: [String: String] = [:]
    ) -> GatewayAccount {
        GatewayAccount(
            id: id, kind: .kdniao,
            settings: ["ebusiness_id": ebusinessID, "endpoint": endpoint, "allow_private_addresses": "true"].merging(settings) { $1 },
            secrets: ["app_keys": [Secret(appKey)]], callbackURL: callbackURL)
    }
}
