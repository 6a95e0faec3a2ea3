import ChannelAdapters
import Commerce
import Foundation
import Store
import SyncEngine
import TestKit
import Testing

@testable import SyncDaemon

@Suite struct DoctorTests {
    @Test func `a healthy installation passes every check`() async throws {
        let ward = try await Ward()
        let findings = await ward.findings()
        #expect(findings.count == HealthCheck.all.count && findings.count >= 25)
        #expect(findings.amiss == [], "\(findings.words)")
        #expect(findings.allSatisfy { $0.finding == "ok" }, "\(findings.filter { $0.finding != "ok" }.map(\.json))")
    }

    @Test(arguments: Fault.allCases)
    func `each fault is found by its own check and by no other`(fault: Fault) async throws {
        let ward = try await Ward()
        try await fault.plant(ward)
        let findings = await ward.findings { fault.twist(&$0) }
        #expect(findings.amiss == [fault.check], "\(findings.words)")
        let symptoms = findings[fault.check]?.examination.symptoms ?? []
        #expect(symptoms.allSatisfy { !$0.text.isEmpty && !$0.next.isEmpty })
    }

    @Test func `every check has a fault that was planted`() {
        #expect(Set(Fault.allCases.map(\.check)) == Set(HealthCheck.all.map(\.id)))
        #expect(Set(HealthCheck.all.map(\.number)).count == HealthCheck.all.count)
    }

    @Test func `a stopped installation is examined on its files and is only not running`() async throws {
        let ward = try await Ward()
        let findings = await ward.stopped()
        #expect(findings.amiss == ["H19"], "\(findings.words)")
        #expect(findings["H19"]?.grade == .notice)
        #expect(findings["H13"]?.finding == "ok" && findings["H20"]?.finding == "ok")
        #expect(findings["H11"]?.finding == "skipped")
    }

    @Test func `a daemon that holds the store and does not answer is named by its process`() async throws {
        let ward = try await Ward()
        var host = Ward.strongHost
        host.lockHolder = { _ in 4_711 }
        let findings = await ward.stopped(host)
        #expect(findings.amiss == ["H19"], "\(findings.words)")
        #expect(findings["H19"]?.grade == .failure)
        #expect(findings["H19"]?.examination.symptoms.first?.text.contains("4711") == true)
    }

    @Test func `the kernel tells who holds a store`() async throws {
        let ward = try await Ward()
        #expect(HostView().lockHolder("\(ward.directory)/heyi.lock") == getpid())
        await ward.store.close()
        #expect(HostView().lockHolder("\(ward.directory)/heyi.lock") == nil)
    }

    @Test func `a copied directory, a restored one and an interrupted restore are told apart`() async throws {
        let ward = try await Ward()
        await ward.store.close()
        let copy = "\(ward.path)/copy"
        try FileManager.default.copyItem(atPath: ward.directory, toPath: copy)
        chmod(copy, 0o700)
        let copied = await ward.examined(directory: copy)
        #expect(copied.amiss == ["H19", "H21"] && copied["H21"]?.grade == .warning, "\(copied.words)")
        try Ward.write("", to: "\(copy)/heyi.restoring", mode: 0o600)
        #expect(await ward.examined(directory: copy)["H21"]?.grade == .failure)
    }

    @Test func `a file that is no store, and a place without one, leave one check to say so`() async throws {
        let ward = try await Ward()
        await ward.store.close()
        let elsewhere = "\(ward.path)/elsewhere"
        try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: true)
        chmod(elsewhere, 0o700)
        let empty = await ward.examined(directory: elsewhere)
        #expect(empty.amiss == ["H13", "H19"] && empty["H13"]?.grade == .notice, "\(empty.words)")
        try Ward.write(String(repeating: "no database ", count: 1_000), to: "\(elsewhere)/heyi.db", mode: 0o600)
        let broken = await ward.examined(directory: elsewhere)
        #expect(broken.amiss == ["H13", "H19"] && broken["H13"]?.grade == .failure, "\(broken.words)")
    }

    @Test func `a channel that hangs holds up neither the doctor nor the other checks`() async throws {
        let ward = try await Ward()
        ward.shop.change { $0.hangs = true }
        let time = ward.time
        let fast = Guarded(Set<String>())
        let hung: Set<String> = ["H01", "H06", "H07", "H08", "H09"]
        let clock = Task {
            // Time passes only when everybody else is done.
            while !Task.isCancelled {
                if fast.value.count >= HealthCheck.all.count - hung.count { time.advance(by: .seconds(60)) }
                await Task.yield()
            }
        }
        await ward.desk.examine(DoctorOrder()) { diagnosis in
            if diagnosis.grade == .ok { fast.update { _ = $0.insert(diagnosis.check.id) } }
            #expect((diagnosis.grade == .warning) == hung.contains(diagnosis.check.id), "\(diagnosis.json)")
        }
        clock.cancel()
        #expect(fast.value.isDisjoint(with: hung))
    }

    @Test func `what is left offline asks no channel`() async throws {
        let ward = try await Ward()
        ward.shop.change { $0.fault = .unreachable(reason: "not to be called") }
        let findings = await ward.desk.onPatient(offline: true) { patient in await Doctor(HealthCheck.all).findings(patient) }
        #expect(findings.amiss == [], "\(findings.words)")
        #expect(findings.filter { $0.finding == "skipped" }.map(\.check.id) == ["H07", "H08", "H09", "H22", "H30"])
    }

    @Test(arguments: [("H03", [3]), ("7,H12,3", [3, 7, 12]), ("03,3", [3])])
    func `checks are chosen by number`(text: String, numbers: [Int]) throws {
        #expect(try #require(HealthCheck.chosen(text)).map(\.number) == numbers)
    }

    @Test(arguments: ["", "H99", "0", "3,", "x", "H"])
    func `a number that no check has is refused`(text: String) { #expect(HealthCheck.chosen(text) == nil) }

    @Test func `the worst finding decides the exit code`() {
        #expect(Grade.allCases.map(\.exitCode) == [0, 0, 1, 2])
        let report = DoctorRound.Report(
            at: Samples.now, byDaemon: true, checks: [["finding": "notice"], ["finding": "warning"], ["finding": "skipped"]])
        #expect(report.grade == .warning)
    }
}
