import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Testing

extension EndToEnd {
    /// Payments and parcels through the real daemon, against platforms that speak their real wire.
    @Suite struct GatewayTests {
        /// A platform to pay at: how it is started, and what its payer is told.
        enum Platform: String, CaseIterable, Sendable {
            case weChatPay, stripe

            var way: String { self == .weChatPay ? "native" : "card" }
            var name: String { self == .weChatPay ? "wxpay" : "cards" }
        }

        @Test(arguments: Platform.allCases)
        func `an order is paid, told two hundred times, and given back piece by piece; a daemon that is killed forgets nothing`(
            platform: Platform
        ) async throws {
            try await Stage.playing(platform) { stage in
                let number = try await stage.place("m-1")
                try await stage.open(number, at: platform)
                try stage.gateway(platform).control("dials", ["callback_copies": 200])
                try stage.pay(number, "a1", at: platform)
                await stage.heyi.end(SIGKILL)
                try await stage.heyi.start()
                try await stage.until(number) { $0["state"] == "paid" }
                let paid = try await stage.order(number)
                #expect(paid["payments"]?.array?.count == 1, "\(paid.text)")
                #expect(paid["money"]?["paid"] == 9_900)
                for amount in ["3000", "3000", "3900"] {
                    let outcome = try await stage.heyi.heyi("order", "goodwill", number, "--line", "1", "--amount", amount)
                    #expect(outcome.code == 0, "\(outcome.all)")
                }
                try await stage.until(number) { $0["money"]?["refunded"] == 9_900 }
                let refunds = try await stage.order(number)["refunds"]?.array ?? []
                #expect(refunds.allSatisfy { $0["settled"] == true }, "\(refunds)")
            }
        }

        @Test(arguments: Platform.allCases)
        func `a callback that never comes is made up for by asking, and a platform that is dark for a while by asking again`(
            platform: Platform
        ) async throws {
            try await Stage.playing(platform) { stage in
                #expect(try await stage.heyi.heyi("order", "policy", "app", "--set", #"{"inquire_after": 1}"#).code == 0)
                let number = try await stage.place("m-1")
                try await stage.open(number, at: platform)
                try stage.gateway(platform).control("dials", ["callback_lost": 1000])
                try stage.pay(number, "a1", at: platform)
                try await stage.until(number) { $0["state"] == "paid" }

                let other = try await stage.place("m-2")
                try await stage.open(other, at: platform)
                try stage.gateway(platform).control("dials", ["callback_lost": 0, "dark": true])
                try stage.pay(other, "a1", at: platform)
                // The callback itself gets through: it is the platform's door that is shut.
                try await stage.until(other) { $0["state"] == "paid" }
                #expect(try await stage.heyi.heyi("order", "cancel", other, "--reason", "not wanted").code == 0)
                try stage.gateway(platform).control("dials", ["dark": false, "drop_after": 1000])
                try await stage.until(other) { ($0["refunds"]?.array?.first?["tries"]?.integer ?? 0) > 0 }
                try stage.gateway(platform).control("dials", ["drop_after": 0])
                _ = try await stage.heyi.heyi("order", "refund", other, "r1")
                try await stage.until(other) { $0["money"]?["refunded"] == 9_900 }
            }
        }

        @Test func `an order paid by hand and at a gateway keeps one payment and owes the other one back`() async throws {
            try await Stage.playing(.weChatPay) { stage in
                let number = try await stage.place("m-1")
                try await stage.open(number, at: .weChatPay)
                let byHand = try await stage.heyi.heyi("order", "pay", number, "--reference", "receipt-1", "--amount", "9900", "--currency", "CNY")
                #expect(byHand.code == 0, "\(byHand.all)")
                try stage.pay(number, "a1", at: .weChatPay)
                try await stage.until(number) { $0["money"]?["promised_back"] == 9_900 || $0["money"]?["refunded"] == 9_900 }
                let order = try await stage.order(number)
                #expect(order["state"] == "paid" && order["money"]?["paid"] == 19_800, "\(order.text)")
                #expect(order["refunds"]?.array?.count == 1, "\(order.text)")
                #expect(try await stage.heyi.heyi("order", "audit").code == 0)
            }
        }

