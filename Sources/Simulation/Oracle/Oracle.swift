import ChannelAdapters
import Commerce
import ConflictResolution
import Store

/// Follows every write through a world by its full history, and judges the store's clocks by that.
///
/// A clock is a claim about what a writer had seen. The oracle knows what he had seen, because
/// it hears of each edit and each landed push where it happens; it never looks into a token.
final class Oracle {
    struct Event {
        let unit: UnitRef
        /// Who counted it, as his identity is spelled, and which of his it is; nil until the hub knows it.
        var name: String?
        let channel: ChannelID?
        /// Nobody's edit: the hub wrote down what it found a channel to hold, which an edit or a hub had put there.
        var isFound = false
    }

    private struct Place: Hashable {
        let channel: ChannelID
        let unit: UnitRef
    }

    private(set) var events: [Event] = []
    /// What whoever wrote an event had seen, the event included.
    private(set) var pasts: [EventSet] = []
    /// What the hub's record of a unit includes.
    var hub: [UnitRef: EventSet] = [:]
    /// What it included at each change, by store generation and then by sequence.
    private var atChange: [String: [Int64: EventSet]] = [:]
    /// Writes that stand in the hub's record as changes of their own.
    private var recorded = EventSet()
    private var atChannel: [Place: EventSet] = [:]
    /// What channels had seen in data sets they no longer are. An answer may have left before they became another.
    private var before: [Place: EventSet] = [:]
    /// The bytes each recorded event wrote.
    private var written: [Int: [UInt8]] = [:]
    /// Writes a change had included and not made live, its live value being that of others who had not seen them.
    private var passedOver: [String: [Int64: Set<Int>]] = [:]
    /// Edits no channel shows any more, because a push that knew of them put another value there. Should the hub
    /// lose them with a restore, nobody can tell it of them, and there is nothing left to overwrite.
    private var replaced: [Place: Set<Int>] = [:]
    private struct Landing {
        let place: Place
        let generation: String
        let sequence: Int64
        let keepsClocks: Bool
    }

    /// Pushes that landed since the record was last read, in the order they did.
    private var landings: [Landing] = []
    /// All names ever given, also by lives the hub has lost.
    private var named: [String: Int] = [:]
    /// Edits at channels the hub has not heard of, by their dots.
    var unheard: [String: Int] = [:]
    private var position: Int64 = 0
    /// Each unit's newest change in the hub's record.
    private var newest: [UnitRef: Int64] = [:]
    /// Whether a value was ever to be seen at a channel.
    var hasShown: (ChannelID, UnitRef, JSON) -> Bool = { _, _, _ in false }
    /// Which data set a channel is now.
    var dataSet: (ChannelID) -> String? = { _ in nil }
    var violations: [Violation] = []

    /// What was found since the last time.
    func takeViolations() -> [Violation] {
        defer { violations = [] }
        return violations
    }

    private func add(_ unit: UnitRef, seen: EventSet, by channel: ChannelID?) -> Int {
        events.append(Event(unit: unit, name: nil, channel: channel))
        var past = seen
        past.insert(events.count - 1)
        pasts.append(past)
        return events.count - 1
    }

    private func key(_ unit: UnitRef, _ actor: String, _ count: UInt64) -> String { "\(unit) \(actor) \(count)" }

    // What channels tell as it happens.

    func edited(_ channel: ChannelID, _ unit: UnitRef, _ dot: DotToken?) {
        let place = Place(channel: channel, unit: unit)
        let event = add(unit, seen: atChannel[place] ?? EventSet(), by: channel)
        atChannel[place] = pasts[event]
        if let dot { unheard[key(unit, dot.actor, dot.count)] = event }
    }

    /// A push landed. Taken up with the changes it rests on, which are read later.
    func stored(_ channel: ChannelID, _ unit: UnitRef, generation: String, sequence: Int64, keepsClocks: Bool) {
        landings.append(
            Landing(
                place: Place(channel: channel, unit: unit), generation: generation, sequence: sequence,
                keepsClocks: keepsClocks))
    }

    private func land(_ landing: Landing) {
        let (place, keepsClocks) = (landing.place, landing.keepsClocks)
        let (channel, unit) = (place.channel, place.unit)
        guard let landed = atChange[landing.generation]?[landing.sequence] else { return }
        let held = atChannel[place] ?? EventSet()
        // What stands there is the newest of all it has seen; the rest was replaced before.
        let edits = held.events.filter { !events[$0].isFound }
        let standing = edits.filter { event in
            !held.events.contains { later in
                // What the hub found here is still that edit; what it found elsewhere and brought here took its place.
                later != event && pasts[later].contains(event) && !(events[later].isFound && events[later].channel == channel)
            }
        }
        if !keepsClocks, let lost = standing.first(where: {
            !landed.contains($0) && events[$0].channel == channel && replaced[place]?.contains($0) != true
        }) {
            violations.append(.overwritten("\(unit) at \(channel): a push replaced edit \(lost), which the hub had not seen"))
        }
        atChannel[place, default: EventSet()].formUnion(landed)
        let gone = (replaced[place] ?? []).filter { !landed.contains($0) }
        replaced[place] = gone.union(passedOver[landing.generation]?[landing.sequence] ?? [])
    }

