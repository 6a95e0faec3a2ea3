import Commerce
import HTTPTypes
import Testing

@testable import SyncDaemon

struct ShopCartTests {
    private func edit(_ sku: String, add: JSON) -> JSON { ["lines": [["sku": .string(sku), "add": add]]] }
    private func edit(_ sku: String, set: JSON) -> JSON { ["lines": [["sku": .string(sku), "set": set]]] }

    @Test func `a guest's cart becomes the member's, once`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            let opened = try await shop.post("/carts", edit("cup-plum", add: 2), key: "1")
            let path = try #require(opened.headers[.location])
            let id = try #require(try opened.json["id"]?.string)
            _ = try await shop.patch("/cart", edit("cup-plum", add: 1), member: "m", key: "2")
            let merged = try await shop.post("/carts/\(id)/merge", member: "m", key: "3")
            #expect(merged.status == .ok)
            #expect(try merged.json["lines"]?[0]?["quantity"] == 3)
            let again = try await shop.post("/carts/\(id)/merge", member: "m", key: "4")
            #expect(try again.json == merged.json)
            #expect(try await shop.get(path).status == .gone)
            #expect(try await shop.patch(path, edit("cup-plum", add: 1), key: "5").status == .gone)
            let other = try await shop.post("/carts/\(id)/merge", member: "m2", key: "6")
            #expect(other.status == .conflict)
            #expect(try await shop.post("/carts/\(id)/merge", key: "7").status == .unprocessableContent)
        }
    }

    @Test func `what others changed meanwhile stays, and what both changed is not overwritten`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            let seen = try await shop.patch("/cart", edit("cup-plum", set: 1), member: "m", key: "1")
            let tag = try #require(seen.headers[.eTag])
            _ = try await shop.patch("/cart", edit("cup-plum", set: 5), member: "m", key: "2", ["if-match": tag])
            // Another line of an old version: merged.
            let beside = try await shop.patch("/cart", edit("cup-jade", set: 1), member: "m", key: "3", ["if-match": tag])
            #expect(try beside.status == .ok && beside.json["lines"]?.array?.count == 2)
            let both = try await shop.patch("/cart", edit("cup-plum", set: 9), member: "m", key: "4", ["if-match": tag])
            #expect(both.status == .preconditionFailed)
            let json = try both.json
            #expect(json["code"] == "stale_cart" && json["conflicts"] == ["cup-plum"])
            #expect(json["cart"]?["lines"]?[0]?["quantity"] == 5 && both.headers[.eTag] == "\"4\"")
            #expect(both.headers[.contentType] == "application/problem+json")
            let weak = try await shop.patch("/cart", edit("cup-plum", set: 9), member: "m", key: "5", ["if-match": "W/\"4\""])
            #expect(weak.status == .ok)
            for wrong in ["4", "\"x\"", "\"-1\"", "\"99\""] {
                let answer = try await shop.patch("/cart", edit("cup-plum", set: 2), member: "m", key: "6\(wrong.utf8.count)\(wrong.hasPrefix("\""))", ["if-match": wrong])
                #expect(answer.status == .unprocessableContent, "\(wrong)")
            }
        }
    }

    @Test func `a cart that was not there is edited from version 0`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            let none = try await shop.get("/cart", member: "m")
            #expect(try none.json["id"]?.isNull == true && none.headers[.eTag] == "\"0\"")
            let first = try await shop.patch("/cart", edit("cup-plum", set: 2), member: "m", key: "1", ["if-match": "\"0\""])
            #expect(first.status == .ok)
            let second = try await shop.patch("/cart", edit("cup-plum", set: 3), member: "m", key: "2", ["if-match": "\"0\""])
            #expect(second.status == .preconditionFailed)
        }
    }

    @Test func `who holds the cart already is told so`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            let cart = try await shop.patch("/cart", edit("cup-plum", set: 2), member: "m", key: "1")
            let tag = try #require(cart.headers[.eTag])
            for held in [tag, "W/\(tag)", "\"9\", \(tag)", "*"] {
                let answer = try await shop.get("/cart", member: "m", ["if-none-match": held])
                #expect(answer.status == .notModified && answer.text.isEmpty && answer.headers[.eTag] == tag, "\(held)")
            }
            let answer = try await shop.get("/cart", member: "m", ["if-none-match": "\"1\""])
            #expect(answer.status == .ok)
        }
    }

    @Test func `edits that make no sense are refused by name, and nothing is changed`() async throws {
        let world = try await ShopWorld()
        let wrong: [(JSON, String)] = [
            (edit("cup-plum", add: 0), "lines[0].add"), (edit("cup-plum", add: -1), "lines[0].add"), (edit("cup-plum", set: -1), "lines[0].set"),
            (edit("cup-plum", add: .decimal("1.5")), "lines[0].add"), (edit("cup-plum", add: "2"), "lines[0].add"),
            (edit("cup-plum", add: 1_000_000_001), "lines[0].add"), (edit("cup-plum", set: .decimal("1e30")), "lines[0].set"),
            (edit("cup-plum", set: .null), "lines[0].set"), (edit("nothing", add: 1), "lines[0].sku"), (edit("No Id", add: 1), "lines[0].sku"),
            (edit("cup-old", add: 1), "lines[0].sku"), (edit("secret-1", set: 1), "lines[0].sku"), (edit("nothing", set: 0), "lines[0].sku"),
            (["lines": [["sku": "cup-plum"]]], "lines[0]"), (["lines": [["sku": "cup-plum", "add": 1, "set": 1]]], "lines[0]"),
            (["lines": [["sku": "cup-plum", "add": 1, "price": 1]]], "lines[0].price"), (["lines": "all"], "lines"), ([:], "lines"),
            (["lines": [], "total": 1], "total"), (["lines": [7]], "lines[0]"),
            (["lines": [["sku": "cup-plum", "add": 1], ["sku": "cup-jade", "add": 1_000_000_000], ["sku": "cup-jade", "add": 1]]], "lines[2].quantity"),
            (["lines": .array([JSON](repeating: ["sku": "cup-plum", "add": 1], count: 1_001))], "lines"),
        ]
        try await world.visit { shop in
            _ = try await shop.patch("/cart", edit("cup-plum", set: 3), member: "m", key: "0")
            for (index, (body, field)) in wrong.enumerated() {
                let answer = try await shop.patch("/cart", body, member: "m", key: "k-\(index)")
                #expect(answer.status == .unprocessableContent, "\(body.text.prefix(80)): \(answer.text)")
                #expect(try answer.json["field"]?.string == field, "\(body.text.prefix(80)): \(answer.text)")
            }
            let cart = try await shop.get("/cart", member: "m")
            #expect(try cart.json["version"] == 2 && cart.json["lines"]?.array?.count == 1)
        }
    }

    @Test func `what left the shelf can still be taken out`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            _ = try await shop.patch("/cart", edit("cup-plum", set: 3), member: "m", key: "1")
            try await world.write(["product/cup": ["shelf": ["state": "off"]]])
            #expect(try await shop.patch("/cart", edit("cup-plum", add: 1), member: "m", key: "2").status == .unprocessableContent)
            let empty = try await shop.patch("/cart", edit("cup-plum", set: 0), member: "m", key: "3")
            #expect(try empty.status == .ok && empty.json["lines"] == [])
        }
    }

    @Test func `a thousand lines go into a cart, and not one more`() async throws {
        var units = ShopWorld.goods
        for number in 0...1_000 { units["sku/s\(number)"] = ["identity": ["product": "cup"]] }
        let world = try await ShopWorld(units)
        let lines = (0..<1_000).map { ["sku": .string("s\($0)"), "add": 1] as JSON }
        try await world.visit { shop in
            let full = try await shop.post("/carts", ["lines": .array(lines)], key: "1")
            #expect(try full.status == .created && full.json["lines"]?.array?.count == 1_000)
            let path = try #require(full.headers[.location])
            let more = try await shop.patch(path, edit("s1000", add: 1), key: "2")
            #expect(try more.status == .unprocessableContent && more.json["field"] == "lines")
            let cart = try await shop.get(path)
            #expect(try cart.json["lines"]?.array?.count == 1_000)
        }
    }

    @Test func `another channel's cart and another member's do not exist`() async throws {
        let world = try await ShopWorld()
        try await world.visit { shop in
            let guests = try #require(try await shop.post("/carts", [:], key: "1").headers[.location])
            let mine = try #require(try await shop.patch("/cart", edit("cup-plum", set: 1), member: "m", key: "2").json["id"]?.string)
            for (path, member, channel) in [
                (guests, nil, "app"), ("/carts/\(mine)", nil, "web"), ("/carts/\(mine)", "m2", "web"), ("/carts/\(mine)", "m", "app"),
                ("/carts/none", "m", "web"),
            ] as [(String, String?, String)] {
                let read = try await shop.get(path, member: member, channel: channel)
                #expect(read.status == .notFound)
                let written = try await shop.patch(path, edit("cup-plum", set: 9), member: member, channel: channel, key: "k")
                #expect(written.status == .notFound)
                let merged = try await shop.post("\(path)/merge", member: member ?? "m3", channel: channel, key: "k2")
                #expect(merged.status == .notFound)
            }
            let own = try await shop.get("/carts/\(mine)", member: "m")
            #expect(try own.json["lines"]?[0]?["quantity"] == 1)
            let asMember = try await shop.post("/carts", [:], member: "m", key: "9")
            #expect(try asMember.json["field"] == "Heyi-Member")
            let asGuest = try await shop.get("/cart")
            #expect(try asGuest.json["field"] == "Heyi-Member")
        }
    }
}
