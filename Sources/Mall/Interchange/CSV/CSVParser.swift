/// Reads CSV as it arrives, in chunks of any size and in constant memory.
///
/// Follows RFC 4180, takes LF, CRLF and lone CR, and skips a byte order mark and
/// blank lines. A broken record is reported and left out, and reading goes on: with
/// the next physical line after a broken quote as long as the record is still
/// within ``Limits/cellBytesMax``, else with the line after the fault. A cell over
/// the limit is thrown away as it streams by, never held.
///
///     var parser = CSVParser()
///     parser.read(chunk) { event in … }   // any number of times
///     parser.finish { event in … }
package struct CSVParser: Sendable {
    package struct Limits: Sendable {
        package var cellBytesMax = 1 << 20
        package var recordBytesMax = 8 << 20
        package var cellsMax = 1_000
        package init() {}
    }

    package enum Event {
        case row(CSVRow)
        case fault(CSVFault)
    }

    enum State { case cellStart, plain, quoted, quoteSeen, skipLine }

    let limits: Limits
    let separator: UInt8
    var state = State.cellStart
    var row = CSVRow()
    var line = 1
    /// Bytes consumed before the chunk at hand.
    var base = 0
    var lineStart = 0
    var rowStarted = false
    var afterCR = false
    var markChecked = false
    /// Bytes of the cell at hand that were dropped for its length.
    var dropped = 0
    var overlong: CSVFault?
    var quoteLine = 0
    var quoteByte = 0
    /// The raw bytes after the first line end inside the record, to start over from
    /// when its quotes prove broken; nil once they are too many to keep.
    var replay: [UInt8]?
    var replayBase = 0
    var replayLine = 0
    /// Bounds the work of starting over on hostile files.
    var replayed = 0

    package init(separator: UInt8 = UInt8(ascii: ","), limits: Limits = Limits()) {
        self.separator = separator
        self.limits = limits
    }

    package mutating func read(_ chunk: [UInt8], _ emit: (Event) -> Void) {
        var pending = chunk[...]
        if !markChecked, !pending.isEmpty {
            pending = withoutMark(pending)
            if !markChecked { return }
        }
        consume(pending, emit)
    }

    package mutating func finish(_ emit: (Event) -> Void) {
        if !markChecked {
            markChecked = true
            let held = row.bytes[...]
            row.clear()
            consume(held, emit)
        }
        while state == .quoted {
            let fault = CSVFault(reason: .quoteNeverClosed, line: quoteLine, byte: quoteByte, cell: row.count)
            guard let again = abandon(fault, emit) else { return }
            consume(again, emit)
        }
        if rowStarted { endRow(at: base, emit) }
    }

    /// Holds back up to three bytes until it is known whether they are the mark.
    private mutating func withoutMark(_ chunk: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        row.bytes.append(contentsOf: chunk)
        guard row.bytes.count >= 3 || !mark.starts(with: row.bytes) else { return [] }
        markChecked = true
        let held = row.bytes
        row.clear()
        guard held.starts(with: mark) else { return held[...] }
        base = 3
        lineStart = 3
        return held.dropFirst(3)
    }

    private mutating func consume(_ bytes: ArraySlice<UInt8>, _ emit: (Event) -> Void) {
        var work = [bytes]
        while let part = work.popLast() {
            let (used, fault) = part.withUnsafeBufferPointer { scan($0, emit) }
            base += used
            guard let fault else { continue }
            let rest = part.dropFirst(used)
            if !rest.isEmpty { work.append(rest) }
            if let again = abandon(fault, emit) {
                // What is replayed ends where the rest begins.
                work.append(again)
            }
        }
    }

    /// Gives the record up; returns the bytes to read again, nil when there are none.
    private mutating func abandon(_ fault: CSVFault, _ emit: (Event) -> Void) -> ArraySlice<UInt8>? {
        emit(.fault(fault))
        let again = replay
        let mayReplay = again.map { replayed + $0.count <= 64 * limits.cellBytesMax } ?? false
        row.clear()
        replay = nil
        rowStarted = false
        overlong = nil
        dropped = 0
        afterCR = false
        guard let again, mayReplay else {
            state = state == .quoted ? .cellStart : .skipLine
            return nil
        }
        replayed += again.count
        state = .cellStart
        base = replayBase
        line = replayLine
        lineStart = replayBase
        return again[...]
    }

    mutating func endRow(at end: Int, _ emit: (Event) -> Void) {
        endCell(at: end)
        rowStarted = false
        state = .cellStart
        replay = nil
        defer { row.clear() }
        if let overlong {
            emit(.fault(overlong))
            self.overlong = nil
        } else if row.isBlank {
            return
        } else if let broken = row.firstBrokenCell() {
            let guess = TextEncodingGuess.of(row.bytes[row.range(broken)])
            emit(.fault(CSVFault(reason: .notUTF8(looksLike: guess), line: row.line, byte: 1, cell: broken)))
        } else {
            emit(.row(row))
        }
    }

    mutating func endCell(at position: Int) {
        if dropped > 0 {
            let size = row.bytes.count - (row.ends.last ?? 0) + dropped
            note(
                size > limits.cellBytesMax
                    ? .cellTooLong(bytes: size, limit: limits.cellBytesMax)
                    : .recordTooLong(limit: limits.recordBytesMax),
                at: position)
            row.bytes.removeLast(row.bytes.count - (row.ends.last ?? 0))
            dropped = 0
        }
        if row.ends.count >= limits.cellsMax {
            note(.tooManyCells(limit: limits.cellsMax), at: position)
        } else {
            row.ends.append(row.bytes.count)
        }
        state = .cellStart
    }

    private mutating func note(_ reason: CSVFault.Reason, at position: Int) {
        guard overlong == nil else { return }
        overlong = CSVFault(reason: reason, line: row.line, byte: position - lineStart + 1, cell: row.count)
    }
}
