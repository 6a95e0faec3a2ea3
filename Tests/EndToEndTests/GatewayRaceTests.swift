import Commerce
import Testing

extension EndToEnd {
    /// Payments that meet other things on their way: a cancellation, the end of an order's time, another payment.
    @Suite struct GatewayRaceTests {
        @Test func `a refund that is through before anybody has told of the payment goes back once`() async {
            await GatewayStage.everywhere { platform, stage in
                try await stage.policy(["inquire_after": 1])
                let number = try await stage.opened("m-1", at: platform)
                try stage.dial(platform, ["callback_held": true])
                try stage.pay(number, "a1", at: platform)
                try await stage.until(number) { $0["state"] == "paid" }
                try stage.dial(platform, ["callback_held": false])
                try await stage.command("order", "cancel", number, "--reason", "changed my mind")
                try await stage.until(number) { $0["money"]?["refunded"] == 9_900 }
                let before = try await stage.order(number)
                try stage.gateway(platform).control("release")
                try await stage.allTold(by: platform)
                let after = try await stage.order(number)
                for word in ["state", "money", "payments", "refunds"] { #expect(after[word] == before[word], "\(after.text)") }
                #expect(after["state"] == "cancelled")
                #expect(try stage.books(number, at: platform) == PlatformBooks(paid: ["a1": [9_900]], back: ["r1": [9_900]]))
                try await stage.audit()
            }
        }

        @Test func `money for an order that is called off while it is paid goes back by itself`() async {
            await GatewayStage.everywhere { platform, stage in
                let number = try await stage.opened("m-1", at: platform)
                try stage.dial(platform, ["callback_held": true])
                try stage.pay(number, "a1", at: platform)
                // The platform is asked before the order is called off, so what was paid is heard first.
                try await stage.command("order", "cancel", number, "--reason", "changed my mind")
                try stage.gateway(platform).control("release")
                try await stage.until(number) { $0["money"]?["refunded"] == 9_900 }
                #expect(try await stage.order(number)["state"] == "cancelled")

                let unpaid = try await stage.opened("m-2", at: platform)
                try await stage.command("order", "cancel", unpaid, "--reason", "changed my mind")
                // His bank was already at it.
                try stage.pay(unpaid, "a1", at: platform, late: true)
                try stage.gateway(platform).control("release")
                try await stage.until(unpaid) { $0["money"]?["refunded"] == 9_900 }
                #expect(try await stage.order(unpaid)["state"] == "cancelled")
                for order in [number, unpaid] {
                    #expect(try stage.books(order, at: platform) == PlatformBooks(paid: ["a1": [9_900]], back: ["r1": [9_900]]))
                }
                try await stage.audit()
            }
        }

        @Test(.enabled(if: SteeredClock.isPossible, "needs a C compiler"))
        func `paid after its time, an order has its goods again while there are any, and its money back when there are none`() async {
            await GatewayStage.everywhere(units: 1, steered: true) { platform, stage in
                let numbers = [try await late("m-1", stage, platform, 2_000), try await late("m-2", stage, platform, 4_000)]
                try stage.pay(numbers[0], "a1", at: platform, late: true)
                try await stage.until(numbers[0]) { $0["state"] == "paid" }
                // It has taken the last one.
                try stage.pay(numbers[1], "a1", at: platform, late: true)
                try await stage.until(numbers[1]) { $0["money"]?["refunded"] == 9_900 }
                #expect(try await stage.order(numbers[1])["state"] == "cancelled")
                #expect(try stage.books(numbers[0], at: platform) == PlatformBooks(paid: ["a1": [9_900]]))
                #expect(try stage.books(numbers[1], at: platform) == PlatformBooks(paid: ["a1": [9_900]], back: ["r1": [9_900]]))
                try await stage.command("stock", "audit")
                try await stage.audit()
            }
        }

        @Test(.enabled(if: SteeredClock.isPossible, "needs a C compiler"))
        func `paid after its time, an order's money goes back at once where its channel wants it so`() async {
            await GatewayStage.everywhere(steered: true) { platform, stage in
                try await stage.policy(["late_payment": "refund"])
                let number = try await late("m-1", stage, platform, 2_000)
                try stage.pay(number, "a1", at: platform, late: true)
                try await stage.until(number) { $0["money"]?["refunded"] == 9_900 }
                #expect(try await stage.order(number)["state"] == "cancelled")
                #expect(try stage.books(number, at: platform) == PlatformBooks(paid: ["a1": [9_900]], back: ["r1": [9_900]]))
            }
        }

        /// An order that nobody paid in time: it is `seconds` later now.
        private func late(_ member: String, _ stage: GatewayStage, _ platform: Platform, _ seconds: Int64) async throws -> String {
            let number = try await stage.opened(member, at: platform)
            try stage.pass(to: seconds)
            try await stage.until(number) { $0["state"] == "cancelled" }
            return number
        }

        @Test(arguments: Platform.allCases)
        func `an order paid at two gateways keeps one payment, and the other goes back where it came from`(first: Platform) async throws {
            let second = first.next
            try await GatewayStage.playing(first, second) { stage in
                let number = try await stage.opened("m-1", at: first)
                // Before the buyer is sent elsewhere, the first is closed; his bank does not keep to it.
                try await stage.open(number, at: second)
                try stage.pay(number, "a2", at: second)
                try await stage.until(number) { $0["state"] == "paid" }
                try stage.pay(number, "a1", at: first, late: true)
                try await stage.until(number) { $0["money"]?["refunded"] == 9_900 }
                let order = try await stage.order(number)
                #expect(order["state"] == "paid" && order["money"]?["paid"] == 19_800, "\(order.text)")
                let books = (try stage.books(number, at: first), try stage.books(number, at: second))
                #expect(books.0.payments == ["a1": [9_900]] && books.1.payments == ["a2": [9_900]])
                // Platforms tell whole seconds, so that either may count as the later one.
                #expect([books.0.refunds, books.1.refunds].filter { $0 == ["r1": [9_900]] }.count == 1, "\(books)")
                #expect([books.0.refunds, books.1.refunds].filter(\.isEmpty).count == 1, "\(books)")
                try await stage.audit()
            }
        }

        @Test func `an order paid by hand and at a gateway keeps one payment and owes the other one back`() async {
            await GatewayStage.everywhere { platform, stage in
                let number = try await stage.opened("m-1", at: platform)
                try await stage.command("order", "pay", number, "--reference", "receipt-1", "--amount", "9900", "--currency", "CNY")
                try stage.pay(number, "a1", at: platform, late: true)
                // Platforms tell whole seconds: either may count as the later one, and what came by hand goes back by hand.
                try await stage.until(number) { order in
                    (order["refunds"]?.array ?? []).contains { $0["gateway"] == "hand" || $0["settled"] == true }
                }
                let order = try await stage.order(number)
                #expect(order["state"] == "paid" && order["money"]?["paid"] == 19_800, "\(order.text)")
                #expect(order["refunds"]?.array?.count == 1, "\(order.text)")
                let isByHand = order["refunds"]?.array?.first?["gateway"] == "hand"
                #expect(try stage.books(number, at: platform) == PlatformBooks(paid: ["a1": [9_900]], back: isByHand ? [:] : ["r1": [9_900]]))
                try await stage.audit()
            }
        }

        @Test func `while a code of Alipay's may be scanned its order cannot be called off, and what is paid then goes back`() async throws {
            try await GatewayStage.playing(.alipay) { stage in
                let number = try await stage.place("m-1")
                let opening = try await stage.open(number, at: .alipay, way: ["gateway": "alipay", "way": "qr"])
                #expect(opening.text.contains("https://qr.alipay.com/"), "\(opening.text)")
                // No trade is there before somebody scans it, so that nothing can be closed.
                let refused = try await stage.heyi.heyi("order", "cancel", number, "--reason", "changed my mind")
                #expect(refused.code == 65 && refused.all.contains("may be paid right now"), "\(refused.all)")
                try stage.pay(number, "a1", at: .alipay)
                try await stage.until(number) { $0["state"] == "paid" }
                try await stage.command("order", "cancel", number, "--reason", "changed my mind")
                try await stage.until(number) { $0["money"]?["refunded"] == 9_900 }
                #expect(try await stage.order(number)["state"] == "cancelled")
                #expect(try stage.books(number, at: .alipay) == PlatformBooks(paid: ["a1": [9_900]], back: ["r1": [9_900]]))
            }
        }
    }
}
