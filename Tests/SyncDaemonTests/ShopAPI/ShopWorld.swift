import Commerce
import Crypto
import Foundation
import HTTPTypes
import Mall
import Store
import TestKit

@testable import SyncDaemon

/// The shop API over a store in memory, for the channels `web` and `app`.
struct ShopWorld: Sendable {
    var http: HTTPWorld
    let store: Store

    init(_ units: [String: [String: JSON]] = ShopWorld.goods) async throws {
        var http = HTTPWorld()
        store = try Store(.memory, surroundings: .still(time: http.time))
        http.shop = StoreShopDesk(store: store, cashier: Cashier(store: store, gateways: [TrialGateway(), HandGateway()]), usual: ("en", Currency("CNY")))
        self.http = http
        try await write(units)
    }

    func write(_ units: [String: [String: JSON]]) async throws {
        try await store.write { writing throws(StoreError) in
            for channel in ["web", "app"] { try writing.putChannel(Samples.id(channel), settings: [:]) }
            for (name, values) in units.sorted(by: { $0.key < $1.key }) {
                let entity = Samples.reference(name)
                try writing.create(entity)
                for (unit, value) in values.sorted(by: { $0.key < $1.key }) {
                    _ = try writing.apply(UnitWrite(UnitRef(entity, Samples.unit(unit)), value, author: "test", origin: .api))
                }
            }
        }
    }

    func receive(_ sku: String, _ quantity: Int64, cause: String = "po-1") async throws {
        let order = try StockOrder(.receive(quantity), of: Samples.reference("sku/\(sku)"), cause: StockCause("\(cause)/\(sku)"), author: "t")
        try await store.write { writing throws(StoreError) in _ = try writing.move(order) }
    }

    func visit<T: Sendable>(_ body: @Sendable (ShopClient) async throws -> T) async throws -> T {
        let world = self
        return try await http.visit(.public) { client in try await body(ShopClient(world: world, client: client)) }
    }

    /// A product with two SKUs on the shelf, one SKU that is not, and a draft.
    static let goods: [String: [String: JSON]] = [
        "product/cup": [
            "text.en": ["title": "Fairness cup", "body": "<p>Porcelain</p>"], "text.zh-CN": ["title": "公道杯", "keywords": "茶具"],
            "shelf": ["state": "on"], "categories": ["tea-ware", "gifts"], "brand": ["id": "jingde"], "tags": ["daily"],
        ],
        "sku/cup-plum": [
            "identity": ["product": "cup", "code": "CUP-PLUM", "options": ["plum"], "position": 1],
            "price.CNY": ["amount": 9_900, "cost": 4_000, "tax_included": true, "compare_at": 12_900],
            "price.CNY@app": ["amount": 8_800, "tax_included": true],
        ],
        "sku/cup-jade": ["identity": ["product": "cup", "code": "CUP-JADE", "position": 2], "price.CNY": ["amount": 10_900]],
        "sku/cup-old": ["identity": ["product": "cup"], "shelf": ["state": "off"], "price.CNY": ["amount": 1]],
        "product/secret": ["text.en": ["title": "Not yet"], "shelf": ["state": "draft"], "categories": ["tea-ware"]],
        "sku/secret-1": ["identity": ["product": "secret"], "price.CNY": ["amount": 5]],
    ]
}

/// Asks as a channel's backend does; signs by hand, from the document.
struct ShopClient: Sendable {
    let world: ShopWorld
    let client: any DoorClient

    func get(_ path: String, member: String? = nil, channel: String = "web", _ more: [String: String] = [:]) async throws -> DoorAnswer {
        try await send(.get, path, nil, member, channel, nil, more)
    }

    func post(
        _ path: String, _ body: JSON? = nil, member: String? = nil, channel: String = "web", key: String?, _ more: [String: String] = [:]
    ) async throws -> DoorAnswer {
        try await send(.post, path, body, member, channel, key, more)
    }

    func patch(
        _ path: String, _ body: JSON, member: String? = nil, channel: String = "web", key: String?, _ more: [String: String] = [:]
    ) async throws -> DoorAnswer {
        try await send(.patch, path, body, member, channel, key, more)
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ body: JSON?, _ member: String?, _ channel: String, _ key: String?,
        _ more: [String: String]
    ) async throws -> DoorAnswer {
        var headers = more
        headers["heyi-channel"] = channel
        headers["heyi-member"] = member
        headers["idempotency-key"] = key
        let target = path.hasPrefix("/v1") ? path : "/v1/shop\(path)"
        let fields = Self.signed(
            method, target, body.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "", headers,
            key: channel == "app" ? HTTPWorld.otherKey : HTTPWorld.key, at: world.http.time.now())
        return try await client.send(method, target, fields, body.map { String(decoding: $0.bytes, as: UTF8.self) })
    }

    static func signed(
        _ method: HTTPRequest.Method, _ target: String, _ body: String, _ headers: [String: String], key: [UInt8], at now: Timestamp
    ) -> HTTPFields {
        let stamp = String(now.milliseconds / 1_000)
        let digest = SHA256.hash(data: Array(body.utf8)).map { String(format: "%02x", $0) }.joined()
        let names = ["heyi-channel", "heyi-member", "idempotency-key", "if-match", "if-none-match"]
        let lines = ["heyi-request/2", method.rawValue, target, "msg_1", stamp] + names.map { headers[$0] ?? "" } + [digest]
        let code = HMAC<SHA256>.authenticationCode(for: Array(lines.joined(separator: "\n").utf8), using: SymmetricKey(data: key))
        var fields = HTTPFields()
        fields[.webhookID] = "msg_1"
        fields[.webhookTimestamp] = stamp
        fields[.webhookSignature] = "v2,\(Foundation.Data(code).base64EncodedString())"
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        if !body.isEmpty { fields[.contentType] = "application/json" }
        return fields
    }
}

extension JSON {
    subscript(index: Int) -> JSON? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }
}
