import Commerce
import HTTPTypes
import Store
import TestKit
import Testing

@testable import SyncDaemon

/// What a channel hears of stock and of its orders, each once and as it is now.
@Suite struct ShopChangesTests {
    @Test func `what moved often is told once, as it is now, and nothing twice`() async throws {
        let world = try await ShopWorld()
        try await world.receive("cup-plum", 5)
        try await world.receive("cup-plum", 3, cause: "po-2")
        try await world.visit { shop in
            let first = try await shop.get("/v1/shop/changes").json
            #expect(first["data"]?.array?.compactMap { $0["quantity"]?.integer } == [8])
            #expect(first["complete"] == true)
            let next = try #require(first["next"]?.string)
            let second = try await shop.get("/v1/shop/changes?since=\(next)").json
            #expect(second["data"] == [] && second["next"]?.string == next)
        }
    }

    @Test func `a channel hears of its own orders and of no other's`() async throws {
        let world = try await ShopWorld()
        try await world.receive("cup-plum", 5)
        try await world.visit { shop in
            let quote = try await shop.post("/v1/shop/quotes", ["lines": [["sku": "cup-plum", "quantity": 1]]], member: "m", key: "1")
            let id = try #require(try quote.json["id"]?.string)
            let buyer: JSON = ["name": "Li", "phone": "13800001234", "address": "1 Road"]
            let order = try await shop.post("/v1/shop/orders", ["quote": .string(id), "buyer": buyer], member: "m", key: "2")
            let number = try #require(try order.json["number"]?.string)
            let mine = try await shop.get("/v1/shop/changes").json["data"]?.array ?? []
            #expect(mine.contains { $0["number"]?.string == number && $0["state"] == "awaiting-payment" && $0["member"] == "m" })
            let others = try await shop.get("/v1/shop/changes", channel: "app").json["data"]?.array ?? []
            #expect(others.allSatisfy { $0["what"] == "stock" } && !others.isEmpty)
        }
    }

    @Test func `a cursor of nobody is refused, one of an earlier life is gone`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            for wrong in ["x", "x.y", "x.-1", "."] {
                let answer = try await shop.get("/v1/shop/changes?since=\(wrong)")
                #expect(answer.status == .unprocessableContent, "\(wrong)")
            }
            let old = try await shop.get("/v1/shop/changes?since=another.7")
            #expect(old.status == .gone)
        }
    }
}
