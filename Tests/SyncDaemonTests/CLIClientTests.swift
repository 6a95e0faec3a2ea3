import Commerce
import Dispatch
import Glibc
import Synchronization
import Testing

@testable import SyncDaemon

@Suite struct CLIClientTests {
    private let chunked = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n5\r\nhello\r\n3;x=y\r\n, 合\r\n0\r\nTrailer: x\r\n\r\n"
        .replacing("3;x", with: "5;x")

    @Test func `an answer is the same however its bytes are cut`() throws {
        let bytes = Array(chunked.utf8)
        for size in 1...bytes.count {
            var parser = ResponseParser()
            var body: [UInt8] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                try parser.consume(bytes[start..<min(start + size, bytes.count)]) { body += $0 }
            }
            #expect(parser.isDone && parser.head.status == 200 && parser.head.headers["x-a"] == "b")
            #expect(String(decoding: body, as: UTF8.self) == "hello, 合")
        }
    }

    @Test(arguments: ["SSH-2.0-x\r\n", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"])
    func `what is no answer is refused`(text: String) {
        var parser = ResponseParser()
        #expect(throws: ResponseParser.Malformed.self) { try parser.consume(Array(text.utf8)[...]) { _ in } }
    }

    @Test func `an answer that breaks off is an error, one that ends with the connection is not`() throws {
        var broken = ResponseParser()
        try broken.consume(Array("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf".utf8)[...]) { _ in }
        #expect(throws: ResponseParser.Malformed.self) { try broken.close() }
        var whole = ResponseParser()
        try whole.consume(Array("HTTP/1.1 200 OK\r\n\r\nall".utf8)[...]) { _ in }
        try whole.close()
        #expect(whole.isDone)
    }

    @Test func `a request reaches the socket and its answer comes back`() throws {
        let door = try #require(ScriptedDoor(answers: "HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"data\":[{}]}"))
        let client = SocketClient(path: door.path)
        let target = SocketClient.target("why", [("ref", "sku/茶@web"), ("none", nil)])
        let bytes = try client.bytes(.init(method: "POST", target: target, body: .json(["a": 1])))
        #expect(try JSON.parse(bytes)["data"]?.array?.count == 1)
        #expect(door.request.hasPrefix("POST /admin/v1/why?ref=sku%2F%E8%8C%B6%40web HTTP/1.1\r\nHost: heyi\r\nConnection: close\r\n"))
        #expect(door.request.hasSuffix("Content-Length: 7\r\n\r\n{\"a\":1}"))
    }

    @Test func `a refusal carries the daemon's words, not the body's reader`() throws {
        let body = #"{"status":409,"detail":"already resolved","next":"heyi conflicts show 3"}"#
        let door = try #require(ScriptedDoor(answers: "HTTP/1.1 409 Conflict\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"))
        let error = #expect(throws: ClientError.self) {
            _ = try SocketClient(path: door.path).send(.init(target: "/x")) { _ in Issue.record("a refusal is no answer") }
        }
        guard case .refused(409, let bytes) = error else { Issue.record("\(String(describing: error))"); return }
        #expect(try JSON.parse(bytes)["detail"] == "already resolved")
    }

    @Test func `no daemon is told apart from no permission`() {
        let error = #expect(throws: ClientError.self) { try SocketClient(path: "/nowhere/heyi.sock").bytes(.init(target: "/x")) }
        guard case .unreachable = error else { Issue.record("\(String(describing: error))"); return }
    }

    @Test func `events are taken apart however they are cut`() {
        let bytes = Array(": beat\n\nid: 1\nevent: log\ndata: {\"a\":1}\n\ndata: x\r\ndata: y\r\n\r\n".utf8)
        for size in 1...bytes.count {
            var lines = EventLines()
            var seen: [String] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                seen += lines.take(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(seen == ["{\"a\":1}", "x\ny"])
        }
    }

    @Test(.timeLimit(.minutes(1))) func `signals are handed on in order and no longer end the process`() async {
        let sources = SignalSources()
        var signals = sources.signals.makeAsyncIterator()
        kill(getpid(), SIGHUP)
        #expect(await signals.next() == .hangup)
        kill(getpid(), SIGTERM)
        #expect(await signals.next() == .terminate)
        kill(getpid(), SIGINT)
        #expect(await signals.next() == .interrupt)
        withExtendedLifetime(sources) {}
    }
}

/// A UNIX socket that takes one request and gives one answer.
private final class ScriptedDoor: @unchecked Sendable {
    // `taken` is guarded; the rest is set before the thread starts.
    let path: String
    private let taken = Mutex("")
    private let finished = DispatchSemaphore(value: 0)
    private let descriptor: Int32

    /// What came in; waits until the door is done.
    var request: String {
        finished.wait()
        finished.signal()
        return taken.withLock { $0 }
    }

    init?(answers answer: String) {
        path = "@heyi-door-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        guard var address = UnixAddress(path), address.withPointer({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, 1) == 0
        else { return nil }
        DispatchQueue.global().async { [self] in
            let peer = accept(descriptor, nil, nil)
            var buffer = [UInt8](repeating: 0, count: 65_536)
            var text = ""
            repeat {
                let count = recv(peer, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                text += String(decoding: buffer[..<count], as: UTF8.self)
            } while !Self.isWhole(text)
            taken.withLock { $0 = text }
            let bytes = Array(answer.utf8)
            _ = send(peer, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            close(peer)
            finished.signal()
        }
    }

    deinit { close(descriptor) }

    private static func isWhole(_ text: String) -> Bool {
        guard let end = text.firstRange(of: "\r\n\r\n") else { return false }
        guard let length = text.firstMatch(of: /Content-Length: (\d+)/).flatMap({ Int($0.output.1) }) else { return true }
        return text[end.upperBound...].utf8.count >= length
    }
}
