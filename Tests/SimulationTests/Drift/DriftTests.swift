import ChannelAdapters
import Commerce
import Foundation
import Simulation
import Store
import SyncEngine
import TestKit
import Testing

/// Differences that came about behind everybody's back are found, named and put right.
@Suite struct DriftTests {
    private static let seeds: [UInt64] =
        ProcessInfo.processInfo.environment["HEYI_PROOF"] == "full" ? Array(1...60) : [1, 2, 3]

    private struct Planted: Hashable {
        let listing: String
        let unit: UnitName
        let kind: DriftClass
    }

    /// Plants drift at chance places, each kind at least once.
    private func plant(in world: DriftWorld) -> Set<Planted> {
        var planted: Set<Planted> = []
        var places = world.products.flatMap { product in
            [DriftWorld.brand, DriftWorld.text].map { (product, $0) }
        }
        for index in 0..<(4 + Int(world.random.next() % 8)) {
            let (product, unit) = places.remove(at: Int(world.random.next() % UInt64(places.count)))
            let remote = world.remote(product)
            let value: JSON =
                unit == DriftWorld.brand ? ["name": .string("Odd \(index)")] : ["title": .string("Odd \(index)"), "brief": "odd"]
            let kind: DriftClass
            switch index < 4 ? UInt64(index) : world.random.next() % 4 {
            case 0:
                world.revert(product, unit)
                kind = .lostPush
            case 1:
                world.channel.tamper(remote, unit, nil)
                kind = .lostPush
            case 2:
                world.channel.tamper(remote, unit, value)
                kind = .manualEdit
            default:
                world.channel.editUntold(remote, unit, value)
                kind = .missedChange
            }
            planted.insert(Planted(listing: product.description, unit: unit, kind: kind))
        }
        return planted
    }

