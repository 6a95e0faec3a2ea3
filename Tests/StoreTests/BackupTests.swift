import Commerce
import ConflictResolution
import Foundation
import Store
import TestKit
import Testing

@Suite struct BackupTests {
    private let scratch: Scratch
    private let backup: String

    init() throws {
        scratch = try Scratch()
        backup = scratch.at("copy.heyi")
    }

    @Test func `a backup taken under writes is one moment and can be restored`() async throws {
        let store = try scratch.open()
        // Both units are always written together, so any mixture of moments would show.
        @Sendable func pair(_ number: Int) async throws {
            try await store.write { writing throws(StoreError) in
                for id in ["left", "right"] {
                    try writing.create(place(id).entity)
                    _ = try writing.apply(UnitWrite(place(id), standing(number), author: "test", origin: .api))
                }
            }
        }
        for number in 1...300 { try await pair(number) }
        let writes = Task { for number in 301...900 { try await pair(number) } }
        let report = try await store.backup(to: backup)
        try await writes.value
        await store.close()

        #expect(report.sequence == report.changes)
        #expect(report.sequence >= 600 && report.sequence % 2 == 0)
        #expect(try await Store.verifyBackup(backup) == report)
        let restored = try await Store.restore(from: backup, to: scratch.at("again"))
        #expect(restored == report)
        let again = try scratch.open("again", ids: "second")
        let left = try await again.position(of: "left")
        #expect(left == report.sequence / 2)
        #expect(try await again.position(of: "right") == left)
        await again.close()
    }

    @Test func `a restored store begins a new life and repeats no dot of the old one`() async throws {
        let store = try scratch.open()
        let web = ChannelID("web")!
        try await store.write { writing throws(StoreError) in
            let channel = try writing.putChannel(web, settings: [:])
            try writing.create(place("c").entity)
            _ = try writing.apply(UnitWrite(place("c"), standing(1), author: "test", origin: .api))
            try writing.advance(channel, to: 1)
            try writing.setShadow(
                channel, place("c"),
                Shadow(baseSequence: 1, heldHash: [1], pushing: .init(sequence: 1, hash: [2], operation: "op")))
            try writing.except(
                channel, place("c"), state: .unknown, sequence: 1, operation: "op", attempts: 1,
                dueAt: Timestamp(milliseconds: 0), error: "lost")
        }
        _ = try await store.backup(to: backup)
        // What the old life goes on to write after the backup must never be written again by the new one.
        guard case .applied(let lost) = try await store.put("c", 2) else { Issue.record("not applied"); return }
        let old = store.life
        let oldChannel = try await store.read { reading throws(StoreError) in try reading.requireChannel(web) }
        await store.close()

        _ = try await Store.restore(from: backup, to: scratch.at("again"))
        let again = try scratch.open("again", ids: "second")
        #expect(again.life.rebirth == .restored)
        #expect(again.life.generation != old.generation)
        #expect(again.life.hub != old.hub)
        guard case .applied(let written) = try await again.put("c", 3) else { Issue.record("not applied"); return }
        #expect(written.clock.compare(lost.clock) == .concurrent)
        try await again.read { reading throws(StoreError) in
            let channel = try reading.requireChannel(web)
            #expect(channel.observing)
            #expect(channel.actor != oldChannel.actor)
            #expect(try reading.cursor(channel, .push).position == 0)
            #expect(try reading.openPushes(channel, limit: 10).isEmpty)
            #expect(try reading.exceptions(channel, limit: 10).isEmpty)
        }
        await again.close()
        let third = try scratch.open("again", ids: "third")
        #expect(third.life.rebirth == nil)
        #expect(third.life.generation == again.life.generation)
        await third.close()
    }

