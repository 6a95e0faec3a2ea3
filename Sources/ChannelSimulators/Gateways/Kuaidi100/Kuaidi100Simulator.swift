package import ChannelAdapters
package import Commerce

/// Makes Kuaidi100's simulator, and accounts that fit it.
package enum Kuaidi100Simulator {
    package static let host = "poll.kuaidi100.com"
    package static let key = "simulated-kuaidi100-key"
    package static let customer = "SIMULATEDCUSTOMER"
    package static let salt = "simulated-salt-1"

    package static func make(time: any TimeSource, random: any RandomSource) -> TrackingSimulator {
        TrackingSimulator(Kuaidi100Wire(key: key, customer: customer), time: time, random: random)
    }

    /// - Parameter callbackURL: where it reaches the account; nil has parcels asked after only.
    package static func account(
        _ id: ChannelID, endpoint: String = "http://\(host)", callbackURL: String?, settings: [String: String] = [:]
    ) -> GatewayAccount {
        GatewayAccount(
            id: id, kind: .kuaidi100,
            settings: ["customer": customer, "endpoint": endpoint, "allow_private_addresses": "true"].merging(settings) { $1 },
            secrets: ["key": [Secret(key)], "salts": [Secret(salt)]], callbackURL: callbackURL)
    }
}
