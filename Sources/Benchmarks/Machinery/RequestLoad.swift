package import Commerce
import ChannelAdapters
import Foundation

/// Requests over loopback from many connections at once: the load of `ingest` and of holds over HTTP, a process of its own.
///
/// One thread and `poll`, so that the load takes as little of the machine as it can. Callbacks of channels are signed as they
/// are sent. Those of WeChat Pay are sealed and signed before the clock starts, for making such a signature takes longer than
/// checking it: the load would be what is measured.
package struct RequestLoad {
    package enum Kind {
        case callbacks
        /// Holds of one unit of `k0`, as an operator with this token.
        case holds(token: String)
        /// Callbacks of WeChat Pay, signed with the platform's private key, so many that they last.
        case weChatPay(WeChatPayPen, perSecond: Int)
    }

    package var kind = Kind.callbacks
    package let port: Int
    package let channel: String
    package let secret: String
    package let connections: Int
    package let seconds: Double
    /// Makes the ids of this run others than those of every other.
    package let batch: String

    package init(port: Int, channel: String, secret: String, connections: Int, seconds: Double, batch: String) {
        self.port = port
        self.channel = channel
        self.secret = secret
        self.connections = connections
        self.seconds = seconds
        self.batch = batch
    }

    private struct Line {
        let socket: Int32
        var sent: UInt64 = 0
        var answer = AnswerScanner()
    }

    /// - Returns: answers, refusals, seconds, p50 and p99 in milliseconds.
    package func run() throws -> JSON {
        let signer = try StandardWebhooks(secrets: [Secret(secret)])
        var pool: [[UInt8]] = []
        if case .weChatPay(let pen, let perSecond) = kind {
            pool = try (1...Int(seconds * Double(perSecond)) + connections).map { try pen.request(id: "\(batch)-\($0)", to: channel) }
        }
        let expected = if case .holds = kind { 200 } else { 204 }
        var held: [LoopbackConnection] = []
        for _ in 0..<connections { held.append(try LoopbackConnection(port: port)) }
        defer { withExtendedLifetime(held) {} }
        var lines = held.map { Line(socket: $0.socket) }
        var number = 0
        var latencies: [UInt64] = []
        latencies.reserveCapacity(1 << 20)
        var refused = 0
        let start = HostTime.nanoseconds
        let end = start + UInt64(seconds * 1e9)
        for index in lines.indices {
            try send(next(&number, signer, pool), on: &lines[index])
        }
        var polls = lines.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
        var open = lines.count
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while open > 0 {
            try require(poll(&polls, nfds_t(polls.count), 10_000) > 0, "no answer for ten seconds")
            for index in polls.indices where polls[index].revents != 0 {
                let count = recv(polls[index].fd, &buffer, buffer.count, 0)
                try require(count > 0, "the daemon closed a connection")
                guard let status = lines[index].answer.take(buffer[..<count]) else { continue }
                let now = HostTime.nanoseconds
                if status == expected { latencies.append(now - lines[index].sent) } else { refused += 1 }
                if now < end, pool.isEmpty || number < pool.count {
                    try send(next(&number, signer, pool), on: &lines[index])
                } else {
                    polls[index].fd = -1
                    open -= 1
                }
            }
        }
        let taken = Double(HostTime.nanoseconds - start) / 1e9
        let sorted = Latencies(latencies)
        return [
            "answered": .integer(Int64(latencies.count)), "refused": .integer(Int64(refused)),
            "seconds": .decimal(Figure.plain(taken)), "p50_ms": .decimal(Figure.plain(sorted.quantile(0.5) ?? 0)),
            "p99_ms": .decimal(Figure.plain(sorted.quantile(0.99) ?? 0)),
        ]
    }

    private func send(_ request: [UInt8], on line: inout Line) throws {
        line.sent = HostTime.nanoseconds
        try require(Glibc.send(line.socket, request, request.count, 0) == request.count, "cannot send: errno \(errno)")
    }

    /// A message of some 800 bytes: one text edited at a shop.
    private func next(_ number: inout Int, _ signer: StandardWebhooks, _ pool: [[UInt8]]) throws -> [UInt8] {
        number += 1
        if !pool.isEmpty { return pool[number - 1] }
        if case .holds(let token) = kind { return hold(number, token) }
        let body = Array(RequestLoad.message(entity: "p\(number % 10_000)", number: number).utf8)
        let headers = try signer.sign(id: "\(batch)-\(number)", at: HostTime().now(), payload: body)
        var head = "POST /v1/callbacks/\(channel) HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        head += "content-length: \(body.count)\r\n\r\n"
        return Array(head.utf8) + body
    }

    private func hold(_ number: Int, _ token: String) -> [UInt8] {
        let body = Array(#"{"owner":"order/\#(batch)-\#(number)","lines":[{"sku":"k0","quantity":1}]}"#.utf8)
        let head = "POST /admin/v1/holds HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer \(token)\r\ncontent-type: application/json\r\n"
        return Array((head + "content-length: \(body.count)\r\n\r\n").utf8) + body
    }

    static func message(entity: String, number: Int) -> String {
        let text = "<p>手工拉坯，釉色温润，容量约二百毫升。每只纹理略有不同，请以实物为准；可入洗碗机，也可入微波炉。</p>"
        return """
            {"type":"deltas","data":{"deltas":[{"entity":{"kind":"product","id":"\(entity)"},"unit":"text.zh-CN",\
            "op":"set","value":{"title":"青瓷茶杯 第\(number)号","brief":"龙泉青瓷，一杯一色","body":"\(text)\(text)\(text)"}}]}}
            """
    }
}
