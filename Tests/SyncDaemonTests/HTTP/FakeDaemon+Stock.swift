import Commerce
import Store

@testable import SyncDaemon

extension FakeDaemon: StockDesk {
    func levels(low: Bool, _ page: PageRequest) async throws(DeskError) -> Page<StockLevel> { Page([]) }
    func stock(_ ref: String) async throws(DeskError) -> StockReport { throw .notFound("SKU \(ref)") }
    func entries(_ ref: String, _ page: PageRequest) async throws(DeskError) -> Page<StockEntry> { throw .notFound("SKU \(ref)") }

    func move(_ order: StockMoveOrder, by principal: Principal) async throws(DeskError) -> StockOutcome {
        note("\(order.act.rawValue) \(order.quantity) of \(order.sku)", principal)
        return .known
    }

    func setRule(_ order: StockRuleOrder, by principal: Principal) async throws(DeskError) -> StockReport {
        throw .notFound("SKU \(order.sku)")
    }

    func holds(_ ref: String?, _ state: HoldState?, _ page: PageRequest) async throws(DeskError) -> Page<Hold> { Page([]) }

    func hold(_ order: HoldOrder, by principal: Principal) async throws(DeskError) -> HoldOutcome {
        note("hold \(order.lines.count) lines for \(order.owner)", principal)
        return .short([])
    }

    func release(owner: String, attempt: Int64?, by principal: Principal) async throws(DeskError) -> HoldAnswer { .nothing }

    func balance(_ ref: String, units: Int64?, by principal: Principal) async throws(DeskError) {}
    func rights(_ channel: ChannelID?, _ ref: String?) async throws(DeskError) -> [RightStanding] { [] }
    func right(_ order: RightOrder, by principal: Principal) async throws(DeskError) -> StockOutcome { .known }
    func publish(_ policy: PublishingPolicy, of channel: ChannelID, _ ref: String?, by principal: Principal) async throws(DeskError) {}

    func differences(_ ref: String?) async throws(DeskError) -> [StockDifference] { [] }
    func repair(_ ref: String?, believing truth: StockTruth, by principal: Principal) async throws(DeskError) -> [StockDifference] { [] }
    func notices(open: Bool, _ page: PageRequest) async throws(DeskError) -> Page<StockNotice> { Page([]) }
    func settle(_ notice: Int64, by principal: Principal) async throws(DeskError) -> CommandOutcome { .already }

    func warehouses() async throws(DeskError) -> [Warehouse] { [] }
    func putWarehouse(_ order: WarehouseOrder, by principal: Principal) async throws(DeskError) {}
}
