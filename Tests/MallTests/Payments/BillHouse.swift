import ChannelAdapters
import Commerce
import Foundation
import Mall
import Simulation
import Store
import TestKit

/// A gateway's end of the story: what its bills say and what it answers when it is asked.
final class Counter: BillSource, PaymentGateway, @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    private let lock = NSLock()
    private var answers: [CalendarDay: BillAnswer] = [:]
    private var ends: [String: AttemptNews] = [:]
    private var refunds: [String: RefundNews] = [:]
    private var asked = 0
    let id = TradeWorld.gateway

    func set(_ day: CalendarDay, _ answer: BillAnswer) { lock.withLock { answers[day] = answer } }
    func set(_ attempt: GatewayNumber, _ news: AttemptNews) { lock.withLock { ends[attempt.description] = news } }
    func set(refund: GatewayNumber, _ news: RefundNews) { lock.withLock { refunds[refund.description] = news } }
    var timesAsked: Int { lock.withLock { asked } }

    func bill(of day: CalendarDay) async -> BillAnswer { lock.withLock { answers[day] ?? .empty } }
    func open(_ attempt: PaymentAttempt, of order: String) async -> GatewayOpening { .ready([:]) }
    func close(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews { .closed }

    func ask(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        lock.withLock {
            asked += 1
            return ends[attempt.numberAtGateway(ofOrder: order).description] ?? .open
        }
    }

    func refund(_ refund: Refund, of order: String) async -> RefundNews {
        lock.withLock { refunds[refund.numberAtGateway(ofOrder: order)] ?? .settled }
    }
}

/// A shop whose gateway's bills are compared; its clock stands at noon of a day in the gateway's calendar.
struct BillHouse: Sendable {
    let world: TradeWorld
    let counter = Counter()
    let terms: BillTerms
    let reconciler: Reconciler
    let clerk: BillClerk
    static let start = CalendarDay("2026-11-02")!

    init(fee: FeeRate? = nil, lookBackDays: Int = 7) async throws {
        terms = BillTerms(fee: fee, lookBackDays: lookBackDays)
        let time = ManualTime(BillHouse.start.start(offset: terms.offset) + .seconds(43_200))
        let store = try Store(.memory, surroundings: .still(time: time))
        world = try await TradeWorld(store, time: time, units: [100_000])
        reconciler = Reconciler(
            store: store, accounts: [BillAccount(gateway: TradeWorld.gateway, source: counter, terms: terms)], gateways: [counter])
        clerk = BillClerk(reconciler)
        // The account is there before anybody pays.
        try await clerk.work()
    }

    var store: Store { world.store }
    var day: CalendarDay { terms.day(world.time.now()) }
    /// The next morning, when bills are there.
    func sleep() { world.time.advance(by: terms.firstLook(at: day) - world.time.now()) }
    func wait(_ duration: Duration) { world.time.advance(by: duration) }

    /// An order whose buyer was sent to pay.
    func opened(_ number: String, _ amount: Int64 = 100) async throws {
        try await world.place(world.order(number, [(1, 1, amount)], minutes: 1_000_000))
        _ = try await world.open("a1", number, amount)
    }

    /// An order that is paid, as its gateway lists it.
    @discardableResult
    func paid(_ number: String, _ amount: Int64 = 100, fee: Int64 = 0, heard: Bool = true) async throws -> BillLine {
        try await opened(number, amount)
        let line = BillLine(
            kind: .payment, transaction: "t-\(number)", number: "\(number)-a1", amount: TradeWorld.money(amount), fee: fee, at: world.time.now())
        counter.set(BillHouse.number("\(number)-a1"), .paid(payment(line), at: line.at))
        if heard { try await world.pay(number, amount, attempt: "a1") }
        return line
    }

    func payment(_ line: BillLine) -> Payment {
        Payment(
            ref: PaymentRef(gateway: TradeWorld.gateway, transaction: line.transaction), attempt: line.number.flatMap { GatewayNumber($0) }?.part,
            amount: line.amount)
    }

    static func number(_ text: String) -> GatewayNumber { GatewayNumber(text)! }

    /// Money that is promised back, as its gateway lists it.
    @discardableResult
    func refunded(_ number: String, _ id: String, _ amount: Int64, settled: Bool = true) async throws -> BillLine {
        try await world.tell(
            .refundOpened(
                Refund(
                    number: EntityID(id)!, payment: PaymentRef(gateway: TradeWorld.gateway, transaction: "t-\(number)"),
                    amount: TradeWorld.money(amount), lines: [LineShare(line: 1, pieces: 0, amount: amount)], reason: .goodwill)), of: number)
        if settled { try await world.tell(.refundSettled(EntityID(id)!), of: number, judged: false) }
        return BillLine(
            kind: .refund, transaction: "t-\(number)", number: "\(number)-\(id)", reference: "re-\(number)-\(id)",
            amount: TradeWorld.money(amount), fee: 0, at: world.time.now())
    }

    func report(_ day: CalendarDay) async throws -> BillReport { try await reconciler.report(TradeWorld.gateway, day) }
    func repair(_ day: CalendarDay) async throws -> BillReport { try await reconciler.repair(TradeWorld.gateway, day, by: "uid=0") }
    func preview(_ day: CalendarDay) async throws -> BillReport { try await reconciler.preview(TradeWorld.gateway, day) }
    func state(_ number: String) async throws -> OrderState { try await world.order(number).state }
}

extension BillReport {
    /// What is open, as class and transaction.
    var openNames: [String] { open.map { "\($0.difference.kind.rawValue) \($0.difference.movement.transaction)" }.sorted() }
}
