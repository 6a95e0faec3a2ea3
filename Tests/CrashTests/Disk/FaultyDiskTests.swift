import Commerce
import GRDB
import Store
import Testing

/// The disk keeps its own promises, or nothing that is proved on it is worth anything.
@Suite struct FaultyDiskTests {
    private func bytes(_ value: UInt8, _ count: Int) -> [UInt8] { [UInt8](repeating: value, count: count) }

    @Test func `what was not synced is gone where only what was synced is kept`() throws {
        let disk = try FaultyDisk()
        let file = "\(disk.path)/note"
        try disk.put(bytes(1, 3), at: file)
        try disk.sync(file)
        try disk.put(bytes(2, 5), at: file)
        #expect(disk.contents(file) == bytes(2, 5))
        let synced = disk.reboot(.onlySynced)
        #expect(synced.contents("\(synced.path)/note") == bytes(1, 3))
        let clean = disk.reboot(.clean)
        #expect(clean.contents("\(clean.path)/note") == bytes(2, 5))
    }

    @Test func `a name is durable with its folder, and keeps its identity`() throws {
        let disk = try FaultyDisk()
        try disk.put(bytes(1, 3), at: "\(disk.path)/a")
        try disk.sync("\(disk.path)/a")
        let identity = try disk.identity(of: "\(disk.path)/a")
        try disk.rename("\(disk.path)/a", to: "\(disk.path)/b")
        let before = disk.reboot(.onlySynced)
        #expect(before.exists("\(before.path)/a") && !before.exists("\(before.path)/b"))
        try disk.sync(disk.path)
        let after = disk.reboot(.onlySynced)
        #expect(!after.exists("\(after.path)/a") && after.exists("\(after.path)/b"))
        #expect(try after.identity(of: "\(after.path)/b") == identity)
    }

    @Test func `a cut is at the step that was named, and nothing works after it`() throws {
        let disk = try FaultyDisk()
        disk.cut(at: 3)
        try disk.put(bytes(1, 1), at: "\(disk.path)/a")
        #expect(disk.step())
        #expect(throws: StoreError.self) { try disk.sync("\(disk.path)/a") }
        #expect(disk.isCut && !disk.step() && disk.contents("\(disk.path)/a") == nil)
        let later = disk.reboot(.clean)
        #expect(!later.isCut && later.contents("\(later.path)/a") == bytes(1, 1))
        let synced = disk.reboot(.onlySynced)
        #expect(!synced.exists("\(synced.path)/a"))
    }

    @Test func `torn and reordered writes differ by seed, and the same seed finds the same disk`() throws {
        let disk = try FaultyDisk()
        let queue = try DatabaseQueue(path: "\(disk.path)/plain.db")
        try queue.write { db in
            try db.execute(sql: "CREATE TABLE t (x)")
            try db.execute(sql: "PRAGMA user_version = 3")
        }
        try queue.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = OFF")
            for _ in 0..<20 { try db.execute(sql: "INSERT INTO t VALUES (randomblob(6000))") }
        }
        for mode in [FaultyDisk.AfterCut.torn, .reordered] {
            var found: Set<[UInt8]> = []
            for seed in 1...16 as ClosedRange<UInt64> {
                let one = disk.reboot(mode, seed: seed)
                let other = disk.reboot(mode, seed: seed)
                let bytes = try #require(one.contents("\(one.path)/plain.db"))
                #expect(bytes == other.contents("\(other.path)/plain.db"))
                found.insert(bytes)
            }
            #expect(found.count > 8)
        }
        try queue.close()
    }

    @Test func `SQLite works on it, also with several connections and a log`() throws {
        let disk = try FaultyDisk()
        let pool = try DatabasePool(path: "\(disk.path)/wal.db")
        try pool.write { db in try db.execute(sql: "CREATE TABLE t (x INTEGER)") }
        for number in 0..<200 { try pool.write { db in try db.execute(sql: "INSERT INTO t VALUES (?)", arguments: [number]) } }
        #expect(try pool.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM t") } == 200)
        _ = try pool.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
        #expect(try pool.read { db in try String.fetchOne(db, sql: "PRAGMA integrity_check") } == "ok")
        try pool.close()
        let later = disk.reboot(.onlySynced)
        let again = try DatabaseQueue(path: "\(later.path)/wal.db")
        #expect(try again.read { db in try Int.fetchOne(db, sql: "SELECT sum(x) FROM t") } == 19_900)
        try again.close()
    }

    @Test func `without syncs the power takes what was written`() throws {
        let disk = try FaultyDisk()
        let pool = try DatabasePool(path: "\(disk.path)/loose.db")
        try pool.write { db in try db.execute(sql: "CREATE TABLE t (x INTEGER)") }
        try pool.writeWithoutTransaction { db in
            try db.execute(sql: "PRAGMA synchronous = OFF")
            for number in 0..<20 { try db.execute(sql: "INSERT INTO t VALUES (?)", arguments: [number]) }
        }
        let later = disk.reboot(.onlySynced)
        let again = try DatabaseQueue(path: "\(later.path)/loose.db")
        let kept = try again.read { db in
            try db.tableExists("t") ? try Int.fetchOne(db, sql: "SELECT count(*) FROM t") ?? 0 : 0
        }
        #expect(kept == 0)
        try again.close()
        try pool.close()
    }

    @Test func `faults come when they were asked for and end`() throws {
        let disk = try FaultyDisk()
        let queue = try DatabaseQueue(path: "\(disk.path)/full.db")
        try queue.write { db in try db.execute(sql: "CREATE TABLE t (x)") }
        disk.fail(.full, first: 1, count: 1_000)
        #expect(throws: DatabaseError.self) {
            try queue.write { db in try db.execute(sql: "INSERT INTO t VALUES (randomblob(100000))") }
        }
        disk.heal()
        try queue.write { db in try db.execute(sql: "INSERT INTO t VALUES (randomblob(100000))") }
        disk.fail(.sync, first: 1, count: 1)
        #expect(throws: DatabaseError.self) { try queue.write { db in try db.execute(sql: "INSERT INTO t VALUES (1)") } }
        #expect(disk.matched.failed == 1)
        #expect(try queue.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM t") } == 1)
        try queue.close()
    }
}
