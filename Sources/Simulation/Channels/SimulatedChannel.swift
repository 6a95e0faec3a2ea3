package import ChannelAdapters
package import Commerce

/// A channel in memory with the habits of real ones: loses requests and answers,
/// delays, repeats, throttles, stores lossily, and is edited by its own people.
///
/// Judges by its own ledger what really happened to it.
package final class SimulatedChannel: ChannelAdapter, @unchecked Sendable {
    // Unchecked because one thread runs the world it lives in.
    package struct Habits: Sendable {
        /// Each a chance in 1,000 for every request.
        package var refuses = 0
        package var losesRequest = 0
        package var losesAnswer = 0
        package var fails = 0
        package var throttles = 0
        package var rejectsDelta = 0
        package var defersDelta = 0
        package var repeats = 0
        package var delayMax: Int64 = 0
        package var shufflesPulls = false

        package init() {}
    }

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
    /// Whether it says when its people edited.
    package var tellsTime = false
    package let projection: Projection
    /// How it writes a value down whoever gave it: another spelling of the same.
    package let spelling: @Sendable (JSON, UnitName) -> JSON
    let actorName: String
    let time: any TimeSource
    let random: SeededRandom
    var units: [Key: Held] = [:]
    var log: [(key: Key, held: Held)] = []
    var applied: [String: Int] = [:]
    /// Markers of this channel's own edits that nobody had overwritten when they were made.
    package private(set) var edits: [(unit: UnitName, entity: RemoteRef, value: JSON?)] = []
    private var versionCount = 0

    package init(
        id: ChannelID, keepsClocks: Bool, projection: Projection = Projection(),
        spelling: @escaping @Sendable (JSON, UnitName) -> JSON = { value, _ in value }, time: any TimeSource,
        random: SeededRandom
    ) {
        self.id = id
        self.keepsClocks = keepsClocks
        self.projection = projection
        self.spelling = spelling
        self.time = time
        self.random = random
        actorName = "ch:\(id):life1"
    }

    /// Operations applied more than once, which must never happen.
    package var doubledEffects: [String] { applied.filter { $0.value > 1 }.keys.sorted() }

    package func value(_ entity: RemoteRef, _ unit: UnitName) -> JSON? { units[Key(entity: entity, unit: unit)]?.value }

    /// All it holds, in order.
    package var contents: [(entity: RemoteRef, unit: UnitName, value: JSON)] {
        units.keys.sorted().compactMap { key in units[key]?.value.map { (key.entity, key.unit, $0) } }
    }

    /// An edit by the channel's own people.
    package func edit(_ entity: RemoteRef, _ unit: UnitName, _ value: JSON?) {
        let key = Key(entity: entity, unit: unit)
        var held = units[key] ?? Held(value: nil, clock: [:], version: 0, updatedAt: 0)
        held.value = value.map { shown($0, unit) }
        if keepsClocks {
            let count = (held.clock[actorName] ?? 0) + 1
            held.dot = DotToken(actor: actorName, count: UInt64(count))
            held.updatedAt = time.now().milliseconds
            log.append((key, held))
            held.clock[actorName] = count
        }
        versionCount += 1
        held.version = versionCount
        held.updatedAt = time.now().milliseconds
        units[key] = held
        edits.append((unit, entity, held.value))
        if !keepsClocks { log.append((key, held)) }
    }

    /// What it shows of a value it was given.
    package func shown(_ value: JSON, _ unit: UnitName) -> JSON { spelling(projection.apply(to: value, unit: unit), unit) }

    private func chance(_ perThousand: Int) -> Bool { Int(random.next() % 1_000) < perThousand }

    private func before() async throws(ChannelError) {
        if habits.delayMax > 0 {
            let wait = Int64(random.next() % UInt64(habits.delayMax))
            do { try await time.sleep(for: .milliseconds(wait)) } catch { throw .cancelled }
        }
        if dark || chance(habits.refuses) { throw .unreachable(reason: "connection refused") }
        if chance(habits.losesRequest) { throw .unknown(reason: "timed out") }
        if chance(habits.throttles) { throw .throttled(retryAfter: .seconds(2)) }
        if chance(habits.fails) { throw .failed(status: 503, reason: "busy") }
    }

    private func after() throws(ChannelError) {
        if chance(habits.losesAnswer) { throw .unknown(reason: "connection reset") }
    }

    package func capabilities() async throws(ChannelError) -> Capabilities {
        try await before()
        return Capabilities(
            keepsClocks: keepsClocks, comparesAndSwaps: true, recognisesKeys: keepsClocks, batchMax: 20,
            projection: projection, generation: "g1", actorName: keepsClocks ? actorName : nil)
    }

    package func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer {
        try await before()
        let times = chance(habits.repeats) ? 2 : 1
        var outcomes: [PushOutcome] = []
        for _ in 0..<times { outcomes = batch.deltas.map { store($0) } }
        try after()
        return PushAnswer(outcomes: outcomes)
    }

    private func store(_ delta: OutgoingDelta) -> PushOutcome {
        if chance(habits.defersDelta) { return .deferred(retryAfter: .seconds(1)) }
        if chance(habits.rejectsDelta) { return .rejected(field: "value", reason: "not today") }
        let key = Key(entity: delta.entity, unit: delta.unit)
        let value: JSON?
        switch delta.operation {
        case .delete: value = nil
        case .set(let bytes): value = (try? JSON.parse(bytes)).map { shown($0, delta.unit) }
        }
        return keepsClocks ? storeByClock(delta, key, value) : storeBySwap(delta, key, value)
    }

    private func storeByClock(_ delta: OutgoingDelta, _ key: Key, _ value: JSON?) -> PushOutcome {
        let theirs = clock(delta.token)
        let held = units[key]
        let ours = held?.clock ?? [:]
        if ours.allSatisfy({ theirs[$0.key] ?? 0 >= $0.value }) {
            if ours != theirs || held == nil {
                applied[delta.key.text, default: 0] += 1
                versionCount += 1
                units[key] = Held(
                    value: value, clock: theirs, version: versionCount, updatedAt: time.now().milliseconds)
            }
            return .stored(holding: nil)
        }
        guard let held else { return .stored(holding: nil) }
        if theirs.allSatisfy({ ours[$0.key] ?? 0 >= $0.value }) {
            return .stored(holding: Holding(value: held.value, token: token(held.clock), version: String(held.version)))
        }
        return .stale(observation(key, held, before: true))
    }

    private func storeBySwap(_ delta: OutgoingDelta, _ key: Key, _ value: JSON?) -> PushOutcome {
        let held = units[key]
        let expected = delta.expecting ?? (held == nil ? nil : "")
        if let held, expected != String(held.version) { return .stale(observation(key, held, before: false)) }
        applied[delta.key.text, default: 0] += 1
        versionCount += 1
        let stored = Held(value: value, clock: [:], version: versionCount, updatedAt: time.now().milliseconds)
        units[key] = stored
        log.append((key, stored))
        return .stored(holding: Holding(value: value, token: nil, version: String(versionCount)))
    }

    package func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        try await before()
        let start = cursor.flatMap { Int($0.text) } ?? 0
        let end = min(log.count, start + min(limit, 7))
        // A backend without clocks lists what changed as it is now, not as it was.
        var observations = log[start..<end].map { entry in
            observation(entry.key, keepsClocks ? entry.held : units[entry.key] ?? entry.held, before: keepsClocks)
        }
        if habits.shufflesPulls, keepsClocks { observations.shuffle(using: &shuffler) }
        if chance(habits.repeats) { observations += observations }
        try after()
        return PullPage(
            observations: observations, next: PullCursor(String(end)), complete: end == log.count)
    }

    private var shuffler: Shuffler { get { Shuffler(random: random) } set {} }
    private struct Shuffler: RandomNumberGenerator {
        let random: SeededRandom
        mutating func next() -> UInt64 { random.next() }
    }

    package func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] {
        try await before()
        var observations: [Observation] = []
        for entity in entities {
            let keys = units.keys.filter { $0.entity == entity }.sorted()
            if keys.isEmpty { observations.append(Observation(entity: entity, unit: nil, content: .absent)) }
            for key in keys { if let held = units[key] { observations.append(observation(key, held, before: false)) } }
        }
        try after()
        return observations
    }

    package func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        try await before()
        let keys = units.keys.sorted()
        let start = position.flatMap { Int($0) } ?? 0
        let end = min(keys.count, start + limit)
        let observations = keys[start..<end].compactMap { key in
            units[key].map { observation(key, $0, before: false) }
        }
        return EnumerationPage(observations: observations, next: end < keys.count ? String(end) : nil)
    }

    /// - Parameter before: as its author saw it when writing (for edits), else as it is held.
    private func observation(_ key: Key, _ held: Held, before: Bool) -> Observation {
        var seen = held.clock
        if let dot = held.dot { seen[dot.actor] = Int64(dot.count) - 1 == 0 ? nil : Int64(dot.count) - 1 }
        let dot = held.dot
        return Observation(
            entity: key.entity, unit: key.unit, content: held.value.map { .value($0) } ?? .absent,
            token: keepsClocks ? token(dot == nil ? held.clock : seen) : nil, dot: keepsClocks ? dot : nil,
            version: keepsClocks ? nil : String(held.version),
            modified: tellsTime ? Timestamp(milliseconds: held.updatedAt) : nil)
    }

    private func token(_ clock: [String: Int64]) -> CausalToken {
        CausalToken(json: .object(JSONObject(clock.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })))
    }

    private func clock(_ token: CausalToken) -> [String: Int64] {
        var clock: [String: Int64] = [:]
        for member in token.json.object ?? JSONObject() { clock[member.name] = member.value.integer }
        return clock
    }
}
