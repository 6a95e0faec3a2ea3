import Commerce
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import SyncDaemon

struct StatusMetricsTests {
    @Test func `a scrape shows channels, requests and the process`() async throws {
        let world = HTTPWorld()
        world.daemon.change { state in
            var web = Samples.channel("web")
            web.lag = .milliseconds(2_500)
            web.retrying = 2
            state.report.channels = [web]
        }
        world.metrics.push(channel: "web", result: "stored", count: 3)
        world.metrics.commit(seconds: 0.004, writes: 7)
        world.metrics.exchange(channel: "web", operation: "push", seconds: 0.3)
        try await world.visit(.admin) { client in
            _ = try await client.send(.get, "/nowhere")
            let answer = try await client.send(.get, "/metrics")
            #expect(answer.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = Set(answer.text.split(separator: "\n"))
            for line in [
                "heyi_channel_lag_seconds{channel=\"web\"} 2.5", "heyi_channel_state{channel=\"web\",state=\"active\"} 1",
                "heyi_channel_state{channel=\"web\",state=\"halted\"} 0",
                "heyi_queue_rows{channel=\"web\",state=\"retrying\"} 2", "heyi_push_total{channel=\"web\",result=\"stored\"} 3",
                "heyi_pull_total{channel=\"web\",result=\"ok\"} 0", "heyi_store_commit_seconds_bucket{le=\"0.005\"} 1",
"heyi_store_writes_total 7",
                "heyi_channel_request_duration_seconds_bucket{channel=\"web\",operation=\"push\",le=\"0.5\"} 1",
                "heyi_channel_breaker{channel=\"web\",state=\"closed\"} 1",
                "heyi_store_commit_seconds_bucket{le=\"0.0025\"} 0", "heyi_store_commit_seconds_count 1",
                "heyi_http_requests_total{listener=\"admin\",route=\"none\",status=\"404\"} 1",
                "heyi_config_last_reload_successful 1", "heyi_build_info{version=\"1.0.0\"} 1",
                "# TYPE heyi_http_request_duration_seconds histogram", "# TYPE process_open_fds gauge",
            ] {
                #expect(lines.contains(Substring(line)), "missing \(line)")
            }
        }
    }

    @Test func `labels cannot break out of their quotes`() {
        var page = Exposition()
        page.sample("x", [("channel", "a\"b\\c\nd")], 1)
        #expect(page.text == "x{channel=\"a\\\"b\\\\c\\nd\"} 1\n")
    }

    @Test func `readiness asks the store and says what is wrong`() async throws {
        let world = HTTPWorld()
        try await world.visit(.admin) { client in
            let ready = try await client.send(.get, "/readyz?verbose=true")
            #expect(ready.text == "[+]store ok\nready\n")
            world.daemon.change { $0.readiness = [ReadinessCheck(name: "store", fault: "the disk is full")] }
            let unready = try await client.send(.get, "/readyz")
            #expect(unready.status == .serviceUnavailable)
            #expect(try unready.json["detail"] == "store: the disk is full")
            let alive = try await client.send(.get, "/livez")
            #expect(alive.status == .ok)
        }
    }
}
