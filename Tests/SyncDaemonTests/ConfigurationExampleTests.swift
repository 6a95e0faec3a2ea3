import ChannelAdapters
import Foundation
import Testing

@testable import SyncDaemon

/// Holds `deploy/heyi.example.yaml` to the code.
@Suite struct ConfigurationExampleTests {
    private func example() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(contentsOf: root.appendingPathComponent("deploy/heyi.example.yaml"), encoding: .utf8)
    }

    /// Lines that begin with `#` and two blanks are settings commented out, prose has one blank.
    private func uncommented(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.hasPrefix("#  ") ? String($0.dropFirst()) : String($0) }
            .joined(separator: "\n")
            .replacing("channels: []", with: "channels:").replacing("gateways: []", with: "gateways:")
    }

    @Test func `the example says the defaults`() throws {
        #expect(try Configuration.parse(example(), path: "deploy/heyi.example.yaml") == Configuration())
    }

    @Test func `the example's channels are valid`() throws {
        let channels = try Configuration.parse(uncommented(example()), path: "example").channels
        #expect(channels.count >= 2)
    }

    @Test func `the example has an account of every kind of gateway, with all it may say`() throws {
        let gateways = try Configuration.parse(uncommented(example()), path: "example").gateways
        #expect(Set(gateways.map(\.kind)) == Set(GatewayKind.allCases))
        for gateway in gateways {
            // What every kind has is shown once.
            for setting in gateway.kind.settings where !["endpoint", "allow_private_addresses", "carrier_codes"].contains(setting.name) {
                let isSaid = setting.form == .text ? gateway.settings[setting.name] != nil : gateway.secrets.keys.contains(setting.name)
                #expect(isSaid, "\(gateway.kind.rawValue): \(setting.name)")
            }
        }
    }

    @Test func `the example names every key`() throws {
        let text = uncommented(try example())
        let ledger = SettingReader.Ledger()
        _ = try Configuration.parse(text, path: "example", ledger: ledger)
        let leaves = Set(ledger.keys.map { $0.split(separator: ".").last.map(String.init) ?? $0 })
        for leaf in leaves.sorted() {
            #expect(text.contains("\(leaf):"), "deploy/heyi.example.yaml does not mention \(leaf)")
        }
        #expect(ledger.keys.contains("push.retry_base") && ledger.keys.contains("channels[].owner_of"))
    }
}