        @Test func `money for an order that was called off goes back by itself, whichever was quicker`() async throws {
            try await Stage.playing(.weChatPay) { stage in
                let number = try await stage.place("m-1")
                try await stage.open(number, at: .weChatPay)
                try stage.gateway(.weChatPay).control("dials", ["callback_delay_max_ms": 3000])
                try stage.pay(number, "a1", at: .weChatPay)
                // The platform is asked before the order is called off, so what was paid is heard first.
                #expect(try await stage.heyi.heyi("order", "cancel", number, "--reason", "changed my mind").code == 0)
                try await stage.until(number) { $0["money"]?["refunded"] == 9_900 }
                #expect(try await stage.order(number)["state"] == "cancelled")
            }
        }

        @Test func `a forged callback is refused in the platform's words and seen by operators`() async throws {
            try await Stage.playing(.stripe) { stage in
                let forged = await Loopback.send(
                    .post, "\(stage.heyi.publicURL)/v1/gateways/cards", ["id": "evt_1", "object": "event"],
                    headers: [("stripe-signature", "t=\(Int(Date().timeIntervalSince1970)),v1=\(String(repeating: "0", count: 64))")])
                #expect(forged?.status == 400)
                let list = try await stage.heyi.json("gateway", "list")
                let row = list["data"]?.array?.first { $0["id"] == "cards" }
                #expect(row?["refused"] == 1 && row?["last_refusal"]?.string?.isEmpty == false, "\(list.text)")
                #expect(try await stage.heyi.heyi("gateway", "check", "cards").code == 0)
                #expect(try await stage.heyi.json("inbox", "list")["data"]?.array?.isEmpty == true)
            }
        }

        @Test func `keys that rotate in mid-traffic cost no payment`() async throws {
            try await Stage.playing(.weChatPay) { stage in
                for round in 1...3 {
                    let number = try await stage.place("m-\(round)")
                    try await stage.open(number, at: .weChatPay)
                    if round == 2 { try stage.gateway(.weChatPay).control("rotate", ["to": "next", "overlap": true]) }
                    try stage.pay(number, "a1", at: .weChatPay)
                    try await stage.until(number) { $0["state"] == "paid" }
                }
            }
        }

        @Test func `a parcel is followed from the house to its buyer, and the order hears of it`() async throws {
            try await Stage.playing(.stripe) { stage in
                let number = try await stage.place("m-1")
                try await stage.open(number, at: .stripe)
                try stage.pay(number, "a1", at: .stripe)
                try await stage.until(number) { $0["state"] == "paid" }
                let shipped = try await stage.heyi.heyi("order", "ship", number, "--carrier", "圆通", "--tracking", "YT0000000000001")
                #expect(shipped.code == 0, "\(shipped.all)")
                let parcels = stage.tracker
                try await eventually("the parcel is subscribed") {
                    (try parcels.control("books", [:])).text.contains("YT0000000000001") ? true : nil
                }
                for _ in 0..<2 { try parcels.control("move", ["number": "YT0000000000001"]) }
                try parcels.control("shuffle", ["number": "YT0000000000001"])
                try parcels.control("deliver", ["number": "YT0000000000001"])
                try await stage.until(number) { $0["parcels"]?.array?.first?["track"]?["state"] == "delivered" }
                let parcel = try await stage.order(number)["parcels"]?.array?.first
                #expect(parcel?["delivered_at"]?.integer != nil, "\(parcel?.text ?? "-")")
            }
        }

        /// A daemon with goods, platforms beside it, and buyers at one channel.
        final class Stage {
            let heyi: RunningHeyi
            private var gateways: [Platform: RunningGateway] = [:]
            private(set) var tracker: RunningGateway

            private init(_ heyi: RunningHeyi, _ gateways: [Platform: RunningGateway], _ tracker: RunningGateway) {
                self.heyi = heyi
                self.gateways = gateways
                self.tracker = tracker
            }

