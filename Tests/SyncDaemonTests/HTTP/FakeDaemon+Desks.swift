import Commerce
import SyncEngine

@testable import SyncDaemon

extension FakeDaemon: ChannelDesk {
    func offer(to channel: ChannelID) async throws(DeskError) -> ChannelOffer {
        ChannelOffer(generation: "g1", batchMax: 5, pageMax: 1_000, families: [("text", "last_writer")])
    }

    func take(_ batch: ChannelBatch, from channel: ChannelID) async throws(DeskError) -> BatchAnswer {
        let key = "\(channel)/\(batch.messageID)"
        if let held = change({ $0.batches[key] }) {
            guard held.digest == batch.digest else { throw .contradiction("message \(batch.messageID) came with another body") }
            return held.answer
        }
        return change { state in
            let results = batch.deltas.map { delta in
                BatchAnswer.Result(index: delta.index, outcome: .applied, sequence: nil, clock: [:], value: nil)
            }
            let answer = BatchAnswer(results: results, refused: batch.refused)
            state.batches[key] = (batch.digest, answer)
            state.applied += batch.deltas
            return answer
        }
    }

    func deltas(for channel: ChannelID, since cursor: String?, limit: Int) async throws(DeskError) -> DeltaPage {
        guard cursor == nil || cursor?.hasPrefix("g1.") == true else { throw .gone("the cursor is of another generation") }
        let start = cursor.flatMap { Int($0.dropFirst(3)) } ?? 0
        return change { state in
            state.reads += 1
            let part = state.feed.enumerated().dropFirst(start).prefix(limit)
            let end = part.last.map { $0.offset + 1 } ?? start
            return DeltaPage(
                generation: "g1", deltas: part.filter { !$0.element.isNull }.map { OutgoingDelta(cursor: "g1.\($0.offset + 1)", json: $0.element) },
                next: "g1.\(end)", complete: end == state.feed.count)
        }
    }

    func snapshot(for channel: ChannelID, after position: String?, limit: Int) async throws(DeskError) -> SnapshotPage {
        let start = position.flatMap { Int($0) } ?? 0
        return change { state in
            let part = Array(state.feed.dropFirst(start).prefix(limit))
            let end = start + part.count
            return SnapshotPage(
                generation: "g1", deltas: part, next: end < state.feed.count ? String(end) : nil, cursor: "g1.2")
        }
    }
}

extension FakeDaemon: OperatorDesk {
    func why(_ ref: String, channel: ChannelID?) async throws(DeskError) -> WhyReport {
        guard ref == "product/tea" else { throw .notFound(ref) }
        return Samples.why
    }

    func channel(_ id: ChannelID) async throws(DeskError) -> ChannelStatus {
        guard let channel = change({ $0.report.channels.first { $0.id == id } }) else { throw .notFound("channel \(id)") }
        return channel
    }

    func addChannel(_ order: ChannelOrder, by principal: Principal) async throws(DeskError) -> ChannelStatus {
        note("add \(order.id)", principal)
        return Samples.channel(order.id.text)
    }

    func command(_ command: ChannelCommand, _ id: ChannelID, by principal: Principal)
        async throws(DeskError) -> CommandOutcome
    {
        let before = change { $0.done.count { $0.hasSuffix("\(command.rawValue) \(id)") } }
        note("\(command.rawValue) \(id)", principal)
        return before == 0 ? .done : .already
    }

    func conflicts(_ state: ConflictReport.State?, _ page: PageRequest) async throws(DeskError) -> Page<ConflictReport> {
        Page([Samples.conflict])
    }

    func conflict(_ id: Int64) async throws(DeskError) -> ConflictReport {
        guard id == 7 else { throw .notFound("conflict \(id)") }
        return Samples.conflict
    }

    func resolve(_ id: Int64, _ choice: ConflictChoice, reason: String, by principal: Principal)
        async throws(DeskError) -> ConflictReport
    {
        note("resolve \(id) \(choice)", principal)
        return try await conflict(id)
    }

    func inbox(_ state: InboxRow.State?, _ page: PageRequest) async throws(DeskError) -> Page<InboxRow> { Page([Samples.inbox]) }
    func inboxRow(_ id: Int64) async throws(DeskError) -> InboxRow { Samples.inbox }

    func replay(_ id: Int64, by principal: Principal) async throws(DeskError) -> InboxRow {
        note("replay \(id)", principal)
        return Samples.inbox
    }

    func effects(_ id: Int64) async throws(DeskError) -> InboxEffects { Samples.effects }

