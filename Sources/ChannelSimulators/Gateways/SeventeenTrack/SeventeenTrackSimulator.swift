package import ChannelAdapters
package import Commerce

/// Makes 17TRACK's simulator, and accounts that fit it.
package enum SeventeenTrackSimulator {
    package static let host = "api.17track.net"
    package static let key = "51D0SIMULATED17TRACKKEY"

    /// - Parameter callbackURL: where it pushes to; said at its console and not by subscribers.
    package static func make(callbackURL: String, time: any TimeSource, random: any RandomSource) -> TrackingSimulator {
        TrackingSimulator(SeventeenTrackWire(key: key, callbackURL: callbackURL), time: time, random: random)
    }

    package static func account(
        _ id: ChannelID, endpoint: String = "http://\(host)", callbackURL: String?, settings: [String: String] = [:]
    ) -> GatewayAccount {
        GatewayAccount(
            id: id, kind: .seventeenTrack,
            settings: ["endpoint": endpoint, "allow_private_addresses": "true"].merging(settings) { $1 }, secrets: ["keys": [Secret(key)]],
            callbackURL: callbackURL)
    }
}
