import ChannelAdapters
import Commerce
import Foundation

/// What is sent to the programs under test over HTTP.
enum Loopback {
    private static let transport = CurlTransport(configuration: .ordinary)

    /// - Returns: nil when there was no answer.
    static func send(
        _ method: HTTPRequest.Method, _ url: String, _ body: JSON? = nil, headers: [(name: String, value: String)] = []
    ) async -> (status: Int, body: JSON)? {
        let request = HTTPRequest(
            method: method, url: url, headers: headers + [("content-type", "application/json")], body: body?.bytes,
            timeout: .seconds(60), responseBytesMax: 64 << 20, addresses: .privateToo)
        do throws(TransportError) {
            let answer = try await transport.send(request)
            // Probes answer in plain words.
            return (answer.status, (try? JSON.parse(answer.body)) ?? .string(String(decoding: answer.body, as: UTF8.self)))
        } catch {
            return nil
        }
    }

    /// Signs a message as a channel does; `id` is the same at each attempt at one message.
    ///
    /// - Parameter ahead: By how many seconds the sender's clock is wrong.
    static func signed(
        _ body: JSON, id: String, secret: String, ahead: Int64 = 0
    ) throws -> [(name: String, value: String)] {
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000) + ahead * 1_000)
        return try StandardWebhooks(secrets: [Secret(secret)]).sign(id: id, at: now, payload: body.bytes)
    }

    /// A port nobody listens at, below those the system gives to clients.
    static func freePort() throws -> Int {
        for _ in 0..<200 {
            let port = Int.random(in: 20_000..<32_000)
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            defer { close(descriptor) }
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            let bound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if bound == 0 { return port }
        }
        throw Overdue(description: "no free port on loopback")
    }
}
