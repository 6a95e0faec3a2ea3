import Commerce
import Foundation
import Store
import SyncEngine
import Testing

@testable import SyncDaemon

struct DesksQueueTests {
    private let whole = PageRequest(limit: 10, after: nil)

    private func world() async throws -> DeskWorld {
        let world = try DeskWorld()
        try await world.add(DeskWorld.web)
        try await world.add(DeskWorld.app)
        try await world.makeTea()
        try await world.dead(DeskWorld.web, sequence: 2)
        try await world.dead(DeskWorld.app, sequence: 2)
        return world
    }

    @Test func `one row is retried, the same change at another channel stays dead`() async throws {
        let world = try await world()
        let rows = try await world.operators.queue(QueueSelection(), whole).rows
        #expect(Set(rows.map(\.id)).count == 2 && rows.allSatisfy { $0.state == .dead })
        let row = try #require(rows.first { $0.channel == DeskWorld.web })
        #expect(row.lastError == "title: too long")
        let count = try await world.operators.retry(QueueSelection(ids: [row.id]), by: DeskWorld.boss)
        #expect(count == 1)
        let after = try await world.operators.queue(QueueSelection(), whole).rows
        let revived = try #require(after.first { $0.channel == DeskWorld.web })
        #expect(revived.state == .retrying && revived.attempts == 0)
        #expect(after.first { $0.channel == DeskWorld.app }?.state == .dead)
        #expect(try await world.audited().last == "uid:1000 queue.retry channel/web")
    }

    @Test func `rows are given up by channel and state, with the reason on record`() async throws {
        let world = try await world()
        let selection = QueueSelection(channel: DeskWorld.web, state: .dead)
        #expect(try await world.operators.drop(selection, reason: "shop closed", by: DeskWorld.boss) == 1)
        #expect(try await world.operators.queue(QueueSelection(), whole).rows.map(\.channel) == [DeskWorld.app])
        let entry = try await world.store.read { reading throws(StoreError) in try reading.auditEntries(limit: 1).first }
        #expect(entry?.detail.contains("shop closed") == true)
        #expect(try await world.operators.drop(selection, reason: "again", by: DeskWorld.boss) == 0)
    }

    @Test func `a list comes page by page`() async throws {
        let world = try await world()
        let first = try await world.operators.queue(QueueSelection(), PageRequest(limit: 1, after: nil))
        let second = try await world.operators.queue(QueueSelection(), PageRequest(limit: 1, after: first.next))
        #expect(Set((first.rows + second.rows).map(\.channel)) == [DeskWorld.web, DeskWorld.app])
        #expect(first.next != nil && second.next == nil)
        let error = await refusal {
            _ = try await world.operators.queue(QueueSelection(), PageRequest(limit: 1, after: "x"))
        }
        guard case .invalid(field: "after", _) = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test func `a callback that died waits again and its worker is called`() async throws {
        let world = try await world()
        try await world.store.write { writing throws(StoreError) in
            _ = try writing.receive(try writing.reading.requireChannel(DeskWorld.web), event: "e1", body: [1, 2, 3])
            guard let item = try writing.reading.inbox(limit: 1).first else { return }
            try writing.markFailed(item, error: "no JSON", retryAt: nil)
        }
        let row = try #require(try await world.operators.inbox(.dead, whole).rows.first)
        #expect(row.bytes == 3 && row.lastError == "no JSON" && row.nextAttempt == nil)
        let calls = world.engine.inbox.signal.value
        let replayed = try await world.operators.replay(row.id, by: DeskWorld.boss)
        #expect(replayed.state == .waiting && replayed.nextAttempt != nil)
        #expect(world.engine.inbox.signal.value == calls + 1)
        guard case .notFound = await refusal({ _ = try await world.operators.inboxRow(99) }) else {
            Issue.record("found")
            return
        }
    }

    @Test func `a backup is a file of its own, and an older one is not written over`() async throws {
        let world = try await world()
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-desk-\(UUID()).db").path
        defer { for suffix in ["", ".manifest"] { unlink(path + suffix) } }
        let bytes = try await world.operators.backup(to: path, by: DeskWorld.boss)
        #expect(bytes > 0)
        #expect(try await Store.verifyBackup(path).bytes == bytes)
        guard case .contradiction = await refusal({ _ = try await world.operators.backup(to: path, by: DeskWorld.boss) })
        else { Issue.record("written over"); return }
    }
}
