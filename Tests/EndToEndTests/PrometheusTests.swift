import ChannelAdapters
import Commerce
import Foundation
import Testing

extension EndToEnd {
    /// Prometheus' own judge over what it will read; skipped where `scripts/install` could not get it.
    @Suite struct PrometheusTests {
        private static let promtool: String? = {
            let environment = ProcessInfo.processInfo.environment
            let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init) + ["\(environment["HOME"] ?? "")/.local/bin"]
            return folders.map { "\($0)/promtool" }.first { FileManager.default.isExecutableFile(atPath: $0) }
        }()

        @Test(.enabled(if: promtool != nil, "no promtool; scripts/install fetches it"))
        func `the metrics of a daemon with work behind it are as Prometheus wants them`() async throws {
            let promtool = try #require(Self.promtool)
            try await RunningHeyi.serving(shops: ["web"], visitors: ["py"]) { heyi in
                try await heyi.write(Goods.cup, Goods.plum)
                try await heyi.inStep()
                #expect(try await heyi.callback("py", id: "msg-1", [RunningHeyi.delta("product/cup", "tags", ["x"])]) == 204)
                try await heyi.inStep()
                let page = try await heyi.metrics()
                try heyi.folder.write(page, to: "page")
                let check = try await Binary.run(path: "sh", ["-c", "\"$0\" check metrics < \"$1\"", promtool, heyi.folder.file("page")])
                #expect(check.code == 0 && check.all.isEmpty, "\(check.all)")
                for histogram in [
                    "heyi_store_commit_seconds_count ", "heyi_channel_confirm_seconds_count{channel=\"web\"} ",
                    "heyi_channel_request_duration_seconds_count{channel=\"web\",operation=\"push\"} ",
                    "heyi_http_request_duration_seconds_count{listener=\"public\",route=\"POST /v1/callbacks/{id}\"} ",
                ] {
                    let line = page.split(separator: "\n").first { $0.hasPrefix(histogram) }
                    #expect(line.flatMap { Int($0.dropFirst(histogram.count)) } ?? 0 > 0, "\(histogram)")
                }
                for family in ["process_start_time_seconds ", "heyi_store_disk_free_bytes ", "heyi_callback_total{channel=\"py\",result=\"applied\"} 1"] {
                    #expect(page.contains("\n\(family)"), "\(family)")
                }
            }
        }

        @Test(.enabled(if: promtool != nil, "no promtool; scripts/install fetches it"), arguments: ["check rules heyi.rules.yaml", "test rules heyi.rules.test.yaml"])
        func `the alert rules are sound, fire when they should and not otherwise`(order: String) async throws {
            let promtool = try #require(Self.promtool)
            let run = try await Binary.run(path: "sh", ["-c", "cd '\(Repository.root)/deploy/prometheus' && '\(promtool)' \(order)"])
            #expect(run.code == 0 && run.all.contains("SUCCESS"), "\(run.all)")
        }
    }
}

extension RunningHeyi {
    /// What Prometheus is given.
    func metrics() async throws -> String {
        let run = try await Binary.run(path: "curl", ["-sS", "--unix-socket", folder.file("heyi.sock"), "http://heyi/metrics"])
        guard run.code == 0 else { throw Overdue(description: run.all) }
        return run.text
    }
}
