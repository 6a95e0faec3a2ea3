import Commerce
import ConflictResolution
import Foundation
import Glibc
import Store
import Synchronization
import TestKit
import Testing

@Suite struct UnitWriteTests {
    private let entity = EntityRef(.brand, EntityID("b1")!)
    private var place: UnitRef { UnitRef(EntityRef(.category, EntityID("c1")!), UnitName("place")!) }

    private func open() async throws -> Store {
        let store = try Store(.memory, surroundings: .still())
        let place = self.place
        try await store.write { writing throws(StoreError) in
            try writing.create(place.entity)
            try writing.putChannel(ChannelID("web")!, settings: [:])
        }
        return store
    }

    @Test func `a write is in the feed, once, at its newest change`() async throws {
        let store = try await open()
        let place = self.place
        for position in 1...3 {
            _ = try await store.write { writing throws(StoreError) in
                try writing.apply(
                    UnitWrite(place, ["parent": .null, "position": .integer(Int64(position))], author: "test", origin: .api))
            }
        }
        let page = try await store.read { reading throws(StoreError) in try reading.feed(after: 0, limit: 10) }
        #expect(page.changes.map(\.sequence) == [3])
        #expect(page.through == 3)
        #expect(try page.changes.first?.liveJSON()?["position"] == 3)
    }

    @Test func `writing what is live already writes nothing`() async throws {
        let store = try await open()
        let place = self.place
        for expected in [true, false] {
            let outcome = try await store.write { writing throws(StoreError) in
                try writing.apply(UnitWrite(place, ["parent": .null, "position": 1], author: "test", origin: .import))
            }
            if case .applied = outcome { #expect(expected) } else { #expect(!expected) }
        }
    }

    @Test func `a person who read an older value is told, and nothing changes`() async throws {
        let store = try await open()
        let place = self.place
        let outcome = try await store.write { writing throws(StoreError) in
            _ = try writing.apply(UnitWrite(place, ["parent": .null, "position": 1], author: "a", origin: .api))
            return try writing.apply(
                UnitWrite(
                    place, ["parent": .null, "position": 2],
                    causality: .hubHaving(seen: VectorClock(), keepBoth: false), author: "b", origin: .api))
        }
        guard case .stale(let live, _) = outcome else { Issue.record("not refused: \(outcome)"); return }
        #expect(live?["position"] == 1)
    }

    @Test func `a write that fails leaves its neighbours in the same commit alone`() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try Store(.directory(directory), surroundings: .still())
        let place = self.place
        try await store.write { writing throws(StoreError) in try writing.create(place.entity) }
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask {
                    do {
                        try await store.write { writing throws(StoreError) in
                            _ = try writing.apply(
                                UnitWrite(
                                    place, ["parent": .null, "position": .integer(Int64(index + 10))], author: "t",
                                    origin: .api))
                            if index % 2 == 1 { throw StoreError.contradiction("odd") }
                        }
                        return true
                    } catch { return false }
                }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.filter(\.self).count == 32)
        let history = try await store.read { reading throws(StoreError) in try reading.history(place, limit: 100) }
        #expect(history.count == 32)
        #expect(history.map(\.sequence) == Array((1...32).reversed()).map(Int64.init))
        await store.close()
    }

    @Test func `a second process is refused with the name of the first`() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try Store(.directory(directory), surroundings: .still())
        #expect(throws: StoreError.alreadyRunning(directory: directory, holder: "pid \(getpid())")) {
            _ = try Store(.directory(directory), surroundings: .still())
        }
        await store.close()
        let again = try Store(.directory(directory), surroundings: .still())
        #expect(again.life.epoch == 2)
        #expect(again.life.rebirth == nil)
        await again.close()
    }

    @Test func `a directory is given back although a child just forked still has its lock's file`() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try Store(.directory(directory), surroundings: .still())
        let files = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
        let held = try #require(files.first { file in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(file)")) == directory + "/heyi.lock"
        })
        // What fork does to it.
        let copy = dup(held)
        defer { Glibc.close(copy) }
        await store.close()
        let again = try Store(.directory(directory), surroundings: .still())
        await again.close()
    }

    @Test func `refusing a second process closes nobody else's file`() async throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try Store(.directory(directory), surroundings: .still())
        let ended = Atomic(false)
        let lost = Atomic(0)
        let others = Thread {
            while !ended.load(ordering: .relaxed) {
                let files = (0..<50).map { _ in Glibc.open("/dev/null", O_RDONLY | O_CLOEXEC) }
                for file in files where close(file) != 0 { lost.add(1, ordering: .relaxed) }
            }
        }
        others.start()
        for _ in 0..<2_000 {
            #expect(throws: StoreError.self) { _ = try Store(.directory(directory), surroundings: .still()) }
        }
        ended.store(true, ordering: .relaxed)
        while !others.isFinished { await Task.yield() }
        #expect(lost.load(ordering: .relaxed) == 0)
        await store.close()
    }
}
