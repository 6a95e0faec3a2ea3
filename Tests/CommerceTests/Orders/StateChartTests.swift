import Commerce
import Foundation
import Testing

@Suite struct StateChartTests {
    private struct Step: Hashable { let from: String?; let by: String; let to: String }

    private func steps<State>(of chart: StateChart<State>) -> Set<Step> {
        Set(chart.edges.flatMap { edge in edge.by.map { Step(from: edge.from?.rawValue, by: $0, to: edge.to.rawValue) } })
    }

    private static func document() throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appending(path: "docs/state-machines.md"), encoding: .utf8)
    }

    private func compare(_ walked: Set<Step>, _ drawn: Set<Step>) {
        func text(_ steps: Set<Step>) -> String { steps.map { "\($0.from ?? "*") --\($0.by)--> \($0.to)" }.sorted().joined(separator: "\n") }
        let (missing, dead) = (walked.subtracting(drawn), drawn.subtracting(walked))
        #expect(missing.isEmpty, "walked, but not in the chart:\n\(text(missing))")
        #expect(dead.isEmpty, "in the chart, but nobody walks there:\n\(text(dead))")
    }

    @Test func `orders and cases that keep to the rules walk every edge of their charts and no other`() {
        var (orders, cases): (Set<Step>, Set<Step>) = ([], [])
        for seed in 1...3_000 as ClosedRange<UInt64> {
            var order = RandomOrder(seed: seed)
            order.live(60) { before, fact, after in
                let from = before.timeline.isEmpty ? nil : before.phase.rawValue
                if from != after.phase.rawValue { orders.insert(Step(from: from, by: fact.kind.rawValue, to: after.phase.rawValue)) }
                for now in after.afterSales {
                    let from = before.afterSale(now.id)?.phase
                    guard from != now.phase else { continue }
                    let by = if case .afterSale(_, let step) = fact { step.kind.rawValue } else { fact.kind.rawValue }
                    cases.insert(Step(from: from?.rawValue, by: by, to: now.phase.rawValue))
                }
            }
        }
        compare(orders, steps(of: .order))
        compare(cases, steps(of: .afterSale))
    }

    @Test(arguments: [StateChart<OrderPhase>.order.mermaid, StateChart<AfterSalePhase>.afterSale.mermaid])
    func `the chart in the documents is the chart in the code`(mermaid: String) throws {
        #expect(try StateChartTests.document().contains("```mermaid\n\(mermaid)\n```"))
    }
}
