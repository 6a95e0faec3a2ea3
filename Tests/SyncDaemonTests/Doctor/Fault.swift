import ChannelAdapters
import Commerce
import ConflictResolution
import Foundation
import TestKit

@testable import Store
@testable import SyncDaemon
@testable import SyncEngine

/// Faults a healthy installation can come down with, one or more for each check.
enum Fault: String, CaseIterable, Sendable {
    case clockAhead, longLog, fullDisk, fullNodes, openSecret, openDirectory, openConfiguration, missingSecret, emptySecret
    case tokenEnds, certificateEnds, certificateRefused, unreachable, wrongLanguage, theyRefuseUs, weRefuseThem, drift
    case changedFile, refusedReload, stalledCursor, deadCallback, waitingCallback, quarantinedCallback, brokenHead, brokenAudit
    case deadPush, oldUnknown, openBreaker, oldConflict, unknownKey, manyDescriptors, littleMemory, otherProcess
    case oldBackup, damagedBackup, exchangedFiles, deafListener, oldSQLite, oldCurl, endlessObserving, slowDisk, halted, paused, oldProgram, notCompared, drifted
    case missingGatewayKey, noPublicURL, platformRefuses, lateBill, stalledParcel

    /// The check that finds it, and no other.
    var check: String {
        switch self {
        case .clockAhead: "H01"
        case .longLog: "H02"
        case .fullDisk, .fullNodes: "H03"
        case .openSecret, .openDirectory, .openConfiguration: "H04"
        case .missingSecret, .emptySecret: "H05"
        case .tokenEnds, .certificateEnds, .certificateRefused: "H06"
        case .unreachable, .wrongLanguage: "H07"
        case .theyRefuseUs, .weRefuseThem: "H08"
        case .drift: "H09"
        case .changedFile, .refusedReload: "H10"
        case .stalledCursor: "H11"
        case .deadCallback, .waitingCallback, .quarantinedCallback: "H12"
        case .brokenHead, .brokenAudit: "H13"
        case .deadPush, .oldUnknown: "H14"
        case .openBreaker: "H15"
        case .oldConflict: "H16"
        case .unknownKey: "H17"
        case .manyDescriptors, .littleMemory: "H18"
        case .otherProcess: "H19"
        case .oldBackup, .damagedBackup: "H20"
        case .exchangedFiles: "H21"
        case .deafListener: "H22"
        case .oldSQLite, .oldCurl: "H23"
        case .notCompared, .drifted: "H24"
        case .endlessObserving: "H25"
        case .slowDisk: "H26"
        case .halted, .paused: "H27"
        case .oldProgram: "H28"
        case .missingGatewayKey, .noPublicURL: "H29"
        case .platformRefuses: "H30"
        case .lateBill: "H31"
        case .stalledParcel: "H32"
        }
    }

    func plant(_ ward: Ward) async throws {
        switch self {
        case .longLog, .fullDisk, .fullNodes, .manyDescriptors, .littleMemory, .oldSQLite, .oldCurl, .slowDisk, .oldProgram: plantHost(ward)
        case .openSecret, .openDirectory, .openConfiguration, .missingSecret, .emptySecret, .changedFile, .unknownKey, .otherProcess,
            .damagedBackup, .exchangedFiles:
            try plantFile(ward)
        case .clockAhead: ward.shop.change { $0.ahead = .seconds(120) }
        case .certificateEnds:
            let soon = ward.time.now() + .seconds(9 * 86_400)
            ward.shop.change { $0.certificateEnds = soon }
        case .certificateRefused: ward.shop.change { $0.fault = .untrusted(reason: "certificate has expired") }
        case .unreachable: ward.shop.change { $0.fault = .unreachable(reason: "connection refused") }
        case .wrongLanguage: ward.shop.change { $0.speaksProtocol = false }
        case .theyRefuseUs: ward.shop.change { $0.knowsUs = false }
        case .weRefuseThem: ward.refuse()
        case .drift: ward.shop.change { $0.held = ["product/tea:text.en": ["title": "Changed by hand"]] }
        case .deafListener: ward.shop.change { $0.listenersAnswer = false }
        case .refusedReload: ward.status.note("heyi.yaml:3: unknown key bacth")
        case .oldBackup:
            ward.time.advance(by: .seconds(3 * 86_400))
            try await ward.compare()
        case .openBreaker: ward.time.advance(by: .seconds(3_600))
        case .missingGatewayKey, .noPublicURL: break
        case .platformRefuses: ward.shop.change { $0.platformKnowsUs = false }
        case .lateBill:
            let day = CalendarDay(at: ward.time.now()).number - 5
            try ward.sql("INSERT INTO bill_day (gateway, day, state, tries) VALUES ('wxpay', \(day), 'not-yet', 9)")
        case .stalledParcel: try await ward.stallParcel()
        case .tokenEnds, .stalledCursor, .deadCallback, .waitingCallback, .quarantinedCallback, .brokenHead, .brokenAudit, .deadPush,
            .oldUnknown, .oldConflict, .endlessObserving, .halted, .paused, .notCompared, .drifted:
            try await plantStore(ward)
        }
    }

