/// The goods of an invented shop, for demonstrations and for trying things out.
///
/// Part of the program, not a file beside it, so that a demonstration runs from any
/// directory. Everything is made up: makers, prices, barcodes of the range for use
/// within one company, pictures on a reserved domain.
package enum DemoGoods {
    /// The catalog as JSON Lines, ready for an import: what is named comes before what names it.
    package static let jsonLines: String =
        [shelves, tea, ceramics, linen, kitchen, lamps, outdoor, stationery].map { $0 + "\n" }.joined()
}
