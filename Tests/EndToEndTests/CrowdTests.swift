import Commerce
import Foundation
import Testing

extension EndToEnd {
    /// Far more of something than anybody should have.
    @Suite struct CrowdTests {
        private static let isFull = ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full"

        /// What the process has held at most, in kibibytes.
        private func peak(of process: pid_t) throws -> Int {
            let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
            return try #require(Int(line.filter(\.isNumber)))
        }

        @Test func `many channels that answer nobody keep a healthy one from nothing, nor a reload, nor the end`() async throws {
            let count = Self.isFull ? 10_000 : 400
            try await RunningHeyi.serving(shops: ["web"]) { heyi in
                let before = try peak(of: heyi.processID)
                let process = heyi.processID
                // Addresses of this host on which nobody listens.
                for number in 0..<count { try heyi.addDeadShop("dead\(number)", host: "127.1.\(number / 200).\(1 + number % 200)") }
                try heyi.configure()
                heyi.signal(SIGHUP)
                try await eventually("all channels are there") {
                    let channels = try await heyi.json("status")["channels"]?.array ?? []
                    return channels.count == count + 1 ? true : nil
                }
                try await heyi.write(Goods.cup)
                try await eventually("the healthy shop has it") {
                    try await heyi.shop("web").value("product/cup", "tags") == ["daily"] ? true : nil
                }
                try heyi.addVisitor("last")
                try heyi.configure()
                heyi.signal(SIGHUP)
                try await eventually("a reload is done") {
                    try await heyi.json("status")["channels"]?.array?.contains { $0["id"] == "last" } == true ? true : nil
                }
                #expect(heyi.processID == process)
                let grown = try peak(of: process) - before
                #expect(grown < 40_000 + 80 * count, "\(grown) KiB for \(count) channels")
                #expect(await heyi.end(SIGTERM) == 0, "the drain ends in its time")
            }
        }

        @Test func `a very long file with an error in its last row costs bounded memory and that row`() async throws {
            let count = Self.isFull ? 1_000_000 : 3_000
            try await RunningHeyi.serving { heyi in
                try heyi.folder.write("", to: "goods.csv")
                let path = heyi.folder.file("goods.csv")
                let file = try FileHandle(forWritingTo: URL(filePath: path))
                try file.write(contentsOf: Data("Handle,Title,Variant SKU,Variant Price\n".utf8))
                for start in stride(from: 1, through: count, by: 1_000) {
                    let rows = (start..<min(start + 1_000, count + 1)).map { "p\($0),Pot \($0),S-\($0),\($0 == count ? "1.5O" : "1.50")\n" }
                    try file.write(contentsOf: Data(rows.joined().utf8))
                }
                try file.close()
                let before = try peak(of: heyi.processID)
                let outcome = try await heyi.heyi("import", path, "--format", "shopify")
                #expect(outcome.code == 65)
                #expect(outcome.all.contains("\(path):\(count + 1), Variant Price: "), "\(outcome.all.suffix(500))")
                #expect(outcome.text.contains("1 not taken"), "\(outcome.text.suffix(500))")
                // A product and its SKU for each row but the last.
                #expect(try await heyi.json("status")["store"]?["entities"]?.integer == Int64(2 * (count - 1)))
                let grown = try peak(of: heyi.processID) - before
                #expect(grown < 400_000, "\(grown) KiB for \(count) rows")
            }
        }
    }
}
