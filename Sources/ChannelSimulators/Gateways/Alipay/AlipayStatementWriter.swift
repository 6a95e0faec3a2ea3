import CZlib
import Commerce
import Glibc

/// Writes a day's statement as the platform does: two tables in GBK, packed together.
enum AlipayStatementWriter {
    struct Row: Sendable {
        var kind: String
        let transaction: String
        let number: String
        let request: String
        let subject: String
        let at: Timestamp
        /// Fen, negative for what went back.
        var amount: Int64
        /// Fen, negative for what the platform keeps.
        var fee: Int64
    }

    static func rows(of day: CalendarDay, _ books: AlipayBooks) -> [Row] {
        func isThat(_ time: Timestamp) -> Bool { CalendarDay(at: time, offset: .seconds(28_800)) == day }
        var rows: [Row] = []
        for trade in books.trades.values.sorted(by: { $0.number < $1.number }) {
            if let paid = trade.paidAt, isThat(paid) {
                rows.append(row(trade, "交易", request: "", at: paid, amount: trade.total))
            }
            for refund in trade.refunds where isThat(refund.throughAt) {
                rows.append(row(trade, "退款", request: refund.request, at: refund.throughAt, amount: -refund.amount))
            }
        }
        for plant in books.planted { sow(plant, in: &rows, day) }
        return rows
    }

    private static func row(_ trade: AlipayBookedTrade, _ kind: String, request: String, at: Timestamp, amount: Int64) -> Row {
        // Six in a thousand, half a fen up.
        let fee = (abs(amount) * 6 + 500) / 1_000
        return Row(
            kind: kind, transaction: trade.transaction, number: trade.number, request: request, subject: trade.subject, at: at, amount: amount,
            fee: amount > 0 ? -fee : fee)
    }

    private static func sow(_ plant: AlipayPlantedRow, in rows: inout [Row], _ day: CalendarDay) {
        if plant.kind == .extra {
            if let only = plant.day, only != day { return }
            let number = plant.number.isEmpty ? "19700101-nobody0000-a1" : plant.number
            return rows.append(
                Row(
                    kind: "交易", transaction: "1970010122001423791000000000", number: number, request: "", subject: "?",
                    at: day.start(offset: .seconds(28_800)) + .seconds(3_600), amount: 4_200, fee: -25))
        }
        guard let at = rows.firstIndex(where: { $0.number == plant.number || $0.request == plant.number }) else { return }
        switch plant.kind {
        case .missing: rows.remove(at: at)
        case .amount: rows[at].amount += rows[at].amount > 0 ? 1 : -1
        case .fee: rows[at].fee -= 1
        case .state:
            rows[at].kind = rows[at].kind == "交易" ? "退款" : "交易"
            rows[at].amount = -rows[at].amount
        case .duplicate: rows.append(rows[at])
        case .extra: break
        }
    }

    static func archive(_ rows: [Row], of day: CalendarDay, seller: String) -> [UInt8] {
        let name = "\(seller)0156_\(day.description.filter { $0 != "-" })"
        return packed([("\(name)_业务明细.csv", gbk(detail(rows, of: day, seller))), ("\(name)_业务明细(汇总).csv", gbk(summary(rows, of: day, seller)))])
    }

    private static func yuan(_ fen: Int64) -> String { Money(amount: fen, currency: .yuan).decimal }

    private static func detail(_ rows: [Row], of day: CalendarDay, _ seller: String) -> String {
        let cells = rows.map { row in
            let time = text(row.at)
            return "\(row.transaction)\t,\(row.number)\t,\(row.kind),\(row.subject),\(time),\(time),,,,,buyer***,"
                + "\(yuan(row.amount)),\(yuan(row.amount)),0.00,0.00,0.00,0.00,0.00,,0.00,0.00,\(row.request)\t,\(yuan(row.fee)),0.00,"
        }
        let (paid, back) = (rows.filter { $0.kind == "交易" }, rows.filter { $0.kind == "退款" })
        return """
            #支付宝业务明细查询
            #账号：[\(seller)0156]
            #起始日期：[\(day) 00:00:00]   终止日期：[\(day.next) 00:00:00]
            #-----------------------------------------业务明细列表----------------------------------------
            支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注
            \(cells.joined(separator: "\n"))
            #-----------------------------------------业务明细列表结束------------------------------------
            #交易合计：\(paid.count)笔，商家实收共\(yuan(paid.reduce(0) { $0 + $1.amount }))元，商家优惠共0.00元
            #退款合计：\(back.count)笔，商家实收退款共\(yuan(back.reduce(0) { $0 + $1.amount }))元，商家优惠退款共0.00元
            #导出时间：[\(day.next) 09:30:00]

            """
    }

