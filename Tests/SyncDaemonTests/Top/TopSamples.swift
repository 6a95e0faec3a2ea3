import Commerce

@testable import SyncDaemon

/// A daemon with three channels, read twice, two seconds apart.
enum TopSamples {
    static let at: Int64 = 1_760_000_000_000

    static var readings: TopReadings { TopReadings(now: reading(second: true), before: reading(second: false)) }

    static func reading(second: Bool, begun: Int = 7) -> TopReading {
        let report: JSON = [
            "at": .integer(at), "version": "1.0.0", "uptime_seconds": 8_000, "verdict": "degraded", "conflicts_open": 2,
            "problems": [
                ["text": "web: 3 pushes are dead", "next": "heyi queue list --channel web --state dead"],
                ["text": "2 conflicts are open", "next": "heyi conflicts list"],
            ],
            "channels": [channel("合一商城-outlet", lag: 0), channel("app", lag: 0), channel("web", lag: 300)],
            "inbox": ["waiting": 5], "store": ["feed_head": 400_123, "wal_bytes": 4_194_304, "disk_free_bytes": 12_884_901_888],
            "recent": [
                ["at": .integer(at - 1_000), "level": "warning", "code": "push_failed", "channel": "web", "text": "503\u{1b}[2J"],
                ["at": .integer(at - 9_000), "level": "info", "code": "connected", "channel": "app", "text": "connected"],
            ],
        ]
        let text = """
            process_start_time_seconds \(begun)
            process_resident_memory_bytes 43000000
            heyi_store_writes_total \(second ? 124 : 100)
            heyi_store_commit_seconds_count \(second ? 16 : 10)
            heyi_push_total{channel="web",result="stored"} \(second ? 41 : 1)
            heyi_push_total{channel="web",result="failed"} 3
            heyi_push_total{channel="app",result="stored"} 8
            heyi_channel_request_duration_seconds_bucket{channel="web",operation="push",le="0.1"} 90
            heyi_channel_request_duration_seconds_bucket{channel="web",operation="push",le="0.5"} 100
            heyi_channel_request_duration_seconds_bucket{channel="web",operation="push",le="+Inf"} 100
            heyi_channel_request_duration_seconds_count{channel="web",operation="push"} 100
            heyi_feed_head \(second ? 400_123 : 400_121)
            """
        return TopReading(status: report, figures: FigureReader(text), nanoseconds: second ? 2_000_000_000 : 0)
    }

    private static func channel(_ id: String, lag: Int64) -> JSON {
        [
            "id": .string(id), "kind": "web", "transport": "delta", "state": "active", "breaker": lag > 0 ? "half_open" : "closed",
            "lag_changes": .integer(lag * 4), "lag_seconds": .integer(lag), "in_flight": 0, "retrying": 0, "unknown": 0,
            "dead": lag > 0 ? 3 : 0, "conflicts_open": 0, "last_push_at": .integer(at - 2_000), "last_pull_at": .integer(at - 65_000),
            "last_error": lag > 0 ? "503 Service Unavailable" : .null, "reason": .null, "rate_budget": .null,
        ]
    }

    static func frame(_ view: TopView = TopView(), width: Int = 80, height: Int = 24) -> TopFrame {
        TopFrame(readings: readings, view: view, width: width, height: height)
    }
}
