import Commerce
import SyncEngine

/// What `heyi doctor` prints for people.
enum DoctorScreen {
    static var list: [String] {
        var table = Table([
            Table.Column(heading: "CHECK"), Table.Column(heading: "NAME"), Table.Column(heading: "LOOKS AT"),
        ])
        for check in HealthCheck.all { table.add([check.id, check.name, check.looksAt]) }
        // Wider than a terminal rather than cut: this is read to choose.
        return table.lines(width: .max)
    }

    static func lines(_ report: DoctorRound.Report, width: Int) -> [String] {
        var lines = [
            "heyi \(Heyi.version), \(report.byDaemon ? "the daemon examined itself" : "no daemon answers, its files were examined"): \(summary(report))"
        ]
        for check in report.checks {
            let finding = ListView.text(check["finding"])
            let head = "\(ListView.text(check["id"]))  \(DisplayWidth.fit(finding, 7))  \(DisplayWidth.fit(ListView.text(check["name"]), 15))"
            let symptoms = check["symptoms"]?.array ?? []
            let rest = symptoms.isEmpty ? "  " + PlainText.escaped(ListView.text(check["summary"])) : ""
            lines.append(DisplayWidth.truncated(head + rest, width).trimmed)
            for symptom in symptoms {
                lines.append("     \(mark(symptom)) \(text(symptom))")
                lines.append("       next: \(PlainText.escaped(ListView.text(symptom["next"])))")
            }
        }
        return lines
    }

    /// The next commands, each once, the worst finding's first.
    static func hints(_ report: DoctorRound.Report) -> [String] {
        let all = report.checks.flatMap { check in
            (check["symptoms"]?.array ?? []).map { (check: ListView.text(check["id"]), symptom: $0) }
        }
        let sorted = all.enumerated().sorted { left, right in
            (grade(right.element.symptom), left.offset) < (grade(left.element.symptom), right.offset)
        }.map(\.element)
        var commands: [String] = []
        var lines: [String] = []
        for (check, symptom) in sorted {
            let next = PlainText.escaped(ListView.text(symptom["next"]))
            lines.append("# \(check) \(ListView.text(symptom["level"])): \(text(symptom))")
            if !commands.contains(next) { lines.append(next) }
            commands.append(next)
        }
        return lines
    }

    private static func summary(_ report: DoctorRound.Report) -> String {
        let findings = (Grade.allCases.reversed().map(\.rawValue) + [Diagnosis.skipped]).compactMap { finding -> String? in
            let count = report.checks.count { $0["finding"]?.string == finding }
            return count == 0 ? nil : "\(count) \(finding)"
        }
        return findings.joined(separator: ", ")
    }

    private static func grade(_ symptom: JSON) -> Grade { symptom["level"]?.string.flatMap { Grade(rawValue: $0) } ?? .notice }

    private static func mark(_ symptom: JSON) -> String {
        switch grade(symptom) {
        case .failure: "✘"
        case .warning: "!"
        case .notice, .ok: "·"
        }
    }

    private static func text(_ symptom: JSON) -> String {
        let detail = symptom["detail"]?.string.map { " (\($0))" } ?? ""
        return PlainText.escaped(ListView.text(symptom["text"]) + detail)
    }
}

/// One line on a terminal that says which checks are still out; silent where nobody looks.
final class DoctorProgress: Sendable {
    private let total: Int
    private let out: Guarded<[String]>

    init(_ checks: [String]) {
        total = checks.count
        out = Guarded(checks)
    }

    func ended(_ check: String) {
        let left = out.update { out in
            out.removeAll { $0 == check }
            return out
        }
        guard Terminal.showsProgress else { return }
        let text = "\(total - left.count) of \(total) examined" + (left.isEmpty ? "" : ", waiting for \(left.prefix(6).joined(separator: " "))")
        Terminal.pass(Array(("\r\u{1b}[K" + text).utf8)[...], to: 2)
    }

    func end() {
        if Terminal.showsProgress { Terminal.pass(Array("\r\u{1b}[K".utf8)[...], to: 2) }
    }
}

extension String {
    fileprivate var trimmed: String { replacing(/\s+$/, with: "") }
}
