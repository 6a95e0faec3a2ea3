import ChannelAdapters
import Commerce
import Synchronization

/// How one process of the hub reaches platforms: it takes a while, and ends with the process.
final class HubLine: HTTPTransport {
    private let network: any HTTPTransport
    private let time: any TimeSource
    private let random: any RandomSource
    private let cut = Mutex(false)
    /// Of each way, in milliseconds.
    private static let tripMax: UInt64 = 400

    init(_ network: any HTTPTransport, time: any TimeSource, random: any RandomSource) {
        self.network = network
        self.time = time
        self.random = random
    }

    /// What is on its way to the hub does not arrive any more, and what it sends does not leave.
    func end() { cut.withLock { $0 = true } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        try await travel()
        guard !cut.withLock({ $0 }) else { throw .unreachable(reason: "the process has ended") }
        let answer = try await network.send(request)
        try await travel()
        guard !cut.withLock({ $0 }) else { throw .interrupted(reason: "the process has ended") }
        return answer
    }

    private func travel() async throws(TransportError) {
        do { try await time.sleep(for: .milliseconds(Int64(random.next() % HubLine.tripMax))) } catch { throw .cancelled }
    }
}
