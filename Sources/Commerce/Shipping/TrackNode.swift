/// A tracking event and the account whose service told it.
package struct TrackNode: Hashable, Sendable {
    package let source: String
    package let event: TrackingEvent

    package init(_ event: TrackingEvent, from source: String) {
        self.event = event
        self.source = source
    }
}

extension TrackNode {
    /// Whether two nodes are one thing that happened, told twice.
    ///
    /// One service: at the same instant, in the same words whatever its code, or the same milestone whatever its words. Two scans
    /// of one depot may share an instant and a coarse code, so on the way only words make two nodes one: a line shown
    /// twice is a smaller harm than one hidden. Two deliveries, or two attempts, of one instant are one.
    ///
    /// Two services: the same by the minute, for some of them cut off the seconds.
    func isSame(as other: TrackNode) -> Bool {
        let (mine, theirs) = (event, other.event)
        let together = source == other.source ? mine.at == theirs.at : mine.at.minute == theirs.at.minute
        guard together else { return false }
        return mine.wording == theirs.wording || mine.phase == theirs.phase && mine.phase.isMilestone
    }

    /// Which of two that are one is shown: one that names a place, then the one that says more.
    func tellsLess(than other: TrackNode) -> Bool {
        let (mine, theirs) = (event, other.event)
        if (mine.place == nil) != (theirs.place == nil) { return mine.place == nil }
        if mine.text.utf8.count != theirs.text.utf8.count { return mine.text.utf8.count < theirs.text.utf8.count }
        return precedes(other)
    }

    /// An order that depends on what they say alone.
    func precedes(_ other: TrackNode) -> Bool {
        let (mine, theirs) = (event, other.event)
        if mine.at != theirs.at { return mine.at < theirs.at }
        if mine.phase.course != theirs.phase.course { return mine.phase.course < theirs.phase.course }
        let pairs = [
            (mine.text, theirs.text), (mine.code, theirs.code), (mine.place ?? "", theirs.place ?? ""), (source, other.source),
        ]
        for (left, right) in pairs where !left.hasSameBytes(as: right) { return ByteOrder.precedes(left, right) }
        return false
    }
}

extension TrackingEvent {
    /// Its letters alone: services mask numbers, set other brackets and append digits to one carrier's words.
    var wording: String {
        let letters = text.unicodeScalars.filter(\.properties.isAlphabetic)
        return letters.isEmpty ? text : String(String.UnicodeScalarView(letters)).lowercased()
    }
}

extension Timestamp {
    fileprivate var minute: Int64 { milliseconds >= 0 ? milliseconds / 60_000 : (milliseconds - 59_999) / 60_000 }
}
