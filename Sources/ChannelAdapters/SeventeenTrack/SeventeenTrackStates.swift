import Commerce

/// What this platform's words mean.
enum SeventeenTrackStates {
    /// A status, a finer one, or the stage of an event; nil for one that is not published.
    static func phase(_ word: String) -> ParcelPhase? {
        if let phase = table[word] { return phase }
        // A finer one that is new is at least what it is finer than.
        guard let end = word.firstIndex(of: "_") else { return nil }
        return table[String(word[..<end])]
    }

    private static let table: [String: ParcelPhase] = [
        "NotFound": .announced, "InfoReceived": .announced,
        "InTransit": .inTransit, "InTransit_PickedUp": .pickedUp, "PickedUp": .pickedUp, "Departure": .inTransit, "Arrival": .inTransit,
        "InTransit_CustomsProcessing": .customs, "InTransit_CustomsReleased": .customs,
        "InTransit_CustomsRequiringInformation": .customs,
        "OutForDelivery": .outForDelivery, "AvailableForPickup": .awaitingPickUp,
        "Delivered": .delivered,
        "DeliveryFailure": .exception, "Exception": .exception,
        "Exception_Returning": .returning, "Returning": .returning, "Exception_Returned": .returned, "Returned": .returned,
        "Expired": .expired,
    ]
}