    func queue(_ selection: QueueSelection, _ page: PageRequest) async throws(DeskError) -> Page<QueueRow> {
        Page([Samples.queue], next: page.limit == 1 ? "1" : nil)
    }

    func retry(_ selection: QueueSelection, by principal: Principal) async throws(DeskError) -> Int {
        note("retry", principal)
        return 1
    }

    func drop(_ selection: QueueSelection, reason: String, by principal: Principal) async throws(DeskError) -> Int {
        note("drop", principal)
        return 2
    }

    func reconcile(
        _ id: ChannelID, dryRun: Bool, accepting most: Int?, by principal: Principal, report: @escaping @Sendable (RoundLine) async -> Void
    ) async throws(DeskError) {
        note("reconcile \(id)\(dryRun ? " dry" : "")\(most.map { " accepting \($0)" } ?? "")", principal)
        await report(.summary(RoundFigures()))
    }

    func drift(_ channel: ChannelID?, open: Bool?, _ page: PageRequest) async throws(DeskError) -> Page<DriftRow> {
        Page([Samples.drift])
    }

    func backup(to path: String, by principal: Principal) async throws(DeskError) -> Int64 {
        note("backup \(path)", principal)
        return 4_096
    }
}

extension FakeDaemon: CatalogDesk {
    func entity(_ ref: EntityRef) async throws(DeskError) -> EntityReport {
        guard let report = change({ $0.entities[ref] }) else { throw .notFound(ref.description) }
        return report
    }

    func create(_ ref: EntityRef, units: [(unit: UnitName, value: JSON)], by principal: Principal)
        async throws(DeskError) -> EntityReport
    {
        guard change({ $0.entities[ref] == nil }) else { throw .refused("\(ref) exists", next: nil) }
        note("create \(ref)", principal)
        let report = EntityReport(
            ref: ref, deleted: false,
            units: units.map {
                EntityReport.Unit(name: $0.unit, value: $0.value, clock: [:], sequence: 1, tag: "u1", siblings: 0)
            }, tag: "e1")
        change { $0.entities[ref] = report }
        return report
    }

    func edit(_ ref: UnitRef, value: JSON?, expecting tag: String?, by principal: Principal)
        async throws(DeskError) -> EntityReport
    {
        var report = try await entity(ref.entity)
        if let tag, tag != report.tag { throw .stale(current: report) }
        guard value?.string != "" else { throw .invalid(field: "title", reason: "must not be empty") }
        report.units = [EntityReport.Unit(name: ref.unit, value: value, clock: [:], sequence: 2, tag: "u2", siblings: 0)]
        report.tag = "e2"
        change { [report] in $0.entities[ref.entity] = report }
        note("edit \(ref)", principal)
        return report
    }

    func delete(_ ref: EntityRef, expecting tag: String?, by principal: Principal) async throws(DeskError) {
        let report = try await entity(ref)
        if let tag, tag != report.tag { throw .stale(current: report) }
        change { $0.entities[ref] = nil }
    }

    func importCatalog(
        _ order: ImportOrder, from file: UploadedFile, by principal: Principal,
        report: @escaping @Sendable (ImportLine) async throws -> Void
    ) async throws {
        var rows = 0
        for try await part in file {
            rows += part.count { $0 == UInt8(ascii: "\n") }
            change { $0.imported += part }
            try await report(.progress(rows: rows, bytes: Int64(part.count)))
        }
        if rows == 13 { throw DeskError.failed("the disk is full") }
        try await report(.summary(rows: rows, created: rows, changed: 0, unchanged: 0, faulty: 0))
    }

    func check(_ order: ExportOrder) async throws(DeskError) {
        if order.words.locale == "in English" { throw .invalid(field: "locale", reason: "is no language tag") }
    }

    func exportCatalog(_ order: ExportOrder, write: ([UInt8]) async throws -> Void) async throws {
        try await write(Array("{\"a\":1}\n".utf8))
        try await write(Array("{\"b\":\"茶\"}\n".utf8))
    }
}

extension FakeDaemon: DoctorDesk {
    /// Finds all well, but that check 3 has something to say.
    func examine(_ order: DoctorOrder, tell: @escaping @Sendable (Diagnosis) async -> Void) async {
        for check in order.doctor.checks {
            let symptoms = check.number == 3 ? [Symptom(.warning, "little room", next: "df -h /")] : []
            await tell(Diagnosis(check: check, examination: Examination("looked", [:], symptoms), took: .zero))
        }
    }

    func support() async -> SupportReport { SupportReport(json: ["version": "1"]) }
}
