import Commerce

/// Reads JSON Lines of any shape by a mapping file.
struct MappedLines: LineInterpreter {
    let mapping: CatalogMapping
    let options: InterchangeOptions

    func events(of value: JSON, line: Int) throws(RowFault) -> [CatalogEvent] {
        let (record, faults) = try mapping.record(of: value, line: line, options)
        return faults.map(CatalogEvent.fault) + (record.map { [.record($0)] } ?? [])
    }
}

/// Reads a CSV of any shape by a mapping file.
///
/// A row is an object of its columns. With a `group` column, consecutive rows with the
/// same value are one object: the first row's columns, and all rows under `rows`.
struct MappedRows: RowInterpreter {
    private let names: [String]
    private let group: Int?
    private let mapping: CatalogMapping
    private let options: InterchangeOptions
    private var held: (key: String, line: Int, rows: [JSON])?

    init(header: CSVHeader, mapping: CatalogMapping, options: InterchangeOptions) throws(InterchangeError) {
        names = header.names
        self.mapping = mapping
        self.options = options
        if let column = mapping.group {
            group = try header.required(column, of: .csv)
        } else {
            group = nil
        }
    }

    mutating func take(_ row: CSVRow, into events: inout [CatalogEvent]) {
        let pairs = names.indices.filter { !names[$0].isEmpty }.map { (names[$0], JSON.string(row.text($0))) }
        let object = JSON.object(JSONObject(pairs))
        guard let group else { return emit(object, line: row.line, into: &events) }
        let key = row.text(group)
        if let open = held, open.key == key, open.rows.count < ShopifyGroup.rowsMax {
            held?.rows.append(object)
        } else {
            close(into: &events)
            held = (key, row.line, [object])
        }
    }

    mutating func rowLost() {}
    mutating func finish(into events: inout [CatalogEvent]) { close(into: &events) }

    private mutating func close(into events: inout [CatalogEvent]) {
        guard let open = held, var object = open.rows.first?.object else { return }
        held = nil
        object["rows"] = .array(open.rows)
        emit(.object(object), line: open.line, into: &events)
    }

    private func emit(_ object: JSON, line: Int, into events: inout [CatalogEvent]) {
        do throws(RowFault) {
            let (record, faults) = try mapping.record(of: object, line: line, options)
            events += faults.map(CatalogEvent.fault)
            if let record { events.append(.record(record)) }
        } catch {
            events.append(.fault(error))
        }
    }
}
