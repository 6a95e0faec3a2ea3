package import Commerce

/// A day's statement of trades, out of the files in the platform's archive.
///
/// One file has a row for each payment and refund, between two comments, and comments that say what they come to;
/// the other sums them up by shop. Both are tables of decimal yuan, with the names of their columns in the first row.
package enum AlipayStatement {
    /// - Parameter files: in GBK, as they stand in the archive.
    /// - Throws: ``ValidationFailure`` where a file is neither, is cut short, or does not say what it must.
    package static func read(_ files: [[UInt8]]) throws(ValidationFailure) -> Bill {
        var detail: AlipayTable?
        var summary: AlipayTable?
        for file in files {
            guard let text = GB18030.text(file) else { throw ValidationFailure(field: "file", reason: "is not in GBK") }
            let table = try AlipayTable(text)
            if table.has("支付宝交易号"), table.has("业务类型") {
                guard detail == nil else { throw ValidationFailure(field: "file", reason: "there are two with single trades") }
                detail = table
            } else if table.has("交易订单总笔数") {
                guard summary == nil else { throw ValidationFailure(field: "file", reason: "there are two with sums") }
                summary = table
            }
        }
        guard let detail else { throw ValidationFailure(field: "file", reason: "there is none with single trades") }
        guard detail.comments.contains(where: { $0.contains("业务明细列表结束") }) else {
            throw ValidationFailure(field: "file", reason: "is cut short: the comment after its last row is missing")
        }
        var lines: [BillLine] = []
        for row in detail.rows { lines.append(try line(row)) }
        return Bill(lines: lines, totals: try totals(detail.comments, summary))
    }

    private static func line(_ row: AlipayTable.Row) throws(ValidationFailure) -> BillLine {
        let kind: BillLine.Kind
        switch try row.needed("业务类型") {
        case "交易": kind = .payment
        case "退款": kind = .refund
        default: kind = .other
        }
        let amount = try row.amount("订单金额")
        guard kind == .refund ? amount <= 0 : amount >= 0 || kind == .other else {
            throw row.fault("订单金额", "has the wrong sign")
        }
        // Nobody asks when it began; read all the same, it shows a row whose cells are under the wrong names.
        guard BeijingTime.moment(try row.needed("创建时间")) != nil else { throw row.fault("创建时间", "is no time") }
        guard let at = BeijingTime.moment(try row.needed("完成时间")) else { throw row.fault("完成时间", "is no time") }
        // Somebody else may have given it, in any letters.
        let number = (kind == .refund ? try row.text("退款批次号/请求号") : try row.text("商户订单号")).map { ReportedValue(.string($0)).text() }
        let transaction = try row.needed("支付宝交易号")
        guard transaction.utf8.count <= 64, transaction.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw row.fault("支付宝交易号", "is no number of a trade")
        }
        return BillLine(
            kind: kind, transaction: transaction, number: number?.isEmpty == true ? nil : number, amount: Money(amount: abs(amount), currency: .yuan),
            // What the platform takes stands there as negative, what it gives back as positive.
            fee: try -row.amount("服务费"), at: at)
    }

    /// What the comments say the rows come to; the count out of the other file where that is there, so that
    /// both files have to agree with the rows.
    private static func totals(_ comments: [String], _ summary: AlipayTable?) throws(ValidationFailure) -> [BillTotal] {
        let sums = summary?.rows.last { $0.first == "合计" } ?? summary?.rows.last
        var totals: [BillTotal] = []
        for (kind, title, received, granted, column) in [
            (BillLine.Kind.payment, "交易合计：", "商家实收共", "商家优惠共", "交易订单总笔数"),
            (.refund, "退款合计：", "商家实收退款共", "商家优惠退款共", "退款订单总笔数"),
        ] {
            guard let comment = comments.first(where: { $0.contains(title) }) else { continue }
            guard let counted = after(title, in: comment, until: "笔").flatMap({ Int64($0) }) else {
                throw ValidationFailure(field: title, reason: "has no count")
            }
            var amount: Int64 = 0
            for part in [received, granted] {
                guard let text = after(part, in: comment, until: "元") else { throw ValidationFailure(field: part, reason: "is missing") }
                amount += try AlipayTable.fen(text, part)
            }
            var count = counted
            if let sums, let text = try sums.text(column) {
                guard let number = Int64(text) else { throw sums.fault(column, "is no count") }
                count = number
            }
            totals.append(BillTotal(kind: kind, count: count, amount: Money(amount: abs(amount), currency: .yuan)))
        }
        return totals
    }

    private static func after(_ title: String, in comment: String, until end: Character) -> String? {
        guard let range = comment.firstRange(of: title) else { return nil }
        let rest = comment[range.upperBound...]
        guard let stop = rest.firstIndex(of: end) else { return nil }
        return rest[..<stop].filter { $0 != " " && $0 != "\t" }
    }
}
