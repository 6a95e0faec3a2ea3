import Commerce
import Foundation
import Testing

extension EndToEnd {
    /// A platform that is away for hours, by clocks that are set while the daemon runs.
    @Suite struct GatewayOutageTests {
        @Test(.enabled(if: SteeredClock.isPossible, "needs a C compiler"))
        func `refunds that came due while the daemon was down are sent when it starts, and none is given up`() async throws {
            try await GatewayStage.playing(.stripe, steered: true) { stage in
                var numbers: [String] = []
                for member in 1...5 { numbers.append(try await stage.paid("m-\(member)", at: .stripe)) }
                try stage.dial(.stripe, ["dark": true])
                for number in numbers {
                    try await stage.command("order", "cancel", number, "--reason", "not wanted")
                    try await stage.until(number) { ($0["refunds"]?.array?.first?["tries"]?.integer ?? 0) > 0 }
                }
                await stage.heyi.end(SIGKILL)
                try stage.pass(to: 3_600)
                try stage.dial(.stripe, ["dark": false])
                try await stage.heyi.start()
                for number in numbers {
                    try await stage.until(number) { $0["money"]?["refunded"] == 9_900 }
                    #expect(try stage.books(number, at: .stripe) == PlatformBooks(paid: ["a1": [9_900]], back: ["r1": [9_900]]))
                }
            }
        }

        @Test(.enabled(if: SteeredClock.isPossible && Platform.isFull, "needs a C compiler and HEYI_PROOF=full"), arguments: Platform.allCases)
        func `a platform that answers nothing for four hours costs no payment and doubles none`(platform: Platform) async throws {
            try await GatewayStage.playing(platform, steered: true) { stage in
                let called = try await stage.paid("m-1", at: platform)
                let paidBefore = try await stage.opened("m-2", at: platform)
                let paidMeanwhile = try await stage.opened("m-3", at: platform)
                let unpaid = try await stage.opened("m-4", at: platform)
                // Nobody tells of anything, now or later.
                try stage.dial(platform, ["callback_lost": 1000])
                try stage.pay(paidBefore, "a1", at: platform)
                try stage.dial(platform, ["dark": true])
                try stage.pay(paidMeanwhile, "a1", at: platform)
                try await stage.command("order", "cancel", called, "--reason", "not wanted")
                for quarter in 1...16 as ClosedRange<Int64> {
                    try stage.pass(to: quarter * 900)
                    try await stage.workedOff()
                }
                for number in [paidBefore, paidMeanwhile, unpaid] {
                    // Its time was over long ago; while nobody knows, its goods are nobody else's.
                    #expect(try await stage.order(number)["state"] == "awaiting-payment")
                }
                #expect(try await stage.order(called)["money"]?["refunded"] == 0)
                #expect(try stage.books(called, at: platform).refunds.isEmpty)

                try stage.dial(platform, ["dark": false])
                for quarter in stride(from: 17 as Int64, through: 80, by: 3) {
                    try stage.pass(to: quarter * 900)
                    try await stage.workedOff()
                }
                for number in [paidBefore, paidMeanwhile] {
                    try await stage.until(number) { $0["state"] == "paid" }
                    #expect(try await stage.order(number)["payments"]?.array?.count == 1)
                    #expect(try stage.books(number, at: platform) == PlatformBooks(paid: ["a1": [9_900]]))
                }
                try await stage.until(called) { $0["money"]?["refunded"] == 9_900 }
                #expect(try stage.books(called, at: platform) == PlatformBooks(paid: ["a1": [9_900]], back: ["r1": [9_900]]))
                try await stage.until(unpaid) { $0["state"] == "cancelled" }
                #expect(try stage.books(unpaid, at: platform) == PlatformBooks(paid: [:]))
                try await stage.command("stock", "audit")
                try await stage.audit()
            }
        }
    }
}
