package import Commerce

/// Follows parcels at a carrier or a tracking service.
///
/// Every call may be repeated and does the same thing once.
package protocol ParcelTracker: Sendable {
    /// The account's name.
    var id: String { get }
    /// Whether it follows parcels of this carrier.
    func follows(_ carrier: CarrierID) -> Bool
    /// Has the service tell us what happens to a parcel from now on.
    func subscribe(_ parcel: TrackedParcel) async -> Subscription
    /// Asks what happened to a parcel so far.
    func track(_ parcel: TrackedParcel) async -> TrackingAnswer
}

/// What a tracking service has to know of a parcel.
package struct TrackedParcel: Hashable, Sendable {
    package let carrier: CarrierID
    package let number: String
    /// The last four digits of a phone number that sender or receiver gave; some carriers say nothing without.
    package let phoneTail: String?

    package init(carrier: CarrierID, number: String, phoneTail: String? = nil) {
        self.carrier = carrier
        self.number = number
        self.phoneTail = phoneTail
    }
}

package enum Subscription: Hashable, Sendable {
    /// It tells us from now on, or does already.
    case taken
    /// It tells nobody anything by itself: it has to be asked.
    case asksOnly
    /// It will not: field or reason, in its words.
    case refused(String)
    /// To be tried again, after so long if it says so.
    case later(String, after: Duration?)
}

package enum TrackingAnswer: Hashable, Sendable {
    case report(TrackingReport)
    /// Nothing is known of it yet.
    case nothing
    case refused(String)
    case later(String, after: Duration?)
}
