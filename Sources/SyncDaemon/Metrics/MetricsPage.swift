import Commerce

/// Writes the page Prometheus scrapes: this process's counters, and the state of things
/// out of one status report.
struct MetricsPage {
    let metrics: Metrics
    let report: StatusReport
    let process: ProcessFigures?

    var text: String {
        var page = Exposition()
        let figures = metrics.figures
        channels(&page)
        exchanges(&page, figures)
        reconciliation(&page)
        inbox(&page, figures)
        gateways(&page)
        store(&page, figures)
        requests(&page, figures)
        daemon(&page)
        if let process { process.write(to: &page) }
        return page.text
    }

    func one(_ page: inout Exposition, _ name: String, _ kind: Exposition.Kind, _ help: String, _ value: Double) {
        page.family(name, kind, help)
        page.sample(name, [], value)
    }

    /// Counts by channel and result. A series that begins at zero lets a rate see its first step.
    func counter(
        _ page: inout Exposition, _ name: String, _ help: String, _ counts: [Metrics.ExchangeKey: UInt64],
        _ usual: String...
    ) {
        page.family(name, .counter, help)
        var counts = counts
        for channel in report.channels {
            for result in usual { counts[Metrics.ExchangeKey(channel: channel.id.text, result: result), default: 0] += 0 }
        }
        for (key, count) in counts.sorted(by: { $0.key < $1.key }) {
            page.sample(name, [("channel", key.channel), ("result", key.result)], Double(count))
        }
    }

    private func requests(_ page: inout Exposition, _ figures: Metrics.Figures) {
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
        let reloaded = report.configuration.refused == nil
        one(
            &page, "heyi_config_last_reload_successful", .gauge, "1 when the configuration file is in force as it is.",
            reloaded ? 1 : 0)
        one(
            &page, "heyi_clock_shift_seconds", .gauge,
            "How far the host's clock was set since the process began; positive is forward.", metrics.clocks.seconds)
        page.family("heyi_build_info", .gauge, "Always 1; the version is in the label.")
        page.sample("heyi_build_info", [("version", report.version)], 1)
    }
}

extension Duration {
    /// Seconds with their fraction, for metrics and texts; never for money or causality.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
