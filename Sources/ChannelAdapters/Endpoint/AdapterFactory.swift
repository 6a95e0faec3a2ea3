package import Commerce

/// The languages a channel with an endpoint can speak, as configuration spells them.
package enum ChannelProtocol: String, CaseIterable, Sendable {
    /// Heyi's own delta protocol; see docs/protocol.md.
    case delta
    /// A simple REST backend with `updated_at` and no clocks.
    case plain
}

/// Makes the adapter for a channel; the only place that knows which there are.
package enum AdapterFactory {
    /// - Throws: ``SecretFault`` when a secret is not one the protocol can use.
    package static func adapter(
        for channelProtocol: ChannelProtocol, endpoint: ChannelEndpoint, transport: any HTTPTransport,
        time: any TimeSource
    ) throws(SecretFault) -> any ChannelAdapter {
        switch channelProtocol {
        case .delta: try DeltaAdapter(endpoint: endpoint, transport: transport, time: time)
        case .plain: try PlainAdapter(endpoint: endpoint, transport: transport, time: time)
        }
    }

    /// Checks that a protocol can use these secrets, before there is a channel to use them.
    package static func check(_ secrets: [Secret], for channelProtocol: ChannelProtocol) throws(SecretFault) {
        switch channelProtocol {
        case .delta: _ = try StandardWebhooks(secrets: secrets)
        case .plain: try PlainAdapter.check(secrets)
        }
    }
}
