package import Commerce

/// Gives the statement of one day, as the gateway keeps it.
package protocol BillSource: Sendable {
    /// Reads the statement of a day of the gateway's own calendar.
    func bill(of day: CalendarDay) async -> BillAnswer
}

package enum BillAnswer: Hashable, Sendable {
    case bill(Bill)
    /// Nothing moved that day.
    case empty
    /// Not made yet: ask again later.
    case notYet(String)
    /// No usable answer.
    case unknown(String)
    /// It will not come: what must be put right, such as a permission.
    case refused(String)
}