            static func playing(_ platforms: Platform..., body: (Stage) async throws -> Void) async throws {
                try await RunningHeyi.serving(visitors: ["app"]) { heyi in
                    var gateways: [Platform: RunningGateway] = [:]
                    for platform in platforms { gateways[platform] = try await start(platform, heyi) }
                    let home = "\(heyi.publicURL)/v1/gateways"
                    let around = RunningGateway.surroundings
                    let tracker = try await RunningGateway.start(Kuaidi100Simulator.make(time: around.time, random: around.random)) { endpoint in
                        Kuaidi100Simulator.account(
                            ChannelID("kuaidi")!, endpoint: endpoint, callbackURL: "\(home)/kuaidi", settings: ["allow_private_addresses": "true"])
                    }
                    defer { for running in gateways.values.map(\.self) + [tracker] { running.stop() } }
                    let accounts = try (gateways.values.map(\.self) + [tracker]).map { try $0.lines(in: heyi.folder) }
                    await heyi.end(SIGTERM)
                    try heyi.configure(extra: "gateways:\n\(accounts.joined(separator: "\n"))", publicURL: heyi.publicURL)
                    try await heyi.start()
                    try await heyi.write(Goods.cup, Goods.plum)
                    #expect(try await heyi.heyi("stock", "move", "receive", "CUP-PLUM", "100", "--cause", "po-1").code == 0)
                    try await body(Stage(heyi, gateways, tracker))
                }
            }

            private static func start(_ platform: Platform, _ heyi: RunningHeyi) async throws -> RunningGateway {
                let (around, url) = (RunningGateway.surroundings, "\(heyi.publicURL)/v1/gateways/\(platform.name)")
                let id = ChannelID(platform.name)!
                switch platform {
                case .weChatPay:
                    let keys = try WeChatPayKeyMaterial.make(at: around.time.now())
                    return try await RunningGateway.start(WeChatPaySimulator(keys: keys, surroundings: around)) { endpoint in
                        keys.account(id, endpoint: endpoint, callbackURL: url)
                    }
                case .stripe:
                    let simulator = StripeSimulator(time: around.time, random: around.random, callbackURL: url)
                    return try await RunningGateway.start(simulator) { endpoint in
                        simulator.account(id, settings: ["endpoint": endpoint, "allow_private_addresses": "true"])
                    }
                }
            }

            func gateway(_ platform: Platform) throws -> RunningGateway { try #require(gateways[platform]) }

            /// A payer at work at the platform.
            func pay(_ order: String, _ attempt: String, at platform: Platform) throws {
                let name = platform == .weChatPay ? "out_trade_no" : "number"
                try gateway(platform).control("pay", .object(JSONObject([(name, .string("\(order)-\(attempt)"))])))
            }

            func place(_ member: String) async throws -> String {
                let line: JSON = ["lines": [["sku": "cup-plum", "quantity": 1]]]
                let quote = try await ask(member, "post", "/v1/shop/quotes", line)
                let order: JSON = [
                    "quote": quote["body"]?["id"] ?? .null, "buyer": ["name": "李雷", "phone": "13800001234", "address": "1 Road"],
                ]
                let placed = try await ask(member, "post", "/v1/shop/orders", order)
                return try #require(placed["body"]?["number"]?.string, "\(placed.text)")
            }

            func open(_ number: String, at platform: Platform) async throws {
                let member = try await order(number)["member"]?.string ?? ""
                let opened = try await ask(
                    member, "post", "/v1/shop/orders/\(number)/pay", ["gateway": .string(platform.name), "way": .string(platform.way)])
                #expect(opened["status"] == 200, "\(opened.text)\n\(heyi.log.suffix(2_000))")
            }

            func order(_ number: String) async throws -> JSON { try await heyi.json("order", "show", number) }

            func until(_ number: String, _ holds: (JSON) -> Bool) async throws {
                var last = JSON.null
                do {
                    try await eventually("order \(number) is as it must be") {
                        last = try await self.order(number)
                        return holds(last) ? true : nil
                    }
                } catch let overdue as Overdue {
                    throw Overdue(description: "\(overdue): \(last.text)")
                }
            }

            private func ask(_ member: String, _ method: String, _ target: String, _ body: JSON) async throws -> JSON {
                let outcome = try await Binary.run(
                    path: "python3",
                    [
                        "-B", "\(Repository.root)/docs/examples/shopper.py", "--hub", heyi.publicURL, "--channel", "app", "--secret-file",
                        heyi.folder.file("app.secret"), "--member", member, method, target, body.text,
                    ])
                return try JSON.parse(outcome.text)
            }
        }
    }
}
