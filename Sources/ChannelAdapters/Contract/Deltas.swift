package import Commerce

/// What a channel calls an entity: the kind is ours, the id may be the channel's own.
package struct RemoteRef: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let kind: EntityKind
    /// 1 to 128 bytes as the channel spells it.
    package let id: String

    package init(kind: EntityKind, id: String) {
        self.kind = kind
        self.id = id
    }

    package var description: String { "\(kind.rawValue)/\(id)" }
    package static func < (left: RemoteRef, right: RemoteRef) -> Bool {
        (left.kind.rawValue, left.id) < (right.kind.rawValue, right.id)
    }
}

/// Causality as a channel keeps it for us; nothing outside the engine looks inside.
package struct CausalToken: Hashable, Sendable {
    /// A JSON object `{"<actor>": count}`.
    package let json: JSON

    package init(json: JSON) { self.json = json }
}

/// One write a channel made itself: its own actor and how many it has made to the unit.
package struct DotToken: Hashable, Sendable {
    package let actor: String
    package let count: UInt64

    package init(actor: String, count: UInt64) {
        self.actor = actor
        self.count = count
    }
}

/// The name of one intended effect, the same however often it is tried.
package struct OperationID: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) { self.text = text }
    package var description: String { text }
}

/// A unit's value as it should become, or its removal.
package enum DeltaOperation: Hashable, Sendable {
    /// Canonical JSON bytes, encoded once and shared by every channel that takes them as they are.
    case set([UInt8])
    case delete
}

/// One unit on its way to a channel.
package struct OutgoingDelta: Hashable, Sendable {
    /// Place in the feed; grows within a batch.
    package let sequence: Int64
    package let entity: RemoteRef
    package let unit: UnitName
    package let operation: DeltaOperation
    /// What a holder of this value has seen.
    package let token: CausalToken
    package let key: OperationID
    /// The channel's version we believe we replace; nil when unknown or not offered.
    package let expecting: String?

    package init(
        sequence: Int64, entity: RemoteRef, unit: UnitName, operation: DeltaOperation, token: CausalToken,
        key: OperationID, expecting: String?
    ) {
        self.sequence = sequence
        self.entity = entity
        self.unit = unit
        self.operation = operation
        self.token = token
        self.key = key
        self.expecting = expecting
    }
}

package struct PushBatch: Hashable, Sendable {
    /// The store's generation: a channel that sees a new one must take a snapshot.
    package let generation: String
    /// One run of a push loop.
    package let session: String
    /// The batch carries every change in `(from, to]` that this channel wants.
    package let from: Int64
    package let to: Int64
    package let deltas: [OutgoingDelta]

    package init(generation: String, session: String, from: Int64, to: Int64, deltas: [OutgoingDelta]) {
        self.generation = generation
        self.session = session
        self.from = from
        self.to = to
        self.deltas = deltas
    }
}

package struct PushAnswer: Hashable, Sendable {
    /// One for each delta sent, in that order.
    package let outcomes: [PushOutcome]

    package init(outcomes: [PushOutcome]) { self.outcomes = outcomes }
}

package enum PushOutcome: Hashable, Sendable {
    /// The channel holds it. `holding` is what it reports to hold, when it does.
    case stored(holding: Holding?)
    /// The channel had something newer or other than we expected; here it is.
    case stale(Observation)
    /// The channel will never take this as it is.
    case rejected(field: String, reason: String)
    /// Not tried or refused for now; try again, after the wait if one is given.
    case deferred(retryAfter: Duration?)
    /// Sent, and nobody knows whether it landed; read back before anything else.
    case unknown
}

/// What a channel says it holds of a unit.
package struct Holding: Hashable, Sendable {
    /// nil when the channel does not have the unit.
    package let value: JSON?
    package let token: CausalToken?
    /// The channel's own version mark (an ETag, a revision, `updated_at`).
    package let version: String?

    package init(value: JSON?, token: CausalToken?, version: String?) {
        self.value = value
        self.token = token
        self.version = version
    }
}

/// What an adapter saw at a channel. Adapters report; the engine decides.
package struct Observation: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case value(JSON)
        case absent
    }

    package let entity: RemoteRef
    /// nil only with `.absent`: the whole entity is not there.
    package let unit: UnitName?
    package let content: Content
    /// What the channel had seen when it wrote this; nil from a channel that knows no clocks.
    package let token: CausalToken?
    /// The write itself, from a channel that counts its own.
    package let dot: DotToken?
    package let version: String?
    /// When the channel says it changed, by the channel's own clock.
    package let modified: Timestamp?
    /// The channel's name for this report, used to know a repeated one.
    package let event: String?

    package init(
        entity: RemoteRef, unit: UnitName?, content: Content, token: CausalToken? = nil, dot: DotToken? = nil,
        version: String? = nil, modified: Timestamp? = nil, event: String? = nil
    ) {
        self.entity = entity
        self.unit = unit
        self.content = content
        self.token = token
        self.dot = dot
        self.version = version
        self.modified = modified
        self.event = event
    }
}

/// Where a pull stands; opaque, and only meaningful to the adapter that made it.
package struct PullCursor: Hashable, Sendable {
    package let text: String

    package init(_ text: String) { self.text = text }
}

package struct PullPage: Hashable, Sendable {
    package let observations: [Observation]
    /// Items the adapter could not read, each with the reason; the rest of the page stands.
    package let faults: [PullFault]
    package let next: PullCursor
    /// Whether nothing more waits behind `next` right now.
    package let complete: Bool
    /// The data set it was read from; nil from a channel whose pages do not say.
    package let generation: String?

    package init(
        observations: [Observation], faults: [PullFault] = [], next: PullCursor, complete: Bool, generation: String? = nil
    ) {
        self.observations = observations
        self.faults = faults
        self.next = next
        self.complete = complete
        self.generation = generation
    }
}

package struct PullFault: Hashable, Sendable {
    /// Which item: a remote reference as spelled, or its index in the page.
    package let item: String
    package let field: String
    package let reason: String

    package init(item: String, field: String, reason: String) {
        self.item = item
        self.field = field
        self.reason = reason
    }
}

package struct EnumerationPage: Hashable, Sendable {
    package let observations: [Observation]
    /// nil after the last page.
    package let next: String?
    /// The data set it was read from; nil from a channel whose pages do not say.
    package let generation: String?

    package init(observations: [Observation], next: String?, generation: String? = nil) {
        self.observations = observations
        self.next = next
        self.generation = generation
    }
}
