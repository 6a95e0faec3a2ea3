import ChannelAdapters
import Commerce
import Foundation
import Logging
import Store
import SyncEngine
import TestKit
import Testing

@testable import SyncDaemon

/// Accounts of the configuration and their keys, as files on disk.
@Suite struct GatewayWiringTests {
    private struct Silent: HTTPTransport {
        func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse { throw .unreachable(reason: "nobody is there") }
    }

    private final class World {
        let store: Store
        let wiring: GatewayWiring
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-gateways-\(UUID())").path

        init() throws {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            store = try Store(.memory, surroundings: .still())
            wiring = GatewayWiring(
                store: store, transport: Silent(), credentials: nil, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        }

        deinit { do { try FileManager.default.removeItem(atPath: directory) } catch { print("left behind: \(directory)") } }

        func write(_ name: String, _ text: String) throws -> String {
            let path = "\(directory)/\(name)"
            try text.write(toFile: path, atomically: false, encoding: .utf8)
            chmod(path, 0o600)
            return path
        }

        func configuration(key: String) throws -> Configuration {
            try Configuration.parse(
                """
                listen:
                  public_url: https://shop.example
                gateways:
                  - id: track
                    kind: 17track
                    keys: [file:\(key)]
                """, path: "heyi.yaml")
        }
    }

    @Test func `an account is connected with its keys, and its callbacks have an address`() async throws {
        let world = try World()
        try await world.wiring.apply(try world.configuration(key: world.write("key", "SECRETKEY")))
        #expect(world.wiring.gateways.keys.map(\.text) == ["track"])
        #expect(world.wiring.accounts.first?.callbackURL == "https://shop.example/v1/gateways/track")
        let held = try await world.store.read { reading throws(StoreError) in try reading.gateways().map(\.gateway) }
        #expect(held == ["17track"])
    }

    @Test func `a key that cannot be read keeps the account at the one it had, and says so`() async throws {
        let world = try World()
        let key = try world.write("key", "SECRETKEY")
        try await world.wiring.apply(try world.configuration(key: key))
        try FileManager.default.removeItem(atPath: key)
        let next = try world.configuration(key: key)
        #expect(throws: ConfigurationProblems.self) { try world.wiring.check(next) }
        try await world.wiring.apply(next)
        #expect(world.wiring.gateways.count == 1)
        #expect(world.wiring.accounts.first?.fault?.contains("keys") == true)
    }

    @Test func `an account that is taken out is not there any more, and its name stays a gateway's`() async throws {
        let world = try World()
        try await world.wiring.apply(try world.configuration(key: world.write("key", "SECRETKEY")))
        try await world.wiring.apply(Configuration())
        #expect(world.wiring.gateways.isEmpty)
        await #expect(throws: StoreError.self) {
            try await world.store.write { writing throws(StoreError) in try writing.putChannel(ChannelID("track")!, settings: [:]) }
        }
    }

    @Test func `the configuration names what is wrong with an account, and repeats no secret`() throws {
        for (text, word) in [
            ("- id: a\n    kind: sometimes", "kind"), ("- kind: 17track", "id is missing"), ("- id: hand\n    kind: 17track", "always there"),
            ("- id: a\n    kind: 17track\n    keys: [SECRETKEY]", "the secret itself never stands here"),
            ("- id: a\n    kind: 17track\n    keys: [file:/k]\n    colour: red", "colour"),
        ] {
            do throws(ConfigurationProblems) {
                _ = try Configuration.parse("gateways:\n  \(text)\n", path: "heyi.yaml")
                Issue.record("\(text) was taken")
            } catch {
                let words = error.problems.map(\.words).joined(separator: "\n")
                #expect(words.contains(word), "\(words)")
                #expect(!words.contains("SECRETKEY"))
            }
        }
    }

    @Test func `a name is a channel's or a gateway's, never both`() {
        #expect(throws: ConfigurationProblems.self) {
            _ = try Configuration.parse(
                """
                channels:
                  - {id: web, kind: web, secrets: [file:/s]}
                gateways:
                  - {id: web, kind: 17track, keys: [file:/k]}
                """, path: "heyi.yaml")
        }
    }

    @Test func `how parcels are followed and bills are looked for comes from the configuration and is taken by a reload`() async throws {
        let world = try World()
        #expect(world.wiring.policies.parcels == .standard)
        var configuration = try Configuration.parse(
            "parcels: {ask_every: 2h, stalls_after: {in_transit: 1d, customs: 0s}}\nbills: {look_back_days: 30, first_look: 9h}", path: "heyi.yaml")
        try await world.wiring.apply(configuration)
        let policy = world.wiring.policies.parcels
        #expect(policy.askEvery == .seconds(7_200) && policy.stallsAfter[.inTransit] == .seconds(86_400) && policy.stallsAfter[.customs] == nil)
        #expect(policy.silence == TrackingPolicy.standard.silence && policy.stallsAfter[.returning] == TrackingPolicy.standard.stallsAfter[.returning])
        #expect(world.wiring.policies.bills.lookBackDays == 30 && world.wiring.policies.bills.firstLook == .seconds(32_400))
        configuration = Configuration()
        configuration.gateways = [GatewayConfiguration(id: ChannelID("track")!, kind: .seventeenTrack)]
        #expect(CheckConfigCommand.following(configuration).contains("asked after every 30m"))
    }

    @Test(arguments: [
        ("parcels: {ask_every: 1s}", "parcels.ask_every"), ("parcels: {stalls_after: {in_transit: soon}}", "parcels.stalls_after.in_transit"),
        ("parcels: {grace: 91d}", "must not be longer than parcels.longest"), ("parcels: {stalls_after: {delivered: 1d}}", "unknown key"),
        ("bills: {look_back_days: 0}", "bills.look_back_days"), ("bills: {patience: 0s}", "bills.patience"),
    ])
    func `a policy that cannot be is refused with its field and a reason`(text: String, words: String) {
        do throws(ConfigurationProblems) {
            _ = try Configuration.parse(text, path: "heyi.yaml")
            Issue.record("\(text) was taken")
        } catch { #expect(error.problems.contains { $0.description.contains(words) }, "\(error.problems)") }
    }
}
