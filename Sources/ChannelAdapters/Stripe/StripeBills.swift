import Commerce

/// Statements out of Stripe's balance: every movement of a day in UTC, with what it was for.
struct StripeBills: BillSource {
    let account: StripeAccount
    let exchange: StripeExchange
    let surroundings: Surroundings
    /// A hundred movements on each.
    private static let pagesMax = 20_000

    func bill(of day: CalendarDay) async -> BillAnswer {
        let (start, end) = (day.start(), day.next.start())
        guard surroundings.time.now() >= end else { return .notYet("the day is not over in UTC") }
        let created = StripeForm.Value.members([
            ("gte", .number(start.milliseconds / 1_000)), ("lt", .number(end.milliseconds / 1_000)),
        ])
        let members: [(String, StripeForm.Value?)] = [("created", created), ("expand", .list([.text("data.source")]))]
        var lines: [BillLine] = []
        var last: String?
        do {
            for _ in 0..<StripeBills.pagesMax {
                let page = try await StripePage.of("/balance_transactions", members, after: last, exchange)
                for object in page.objects { lines += try StripeMovement(object, account.amounts).lines }
                guard let next = page.next else { return lines.isEmpty ? .empty : .bill(Bill(lines: lines)) }
                last = next
            }
            return .unknown("the day has more movements than are read")
        } catch let fault as StripeFault {
            switch fault.kind {
            case .barred: return .refused("\(fault.words); the key needs to read balance transactions")
            case .refused, .missing, .keyTaken, .otherState: return .refused(fault.words)
            case .unknown: return .unknown(fault.words)
            }
        } catch {
            return .unknown("Stripe's statement cannot be read: \(error)")
        }
    }
}
