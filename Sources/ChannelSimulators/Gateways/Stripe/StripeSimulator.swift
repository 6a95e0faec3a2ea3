package import ChannelAdapters
package import Commerce
import Synchronization

/// Stripe as merchants meet it: its wire, its keys that are kept a day, its events, and books of its own.
package final class StripeSimulator: GatewaySimulator {
    package static let host = "api.stripe.com"
    private let time: any TimeSource
    private let books: Mutex<StripeBooks>

    /// - Parameter callbackURL: where the merchant's endpoint is.
    package init(time: any TimeSource, random: any RandomSource, callbackURL: String = "https://mall.example/callbacks/stripe") {
        self.time = time
        books = Mutex(StripeBooks(random: random, callbackURL: callbackURL))
    }

    package func respond(to request: SimulatedRequest) -> SimulatedOutcome {
        books.withLock { $0.respond(to: request, at: time.now()) }
    }

    package func dueCallbacks(at now: Timestamp) -> [SimulatedCallback] {
        books.withLock { books in
            books.turn(to: now)
            return books.callbacks.take(at: now)
        }
    }

    package func callbackAnswered(_ id: Int64, by answer: HTTPResponse?, at now: Timestamp) {
        books.withLock { $0.callbacks.answered(id, wasSuccess: answer.map { (200..<300).contains($0.status) } ?? false, at: now) }
    }

    package func control(_ word: String, _ body: JSON) throws(ValidationFailure) -> JSON {
        let outcome = books.withLock { books -> Result<JSON, ValidationFailure> in
            books.turn(to: time.now())
            do throws(ValidationFailure) { return .success(try books.control(word, body)) } catch { return .failure(error) }
        }
        return try outcome.get()
    }

    /// When the next callback is due; nil when none waits.
    package var nextCallback: Timestamp? { books.withLock { $0.callbacks.nextDue } }

    /// The account as its operator would configure it, with every secret that is in force.
    package func account(_ id: ChannelID, settings: [String: String] = [:]) -> GatewayAccount {
        books.withLock { books in
            var all = ["account": StripeBooks.account, "publishable_key": "pk_test_simulated"]
            all.merge(settings) { _, given in given }
            return GatewayAccount(
                id: id, kind: .stripe, settings: all,
                secrets: ["secret_key": [Secret(StripeBooks.key)], "webhook_secrets": books.secrets.map { Secret($0) }],
                callbackURL: books.callbackURL)
        }
    }
}
