import Commerce
import Testing

@Suite struct GatewayNumberTests {
    @Test(arguments: [("20261201-k3v9q0m2ab", "a1"), ("20261201-k3v9q0m2ab", "r12"), ("web_1-2-3", "a7")])
    func `a number we gave is read back as what it was given for`(order: String, part: String) throws {
        let number = GatewayNumber(order: order, part: try #require(EntityID(part)))
        #expect(GatewayNumber(number.description) == number)
    }

    @Test(arguments: ["", "a1", "-a1", "20261201-", "2026 12-a1", "20261201-A1", "单-a1"])
    func `a number we never gave is nobody's`(text: String) {
        #expect(GatewayNumber(text) == nil)
    }

    @Test func `an order of our own fits the shortest limit of any gateway`() throws {
        let own = OrderNumber.own(at: Timestamp(milliseconds: 1_760_000_000_000), id: "0123456789abcdefghjk")
        let number = GatewayNumber(order: own, part: try #require(EntityID("a999")))
        #expect(GatewayNumber.attemptLengths.contains(number.description.utf8.count))
    }

    @Test(arguments: ["1970-01-01", "2024-02-29", "2026-12-01", "2100-03-01"])
    func `a day is written as it is read`(text: String) throws {
        let day = try #require(CalendarDay(text))
        #expect(day.description == text)
        #expect(day.next.previous == day)
        #expect(CalendarDay(at: day.start(offset: .seconds(28_800)), offset: .seconds(28_800)) == day)
    }

    @Test(arguments: ["2026-02-29", "2026-13-01", "2026-1-1", "20261201", "2026-12-0a", "1969-12-31"])
    func `a day no calendar has is none`(text: String) {
        #expect(CalendarDay(text) == nil)
    }
}
