/// Where a parcel is on its way; what each carrier's numbers mean is the business of its own table.
package enum ParcelPhase: String, CaseIterable, Sendable {
    /// The carrier knows of it and has not got it.
    case announced
    case pickedUp = "picked-up"
    case inTransit = "in-transit"
    case customs
    case outForDelivery = "out-for-delivery"
    case awaitingPickUp = "awaiting-pick-up"
    case delivered
    /// Something is wrong with it: an attempt that failed, a damage, customs that hold it.
    case exception
    case returning
    case returned
    /// The carrier says no more of it.
    case expired
}
