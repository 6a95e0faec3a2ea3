package import Commerce
package import ConflictResolution
import GRDB

/// A channel as the store knows it.
package struct ChannelRecord: Sendable {
    package enum State: String, Sendable, CaseIterable {
        /// Pushed to and pulled from.
        case active
        /// An operator said stop; everything waits.
        case paused
        /// Stopped by itself for a reason a person must look at.
        case halted
        /// Gone for good; its history stays.
        case retired
    }

    /// Its place in the order channels were added; never given again.
    package let number: Int64
    package let id: ChannelID
    package let state: State
    package let haltReason: String?
    /// Whether it must be enumerated before anything is pushed: after a restore or a resync.
    package let observing: Bool
    /// What the operator configured, as canonical JSON.
    package let settings: JSON
    /// Under which the hub counts what it sees this channel write.
    package let actor: ActorIdentity
    /// The channel's own data set, as it last named it.
    package let remoteGeneration: String?
    package let createdAt: Timestamp
    /// What kind of gateway it is; nil for an end that goods are kept in step with.
    package let gateway: String?

    static let columns = "num, id, state, halt_reason, observing, settings, actor, remote_generation, created_at, gateway"
    fileprivate static let byID = "SELECT \(columns) FROM channel WHERE id = ?"

    init(_ row: Columns, _ directory: Directory) throws(StoreError) {
        guard let id = ChannelID(try row.text(1)), let state = State(rawValue: try row.text(2)),
            let actor = directory.actor(try row.integer(6)), let identity = directory.identity(of: actor)
        else { throw .corrupt("a channel row cannot be read") }
        number = try row.integer(0)
        self.id = id
        self.state = state
        haltReason = row.isNull(3) ? nil : try row.text(3)
        observing = try row.integer(4) == 1
        let text = try row.text(5)
        do { settings = try directory.settings(text, of: number) } catch { throw .corrupt("the settings of \(id): \(error)") }
        self.actor = identity
        remoteGeneration = row.isNull(7) ? nil : try row.text(7)
        createdAt = Timestamp(milliseconds: try row.integer(8))
        gateway = try row.textIfAny(9)
    }
}

extension Reading {
    /// The ends that goods are kept in step with.
    package func channels() throws(StoreError) -> [ChannelRecord] { try channels("gateway IS NULL") }

    /// The gateways that were ever configured.
    package func gateways() throws(StoreError) -> [ChannelRecord] { try channels("gateway IS NOT NULL") }

    private func channels(_ condition: String) throws(StoreError) -> [ChannelRecord] {
        try perform { db in
            try db.all("SELECT \(ChannelRecord.columns) FROM channel WHERE \(condition) ORDER BY id") { _ in } _: {
                try ChannelRecord($0, directory)
            }
        }
    }

    package func channel(_ id: ChannelID) throws(StoreError) -> ChannelRecord? {
        try perform { db in
            try db.first(ChannelRecord.byID) { $0.set(1, id.text) } _: { try ChannelRecord($0, directory) }
        }
    }

    /// The channel, or an error that says it does not exist.
    package func requireChannel(_ id: ChannelID) throws(StoreError) -> ChannelRecord {
        guard let record = try channel(id) else { throw .notFound("channel \(id)") }
        return record
    }
}

extension Writing {
    /// Makes a channel known, or takes over new settings of one that is.
    @discardableResult
    package func putChannel(_ id: ChannelID, settings: JSON) throws(StoreError) -> ChannelRecord {
        let now = desk.surroundings.time.now().milliseconds
        if let held = try reading.channel(id) {
            if held.state == .retired { throw .contradiction("channel \(id) is retired; choose another id") }
            if held.gateway != nil { throw .contradiction("\(id) is a gateway; choose another id") }
            if held.settings != settings {
                try perform { db in
                    try db.execute(
                        sql: "UPDATE channel SET settings = ?, changed_at = ? WHERE num = ?",
                        arguments: [settings.text, now, held.number])
                }
            }
            return try reading.requireChannel(id)
        }
        let identity = ActorIdentity(role: .channel, name: id.text, incarnation: desk.surroundings.ids.next())
        try perform { db in
            let actor = try desk.directory.intern(identity, db)
            try db.execute(
                sql: """
                    INSERT INTO channel (id, state, settings, actor, created_at, changed_at)
                    VALUES (?, 'active', ?, ?, ?, ?)
                    """, arguments: [id.text, settings.text, actor, now, now])
            let number = db.lastInsertedRowID
            for direction in ["push", "pull"] {
                try db.execute(
                    sql: "INSERT INTO cursor (channel, direction, moved_at) VALUES (?, ?, ?)",
                    arguments: [number, direction, now])
            }
        }
        return try reading.requireChannel(id)
    }

