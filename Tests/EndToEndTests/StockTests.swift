import Commerce
import Foundation
import Testing

extension EndToEnd {
    /// Stock by the commands an operator types, on a daemon that is killed in between.
    @Suite struct StockTests {
        @Test func `the last unit goes to one of two, and a daemon that is killed knows whose it is`() async throws {
            try await RunningHeyi.serving(shops: ["web"]) { heyi in
                try await heyi.write(Goods.cup, Goods.plum)
                for expected in ["1 outside → pool", "known: this cause was worked off before, nothing was moved"] {
                    let moved = try await heyi.heyi("stock", "move", "receive", "CUP-PLUM", "1", "--cause", "po-1")
                    #expect(moved.code == 0 && moved.text.contains(expected), "\(moved.all)")
                }
                let socket = ["HEYI_SOCKET": heyi.folder.file("heyi.sock")]
                async let first = Binary.run("heyi", ["stock", "hold", "order/1", "CUP-PLUM:1"], environment: socket)
                async let second = Binary.run("heyi", ["stock", "hold", "order/2", "CUP-PLUM:1"], environment: socket)
                let codes = try await [first.code, second.code].compactMap(\.self).sorted()
                #expect(codes == [0, 65])

                await heyi.end(SIGKILL)
                try await heyi.start()
                let late = try await heyi.heyi("stock", "hold", "order/3", "CUP-PLUM:1")
                #expect(late.code == 65, "\(late.all)")
                #expect(late.errors.contains("sku/cup-plum: 1 wanted, 0 available") && late.errors.contains("next: heyi stock show"))
                let report = try await heyi.json("stock", "show", "CUP-PLUM")
                #expect(report["available"] == 0 && report["holds"]?.array?.count == 1, "\(report.text)")
                let owner = try #require(report["holds"]?.array?.first?["owner"]?.string)
                #expect(try await heyi.heyi("stock", "release", owner).code == 0)
                #expect(try await heyi.json("stock", "show", "CUP-PLUM")["available"] == 1)
                let audit = try await heyi.heyi("stock", "audit")
                #expect(audit.code == 0 && audit.text.contains("all balances are the sum of their entries"), "\(audit.all)")
                // Stock that moves holds no channel up.
                try await heyi.inStep()
            }
        }

        @Test func `counts, rights, warehouses and mistakes are answered in words`() async throws {
            try await RunningHeyi.serving(visitors: ["app"]) { heyi in
                try await heyi.write(Goods.cup, Goods.plum)
                let lines: [(words: [String], code: Int32, says: String)] = [
                    (["list"], 0, "no stock yet"),
                    (["move", "receive", "CUP-PLUM", "10", "--cause", "po-1"], 0, "10 outside → pool"),
                    (["warehouse", "put", "north", "--name", "North", "--place", "1"], 0, "north is open"),
                    (["move", "dispatch", "CUP-PLUM", "4", "--to", "north", "--cause", "truck-1"], 0, "4 pool → transit"),
                    (["move", "arrive", "CUP-PLUM", "4", "--at", "north", "--cause", "truck-1/in"], 0, "4 transit → pool"),
                    (["rights", "grant", "app", "CUP-PLUM", "--units", "2", "--cause", "fair"], 0, "2 pool → right:app"),
                    (["rights", "withdraw", "app", "CUP-PLUM", "--units", "1", "--cause", "fair-end"], 0, "done"),
                    (["rights"], 0, "fair-end"),
                    (["rights", "confirm", "app", "CUP-PLUM", "--cause", "fair-end"], 0, "1 right:app → pool"),
                    (["publish", "app", "--share", "50", "--keep", "1"], 0, "by the new rule"),
                    (["rule", "CUP-PLUM", "--tell-below", "20"], 0, "low"),
                    (["list", "--low"], 0, "cup-plum"),
                    (["move", "count", "CUP-PLUM", "5", "--cause", "count-1"], 0, "1 pool → outside"),
                    (["show", "CUP-PLUM"], 0, "shown: app"),
                    (["entries", "CUP-PLUM"], 0, "truck-1/in"),
                    (["holds"], 0, "nothing is held"),
                    (["notices"], 0, "nothing waits for a person"),
                    (["move", "adjust", "CUP-PLUM", "1", "--cause", "fix-1"], 65, "reason: is required"),
                    (["move", "scrap", "CUP-PLUM", "1", "--cause", "bin-1", "--reason", "broken"], 65, "damaged holds 0, 1 were wanted"),
                    (["move", "receive", "CUP-PLUM", "0", "--cause", "po-2"], 65, "quantity: must be a whole number from 1"),
                    (["move", "receive", "NOTHING", "1", "--cause", "po-2"], 65, "SKU NOTHING does not exist"),
                    (["move", "receive", "CUP-PLUM", "1", "--cause", "po-1"], 65, "was used for another movement"),
                    (["hold", "order/1", "CUP-PLUM"], 64, "must be SKU:QUANTITY"),
                ]
                for (words, code, says) in lines {
                    let outcome = try await heyi.heyi(["stock"] + words)
                    #expect(outcome.code == code && outcome.all.contains(says), "\(words): \(outcome.all)")
                }
            }
        }
    }
}