    @Test func `a backup put in place by hand begins a new life as well`() async throws {
        let store = try scratch.open()
        try await store.put("c", 1)
        _ = try await store.backup(to: backup)
        await store.close()
        try FileManager.default.createDirectory(atPath: scratch.at("by-hand"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: backup, toPath: scratch.at("by-hand/heyi.db"))
        let again = try scratch.open("by-hand", ids: "second")
        #expect(again.life.rebirth == .restored)
        await again.close()
    }

    @Test func `a copied directory is noticed, its original goes on`() async throws {
        let store = try scratch.open()
        try await store.put("c", 1)
        await store.close()
        try FileManager.default.copyItem(atPath: scratch.at("store"), toPath: scratch.at("copied"))
        let copy = try scratch.open("copied", ids: "second")
        #expect(copy.life.rebirth == .copied)
        #expect(copy.life.hub != store.life.hub)
        await copy.close()
        let original = try scratch.open(ids: "third")
        #expect(original.life.rebirth == nil)
        await original.close()
    }

    @Test func `an older database put back in place is noticed`() async throws {
        let store = try scratch.open()
        try await store.put("c", 1)
        await store.close()
        let old = try Data(contentsOf: URL(fileURLWithPath: scratch.at("store/heyi.db")))
        let second = try scratch.open(ids: "second")
        try await second.put("c", 2)
        await second.close()
        // In place, so that the inode stays: only what the mark remembers can tell.
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: scratch.at("store/heyi.db")))
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: old)
        try file.close()
        let third = try scratch.open(ids: "third")
        #expect(third.life.rebirth == .copied)
        await third.close()
    }

    @Test(arguments: ["flip", "truncate", "text", "manifest"])
    func `a damaged backup is refused and the directory left alone`(_ damage: String) async throws {
        let store = try scratch.open()
        for number in 1...200 { try await store.put("c\(number)", number) }
        _ = try await store.backup(to: backup)
        await store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: backup))
        switch damage {
        case "flip": bytes[bytes.count / 2] ^= 0x10
        case "truncate": bytes.removeLast(5_000)
        case "text": bytes = Data("not a database at all".utf8)
        default: try Data("{".utf8).write(to: URL(fileURLWithPath: backup + ".manifest"))
        }
        try bytes.write(to: URL(fileURLWithPath: backup))
        for action in [true, false] {
            do {
                if action { _ = try await Store.verifyBackup(backup) } else {
                    _ = try await Store.restore(from: backup, to: scratch.at("again"))
                }
                Issue.record("a damaged backup was accepted")
            } catch StoreError.damagedBackup(let path, let reason) {
                #expect(path == backup)
                #expect(!reason.isEmpty)
            }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: scratch.at("again"))
        #expect(left == ["heyi.lock"])
    }

    @Test func `without its manifest a truncated backup is still refused, a whole one says it was not checksummed`() async throws {
        let store = try scratch.open()
        for number in 1...200 { try await store.put("c\(number)", number) }
        _ = try await store.backup(to: backup)
        await store.close()
        try FileManager.default.removeItem(atPath: backup + ".manifest")
        #expect(try await !Store.verifyBackup(backup).checksummed)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: backup))
        bytes.removeLast(bytes.count / 2)
        try bytes.write(to: URL(fileURLWithPath: backup))
        await #expect(throws: StoreError.self) { try await Store.verifyBackup(backup) }
    }

    @Test func `an existing backup is kept unless it may be replaced`() async throws {
        let store = try scratch.open()
        try await store.put("c", 1)
        let first = try await store.backup(to: backup)
        try await store.put("c", 2)
        await #expect(throws: StoreError.self) { try await store.backup(to: backup) }
        #expect(try await Store.verifyBackup(backup) == first)
        let second = try await store.backup(to: backup, replace: true)
        #expect(second.sequence == 2)
        #expect(try await Store.verifyBackup(backup) == second)
        await store.close()
    }

    @Test func `a directory in use or full is not restored into, a replaced store is kept aside`() async throws {
        let store = try scratch.open()
        try await store.put("c", 1)
        _ = try await store.backup(to: backup)
        try await store.put("c", 2)
        await #expect(throws: StoreError.alreadyRunning(directory: scratch.at("store"), holder: "pid \(getpid())")) {
            try await Store.restore(from: backup, to: scratch.at("store"), replace: true)
        }
        await store.close()
        await #expect(throws: StoreError.self) { try await Store.restore(from: backup, to: scratch.at("store")) }
        _ = try await Store.restore(from: backup, to: scratch.at("store"), replace: true)
        let again = try scratch.open(ids: "second")
        #expect(try await again.position(of: "c") == 1)
        await again.close()
        #expect(FileManager.default.fileExists(atPath: scratch.at("store/replaced-1/heyi.db")))
    }

    @Test func `an interrupted restore is not mistaken for an empty store`() async throws {
        let store = try scratch.open()
        try await store.put("c", 1)
        _ = try await store.backup(to: backup)
        await store.close()
        // As after a crash between moving the old store aside and putting the new one in place.
        try FileManager.default.removeItem(atPath: scratch.at("store/heyi.db"))
        try Data().write(to: URL(fileURLWithPath: scratch.at("store/heyi.restoring")))
        #expect(throws: StoreError.self) { try scratch.open() }
        _ = try await Store.restore(from: backup, to: scratch.at("store"), replace: true)
        let again = try scratch.open(ids: "second")
        #expect(try await again.position(of: "c") == 1)
        await again.close()
    }

    @Test func `a store in memory can be backed up too`() async throws {
        let store = try Store(.memory, surroundings: .still())
        try await store.put("c", 7)
        #expect(try await store.backup(to: backup).sequence == 1)
        await store.close()
    }
}