    @Test(arguments: DriftWorld.Face.allCases, seeds)
    func `whatever drifts is found, named and put right in one round`(face: DriftWorld.Face, seed: UInt64) async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: seed, face: face)
            #expect(try world.differences() == [])
            #expect(try world.reconcile().foundCount == 0, "nothing has drifted yet")
            let planted = plant(in: world)

            let figures = try world.reconcile()
            let found = Set(try world.drift().compactMap { row in row.unit.map { Planted(listing: row.listing, unit: $0, kind: row.kind) } })
            #expect(found == planted)
            #expect(figures.foundCount == planted.count)
            #expect(try world.drift(open: true).isEmpty)
            #expect(try world.differences() == [])
            if face != .listing {
                let listings = Set(planted.map(\.listing)).count
                #expect(figures.transferred == listings, "only what differs comes across")
                #expect(figures.mismatches <= 1 + listings * 4, "descends \(listings) times the depth at most")
            }
            let again = try world.reconcile()
            #expect(again.foundCount == 0)
            try world.finish()
        }
    }

    @Test(arguments: DriftWorld.Face.allCases)
    func `a dry run says the same and changes nothing`(face: DriftWorld.Face) async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: 9, face: face)
            let planted = plant(in: world)
            let before = try world.differences()
            let figures = try world.reconcile(RoundOrder(isDryRun: true))
            #expect(figures.foundCount == planted.count)
            #expect(try world.differences() == before)
            #expect(try world.drift().isEmpty)
            #expect(try world.reconcile().foundCount == planted.count)
            try world.finish()
        }
    }

    @Test func `a normal form that was acknowledged and lost is sent again once, not compared for ever`() async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: 6, face: .clocks)
            let remote = world.remote(world.products[3])
            world.channel.habits.forgets = 1_000
            world.channel.edit(remote, DriftWorld.brand, ["name": " 合一 "])
            world.rest(.seconds(700))
            world.channel.habits.forgets = 0
            #expect(world.channel.value(remote, DriftWorld.brand) == ["name": " 合一 "])

            let figures = try world.reconcile()
            #expect(figures.found == [.lostPush: 1])
            #expect(world.channel.value(remote, DriftWorld.brand) == ["name": "合一"])
            let again = try world.reconcile()
            #expect(again.foundCount == 0 && again.transferred == 0)
            try world.finish()
        }
    }

    @Test(arguments: DriftWorld.Face.allCases)
    func `a listing that is gone is asked about, or pushed again where removals count for nothing`(
        face: DriftWorld.Face
    ) async throws {
        try await onOwnThread {
            let asking = try DriftWorld(seed: 4, face: face)
            asking.wipe(asking.products[7])
            #expect(try asking.reconcile().remedies == [.asked: 1])
            #expect(try asking.openConflicts() == 1)
            #expect(try asking.drift(open: true).map(\.kind) == [.manualEdit])
            try asking.finish()

            let pushing = try DriftWorld(seed: 4, face: face, deletes: .ignore)
            pushing.wipe(pushing.products[7])
            #expect(try pushing.reconcile().remedies == [.pushed: 1])
            #expect(try pushing.openConflicts() == 0)
            #expect(try pushing.differences() == [])
            try pushing.finish()
        }
    }

    @Test(arguments: DriftWorld.Face.allCases)
    func `a listing that is gone again while a person is asked about it is sent again`(face: DriftWorld.Face) async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: 4, face: face)
            world.wipe(world.products[7])
            #expect(try world.reconcile().remedies == [.asked: 1])
            // That it lives is said again at once; the next comparison brings the rest.
            world.rest(.seconds(60))
            _ = try world.reconcile()
            world.rest(.seconds(60))
            #expect(try world.differences() == [])

            world.wipe(world.products[7])
            #expect(try world.reconcile().remedies == [.pushed: 1])
            world.rest(.seconds(60))
            #expect(try world.differences() == [])
            #expect(try world.openConflicts() == 1)
            try world.finish()
        }
    }

    @Test(arguments: DriftWorld.Face.allCases)
    func `an emptied shop is not believed, and a person is asked`(face: DriftWorld.Face) async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: 5, face: face)
            for product in world.products.prefix(40) { world.wipe(product) }
            let figures = try world.reconcile()
            #expect(figures.disbelieved != nil)
            #expect(try world.record().state == .halted)
            #expect(try world.openConflicts() == 0)
            #expect(try world.drift().isEmpty)
            try world.finish()
        }
    }

    @Test(arguments: DriftWorld.Face.allCases)
    func `a person who accepts the deletions is shown them, and then they are made and the channel goes on`(
        face: DriftWorld.Face
    ) async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: 5, face: face)
            let gone = world.products.prefix(40)
            for product in gone { world.wipe(product) }
            _ = try world.reconcile()
            #expect(try world.record().state == .halted)

            let most = AcceptedDeletions(by: "mei", most: 1_000)
            let dry = try world.reconcile(RoundOrder(isDryRun: true, accepted: most))
            #expect(dry.vanished == 40 && dry.disbelieved == nil)
            #expect(Set(dry.gone) == Set(gone.map(\.description)))
            #expect(try world.record().state == .halted)
            #expect(try world.drift().isEmpty)

            let fewer = try world.reconcile(RoundOrder(accepted: AcceptedDeletions(by: "mei", most: 39)))
            #expect(fewer.disbelieved?.contains("more than 39") == true)
            #expect(try world.record().state == .halted && world.drift().isEmpty, "one more than was agreed to, so none goes")

            let done = try world.reconcile(RoundOrder(accepted: AcceptedDeletions(by: "mei", most: 40)))
            #expect(done.remedies == [.taken: 40] && done.disbelieved == nil)
            #expect(try world.record().state == .active)
            #expect(try world.openConflicts() == 0)
            let rows = try world.drift()
            #expect(rows.count == 40 && rows.allSatisfy { $0.healedAt != nil && $0.reason.contains("mei") })
            #expect(try world.deleted() == Set(gone))
            #expect(try world.reconcile().foundCount == 0)
            try world.finish()
        }
    }

    @Test func `a write under somebody else's name is named so`() async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: 6, face: .clocks)
            world.channel.intrude(world.remote(world.products[3]), DriftWorld.brand, ["name": "Intruder"])
            _ = try world.reconcile()
            let rows = try world.drift(open: true)
            #expect(rows.map(\.kind) == [.foreignApplication])
            #expect(rows.map(\.remedy) == [.refused], "nobody here can know what that writer had seen")
            try world.finish()
        }
    }

    @Test func `what somebody created there unseen becomes one of ours`() async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: 8, face: .clocks)
            let found = RemoteRef(kind: .product, id: "found")
            world.channel.editUntold(found, DriftWorld.brand, ["name": "Found"])
            let figures = try world.reconcile()
            #expect(figures.found == [.missedChange: 1] && figures.remedies == [.taken: 1])
            #expect(try world.reconcile().foundCount == 0)
            try world.finish()
        }
    }
}
