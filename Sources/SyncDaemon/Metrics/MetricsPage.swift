import Commerce

/// Writes the page Prometheus scrapes: this process's counters, and the state of things
/// out of one status report.
struct MetricsPage {
    let metrics: Metrics
    let report: StatusReport
    let process: ProcessFigures?

    var text: String {
        var page = Exposition()
        channels(&page)
        operations(&page)
        requests(&page)
        daemon(&page)
        if let process { process.write(to: &page) }
        return page.text
    }

    private func channels(_ page: inout Exposition) {
        func gauge(_ name: String, _ help: String, _ value: (ChannelStatus) -> Double) {
            page.family(name, .gauge, help)
            for channel in report.channels { page.sample(name, [("channel", channel.id.text)], value(channel)) }
        }
        gauge("heyi_channel_lag_seconds", "Age of the oldest change the channel has not got.") { $0.lag.inSeconds }
        gauge("heyi_channel_lag_changes", "Changes the channel has not got.") { Double($0.lagChanges) }
        gauge("heyi_channel_in_flight", "Deltas sent and not answered.") { Double($0.inFlight) }
        page.family("heyi_channel_state", .gauge, "1 for the state the channel is in, 0 for the others.")
        for channel in report.channels {
            for state in ChannelStatus.State.allCases {
                page.sample(
                    "heyi_channel_state", [("channel", channel.id.text), ("state", state.rawValue)],
                    channel.state == state ? 1 : 0)
            }
        }
        page.family("heyi_queue_rows", .gauge, "Pushes that did not go well, by what is to become of them.")
        for channel in report.channels {
            for (state, count) in [
                (QueueRow.State.retrying, channel.retrying), (.unknown, channel.unknown), (.dead, channel.dead),
            ] {
                page.sample("heyi_queue_rows", [("channel", channel.id.text), ("state", state.rawValue)], Double(count))
            }
        }
    }

    private func operations(_ page: inout Exposition) {
        let figures = metrics.figures
        func counter(_ name: String, _ help: String, _ counts: [Metrics.ExchangeKey: UInt64], _ first: String) {
            page.family(name, .counter, help)
            var counts = counts
            // A series that begins at zero lets a rate see its first step.
            for channel in report.channels {
                counts[Metrics.ExchangeKey(channel: channel.id.text, result: first), default: 0] += 0
            }
            for (key, count) in counts.sorted(by: { ($0.key.channel, $0.key.result) < ($1.key.channel, $1.key.result) }) {
                page.sample(name, [("channel", key.channel), ("result", key.result)], Double(count))
            }
        }
        counter("heyi_push_total", "Deltas pushed, by what the channel said.", figures.pushes, "stored")
        counter("heyi_pull_total", "Pulls, by how they ended.", figures.pulls, "ok")
        page.family("heyi_conflicts_open", .gauge, "Conflicts waiting for a person.")
        page.sample("heyi_conflicts_open", [], Double(report.conflictsOpen))
        page.family("heyi_inbox_rows", .gauge, "Callbacks kept, by state.")
        for (state, count) in [
            (InboxRow.State.waiting, report.inbox.waiting), (.failed, report.inbox.failed),
            (.quarantined, report.inbox.quarantined),
        ] {
            page.sample("heyi_inbox_rows", [("state", state.rawValue)], Double(count))
        }
        page.family("heyi_inbox_oldest_age_seconds", .gauge, "Age of the oldest callback that waits; 0 when none does.")
        page.sample("heyi_inbox_oldest_age_seconds", [], (report.inbox.oldestAge ?? .zero).inSeconds)
        page.family("heyi_store_commit_seconds", .histogram, "Group commits, from begin to after the fsync.")
        page.histogram("heyi_store_commit_seconds", [], figures.commits)
    }

    private func requests(_ page: inout Exposition) {
        let figures = metrics.figures
        page.family("heyi_http_requests_total", .counter, "Requests answered.")
        for (key, count) in figures.requests.sorted(by: {
            ($0.key.listener, $0.key.route, $0.key.status) < ($1.key.listener, $1.key.route, $1.key.status)
        }) {
            page.sample(
                "heyi_http_requests_total",
                [("listener", key.listener), ("route", key.route), ("status", String(key.status))], Double(count))
        }
        page.family("heyi_http_request_duration_seconds", .histogram, "From a request's head to its answer's head.")
        for (listener, routes) in figures.durations.sorted(by: { $0.key < $1.key }) {
            for (route, histogram) in routes.sorted(by: { $0.key < $1.key }) {
                page.histogram(
                    "heyi_http_request_duration_seconds", [("listener", listener), ("route", route)], histogram)
            }
        }
    }

    private func daemon(_ page: inout Exposition) {
        page.family("heyi_store_writable", .gauge, "1 while writes are accepted.")
        page.sample("heyi_store_writable", [], report.store.writable ? 1 : 0)
        page.family("heyi_feed_head", .gauge, "Newest sequence number of the feed.")
        page.sample("heyi_feed_head", [], Double(report.store.feedHead))
        page.family("heyi_config_last_reload_successful", .gauge, "1 when the configuration file is in force as it is.")
        page.sample("heyi_config_last_reload_successful", [], report.configuration.refused == nil ? 1 : 0)
        page.family("heyi_build_info", .gauge, "Always 1; the version is in the label.")
        page.sample("heyi_build_info", [("version", report.version)], 1)
    }
}

extension Duration {
    /// Seconds with their fraction, for metrics and texts; never for money or causality.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
