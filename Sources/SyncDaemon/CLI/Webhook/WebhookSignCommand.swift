import ArgumentParser
import ChannelAdapters
import Commerce

struct WebhookSignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign", abstract: "Sign a body and print the headers to send with it.",
        discussion: """
            Prints one header a line, as curl takes them from a file: -H @FILE. With --curl it prints the whole command.

            Examples:
              heyi callback sign --secret-file web.secret < body.json > headers
              curl -H @headers -H 'content-type: application/json' --data-binary @body.json URL
              heyi callback sign --channel web --body body.json --curl http://127.0.0.1:8470/v1/callbacks/web | sh
              heyi callback sign --secret-env WEBHOOK_SECRET --request 'GET /v1/channels/py/deltas?limit=10'
              heyi callback sign --gateway stripe:paid
              heyi callback sign --channel app --shop 'GET /v1/shop/cart' --header 'Heyi-Member: m-1' > headers
            """)

    @OptionGroup var secret: WebhookSecretOptions
    @Option(name: .long, help: "Sign as this channel of the configuration does.") var channel: String?
    @Option(name: .long, help: "Make the sample callback of a gateway of the configuration instead: GATEWAY:SAMPLE, as stripe:paid.") var gateway: String?
    @OptionGroup var body: WebhookBody
    @Option(name: .long, help: "METHOD and target of a request without a body.") var request: String?
    @Option(name: .long, help: "METHOD and target of a request to the shop API, which is signed whole; --body where it has one.") var shop: String?
    @Option(name: .long, help: "With --shop, one 'name: value' that is signed and printed with it; may be repeated.") var header: [String] = []
    @Option(name: .long, help: "The message's id, the same at each attempt; a new one when left out.") var id: String?
    @Option(name: .long, help: "Seconds since 1970, instead of now.") var at: Int64?
    @Option(name: .long, help: "Print a curl command to this address; the body must be a file.") var curl: String?
    @Flag(name: .long, help: "Print the headers as a JSON object.") var json = false

    func validate() throws {
        if let at, !(0..<100_000_000_000).contains(at) { throw ValidationError("--at must be seconds since 1970, got \(at)") }
        if curl != nil, body.body == nil || body.body == "-" { throw ValidationError("--curl needs --body FILE: curl reads it again") }
        if request != nil, body.body != nil { throw ValidationError("--request is for a request without a body") }
        if let request, request.split(separator: " ").count != 2 { throw ValidationError("--request must be METHOD and target, as 'GET /v1/…'") }
        if let shop, shop.split(separator: " ").count != 2 { throw ValidationError("--shop must be METHOD and target, as 'GET /v1/shop/…'") }
        if shop != nil, request != nil || curl != nil { throw ValidationError("--shop goes without --request and --curl") }
        if shop == nil, !header.isEmpty { throw ValidationError("--header goes with --shop: nothing else signs headers") }
    }

    func run() throws {
        if let gateway { return try sample(gateway) }
        let signatures = try WebhookFailure.signatures(try secret.secrets(of: channel))
        let payload = try request.map { Array($0.utf8) } ?? (shop != nil && body.body == nil ? [] : body.bytes())
        guard shop != nil || !payload.isEmpty else { throw WebhookFailure.said("the body is empty; for a request without one say --request 'GET /…'", .badData) }
        let name = id ?? "msg_\(Surroundings.system.ids.next())"
        let time = at.map { Timestamp(milliseconds: $0 * 1_000) } ?? Terminal.now()
        let headers: [(name: String, value: String)]
        do throws(SignatureFault) {
            if let shop {
                headers = try sign(shop, payload, name, time, signatures)
            } else {
                headers = try signatures.sign(id: name, at: time, payload: payload)
            }
        } catch {
            throw WebhookFailure.said("--id: \(error)", .usage)
        }
        if json {
            Terminal.print(JSON.object(JSONObject(headers.map { ($0.name, .string($0.value)) })).text)
        } else if let curl, let file = body.body {
            let words = headers.map { "-H \(Self.quoted("\($0.name): \($0.value)"))" } + ["-H 'content-type: application/json'"]
            Terminal.print("curl -sS -i \(words.joined(separator: " ")) --data-binary \(Self.quoted("@\(file)")) \(Self.quoted(curl))")
        } else {
            Terminal.print(headers.map { "\($0.name): \($0.value)" })
        }
    }

    /// The headers and, after an empty line, the body, as HTTP has them.
    private func sample(_ name: String) throws {
        let words = name.split(separator: ":", maxSplits: 1).map(String.init)
        guard words.count == 2 else { throw WebhookFailure.said("--gateway must be GATEWAY:SAMPLE, as stripe:paid", .usage) }
        let made = try GatewayCallbacks.sample(try GatewayCallbacks.gateway(words[0], try secret.configuration), words[1])
        let text = String(decoding: made.body, as: UTF8.self)
        if json {
            Terminal.print((["headers": .object(JSONObject(made.headers.map { ($0.name, .string($0.value)) })), "body": .string(text)] as JSON).text)
        } else {
            Terminal.print(made.headers.map { "\($0.name): \($0.value)" } + ["", text])
        }
    }

    /// The headers said, and those that sign them with the request.
    private func sign(
        _ shop: String, _ payload: [UInt8], _ name: String, _ time: Timestamp, _ signatures: StandardWebhooks
    ) throws(SignatureFault) -> [(name: String, value: String)] {
        var said = WebhookVerifyCommand.fields(header)
        if let channel, said["heyi-channel"] == nil { said["heyi-channel"] = channel }
        let words = shop.split(separator: " ").map(String.init)
        let request = SignedRequest(method: words[0], target: words[1], body: payload) { said[$0] }
        return said.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) } + (try signatures.sign(request, id: name, at: time))
    }

    /// As a shell takes it for one word, whatever is in it.
    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: #"'\''"#) + "'" }
}