    /// Makes a gateway known; its settings stay in the configuration.
    @discardableResult
    package func putGateway(_ id: ChannelID, kind: String) throws(StoreError) -> ChannelRecord {
        if let held = try reading.channel(id) {
            guard held.gateway == kind else {
                let what = held.gateway.map { "a gateway of the kind \($0)" } ?? "a channel"
                throw .contradiction("\(id) is \(what) already; choose another id")
            }
            return held
        }
        let now = desk.surroundings.time.now().milliseconds
        let identity = ActorIdentity(role: .channel, name: id.text, incarnation: desk.surroundings.ids.next())
        try perform { db in
            let actor = try desk.directory.intern(identity, db)
            try db.execute(
                sql: """
                    INSERT INTO channel (id, state, settings, actor, created_at, changed_at, gateway)
                    VALUES (?, 'active', '{}', ?, ?, ?, ?)
                    """, arguments: [id.text, actor, now, now, kind])
        }
        return try reading.requireChannel(id)
    }

    /// Moves a channel to another state.
    ///
    /// - Returns: whether it was in another state before.
    @discardableResult
    package func setChannel(
        _ id: ChannelID, state: ChannelRecord.State, reason: String? = nil
    ) throws(StoreError) -> Bool {
        let held = try reading.requireChannel(id)
        if held.state == state { return false }
        if held.state == .retired { throw .contradiction("channel \(id) is retired for good") }
        try perform { db in
            try db.execute(
                sql: "UPDATE channel SET state = ?, halt_reason = ?, changed_at = ? WHERE num = ?",
                arguments: [
                    state.rawValue, state == .halted ? reason ?? "no reason given" : nil,
                    desk.surroundings.time.now().milliseconds, held.number,
                ])
        }
        return true
    }

    /// Takes up the actor under which a channel says it counts its own writes, and its generation.
    ///
    /// A generation other than the one known means another data set behind the same
    /// address: a new incarnation of our ghost, everything observed again.
    /// - Returns: whether the data set is another one than before.
    package func meetChannel(_ id: ChannelID, generation: String?, actor: ActorIdentity?) throws(StoreError) -> Bool {
        let held = try reading.requireChannel(id)
        if let actor {
            guard actor.role == .channel, actor.name == id.text else {
                throw .invalid(
                    ValidationFailure(field: "actor", reason: "must be ch:\(id):<incarnation>, got \(actor)"))
            }
            try admit(actor, "actor")
        }
        guard let generation, generation != held.remoteGeneration, planted != .ignoresGeneration || held.remoteGeneration == nil
        else { return false }
        if held.remoteGeneration != nil { try admitDataSet(id) }
        try perform { db in
            try db.execute(
                sql: "UPDATE channel SET remote_generation = ? WHERE num = ?", arguments: [generation, held.number])
        }
        guard held.remoteGeneration != nil else { return false }
        try forgetQuantities(of: held)
        try resyncChannel(id)
        return true
    }

    /// Forgets how far a channel had come: it is observed wholly, then pushed what differs.
    package func resyncChannel(_ id: ChannelID) throws(StoreError) {
        let held = try reading.requireChannel(id)
        if held.gateway != nil { throw .contradiction("\(id) is a gateway: it holds no goods to look at") }
        let identity = ActorIdentity(role: .channel, name: id.text, incarnation: desk.surroundings.ids.next())
        let now = desk.surroundings.time.now().milliseconds
        try perform { db in
            let actor = try desk.directory.intern(identity, db)
            try db.execute(
                sql: "UPDATE channel SET actor = ?, observing = 1, changed_at = ? WHERE num = ?",
                arguments: [actor, now, held.number])
            try db.execute(
                sql: "UPDATE cursor SET position = 0, remote = NULL, moved_at = ? WHERE channel = ?",
                arguments: [now, held.number])
            try db.execute(sql: "DELETE FROM exception WHERE channel = ?", arguments: [held.number])
            // What it had seen was seen by a data set that may be gone: claimed for another one, an edit there would
            // replace writes its people never saw. Which change was agreed on stays, so that a copy of it is known.
            try db.execute(
                sql: """
                    UPDATE shadow SET context = ?, held = NULL, held_value = NULL, version = NULL, pushing_seq = NULL,
                        pushing_hash = NULL, operation = NULL WHERE channel = ?
                    """, arguments: [UnitState.encode(VectorClock(), desk.directory), held.number])
        }
    }

    /// Lets pushes begin after a channel has been observed wholly.
    package func finishObserving(_ id: ChannelID) throws(StoreError) {
        try perform { db in
            try db.execute(sql: "UPDATE channel SET observing = 0 WHERE id = ?", arguments: [id.text])
        }
    }
}
