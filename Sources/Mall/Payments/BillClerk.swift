import Commerce
package import Store

/// Looks for the bills of all days that are due, account by account, and compares them.
///
/// All it knows is in the store: whatever a restart interrupts is found again, and a day that fails is put off
/// and holds up no other. It repairs nothing.
package struct BillClerk: Sendable {
    private let reconciler: Reconciler
    private let news: @Sendable (BillNews) -> Void

    /// - Parameter news: hears of what a person should know; called between transactions, hand over and return.
    package init(_ reconciler: Reconciler, news: @escaping @Sendable (BillNews) -> Void = { _ in }) {
        self.reconciler = reconciler
        self.news = news
    }

    /// Works off all that is due now.
    ///
    /// - Returns: how many days were looked at.
    @discardableResult
    package func work() async throws(StoreError) -> Int {
        var done = 0
        for name in reconciler.names {
            let account = try reconciler.account(name)
            try await reconciler.write { writing throws(StoreError) in try writing.openBillDays(name, account.terms) }
            let now = reconciler.store.surroundings.time.now()
            let due = try await reconciler.store.read { reading throws(StoreError) in try reading.dueBillDays(name, at: now) }
            for row in due where !Task.isCancelled {
                try await look(account, row.day) { () throws(StoreError) in try await reconciler.take(account, row.day) }
                done += 1
            }
            done += try await compare(account)
        }
        return done
    }

    /// Days whose bill is here and whose differences are not, or not with all that came since.
    private func compare(_ account: BillAccount) async throws(StoreError) -> Int {
        let name = account.gateway
        let now = reconciler.store.surroundings.time.now()
        let open = try await reconciler.store.read { reading throws(StoreError) in try reading.billDaysToCompare(name, at: now) }
        for row in open where !Task.isCancelled {
            try await look(account, row.day) { () throws(StoreError) in
                try await reconciler.write { writing throws(StoreError) in try writing.compareBill(name, row.day, account.terms) }
                return nil
            }
        }
        return open.count
    }

    private func look(
        _ account: BillAccount, _ day: CalendarDay, _ body: () async throws(StoreError) -> String?
    ) async throws(StoreError) {
        do throws(StoreError) {
            if let words = try await body() { return news(.none(gateway: account.gateway, day, words)) }
            let report = try await reconciler.report(account.gateway, day)
            news(.compared(gateway: account.gateway, day, open: report.open.count))
        } catch {
            switch error {
            case .corrupt, .failed, .contradiction, .invalid, .notFound:
                news(.stuck(gateway: account.gateway, day, "\(error)"))
                let told = "\(error)"
                let later = reconciler.store.surroundings.time.now() + .seconds(21_600)
                try await reconciler.write { writing throws(StoreError) in
                    try writing.noteNoBill(account.gateway, day, .failed, told: told, lookAgainAt: later)
                }
            default: throw error
            }
        }
    }
}
