extension TrackingPolicy {
    private static let names = [
        "services", "ask_every", "silence", "grace", "longest", "again", "tries_before_next", "samples_min", "stalls_after",
    ]

    /// Durations are whole seconds.
    package var json: JSON {
        .members([
            ("services", .integer(Int64(services))), ("ask_every", .seconds(askEvery)), ("silence", .seconds(silence)),
            ("grace", .seconds(grace)), ("longest", .seconds(longest)), ("again", .seconds(again)),
            ("tries_before_next", .integer(triesBeforeNext)), ("samples_min", .integer(Int64(samplesMin))),
            ("stalls_after", .object(JSONObject(stallsAfter.map { ($0.key.rawValue, .seconds($0.value)) }))),
        ])
    }

    /// Reads what ``json`` wrote, or a part of it; what is left out is as in ``standard``. A phase set to 0 never stalls.
    ///
    /// - Throws: ``ValidationFailure`` about the first member that is wrong.
    package init(_ value: JSON) throws(ValidationFailure) {
        var reader = try ValueReader(value, allowed: TrackingPolicy.names)
        let (day, year) = (Int64(86_400), Int64(366 * 86_400))
        func take(_ name: String, _ least: Int64, _ most: Int64, _ duration: inout Duration) throws(ValidationFailure) {
            if let seconds = try reader.integer(name, in: least...most) { duration = .seconds(seconds) }
        }
        if let count = try reader.integer("services", in: 1...10) { services = Int(count) }
        // Services lock out whoever asks about one parcel more often than every few minutes.
        try take("ask_every", 300, day, &askEvery)
        try take("silence", 300, year, &silence)
        try take("grace", 0, year, &grace)
        try take("longest", day, year, &longest)
        try take("again", 1_800, year, &again)
        if let tries = try reader.integer("tries_before_next", in: 1...1_000) { triesBeforeNext = tries }
        if let samples = try reader.integer("samples_min", in: 1...500) { samplesMin = Int(samples) }
        guard let stalls = try reader.raw("stalls_after") else { return }
        var phases = try ValueReader(stalls, path: reader.field("stalls_after"), allowed: ParcelPhase.allCases.map(\.rawValue))
        for phase in ParcelPhase.allCases {
            guard let seconds = try phases.integer(phase.rawValue, in: 0...year) else { continue }
            stallsAfter[phase] = seconds == 0 ? nil : .seconds(seconds)
        }
    }
}

extension JSON {
    fileprivate static func seconds(_ duration: Duration) -> JSON { .integer(duration.milliseconds / 1_000) }
}
