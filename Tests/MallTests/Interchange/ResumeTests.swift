import Commerce
import Mall
import TestKit
import Testing

@Suite struct ResumeTests {
    private static func file(_ products: Int) -> String {
        ShopifyImportTests.header
            + (0..<products).map { ShopifyImportTests.pot.replacing("pot,", with: "pot\($0),").replacing("P-", with: "P\($0)-") }
            .joined()
    }

    @Test(arguments: [100, 4_096, 65_536])
    func `an import that was stopped goes on where it was, and ends as one that was not`(piece: Int) async throws {
        let whole = Interchange()
        let uninterrupted = await whole.bring(Self.file(300), as: .shopify, piece: 1_000)
        let shop = Interchange()
        await shop.catalog.failAfter(batches: 20)
        let stopped = await shop.bring(Self.file(300), as: .shopify, piece: 1_000)
        #expect(stopped.error == .store("the disk is full"))
        let checkpoint = try #require(stopped.checkpoints.last)
        let written = await shop.catalog.unitsWritten
        await shop.catalog.failAfter(batches: .max)
        let resumed = await shop.bring(
            Self.file(300), as: .shopify, resume: ImportCheckpoint(checkpoint.json), piece: piece)
        #expect(resumed.error == nil)
        #expect(resumed.faults.isEmpty)
        #expect(resumed.report.records == 300)
        #expect(resumed.report.created == uninterrupted.report.created)
        #expect(await shop.catalog.unitsWritten == whole.catalog.unitsWritten)
        #expect(written > 0)
    }

    @Test func `another file is not taken for the one that was stopped`() async throws {
        let shop = Interchange()
        let first = await shop.bring(Self.file(20), as: .shopify, piece: 1_000)
        let checkpoint = try #require(first.checkpoints.first)
        let other = Self.file(20).replacing("Clay Pot", with: "Clay Cup")
        let result = await shop.bring(other, as: .shopify, resume: checkpoint)
        guard case .otherFile = result.error else { Issue.record("taken: \(result)"); return }
    }

    @Test func `a duplicate of something before the stop is still found`() async throws {
        let shop = Interchange()
        let file = Self.file(20) + ShopifyImportTests.pot.replacing("pot,", with: "late,").replacing("P-R", with: "P0-R")
        let first = await shop.bring(file, as: .shopify, piece: 1_000)
        let resumed = await shop.bring(file, as: .shopify, resume: first.checkpoints.first, piece: 1_000)
        #expect(resumed.faults.count == 1)
        #expect(resumed.faults.first?.reason.contains("stands already on line 2") == true)
    }

    @Test func `progress counts bytes and records to the end`() async throws {
        let result = await Interchange().bring(Self.file(50), as: .shopify, piece: 1_000)
        #expect(result.progress.last?.report.bytes == Int64(Self.file(50).utf8.count))
        #expect(result.progress.allSatisfy { $0.bytesTotal == Int64(Self.file(50).utf8.count) })
        #expect(result.report.records == 50)
    }

    @Test func `a cancelled import stops and says how to go on`() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await Interchange().bring(Self.file(50), as: .shopify)
        }
        let result = await task.value
        #expect(result.error == .cancelled)
        #expect(result.report.records == 0)
    }
}
