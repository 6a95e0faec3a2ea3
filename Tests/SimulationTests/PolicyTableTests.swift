import ChannelAdapters
import Commerce
import ConflictResolution
import Simulation
import Store
import SyncEngine
import TestKit
import Testing

/// Every unit of the catalog through the whole engine: hub and two channels edit it at
/// once, in every order, heard in either order, and a person answers what was asked.
@Suite struct PolicyTableTests {
    private static let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]

    struct End: Equatable, Sendable {
        var live: JSON?
        /// Values that did not become live, with their authors, while they waited for a person.
        var rivals: [String] = []
        var asked: Bool
        var differences: [String] = []
        var afterAnswer: [String] = []
    }

    @Test(arguments: UnitCatalog.all.indices)
    func `every end holds the same in the end, whoever is heard first`(place: Int) async throws {
        let definition = UnitCatalog.all[place]
        let ends = try await onOwnThread {
            try PolicyTableTests.orders.map { order in
                try [[0, 1], [1, 0]].map { try PolicyTableTests.play(definition, edits: order, heard: $0) }
            }
        }
        for pair in ends {
            #expect(pair[0] == pair[1], "\(definition.kind) \(definition.pattern)")
            for end in pair {
                #expect(end.differences.isEmpty && end.afterAnswer.isEmpty, "\(definition.kind) \(definition.pattern)")
                #expect(end.live != nil)
                if end.asked { #expect(!end.rivals.isEmpty) }
            }
        }
        switch definition.policy {
        case .hubAuthoritative, .askPerson: #expect(ends.allSatisfy { $0.allSatisfy(\.asked) })
        case .singleOwner, .lastWriter, .addWinsSet, .highest, .lowest, .mostRestrictive:
            #expect(ends.allSatisfy { $0.allSatisfy { !$0.asked } })
        case .disjointText: break
        }
    }

    /// - Parameters:
    ///   - edits: who edits first: 0 the hub, 1 and 2 the channels.
    ///   - heard: which channel is heard first.
    private static func play(_ definition: UnitDefinition, edits: [Int], heard: [Int]) throws -> End {
        let executor = SeededExecutor(seed: 3)
        let surroundings = Surroundings(time: executor, random: SeededRandom(seed: 4), ids: CountingIDs(prefix: "t"))
        let store = try Store(.memory, surroundings: surroundings)
        let engine = Engine(
            store: store, surroundings: surroundings, events: EventHub(),
            makeExecutor: { _ in EngineExecutor(executor, preference: executor) })
        let task = Task(executorPreference: executor) { await engine.run() }
        let channels = ["web", "app"].map { name in
            SimulatedChannel(
                id: ChannelID(name)!, keepsClocks: true, time: executor, random: SeededRandom(seed: 5))
        }
        for channel in channels { channel.tellsTime = true }
        let entity = EntityRef(definition.kind, EntityID("e1")!)
        let unit = UnitRef(entity, try #require(UnitSamples.name(of: definition)))
        let remote = RemoteRef(kind: entity.kind, id: entity.id.text)
        let values = try UnitSamples.values(of: definition).map { try definition.validate($0) }
        func write(_ value: JSON, reason: String? = nil) throws {
            try executor.perform {
                _ = try await store.write { writing throws(StoreError) in
                    try writing.create(entity)
                    return try writing.apply(
                        UnitWrite(unit, value, author: "operator", origin: reason == nil ? .api : .resolution, reason: reason))
                }
            }
        }
        func settle() { _ = executor.pump(limit: .seconds(60), until: { false }) }
        func differences(_ live: JSON?) -> [String] {
            channels.filter { $0.value(remote, unit.unit) != live }.map { channel in
                "\(channel.id): \(channel.value(remote, unit.unit)?.text ?? "-"), master \(live?.text ?? "-")"
            }
        }
        func live() throws -> JSON? {
            try executor.perform { try await store.read { reading throws(StoreError) in try reading.live(unit) } }
        }

        try write(values[0])
        try executor.perform {
            for channel in channels {
                var settings = ChannelSettings()
                settings.pullEvery = .seconds(8)
                let json = settings.json
                try await store.write { writing throws(StoreError) in _ = try writing.putChannel(channel.id, settings: json) }
                await engine.attach(channel.id, adapter: channel, settings: settings)
            }
        }
        settle()
        for channel in channels { channel.dark = true }
        for author in edits {
            switch author {
            case 0: try write(values[1])
            default: channels[author - 1].edit(remote, unit.unit, values[author + 1])
            }
            _ = executor.pump(limit: .seconds(2), until: { false })
        }
        // Longer than a breaker stays open after the time its channel was away.
        for (index, patience) in zip(heard, [90, 600]) {
            channels[index].dark = false
            _ = executor.pump(limit: .seconds(patience), until: { false })
        }
        var end = End(live: try live(), asked: false)
        let held = try executor.perform {
            try await store.read { reading throws(StoreError) in
                (versions: try reading.view(unit)?.versions ?? [], conflict: try reading.conflict(of: unit))
            }
        }
        end.asked = held.conflict != nil
        end.rivals = try held.versions.filter { try $0.valueJSON() != end.live }
            .map { try "\($0.author) \($0.valueJSON()?.text ?? "-")" }.sorted()
        end.differences = differences(end.live)
        if end.asked {
            try write(values[3], reason: "asked")
            settle()
            end.afterAnswer = differences(values[3])
            let open = try executor.perform {
                try await store.read { reading throws(StoreError) in try reading.openConflictCount() }
            }
            if open > 0 { end.afterAnswer.append("still asked") }
        }
        task.cancel()
        try executor.perform { await task.value }
        return end
    }
}
