import Commerce

/// Gives each event of a report its phase.
enum ReportedEvents {
    /// One event as a platform tells it, before its phase is known.
    struct Told {
        let at: Timestamp
        let text: String
        let place: String
        /// As it came; empty where the platform gives none.
        let code: String
        /// What the code means in the platform's own table; nil for none, or one that is not in it.
        let phase: ParcelPhase?
    }

    /// Events by their codes; where an event has none the newest has the phase of the report and older ones were on the way.
    ///
    /// No phase is guessed from a clerk's free words: "not delivered" would be one that was. An unknown code counts as on
    /// the way, which ends nothing, and is kept as it came.
    ///
    /// - Parameter state: the phase of the parcel as the report gives it; nil when unknown or not given.
    static func phased(_ told: [Told], state: ParcelPhase?) -> [TrackingEvent] {
        let newest = told.map(\.at).max()
        var isGiven = false
        return told.map { event in
            var phase = event.phase
            // Of several at the newest instant only one speaks for the report, and only if none has a code of its own.
            if phase == nil, event.code.isEmpty, event.at == newest, !isGiven {
                phase = state
                isGiven = true
            }
            return TrackingEvent(
                at: event.at, phase: phase ?? .inTransit, text: event.text, place: event.place.isEmpty ? nil : event.place,
                code: event.code)
        }
    }
}
