import ChannelAdapters
import Commerce
import Simulation
import Store
import SyncEngine
import TestKit
import Testing

/// Comparing with a channel that can only be listed page by page.
@Suite struct DriftListingTests {
    @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
    func `a listing that shifts while it is paged removes nothing that is there`(seed: UInt64) async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: seed, face: .listing)
            let channel = world.channel
            let doomed = Guarded(Array(world.products.prefix(12)))
            let remotes = world.products.prefix(12).map { world.remote($0) }
            // After each page a listing before it goes, so the next page begins one too late.
            let figures = try world.reconcile { _ in
                let product: EntityRef? = doomed.update { $0.isEmpty ? nil : $0.removeFirst() }
                guard let product, let remote = remotes.first(where: { $0.id == product.id.text }) else { return }
                for unit in [DriftWorld.life, DriftWorld.brand, DriftWorld.text] { channel.tamper(remote, unit, nil) }
            }
            let removed = 12 - doomed.value.count
            #expect(removed > 3)
            #expect(figures.disbelieved == nil)
            #expect(try world.openConflicts() <= removed)
            let asked = Set(try world.drift().filter { $0.remedy == .asked }.map(\.listing))
            #expect(asked.isSubset(of: Set(world.products.prefix(removed).map(\.description))))
            try world.finish()
        }
    }

    @Test func `a round that a restart broke goes on where it was`() async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: 21, face: .listing)
            let channel = world.channel
            channel.tamper(world.remote(world.products[119]), DriftWorld.brand, ["name": "Odd"])
            let pages = Guarded(0)
            #expect(throws: (any Error).self) {
                _ = try world.reconcile { _ in
                    let seen = pages.update { count -> Int in
                        count += 1
                        return count
                    }
                    if seen == 5 { channel.dark = true }
                }
            }
            channel.dark = false
            try world.restart()
            let more = Guarded(0)
            let figures = try world.reconcile { _ in more.update { $0 += 1 } }
            let all = try world.reconcile().requests
            #expect(more.value < all, "it does not begin again")
            #expect(figures.listings >= 120, "what was seen before counts")
            #expect(figures.vanished == 0)
            #expect(try world.drift().map(\.kind) == [.manualEdit])
            #expect(try world.differences() == [])
            try world.finish()
        }
    }

    @Test func `rounds come by themselves and keep to their share`() async throws {
        try await onOwnThread {
            let world = try DriftWorld(seed: 22, face: .listing)
            var flow = world.flow
            flow.reconcileEvery = .seconds(3_600)
            flow.reconcileShare = 0.01
            let chosen = flow
            let engine = world.engine
            try world.executor.perform { await engine.take(chosen) }
            world.channel.tamper(world.remote(world.products[5]), DriftWorld.brand, ["name": "Odd"])
            world.rest(.seconds(2 * 3_600))
            #expect(try world.differences() == [])
            #expect(try world.drift(open: true).isEmpty)
            #expect(try world.drift().count == 1)
            try world.finish()
        }
    }
}
