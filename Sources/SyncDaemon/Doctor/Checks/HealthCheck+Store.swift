import Commerce
import Store
import SyncEngine

extension HealthCheck {
    static let storeChecks = [
        HealthCheck(
            13, "integrity", "the database's pages, the chains of changes, clocks, cursors and the audit",
            patience: .seconds(60), examine: integrity),
        HealthCheck(20, "backup", "the newest backup: how old, still there, whole", patience: .seconds(30), examine: backup),
        HealthCheck(
            21, "schema and life", "whether the store fits this program, and its files belong together", examine: life),
    ]

    private static let backupWithin: Duration = .seconds(48 * 3_600)
    private static let day: Duration = .seconds(86_400)
    /// A greater one is compared with its manifest by its size alone.
    private static let verifiedBytesMax: Int64 = 64 << 20

    @Sendable private static func integrity(_ patient: Patient) async throws -> Examination {
        let restore = "systemctl stop heyi && heyi restore BACKUP && systemctl start heyi"
        if patient.store == nil, let fault = patient.storeFault {
            switch fault {
            case .notFound:
                return Examination(
                    "no store yet", [:],
                    [Symptom(.notice, "there is no store in \(patient.directory) yet", next: "systemctl start heyi")])
            case .newerSchema, .changedMigration: return .skipped("this program does not know the store's schema")
            case .readOnly: return .skipped("\(patient.directory) may not be read by this user; run it as root")
            default:
                return Examination(
                    "cannot be opened", [:], [Symptom(.failure, "the store cannot be opened", detail: "\(fault)", next: restore)])
            }
        }
        let isOver = Guarded(false)
        let found: [Finding]?
        do {
            found = try await withTaskCancellationHandler {
                try await patient.reading { reading throws(StoreError) in try reading.examine { isOver.value } }
            } onCancel: {
                isOver.update { $0 = true }
            }
        } catch let fault as StoreError {
            return Examination("damaged", [:], [Symptom(.failure, "the store is damaged", detail: "\(fault)", next: restore)])
        }
        guard let found else { return .skipped("not finished") }
        let symptoms = Finding.Rule.allCases.compactMap { rule -> Symptom? in
            let broken = found.filter { $0.rule == rule }
            guard let first = broken.first else { return nil }
            let next =
                switch rule {
                case .structure, .heads, .chains, .siblings, .references: restore
                case .values, .conflicts: "heyi why \(first.subject.split(separator: ":").first ?? "ENTITY")"
                case .cursors: "heyi channel resync CHANNEL"
                case .stock: "heyi stock audit"
                case .entitlements, .bills: restore
                case .orders, .parcels: "heyi order show \(first.subject.split(separator: " ").last ?? "NUMBER")"
                case .audit: "heyi log --since 30d --limit 1000"
                }
            return Symptom(
                .failure, "the rule of \(rule.rawValue) is broken in \(broken.count) places",
                detail: "\(first.subject): \(first.problem). \(first.remedy)", next: next)
        }
        return Examination("all rules hold", ["findings": .integer(Int64(found.count))], symptoms)
    }

    @Sendable private static func backup(_ patient: Patient) async throws -> Examination {
        let (entries, times) = try await patient.reading { reading throws(StoreError) in
            (try reading.auditEntries(subject: "store", limit: 50), try reading.changeTimes())
        }
        let make = "heyi backup \(patient.directory)/backups/$(date +%F).sqlite"
        guard let entry = entries.first(where: { $0.action == "backup" }) else {
            guard let first = times?.first, patient.now - first > day else { return Examination("none yet, and little to lose") }
            return Examination("none", [:], [Symptom(.warning, "no backup was ever made of this store", next: make)])
        }
        let age = patient.now - entry.at
        var symptoms: [Symptom] = []
        if age > backupWithin {
            symptoms.append(Symptom(.warning, "the newest backup is \(Age.text(seconds: age.components.seconds)) old", next: make))
        }
        // `PATH, N bytes, up to change S`
        let path = entry.detail.split(separator: ", ", omittingEmptySubsequences: false).dropLast(2).joined(separator: ", ")
        var bytes: Int64 = 0
        if let file = patient.host.file(path) {
            bytes = file.bytes
            if let fault = await damage(path, bytes) {
                symptoms.append(Symptom(.failure, "the backup \(path) cannot be restored", detail: fault, next: make))
            }
        } else {
            symptoms.append(
                Symptom(.notice, "the backup \(path) is not there any more; moved elsewhere, all is well", next: "ls -l \(path)"))
        }
        return Examination(
            "\(Age.text(seconds: age.components.seconds)) old, \(Amount.bytes(bytes))",
            ["age_seconds": .integer(age.components.seconds), "bytes": .integer(bytes)], symptoms)
    }

    private static func damage(_ path: String, _ bytes: Int64) async -> String? {
        do throws(StoreError) {
            if bytes <= verifiedBytesMax { _ = try await Store.verifyBackup(path) } else { try Store.compareBackupSize(path) }
            return nil
        } catch {
            return error.description
        }
    }

    @Sendable private static func life(_ patient: Patient) async throws -> Examination {
        guard let condition = patient.condition else { return .skipped("there is no store to look at") }
        var symptoms: [Symptom] = []
        if condition.restoreInterrupted {
            symptoms.append(
                Symptom(.failure, "a restore into \(patient.directory) began and did not end", next: "heyi restore BACKUP"))
        }
        if condition.schema > condition.schemaKnown {
            symptoms.append(
                Symptom(
                    .failure, "the store has schema \(condition.schema), this program knows up to \(condition.schemaKnown)",
                    next: "heyi --version, then install the newer heyi again"))
        } else if let number = condition.changedMigration {
            symptoms.append(
                Symptom(.failure, "migration \(number) was applied in other words than this program has", next: "heyi --version"))
        } else if condition.schema < condition.schemaKnown {
            symptoms.append(
                Symptom(
                    .notice, "the store has schema \(condition.schema) and is brought to \(condition.schemaKnown) at the next start",
                    next: "heyi backup \(patient.directory)/backups/before-upgrade.sqlite"))
        }
        if condition.awaitsRebirth {
            symptoms.append(
                Symptom(
                    .notice, "the store came out of a backup: at its next start every channel is looked at first",
                    next: "systemctl start heyi"))
        } else if condition.mark != .fits, condition.schema > 0 {
            symptoms.append(foreign(patient.inner != nil))
        }
        return Examination(
            "schema \(condition.schema), opened \(condition.epoch) times",
            [
                "schema": .integer(Int64(condition.schema)), "schema_known": .integer(Int64(condition.schemaKnown)),
                "generation": .string(condition.generation), "epoch": .integer(condition.epoch),
                "newest": .integer(condition.newest), "mark": .string(condition.mark.rawValue),
            ], symptoms)
    }

    private static func foreign(_ isServed: Bool) -> Symptom {
        if isServed {
            return Symptom(
                .failure, "the files of the store were exchanged under the running daemon", next: "systemctl restart heyi")
        }
        return Symptom(
            .warning, "the store was copied or put back by hand: at its next start it begins a new life and looks at every channel",
            next: "systemctl start heyi, and heyi log -f until every channel was looked at")
    }
}
