import Commerce
import Store
import Testing

@Suite struct OrderNumberTests {
    private static func number(_ external: String, _ channel: String) -> String { OrderNumber.of(external, at: ChannelID(channel)!) }

    @Test func `orders of two channels never share a number, however they are called`() {
        #expect(Self.number("1-x", "web") != Self.number("x", "web-1"))
        #expect(Self.number("_x", "web") != Self.number("x", "web"))
        // A long name's hash is not what another channel can name an order of its own.
        let hashed = Self.number("订单 1", "averylongchannel")
        let target = String(hashed.dropFirst("averylongcha__".count))
        for guess in [target, "_" + target, "__" + target] { #expect(Self.number(guess, "averylongcha") != hashed) }
    }

    @Test func `every number is one that gateways take, and the same for the same`() {
        for external in ["1", "A-1_b", String(repeating: "x", count: 64), "a b", "订单", "_", "/../"] {
            let number = Self.number(external, "channel-with-quite-a-long-name-1")
            #expect(OrderNumber.isValid(number), "\(number)")
            #expect(number == Self.number(external, "channel-with-quite-a-long-name-1"))
        }
    }

    @Test func `our own numbers begin with the day in UTC`() {
        let day = 86_400_000
        for (milliseconds, text) in [(0, "19700101"), (-1, "19691231"), (59 * day, "19700301"), (19_782 * day, "20240229"), (20_781 * day, "20261124")] {
            let number = OrderNumber.own(at: Timestamp(milliseconds: Int64(milliseconds)), id: "0123456789abcdefghjk")
            #expect(number == "\(text)-abcdefghjk")
        }
    }
}
