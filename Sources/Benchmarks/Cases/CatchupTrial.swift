import ChannelAdapters
import Commerce
import Foundation
import Simulation
import Store
import SyncEngine

/// A channel that was dark for 24 simulated hours while few units changed often: what is sent once it is back.
///
/// Virtual time and a store in memory; the figure is a count, not a speed.
struct CatchupTrial: LongTrial {
    let name = "catchup"
    let unit = "units sent"
    let bars: [Bar]
    private let units: Int
    private let changes: Int

    init(_ place: Workplace) {
        units = place.amount(1_000, 50_000)
        changes = place.amount(20_000, 1_000_000)
        bars = [.valueBelow(Double(units + 1))]
    }

    func measure(round: Int) async throws -> Sample {
        let (units, changes) = (self.units, self.changes)
        // The executor is pumped and never yields: not on a thread other tasks wait for.
        return Sample(Double(try await onOwnThread { try CatchupTrial.run(units: units, changes: changes) }))
    }

    private static func run(units: Int, changes: Int) throws -> Int {
        let executor = SeededExecutor(seed: 1)
        let surroundings = Surroundings(time: executor, random: SeededRandom(seed: 2), ids: CountingIDs(prefix: "w"))
        let store = try Store(.memory, surroundings: surroundings)
        let engine = Engine(store: store, surroundings: surroundings, events: EventHub()) { _ in
            EngineExecutor(executor, preference: executor)
        }
        let run = Task(executorPreference: executor) { await engine.run() }
        let channel = CountingChannel()
        let id = Goods.channel("web")
        try executor.perform {
            try await Goods.fill(store, products: units)
            var settings = ChannelSettings()
            settings.pull = false
            let json = settings.json
            try await store.write { writing throws(StoreError) in _ = try writing.putChannel(id, settings: json) }
            await engine.attach(id, adapter: channel, settings: settings)
        }
        try caughtUp(executor, store, id)
        let before = channel.units
        channel.darken(true)
        let steps = 24 * 60
        for step in 0..<steps {
            let numbers = (step * changes / steps)..<((step + 1) * changes / steps)
            try executor.perform {
                try await store.write { writing throws(StoreError) in
                    for number in numbers {
                        let unit = UnitRef(Goods.product(number % units), Goods.text)
                        _ = try writing.apply(UnitWrite(unit, Goods.value(number * 10 + 1), author: "bench", origin: .api))
                    }
                }
            }
            _ = executor.pump(limit: .seconds(60), until: { false })
        }
        channel.darken(false)
        try caughtUp(executor, store, id)
        let sent = channel.units - before
        run.cancel()
        try executor.perform { await run.value }
        try require(sent >= units, "only \(sent) of \(units) units were sent")
        return sent
    }

    private static func caughtUp(_ executor: SeededExecutor, _ store: Store, _ id: ChannelID) throws {
        for _ in 0..<100_000 {
            let behind = try executor.perform {
                try await store.read { reading throws(StoreError) in
                    let channel = try reading.requireChannel(id)
                    return try reading.newestSequence() - reading.cursor(channel, .push).position
                }
            }
            if behind == 0 { return }
            _ = executor.pump(limit: .seconds(60), until: { false })
        }
        throw MeasuringFailed(description: "the channel did not catch up")
    }
}
