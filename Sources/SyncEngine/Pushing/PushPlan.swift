import ChannelAdapters
import Commerce
import ConflictResolution
import Crypto
import Store

/// One unit to be pushed, with all that is needed to send it and to settle it.
struct PushItem: Sendable {
    let change: Change
    let remote: RemoteRef
    let operation: OperationID
    /// The channel's version we believe we replace.
    let expecting: String?
    /// Set when the unit was out of step before.
    let exception: ChannelException?
    /// Tries made for this very change before.
    var attempts: Int { exception.map { $0.sequence == change.sequence ? $0.attempts : 0 } ?? 0 }
}

/// What to send next to one channel, and how far that brings it.
struct PushPlan: Sendable {
    let items: [PushItem]
    let from: Int64
    /// Everything up to here is in `items`, excepted, unwanted or an echo.
    let through: Int64
    /// Units that changed since a push of theirs was given up: what became of it is read back
    /// before anything else is sent to them, or it would be taken for an edit.
    var doubtful: [PushItem] = []
    /// Units out of step that the channel itself has written since: it holds what is live.
    var echoes: [UnitRef] = []
}

/// Works out what a channel lacks by reading the feed past its cursor.
///
/// Nothing is queued per channel: what it lacks follows from the record, its cursor
/// and its exceptions, so no crash can lose a push and a unit changed ten times is
/// sent once.
struct PushPlanner {
    let reading: Reading
    let channel: ChannelRecord
    let settings: ChannelSettings
    let capabilities: Capabilities
    let generation: String
    let planted: PlantedFault?

    /// - Parameter retrying: Whether what was tried before and is due again goes first.
    func plan(limit: Int, at now: Timestamp, retrying: Bool) throws(StoreError) -> PushPlan {
        let cursor = try reading.cursor(channel, .push)
        var items: [PushItem] = []
        let anyExceptions = try !reading.exceptionCounts(channel).isEmpty
        var echoes: [UnitRef] = []
        if anyExceptions, retrying { items = try dueItems(at: now, limit: limit, &echoes) }
        // Exceptions go alone: a feed page in the same batch could overtake one of its own entity.
        if !items.isEmpty || !echoes.isEmpty {
            return PushPlan(items: items, from: cursor.position, through: cursor.position, echoes: echoes)
        }
        let page = try reading.feed(after: cursor.position, limit: limit)
        var doubtful: [PushItem] = []
        for change in page.changes {
            guard let item = try item(change, anyExceptions: anyExceptions, &echoes) else { continue }
            if let givenUp = try givenUp(change.unit) { doubtful.append(givenUp) } else { items.append(item) }
        }
        // Not passed by: what waited for a later try must not keep the next write of its unit waiting.
        if !echoes.isEmpty { return PushPlan(items: [], from: cursor.position, through: cursor.position, echoes: echoes) }
        return PushPlan(items: items, from: cursor.position, through: page.through, doubtful: doubtful)
    }

    private func dueItems(at now: Timestamp, limit: Int, _ echoes: inout [UnitRef]) throws(StoreError) -> [PushItem] {
        var items: [PushItem] = []
        for exception in try reading.dueExceptions(channel, at: now, limit: limit)
        where exception.state == .retrying || planted == .skipsReadBack {
            guard let head = try reading.head(exception.unit) else { continue }
            // What it wrote and lost is sent back to it; what it wrote and holds is not.
            if isEcho(head), !exception.operation.contains(OperationID.repetition) {
                echoes.append(exception.unit)
                continue
            }
            items.append(try make(head, exception))
        }
        return items.sorted { $0.change.sequence < $1.change.sequence }
    }

    private func item(
        _ change: Change, anyExceptions: Bool, _ echoes: inout [UnitRef]
    ) throws(StoreError) -> PushItem? {
        guard settings.wants(change.unit.unit, channel: channel.id, offered: capabilities.families) else { return nil }
        let exception = anyExceptions ? try reading.exception(channel, change.unit) : nil
        let shadow = try agreedShadow(change.unit)
        // It wrote this itself. Where something else became live, its own past does not cover the change.
        if isEcho(change) || shadow.map({ $0.baseSequence == change.sequence && $0.context.covers(change.clock) }) == true {
            if let exception, exception.state == .retrying, !exception.operation.contains(OperationID.repetition) {
                echoes.append(change.unit)
            }
            return nil
        }
        // A dead unit lives again with a new value; the others are sent when they are due.
        if let exception, exception.state != .dead || exception.sequence >= change.sequence { return nil }
        return try make(change, exception, expecting: shadow?.version)
    }

