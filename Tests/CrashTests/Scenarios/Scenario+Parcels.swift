import ChannelAdapters
import Commerce
import Mall
import Simulation
import Store

extension Life {
    /// The clerk of parcels does what is due, also what a failing disk has put off.
    func followParcels() throws {
        let clerk = parcelClerk
        for _ in 0..<6 {
            let now = outside.executor.now()
            _ = try perform { _ in try await clerk.work(now: now) }
            let next = try read { reading throws(StoreError) in try reading.nextParcelWork() }
            guard let next, next <= now + .seconds(3_600) else { return }
            try wait(max(.seconds(1), next - outside.executor.now()))
        }
    }
}

extension Scenario {
    private static let start: Int64 = 1_760_000_000_000
    private static let shipped: [Step] = shopWithAccount + [
        .ask { life in try life.pay("1-a", 300) }, .ask { life in try life.ship("p1", "1-a", [(1, 3)]) }, .pass(10_000),
    ]

    private static let way: [(Int64, ParcelPhase)] = [
        (1_000, .pickedUp), (2_000, .inTransit), (4_000, .outForDelivery), (8_000, .delivered),
    ]

    /// A push as a carrier sends it: all it knows of the parcel, or a part.
    private static func push(_ events: [(Int64, ParcelPhase)]) -> JSON {
        [
            "parcel": "p1",
            "events": .array(events.map { ["at": .integer(start + $0.0 * 1_000), "phase": .string($0.1.rawValue)] }),
        ]
    }

    private static func hear(_ event: String, _ events: [(Int64, ParcelPhase)]) -> Step { .ask { life in try life.hear(event, push(events)) } }
    private static let apply = Step.ask { life in try life.applyCallbacks() }

    /// The way that is known, how often the order heard that its parcel came, and all notices there ever were.
    private static func ends(_ way: [ParcelPhase], delivered: Int, notices: [String] = []) -> @Sendable (Life) throws -> [String] {
        { life in
            try life.read { reading throws(StoreError) in
                guard let parcel = try reading.parcels(of: "1-a").first else { return ["the parcel is gone"] }
                let known = try reading.track(of: parcel).entries.map(\.event.phase)
                var amiss = known == way ? [] : ["its way is \(known.map(\.rawValue)), not \(way.map(\.rawValue))"]
                let told = try reading.requireOrder("1-a").state.timeline.count { $0.fact.kind == .delivered }
                if told != delivered { amiss.append("its order heard \(told) times that it came, not \(delivered)") }
                let (open, over) = (try reading.parcelNotices(open: true, limit: 100), try reading.parcelNotices(open: false, limit: 100))
                let held = open.map { "\($0.kind.rawValue) open" } + over.map { "\($0.kind.rawValue) settled" }
                if held.sorted() != notices { amiss.append("notices are \(held.sorted()), not \(notices)") }
                return amiss + (try reading.parcelDifferences()).map { "\($0)" }
            }
        }
    }

    /// Parcels that are followed.
    static let parcels: [Scenario] = [
        Scenario(
            name: "a parcel is subscribed at its service", before: shipped,
            steps: [.ask { life in try life.followParcels() }],
            outcome: { life in
                let asked = life.outside.services.subscribed["P1"] ?? 0
                return try ends([], delivered: 0)(life) + (asked == 0 ? ["nobody follows it"] : [])
            }),
        Scenario(
            name: "a push is heard, merged, and its order learns that the parcel came", before: shipped,
            steps: [hear("k1", Array(way.prefix(2))), apply, hear("k2", way), apply],
            outcome: ends(way.map(\.1), delivered: 1)),
        Scenario(
            name: "pushes come in another order, twice and shrunk, and the way is the same", before: shipped,
            steps: [
                hear("k3", way), hear("k1", Array(way.prefix(1))), apply, hear("k2", [way[2], way[0]]), hear("k3", way), hear("k4", Array(way.suffix(1))),
                apply,
            ], outcome: ends(way.map(\.1), delivered: 1)),
        Scenario(
            name: "a service that tells nothing is asked, and its answer is merged", before: shipped,
            steps: [
                .outside { outside in
                    outside.services.tellsByItself = false
                    outside.services.ways["P1"] = TrackingReport(
                        carrier: CarrierID("sf")!, number: "p1",
                        events: way.map { TrackingEvent(at: Timestamp(milliseconds: start + $0.0 * 1_000), phase: $0.1, text: $0.1.rawValue) })
                },
                .ask { life in try life.followParcels() },
            ], outcome: ends(way.map(\.1), delivered: 1)),
        Scenario(
            name: "a carrier has trouble, a notice is raised, and the parcel's further way settles it", before: shipped,
            steps: [
                hear("k1", Array(way.prefix(2)) + [(3_000, .exception)]), apply,
                hear("k2", way + [(3_000, .exception)]), apply,
            ], outcome: ends([.pickedUp, .inTransit, .exception, .outForDelivery, .delivered], delivered: 1, notices: ["trouble settled"])),
        Scenario(
            name: "nothing happens to a parcel for long, and one notice says so",
            before: shipped + [hear("k1", Array(way.prefix(2))), apply, .ask { life in try life.followParcels() }, .pass(5 * 86_400)],
            steps: [.ask { life in try life.followParcels() }],
            outcome: ends([.pickedUp, .inTransit], delivered: 0, notices: ["stalled open"])),
    ]
}
