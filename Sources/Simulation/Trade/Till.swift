package import ChannelAdapters
package import Commerce
import Foundation

/// A payment service of the simulation: it keeps what was opened, paid and sent back, and answers as well as its dials let it.
///
/// It counts on its own what each payment and refund moved, so that nobody has to believe the shop's books.
package final class Till: PaymentGateway, @unchecked Sendable {
    // Unchecked because every access to the mutable state holds `lock`.
    package struct Dials: Sendable {
        /// Of a thousand calls, how many are carried out and not answered.
        package var forgetsToAnswer = 0
        /// Of a thousand calls, how many are lost on the way.
        package var loses = 0
        /// Of a thousand refunds, how many are refused for now.
        package var refusesRefunds = 0

        package init() {}
    }

    package enum Stage: Hashable, Sendable { case open, closed, paid(String) }

    package let id: String
    private let lock = NSLock()
    private let surroundings: Surroundings
    private var dials: Dials
    private var attempts: [String: (attempt: PaymentAttempt, stage: Stage, at: Timestamp)] = [:]
    private var refunds: [String: Refund] = [:]
    private var count = 0

    package init(_ id: String = "till", surroundings: Surroundings, dials: Dials = Dials()) {
        self.id = id
        self.surroundings = surroundings
        self.dials = dials
    }

    package func turn(_ change: (inout Dials) -> Void) { lock.withLock { change(&dials) } }

    /// What it sent back, by order and number: each number once, whatever was asked.
    package var sentBack: [String: Int64] { lock.withLock { refunds.mapValues(\.amount.amount) } }
    /// What was paid for an order, however often.
    package func takenIn(_ order: String) -> Int64 {
        lock.withLock {
            attempts.filter { $0.key.hasPrefix(order + "/") }.reduce(0) { sum, held in
                if case .paid = held.value.stage { sum + held.value.attempt.amount.amount } else { sum }
            }
        }
    }

    /// A buyer pays; nil when there is nothing to pay any more.
    package func pay(_ attempt: EntityID, of order: String) -> Payment? {
        lock.withLock {
            guard let held = attempts["\(order)/\(attempt)"], held.stage == .open else { return nil }
            count += 1
            let transaction = "\(id)-\(count)"
            attempts["\(order)/\(attempt)"] = (held.attempt, .paid(transaction), surroundings.time.now())
            return Payment(
                ref: PaymentRef(gateway: id, transaction: transaction), attempt: attempt, amount: held.attempt.amount)
        }
    }

    package func open(_ attempt: PaymentAttempt, of order: String) async -> GatewayOpening {
        lock.withLock {
            let trip = trip
            if trip == .lost { return .unknown("no answer") }
            let key = "\(order)/\(attempt.id)"
            if attempts[key] == nil { attempts[key] = (attempt, .open, surroundings.time.now()) }
            return trip == .unanswered ? .unknown("no answer") : .ready(["pay": .string(key)])
        }
    }

    package func ask(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        lock.withLock { trip == .fine ? news(of: attempt, order) : .unknown("no answer") }
    }

    package func close(_ attempt: PaymentAttempt, of order: String) async -> AttemptNews {
        lock.withLock {
            let trip = trip
            if trip == .lost { return .unknown("no answer") }
            let key = "\(order)/\(attempt.id)"
            let held = attempts[key] ?? (attempt, .open, surroundings.time.now())
            if held.stage == .open { attempts[key] = (held.attempt, .closed, held.at) }
            return trip == .unanswered ? .unknown("no answer") : news(of: attempt, order)
        }
    }

    package func refund(_ refund: Refund, of order: String) async -> RefundNews {
        lock.withLock {
            let trip = trip
            if trip == .lost { return .unknown("no answer") }
            let number = refund.numberAtGateway(ofOrder: order)
            if refunds[number] == nil {
                if chance(dials.refusesRefunds) { return .refused("not enough balance") }
                refunds[number] = refund
            }
            return trip == .unanswered ? .unknown("no answer") : .settled
        }
    }

    private enum Trip { case fine, lost, unanswered }

    private var trip: Trip { chance(dials.loses) ? .lost : chance(dials.forgetsToAnswer) ? .unanswered : .fine }
    private func chance(_ thousandths: Int) -> Bool {
        thousandths > 0 && Int(surroundings.random.next() % 1_000) < thousandths
    }

    private func news(of attempt: PaymentAttempt, _ order: String) -> AttemptNews {
        guard let held = attempts["\(order)/\(attempt.id)"] else { return .open }
        switch held.stage {
        case .open: return .open
        case .closed: return .closed
        case .paid(let transaction):
            return .paid(
                Payment(ref: PaymentRef(gateway: id, transaction: transaction), attempt: attempt.id, amount: held.attempt.amount),
                at: held.at)
        }
    }
}
