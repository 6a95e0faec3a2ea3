import ChannelAdapters
import Commerce
import Foundation
import Mall
import Simulation
import Store
import TestKit
import Testing

/// The program ends at any moment, and begins again.
@Suite struct ParcelKillTests {
    private final class Folder: Sendable {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-parcels-\(UUID())").path

        init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
        deinit {
            do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path): \(error)") }
        }

        func open(_ time: ManualTime, _ life: Int) throws -> Store {
            try Store(.directory(path), surroundings: Surroundings(time: time, random: SeededRandom(seed: 1), ids: CountingIDs(prefix: "l\(life)-")))
        }
    }

    private static func ship(_ world: TradeWorld) async throws {
        try await world.place(world.order("1-a", [(1, 1, 100)]))
        try await world.pay("1-a", 100)
        let parcel = Parcel(id: EntityID("p1")!, carrier: "顺丰", tracking: "N1", warehouse: .main, lines: [LinePieces(line: 1, pieces: 1)])
        try await world.tell(.shipped(parcel), of: "1-a")
    }

    @Test func `killed while a service takes the parcel, it is asked once more under the same number`() async throws {
        let (folder, time, post) = (try Folder(), ManualTime(), PostOffice("kd"))
        let first = try folder.open(time, 1)
        let world = try await TradeWorld(first, time: time)
        try await Self.ship(world)
        post.subscribing { _, before in
            if before == 0 { await first.close() }
            return .taken
        }
        await #expect(throws: StoreError.self) { try await ShippingHouse.clerk(first, [post]).work(now: time.now()) }
        let second = try folder.open(time, 2)
        let clerk = ShippingHouse.clerk(second, [post])
        // Not at once: whoever was asked a moment ago may still be at it.
        try await clerk.work(now: time.now())
        #expect(post.subscriptions("N1") == 1)
        time.advance(by: .seconds(60))
        try await clerk.work(now: time.now())
        #expect(post.subscriptions("N1") == 2)
        for _ in 0..<5 {
            time.advance(by: .seconds(600))
            try await clerk.work(now: time.now())
        }
        #expect(post.subscriptions("N1") == 2)
        await second.close()
    }

    @Test(arguments: 1...24) func `killed at any moment, the order hears once and all that is kept fits`(moment: Int) async throws {
        let (folder, time, post) = (try Folder(), ManualTime(), PostOffice("sf-own"))
        post.subscribing { _, _ in .asksOnly }
        let came = time.now() + .seconds(5_400)
        post.tracking { _ in
            .report(
                TrackingReport(
                    carrier: ShippingHouse.sf, number: "N1",
                    events: [TrackingEvent(at: came, phase: time.now() < came ? .inTransit : .delivered, text: "news")]))
        }
        var life = 1
        let opened = try folder.open(time, life)
        try await Self.ship(try await TradeWorld(opened, time: time))
        await opened.close()
        for step in 0..<6 {
            life += 1
            let store = try folder.open(time, life)
            let clerk = ShippingHouse.clerk(store, [post])
            let now = time.now()
            let working = Task { try await clerk.work(now: now) }
            for _ in 0..<(moment * 7 + step * 3) { await Task.yield() }
            await store.close()
            // Closed or done: either is a moment a program can end at.
            _ = await working.result
            time.advance(by: .seconds(2_000))
        }
        let store = try folder.open(time, life + 1)
        let clerk = ShippingHouse.clerk(store, [post])
        for _ in 0..<8 {
            try await clerk.work(now: time.now())
            time.advance(by: .seconds(3_600))
        }
        let state = try await store.read { reading throws(StoreError) in try reading.requireOrder("1-a").state }
        #expect(state.timeline.count { $0.fact.kind == .delivered } == 1)
        #expect(state.parcels.first?.deliveredAt == came)
        #expect(try await store.read { reading throws(StoreError) in try reading.examine().map(\.problem) } == [])
        await store.close()
    }
}
