import Commerce
import Mall
import Store

/// Shows orders and does to them what operators ask; every act is audited in its own transaction.
///
/// An order is named by its number, or by what its channel calls it.
protocol OrderDesk: Sendable {
    func orders(_ search: OrderSearch, _ page: PageRequest) async throws(DeskError) -> Page<OrderHead>
    func order(_ ref: String) async throws(DeskError) -> OrderReport
    func act(_ act: OrderAct, _ word: OrderAct.Word, on ref: String, by principal: Principal) async throws(DeskError) -> OrderReport
    func cancel(_ ref: String, reason: String, by principal: Principal) async throws(DeskError) -> OrderReport
    /// Opens a payment for the buyer, as at a counter or by telephone.
    func openPayment(_ ref: String, at gateway: String, terms: PaymentTerms, by principal: Principal) async throws(DeskError) -> OpenedPayment
    /// A payment of the trial gateway, made by whoever tries the shop.
    func payTrial(_ ref: String, amount: Int64?, transaction: String?, by principal: Principal) async throws(DeskError) -> OrderReport
    func refund(_ id: EntityID, of ref: String, _ act: RefundAct, by principal: Principal) async throws(DeskError) -> OrderReport
    func plan(_ ref: String) async throws(DeskError) -> [SplitParcel]
    func timers(_ page: PageRequest) async throws(DeskError) -> Page<StoredTimer>
    func policy(of channel: ChannelID) async throws(DeskError) -> OrderPolicy
    func setPolicy(_ policy: OrderPolicy, of channel: ChannelID, by principal: Principal) async throws(DeskError) -> OrderPolicy
    func differences() async throws(DeskError) -> [OrderDifference]
}

/// What an operator does about a refund that does not end by itself.
enum RefundAct: String, CaseIterable, Sendable {
    /// Sends it again now, under its number.
    case retry
    /// It was given back by hand, or its gateway's own page shows it through.
    case settled
}

/// All that is to be said of one order.
struct OrderReport: Sendable {
    let order: StoredOrder
    let refunds: [RefundTry]
    let timers: [StoredTimer]
    let holds: [Hold]
    let uses: [EntitlementUse]
    let sights: [ParcelPart: ParcelSight]
}

struct OpenedPayment: Sendable {
    let attempt: PaymentAttempt
    /// What the buyer's client needs.
    let parameters: JSON
}
