package import Commerce

/// Speaks to a simple REST backend that knows neither clocks nor deltas.
///
/// Deltas of one entity become one `PUT` of their fields; the item in the answer says what
/// the backend made of them. The bearer token is the first secret.
package struct PlainAdapter: ChannelAdapter {
    let endpoint: ChannelEndpoint
    let exchange: ChannelExchange
    private let time: any TimeSource

    /// Deltas taken in one push. The backend sees one request an entity whatever this is,
    /// so its own limit does not matter here; it only bounds the time one push takes.
    private static let batchMax = 64

    package init(
        endpoint: ChannelEndpoint, transport: any HTTPTransport, time: any TimeSource
    ) throws(SecretFault) {
        try PlainAdapter.check(endpoint.secrets)
        self.endpoint = endpoint
        self.time = time
        exchange = ChannelExchange(transport: transport)
    }

    static func check(_ secrets: [Secret]) throws(SecretFault) {
        guard let token = secrets.first?.revealed, !token.isEmpty else {
            throw SecretFault(index: 0, reason: "no secret is given")
        }
        guard token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw SecretFault(index: 0, reason: "a bearer token has visible ASCII characters only")
        }
    }

    package func capabilities() async throws(ChannelError) -> Capabilities {
        let response: HTTPResponse
        do {
            response = try await exchange.send(request(.get, "/about"), taking: [404])
        } catch .resyncNeeded(let reason) {
            throw .gone(reason: reason)
        }
        let about = response.status == 404 ? AnswerReader([:]) : try ChannelExchange.json(of: response)
        return try ChannelExchange.reading { () throws(AnswerFault) in
            Capabilities(
                keepsClocks: false,
                comparesAndSwaps: try about.optional("compare_and_swap")?.bool() ?? false,
                recognisesKeys: try about.optional("idempotent")?.bool() ?? false,
                families: try about.optional("units")?.families(),
                batchMax: PlainAdapter.batchMax,
                requestsPerSecond: try about.optional("rate_per_second")?.amount(),
                projection: try about.optional("projection")?.projection() ?? Projection(),
                generation: try about.optional("generation")?.mark())
        }
    }

    package func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        let from: PlainCursor = if let cursor { try PlainCursor(cursor) } else { .beginning }
        var path = "/items?updated_since=\(from.since.milliseconds)"
        if let after = from.after { path += "&after=\(ChannelEndpoint.escaped(after))" }
        let response = try await exchange.send(request(.get, path + "&limit=\(limit)"))
        let answer = try ChannelExchange.json(of: response)
        return try ChannelExchange.reading { () throws(AnswerFault) in
            var observations: [Observation] = []
            var faults: [PullFault] = []
            var last: (updatedAt: Timestamp, name: String)?
            for element in try answer.page("items") {
                // The place in the order must be readable even of an item that is not.
                let name = try element.entity().description
                last = (try element.member("updated_at").timestamp(), name)
                do throws(AnswerFault) {
                    observations += try element.rooted.item().observations
                } catch {
                    faults.append(PullFault(item: name, field: error.path, reason: error.reason))
                }
            }
            let more = try answer.member("more").bool()
            if more, last == nil { throw answer.fault("more is true of a page without items") }
            let next = from.advanced(
                past: last, more: more, serverTime: response["date"].flatMap(HTTPDate.parse),
                overlap: endpoint.overlap, ownTime: time.now())
            return PullPage(
                observations: observations, faults: faults, next: PullCursor(next.text),
                complete: !more && (next != .beginning || from == .beginning))
        }
    }

    package func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] {
        var observations: [Observation] = []
        for entity in entities {
            let response = try await exchange.send(request(.get, path(of: entity)), taking: [404])
            if response.status == 404 {
                observations.append(Observation(entity: entity, unit: nil, content: .absent))
            } else {
                observations += try item(of: response, expecting: entity).observations
            }
        }
        return observations
    }

    package func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        let after = position.map { "after=\(ChannelEndpoint.escaped($0))&" } ?? ""
        let answer = try ChannelExchange.json(
            of: try await exchange.send(request(.get, "/items?\(after)limit=\(limit)")))
        return try ChannelExchange.reading { () throws(AnswerFault) in
            var observations: [Observation] = []
            var last: String?
            for element in try answer.page("items") {
                let item = try element.item()
                observations += item.observations
                last = item.entity.description
            }
            let more = try answer.member("more").bool()
            if more, last == nil { throw answer.fault("more is true of a page without items") }
            return EnumerationPage(observations: observations, next: more ? last : nil)
        }
    }

    func request(_ method: HTTPRequest.Method, _ path: String, body: [UInt8]? = nil) -> HTTPRequest {
        var request = endpoint.request(method, path, body: body)
        request.headers = [
            ("Authorization", "Bearer \(endpoint.secrets[0].revealed)"), ("Accept", "application/json"),
        ]
        if body != nil { request.headers.append(("Content-Type", "application/json")) }
        return request
    }

    func path(of entity: RemoteRef) -> String {
        "/items/\(entity.kind.rawValue)/\(ChannelEndpoint.escaped(entity.id))"
    }

    func item(of response: HTTPResponse, expecting entity: RemoteRef) throws(ChannelError) -> PlainItem {
        let answer = try ChannelExchange.json(of: response)
        let item = try ChannelExchange.reading { () throws(AnswerFault) in try answer.item() }
        guard item.entity == entity else { throw .malformed(reason: "the answer is about another item") }
        return item
    }
}
