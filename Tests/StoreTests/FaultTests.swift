import Commerce
import ConflictResolution
import Foundation
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct FaultTests {
    private let scratch: Scratch
    private static let bulk = String(repeating: "long reason ", count: 4_000)

    init() throws { scratch = try Scratch() }

    /// Lets the database grow by so many pages and no further; 0 lifts the limit.
    private func limit(_ store: Store, morePages: Int) throws {
        try store.connection.writeWithoutTransaction { db in
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(morePages == 0 ? 1_073_741_823 : pages + morePages)")
        }
    }

    private func putBulk(_ store: Store, _ id: String, _ number: Int) async -> StoreError? {
        do throws(StoreError) {
            try await store.write { writing throws(StoreError) in
                try writing.putChannel(ChannelID("ch-\(id)")!, settings: [:])
                try writing.create(place(id).entity)
                _ = try writing.apply(
                    UnitWrite(place(id), standing(number), author: "test", origin: .api, reason: FaultTests.bulk))
            }
            return nil
        } catch { return error }
    }

    /// Writes from many tasks until some fail; then every success must be there and no failure.
    private func writeUntilFull(_ store: Store) async throws -> Set<String> {
        let outcomes = await withTaskGroup(of: (String, StoreError?).self) { group in
            for number in 0..<120 {
                group.addTask { ("c\(number)", await putBulk(store, "c\(number)", number)) }
            }
            return await group.reduce(into: [String: StoreError?]()) { $0[$1.0] = .some($1.1) }
        }
        let written = Set(outcomes.filter { $0.value == nil }.keys)
        #expect(written.count < 120)
        for case let error? in outcomes.values { #expect(error == .diskFull) }
        for (id, error) in outcomes {
            #expect((try await store.position(of: id) != nil) == (error == nil), "\(id): \(String(describing: error))")
        }
        return written
    }

    private func assertSound(_ store: Store, wrote count: Int) async throws {
        #expect(try await store.newest() == Int64(count))
        try await store.read { reading throws(StoreError) in
            let channels = try reading.channels()
            #expect(channels.count == count)
            for channel in channels { #expect(channel.actor.name == channel.id.text) }
        }
    }

    @Test func `on a full database every caller is told, and writing goes on when there is room`() async throws {
        let store = try scratch.open()
        try limit(store, morePages: 300)
        let written = try await writeUntilFull(store)
        await #expect(throws: StoreError.diskFull) { for number in 0..<100 { if let error = await putBulk(store, "d\(number)", 1) { throw error } } }
        let before = try await store.newest()
        try limit(store, morePages: 0)
        #expect(await putBulk(store, "after", 1) == nil)
        #expect(try await store.newest() == before + 1)
        try await assertSound(store, wrote: Int(before) + 1)
        #expect(written.count <= Int(before))
        await store.close()
        let again = try scratch.open(ids: "second")
        #expect(again.life.rebirth == nil)
        #expect(try await again.position(of: "after") == 1)
        await again.close()
    }

    @Test(.enabled(if: TinyDisk.isPossible, "needs the right to mount a tmpfs; the page limit above shows the same"))
    func `on a full disk every caller is told, and writing goes on when there is room`() async throws {
        let disk = try TinyDisk(megabytes: 12)
        let store = try Store(.directory(disk.path + "/store"), surroundings: .still())
        #expect(await putBulk(store, "first", 1) == nil)
        try await store.probe()
        try disk.fill()
        let written = try await writeUntilFull(store)
        await #expect(throws: StoreError.diskFull) { try await store.probe() }
        await #expect(throws: StoreError.diskFull) { try await store.backup(to: disk.path + "/backup") }
        #expect(!FileManager.default.fileExists(atPath: disk.path + "/backup.partial"))
        try disk.empty()
        try await store.probe()
        #expect(await putBulk(store, "after", 1) == nil)
        try await assertSound(store, wrote: written.count + 2)
        await store.close()
    }

    @Test(.enabled(if: TinyDisk.isPossible || geteuid() != 0, "root can write anywhere unless it may mount"))
    func `a directory that cannot be written is refused by name`() async throws {
        let disk = TinyDisk.isPossible ? try TinyDisk(megabytes: 8) : nil
        let directory = (disk?.path ?? scratch.path) + "/store"
        let store = try Store(.directory(directory), surroundings: .still())
        try await store.put("c", 1)
        await store.close()
        if let disk { try disk.remountReadOnly() } else {
            for name in try FileManager.default.contentsOfDirectory(atPath: directory) { chmod(directory + "/" + name, 0o400) }
            chmod(directory, 0o500)
        }
        #expect(throws: StoreError.readOnly(directory + "/heyi.lock")) {
            try Store(.directory(directory), surroundings: .still())
        }
        if disk == nil { chmod(directory, 0o700) }
    }

    @Test func `a write that goes on after the database refused it keeps nothing`() async throws {
        let store = try scratch.open()
        try limit(store, morePages: 30)
        await #expect(throws: StoreError.diskFull) {
            try await store.write { writing throws(StoreError) in
                try writing.create(place("kept").entity)
                for number in 0..<100 {
                    do throws(StoreError) {
                        _ = try writing.apply(
                            UnitWrite(place("kept"), standing(number), author: "t", origin: .api, reason: FaultTests.bulk))
                    } catch { continue }
                }
            }
        }
        try await store.read { reading throws(StoreError) in
            #expect(try reading.entityNumber(place("kept").entity) == nil)
        }
        try limit(store, morePages: 0)
        try await store.put("kept", 1)
        #expect(try await store.newest() == 1)
        await store.close()
    }

    @Test func `stamps only grow, also past a neighbour that was undone`() async throws {
        let store = try scratch.open()
        _ = await withTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    do throws(StoreError) {
                        try await store.write { writing throws(StoreError) in
                            try writing.create(place("c").entity)
                            _ = try writing.apply(UnitWrite(place("c"), standing(number), author: "t", origin: .api))
                            if number % 3 == 0 { throw .contradiction("undone") }
                        }
                    } catch { #expect(error == .contradiction("undone")) }
                }
            }
        }
        let stamps = try await store.read { reading throws(StoreError) in
            try reading.history(place("c"), limit: 1_000).map(\.stamp)
        }
        #expect(stamps.count == 133)
        #expect(zip(stamps, stamps.dropFirst()).allSatisfy { $0 > $1 })
        await store.close()
    }

    @Test func `a closed store says so`() async throws {
        let store = try scratch.open()
        try await store.put("c", 1)
        await store.close()
        await #expect(throws: StoreError.closed) { try await store.put("c", 2) }
        await #expect(throws: StoreError.closed) { try await store.position(of: "c") }
    }
}
