/// Reads a CSV file whose rows an interpreter turns into records.
package struct CSVCatalogReader: CatalogReader {
    private var parser: CSVParser
    private let format: CatalogFormat
    private let interpret: @Sendable (CSVHeader) throws(InterchangeError) -> any RowInterpreter
    private var header: CSVHeader?
    private var interpreter: (any RowInterpreter)?
    private var failure: InterchangeError?
    /// After a broken quote nobody knows where cells begin: rows of another width are
    /// the rest of the broken one and pass unreported until a whole row comes.
    private var finding = false

    package init(
        format: CatalogFormat, limits: CSVParser.Limits = CSVParser.Limits(),
        _ interpret: @escaping @Sendable (CSVHeader) throws(InterchangeError) -> any RowInterpreter
    ) {
        parser = CSVParser(limits: limits)
        self.format = format
        self.interpret = interpret
    }

    package mutating func read(_ chunk: [UInt8]) throws(InterchangeError) -> [CatalogEvent] {
        var parser = self.parser
        self.parser = CSVParser()
        var events: [CatalogEvent] = []
        parser.read(chunk) { take($0, &events) }
        self.parser = parser
        if let failure { throw failure }
        return events
    }

    package mutating func finish() throws(InterchangeError) -> [CatalogEvent] {
        var parser = self.parser
        var events: [CatalogEvent] = []
        parser.finish { take($0, &events) }
        if let failure { throw failure }
        guard header != nil else {
            throw .unreadable("the file is empty; it needs at least a header with the names of the columns")
        }
        interpreter?.finish(into: &events)
        return events
    }

    private mutating func take(_ event: CSVParser.Event, _ events: inout [CatalogEvent]) {
        guard failure == nil else { return }
        switch event {
        case .row(let row): take(row, &events)
        case .fault(let fault):
            guard let header else {
                failure = .unreadable("the header cannot be read: line \(fault.line): \(fault.text)")
                return
            }
            let known = fault.cell < header.names.count ? header.names[fault.cell] : ""
            finding = switch fault.reason {
            case .quoteInsideCell, .textAfterQuote, .quoteNeverClosed: true
            case .cellTooLong, .recordTooLong, .tooManyCells, .notUTF8: finding
            }
            let column = known.isEmpty ? "column \(fault.cell + 1)" : known
            events.append(.fault(RowFault(line: fault.line, column: column, reason: fault.text)))
            interpreter?.rowLost()
        }
    }

    private mutating func take(_ row: CSVRow, _ events: inout [CatalogEvent]) {
        guard let header else {
            do throws(InterchangeError) {
                let header = try CSVHeader(row)
                interpreter = try interpret(header)
                self.header = header
            } catch {
                failure = error
            }
            return
        }
        guard row.count == header.names.count else {
            guard !finding else { return }
            let reason =
                "the row has \(row.count) cells, the header \(header.names.count); "
                + "look for a missing or extra separator, or a broken quote"
            events.append(.fault(RowFault(line: row.line, column: "", reason: reason)))
            interpreter?.rowLost()
            return
        }
        finding = false
        interpreter?.take(row, into: &events)
    }
}

/// Turns the rows of one CSV dialect into records.
package protocol RowInterpreter: Sendable {
    mutating func take(_ row: CSVRow, into events: inout [CatalogEvent])
    /// A row could not be read at all; a group it may belong to must not be taken for whole.
    mutating func rowLost()
    mutating func finish(into events: inout [CatalogEvent])
}
