import Commerce

/// One parcel as this platform tells it: in a push's list, or as the answer to a question. Oldest event first.
struct KdniaoParcel {
    let code: String
    let number: String
    let isSuccess: Bool
    let reason: String
    let events: [TrackingEvent]
    let estimate: Timestamp?

    init(_ value: ReportedValue, field: String) throws(ValidationFailure) {
        code = value["ShipperCode"].text()
        number = try value["LogisticCode"].parcelNumber(field: "\(field).LogisticCode")
        isSuccess = value["Success"].isTrue
        reason = value["Reason"].text(max: 200)
        var told: [ReportedEvents.Told] = []
        for (index, trace) in try value["Traces"].list(max: ReportLimits.events, field: "\(field).Traces").enumerated() {
            guard let at = CarrierClock.beijing(trace["AcceptTime"].text()) else {
                throw ValidationFailure(field: "\(field).Traces[\(index)].AcceptTime", reason: "must be yyyy-MM-dd HH:mm:ss")
            }
            let action = trace["Action"].text()
            told.append(
                ReportedEvents.Told(
                    at: at, text: trace["AcceptStation"].text(max: ReportLimits.words),
                    place: trace["Location"].text(max: ReportLimits.place), code: action, phase: KdniaoStates.phase(action)))
        }
        // The finer state says more where it is known.
        let state = KdniaoStates.phase(value["StateEx"].text()) ?? KdniaoStates.phase(value["State"].text())
        events = ReportedEvents.phased(told, state: state)
        estimate = CarrierClock.beijing(value["EstimatedDeliveryTime"].text())
    }

    func report(_ carrier: CarrierID) -> TrackingReport {
        // Without success it was given up, which says nothing of the parcel; what is known comes along.
        TrackingReport(
            carrier: carrier, number: number, events: events, estimate: estimate,
            watch: isSuccess ? .goesOn : .gaveUp(reason.isEmpty ? "no success" : reason))
    }
}
