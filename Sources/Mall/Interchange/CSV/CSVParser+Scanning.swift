extension CSVParser {
    /// Reads until the buffer ends or a quote proves broken; says how far it came.
    ///
    /// Runs of ordinary bytes are copied in one go, which is what makes it fast.
    mutating func scan(_ buffer: UnsafeBufferPointer<UInt8>, _ emit: (Event) -> Void) -> (Int, CSVFault?) {
        var index = 0
        let count = buffer.count
        while index < count {
            let byte = buffer[index]
            if afterCR {
                afterCR = false
                if byte == 0x0A {
                    index += 1
                    lineStart = base + index
                    continue
                }
            }
            switch state {
            case .cellStart:
                if !rowStarted { beginRow() }
                if byte == UInt8(ascii: "\"") {
                    state = .quoted
                    row.hasQuotes = true
                    quoteLine = line
                    quoteByte = base + index - lineStart + 1
                    index += 1
                    if replay != nil { keep(buffer, index - 1, index) }
                } else {
                    state = .plain
                }
            case .plain:
                let start = index
                while index < count, !endsPlain(buffer[index]) { index += 1 }
                take(buffer, start, index)
                if replay != nil { keep(buffer, start, index) }
                guard index < count else { break }
                if buffer[index] == UInt8(ascii: "\"") { return (index, quoteInside(at: base + index)) }
                index += 1
                if replay != nil { keep(buffer, index - 1, index) }
                closeCell(buffer[index - 1], after: base + index, emit)
            case .quoted:
                let start = index
                while index < count, buffer[index] != UInt8(ascii: "\""), buffer[index] != 0x0A { index += 1 }
                take(buffer, start, index)
                guard index < count else {
                    if replay != nil { keep(buffer, start, index) }
                    break
                }
                index += 1
                if replay != nil { keep(buffer, start, index) }
                if buffer[index - 1] == 0x0A {
                    take(buffer, index - 1, index)
                    line += 1
                    lineStart = base + index
                    if replay == nil, quoteLine == row.line, line == row.line + 1 { beginReplay(at: base + index) }
                } else {
                    state = .quoteSeen
                }
            case .quoteSeen:
                if byte == UInt8(ascii: "\"") {
                    take(buffer, index, index + 1)
                    state = .quoted
                    index += 1
                    if replay != nil { keep(buffer, index - 1, index) }
                } else if endsPlain(byte) {
                    index += 1
                    if replay != nil { keep(buffer, index - 1, index) }
                    closeCell(byte, after: base + index, emit)
                } else {
                    let fault = CSVFault(
                        reason: .textAfterQuote(opened: quoteLine), line: line,
                        byte: base + index - lineStart + 1, cell: row.count)
                    return (index, fault)
                }
            case .skipLine:
                while index < count, buffer[index] != 0x0A { index += 1 }
                guard index < count else { break }
                index += 1
                line += 1
                lineStart = base + index
                state = .cellStart
            }
        }
        return (count, nil)
    }

    private mutating func beginRow() {
        rowStarted = true
        row.line = line
    }

    private func quoteInside(at position: Int) -> CSVFault {
        CSVFault(reason: .quoteInsideCell, line: line, byte: position - lineStart + 1, cell: row.count)
    }

    @inline(__always)
    private func endsPlain(_ byte: UInt8) -> Bool {
        byte == separator || byte == 0x0A || byte == 0x0D || byte == UInt8(ascii: "\"")
    }

    private mutating func closeCell(_ byte: UInt8, after position: Int, _ emit: (Event) -> Void) {
        guard byte != separator else { return endCell(at: position - 1) }
        afterCR = byte == 0x0D
        line += 1
        endRow(at: position, emit)
        lineStart = position
    }

    @inline(__always)
    private mutating func take(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) {
        guard start < end else { return }
        let room = min(
            limits.cellBytesMax - (row.bytes.count - (row.ends.last ?? 0)), limits.recordBytesMax - row.bytes.count)
        let kept = dropped > 0 ? 0 : min(room, end - start)
        dropped += end - start - kept
        let run = UnsafeBufferPointer(rebasing: buffer[start..<(start + kept)])
        row.bytes.append(contentsOf: run)
        var seen: UInt8 = 0
        for byte in run { seen |= byte }
        row.seen |= seen
    }

    private mutating func beginReplay(at position: Int) {
        replay = []
        replayBase = position
        replayLine = line
    }

    private mutating func keep(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) {
        guard let held = replay?.count, held + end - start <= limits.cellBytesMax else {
            replay = nil
            return
        }
        replay?.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start..<end]))
    }
}
