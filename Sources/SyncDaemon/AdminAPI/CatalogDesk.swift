import Commerce

/// Reads and edits the master catalog for operators, and moves it in and out in bulk.
protocol CatalogDesk: Sendable {
    func entity(_ ref: EntityRef) async throws(DeskError) -> EntityReport

    /// Makes an entity with these units at once, or nothing.
    func create(_ ref: EntityRef, units: [(unit: UnitName, value: JSON)], by principal: Principal)
        async throws(DeskError) -> EntityReport

    /// Writes a unit (nil deletes it) as its author saw the version `tag` names.
    ///
    /// - Parameter tag: The unit's or the entity's tag as last read; nil for `*`, whatever is there.
    /// - Throws: ``DeskError/stale(current:)`` when something newer is held.
    func edit(_ ref: UnitRef, value: JSON?, expecting tag: String?, by principal: Principal)
        async throws(DeskError) -> EntityReport

    /// Deletes an entity; its history stays.
    func delete(_ ref: EntityRef, expecting tag: String?, by principal: Principal) async throws(DeskError)

    /// Imports a file as it arrives, in constant memory.
    ///
    /// - Parameter report: Called with each line of progress; the last one is the summary.
    func importCatalog(
        _ order: ImportOrder, from file: UploadedFile, by principal: Principal,
        report: @escaping @Sendable (ImportLine) async throws -> Void
    ) async throws

    /// Checks that an export can be made as ordered: once a piece of it is written, nobody can be told otherwise.
    func check(_ order: ExportOrder) async throws(DeskError)

    /// Writes the catalog, or what a channel holds of it under its projection, piece by piece.
    func exportCatalog(_ order: ExportOrder, write: ([UInt8]) async throws -> Void) async throws
}

enum CatalogFormat: String, CaseIterable, Sendable {
    case shopify, woocommerce, jsonl, csv

    var contentType: String {
        switch self {
        case .jsonl: "application/jsonl; charset=utf-8"
        case .shopify, .woocommerce, .csv: "text/csv; charset=utf-8"
        }
    }
}

struct ImportOrder: Hashable, Sendable {
    var format: CatalogFormat
    var dryRun: Bool
    /// The name of a mapping the configuration knows, for `jsonl` and `csv`.
    var mapping: String?
    /// Goes on where an import under this name stopped.
    var resume: String?
    var words = FileWords()
}

/// What a file does not say of itself; nil is what the configuration says.
struct FileWords: Hashable, Sendable {
    /// The language of its texts.
    var locale: String?
    /// The currency of its prices.
    var currency: String?
    /// The name its own keys are kept under; else the mapping's or the format's.
    var source: String?
}

struct ExportOrder: Hashable, Sendable {
    var format: CatalogFormat
    var channel: ChannelID?
    var words = FileWords()
}

/// One line of an import's answer.
enum ImportLine: Hashable, Sendable {
    case progress(rows: Int, bytes: Int64)
    /// A row that was not taken; the others go on.
    case fault(line: Int, column: String?, reason: String)
    case summary(rows: Int, created: Int, changed: Int, unchanged: Int, faulty: Int)

    var json: JSON {
        switch self {
        case .progress(let rows, let bytes):
            ["type": "progress", "rows": .integer(Int64(rows)), "bytes": .integer(bytes)]
        case .fault(let line, let column, let reason):
            [
                "type": "fault", "line": .integer(Int64(line)), "column": column.map(JSON.string) ?? .null,
                "reason": .string(reason),
            ]
        case .summary(let rows, let created, let changed, let unchanged, let faulty):
            [
                "type": "summary", "rows": .integer(Int64(rows)), "created": .integer(Int64(created)),
                "changed": .integer(Int64(changed)), "unchanged": .integer(Int64(unchanged)),
                "faulty": .integer(Int64(faulty)),
            ]
        }
    }
}
