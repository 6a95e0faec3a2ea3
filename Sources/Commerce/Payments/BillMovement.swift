/// What makes a line the same movement when it is listed again, on the same bill or on another day's.
package struct BillMovement: Hashable, Sendable {
    package let kind: BillLine.Kind
    package let transaction: String
    /// Which of several at one transaction: empty for the payment itself, a number for a refund.
    package let part: String

    package init(_ kind: BillLine.Kind, _ transaction: String, part: String = "") {
        self.kind = kind
        self.transaction = transaction
        self.part = part
    }
}

extension BillLine {
    /// A transaction is paid once and a refund has its number; what has neither is told apart by all it says.
    package var movement: BillMovement {
        let whole = "\(reference ?? number ?? "")#\(amount.amount) \(amount.currency)@\(at.milliseconds)"
        return switch kind {
        case .payment: BillMovement(kind, transaction)
        case .refund: BillMovement(kind, transaction, part: number ?? reference ?? whole)
        case .dispute, .other: BillMovement(kind, transaction, part: whole)
        }
    }

    package var json: JSON {
        .members([
            ("kind", .string(kind.rawValue)), ("transaction", .string(transaction)), ("number", number.map(JSON.string)),
            ("reference", reference.map(JSON.string)), ("amount", amount.members), ("fee", .integer(fee)),
            ("at", .integer(at.milliseconds)), ("final", .bool(isFinal)),
        ])
    }
}

extension Bill {
    /// The same for the same lines and totals, in whatever order they came.
    package var canonical: [UInt8] {
        func sorted(_ values: [JSON]) -> JSON {
            .array(values.map { (text: $0.text, value: $0) }.sorted { ByteOrder.precedes($0.text, $1.text) }.map(\.value))
        }
        let sums = totals.map { total in
            JSON.members([
                ("kind", .string(total.kind.rawValue)), ("count", total.count.map(JSON.integer)), ("amount", total.amount.members),
            ])
        }
        return JSON.members([("lines", sorted(lines.map(\.json))), ("totals", sorted(sums))]).bytes
    }
}
