import Commerce
import Foundation
import HTTPTypes
import Store
import TestKit
import Testing

@testable import SyncDaemon

/// Whatever is asked of the shop API, its description has foreseen the answer.
struct ShopDescriptionTests {
    private static let texts: [JSON] = [
        "", "cup-plum", "cup-old", "nothing", "No Id", "\u{0}", "公道杯", "m", "trial", "return-and-refund", "agree", "c1", .string(String(repeating: "x", count: 2_000)),
    ]
    private static let values: [JSON] =
        texts + [
            .null, true, 0, 1, -1, 7, 1_000_000_000, .integer(.max), .integer(.min), .decimal("0.5"), .decimal("1e400"), [], [:], [[]], [1, 2],
            ["sku": "cup-plum", "add": 1], [["sku": "cup-plum", "add": 1]], [["line": 1, "pieces": 1]], [["line": 1, "pieces": 1, "amount": 5]],
        ]
    private static let names = [
        "lines", "sku", "add", "set", "gateway", "reason", "text", "kind", "evidence", "answer", "carrier", "tracking", "case", "line", "pieces",
        "quantity", "cart", "quote", "buyer", "coupons", "points", "destination", "pick_up", "currency", "locale", "name", "phone", "address",
    ]
    private static let words = [
        "", "a", "20261123-a", "cup", "cup-plum", "c1", "%00", "%2e%2e", "%E8%8C%B6", "..%2f", "x%zz", "null", "-1", "18446744073709551616",
        String(repeating: "y", count: 300),
    ]

    /// Bodies that make sense somewhere, for the cases in which something is done.
    private static let sound: [JSON] = [
        ["lines": [["sku": "cup-plum", "add": 2]]], ["lines": [["sku": "cup-plum", "set": 0], ["sku": "cup-jade", "set": 3]]],
        ["lines": [["sku": "cup-plum", "quantity": 1]], "destination": ["CN"]],
        ["quote": "none", "buyer": ["name": "x", "phone": "138000", "address": "1 Road"]], ["gateway": "trial"], ["reason": "not wanted"], ["text": "by night, please"], ["answer": "agree"], ["carrier": "SF", "tracking": "1"],
        ["kind": "call-off", "lines": [["line": 1, "pieces": 1]], "reason": "too many"],
    ]

    private struct Dice {
        var state: UInt64
        mutating func roll(_ sides: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(sides))
        }
        mutating func one<T>(of all: [T]) -> T { all[roll(all.count)] }
    }

    private static func body(_ dice: inout Dice, depth: Int = 0) -> JSON {
        if depth == 0, dice.roll(2) == 0 { return dice.one(of: sound) }
        if dice.roll(4) == 0 || depth > 2 { return dice.one(of: values) }
        if dice.roll(4) == 0 { return .array((0..<dice.roll(4)).map { _ in body(&dice, depth: depth + 1) }) }
        var object = JSONObject()
        for _ in 0..<dice.roll(5) { object[dice.one(of: names)] = body(&dice, depth: depth + 1) }
        return .object(object)
    }

    @Test func `no answer is one the description has not foreseen, and none is a fault of ours`() async throws {
        var world = try await ShopWorld()
        (world.http.limits.shopRate, world.http.limits.sourceRate) = (Rate(perSecond: 1e9, burst: 1e9), Rate(perSecond: 1e9, burst: 1e9))
        try await world.receive("cup-plum", 50)
        let order = PlacedOrder(
            number: "20261123-a", channel: Samples.id("web"), member: EntityID("m"),
            buyer: Buyer(name: "李雷", phone: "13800001234", region: Region(["CN", "31"]), address: "1 Road"),
            currency: try #require(Currency("CNY")),
            lines: [OrderLine(number: 1, title: "Cup", priced: PricedLine(sku: Samples.reference("sku/cup-plum").id, quantity: 2, unit: 9_900))])
        try await world.store.write { writing throws(StoreError) in _ = try writing.place(order, by: "test") }
        let routes = try world.http.doors.door(.public, pageIsOpen: false).1.routes.filter { $0.access == .shop }
        let cases = ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full" ? 20_000 : 1_500
        let open = world
        try await open.visit { shop in
            var dice = Dice(state: 7)
            for number in 0..<cases {
                let route = routes[number % routes.count]
                var path = route.path.split(separator: "/").map { part -> String in
                    guard part.hasPrefix("{") else { return String(part) }
                    let known = ["{number}": "20261123-a", "{case}": "c1"][part] ?? "cup"
                    return dice.roll(2) == 0 ? known : dice.one(of: Self.words.filter { !$0.isEmpty })
                }.joined(separator: "/")
                let names = route.parameters.filter { $0.place == .query }.map(\.name) + ["unknown"]
                let query = (0..<dice.roll(3)).map { _ in "\(dice.one(of: names))=\(dice.one(of: Self.words))" }
                if !query.isEmpty { path += "?" + query.joined(separator: "&") }
                var headers = ["heyi-channel": "web"]
                if dice.roll(3) > 0 { headers["heyi-member"] = dice.one(of: ["m", "m", "m2", "No"]) }
                if dice.roll(8) > 0 { headers["idempotency-key"] = dice.roll(20) == 0 ? "a b" : "k\(dice.roll(cases))" }
                if dice.roll(6) == 0 { headers["if-match"] = dice.one(of: ["\"1\"", "\"9\"", "*", "x", "W/\"2\""]) }
                if dice.roll(6) == 0 { headers["if-none-match"] = dice.one(of: ["\"1\"", "*", ",,", "W/"]) }
                var text = ""
                if case .json = route.body { text = dice.roll(15) == 0 ? dice.one(of: ["{", "nul", "[1,", "{\"a\":1,\"a\":2}"]) : Self.body(&dice).text }
                let fields = ShopClient.signed(route.method, "/\(path)", text, headers, key: HTTPWorld.key, at: open.http.time.now())
                let answer = try await shop.client.send(route.method, "/\(path)", fields, text.isEmpty ? nil : text)
                let status = answer.status.code
                let what: Comment = "\(route.name) /\(path) \(headers) \(text.prefix(300)): \(status) \(answer.text.prefix(300))"
                #expect(status != 500 && status != 503 && route.everyAnswer.contains { $0.status == status }, what)
                if status >= 400 { #expect(try answer.json["code"]?.string != nil && answer.json["status"]?.integer == Int64(status), what) }
            }
        }
    }
}
