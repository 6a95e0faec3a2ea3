import ChannelAdapters
import Foundation

extension CurlConfiguration {
    /// Ordinary, with a change.
    static func with(_ change: (inout CurlConfiguration) -> Void) -> CurlConfiguration {
        var configuration = CurlConfiguration.ordinary
        change(&configuration)
        return configuration
    }
}

extension HTTPRequest {
    static func loopback(
        _ method: Method = .get, _ url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration = .seconds(120), responseBytesMax: Int = 1 << 20
    ) -> HTTPRequest {
        HTTPRequest(
            method: method, url: url, headers: headers, body: body, timeout: timeout,
            responseBytesMax: responseBytesMax, addresses: .privateToo)
    }
}

extension CurlTransport {
    /// The error of a request that must fail.
    func failure(of request: HTTPRequest) async -> TransportError? {
        do throws(TransportError) {
            _ = try await send(request)
            return nil
        } catch {
            return error
        }
    }
}

extension HTTPResponse {
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// Something that happens once, on any thread, and that a test waits for.
final class Event<Value: Sendable>: Sendable {
    private let stream: AsyncStream<Value>
    private let continuation: AsyncStream<Value>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func happen(_ value: Value) { continuation.yield(value) }

    func wait() async -> Value? {
        for await value in stream { return value }
        return nil
    }
}
