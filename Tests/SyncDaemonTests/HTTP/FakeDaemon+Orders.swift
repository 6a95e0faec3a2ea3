import Commerce
import Mall
import Store

@testable import SyncDaemon

extension FakeDaemon: OrderDesk {
    func orders(_ search: OrderSearch, _ page: PageRequest) async throws(DeskError) -> Page<OrderHead> { Page([]) }
    func order(_ ref: String) async throws(DeskError) -> OrderReport { throw .notFound("order \(ref)") }

    func act(_ act: OrderAct, _ word: OrderAct.Word, on ref: String, by principal: Principal) async throws(DeskError) -> OrderReport {
        note("\(word.rawValue) \(ref)", principal)
        throw .notFound("order \(ref)")
    }

    func cancel(_ ref: String, reason: String, by principal: Principal) async throws(DeskError) -> OrderReport { throw .notFound("order \(ref)") }
    func openPayment(_ ref: String, at gateway: String, terms: PaymentTerms, by principal: Principal) async throws(DeskError) -> OpenedPayment {
        throw .notFound("order \(ref)")
    }

    func payTrial(_ ref: String, amount: Int64?, transaction: String?, by principal: Principal) async throws(DeskError) -> OrderReport {
        throw .notFound("order \(ref)")
    }

    func refund(_ id: EntityID, of ref: String, _ act: RefundAct, by principal: Principal) async throws(DeskError) -> OrderReport {
        throw .notFound("order \(ref)")
    }

    func plan(_ ref: String) async throws(DeskError) -> [SplitParcel] { throw .notFound("order \(ref)") }
    func timers(_ page: PageRequest) async throws(DeskError) -> Page<StoredTimer> { Page([]) }
    func policy(of channel: ChannelID) async throws(DeskError) -> OrderPolicy { .standard }
    func setPolicy(_ policy: OrderPolicy, of channel: ChannelID, by principal: Principal) async throws(DeskError) -> OrderPolicy { policy }
    func differences() async throws(DeskError) -> [OrderDifference] { [] }
}
