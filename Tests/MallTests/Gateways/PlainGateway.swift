import ChannelAdapters
import Commerce
import Mall
import Simulation
import Store
import TestKit

/// A platform whose callbacks are plain JSON: what the clerk does with news is tested with it, not how news are read.
struct PlainReceiver: CallbackReceiver {
    func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent { .keep("unused") }
    func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer { CallbackAnswer(204) }

    func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews] {
        let json: JSON
        do throws(JSONError) { json = try JSON.parse(body) } catch { throw ValidationFailure(field: "", reason: "\(error)") }
        func text(_ name: String) -> String { json[name]?.string ?? "" }
        let money = Money(amount: json["amount"]?.integer ?? 0, currency: TradeWorld.yuan)
        switch text("kind") {
        case "paid":
            let number = GatewayNumber(text("number"))
            let payment = Payment(
                ref: PaymentRef(gateway: TradeWorld.gateway, transaction: text("transaction")), attempt: number?.part, amount: money)
            return [.attempt(number: text("number"), .paid(payment, at: Timestamp(milliseconds: json["at"]?.integer ?? 0)))]
        case "closed": return [.attempt(number: text("number"), .closed)]
        case "refund": return [.refund(number: text("number"), .settled)]
        case "refused": return [.refund(number: text("number"), .refused("no balance"))]
        case "elsewhere": return [.refundByOthers(transaction: text("transaction"), reference: text("reference"), amount: money)]
        case "dispute":
            return [
                .dispute(
                    PaymentDispute(
                        id: text("reference"), transaction: text("transaction"), amount: money,
                        stage: OrderDispute.Stage(rawValue: text("stage")) ?? .opened, reason: "not received"))
            ]
        default: throw ValidationFailure(field: "kind", reason: "is none")
        }
    }
}

/// A house whose till also calls back.
struct CallbackHouse: Sendable {
    let house: TradeHouse
    let clerk: GatewayClerk
    static let gateway = ChannelID(TradeWorld.gateway)!

    init(_ units: [Int64] = [10, 10, 10]) async throws {
        let house = try await TradeHouse(units)
        self.house = house
        var parts = Gateway(account: CallbackHouse.gateway, kind: .stripe)
        parts.callbacks = PlainReceiver()
        parts.payments = house.till
        let connected = parts
        clerk = GatewayClerk(store: house.world.store, gateways: { [CallbackHouse.gateway: connected] })
        try await house.world.store.write { writing throws(StoreError) in
            try writing.putGateway(CallbackHouse.gateway, kind: "stripe")
        }
    }

    /// Keeps a callback, as the door does.
    @discardableResult
    func receive(_ event: String, _ body: JSON) async throws -> InboxReceipt {
        try await house.world.store.write { writing throws(StoreError) in
            try writing.receive(try writing.reading.requireChannel(CallbackHouse.gateway), event: event, body: body.bytes)
        }
    }

    func hear(_ event: String, _ body: JSON) async throws {
        try await receive(event, body)
        try await clerk.work()
    }

    func paid(_ number: String, _ amount: Int64, _ transaction: String = "t1") -> JSON {
        ["kind": "paid", "number": .string(number), "amount": .integer(amount), "transaction": .string(transaction), "at": .integer(house.world.time.now().milliseconds)]
    }

    func items(_ state: InboxItem.State) async throws -> [InboxItem] {
        try await house.world.store.read { reading throws(StoreError) in try reading.inbox(state: state, limit: 1_000) }
    }
}
