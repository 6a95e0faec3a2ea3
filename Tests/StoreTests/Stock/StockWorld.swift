import Commerce
import Store
import TestKit

/// A store with a few SKUs, two warehouses and two channels, on a clock that stands still.
struct StockWorld {
    let store: Store
    let time: ManualTime
    static let web = ChannelID("web")!
    static let app = ChannelID("app")!
    static let north = WarehouseID("north")!

    init(_ store: Store? = nil, time: ManualTime = ManualTime()) async throws {
        self.time = time
        self.store = try store ?? Store(.memory, surroundings: .still(time: time))
        try await self.store.write { writing throws(StoreError) in
            for number in 1...4 { try writing.create(sku(number)) }
            try writing.putWarehouse(StockWorld.north, name: "North", place: 1)
            for channel in [StockWorld.web, StockWorld.app] { try writing.putChannel(channel, settings: [:]) }
        }
    }

    var now: Timestamp { time.now() }

    @discardableResult
    func move(
        _ act: StockOrder.Act, _ number: Int = 1, at warehouse: WarehouseID = .main, cause: String
    ) async throws -> StockOutcome {
        let order = try StockOrder(act, of: sku(number), at: warehouse, cause: StockCause(cause), author: "t", reason: "r")
        return try await store.write { writing throws(StoreError) in try writing.move(order) }
    }

    func reserve(
        _ owner: String, _ parts: [(String, Int, Int64)], attempt: Int64 = 0, minutes: Int = 15, channel: ChannelID? = nil
    ) async throws -> HoldOutcome {
        let request = try request(owner, parts, attempt: attempt, minutes: minutes, channel: channel)
        return try await store.write { writing throws(StoreError) in try writing.reserve(request) }
    }

    func request(
        _ owner: String, _ parts: [(String, Int, Int64)], attempt: Int64 = 0, minutes: Int = 15, channel: ChannelID? = nil
    ) throws -> HoldRequest {
        try HoldRequest(
            owner: owner, attempt: attempt, demand: demand(parts), lifetime: .seconds(minutes * 60), channel: channel)
    }

    @discardableResult
    func sell(_ owner: String, _ parts: [(String, Int, Int64)], by channel: ChannelID = web) async throws -> ChannelSale.Outcome {
        let sale = try ChannelSale(channel: channel, owner: owner, demand: demand(parts))
        return try await store.write { writing throws(StoreError) in try writing.sell(sale) }
    }

    func claim(_ owner: String) async throws -> HoldAnswer {
        try await store.write { writing throws(StoreError) in try writing.claim(owner: owner) }
    }

    func release(_ owner: String) async throws -> HoldAnswer {
        try await store.write { writing throws(StoreError) in try writing.release(owner: owner) }
    }

    func balance(_ number: Int = 1, at warehouse: WarehouseID = .main) async throws -> StockBalance {
        let now = self.now
        return try await store.read { reading throws(StoreError) in
            try reading.stockLevels(sku(number), at: now).first { $0.warehouse == warehouse }?.balance
        } ?? StockBalance()
    }

    func available(_ number: Int = 1, to channel: ChannelID? = nil) async throws -> Int64 {
        let now = self.now
        return try await store.read { reading throws(StoreError) in
            try reading.availability(sku(number), for: channel, at: now).holdable(withBackorder: true)
        }
    }

    /// What does not fit together; empty for a sound store.
    func amiss() async throws -> [String] {
        try await store.read { reading throws(StoreError) in
            try reading.examine().map { "\($0.subject): \($0.problem)" }
        }
    }
}

func sku(_ number: Int) -> EntityRef { EntityRef(.sku, EntityID("s\(number)")!) }

func demand(_ parts: [(String, Int, Int64)]) throws -> StockDemand {
    try StockDemand(parts.map { StockDemand.Part(line: $0.0, sku: SKUID(sku($0.1))!, quantity: $0.2) })
}

extension HoldOutcome {
    var isHeld: Bool { if case .held = self { true } else { false } }
    var shortages: [Shortage] { if case .short(let found) = self { found } else { [] } }
}

extension HoldAnswer {
    var isDone: Bool { if case .done = self { true } else { false } }
    var refusal: HoldState? { if case .refused(let state, _) = self { state } else { nil } }
}
