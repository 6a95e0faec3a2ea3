package import ChannelAdapters
package import ChannelSimulators
import Commerce

/// All that decides a run: who takes part, what goes wrong, what is done, and the seed of the schedule.
///
/// The same plan is the same run. A plan made from a seed can be shortened and kept in a file,
/// which stays a test after the generator has changed and the seed means something else.
package struct Plan: Hashable, Sendable {
    package struct Channel: Hashable, Sendable {
        package let name: String
        package let keepsClocks: Bool
        package var traits: Set<SimulatedChannel.Trait>
        package var habits: SimulatedChannel.Habits
    }

    package struct Platform: Hashable, Sendable {
        package let kind: GatewayKind
        package var dials: GatewayDials
        /// What a seed draws from.
        package static let kinds: [GatewayKind] = [.stripe, .weChatPay, .alipay]
    }

    /// Decides the order of what is ready at once, and every chance.
    package var seed: UInt64
    package var channels: [Channel]
    /// How often a channel is asked what changed.
    package var pullSeconds: Int
    /// How often a channel is compared as a whole, in seconds; 0 for never.
    package var compareSeconds: Int
    /// What is done while things go wrong.
    package var steps: [Step]
    /// What is done after all had healed and come in step.
    package var later: [Step]
    package var planted: Mistake?
    /// The payment platforms; none where the market has a till of its own.
    package var platforms: [Platform] = []

    /// A plan made from a seed: a random part of the faults, each with a random strength.
    ///
    /// - Parameter kind: what every payment platform is, should there be any; nil has the seed decide.
    package init(seed: UInt64, planted: Mistake? = nil, at kind: GatewayKind? = nil) {
        let dice = Dice(seed: seed ^ 0xABCD_EF01)
        self.seed = seed
        self.planted = planted
        pullSeconds = [3, 8, 20][dice.below(3)]
        compareSeconds = dice.below(4) == 0 ? [60, 600][dice.below(2)] : 0
        let isCompared = compareSeconds > 0
        channels = [("web", true), ("app", true), ("plain", false), ("old", false)].map { name, keepsClocks in
            dice.channel(name, keepsClocks: keepsClocks, isCompared: isCompared)
        }
        let kinds = dice.kinds()
        var steps = (1...28).map { dice.step($0, of: kinds) }
        // Drawn apart, so that a seed's other steps stay what they were.
        let market = Dice(seed: seed ^ 0x7E11_5E11)
        if market.coin() {
            var trading: [Step.Kind] = Array(repeating: .trade, count: 6) + [.oversell]
            if market.below(3) == 0 { trading.append(.jump) }
            for number in 201...224 { steps.insert(market.step(number, of: trading), at: market.below(steps.count + 1)) }
        }
        // Drawn apart for the same reason.
        let gateways = Dice(seed: seed ^ 0x6A7E_3A15)
        if steps.contains(where: { $0.kind == .trade }), gateways.coin() {
            platforms = (0...gateways.below(Platforms.most)).map { _ in gateways.platform(at: kind) }
            for number in 301...308 { steps.insert(gateways.step(number, of: [.platform]), at: gateways.below(steps.count + 1)) }
        }
        self.steps = steps
        later = (101...104).map { dice.step($0, of: [.write, .edit]) }
    }

    package init(
        seed: UInt64, channels: [Channel], pullSeconds: Int, compareSeconds: Int = 0, steps: [Step], later: [Step],
        planted: Mistake?, platforms: [Platform] = []
    ) {
        self.seed = seed
        self.channels = channels
        self.pullSeconds = pullSeconds
        self.compareSeconds = compareSeconds
        self.steps = steps
        self.later = later
        self.planted = planted
        self.platforms = platforms
    }
}

/// Draws the parts of a plan.
private struct Dice {
    let random: SeededRandom

    init(seed: UInt64) { random = SeededRandom(seed: seed) }

    func below(_ bound: Int) -> Int { Int(random.next() % UInt64(bound)) }
    func coin() -> Bool { random.next() % 2 == 0 }
    /// Half the time nothing, else up to `most`.
    func strength(_ most: Int) -> Int { coin() ? 0 : below(most) }

    func channel(_ name: String, keepsClocks: Bool, isCompared: Bool) -> Plan.Channel {
        var traits: Set<SimulatedChannel.Trait> = []
        for trait in SimulatedChannel.Trait.allCases where !keepsClocks || trait == .trustsCursors {
            if coin() { traits.insert(trait) }
        }
        var habits = SimulatedChannel.Habits()
        habits.refuses = strength(200)
        habits.losesRequest = strength(150)
        habits.losesAnswer = strength(250)
        habits.fails = strength(100)
        habits.storesThenFails = strength(150)
        habits.throttles = strength(100)
        habits.rejectsDelta = coin() ? strength(60) : 0
        habits.defersDelta = strength(100)
        habits.repeats = strength(300)
        habits.delayMax = Int64(strength(5_000))
        // Nobody but a comparison finds out what was acknowledged and lost.
        habits.forgets = isCompared ? strength(150) : 0
        if below(4) == 0 {
            habits.stormEvery = [20, 60, 300][below(3)]
            habits.stormLasts = 1 + below(habits.stormEvery * 2 / 3)
        }
        habits.shufflesPulls = coin()
        habits.staleMax = keepsClocks ? Int64(strength(300_000)) : 0
        return Plan.Channel(name: name, keepsClocks: keepsClocks, traits: traits, habits: habits)
    }

    /// One payment platform and its bad days.
    func platform(at kind: GatewayKind?) -> Plan.Platform {
        let drawn = Plan.Platform.kinds[below(Plan.Platform.kinds.count)]
        var dials = GatewayDials()
        dials.failBefore = strength(120)
        dials.failAfter = strength(120)
        dials.dropBefore = strength(120)
        dials.dropAfter = strength(150)
        dials.throttle = strength(80)
        dials.failInBody = strength(60)
        dials.refuseRefunds = strength(200)
        dials.refundTakes = coin() ? .zero : .seconds(1 + below(20_000))
        dials.callbackCopies = 1 + below(3)
        dials.callbackDelayMax = coin() ? .zero : .seconds(1 + below(600))
        dials.callbackLost = strength(400)
        dials.callbackTampered = strength(150)
        dials.callbackForeign = strength(100)
        dials.callbackOtherAmount = strength(500)
        return Plan.Platform(kind: kind ?? drawn, dials: dials)
    }

    /// Which things happen at all in this run, common ones more often.
    func kinds() -> [Step.Kind] {
        var kinds: [Step.Kind] = Array(repeating: .write, count: 8) + Array(repeating: .edit, count: 9)
        for _ in 0..<2 where coin() { kinds.append(.dark) }
        for rare in [
            Step.Kind.delete, .callback, .hint, .restart, .kill, .backup, .restore, .keep, .rewind, .relink, .bury, .poison,
        ] where below(3) == 0 {
            kinds.append(rare)
            // Putting back needs something taken before.
            if rare == .restore { kinds.append(.backup) }
            if rare == .rewind { kinds.append(.keep) }
        }
        return kinds
    }

    func step(_ number: Int, of kinds: [Step.Kind]) -> Step {
        Step(
            kinds[below(kinds.count)], channel: below(4), unit: below(World.unitCount), number: number,
            pause: below(4_000))
    }
}
