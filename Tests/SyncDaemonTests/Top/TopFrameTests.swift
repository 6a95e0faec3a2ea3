import Commerce
import Testing

@testable import SyncDaemon

@Suite struct TopFrameTests {
    @Test func `one screen tells the verdict, the rates and every channel`() {
        let lines = TopSamples.frame(height: 11).lines.map(\.text)
        let expected = [
            "heyi 1.0.0  degraded  up 2h 13m                              08:53:20Z, every 2s",
            "per second  writes 12  commits 3.0  pushes 20  pulls 0  callbacks 0",
            "feed 400123 +1.0/s  inbox 5  conflicts 2  wal 4096 KiB  rss 41 MiB  disk 12 GiB",
            "web: 3 pushes are dead (+1)  heyi queue list --channel web --state dead",
            "",
            "CHANNEL↑       STATE        UNITS  LAG  PUSH/S  PULLED  RETRY  UNKN  DEAD  CONFL",
            "app            active           0    0       0     65s      0     0     0      0",
            "web            active/half   1200   5m      20     65s      0     0     3      0",
            "合一商城-out…  active           0    0       0     65s      0     0     0      0",
            "", "s/S sort  / filter  Enter channel  p pause  ? help  q quit",
        ]
        #expect(lines == expected)
    }

    @Test(arguments: [(80, 24), (120, 40), (40, 10), (20, 4), (1, 1)])
    func `a frame fills the terminal and never more, with Chinese names too`(width: Int, height: Int) {
        var views = [TopView(), TopView(), TopView()]
        _ = views[1].take(.enter, ids: ["合一商城-outlet"], page: 5)
        _ = views[2].take(.character("?"), ids: [], page: 5)
        for view in views {
            let lines = TopSamples.frame(view, width: width, height: height).lines
            #expect(lines.count == height)
            for line in lines { #expect(line.width <= width, "\(line.text)") }
        }
    }

    @Test func `columns stand in line beside Chinese names`() throws {
        let lines = TopSamples.frame(width: 100).lines.map(\.text)
        let heading = try #require(lines.first { $0.hasPrefix("CHANNEL") })
        let end = try #require(heading.firstRange(of: "UNITS")).upperBound
        let column = DisplayWidth.of(heading[..<end])
        for name in ["合一商城-outlet ", "app ", "web "] {
            let line = try #require(lines.first { $0.hasPrefix("\(name)") })
            var used = 0
            let before = line.prefix { used += DisplayWidth.of($0); return used <= column }
            #expect(before.last?.isNumber == true, "\(line)")
        }
    }

    @Test func `the detail of a channel shows its figures and what it met, with nothing dangerous in it`() {
        var view = TopView()
        _ = view.take(.end, ids: ["app", "web"], page: 5)
        _ = view.take(.enter, ids: ["app", "web"], page: 5)
        let text = TopSamples.frame(view, height: 30).lines.map(\.text).joined(separator: "\n")
        for expected in [
            "web  web, delta  active/half", "behind     1200 units, the oldest 5m old", "pushed     2s ago, 20/s; failed 3, stored 41",
            "answers in push 56 ms (p99 460 ms)", "heyi queue list --channel web", "last error 503 Service Unavailable",
            "08:53:19  push_failed  503",
        ] { #expect(text.contains(expected), "\(expected)\n---\n\(text)") }
        #expect(!text.contains("\u{1b}") && !text.contains("connected"))
    }

    @Test func `a daemon that went away is said to be, and the last figures stay`() {
        var frame = TopSamples.frame()
        frame.silence = ("no daemon answers at /run/heyi/heyi.sock: Connection refused", 12)
        let lines = frame.lines
        #expect(lines[3].text == "no daemon answers at /run/heyi/heyi.sock: Connection refused; since 12s, trying…")
        #expect(lines.contains { $0.text.hasPrefix("web ") })
        let empty = TopFrame(readings: nil, view: TopView(), width: 80, height: 24, silence: ("no daemon answers at x: y", 0))
        #expect(empty.lines[0].text.hasPrefix("no daemon answers"))
        #expect(empty.lines.count == 24)
    }

    @Test func `rates need two readings of one process`() {
        #expect(TopReadings(now: TopSamples.reading(second: true), before: nil).writes == nil)
        let restarted = TopReadings(now: TopSamples.reading(second: true, begun: 9), before: TopSamples.reading(second: false))
        #expect(restarted.writes == nil && restarted.pushes(of: "web") == nil)
        #expect(TopSamples.readings.writes == 12)
        #expect(TopSamples.readings.pushes(of: "app") == 0)
    }

    @Test func `a line of a pipe is plain text, a line of a screen carries its look`() {
        let line = FrameLine("web ", .bad) + FrameLine("龙井茶")
        #expect(line.text == "web 龙井茶")
        #expect(line.escaped(coloured: true) == "\u{1b}[1;31mweb \u{1b}[0m龙井茶")
        #expect(line.escaped(coloured: false) == "\u{1b}[1mweb \u{1b}[0m龙井茶")
        #expect(line.cut(to: 7).text == "web 龙…")
        for text in TopSamples.frame().plain { #expect(!text.contains("\u{1b}")) }
    }

    @Test func `the JSON of a reading carries rates and the rows asked for`() {
        var view = TopView()
        view.filter = "we"
        let report = TopReport.json(TopSamples.readings, view)
        #expect(report["rates"]?["writes"] == 12 && report["rates"]?["changes"] == 1)
        #expect(report["channels"]?.array?.map { $0["id"] } == ["web"])
        #expect(report["channels"]?.array?.first?["pushes_per_second"] == 20)
        let first = TopReport.json(TopReadings(now: TopSamples.reading(second: false), before: nil), view)
        #expect(first["rates"]?["writes"] == .null)
    }
}
