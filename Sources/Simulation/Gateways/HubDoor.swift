import ChannelAdapters
import Commerce
import Mall
import Synchronization

/// The hub's address for callbacks: takes them to the process that runs now, and remembers which were answered with success.
final class HubDoor: HTTPTransport {
    static let address = "https://hub.example/callbacks"
    /// An account nothing can be kept for, as when a disk is full.
    private static let nowhere = ChannelID("nowhere")!

    private struct State {
        var process: HubProcess?
        var isWell = false
        var answered: [Answered] = []
    }

    struct Answered: Sendable {
        let account: ChannelID
        let event: String
    }

    private let platforms: [Platform]
    private let time: any TimeSource
    private let random: any RandomSource
    private let state = Mutex(State())

    init(_ platforms: [Platform], time: any TimeSource, random: any RandomSource) {
        self.platforms = platforms
        self.time = time
        self.random = random
    }

    /// - Parameter process: nil while none runs; what the last one was about to answer is answered to nobody.
    func lead(to process: HubProcess?) { state.withLock { $0.process = process } }
    /// Nothing goes wrong in keeping callbacks from now on, or again.
    func heal(_ isWell: Bool = true) { state.withLock { $0.isWell = isWell } }
    var answered: [Answered] { state.withLock { $0.answered } }
    /// A backup was put back: what was answered after it was made is known to nobody.
    func forget() { state.withLock { $0.answered.removeAll() } }

    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
        let parts = request.url.dropFirst(HubDoor.address.count).split(separator: "/", omittingEmptySubsequences: true)
        guard request.url.hasPrefix(HubDoor.address), let platform = platforms.first(where: { $0.id.text == parts.first.map(String.init) }) else {
            throw .unreachable(reason: "nobody is there")
        }
        do { try await time.sleep(for: .milliseconds(Int64(random.next() % 200))) } catch { throw .cancelled }
        let (held, isWell) = state.withLock { ($0.process, $0.isWell) }
        guard let process = held, let receiver = process.gateways[platform.id]?.callbacks else { throw .unreachable(reason: "no process runs") }
        let callback = GatewayCallback(
            method: request.method.rawValue, tail: parts.dropFirst().joined(separator: "/"),
            headers: request.headers.map { ($0.name.lowercased(), $0.value) }, body: request.body ?? [])
        let isFull = !isWell && random.next() % 1_000 < 60
        let outcome = await process.reception.receive(callback, for: isFull ? HubDoor.nowhere : platform.id, by: receiver)
        let headers = outcome.answer.contentType.map { [(name: "content-type", value: $0)] } ?? []
        let response = HTTPResponse(status: outcome.answer.status, headers: headers, body: outcome.answer.body)
        // An answer of a process that ended meanwhile did not leave.
        let hasLeft = state.withLock { state in
            guard state.process === process else { return false }
            if platform.isSuccess(response), let event = platform.event(callback.body) {
                state.answered.append(Answered(account: platform.id, event: event))
            }
            return true
        }
        guard hasLeft else { throw .interrupted(reason: "the process has ended") }
        return response
    }
}
