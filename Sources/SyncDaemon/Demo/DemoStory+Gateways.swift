import ChannelAdapters
import ChannelSimulators
import Commerce
import Mall
import Store

extension DemoStory {
    /// A payment that is told three times, and a parcel from the house to the door.
    func payAndFollow() async throws {
        guard let bought = try await buyOne() else { throw PlantError(description: "the goods of the demo cannot be bought") }
        let number = bought.number
        var terms = PaymentTerms()
        terms.way = "native"
        guard case .open(let attempt, let parameters, _) = try await plant.cashier.open(number, at: DemoPlatforms.pay.text, terms: terms, by: "demo")
        else { throw PlantError(description: "no payment could be opened for \(number)") }
        detail("its buyer scans \(parameters["code_url"]?.string ?? "a code")")
        _ = try platforms.weChatPay.control("dials", ["callback_copies": 3])
        _ = try platforms.weChatPay.control("pay", ["out_trade_no": .string("\(number)-\(attempt.id)")])
        try await until("it is paid", number) { $0.state.phase == .paid }
        let paid = try await order(number).state
        guard paid.payments.count == 1 else { throw PlantError(description: "\(paid.payments.count) payments for one") }
        detail("WeChat Pay told it three times, signed and sealed: one payment of \(paid.payments[0].payment.amount)")

        let tracking = "YT1000000000099"
        try await act(.ship(carrier: "圆通", tracking: tracking, warehouse: nil, lines: []), number)
        try await until("somebody follows its parcel", number) { _ in try isFollowed(tracking) }
        for _ in 0..<2 { _ = try platforms.tracker.control("move", ["number": .string(tracking)]) }
        _ = try platforms.tracker.control("shuffle", ["number": .string(tracking)])
        _ = try platforms.tracker.control("deliver", ["number": .string(tracking)])
        try await until("its parcel is there", number) { $0.state.parcels.first?.deliveredAt != nil }
        detail("Kuaidi100 told of the parcel, once in the wrong order: it was delivered, and every end was told")
        detail("heyi order show \(number) has its way; heyi gateway list shows both accounts")
    }

    /// Waits until an order is as it must be; two minutes, which no machine needs.
    private func until(_ what: String, _ number: String, _ holds: (StoredOrder) throws -> Bool) async throws {
        let time = plant.surroundings.time
        let end = time.monotonicNanoseconds() + 120_000_000_000
        while time.monotonicNanoseconds() < end {
            if try holds(try await order(number)) { return }
            try await time.sleep(for: .milliseconds(20))
        }
        throw PlantError(description: "order \(number): it never happened that \(what)")
    }

    private func isFollowed(_ tracking: String) throws -> Bool {
        do throws(ValidationFailure) { return try platforms.tracker.control("books", [:]).text.contains(tracking) } catch {
            throw PlantError(description: "the simulated tracking service: \(error)")
        }
    }
}
