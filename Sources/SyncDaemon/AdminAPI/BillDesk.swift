import Commerce
import Store

/// What operators ask about bills and about parcels on their way.
protocol BillDesk: Sendable {
    /// Accounts whose bills are compared.
    func billAccounts() async throws(DeskError) -> [String]
    /// A day as it was compared last, without asking anybody.
    func bill(_ gateway: String, _ day: CalendarDay) async throws(DeskError) -> JSON
    /// Takes a day's bill now and compares it; nothing but that is written.
    func lookAtBill(_ gateway: String, _ day: CalendarDay) async throws(DeskError) -> JSON
    /// Does what can be done about a day's differences without a person.
    func repairBill(_ gateway: String, _ day: CalendarDay, by principal: Principal) async throws(DeskError) -> JSON
    /// Says why a difference is none.
    func explainDifference(_ number: Int64, reason: String, by principal: Principal) async throws(DeskError) -> JSON
    func parcelNotices(open: Bool, _ page: PageRequest) async throws(DeskError) -> Page<ParcelNotice>
    func settleParcelNotice(_ number: Int64, by principal: Principal) async throws(DeskError)
}
