package import Commerce

/// Reads a file with one JSON object on each line, which an interpreter turns into records.
package struct JSONLinesReader: CatalogReader {
    private var lines = LineSplitter()
    private let interpreter: any LineInterpreter
    private var isEmpty = true

    package init(_ interpreter: any LineInterpreter) { self.interpreter = interpreter }

    package mutating func read(_ chunk: [UInt8]) throws(InterchangeError) -> [CatalogEvent] {
        var events: [CatalogEvent] = []
        var lines = self.lines
        self.lines = LineSplitter()
        lines.read(chunk) { take($0, &events) }
        self.lines = lines
        return events
    }

    package mutating func finish() throws(InterchangeError) -> [CatalogEvent] {
        var events: [CatalogEvent] = []
        var lines = self.lines
        lines.finish { take($0, &events) }
        guard !isEmpty else { throw .unreadable("the file is empty; it needs one JSON object on each line") }
        return events
    }

    private mutating func take(_ line: LineSplitter.Line, _ events: inout [CatalogEvent]) {
        if let bytes = line.tooLong {
            isEmpty = false
            let reason = "the line has \(bytes) bytes, the limit is \(LineSplitter.bytesMax)"
            events.append(.fault(RowFault(line: line.number, column: "", reason: reason)))
            return
        }
        guard line.bytes.contains(where: { $0 != 0x20 && $0 != 0x09 }) else { return }
        isEmpty = false
        do throws(RowFault) {
            let value = try parsed(line)
            guard value.object != nil else {
                throw RowFault(
                    line: line.number, column: "", value: value.text,
                    reason: "each line must be a JSON object, this one is \(value.typeName)")
            }
            events += try interpreter.events(of: value, line: line.number)
        } catch {
            events.append(.fault(error))
        }
    }

    private func parsed(_ line: LineSplitter.Line) throws(RowFault) -> JSON {
        do throws(JSONError) {
            return try JSON.parse(line.bytes, depthMax: 32)
        } catch {
            var reason = error.description
            // Latin letters in UTF-16 are valid UTF-8: each has a zero byte beside it.
            if line.bytes.contains(0) || String(validating: line.bytes, as: UTF8.self) == nil {
                reason = "not valid UTF-8; \(TextEncodingGuess.of(line.bytes).advice)"
            }
            throw RowFault(
                line: line.number, column: "", value: String(decoding: line.bytes.prefix(60), as: UTF8.self),
                reason: reason)
        }
    }
}

/// Turns one JSON object of a file into records and faults.
package protocol LineInterpreter: Sendable {
    /// - Throws: the fault that refuses the line as a whole.
    func events(of value: JSON, line: Int) throws(RowFault) -> [CatalogEvent]
}
