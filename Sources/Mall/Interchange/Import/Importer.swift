package import Commerce

/// Brings a file into the catalog, batch by batch, in constant memory.
///
/// Writes only what differs from what is live, so the same file again writes nothing.
/// While one batch is being committed the next is read and planned.
/// Bad rows are reported and left out; the good ones apply. What is committed stays
/// when the import stops; going on from its last ``ImportCheckpoint`` repeats nothing.
package struct Importer {
    /// What happens while an import runs, for whoever shows it.
    package enum Event: Sendable {
        case fault(RowFault)
        case progress(ImportProgress)
        /// Everything up to here is committed.
        case checkpoint(ImportCheckpoint)
    }

    /// Records planned and handed to the sink at once.
    private static let batchSize = 500

    private var planner: BatchPlanner
    private let sink: any CatalogSink
    private let dryRun: Bool
    private let resume: ImportCheckpoint?
    private let time: any TimeSource
    private var report = ImportReport()
    private var fingerprint = Fingerprint()
    private var bytesRead: Int64 = 0
    private var backlog: ArraySlice<CatalogEvent> = []
    private var isFinished = false
    /// Planned, and not committed yet.
    private var standing: ImportBatch?

    /// - Parameters:
    ///   - dryRun: reads, checks and counts everything, and writes nothing.
    ///   - resume: where an earlier import of the same file stopped.
    package init(
        into sink: any CatalogSink, options: InterchangeOptions, surroundings: Surroundings, dryRun: Bool = false,
        resume: ImportCheckpoint? = nil
    ) {
        self.sink = sink
        self.dryRun = dryRun
        self.resume = resume
        time = surroundings.time
        planner = BatchPlanner(sink: sink, options: options, ids: surroundings.ids, dryRun: dryRun)
    }

    /// Runs the import to the end of the source.
    ///
    /// - Throws: ``InterchangeError``; what was committed before stays.
    package mutating func run(
        _ source: inout some ByteSource, _ reader: inout any CatalogReader, _ notice: (Event) -> Void
    ) async throws(InterchangeError) -> ImportReport {
        let start = time.monotonicNanoseconds()
        if let resume { try await skip(to: resume, &source, &reader) }
        repeat {
            let (batch, sink, isDry) = (standing, self.sink, dryRun)
            async let landing = Importer.land(batch, into: sink, isDry: isDry)
            let next = await prepare(&source, &reader)
            let outcomes = try await landing.get()
            standing = nil
            if let batch {
                settle(batch, outcomes, notice)
                if let end = batch.end {
                    report.bytes = end.bytes
                    let seconds = Double(time.monotonicNanoseconds() - start) / 1e9
                    if !dryRun {
                        notice(.checkpoint(ImportCheckpoint(bytes: end.bytes, fingerprint: end.fingerprint, report: report)))
                    }
                    notice(.progress(ImportProgress(report: report, bytesTotal: source.size, seconds: seconds)))
                }
            }
            standing = try await planned(try next.get(), after: batch, outcomes)
        } while standing != nil
        return report
    }

    /// Reads and screens the next batch, and plans it where that can be done before the standing one is committed.
    private mutating func prepare(
        _ source: inout some ByteSource, _ reader: inout any CatalogReader
    ) async -> Result<ImportBatch?, InterchangeError> {
        do throws(InterchangeError) {
            guard var batch = try await nextBatch(&source, &reader) else { return .success(nil) }
            if let standing {
                if standing.mayBePlannedBeside { batch.plan = try await planner.plan(batch.screened, beside: standing.plan) }
            } else {
                batch.plan = try await planner.plan(batch.screened)
            }
            return .success(batch)
        } catch {
            return .failure(error)
        }
    }

    /// The batch with a plan that holds: one made beside a batch that was then refused something is made again.
    private mutating func planned(
        _ prepared: ImportBatch?, after former: ImportBatch?, _ outcomes: [RecordOutcome]
    ) async throws(InterchangeError) -> ImportBatch? {
        guard var batch = prepared else { return nil }
        if let former, !former.supports(batch.plan, outcomes) { batch.plan = nil }
        if batch.plan == nil { batch.plan = try await planner.plan(batch.screened) }
        return batch
    }

    private static func land(
        _ batch: ImportBatch?, into sink: any CatalogSink, isDry: Bool
    ) async -> Result<[RecordOutcome], InterchangeError> {
        guard let writes = batch?.plan?.writes, !writes.isEmpty else { return .success([]) }
        if isDry { return .success(writes.map { _ in .applied }) }
        do throws(InterchangeError) { return .success(try await sink.apply(writes)) } catch { return .failure(error) }
    }

    /// Records and faults of the file up to the next bound of a batch or of a piece; nil at the end.
    private mutating func nextBatch(
        _ source: inout some ByteSource, _ reader: inout any CatalogReader
    ) async throws(InterchangeError) -> ImportBatch? {
        if Task.isCancelled { throw .cancelled }
        var endsPiece = !backlog.isEmpty
        if backlog.isEmpty {
            if isFinished { return nil }
            if let chunk = try await nextChunk(&source) {
                backlog = try reader.read(chunk)[...]
                endsPiece = true
            } else {
                backlog = try reader.finish()[...]
                isFinished = true
            }
        }
        var batch = ImportBatch()
        for event in backlog.prefix(Importer.batchSize) {
            switch event {
            case .fault(let fault): batch.faults.append(fault)
            case .record(let record):
                batch.records += 1
                planner.screen(record, into: &batch.screened)
            }
        }
        backlog = backlog.dropFirst(Importer.batchSize)
        if backlog.isEmpty, endsPiece, !isFinished { batch.end = (bytesRead, fingerprint.value) }
        return batch
    }

    private var pushedBack: [UInt8]?

    private mutating func nextChunk(_ source: inout some ByteSource) async throws(InterchangeError) -> [UInt8]? {
        var next = pushedBack
        pushedBack = nil
        if next == nil { next = try await source.next() }
        guard let chunk = next else { return nil }
        fingerprint.add(chunk)
        bytesRead += Int64(chunk.count)
        return chunk
    }

    /// Reads the part that is committed already, remembering only which names it used.
    private mutating func skip(
        to checkpoint: ImportCheckpoint, _ source: inout some ByteSource, _ reader: inout any CatalogReader
    ) async throws(InterchangeError) {
        while bytesRead < checkpoint.bytes {
            guard var chunk = try await source.next() else { throw Importer.otherFile }
            let wanted = Int(checkpoint.bytes - bytesRead)
            if chunk.count > wanted {
                pushedBack = Array(chunk[wanted...])
                chunk.removeLast(chunk.count - wanted)
            }
            fingerprint.add(chunk)
            bytesRead += Int64(chunk.count)
            for case .record(let record) in try reader.read(chunk) { _ = planner.withoutRepeats(record) }
        }
        guard fingerprint.value == checkpoint.fingerprint else { throw Importer.otherFile }
        report = checkpoint.report
    }

    private static let otherFile = InterchangeError.otherFile(
        "this is not the file whose import was stopped: its beginning differs. Import it from the start, without --resume")

    /// Counts and tells what became of a batch, once it is committed.
    private mutating func settle(_ batch: ImportBatch, _ outcomes: [RecordOutcome], _ notice: (Event) -> Void) {
        guard let plan = batch.plan else { return }
        report.records += batch.records
        for fault in (batch.faults + plan.faults).sorted(by: { $0.line < $1.line }) { note(fault, notice) }
        report.refused += plan.refused
        report.unchanged += plan.unchanged
        for (write, outcome) in zip(plan.writes, outcomes) {
            switch outcome {
            case .applied:
                for entity in write.entities {
                    if entity.isNew { report.created += 1 } else if !entity.units.isEmpty { report.changed += 1 }
                    report.unitsWritten += entity.units.count
                }
            case .refused(let ref, let failure):
                report.refused += write.entities.count
                let column = failure.field.isEmpty ? ref.description : "\(ref) \(failure.field)"
                note(RowFault(line: write.line, column: column, reason: failure.reason), notice)
            }
        }
    }

    private mutating func note(_ fault: RowFault, _ notice: (Event) -> Void) {
        if fault.isWarning { report.warnings += 1 } else { report.faults += 1 }
        notice(.fault(fault))
    }
}
