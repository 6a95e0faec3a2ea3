import ChannelAdapters
import ChannelSimulators
import Commerce
import Store
import SyncEngine

/// Compares the master with what the shops really hold, unit by unit.
struct DemoCheck: Sendable {
    let plant: Plant
    let shops: [DemoShop]

    struct Verdict: Sendable {
        var units = 0
        var differences: [String] = []
        var doubled: [String] = []
        var conflictsOpen = 0
    }

    func verdict() async throws -> Verdict {
        var verdict = Verdict()
        let master = try await plant.store.read { reading throws(StoreError) in
            var live: [(remotes: [ChannelID: RemoteRef], unit: UnitRef, value: JSON)] = []
            let channels = try reading.channels()
            var number: Int64 = 0
            while true {
                let page = try reading.entities(after: number, limit: 500)
                guard let last = page.last else { break }
                number = last.number
                for (_, entity) in page {
                    var remotes: [ChannelID: RemoteRef] = [:]
                    for channel in channels { remotes[channel.id] = try reading.remoteName(entity, of: channel) }
                    for head in try reading.heads(entity) {
                        if let value = try head.liveJSON() { live.append((remotes, head.unit, value)) }
                    }
                }
            }
            return (live: live, conflicts: try reading.openConflictCount())
        }
        verdict.units = master.live.count
        verdict.conflictsOpen = master.conflicts
        for shop in shops {
            let dials = await shop.shop.dials
            let settings = ChannelSettings()
            for (remotes, unit, value) in master.live
            where settings.wants(unit.unit, channel: shop.id, offered: nil) {
                guard let remote = remotes[shop.id] else { continue }
                let expected = dials.stored(value, unit: unit.unit)
                let held = await shop.shop.value(remote, unit.unit)
                if held != expected { verdict.differences.append("\(unit) at \(shop.id)") }
            }
            for operation in await shop.shop.doubledEffects { verdict.doubled.append("\(shop.id): \(operation)") }
        }
        return verdict
    }
}
