import ChannelAdapters
import Commerce
import Mall
import Simulation
import Store
import TestKit

/// A shop whose parcels leave, and the services that follow them.
struct ShippingHouse: Sendable {
    let world: TradeWorld
    let posts: [PostOffice]
    let clerk: ParcelClerk

    static let sf = CarrierID("sf")!
    static let minute = Duration.seconds(60)
    static let hour = Duration.seconds(3_600)
    static let day = Duration.seconds(86_400)

    init(_ posts: [PostOffice], policy: TrackingPolicy = .standard) async throws {
        let time = ManualTime()
        world = try await TradeWorld(try Store(.memory, surroundings: .still(time: time)), time: time)
        self.posts = posts
        clerk = ShippingHouse.clerk(world.store, posts, policy)
    }

    static func clerk(_ store: Store, _ posts: [PostOffice], _ policy: TrackingPolicy = .standard) -> ParcelClerk {
        ParcelClerk(store: store, trackers: posts, policy: policy, carrier: carrier)
    }

    /// What a shop's people write.
    static let carrier: @Sendable (String) -> CarrierID? = { word in
        ["sf", "顺丰", "顺丰速运"].contains(word.lowercased()) ? sf : word == "中通" ? CarrierID("zto") : nil
    }

    var store: Store { world.store }
    var now: Timestamp { world.time.now() }

    func ship(_ order: String, _ part: String = "p1", tracking: String = "N1", carrier: String = "顺丰") async throws {
        try await world.place(world.order(order, [(1, 1, 100)]))
        try await world.pay(order, 100)
        let parcel = Parcel(
            id: EntityID(part)!, carrier: carrier, tracking: tracking, warehouse: .main, lines: [LinePieces(line: 1, pieces: 1)])
        try await world.tell(.shipped(parcel), of: order)
    }

    /// Time passes, and the clerk works whenever something is due.
    func wait(_ duration: Duration) async throws {
        let end = now + duration
        while let next = try await store.read({ reading throws(StoreError) in try reading.nextParcelWork() }), next <= end {
            if next > now { world.advance(next - now) }
            try await clerk.work(now: now)
        }
        if end > now { world.advance(end - now) }
    }

    func report(_ events: [(Timestamp, ParcelPhase)], _ number: String = "N1", watch: TrackingReport.Watch = .goesOn) -> TrackingReport {
        TrackingReport(
            carrier: ShippingHouse.sf, number: number, events: events.map { TrackingEvent(at: $0, phase: $1, text: $1.rawValue) }, watch: watch)
    }

    func parcel(_ order: String) async throws -> FollowedParcel? {
        try await store.read { reading throws(StoreError) in try reading.parcels(of: order).first }
    }

    func watches(_ order: String) async throws -> [ParcelWatch] {
        try await store.read { reading throws(StoreError) in
            guard let parcel = try reading.parcels(of: order).first else { return [] }
            return try reading.watches(of: parcel)
        }
    }

    func notices(open: Bool = true) async throws -> [ParcelNotice.Kind] {
        try await store.read { reading throws(StoreError) in try reading.parcelNotices(open: open, limit: 100).map(\.kind) }
    }
}
