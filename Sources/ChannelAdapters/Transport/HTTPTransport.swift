package import Commerce

/// Sends HTTP requests; knows nothing of channels.
package protocol HTTPTransport: Sendable {
    /// Sends one request and returns the whole answer.
    ///
    /// Any status is an answer. Redirects are not followed. Cancelling the task
    /// cancels the transfer.
    ///
    /// - Throws: ``TransportError``, which says whether the request may have arrived.
    func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse
}

package struct HTTPRequest: Sendable {
    package enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT", delete = "DELETE" }

    package var method: Method
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?
    /// From start to last byte of the answer.
    package var timeout: Duration
    /// Bytes of answer taken before the transfer is broken off.
    package var responseBytesMax: Int
    /// Where it may connect to; a request that does not say reaches the public internet only.
    package var addresses: AddressPolicy
    /// Whether the answer shall say until when the peer's certificate is valid; costs a little on each connection.
    package var asksCertificate = false

    package init(
        method: Method, url: String, headers: [(name: String, value: String)] = [], body: [UInt8]? = nil,
        timeout: Duration, responseBytesMax: Int, addresses: AddressPolicy = .publicOnly
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.responseBytesMax = responseBytesMax
        self.addresses = addresses
    }
}

package struct HTTPResponse: Sendable {
    package let status: Int
    /// Names in lower case, in the order received.
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]
    /// Until when the peer's certificate is valid, where that was asked for and the connection was new.
    package let certificateEnds: Timestamp?

    package init(
        status: Int, headers: [(name: String, value: String)], body: [UInt8], certificateEnds: Timestamp? = nil
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.certificateEnds = certificateEnds
    }

    /// The first value of a header, whose name is given in lower case.
    package subscript(header: String) -> String? { headers.first { $0.name == header }?.value }

    /// By the peer's own clock, when it answered; nil where it does not say.
    package var peerTime: Timestamp? { self["date"].flatMap(HTTPDate.parse) }
}

package enum TransportError: Error, Hashable, Sendable {
    /// The URL or a header is not one we send.
    case invalidRequest(reason: String)
    /// No byte of the request left: nothing can have happened.
    case unreachable(reason: String)
    /// The certificate or the TLS version is not one we accept; nothing was sent.
    case untrusted(reason: String)
    /// The request or part of it left and no whole answer came.
    case interrupted(reason: String)
    case timedOut(mayHaveArrived: Bool)
    case responseTooLarge(bytesMax: Int)
    /// The address is one the channel's configuration does not allow.
    case forbiddenAddress(String)
    case cancelled
}
