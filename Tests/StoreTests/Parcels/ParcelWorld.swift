import Commerce
import Store
import TestKit

/// Orders whose parcels left, and what services say of them.
struct ParcelWorld: Sendable {
    let world: TradeWorld
    let policy: TrackingPolicy
    static let sf = CarrierID("sf")!

    init(_ store: Store? = nil, time: ManualTime = ManualTime(), policy: TrackingPolicy = .standard) async throws {
        world = try await TradeWorld(try store ?? Store(.memory, surroundings: .still(time: time)), time: time, units: [1_000, 1_000, 1_000])
        self.policy = policy
    }

    var store: Store { world.store }
    var now: Timestamp { world.time.now() }

    func hours(_ count: Int) -> Timestamp { now + .seconds(count * 3_600) }

    /// Places, pays and ships one piece; the parcel's number is `SFp1` unless it is said.
    func ship(_ order: String, part: String = "p1", tracking: String? = nil, carrier: String = "SF", pieces: Int64 = 1) async throws {
        try await world.place(world.order(order, [(1, pieces, 100)]))
        try await world.pay(order, 100 * pieces)
        try await leave(order, part: part, tracking: tracking, carrier: carrier)
    }

    func leave(_ order: String, part: String, tracking: String? = nil, carrier: String = "SF") async throws {
        try await world.tell(
            .shipped(
                Parcel(
                    id: EntityID(part)!, carrier: carrier, tracking: tracking ?? "SF\(part)", warehouse: .main,
                    lines: [LinePieces(line: 1, pieces: 1)])), of: order)
    }

    func report(
        _ number: String, _ events: [TrackingEvent], estimate: Timestamp? = nil, watch: TrackingReport.Watch = .goesOn, carrier: CarrierID = ParcelWorld.sf
    ) -> TrackingReport {
        TrackingReport(carrier: carrier, number: number, events: events, estimate: estimate, watch: watch)
    }

    @discardableResult
    func hear(_ report: TrackingReport, from account: String = "kd") async throws -> [ParcelHearing] {
        let policy = policy
        return try await store.write { writing throws(StoreError) in try writing.hear(report, from: account, policy) }
    }

    func parcel(_ order: String, _ part: String = "p1") async throws -> FollowedParcel? {
        try await store.read { reading throws(StoreError) in try reading.parcels(of: order).first { $0.part.text == part } }
    }

    func sight(_ order: String, _ part: String = "p1") async throws -> ParcelSight? {
        let (now, policy) = (now, policy)
        return try await store.read { reading throws(StoreError) in
            guard let key = ParcelPart(part) else { return nil }
            return try reading.sights(of: try reading.requireOrder(order), now: now, policy)[key]
        }
    }

    func notices(open: Bool = true) async throws -> [ParcelNotice] {
        try await store.read { reading throws(StoreError) in try reading.parcelNotices(open: open, limit: 100) }
    }

    func order(_ number: String) async throws -> StoredOrder { try await world.order(number) }
}

func event(_ at: Timestamp, _ phase: ParcelPhase, _ text: String? = nil) -> TrackingEvent {
    TrackingEvent(at: at, phase: phase, text: text ?? phase.rawValue)
}
