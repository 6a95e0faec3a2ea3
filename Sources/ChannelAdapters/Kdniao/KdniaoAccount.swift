import Commerce

/// An account at this platform, its settings read and found fit.
struct KdniaoAccount: Sendable {
    static let settings: [GatewaySetting] = []

    init(_ account: GatewayAccount) throws(GatewayFault) {
        throw GatewayFault("kind", "is not spoken here")
    }

    func gateway(_ transport: any HTTPTransport, _ surroundings: Surroundings) throws(GatewayFault) -> Gateway {
        throw GatewayFault("kind", "is not spoken here")
    }
}
