package import ChannelAdapters
import Commerce

extension SimulatedChannel {
    package func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        try await before()
        let position = try place(of: cursor)
        var page = traits.contains(.coarseTimes) ? pullBySecond(position) : pullByLog(position, limit: min(limit, 7))
        if habits.shufflesPulls, keepsClocks { page.observations.shuffle(using: &shuffler) }
        if chance(habits.repeats) { page.observations += page.observations }
        // Said by the data set that was read, whichever stands there when the answer arrives.
        let (next, generation) = (PullCursor("\(life):\(page.next)"), dataSet)
        try await after()
        if !keepsClocks {
            for seen in page.observations { if let unit = seen.unit { ledger.doubted.remove(Key(entity: seen.entity, unit: unit)) } }
        }
        return PullPage(
            observations: page.observations, next: next, complete: page.complete,
            generation: generation)
    }

    /// The position in a cursor of this data set; one of another is refused.
    private func place(of cursor: PullCursor?) throws(ChannelError) -> Int64 {
        guard let parts = cursor?.text.split(separator: ":"), parts.count == 2 else { return 0 }
        guard Int(parts[0]) == life || traits.contains(.trustsCursors), let position = Int64(parts[1]) else {
            throw .resyncNeeded(reason: "the cursor is of another data set")
        }
        return position
    }

    private typealias Page = (observations: [Observation], next: Int64, complete: Bool)

    private func pullByLog(_ position: Int64, limit: Int) -> Page {
        let start = min(log.count, Int(position))
        let end = min(log.count, start + limit)
        // A backend without clocks lists what changed as it is now, not as it was.
        let observations = log[start..<end].map { entry in
            observation(entry.key, keepsClocks ? entry.held : units[entry.key] ?? entry.held)
        }
        return (observations, Int64(end), end == log.count)
    }

    /// All units touched in or after a second, that second included: more may yet happen in it.
    private func pullBySecond(_ position: Int64) -> Page {
        let touched = units.filter { $0.value.updatedAt >= position }
            .sorted { ($0.value.updatedAt, $0.key) < ($1.value.updatedAt, $1.key) }
        var end = min(touched.count, 7)
        // Never ends within a second: the next page would begin with that second again, for ever.
        func isWithin(_ end: Int) -> Bool {
            let last = touched[end - 1].value.updatedAt
            return last == position || touched[end].value.updatedAt == last
        }
        while end > 0, end < touched.count, isWithin(end) { end += 1 }
        let page = touched[..<end]
        return (
            page.map { observation($0.key, $0.value) }, page.last?.value.updatedAt ?? position,
            end == touched.count
        )
    }

    private var shuffler: Shuffler { get { Shuffler(random: random) } set {} }
    private struct Shuffler: RandomNumberGenerator {
        let random: SeededRandom
        mutating func next() -> UInt64 { random.next() }
    }

    /// What it shows: at times an earlier state, as a replica behind its primary does.
    private func visible() -> [Key: Held] {
        guard habits.staleMax > 0, keepsClocks, !past.isEmpty, random.next() % 2 == 0 else { return units }
        let since = time.now().milliseconds - Int64(random.next() % UInt64(habits.staleMax))
        return past.first { $0.at >= since }?.units ?? units
    }

    package func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] {
        try await before()
        // What decides about a push without an answer is asked of the primary.
        var observations: [Observation] = []
        for entity in entities {
            let keys = units.keys.filter { $0.entity == entity }.sorted()
            if keys.isEmpty { observations.append(Observation(entity: entity, unit: nil, content: .absent)) }
            for key in keys { if let held = units[key] { observations.append(observation(key, held)) } }
        }
        try await after()
        ledger.doubted = ledger.doubted.filter { !entities.contains($0.entity) }
        return observations
    }

    package func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        try await before()
        let units = visible()
        var listed = units.map { (order: 0, key: $0.key, held: $0.value) }
        if traits.contains(.shiftingListings) { for index in listed.indices { listed[index].order = listed[index].held.version } }
        listed.sort { ($0.order, $0.key) < ($1.order, $1.key) }
        let start = min(listed.count, position.flatMap { Int($0) } ?? 0)
        let end = min(listed.count, start + min(limit, 5))
        let generation = dataSet
        try await after()
        for entry in listed[start..<end] { ledger.doubted.remove(entry.key) }
        // Listed to the end: what is not in it is not there.
        if end == listed.count { ledger.doubted.removeAll() }
        return EnumerationPage(
            observations: listed[start..<end].map { observation($0.key, $0.held) },
            next: end < listed.count ? String(end) : nil, generation: generation)
    }

    /// A unit as it is told; a write of its own with what its author had seen before it.
    func observation(_ key: Key, _ held: Held) -> Observation {
        var seen = held.clock
        if let dot = held.dot { seen[dot.actor] = dot.count == 1 ? nil : Int64(dot.count) - 1 }
        let dot = held.dot
        return Observation(
            entity: key.entity, unit: key.unit, content: held.value.map { .value($0) } ?? .absent,
            token: keepsClocks ? token(dot == nil ? held.clock : seen) : nil, dot: keepsClocks ? dot : nil,
            version: keepsClocks ? nil : String(held.version),
            modified: tellsTime ? Timestamp(milliseconds: held.updatedAt) : nil)
    }
}
