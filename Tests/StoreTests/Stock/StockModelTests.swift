import Commerce
import Foundation
import GRDB
import Simulation
import TestKit
import Testing

@testable import Store

/// Long random days of a ledger beside a model that knows no accounts.
@Suite struct StockModelTests {
    private static var rounds: Int { ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full" ? 40 : 3 }

    @Test func `whatever buyers, channels and clerks do in whatever order, nothing is sold that is not there`() async throws {
        for seed in 1...UInt64(Self.rounds) {
            var day = try await StockDay(seed: seed)
            for _ in 0..<400 { try await day.act() }
            try await day.judge()
            #expect(day.held > 20 && day.short > 5, "seed \(seed) shows too little: \(day.held) held, \(day.short) short")
        }
    }
}

/// One seeded day.
struct StockDay {
    let world: StockWorld
    let random: SeededRandom
    let seed: UInt64
    var model = StockModel()
    var held = 0
    var short = 0
    private var number = 0
    /// Movements answered before, to be told again.
    private var told: [(StockOrder, StockOutcome)] = []

    init(seed: UInt64) async throws {
        self.seed = seed
        random = SeededRandom(seed: seed)
        world = try await StockWorld()
    }

    private func pick(_ count: Int) -> Int { Int(random.next() % UInt64(count)) }
    private func some<T>(_ things: [T]) -> T? { things.isEmpty ? nil : things[pick(things.count)] }
    private var anyPlace: StockModel.Place { .init(sku: 1 + pick(3), warehouse: pick(2) == 0 ? .main : StockWorld.north) }

    mutating func act() async throws {
        number += 1
        switch pick(16) {
        case 0...3: try await move()
        case 4...6: try await reserve()
        case 7: try await sell()
        case 8, 9: try await end()
        case 10: try await fulfil()
        case 11: try await grant()
        case 12: try await again()
        default: try await pass()
        }
        if number % 25 == 0 { try await judge() }
    }

