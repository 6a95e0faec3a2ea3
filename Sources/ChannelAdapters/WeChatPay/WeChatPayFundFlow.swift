package import Commerce

/// Movements on the merchant's account at the platform, as its statement of funds has them.
package struct WeChatPayFundFlow: Hashable, Sendable {
    package struct Movement: Hashable, Sendable {
        package let at: Timestamp
        /// The platform's number of the payment, refund or withdrawal it belongs to.
        package let business: String
        package let flow: String
        package let name: String
        package let type: String
        package let isIncome: Bool
        package let amount: Money
        package let balance: Money
        package let voucher: String
    }
    package let movements: [Movement]
    package let income: Money
    package let spending: Money

    /// Reads any bytes; takes nothing whose sums are not those of its lines.
    package init(_ bytes: [UInt8]) throws(ValidationFailure) {
        let table = try WeChatPayTable(bytes, free: "备注")
        let names = ["记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "业务类型", "收支类型", "收支金额(元)", "账户结余(元)", "业务凭证号"]
        let places = try names.map { name throws(ValidationFailure) in try table.place(name) }
        var movements: [Movement] = []
        for (index, row) in table.rows.enumerated() {
            func fail(_ name: String) -> ValidationFailure { ValidationFailure(field: "line \(index + 2), \(name)", reason: "cannot be read") }
            let cells = places.map { row[$0] }
            guard let at = BeijingTime.moment(cells[0]) else { throw fail(names[0]) }
            guard cells[5] == "收入" || cells[5] == "支出" else { throw fail(names[5]) }
            movements.append(
                Movement(
                    at: at, business: cells[1], flow: cells[2], name: cells[3], type: cells[4], isIncome: cells[5] == "收入",
                    amount: try WeChatPayTradeBill.yuan(cells[6], "line \(index + 2), \(names[6])"),
                    balance: try WeChatPayTradeBill.yuan(cells[7], "line \(index + 2), \(names[7])", negativeAllowed: true),
                    voucher: cells[8]))
        }
        self.movements = movements
        income = try WeChatPayFundFlow.sum(table, "收入金额", "收入笔数", movements.filter(\.isIncome))
        spending = try WeChatPayFundFlow.sum(table, "支出金额", "支出笔数", movements.filter { !$0.isIncome })
    }

    private static func sum(
        _ table: WeChatPayTable, _ amount: String, _ count: String, _ movements: [Movement]
    ) throws(ValidationFailure) -> Money {
        let told = try WeChatPayTradeBill.yuan(table.sums[amount] ?? "", "sums.\(amount)")
        var sum: Int64 = 0
        for movement in movements {
            let (next, isOver) = sum.addingReportingOverflow(movement.amount.amount)
            guard !isOver else { throw ValidationFailure(field: "sums.\(amount)", reason: "is too great") }
            sum = next
        }
        guard told.amount == sum, table.sums[count] == String(movements.count) else {
            throw ValidationFailure(field: "sums.\(amount)", reason: "is not the sum of the lines")
        }
        return told
    }
}

extension WeChatPayBills {
    package enum FundFlowAnswer: Hashable, Sendable {
        case flow(WeChatPayFundFlow)
        case none(BillAnswer)
    }

    /// Everything that moved on the merchant's basic account on a day.
    package func fundFlow(of day: CalendarDay) async -> FundFlowAnswer {
        switch await file("/v3/bill/fundflowbill?bill_date=\(day)&account_type=BASIC&tar_type=GZIP") {
        case .answer(let answer): return .none(answer)
        case .file(let bytes):
            do throws(ValidationFailure) { return .flow(try WeChatPayFundFlow(bytes)) } catch {
                return .none(.unknown("the statement of funds of \(day) cannot be read: \(error)"))
            }
        }
    }
}
