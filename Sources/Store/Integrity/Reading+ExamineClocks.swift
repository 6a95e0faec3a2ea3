import Commerce
import ConflictResolution
import Foundation
import GRDB

extension Reading {
    /// Follows every change to the one before it in its chain.
    func examineChains(_ limit: Int) throws(StoreError) -> [Finding] {
        var findings: [Finding] = []
        func amiss(_ row: Row, _ problem: String) throws {
            let subject = try subject(try row.read(1), try row.read(2))
            findings.append(
                Finding(rule: .chains, subject: subject, problem: "change \(try row.read(0, as: Int64.self)) \(problem)"))
        }
        try perform { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT change.seq, change.entity, change.name, change.previous, change.actor, change.count,
                        change.context, change.clock, before.clock,
                        before.entity = change.entity AND before.name = change.name
                    FROM change LEFT JOIN change AS before ON before.seq = change.previous ORDER BY change.seq
                    """)
            while let row = try rows.next(), findings.count < limit {
                guard let actor = directory.actor(try row.read(4)) else {
                    try amiss(row, "names an actor that is not listed")
                    continue
                }
                let dot = Dot(actor: actor, count: UInt64(bitPattern: try row.read(5)))
                let context = try UnitState.decodeClock(try row.read(6), directory)
                let clock = try UnitState.decodeClock(try row.read(7), directory)
                if !clock.covers(dot) || !clock.covers(context) { try amiss(row, "is not covered by its own clock") }
                if context.covers(dot) { try amiss(row, "claims to have been written after itself") }
                guard try row.read(3, as: Int64?.self) != nil else { continue }
                guard try row.read(9, as: Bool?.self) == true else {
                    try amiss(row, "follows a change that is not there or of another unit")
                    continue
                }
                let before = try UnitState.decodeClock(try row.read(8), directory)
                if !clock.covers(before) { try amiss(row, "knows less than the change before it") }
                if before.covers(dot) { try amiss(row, "repeats a write that was known before it") }
            }
        }
        return findings
    }

    /// Compares each unit's state with its newest change and with the writes alive in it.
    func examineUnits(_ limit: Int) throws(StoreError) -> [Finding] {
        var findings: [Finding] = []
        try perform { db in
            let living = try db.makeStatement(
                sql: "SELECT actor, count FROM change WHERE seq = ? AND entity = ? AND name = ?")
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT unit.entity, unit.name, unit.state, change.clock,
                        CASE change.live WHEN 1 THEN change.live_value ELSE change.value END
                    FROM unit JOIN change ON change.seq = unit.seq
                    """)
            while let row = try rows.next(), findings.count < limit {
                let entity: Int64 = try row.read(0)
                let name: Int64 = try row.read(1)
                func amiss(_ rule: Finding.Rule, _ problem: String) throws {
                    findings.append(Finding(rule: rule, subject: try subject(entity, name), problem: problem))
                }
                let state = try UnitState.decode(try row.read(2), directory)
                if try state.clock != UnitState.decodeClock(try row.read(3), directory) {
                    try amiss(.siblings, "its clock is not the one of its newest change")
                }
                if state.living.isEmpty { try amiss(.siblings, "nothing is alive in it") }
                if Set(state.living.map(\.dot.actor)).count < state.living.count {
                    try amiss(.siblings, "two writes of one actor are alive in it at once")
                }
                for version in state.living {
                    if !state.clock.covers(version.dot) { try amiss(.siblings, "a living write lies outside its clock") }
                    guard try Row.fetchOne(living, arguments: [version.sequence, entity, name]).map({ made in
                        try directory.actor(made.read(0)) == version.dot.actor
                            && made.read(1) == Int64(clamping: version.dot.count)
                    }) == true else {
                        try amiss(.siblings, "change \(version.sequence) is not the write that should be alive in it")
                        continue
                    }
                }
                if let bytes = try row.read(4, as: Data?.self), !Reading.isCanonical([UInt8](bytes)) {
                    try amiss(.values, "its live value is not canonical JSON")
                }
            }
        }
        return findings
    }

    private static func isCanonical(_ bytes: [UInt8]) -> Bool {
        do throws(JSONError) { return try JSON.parse(bytes).bytes == bytes } catch { return false }
    }
}
