package import Commerce

/// Brings a file into the catalog, batch by batch, in constant memory.
///
/// Writes only what differs from what is live, so the same file again writes nothing.
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

    private static let batchSize = 200

    private var planner: BatchPlanner
    private let sink: any CatalogSink
    private let dryRun: Bool
    private let resume: ImportCheckpoint?
    private let time: any TimeSource
    private var report = ImportReport()
    private var fingerprint = Fingerprint()
    private var bytesRead: Int64 = 0

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
        while let chunk = try await nextChunk(&source) {
            try await take(try reader.read(chunk), notice)
            report.bytes = bytesRead
            let seconds = Double(time.monotonicNanoseconds() - start) / 1e9
            if !dryRun {
                notice(.checkpoint(ImportCheckpoint(bytes: bytesRead, fingerprint: fingerprint.value, report: report)))
            }
            notice(.progress(ImportProgress(report: report, bytesTotal: source.size, seconds: seconds)))
        }
        try await take(try reader.finish(), notice)
        return report
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

    private mutating func take(_ events: [CatalogEvent], _ notice: (Event) -> Void) async throws(InterchangeError) {
        var batch: [CatalogRecord] = []
        var faults: [RowFault] = []
        for event in events {
            switch event {
            case .fault(let fault): faults.append(fault)
            case .record(let record): batch.append(record)
            }
            if batch.count + faults.count == Importer.batchSize {
                try await apply(batch, faults, notice)
                batch.removeAll(keepingCapacity: true)
                faults.removeAll(keepingCapacity: true)
            }
        }
        if !batch.isEmpty || !faults.isEmpty { try await apply(batch, faults, notice) }
    }

    private mutating func apply(
        _ batch: [CatalogRecord], _ faults: [RowFault], _ notice: (Event) -> Void
    ) async throws(InterchangeError) {
        if Task.isCancelled { throw .cancelled }
        report.records += batch.count
        let plan = try await planner.plan(batch)
        for fault in (faults + plan.faults).sorted(by: { $0.line < $1.line }) { note(fault, notice) }
        report.refused += plan.refused
        report.unchanged += plan.unchanged
        let outcomes = dryRun ? plan.writes.map { _ in .applied } : try await sink.apply(plan.writes)
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
