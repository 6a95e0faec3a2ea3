import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Testing

/// A daemon with goods, platforms beside it, and buyers at one channel.
final class GatewayStage {
    let heyi: RunningHeyi
    let tracker: RunningGateway
    private let gateways: [Platform: RunningGateway]
    private let platformClock: PlatformClock
    /// The daemon's clock; nil where the test does not steer it.
    private let daemonClock: SteeredClock?

    private init(
        _ heyi: RunningHeyi, _ gateways: [Platform: RunningGateway], _ tracker: RunningGateway, _ platformClock: PlatformClock,
        _ daemonClock: SteeredClock?
    ) {
        self.heyi = heyi
        self.gateways = gateways
        self.tracker = tracker
        self.platformClock = platformClock
        self.daemonClock = daemonClock
    }

    /// - Parameters:
    ///   - units: how many cups are in the house.
    ///   - steered: whether time can be made to pass, for the daemon and the platforms alike.
    static func playing(
        _ platforms: Platform..., units: Int = 100, steered: Bool = false, body: (GatewayStage) async throws -> Void
    ) async throws {
        try await RunningHeyi.serving(visitors: ["app"]) { heyi in
            let clock = PlatformClock()
            let home = "\(heyi.publicURL)/v1/gateways"
            var gateways: [Platform: RunningGateway] = [:]
            for platform in platforms { gateways[platform] = try await platform.start(callbackURL: "\(home)/\(platform.name)", clock: clock) }
            let around = RunningGateway.surroundings(clock)
            let tracker = try await RunningGateway.start(Kuaidi100Simulator.make(time: around.time, random: around.random), clock: clock) { endpoint in
                Kuaidi100Simulator.account(
                    ChannelID("kuaidi")!, endpoint: endpoint, callbackURL: "\(home)/kuaidi", settings: ["allow_private_addresses": "true"])
            }
            defer { for running in gateways.values.map(\.self) + [tracker] { running.stop() } }
            let daemonClock = steered ? try await SteeredClock(in: heyi.folder) : nil
            await heyi.end(SIGTERM)
            heyi.environment = daemonClock?.environment ?? [:]
            let stage = GatewayStage(heyi, gateways, tracker, clock, daemonClock)
            try stage.configure()
            try await heyi.start()
            try await heyi.write(Goods.cup, Goods.plum)
            #expect(try await heyi.heyi("stock", "move", "receive", "CUP-PLUM", "\(units)", "--cause", "po-1").code == 0)
            try await body(stage)
        }
    }

    /// Plays a story at each platform, each with a daemon of its own and all at once: they wait more than they work.
    static func everywhere(
        units: Int = 100, steered: Bool = false, _ body: @escaping @Sendable (Platform, GatewayStage) async throws -> Void
    ) async {
        await withTaskGroup { group in
            for platform in Platform.allCases {
                group.addTask {
                    do {
                        try await playing(platform, units: units, steered: steered) { stage in
                            do { try await body(platform, stage) } catch { throw Overdue(description: "at \(platform.name): \(error)") }
                        }
                    } catch { Issue.record("at \(platform.name): \(error)") }
                }
            }
        }
    }

    /// Writes the accounts down as they are now, with the keys that are in force.
    private func configure() throws {
        let accounts = try (gateways.values.map(\.self) + [tracker]).map { try $0.lines(in: heyi.folder) }
        try heyi.configure(extra: "gateways:\n\(accounts.joined(separator: "\n"))", publicURL: heyi.publicURL)
    }

    /// The operator puts the platforms' newest keys in place.
    func reload() async throws {
        try configure()
        let before = heyi.log.components(separatedBy: "config.reloaded").count
        heyi.signal(SIGHUP)
        try await eventually("the new keys are read") { self.heyi.log.components(separatedBy: "config.reloaded").count > before ? true : nil }
    }

    /// Time passes, for the daemon and the platforms alike.
    func pass(to seconds: Int64) throws {
        platformClock.set(ahead: seconds)
        try #require(daemonClock).set(ahead: seconds)
    }

    /// What the clocks of all show.
    var now: Timestamp { platformClock.now() }

    /// It is another time, for the daemon and the platforms alike.
    func pass(to time: Timestamp) throws { try pass(to: platformClock.ahead(at: time)) }

