import Commerce
import Store
import SyncEngine

/// Runs checks side by side, each within a time of its own, and tells each finding as it is known.
///
/// A check that hangs, because a channel or a disk does, is given up and says so; the others
/// do not wait for it.
struct Doctor: Sendable {
    let checks: [HealthCheck]
    /// How many times its usual patience a check gets; more when few were asked for by name.
    var patience = 1

    /// Asked for by number, a check may take as long as it needs, within reason.
    static let patienceAlone = 20

    init(_ checks: [HealthCheck], patience: Int = 1) {
        self.checks = checks
        self.patience = patience
    }

    func examine(_ patient: Patient, tell: @escaping @Sendable (Diagnosis) async -> Void) async {
        await withTaskGroup(of: Diagnosis.self) { group in
            for check in checks {
                group.addTask { await diagnosis(check, patient) }
            }
            for await diagnosis in group { await tell(diagnosis) }
        }
    }

    /// All findings by number.
    func findings(_ patient: Patient) async -> [Diagnosis] {
        let found = Guarded<[Diagnosis]>([])
        await examine(patient) { diagnosis in found.update { $0.append(diagnosis) } }
        return found.value.sorted { $0.check.number < $1.check.number }
    }

    private func diagnosis(_ check: HealthCheck, _ patient: Patient) async -> Diagnosis {
        let time = patient.surroundings.time
        let start = time.monotonicNanoseconds()
        let examination: Examination
        if patient.isOffline, check.reach == .network {
            examination = .skipped("asks the network, and --offline was given")
        } else {
            examination = await bounded(check, patient)
        }
        let took = Duration.nanoseconds(Int64(clamping: time.monotonicNanoseconds() &- start))
        return Diagnosis(check: check, examination: examination, took: took)
    }

    private func bounded(_ check: HealthCheck, _ patient: Patient) async -> Examination {
        let limit = check.patience * patience
        let found = await Patience.answer(within: limit, patient.surroundings.time) {
            do { return try await check.examine(patient) } catch {
                // Why the store cannot be read is told by one check alone.
                if error is StoreError, patient.store == nil { return .skipped("the store cannot be read") }
                return Doctor.unexamined(check, error)
            }
        }
        return found ?? Doctor.overdue(check, limit)
    }

    private static func overdue(_ check: HealthCheck, _ limit: Duration) -> Examination {
        let seconds = limit.components.seconds
        let symptom = Symptom(
            .warning, "not answered within \(seconds) s", next: "heyi doctor --check \(check.id), which waits longer")
        return Examination("not answered", ["seconds_waited": .integer(seconds)], [symptom])
    }

    private static func unexamined(_ check: HealthCheck, _ error: any Error) -> Examination {
        let symptom = Symptom(
            .warning, "could not be examined", detail: "\(error)", next: "heyi doctor --check \(check.id) --json")
        return Examination("could not be examined", [:], [symptom])
    }
}
