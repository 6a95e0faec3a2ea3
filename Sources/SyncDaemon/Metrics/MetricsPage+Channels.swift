import Commerce

extension MetricsPage {
    /// How far each channel is, as it is now.
    func channels(_ page: inout Exposition) {
        func gauge(_ name: String, _ help: String, _ value: (ChannelStatus) -> Double?) {
            page.family(name, .gauge, help)
            for channel in report.channels {
                if let value = value(channel) { page.sample(name, [("channel", channel.id.text)], value) }
            }
        }
        gauge("heyi_channel_lag_seconds", "Age of the oldest change the channel has not got.") { $0.lag.inSeconds }
        gauge("heyi_channel_lag_changes", "Changes the channel has not got.") { Double($0.lagChanges) }
        gauge("heyi_channel_in_flight", "Deltas sent and not answered.") { Double($0.inFlight) }
        gauge(
            "heyi_channel_last_push_timestamp_seconds",
            "When a push last went well, since 1970 UTC; absent before the first and for visiting channels."
        ) { $0.lastPush.map { Double($0.milliseconds) / 1_000 } }
        gauge(
            "heyi_channel_last_pull_timestamp_seconds",
            "When a pull last went well, since 1970 UTC; absent before the first and for visiting channels."
        ) { $0.lastPull.map { Double($0.milliseconds) / 1_000 } }
        oneHot(&page, "heyi_channel_state", "1 for the state the channel is in, 0 for the others.") { $0.state }
        oneHot(&page, "heyi_channel_breaker", "1 for the state the channel's breaker is in, 0 for the others.") {
            $0.breaker
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

    /// What was exchanged with channels since the process began.
    func exchanges(_ page: inout Exposition, _ figures: Metrics.Figures) {
        counter(&page, "heyi_push_total", "Deltas pushed, by what the channel said.", figures.pushes, "stored")
        counter(&page, "heyi_pull_total", "Pages pulled, and pulls that failed.", figures.pulls, "ok")
        counter(
            &page, "heyi_channel_edits_total", "Edits at channels taken up, by whether they became live.", figures.edits,
            "prevailed")
        let ends = "heyi_channel_certificate_expiry_timestamp_seconds"
        page.family(
            ends, .gauge, "When the certificate the channel showed last ends, since 1970 UTC; absent without TLS.")
        for (channel, time) in figures.certificates.sorted(by: { $0.key < $1.key }) {
            page.sample(ends, [("channel", channel)], Double(time.milliseconds) / 1_000)
        }
        let duration = "heyi_channel_request_duration_seconds"
        page.family(duration, .histogram, "What a channel took to answer, by what it was asked.")
        for (key, histogram) in figures.exchanges.sorted(by: { $0.key < $1.key }) {
            page.histogram(duration, [("channel", key.channel), ("operation", key.result)], histogram)
        }
        let confirmed = "heyi_channel_confirm_seconds"
        page.family(
            confirmed, .histogram, "From a change's commit to the channel's confirmation, for the newest change of a push.")
        for (channel, histogram) in figures.confirmations.sorted(by: { $0.key < $1.key }) {
            page.histogram(confirmed, [("channel", channel)], histogram)
        }
    }

    private func oneHot<State: RawRepresentable & CaseIterable & Equatable>(
        _ page: inout Exposition, _ name: String, _ help: String, _ state: (ChannelStatus) -> State
    ) where State.RawValue == String {
        page.family(name, .gauge, help)
        for channel in report.channels {
            for word in State.allCases {
                page.sample(
                    name, [("channel", channel.id.text), ("state", word.rawValue)], state(channel) == word ? 1 : 0)
            }
        }
    }
}
