import Commerce
import Simulation
import Testing

@Suite struct StockBalanceTests {
    private static let web = ChannelID("web")!
    private static let accounts = StockAccount.plain + [.right(web), .right(ChannelID("app")!)]

    @Test(arguments: [UInt64(1), 2, 3])
    func `whatever is moved, no account is below zero and nothing comes from nowhere`(seed: UInt64) throws {
        let random = SeededRandom(seed: seed)
        func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
        var balance = StockBalance(backorderLimit: 5)
        var brought: Int64 = 0
        for _ in 0..<5_000 {
            let before = balance
            let (from, to) = (Self.accounts[pick(Self.accounts.count)], Self.accounts[pick(Self.accounts.count)])
            let step = StockStep(from, to, Int64(1 + pick(9)))
            do throws(StockShortfall) {
                try balance.apply(step, forcing: pick(20) == 0)
                if from == .outside, to != .outside { brought += step.quantity }
                if to == .outside, from != .outside { brought -= step.quantity }
            } catch {
                #expect(balance == before, "\(step) was refused and changed something")
            }
            if pick(50) == 0 { balance.limitBackorders(to: Int64(pick(10))) }
            #expect(balance.flaw == nil, "seed \(seed), after \(step)")
            #expect(balance.total == brought, "seed \(seed), after \(step)")
        }
        #expect(balance.total > 0)
    }

    @Test func `goods that come in pay what is owed before anybody can buy them`() throws {
        var balance = StockBalance(backorderLimit: 3)
        _ = try balance.draw(3, to: .reserved, from: [.pool, .backorder])
        let steps = try balance.bring(5, from: .outside)
        #expect(steps == [StockStep(.outside, .backorder, 3), StockStep(.outside, .pool, 2)])
        #expect(balance.onHand == 5)
    }

    @Test func `nothing is promised beyond the limit unless it has happened already`() throws {
        var balance = StockBalance(backorderLimit: 2)
        #expect(throws: StockShortfall(account: .pool, wanted: 3, there: 2)) {
            try balance.draw(3, to: .reserved, from: [.pool, .backorder])
        }
        _ = try balance.draw(3, to: .sold, from: [.right(Self.web), .safety, .backorder], forcing: true)
        #expect(balance.backordered == 3)
        #expect(balance.forced == 1)
        // Nothing more is promised while it lasts, and a payment of the debt ends it.
        #expect(throws: StockShortfall.self) { try balance.draw(1, to: .reserved, from: [.pool, .backorder]) }
        _ = try balance.bring(1, from: .outside)
        #expect(balance.forced == 0)
    }

    @Test func `what is owed cannot be shipped before it is there`() throws {
        var balance = StockBalance(backorderLimit: 2)
        _ = try balance.draw(2, to: .sold, from: [.backorder])
        #expect(throws: StockShortfall.self) { try balance.apply(StockStep(.sold, .outside, 1)) }
        _ = try balance.bring(1, from: .outside)
        try balance.apply(StockStep(.sold, .outside, 1))
        #expect(throws: StockShortfall.self) { try balance.apply(StockStep(.sold, .outside, 1)) }
    }

    @Test func `a count that finds too few leaves a debt where more is promised than there is`() throws {
        var balance = StockBalance()
        _ = try balance.bring(10, from: .outside)
        _ = try balance.protect(2)
        _ = try balance.draw(6, to: .reserved, from: [.pool])
        let steps = try balance.count(5)
        #expect(steps == [StockStep(.pool, .outside, 2), StockStep(.safety, .outside, 2), StockStep(.backorder, .outside, 1)])
        #expect(balance.onHand == 5)
        #expect(balance.flaw == nil)
        #expect(try balance.count(5) == [])
    }

    @Test func `an account's name is read back as it was written`() {
        for account in Self.accounts { #expect(StockAccount(account.description) == account) }
        for text in ["", "right:", "right:Web", "Pool", "lost"] { #expect(StockAccount(text) == nil) }
    }

    @Test(arguments: ["", "#hold/1", "two words", "with\nline", String(repeating: "x", count: 201), "货"])
    func `a cause that cannot be told again as it was is refused`(text: String) {
        #expect(throws: ValidationFailure.self) { try StockCause(text) }
    }

    @Test(arguments: [Int64(0), -1, .min, .max, StockQuantity.movedMax + 1])
    func `a quantity that is none is refused`(quantity: Int64) {
        #expect(throws: ValidationFailure.self) { try StockQuantity.check(quantity) }
    }
}
