import ChannelAdapters
import ChannelSimulators
import Commerce
import Mall
import Store
import Synchronization

/// The payment platforms of a simulated world. They live on whatever becomes of the hub, and call back in their own time.
final class Platforms: Sendable {
    let all: [Platform]
    /// The platforms' clock, which is right when the hub's is not.
    let clock: JumpingClock
    let door: HubDoor
    /// Money that people take by hand, over which an order may be paid a second time.
    let hand: Till
    private let executor: SeededExecutor
    private let network: GatewayNetwork
    private let random: SeededRandom
    private let dials: [GatewayDials]
    private struct State {
        var process: HubProcess?
        var dark: Set<Int> = []
        var words: [Int] = []
        /// Numbers buyers were shown how to pay, with what they were shown first.
        var shown: [String: JSON] = [:]
        var pumps: [Task<Void, Never>] = []
    }
    private let state: Mutex<State>

    /// Accounts there may be, by name.
    private static let names = ["pay-east", "pay-west", "pay-north"]
    static var most: Int { names.count }

    init(_ plans: [Plan.Platform], seed: UInt64, hub: Surroundings, executor: SeededExecutor) throws {
        self.executor = executor
        dials = plans.map(\.dials)
        clock = JumpingClock(executor)
        random = SeededRandom(seed: seed &+ 0x6A7E)
        var all: [Platform] = []
        for (index, (plan, name)) in zip(plans, Platforms.names).enumerated() {
            let random = SeededRandom(seed: seed &+ 0x6A80 &+ UInt64(index))
            all.append(try Platform.make(ChannelID(name)!, as: plan.kind, time: clock, random: random))
        }
        self.all = all
        network = GatewayNetwork(Dictionary(all.map { ($0.host, $0.simulator) }) { first, _ in first })
        door = HubDoor(all, time: executor, random: SeededRandom(seed: seed &+ 0x6A7F))
        hand = Till("cash", surroundings: Surroundings(time: clock, random: random, ids: hub.ids))
        state = Mutex(State(words: all.map { _ in 0 }))
        for (platform, dials) in zip(all, dials) { try platform.turn(dials) }
    }

    var process: HubProcess? { state.withLock { $0.process } }

    /// Where buyers may pay now.
    var payments: [String: any PaymentGateway] {
        var payments: [String: any PaymentGateway] = [hand.id: hand]
        for gateway in (process?.gateways ?? [:]).values { if let one = gateway.payments { payments[one.id] = one } }
        return payments
    }

    func start() {
        let pumps = all.map { platform in
            Task(executorPreference: executor) { [clock, door, executor] in
                let pump = CallbackPump(platform.simulator, over: door)
                while !Task.isCancelled {
                    await pump.deliver(at: clock.now())
                    do { try await executor.sleep(for: .seconds(2)) } catch { return }
                }
            }
        }
        state.withLock { $0.pumps = pumps }
    }

    func finish() async {
        let pumps = state.withLock { $0.pumps }
        for pump in pumps { pump.cancel() }
        for pump in pumps { await pump.value }
    }

    /// A process of the hub begins with a store, and knows the keys that are in force.
    func begin(_ store: Store) throws {
        let process = try HubProcess(store, all, line: HubLine(network, time: executor, random: random))
        state.withLock { $0.process = process }
        process.start(on: executor)
        door.lead(to: process)
    }

    /// The process has ended; whoever ended it waits for what it still does.
    func cut() -> HubProcess? {
        door.lead(to: nil)
        let process = state.withLock { state in
            defer { state.process = nil }
            return state.process
        }
        process?.cut()
        return process
    }

    /// Something happens at a platform that has nothing to do with any one payment.
    func act(_ number: Int) throws {
        let index = number % all.count
        switch number / all.count % 4 {
        case 0, 1:
            let isDark = state.withLock { state in
                if state.dark.remove(index) != nil { return false }
                state.dark.insert(index)
                return true
            }
            var turned = dials[index]
            turned.dark = isDark
            try all[index].turn(turned)
        case 2:
            let word = state.withLock { state in
                defer { state.words[index] += 1 }
                return all[index].keyWords[state.words[index] % all[index].keyWords.count]
            }
            _ = try all[index].simulator.control(word.word, word.body)
        default: try process?.reload(all)
        }
    }

    /// All platforms are well, and the hub knows their keys.
    func heal() throws {
        state.withLock { $0.dark = [] }
        for platform in all { try platform.turn(GatewayDials()) }
        door.heal()
        try process?.reload(all)
    }

    /// The bad days begin again.
    func fall() throws {
        door.heal(false)
        for (platform, dials) in zip(all, dials) { try platform.turn(dials) }
    }

    /// A buyer was shown how to pay.
    func show(_ number: String, _ what: JSON) {
        state.withLock { if $0.shown[number] == nil { $0.shown[number] = what } }
    }

    /// Pays under a number the buyer was once shown how to pay, whatever the hub thinks of it by now.
    func pay(_ attempt: PaymentAttempt, of order: String) throws {
        let number = attempt.numberAtGateway(ofOrder: order).description
        guard let shown = state.withLock({ $0.shown[number] }), let platform = all.first(where: { $0.id.text == attempt.gateway }) else { return }
        try platform.pay(number, shown)
    }

    /// Delivers what is due, and has it done, until nothing is.
    func drain() async {
        while true {
            var delivered = 0
            for platform in all { delivered += await CallbackPump(platform.simulator, over: door).deliver(at: clock.now()) }
            if delivered == 0 { return }
        }
    }
}