    /// A channel became another data set: what it holds now has the past it had then, or none.
    func reset(_ channel: ChannelID, to snapshot: [UnitRef: EventSet], units: [UnitRef]) {
        for unit in units {
            let place = Place(channel: channel, unit: unit)
            before[place, default: EventSet()].formUnion(atChannel[place] ?? EventSet())
            atChannel[place] = snapshot[unit]
            replaced[place] = nil
        }
        // Edits nobody had heard of are gone with the data set.
        unheard = unheard.filter { events[$0.value].channel != channel }
    }

    func snapshot(_ channel: ChannelID, units: [UnitRef]) -> [UnitRef: EventSet] {
        units.reduce(into: [:]) { $0[$1] = atChannel[Place(channel: channel, unit: $1)] }
    }

    /// Whether a channel once held what the hub had at a change.
    func reached(_ channel: ChannelID, _ unit: UnitRef, generation: String, _ sequence: Int64) -> Bool {
        guard let had = atChange[generation]?[sequence] else { return true }
        return had.isSubset(of: atChannel[Place(channel: channel, unit: unit)] ?? EventSet())
    }

    // What the hub's record shows.

    struct Memory {
        fileprivate let hub: [UnitRef: EventSet]
        fileprivate let recorded: EventSet
        fileprivate let changes: [Int64: EventSet]
        fileprivate let passedOver: [Int64: Set<Int>]
        fileprivate let position: Int64
        fileprivate let newest: [UnitRef: Int64]
    }

    func memory(of generation: String) -> Memory {
        Memory(
            hub: hub, recorded: recorded, changes: atChange[generation] ?? [:],
            passedOver: passedOver[generation] ?? [:], position: position, newest: newest)
    }

    /// The hub is an older copy of itself: what it includes is what the copy did.
    func rewindHub(to memory: Memory, generation: String) {
        hub = memory.hub
        recorded = memory.recorded
        atChange[generation] = memory.changes
        passedOver[generation] = memory.passedOver
        position = memory.position
        newest = memory.newest
    }

    func newest(_ unit: UnitRef) -> Int64? { newest[unit] }

    /// Takes up what was recorded since the last time, and checks each claim it makes.
    func follow(_ reading: Reading, generation: String) throws(StoreError) {
        let newest = try reading.newestSequence()
        if newest < position {
            violations.append(.lostWrite("changes after \(newest) were acknowledged and are gone; \(position) was the newest"))
            position = newest
        }
        var changes = try reading.changes(after: position, limit: 10_000)[...]
        func takeThrough(_ sequence: Int64) throws(StoreError) {
            while let change = changes.first, change.sequence <= sequence {
                try take(change, reading, generation)
                position = change.sequence
                self.newest[change.unit] = change.sequence
                changes.removeFirst()
            }
        }
        for landing in landings {
            if landing.generation == generation { try takeThrough(landing.sequence) }
            land(landing)
        }
        landings.removeAll()
        try takeThrough(.max)
    }

    private func take(_ change: Change, _ reading: Reading, _ generation: String) throws(StoreError) {
        guard let identity = reading.identity(of: change.dot.actor) else { return }
        let unit = change.unit
        let name = key(unit, identity.description, change.dot.count)
        let event: Int
        if let told = unheard[name] {
            event = told
            unheard[name] = nil
            named[name] = event
            judge(change, seen: pasts[event], reading)
        } else if let held = named[name] {
            // A channel's own write may be learnt again by a restored hub; nobody else's name comes twice.
            if identity.role != .channel || recorded.contains(held) {
                violations.append(.repeatedDot("\(name) names two writes"))
            }
            event = held
        } else {
            switch identity.role {
            case .channel:
                guard let channel = ChannelID(identity.name) else { return }
                let place = Place(channel: channel, unit: unit)
                // Who shows what the hub had at a change has seen what the hub had, whoever told him.
                var seen = atChannel[place] ?? EventSet()
                let earlier = try pastBefore(place, identity, reading)
                if let earlier { seen.formUnion(earlier) }
                for earlier in try reading.history(unit, limit: 1_000) where earlier.sequence < change.sequence {
                    guard let live = try earlier.liveJSON(), hasShown(channel, unit, live) else { continue }
                    seen.formUnion(atChange[generation]?[earlier.sequence] ?? EventSet())
                }
                judge(change, seen: seen, reading)
                event = add(unit, seen: seen, by: channel)
                events[event].isFound = true
                if earlier == nil { atChannel[place] = pasts[event] } else { before[place]?.formUnion(pasts[event]) }
            case .hub, .node, .scribe:
                event = add(unit, seen: hub[unit] ?? EventSet(), by: nil)
            }
            named[name] = event
        }
        events[event].name = name
        hub[unit, default: EventSet()].formUnion(pasts[event])
        recorded.insert(event)
        atChange[generation, default: [:]][change.sequence] = hub[unit]
        written[event] = change.value
        let all = (hub[unit] ?? EventSet()).events
        let winners = all.filter { change.live != nil && written[$0] == change.live }
        guard !winners.isEmpty else { return }
        passedOver[generation, default: [:]][change.sequence] = Set(
            all.filter { event in !winners.contains { pasts[$0].contains(event) } })
    }

    /// What a channel had seen in the data sets it was before; nil where the hub names what the present one holds.
    private func pastBefore(_ place: Place, _ identity: ActorIdentity, _ reading: Reading) throws(StoreError) -> EventSet? {
        guard let past = before[place] else { return nil }
        let record = try reading.requireChannel(place.channel)
        return record.actor == identity && record.remoteGeneration == dataSet(place.channel) ? nil : past
    }
}
