import Commerce
import Testing

extension EndToEnd {
    /// A shop whose data changes behind everybody's back, and the command that finds it.
    @Suite struct DriftTests {
        @Test func `what a shop lost or changed unseen is found by heyi reconcile and put right`() async throws {
            try await RunningHeyi.serving(shops: ["web"]) { heyi in
                try await heyi.write((0..<40).map { number in
                    [
                        "kind": "product", "id": .string("goods-\(number)"),
                        "units": ["brand": ["name": .string("Workshop \(number)")], "tags": ["tea"]],
                    ]
                })
                let before = try await heyi.inStep()
                try await heyi.shop("web").plant("forget", 3)
                #expect(try await heyi.shop("web").digest() != before)

                let dry = try await heyi.heyi("reconcile", "web", "--dry-run")
                #expect(dry.code == 0 && dry.text.contains("3 lost_push") && dry.text.contains("nothing was changed"), "\(dry.all)")
                #expect(try await heyi.shop("web").digest() != before)

                let done = try await heyi.heyi("reconcile")
                #expect(done.code == 0 && done.text.contains("3 pushed"), "\(done.all)")
                #expect(try await heyi.inStep() == before)
                let rows = try await heyi.json("reconcile", "web", "--report")["data"]?.array ?? []
                #expect(rows.count == 3 && rows.allSatisfy { $0["healed_at"]?.integer != nil })
                let listing = try #require(rows.first?["listing"]?.string)
                #expect(try await heyi.json("why", listing)["drift"]?.array?.count == 1)
                #expect(try await heyi.heyi("why", listing).text.contains("lost_push"))

                try await heyi.shop("web").plant("wipe", 30)
                let halted = try await heyi.heyi("reconcile", "web")
                #expect(halted.code == 1 && halted.text.contains("none of which was believed"), "\(halted.all)")
                #expect(try await heyi.json("conflicts", "list")["data"]?.array?.isEmpty == true)

                // Whoever took them down says so, after having seen what would go.
                let asked = try await heyi.heyi("reconcile", "web", "--accept-deletions")
                #expect(asked.code == 64 && asked.all.contains("--at-most"), "\(asked.all)")
                let shown = try await heyi.heyi("reconcile", "web", "--accept-deletions", "--dry-run")
                #expect(shown.code == 0 && shown.text.contains("gone    30 listings"), "\(shown.all)")
                let tooFew = try await heyi.heyi("reconcile", "web", "--accept-deletions", "--at-most", "29")
                #expect(tooFew.code == 1 && tooFew.text.contains("more than 29"), "\(tooFew.all)")
                let accepted = try await heyi.heyi("reconcile", "web", "--accept-deletions", "--at-most", "30")
                #expect(accepted.code == 0 && accepted.text.contains("30 taken"), "\(accepted.all)")
                try await heyi.inStep()
                let status = try await heyi.json("status")["channels"]?.array?.first
                #expect(status?["state"] == "active")
                #expect((status?["reconciliation"]?["bytes_total"]?.integer ?? 0) > 1_000)
                #expect(try await heyi.json("reconcile", "web", "--report")["data"]?.array?.count == 33)
                #expect(try await heyi.heyi("reconcile", "web").text.contains("found   nothing"))
            }
        }
    }
}
