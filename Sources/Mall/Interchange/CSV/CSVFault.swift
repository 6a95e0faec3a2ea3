/// Why one record of a CSV file could not be read, and where.
package struct CSVFault: Error, Hashable, Sendable {
    package enum Reason: Hashable, Sendable {
        /// A quote stands inside a cell that did not begin with one.
        case quoteInsideCell
        /// Text follows a closing quote; `opened` is the line of the opening one.
        case textAfterQuote(opened: Int)
        /// The file ends inside quotes opened here.
        case quoteNeverClosed
        /// The cell has more bytes than allowed.
        case cellTooLong(bytes: Int, limit: Int)
        /// All cells of the record together have more bytes than allowed.
        case recordTooLong(limit: Int)
        case tooManyCells(limit: Int)
        case notUTF8(looksLike: TextEncodingGuess)
    }

    package let reason: Reason
    /// The physical line of the fault, counted from 1.
    package let line: Int
    /// The byte within that line, counted from 1.
    package let byte: Int
    /// The cell within the record, counted from 0.
    package let cell: Int

    /// What is wrong and what to do, without the line, which the report shows itself.
    package var text: String {
        switch reason {
        case .quoteInsideCell:
            "a quote at byte \(byte) of the line inside a cell that does not begin with one; "
                + "put the whole cell in quotes and double the quotes within"
        case .textAfterQuote(let opened):
            "text at byte \(byte) of the line follows a closing quote of the cell opened on line \(opened); "
                + "double the quotes within a cell"
        case .quoteNeverClosed:
            "the quote opened at byte \(byte) of the line is never closed"
        case .cellTooLong(let bytes, let limit):
            "the cell has \(bytes) bytes, the limit is \(limit)"
        case .recordTooLong(let limit):
            "the row has more than \(limit) bytes"
        case .tooManyCells(let limit):
            "the row has more than \(limit) cells"
        case .notUTF8(let guess):
            "not valid UTF-8; \(guess.advice)"
        }
    }
}
