import ChannelAdapters
import Commerce
import ConflictResolution
import HummingbirdCore
import Logging
import NIOCore
import Store
import SyncEngine
import Synchronization
import TestKit

@testable import SyncDaemon

/// The desks on a store in memory, with an engine that stands still.
struct DeskWorld: Sendable {
    let store: Store
    let engine: Engine
    let links = Links()
    let journal: EventJournal
    let metrics = Metrics()
    let operators: StoreOperatorDesk
    let catalog: StoreCatalogDesk

    static let boss = Principal(identity: .host(user: 1000, process: 7), scope: .admin)
    static let web = Samples.id("web")
    static let app = Samples.id("app")
    static let tea = Samples.reference("product/tea")
    static let text = UnitRef(tea, Samples.unit("text.en"))

    init(mappings: String = "/nowhere", cellBytesMax: Int = 1 << 20, time: ManualTime = ManualTime()) throws {
        let surroundings = Surroundings.still(time: time)
        store = try Store(.memory, surroundings: surroundings)
        engine = Engine(store: store, surroundings: surroundings, events: EventHub()) { label in
            EngineExecutor(SerialQueueExecutor(label: label))
        }
        journal = EventJournal(
            time: surroundings.time, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
            metrics: metrics, news: NewsSignal())
        operators = StoreOperatorDesk(
            store: store, engine: engine, channels: links,
            status: StoreStatusSource(store: store, engine: engine, journal: journal, version: "1"))
        catalog = StoreCatalogDesk(store: store, engine: engine, mappingsDirectory: mappings, cellBytesMax: cellBytesMax)
    }

    /// Notes which channels are connected.
    final class Links: DeskChannels {
        private let names = Mutex<(connected: [ChannelID], broken: Bool)>(([], false))
        var connected: [ChannelID] { names.withLock { $0.connected } }

        func breakDown() { names.withLock { $0.broken = true } }

        func attach(_ record: ChannelRecord) async throws(DeskError) {
            guard !names.withLock({ $0.broken }) else { throw .failed("its secret cannot be read") }
            names.withLock { names in names.connected.removeAll { $0 == record.id } }
            names.withLock { $0.connected.append(record.id) }
        }

        func check(_ settings: JSON) async throws(DeskError) {
            guard !names.withLock({ $0.broken }) else { throw .failed("its secret cannot be read") }
        }

        func detach(_ id: ChannelID) async { names.withLock { names in names.connected.removeAll { $0 == id } } }
    }

    @discardableResult
    func add(_ id: ChannelID) async throws -> ChannelStatus {
        try await operators.addChannel(
            ChannelOrder(id: id, kind: .web, wire: .delta, endpoint: "https://shop.example", secretFiles: ["/s"]),
            by: DeskWorld.boss)
    }

    @discardableResult
    func makeTea(_ title: String = "Longjing") async throws -> EntityReport {
        try await catalog.create(
            DeskWorld.tea, units: [(DeskWorld.text.unit, ["title": .string(title)])], by: DeskWorld.boss)
    }

    /// A channel writes the tea's text as somebody who had seen change `seen`, or what is there now.
    func edit(_ channel: ChannelID, _ title: String, seeing seen: VectorClock? = nil) async throws {
        try await store.write { writing throws(StoreError) in
            let record = try writing.reading.requireChannel(channel)
            let known = try writing.reading.view(DeskWorld.text)?.clock ?? VectorClock()
            _ = try writing.apply(
                UnitWrite(
                    DeskWorld.text, ["title": .string(title)],
                    causality: .observed(record.actor.actor, seen: seen ?? known), author: "channel:\(channel)",
                    origin: .channel))
        }
    }

    /// Hub and web shop both give the tea a title without having seen the other's.
    func quarrel() async throws -> ConflictReport {
        try await add(DeskWorld.web)
        try await makeTea()
        let seen = try await store.read { reading throws(StoreError) in
            try reading.view(DeskWorld.text)?.clock ?? VectorClock()
        }
        _ = try await catalog.edit(DeskWorld.text, value: ["title": "Dragon Well"], expecting: nil, by: DeskWorld.boss)
        try await edit(DeskWorld.web, "West Lake", seeing: seen)
        let open = try await operators.conflicts(.open, PageRequest(limit: 10, after: nil))
        guard let conflict = open.rows.first else { throw DeskError.failed("no conflict") }
        return conflict
    }

    func dead(_ channel: ChannelID, sequence: Int64) async throws {
        try await store.write { writing throws(StoreError) in
            try writing.except(
                try writing.reading.requireChannel(channel), DeskWorld.text, state: .dead, sequence: sequence,
                operation: "op", attempts: 9, dueAt: writing.now, field: "title", error: "too long")
        }
    }

    func versions() async throws -> Int {
        try await store.read { reading throws(StoreError) in try reading.view(DeskWorld.text)?.versions.count ?? 0 }
    }

    func audited() async throws -> [String] {
        try await store.read { reading throws(StoreError) in
            try reading.auditEntries(limit: 100).reversed().map { "\($0.principal) \($0.action) \($0.subject)" }
        }
    }

    func bring(
        _ text: String, _ format: SyncDaemon.CatalogFormat = .shopify, dryRun: Bool = false, mapping: String? = nil,
        words: FileWords = FileWords()
    ) async throws -> [ImportLine] {
        let order = ImportOrder(format: format, dryRun: dryRun, mapping: mapping, resume: "spring", words: words)
        return try await bring(order, RequestBody(buffer: ByteBuffer(string: text)))
    }

    /// A Shopify file that comes in pieces and ends as given.
    func bring(pieces: [String], ending: (any Error)?) async throws -> [ImportLine] {
        let (stream, end) = AsyncThrowingStream.makeStream(of: ByteBuffer.self)
        for piece in pieces { end.yield(ByteBuffer(string: piece)) }
        end.finish(throwing: ending)
        let order = ImportOrder(format: .shopify, dryRun: false, mapping: nil, resume: "spring")
        return try await bring(order, RequestBody(asyncSequence: stream))
    }

    private func bring(_ order: ImportOrder, _ body: RequestBody) async throws -> [ImportLine] {
        let lines = Mutex<[ImportLine]>([])
        try await catalog.importCatalog(
            order, from: UploadedFile(body, bytesMax: 1 << 20, time: store.surroundings.time, patience: .seconds(30)), by: DeskWorld.boss
        ) { line in lines.withLock { $0.append(line) } }
        return lines.withLock { $0 }
    }
}

/// What a desk refused with, for tests that want to see it refuse.
func refusal(_ work: () async throws -> Void) async -> DeskError? {
    do {
        try await work()
        return nil
    } catch { return error as? DeskError }
}
