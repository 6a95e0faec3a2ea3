import ChannelAdapters
import Commerce
import Foundation
import Logging
import Store
import SyncEngine
import TestKit
import Testing

@testable import SyncDaemon

/// Channels of the configuration and their secrets, as files on disk.
@Suite struct ChannelWiringTests {
    private struct Silent: HTTPTransport {
        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
            throw .unreachable(reason: "nobody is there")
        }
    }

    /// A store and a wiring whose secrets lie in a directory of their own.
    private final class World {
        let store: Store
        let wiring: ChannelWiring
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-wiring-\(UUID())").path

        init() throws {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let surroundings = Surroundings.still()
            store = try Store(.memory, surroundings: surroundings)
            let engine = Engine(store: store, surroundings: surroundings, events: EventHub()) { label in
                EngineExecutor(SerialQueueExecutor(label: label))
            }
            wiring = ChannelWiring(
                store: store, engine: engine, transport: Silent(), credentials: nil, configuration: Configuration(),
                logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        }

        deinit { do { try FileManager.default.removeItem(atPath: directory) } catch { print("left behind: \(directory)") } }

        func file(_ name: String) -> String { "\(directory)/\(name).secret" }

        func secret(_ name: String, _ text: String = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") throws {
            try text.write(toFile: file(name), atomically: false, encoding: .utf8)
            chmod(file(name), 0o600)
        }

        func configuration(_ names: String...) -> Configuration {
            var configuration = Configuration()
            for name in names {
                var channel = ChannelConfiguration(id: Samples.id(name), kind: .app)
                channel.secrets = [.file(file(name))]
                configuration.channels.append(channel)
            }
            return configuration
        }

        func channel(_ name: String) async throws -> ChannelRecord? {
            try await store.read { reading throws(StoreError) in try reading.channel(Samples.id(name)) }
        }

        func letsIn(_ name: String) async throws -> Bool { try await wiring.signatures(of: Samples.id(name)) != nil }
    }

    @Test(arguments: [nil, "whsec_%%%", "whsec_c2hvcnQ=", ""])
    func `at the start a channel without a usable secret is halted and says why, the others work`(text: String?) async throws {
        let world = try World()
        try world.secret("web")
        if let text { try world.secret("app", text) }
        try await world.wiring.apply(world.configuration("app", "web"))
        let halted = try #require(try await world.channel("app"))
        #expect(halted.state == .halted)
        #expect(halted.haltReason?.contains("secrets: file:\(world.file("app"))") == true, "\(halted.haltReason ?? "")")
        if let text, !text.isEmpty { #expect(halted.haltReason?.contains(text.dropFirst(6)) == false) }
        #expect(try await world.channel("web")?.state == .active)
        #expect(try await world.letsIn("web"))
        #expect(try await world.letsIn("app") == false)
    }

    @Test func `a reload that brings a channel without a usable secret is refused and changes nothing`() async throws {
        let world = try World()
        try world.secret("web")
        try await world.wiring.apply(world.configuration("web"))
        let held = try await world.channel("web")?.settings
        var next = world.configuration("web", "app")
        next.channels[0].secrets.append(.file("/nowhere/old.secret"))
        let problems = await #expect(throws: ConfigurationProblems.self) { try await world.wiring.check(next) }
        let words = problems?.problems.map(\.words) ?? []
        #expect(words.count == 2)
        #expect(words.contains { $0.hasPrefix("channel app: secrets: file:\(world.file("app")) cannot be opened") })
        #expect(words.contains { $0.hasPrefix("channel web: secrets: file:/nowhere/old.secret cannot be opened") })
        #expect(try await world.channel("app") == nil)
        #expect(try await world.channel("web")?.settings == held)
        // Put right, it is taken.
        try world.secret("app")
        next.channels[0].secrets.removeLast()
        try await world.wiring.check(next)
        try await world.wiring.apply(next)
        #expect(try await world.letsIn("app"))
    }

    @Test func `a channel that a command adds names the file that is at fault`() async throws {
        let world = try World()
        try world.secret("web", "whsec_%%%")
        func refused(_ files: [String]) async -> String {
            let order = ChannelOrder(id: Samples.id("web"), kind: .web, wire: .delta, endpoint: nil, secretFiles: files)
            guard case .invalid(field: "secret_files", let reason) = await refusal({ try await world.wiring.check(order.settings) })
            else { return "taken" }
            return reason
        }
        #expect(await refused([world.file("web")]) == "file:\(world.file("web")): the part after whsec_ is not base64")
        #expect(await refused(["/nowhere/a"]).hasPrefix("file:/nowhere/a cannot be opened"))
        #expect(await refused([]).hasPrefix("name at least one file"))
    }

    @Test func `a plain channel's secret is any visible text`() async throws {
        let world = try World()
        try world.secret("till", "a-bearer-token")
        var configuration = world.configuration("till")
        configuration.channels[0].dialect = .plain
        configuration.channels[0].endpoint = "https://till.example"
        try await world.wiring.check(configuration)
        try world.secret("till", "two words")
        let problems = await #expect(throws: ConfigurationProblems.self) { try await world.wiring.check(configuration) }
        #expect(problems?.description.contains("visible ASCII") == true)
    }
}
