import ChannelAdapters
import Commerce
import ConflictResolution
import Simulation
import Store
import SyncEngine

/// What the scenarios deal in.
enum Goods {
    static func product(_ number: Int) -> EntityRef { EntityRef(.product, EntityID("p\(number)")!) }
    static func sku(_ number: Int) -> EntityRef { EntityRef(.sku, EntityID("s\(number)")!) }
    static func brand(_ number: Int) -> UnitRef { UnitRef(product(number), UnitName("brand")!) }
    static func tags(_ number: Int) -> UnitRef { UnitRef(product(number), UnitName("tags")!) }
    static func text(_ number: Int) -> UnitRef { UnitRef(product(number), UnitName("text.en")!) }
    static func tax(_ number: Int) -> UnitRef { UnitRef(product(number), UnitName("tax")!) }
    static func life(_ number: Int) -> UnitRef { UnitRef(product(number), UnitName("life")!) }
    static func price(_ number: Int) -> UnitRef { UnitRef(sku(number), UnitName("price.CNY")!) }
    static func identity(_ number: Int) -> UnitRef { UnitRef(sku(number), UnitName("identity")!) }
    static let place = UnitRef(EntityRef(.category, EntityID("c1")!), UnitName("place")!)

    static func named(_ name: String) -> JSON { ["name": .string(name)] }
    static func amount(_ amount: Int64) -> JSON { ["amount": .integer(amount)] }
    static func remote(_ unit: UnitRef) -> RemoteRef { RemoteRef(kind: unit.entity.kind, id: unit.entity.id.text) }
}

extension Life {
    /// Writes a unit as the hub, and promises that the value is in its history from then on.
    func put(_ unit: UnitRef, _ value: JSON?, reason: String? = nil) throws {
        let before = try read { reading throws(StoreError) in try Life.has(unit, value, reading) }
        do {
            try write { writing throws(StoreError) in
                try writing.create(unit.entity)
                _ = try writing.apply(
                    UnitWrite(unit, value, author: "operator", origin: reason == nil ? .api : .resolution, reason: reason))
            }
        } catch {
            try lookForLeak(unit, value, before: before)
            throw error
        }
        promise("\(unit) was \(value?.text ?? "taken away")", stored: { reading throws(StoreError) in
            if try reading.isBuried(unit.entity) { return true }
            return try Life.has(unit, value, reading)
        })
    }

    /// A write that failed must not be seen by readers of the same store.
    private func lookForLeak(_ unit: UnitRef, _ value: JSON?, before: Bool) throws {
        guard !before, !disk.isCut else { return }
        let seen: Bool
        do {
            seen = try read { reading throws(StoreError) in try Life.has(unit, value, reading) }
        } catch {
            // What cannot be read shows nothing.
            return
        }
        if seen { outside.leaks.append("\(unit) shows \(value?.text ?? "-"), which was not written") }
    }

    static func has(_ unit: UnitRef, _ value: JSON?, _ reading: Reading) throws(StoreError) -> Bool {
        try reading.history(unit, limit: 1_000).contains { $0.value == value?.bytes }
    }

    func live(_ unit: UnitRef) throws -> JSON? {
        try read { reading throws(StoreError) in try reading.live(unit) }
    }

    /// Takes a shop up, or new settings of it.
    func link(_ id: String, _ change: (inout ChannelSettings) -> Void = { _ in }) throws {
        var settings = ChannelSettings()
        settings.pullEvery = .seconds(2)
        change(&settings)
        let json = settings.json
        try write { writing throws(StoreError) in _ = try writing.putChannel(ChannelID(id)!, settings: json) }
        promise("\(id) is set up", stored: { reading throws(StoreError) in
            try reading.channel(ChannelID(id)!)?.settings == json
        })
        try connect(id)
    }

    /// Hands a callback in, as a shop does until it is answered.
    func deliver(_ id: String, _ event: String, _ body: JSON) throws {
        try write { writing throws(StoreError) in
            _ = try writing.receive(try writing.reading.requireChannel(ChannelID(id)!), event: event, body: body.bytes)
        }
        promise("callback \(event) \(body.text)", stored: { reading throws(StoreError) in
            try reading.inbox(limit: 1_000).contains { $0.event == event && $0.body == body.bytes }
        })
        engine.inbox.signal.bump()
    }
}

extension Scenario.Step {
    static func put(_ unit: UnitRef, _ value: JSON?) -> Self { ask { life in try life.put(unit, value) } }
    static func link(_ id: String) -> Self { ask { life in try life.link(id) } }

    /// A shop's people write.
    static func edit(_ id: String, _ unit: UnitRef, _ value: JSON?) -> Self {
        outside { outside in outside.shop(id)?.edit(Goods.remote(unit), unit.unit, value) }
    }

    static func habits(_ id: String, _ change: @escaping @Sendable (inout SimulatedChannel.Habits) -> Void) -> Self {
        outside { outside in if let shop = outside.shop(id) { change(&shop.habits) } }
    }

    static func dark(_ id: String, _ dark: Bool = true) -> Self {
        outside { outside in outside.shop(id)?.dark = dark }
    }

    /// Time passes with nobody waiting for quiet.
    static func pass(_ seconds: Int) -> Self { ask { life in try life.wait(.seconds(seconds)) } }
}

extension [Scenario.Step] {
    /// A few goods.
    static let stock: [Scenario.Step] = [
        .put(Goods.brand(1), Goods.named("合一")), .put(Goods.price(1), Goods.amount(100)),
        .put(Goods.text(1), ["title": "Teapot of purple clay", "body": "<p>One</p>"]),
        .put(Goods.tags(1), ["pot", "tea"]),
    ]

    static let stockAtBoth: [Scenario.Step] = stock + [.link("web"), .link("shop")]
}
