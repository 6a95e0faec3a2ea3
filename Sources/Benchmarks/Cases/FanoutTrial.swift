import ChannelAdapters
import Commerce
import Foundation
import Store
import SyncEngine
import Synchronization

/// Changed units that wait in the feed, to being confirmed by every one of several channels.
///
/// The channels are counters in this process: what is measured is planning, sending and
/// settling, without a network and without anybody else's work.
struct FanoutTrial: Trial {
    let name: String
    let unit = "units/s"
    let channels: Int
    let bars: [Bar]
    private let place: Workplace
    private let units: Int
    private var rig: Rig?
    private var publisher: PostgresCluster?
    private var subscriber: PostgresCluster?

    var reference: String? {
        channels == 1
            ? "PostgreSQL 15, logical replication of the same rows to one subscriber that keeps them"
            : "the same units to one channel: what all channels together get must not become less"
    }

    init(_ place: Workplace, channels: Int) {
        self.place = place
        self.channels = channels
        name = "fanout-\(channels)"
        units = place.amount(20_000, 100_000)
        bars = [.ratioAtLeast(channels == 1 ? 0.3 : 1)]
    }

    mutating func prepare() async throws {
        let made = try Rig(directory: try place.scratch.directory(name))
        rig = made
        try await Goods.fill(made.store, products: units)
        made.start()
        guard channels == 1 else { return }
        publisher = try PostgresCluster.make(in: place.scratch, "publisher", settings: ["wal_sender_timeout": "0"])
        subscriber = try PostgresCluster.make(in: place.scratch, "subscriber", settings: ["wal_receiver_timeout": "0", "wal_writer_delay": "10ms"])
        for cluster in [publisher, subscriber] {
            try cluster?.query("CREATE TABLE unit (num bigint PRIMARY KEY, name text, seq bigint, value text)")
        }
        try publisher?.query("CREATE PUBLICATION goods FOR TABLE unit")
        if let publisher {
            try subscriber?.query("CREATE SUBSCRIPTION goods CONNECTION '\(publisher.connection)' PUBLICATION goods WITH (copy_data = false)")
        }
    }

    /// Units confirmed a second, over all channels.
    func measure(round: Int) async throws -> Sample { try await spread(to: channels, "r\(round)c") }

    private func spread(to channels: Int, _ prefix: String) async throws -> Sample {
        guard let rig else { throw MeasuringFailed(description: "there is nothing to push") }
        let newest = try await rig.store.read { reading throws(StoreError) in try reading.newestSequence() }
        let (arrivals, tell) = AsyncStream.makeStream(of: ChannelID.self)
        rig.events.listen { event in
            guard case .pushed(let id, _, let through) = event, through >= newest, id.text.hasPrefix(prefix) else { return }
            tell.yield(id)
        }
        let added = (0..<channels).map { (Goods.channel("\(prefix)\($0)"), CountingChannel()) }
        let start = HostTime.nanoseconds
        for (id, channel) in added { try await rig.add(id, channel) }
        var waiting = Set(added.map(\.0))
        for await id in arrivals {
            waiting.remove(id)
            if waiting.isEmpty { break }
        }
        let seconds = Double(HostTime.nanoseconds - start) / 1e9
        let confirmed = added.reduce(0) { $0 + $1.1.units }
        for (id, _) in added { await rig.engine.detach(id) }
        try require(confirmed == units * channels, "\(confirmed) units were confirmed, \(units * channels) should be")
        return Sample(Double(confirmed) / seconds, memory: Machine.memory(of: getpid()))
    }

    func measureReference(round: Int) async throws -> Sample? {
        guard channels == 1 else { return try await spread(to: 1, "s\(round)c") }
        guard let publisher, let subscriber else { return nil }
        // The worker is connected and stands before a locked table: what is timed is rows that wait, as ours do.
        let lock = try subscriber.session("LOCK TABLE unit IN SHARE MODE")
        try await subscriber.wait(for: "SELECT 1 FROM pg_locks WHERE relation = 'unit'::regclass AND mode = 'ShareLock' AND granted")
        let value = Goods.value(1).text
        try publisher.query(
            """
            DO $$ BEGIN FOR batch IN 0..\(units / 200 - 1) LOOP
              INSERT INTO unit SELECT \(round * units) + batch * 200 + i, 'text.zh-CN', batch * 200 + i, '\(value)' FROM generate_series(1, 200) i;
              COMMIT; END LOOP; END $$
            """)
        let target = try publisher.query("SELECT pg_current_wal_flush_lsn()")
        try await subscriber.wait(for: "SELECT 1 FROM pg_locks WHERE relation = 'unit'::regclass AND NOT granted")
        let seconds = try await HostTime.seconds {
            try lock.end()
            try publisher.query(
                """
                DO $$ BEGIN LOOP
                  PERFORM pg_stat_clear_snapshot();
                  EXIT WHEN (SELECT count(*) > 0 AND bool_and(flush_lsn >= '\(target)') FROM pg_stat_replication);
                  PERFORM pg_sleep(0.002); END LOOP; END $$
                """)
        }
        let arrived = try subscriber.query("SELECT count(*) FROM unit")
        try require(arrived == "\((round + 1) * units)", "\(arrived) rows arrived, \((round + 1) * units) should have")
        return Sample(Double(units) / seconds)
    }

    mutating func finish() async {
        await rig?.stop()
        subscriber?.stop()
        publisher?.stop()
    }
}
