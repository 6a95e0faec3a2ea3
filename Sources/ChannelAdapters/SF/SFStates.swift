import Commerce

/// What this platform's numbers mean; nobody else's mean the same.
enum SFStates {
    /// What was done to the parcel.
    static func phase(opCode: String) -> ParcelPhase? { operations[opCode] }

    /// The finer status that newer answers have beside it, whose numbers are not those of operations.
    static func phase(status: String) -> ParcelPhase? { statuses[status] }

    private static let operations: [String: ParcelPhase] = [
        "50": .pickedUp, "54": .pickedUp,
        "30": .inTransit, "31": .inTransit, "36": .inTransit, "105": .inTransit, "106": .inTransit, "310": .inTransit,
        "44": .outForDelivery,
        "125": .awaitingPickUp, "642": .awaitingPickUp,
        "33": .exception, "70": .exception,
        "80": .delivered, "8000": .delivered,
        "99": .returning, "648": .returning,
    ]

    private static let statuses: [String: ParcelPhase] = [
        "101": .pickedUp, "201": .inTransit, "204": .customs, "205": .customs, "301": .outForDelivery, "401": .delivered,
        "1301": .exception,
    ]
}
