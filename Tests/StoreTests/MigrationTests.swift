import Commerce
import GRDB
import TestKit
import Testing

@testable import Store

@Suite struct MigrationTests {
    private func schema(_ db: Database) throws -> [String] {
        try String.fetchAll(db, sql: "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1")
    }

    @Test func `a store brought up step by step is the one made at once`() throws {
        let atOnce = try DatabaseQueue()
        try atOnce.writeWithoutTransaction { db in try Migration.migrate(db, at: 1) }
        let stepwise = try DatabaseQueue()
        for count in 1...Migration.all.count {
            try stepwise.writeWithoutTransaction { db in
                try Migration.migrate(db, at: 1, steps: Array(Migration.all.prefix(count)))
            }
        }
        #expect(try stepwise.read(schema) == atOnce.read(schema))
    }

    // Steps are taken by how many were taken before: one put in between later would never be.
    @Test func `steps are numbered without a gap`() {
        #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
    }

    @Test func `migrating again changes nothing`() throws {
        let database = try DatabaseQueue()
        for _ in 1...2 { try database.writeWithoutTransaction { db in try Migration.migrate(db, at: 1) } }
        let applied = try database.read { db in try Int.fetchAll(db, sql: "SELECT number FROM migration ORDER BY 1") }
        #expect(applied == Migration.all.map(\.number))
    }

    @Test func `an edited step is refused by its number`() throws {
        let database = try DatabaseQueue()
        try database.writeWithoutTransaction { db in
            try Migration.migrate(db, at: 1)
            try db.execute(sql: "UPDATE migration SET checksum = 'other' WHERE number = 2")
            #expect(throws: StoreError.changedMigration(number: 2)) { try Migration.migrate(db, at: 1) }
        }
    }

    @Test func `a newer schema is refused, and left as it was`() throws {
        let database = try DatabaseQueue()
        let known = Migration.all.last!.number
        try database.writeWithoutTransaction { db in
            try Migration.migrate(db, at: 1)
            try db.execute(sql: "INSERT INTO migration (number, checksum, applied_at) VALUES (99, 'x', 0)")
            #expect(throws: StoreError.newerSchema(found: 99, known: known)) { try Migration.migrate(db, at: 1) }
        }
    }

    @Test func `a step that fails leaves nothing of itself`() throws {
        let database = try DatabaseQueue()
        let broken = Migration(number: 1, sql: "CREATE TABLE half (x); CREATE TABLE half (x);")
        try database.writeWithoutTransaction { db in
            #expect(throws: (any Error).self) { try Migration.migrate(db, at: 1, steps: [broken]) }
            let exists = try db.tableExists("half")
            #expect(!exists)
        }
    }
}
