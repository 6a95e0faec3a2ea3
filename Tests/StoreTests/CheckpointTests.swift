import Commerce
import ConflictResolution
import Foundation
import Testing

@testable import Store

@Suite struct CheckpointTests {
    private let scratch: Scratch
    private static let bulk = String(repeating: "long reason ", count: 4_000)

    init() throws { scratch = try Scratch() }

    /// Some 40 MB in the log.
    private func fill(_ store: Store) async {
        let results = await store.writeEach(Array(0..<900)) { writing, number throws(StoreError) in
            try writing.create(place("c\(number)").entity)
            _ = try writing.apply(
                UnitWrite(place("c\(number)"), standing(number), author: "t", origin: .api, reason: CheckpointTests.bulk))
        }
        #expect(results.allSatisfy { if case .success = $0 { true } else { false } })
    }

    @Test func `a long log is moved into the database beside the writer, and nothing is missing after`() async throws {
        let store = try scratch.open()
        await fill(store)
        // It runs on a thread of its own; the writer notices with its next commit that it has ended.
        var writes = 0
        while store.writerFigures.checkpoints == 0, writes < 100_000 {
            try await store.put("last", writes)
            writes += 1
        }
        #expect(store.writerFigures.checkpoints > 0)
        #expect(store.writerFigures.failures == 0)
        await store.close()
        let again = try scratch.open(ids: "again")
        #expect(try await again.newest() == Int64(900 + writes))
        #expect(try await again.position(of: "c899") == 899)
        await again.close()
    }

    @Test func `a store that is closed while its log is being moved is whole`() async throws {
        let store = try scratch.open()
        await fill(store)
        await store.close()
        #expect(!FileManager.default.fileExists(atPath: scratch.at("store/heyi.db-wal")))
        let again = try scratch.open(ids: "again")
        #expect(try await again.newest() == 900)
        await again.close()
    }
}
