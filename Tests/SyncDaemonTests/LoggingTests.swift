import ChannelAdapters
import Commerce
import Logging
import Testing

@testable import SyncDaemon

@Suite struct LoggingTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:], level: Logger.Level = .warning) -> LogLine {
        LogLine(time: Timestamp(milliseconds: 1_772_352_930_250), level: level, message: message, metadata: metadata)
    }

    @Test func `a line names its event and what it is about in every format`() {
        let line = line("价格 refused", ["evt": "push.rejected", "reason": "too \"low\"", "entity": "sku/a1", "channel": "web"])
        #expect(line.rendered(.text) == "08:15:30.250 WARN  价格 refused  evt=push.rejected channel=web entity=sku/a1 reason=\"too \\\"low\\\"\"")
        #expect(line.rendered(.journal) == "<4>evt=push.rejected channel=web entity=sku/a1 reason=\"too \\\"low\\\"\" msg=\"价格 refused\"")
        #expect(line.rendered(.json) == #"{"channel":"web","entity":"sku/a1","evt":"push.rejected","level":"warning","msg":"价格 refused","reason":"too \"low\"","time":"2026-03-01T08:15:30.250Z"}"#)
    }

    @Test(arguments: [LogFormat.text, .journal, .json])
    func `text from outside cannot forge a line or steer the terminal`(format: LogFormat) {
        let written = line("a\r\n<0>forged \u{1b}[31m", ["title": "x\u{202e}y\nz", "bad key\n": "v"]).rendered(format, colour: false)
        #expect(!written.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x1b || $0.value == 0x202e })
    }

    @Test func `a secret in a field prints as a secret`() {
        let secret = Secret("hunter2")
        let written = line("signed", ["key": "\(secret)", "raw": .stringConvertible(secret)]).rendered(.json)
        #expect(!written.contains("hunter2") && written.contains("<secret>"))
    }

    @Test func `the logger writes to its sink and remembers the newest lines`() {
        let recent = RecentLog(linesMax: 3)
        let destination = LogDestination(time: StillTime(), format: .journal, colour: false, recent: recent, sink: { _ in })
        var logger = Logger(label: "test") { _ in LogWriter(level: .info, destination: destination) }
        logger[metadataKey: "channel"] = "web"
        logger.debug("not written")
        for number in 1...7 { logger.info("line \(number)", metadata: ["evt": "test.line"]) }
        #expect(recent.entries().map(\.line.message) == ["line 5", "line 6", "line 7"])
        #expect(recent.entries(after: 6).map(\.number) == [7])
        #expect(recent.entries().last?.line.fields == [LogLine.Field(name: "channel", value: "web")])
    }

    @Test func `a follower sees old lines, new lines and the end`() async {
        let recent = RecentLog(linesMax: 10)
        recent.append(line("one"))
        let stream = recent.follow()
        recent.append(line("two"))
        recent.close()
        var seen: [String] = []
        for await entry in stream { seen.append(entry.line.message) }
        #expect(seen == ["one", "two"])
    }

    @Test(arguments: [(0, "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z")])
    func `instants are written in UTC`(milliseconds: Int64, text: String) {
        #expect(UTC.text(Timestamp(milliseconds: milliseconds)) == text)
    }
}

private struct StillTime: TimeSource {
    func now() -> Timestamp { Timestamp(milliseconds: 0) }
    func monotonicNanoseconds() -> UInt64 { 0 }
    func sleep(for duration: Duration) async throws {}
}
