import Commerce

/// How the values of an entity came to be: who wrote what when, which rule decided,
/// what each channel holds, and what happens next.
struct WhyReport: Hashable, Sendable {
    struct Unit: Hashable, Sendable {
        var name: UnitName
        /// nil for a deleted unit.
        var live: JSON?
        var clock: JSON
        /// The policy's name and, in a sentence, how it chose the live value.
        var policy: String
        var decided: String
        /// All concurrent versions, the live one marked.
        var versions: [Version]
        /// Accepted writes, newest first.
        var history: [Step]
        var holdings: [Holding]
    }

    /// One write that no other has seen and replaced.
    struct Version: Hashable, Sendable {
        var author: String
        var count: Int64
        var at: Timestamp
        var value: JSON?
        var isLive: Bool
    }

    struct Step: Hashable, Sendable {
        var sequence: Int64
        var at: Timestamp
        var author: String
        /// What it did: `set`, `delete`, `merged`, `resolved by uid:1000: …`.
        var action: String
        var value: JSON?
    }

    /// What one channel holds of the unit.
    struct Holding: Hashable, Sendable {
        enum State: String, Sendable, CaseIterable {
            case inStep = "in_step"
            case behind, unknown, retrying, dead, absent, excluded
        }

        var channel: ChannelID
        var state: State
        var value: JSON?
        var lastPush: Timestamp?
        var lastAnswer: String?
        var nextAttempt: Timestamp?
    }

    var ref: EntityRef
    /// SKU codes, handles and channels' own ids, `web: 4711`.
    var aliases: [String]
    var units: [Unit]
    /// Differences found at channels, newest first.
    var drift: [DriftRow] = []

    var json: JSON {
        [
            "entity": ["kind": .string(ref.kind.rawValue), "id": .string(ref.id.text)],
            "aliases": .array(aliases.map(JSON.string)), "units": .array(units.map(\.json)),
            "drift": .array(drift.map(\.json)),
        ]
    }
}

extension WhyReport.Unit {
    var json: JSON {
        [
            "unit": .string(name.text), "value": live ?? .null, "clock": clock, "policy": .string(policy),
            "decided": .string(decided),
            "versions": .array(
                versions.map { version in
                    [
                        "author": .string(version.author), "n": .integer(version.count),
                        "at": .integer(version.at.milliseconds), "value": version.value ?? .null,
                        "live": .bool(version.isLive),
                    ]
                }),
            "history": .array(
                history.map { step in
                    [
                        "seq": .integer(step.sequence), "at": .integer(step.at.milliseconds),
                        "author": .string(step.author), "action": .string(step.action), "value": step.value ?? .null,
                    ]
                }),
            "channels": .array(
                holdings.map { holding in
                    [
                        "channel": .string(holding.channel.text), "state": .string(holding.state.rawValue),
                        "value": holding.value ?? .null,
                        "last_push_at": holding.lastPush.map { .integer($0.milliseconds) } ?? .null,
                        "last_answer": holding.lastAnswer.map(JSON.string) ?? .null,
                        "next_attempt_at": holding.nextAttempt.map { .integer($0.milliseconds) } ?? .null,
                    ]
                }),
        ]
    }
}
