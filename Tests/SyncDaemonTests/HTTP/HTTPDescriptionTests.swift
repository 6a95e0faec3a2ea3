import Commerce
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SyncDaemon

struct HTTPDescriptionTests {
    @Test(arguments: [Listener.public, .admin])
    func `the description lists every route with every status`(listener: Listener) async throws {
        let world = HTTPWorld()
        let table = try world.doors.door(listener, pageIsOpen: true).1
        let document = try await world.visit(listener) { client in
            let answer = try await client.send(.get, "/openapi.json")
            return try answer.json
        }
        for route in table.routes {
            let operation = document["paths"]?[route.path]?[route.method.rawValue.lowercased()]
            let statuses = operation?["responses"]?.object?.names ?? []
            #expect(statuses == route.everyAnswer.map { String($0.status) }, "\(route.name)")
        }
        #expect(document["paths"]?["/openapi.json"] != nil)
    }

    @Test(arguments: [Listener.public, .admin])
    func `the description is valid OpenAPI`(listener: Listener) async throws {
        let world = HTTPWorld()
        let document = try await world.visit(listener) { client in
            let answer = try await client.send(.get, "/openapi.json")
            return answer.text
        }
        let path = NSTemporaryDirectory() + "heyi-openapi-\(listener.rawValue)-\(ProcessInfo.processInfo.processIdentifier).json"
        try document.write(toFile: path, atomically: true, encoding: .utf8)
        defer { unlink(path) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            """
            import json, sys
            try:
                from openapi_spec_validator import validate
            except ImportError:
                sys.exit(42)
            validate(json.load(open(sys.argv[1])))
            """, path,
        ]
        let output = Pipe()
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        // 42: the validator is not installed here; the other tests still hold the document's content.
        #expect([0, 42].contains(process.terminationStatus), "\(text.suffix(500))")
    }

    /// `HEYI_WRITE_DOCS=1 swift test --filter HTTPDescription` writes the page anew.
    @Test func `the documents list every route with who may use it`() throws {
        let doors = HTTPWorld().doors
        let text = RouteDocument.text(
            publicRoutes: try doors.door(.public, pageIsOpen: true).1.routes,
            adminRoutes: try doors.door(.admin, pageIsOpen: true).1.routes)
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../docs/api/routes.md").standardizedFileURL.path
        if ProcessInfo.processInfo.environment["HEYI_WRITE_DOCS"] != nil {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        let held = try String(contentsOfFile: path, encoding: .utf8)
        #expect(held == text, "docs/api/routes.md is not what the routes are; write it anew")
    }

    @Test func `reports render exactly the members their schemas list`() throws {
        var report = StatusReport.calm
        report.channels = [Samples.channel("web")]
        report.conflictsOpen = 1
        report.recent = [
            StatusEvent(
                number: 1, at: Samples.now, level: .info, code: "pushed", channel: nil, entity: nil, text: "x", traceID: nil)
        ]
        let samples: [(String, JSON)] = [
            ("StatusReport", report.json), ("ChannelStatus", report.channels[0].json), ("StatusEvent", report.recent[0].json),
            ("Log", LogPart(entries: [LogEntry(report.recent[0])], place: LogPlace()).json),
            ("StatusProblem", report.problems[0].json), ("WhyReport", Samples.why.json),
            ("WhyUnit", Samples.why.units[0].json), ("ConflictReport", Samples.conflict.json),
            ("InboxRow", Samples.inbox.json), ("InboxEffects", Samples.effects.json), ("QueueRow", Samples.queue.json), ("EntityReport", Samples.entity.json),
        ]
        for (name, sample) in samples { try Self.compare(sample, named: name) }
    }

    /// Holds a value to the schema of this name, member by member.
    ///
    /// - Parameter absent: members it may have and has not.
    static func compare(_ value: JSON, named name: String, without absent: Set<String> = []) throws {
        let schemas = Dictionary(uniqueKeysWithValues: Schemas.all.map { ($0.name, $0.schema) })
        var schema = try #require(schemas[name]?.object)
        let members = try #require(schema["properties"]?.object)
        schema["properties"] = .object(JSONObject(members.filter { !absent.contains($0.name) }.map { ($0.name, $0.value) }))
        compare(value, .object(schema), schemas, name)
    }

    private static func compare(_ value: JSON, _ schema: JSON, _ schemas: [String: JSON], _ path: String) {
        if let reference = schema["$ref"]?.string, let name = reference.split(separator: "/").last {
            return compare(value, schemas[String(name)] ?? .null, schemas, path)
        }
        if let choices = schema["anyOf"]?.array {
            guard !value.isNull, let first = choices.first else { return }
            return compare(value, first, schemas, path)
        }
        if let properties = schema["properties"]?.object, let object = value.object {
            #expect(object.names == properties.names, "\(path)")
            for member in object {
                compare(member.value, properties[member.name] ?? .null, schemas, "\(path).\(member.name)")
            }
        }
        if let items = schema["items"], let array = value.array {
            for element in array { compare(element, items, schemas, "\(path)[]") }
        }
        if let words = schema["enum"]?.array { #expect(words.contains(value), "\(path)") }
    }
}
