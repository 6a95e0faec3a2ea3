import Commerce

/// One parcel as this platform tells it, in a webhook or an answer; named by number and carrier together.
struct SeventeenTrackParcel {
    let number: String
    /// Of the carrier; 0 while the platform does not know it.
    let carrier: Int64
    let events: [TrackingEvent]
    let estimate: Timestamp?
    let status: String

    init(_ value: ReportedValue, field: String) throws(ValidationFailure) {
        number = try value["number"].parcelNumber(field: "\(field).number")
        guard let carrier = value["carrier"].whole ?? (value["carrier"].isAbsent ? 0 : nil), carrier >= 0 else {
            throw ValidationFailure(field: "\(field).carrier", reason: "must be a number")
        }
        self.carrier = carrier
        let info = value["track_info"]
        let latest = info["latest_status"]
        status = latest["status"].text()
        let (finer, own) = (latest["sub_status"].text(), status)
        let state = SeventeenTrackStates.phase(finer) ?? SeventeenTrackStates.phase(own)
        var told: [ReportedEvents.Told] = []
        let providers = try info["tracking"]["providers"].list(max: 16, field: "\(field).track_info.tracking.providers")
        for (index, provider) in providers.enumerated() {
            let path = "\(field).track_info.tracking.providers[\(index)].events"
            for (place, event) in try provider["events"].list(max: ReportLimits.events, field: path).enumerated() {
                told.append(try SeventeenTrackParcel.told(event, field: "\(path)[\(place)]"))
            }
        }
        if told.isEmpty, info["latest_event"].json.object != nil {
            told = [try SeventeenTrackParcel.told(info["latest_event"], field: "\(field).track_info.latest_event")]
        }
        events = ReportedEvents.phased(told, state: state)
        let until = info["time_metrics"]["estimated_delivery_date"]["to"].text()
        estimate = CarrierClock.zoned(until)
    }

    private static func told(_ event: ReportedValue, field: String) throws(ValidationFailure) -> ReportedEvents.Told {
        let (utc, zoned) = (event["time_utc"].text(), event["time_iso"].text())
        guard let at = CarrierClock.zoned(utc) ?? CarrierClock.zoned(zoned) else {
            throw ValidationFailure(field: "\(field).time_iso", reason: "must be a time with its zone")
        }
        let (finer, stage) = (event["sub_status"].text(), event["stage"].text())
        return ReportedEvents.Told(
            at: at, text: event["description"].text(max: ReportLimits.words), place: event["location"].text(max: ReportLimits.place),
            code: finer.isEmpty ? stage : finer, phase: SeventeenTrackStates.phase(finer) ?? SeventeenTrackStates.phase(stage))
    }

    func report(_ codes: CarrierCodes, watch: TrackingReport.Watch = .goesOn) -> TrackingReport {
        TrackingReport(carrier: codes.carrier(of: String(carrier)), number: number, events: events, estimate: estimate, watch: watch)
    }
}