    private static func summary(_ rows: [Row], of day: CalendarDay, _ seller: String) -> String {
        let (paid, back) = (rows.filter { $0.kind == "交易" }.count, rows.filter { $0.kind == "退款" }.count)
        let (net, fee) = (rows.reduce(0) { $0 + $1.amount }, rows.reduce(0) { $0 + $1.fee })
        let cells = "\(paid),\(back),\(yuan(net)),\(yuan(net)),0.00,0.00,0.00,\(yuan(fee)),0.00,\(yuan(net + fee))"
        return """
            #支付宝业务汇总查询
            #账号：[\(seller)0156]
            #起始日期：[\(day) 00:00:00]   终止日期：[\(day.next) 00:00:00]
            #-----------------------------------------业务汇总列表----------------------------------------
            门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）,商家实收（元）,支付宝优惠（元）,商家优惠（元）,卡消费金额（元）,服务费（元）,分润（元）,实收净额（元）
            ,其他,\(cells)
            合计,,\(cells)
            #-----------------------------------------业务汇总列表结束------------------------------------
            #导出时间：[\(day.next) 09:30:00]

            """
    }

    private static func text(_ time: Timestamp) -> String {
        let seconds = (time.milliseconds + 28_800_000) / 1_000 % 86_400
        let two = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(CalendarDay(at: time, offset: .seconds(28_800))) \(two.joined(separator: ":"))"
    }

    /// Text in the platform's character set; what is not in it becomes a question mark.
    static func gbk(_ text: String) -> [UInt8] {
        guard let converter = iconv_open("GB18030", "UTF-8"), converter != UnsafeMutableRawPointer(bitPattern: -1) else { return [] }
        defer { iconv_close(converter) }
        var source = Array(text.utf8).map(CChar.init(bitPattern:))
        var output = [CChar](repeating: 0, count: source.count * 2 + 8)
        var (left, room) = (source.count, output.count)
        let capacity = output.count
        _ = source.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { result in
                var (from, to) = (input.baseAddress, result.baseAddress)
                return iconv(converter, &from, &left, &to, &room)
            }
        }
        return output[..<(capacity - room)].map(UInt8.init(bitPattern:))
    }

    /// A ZIP archive of files, each deflated.
    private static func packed(_ files: [(name: String, content: [UInt8])]) -> [UInt8] {
        var bytes: [UInt8] = []
        var directory: [UInt8] = []
        func little(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        for file in files {
            let name = gbk(file.name)
            let body = deflated(file.content)
            let sum = file.content.withUnsafeBufferPointer { crc32(0, $0.baseAddress, uInt($0.count)) }
            let head = little(20, 2) + little(0, 2) + little(8, 2) + little(0, 4) + little(Int(sum), 4) + little(body.count, 4) + little(file.content.count, 4)
                + little(name.count, 2) + little(0, 2)
            directory += little(0x0201_4B50, 4) + little(20, 2) + head + little(0, 10) + little(bytes.count, 4) + name
            bytes += little(0x0403_4B50, 4) + head + name + body
        }
        let end = little(0x0605_4B50, 4) + little(0, 4) + little(files.count, 2) + little(files.count, 2) + little(directory.count, 4) + little(bytes.count, 4)
        return bytes + directory + end + little(0, 2)
    }

    private static func deflated(_ content: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        guard heyi_deflate_init(&stream, -15) == Z_OK else { return [] }
        defer { deflateEnd(&stream) }
        var input = content
        var output = [UInt8](repeating: 0, count: content.count + 1_024)
        _ = input.withUnsafeMutableBufferPointer { from in
            output.withUnsafeMutableBufferPointer { to in
                stream.next_in = from.baseAddress
                stream.avail_in = uInt(from.count)
                stream.next_out = to.baseAddress
                stream.avail_out = uInt(to.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        return Array(output[..<Int(stream.total_out)])
    }
}
