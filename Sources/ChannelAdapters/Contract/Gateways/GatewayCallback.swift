package import Commerce

/// What a gateway's platform sent us, as it came.
package struct GatewayCallback: Sendable {
    package let method: String
    /// What follows the gateway's own address in the path, without a slash; empty for most.
    package let tail: String
    /// Decoded once.
    package let query: [(name: String, value: String)]
    /// Names in lower case, in the order received.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package init(
        method: String = "POST", tail: String = "", query: [(name: String, value: String)] = [],
        headers: [(name: String, value: String)] = [], body: [UInt8]
    ) {
        self.method = method
        self.tail = tail
        self.query = query
        self.headers = headers
        self.body = body
    }

    /// The first value of a header, whose name is given in lower case.
    package subscript(header: String) -> String? { headers.first { $0.name == header }?.value }
}

/// Knows a platform's callbacks: whether they are genuine, what they say, and how they are answered.
///
/// `verify` happens before anything is kept and `read` after it was answered, maybe much later and more than once;
/// neither sends anything.
package protocol CallbackReceiver: Sendable {
    /// Proves that the callback is the platform's and meant for this account, over the raw bytes, and names its event.
    ///
    /// - Returns: the event's key: the same event told again has the same, another event another.
    /// - Throws: ``CallbackFault``; nothing is kept then.
    func verify(_ callback: GatewayCallback, at now: Timestamp) throws(CallbackFault) -> CallbackEvent

    /// What of a body says what happened, without what differs each time a platform tells the same: when it was sent, how often,
    /// and by which key. Two bodies under one key that are the same in this are one telling; any others are set aside.
    ///
    /// Asked only of what was verified.
    func essence(of body: [UInt8]) -> [UInt8]

    /// The platform's exact words for what became of a callback.
    func answer(_ verdict: CallbackVerdict, at now: Timestamp) -> CallbackAnswer

    /// What a kept callback says. It was verified when it came.
    ///
    /// - Throws: ``ValidationFailure`` for what cannot be read; it is set aside for a person.
    func read(_ body: [UInt8]) throws(ValidationFailure) -> [GatewayNews]
}

extension CallbackReceiver {
    package func essence(of body: [UInt8]) -> [UInt8] { body }
}

package enum CallbackEvent: Hashable, Sendable {
    /// To be kept under this key, 1 to 200 printable ASCII characters.
    case keep(String)
    /// Genuine, and nothing to keep: a question the platform wants answered at once, with these words.
    case answer(CallbackAnswer)
}

/// Why a callback is refused at the door, cut by what the door does next.
package enum CallbackFault: Error, Hashable, Sendable {
    /// It has not the form of a callback: field and reason.
    case malformed(field: String, reason: String)
    /// Its signature is not the platform's.
    case forged(reason: String)
    /// The platform tries whether we check: refused without a word to anybody.
    case probe
    /// Too old, or from the future.
    case stale(by: Duration)
    /// Genuine, and not for this account: field and what it says there.
    case foreign(field: String, value: String)
    /// It may be genuine; what it was signed with is not known here (yet): the platform shall come again.
    case unknownKey(String)
}

package enum CallbackVerdict: Hashable, Sendable {
    /// Durable, now or since before.
    case kept
    /// Its key came with another body before; kept aside for a person.
    case quarantined
    case refused(CallbackFault)
    /// It could not be made durable: it is to come again.
    case unavailable
}

package struct CallbackAnswer: Hashable, Sendable {
    package let status: Int
    /// nil for an answer without a body.
    package let contentType: String?
    package let body: [UInt8]

    package init(_ status: Int, contentType: String? = nil, body: [UInt8] = []) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    package static func text(_ text: String, status: Int = 200) -> CallbackAnswer {
        CallbackAnswer(status, contentType: "text/plain; charset=utf-8", body: Array(text.utf8))
    }

    package static func json(_ json: JSON, status: Int = 200) -> CallbackAnswer {
        CallbackAnswer(status, contentType: "application/json; charset=utf-8", body: json.bytes)
    }
}
