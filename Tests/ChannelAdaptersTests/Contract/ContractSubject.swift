import ChannelAdapters
import Commerce
import TestKit
import Testing

/// One adapter under the contract, with the answers its kind of channel gives in each case.
///
/// An adapter is finished when it is listed in ``all`` and the suite passes.
struct ContractSubject: Sendable, CustomTestStringConvertible {
    let channelProtocol: ChannelProtocol
    let secret: Secret
    let keepsClocks: Bool
    let capabilities: String
    /// Answers, one a request, to a push of ``batch``, whose two products are written in order.
    let stored: [String]
    let held: [String]
    let stale: (status: Int, body: String)
    let rejected: (status: Int, body: String)
    /// The first product is taken and the second put off for 7 s.
    let deferred: [Result<HTTPResponse, TransportError>]
    /// Two pages of a pull; the second is the last. One item of the first cannot be read.
    let pages: [String]
    /// Two pages of an enumeration.
    let listing: [String]
    /// Answers to a read of `product/p1`, which is there, and `product/p9`, which is not.
    let read: [Result<HTTPResponse, TransportError>]
    /// An answer of the right shape with one wrong member, and the member's path.
    let wrongPage: (body: String, path: String)

    var testDescription: String { channelProtocol.rawValue }

    static let all = [delta, plain]

    func adapter(_ transport: any HTTPTransport) throws -> any ChannelAdapter {
        try AdapterFactory.adapter(
            for: channelProtocol,
            endpoint: ChannelEndpoint(url: "http://shop.test/sync/", secrets: [secret]),
            transport: transport, time: ManualTime())
    }

    static let first = RemoteRef(kind: .product, id: "p1")
    static let second = RemoteRef(kind: .product, id: "p2")
    static let unit = UnitName("text.zh-CN")!

    static func delta(_ sequence: Int64, _ entity: RemoteRef, _ value: JSON?, expecting: String? = nil) -> OutgoingDelta {
        OutgoingDelta(
            sequence: sequence, entity: entity, unit: unit,
            operation: value.map { .set($0.bytes) } ?? .delete, token: CausalToken(json: ["hub:main:k3f9": 4]),
            key: OperationID("op-\(sequence)"), expecting: expecting)
    }

    static func batch(_ deltas: [OutgoingDelta]) -> PushBatch {
        PushBatch(generation: "g1", session: "s1", from: 0, to: deltas.map(\.sequence).max() ?? 0, deltas: deltas)
    }

    static let one = batch([delta(5, first, ["title": "合一 T恤"])])
    static let two = batch([delta(5, first, ["title": "合一 T恤"]), delta(6, second, ["title": "帽子"])])
}
