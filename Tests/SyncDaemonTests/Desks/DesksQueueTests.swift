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

    @Test func `pages name every row once, whatever is asked for`() async throws {
        let world = try await world()
        try await world.store.write { writing throws(StoreError) in
            let app = try writing.reading.requireChannel(DeskWorld.app)
            for (number, state) in [ChannelException.State.unknown, .retrying, .dead, .unknown].enumerated() {
                let unit = UnitRef(DeskWorld.tea, Samples.unit("price.\(["CNY", "USD", "EUR", "JPY"][number])"))
                try writing.except(
                    app, unit, state: state, sequence: Int64(10 - number), operation: "op", attempts: 1,
                    dueAt: writing.now, error: "x")
            }
        }
        for (selection, count) in [
            (QueueSelection(), 6), (QueueSelection(channel: DeskWorld.app), 5), (QueueSelection(state: .unknown), 2),
            (QueueSelection(channel: DeskWorld.web, state: .unknown), 0),
        ] {
            var seen: [Int64] = []
            var after: String?
            repeat {
                let page = try await world.operators.queue(selection, PageRequest(limit: 1, after: after))
                seen += page.rows.map(\.id)
                after = page.next
            } while after != nil
            #expect(seen.count == count && seen == seen.sorted() && Set(seen).count == count)
        }
    }

    @Test func `a push of unknown outcome that is given up is not under way any more`() async throws {
        let world = try await world()
        try await world.store.write { writing throws(StoreError) in
            let web = try writing.reading.requireChannel(DeskWorld.web)
            let pushing = Shadow.Pushing(sequence: 2, hash: [7], operation: "op")
            try writing.setShadow(web, DeskWorld.text, Shadow(heldHash: [1], version: "v1", pushing: pushing))
            try writing.except(
                web, DeskWorld.text, state: .unknown, sequence: 2, operation: "op", attempts: 1, dueAt: writing.now,
                error: "no answer")
        }
        let selection = QueueSelection(channel: DeskWorld.web, state: .unknown)
        #expect(try await world.operators.drop(selection, reason: "shop is gone", by: DeskWorld.boss) == 1)
        try await world.store.read { reading throws(StoreError) in
            let web = try reading.requireChannel(DeskWorld.web)
            #expect(try reading.openPushes(web, limit: 10).isEmpty)
            // What it held and what it may hold now are both still known for what they are.
            let shadow = try reading.shadow(web, DeskWorld.text)
            #expect(shadow?.pushing?.isGivenUp == true && shadow?.pushing?.hash == [7] && shadow?.heldHash == [1])
        }
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
