import Commerce

/// A part of a file on its way into the catalog.
struct ImportBatch: Sendable {
    /// How many records it came from.
    var records = 0
    var faults: [RowFault] = []
    var screened = BatchPlanner.Screened()
    /// What it comes to; nil while that cannot be said.
    var plan: BatchPlanner.Plan?
    /// How much of the file is dealt with once it is committed, where a piece of it ends.
    var end: (bytes: Int64, fingerprint: UInt64)?

    /// Whether the next batch may be planned before this one is committed.
    ///
    /// Not when it touches categories or brands that were there: their titles decide which links are kept.
    var mayBePlannedBeside: Bool {
        guard let plan else { return false }
        return plan.writes.allSatisfy { write in
            write.entities.allSatisfy { $0.isNew || $0.ref.kind == .product || $0.ref.kind == .sku }
        }
    }

    /// Whether a plan made before this batch was committed still holds now that it is.
    ///
    /// Only if all of it was taken, since the plan builds on the names it makes, and if
    /// both speak of different entities, since it was made from what was live before.
    func supports(_ next: BatchPlanner.Plan?, _ outcomes: [RecordOutcome]) -> Bool {
        guard let next, let plan else { return false }
        let isWhole = outcomes.allSatisfy { outcome in
            if case .applied = outcome { true } else { false }
        }
        return isWhole && plan.writes.allSatisfy { write in write.entities.allSatisfy { !next.looked.contains($0.ref) } }
    }
}
