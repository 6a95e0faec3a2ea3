import ChannelAdapters
import Commerce

/// Calls each channel once for all checks that want to know how it answers.
///
/// By connections of its own, so that whatever hangs there keeps nobody waiting in the engine.
actor ChannelProber {
    /// How a channel's address answered to a request that asks for nothing.
    struct Answer: Sendable {
        let outcome: Result<HTTPResponse, TransportError>
        /// In the middle of the exchange, by our own clock.
        let at: Timestamp
        let took: Duration
    }

    let transport: any HTTPTransport
    private let time: any TimeSource
    private let credentials: String?
    private let answerBytesMax: Int
    private var calls: [ChannelID: Task<Answer, Never>] = [:]
    private var greetings: [ChannelID: Task<Result<Capabilities, ChannelError>?, Never>] = [:]

    /// Shorter than a check's patience, so that a channel that hangs is named.
    static let timeout: Duration = .seconds(10)

    init(transport: any HTTPTransport, time: any TimeSource, credentials: String?, answerBytesMax: Int) {
        self.transport = transport
        self.time = time
        self.credentials = credentials
        self.answerBytesMax = answerBytesMax
    }

    /// - Returns: nil for a channel without an address.
    func call(_ channel: KnownChannel) async -> Answer? {
        guard let url = channel.endpoint else { return nil }
        if let known = calls[channel.id] { return await known.value }
        let addresses: AddressPolicy = channel.settings["allow_private_addresses"]?.bool == true ? .privateToo : .publicOnly
        let task = Task { await answer(url, addresses) }
        calls[channel.id] = task
        return await task.value
    }

    /// Asks any address of this host or a channel, by a GET.
    func answer(_ url: String, _ addresses: AddressPolicy) async -> Answer {
        var request = HTTPRequest(
            method: .get, url: url, timeout: ChannelProber.timeout, responseBytesMax: 1 << 20, addresses: addresses)
        request.asksCertificate = url.lowercased().hasPrefix("https:")
        let (began, start) = (time.now(), time.monotonicNanoseconds())
        let outcome: Result<HTTPResponse, TransportError>
        do throws(TransportError) { outcome = .success(try await transport.send(request)) } catch {
            outcome = .failure(error)
        }
        let took = Duration.nanoseconds(Int64(clamping: time.monotonicNanoseconds() &- start))
        return Answer(outcome: outcome, at: began + took / 2, took: took)
    }

    /// Asks the channel what it takes, signed as always.
    ///
    /// - Returns: nil for a channel without an address, or one whose secrets cannot be used.
    func greet(_ channel: KnownChannel) async -> Result<Capabilities, ChannelError>? {
        if let known = greetings[channel.id] { return await known.value }
        guard let adapter = adapter(for: channel, timeout: ChannelProber.timeout) else { return nil }
        let task = Task { () -> Result<Capabilities, ChannelError>? in
            do throws(ChannelError) { return .success(try await adapter.capabilities()) } catch { return .failure(error) }
        }
        greetings[channel.id] = task
        return await task.value
    }

    /// What the channel holds of some entities now.
    func held(_ entities: [RemoteRef], by channel: KnownChannel) async throws(ChannelError) -> [Observation]? {
        guard let adapter = adapter(for: channel, timeout: ChannelProber.timeout) else { return nil }
        return try await adapter.read(entities)
    }

    private func adapter(for channel: KnownChannel, timeout: Duration) -> (any ChannelAdapter)? {
        guard let url = channel.endpoint else { return nil }
        let dialect = channel.settings["protocol"]?.string.flatMap { ChannelProtocol(rawValue: $0) } ?? .delta
        do {
            let known = try ChannelSecrets(channel.settings, credentials: credentials, window: .seconds(300))
            let endpoint = ChannelEndpoint(
                url: url, secrets: known.secrets, timeout: timeout, responseBytesMax: answerBytesMax,
                addresses: channel.settings["allow_private_addresses"]?.bool == true ? .privateToo : .publicOnly)
            return try AdapterFactory.adapter(for: dialect, endpoint: endpoint, transport: transport, time: time)
        } catch {
            // Another check names the secret that cannot be used.
            return nil
        }
    }
}
