import Commerce
import Foundation
import Testing

/// What `docs/stock.md` says of movements and holds, held against the code.
@Suite struct StockDocumentTests {
    private static func text() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("docs/stock.md"), encoding: .utf8)
    }

    @Test func `the document lists every way units can take, and no other`() throws {
        let rows = try Self.text().split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        for kind in StockEntryKind.allCases where kind != .repair {
            let row = try #require(rows.first { $0.hasPrefix("| `\(kind.rawValue)` |") }, "no row for \(kind.rawValue)")
            let written = Set(row.matches(of: /(\w+) → (\w+)/).map { "\($0.output.1) → \($0.output.2)" })
            #expect(written == Set(kind.ways.map(\.description)), "\(kind.rawValue)")
        }
    }

    @Test func `the chart of a hold shows every step it can take, and no other`() throws {
        let chart = try #require(try Self.text().split(separator: "```mermaid").dropFirst().first?.split(separator: "```").first)
        let drawn = Set(chart.matches(of: /(\w+) --> (\w+): (\w+)/).map { "\($0.output.1) --> \($0.output.2): \($0.output.3)" })
        var known: Set<String> = []
        for state in HoldState.allCases {
            for event in HoldLifecycle.Event.allCases {
                for (inDoubt, isDue) in [(false, false), (true, false), (false, true)] {
                    guard case .becomes(let next) = HoldLifecycle.answer(event, in: state, inDoubt: inDoubt, isDue: isDue),
                        next != state
                    else { continue }
                    known.insert("\(state.rawValue) --> \(next.rawValue): \(event.rawValue)")
                }
            }
        }
        #expect(drawn.filter { !$0.hasPrefix("open --> open") } == known)
    }
}
