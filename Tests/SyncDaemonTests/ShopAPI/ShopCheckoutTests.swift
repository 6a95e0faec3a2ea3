import Commerce
import HTTPTypes
import Store
import TestKit
import Testing

@testable import SyncDaemon

struct ShopCheckoutTests {
    private static let buyer: JSON = ["name": "李雷", "phone": "13800001234", "address": "1 Road"]
    private static let plum: JSON = ["lines": [["sku": "cup-plum", "quantity": 2]]]

    private func checkout(_ quote: JSON?) -> JSON { ["quote": quote ?? "none", "buyer": Self.buyer, "remark": "by night"] }

    private func open(_ units: Int64 = 50) async throws -> ShopWorld {
        let world = try await ShopWorld()
        for sku in ["cup-plum", "cup-jade"] { try await world.receive(sku, units) }
        return world
    }

    @Test func `a member's cart becomes a quote, and the quote an order with those prices`() async throws {
        let world = try await open()
        try await world.visit { shop in
            _ = try await shop.patch(
                "/cart", ["lines": [["sku": "cup-plum", "add": 2], ["sku": "cup-jade", "add": 1]]], member: "m", key: "1")
            let quoted = try await shop.post("/quotes", ["destination": ["CN", "31"]], member: "m", key: "2")
            let quote = try quoted.json
            #expect(quoted.status == .created && quote["total"] == 30_700 && quote["lines"]?.array?.count == 2, "\(quoted.text)")
            try HTTPDescriptionTests.compare(quote, named: "Quote")
            // What was promised holds, whatever the price is now.
            try await world.write(["sku/cup-plum": ["price.CNY": ["amount": 99_900]]])
            let placed = try await shop.post("/orders", checkout(quote["id"]), member: "m", key: "3")
            let order = try placed.json
            #expect(placed.status == .created && order["state"] == "awaiting-payment" && order["money"]?["total"] == 30_700, "\(placed.text)")
            #expect(order["buyer"] == ["name": "李雷", "phone": "13800001234", "region": ["CN", "31"], "address": "1 Road"])
            let path = try #require(placed.headers[.location])
            #expect(try await shop.get(path, member: "m").json == order)
            let again = try await shop.post("/orders", checkout(quote["id"]), member: "m", key: "3")
            #expect(again.text == placed.text && again.headers[.location] == path)
            let twice = try await shop.post("/orders", checkout(quote["id"]), member: "m", key: "4")
            #expect(try twice.status == .ok && twice.json["number"] == order["number"])
            #expect(try await shop.get("/orders", member: "m").json["data"]?.array?.count == 1)
            let plum = try await shop.get("/skus/cup-plum").json
            #expect(plum["stock"]?["quantity"] == 48)
            let requoted = try await shop.post("/quotes", [:], member: "m", key: "5")
            #expect(try requoted.json["total"] == 210_700)
        }
    }

    @Test func `a guest buys a cart or lines by themselves, at the channel's own price`() async throws {
        let world = try await open()
        try await world.visit { shop in
            let cart = try await shop.post("/carts", ["lines": [["sku": "cup-plum", "add": 1]]], channel: "app", key: "1").json
            let quote = try await shop.post("/quotes", ["cart": cart["id"] ?? .null], channel: "app", key: "2").json
            #expect(quote["total"] == 8_800)
            let order = try await shop.post("/orders", checkout(quote["id"]), channel: "app", key: "3")
            #expect(try order.status == .created && order.json["member"]?.isNull == true)
            let lines = try await shop.post("/quotes", Self.plum, key: "4")
            #expect(try lines.json["total"] == 19_800)
        }
    }

    @Test func `whoever invents a price, or asks for what is not sold, is told which member is wrong`() async throws {
        let world = try await open()
        let wrong: [(JSON, String)] = [
            (["lines": [["sku": "cup-plum", "quantity": 1, "price": 1]]], "lines[0].price"), (["lines": [], "total": 1], "total"),
            (["lines": [["sku": "cup-plum", "quantity": 0]]], "lines[0].quantity"),
            (["lines": [["sku": "cup-plum", "quantity": .decimal("1.5")]]], "lines[0].quantity"),
            (["lines": [["sku": "cup-plum", "quantity": 1_000_000_001]]], "lines[0].quantity"),
            (["lines": [["sku": "cup-plum", "quantity": 1], ["sku": "nothing", "quantity": 1]]], "lines[1].sku"),
            (["lines": [["sku": "cup-old", "quantity": 1]]], "lines[0].sku"), (["lines": [["sku": "secret-1", "quantity": 1]]], "lines[0].sku"),
            (["lines": [["sku": "cup-plum", "quantity": 1], ["sku": "cup-plum", "quantity": 1]]], "lines[1].sku"), (["lines": []], "lines"),
            ([:], "lines"), (["lines": [["sku": "cup-plum", "quantity": 1]], "cart": "x"], "lines"),
            (["lines": [["sku": "cup-plum", "quantity": 1]], "currency": "USD"], "lines[0].sku"),
            (["lines": [["sku": "cup-plum", "quantity": 1]], "currency": "XXQ"], "currency"),
            (["lines": [["sku": "cup-plum", "quantity": 1]], "coupons": ["no-such"]], "coupons[0]"),
            (["lines": [["sku": "cup-plum", "quantity": 1]], "points": 5], "points"),
            (["lines": [["sku": "cup-plum", "quantity": 1]], "points": -1], "points"),
            (["lines": [["sku": "cup-plum", "quantity": 1]], "destination": "CN"], "destination"),
            (["lines": .array([JSON](repeating: ["sku": "cup-plum", "quantity": 1], count: 1_001))], "lines"),
        ]
        try await world.visit { shop in
            for (index, (body, field)) in wrong.enumerated() {
                let answer = try await shop.post("/quotes", body, member: "m", key: "k\(index)")
                #expect(answer.status == .unprocessableContent, "\(body.text.prefix(100)): \(answer.text)")
                #expect(try answer.json["field"]?.string == field, "\(body.text.prefix(100)): \(answer.text)")
            }
            let guest = try await shop.post("/quotes", [:], key: "g")
            #expect(try guest.json["field"] == "cart")
            let quote = try await shop.post("/quotes", Self.plum, member: "m", key: "q").json["id"] ?? .null
            let orders: [(JSON, String)] = [
                (["buyer": Self.buyer], "quote"), (["quote": quote], "buyer"), (["quote": quote, "buyer": ["phone": "138000"]], "buyer.name"),
                (["quote": quote, "buyer": ["name": "x", "phone": "1"]], "buyer.phone"),
                (["quote": quote, "buyer": ["name": "x", "phone": "138000"]], "buyer.address"),
                (["quote": quote, "buyer": ["name": "x", "phone": "138000", "address": 7]], "buyer.address"),
                (["quote": quote, "buyer": ["name": "x", "phone": "138000", "paid": true]], "buyer.paid"),
                (["quote": quote, "buyer": Self.buyer, "total": 1], "total"),
            ]
            for (index, (body, field)) in orders.enumerated() {
                let answer = try await shop.post("/orders", body, member: "m", key: "o\(index)")
                #expect(try answer.status == .unprocessableContent && answer.json["field"]?.string == field, "\(body.text): \(answer.text)")
            }
            #expect(try await shop.get("/orders", member: "m").json["data"] == [])
        }
    }

