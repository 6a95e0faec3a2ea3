import ChannelAdapters
import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Synchronization

/// Takes whatever comes, prints it and answers as it was told to.
final class WebhookReceiver: HTTPResponder {
    typealias Context = BasicRequestContext

    private static let bodyBytesMax = 16 << 20

    private let secrets: [Secret]
    private let answer: Int?
    private let every: Int
    private let delay: Duration
    private let json: Bool
    private let count = Mutex(0)

    /// - Parameter secrets: None verifies nothing.
    init(secrets: [Secret], answer: Int?, every: Int, delay: Duration, json: Bool) {
        self.secrets = secrets
        self.answer = answer
        self.every = every
        self.delay = delay
        self.json = json
    }

    func respond(to request: Request, context: BasicRequestContext) async throws -> Response {
        let buffer = try await request.body.collect(upTo: WebhookReceiver.bodyBytesMax)
        let body = Array(buffer.readableBytesView)
        let number = count.withLock { count in
            count += 1
            return count
        }
        let status = number % every == 0 ? answer ?? 204 : 204
        let target = "\(request.method.rawValue) \(request.head.path ?? "/")"
        var found: SignatureDiagnosis?
        if !secrets.isEmpty {
            found = try SignatureDiagnosis(
                body: body, request: target, secrets: secrets, now: Terminal.now(), tolerance: .seconds(StandardWebhooks.toleranceSeconds)
            ) { name in HTTPField.Name(name).flatMap { request.headers[$0] } }
        }
        let names = ["webhook-id", "webhook-timestamp", "content-type"]
        let headers = names.compactMap { name in HTTPField.Name(name).flatMap { request.headers[$0] }.map { (name, $0) } }
        let received = Received(number: number, target: target, headers: headers, body: body, found: found, status: status)
        Terminal.print(json ? [received.json.text] : received.lines)
        if delay > .zero { try await Task.sleep(for: delay) }
        return Response(status: HTTPResponse.Status(code: status))
    }
}

/// One request that was received, for people and for programs.
struct Received {
    let number: Int
    let target: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]
    let found: SignatureDiagnosis?
    let status: Int

    private var content: JSON? {
        guard !body.isEmpty else { return nil }
        do throws(JSONError) { return try JSON.parse(body) } catch { return .string(String(decoding: body, as: UTF8.self)) }
    }

    var lines: [String] {
        let time = String(UTC.text(Terminal.now()).dropFirst(11).prefix(8))
        var lines = ["\(time)Z  #\(number)  \(PlainText.escaped(target))  \(body.count) bytes, answered \(status)"]
        lines += found.map { WebhookVerifyCommand.lines($0, of: 1) } ?? ["not verified"]
        lines += headers.map { "\($0.name): \(PlainText.escaped($0.value))" }
        lines += content.map { JSONText.lines($0) } ?? []
        return [lines[0]] + lines.dropFirst().map { "  " + $0 } + [""]
    }

    var json: JSON {
        [
            "number": .integer(Int64(number)), "at": .integer(Terminal.now().milliseconds), "request": .string(target),
            "headers": .object(JSONObject(headers.map { ($0.name, .string($0.value)) })), "body": content ?? .null,
            "signature": found.map(WebhookVerifyCommand.json) ?? .null, "answered": .integer(Int64(status)),
        ]
    }
}

/// JSON on several lines, for people.
enum JSONText {
    static func lines(_ value: JSON) -> [String] {
        if value.text.utf8.count <= 76 { return [PlainText.escaped(value.text)] }
        switch value {
        case .array(let items):
            return ["["] + parts(items.map { ("", $0) }) + ["]"]
        case .object(let object):
            return ["{"] + parts(object.map { (JSON.string($0.name).text + ": ", $0.value) }) + ["}"]
        default: return [PlainText.escaped(value.text)]
        }
    }

    private static func parts(_ parts: [(String, JSON)]) -> [String] {
        parts.enumerated().flatMap { index, part in
            var lines = Self.lines(part.1)
            lines[0] = PlainText.escaped(part.0) + lines[0]
            if index < parts.count - 1 { lines[lines.count - 1] += "," }
            return lines.map { "  " + $0 }
        }
    }
}
