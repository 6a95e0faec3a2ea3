package import ChannelAdapters
package import Commerce

/// A channel in memory with the habits of real ones: loses requests and answers,
/// delays, repeats, throttles, stores lossily, and is edited by its own people.
///
/// Judges by its own ledger what really happened to it.
package final class SimulatedChannel: ChannelAdapter, @unchecked Sendable {
    // Unchecked because one thread runs the world it lives in.
    struct Held {
        var value: JSON?
        /// Actor to count; the channel's own copy of what the value's holder has seen.
        var clock: [String: Int64]
        var version: Int
        var updatedAt: Int64
        var dot: DotToken?
    }

    struct Key: Hashable, Comparable {
        let entity: RemoteRef
        let unit: UnitName
        static func < (left: Key, right: Key) -> Bool { (left.entity, left.unit) < (right.entity, right.unit) }
    }

    package let id: ChannelID
    package var habits = Habits()
    package var dark = false
    package let keepsClocks: Bool
    package let traits: Set<Trait>
    /// Whether it says when its people edited.
    package var tellsTime = false
    /// A unit it cannot take, and how it says so.
    package var poison: (unit: UnitName, entity: RemoteRef, choke: Choke)?
    package var answersDigests = false
    /// Whether it never loses the news of a deletion. Only comparing finds such a loss, and what is buried cannot be
    /// compared any more: in plans that bury within minutes, what takes a shop months to reach would be lost for good.
    package var remembersLives = false
    package let projection: Projection
    /// How it writes a value down whoever gave it: another spelling of the same.
    package let spelling: @Sendable (JSON, UnitName) -> JSON
    let time: any TimeSource
    let random: SeededRandom
    var units: [Key: Held] = [:]
    var log: [(key: Key, held: Held)] = []
    /// What it held at earlier times, newest last, while it may show old states.
    var past: [(at: Int64, units: [Key: Held])] = []
    package internal(set) var ledger = ChannelLedger()
    /// Who is told what happens here.
    package var watch: ChannelWatch?
    var versionCount = 0
    /// Whether anybody asked what it is; before that no life of it is known to anybody.
    var isMet = false
    private var instant = (at: Timestamp(milliseconds: 0), requests: 0)
    /// Counts the data sets this channel has had: another one after a restore or a relink.
    var life = 1
    /// How it names the one it has.
    var dataSet: String { "g\(life)" }
    var actorName: String { "ch:\(id):life\(life)" }

    /// How a channel refuses the unit that is poison to it.
    package enum Choke: String, Sendable, CaseIterable {
        /// Puts it off each time.
        case defers
        /// Answers the whole batch with 500.
        case fails
    }

    package init(
        id: ChannelID, keepsClocks: Bool, traits: Set<Trait> = [], projection: Projection = Projection(),
        spelling: @escaping @Sendable (JSON, UnitName) -> JSON = { value, _ in value }, time: any TimeSource,
        random: SeededRandom
    ) {
        self.id = id
        self.keepsClocks = keepsClocks
        self.traits = traits
        self.projection = projection
        self.spelling = spelling
        self.time = time
        self.random = random
    }

    /// Operations applied more than once, which must never happen.
    package var doubledEffects: [String] { ledger.applied.filter { $0.value > 1 }.keys.sorted() }

    package func value(_ entity: RemoteRef, _ unit: UnitName) -> JSON? { units[Key(entity: entity, unit: unit)]?.value }

    /// All it holds, in order.
    package var contents: [(entity: RemoteRef, unit: UnitName, value: JSON)] {
        units.keys.sorted().compactMap { key in units[key]?.value.map { (key.entity, key.unit, $0) } }
    }

    /// What it shows of a value it was given.
    package func shown(_ value: JSON, _ unit: UnitName) -> JSON { spelling(projection.apply(to: value, unit: unit), unit) }

    /// When it says something changed, in milliseconds.
    var clockMilliseconds: Int64 {
        let now = time.now().milliseconds
        return traits.contains(.coarseTimes) ? now / 1_000 * 1_000 : now
    }

    func chance(_ perThousand: Int) -> Bool { perThousand > 0 && Int(random.next() % 1_000) < perThousand }

    func before() async throws(ChannelError) {
        ledger.requests += 1
        try await slow()
        if habits.delayMax > 0 {
            try await delay()
        }
        if dark || chance(habits.refuses) { throw .unreachable(reason: "connection refused") }
        if chance(habits.losesRequest) { throw .unknown(reason: "timed out") }
        if let left = stormLeft { throw .throttled(retryAfter: left) }
        if chance(habits.throttles) { throw .throttled(retryAfter: .seconds(2)) }
        if chance(habits.fails) { throw .failed(status: 503, reason: "busy") }
    }

    /// Requests answered in no time at one instant. Who asks without a pause would else keep his job and the time for ever.
    private static let atInstantMax = 500

    private func slow() async throws(ChannelError) {
        let now = time.now()
        instant = instant.at == now ? (now, instant.requests + 1) : (now, 1)
        guard instant.requests > SimulatedChannel.atInstantMax else { return }
        do { try await time.sleep(for: .milliseconds(1)) } catch { throw .cancelled }
    }

    /// How long the storm of now still lasts, if there is one.
    private var stormLeft: Duration? {
        guard habits.stormEvery > 0 else { return nil }
        let second = Int(time.now().milliseconds / 1_000) % habits.stormEvery
        return second < habits.stormLasts ? .seconds(habits.stormLasts - second) : nil
    }

    /// What happens to an answer. Who is cancelled while it is on its way does not know what was done.
    func after() async throws(ChannelError) {
        if habits.delayMax > 0 { try await delay() }
        if chance(habits.losesAnswer) { throw .unknown(reason: "connection reset") }
        if chance(habits.storesThenFails) { throw .failed(status: 500, reason: "internal error") }
    }

    private func delay() async throws(ChannelError) {
        let wait = Int64(random.next() % UInt64(habits.delayMax)) / 2
        do { try await time.sleep(for: .milliseconds(wait)) } catch { throw .cancelled }
    }

    package func capabilities() async throws(ChannelError) -> Capabilities {
        try await before()
        isMet = true
        return Capabilities(
            keepsClocks: keepsClocks, comparesAndSwaps: true, recognisesKeys: keepsClocks, batchMax: 20,
            projection: projection, generation: dataSet, actorName: keepsClocks ? actorName : nil,
            digests: answersDigests)
    }

    func token(_ clock: [String: Int64]) -> CausalToken {
        CausalToken(json: .object(JSONObject(clock.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })))
    }

    func clock(_ token: CausalToken) -> [String: Int64] {
        var clock: [String: Int64] = [:]
        for member in token.json.object ?? JSONObject() { clock[member.name] = member.value.integer }
        return clock
    }
}
