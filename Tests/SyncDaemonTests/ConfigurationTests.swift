import Commerce
import SyncEngine
import Testing

@testable import SyncDaemon

@Suite struct ConfigurationTests {
    private func problems(
        _ yaml: String, environment: [String: String] = [:], options: [String] = []
    ) -> [String] {
        do {
            _ = try Configuration.parse(yaml, path: "heyi.yaml", environment: environment, options: options)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `an empty file is the defaults`() throws {
        #expect(try Configuration.parse("# nothing\n", path: "heyi.yaml") == Configuration())
    }

    @Test func `every problem is named at once, each with its place`() {
        let found = problems(
            """
            push:
              batch: 0
              bacth: 5
            listne: {}
            log:
              level: loud
            pull:
              every: 30
            store: here
            """)
        #expect(found == [
            "heyi.yaml:9:8: store must be a section, got 'here'",
            "heyi.yaml:6:10: log.level must be debug, info, warning or error, got loud",
            "heyi.yaml:2:10: push.batch must be 1…1000, got 0",
            "heyi.yaml:3:3: unknown key push.bacth; did you mean batch?",
            "heyi.yaml:8:10: pull.every must be a time between 1s and 1d such as 500ms, 30s, 5m, 12h or 7d, got 30",
            "heyi.yaml:4:1: unknown key listne; did you mean listen?",
        ].sorted(by: { Self.order($0) < Self.order($1) }))
    }

    private static func order(_ problem: String) -> Int {
        Int(problem.split(separator: ":")[1]) ?? 0
    }

    @Test func `text that is no YAML is refused with its line`() {
        #expect(problems("push: [1, 2").first?.hasPrefix("heyi.yaml:1:") == true || problems("push: [1, 2").first?.hasPrefix("heyi.yaml:2:") == true)
        #expect(problems("push: {}\npush: {}").first?.contains("written twice: push") == true)
        #expect(problems("- a").first == "heyi.yaml:1:1: the file must be a section, got a list")
    }

    @Test func `yes and no are not taken for true and false`() {
        #expect(problems("listen:\n  admin_behind_tls: yes") == ["heyi.yaml:2:21: listen.admin_behind_tls must be true or false, got yes"])
    }

    @Test func `the admin listener beyond loopback needs TLS declared`() {
        #expect(problems("listen: {admin: '0.0.0.0:8471'}").first?.contains("admin_behind_tls: true") == true)
        #expect(problems("listen: {admin: '0.0.0.0:8471', admin_behind_tls: true}").isEmpty)
    }

    @Test func `a range of addresses holds what begins with its bits, and nothing else`() throws {
        let ten = try #require(AddressRange("10.0.0.0/8"))
        #expect(ten.contains("10.255.0.1") && !ten.contains("11.0.0.1") && !ten.contains("a00::1"))
        #expect(ten.contains("::ffff:10.1.2.3"))
        let local = try #require(AddressRange("fe80::/10"))
        #expect(local.contains("febf::1%eth0") && !local.contains("fec0::1"))
        let one = try #require(AddressRange("127.0.0.1"))
        #expect(one.contains("127.0.0.1") && !one.contains("127.0.0.2") && !one.contains("unix") && !one.contains(""))
        #expect(try #require(AddressRange("0.0.0.0/0")).contains("203.0.113.9"))
    }

    @Test(arguments: ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/", "10.0.0", "localhost", "", "::1/129", "10.0.0.0/8/8"])
    func `what is no range of addresses is refused with its place`(text: String) {
        #expect(problems("limits:\n  trusted_proxies: ['\(text)']").first?.hasPrefix("heyi.yaml:2:21: limits.trusted_proxies[0] must be an address") == true)
    }

    @Test func `the later layer wins`() throws {
        let file = "push: {batch: 20}\nstore: {readers: 2}"
        let environment = [
            "HEYI_PUSH__BATCH": "3", "HEYI_PUSH__RETRY_BASE": "2s", "HEYI_SOCKET": "/x",
            "STATE_DIRECTORY": "/state:/other", "RUNTIME_DIRECTORY": "/run/here",
        ]
        let configuration = try Configuration.parse(
            file, path: "heyi.yaml", environment: environment, options: ["push.batch=5"])
        #expect(configuration.push.batch == 5)
        #expect(configuration.push.retryBase == .seconds(2))
        #expect(configuration.store == Configuration.Store(directory: "/state", readers: 2))
        #expect(configuration.listen.socket == "/run/here/heyi.sock")
    }

    @Test func `a wrong variable or option is named as such`() {
        let found = problems("", environment: ["HEYI_PUSH__BATCHES": "3"], options: ["push", "push.batch=x"])
        #expect(found.contains("environment HEYI_PUSH__BATCHES: unknown key push.batches; did you mean batch?"))
        #expect(found.contains("--set push: write --set section.key=value"))
        #expect(found.contains("--set push.batch: push.batch must be 1…1000, got x"))
    }

    @Test func `sizes and times have units`() throws {
        let configuration = try Configuration.parse(
            "limits: {body_bytes: 512KiB, answer_bytes: 2048}\npull: {overlap: 7m}", path: "x")
        #expect(configuration.limits.bodyBytes == 524_288)
        #expect(configuration.limits.answerBytes == 2_048)
        #expect(configuration.pull.overlap == .seconds(420))
        #expect(DurationText.write(.seconds(72 * 3_600)) == "3d")
        #expect(DurationText.write(.milliseconds(1_500)) == "1500ms")
        #expect(DurationText.write(.zero) == "0s")
    }

    @Test func `what the file says reaches the doors, the engine and housekeeping`() throws {
        let configuration = try Configuration.parse(
            """
            store: {inbox_keep: 8d, tombstone_keep: 40d}
            push: {retry_base: 2s, retry_cap: 3m, retry_horizon: 5h, retry_share: 0.25}
            pull: {page: 17, deletions_max: 3, deletions_share_max: 0.5}
            limits: {request_timeout: 7s, requests_per_second: 9, shop_requests_per_second: 3}
            """, path: "x")
        #expect(configuration.doorLimits.bodyTime == .seconds(7))
        #expect(configuration.doorLimits.channelRate == Rate(perSecond: 9, burst: 18))
        #expect(configuration.doorLimits.shopRate == Rate(perSecond: 3, burst: 6))
        #expect(configuration.keep == Housekeeping.Keep(inbox: .seconds(8 * 86_400), tombstones: .seconds(40 * 86_400)))
        let flow = configuration.flow
        #expect(flow.retry == RetrySchedule(base: .seconds(2), cap: .seconds(180), horizon: .seconds(5 * 3_600)))
        #expect(flow.retryShare == 0.25 && flow.pageMax == 17)
        #expect(flow.isSuspicious(vanished: 4, of: 7) && !flow.isSuspicious(vanished: 4, of: 8))
    }

    @Test(arguments: ["push: {concurrency: 2}", "reconcile: {never: 1h}"])
    func `a key that would do nothing is refused`(text: String) {
        #expect(problems(text).first?.contains("unknown key") == true)
    }
}
