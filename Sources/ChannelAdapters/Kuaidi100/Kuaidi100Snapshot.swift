import Commerce

/// All the platform knows of a parcel at one carrier: `lastResult`, `destResult`, or the answer to a question.
struct Kuaidi100Snapshot {
    let code: String
    let number: String
    let state: String
    /// The newest first, as it comes.
    let events: [TrackingEvent]
    let estimate: Timestamp?

    init(_ value: ReportedValue, field: String) throws(ValidationFailure) {
        code = value["com"].text()
        number = try value["nu"].parcelNumber(field: "\(field).nu")
        state = value["state"].text()
        var told: [ReportedEvents.Told] = []
        for (index, node) in try value["data"].list(max: ReportLimits.events, field: "\(field).data").enumerated() {
            let written = node["ftime"].text()
            guard let at = CarrierClock.beijing(written.isEmpty ? node["time"].text() : written) else {
                throw ValidationFailure(field: "\(field).data[\(index)].ftime", reason: "must be yyyy-MM-dd HH:mm:ss")
            }
            let (status, word) = (node["statusCode"].text(), node["status"].text())
            told.append(
                ReportedEvents.Told(
                    at: at, text: node["context"].text(max: ReportLimits.words), place: Kuaidi100Snapshot.place(node),
                    code: status.isEmpty ? word : status,
                    phase: status.isEmpty ? Kuaidi100States.phase(word: word) : Kuaidi100States.phase(status)))
        }
        events = ReportedEvents.phased(told, state: Kuaidi100States.phase(state))
        estimate = CarrierClock.beijing(value["arrivalTime"].text())
    }

    private static func place(_ node: ReportedValue) -> String {
        let area = node["areaName"].text(max: ReportLimits.place)
        return area.isEmpty ? node["location"].text(max: ReportLimits.place) : area
    }

    var isOver: Bool {
        Kuaidi100States.phase(state).map { [.delivered, .returned, .expired].contains($0) } ?? false
    }
}
