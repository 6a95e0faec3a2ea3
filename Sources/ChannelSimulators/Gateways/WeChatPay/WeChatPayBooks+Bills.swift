import ChannelAdapters
import Commerce
import Crypto
import CZlib

/// What is wrong with a statement, planted so that somebody may find it.
enum WeChatPayPlant: Sendable {
    /// Takes a transaction's lines out.
    case missing(String)
    /// A payment nobody here knows.
    ///
    /// - Parameter day: the one whose statements list it; nil for all.
    case extra(String, amount: Int64, day: CalendarDay?)
    case amount(String, by: Int64)
    case fee(String, by: Int64)
    /// Writes a payment as revoked.
    case state(String)
    case duplicate(String)
}

extension WeChatPayBooks {
    /// One line of a statement of trades.
    struct Line: Sendable {
        let at: Timestamp
        let app: String
        let transaction: String
        let number: String
        let payer: String
        let kind: String
        var state: String
        var amount: Int64
        var fee: Int64
        let reference: String
        let refund: String
        var back: Int64
        let progress: String
        let goods: String
    }

    /// Sixty in ten thousand, to the nearest fen.
    static func fee(_ amount: Int64) -> Int64 { (amount * 60 + 5_000) / 10_000 }

    func lines(of day: CalendarDay) -> [Line] {
        func isOfDay(_ time: Timestamp?) -> Bool { time.map { CalendarDay(at: $0, offset: BeijingTime.offset) == day } ?? false }
        let paid = trades.values.filter { isOfDay($0.paidAt) }.map { trade in line(trade) }
        let given = refunds.values.filter { isOfDay($0.created) }.compactMap { refund in
            trade(ofTransaction: refund.transaction).map { trade in line(trade, refund) }
        }
        var lines = (paid + given).sorted { ($0.at, $0.number, $0.refund) < ($1.at, $1.number, $1.refund) }
        for plant in plants { WeChatPayBooks.apply(plant, &lines, day) }
        return lines
    }

    private func line(_ trade: Trade, _ refund: Given? = nil) -> Line {
        Line(
            at: refund?.created ?? trade.paidAt ?? trade.created, app: trade.app, transaction: trade.transaction ?? "", number: trade.number,
            payer: trade.payer ?? "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
            kind: ["native": "NATIVE", "h5": "MWEB", "app": "APP"][trade.way] ?? "JSAPI", state: refund == nil ? "SUCCESS" : "REFUND",
            amount: refund == nil ? trade.paid : 0, fee: refund.map { -WeChatPayBooks.fee($0.amount) } ?? WeChatPayBooks.fee(trade.paid),
            reference: refund?.reference ?? "0", refund: refund?.number ?? "0", back: refund?.amount ?? 0,
            progress: refund.map { $0.status == "ABNORMAL" ? "CHANGE" : $0.status } ?? "", goods: trade.description)
    }

    private static func apply(_ plant: WeChatPayPlant, _ lines: inout [Line], _ day: CalendarDay) {
        func change(_ transaction: String, _ change: (inout Line) -> Void) {
            for index in lines.indices where lines[index].transaction == transaction && lines[index].state == "SUCCESS" { change(&lines[index]) }
        }
        switch plant {
        case .missing(let transaction): lines.removeAll { $0.transaction == transaction }
        case .extra(let transaction, let amount, let only):
            if let only, only != day { return }
            lines.append(
                Line(
                    at: day.start(offset: BeijingTime.offset), app: lines.first?.app ?? "wx0", transaction: transaction, number: "other-\(transaction)",
                    payer: "o1", kind: "NATIVE", state: "SUCCESS", amount: amount, fee: fee(amount), reference: "0", refund: "0", back: 0,
                    progress: "", goods: "unknown,`goods"))
        case .amount(let transaction, let by): change(transaction) { $0.amount += by }
        case .fee(let transaction, let by): change(transaction) { $0.fee += by }
        case .state(let transaction): change(transaction) { $0.state = "REVOKED" }
        case .duplicate(let transaction):
            if let line = lines.first(where: { $0.transaction == transaction }) { lines.append(line) }
        }
    }

