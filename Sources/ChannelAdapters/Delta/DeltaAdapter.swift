package import Commerce
import Crypto

/// Speaks Heyi's own delta protocol to a channel that offers its endpoints.
///
/// Requests are signed as Standard Webhooks say. The id of a push is made of its body,
/// so a repeated push has the same id and one with other deltas has another.
package struct DeltaAdapter: ChannelAdapter {
    private let endpoint: ChannelEndpoint
    private let exchange: ChannelExchange
    private let time: any TimeSource
    private let signer: StandardWebhooks
    /// Entities in one `POST read`, as the protocol limits it.
    private static let readMax = 100

    package init(
        endpoint: ChannelEndpoint, transport: any HTTPTransport, time: any TimeSource
    ) throws(SecretFault) {
        self.endpoint = endpoint
        self.time = time
        exchange = ChannelExchange(transport: transport)
        signer = try StandardWebhooks(secrets: endpoint.secrets)
    }

    package func capabilities() async throws(ChannelError) -> Capabilities {
        let answer: AnswerReader
        do {
            answer = try await ask(.get, "/capabilities")
        } catch .resyncNeeded(let reason) {
            // There is no cursor to lose here: whoever is gone at its own front door is gone.
            throw .gone(reason: reason)
        }
        return try ChannelExchange.reading { () throws(AnswerFault) in try answer.capabilities() }
    }

    package func push(_ batch: PushBatch) async throws(ChannelError) -> PushAnswer {
        let answer = try await ask(.post, "/deltas", body: DeltaWriter.push(batch))
        return try ChannelExchange.reading { () throws(AnswerFault) in try answer.pushAnswer(to: batch) }
    }

    package func pull(after cursor: PullCursor?, limit: Int) async throws(ChannelError) -> PullPage {
        let known = try GenerationMark(cursor?.text)
        var path = "/deltas?"
        if let known { path += "since=\(ChannelEndpoint.escaped(known.position))&" }
        let answer = try await ask(.get, path + "limit=\(limit)")
        let generation = try generation(of: answer, expecting: known)
        return try ChannelExchange.reading { () throws(AnswerFault) in
            let (observations, faults) = try answer.pulledDeltas()
            let position = try answer.member("next").mark(bytesMax: AnswerLimits.cursorBytesMax, emptyAllowed: true)
            let mark = GenerationMark(generation: generation, position: position)
            return PullPage(
                observations: observations, faults: faults, next: PullCursor(mark.text),
                complete: try answer.member("complete").bool(), generation: generation)
        }
    }

    package func read(_ entities: [RemoteRef]) async throws(ChannelError) -> [Observation] {
        var observations: [Observation] = []
        var rest = entities[...]
        while !rest.isEmpty {
            let some = rest.prefix(DeltaAdapter.readMax)
            rest = rest.dropFirst(some.count)
            let answer = try await ask(.post, "/read", body: DeltaWriter.read(Array(some)))
            observations += try ChannelExchange.reading { () throws(AnswerFault) in
                try answer.deltas() + answer.absentEntities()
            }
        }
        return observations
    }

    package func enumerate(after position: String?, limit: Int) async throws(ChannelError) -> EnumerationPage {
        let known = try GenerationMark(position)
        var path = "/snapshot?"
        if let known { path += "after=\(ChannelEndpoint.escaped(known.position))&" }
        let answer = try await ask(.get, path + "limit=\(limit)")
        let generation = try generation(of: answer, expecting: known)
        return try ChannelExchange.reading { () throws(AnswerFault) in
            let next = try answer.optional("next")?.mark(bytesMax: AnswerLimits.cursorBytesMax, emptyAllowed: true)
            // A delta left out would look like something the channel does not have.
            return EnumerationPage(
                observations: try answer.deltas(),
                next: next.map { GenerationMark(generation: generation, position: $0).text }, generation: generation)
        }
    }

    private func generation(
        of answer: AnswerReader, expecting known: GenerationMark?
    ) throws(ChannelError) -> String {
        let generation = try ChannelExchange.reading { () throws(AnswerFault) in
            try answer.member("generation").mark()
        }
        guard known == nil || known?.generation == generation else {
            throw .resyncNeeded(reason: "the channel's generation is another than the cursor's")
        }
        return generation
    }

    func ask(
        _ method: HTTPRequest.Method, _ path: String, body: [UInt8]? = nil
    ) async throws(ChannelError) -> AnswerReader {
        var request = endpoint.request(method, path, body: body)
        let target = endpoint.basePath + path
        let payload = StandardWebhooks.payload(method: method.rawValue, target: target, body: body)
        let now = time.now()
        // Reads have no effect, so each may be a message of its own.
        let name = body == nil ? payload + Array(" \(now.milliseconds)".utf8) : payload
        do {
            request.headers = try signer.sign(id: DeltaAdapter.messageID(name), at: now, payload: payload)
        } catch {
            throw .rejected(field: "request", reason: "\(error)")
        }
        request.headers.append(("Accept", "application/json"))
        if body != nil { request.headers.append(("Content-Type", "application/json")) }
        return try ChannelExchange.json(of: try await exchange.send(request))
    }

    private static func messageID(_ bytes: [UInt8]) -> String {
        let digest = SHA256.hash(data: bytes).prefix(16)
        return "msg_" + digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
