import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct BackupTests {
        @Test func `a backup made while serving comes back elsewhere as a new life with the same catalog`() async throws {
            try await RunningHeyi.serving(shops: ["web", "app"]) { heyi in
                try await heyi.write(Goods.cup, Goods.plum)
                let digest = try await heyi.inStep()
                let master = try await heyi.master()
                let first = try await heyi.json("status")["generation"]
                try await backUp(heyi)
                #expect(try await heyi.heyi("backup", heyi.folder.file("today.sqlite")).code != 0, "a backup was written over")
                try await restore(heyi, to: "elsewhere")
                let second = try await heyi.json("status")["generation"]
                #expect(second?.string != nil && second != first)
                #expect(try await heyi.master() == master)
                #expect(try await heyi.inStep() == digest)

                try await heyi.write(["kind": "product", "id": "cup", "units": ["tags": ["new life"]]])
                #expect(try await heyi.inStep() != digest)
                for shop in heyi.shops {
                    #expect(try await shop.value("product/cup", "tags") == ["new life"])
                    #expect(try await shop.doubled() == [])
                }
            }
        }

        @Test func `after the disk was lost twice, shops that had newer values end in step with the master`() async throws {
            try await RunningHeyi.serving(shops: ["web", "app"]) { heyi in
                try await heyi.write(Goods.cup, Goods.plum)
                try await backUp(heyi)
                // The second life is one that the third, from the same backup, has never heard of.
                for life in 1...2 {
                    try await heyi.write(
                        ["kind": "product", "id": "cup", "units": ["tags": [.string("lost with life \(life)")]]],
                        ["kind": "sku", "id": "cup-plum", "units": ["price.CNY": ["amount": .integer(Int64(life))]]])
                    try await heyi.inStep()
                    try await restore(heyi, to: "life-\(life)")
                    try await heyi.inStep()
                    for (entity, unit) in [("product/cup", "tags"), ("sku/cup-plum", "price.CNY")] {
                        let live = try await heyi.value(entity, unit)
                        for shop in heyi.shops { #expect(try await shop.value(entity, unit) == live, "\(shop.id) \(unit)") }
                    }
                }
            }
        }

        private func backUp(_ heyi: RunningHeyi) async throws {
            let made = try await heyi.heyi("backup", heyi.folder.file("today.sqlite"))
            #expect(made.code == 0, "\(made.all)")
        }

        /// Stops the daemon and starts it again on the backup, in a new directory.
        private func restore(_ heyi: RunningHeyi, to directory: String) async throws {
            #expect(await heyi.end(SIGTERM) == 0)
            heyi.directory = heyi.folder.file(directory)
            try heyi.configure()
            let restored = try await Binary.run(
                "heyi", ["restore", "--config", heyi.folder.file("heyi.yaml"), heyi.folder.file("today.sqlite")])
            #expect(restored.code == 0, "\(restored.all)")
            try await heyi.start()
        }
    }
}
