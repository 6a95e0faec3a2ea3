import Commerce
import Store
import Testing

@testable import SyncDaemon

struct DesksConflictTests {
    @Test func `a conflict shows both sides with their authors and what both had seen`() async throws {
        let world = try DeskWorld()
        let conflict = try await world.quarrel()
        #expect(conflict.state == .open && conflict.policy == "disjoint text")
        #expect(conflict.base?["title"] == "Longjing")
        #expect(Set(conflict.sides.map(\.author)) == ["uid:1000", "channel:web"])
        #expect(conflict.sides.count { $0.isLive } == 1)
    }

    @Test func `an open conflict is counted at the channel whose write opened it, and no more once it is closed`() async throws {
        let world = try DeskWorld()
        let conflict = try await world.quarrel()
        try await world.add(DeskWorld.app)
        func counts() async throws -> [Int] { try await world.operators.status.report().channels.map(\.conflictsOpen) }
        let report = try await world.operators.status.report()
        #expect(report.channels.first { $0.id == DeskWorld.web }?.conflictsOpen == 1)
        _ = try await world.operators.resolve(conflict.id, .side(0), reason: "right", by: DeskWorld.boss)
        #expect(try await counts() == [0, 0])
    }

    @Test(arguments: ["uid:1000", "channel:web"])
    func `the side a person chooses becomes the only value, the losing author stays on record`(
        author: String
    ) async throws {
        let world = try DeskWorld()
        let conflict = try await world.quarrel()
        let index = try #require(conflict.sides.firstIndex { $0.author == author })
        let newest = try await world.store.read { reading throws(StoreError) in try reading.newestSequence() }
        let closed = try await world.operators.resolve(
            conflict.id, .side(index), reason: "the right name", by: DeskWorld.boss)
        #expect(closed.state == .resolved)
        #expect(closed.resolution?.value == conflict.sides[index].value)
        #expect(closed.resolution?.by == "uid:1000" && closed.resolution?.reason == "the right name")
        #expect(closed.sides == conflict.sides)
        #expect(try await world.versions() == 1)
        let head = try await world.store.read { reading throws(StoreError) in try reading.head(DeskWorld.text) }
        #expect((head?.sequence ?? 0) > newest)
        #expect(try head?.liveJSON() == conflict.sides[index].value)
        #expect(try await world.audited().last == "uid:1000 conflict.resolve conflict/\(conflict.id)")
    }

    @Test func `leaving what is live ends the conflict too`() async throws {
        let world = try DeskWorld()
        let conflict = try await world.quarrel()
        let live = conflict.sides.first { $0.isLive }?.value
        let closed = try await world.operators.resolve(conflict.id, .live, reason: "fine", by: DeskWorld.boss)
        #expect(closed.resolution?.value == live)
        #expect(try await world.versions() == 1)
        let all = try await world.operators.conflicts(nil, PageRequest(limit: 10, after: nil)).rows
        #expect(all.map(\.state) == [.resolved])
        #expect(try await world.operators.conflicts(.open, PageRequest(limit: 10, after: nil)).rows.isEmpty)
    }

    @Test func `a value of one's own ends it, and nobody decides twice`() async throws {
        let world = try DeskWorld()
        let conflict = try await world.quarrel()
        let own: JSON = ["title": "West Lake Dragon Well"]
        let closed = try await world.operators.resolve(conflict.id, .value(own), reason: "both", by: DeskWorld.boss)
        #expect(closed.resolution?.value == own)
        guard
            case .refused = await refusal({
                _ = try await world.operators.resolve(conflict.id, .live, reason: "again", by: DeskWorld.boss)
            })
        else { Issue.record("decided twice"); return }
    }

    @Test func `a side that is not there and a value that breaks the rules change nothing`() async throws {
        let world = try DeskWorld()
        let conflict = try await world.quarrel()
        for choice in [ConflictChoice.side(2), .value(["title": 7])] {
            let error = await refusal {
                _ = try await world.operators.resolve(conflict.id, choice, reason: "x", by: DeskWorld.boss)
            }
            guard case .invalid = error else { Issue.record("\(choice) was taken"); return }
        }
        #expect(try await world.operators.conflict(conflict.id) == conflict)
        #expect(try await world.versions() == 2)
    }
}
