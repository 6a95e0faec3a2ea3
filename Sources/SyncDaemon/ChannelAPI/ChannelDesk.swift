import Commerce

/// Serves the channels that visit us: takes their edits, hands them ours.
///
/// A channel is already proven to be the one named when a desk is called, and sees
/// its own view only.
protocol ChannelDesk: Sendable {
    /// Rings when the feed moved; whoever waits reads again.
    var news: NewsSignal { get }

    func offer(to channel: ChannelID) async throws(DeskError) -> ChannelOffer

    /// Applies a batch and returns after it is durable.
    ///
    /// The good deltas apply though others are refused. The whole answer, refusals
    /// included, is kept under the batch's message id in the same transaction: the same
    /// batch again gets the same answer and does nothing.
    ///
    /// - Throws: ``DeskError/contradiction(_:)`` when the message id came with another body before.
    func take(_ batch: ChannelBatch, from channel: ChannelID) async throws(DeskError) -> BatchAnswer

    /// What the channel has not seen past a cursor; presenting one acknowledges all before it.
    ///
    /// - Throws: ``DeskError/gone(_:)`` for a cursor of another generation.
    func deltas(for channel: ChannelID, since cursor: String?, limit: Int) async throws(DeskError) -> DeltaPage

    /// The channel's whole view, ordered by entity, page by page.
    func snapshot(for channel: ChannelID, after position: String?, limit: Int) async throws(DeskError) -> SnapshotPage
}

/// What we tell a channel that asks what we take.
struct ChannelOffer: Hashable, Sendable {
    var generation: String
    var batchMax: Int
    var pageMax: Int
    /// Family to policy, by name.
    var families: [(family: String, policy: String)]

    static func == (left: ChannelOffer, right: ChannelOffer) -> Bool { left.hashed == right.hashed }
    func hash(into hasher: inout Hasher) { hasher.combine(hashed) }
    private var hashed: [String] { [generation, "\(batchMax)", "\(pageMax)"] + families.map { "\($0.family):\($0.policy)" } }

    func json(for channel: ChannelID, waitMax: Duration) -> JSON {
        [
            "protocol": "heyi-delta/1", "generation": .string(generation), "channel": .string(channel.text),
            "actor_prefix": .string("ch:\(channel.text):"), "batch_max": .integer(Int64(batchMax)),
            "page_max": .integer(Int64(pageMax)), "wait_max": .integer(waitMax.components.seconds),
            "families": .object(JSONObject(families.map { ($0.family, .string($0.policy)) })),
        ]
    }
}

/// A batch of edits from a channel, already taken apart.
struct ChannelBatch: Hashable, Sendable {
    /// The sender's id of the message, and the SHA-256 of the body it came with.
    var messageID: String
    var digest: [UInt8]
    /// `ch:<id>:<incarnation>`; nil from a channel that keeps no clocks.
    var actor: String?
    var deltas: [IncomingDelta]
    /// Elements that could not be read; part of the answer that is kept.
    var refused: [RefusedDelta]
}

struct RefusedDelta: Hashable, Sendable {
    var index: Int
    var field: String
    var reason: String

    var json: JSON {
        ["index": .integer(Int64(index)), "field": .string(field), "reason": .string(reason)]
    }
}

/// What became of each delta of a batch.
struct BatchAnswer: Hashable, Sendable {
    enum Outcome: String, Sendable, CaseIterable { case applied, known, conflict, proposal }

    struct Result: Hashable, Sendable {
        var index: Int
        var outcome: Outcome
        var sequence: Int64?
        /// Actor text to count.
        var clock: JSON
        /// The live value, when it is not what was sent.
        var value: JSON?

        var json: JSON {
            var object = JSONObject()
            object["index"] = .integer(Int64(index))
            object["outcome"] = .string(outcome.rawValue)
            object["seq"] = sequence.map(JSON.integer)
            object["clock"] = clock
            object["value"] = value
            return .object(object)
        }
    }

    var results: [Result]
    var refused: [RefusedDelta]

    var json: JSON {
        ["results": .array(results.map(\.json)), "rejected": .array(refused.map(\.json))]
    }
}

/// A delta of ours as it goes out; the desk has put it on the wire's form.
struct OutgoingDelta: Hashable, Sendable {
    /// A cursor that continues behind this delta.
    var cursor: String
    var json: JSON
}

struct DeltaPage: Hashable, Sendable {
    var generation: String
    var deltas: [OutgoingDelta]
    var next: String
    /// Nothing more waits behind `next` right now.
    var complete: Bool

    var json: JSON {
        [
            "generation": .string(generation), "next": .string(next), "deltas": .array(deltas.map(\.json)),
            "complete": .bool(complete),
        ]
    }
}

struct SnapshotPage: Hashable, Sendable {
    var generation: String
    var deltas: [JSON]
    /// nil after the last page.
    var next: String?
    /// Where to go on with deltas: taken when the snapshot began.
    var cursor: String

    var json: JSON {
        [
            "generation": .string(generation), "deltas": .array(deltas), "next": next.map(JSON.string) ?? .null,
            "cursor": .string(cursor),
        ]
    }
}
