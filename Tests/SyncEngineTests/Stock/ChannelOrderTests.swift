import ChannelAdapters
import ChannelSimulators
import Commerce
import Store
import SyncEngine
import Testing

/// Orders that channels take are orders like ours, and their channels hear what becomes of them.
@Suite struct ChannelOrderTests {
    private static let number = OrderNumber.of("4711", at: ChannelID("web")!)

    private static func message(_ facts: [JSON], order: String = "4711") -> JSON {
        ["type": "orders", "data": ["orders": [["order": .string(order), "facts": .array(facts)]]]]
    }

    private static func placed(_ pieces: Int64, at: Int64 = 1) -> JSON {
        [
            "kind": "placed", "at": .integer(at),
            "body": [
                "buyer": ["name": "韩梅梅", "phone": "13900005678", "region": ["CN", "31"], "address": "2 Road"], "currency": "CNY",
                "lines": [["title": "Cup", "sku": "cup", "quantity": .integer(pieces), "unit": 500]],
            ],
        ]
    }

    private static func paid(_ amount: Int64) -> JSON {
        [
            "kind": "paid", "at": 2,
            "body": ["gateway": "someone-else", "transaction": "m-1", "amount": ["amount": .integer(amount), "currency": "CNY"]],
        ]
    }

    private static func world() throws -> StockTown {
        let town = try StockTown(.adjust)
        try town.receive(10)
        try town.grant(6, to: 0, "g-1")
        town.pass(.seconds(10))
        return town
    }

    private static func order(_ town: StockTown) throws -> StoredOrder {
        try town.read { reading throws(StoreError) in try reading.requireOrder(number) }
    }

    @Test func `an order a shop took takes its goods out of the shop's right and is paid in the shop's name`() throws {
        let town = try Self.world()
        try town.tell(Self.message([Self.placed(2), Self.paid(1_000)]), from: 0, as: "e1")
        town.pass(.seconds(5))
        let order = try Self.order(town)
        #expect(order.state.phase == .paid)
        #expect(order.state.payments.map(\.payment.ref.gateway) == ["web"])
        #expect(try town.balance.rightsTotal == 4)
        #expect(try town.balance.sold == 2)
        #expect(try town.read { reading throws(StoreError) in try reading.differences(of: Self.number) } == [])
        try town.end()
    }

    @Test func `facts that come in any order, twice and in pieces make the same order`() throws {
        let town = try Self.world()
        let shipped: JSON = [
            "kind": "shipped", "at": 3,
            "body": ["parcel": "p9", "carrier": "SF", "tracking": "SF9", "warehouse": "main", "lines": [["line": 1, "pieces": 2]]],
        ]
        for (index, facts) in [[shipped], [Self.paid(1_000)], [Self.placed(2), Self.paid(1_000)], [shipped]].enumerated() {
            try town.tell(Self.message(facts), from: 0, as: "e\(index)")
            town.pass(.seconds(5))
        }
        #expect(try Self.order(town).state.phase == .shipped)
        #expect(try town.balance.sold == 0)
        #expect(try town.balance.onHand == 8)
        #expect(try town.read { reading throws(StoreError) in try reading.differences(of: Self.number) } == [])
        try town.end()
    }

    @Test func `a shop that calls its order off has the goods back in its right`() throws {
        let town = try Self.world()
        try town.tell(Self.message([Self.placed(2)]), from: 0, as: "e1")
        town.pass(.seconds(5))
        try town.tell(Self.message([["kind": "cancelled", "at": 4, "body": ["reason": "buyer changed his mind"]]]), from: 0, as: "e2")
        town.pass(.seconds(5))
        #expect(try Self.order(town).state.phase == .cancelled)
        #expect(try town.balance.rightsTotal == 6)
        #expect(try town.balance.sold == 0)
        try town.end()
    }

    @Test func `what happens to an order here is told to its shop as it is now`() throws {
        let town = try Self.world()
        try town.tell(Self.message([Self.placed(2), Self.paid(1_000)]), from: 0, as: "e1")
        town.pass(.seconds(5))
        #expect(try town.standing("4711", at: 0)?["standing"]?["state"]?.string == "paid")
        try town.write { writing throws(StoreError) in
            for pieces in 1...2 {
                let parcel = Parcel(
                    id: EntityID("p\(pieces)")!, carrier: "SF", tracking: "SF\(pieces)", warehouse: .main,
                    lines: [LinePieces(line: 1, pieces: 1)])
                try writing.tell(.shipped(parcel), of: Self.number, by: "t")
            }
        }
        town.pass(.seconds(5))
        let told = try town.standing("4711", at: 0)
        #expect(told?["standing"]?["state"]?.string == "shipped")
        #expect(told?["standing"]?["parcels"]?.array?.count == 2)
        #expect(try town.standing("4711", at: 1) == nil)
        try town.end()
    }

