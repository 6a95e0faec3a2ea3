package import ChannelAdapters
package import Commerce

/// An account whose bills are compared, as its operator configured it.
package struct BillAccount: Sendable {
    /// As payments name it.
    package let gateway: String
    package let source: any BillSource
    package let terms: BillTerms

    package init(gateway: String, source: any BillSource, terms: BillTerms) {
        self.gateway = gateway
        self.source = source
        self.terms = terms
    }
}

/// Something about bills that a log shows, and a person may have to act on.
package enum BillNews: Hashable, Sendable {
    /// A day was compared, and so many differences are open.
    case compared(gateway: String, CalendarDay, open: Int)
    /// No bill came, in the gateway's words.
    case none(gateway: String, CalendarDay, String)
    /// What failed with one day, and is tried again later.
    case stuck(gateway: String, CalendarDay, String)
}
