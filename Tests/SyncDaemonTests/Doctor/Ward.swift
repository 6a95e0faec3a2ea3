import ChannelAdapters
import Commerce
import ConflictResolution
import Foundation
import GRDB
import Logging
import Simulation
import SyncEngine
import TestKit

@testable import Store
@testable import SyncDaemon

/// A healthy installation on disk with one channel, to plant faults in.
final class Ward {
    let path: String
    let time = ManualTime()
    let shop: ScriptedShop
    let store: Store
    let status: StoreStatusSource
    private(set) var desk: StoreDoctorDesk

    static let web = Samples.id("web")
    static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    init() async throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-ward-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        shop = ScriptedShop(time)
        let source = ConfigurationSource(path: "\(path)/heyi.yaml", environment: [:], options: [])
        try Ward.write(Ward.secret, to: "\(path)/web.secret", mode: 0o600)
        try Ward.write(Ward.file(path), to: "\(path)/heyi.yaml", mode: 0o640)
        let configuration = try Configuration.load(source)
        let surroundings = Surroundings(time: time, random: SeededRandom(seed: 1), ids: CountingIDs())
        store = try Store(.directory(configuration.store.directory), surroundings: surroundings)
        let engine = Engine(store: store, surroundings: surroundings, events: EventHub()) { label in
            EngineExecutor(SerialQueueExecutor(label: label))
        }
        let silent = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        status = StoreStatusSource(
            store: store, engine: engine,
            journal: EventJournal(time: time, logger: silent, metrics: Metrics(), news: NewsSignal()), version: "1")
        desk = StoreDoctorDesk(
            store: store, engine: engine, status: status, doors: DoorJournal(), ports: Guarded([:]), source: source,
            began: configuration, inForce: Guarded(configuration), credentials: nil)
        let shop = self.shop
        desk.transport = { shop }
        desk.host = Ward.strongHost
        let settings = configuration.channels[0].settings(configuration)
        try await store.write { writing throws(StoreError) in try writing.putChannel(Ward.web, settings: settings) }
        try await write("Longjing")
        try await settle()
        try await backUp()
    }

    deinit { do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") } }

    var directory: String { "\(path)/store" }

    static func file(_ path: String, extra: String = "") -> String {
        """
        store:
          directory: \(path)/store
        listen:
          socket: \(path)/heyi.sock
        \(extra)
        channels:
          - id: web
            kind: web
            endpoint: https://shop.example/sync
            secrets: [file:\(path)/web.secret]
        """
    }

    static func write(_ text: String, to path: String, mode: mode_t) throws {
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, mode)
    }

    /// A machine that lacks nothing, whatever the one that runs the tests lacks.
    static var strongHost: HostView {
        var host = HostView()
        host.disk = { _ in HostView.Disk(freeBytes: 1 << 40, bytes: 1 << 41, freeNodes: 1 << 20, nodes: 1 << 21) }
        host.descriptors = { HostView.Descriptors(open: 40, max: 65_536) }
        host.memory = { HostView.Memory(residentBytes: 64 << 20, limitBytes: 1 << 30, availableBytes: 8 << 30) }
        host.syncTimes = { _ in [.milliseconds(1), .milliseconds(2), .milliseconds(3)] }
        // A build that goes on beside the tests may exchange theirs.
        host.program = { "/usr/local/bin/heyi" }
        return host
    }

    // MARK: Life

    private func write(_ title: String) async throws {
        try await store.write { writing throws(StoreError) in
            try writing.create(DeskWorld.tea)
            _ = try writing.apply(UnitWrite(DeskWorld.text, ["title": .string(title)], author: "test", origin: .api))
        }
    }

    func change(_ title: String) async throws { try await write(title) }

    /// The channel has got everything, and shows it.
    func settle() async throws {
        let live = try await store.write { writing throws(StoreError) in
            let record = try writing.reading.requireChannel(Ward.web)
            try writing.advance(record, to: try writing.reading.newestSequence())
            return try writing.reading.live(DeskWorld.text)
        }
        shop.change { $0.held = ["product/tea:text.en": live ?? .null] }
    }

    func backUp() async throws {
        let report = try await store.backup(to: "\(path)/backup.sqlite", replace: true)
        try await store.write { writing throws(StoreError) in
            try writing.audit(
                principal: "uid=0", action: "backup", subject: "store",
                detail: "\(report.path), \(report.bytes) bytes, up to change \(report.sequence)")
        }
    }

    /// The channel has just been compared as a whole.
    func compare() async throws {
        try await record { writing, channel throws(StoreError) in
            _ = try writing.beginRound(channel)
            try writing.endRound(channel, figures: [:])
        }
    }

    func record(_ body: @escaping @Sendable (Writing, ChannelRecord) throws(StoreError) -> Void) async throws {
        try await store.write { writing throws(StoreError) in try body(writing, try writing.reading.requireChannel(Ward.web)) }
    }

    /// A parcel left and nothing has happened to it since.
    func stallParcel() async throws {
        let settings = try await store.read { reading throws(StoreError) in try reading.requireChannel(Ward.web).settings }
        let world = try await TradeWorld(store, time: time)
        try await store.write { writing throws(StoreError) in try writing.putChannel(Ward.web, settings: settings) }
        try await world.place(world.order("o1", [(1, 1, 100)]))
        try await world.pay("o1", 100)
        try await world.ship("p1", "o1", [(1, 1)])
        try await settle()
        try sql("UPDATE parcel SET stalled_at = 1, look_at = \(time.now().milliseconds + 3_600_000)")
    }

    func sql(_ text: String) throws {
        try store.connection.writeWithoutTransaction { db in try db.execute(sql: text) }
    }

    // MARK: Examination

    func host(_ body: (inout HostView) -> Void) { body(&desk.host) }

    func refuse() { for _ in 0..<3 { desk.doors.refuse(Ward.web, at: time.now()) } }

    func findings(_ body: @escaping @Sendable (inout Patient) -> Void = { _ in }) async -> [Diagnosis] {
        await desk.onPatient(offline: false) { patient in
            var patient = patient
            body(&patient)
            return await Doctor(HealthCheck.all).findings(patient)
        }
    }

    /// The same installation with its daemon stopped.
    func stopped(_ host: HostView = Ward.strongHost) async -> [Diagnosis] {
        await store.close()
        return await examined(directory: nil, host)
    }

    func examined(directory: String?, _ host: HostView = Ward.strongHost) async -> [Diagnosis] {
        let options = directory.map { ["store.directory=\($0)"] } ?? []
        let source = ConfigurationSource(path: "\(path)/heyi.yaml", environment: [:], options: options)
        let patient = await Patient.stopped(
            source, offline: false, transport: shop, surroundings: store.surroundings, host: host)
        return await Doctor(HealthCheck.all).findings(patient)
    }
}

extension [Diagnosis] {
    /// What is not as it should be, by number.
    var amiss: [String] { filter { $0.grade != .ok }.map(\.check.id) }

    subscript(id: String) -> Diagnosis? { first { $0.check.id == id } }

    /// For the message of a test that fails.
    var words: String { filter { $0.grade != .ok }.map { "\($0.json)" }.joined(separator: "\n") }
}
