import ChannelAdapters
import Commerce

/// One channel's transport, which notes how long the channel takes to answer.
///
/// Measured here and not around the adapter, so that nothing an adapter can do passes by unseen.
struct MeasuredTransport: HTTPTransport {
    let channel: ChannelID
    let transport: any HTTPTransport
    let metrics: Metrics
    let time: any TimeSource

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let operation = MeasuredTransport.operation(of: request)
        let begun = time.monotonicNanoseconds()
        defer {
            let seconds = Double(time.monotonicNanoseconds() - begun) / 1e9
            metrics.exchange(channel: channel.text, operation: operation, seconds: seconds)
        }
        var request = request
        request.asksCertificate = request.url.hasPrefix("https:")
        let answer = try await transport.send(request)
        if let ends = answer.certificateEnds { metrics.certificate(of: channel.text, ends: ends) }
        if operation == "pull", (200..<300).contains(answer.status) { metrics.pull(channel: channel.text, result: "ok") }
        return answer
    }

    /// What a request of either protocol is for, out of a closed list.
    static func operation(of request: HTTPRequest) -> String {
        let parts = request.url.split(separator: "?", maxSplits: 1)
        let place = parts.first?.split(separator: "/").last ?? ""
        let query = parts.count > 1 ? parts[1] : ""
        switch (request.method, place) {
        case (.get, "capabilities"), (.get, "about"): return "capabilities"
        case (.post, "deltas"), (.put, _), (.delete, _): return "push"
        case (.get, "deltas"): return "pull"
        case (.get, "items"): return query.contains("updated_since=") ? "pull" : "enumerate"
        case (.get, "snapshot"): return "enumerate"
        case (.post, "read"), (.get, _): return "read"
        case (.post, _): return "other"
        }
    }
}
