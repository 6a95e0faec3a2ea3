import Commerce

/// One node of a parcel's way.
struct SFRoute {
    /// Names the node; empty in an answer to a question, which names none.
    let id: String
    let number: String
    let event: TrackingEvent

    /// - Parameter read: gives a member's or an attribute's text; empty for one that is not there.
    init(number: String, field: String, _ read: (String, Int) -> String) throws(ValidationFailure) {
        guard ReportedValue.isParcelNumber(number) else {
            throw ValidationFailure(field: "\(field).mailno", reason: "must be 4 to 64 letters, digits, - or _")
        }
        guard let at = CarrierClock.beijing(read("acceptTime", 40)) else {
            throw ValidationFailure(field: "\(field).acceptTime", reason: "must be yyyy-MM-dd HH:mm:ss")
        }
        id = read("id", 64)
        self.number = number
        let (operation, status) = (read("opCode", 64), read("secondaryStatusCode", 64))
        let told = ReportedEvents.Told(
            at: at, text: read("remark", ReportLimits.words), place: read("acceptAddress", ReportLimits.place),
            code: operation.isEmpty ? status : operation, phase: SFStates.phase(status: status) ?? SFStates.phase(opCode: operation))
        guard let event = ReportedEvents.phased([told], state: nil).first else {
            throw ValidationFailure(field: field, reason: "tells nothing")
        }
        self.event = event
    }

    /// One report a parcel, in the order the parcels are named first.
    static func reports(_ routes: [SFRoute], of carrier: CarrierID) -> [TrackingReport] {
        var order: [String] = []
        var events: [String: [TrackingEvent]] = [:]
        for route in routes {
            if events[route.number] == nil { order.append(route.number) }
            events[route.number, default: []].append(route.event)
        }
        return order.map { TrackingReport(carrier: carrier, number: $0, events: events[$0] ?? []) }
    }
}
