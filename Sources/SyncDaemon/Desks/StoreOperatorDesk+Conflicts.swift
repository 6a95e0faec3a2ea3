import Commerce
import ConflictResolution
import Store

extension StoreOperatorDesk {
    func conflicts(
        _ state: ConflictReport.State?, _ page: PageRequest
    ) async throws(DeskError) -> Page<ConflictReport> {
        let start = try page.number()
        let reports = try await store.consult { reading throws(StoreError) in
            var found: [Conflict] = []
            for open in [true, false] where state == nil || (state == .open) == open {
                found += try reading.conflicts(open: open, before: start, limit: page.limit + 1)
            }
            var reports: [ConflictReport] = []
            for conflict in found.sorted(by: { $0.number > $1.number }).prefix(page.limit + 1) {
                reports.append(try ConflictReport(conflict, reading))
            }
            return reports
        }
        return Page(reports, of: page, number: \.id)
    }

    func conflict(_ id: Int64) async throws(DeskError) -> ConflictReport {
        let report = try await store.consult { reading throws(StoreError) -> ConflictReport? in
            guard let conflict = try reading.conflict(id) else { return nil }
            return try ConflictReport(conflict, reading)
        }
        guard let report else { throw .notFound("conflict \(id)") }
        return report
    }

    func resolve(
        _ id: Int64, _ choice: ConflictChoice, reason: String, by principal: Principal
    ) async throws(DeskError) -> ConflictReport {
        try await store.change { writing throws(StoreError) in
            let reading = writing.reading
            guard let conflict = try reading.conflict(id) else { return .failure(.notFound("conflict \(id)")) }
            if let closing = conflict.resolved {
                return .failure(
                    .refused(
                        "Conflict \(id) was resolved by \(closing.by).", next: "heyi conflicts show \(id)"))
            }
            let sides = try ConflictReport(conflict, reading).sides
            let value: JSON?
            switch choice {
            case .side(let index):
                guard sides.indices.contains(index) else {
                    return .failure(.invalid(field: "choice", reason: "must be from 0 to \(sides.count - 1)"))
                }
                value = sides[index].value
            case .live: value = try reading.live(conflict.unit)
            case .value(let own): value = own
            }
            // The hub has seen every side, so this write takes their place, even where it says what is live.
            _ = try writing.apply(
                UnitWrite(
                    conflict.unit, value, causality: .hub, author: principal.name, origin: .resolution,
                    reason: reason))
            try writing.audit(
                principal: principal.name, action: "conflict.resolve", subject: "conflict/\(id)",
                detail: "\(conflict.unit): \(choice.words); \(reason)")
            guard let closed = try reading.conflict(id), closed.resolved != nil else {
                throw .failed("conflict \(id) stayed open after it was decided")
            }
            return .success(try ConflictReport(closed, reading))
        }
    }
}

extension ConflictChoice {
    /// What was chosen, without any value: audits outlive what they tell of.
    fileprivate var words: String {
        switch self {
        case .side(let index): "side \(index)"
        case .live: "the live value"
        case .value: "a value of its own"
        }
    }
}
