/// What is shown of a parcel that is followed, to buyers, channels and operators alike.
package struct ParcelSight: Hashable, Sendable {
    package let track: ParcelTrack
    /// Nil where nobody can say, and for one that has nowhere to go any more.
    package let estimate: DeliveryEstimate?
    /// Since when nothing has happened that should have; nil while all is as usual.
    package let stalledAt: Timestamp?

    /// The most events that are shown; the newest.
    package static let eventsMax = 50

    package init(track: ParcelTrack, estimate: DeliveryEstimate?, stalledAt: Timestamp?) {
        self.track = track
        self.estimate = estimate
        self.stalledAt = stalledAt
    }
}

extension ParcelSight {
    /// `state` is null while nothing is known. Events are the newest first.
    package var json: JSON {
        [
            "state": track.phase.map { .string($0.rawValue) } ?? .null,
            "since": track.since.map { .integer($0.milliseconds) } ?? .null,
            "failed_attempts": .integer(Int64(track.failedAttempts)),
            "delivered_at": track.deliveredAt.map { .integer($0.milliseconds) } ?? .null,
            "returned_at": track.returnedAt.map { .integer($0.milliseconds) } ?? .null,
            "stalled_at": stalledAt.map { .integer($0.milliseconds) } ?? .null,
            "estimate": estimate?.json ?? .null,
            "events": .array(track.entries.suffix(ParcelSight.eventsMax).reversed().map(\.event.json)),
        ]
    }
}

extension DeliveryEstimate {
    fileprivate var json: JSON {
        let (word, samples): (String, Int?) =
            switch source {
            case .carrier: ("carrier", nil)
            case .sameWay(let samples): ("same-way", samples)
            case .sameCarrier(let samples): ("same-carrier", samples)
            }
        return [
            "at": .integer(at.milliseconds), "latest": latest.map { .integer($0.milliseconds) } ?? .null, "source": .string(word),
            "samples": samples.map { .integer(Int64($0)) } ?? .null,
        ]
    }
}

extension TrackingEvent {
    fileprivate var json: JSON {
        [
            "at": .integer(at.milliseconds), "state": .string(phase.rawValue), "text": .string(text),
            "place": place.map(JSON.string) ?? .null,
        ]
    }
}
