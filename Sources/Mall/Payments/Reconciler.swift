package import ChannelAdapters
package import Commerce
package import Store

/// Compares payments with their gateways' bills, and puts right what can be put right.
///
/// A look writes the bill and what it differs in, and nothing else. Only ``repair(_:_:by:)`` tells orders anything,
/// and only what the gateway says: facts that are the same however often they are told. It may be stopped
/// between any two writes and begun again.
package struct Reconciler: Sendable {
    let store: Store
    let accounts: [String: BillAccount]
    let gateways: [String: any PaymentGateway]
    /// The author of facts that a bill taught.
    package static let author = "bill"

    package init(store: Store, accounts: [BillAccount], gateways: [any PaymentGateway]) {
        self.store = store
        self.accounts = Dictionary(accounts.map { ($0.gateway, $0) }) { first, _ in first }
        self.gateways = Dictionary(gateways.map { ($0.id, $0) }) { first, _ in first }
    }

    package var names: [String] { accounts.keys.sorted() }

    /// Takes a day's bill and says what differs, and what could be done about it.
    ///
    /// - Throws: `.notFound` for an account that has no bills, `.invalid` for a day that is not over.
    @discardableResult
    package func preview(_ gateway: String, _ day: CalendarDay) async throws(StoreError) -> BillReport {
        let account = try account(gateway)
        guard day < account.terms.day(store.surroundings.time.now()) else {
            throw .invalid(ValidationFailure(field: "day", reason: "must be over at the gateway; \(day) is not"))
        }
        try await take(account, day)
        return try await report(gateway, day)
    }

    /// What is known of a day, without asking anybody.
    ///
    /// - Throws: `.notFound` for a day nobody has looked at.
    package func report(_ gateway: String, _ day: CalendarDay) async throws(StoreError) -> BillReport {
        let found = try await store.read { reading throws(StoreError) in try reading.billReport(gateway, day) }
        guard let found else { throw .notFound("a bill of \(gateway) for \(day)") }
        return found
    }

    /// Says why a difference is none. It stays explained as long as both sides say the same.
    ///
    /// - Returns: it, as it is now.
    @discardableResult
    package func explain(_ number: Int64, by author: String, reason: String) async throws(StoreError) -> StoredBillDifference {
        let words = reason.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !words.isEmpty else { throw .invalid(ValidationFailure(field: "reason", reason: "is required")) }
        return try await write { writing throws(StoreError) in
            let held = try writing.reading.billDifference(number)
            if try writing.endDifference(number, .explained, by: author, told: held.told, reason: words) {
                try writing.audit(principal: author, action: "bill-explain", subject: held.subject, detail: words)
                try writing.compareAgain(held.gateway, held.day)
                if let terms = accounts[held.gateway]?.terms { try writing.compareBill(held.gateway, held.day, terms) }
            }
            return try writing.reading.billDifference(number)
        }
    }

    func account(_ gateway: String) throws(StoreError) -> BillAccount {
        guard let account = accounts[gateway] else { throw .notFound("an account \"\(gateway)\" with bills") }
        return account
    }

    /// Downloads a day's bill and compares it; without one it is noted why, and when to look again.
    ///
    /// - Returns: nil when the day is compared, else why it is not.
    @discardableResult
    func take(_ account: BillAccount, _ day: CalendarDay) async throws(StoreError) -> String? {
        let (gateway, terms) = (account.gateway, account.terms)
        let bill: Bill
        switch await account.source.bill(of: day) {
        case .bill(let came): bill = came
        case .empty: bill = Bill(lines: [])
        case .notYet(let words): return try await note(account, day, .notYet, words)
        case .unknown(let words): return try await note(account, day, .failed, words)
        case .refused(let words): return try await note(account, day, .failed, words, wait: Reconciler.afterRefusal)
        }
        try await write { writing throws(StoreError) in try writing.keep(bill, of: day, at: gateway) }
        try await write { writing throws(StoreError) in try writing.compareBill(gateway, day, terms) }
        return nil
    }

    private func note(
        _ account: BillAccount, _ day: CalendarDay, _ state: BillState, _ words: String, wait: Duration? = nil
    ) async throws(StoreError) -> String {
        try await write { writing throws(StoreError) in
            let tries = try writing.reading.billDay(account.gateway, day)?.tries ?? 0
            let isOver = account.terms.day(writing.surroundings.time.now()).number - day.number > Reconciler.daysMax
            let again = writing.surroundings.time.now() + (wait ?? Reconciler.wait(after: tries))
            try writing.noteNoBill(account.gateway, day, state, told: words, lookAgainAt: isOver ? nil : again)
        }
        return words
    }

    /// Every write goes through here: whoever is stopped writes nothing more.
    @discardableResult
    func write<T: Sendable>(_ body: @escaping @Sendable (Writing) throws(StoreError) -> T) async throws(StoreError) -> T {
        guard !Task.isCancelled else { throw .closed }
        return try await store.write(body)
    }

    /// A gateway that refuses will have to be talked to; it is asked again once a day.
    private static let afterRefusal = Duration.seconds(86_400)
    /// Gateways give bills for some months; what did not come in so many days is for a person.
    private static let daysMax = 60

    /// Ten minutes, doubled each time, up to six hours.
    static func wait(after tries: Int64) -> Duration { .seconds(min(21_600, 600 << min(tries, 6))) }
}

extension StoredBillDifference {
    var subject: String { "bill \(gateway) \(day) #\(number)" }
}
