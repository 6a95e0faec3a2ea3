import Commerce

/// What a push says, once it is known to be genuine.
struct Kuaidi100Push {
    let status: String
    let reports: [TrackingReport]
    /// As the platform names it: carrier's code and number.
    let parcel: (code: String, number: String)

    /// - Parameter param: the decoded text of the field.
    init(param: String, codes: CarrierCodes) throws(ValidationFailure) {
        let value = try ReportedValue.parse(param.utf8, field: "param")
        status = value["status"].text()
        guard !status.isEmpty else { throw ValidationFailure(field: "param.status", reason: "is required") }
        let here = try Kuaidi100Snapshot(value["lastResult"], field: "param.lastResult")
        let there = try Kuaidi100Push.abroad(value["destResult"], number: here.number)
        let (old, new) = (value["comOld"].text(), value["comNew"].text())
        let isCorrected = value["autoCheck"].isTrue && !new.isEmpty && new.lowercased() != (old.isEmpty ? here.code : old).lowercased()
        parcel = (isCorrected && !old.isEmpty ? old : here.code, here.number)
        let events = here.events + (there?.events ?? [])
        let watch = Kuaidi100Push.watch(status, message: value["message"].text(max: 200), isOver: here.isOver || there?.isOver == true)
        func report(_ code: String, _ events: [TrackingEvent], _ watch: TrackingReport.Watch) -> TrackingReport {
            TrackingReport(
                carrier: codes.carrier(of: code), number: here.number, events: events, estimate: there?.estimate ?? here.estimate,
                watch: watch)
        }
        guard isCorrected else {
            reports = [report(here.code, events, watch)]
            return
        }
        // The old subscription hears where the parcel is; what happened is told of whom it happened with.
        let isOfNew = here.code.lowercased() == new.lowercased()
        let moved = report(parcel.code, isOfNew ? [] : events, .otherCarrier(codes.carrier(of: new)))
        reports = isOfNew && status != "abort" ? [moved, report(new, events, watch)] : [moved]
    }

    /// The carrier abroad may have given the parcel a number of its own, or none yet; nil where there is no such carrier.
    private static func abroad(_ value: ReportedValue, number: String) throws(ValidationFailure) -> Kuaidi100Snapshot? {
        guard var object = value.json.object else { return nil }
        if value["nu"].text().isEmpty { object["nu"] = .string(number) }
        return try Kuaidi100Snapshot(ReportedValue(.object(object)), field: "param.destResult")
    }

    /// `abort` says that nothing was heard for days, which is no failure to deliver.
    private static func watch(_ status: String, message: String, isOver: Bool) -> TrackingReport.Watch {
        switch status {
        case "abort": .gaveUp(message.isEmpty ? "abort" : message)
        case "shutdown": .ended
        case "updateall": isOver ? .ended : .goesOn
        default: .goesOn
        }
    }
}