    @Test func `a shop that was dark hears how its orders stand when it is back`() throws {
        let town = try Self.world()
        try town.tell(Self.message([Self.placed(1)]), from: 0, as: "e1")
        town.pass(.seconds(5))
        try town.turn(0) { $0.dark = .unavailable }
        try town.tell(Self.message([Self.paid(500)]), from: 0, as: "e2")
        town.pass(.seconds(120))
        try town.turn(0) { $0.dark = .off }
        town.pass(.seconds(1_800))
        #expect(try town.standing("4711", at: 0)?["standing"]?["state"]?.string == "paid")
        try town.end()
    }

    @Test func `what a shop may not say of an order is refused with its field, and changes nothing`() throws {
        let town = try Self.world()
        let reprice: JSON = ["kind": "repriced", "at": 3, "body": ["number": 1, "lines": [], "reason": "cheaper"]]
        try town.tell(Self.message([Self.placed(2), reprice]), from: 0, as: "e1")
        town.pass(.seconds(5))
        let known = try town.read { reading throws(StoreError) in try reading.order(Self.number) }
        #expect(known == nil)
        #expect(try town.balance.rightsTotal == 6)
        let dead = try town.read { reading throws(StoreError) in try reading.inbox(state: .dead, limit: 10).compactMap(\.error) }
        #expect(dead.count == 1 && dead[0].contains("4711.repriced.kind"))
        try town.end()
    }

    @Test func `a shop that says the impossible of one order holds up nothing else`() throws {
        let town = try Self.world()
        let refund: JSON = [
            "kind": "refund-opened", "at": 3,
            "body": [
                "refund": "x1", "gateway": "web", "transaction": "m-1", "amount": ["amount": 5_000, "currency": "CNY"],
                "reason": "surplus",
            ],
        ]
        try town.tell(Self.message([Self.placed(2), Self.paid(1_000), refund]), from: 0, as: "e1")
        try town.tell(Self.message([Self.placed(1)], order: "4712"), from: 0, as: "e2")
        town.pass(.seconds(60))
        let other = OrderNumber.of("4712", at: ChannelID("web")!)
        #expect(try town.read { reading throws(StoreError) in try reading.order(other) }?.state.placed != nil)
        #expect(try town.read { reading throws(StoreError) in try reading.order(Self.number) } == nil)
        try town.end()
    }

    @Test func `a shop cannot declare over what is at another gateway`() throws {
        let town = try Self.world()
        try town.tell(Self.message([Self.placed(2)]), from: 0, as: "e1")
        town.pass(.seconds(5))
        try town.write { writing throws(StoreError) in
            let money = Money(amount: 1_500, currency: .yuan)
            let payment = Payment(ref: PaymentRef(gateway: "hand", transaction: "receipt-1"), amount: money)
            try writing.tell(.paid(payment), of: Self.number, by: "t", judged: false)
        }
        let refund = try #require(try Self.order(town).state.refunds.first?.refund)
        let settled: JSON = ["kind": "refund-settled", "at": 9, "body": ["refund": .string(refund.number.text)]]
        try town.tell(Self.message([settled]), from: 0, as: "e2")
        town.pass(.seconds(5))
        #expect(try Self.order(town).state.money?.refunded == 0)
        try town.end()
    }

    @Test func `a shop's line cannot take goods by the way of a bundle`() throws {
        let town = try Self.world()
        let fact: JSON = [
            "kind": "placed", "at": 1,
            "body": [
                "buyer": ["name": "韩梅梅", "phone": "13900005678", "region": ["CN"], "address": "2 Road"], "currency": "CNY",
                "lines": [["title": "Cup", "sku": "cup", "quantity": 1, "unit": 500, "components": [["sku": "pot", "units": 9]]]],
            ],
        ]
        try town.tell(Self.message([fact]), from: 0, as: "e1")
        town.pass(.seconds(5))
        let dead = try town.read { reading throws(StoreError) in try reading.inbox(state: .dead, limit: 10).compactMap(\.error) }
        #expect(dead.count == 1 && dead[0].contains("lines[0].components"))
        try town.end()
    }
}
