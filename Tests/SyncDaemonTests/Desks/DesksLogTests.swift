import Commerce
import Store
import SyncEngine
import TestKit
import Testing

@testable import SyncDaemon

struct DesksLogTests {
    private func lines(_ part: LogPart) -> [String] { part.entries.map { "\($0.origin) \($0.code) \($0.by ?? "-")" } }

    /// A store with two acts, four changes and two events, a minute between one kind and the next.
    private func world() async throws -> (world: DeskWorld, time: ManualTime) {
        let time = ManualTime()
        let world = try DeskWorld(time: time)
        try await world.add(DeskWorld.web)
        time.advance(by: .seconds(60))
        try await world.makeTea()
        try await world.edit(DeskWorld.web, "West Lake")
        time.advance(by: .seconds(60))
        world.journal.take(.observed(DeskWorld.web, DeskWorld.text, sequence: 3, prevailed: true))
        world.journal.take(.pushFailed(DeskWorld.web, units: 1, error: "503", retryAt: nil))
        time.advance(by: .seconds(60))
        _ = try await world.operators.command(.pause, DeskWorld.web, by: DeskWorld.boss)
        return (world, time)
    }

    @Test func `the log tells acts, changes and events in the order they happened, each once`() async throws {
        let world = try await world().world
        let part = try await world.operators.status.log(LogOrder(limit: 50))
        #expect(
            lines(part) == [
                "audit channel.add uid:1000", "change change uid:1000", "change change uid:1000",
                "change change channel:web", "event push_failed -", "audit channel.pause uid:1000",
            ])
        #expect(part.entries[3].text == "text.en set, change 3" && part.entries[3].entity == DeskWorld.tea)
        #expect(!part.entries.contains { $0.text.contains("West Lake") }, "a value is shown")
    }

    @Test func `the newest lines are shown, since an instant, of one channel`() async throws {
        let (world, time) = try await world()
        let status = world.operators.status
        #expect(try await lines(status.log(LogOrder(limit: 2))) == ["event push_failed -", "audit channel.pause uid:1000"])
        let recent = LogOrder(since: time.now() + .seconds(-90), limit: 50)
        #expect(try await lines(status.log(recent)) == ["event push_failed -", "audit channel.pause uid:1000"])
        let web = try await status.log(LogOrder(channel: DeskWorld.web, limit: 50))
        #expect(
            lines(web) == [
                "audit channel.add uid:1000", "change change channel:web", "event push_failed -",
                "audit channel.pause uid:1000",
            ])
        #expect(try await lines(status.log(LogOrder(channel: DeskWorld.app, limit: 50))).isEmpty)
    }

    @Test func `what follows begins where the log ended`() async throws {
        let (world, time) = try await world()
        let status = world.operators.status
        let place = try await status.log(LogOrder(limit: 1)).place
        #expect(LogPlace(place.text) == place)
        #expect(try await status.log(past: place, of: nil) == LogPart(entries: [], place: place))
        time.advance(by: .seconds(1))
        try await world.edit(DeskWorld.web, "Dragon Well")
        time.advance(by: .seconds(1))
        world.journal.take(.readBack(DeskWorld.web, landed: 1, lost: 0))
        let next = try await status.log(past: place, of: nil)
        #expect(lines(next) == ["change change channel:web", "event read_back -"])
        #expect(try await status.log(past: next.place, of: nil).entries.isEmpty)
        // A place of the process before: its events are counted anew.
        let older = LogPlace(audit: next.place.audit, change: next.place.change, event: 900)
        #expect(try await lines(status.log(past: older, of: nil)) == ["event push_failed -", "event read_back -"])
        let app = try await status.log(past: place, of: DeskWorld.app)
        #expect(app.entries.isEmpty && app.place == next.place)
    }

    @Test func `a long log is followed to its end`() async throws {
        let (world, _) = try await world()
        for number in 0..<250 { try await world.edit(DeskWorld.web, "Tea \(number)") }
        var place = LogPlace()
        var count = 0
        while true {
            let part = try await world.operators.status.log(past: place, of: nil)
            if part.place == place { break }
            count += part.entries.count { $0.origin == .change }
            place = part.place
        }
        #expect(count == 253)
    }
}
