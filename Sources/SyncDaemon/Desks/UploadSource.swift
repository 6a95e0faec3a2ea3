import Mall

/// An upload as an import reads it; before each piece is read, what the last one led to is told.
struct UploadSource: ByteSource {
    private let pieces: UploadPieces
    private let notes: ImportNotes
    private let tell: () async throws -> Void
    /// Why the upload broke off after the bytes that were handed over last.
    private var breach: (any Error)?
    /// What is read at once: enough for a commit to be worth its fsync.
    private static let pieceBytes = 192 * 1_024

    init(_ file: UploadedFile, _ notes: ImportNotes, tell: @escaping () async throws -> Void) {
        pieces = UploadPieces(file)
        self.notes = notes
        self.tell = tell
    }

    /// The sender knows; we see the end when it comes.
    var size: Int64? { nil }

    mutating func next() async throws(InterchangeError) -> [UInt8]? {
        do {
            try await tell()
            if let breach { throw breach }
            return try await gathered()
        } catch {
            notes.failure = error
            throw .cancelled
        }
    }

    /// Several pieces at once; what came before the upload broke off is imported all the same.
    private mutating func gathered() async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        do {
            while bytes.count < UploadSource.pieceBytes, let piece = try await pieces.next() { bytes += piece }
        } catch {
            guard !bytes.isEmpty else { throw error }
            breach = error
        }
        return bytes.isEmpty ? nil : bytes
    }
}

/// The pieces of an upload in turn.
private final class UploadPieces: @unchecked Sendable {
    // Unchecked because only the one task that imports the file ever reads from it.
    private var iterator: UploadedFile.Iterator

    init(_ file: UploadedFile) { iterator = file.makeAsyncIterator() }

    @concurrent
    func next() async throws -> [UInt8]? { try await iterator.next() }
}

/// What an import has to tell and has not told yet.
///
/// The importer speaks while it works and does not wait; its listener is told, and
/// waited for, between two pieces of the file.
final class ImportNotes {
    private static let progressEvery: Int64 = 256 * 1_024

    private var lines: [ImportLine] = []
    private var toldBytes: Int64 = 0
    private(set) var checkpoint: ImportCheckpoint?
    /// Why the file or its listener broke off.
    var failure: (any Error)?

    func take(_ event: Importer.Event) {
        switch event {
        case .fault(let fault):
            let reason = fault.isWarning ? "\(fault.reason) (the row was taken without it)" : fault.reason
            lines.append(.fault(line: fault.line, column: fault.column.isEmpty ? nil : fault.column, reason: reason))
        case .progress(let progress):
            guard progress.report.bytes - toldBytes >= ImportNotes.progressEvery else { return }
            toldBytes = progress.report.bytes
            lines.append(.progress(rows: progress.report.records, bytes: progress.report.bytes))
        case .checkpoint(let checkpoint): self.checkpoint = checkpoint
        }
    }

    func drain() -> [ImportLine] {
        defer { lines = [] }
        return lines
    }
}
