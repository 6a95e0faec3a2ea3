import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing
import TestKit

@Suite struct AlipayRefundTests {
    @Test func `partial refunds go up to the whole, each once, and no fen further`() async throws {
        let stage = try AlipayStage()
        let payment = try await stage.paid(try stage.attempt())
        let parts: [(String, Int64)] = [("r1", 1), ("r2", 12_000), ("r3", 344)]
        for (number, amount) in parts {
            for _ in 0..<2 { #expect(try await stage.payments.refund(try stage.refund(payment, amount, number), of: AlipayStage.order) == .settled) }
        }
        guard case .refused = try await stage.payments.refund(try stage.refund(payment, 1, "r4"), of: AlipayStage.order) else { Issue.record("r4"); return }
        let trade = try stage.booked()
        #expect(trade["refunded"] == 12_345 && trade["refunds"] == 3 && trade["status"] == "TRADE_CLOSED")
        guard case .paid(payment, _) = try await stage.payments.ask(try stage.attempt(), of: AlipayStage.order) else { Issue.record("lost"); return }
    }

    @Test func `the same number with another amount is no refund, and nobody is told that it is through`() async throws {
        let stage = try AlipayStage()
        let payment = try await stage.paid(try stage.attempt())
        #expect(try await stage.payments.refund(try stage.refund(payment, 100), of: AlipayStage.order) == .settled)
        guard case .unknown = try await stage.payments.refund(try stage.refund(payment, 200), of: AlipayStage.order) else { Issue.record("told"); return }
        #expect(try stage.booked()["refunded"] == 100)
    }

    @Test func `as much gone back under another number is not this refund`() async throws {
        let stage = try AlipayStage()
        let payment = try await stage.paid(try stage.attempt())
        _ = try stage.simulator.control("refund", ["number": .string("\(AlipayStage.order)-a1"), "amount": 12_345])
        guard case .refused = try await stage.payments.refund(try stage.refund(payment, 12_345), of: AlipayStage.order) else { Issue.record("told"); return }
        #expect(try stage.booked()["refunds"] == 1)
    }

    @Test(arguments: ["drop_after", "fail_after", "drop_before", "fail_before", "throttle", "fail_in_body", "dark"])
    func `a refund through a bad day has one effect`(dial: String) async throws {
        let stage = try AlipayStage()
        let payment = try await stage.paid(try stage.attempt())
        let refund = try stage.refund(payment, 5_000)
        try stage.dial(dial, dial == "dark" ? true : 1_000)
        for _ in 0..<3 {
            guard case .unknown = try await stage.payments.refund(refund, of: AlipayStage.order) else { Issue.record("it claims to know"); return }
        }
        try stage.dial(dial, dial == "dark" ? false : 0)
        #expect(try await stage.payments.refund(refund, of: AlipayStage.order) == .settled)
        let trade = try stage.booked()
        #expect(trade["refunded"] == 5_000 && trade["refunds"] == 1)
    }

    @Test func `a refund of another order's payment is not told as this one's`() async throws {
        let stage = try AlipayStage()
        let payment = try await stage.paid(try stage.attempt())
        guard case .unknown = try await stage.payments.refund(try stage.refund(payment, 100), of: "20261201-another000") else { Issue.record("told"); return }
    }
}
