import Commerce

/// One page of a list of Stripe's, newest first.
struct StripePage: Sendable {
    let objects: [StripeObject]
    /// Behind which the next page begins; nil at the end.
    let next: String?

    static let length: Int64 = 100

    /// - Parameter last: the id behind which it begins.
    static func of(
        _ path: String, _ members: [(String, StripeForm.Value?)], after last: String?, _ exchange: StripeExchange
    ) async throws(StripeFault) -> StripePage {
        let form = StripeForm(members + [("limit", .number(length)), ("starting_after", last.map { .text($0) })])
        let page = try StripePage(try await exchange.get(path, form))
        guard page.next == nil || page.next != last else { throw StripeFault(.unknown, "Stripe's list goes round in a circle") }
        return page
    }

    init(_ object: StripeObject) throws(StripeFault) {
        do {
            objects = try object.list("data")
            let hasMore = try object.flag("has_more")
            next = hasMore ? try objects.last?.id() : nil
            if hasMore, next == nil { throw object.fail("has_more", "is true of a page without objects") }
        } catch {
            throw StripeFault(.unknown, "Stripe's list cannot be read: \(error)")
        }
    }

    func id(of object: StripeObject) throws(StripeFault) -> String {
        do { return try object.id() } catch { throw StripeFault(.unknown, "Stripe's list cannot be read: \(error)") }
    }
}
