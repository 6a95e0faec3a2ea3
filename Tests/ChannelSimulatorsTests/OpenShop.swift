import ChannelAdapters
import ChannelSimulators
import Commerce
import Logging
import ServiceLifecycle
import TestKit
import Testing

/// A shop that is open on loopback while a test runs, and the hub's side to reach it with.
struct OpenShop: Sendable {
    static let secret = "whsec_dGhlIHNlY3JldCBvZiBhIHNob3Agb24gbG9vcGJhY2s="

    let shop: ShopSimulator
    let url: String
    let transport: CurlTransport
    let time: ManualTime

    static func with(
        _ face: ShopFace, secrets: [String] = [secret], _ body: @Sendable (OpenShop) async throws -> Void
    ) async throws {
        let time = ManualTime()
        let shop = ShopSimulator(
            channel: try #require(ChannelID("web")), face: face, incarnation: "77aa", time: time)
        let server = try ShopSimulatorServer(
            shop: shop, secrets: secrets, port: 0, time: time, logger: Logger(label: "shop") { _ in SwiftLogNoOpLogHandler() })
        let transport = CurlTransport(configuration: .ordinary)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            let url = "http://127.0.0.1:\(try await server.port)"
            defer { group.cancelAll() }
            try await body(OpenShop(shop: shop, url: url, transport: transport, time: time))
        }
        await transport.shutdown(grace: .zero)
    }

    var endpoint: ChannelEndpoint {
        ChannelEndpoint(url: url, secrets: [Secret(Self.secret)], addresses: .privateToo)
    }

    func hub() throws -> any ChannelAdapter {
        shop.face == .plain
            ? try PlainAdapter(endpoint: endpoint, transport: transport, time: time)
            : try DeltaAdapter(endpoint: endpoint, transport: transport, time: time)
    }

    /// A request as it stands, to whoever answers it.
    func send(
        _ method: HTTPRequest.Method, _ target: String, body: [UInt8]? = nil,
        headers: [(name: String, value: String)] = []
    ) async throws -> HTTPResponse {
        try await transport.send(
            HTTPRequest(
                method: method, url: url + target, headers: headers, body: body, timeout: .seconds(10),
                responseBytesMax: 1 << 20, addresses: .privateToo))
    }

    /// A request with a signature under `secret`, over a payload that may be another.
    func sendSigned(
        _ method: HTTPRequest.Method, _ target: String, body: [UInt8]? = nil, secret: String = Self.secret,
        payload: [UInt8]? = nil, age: Int64 = 0
    ) async throws -> HTTPResponse {
        let door = try #require(WebhookDoor(secrets: [secret]))
        let signed = payload ?? WebhookDoor.payload(method: method.rawValue, target: target, body: body ?? [])
        let now = time.now().milliseconds / 1_000 - age
        return try await send(method, target, body: body, headers: door.headers(id: "m1", now: now, payload: signed))
    }

    func push(_ operation: String, clock: JSON = ["hub:main:a": 1]) async throws -> PushAnswer {
        let delta = OutgoingDelta(
            sequence: 1, entity: RemoteRef(kind: .product, id: "longjing"),
            unit: try #require(UnitName("text.zh-CN")), operation: .set(Array("{\"title\":\"龙井\"}".utf8)),
            token: CausalToken(json: clock), key: OperationID(operation), expecting: nil)
        return try await hub().push(PushBatch(generation: "hub1", session: "s1", from: 0, to: 1, deltas: [delta]))
    }
}
