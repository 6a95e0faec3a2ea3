import Commerce

/// What this platform's numbers mean; nobody else's mean the same.
///
/// Its `201` is a parcel that reached the city it goes to, its `401` one that was announced and never seen.
enum KdniaoStates {
    /// `State`, `StateEx` or the `Action` of an event; nil for one that is not published.
    static func phase(_ code: String) -> ParcelPhase? { table[code] }

    private static let table: [String: ParcelPhase] = [
        "0": .announced, "10": .announced,
        "1": .pickedUp,
        "2": .inTransit, "201": .inTransit, "204": .inTransit, "205": .inTransit, "206": .inTransit, "5": .inTransit,
        "6": .customs,
        "202": .outForDelivery, "211": .awaitingPickUp,
        "3": .delivered, "301": .delivered, "302": .delivered, "304": .delivered, "311": .delivered,
        "4": .exception, "401": .exception, "402": .exception, "403": .exception, "405": .exception, "412": .exception,
        "404": .returning, "407": .returning,
        "406": .returned,
    ]
}
