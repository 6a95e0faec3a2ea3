/// Turns the bytes of a file into records, in constant memory.
///
/// Fed in chunks of any size, so the same reader serves a file on disk and a body
/// arriving over the network. Bad rows come back as faults beside the good ones.
package protocol CatalogReader: Sendable {
    /// - Throws: ``InterchangeError`` when the file as a whole cannot be read.
    mutating func read(_ chunk: [UInt8]) throws(InterchangeError) -> [CatalogEvent]
    mutating func finish() throws(InterchangeError) -> [CatalogEvent]
}

package enum CatalogEvent: Sendable {
    case record(CatalogRecord)
    case fault(RowFault)
}