    @Test func `a quote that is over, or somebody else's, makes no order`() async throws {
        let world = try await open()
        try await world.visit { shop in
            let quote = try await shop.post("/quotes", Self.plum, member: "m", key: "1").json["id"]
            for (member, channel) in [("m2", "web"), (nil, "web"), ("m", "app")] {
                let answer = try await shop.post("/orders", checkout(quote), member: member, channel: channel, key: "2")
                #expect(answer.status == .notFound)
            }
            let none = try await shop.post("/orders", checkout("no-such"), member: "m", key: "3")
            #expect(none.status == .notFound)
            world.http.time.advance(by: .seconds(901))
            let late = try await shop.post("/orders", checkout(quote), member: "m", key: "4")
            #expect(try late.status == .gone && late.json["code"] == "quote_expired")
            #expect(try await shop.get("/skus/cup-plum").json["stock"]?["quantity"] == 50)
        }
    }

    @Test func `of fifty who want the last one, one gets it and the others are told what there is`() async throws {
        var world = try await open(1)
        (world.http.limits.shopRate, world.http.limits.sourceRate) = (Rate(perSecond: 1e6, burst: 1e6), Rate(perSecond: 1e6, burst: 1e6))
        let answers = try await world.visit { shop in
            var quotes: [JSON?] = []
            for index in 0..<50 {
                let quote = try await shop.post("/quotes", ["lines": [["sku": "cup-plum", "quantity": 1]]], member: "m\(index)", key: "q")
                quotes.append(try quote.json["id"])
            }
            return try await withThrowingTaskGroup(of: DoorAnswer.self) { group in
                for (index, quote) in quotes.enumerated() {
                    group.addTask { try await shop.post("/orders", checkout(quote), member: "m\(index)", key: "o") }
                }
                var found: [DoorAnswer] = []
                for try await answer in group { found.append(answer) }
                return found
            }
        }
        #expect(answers.count { $0.status == .created } == 1)
        for answer in answers where answer.status != .created {
            let json = try answer.json
            #expect(answer.status == .conflict && json["code"] == "short" && json["field"] == "lines", "\(answer.text)")
            #expect(json["missing"] == [["sku": "cup-plum", "wanted": 1, "available": 0]], "\(answer.text)")
        }
        let amiss = try await world.store.read { reading throws(StoreError) in try reading.examine().map(\.problem) }
        #expect(amiss == [])
    }
    @Test func `a thousand lines are quoted and ordered at once, or not at all`() async throws {
        var units = ShopWorld.goods
        for number in 0..<1_000 { units["sku/s\(number)"] = ["identity": ["product": "cup"], "price.CNY": ["amount": .integer(Int64(number))]] }
        let world = try await ShopWorld(units)
        for number in 0..<999 { try await world.receive("s\(number)", 1) }
        let lines = (0..<1_000).map { ["sku": .string("s\($0)"), "quantity": 1] as JSON }
        try await world.visit { shop in
            let quote = try await shop.post("/quotes", ["lines": .array(lines)], key: "1").json
            #expect(quote["total"] == 499_500 && quote["lines"]?.array?.count == 1_000)
            let short = try await shop.post("/orders", checkout(quote["id"]), key: "2")
            #expect(try short.status == .conflict && short.json["missing"] == [["sku": "s999", "wanted": 1, "available": 0]])
            #expect(try await shop.get("/skus/s0").json["stock"]?["quantity"] == 1)
            try await world.receive("s999", 1)
            // What was refused stays refused under its key; the quote is still good.
            #expect(try await shop.post("/orders", checkout(quote["id"]), key: "2").status == .conflict)
            let placed = try await shop.post("/orders", checkout(quote["id"]), key: "3")
            #expect(try placed.status == .created && placed.json["lines"]?.array?.count == 1_000)
            #expect(try await shop.get("/skus/s0").json["stock"]?["state"] == "out")
        }
    }
}
