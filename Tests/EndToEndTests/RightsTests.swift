import ChannelAdapters
import Commerce
import Foundation
import Testing

extension EndToEnd {
    /// Rights at a shop that sells on its own, over HTTP, with a daemon that is killed in between.
    @Suite struct RightsTests {
        @Test func `a shop sells what it was granted, and what it sells beyond is owed and told`() async throws {
            try await RunningHeyi.serving(shops: ["web"]) { heyi in
                try await heyi.write(Goods.cup, Goods.plum)
                try await heyi.inStep()
                let shop = heyi.shops[0]
                try await shop.turn(["quantities": "adjust"])
                // What a shop can do is asked when it is met.
                await heyi.end(SIGKILL)
                try await heyi.start()
                for words in [
                    ["publish", "web", "--share", "0"], ["move", "receive", "CUP-PLUM", "4", "--cause", "po-1"],
                    ["rights", "grant", "web", "CUP-PLUM", "--units", "3", "--cause", "fair"],
                ] {
                    let outcome = try await heyi.heyi(["stock"] + words)
                    #expect(outcome.code == 0, "\(words): \(outcome.all)")
                }
                try await eventually("the shop sells from its right") { try await shop.shelf("cup-plum") == 3 ? true : nil }

                #expect(try await heyi.sold("web", try await shop.sell("cup-plum", 2), 2) == 204)
                #expect(await shop.sellsOut("cup-plum", 2))
                let right = try await heyi.right("web", told: 1)
                #expect(right["granted"] == 1 && right["guarantee"] == "cannot sell more than its right", "\(right.text)")

                await heyi.end(SIGKILL)
                try await heyi.start()
                try await shop.turn(["oversells": true])
                #expect(try await heyi.sold("web", try await shop.sell("cup-plum", 3), 3) == 204)
                let notice = try await eventually("a person is told") {
                    try await heyi.json("stock", "notices")["data"]?.array?.first
                }
                // One of the two came from the pool.
                #expect(notice["kind"] == "breach" && notice["quantity"] == 2 && notice["owed"] == 1, "\(notice.text)")
                #expect(heyi.log.contains(#""evt":"breach""#))
                let audit = try await heyi.heyi("stock", "audit")
                #expect(audit.code == 0, "\(audit.all)")
                #expect(try await shop.doubled() == [])
            }
        }
    }
}

extension RunningHeyi {
    /// Tells the hub of a shop's order as the shop would.
    fileprivate func sold(_ channel: String, _ order: String, _ units: Int64) async throws -> Int? {
        let body: JSON = ["type": "sold", "data": ["order": .string(order), "lines": [["sku": "cup-plum", "quantity": .integer(units)]]]]
        let headers = try Loopback.signed(body, id: "msg_\(order)", secret: try secret(of: channel))
        return await Loopback.send(.post, "\(publicURL)/v1/callbacks/\(channel)", body, headers: headers)?.status
    }

    fileprivate func right(_ channel: String, told: Int64) async throws -> JSON {
        try await eventually("\(channel) was told \(told)") {
            let right = try await json("stock", "rights", "list", "--channel", channel)["data"]?.array?.first
            return right?["told"] == .integer(told) && right?["under_way"] == false ? right : nil
        }
    }
}
