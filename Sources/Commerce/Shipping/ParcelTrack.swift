/// What is known of a parcel's way: a function of the set of events that were told, and of nothing else.
///
/// Events may come late, twice, in batches, in any order, from several services, and a later snapshot may leave some out:
/// the track is the same. Every event is in exactly one entry.
package struct ParcelTrack: Hashable, Sendable {
    /// One thing that happened, and who told it.
    package struct Entry: Hashable, Sendable {
        /// As the service that says most of it words it.
        package let event: TrackingEvent
        package let sources: [String]
    }

    /// In the order they happened.
    package let entries: [Entry]
    /// Where it is; nil while nothing is known.
    package private(set) var phase: ParcelPhase?
    /// Since when it is there.
    package private(set) var since: Timestamp?
    /// The first time it was in its buyer's hands.
    package private(set) var deliveredAt: Timestamp?
    /// When it first was on its way back, or back.
    package private(set) var turnedBackAt: Timestamp?
    package private(set) var returnedAt: Timestamp?
    /// Times it was brought and could not be handed over.
    package private(set) var failedAttempts = 0
    /// What is wrong with it now, or went wrong after it was delivered.
    package private(set) var trouble: TrackingEvent?

    package init(_ nodes: some Sequence<TrackNode>) {
        entries = ParcelTrack.entries(nodes)
        for entry in entries { take(entry.event) }
    }

    /// When something was last heard to have happened.
    package var lastAt: Timestamp? { entries.last?.event.at }

    private mutating func take(_ event: TrackingEvent) {
        let before = phase
        let now = before?.after(event.phase) ?? event.phase
        if event.phase == .exception, before == .outForDelivery { failedAttempts += 1 }
        if event.phase == .exception, now == .exception || now == .delivered { trouble = event }
        guard now != before else { return }
        (phase, since) = (now, event.at)
        if now != .exception { trouble = nil }
        switch now {
        case .delivered: deliveredAt = event.at
        case .returning: turnedBackAt = turnedBackAt ?? event.at
        case .returned:
            turnedBackAt = turnedBackAt ?? event.at
            returnedAt = event.at
        case .announced, .pickedUp, .inTransit, .customs, .outForDelivery, .awaitingPickUp, .exception, .expired: break
        }
    }
}

extension ParcelTrack {
    private static func entries(_ nodes: some Sequence<TrackNode>) -> [Entry] {
        let sorted = nodes.sorted { $0.precedes($1) }
        // What is one with one that is one with a third is one with that as well, so no order of looking matters.
        var leader = Array(sorted.indices)
        func lead(_ index: Int) -> Int {
            var index = index
            while leader[index] != index { index = leader[index] }
            return index
        }
        for index in sorted.indices {
            var other = index - 1
            while other >= 0, sorted[index].event.at.milliseconds - sorted[other].event.at.milliseconds < 60_000 {
                if sorted[index].isSame(as: sorted[other]) {
                    let (first, second) = (lead(index), lead(other))
                    leader[max(first, second)] = min(first, second)
                }
                other -= 1
            }
        }
        var groups: [Int: [TrackNode]] = [:]
        for index in sorted.indices { groups[lead(index), default: []].append(sorted[index]) }
        return groups.values.compactMap(Entry.init).sorted { $0.node.precedes($1.node) }
    }
}

extension ParcelTrack.Entry {
    fileprivate var node: TrackNode { TrackNode(event, from: sources.joined(separator: " ")) }

    /// One thing out of all that tell it.
    fileprivate init?(_ nodes: [TrackNode]) {
        guard let shown = nodes.max(by: { $0.tellsLess(than: $1) })?.event else { return nil }
        // Whoever cut off seconds is earlier than it was, and whoever says least of the phase knows least of it.
        let at = nodes.map(\.event.at).max() ?? shown.at
        let phase = nodes.map(\.event.phase).max { $0.course < $1.course } ?? shown.phase
        event = TrackingEvent(at: at, phase: phase, text: shown.text, place: shown.place, code: shown.code)
        sources = Set(nodes.map(\.source)).sorted(by: ByteOrder.precedes)
    }
}