    private mutating func move() async throws {
        let place = anyPlace
        let other: WarehouseID = place.warehouse == .main ? StockWorld.north : .main
        let quantity = Int64(1 + pick(6))
        let acts: [StockOrder.Act] = [
            .receive(quantity * 3), .receive(quantity * 2), .receive(quantity), .count(max(0, (model.sellable[place] ?? 0) + quantity - 4)), .adjust(by: quantity - 3 == 0 ? 1 : quantity - 3),
            .damage(quantity), .mend(quantity), .scrap(quantity), .protect(quantity - 1), .dispatch(quantity, to: other),
            .arrive(quantity), .lose(quantity),
        ]
        let act = acts[pick(acts.count)]
        let order = try StockOrder(
            act, of: sku(place.sku), at: place.warehouse, cause: StockCause("move/\(number)"), author: "t", reason: "r")
        let outcome = try await world.store.write { writing throws(StoreError) in try writing.move(order) }
        guard case .done(let steps) = outcome else { return }
        told.append((order, outcome))
        let target: StockModel.Place? = if case .dispatch = act { .init(sku: place.sku, warehouse: other) } else { nil }
        model.take(steps, at: place, to: target)
        if case .count(let counted) = act { #expect(model.sellable[place, default: 0] == counted, "seed \(seed), act \(number)") }
    }

    private mutating func reserve() async throws {
        let parts = (0...pick(2)).map { ("\($0)", 1 + pick(3), Int64(1 + pick(4))) }
        let owner = "order/\(number)"
        var wanted: [Int: Int64] = [:]
        for part in parts { wanted[part.1, default: 0] += part.2 }
        let now = world.now
        let fits = wanted.allSatisfy { model.holdable($0.key, at: now) >= $0.value }
        let outcome = try await world.reserve(owner, parts, minutes: 1 + pick(3))
        #expect(outcome.isHeld == fits, "seed \(seed), act \(number): \(outcome)")
        if outcome.isHeld { held += 1 } else { short += 1 }
        for shortage in outcome.shortages {
            let sku = Int(shortage.sku.id.text.dropFirst()) ?? 0
            #expect(shortage.available == model.holdable(sku, at: now), "seed \(seed), act \(number)")
        }
        if case .held(let holds) = outcome { note(holds, of: owner) }
    }

    private mutating func note(_ holds: [Hold], of owner: String) {
        model.owners[owner] = holds.map { hold in
            StockModel.Holding(
                place: .init(sku: Int(hold.sku.id.text.dropFirst()) ?? 0, warehouse: hold.warehouse), line: hold.line,
                quantity: hold.quantity, expires: hold.expiresAt, state: hold.state, left: hold.toShip)
        }
    }

    private mutating func sell() async throws {
        let channel = pick(2) == 0 ? StockWorld.web : StockWorld.app
        let (owner, part) = ("web/\(number)", ("1", 1 + pick(3), Int64(1 + pick(3))))
        let rights = try await world.store.read { reading throws(StoreError) in try reading.stockRights(sku: sku(part.1), channel: channel) }
        guard case .sold(let holds, _) = try await world.sell(owner, [part], by: channel) else {
            Issue.record("seed \(seed), act \(number): a sale was refused")
            return
        }
        #expect(holds.reduce(0) { $0 + $1.quantity } == part.2)
        note(holds, of: owner)
        // How much of it came from rights and safety is told by the entries.
        for hold in holds {
            let cause = StockCause.own("sell/\(hold.number)")
            let entries = try await world.store.read { reading throws(StoreError) in try reading.stockEntries(cause: cause) }
            for entry in entries {
                let place = StockModel.Place(sku: part.1, warehouse: entry.fromWarehouse)
                if case .right = entry.from { model.rights[place, default: 0] -= entry.quantity }
                if entry.from == .safety { model.safety[place, default: 0] -= entry.quantity }
            }
        }
        #expect(rights.reduce(0) { $0 + $1.granted } >= 0)
    }

    private mutating func end() async throws {
        guard let owner = some(model.owners.keys.sorted()), var holdings = model.owners[owner] else { return }
        let now = world.now
        let isOpen = holdings.allSatisfy { $0.state == .open }
        let isDue = holdings.contains { $0.state == .open && $0.expires.map { $0 <= now } == true }
        switch pick(4) {
        case 0, 1:
            let answer = try await world.claim(owner)
            #expect(answer.isDone == (isOpen && !isDue), "seed \(seed), act \(number): \(answer)")
            for index in holdings.indices where isOpen {
                holdings[index].state = isDue ? .expired : .claimed
                if !isDue { holdings[index].left = holdings[index].quantity }
            }
        case 2:
            let inDoubt = holdings.contains { $0.state == .open && $0.expires == nil }
            let answer = try await world.release(owner)
            // One whose time is over may have been taken back by the next buyer.
            if !isDue { #expect(answer.isDone == (isOpen && !inDoubt), "seed \(seed), act \(number): \(answer)") }
            if answer.isDone { for index in holdings.indices { holdings[index].state = .released } }
        default:
            let answer = try await world.store.write { writing throws(StoreError) in try writing.doubt(owner: owner) }
            for index in holdings.indices where isOpen {
                if isDue { holdings[index].state = .expired } else { holdings[index].expires = nil }
            }
            if isDue, isOpen { #expect(answer.refusal == .expired) }
        }
        model.owners[owner] = holdings
    }

    private mutating func fulfil() async throws {
        let claimed = model.owners.keys.sorted().filter { model.owners[$0]?.first?.state == .claimed }
        guard let owner = some(claimed), let index = some(Array(model.owners[owner]!.indices)) else { return }
        let holding = model.owners[owner]![index]
        let quantity = Int64(1 + pick(3))
        let parts = try StockDemand([.init(line: holding.line, sku: SKUID(sku(holding.place.sku))!, quantity: quantity)])
        let (cause, place, act) = (try StockCause("fulfil/\(number)"), holding.place, pick(3))
        let outcome = try await world.store.write { writing throws(StoreError) in
            switch act {
            case 0: try writing.ship(owner: owner, parts: parts, from: place.warehouse, cause: cause, author: "t")
            case 1: try writing.unsell(owner: owner, parts: parts, cause: cause, author: "t")
            default: try writing.takeBack(owner: owner, parts: parts, .sellable, to: place.warehouse, cause: cause, author: "t")
            }
        }
        guard case .done = outcome else { return }
        // Several rows may serve one line: they are read back.
        let holds = try await world.store.read { reading throws(StoreError) in try reading.holds(owner: owner) }
        let before = model.owners[owner]!
        note(holds, of: owner)
        for hold in holds {
            func isIt(_ holding: StockModel.Holding) -> Bool {
                holding.line == hold.line && holding.place.warehouse == hold.warehouse && sku(holding.place.sku) == hold.sku
            }
            let row = model.owners[owner]!.firstIndex(where: isIt)!
            model.owners[owner]![row].shipped = hold.shipped
            model.owners[owner]![row].returned = hold.returned
            let was = before.first(where: isIt)!
            model.sellable[was.place, default: 0] -= hold.shipped - was.shipped
            if act == 2 { model.sellable[place, default: 0] += hold.returned - was.returned }
        }
    }

    private mutating func grant() async throws {
        let (place, quantity) = (anyPlace, Int64(1 + pick(3)))
        let (cause, isLess) = (try StockCause("grant/\(number)"), pick(3) == 0)
        let outcome = try await world.store.write { writing throws(StoreError) in
            guard isLess else {
                return try writing.grant(quantity, of: sku(place.sku), at: place.warehouse, to: StockWorld.web, cause: cause, author: "t")
            }
            guard case .done = try writing.withdraw(quantity, of: sku(place.sku), at: place.warehouse, from: StockWorld.web, cause: cause)
            else { return .known }
            return try writing.confirmWithdrawal(of: sku(place.sku), at: place.warehouse, from: StockWorld.web, cause: cause, author: "t")
        }
        if case .done(let steps) = outcome { for step in steps { model.rights[place, default: 0] += isLess ? -step.quantity : step.quantity } }
    }

    /// Tells some movements again, all of them known.
    private mutating func again() async throws {
        for (order, _) in told where pick(3) == 0 {
            let outcome = try await world.store.write { writing throws(StoreError) in try writing.move(order) }
            #expect(outcome == .known, "seed \(seed), act \(number)")
        }
    }

    private mutating func pass() async throws {
        world.time.advance(by: .seconds(20))
        guard pick(4) == 0 else { return }
        try await world.store.write { writing throws(StoreError) in try writing.expireHolds() }
    }

    func judge() async throws {
        #expect(try await world.amiss() == [], "seed \(seed), act \(number)")
        let now = world.now
        for number in 1...3 {
            #expect(try await world.available(number) == model.holdable(number, at: now), "seed \(seed), act \(self.number), s\(number)")
            for warehouse in [WarehouseID.main, StockWorld.north] {
                let place = StockModel.Place(sku: number, warehouse: warehouse)
                let balance = try await world.balance(number, at: warehouse)
                #expect(balance.onHand == model.sellable[place, default: 0], "seed \(seed), act \(self.number), \(place)")
                #expect(balance.damaged == model.damaged[place, default: 0])
                #expect(balance.transit == model.transit[place, default: 0])
                #expect(balance.flaw == nil)
            }
        }
    }
}
