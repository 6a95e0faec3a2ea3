import Commerce
import Mall
import Store

/// Answers about bills and parcels out of the store and the accounts there are.
struct StoreBillDesk: BillDesk {
    let store: Store
    let wiring: GatewayWiring

    func billAccounts() async throws(DeskError) -> [String] { wiring.reconciler(store).names }

    func bill(_ gateway: String, _ day: CalendarDay) async throws(DeskError) -> JSON {
        try await atDesk { () async throws(StoreError) in try await wiring.reconciler(store).report(gateway, day).json }
    }

    func lookAtBill(_ gateway: String, _ day: CalendarDay) async throws(DeskError) -> JSON {
        try await atDesk { () async throws(StoreError) in try await wiring.reconciler(store).preview(gateway, day).json }
    }

    func repairBill(_ gateway: String, _ day: CalendarDay, by principal: Principal) async throws(DeskError) -> JSON {
        try await atDesk { () async throws(StoreError) in
            try await wiring.reconciler(store).repair(gateway, day, by: principal.name).json
        }
    }

    func explainDifference(_ number: Int64, reason: String, by principal: Principal) async throws(DeskError) -> JSON {
        try await atDesk { () async throws(StoreError) in
            try await wiring.reconciler(store).explain(number, by: principal.name, reason: reason).json
        }
    }

    func parcelNotices(open: Bool, _ page: PageRequest) async throws(DeskError) -> Page<ParcelNotice> {
        let before = try page.number()
        return try await store.consult { reading throws(StoreError) in
            Page(try reading.parcelNotices(open: open, before: before, limit: page.limit + 1), of: page, number: \.number)
        }
    }

    func settleParcelNotice(_ number: Int64, by principal: Principal) async throws(DeskError) {
        try await store.change { writing throws(StoreError) in
            if try writing.settleParcelNotice(number, by: principal.name) {
                try writing.audit(principal: principal.name, action: "parcel.settle", subject: "notice/\(number)", detail: "")
            }
            return .success(())
        }
    }
}
