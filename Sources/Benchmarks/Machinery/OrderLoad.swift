import ChannelAdapters
package import Commerce
import Glibc

/// Whole orders over the shop API from many connections at once: a quote of one or two lines, then the order of it.
///
/// The load of `checkout`, a process of its own: one thread and `poll`, each request signed as it is sent.
package struct OrderLoad {
    package let port: Int
    package let channel: String
    package let secret: String
    package let connections: Int
    package let seconds: Double
    /// Makes the keys of this run others than those of every other.
    package let batch: String
    /// Goods are named `k0`, `k1`, … up to this.
    package let skus: Int

    package init(port: Int, channel: String, secret: String, connections: Int, seconds: Double, batch: String, skus: Int) {
        self.port = port
        self.channel = channel
        self.secret = secret
        self.connections = connections
        self.seconds = seconds
        self.batch = batch
        self.skus = skus
    }

    private struct Line {
        let socket: Int32
        var began: UInt64 = 0
        /// Nil while a quote is asked for.
        var quote: String?
        var answer = AnswerScanner()
    }

    /// - Returns: orders that were placed, refusals, seconds, p50 and p99 in milliseconds from the quote's sending.
    package func run() throws -> JSON {
        let signer = try StandardWebhooks(secrets: [Secret(secret)])
        var held: [LoopbackConnection] = []
        for _ in 0..<connections { held.append(try LoopbackConnection(port: port)) }
        defer { withExtendedLifetime(held) {} }
        var lines = held.map { Line(socket: $0.socket) }
        var number = 0
        var latencies: [UInt64] = []
        latencies.reserveCapacity(1 << 18)
        var refused = 0
        let start = HostTime.nanoseconds
        let end = start + UInt64(seconds * 1e9)
        for index in lines.indices { try begin(&lines[index], &number, signer) }
        var polls = lines.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
        var open = lines.count
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while open > 0 {
            try require(poll(&polls, nfds_t(polls.count), 10_000) > 0, "no answer for ten seconds")
            for index in polls.indices where polls[index].revents != 0 {
                let count = recv(polls[index].fd, &buffer, buffer.count, 0)
                try require(count > 0, "the daemon closed a connection")
                let asksForQuote = lines[index].quote == nil
                var id: String?
                let whole = lines[index].answer.take(buffer[..<count]) { body in
                    if asksForQuote { id = OrderLoad.id(in: body) }
                }
                guard let status = whole else { continue }
                if asksForQuote, status == 201, let id {
                    lines[index].quote = id
                    try order(id, on: lines[index], number, signer)
                    continue
                }
                let now = HostTime.nanoseconds
                if lines[index].quote != nil, status == 201 { latencies.append(now - lines[index].began) } else { refused += 1 }
                if now < end {
                    try begin(&lines[index], &number, signer)
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

    private func begin(_ line: inout Line, _ number: inout Int, _ signer: StandardWebhooks) throws {
        number += 1
        line.quote = nil
        line.began = HostTime.nanoseconds
        let first = number &* 7_919 % skus
        let goods = [first, (first + 1 + number &* 104_729 % (skus - 1)) % skus].map { #"{"sku":"k\#($0)","quantity":1}"# }
        try send("/v1/shop/quotes", #"{"lines":[\#(goods.joined(separator: ","))]}"#, "q-\(batch)-\(number)", on: line.socket, signer)
    }

    private func order(_ quote: String, on line: Line, _ number: Int, _ signer: StandardWebhooks) throws {
        let body = #"{"quote":"\#(quote)","buyer":{"name":"李雷","phone":"13800001234","address":"人民路 1 号"}}"#
        try send("/v1/shop/orders", body, "o-\(batch)-\(quote)", on: line.socket, signer)
    }

    private func send(_ target: String, _ text: String, _ key: String, on socket: Int32, _ signer: StandardWebhooks) throws {
        let body = Array(text.utf8)
        let headers = ["heyi-channel": channel, "heyi-member": "m-1", "idempotency-key": key]
        let request = SignedRequest(method: "POST", target: target, body: body) { headers[$0] }
        var head = "POST \(target) HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        for (name, value) in try signer.sign(request, id: key, at: HostTime().now()) { head += "\(name): \(value)\r\n" }
        let bytes = Array((head + "content-length: \(body.count)\r\n\r\n").utf8) + body
        try require(Glibc.send(socket, bytes, bytes.count, 0) == bytes.count, "cannot send: errno \(errno)")
    }

    private static let name: [UInt8] = Array("\"id\":\"".utf8)

    /// The member `id`, a text without escapes; the load reads nothing else of an answer.
    private static func id(in body: ArraySlice<UInt8>) -> String? {
        var start = body.startIndex
        while let quote = body[start...].firstIndex(of: name[0]) {
            let rest = body[quote...]
            if rest.starts(with: name) { return String(decoding: rest.dropFirst(name.count).prefix { $0 != name[0] }, as: UTF8.self) }
            start = quote + 1
        }
        return nil
    }
}
