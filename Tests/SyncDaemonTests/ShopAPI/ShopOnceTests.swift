import Commerce
import HTTPTypes
import Store
import TestKit
import Testing

@testable import SyncDaemon

struct ShopOnceTests {
    private let two: JSON = ["lines": [["sku": "cup-plum", "add": 2]]]

    @Test func `the same request again gets the same answer and does nothing again`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            let first = try await shop.patch("/cart", two, member: "m", key: "k-1")
            let again = try await shop.patch("/cart", two, member: "m", key: "k-1")
            #expect(first.status == .ok && again.status == .ok)
            #expect(first.text == again.text)
            #expect(first.headers[.eTag] == "\"2\"" && again.headers[.eTag] == "\"2\"")
            let opened = try await shop.post("/carts", two, key: "k-1")
            let reopened = try await shop.post("/carts", two, key: "k-1")
            #expect(opened.status == .created && opened.text == reopened.text)
            #expect(opened.headers[.location] == reopened.headers[.location] && opened.headers[.location] != nil)
        }
        let carts = try await world.store.read { reading throws(StoreError) in
            try reading.tables().first { $0.name == "cart" }?.rows
        }
        #expect(carts == 2)
    }

    @Test func `a key is wanted, and is one request's`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            for key in [nil, ""] {
                let missing = try await shop.patch("/cart", two, member: "m", key: key)
                #expect(missing.status == .badRequest)
                #expect(try missing.code == "idempotency_key_missing" && missing.json["field"] == "Idempotency-Key")
            }
            for key in ["a key", String(repeating: "k", count: 129)] {
                let wrong = try await shop.patch("/cart", two, member: "m", key: key)
                #expect(wrong.status == .unprocessableContent)
            }
            #expect(try await shop.patch("/cart", two, member: "m", key: "k").status == .ok)
            let other = try await shop.patch("/cart", ["lines": [["sku": "cup-plum", "add": 3]]], member: "m", key: "k")
            #expect(other.status == .unprocessableContent)
            #expect(try other.code == "idempotency_key")
            let elsewhere = try await shop.patch("/cart", two, member: "m", key: "k", ["if-match": "\"2\""])
            #expect(try elsewhere.code == "idempotency_key")
            // The first answer stands after all that.
            #expect(try await shop.patch("/cart", two, member: "m", key: "k").status == .ok)
            // Another member's key, a guest's and another channel's are others.
            for (member, channel) in [("m2", "web"), ("m", "app")] {
                let theirs = try await shop.patch("/cart", two, member: member, channel: channel, key: "k")
                #expect(theirs.status == .ok)
            }
            let cart = try await shop.get("/cart", member: "m")
            #expect(try cart.json["lines"]?[0]?["quantity"] == 2)
        }
    }

    @Test func `a refusal stands, so that what was refused is not done later`() async throws {
        let world = try await ShopWorld()
        let order: JSON = ["lines": [["sku": "cup-old", "add": 1]]]
        try await world.visit { shop in
            let refused = try await shop.patch("/cart", order, member: "m", key: "k")
            #expect(refused.status == .unprocessableContent)
            #expect(try refused.json["field"] == "lines[0].sku")
            try await world.write(["sku/cup-old": ["shelf": ["state": "on"]]])
            let again = try await shop.patch("/cart", order, member: "m", key: "k")
            #expect(again.text == refused.text && again.status == .unprocessableContent)
            #expect(again.headers[.contentType] == "application/problem+json")
            #expect(try await shop.patch("/cart", order, member: "m", key: "k-2").status == .ok)
        }
    }

    @Test func `of many that come at once under one key one is done`() async throws {
        let world = try await ShopWorld()
        let answers = try await world.visit { shop in
            try await withThrowingTaskGroup(of: DoorAnswer.self) { group in
                for _ in 0..<20 { group.addTask { try await shop.patch("/cart", two, member: "m", key: "k") } }
                var found: [DoorAnswer] = []
                for try await answer in group { found.append(answer) }
                return found
            }
        }
        #expect(Set(answers.map(\.status.code)).isSubset(of: [200, 409]))
        #expect(Set(answers.filter { $0.status == .ok }.map(\.text)).count == 1)
        for answer in answers where answer.status == .conflict {
            #expect(try answer.code == "in_flight" && answer.headers[.retryAfter] == "1")
        }
        let cart = try await world.visit { shop in try await shop.get("/cart", member: "m") }
        #expect(try cart.json["lines"]?[0]?["quantity"] == 2)
    }

    @Test func `work that fails is not remembered, and work that is refused leaves nothing behind`() async throws {
        let store = try Store(.memory, surroundings: .still())
        let key = AnswerKey(principal: "shop:web:guest", key: "k", digest: [1])
        for fault in [StoreError.failed("disk"), .failed("disk again")] {
            let thrown = await refusal { _ = try await store.once(key) { _ throws(StoreError) in throw fault } }
            #expect(thrown != nil)
        }
        let tea = Samples.tea
        let refused = try await store.once(key) { writing throws(StoreError) in
            try writing.create(tea)
            throw .contradiction("not so")
        }
        #expect(refused.status == 409)
        let again = try await store.once(key) { _ throws(StoreError) in StandingAnswer(["done": true]) }
        #expect(again == refused)
        let known = try await store.read { reading throws(StoreError) in try reading.entityNumber(tea) }
        #expect(known == nil)
    }
}
