import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Testing

extension EndToEnd {
    /// Payments and parcels through the real daemon, against platforms that speak their real wire.
    @Suite struct GatewayTests {
        @Test func `an order is paid, told two hundred times at once, and given back piece by piece; a daemon that is killed forgets nothing`() async {
            await GatewayStage.everywhere { platform, stage in
                let number = try await stage.opened("m-1", at: platform)
                try stage.dial(platform, ["callback_copies": 200])
                try stage.pay(number, "a1", at: platform)
                try await stage.until(number) { $0["state"] == "paid" }
                try stage.dial(platform, ["callback_copies": 1])
                await stage.heyi.end(SIGKILL)
                try await stage.heyi.start()
                let paid = try await stage.order(number)
                #expect(paid["state"] == "paid" && paid["payments"]?.array?.count == 1, "\(paid.text)")
                #expect(paid["money"]?["paid"] == 9_900)
                for amount in ["3000", "3000", "3900"] {
                    try await stage.command("order", "goodwill", number, "--line", "1", "--amount", amount)
                }
                try await stage.until(number) { $0["money"]?["refunded"] == 9_900 }
                let refunds = try await stage.order(number)["refunds"]?.array ?? []
                #expect(refunds.count == 3 && refunds.allSatisfy { $0["settled"] == true }, "\(refunds)")
                #expect(
                    try stage.books(number, at: platform)
                        == PlatformBooks(paid: ["a1": [9_900]], back: ["r1": [3_000], "r2": [3_000], "r3": [3_900]]))
                try await stage.audit()
            }
        }

        @Test func `killed while a payment is told two hundred times, the daemon has it once`() async {
            await GatewayStage.everywhere { platform, stage in
                let number = try await stage.opened("m-1", at: platform)
                try stage.dial(platform, ["callback_copies": 200])
                try stage.pay(number, "a1", at: platform)
                await stage.heyi.end(SIGKILL)
                try await stage.heyi.start()
                try await stage.until(number) { $0["state"] == "paid" }
                let paid = try await stage.order(number)
                #expect(paid["payments"]?.array?.count == 1 && paid["money"]?["paid"] == 9_900, "\(paid.text)")
                try await stage.audit()
            }
        }

