import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct ConflictTests {
        @Test func `two ends propose another price, a person chooses one, and every end has it`() async throws {
            try await RunningHeyi.serving(shops: ["web", "app", "outlet"]) { heyi in
                try await heyi.write(Goods.cup, Goods.plum)
                try await heyi.inStep()
                for id in ["web", "app"] { #expect(try await heyi.heyi("channel", "pause", id).code == 0) }
                try await heyi.shop("web").edit("sku/cup-plum", "price.CNY", price(9_800))
                try await heyi.shop("app").edit("sku/cup-plum", "price.CNY", price(9_700))
                for id in ["web", "app"] { #expect(try await heyi.heyi("channel", "resume", id).code == 0) }

                let open = try await eventually("a person is asked about both") {
                    let conflicts = try await heyi.json("conflicts", "list")["data"]?.array ?? []
                    return conflicts.first { $0["sides"]?.array?.count == 3 }
                }
                let sides = open["sides"]?.array ?? []
                func side(of author: String) -> JSON? { sides.first { $0["author"]?.string == author } }
                #expect(side(of: "channel:web")?["value"] == price(9_800))
                #expect(side(of: "channel:app")?["value"] == price(9_700))
                #expect(sides.filter { $0["live"] == true }.compactMap { $0["value"] } == [price(9_900)])

                let number = "\(open["id"]?.integer ?? 0)"
                let shown = try await heyi.heyi("conflicts", "show", number).text
                for words in ["channel:web", "channel:app", "9800", "9700", "← live"] { #expect(shown.contains(words), "\(shown)") }
                let channels = try await heyi.json("channel", "list")["data"]?.array ?? []
                #expect(channels.reduce(0) { $0 + ($1["conflicts_open"]?.integer ?? 0) } == 1)
                try await heyi.inStep()
                #expect(try await heyi.shop("web").value("sku/cup-plum", "price.CNY") == price(9_900))

                let index = try #require(side(of: "channel:app")?["index"]?.integer)
                let resolved = try await heyi.heyi("conflicts", "resolve", number, "--side", "\(index)", "--reason", "agreed by phone")
                #expect(resolved.code == 0, "\(resolved.all)")
                try await heyi.inStep()
                for shop in heyi.shops {
                    #expect(try await shop.value("sku/cup-plum", "price.CNY") == price(9_700), "\(shop.id)")
                    #expect(try await shop.doubled() == [])
                }
                #expect(try await heyi.value("sku/cup-plum", "price.CNY") == price(9_700))
                #expect(try await heyi.heyi("conflicts", "list").text == "no open conflicts\n")
                #expect(try await heyi.heyi("conflicts", "show", number).text.contains("agreed by phone"))
            }
        }

        private func price(_ amount: Int64) -> JSON { ["amount": .integer(amount), "tax_included": true] }
    }
}
