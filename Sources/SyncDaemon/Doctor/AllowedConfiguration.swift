import Commerce
import SyncEngine

/// The part of a configuration that may leave the host: numbers, switches and words of ours.
///
/// Each key is named here. A key that comes into the configuration later stays out until
/// somebody adds it, and so does every text an operator can choose freely.
enum AllowedConfiguration {
    static func json(_ configuration: Configuration) -> JSON {
        [
            "store": [
                "readers": .integer(Int64(configuration.store.readers)), "inbox_keep": duration(configuration.store.inboxKeep),
                "tombstone_keep": duration(configuration.store.tombstoneKeep),
                "directory_is_usual": .bool(configuration.store.directory == Configuration.Store().directory),
            ],
            "listen": [
                "public_on_loopback": .bool(configuration.listen.publicAddress.isLoopback),
                "admin_on_loopback": .bool(configuration.listen.adminAddress.isLoopback),
                "admin_behind_tls": .bool(configuration.listen.adminBehindTLS),
            ],
            "log": [
                "level": .string("\(configuration.log.level)"), "format": .string("\(configuration.log.format)"),
                "recent_lines": .integer(Int64(configuration.log.recentLines)),
            ],
            "push": [
                "batch": .integer(Int64(configuration.push.batch)), "timeout": duration(configuration.push.timeout),
                "retry_base": duration(configuration.push.retryBase), "retry_cap": duration(configuration.push.retryCap),
                "retry_horizon": duration(configuration.push.retryHorizon),
                "retry_share_thousandths": .integer(Int64(configuration.push.retryShare * 1_000)),
            ],
            "pull": [
                "every": duration(configuration.pull.every), "page": .integer(Int64(configuration.pull.page)),
                "overlap": duration(configuration.pull.overlap),
                "deletions_max": .integer(Int64(configuration.pull.deletionsMax)),
            ],
            "limits": limits(configuration.limits),
            "watchdog": ["progress_within": duration(configuration.watchdog.progressWithin)],
            "shutdown": ["drain_timeout": duration(configuration.shutdown.drainTimeout)],
            "channels_declared": .integer(Int64(configuration.channels.count)),
        ]
    }

    private static func limits(_ limits: Configuration.Limits) -> JSON {
        [
            "body_bytes": .integer(Int64(limits.bodyBytes)), "answer_bytes": .integer(Int64(limits.answerBytes)),
            "json_depth": .integer(Int64(limits.jsonDepth)), "deltas_per_request": .integer(Int64(limits.deltasPerRequest)),
            "connections": .integer(Int64(limits.connections)), "request_timeout": duration(limits.requestTimeout),
            "poll_wait": duration(limits.pollWait), "signature_window": duration(limits.signatureWindow),
            "cell_bytes": .integer(Int64(limits.cellBytes)),
        ]
    }

    /// What the store keeps of a channel. Of its address only the scheme, of its secrets only how they are kept.
    static func settings(_ settings: JSON) -> JSON {
        let engine = ChannelSettings(json: settings)
        let references = (settings["secrets"] ?? settings["secret_files"])?.array ?? []
        return [
            "kind": .string(["web", "app"].contains(engine.kind) ? engine.kind : AllowedText.other),
            "protocol": .string(settings["protocol"]?.string == "plain" ? "plain" : "delta"),
            "endpoint": settings["endpoint"]?.string.map { .string($0.hasPrefix("https:") ? "https" : "http") } ?? .null,
            "secret_files": .integer(Int64(references.count { $0.string?.hasPrefix("credential:") == false })),
            "secret_credentials": .integer(Int64(references.count { $0.string?.hasPrefix("credential:") == true })),
            "families": engine.families.map { .array(families($0)) } ?? .null, "owner_of": .array(families(engine.ownerOf)),
            "creates": .bool(engine.creates), "deletes": .string(engine.deletes.rawValue), "push": .bool(engine.push),
            "pull_every": duration(engine.pullEvery), "batch": .integer(Int64(engine.batchMax)),
            "limited": .bool(engine.requestsPerSecond != nil), "projects": .bool(engine.projection != Projection()),
            "private_addresses": .bool(settings["allow_private_addresses"]?.bool ?? false),
        ]
    }

    /// Families the catalog of units knows; of others only that there are some.
    static func families(_ names: Set<String>) -> [JSON] {
        let known = Set(EntityKind.allCases.flatMap { UnitCatalog.families(of: $0) }.map(\.family))
        return names.sorted().map { .string(known.contains($0) ? $0 : AllowedText.other) }
    }

    private static func duration(_ duration: Duration) -> JSON { .string(DurationText.write(duration)) }
}
