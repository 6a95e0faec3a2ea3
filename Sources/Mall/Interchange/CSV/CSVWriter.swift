/// Writes CSV records by RFC 4180 into a growing buffer the caller drains.
package struct CSVWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    /// - Parameter byteOrderMark: some spreadsheet programs read UTF-8 only behind one.
    package init(byteOrderMark: Bool) {
        if byteOrderMark { bytes = [0xEF, 0xBB, 0xBF] }
    }

    package mutating func row(_ cells: [String]) {
        // A lone empty cell would read as a blank line.
        if cells.count == 1, cells[0].isEmpty { bytes.append(contentsOf: "\"\"".utf8) }
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(FormulaGuard.guarded(cell))
        }
        bytes.append(contentsOf: "\r\n".utf8)
    }

    /// Takes what was written so far out of the buffer.
    package mutating func drain() -> [UInt8] {
        defer { bytes.removeAll(keepingCapacity: true) }
        return bytes
    }

    private mutating func append(_ cell: String) {
        guard cell.utf8.contains(where: CSVWriter.needsQuotes) || cell.utf8.first == 0x20 || cell.utf8.last == 0x20
        else {
            bytes.append(contentsOf: cell.utf8)
            return
        }
        bytes.append(UInt8(ascii: "\""))
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0A || byte == 0x0D
    }
}
