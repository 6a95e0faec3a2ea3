extension ParcelPhase {
    /// Whether the goods are where they end: at their buyer's, or back.
    package var isAtAnEnd: Bool { self == .delivered || self == .returned }

    /// What happens to a parcel once in an instant, however it is worded.
    var isMilestone: Bool {
        switch self {
        case .outForDelivery, .awaitingPickUp, .delivered, .exception, .returning, .returned, .expired: true
        case .announced, .pickedUp, .inTransit, .customs: false
        }
    }

    /// Its place in the usual course, for things of one instant.
    var course: Int {
        switch self {
        case .expired: 0
        case .announced: 1
        case .pickedUp: 2
        case .inTransit: 3
        case .customs: 4
        case .outForDelivery: 5
        case .awaitingPickUp: 6
        case .exception: 7
        case .delivered: 8
        case .returning: 9
        case .returned: 10
        }
    }

    /// Where a parcel is after something happened to it; `self` is where it was.
    ///
    /// - `expired` is about the tracking and never about the goods.
    /// - Nothing sets a parcel back to before it was picked up.
    /// - Between pick-up and its end everything may follow everything.
    /// - After delivery it may come back; a scan that was entered late, or trouble of another sort, does not undeliver it.
    /// - On its way back it stays on its way back whatever depots say, and whoever signs for it then is its sender.
    /// - Once back it is back: what is sent again gets another number.
    package func after(_ next: ParcelPhase) -> ParcelPhase {
        if next == .expired { return self }
        switch self {
        case .expired, .announced: return next
        case .pickedUp: return next == .announced ? self : next
        case .inTransit, .customs, .outForDelivery, .awaitingPickUp, .exception:
            return next == .announced || next == .pickedUp ? self : next
        case .delivered: return next == .returning || next == .returned ? next : self
        case .returning: return next == .delivered || next == .returned ? .returned : self
        case .returned: return self
        }
    }
}
