package import ChannelAdapters
package import Commerce

/// The payment platforms there are to play, with keys for both sides.
///
/// Making keys takes longer than everything else, so one set of them serves any number of platforms.
package struct PaymentPlatforms: Sendable {
    private let weChatPayKeys: WeChatPayKeyMaterial
    private let certified: AlipaySimulator

    /// - Throws: what kept a key or a certificate from being made.
    package init(surroundings: Surroundings) throws {
        weChatPayKeys = try WeChatPayKeyMaterial.make(at: surroundings.time.now())
        certified = try AlipaySimulator(.certificates, surroundings: surroundings)
    }

    /// A platform without a past that is to be served on loopback, and the account its merchant has there.
    ///
    /// - Parameters:
    ///   - kind: one that takes payments.
    ///   - callbackURL: where the merchant takes callbacks.
    ///   - settings: what the merchant's operator has set besides.
    /// - Returns: nil for a kind that takes no payments.
    package func make(
        _ kind: GatewayKind, id: ChannelID, port: Int, callbackURL: String, settings: [String: String] = [:], surroundings: Surroundings
    ) -> (simulator: any GatewaySimulator, account: @Sendable () -> GatewayAccount)? {
        let endpoint = "http://127.0.0.1:\(port)"
        switch kind {
        case .weChatPay:
            let keys = weChatPayKeys
            return (
                WeChatPaySimulator(keys: keys, surroundings: surroundings),
                { keys.account(id, endpoint: endpoint, callbackURL: callbackURL, settings: settings) }
            )
        case .alipay:
            let simulator = AlipaySimulator(keysOf: certified, surroundings: surroundings, host: "127.0.0.1:\(port)")
            let local = ["endpoint": "\(endpoint)/gateway.do", "allow_private_addresses": "true"].merging(settings) { _, given in given }
            return (simulator, { simulator.account(id, callbackURL: callbackURL, settings: local) })
        case .stripe:
            let simulator = StripeSimulator(time: surroundings.time, random: surroundings.random, callbackURL: callbackURL)
            let local = ["endpoint": endpoint, "allow_private_addresses": "true"].merging(settings) { _, given in given }
            return (simulator, { simulator.account(id, settings: local) })
        default: return nil
        }
    }
}

extension GatewayAccount {
    /// The account as an operator writes it down under `gateways` of the configuration.
    ///
    /// - Parameter keep: puts a secret into a file of this name and says where that is.
    package func written<Failure: Error>(_ keep: (_ file: String, _ secret: Secret) throws(Failure) -> String) throws(Failure) -> String {
        var lines = ["  - id: \(id)", "    kind: \(kind.rawValue)"]
        for (name, value) in settings.sorted(by: { $0.key < $1.key }) { lines.append("    \(name): \"\(value)\"") }
        for setting in kind.settings {
            guard let secrets = secrets[setting.name], !secrets.isEmpty else { continue }
            var files: [String] = []
            for (index, secret) in secrets.enumerated() { files.append("file:\(try keep("\(id)-\(setting.name)-\(index)", secret))") }
            lines.append("    \(setting.name): \(setting.form == .secret ? files[0] : "[\(files.joined(separator: ", "))]")")
        }
        return lines.joined(separator: "\n")
    }
}
