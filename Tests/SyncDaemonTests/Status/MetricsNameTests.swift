import ArgumentParser
import Commerce
import Foundation
import Testing

@testable import SyncDaemon

/// Names of metrics in documents, rules and the dashboard against those on the page.
@Suite struct MetricsNameTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path

    private static func file(_ path: String) throws -> String {
        try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }

    /// The families of a page on which everything happened once, with their kinds.
    private static func families() -> [String: String] {
        let metrics = Metrics()
        metrics.request(listener: .public, route: "POST /v1/callbacks/{id}", status: 204, seconds: 0.01)
        var report = StatusReport.calm
        report.channels = [Samples.channel("web")]
        let page = MetricsPage(metrics: metrics, report: report, process: .now()).text
        var families: [String: String] = [:]
        for match in page.matches(of: /# TYPE (\w+) (\w+)/) { families[String(match.output.1)] = String(match.output.2) }
        return families
    }

    @Test func `the operations page lists every metric, and none that is gone`() throws {
        let text = try Self.file("docs/operations.md")
        let section = try #require(text.components(separatedBy: "\n## ").first { $0.hasPrefix("Metrics and alerts\n") })
        let listed = section.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { row in
            row.split(separator: "|")[0].matches(of: /`((?:heyi|process)_\w+)/).map { String($0.output.1) }
        }
        let exposed = Self.families().keys.sorted()
        #expect(listed.sorted() == exposed)
    }

    @Test(arguments: ["deploy/prometheus/heyi.rules.yaml", "deploy/prometheus/heyi.rules.test.yaml", "deploy/grafana/heyi.json"])
    func `rules and dashboard ask only for metrics that are exposed`(path: String) throws {
        let families = Self.families()
        let text = try Self.file(path)
        let named = Set(text.matches(of: /\b(?:heyi|process)_[a-z_]+\b/).map { String($0.output) })
        #expect(named.count > 10)
        for name in named {
            let known = families[name] != nil && families[name] != "histogram"
            let ofHistogram = ["_bucket", "_sum", "_count"].contains { name.hasSuffix($0) && families[String(name.dropLast($0.count))] == "histogram" }
            #expect(known || ofHistogram, "\(path) asks for \(name), which is not on the page")
        }
    }

    @Test func `every alert is tested, explained and names a command that exists`() throws {
        let rules = try Self.file("deploy/prometheus/heyi.rules.yaml")
        let tests = try Self.file("deploy/prometheus/heyi.rules.test.yaml")
        let operations = try Self.file("docs/operations.md")
        let alerts = rules.matches(of: /alert: (\w+)/).map { String($0.output.1) }
        #expect(alerts.count > 15)
        for alert in alerts {
            #expect(tests.contains("alertname=\"\(alert)\""), "\(alert) has no test")
            #expect(operations.contains("`\(alert)`"), "docs/operations.md does not explain \(alert)")
        }
        let commands = Set(Heyi.configuration.subcommands.compactMap { $0.configuration.commandName })
        for match in rules.matches(of: /(?:command: '|; )heyi ([a-z-]+)/) {
            #expect(commands.contains(String(match.output.1)), "no command heyi \(match.output.1)")
        }
    }

    @Test func `the dashboard is JSON with a source to choose and no panel without a question`() throws {
        let dashboard = try JSON.parse(try Self.file("deploy/grafana/heyi.json"))
        #expect(dashboard["schemaVersion"]?.integer ?? 0 >= 36)
        let variables = dashboard["templating"]?["list"]?.array ?? []
        #expect(variables.first?["type"] == "datasource")
        let panels = (dashboard["panels"]?.array ?? []).filter { $0["type"] != "row" }
        #expect(panels.count > 20)
        for panel in panels {
            let targets = panel["targets"]?.array ?? []
            #expect(!targets.isEmpty && targets.allSatisfy { $0["expr"]?.string?.isEmpty == false }, "\(panel["title"]?.string ?? "?")")
            #expect(panel["datasource"]?["uid"] == "${datasource}")
        }
    }
}
