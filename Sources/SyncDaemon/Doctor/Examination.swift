import Commerce

/// What a check saw: figures always, symptoms where something is amiss.
struct Examination: Sendable {
    var symptoms: [Symptom] = []
    /// One line for the table when nothing is amiss.
    var summary: String
    /// Figures behind the finding; numbers, words of ours and places of this host only.
    var evidence: JSON
    /// Whether it could not be looked at here; then ``summary`` says why.
    var isSkipped = false

    init(_ summary: String, _ evidence: JSON = [:], _ symptoms: [Symptom] = []) {
        self.summary = summary
        self.evidence = evidence
        self.symptoms = symptoms
    }

    static func skipped(_ reason: String) -> Examination {
        var examination = Examination(reason)
        examination.isSkipped = true
        return examination
    }
}

/// How a check ended, as it is shown and sent.
struct Diagnosis: Sendable {
    let check: HealthCheck
    let examination: Examination
    let took: Duration

    var grade: Grade { examination.symptoms.map(\.grade).max() ?? .ok }

    /// `ok`, `notice`, `warning`, `failure` or `skipped`.
    var finding: String { examination.isSkipped ? Diagnosis.skipped : grade.rawValue }

    static let skipped = "skipped"

    var json: JSON {
        [
            "id": .string(check.id), "name": .string(check.name), "looks_at": .string(check.looksAt),
            "finding": .string(finding), "summary": .string(examination.summary),
            "evidence": examination.evidence, "symptoms": .array(examination.symptoms.map(\.json)),
            "milliseconds": .integer(took.milliseconds),
        ]
    }
}
