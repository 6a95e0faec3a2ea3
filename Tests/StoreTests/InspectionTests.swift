import Commerce
import Foundation
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct InspectionTests {
    private let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func stopped() async throws -> String {
        let store = try scratch.open()
        for number in 1...3 { try await store.put("c\(number)", number) }
        await store.close()
        return scratch.at("store")
    }

    private func files(_ directory: String) throws -> [String: Data] {
        var held: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
            held[name] = FileManager.default.contents(atPath: "\(directory)/\(name)")
        }
        return held
    }

    @Test func `a stopped store is read without changing a byte beside or in it`() async throws {
        let directory = try await stopped()
        let before = try files(directory)
        let inspection = try StoreInspection(directory: directory)
        #expect(try await inspection.read { reading throws(StoreError) in try reading.newestSequence() } == 3)
        #expect(try await inspection.read { reading throws(StoreError) in try reading.examine() } == [])
        #expect(inspection.condition.mark == .fits && inspection.condition.schema == inspection.condition.schemaKnown)
        #expect(try files(directory) == before)
    }

    @Test func `a store that a crash left its log behind shows what was committed`() async throws {
        let store = try scratch.open()
        for number in 1...3 { try await store.put("c\(number)", number) }
        // As a crash leaves it: the log beside the file, not yet written back.
        try FileManager.default.copyItem(atPath: scratch.at("store"), toPath: scratch.at("crashed"))
        let inspection = try StoreInspection(directory: scratch.at("crashed"))
        #expect(try await inspection.read { reading throws(StoreError) in try reading.newestSequence() } == 3)
        #expect(inspection.condition.mark == .foreign, "a copy is a copy")
        await store.close()
    }

    @Test func `a newer schema is named and not read`() async throws {
        let directory = try await stopped()
        let file = try DatabaseQueue(path: directory + "/heyi.db")
        try await file.write { db in
            try db.execute(sql: "INSERT INTO migration (number, checksum, applied_at) VALUES (99, 'x', 0)")
        }
        try file.close()
        let inspection = try StoreInspection(directory: directory)
        #expect(inspection.condition.schema == 99)
        let known = inspection.condition.schemaKnown
        await #expect(throws: StoreError.newerSchema(found: 99, known: known)) {
            try await inspection.read { reading throws(StoreError) in try reading.newestSequence() }
        }
    }

    @Test func `where no store is, nothing is made`() throws {
        let directory = scratch.at("nothing")
        #expect(throws: StoreError.notFound("a store in \(directory)")) { try StoreInspection(directory: directory) }
        #expect(!FileManager.default.fileExists(atPath: directory))
    }

    @Test func `the open store says when its files were exchanged under it`() async throws {
        let store = try scratch.open()
        try await store.put("c1", 1)
        #expect(try await store.condition().mark == .fits)
        let file = scratch.at("store/heyi.db")
        try FileManager.default.copyItem(atPath: file, toPath: file + ".copy")
        #expect(rename(file + ".copy", file) == 0)
        #expect(try await store.condition().mark == .foreign)
        await store.close()
    }

    @Test func `tables are counted, and an examination stops when nobody waits for it`() async throws {
        let store = try Store(.memory, surroundings: .still())
        for number in 1...5 { try await store.put("c\(number % 3)", number) }
        let tables = try await store.read { reading throws(StoreError) in try reading.tables() }
        #expect(tables.first { $0.name == "change" }?.rows == 5)
        #expect(tables.map(\.name) == tables.map(\.name).sorted())
        #expect(try await store.read { reading throws(StoreError) in try reading.examine { false } } == [])
        #expect(try await store.read { reading throws(StoreError) in try reading.examine { true } } == nil)
        #expect(try await store.newest() == 5, "the connection works on")
    }
}
