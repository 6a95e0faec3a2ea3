import Commerce
import Logging
import Mall
import Store

/// Has the clerk do what becomes due, and tells the log what a person should know.
struct OrderSweeper: Sendable {
    /// How late a timer may fire, and a refund leave.
    static let every: Duration = .seconds(1)
    let store: Store
    let cashier: Cashier
    let logger: Logger

    /// Works until cancelled.
    func run() async {
        let logger = self.logger
        let clerk = OrderClerk(store: store, cashier: cashier) { $0.write(to: logger) }
        while !Task.isCancelled {
            do throws(StoreError) { try await clerk.work() } catch {
                logger.error("\(error)", metadata: ["evt": "orders.failed"])
            }
            do { try await store.surroundings.time.sleep(for: OrderSweeper.every) } catch { return }
        }
    }
}

extension OrderNews {
    fileprivate func write(to logger: Logger) {
        switch self {
        case .fired(let order, let kind):
            logger.info("the time of \(kind.rawValue) was over", metadata: ["evt": "order.timer", "order": "\(order)"])
        case .reminder(let order, let timer):
            logger.notice(
                "somebody should look at this order: \(timer.kind.rawValue)", metadata: ["evt": "order.reminder", "order": "\(order)"])
        case .inDoubt(let order, let attempts):
            logger.warning(
                "nobody knows whether \(attempts.map(\.text).joined(separator: ", ")) was paid; its goods stay held",
                metadata: ["evt": "order.in-doubt", "order": "\(order)"])
        case .stuck(let order, let what, let why):
            logger.error("\(what) failed and is tried again later: \(why)", metadata: ["evt": "order.stuck", "order": "\(order)"])
        }
    }
}