    /// Waits until nothing is due at the time it is now.
    func workedOff() async throws {
        try await eventually("what was due is done") { () -> Bool? in
            let timers = try await self.heyi.json("order", "timers")["data"]?.array ?? []
            let now = self.platformClock.now().milliseconds
            return timers.contains { timer in
                timer["done_at"]?.integer == nil && (timer["look_at"]?.integer ?? timer["due_at"]?.integer ?? 0) <= now
            } ? nil : true
        }
    }

    // MARK: Platforms

    func gateway(_ platform: Platform) throws -> RunningGateway { try #require(gateways[platform]) }

    func dial(_ platform: Platform, _ dials: JSON) throws { try gateway(platform).control("dials", dials) }

    /// A payer at work at the platform.
    ///
    /// - Parameter late: his bank lets him although the platform has closed the payment.
    func pay(_ order: String, _ attempt: String, at platform: Platform, late: Bool = false) throws {
        let answer = try gateway(platform).control("pay", ["number": .string("\(order)-\(attempt)"), "late": .bool(late)])
        #expect(answer["done"] != false, "\(answer.text)")
    }

    /// What the platform itself did to the money of an order.
    func books(_ order: String, at platform: Platform) throws -> PlatformBooks {
        PlatformBooks(try gateway(platform).control("books"), order: order)
    }

    /// Waits until the platform has told all it had to tell.
    func allTold(by platform: Platform) async throws {
        try await eventually("all callbacks of \(platform.name) are delivered") {
            try self.gateway(platform).control("books")["callbacks"]?["waiting"] == 0 ? true : nil
        }
        try await eventually("all callbacks of \(platform.name) are done") {
            try await self.heyi.json("status")["inbox"]?["waiting"] == 0 ? true : nil
        }
    }

    // MARK: Orders

    func place(_ member: String) async throws -> String {
        let line: JSON = ["lines": [["sku": "cup-plum", "quantity": 1]]]
        let quote = try await ask(member, "post", "/v1/shop/quotes", line)
        let order: JSON = [
            "quote": quote["body"]?["id"] ?? .null, "buyer": ["name": "李雷", "phone": "13800001234", "address": "1 Road"],
        ]
        let placed = try await ask(member, "post", "/v1/shop/orders", order)
        return try #require(placed["body"]?["number"]?.string, "\(placed.text)")
    }

    /// Sends the buyer to pay.
    ///
    /// - Returns: what the buyer's client gets.
    @discardableResult
    func open(_ number: String, at platform: Platform, way: JSON? = nil) async throws -> JSON {
        let member = try await order(number)["member"]?.string ?? ""
        let opened = try await ask(member, "post", "/v1/shop/orders/\(number)/pay", way ?? platform.opening)
        #expect(opened["status"] == 200, "\(opened.text)\n\(heyi.log.suffix(2_000))")
        return opened["body"] ?? .null
    }

    /// An order of one cup whose buyer was sent to pay.
    func opened(_ member: String, at platform: Platform) async throws -> String {
        let number = try await place(member)
        try await open(number, at: platform)
        return number
    }

    /// An order of one cup that is paid, and known to be.
    func paid(_ member: String, at platform: Platform) async throws -> String {
        let number = try await opened(member, at: platform)
        try pay(number, "a1", at: platform)
        try await until(number) { $0["state"] == "paid" }
        return number
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

    /// Runs a command that must succeed.
    func command(_ arguments: String...) async throws {
        let outcome = try await heyi.heyi(arguments)
        #expect(outcome.code == 0, "\(arguments): \(outcome.all)")
    }

    func policy(_ policy: JSON) async throws { try await command("order", "policy", "app", "--set", policy.text) }

    /// All orders, folded again, are what is kept beside their facts.
    func audit() async throws { try await command("order", "audit") }

    private func ask(_ member: String, _ method: String, _ target: String, _ body: JSON) async throws -> JSON {
        let outcome = try await Binary.run(
            path: "python3",
            [
                "-B", "\(Repository.root)/docs/examples/shopper.py", "--hub", heyi.publicURL, "--channel", "app", "--secret-file",
                heyi.folder.file("app.secret"), "--member", member, method, target, body.text,
            ], environment: heyi.environment)
        return try JSON.parse(outcome.text)
    }
}
