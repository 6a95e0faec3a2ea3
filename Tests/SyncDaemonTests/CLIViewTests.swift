import ArgumentParser
import Commerce
import Testing

@testable import SyncDaemon

@Suite struct CLIViewTests {
    private let now = Timestamp(milliseconds: 1_000_000_000)

    @Test(arguments: [("abc", 3), ("合一", 4), ("é", 1), ("e\u{301}", 1), ("ＡＢ", 4), ("👍", 2), ("한글", 4), ("", 0), ("a\u{200d}b", 2)])
    func `columns are counted as a terminal does`(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test func `text is cut between characters and says so`() {
        #expect(DisplayWidth.truncated("龙井茶叶礼盒", 7) == "龙井茶…")
        #expect(DisplayWidth.truncated("龙井茶叶礼盒", 12) == "龙井茶叶礼盒")
        #expect(DisplayWidth.of(DisplayWidth.fit("龙井茶叶", 6)) == 6)
    }

    @Test func `a table with long Chinese cells stays within 80 columns and in line`() {
        var table = Table([.init(heading: "ID", right: true), .init(heading: "NAME", narrowest: 8), .init(heading: "ERROR", narrowest: 10)])
        table.add(["1", String(repeating: "龙井", count: 30), "too long: " + String(repeating: "x", count: 70)])
        table.add(["12345", "tea", "\u{1b}[31mred"])
        let lines = table.lines(width: 80)
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 80 })
        #expect(lines[1].contains("…"))
        #expect(!lines.joined().contains("\u{1b}"))
        #expect(lines[2].hasPrefix("12345  tea"))
    }

    @Test func `the status screen puts problems first, each with the next command`() throws {
        let report: JSON = [
            "version": "0.1.0", "uptime_seconds": 8_000, "verdict": "degraded", "conflicts_open": 2,
            "problems": [["text": "web: 3 pushes are dead", "next": "heyi queue list --channel web --state dead"]],
            "channels": [
                [
                    "id": "web", "state": "active", "breaker": "closed", "lag_changes": 12, "lag_seconds": 300, "in_flight": 4,
                    "retrying": 0, "unknown": 1, "dead": 3, "conflicts_open": 2, "last_success_at": 999_997_000,
                ],
                [
                    "id": "a-channel-with-a-long-name-of-32", "state": "paused", "breaker": "half_open", "lag_changes": 123_456,
                    "lag_seconds": 400_000, "in_flight": 0, "retrying": 0, "unknown": 0, "dead": 0, "conflicts_open": 0,
                    "last_success_at": .null,
                ],
            ],
            "inbox": ["waiting": 0, "dead": 0, "quarantined": 1],
            "store": ["entities": 100_000, "feed_head": 400_123, "file_bytes": 123_456_789, "wal_bytes": 4_096],
        ]
        let lines = StatusScreen.lines(report, now: now, width: 80)
        #expect(lines[0] == "heyi 0.1.0 up 2h 13m: degraded")
        #expect(lines[1] == "# web: 3 pushes are dead")
        #expect(lines[2] == "#   next: heyi queue list --channel web --state dead")
        #expect(lines.contains("web        active                12, 5m     4      0     1     3      2       3s"))
        #expect(lines.allSatisfy { DisplayWidth.of($0) <= 80 }, "\(lines.joined(separator: "\n"))")
    }

    @Test func `an empty list says so and a long one says how to go on`() {
        let view = ListView(columns: [.member("ID", "id", right: true), .due("NEXT", "at")], nothing: "nothing waits")
        #expect(view.lines(["data": []], now: now, width: 80) == ["nothing waits"])
        let lines = view.lines(["data": [["id": 7, "at": 1_000_005_000]], "next": "c2"], now: now, width: 80)
        #expect(lines == ["ID   NEXT", " 7  in 5s", "more: --after c2"])
    }

    @Test func `why shows the value, the rule, the losers and each channel`() {
        let report: JSON = [
            "entity": ["kind": "product", "id": "tea"], "aliases": ["TEA-250G"],
            "units": [
                [
                    "unit": "price.CNY", "value": ["amount": 4_900], "clock": ["hub:main:k3": 4], "policy": "hubAuthoritative",
                    "decided": "the hub's value stays, the channel's waits",
                    "versions": [
                        ["author": "hub:main:k3", "n": 4, "at": 999_000_000, "value": ["amount": 4_900], "live": true],
                        ["author": "ch:web:77", "n": 1, "at": 999_940_000, "value": ["amount": 4_500], "live": false],
                    ],
                    "history": [["seq": 31, "at": 999_000_000, "author": "hub:main:k3", "action": "set", "value": ["amount": 4_900]]],
                    "channels": [["channel": "web", "state": "retrying", "value": ["amount": 4_500], "last_push_at": 999_990_000, "last_answer": "503", "next_attempt_at": 1_000_020_000]],
                ]
            ],
        ]
        let text = WhyView.lines(report, now: now, width: 80).joined(separator: "\n")
        for expected in ["product/tea", "also TEA-250G", "price.CNY = {\"amount\":4900}", "kept     {\"amount\":4500} by ch:web:77, 60s ago", "@web retrying", "pushed 10s ago, answer 503, next in 20s"] {
            #expect(text.contains(expected), "\(expected)\n---\n\(text)")
        }
    }

    @Test func `progress tells rate and time left`() {
        #expect(ProgressLine.text(rows: 3_000, bytes: 25, bytesTotal: 100, seconds: 10) == "3000 rows, 300/s, 25 %, 30s left")
        #expect(ProgressLine.text(rows: 10, bytes: 0, bytesTotal: nil, seconds: 0) == "10 rows, 0/s")
    }

    @Test(arguments: [
        ("2h", 992_800_000), ("1970-01-02", 86_400_000), ("1970-01-02T00:01", 86_460_000), ("2026-02-28T23:59:59.250Z", 1_772_323_199_250),
        ("2000-02-29T00:00:01", 951_782_401_000), ("1969-12-31", -86_400_000), ("2026-02-29", nil), ("2026-13-01", nil), ("2026-1-1", nil),
        ("2026-01-01T24:00", nil), ("2026-01-01T08", nil), ("2h ago", nil), ("9000000000000d", nil), ("900000000000d", nil), ("", nil),
    ] as [(String, Int64?)])
    func `an instant is a time back from now or a date in UTC`(text: String, expected: Int64?) {
        #expect(LogCommand.instant(text, now: now)?.milliseconds == expected)
    }

    @Test func `a line of the log says when, what, about what and who`() {
        let entry: JSON = [
            "origin": "change", "number": 3, "at": 0, "level": "info", "code": "change", "channel": .null,
            "entity": "product/tea", "by": "uid:0", "text": "text.en set, change 3",
        ]
        #expect(
            LogCommand.line(entry)
                == "1970-01-01T00:00:00.000Z INFO  text.en set, change 3  evt=change entity=product/tea by=uid:0")
    }

    @Test func `every command explains itself with an example`() {
        let leaves = Self.leaves(of: Heyi.self)
        #expect(leaves.count > 20)
        for command in leaves {
            #expect(command.helpMessage(columns: 80).contains("  heyi "), "\(command) has no example")
        }
    }

    private static func leaves(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        let below = command.configuration.subcommands
        return below.isEmpty ? [command] : below.flatMap { leaves(of: $0) }
    }

    @Test func `a refusal names its field once`() {
        let refusal = Problem.invalid("quantity", "must be a whole number").json(requestID: nil, trace: nil)
        #expect(CommandFailure.words(of: refusal, status: 422) == "quantity: must be a whole number")
        #expect(CommandFailure.words(of: ["field": "sku", "detail": "is not there"], status: 404) == "sku: is not there")
        #expect(CommandFailure.words(of: .null, status: 502) == "the daemon answered 502")
    }

    @Test(arguments: [
        (["conflicts", "resolve", "1", "--reason", "x"], "choose exactly one"),
        (["channel", "add", "web", "--kind", "web", "--secret", "whsec_aGVsbG8="], "the secret itself never stands here"),
        (["queue", "list", "--limit", "0"], "--limit must be 1…200"),
        (["queue", "drop", "--reason", "x"], "name rows"),
        (["log", "--limit", "0"], "--limit must be 1…1000"),
        (["log", "--since", "yesterday"], "--since must be a time such as 30m"),
        (["simulate", "--trials", "5"], "it needs --planted"),
        (["simulate", "--seeds", "1", "--twice"], "it needs --seeds 2 or more"),
        (["simulate", "--planted", "echoes", "--save", "p.json"], "--save has nothing to keep"),
    ])
    func `a wrong command line is explained and secrets are not repeated`(words: [String], expected: String) {
        let error = #expect(throws: (any Error).self) { _ = try Heyi.parseAsRoot(words) }
        let message = error.map { Heyi.fullMessage(for: $0) } ?? ""
        #expect(message.contains(expected), "\(message)")
        #expect(error.map { Heyi.exitCode(for: $0).rawValue } == 64)
        #expect(!message.contains("aGVsbG8"))
    }
}
