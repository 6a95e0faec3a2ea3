package import Commerce

/// What a file cannot say itself: the language of its texts, the currency of its prices.
package struct InterchangeOptions: Sendable {
    package let locale: String
    package let currency: Currency
    /// Names the file's own keys: namespace of aliases and qualifier of `extra`.
    package let source: String
    /// Writes a byte order mark, for spreadsheet programs that want one.
    package var byteOrderMark = false
    /// One cell of a CSV, in bytes.
    package var cellBytesMax = 1 << 20

    /// - Throws: ``InterchangeError/unusable(_:)`` when a part cannot stand in a unit's name.
    package init(locale: String, currency: String, source: String) throws(InterchangeError) {
        guard UnitName("text.\(locale)") != nil, !locale.contains("@") else {
            throw .unusable("\"\(locale.prefix(40))\" is no language tag; write it as zh-CN or en")
        }
        guard let money = Currency(currency) else {
            throw .unusable("\"\(currency.prefix(40))\" is no currency code; write three capital letters, as CNY")
        }
        guard UnitName("extra.\(source)") != nil, !source.contains("@"), source.utf8.count <= 32 else {
            throw .unusable("\"\(source.prefix(40))\" is no source name; use letters, digits, - and _, at most 32")
        }
        self.locale = locale
        self.currency = money
        self.source = source
    }
}
