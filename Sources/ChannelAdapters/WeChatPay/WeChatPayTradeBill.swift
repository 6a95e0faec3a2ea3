package import Commerce

/// Reads the statement of payments and refunds.
package enum WeChatPayTradeBill {
    /// Reads any bytes; takes nothing that is not whole, and no line that is not understood.
    package static func read(_ bytes: [UInt8], merchant: String) throws(ValidationFailure) -> Bill {
        let table = try WeChatPayTable(bytes, free: "商品名称")
        let columns = try Columns(table)
        var lines: [BillLine] = []
        for (index, row) in table.rows.enumerated() {
            let reader = Row(cells: row, columns: columns, place: index + 2)
            guard reader[columns.merchant] == merchant else { throw reader.fail("商户号", "is another merchant's") }
            lines.append(try reader.line())
        }
        return Bill(lines: lines, totals: try totals(table, count: lines.count))
    }

    /// The file sums payments and refunds apart, and counts them together.
    private static func totals(_ table: WeChatPayTable, count: Int) throws(ValidationFailure) -> [BillTotal] {
        func sum(_ name: String) throws(ValidationFailure) -> Money? {
            guard let text = table.sums[name] else { return nil }
            return try yuan(text, "sums.\(name)", negativeAllowed: true)
        }
        guard let text = table.sums["总交易单数"], let told = Int64(text) else {
            throw ValidationFailure(field: "sums.总交易单数", reason: "is no number")
        }
        guard told == Int64(count) else {
            throw ValidationFailure(field: "sums.总交易单数", reason: "says \(told) lines, and there are \(count)")
        }
        var totals: [BillTotal] = []
        if let paid = try sum("订单总金额") { totals.append(BillTotal(kind: .payment, count: nil, amount: paid)) }
        if let back = try sum("申请退款总金额") { totals.append(BillTotal(kind: .refund, count: nil, amount: back)) }
        return totals
    }

    static func yuan(_ text: String, _ field: String, currency: Currency = .yuan, negativeAllowed: Bool = false) throws(ValidationFailure) -> Money {
        do throws(MoneyError) { return try Money(parsing: text, currency: currency, negativeAllowed: negativeAllowed) } catch {
            throw ValidationFailure(field: field, reason: error.description)
        }
    }

    private struct Columns {
        let at, merchant, transaction, number, state, currency, reference, refund, back, progress, fee, total: Int

        init(_ table: WeChatPayTable) throws(ValidationFailure) {
            at = try table.place("交易时间")
            merchant = try table.place("商户号")
            transaction = try table.place("微信订单号")
            number = try table.place("商户订单号")
            state = try table.place("交易状态")
            currency = try table.place("货币种类")
            reference = try table.place("微信退款单号")
            refund = try table.place("商户退款单号")
            progress = try table.place("退款状态")
            fee = try table.place("手续费")
            // What the buyer ordered and what was asked back, before the platform's own coupons are taken off.
            total = try table.place("订单金额")
            back = try table.place("申请退款金额")
        }
    }

    private struct Row {
        let cells: [String]
        let columns: Columns
        let place: Int

        subscript(column: Int) -> String { cells[column] }
        func fail(_ name: String, _ reason: String) -> ValidationFailure { ValidationFailure(field: "line \(place), \(name)", reason: reason) }

        func line() throws(ValidationFailure) -> BillLine {
            guard let at = BeijingTime.moment(self[columns.at]) else { throw fail("交易时间", "is no time") }
            guard let currency = Currency(self[columns.currency]) else { throw fail("货币种类", "is no currency") }
            let transaction = self[columns.transaction]
            guard WeChatPayMembers.isCode(transaction, max: 64) else { throw fail("微信订单号", "is no number") }
            let fee = try yuan(self[columns.fee], "line \(place), 手续费", currency: currency, negativeAllowed: true).amount
            switch self[columns.state] {
            case "SUCCESS":
                return BillLine(
                    kind: .payment, transaction: transaction, number: number(columns.number),
                    amount: try yuan(self[columns.total], "line \(place), 订单金额", currency: currency), fee: fee, at: at)
            case "REFUND":
                let amount = try yuan(self[columns.back], "line \(place), 申请退款金额", currency: currency)
                let isFinal: Bool
                switch self[columns.progress] {
                case "SUCCESS": isFinal = true
                case "PROCESSING", "CHANGE", "FAIL": isFinal = false
                default: throw fail("退款状态", "is not known: \(WeChatPayMembers.printable(self[columns.progress], max: 32))")
                }
                return BillLine(
                    kind: .refund, transaction: transaction, number: number(columns.refund), reference: number(columns.reference),
                    amount: amount, fee: fee, at: at, isFinal: isFinal)
            // Taken back at the counter within the day; nothing of ours is sold so, and a person shall see it.
            case "REVOKED":
                return BillLine(
                    kind: .other, transaction: transaction, number: number(columns.number),
                    amount: try yuan(self[columns.total], "line \(place), 订单金额", currency: currency), fee: fee, at: at)
            default: throw fail("交易状态", "is not known: \(WeChatPayMembers.printable(self[columns.state], max: 32))")
            }
        }

        /// `0` stands where there is none.
        private func number(_ column: Int) -> String? {
            let text = self[column]
            return text.isEmpty || text == "0" ? nil : String(text.prefix(64))
        }
    }
}
