import ChannelAdapters
package import Commerce
import ConflictResolution
import Foundation
package import Store
package import SyncEngine

/// The production engine, real SQLite in memory, and channels with habits, in one
/// thread under one seed.
package final class World {
    package let seed: UInt64
    package let executor: SeededExecutor
    package let random: SeededRandom
    package let store: Store
    package let engine: Engine
    package let channels: [SimulatedChannel]
    package let units: [UnitRef]
    private var markers: Int64 = 0
    private let task: Task<Void, Never>
    package var hubWrites = 0

    package init(seed: UInt64) throws {
        self.seed = seed
        let executor = SeededExecutor(seed: seed)
        self.executor = executor
        random = SeededRandom(seed: seed ^ 0xABCD_EF01)
        let surroundings = Surroundings(
            time: executor, random: SeededRandom(seed: seed &+ 1), ids: CountingIDs(prefix: "w"))
        store = try Store(.memory, surroundings: surroundings)
        let events = EventHub()
        if ProcessInfo.processInfo.environment["HEYI_TRACE"] != nil {
            events.listen { event in print(executor.now().milliseconds % 100_000_000, event) }
        }
        engine = Engine(store: store, surroundings: surroundings, events: events, makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
        var units: [UnitRef] = []
        for index in 0..<3 {
            let product = EntityRef(.product, EntityID("p\(index)")!)
            let sku = EntityRef(.sku, EntityID("s\(index)")!)
            units += [
                UnitRef(product, UnitName("brand")!), UnitRef(product, UnitName("tags")!),
                UnitRef(product, UnitName("text.en")!), UnitRef(sku, UnitName("price.CNY")!),
            ]
        }
        units.append(UnitRef(EntityRef(.category, EntityID("c0")!), UnitName("place")!))
        self.units = units
        let lossy = Projection(rules: [
            ProjectionRule(family: "text", member: "title", effect: .truncate(characters: 12)),
            ProjectionRule(family: "tags", member: nil, effect: .sort),
        ])
        channels = [
            SimulatedChannel(
                id: ChannelID("web")!, keepsClocks: true, time: executor, random: SeededRandom(seed: seed &+ 2)),
            SimulatedChannel(
                id: ChannelID("app")!, keepsClocks: true, time: executor, random: SeededRandom(seed: seed &+ 3)),
            SimulatedChannel(
                id: ChannelID("plain")!, keepsClocks: false, projection: lossy, spelling: World.wordy, time: executor,
                random: SeededRandom(seed: seed &+ 4)),
        ]
        let engine = self.engine
        task = Task(executorPreference: executor) { await engine.run() }
        try prepare()
    }

    /// A backend that writes out what is absent.
    private static func wordy(_ value: JSON, _ unit: UnitName) -> JSON {
        guard unit.family == "place", var object = value.object, object["parent"] == nil else { return value }
        object["parent"] = .null
        return .object(object)
    }

    private func prepare() throws {
        let entities = Array(Set(units.map(\.entity))).sorted()
        let channels = self.channels
        let engine = self.engine
        try executor.perform { [store] in
            try await store.write { writing throws(StoreError) in
                for entity in entities { try writing.create(entity) }
                for channel in channels {
                    var settings = ChannelSettings()
                    settings.pullEvery = .seconds(3)
                    try writing.putChannel(channel.id, settings: settings.json)
                }
            }
            for channel in channels {
                var settings = ChannelSettings()
                settings.pullEvery = .seconds(3)
                await engine.attach(channel.id, adapter: channel, settings: settings)
            }
        }
    }

    /// Swarm: each seed picks which faults it has and how strong.
    package func chooseHabits() {
        for channel in channels {
            func pick(_ most: UInt64) -> Int { random.next() % 2 == 0 ? 0 : Int(random.next() % most) }
            channel.habits.refuses = pick(200)
            channel.habits.losesRequest = pick(150)
            channel.habits.losesAnswer = pick(250)
            channel.habits.fails = pick(100)
            channel.habits.throttles = pick(100)
            channel.habits.defersDelta = pick(100)
            channel.habits.repeats = pick(300)
            channel.habits.delayMax = Int64(pick(5_000))
            channel.habits.shufflesPulls = random.next() % 2 == 0
        }
    }

    package func heal() {
        for channel in channels {
            channel.habits = SimulatedChannel.Habits()
            channel.dark = false
        }
    }

    private func freshValue(_ unit: UnitRef, current: JSON?) -> JSON {
        markers += 1
        switch unit.unit.family {
        case "brand": return ["name": .string("brand \(markers)")]
        case "tags":
            var tags = current?.array ?? []
            if !tags.isEmpty, random.next() % 3 == 0 { tags.remove(at: Int(random.next() % UInt64(tags.count))) }
            if tags.count < 6 { tags.append(.string("t\(markers)")) }
            return .array(tags)
        case "price": return ["amount": .integer(1_000 + markers)]
        // Spelled out: the unit's normal form leaves an absent parent away.
        case "place": return ["parent": .null, "position": .integer(markers)]
        default:
            var object = current?.object ?? JSONObject()
            if object["title"] == nil || random.next() % 2 == 0 {
                object["title"] = .string("Title of the goods \(markers)")
            } else {
                object["brief"] = .string("Brief \(markers)")
            }
            return .object(object)
        }
    }

    /// One thing somebody does: the hub edits, a channel edits, a channel goes dark or comes back.
    package func act() throws {
        let unit = units[Int(random.next() % UInt64(units.count))]
        switch random.next() % 10 {
        case 0..<4:
            let store = self.store
            let current = try executor.perform {
                try await store.read { reading throws(StoreError) in try reading.live(unit) }
            }
            let value = freshValue(unit, current: current)
            try executor.perform {
                _ = try await store.write { writing throws(StoreError) in
                    try writing.apply(UnitWrite(unit, value, author: "operator", origin: .api))
                }
            }
            hubWrites += 1
        case 4..<9:
            let channel = channels[Int(random.next() % UInt64(channels.count))]
            let remote = RemoteRef(kind: unit.entity.kind, id: unit.entity.id.text)
            channel.edit(remote, unit.unit, freshValue(unit, current: channel.value(remote, unit.unit)))
        default:
            let channel = channels[Int(random.next() % UInt64(channels.count))]
            channel.dark.toggle()
        }
        _ = executor.pump(limit: .milliseconds(Int64(random.next() % 4_000)), until: { false })
    }

    /// What keeps a channel from being in step, empty when all are.
    package func differences() throws -> [String] {
        let units = self.units
        let store = self.store
        let live = try executor.perform {
            try await store.read { reading throws(StoreError) in
                var live: [UnitRef: JSON] = [:]
                for unit in units { live[unit] = try reading.live(unit) }
                return live
            }
        }
        var differences: [String] = []
        for channel in channels {
            for unit in units {
                let expected = live[unit].map { channel.shown($0, unit.unit) }
                let held = channel.value(RemoteRef(kind: unit.entity.kind, id: unit.entity.id.text), unit.unit)
                if expected != held {
                    differences.append(
                        "\(unit)@\(channel.id): master \(expected?.text ?? "-"), channel \(held?.text ?? "-")")
                }
            }
        }
        return differences
    }

    /// Edits that no later edit of the same people replaced and that the master never took up.
    package func lostEdits() throws -> [String] {
        let store = self.store
        let units = self.units
        let histories = try executor.perform {
            try await store.read { reading throws(StoreError) in
                var histories: [UnitRef: [String]] = [:]
                for unit in units {
                    histories[unit] = try reading.history(unit, limit: 10_000).map {
                        String(decoding: $0.value ?? [], as: UTF8.self)
                    }
                }
                return histories
            }
        }
        var lost: [String] = []
        for channel in channels where channel.keepsClocks {
            for (index, edit) in channel.edits.enumerated() {
                let later = channel.edits[(index + 1)...].contains { $0.unit == edit.unit && $0.entity == edit.entity }
                if later { continue }
                let unit = units.first { $0.unit == edit.unit && $0.entity.id.text == edit.entity.id }
                guard let unit, let written = edit.value else { continue }
                let value = try UnitCatalog.definition(unit.entity.kind, unit.unit).validate(written)
                if histories[unit]?.contains(value.text) != true { lost.append("\(unit)@\(channel.id): \(value.text)") }
            }
        }
        return lost
    }

    package func finish() {
        task.cancel()
        let task = self.task
        _ = try? executor.perform { await task.value }
    }
}
