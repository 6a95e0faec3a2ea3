import Commerce
import Foundation
import Mall
import TestKit
import Testing

/// Files that are too long, too wide, in another encoding, or wrong at the very end.
@Suite struct HostileFileTests {
    static let isFull = ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full"

    /// A product a row, made as it is read; the last row has a price that is none.
    struct Rows: ByteSource {
        let count: Int
        let lastPrice: String
        private var made = 0
        var size: Int64? { nil }

        init(count: Int, lastPrice: String) {
            self.count = count
            self.lastPrice = lastPrice
        }

        mutating func next() async throws(InterchangeError) -> [UInt8]? {
            guard made < count else { return nil }
            var text = made == 0 ? "Handle,Title,Variant SKU,Variant Price\n" : ""
            for _ in 0..<min(500, count - made) {
                made += 1
                text += "p\(made),Pot \(made),S-\(made),\(made == count ? lastPrice : "1.50")\n"
            }
            return Array(text.utf8)
        }
    }

    private func bring(_ rows: Rows, _ shop: Interchange, resume: ImportCheckpoint? = nil) async -> Interchange.Result {
        var result = Interchange.Result()
        var rows = rows
        do throws(InterchangeError) {
            var reader = try CatalogFormat.shopify.reader(shop.options)
            var importer = Importer(into: shop.catalog, options: shop.options, surroundings: shop.surroundings, resume: resume)
            result.report = try await importer.run(&rows, &reader) { event in
                if case .fault(let fault) = event { result.faults.append(fault) }
            }
        } catch {
            result.error = error
        }
        return result
    }

    @Test func `an error in the last of very many rows costs that row and names it; corrected, the file goes in whole`() async {
        let count = Self.isFull ? 1_000_000 : 2_000
        let shop = Interchange()
        let first = await bring(Rows(count: count, lastPrice: "1.5O"), shop)
        #expect(first.error == nil)
        #expect(first.faults.count == 1)
        #expect(first.faults.first?.line == count + 1)
        #expect(first.faults.first?.column == "Variant Price")
        #expect(first.faults.first?.excerpt == "1.5O")
        #expect(await shop.catalog.count(.product) == count - 1)
        let written = await shop.catalog.unitsWritten
        let second = await bring(Rows(count: count, lastPrice: "1.50"), shop)
        #expect(second.faults.isEmpty)
        #expect(await shop.catalog.count(.product) == count)
        // What was there already was left alone.
        #expect(await shop.catalog.unitsWritten - written == written / (count - 1))
    }

    /// One line of any length and nothing else.
    struct EndlessLine: ByteSource {
        var left: Int
        let piece: [UInt8]
        var size: Int64? { nil }

        mutating func next() async throws(InterchangeError) -> [UInt8]? {
            guard left > 0 else { return nil }
            left -= piece.count
            return piece
        }
    }

    @Test(arguments: [CatalogFormat.shopify, .jsonl], ["x", ",", "\"", "{"])
    func `a file of one endless line is refused without being held`(format: CatalogFormat, letter: String) async throws {
        let bytes = Self.isFull ? 2 << 30 : 6 << 20
        var source = EndlessLine(left: bytes, piece: Array(String(repeating: letter, count: 1 << 18).utf8))
        let shop = Interchange()
        var faults: [RowFault] = []
        var refused: InterchangeError?
        let before = Self.residentBytes()
        do throws(InterchangeError) {
            var reader = try format.reader(shop.options)
            var importer = Importer(into: shop.catalog, options: shop.options, surroundings: shop.surroundings)
            _ = try await importer.run(&source, &reader) { event in
                if case .fault(let fault) = event { faults.append(fault) }
            }
        } catch {
            refused = error
        }
        #expect(refused != nil || faults.contains { $0.line == 1 })
        // What the tests beside this one hold is in the figure too, so only an amount far above theirs tells anything.
        #expect(!Self.isFull || Self.residentBytes() - before < 512 << 20)
    }

    @Test(arguments: [CatalogFormat.shopify, .jsonl], [(true, true), (true, false), (false, true), (false, false)])
    func `a file in UTF-16 is named as such, with what to do`(format: CatalogFormat, form: (mark: Bool, little: Bool)) async {
        let text = format == .shopify ? "Handle,Title\ncup,Cup\n" : "{\"kind\":\"brand\",\"key\":\"k\",\"units\":{}}\n"
        let units = (form.mark ? [0xFEFF] : []) + Array(text.utf16)
        let bytes = units.flatMap { form.little ? [UInt8($0 & 255), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 255)] }
        let result = await Interchange().bring(bytes, as: format)
        let said = (result.error?.description ?? "") + result.faults.map(\.reason).joined()
        #expect(said.contains("UTF-16") && said.contains("iconv"), "\(said)")
    }

    private static func residentBytes() -> Int {
        let pages = FileManager.default.contents(atPath: "/proc/self/statm").map { String(decoding: $0, as: UTF8.self) } ?? ""
        return pages.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 4_096 } ?? 0
    }
}
