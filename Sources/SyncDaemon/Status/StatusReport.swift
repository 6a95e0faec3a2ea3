import Commerce

/// How the daemon is, at one moment: what `heyi status`, the status page and the
/// metrics show, so none of them asks the store questions of its own.
struct StatusReport: Hashable, Sendable {
    var at: Timestamp
    var version: String
    var uptime: Duration
    /// The store's generation: another one after a restore or a copy.
    var generation: String
    var channels: [ChannelStatus]
    var inbox: InboxStatus
    var store: StoreStatus
    var conflictsOpen: Int
    /// When the configuration was last read, and whether that one is in force.
    var configuration: ConfigurationStatus
    /// Newest first.
    var recent: [StatusEvent]
    /// What happened to the host's clock lately; nil when it runs evenly.
    var clockStep: String?
    var gateways = GatewaysStatus()

    /// What is not as it should be, the worst first.
    var problems: [StatusProblem] { StatusProblem.find(in: self) }

    var verdict: StatusVerdict {
        let gravest = problems.map(\.kind.gravity).max()
        return switch gravest {
        case .down: .down
        case .degraded: .degraded
        case .note, nil: .ok
        }
    }

    var json: JSON {
        [
            "at": .integer(at.milliseconds), "version": .string(version), "generation": .string(generation),
            "uptime_seconds": .integer(uptime.components.seconds), "verdict": .string(verdict.rawValue),
            "problems": .array(problems.map(\.json)), "channels": .array(channels.map(\.json)),
            "inbox": inbox.json, "store": store.json, "conflicts_open": .integer(Int64(conflictsOpen)),
            "configuration": configuration.json, "recent": .array(recent.map(\.json)),
            "gateways": gateways.json(at: at),
        ]
    }
}

/// The answer to "is it fine?".
enum StatusVerdict: String, Sendable, CaseIterable { case ok, degraded, down }

/// What waits in the inbox.
struct InboxStatus: Hashable, Sendable {
    var waiting: Int
    /// The same id with another body; waits for a person.
    var quarantined: Int
    /// Given up on after many attempts.
    var dead: Int
    /// Of what waits; nil when nothing does.
    var oldestAge: Duration?

    var json: JSON {
        [
            "waiting": .integer(Int64(waiting)), "quarantined": .integer(Int64(quarantined)),
            "dead": .integer(Int64(dead)),
            "oldest_age_seconds": oldestAge.map { .integer($0.components.seconds) } ?? .null,
        ]
    }
}

/// How the store is.
struct StoreStatus: Hashable, Sendable {
    /// False while the disk is full or read-only; nothing is accepted then.
    var writable: Bool
    /// Why not, in a sentence; nil while it is.
    var fault: String?
    var entities: Int
    /// The newest sequence number of the feed.
    var feedHead: Int64
    var fileBytes: Int64
    var logBytes: Int64
    /// Of the file system the store is on, for those who are not root; zero where that is unknown.
    var diskFreeBytes: Int64 = 0
    var diskBytes: Int64 = 0

    var json: JSON {
        [
            "writable": .bool(writable), "fault": fault.map(JSON.string) ?? .null,
            "entities": .integer(Int64(entities)), "feed_head": .integer(feedHead),
            "file_bytes": .integer(fileBytes), "wal_bytes": .integer(logBytes),
            "disk_free_bytes": .integer(diskFreeBytes), "disk_bytes": .integer(diskBytes),
        ]
    }
}

/// Whether the last reload took.
struct ConfigurationStatus: Hashable, Sendable {
    var loaded: Timestamp
    /// The first fault of a newer configuration that was not taken; nil when the file is in force.
    var refused: String?

    var json: JSON {
        ["loaded_at": .integer(loaded.milliseconds), "refused": refused.map(JSON.string) ?? .null]
    }
}
