import Commerce

extension HealthCheck {
    static let configurationChecks = [
        HealthCheck(10, "reload", "whether the configuration in force is the one on disk", examine: reload),
        HealthCheck(
            17, "configuration", "problems of the configuration file: unknown keys, wrong values, wrong layers",
            examine: configurationFile),
    ]

    @Sendable private static func reload(_ patient: Patient) async throws -> Examination {
        guard let inner = patient.inner else { return .skipped("no daemon answers") }
        var symptoms: [Symptom] = []
        if let refused = inner.refused { symptoms.append(Symptom(.configurationRefused, detail: refused)) }
        if case .success(let written)? = patient.written {
            if written != patient.configuration {
                symptoms.append(
                    Symptom(.warning, "the configuration was changed and is not in force", next: "systemctl reload heyi"))
            } else if !written.startsAs(inner.began) {
                symptoms.append(
                    Symptom(.notice, "a part of the configuration takes effect at the next start only", next: "systemctl restart heyi"))
            }
        }
        return Examination("what is on disk is in force", ["refused": .bool(inner.refused != nil)], symptoms)
    }

    @Sendable private static func configurationFile(_ patient: Patient) async throws -> Examination {
        guard let written = patient.written else { return .skipped("there is no file") }
        let path = patient.source?.path
        switch written {
        case .success(let configuration):
            return Examination(
                "\(path ?? "built-in defaults"), \(configuration.channels.count) channels declared",
                ["problems": 0, "channels_declared": .integer(Int64(configuration.channels.count))])
        case .failure(let found):
            let problems = found.problems
            let symptoms = problems.map { problem in
                Symptom(
                    .failure, "wrong at \(problem.origin.map { "\($0)" } ?? path ?? "the built-in defaults")",
                    detail: problem.words, next: "heyi check-config" + (path.map { " --config \($0)" } ?? ""))
            }
            let lines = problems.compactMap { problem -> JSON? in
                guard case .file(_, let line, _)? = problem.origin else { return nil }
                return .integer(Int64(line))
            }
            return Examination(
                "\(problems.count) problems", ["problems": .integer(Int64(problems.count)), "lines": .array(lines)], symptoms)
        }
    }
}

extension Configuration {
    /// Whether a daemon started with it would differ from one that took it by a reload.
    fileprivate func startsAs(_ other: Configuration) -> Bool {
        var (mine, theirs) = (limits, other.limits)
        // The only limit that a reload changes.
        mine.answerBytes = 0
        theirs.answerBytes = 0
        return store.directory == other.store.directory && store.readers == other.store.readers && listen == other.listen
            && log == other.log && catalog == other.catalog && watchdog == other.watchdog && shutdown == other.shutdown
            && mine == theirs
    }
}
