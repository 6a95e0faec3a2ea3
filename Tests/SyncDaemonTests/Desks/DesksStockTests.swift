import Commerce
import Logging
import Store
import TestKit
import Testing

@testable import SyncDaemon

struct DesksStockTests {
    private static let boss = DeskWorld.boss

    private func desk(time: ManualTime = ManualTime()) async throws -> StoreStockDesk {
        let store = try Store(.memory, surroundings: .still(time: time))
        try await store.write { writing throws(StoreError) in
            for (id, code) in [("s1", "TEA-250G"), ("s2", "CUP-1")] {
                let sku = EntityRef(.sku, EntityID(id)!)
                try writing.create(sku)
                try writing.alias(sku, namespace: "sku", key: code)
            }
            try writing.putChannel(Samples.id("web"), settings: [:])
        }
        return StoreStockDesk(store: store)
    }

    private func move(
        _ desk: StoreStockDesk, _ act: StockMoveOrder.Act, _ quantity: Int64, _ sku: String = "TEA-250G", cause: String,
        reason: String? = nil, to target: WarehouseID? = nil
    ) async throws -> StockOutcome {
        try await desk.move(
            StockMoveOrder(act: act, sku: sku, quantity: quantity, warehouse: .main, target: target, cause: cause, reason: reason),
            by: Self.boss)
    }

    @Test func `an operator names a SKU by its code, and what was done is in the audit under their name`() async throws {
        let desk = try await desk()
        for _ in 1...2 { _ = try await move(desk, .receive, 40, cause: "po-1") }
        let report = try await desk.stock("TEA-250G")
        #expect(report.available == 40)
        #expect(report.shown.map { "\($0.channel) \($0.quantity)" } == ["web 40"])
        let acts = try await desk.store.read { reading throws(StoreError) in try reading.auditEntries(limit: 10) }
        #expect(acts.map { "\($0.principal) \($0.action) \($0.subject)" } == ["uid:1000 stock.receive sku/s1"])
    }

    private static let wrong: [(StockMoveOrder.Act, Int64, String?)] = [
        (.adjust, -1, nil), (.receive, 0, nil), (.receive, -3, nil), (.dispatch, 1, nil), (.count, -1, nil), (.scrap, 1, ""),
        (.receive, .max, nil),
    ]

    @Test(arguments: wrong)
    func `a movement that cannot be is refused by its member`(act: StockMoveOrder.Act, quantity: Int64, reason: String?) async throws {
        let desk = try await desk()
        do throws(DeskError) {
            _ = try await desk.move(
                StockMoveOrder(act: act, sku: "s1", quantity: quantity, warehouse: .main, cause: "x-1", reason: reason), by: Self.boss)
            Issue.record("taken")
        } catch {
            guard case .invalid = error else { Issue.record("\(error)"); return }
        }
    }

    @Test func `goods are held by hand, all or none, and given back`() async throws {
        let desk = try await desk()
        _ = try await move(desk, .receive, 3, cause: "po-1")
        func order(_ quantity: Int64) -> HoldOrder {
            HoldOrder(
                owner: "fair/spring", attempt: 0, lines: [.init(line: "1", sku: "TEA-250G", quantity: quantity)], minutes: 60)
        }
        #expect(try await desk.hold(order(4), by: Self.boss).shortages.map(\.description) == ["sku/s1: 4 wanted, 3 available"])
        guard case .held = try await desk.hold(order(2), by: Self.boss) else { Issue.record("not held"); return }
        #expect(try await desk.stock("s1").available == 1)
        guard case .done = try await desk.release(owner: "fair/spring", attempt: nil, by: Self.boss) else {
            Issue.record("not given back")
            return
        }
        #expect(try await desk.stock("s1").available == 3)
    }

    @Test func `what is listed page by page is all there is, once`() async throws {
        let desk = try await desk()
        for number in 1...7 { _ = try await move(desk, .receive, 1, cause: "po-\(number)") }
        var (seen, after): ([String], String?) = ([], nil)
        repeat {
            let page = try await desk.entries("TEA-250G", PageRequest(limit: 3, after: after))
            seen += page.rows.map(\.cause)
            after = page.next
        } while after != nil
        #expect(seen == (1...7).reversed().map { "po-\($0)" })
    }

    @Test func `reports of stock have exactly the members their schemas list`() async throws {
        let desk = try await desk()
        _ = try await move(desk, .receive, 5, cause: "po-1")
        let right = RightOrder(act: .grant, channel: Samples.id("web"), sku: "s1", warehouse: .main, quantity: 2, cause: "grant-1")
        _ = try await desk.right(right, by: Self.boss)
        _ = try await desk.hold(
            HoldOrder(owner: "order/1", attempt: 0, lines: [.init(line: "1", sku: "s1", quantity: 1)], minutes: 5), by: Self.boss)
        let report = try await desk.stock("s1")
        let warehouse = try await desk.warehouses()[0]
        let schemas = Dictionary(uniqueKeysWithValues: Schemas.all.map { ($0.name, $0.schema) })
        let samples: [(String, JSON)] = [
            ("StockReport", report.json), ("StockLevel", report.levels[0].json), ("StockEntry", report.entries[0].json),
            ("Hold", report.holds[0].json), ("Right", report.rights[0].json), ("Warehouse", warehouse.json),
        ]
        for (name, sample) in samples {
            #expect(sample.object?.names == schemas[name]?["properties"]?.object?.names, "\(name)")
        }
    }

    @Test func `goods that came free are swept so that channels hear of them`() async throws {
        let time = ManualTime()
        let desk = try await desk(time: time)
        _ = try await move(desk, .receive, 5, cause: "po-1")
        _ = try await desk.hold(
            HoldOrder(owner: "order/1", attempt: 0, lines: [.init(line: "1", sku: "s1", quantity: 1)], minutes: 5), by: Self.boss)
        let before = try await desk.store.read { reading throws(StoreError) in try reading.newestSequence() }
        time.advance(by: .seconds(300))
        let sweeper = HoldSweeper(store: desk.store, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        for expected in [1, 0] { #expect(try await sweeper.sweep() == expected) }
        #expect(try await desk.store.read { reading throws(StoreError) in try reading.newestSequence() } == before + 1)
    }
}

extension HoldOutcome {
    fileprivate var shortages: [Shortage] { if case .short(let found) = self { found } else { [] } }
}