    /// Says where a statement is to be had, if it is.
    mutating func announce(_ kind: String, _ query: [String: String], _ keys: WeChatPayKeyMaterial, at now: Timestamp) -> WeChatPayReply {
        guard let day = query["bill_date"].flatMap({ CalendarDay($0) }) else { return .failure(400, "PARAM_ERROR", "bill_date格式错误") }
        let today = CalendarDay(at: now, offset: BeijingTime.offset)
        guard day < today, day.number > today.number - 93 else { return .failure(400, "INVALID_REQUEST", "账单日期不在可下载范围") }
        let isEarly = day == today.previous && now < today.start(offset: BeijingTime.offset) + .seconds(9 * 3_600)
        guard !isEarly, !creating.contains(day.description) else { return .failure(400, "STATEMENT_CREATING", "账单生成中，请稍后再试") }
        let lines = lines(of: day)
        guard !lines.isEmpty else { return .failure(400, "NO_STATEMENT_EXIST", "账单文件不存在") }
        let text: [UInt8]
        switch kind {
        case "tradebill":
            let type = query["bill_type"] ?? "ALL"
            text = WeChatPayBillText.trades(type == "ALL" ? lines : lines.filter { ($0.state == "REFUND") == (type == "REFUND") }, keys)
        case "fundflowbill": text = WeChatPayBillText.funds(lines)
        default: return .failure(404, "RESOURCE_NOT_EXISTS", "请求的资源不存在")
        }
        let digest = Insecure.SHA1.hash(data: text).map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
        let token = next("bill")
        files[token] = (query["tar_type"] == "GZIP" ? WeChatPayBillText.gzip(text) : text, now + .seconds(300))
        return .ok([
            "hash_type": "SHA1", "hash_value": .string(digest), "download_url": .string("https://api.mch.weixin.qq.com/v3/billdownload/file?token=\(token)"),
        ])
    }

    func file(_ token: String, at now: Timestamp) -> WeChatPayReply {
        guard let file = files[token], now < file.until else { return .failure(404, "RESOURCE_NOT_EXISTS", "下载地址已失效", isSigned: false) }
        return WeChatPayReply(status: 200, body: file.bytes, isSigned: false, isFile: true)
    }
}

/// Writes statements as the platform does: BOM, CRLF, a backtick before each value, sums at the end.
enum WeChatPayBillText {
    private static let heads = """
        交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,\
        微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注
        """

    private static func yuan(_ amount: Int64) -> String { Money(amount: amount, currency: .yuan).decimal }
    private static func row(_ cells: [String]) -> String { cells.map { "`" + $0 }.joined(separator: ",") }
    private static func file(_ rows: [String]) -> [UInt8] { [0xEF, 0xBB, 0xBF] + Array((rows.joined(separator: "\r\n") + "\r\n").utf8) }

    static func trades(_ lines: [WeChatPayBooks.Line], _ keys: WeChatPayKeyMaterial) -> [UInt8] {
        let rows = lines.map { line in
            row([
                BeijingTime.inBills(line.at), line.app, keys.merchant, "0", "", line.transaction, line.number, line.payer, line.kind, line.state,
                "OTHERS", "CNY", yuan(line.amount), "0.00", line.reference, line.refund, yuan(line.back), "0.00",
                line.state == "REFUND" ? "ORIGINAL" : "", line.progress, line.goods, "", yuan(line.fee), "0.60%", yuan(line.amount),
                yuan(line.back), "",
            ])
        }
        let (paid, back, fees) = lines.reduce((Int64(0), Int64(0), Int64(0))) { ($0.0 + $1.amount, $0.1 + $1.back, $0.2 + $1.fee) }
        return file(
            [heads] + rows + [
                "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额",
                row([String(lines.count), yuan(paid), yuan(back), "0.00", yuan(fees), yuan(paid), yuan(back)]),
            ])
    }

    static func funds(_ lines: [WeChatPayBooks.Line]) -> [UInt8] {
        var balance: Int64 = 0
        var rows: [String] = []
        var (income, spending) = ((count: 0, sum: Int64(0)), (count: 0, sum: Int64(0)))
        for line in lines {
            let isRefund = line.state == "REFUND"
            let moves: [(name: String, amount: Int64)] = [(isRefund ? "退款" : "交易", isRefund ? -line.back : line.amount), ("扣除交易手续费", -line.fee)]
            for (name, amount) in moves where amount != 0 {
                balance += amount
                if amount > 0 { income = (income.count + 1, income.sum + amount) } else { spending = (spending.count + 1, spending.sum - amount) }
                rows.append(
                    row([
                        BeijingTime.inBills(line.at), isRefund ? line.reference : line.transaction, "\(line.transaction)\(rows.count)", name, name,
                        amount > 0 ? "收入" : "支出", yuan(abs(amount)), yuan(balance), "system", "", isRefund ? line.refund : line.number,
                    ]))
            }
        }
        return file(
            ["记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号"] + rows + [
                "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额",
                row([String(rows.count), String(income.count), yuan(income.sum), String(spending.count), yuan(spending.sum)]),
            ])
    }

    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var stream = z_stream()
        guard heyi_deflate_init(&stream, 15 + 16) == Z_OK else { preconditionFailure("zlib has no room") }
        defer { deflateEnd(&stream) }
        var input = bytes
        var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 64)
        let made = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                stream.next_in = source.baseAddress
                stream.avail_in = UInt32(source.count)
                stream.next_out = target.baseAddress
                stream.avail_out = UInt32(target.count)
                guard deflate(&stream, Z_FINISH) == Z_STREAM_END else { preconditionFailure("the bound is one") }
                return target.count - Int(stream.avail_out)
            }
        }
        return Array(output[..<made])
    }
}
