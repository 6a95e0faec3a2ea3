import ArgumentParser
import ChannelAdapters
import Commerce
import Foundation

struct WebhookVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Say whether a signature is good, and why not.",
        discussion: """
            Tries the mistakes that are made in practice: a wrong clock, a body that was written anew, a newline more, a
            key that was not decoded. Exit code 0: good, 65: not.

            Examples:
              heyi callback verify --secret-file web.secret --headers headers --body body.json
              heyi callback verify --gateway wxpay --headers headers --body body.json
              heyi callback verify --channel web --header "webhook-id: msg_1" --header "webhook-timestamp: 1760000000" \\
                --header "webhook-signature: v1,…" < body.json
            """)

    @OptionGroup var secret: WebhookSecretOptions
    @Option(name: .long, help: "Verify as for this channel of the configuration.") var channel: String?
    @Option(name: .long, help: "Verify as this gateway of the configuration does, and say what it says.") var gateway: String?
    @OptionGroup var body: WebhookBody
    @Option(name: .long, help: "METHOD and target of a request without a body.") var request: String?
    @Option(name: .long, help: "A file with one 'name: value' a line, as curl -D writes it.", completion: .file()) var headers: String?
    @Option(name: .long, help: "One 'name: value'; may be repeated.") var header: [String] = []
    @Option(name: .long, help: "How far the two clocks may be apart.") var tolerance = "300s"
    @Option(name: .long, help: "Seconds since 1970, instead of now.") var at: Int64?
    @Flag(name: .long, help: "Print the outcome as JSON.") var json = false

    func validate() throws {
        if let at, !(0..<100_000_000_000).contains(at) { throw ValidationError("--at must be seconds since 1970, got \(at)") }
        guard DurationText.read(tolerance) != nil else { throw ValidationError("--tolerance must be a time such as 300s, got \(tolerance)") }
        guard headers != nil || !header.isEmpty else { throw ValidationError("name the headers: --headers FILE or --header 'webhook-id: …'") }
    }

    func run() throws {
        var lines = header
        if let headers {
            do { lines += try String(contentsOfFile: headers, encoding: .utf8).split(whereSeparator: \.isNewline).map(String.init) } catch {
                throw WebhookFailure.said("\(headers) cannot be read as text", .badData)
            }
        }
        let fields = Self.fields(lines)
        if let gateway { return try verify(as: gateway, fields) }
        let secrets = try secret.secrets(of: channel)
        _ = try WebhookFailure.signatures(secrets)
        let payload = request == nil ? try body.bytes() : []
        let now = at.map { Timestamp(milliseconds: $0 * 1_000) } ?? Terminal.now()
        let found = try SignatureDiagnosis(
            body: payload, request: request, secrets: secrets, now: now, tolerance: DurationText.read(tolerance) ?? .seconds(300)
        ) { fields[$0] }
        Terminal.print(json ? [Self.json(found).text] : Self.lines(found, of: secrets.count))
        if !found.isValid { throw ExitStatus.badData.exit }
    }

    private func verify(as name: String, _ fields: [String: String]) throws {
        let callback = GatewayCallback(headers: fields.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }, body: try body.bytes())
        let now = at.map { Timestamp(milliseconds: $0 * 1_000) } ?? Terminal.now()
        let (isGenuine, lines) = GatewayCallbacks.judge(callback, try GatewayCallbacks.gateway(name, try secret.configuration), at: now)
        Terminal.print(json ? [(["valid": .bool(isGenuine), "lines": .array(lines.map(JSON.string))] as JSON).text] : lines)
        if !isGenuine { throw ExitStatus.badData.exit }
    }

    /// Names in lower case; a line that is no header is passed over, as a status line is.
    static func fields(_ lines: [String]) -> [String: String] {
        var fields: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let name = line[..<colon].drop { $0 == " " || $0 == "<" || $0 == ">" }.lowercased()
            fields[name] = String(line[line.index(after: colon)...].drop { $0 == " " }.reversed().drop { $0.isWhitespace }.reversed())
        }
        return fields
    }

    static func lines(_ found: SignatureDiagnosis, of count: Int) -> [String] {
        guard found.isValid else {
            return found.reasons.map { "not valid: " + PlainText.escaped($0) } + (found.note.map { ["although \($0)"] } ?? [])
        }
        let age = found.age ?? 0
        let time = age < 0 ? "\(-age) s ahead" : "\(age) s ago"
        let which = count > 1 ? ", by secret \(found.secret ?? 0) of \(count)" : ""
        return ["valid: message \(PlainText.escaped(found.messageID ?? "-")), signed \(time)\(which)"]
    }

    static func json(_ found: SignatureDiagnosis) -> JSON {
        [
            "valid": .bool(found.isValid), "message_id": found.messageID.map(JSON.string) ?? .null,
            "age_seconds": found.age.map(JSON.integer) ?? .null, "secret": found.secret.map { .integer(Int64($0)) } ?? .null,
            "reasons": .array(found.reasons.map(JSON.string)), "note": found.note.map(JSON.string) ?? .null,
        ]
    }
}
