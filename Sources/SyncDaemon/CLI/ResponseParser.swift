/// Reads an HTTP/1.1 answer out of bytes as they arrive, however they are cut.
struct ResponseParser {
    struct Head: Hashable, Sendable {
        var status = 0
        /// Names in lower case.
        var headers: [String: String] = [:]
    }

    struct Malformed: Error, Hashable { let reason: String }

    private enum State: Hashable {
        case head
        case bytes(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailer
        case untilClose
        case done
    }

    static let headBytesMax = 64 << 10

    private(set) var head = Head()
    private var state = State.head
    private var line: [UInt8] = []
    private var headBytes = 0

    var isDone: Bool { state == .done }
    var hasHead: Bool { state != .head }

    /// - Parameter body: Called with each piece of the body, decoded.
    mutating func consume(_ bytes: ArraySlice<UInt8>, body: (ArraySlice<UInt8>) throws -> Void) throws {
        var rest = bytes
        while !rest.isEmpty, state != .done {
            switch state {
            case .bytes(let left), .chunk(let left):
                let piece = rest.prefix(left)
                try body(piece)
                rest = rest.dropFirst(piece.count)
                let remaining = left - piece.count
                if case .bytes = state { state = remaining == 0 ? .done : .bytes(left: remaining) } else {
                    state = remaining == 0 ? .chunkEnd : .chunk(left: remaining)
                }
            case .untilClose:
                try body(rest)
                rest = []
            case .head, .chunkSize, .chunkEnd, .trailer:
                guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                    line += rest
                    if line.count > Self.headBytesMax { throw Malformed(reason: "a line without end") }
                    return
                }
                line += rest[..<end]
                rest = rest[(end + 1)...]
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                let text = String(decoding: line, as: UTF8.self)
                line = []
                try take(text)
            case .done: return
            }
        }
    }

    /// The connection was closed by the other side.
    mutating func close() throws {
        guard state == .untilClose || state == .done else { throw Malformed(reason: "the answer breaks off") }
        state = .done
    }

    private mutating func take(_ text: String) throws {
        switch state {
        case .head:
            headBytes += text.utf8.count
            if headBytes > Self.headBytesMax { throw Malformed(reason: "headers too long") }
            try takeHead(text)
        case .chunkSize:
            let digits = text.prefix { $0 != ";" }.filter { $0 != " " }
            guard let size = Int(digits, radix: 16), size >= 0 else { throw Malformed(reason: "bad chunk") }
            state = size == 0 ? .trailer : .chunk(left: size)
        case .chunkEnd: state = .chunkSize
        case .trailer: if text.isEmpty { state = .done }
        case .bytes, .chunk, .untilClose, .done: break
        }
    }

    private mutating func takeHead(_ text: String) throws {
        if head.status == 0 {
            let parts = text.split(separator: " ", maxSplits: 2)
            guard parts.count >= 2, parts[0].hasPrefix("HTTP/1."), let status = Int(parts[1]) else {
                throw Malformed(reason: "no HTTP answer")
            }
            head.status = status
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " }
            head.headers[text[..<colon].lowercased()] = String(value)
        } else if text.isEmpty {
            guard head.status >= 200 else {
                head = Head()
                return
            }
            state = try bodyState()
        } else {
            throw Malformed(reason: "bad header")
        }
    }

    private func bodyState() throws -> State {
        if head.status == 204 || head.status == 304 { return .done }
        if head.headers["transfer-encoding"]?.lowercased() == "chunked" { return .chunkSize }
        guard let length = head.headers["content-length"] else { return .untilClose }
        guard let count = Int(length), count >= 0 else { throw Malformed(reason: "bad content-length") }
        return count == 0 ? .done : .bytes(left: count)
    }
}
