import Commerce
import Foundation
import TestKit
import Testing

@testable import SyncDaemon

@Suite struct SupportBundleTests {
    /// What somebody could recognise, in every shape it comes in.
    private static let marks = [
        "13912345678", "anna.meyer@example.com", "whsec_TfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "hunter2", "龙井", "shop.example",
        "/srv/private", "6222020200112233",
    ]

    private static func bundle() -> String {
        let dirt = marks.joined(separator: " ")
        let names = marks.enumerated().map { "\($0.offset)" + $0.element }
        let sources = SupportBundle.Sources(
            support: ["channels": [["id": "web"]], "daemon_runs": true],
            doctor: [
                "at": 1, "version": .string(dirt), "verdict": "warning", "by_daemon": true,
                "checks": [
                    [
                        "id": "H07", "finding": "warning", "milliseconds": 5, "summary": .string(dirt), "name": .string(dirt),
                        "evidence": ["asked": 2, "host": .string(marks[5] + marks[0]), "list": [1, .string(marks[1])]],
                        "symptoms": [["level": "warning", "text": .string("web cannot be reached at \(dirt)"), "detail": .string(dirt), "next": .string(dirt)]],
                    ]
                ],
            ],
            status: [
                "verdict": "degraded", "generation": "4b2nq7kd", "at": 5, "recent": [["text": .string(dirt)]],
                "problems": [["kind": "breaker_open", "channel": .string(dirt), "count": 1, "detail": .string(dirt)]],
                "channels": [["id": "web", "state": "halted", "reason": .string("no answer from \(dirt) port 443"), "last_error": .string(dirt)]],
                "store": ["writable": false, "fault": .string(dirt), "entities": 3],
                "configuration": ["loaded_at": 3, "refused": .string(dirt)],
            ],
            metrics: names.map { "heyi_push_total{channel=\"\($0)\"} 1" }.joined(separator: "\n")
                + "\n# HELP \(dirt)\nheyi_push_total{channel=\"web\",result=\"stored\"} 7",
            log: [
                [
                    "at": 9, "level": "warning", "origin": "event", "code": "push_failed", "channel": "web",
                    "entity": .string("product/\(marks[0])"), "by": .string(marks[1]),
                    "text": .string("timed out after 30 s: \(dirt), connection refused"),
                ],
                ["at": 9, "code": .string(dirt), "channel": .string(marks[0]), "text": .string(dirt)],
            ])
        return SupportBundle(sources, made: Samples.now).files.map { $0.name + "\n" + String(decoding: $0.bytes, as: UTF8.self) }
            .joined(separator: "\n")
    }

    @Test func `nothing that somebody wrote gets into a bundle, wherever it was written`() {
        let text = SupportBundleTests.bundle()
        for mark in SupportBundleTests.marks { #expect(!text.contains(mark), "\(mark)") }
        #expect(!text.contains("@"))
    }

    @Test func `what helps is in it`() {
        let text = SupportBundleTests.bundle()
        for help in [
            "web cannot be reached at …", "timed out after 30 s … connection refused", "\"asked\":2", "no answer from … port 443",
            "heyi_push_total{channel=\"web\",result=\"stored\"} 7", "\"entity_kind\":\"product\"", "breaker_open", "4b2nq7kd",
        ] { #expect(text.contains(help), "\(help)") }
    }

    @Test func `a configuration shows its numbers, and of its channels neither address nor secret`() throws {
        var configuration = Configuration()
        configuration.store.directory = "/srv/private/13912345678"
        configuration.listen.publicAddress = ListenAddress(host: "13912345678.example", port: 443)
        var channel = ChannelConfiguration(id: Samples.id("web"), kind: .web)
        channel.endpoint = "https://shop.example/hunter2"
        channel.secrets = [.file("/srv/private/hunter2.secret"), .credential("hunter2")]
        channel.units = ["text", "anna.meyer@example.com"]
        configuration.channels = [channel]
        let text = AllowedConfiguration.json(configuration).text + AllowedConfiguration.settings(channel.settings(configuration)).text
        for mark in SupportBundleTests.marks { #expect(!text.contains(mark), "\(mark) in \(text)") }
        for help in ["\"endpoint\":\"https\"", "\"secret_files\":1", "\"secret_credentials\":1", "\"batch\":200", "\"text\""] {
            #expect(text.contains(help), "\(help)")
        }
    }

    @Test func `an archive is its owner's alone, and never takes the place of a file`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("heyi-bundle-\(UUID())").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record("\(error)") } }
        let bundle = SupportBundle(SupportBundle.Sources(support: [:], doctor: [:]), made: Samples.now)
        let path = "\(folder)/support.tar.gz"
        try SupportArchive.write(bundle, to: path, named: "support")
        #expect((HostView.realFile(path)?.mode ?? 0) & 0o777 == 0o600)
        let before = FileManager.default.contents(atPath: path)
        #expect(throws: SupportArchiveFault.self) { try SupportArchive.write(bundle, to: path, named: "support") }
        #expect(FileManager.default.contents(atPath: path) == before)
    }
}
