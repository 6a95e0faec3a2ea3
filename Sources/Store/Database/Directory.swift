import Commerce
package import ConflictResolution
import Foundation
import GRDB

/// Numbers for names: actors and unit names, which are few and appear in every row.
package final class Directory: @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    private let lock = NSLock()
    private var actors: [Int64: ActorIdentity] = [:]
    private var actorNumbers: [Actor: Int64] = [:]
    private var byNumber: [Int64: Actor] = [:]
    private var byText: [String: (text: String, identity: ActorIdentity)] = [:]
    /// Incarnations known, by role and name.
    private var lives: [String: Int] = [:]
    private var units: [Int64: UnitName] = [:]
    private var unitNumbers: [UnitName: Int64] = [:]
    /// What channels' settings parse to: their row is read for every callback and changes once in months.
    private var settings: [Int64: (text: String, parsed: JSON)] = [:]

    func reload(_ db: Database) throws {
        let actorRows = try Row.fetchAll(db, sql: "SELECT num, identity FROM actor")
        let nameRows = try Row.fetchAll(db, sql: "SELECT num, text FROM name")
        try lock.withLock {
            (actors, actorNumbers, byNumber, byText, lives) = ([:], [:], [:], [:], [:])
            (units, unitNumbers) = ([:], [:])
            for row in actorRows {
                guard let identity = ActorIdentity(try row.read(1, as: String.self)) else { continue }
                put(identity, number: try row.read(0))
            }
            for row in nameRows {
                guard let name = UnitName(try row.read(1, as: String.self)) else { continue }
                let number: Int64 = try row.read(0)
                units[number] = name
                unitNumbers[name] = number
            }
        }
    }

    private func put(_ identity: ActorIdentity, number: Int64) {
        let actor = identity.actor
        actors[number] = identity
        actorNumbers[actor] = number
        byNumber[number] = actor
        byText[identity.description] = (identity.description, identity)
        lives[Directory.family(of: identity), default: 0] += 1
    }

    private static func family(of identity: ActorIdentity) -> String {
        "\(identity.role.rawValue):\(identity.name)"
    }

    /// How many incarnations of the same role and name are known, and how many actors at all.
    func counts(like identity: ActorIdentity) -> (alike: Int, all: Int) {
        lock.withLock { (lives[Directory.family(of: identity)] ?? 0, actors.count) }
    }

    package func identity(of actor: Actor) -> ActorIdentity? {
        lock.withLock { actorNumbers[actor].flatMap { actors[$0] } }
    }

    /// A listed actor by its text, which costs no digest of it.
    func identity(named text: String) -> ActorIdentity? {
        // Another spelling of the same characters is another actor.
        guard let held = lock.withLock({ byText[text] }), held.text.hasSameBytes(as: text) else { return nil }
        return held.identity
    }

    func number(of actor: Actor) -> Int64? { lock.withLock { actorNumbers[actor] } }
    func actor(_ number: Int64) -> Actor? { lock.withLock { byNumber[number] } }
    func unit(_ number: Int64) -> UnitName? { lock.withLock { units[number] } }
    func number(of unit: UnitName) -> Int64? { lock.withLock { unitNumbers[unit] } }

    func settings(_ text: String, of channel: Int64) throws -> JSON {
        if let held = lock.withLock({ settings[channel] }), held.text.hasSameBytes(as: text) { return held.parsed }
        let parsed = try JSON.parse(text)
        lock.withLock { settings[channel] = (text, parsed) }
        return parsed
    }

    func intern(_ unit: UnitName, _ db: Database) throws -> Int64 {
        if let number = number(of: unit) { return number }
        try db.execute(sql: "INSERT INTO name (text) VALUES (?)", arguments: [unit.text])
        let number = db.lastInsertedRowID
        lock.withLock {
            units[number] = unit
            unitNumbers[unit] = number
        }
        return number
    }

    func intern(_ identity: ActorIdentity, _ db: Database) throws -> Int64 {
        if let number = number(of: identity.actor) { return number }
        try db.execute(sql: "INSERT INTO actor (identity) VALUES (?)", arguments: [identity.description])
        let number = db.lastInsertedRowID
        lock.withLock { put(identity, number: number) }
        return number
    }
}
