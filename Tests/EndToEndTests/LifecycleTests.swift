import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct LifecycleTests {
        @Test func `TERM drains and exits 0, and what was acknowledged just before is there after the next start`() async throws {
            try await RunningHeyi.serving(shops: ["web"], visitors: ["py"]) { heyi in
                try await heyi.write(Goods.cup)
                let answer = try await heyi.post("py", id: "last", [RunningHeyi.delta("product/cup", "tags", ["last"])])
                #expect(answer?.status == 200)
                #expect(await heyi.end(SIGTERM) == 0, "\(heyi.log.suffix(2_000))")
                #expect(heyi.log.contains("daemon.draining"))
                try await heyi.start()
                let tags = try await heyi.value("product/cup", "tags")
                #expect(tags?.array?.contains("last") == true, "\(tags?.text ?? "")")
                try await eventually("the shop has it too") {
                    try await heyi.shop("web").value("product/cup", "tags") == tags ? true : nil
                }
            }
        }

        @Test func `a second daemon on the same directory is told who has it, and the first goes on`() async throws {
            try await RunningHeyi.serving { heyi in
                let second = try await Binary.run("heyi", ["serve", "--config", heyi.folder.file("heyi.yaml")])
                #expect(second.code == 75)
                #expect(second.errors.contains(heyi.directory), "\(second.errors)")
                #expect(second.errors.contains("pid \(heyi.processID)"), "\(second.errors)")
                try await heyi.write(Goods.cup)
            }
        }

        @Test func `a wrong configuration is refused at HUP and the old one stays, a right one takes effect at once`() async throws {
            try await RunningHeyi.serving(shops: ["web"]) { heyi in
                try await heyi.write(Goods.cup)
                try await heyi.addShop("app")
                try heyi.configure(extra: "push:\n  bacth: 10")
                heyi.signal(SIGHUP)
                let refused = try await eventually("the reload is refused") {
                    try await heyi.json("status")["configuration"]?["refused"]?.string
                }
                #expect(refused.contains("bacth") && refused.contains("batch"), "\(refused)")
                let status = try await heyi.heyi("status")
                #expect(status.code == 1 && status.text.contains("next: heyi check-config"), "\(status.all)")
                #expect(heyi.log.contains("config.rejected") && heyi.log.contains("bacth"))
                try await heyi.write(["kind": "product", "id": "cup", "units": ["tags": ["still", "served"]]])
                #expect(try await heyi.json("channel", "list")["data"]?.array?.count == 1)

                try heyi.configure()
                heyi.signal(SIGHUP)
                try await eventually("the new channel is there") {
                    try await heyi.json("channel", "list")["data"]?.array?.count == 2 ? true : nil
                }
                try await heyi.inStep()
                #expect(try await heyi.shop("app").value("product/cup", "tags") == ["still", "served"])
                #expect(try await heyi.json("status")["configuration"]?["refused"] == .null)
            }
        }
    }
}
