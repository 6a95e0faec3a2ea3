import Commerce
import Logging
import Mall
import Store
import SyncEngine

/// Has what gateways' callbacks say done, as they come.
struct GatewaySweeper: Sendable {
    /// Nothing is waited for longer than this, whatever the signal says.
    private static let idle = Duration.seconds(5)
    let clerk: GatewayClerk
    let signal: FeedSignal
    let time: any TimeSource
    let logger: Logger

    /// Works until cancelled.
    func run() async {
        while !Task.isCancelled {
            let seen = signal.value
            do throws(StoreError) {
                try await clerk.work()
                await signal.wait(beyond: seen, timeout: try await clerk.rest(atMost: GatewaySweeper.idle))
            } catch {
                logger.error("\(error)", metadata: ["evt": "gateways.failed"])
                do { try await time.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }
}

extension GatewayEvent {
    func write(to logger: Logger) {
        switch self {
        case .applied(let gateway, let item):
            logger.debug("callback \(item) is applied", metadata: ["evt": "gateway.applied", "gateway": "\(gateway)"])
        case .failed(let gateway, let item, let error, false):
            logger.warning(
                "callback \(item) cannot be applied yet: \(error)", metadata: ["evt": "gateway.retrying", "gateway": "\(gateway)"])
        case .failed(let gateway, let item, let error, true):
            logger.error(
                "callback \(item) waits for a person: \(error); see heyi inbox show \(item)",
                metadata: ["evt": "gateway.dead", "gateway": "\(gateway)"])
        case .otherAmount(let gateway, let number, let paid, let asked):
            logger.warning(
                "\(number) was paid with \(paid), \(asked) were asked for; its gateway is asked",
                metadata: ["evt": "gateway.amount", "gateway": "\(gateway)"])
        }
    }
}