    private func plantHost(_ ward: Ward) {
        ward.host { host in
            switch self {
            case .longLog:
                host.file = { path in
                    var file = HostView.realFile(path)
                    if path.hasSuffix("-wal") { file?.bytes = 300 << 20 }
                    return file
                }
            case .fullDisk: host.disk = { _ in HostView.Disk(freeBytes: 20 << 20, bytes: 1 << 41, freeNodes: 9, nodes: 10) }
            case .fullNodes: host.disk = { _ in HostView.Disk(freeBytes: 1 << 40, bytes: 1 << 41, freeNodes: 9, nodes: 10_000) }
            case .manyDescriptors: host.descriptors = { HostView.Descriptors(open: 60_000, max: 65_536) }
            case .littleMemory:
                host.memory = { HostView.Memory(residentBytes: 1_000 << 20, limitBytes: 1 << 30, availableBytes: 8 << 30) }
            case .oldSQLite: host.sqliteVersion = "3.34.1"
            case .oldProgram: host.program = { "/usr/local/bin/heyi (deleted)" }
            case .oldCurl: host.curlVersion = "7.74.0"
            default: host.syncTimes = { _ in [.milliseconds(2), .milliseconds(900), .seconds(3)] }
            }
        }
    }

    private func plantFile(_ ward: Ward) throws {
        let secret = "\(ward.path)/web.secret"
        let configuration = "\(ward.path)/heyi.yaml"
        switch self {
        case .openSecret: chmod(secret, 0o644)
        case .openDirectory: chmod(ward.directory, 0o755)
        case .openConfiguration: chmod(configuration, 0o666)
        case .missingSecret: unlink(secret)
        case .emptySecret: try Ward.write("", to: secret, mode: 0o600)
        case .changedFile: try Ward.write(Ward.file(ward.path, extra: "pull:\n  every: 17s"), to: configuration, mode: 0o640)
        case .unknownKey: try Ward.write(Ward.file(ward.path, extra: "pull:\n  evry: 17s"), to: configuration, mode: 0o640)
        case .otherProcess: try Ward.write("pid 1\n", to: "\(ward.directory)/heyi.lock", mode: 0o600)
        case .damagedBackup:
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: "\(ward.path)/backup.sqlite"))
            try file.seek(toOffset: 5_000)
            try file.write(contentsOf: Data([0x42, 0x42, 0x42]))
            try file.close()
        default:
            let file = "\(ward.directory)/heyi.db"
            try FileManager.default.copyItem(atPath: file, toPath: file + ".copy")
            rename(file + ".copy", file)
        }
    }

    private func plantStore(_ ward: Ward) async throws {
        let now = ward.time.now()
        switch self {
        case .tokenEnds:
            try await ward.record { writing, _ throws(StoreError) in
                _ = try writing.createToken(label: "till", scope: .read, lifetime: .seconds(5 * 86_400))
            }
        case .stalledCursor:
            try await ward.change("Dragon Well")
            ward.time.advance(by: .seconds(1_200))
        case .deadCallback, .waitingCallback, .quarantinedCallback:
            let (first, second): ([UInt8], [UInt8]) = (Array("{}".utf8), Array("{\"a\":1}".utf8))
            try await ward.record { writing, channel throws(StoreError) in
                _ = try writing.receive(channel, event: "e1", body: first)
                guard let item = try writing.reading.inbox(limit: 1).first else { return }
                if self == .deadCallback { try writing.markFailed(item, error: "no", retryAt: nil) }
                if self == .quarantinedCallback {
                    try writing.markApplied(item)
                    _ = try writing.receive(channel, event: "e1", body: second)
                }
            }
            ward.time.advance(by: .seconds(300))
        case .brokenHead: try ward.sql("UPDATE change SET context = x'00', clock = x'00' WHERE seq = 1")
        case .brokenAudit: try ward.sql("UPDATE audit SET principal = 'nobody' WHERE num = 1")
        case .deadPush, .oldUnknown:
            try await ward.record { writing, channel throws(StoreError) in
                try writing.except(
                    channel, DeskWorld.text, state: self == .deadPush ? .dead : .unknown, sequence: 1, operation: "o", attempts: 3,
                    dueAt: now, error: "too long")
            }
            ward.time.advance(by: .seconds(1_200))
        case .oldConflict:
            try await ward.record { writing, channel throws(StoreError) in
                let seen = try writing.reading.view(DeskWorld.text)?.clock ?? VectorClock()
                _ = try writing.apply(UnitWrite(DeskWorld.text, ["title": "Dragon Well"], author: "test", origin: .api))
                _ = try writing.apply(
                    UnitWrite(
                        DeskWorld.text, ["title": "West Lake"], causality: .observed(channel.actor.actor, seen: seen),
                        author: "channel:web", origin: .channel))
            }
            try await ward.settle()
            ward.time.advance(by: .seconds(25 * 3_600))
        case .endlessObserving:
            try await ward.record { writing, channel throws(StoreError) in try writing.resyncChannel(channel.id) }
            ward.time.advance(by: .seconds(2 * 3_600))
        case .notCompared:
            try await ward.compare()
            ward.time.advance(by: .seconds(49 * 3_600))
            try await ward.backUp()
        case .drifted:
            try await ward.record { writing, channel throws(StoreError) in
                try writing.note(
                    DriftFound(
                        listing: "product/tea", unit: nil, kind: .foreignApplication, reason: "written by somebody", expected: nil,
                        shown: nil, remedy: .refused, healing: nil), at: channel, round: 1)
            }
        case .halted:
            try await ward.record { writing, channel throws(StoreError) in
                try writing.setChannel(channel.id, state: .halted, reason: "many vanished")
            }
        default:
            try await ward.record { writing, channel throws(StoreError) in try writing.setChannel(channel.id, state: .paused) }
        }
    }

    /// What the running daemon knows of itself under this fault.
    func twist(_ patient: inout Patient) {
        if [.missingGatewayKey, .noPublicURL, .platformRefuses].contains(self) { return configure(&patient) }
        guard self == .openBreaker else { return }
        var failing = LoopFigures()
        failing.lastError = "unreachable"
        patient.inner?.workers = [
            Ward.web: WorkerStatus(
                breaker: .open, breakerUntil: nil, push: failing, pull: LoopFigures(), rateLevel: nil, connected: false, keepsClocks: true)
        ]
    }

    /// An account at a tracking service, in force and on disk.
    private func configure(_ patient: inout Patient) {
        let key = self == .missingGatewayKey ? "/nowhere/track.key" : "\(patient.directory.dropLast("/store".count))/web.secret"
        var gateway = GatewayConfiguration(id: ChannelID("track")!, kind: .seventeenTrack)
        gateway.settings["endpoint"] = "https://track.example"
        gateway.secrets["keys"] = SecretReference("file:\(key)").map { [$0] }
        patient.configuration.gateways = [gateway]
        patient.configuration.listen.publicURL = self == .noPublicURL ? nil : "https://shop.example"
        patient.written = .success(patient.configuration)
        patient.inner?.began = patient.configuration
    }
}
