import Commerce
import ConflictResolution
import Foundation
import GRDB
import Simulation
import Store
import TestKit
import Testing

/// What a damaged file does: an error that says so, never a crash.
@Suite struct DamageTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func filled() async throws {
        let store = try scratch.open()
        for batch in 0..<10 {
            try await store.write { writing throws(StoreError) in
                for number in 0..<100 {
                    let place = place("c\(batch * 100 + number)")
                    try writing.create(place.entity)
                    _ = try writing.apply(UnitWrite(place, standing(number), author: "test", origin: .api))
                }
            }
        }
        await store.close()
        // All of it must be in the file that is about to be damaged, whatever else was still reading it.
        let plain = try DatabaseQueue(path: scratch.at("store/heyi.db"))
        try await plain.writeWithoutTransaction { db in _ = try db.checkpoint(.truncate) }
        try plain.close()
    }

    private func change(_ edit: (inout Data) -> Void) throws {
        let url = URL(fileURLWithPath: scratch.at("store/heyi.db"))
        var bytes = try Data(contentsOf: url)
        edit(&bytes)
        let file = try FileHandle(forWritingTo: url)
        try file.truncate(atOffset: 0)
        try file.write(contentsOf: bytes)
        try file.close()
    }

    /// Opens, reads all and writes; gives the first error.
    private func use(_ name: String = "store") async -> StoreError? {
        do throws(StoreError) {
            let store = try Store(.directory(scratch.at(name)), surroundings: .still(seed: 9))
            var failure: StoreError?
            do throws(StoreError) {
                try await store.read { reading throws(StoreError) in
                    for change in try reading.feed(after: 0, limit: 5_000).changes { _ = try change.liveJSON() }
                    _ = try reading.channels()
                }
                for number in stride(from: 0, to: 1_000, by: 37) { try await store.put("c\(number)", 5_000 + number) }
            } catch { failure = error }
            await store.close()
            return failure
        } catch { return error }
    }

    @Test func `a file that is no database is refused as damaged`() async throws {
        try await filled()
        try change { $0 = Data(String(repeating: "not a database ", count: 2_000).utf8) }
        let found = await use()
        guard case .corrupt = found else { Issue.record("not refused: \(String(describing: found))"); return }
    }

    @Test func `a damaged first page is refused as damaged`() async throws {
        try await filled()
        try change { bytes in for index in 100..<2_000 { bytes[index] ^= 0xFF } }
        let found = await use()
        guard case .corrupt = found else { Issue.record("not refused: \(String(describing: found))"); return }
    }

    @Test func `a database cut short is refused as damaged`() async throws {
        try await filled()
        try change { $0.removeLast($0.count / 2) }
        let found = await use()
        guard case .corrupt = found else { Issue.record("not refused: \(String(describing: found))"); return }
    }

    @Test func `bits flipped anywhere give an error or go unseen, but never a crash`() async throws {
        try await filled()
        let whole = try Data(contentsOf: URL(fileURLWithPath: scratch.at("store/heyi.db")))
        var corrupt = 0
        for seed in UInt64(1)...40 {
            let random = SeededRandom(seed: seed)
            try change { bytes in
                bytes = whole
                for _ in 0..<64 { bytes[Int(random.next() % UInt64(bytes.count))] ^= UInt8(1 << (random.next() % 8)) }
            }
            for suffix in ["-wal", "-shm"] where FileManager.default.fileExists(atPath: scratch.at("store/heyi.db" + suffix)) {
                try FileManager.default.removeItem(atPath: scratch.at("store/heyi.db" + suffix))
            }
            if case .corrupt = await use() { corrupt += 1 }
        }
        #expect(corrupt > 10)
    }
}