    /// What is known of a unit at a channel without clocks, where nothing is under way.
    private func agreedShadow(_ unit: UnitRef) throws(StoreError) -> Shadow? {
        guard !capabilities.keepsClocks, let shadow = try reading.shadow(channel, unit), shadow.pushing == nil,
            shadow.heldHash != nil
        else { return nil }
        return shadow
    }

    /// The push of a unit that was given up and has shown no outcome since.
    private func givenUp(_ unit: UnitRef) throws(StoreError) -> PushItem? {
        guard !capabilities.keepsClocks, let pushing = try reading.shadow(channel, unit)?.pushing, pushing.isGivenUp,
            let change = try reading.change(at: pushing.sequence, of: unit)
        else { return nil }
        return try make(change, nil)
    }

    /// Whether the channel wrote this itself and nothing else came of it: it holds it already.
    private func isEcho(_ change: Change) -> Bool {
        guard planted != .echoes, capabilities.keepsClocks, change.prevailed,
            let author = reading.identity(of: change.dot.actor), author.role == .channel,
            // A life the channel has lost wrote for a data set that is gone.
            author.description == capabilities.actorName || author == channel.actor
        else { return false }
        var seen = change.context
        seen.insert(change.dot)
        return seen == change.clock
    }

    private func make(
        _ change: Change, _ exception: ChannelException?, expecting: String? = nil
    ) throws(StoreError) -> PushItem {
        var expecting = expecting
        if expecting == nil, exception != nil, !capabilities.keepsClocks {
            expecting = try reading.shadow(channel, change.unit)?.version
        }
        return PushItem(
            change: change, remote: try reading.remote(change.unit.entity, of: channel),
            operation: OperationID.of(
                channel: channel.id, change: change,
                generation: planted == .newOperationOnRetry && exception != nil ? "\(generation)again" : generation,
                again: exception?.operation),
            expecting: expecting, exception: exception)
    }
}

extension Reading {
    /// What a channel calls an entity: its own id where it made it, ours otherwise.
    func remote(_ entity: EntityRef, of channel: ChannelRecord) throws(StoreError) -> RemoteRef {
        let namespace = channel.aliasNamespace
        if let alias = try aliases(entity).first(where: { $0.namespace == namespace }) {
            return RemoteRef(kind: entity.kind, id: alias.key)
        }
        return RemoteRef(kind: entity.kind, id: entity.id.text)
    }
}

extension OperationID {
    /// The same change to the same channel is the same operation, however often it is tried.
    ///
    /// - Parameter again: the operation of an exception. Where that repeats a push the channel had
    ///   confirmed and lost, this one is marked alike: under the first name it would only be recognised.
    static func of(
        channel: ChannelID, change: Change, generation: String, again: String? = nil
    ) -> OperationID {
        let text = JSON.array([
            .string(generation), .string(channel.text), .string(change.unit.description), .integer(change.sequence),
        ])
        let digest = SHA256.hash(data: text.bytes).prefix(16)
        let name = digest.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        let mark = again?.split(separator: OperationID.repetition, maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
        return OperationID(mark.map { "\(name)\(OperationID.repetition)\($0)" } ?? name)
    }

    /// Stands before the round that found a confirmed push lost.
    static let repetition: Character = "."
}

extension PushItem {
    func delta(_ reading: Reading, planted: PlantedFault?) -> OutgoingDelta {
        let merged = reading.author(of: change) != nil
        let clock = planted == .clockStandsStill && merged ? change.context : change.clock
        return OutgoingDelta(
            sequence: change.sequence, entity: remote, unit: change.unit.unit,
            operation: change.live.map { .set($0) } ?? .delete,
            token: CausalToken(json: reading.token(of: clock)), key: operation, expecting: expecting)
    }
}
