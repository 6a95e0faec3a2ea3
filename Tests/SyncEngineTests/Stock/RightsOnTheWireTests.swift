import ChannelSimulators
import Commerce
import Simulation
import Store
import Testing

/// Rights as channels that sell on their own are told of them.
@Suite struct RightsOnTheWireTests {
    @Test(arguments: [QuantityCapability.adjust, .compareAndSet, .set])
    func `a right is taken from the pool before it is told, and given back when the shop has confirmed`(
        capability: QuantityCapability
    ) async throws {
        try await onOwnThread {
            let town = try StockTown(capability)
            try town.receive(10)
            try town.grant(6, to: 0, "fair")
            #expect(try town.balance.pool == 4)
            town.pass(.seconds(60))
            #expect(try (town.shelf(0), town.shelf(1)) == (6, 0))

            try town.turn(0) { $0.dark = .closed }
            try town.withdraw(4, from: 0, "fair-end")
            town.pass(.seconds(600))
            // Nobody knows what it sells meanwhile: the units are its own.
            #expect(try town.balance.pool == 4)
            #expect(try town.sell(5, at: 0))
            try town.turn(0) { $0.dark = .off }
            try town.tellOrders(of: 0)
            town.pass(.seconds(1_800))
            let balance = try town.balance
            // It had one left to give.
            #expect(try balance.rightsTotal == town.shelf(0) && balance.sold == 5)
            #expect(balance.pool + balance.rightsTotal == 5)
            #expect(try town.raised.isEmpty && town.amiss == [])
            try town.end()
        }
    }

    @Test func `what a shop sells beyond its right is covered from what was kept back, then owed, and told`() async throws {
        try await onOwnThread {
            let town = try StockTown(.adjust)
            try town.receive(10, keeping: 2)
            try town.grant(3, to: 0, "g0")
            try town.grant(5, to: 1, "g1")
            town.pass(.seconds(60))
            try town.turn(0) { $0.oversells = true }
            try town.sell(3, at: 0)
            try town.sell(1, at: 0)
            try town.sell(4, at: 0)
            try town.tellOrders(of: 0)
            town.pass(.seconds(60))
            let balance = try town.balance
            #expect((balance.safety, balance.pool, balance.rightsTotal, balance.sold) == (0, 0, 5, 8))
            // The other shop keeps what it was promised; three of the buyers' units nobody has.
            #expect(balance.backordered == 3 && town.raised == [1, 4])
            let notices = try town.read { reading throws(StoreError) in try reading.stockNotices(open: true, limit: 10) }
            #expect(notices.map(\.owed) == [3, 0] && notices.allSatisfy { $0.kind == .breach })
            #expect(try town.shelf(1) == 5)
            #expect(try town.amiss == [])
            try town.end()
        }
    }

    @Test(arguments: [QuantityCapability.adjust, .compareAndSet])
    func `a right that is moved to and fro acts once, however many answers are lost`(capability: QuantityCapability) async throws {
        try await onOwnThread {
            let town = try StockTown(seed: 3, capability)
            try town.receive(100)
            for shop in 0...1 { try town.turn(shop) { ($0.dropAfter, $0.failAfter, $0.failBefore, $0.defer) = (300, 200, 200, 100) } }
            for round in 1...20 {
                try town.grant(3, to: round % 2, "g\(round)")
                town.pass(.seconds(40))
                // One that is not confirmed yet stands before the next.
                do { try town.withdraw(2, from: round % 2, "w\(round)") } catch StoreError.contradiction {}
                town.pass(.seconds(400))
            }
            for shop in 0...1 { try town.turn(shop) { ($0.dropAfter, $0.failAfter, $0.failBefore, $0.defer) = (0, 0, 0, 0) } }
            town.pass(.seconds(7_200))
            let balance = try town.balance
            #expect(try balance.rightsTotal == town.shelf(0) + town.shelf(1))
            #expect(balance.pool + balance.rightsTotal == 100)
            #expect(try town.amiss == [])
            try town.end()
        }
    }

    @Test func `a plain number keeps back what the shop may have sold unseen, and the product says so`() async throws {
        try await onOwnThread {
            let town = try StockTown(.set)
            try town.receive(200)
            try town.grant(100, to: 0, "g")
            town.pass(.seconds(60))
            #expect(try town.shelf(0) == 100)
            // 60 an hour, and the hub hears of them six minutes late.
            for _ in 0..<10 {
                try town.sell(6, at: 0)
                town.pass(.seconds(360))
                try town.tellOrders(of: 0)
                town.pass(.seconds(1))
            }
            town.pass(.seconds(60))
            let now = town.executor.now()
            let buffer = try town.read { reading throws(StoreError) in
                try reading.measuredBuffer(StockTown.sku, at: try reading.requireChannel(ChannelID("web")!), now: now)
            }
            #expect((5...7).contains(buffer))
            #expect(try town.shelf(0) == 40 - buffer)
            #expect(QuantityCapability.set.guarantee(buffer: buffer, sharesPool: false) == .bounded(buffer))
            #expect(try town.amiss == [])
            try town.end()
        }
    }
}
