import Commerce
import Store

/// Shows stock and does to it what operators ask; every change is audited in its own transaction.
///
/// A SKU is named by its id, its code or an alias. What has been done already is answered, not done again.
protocol StockDesk: Sendable {
    func levels(low: Bool, _ page: PageRequest) async throws(DeskError) -> Page<StockLevel>
    func stock(_ ref: String) async throws(DeskError) -> StockReport
    func entries(_ ref: String, _ page: PageRequest) async throws(DeskError) -> Page<StockEntry>
    func move(_ order: StockMoveOrder, by principal: Principal) async throws(DeskError) -> StockOutcome
    func setRule(_ order: StockRuleOrder, by principal: Principal) async throws(DeskError) -> StockReport

    func holds(_ ref: String?, _ state: HoldState?, _ page: PageRequest) async throws(DeskError) -> Page<Hold>
    func hold(_ order: HoldOrder, by principal: Principal) async throws(DeskError) -> HoldOutcome
    func release(owner: String, attempt: Int64?, by principal: Principal) async throws(DeskError) -> HoldAnswer

    /// Lets the rights to a SKU follow demand; nil units leave them where they are.
    func balance(_ ref: String, units: Int64?, by principal: Principal) async throws(DeskError)
    func rights(_ channel: ChannelID?, _ ref: String?) async throws(DeskError) -> [RightStanding]
    func right(_ order: RightOrder, by principal: Principal) async throws(DeskError) -> StockOutcome
    func publish(_ policy: PublishingPolicy, of channel: ChannelID, _ ref: String?, by principal: Principal) async throws(DeskError)

    func differences(_ ref: String?) async throws(DeskError) -> [StockDifference]
    /// - Returns: what was put right.
    func repair(_ ref: String?, believing truth: StockTruth, by principal: Principal) async throws(DeskError) -> [StockDifference]
    func notices(open: Bool, _ page: PageRequest) async throws(DeskError) -> Page<StockNotice>
    func settle(_ notice: Int64, by principal: Principal) async throws(DeskError) -> CommandOutcome

    func warehouses() async throws(DeskError) -> [Warehouse]
    func putWarehouse(_ order: WarehouseOrder, by principal: Principal) async throws(DeskError)
}

/// Goods that were moved, counted or written off.
struct StockMoveOrder: Hashable, Sendable {
    enum Act: String, CaseIterable, Sendable {
        case receive, count, adjust, damage, mend, scrap, protect, dispatch, arrive, lose
    }

    var act: Act
    var sku: String
    var quantity: Int64
    var warehouse: WarehouseID
    /// Where goods that leave go to.
    var target: WarehouseID?
    var cause: String
    var reason: String?
}

struct StockRuleOrder: Hashable, Sendable {
    var sku: String
    var warehouse: WarehouseID
    var backorderLimit: Int64
    var alertBelow: Int64?
}

/// Goods to be held for somebody by hand.
struct HoldOrder: Hashable, Sendable {
    struct Line: Hashable, Sendable {
        var line: String
        var sku: String
        var quantity: Int64
    }

    var owner: String
    var attempt: Int64
    var lines: [Line]
    var minutes: Int64
    var channel: ChannelID?
}

struct RightOrder: Hashable, Sendable {
    enum Act: String, CaseIterable, Sendable { case grant, withdraw, confirm, end }

    var act: Act
    var channel: ChannelID
    var sku: String
    var warehouse: WarehouseID
    /// nil where it is about a withdrawal that is known.
    var quantity: Int64?
    var cause: String
}

struct WarehouseOrder: Hashable, Sendable {
    var id: WarehouseID
    var name: String
    var place: Int64
    var isClosed: Bool
}

/// All that is to be said of one SKU's stock.
struct StockReport: Hashable, Sendable {
    var sku: EntityRef
    /// Where it stands in the feed: the version of every number here.
    var version: Int64
    var available: Int64
    var levels: [StockLevel]
    var rights: [RightStanding]
    /// What each channel is shown.
    var shown: [(channel: ChannelID, quantity: Int64)]
    var holds: [Hold]
    var entries: [StockEntry]

    static func == (left: StockReport, right: StockReport) -> Bool { left.json == right.json }
    func hash(into hasher: inout Hasher) { hasher.combine(json) }
}

/// A right, what the channel was told of it, and what is promised about it.
struct RightStanding: Sendable {
    let right: StockRight
    /// What the channel should hold; nil where it was told nothing yet.
    let told: Int64?
    /// What it said itself, for a person to compare.
    let says: Int64?
    /// Whether a number is on its way.
    let isUnderWay: Bool
    let error: String?
    /// What nobody can promise of a channel that is told no numbers.
    let guarantee: QuantityGuarantee?
}
