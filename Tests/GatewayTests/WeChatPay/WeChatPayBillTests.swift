import ChannelAdapters
import ChannelSimulators
import Commerce
import Foundation
import Simulation
import TestKit
import Testing

@Suite struct WeChatPayBillTests {
    /// 16:53:20 of this day in Beijing is when the standing clock begins.
    private static let day = CalendarDay(at: Timestamp(milliseconds: 1_760_000_000_000), offset: .seconds(28_800))

    /// Three payments and a refund of the first; then it is noon of the next day.
    private func traded() async throws -> (stage: WeChatPayStage, payments: [Payment]) {
        let stage = try WeChatPayStage()
        var payments: [Payment] = []
        for (index, amount) in [12_345, 10, 100_000].enumerated() {
            payments.append(try await stage.paid(stage.attempt("a\(index + 1)", amount: Int64(amount)) { $0.description = "茶,`250g, `x" }))
        }
        let refund = Refund(number: try #require(EntityID("r1")), payment: payments[0].ref, amount: Money(amount: 345, currency: .yuan), reason: .cancelled)
        #expect(await stage.payments.refund(refund, of: WeChatPayStage.order) == .settled)
        stage.time.advance(by: .seconds(19 * 3_600))
        return (stage, payments)
    }

    private func bill(_ stage: WeChatPayStage, _ day: CalendarDay = WeChatPayBillTests.day) async throws -> Bill {
        guard let answer = await stage.gateway.bills?.bill(of: day), case .bill(let bill) = answer else { throw WeChatPayStage.Missing() }
        return bill
    }

    @Test func `a day's bill has each payment and refund, to the fen`() async throws {
        let (stage, payments) = try await traded()
        let bill = try await bill(stage)
        let start = Timestamp(milliseconds: 1_760_000_000_000)
        let expected = zip(payments, [74, 0, 600] as [Int64]).enumerated().map { index, pair in
            BillLine(
                kind: .payment, transaction: pair.0.ref.transaction, number: "\(WeChatPayStage.order)-a\(index + 1)", amount: pair.0.amount, fee: pair.1, at: start)
        }
        #expect(bill.lines.filter { $0.kind == .payment } == expected)
        let refund = try #require(bill.lines.first { $0.kind == .refund })
        #expect(refund.number == "\(WeChatPayStage.order)-r1" && refund.amount.amount == 345 && refund.fee == -2 && refund.isFinal)
        #expect(refund.transaction == payments[0].ref.transaction && refund.reference?.hasPrefix("5000") == true)
        #expect(bill.totals == [
            BillTotal(kind: .payment, count: nil, amount: Money(amount: 112_355, currency: .yuan)),
            BillTotal(kind: .refund, count: nil, amount: Money(amount: 345, currency: .yuan)),
        ])
    }

    @Test func `each difference that is planted is read as it is written`() async throws {
        let (stage, payments) = try await traded()
        let before = try await bill(stage)
        let one = payments[1].ref.transaction
        func planted(_ what: String, _ transaction: String, by: Int64 = 1) async throws -> Bill {
            _ = try stage.simulator.control("plant", ["what": .string(what), "transaction_id": .string(transaction), "by": .integer(by)])
            return try await self.bill(stage)
        }
        #expect(try await planted("amount", one, by: 1).lines.first { $0.transaction == one }?.amount.amount == 11)
        #expect(try await planted("fee", one, by: 5).lines.first { $0.transaction == one }?.fee == 5)
        #expect(try await planted("duplicate", one).lines.filter { $0.transaction == one }.count == 2)
        #expect(try await planted("extra", "4299999", by: 7).lines.contains { $0.transaction == "4299999" && $0.amount.amount == 7 && $0.fee == 0 })
        #expect(try await planted("state", one).lines.first { $0.transaction == one }?.kind == .other)
        let missing = try await planted("missing", payments[2].ref.transaction)
        #expect(!missing.lines.contains { $0.transaction == payments[2].ref.transaction } && missing.lines.count == before.lines.count + 1)
    }

    @Test func `a day without trade is empty, and one whose bill is not made yet is not`() async throws {
        let (stage, _) = try await traded()
        #expect(await stage.gateway.bills?.bill(of: Self.day.previous) == .empty)
        _ = try stage.simulator.control("creating", ["date": .string(Self.day.description)])
        guard case .notYet(let words) = await stage.gateway.bills?.bill(of: Self.day) else { Issue.record("it is there"); return }
        #expect(words.contains("STATEMENT_CREATING"))
        guard case .refused = await stage.gateway.bills?.bill(of: Self.day.next.next) else { Issue.record("tomorrow is there"); return }
    }

    @Test func `the statement of funds has what came, what went and what the platform kept`() async throws {
        let (stage, payments) = try await traded()
        let bills = try #require(stage.gateway.bills as? WeChatPayBills)
        guard case .flow(let flow) = await bills.fundFlow(of: Self.day) else { Issue.record("no statement"); return }
        #expect(flow.income.amount == 112_355 + 2 && flow.spending.amount == 345 + 674)
        #expect(try #require(flow.movements.last).balance == Money(amount: 111_338, currency: .yuan))
        #expect(flow.movements.first?.business == payments[0].ref.transaction && flow.movements.first?.amount.amount == 12_345)
        #expect(await bills.fundFlow(of: Self.day.previous) == .none(.empty))
    }

    @Test func `a refund under way on its day is not final`() async throws {
        let stage = try WeChatPayStage()
        let payment = try await stage.paid(stage.attempt())
        _ = try stage.simulator.control("dials", ["refund_takes_ms": 864_000_000])
        let refund = Refund(number: try #require(EntityID("r1")), payment: payment.ref, amount: payment.amount, reason: .cancelled)
        _ = await stage.payments.refund(refund, of: WeChatPayStage.order)
        stage.time.advance(by: .seconds(19 * 3_600))
        #expect(try await bill(stage).lines.first { $0.kind == .refund }?.isFinal == false)
    }

    @Test func `a file that was altered or cut off on the way is not read`() async throws {
        for alter: @Sendable ([UInt8]) -> [UInt8] in [
            { Array($0.dropLast(9)) }, { Array($0.prefix($0.count / 2)) }, { bytes in var bytes = bytes; bytes[bytes.count / 2] ^= 1; return bytes }, { _ in [] },
            { _ in Array("交易时间".utf8) },
            // Whole, well formed, and not the one that was announced.
            { _ in Self.file() },
        ] {
            let recorder = Recorder { request, response, _ throws(TransportError) in
                guard request.url.contains("billdownload") else { return response }
                return HTTPResponse(status: response.status, headers: response.headers, body: alter(response.body))
            }
            let stage = try WeChatPayStage(over: { recorder.over($0) })
            _ = try await stage.paid(stage.attempt())
            stage.time.advance(by: .seconds(19 * 3_600))
            guard case .unknown = await stage.gateway.bills?.bill(of: Self.day) else { Issue.record("it was read"); return }
        }
    }

    @Test func `a bill goes nowhere but to the endpoint`() async throws {
        let recorder = Recorder()
        let stage = try WeChatPayStage(over: { recorder.over($0) })
        _ = try await stage.paid(stage.attempt())
        stage.time.advance(by: .seconds(19 * 3_600))
        _ = try await bill(stage)
        #expect(recorder.requests.allSatisfy { $0.url.hasPrefix("https://\(WeChatPayStage.host)/") })
        #expect(recorder.requests.last?.url.contains("/v3/billdownload/file?token=") == true)
    }

    private static let heads = """
        交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,\
        微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注
        """
    private static let row = """
        `2025-10-09 16:53:20,`wx1,`1900000109,`0,`,`4200,`20261201-k3v9q0m2ab-a1,`o1,`NATIVE,`SUCCESS,`OTHERS,`CNY,`0.10,`0.00,`0,`0,`0.00,`0.00,\
        `,`,`a,b `c,,`,`0.01,`0.60%,`0.10,`0.00,`
        """
    private static let sums = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"

    private static func file(_ row: String = WeChatPayBillTests.row, count: String = "1") -> [UInt8] {
        [0xEF, 0xBB, 0xBF] + Array([Self.heads, row, Self.sums, "`\(count),`0.10,`0.00,`0.00,`0.01,`0.10,`0.00", ""].joined(separator: "\r\n").utf8)
    }

    @Test func `commas in the name of goods part nothing`() throws {
        let bill = try WeChatPayTradeBill.read(Self.file(), merchant: "1900000109")
        #expect(bill.lines.map(\.amount.amount) == [10] && bill.lines.map(\.fee) == [1])
    }

    @Test(arguments: [("0.10,`0.00,`", "0.105,`0.00,`"), ("0.10,`0.00,`", "0.1.0,`0.00,`"), ("0.10,`0.00,`", "１,`0.00,`"), ("0.10,`0.00,`", "-0.10,`0.00,`"), ("`SUCCESS", "`DONE"), ("`CNY", "`XXQ"), ("2025-10-09 16", "2025-10-09T16"), ("`4200", "`"), ("1900000109", "1900009999"), ("`o1,", "")])
    func `a line that is not understood is no line`(text: String, wrong: String) {
        // The last of the kind: columns repeat amounts.
        guard let range = Self.row.range(of: text, options: .backwards) else { Issue.record("\(text) is not there"); return }
        let row = Self.row.replacingCharacters(in: range, with: wrong)
        #expect(throws: ValidationFailure.self) { try WeChatPayTradeBill.read(Self.file(row), merchant: "1900000109") }
    }

    @Test func `a bill that counts other lines than it has is no bill`() {
        for count in ["0", "2", "x"] {
            #expect(throws: ValidationFailure.self) { try WeChatPayTradeBill.read(Self.file(count: count), merchant: "1900000109") }
        }
        #expect(throws: ValidationFailure.self) { try WeChatPayTradeBill.read([], merchant: "1900000109") }
    }

    @Test func `no bytes whatever stop the reader of bills`() throws {
        let random = SeededRandom(seed: 20_261_202)
        let genuine = Self.file()
        for _ in 0..<2_000 {
            var bytes = genuine
            for _ in 0..<(1 + random.next() % 6) {
                let place = Int(random.next() % UInt64(bytes.count))
                if random.next() % 2 == 0 { bytes[place] = UInt8(truncatingIfNeeded: random.next()) } else { bytes = Array(bytes[..<max(1, place)]) }
            }
            do { _ = try WeChatPayTradeBill.read(bytes, merchant: "1900000109") } catch { #expect(!error.reason.isEmpty) }
            do { _ = try WeChatPayFundFlow(bytes) } catch { #expect(!error.reason.isEmpty) }
            do { _ = try Gunzip.read([0x1F, 0x8B] + bytes, bytesMax: 1_000_000) } catch { #expect(!error.reason.isEmpty) }
        }
    }
}
