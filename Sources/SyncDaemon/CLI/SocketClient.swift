import CDispatch
import Commerce
import Glibc

/// Asks the running daemon over its UNIX socket: one request, one connection.
///
/// Blocking, for commands that do nothing else meanwhile. Sending and receiving go on
/// side by side, because an import is answered while its file is still going out.
struct SocketClient {
    let path: String
    /// How long the daemon may say nothing; nil for as long as it likes.
    var patience: (@Sendable () -> Duration)?

    struct Request {
        var method = "GET"
        /// Below `/admin/v1`, already encoded; see ``target(_:_:)``.
        var target: String
        var headers: [(String, String)] = []
        var body = Body.none
    }

    enum Body {
        case none
        case json(JSON)
        /// An open file, sent from where it stands to its end.
        case file(descriptor: Int32, bytes: Int)
    }

    /// - Parameter body: Called with each piece of a successful answer as it comes.
    /// - Throws: ``ClientError``; a refusal carries the daemon's own words.
    func send(_ request: Request, body: (ArraySlice<UInt8>) throws -> Void) throws -> ResponseParser.Head {
        let descriptor = try connected()
        defer { close(descriptor) }
        var sending = Sending(request)
        var parser = ResponseParser()
        var refusal: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while !parser.isDone {
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN) | (sending.isDone ? 0 : Int16(POLLOUT)), revents: 0)
            let limit = patience?()
            let ready = poll(&polled, 1, limit.map { Int32(clamping: $0.milliseconds) } ?? -1)
            guard ready >= 0 else {
                if errno == EINTR { continue }
                throw ClientError.broken(reason: "waiting failed: \(String(cString: strerror(errno)))")
            }
            if ready == 0 {
                throw ClientError.unreachable(path: path, reason: "it said nothing for \(limit?.components.seconds ?? 0) s")
            }
            if polled.revents & Int16(POLLOUT) != 0 { try sending.write(to: descriptor) }
            guard polled.revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 else { continue }
            let count = recv(descriptor, &buffer, buffer.count, 0)
            do {
                if count == 0 { try parser.close() }
                if count < 0, errno != EINTR, errno != EAGAIN { throw ResponseParser.Malformed(reason: String(cString: strerror(errno))) }
                if count > 0 {
                    var pieces: [ArraySlice<UInt8>] = []
                    try parser.consume(buffer[..<count]) { pieces.append($0) }
                    for piece in pieces {
                        if parser.head.status < 400 { try body(piece) } else { refusal += piece }
                    }
                }
            } catch let error as ResponseParser.Malformed {
                throw ClientError.broken(reason: error.reason)
            }
        }
        guard parser.head.status < 400 else { throw ClientError.refused(status: parser.head.status, body: refusal) }
        return parser.head
    }

    /// The whole answer as bytes.
    func bytes(_ request: Request) throws -> [UInt8] {
        var all: [UInt8] = []
        _ = try send(request) { all += $0 }
        return all
    }

    /// `path` with each name and value of the query percent-encoded; nil values are left out.
    static func target(_ path: String, _ query: [(String, String?)] = []) -> String {
        let pairs = query.compactMap { name, value in value.map { "\(name)=\(encoded($0))" } }
        return "/admin/v1/" + path + (pairs.isEmpty ? "" : "?" + pairs.joined(separator: "&"))
    }

    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            let plain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-._~".unicodeScalars.contains(scalar))
            result += plain ? String(scalar) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
        return result
    }

    private func connected() throws -> Int32 {
        guard var address = UnixAddress(path) else {
            throw ClientError.unreachable(path: path, reason: "the path is longer than 107 bytes")
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ClientError.broken(reason: String(cString: strerror(errno))) }
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else {
            let code = errno
            close(descriptor)
            if code == EACCES || code == EPERM { throw ClientError.forbidden(path: path) }
            throw ClientError.unreachable(path: path, reason: String(cString: strerror(code)))
        }
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        return descriptor
    }
}

/// Why the daemon gave no answer that a command can use.
enum ClientError: Error {
    case unreachable(path: String, reason: String)
    case forbidden(path: String)
    case broken(reason: String)
    case refused(status: Int, body: [UInt8])
}

/// What of a request is still to be sent.
private struct Sending {
    private var waiting: ArraySlice<UInt8>
    private var file: (descriptor: Int32, left: Int)?

    init(_ request: SocketClient.Request) {
        var head = "\(request.method) \(request.target) HTTP/1.1\r\nHost: heyi\r\nConnection: close\r\n"
        for (name, value) in request.headers { head += "\(name): \(value)\r\n" }
        var content: [UInt8] = []
        switch request.body {
        case .none:
            if request.method != "GET" { head += "Content-Length: 0\r\n" }
        case .json(let json):
            content = json.bytes
            head += "Content-Type: application/json\r\nContent-Length: \(content.count)\r\n"
        case .file(let descriptor, let bytes):
            file = (descriptor, bytes)
            head += "Content-Type: application/octet-stream\r\nContent-Length: \(bytes)\r\n"
        }
        waiting = (Array((head + "\r\n").utf8) + content)[...]
    }

    var isDone: Bool { waiting.isEmpty && (file?.left ?? 0) == 0 }

    mutating func write(to socket: Int32) throws {
        if waiting.isEmpty { try refill() }
        let count = waiting.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count >= 0 {
            waiting = waiting.dropFirst(count)
        } else if errno == EPIPE || errno == ECONNRESET {
            // Refused before everything was sent: the answer says why and is still to be read.
            waiting = []
            file = nil
        } else if errno != EINTR, errno != EAGAIN {
            throw ClientError.broken(reason: String(cString: strerror(errno)))
        }
    }

    private mutating func refill() throws {
        guard let open = file, open.left > 0 else { return }
        var buffer = [UInt8](repeating: 0, count: min(256 << 10, open.left))
        let count = buffer.withUnsafeMutableBytes { read(open.descriptor, $0.baseAddress, $0.count) }
        guard count > 0 else { throw ClientError.broken(reason: "the file became shorter while it was sent") }
        waiting = buffer[..<count]
        file = (open.descriptor, open.left - count)
    }
}
