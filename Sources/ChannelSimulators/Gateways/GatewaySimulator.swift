package import ChannelAdapters
package import Commerce

/// A platform on the other side of a gateway: it speaks the real wire and keeps books of its own.
///
/// Works on requests as bytes and knows no sockets, so that the same simulator serves a server on loopback, tests
/// without one, and a seeded simulation. What it did is judged by its own books, never by ours.
package protocol GatewaySimulator: Sendable {
    /// Does what the request asks and answers as the platform would, dials and all.
    func respond(to request: SimulatedRequest) -> SimulatedOutcome
    /// Callbacks whose time has come, each once until it is told how it went.
    func dueCallbacks(at now: Timestamp) -> [SimulatedCallback]
    /// Tells what a callback was answered; nil for no answer. It comes again as the platform's schedule says unless that is its word for success.
    func callbackAnswered(_ id: Int64, by answer: HTTPResponse?, at now: Timestamp)
    /// What somebody at the platform does, in the words of its own control interface: a payer pays, a parcel moves, dials turn.
    ///
    /// - Throws: ``ValidationFailure`` for a word it does not know.
    func control(_ word: String, _ body: JSON) throws(ValidationFailure) -> JSON
}

/// One request as it came over the wire.
package struct SimulatedRequest: Sendable {
    package let method: String
    /// Path and query exactly as sent.
    package let target: String
    /// Names in lower case.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(method: String, target: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    package subscript(header: String) -> String? { headers.first { $0.name == header }?.value }
    package var path: String { String(target.prefix { $0 != "?" }) }
    package var query: String { String(target.drop { $0 != "?" }.dropFirst()) }
}

package enum SimulatedOutcome: Sendable {
    case answered(HTTPResponse)
    /// The connection ends without an answer; what was asked may have been done.
    case dropped
    /// Nobody listens.
    case refused
}

/// A request the platform makes to the merchant.
package struct SimulatedCallback: Sendable {
    package let id: Int64
    package let request: HTTPRequest

    package init(id: Int64, request: HTTPRequest) {
        self.id = id
        self.request = request
    }
}

/// What a platform did to people's money, an entry for each time it did, and what it still has to tell of it.
package struct SimulatedMoney: Sendable {
    package struct Movement: Hashable, Sendable {
        /// The merchant's own number for it; empty for what others did.
        package let number: String
        package let transaction: String
        /// Minor units.
        package let amount: Int64
    }

    package var payments: [Movement] = []
    /// Without those that failed.
    package var refunds: [Movement] = []
    let callbacksWaiting: Int
    let callbacksDelivered: Int

    init(callbacks: CallbackQueue) {
        callbacksWaiting = callbacks.count
        callbacksDelivered = callbacks.delivered
    }

    /// As the word `books` of every payment platform answers.
    var json: JSON {
        func list(_ movements: [Movement]) -> JSON {
            .array(
                movements.sorted { ($0.number, $0.transaction) < ($1.number, $1.transaction) }.map { one in
                    ["number": .string(one.number), "transaction": .string(one.transaction), "amount": .integer(one.amount)]
                })
        }
        return [
            "payments": list(payments), "refunds": list(refunds),
            "callbacks": ["waiting": .integer(Int64(callbacksWaiting)), "delivered": .integer(Int64(callbacksDelivered))],
        ]
    }
}
