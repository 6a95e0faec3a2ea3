import ChannelAdapters
import Commerce
import Foundation
import TestKit
import Testing

@testable import SyncDaemon

/// What the doctor says of money at platforms, by what stands in the store.
@Suite struct DoctorGatewayTests {
    private func money(_ ward: Ward) async -> [Symptom] {
        let checks = HealthCheck.all.filter { $0.name == "money" }
        return await ward.desk.onPatient(offline: true) { await Doctor(checks).findings($0) }.flatMap(\.examination.symptoms)
    }

    /// An order to hang rows on.
    private func ordered() async throws -> Ward {
        let ward = try await Ward()
        try await ward.stallParcel()
        return ward
    }

    @Test func `a refund of unknown end is nothing to tell at first, and a failure after a day of asking`() async throws {
        let ward = try await ordered()
        try ward.sql("INSERT INTO refund (subject, id, state, tries) SELECT num, 'r1', 'unknown', 3 FROM order_head")
        #expect(await money(ward) == [])
        try ward.sql("UPDATE refund SET tries = 15")
        let symptoms = await money(ward)
        #expect(symptoms.map(\.grade) == [.failure] && symptoms[0].text.hasPrefix("1 refunds are of unknown end"), "\(symptoms)")
        try ward.sql("UPDATE refund SET state = 'refused'")
        #expect(await money(ward).map(\.next) == ["heyi order list --problems"])
    }

    @Test func `a payment in doubt is told when it has been so for longer than a payer thinks about it`() async throws {
        let ward = try await ordered()
        let due = ward.time.now().milliseconds
        try ward.sql("INSERT INTO timer (subject, kind, part, due_at, look_at) SELECT num, 'payment-inquiry', 'a1', \(due), \(due) FROM order_head")
        ward.time.advance(by: .seconds(7_200))
        #expect(await money(ward) == [])
        ward.time.advance(by: .seconds(1))
        let symptoms = await money(ward)
        #expect(symptoms.map(\.grade) == [.warning] && symptoms[0].text == "1 payments are in doubt, the first for 2h 0m", "\(symptoms)")
    }

    @Test func `a bill is late after three days, and an open difference is told with the account it is at`() async throws {
        let ward = try await Ward()
        let today = CalendarDay(at: ward.time.now())
        func day(_ age: Int) throws { try ward.sql("INSERT INTO bill_day (gateway, day, state) VALUES ('wxpay', \(today.number - age), 'waiting')") }
        try day(3)
        #expect(await money(ward) == [])
        try day(4)
        #expect(await money(ward).map(\.text) == ["2 bills of wxpay have not come, the first is of \(CalendarDay(number: today.number - 4))"])
        try ward.sql("DELETE FROM bill_day")
        try ward.sql(
            """
            INSERT INTO bill_difference (gateway, day, class, kind, txn, part, here, there, repair, state, found_at, changed_at)
            VALUES ('wxpay', 1, 'amount', 'payment', 't', '', 'a', 'b', 'none', 'open', 0, 0)
            """)
        #expect(await money(ward).map(\.next) == ["heyi reconcile payments --gateway wxpay"])
    }
}
