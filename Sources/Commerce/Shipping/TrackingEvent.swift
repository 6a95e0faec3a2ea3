/// One thing that happened to a parcel, in its carrier's words.
package struct TrackingEvent: Hashable, Sendable {
    /// When it happened, by the carrier's clock.
    package let at: Timestamp
    package let phase: ParcelPhase
    package let text: String
    package let place: String?
    /// The carrier's or the tracking service's own code, kept as it came.
    package let code: String

    package init(at: Timestamp, phase: ParcelPhase, text: String, place: String? = nil, code: String = "") {
        self.at = at
        self.phase = phase
        self.text = text
        self.place = place
        self.code = code
    }
}

/// What a tracking service says of one parcel at one moment: all it knows, or what is new.
package struct TrackingReport: Hashable, Sendable {
    /// What is to become of the tracking itself.
    package enum Watch: Hashable, Sendable {
        case goesOn
        /// The service is done with it, as with a parcel that was delivered.
        case ended
        /// It was given up, which says nothing about the parcel; why, in the service's words.
        case gaveUp(String)
        /// The service found out that another carrier has it.
        case otherCarrier(CarrierID)
    }

    package let carrier: CarrierID
    package let number: String
    package let events: [TrackingEvent]
    /// When the carrier means to deliver it, where it says so.
    package let estimate: Timestamp?
    package let watch: Watch

    package init(
        carrier: CarrierID, number: String, events: [TrackingEvent], estimate: Timestamp? = nil, watch: Watch = .goesOn
    ) {
        self.carrier = carrier
        self.number = number
        self.events = events
        self.estimate = estimate
        self.watch = watch
    }
}
