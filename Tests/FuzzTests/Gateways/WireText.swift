@testable import ChannelAdapters

/// Heads and a body as one text, so that a mutation may hit either: a line for each head, an empty line, the body.
struct WireText {
    var heads: [(name: String, value: String)] = []
    var body: [UInt8] = []

    init(_ heads: [(name: String, value: String)], _ body: [UInt8]) {
        self.heads = heads
        self.body = body
    }

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[..<end]
            rest = rest[rest.index(after: end)...]
            if line.isEmpty { break }
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            let value = line[colon...].dropFirst().drop { $0 == 0x20 }
            heads.append((String(decoding: line[..<colon], as: UTF8.self).lowercased(), String(decoding: value, as: UTF8.self)))
        }
        body = Array(rest)
    }

    var bytes: [UInt8] { heads.flatMap { Array("\($0.name): \($0.value)\n".utf8) } + [0x0A] + body }

    /// A head that is none of HTTP's, such as `:tail` and `:status`.
    func pseudo(_ name: String) -> String? { heads.first { $0.name == name }?.value }

    var callback: GatewayCallback { GatewayCallback(tail: pseudo("tail") ?? "", headers: heads, body: body) }

    var response: HTTPResponse {
        HTTPResponse(status: pseudo("status").flatMap { Int($0) } ?? 200, headers: heads, body: body)
    }
}

/// Answers whatever it is asked with the same, within what the asker takes.
struct OneAnswer: HTTPTransport {
    let response: HTTPResponse

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        guard response.body.count <= request.responseBytesMax else { throw .responseTooLarge(bytesMax: request.responseBytesMax) }
        return response
    }
}
