import Commerce
import Foundation
import Testing

extension EndToEnd {
    @Suite struct ReloadTests {
        @Test func `a storm of reloads, good and bad, ends with the last configuration and a daemon that never stopped`() async throws {
            try await RunningHeyi.serving(shops: ["web"], visitors: ["py"]) { heyi in
                try await heyi.write(Goods.cup)
                let process = heyi.processID
                for round in 0..<500 {
                    try heyi.configure(extra: round % 3 == 1 ? "push:\n  bacth: 1" : "push:\n  batch: \(round + 1)")
                    heyi.signal(SIGHUP)
                }
                try heyi.addVisitor("last")
                try heyi.configure()
                heyi.signal(SIGHUP)
                try await eventually("the last configuration is in force") {
                    let channels = try await heyi.json("channel", "list")["data"]?.array ?? []
                    let refused = try await heyi.json("status")["configuration"]?["refused"]
                    return channels.contains { $0["id"] == "last" } && refused == .null ? true : nil
                }
                #expect(try await heyi.callback("last", id: "m1", [RunningHeyi.delta("category/a", "text.en", ["title": "A"])]) == 204)
                try await heyi.inStep()
                #expect(heyi.processID == process)
                #expect(await heyi.end(SIGTERM) == 0)
            }
        }
    }
}
