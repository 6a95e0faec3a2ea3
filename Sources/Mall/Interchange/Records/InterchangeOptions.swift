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
        if let fault = InterchangeOptions.fault(locale: locale, currency: currency, source: source) {
            throw .unusable(fault.reason)
        }
        guard let money = Currency(currency) else { throw .unusable("\"\(currency)\" is no currency") }
        self.locale = locale
        self.currency = money
        self.source = source
    }

    /// What is wrong with these words, and which of them it is; nil when they can be used.
    package static func fault(locale: String, currency: String, source: String) -> (option: String, reason: String)? {
        if LanguageTag(locale) == nil {
            return ("locale", "\"\(locale.prefix(40))\" is no language tag; write one such as zh-CN, zh-Hant-TW or en")
        }
        if Currency(currency) == nil {
            return ("currency", "\"\(currency.prefix(40))\" is no ISO 4217 currency; write one such as CNY, USD or JPY")
        }
        if UnitName("extra.\(source)") == nil || source.contains("@") || source.utf8.count > 32 {
            return ("source", "\"\(source.prefix(40))\" is no source name; use letters, digits, - and _, at most 32")
        }
        if [Alias.idNamespace, Alias.codeNamespace, Alias.titleNamespace].contains(source) {
            return ("source", "\"\(source)\" is what Heyi keeps names of its own under; choose another")
        }
        return nil
    }
}
