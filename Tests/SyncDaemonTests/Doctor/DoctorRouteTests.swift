import Commerce
import Foundation
import HTTPTypes
import HummingbirdTesting
import TestKit
import Testing

@testable import SyncDaemon

@Suite struct DoctorRouteTests {
    private func lines(_ text: String) throws -> [JSON] {
        var lines = JSONLines()
        return try lines.take(Array(text.utf8)[...])
    }

    @Test func `the daemon says first how many findings come, then each as a line`() async throws {
        let world = HTTPWorld()
        let answer = try await world.visit(.admin) { client in
            let answer = try await client.send(.get, "/admin/v1/doctor", HTTPWorld.bearer(.operate))
            return (status: answer.status, text: answer.text)
        }
        #expect(answer.status == .ok)
        let found = try lines(answer.text)
        #expect(found.first?["checks"]?.integer == Int64(HealthCheck.all.count))
        #expect(Set(found.dropFirst().compactMap { $0["id"]?.string }) == Set(HealthCheck.all.map(\.id)))
        #expect(found.first { $0["id"] == "H03" }?["symptoms"]?.array?.first?["next"] == "df -h /")
    }

    @Test func `only the checks asked for are run, and a number without a check is refused`() async throws {
        let world = HTTPWorld()
        let (some, none) = try await world.visit(.admin) { client in
            let some = try await client.send(.get, "/admin/v1/doctor?check=3,7", HTTPWorld.bearer(.operate))
            let none = try await client.send(.get, "/admin/v1/doctor?check=99", HTTPWorld.bearer(.operate))
            return (some.text, none.status)
        }
        #expect(try lines(some).compactMap { $0["id"]?.string } == ["H03", "H07"])
        #expect(none == .unprocessableContent)
    }

    @Test func `few examine at once, and who is done makes room`() throws {
        let gate = ExaminationGate()
        var places = [try gate.enter(), try gate.enter()]
        #expect(throws: Problem.self) { try gate.enter() }
        places.removeLast()
        places.append(try gate.enter())
        #expect(throws: Problem.self) { try gate.enter() }
    }

    @Test func `wrong signatures are noted under channels that exist, until one is right`() async throws {
        let world = HTTPWorld()
        let offer = "/v1/channels/web/capabilities"
        try await world.visit(.public) { client in
            for _ in 0..<2 { _ = try await client.send(.get, offer, world.signed(.get, offer, key: HTTPWorld.otherKey)) }
            _ = try await client.send(.get, "/v1/channels/nobody/capabilities", world.signed(.get, offer))
            #expect(world.doorJournal.entries == [DeskWorld.web: DoorJournal.Entry(admitted: nil, refused: world.time.now(), refusals: 2)])
            _ = try await client.send(.get, offer, world.signed(.get, offer))
            #expect(world.doorJournal.entries[DeskWorld.web]?.refusals == 0)
        }
    }

    @Test func `the documents list every check as the program does`() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../docs/operations.md").standardizedFileURL.path
        let rows = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| H0") || $0.hasPrefix("| H1") || $0.hasPrefix("| H2") || $0.hasPrefix("| H3") }
        #expect(rows.count == HealthCheck.all.count)
        for check in HealthCheck.all {
            #expect(rows.contains { $0.hasPrefix("| \(check.id) | \(check.name) | \(check.looksAt) | ") }, "\(check.id)")
        }
    }
}
