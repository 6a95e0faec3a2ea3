import Commerce
import Foundation
import Simulation
import Store

/// Whole orders over the shop API of a real daemon, 64 callers: quote, then order, each signed, done once and durable.
struct CheckoutTrial: Trial {
    let name: String
    let unit = "orders/s"
    let reference: String? = "the same daemon keeping signed callbacks, 64 connections"
    let bars: [Bar]
    private let place: Workplace
    private let seconds: Int
    private let past: Int
    private var daemon: DaemonUnderTest?
    private static let skus = 1_000

    static func all(_ place: Workplace) -> [any Trial] {
        [CheckoutTrial(place, past: 0), CheckoutTrial(place, past: place.amount(20_000, 1_000_000))]
    }

    /// - Parameter past: orders that are in the store already.
    private init(_ place: Workplace, past: Int) {
        self.place = place
        self.past = past
        name = past == 0 ? "checkout" : "checkout-after-\(past)"
        bars = [.valueAtLeast(1_000)]
        seconds = place.amount(4, 15)
    }

    mutating func prepare() async throws {
        let made = try DaemonUnderTest(
            program: place.program, home: try place.scratch.directory(name), channels: [.init(id: "app")])
        try await fill(made.store)
        try made.start()
        daemon = made
    }

    /// Goods on the shelf with prices, and orders of long ago, written as the daemon writes them.
    private func fill(_ directory: String) async throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let surroundings = Surroundings(time: HostTime(), random: SeededRandom(seed: 1), ids: CountingIDs(prefix: "b"))
        let store = try Store(.directory(directory), surroundings: surroundings)
        let app = ChannelID("app")!
        try await store.write { writing throws(StoreError) in
            try writing.putChannel(app, settings: [:])
            for number in 0..<CheckoutTrial.skus { try CheckoutTrial.put(number, writing) }
        }
        for start in stride(from: 0, to: past, by: 500) {
            let numbers = start..<min(start + 500, past)
            try await store.write { writing throws(StoreError) in
                for number in numbers { try CheckoutTrial.order(number, app, writing) }
            }
        }
        await store.close()
    }

    private static func put(_ number: Int, _ writing: Writing) throws(StoreError) {
        let (product, sku) = (EntityRef(.product, EntityID("p\(number)")!), EntityRef(.sku, EntityID("k\(number)")!))
        let units: [(EntityRef, String, JSON)] = [
            (product, "shelf", ["state": "on"]), (product, "text.zh-CN", ["title": .string("茶杯 \(number)")]),
            (sku, "identity", ["product": .string("p\(number)"), "code": .string("K-\(number)")]),
            (sku, "price.CNY", ["amount": .integer(Int64(1_000 + number))]), (sku, "logistics", ["weight_g": 300]),
        ]
        for entity in [product, sku] { try writing.create(entity) }
        for (entity, unit, value) in units {
            _ = try writing.apply(UnitWrite(UnitRef(entity, UnitName(unit)!), value, author: "bench", origin: .api))
        }
        let order: StockOrder
        do throws(ValidationFailure) {
            order = try StockOrder(.receive(100_000_000), of: sku, cause: StockCause("first/\(number)"), author: "bench")
        } catch { throw .invalid(error) }
        try writing.move(order)
    }

    private static func order(_ number: Int, _ channel: ChannelID, _ writing: Writing) throws(StoreError) {
        let placed = PlacedOrder(
            number: "1-past\(number)", channel: channel, member: EntityID("m-\(number % 10_000)"),
            buyer: Buyer(name: "李雷", phone: "138\(10_000_000 + number)", region: .everywhere, address: "人民路 1 号"), currency: .yuan,
            lines: [OrderLine(number: 1, title: "茶杯", priced: PricedLine(sku: EntityID("k\(number % skus)")!, quantity: 1, unit: 1_000))])
        _ = try writing.place(placed, by: "bench")
        let payment = Payment(ref: PaymentRef(gateway: "hand", transaction: "t\(number)"), amount: Money(amount: 1_000, currency: .yuan))
        try writing.tell(.paid(payment), of: placed.number, by: "bench", judged: false)
    }

    func measure(round: Int) async throws -> Sample {
        guard let daemon else { throw MeasuringFailed(description: "there is no daemon to measure") }
        let sample = try daemon.load(["--channel", "app", "--orders", "\(CheckoutTrial.skus)", "--batch", "o\(round)"], seconds: seconds)
        let audit = try daemon.command(["stock", "audit"])
        try require(audit.contains("all balances"), "the ledger does not add up: \(audit)")
        return sample
    }

    func measureReference(round: Int) async throws -> Sample? {
        try daemon?.load(["--channel", "app", "--batch", "c\(round)"], seconds: seconds)
    }

    mutating func finish() async { daemon?.stop() }
}
