import ChannelAdapters
import ChannelSimulators
import Commerce
import Testing
import TestKit

@Suite struct AlipayBillTests {
    /// Two payments and a refund, and the day they were made, which is over.
    private func day() async throws -> (AlipayStage, CalendarDay) {
        let stage = try AlipayStage()
        let payment = try await stage.paid(try stage.attempt())
        _ = try await stage.paid(try stage.attempt("a2", fen: 990))
        #expect(try await stage.payments.refund(try stage.refund(payment, 345), of: AlipayStage.order) == .settled)
        let day = CalendarDay(at: stage.time.now(), offset: BeijingTime.offset)
        stage.time.advance(by: .seconds(2 * 86_400))
        return (stage, day)
    }

    private func bill(_ stage: AlipayStage, _ day: CalendarDay) async throws -> Bill {
        guard case .bill(let bill)? = await stage.gateway.bills?.bill(of: day) else { throw AlipayStage.Missing() }
        return bill
    }

    @Test func `a day's statement has each payment and refund under our number, with the fee and the time`() async throws {
        let (stage, day) = try await day()
        let bill = try await bill(stage, day)
        let rows = bill.lines.map { "\($0.kind) \($0.number ?? "-") \($0.amount) \($0.fee)" }
        #expect(
            rows == [
                "payment \(AlipayStage.order)-a1 123.45 CNY 74", "refund \(AlipayStage.order)-r1 3.45 CNY -2",
                "payment \(AlipayStage.order)-a2 9.90 CNY 6",
            ])
        #expect(
            bill.totals == [
                BillTotal(kind: .payment, count: 2, amount: Money(amount: 13_335, currency: .yuan)),
                BillTotal(kind: .refund, count: 1, amount: Money(amount: 345, currency: .yuan)),
            ])
        #expect(bill.lines.allSatisfy { CalendarDay(at: $0.at, offset: BeijingTime.offset) == day && $0.isFinal })
    }

    @Test(arguments: ["missing", "extra", "amount", "fee", "state", "duplicate"])
    func `a row somebody got wrong is in what we read`(kind: String) async throws {
        let (stage, day) = try await day()
        let right = try await bill(stage, day).lines
        _ = try stage.simulator.control("plant", ["kind": .string(kind), "number": .string("\(AlipayStage.order)-a2")])
        let wrong = try await bill(stage, day).lines
        let more = wrong.reduce(Int64(0)) { $0 + $1.amount.amount } - right.reduce(Int64(0)) { $0 + $1.amount.amount }
        let dearer = wrong.reduce(Int64(0)) { $0 + $1.fee } - right.reduce(Int64(0)) { $0 + $1.fee }
        switch kind {
        case "missing": #expect(wrong.count == 2)
        case "extra", "duplicate": #expect(wrong.count == 4)
        case "amount": #expect(more == 1)
        case "fee": #expect(dearer == 1)
        default: #expect(wrong.filter { $0.kind == .refund }.count == 2)
        }
    }

    @Test func `a name that begins with a mark written over the comma, or holds another script's line end, spoils no row`() async throws {
        let stage = try AlipayStage()
        var terms = try stage.attempt().terms
        terms.description = "\u{301}灯\u{2028}座, 大"
        let attempt = PaymentAttempt(id: EntityID("a1")!, gateway: "alipay", amount: Money(amount: 990, currency: .yuan), terms: terms)
        _ = try await stage.paid(attempt)
        let day = CalendarDay(at: stage.time.now(), offset: BeijingTime.offset)
        stage.time.advance(by: .seconds(2 * 86_400))
        #expect(try await bill(stage, day).lines.map(\.amount.amount) == [990])
    }

    @Test func `a statement that is not there is not made yet at first, and none later`() async throws {
        let stage = try AlipayStage()
        let today = CalendarDay(at: stage.time.now(), offset: BeijingTime.offset)
        guard case .notYet? = await stage.gateway.bills?.bill(of: today) else { Issue.record("today"); return }
        stage.time.advance(by: today.next.start(offset: BeijingTime.offset) + .seconds(11 * 3_600) - stage.time.now())
        guard case .notYet? = await stage.gateway.bills?.bill(of: today) else { Issue.record("morning"); return }
        stage.time.advance(by: .seconds(3_600))
        #expect(await stage.gateway.bills?.bill(of: today) == .empty)
    }

    @Test(arguments: ["drop_after", "fail_before", "throttle"]) func `a bad day of the platform makes no statement`(dial: String) async throws {
        let (stage, day) = try await day()
        try stage.dial(dial, 1_000)
        guard case .unknown? = await stage.gateway.bills?.bill(of: day) else { Issue.record("told"); return }
    }

    private static let zip = """
        import sys, io, json, zipfile
        given = json.load(sys.stdin)
        out = io.BytesIO()
        with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
            for name, text, times in given: z.writestr(name, (text * times).encode('gbk', 'replace'))
        sys.stdout.write(out.getvalue().hex())
        """

    private func zip(_ files: JSON) throws -> [UInt8] {
        let hex = Array(try PythonPeer.run(Self.zip, [], input: files.bytes).utf8)
        return stride(from: 0, to: hex.count, by: 2).map { UInt8(String(decoding: hex[$0...($0 + 1)], as: UTF8.self), radix: 16) ?? 0 }
    }

    private static let detail = """
        #支付宝业务明细查询
        支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,对方账户,订单金额（元）,退款批次号/请求号,服务费（元）,备注
        2026\t,o-a1\t,交易,红,蓝,2026-12-01 00:00:00,2026-12-01 00:00:01,买家,10.00,,-0.06,
        #-----业务明细列表结束-----
        #交易合计：1笔，商家实收共9.50元，商家优惠共0.50元

        """

    @Test func `a statement packed by others is read, commas in a name and all`() throws {
        let files = try ZipArchive.contents(of: try zip([["../../etc/明细.csv", .string(Self.detail), 1], ["folder/", "", 1]]))
        let bill = try AlipayStatement.read(files)
        #expect(bill.lines.map(\.amount.amount) == [1_000] && bill.lines.map(\.fee) == [6] && bill.lines.map(\.number) == ["o-a1"])
        #expect(bill.totals == [BillTotal(kind: .payment, count: 1, amount: Money(amount: 1_000, currency: .yuan))])
    }

    @Test(arguments: [
        ("#-----业务明细列表结束-----", ""), ("10.00", "-10.00"), ("10.00", "10.001"), ("交易号", "交易"), ("-0.06", ""), ("2026-12-01 00:00:01", "昨天"),
        (",备注", ",备注,服务费（元）"), ("1笔", "一笔"), ("商家优惠共0.50元", ""), ("买家,10.00", "10.00"),
    ])
    func `a statement that is cut short or wrong in one place is not read`(what: String, other: String) throws {
        let bytes = try ZipArchive.contents(of: try zip([["a.csv", .string(Self.detail.replacing(what, with: other)), 1]]))
        #expect(throws: ValidationFailure.self) { try AlipayStatement.read(bytes) }
    }

    @Test func `an archive that becomes too much, has too many entries or is damaged is refused`() throws {
        #expect(throws: ValidationFailure.self) { try ZipArchive.contents(of: try zip([["bomb", "0000000000", 3_000_000]])) }
        let many = JSON.array((0..<17).map { [.string("\($0)"), "x", 1] })
        #expect(throws: ValidationFailure.self) { try ZipArchive.contents(of: try zip(many)) }
        var limits = ZipArchive.Limits()
        limits.bytesMax = 100
        let two = try zip([["a", "0123456789", 6], ["b", "abcdefghij", 6]])
        #expect(throws: ValidationFailure.self) { try ZipArchive.contents(of: two, limits: limits) }
        #expect(try ZipArchive.contents(of: two).map(\.count) == [60, 60])
        for index in two.indices {
            var spoilt = two
            spoilt[index] ^= 0xFF
            do { _ = try ZipArchive.contents(of: spoilt) } catch {}
            #expect(throws: ValidationFailure.self) { try ZipArchive.contents(of: Array(two[..<index])) }
        }
    }
}
