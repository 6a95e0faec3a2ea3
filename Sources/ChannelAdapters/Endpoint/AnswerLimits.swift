import Commerce

/// How much of one thing an answer may bring, whatever its size as a whole.
///
/// What is kept (versions, cursors, names) is bounded by its own limit, so that a channel cannot
/// make every row of it megabytes long; what is worked through is bounded by its count.
enum AnswerLimits {
    /// Bytes of a version, an event or a generation.
    static let markBytesMax = 256
    static let actorBytesMax = 128
    /// Bytes of a cursor or a position, which come back in a query.
    static let cursorBytesMax = 4_096
    /// Deltas or items of one page; a page is one transaction.
    static let pageMax = 10_000
    static let projectionRulesMax = 256
    /// Units a channel may say to hold, below zero where it has sold more than it had.
    static let quantities = -StockQuantity.max...StockQuantity.max
    /// The year 10000: times from there on are no times but mistakes, such as microseconds.
    static let instants: ClosedRange<Int64> = 0...253_402_300_799_999
}
