import Commerce
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import Logging
import NIOCore
import Simulation
import TestKit

@testable import SyncDaemon

/// The doors over a daemon in memory, with a clock that stands still.
struct HTTPWorld: Sendable {
    let time = ManualTime()
    let daemon: FakeDaemon
    let metrics = Metrics()
    let doorJournal = DoorJournal()
    var limits = HTTPLimits()
    var signatureWindow: Duration = .seconds(300)
    var pageIsOpen = true
    /// What serves those who shop; nobody does unless a test says who.
    var shop: (any ShopDesk)?

    static let key: [UInt8] = Array("a key of the web channel, 32 byte".utf8)
    static let otherKey: [UInt8] = Array("a key of the app channel, 32 byte".utf8)

    init() {
        limits.farewell = .milliseconds(20)
        daemon = FakeDaemon(time: time)
        daemon.change { state in
            state.keys = ["web": [HTTPWorld.key], "app": [HTTPWorld.otherKey]]
            state.entities[Samples.tea] = Samples.entity
            for scope in Scope.allCases {
                state.tokens["heyi_\(scope.rawValue)"] = TokenRecord(
                    id: scope.rawValue, name: scope.rawValue, scope: scope, created: Samples.now,
                    expires: Samples.now + .seconds(3_600))
            }
        }
    }

    var doors: HTTPDoors {
        HTTPDoors(
            desks: HTTPDesks(
                status: daemon, operators: daemon, catalog: daemon, stock: daemon, orders: daemon, prices: daemon, tokens: daemon, answers: daemon,
                channels: daemon, shop: shop ?? daemon,
                callbacks: daemon, gateways: daemon, bills: daemon, keyring: daemon, doctor: daemon,
                doorJournal: doorJournal, signatureWindow: signatureWindow),
            metrics: metrics, surroundings: Surroundings(time: time, random: SeededRandom(seed: 1), ids: CountingIDs()),
            limits: limits, version: "1.0.0", logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
    }

    func door(_ listener: Listener) throws -> Door {
        try doors.door(listener, .address(host: "127.0.0.1", port: 0), HTTPPlaces(), pageIsOpen: pageIsOpen)
    }

    func visit<T: Sendable>(
        _ listener: Listener, _ reach: Reach = .router, _ body: @Sendable (any DoorClient) async throws -> T
    ) async throws -> T {
        switch reach {
        case .router: try await Application(responder: door(listener).responder).test(.router) { try await body(RouterClient(client: $0)) }
        case .live: try await LiveDaemon.run(door(listener)) { daemon in try await body(daemon) }
        }
    }

    /// The headers of a genuine request of a channel.
    func signed(
        _ method: HTTPRequest.Method, _ target: String, body: String = "", id: String = "msg_1",
        key: [UInt8] = HTTPWorld.key, age: Int64 = 0
    ) -> HTTPFields {
        let stamp = String(time.now().milliseconds / 1_000 - age)
        let payload = body.isEmpty ? "\(method.rawValue) \(target)" : body
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("\(id).\(stamp).\(payload)".utf8), using: SymmetricKey(data: key))
        var fields = HTTPFields()
        fields[.webhookID] = id
        fields[.webhookTimestamp] = stamp
        fields[.webhookSignature] = "v1,\(Foundation.Data(code).base64EncodedString())"
        if !body.isEmpty { fields[.contentType] = "application/json" }
        return fields
    }

    static func bearer(_ scope: Scope) -> HTTPFields { [.authorization: "Bearer heyi_\(scope.rawValue)"] }
    static func bearerJSON(_ scope: Scope) -> HTTPFields {
        [.authorization: "Bearer heyi_\(scope.rawValue)", .contentType: "application/json"]
    }
}
