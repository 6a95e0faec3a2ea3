import ChannelAdapters
import Foundation
import Testing

@Suite struct TransportStreamTests {
    // A source gives its chunks on the common pool of threads, which other tests may hold for longer than a stall may last.
    let transport = CurlTransport(configuration: .with { $0.stallTimeout = .seconds(120) })
    let size = 24 << 20

    @Test func `a reader who waits holds the sender back, and then gets everything`() async throws {
        let stalled = Event<Int>()
        let size = self.size
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            var sent = 0
            var told = false
            while sent < size {
                var writable = pollfd(fd: peer.descriptor, events: Int16(POLLOUT), revents: 0)
                if !told, poll(&writable, 1, 300) == 0 {
                    told = true
                    stalled.happen(sent)
                }
                guard peer.write([UInt8](repeating: UInt8(sent >> 16 & 0xFF), count: 1 << 16)) else { break }
                sent += 1 << 16
            }
            if !told { stalled.happen(sent) }
        }
        let answer = try await transport.stream(.loopback(.get, server.url, timeout: .seconds(120), responseBytesMax: size))
        #expect(answer.status == 200)
        let held = try #require(await stalled.wait())
        #expect(held < size)
        var received = 0
        var wrong = 0
        for try await chunk in answer.body {
            for offset in stride(from: 0, to: chunk.count, by: 4_096)
            where chunk[offset] != UInt8((received + offset) >> 16 & 0xFF) { wrong += 1 }
            received += chunk.count
        }
        #expect(received == size)
        #expect(wrong == 0)
        #expect(await transport.inFlight == 0)
    }

    @Test func `a body nobody wants any more is broken off`() async throws {
        let ended = Event<Bool>()
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\n\r\n")
            while peer.write([UInt8](repeating: 1, count: 1 << 16)) {}
            ended.happen(true)
        }
        let request = HTTPRequest.loopback(.get, server.url, responseBytesMax: 1 << 40)
        let status = try await transport.stream(request).status
        #expect(status == 200)
        #expect(await ended.wait() == true)
    }

    @Test func `a stream cut short ends with an error, not with an end`() async throws {
        let server = RudeServer { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf")
            peer.end()
        }
        let answer = try await transport.stream(.loopback(.get, server.url))
        var text = ""
        do throws(TransportError) {
            for try await chunk in answer.body { text += String(decoding: chunk, as: UTF8.self) }
            Issue.record("no error")
        } catch {
            guard case .interrupted = error else {
                Issue.record("\(error)")
                return
            }
        }
        #expect(text == "half")
    }

    @Test(arguments: [true, false])
    func `a body is sent as its source gives it`(lengthKnown: Bool) async throws {
        let total = 100 * 50_000
        let server = RudeServer { peer in
            guard let head = peer.head() else { return }
            if head.contains("Content-Length: ") {
                peer.answer("\(peer.bytes(total).count)")
            } else {
                peer.answer("\(peer.chunkedBody())")
            }
        }
        let source = AsyncStream { continuation in
            for number in 0..<100 { continuation.yield([UInt8](repeating: UInt8(number), count: 50_000)) }
            continuation.finish()
        }
        let answer = try await transport.send(
            .loopback(.post, server.url), uploading: source, length: lengthKnown ? Int64(total) : nil)
        #expect(answer.text == "\(total)")
    }

    @Test func `a source that fails breaks its request off`() async throws {
        struct Broken: Error {}
        let server = RudeServer { peer in _ = peer.drain() }
        let source = AsyncThrowingStream<[UInt8], any Error> { continuation in
            continuation.yield([1, 2, 3])
            continuation.finish(throwing: Broken())
        }
        do throws(TransportError) {
            _ = try await transport.send(.loopback(.put, server.url), uploading: source, length: nil)
            Issue.record("no error")
        } catch {
            guard case .interrupted(let reason) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(reason.contains("source"))
        }
    }

    @Test func `an early answer ends the upload`() async throws {
        let server = RudeServer { peer in
            _ = peer.head()
            peer.answer("too much", status: "413 Content Too Large", headers: "Connection: close\r\n")
            _ = peer.drain()
        }
        let source = AsyncStream<[UInt8]>(unfolding: { [UInt8](repeating: 0, count: 10_000) })
        let answer = try await transport.send(.loopback(.post, server.url), uploading: source, length: nil)
        #expect(answer.status == 413)
    }
}

extension RudeConnection {
    /// Reads a chunked body and counts its bytes.
    func chunkedBody() -> Int {
        var total = 0
        while true {
            var line = ""
            while !line.hasSuffix("\r\n") {
                let byte = bytes(1)
                guard !byte.isEmpty else { return total }
                line += String(decoding: byte, as: UTF8.self)
            }
            guard let size = Int(line.trimmingCharacters(in: .whitespacesAndNewlines), radix: 16) else { return total }
            total += bytes(size).count
            _ = bytes(2)
            if size == 0 { return total }
        }
    }
}