        @Test func `a callback that never comes is made up for by asking, also when the platform is dark for a while`() async {
            await GatewayStage.everywhere { platform, stage in
                try await stage.policy(["inquire_after": 1])
                let number = try await stage.opened("m-1", at: platform)
                try stage.dial(platform, ["callback_lost": 1000])
                try stage.pay(number, "a1", at: platform)
                try await stage.until(number) { $0["state"] == "paid" }

                let other = try await stage.opened("m-2", at: platform)
                try stage.pay(other, "a1", at: platform)
                try stage.dial(platform, ["dark": true])
                try await eventually("it was asked, and knew no answer") { () -> Bool? in
                    let timers = try await stage.heyi.json("order", "timers")["data"]?.array ?? []
                    return timers.contains { $0["order"]?.string == other && ($0["tries"]?.integer ?? 0) > 0 } ? true : nil
                }
                #expect(try await stage.order(other)["state"] == "awaiting-payment")
                try stage.dial(platform, ["dark": false])
                try await stage.until(other) { $0["state"] == "paid" }
                for order in [number, other] { #expect(try stage.books(order, at: platform) == PlatformBooks(paid: ["a1": [9_900]])) }
            }
        }

        @Test func `a refund whose answer is lost is asked for again under its number, and goes back once`() async {
            await GatewayStage.everywhere { platform, stage in
                let number = try await stage.paid("m-1", at: platform)
                // Most answers are lost, whatever was asked, and nobody tells of it either.
                try stage.dial(platform, ["drop_after": 700, "callback_lost": 1000])
                try await stage.command("order", "cancel", number, "--reason", "not wanted")
                try await eventually("it is known to have gone back") { () -> Bool? in
                    _ = try await stage.heyi.heyi("order", "refund", number, "r1")
                    return try await stage.order(number)["money"]?["refunded"] == 9_900 ? true : nil
                }
                #expect(try stage.books(number, at: platform) == PlatformBooks(paid: ["a1": [9_900]], back: ["r1": [9_900]]))
            }
        }

        @Test func `a callback that was altered is refused and seen by operators, and what it hid is found by asking`() async {
            await GatewayStage.everywhere { platform, stage in
                let number = try await stage.opened("m-1", at: platform)
                try stage.dial(platform, ["callback_tampered": 1000])
                try stage.pay(number, "a1", at: platform)
                try await eventually("the altered callback is refused") { () -> Bool? in
                    let row = try await stage.heyi.json("gateway", "list")["data"]?.array?.first { $0["id"]?.string == platform.name }
                    guard (row?["refused"]?.integer ?? 0) > 0 else { return nil }
                    #expect(row?["last_refusal"]?.string?.isEmpty == false, "\(row?.text ?? "")")
                    return true
                }
                try await stage.until(number) { $0["state"] == "paid" }
                let paid = try await stage.order(number)
                #expect(paid["payments"]?.array?.count == 1 && paid["money"]?["paid"] == 9_900, "\(paid.text)")
                try await stage.command("gateway", "check", platform.name)
            }
        }

        @Test func `a forged callback is refused in the platform's words`() async throws {
            try await GatewayStage.playing(.stripe) { stage in
                let forged = await Loopback.send(
                    .post, "\(stage.heyi.publicURL)/v1/gateways/cards", ["id": "evt_1", "object": "event"],
                    headers: [("stripe-signature", "t=\(Int(Date().timeIntervalSince1970)),v1=\(String(repeating: "0", count: 64))")])
                #expect(forged?.status == 400)
                let callbacks = try await stage.heyi.json("inbox", "list")
                #expect(callbacks["data"]?.array?.isEmpty == true, "\(callbacks.text)")
            }
        }

        @Test func `keys that rotate in mid-traffic cost no payment`() async {
            await GatewayStage.everywhere { platform, stage in
                let rotation = platform == .stripe ? "rotate_secret" : "rotate"
                _ = try await stage.paid("m-1", at: platform)
                let between = try await stage.opened("m-2", at: platform)
                try stage.gateway(platform).control(rotation)
                try stage.pay(between, "a1", at: platform)
                try await stage.until(between) { $0["state"] == "paid" }
                // The operator puts the new keys down at leisure, and then the platform has done with the old ones.
                try await stage.reload()
                if platform == .stripe { try stage.gateway(platform).control("retire_secret") }
                let last = try await stage.paid("m-3", at: platform)
                #expect(try stage.books(last, at: platform) == PlatformBooks(paid: ["a1": [9_900]]))
                try await stage.command("gateway", "check", platform.name)
            }
        }

        @Test func `a parcel is followed from the house to its buyer, and the order hears of it`() async throws {
            try await GatewayStage.playing(.stripe) { stage in
                let number = try await stage.paid("m-1", at: .stripe)
                try await stage.command("order", "ship", number, "--carrier", "圆通", "--tracking", "YT0000000000001")
                let parcels = stage.tracker
                try await eventually("the parcel is subscribed") {
                    try parcels.control("books").text.contains("YT0000000000001") ? true : nil
                }
                for _ in 0..<2 { try parcels.control("move", ["number": "YT0000000000001"]) }
                try parcels.control("shuffle", ["number": "YT0000000000001"])
                try parcels.control("deliver", ["number": "YT0000000000001"])
                try await stage.until(number) { $0["parcels"]?.array?.first?["track"]?["state"] == "delivered" }
                let parcel = try await stage.order(number)["parcels"]?.array?.first
                #expect(parcel?["delivered_at"]?.integer != nil, "\(parcel?.text ?? "-")")
            }
        }
    }
}
