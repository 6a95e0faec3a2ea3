import ArgumentParser
import ChannelAdapters
import Commerce

struct WebhookTriggerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger", abstract: "Send a signed callback to a running daemon's door.",
        discussion: """
            TYPE is deltas or changed for a channel, or the sample of a gateway, such as paid or moved: it is signed with the keys
            of the configuration, where they suffice. Without --body a sample about product/heyi-sample is sent: where the channel may
            create entities, deltas makes it. Each message gets an id of its own, unless --id names one.
            Exit code 0: all were taken, 65: refused, 69: nobody answers, 75: to be sent again later.

            Examples:
              heyi callback trigger web changed
              heyi callback trigger stripe paid
              heyi callback trigger py deltas --body body.json --secret-file py.secret
              heyi callback trigger web changed --entity product/fairness-pitcher --count 100
            """)

    @Argument(help: "The channel or the gateway to send as.") var channel: String
    @Argument(help: "deltas or changed; for a gateway the name of a sample.") var type: String
    @OptionGroup var secret: WebhookSecretOptions
    @Option(name: .long, help: "The body's file instead of the sample; - is standard input.", completion: .file()) var body: String?
    @Option(name: .long, help: "What the sample is about.") var entity = "product/heyi-sample"
    @Option(name: .long, help: "How many, 1…100000, one after the other.") var count = 1
    @Option(name: .long, help: "The message's id; only for one.") var id: String?
    @Option(name: .long, help: "The daemon's public address. Default: that of the configuration.") var url: String?
    @Flag(name: .long, help: "Print each answer as a JSON object on a line.") var json = false

    func validate() throws {
        guard ChannelID(channel) != nil else { throw ValidationError("the channel must be 1 to 32 of a-z 0-9 -, beginning with a letter") }
        guard (1...32).contains(type.utf8.count) else { throw ValidationError("the type must be deltas or changed, or a gateway's sample") }
        guard EntityRef(entity) != nil else { throw ValidationError("--entity must be kind/id, as product/tea, got \(entity)") }
        guard (1...100_000).contains(count) else { throw ValidationError("--count must be 1…100000, got \(count)") }
        if id != nil, count > 1 { throw ValidationError("--id is for one message; the same id again is the same message") }
    }

    func run() async throws {
        if SampleCallback(rawValue: type) == nil { return try await runGateway() }
        let signatures = try WebhookFailure.signatures(try secret.secrets(of: channel))
        let target = try "\(url ?? address())/v1/callbacks/\(channel)"
        var given: [UInt8]?
        if let body {
            let file = try WebhookBody.parse(["--body", body])
            given = try file.bytes()
        }
        let transport = CurlTransport(configuration: .ordinary)
        var worst = ExitStatus.ok
        for number in 1...count {
            let status = try await send(number, given, target, signatures, transport)
            if worst == .ok { worst = status }
            if status == .unreachable { break }
        }
        await transport.shutdown(grace: .seconds(2))
        if worst != .ok { throw worst.exit }
    }

    private func runGateway() async throws {
        let configuration = try secret.configuration
        guard configuration.gateways.contains(where: { $0.id.text == channel }) else {
            throw WebhookFailure.said("for a channel the type is deltas or changed, got \(type); and no gateway is called \(channel)", .usage)
        }
        let sample = try GatewayCallbacks.sample(try GatewayCallbacks.gateway(channel, configuration), type)
        let target = try "\(url ?? address())\(GatewayRoutes.root)/\(channel)" + (sample.tail.isEmpty ? "" : "/\(sample.tail)")
        let transport = CurlTransport(configuration: .ordinary)
        var worst = ExitStatus.ok
        for number in 1...count {
            let request = HTTPRequest(
                method: .post, url: target, headers: sample.headers, body: sample.body, timeout: .seconds(30),
                responseBytesMax: 1 << 20, addresses: .privateToo)
            let status = await send(request, named: "sample \(number)", transport)
            if worst == .ok { worst = status }
            if status == .unreachable { break }
        }
        await transport.shutdown(grace: .seconds(2))
        if worst != .ok { throw worst.exit }
    }

    private func send(_ request: HTTPRequest, named name: String, _ transport: CurlTransport) async -> ExitStatus {
        do throws(TransportError) {
            let answer = try await transport.send(request)
            report(name, answer)
            return (200..<300).contains(answer.status) ? .ok : ExitStatus(httpStatus: answer.status)
        } catch {
            Terminal.say("heyi: \(request.url) gives no answer: \(Self.words(error))")
            Terminal.say("next: heyi status; another address: --url http://HOST:PORT")
            return .unreachable
        }
    }

    private func send(
        _ number: Int, _ given: [UInt8]?, _ target: String, _ signatures: StandardWebhooks, _ transport: CurlTransport
    ) async throws -> ExitStatus {
        guard let sample = SampleCallback(rawValue: type), let about = EntityRef(entity) else { return .usage }
        let payload = given ?? sample.body(about, number: number).bytes
        let name = id ?? "msg_\(Surroundings.system.ids.next())"
        let headers: [(name: String, value: String)]
        do throws(SignatureFault) {
            headers = try signatures.sign(id: name, at: Terminal.now(), payload: payload)
        } catch {
            throw WebhookFailure.said("--id: \(error)", .usage)
        }
        let request = HTTPRequest(
            method: .post, url: target, headers: headers + [("content-type", "application/json")], body: payload,
            timeout: .seconds(30), responseBytesMax: 1 << 20, addresses: .privateToo)
        return await send(request, named: name, transport)
    }

    private static func words(_ error: TransportError) -> String {
        switch error {
        case .invalidRequest(let reason), .unreachable(let reason), .untrusted(let reason), .interrupted(let reason): PlainText.escaped(reason)
        case .timedOut: "none within 30 s"
        case .responseTooLarge(let bytesMax): "it is longer than \(bytesMax) bytes"
        case .forbiddenAddress(let address): "\(address) is no address to send to"
        case .cancelled: "cancelled"
        }
    }

    private func report(_ name: String, _ answer: HTTPResponse) {
        var problem = JSON.null
        if !answer.body.isEmpty {
            do throws(JSONError) { problem = try JSON.parse(answer.body) } catch { problem = .string(String(decoding: answer.body, as: UTF8.self)) }
        }
        if json {
            Terminal.print(JSON.object(JSONObject([("id", .string(name)), ("status", .integer(Int64(answer.status))), ("answer", problem)])).text)
            return
        }
        let words = problem["detail"]?.string ?? problem["title"]?.string ?? (answer.status == 204 ? "kept; heyi inbox list shows what becomes of it" : "")
        Terminal.print("\(name)  \(answer.status)  \(PlainText.escaped(words))")
        if let next = problem["next"]?.string { Terminal.say("next: " + PlainText.escaped(next)) }
    }

    /// Where the daemon of the configuration listens for channels.
    private func address() throws -> String {
        let listen = try secret.configuration.listen.publicAddress
        let host = listen.host == "0.0.0.0" ? "127.0.0.1" : listen.host == "::" ? "::1" : listen.host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(listen.port)"
    }
}
