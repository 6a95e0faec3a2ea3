import Crypto

/// A request as version 2 of the signature covers it: nothing that says what is done can be altered.
///
/// Version 1 covers the body, or method and target where there is none, and no header. Its text
/// has no line end before its first dot and this one has, so neither can be passed off as the other.
package struct SignedRequest: Hashable, Sendable {
    /// What a signature of this version begins with.
    package static let version = "v2,"
    private static let title = "heyi-request/2"
    /// The headers that are signed, in their order; one that is absent is signed as empty.
    package static let headers = ["heyi-channel", "heyi-member", "idempotency-key", "if-match", "if-none-match"]

    private let head: [String]
    private let values: [String]
    private let digest: String

    /// - Parameters:
    ///   - target: Path and query exactly as they go over the wire.
    ///   - header: Gives the value of a header by its lower-case name; nil where it is absent.
    package init(method: String, target: String, body: [UInt8], header: (String) -> String?) {
        head = [method, target]
        values = SignedRequest.headers.map { header($0) ?? "" }
        let digits: StaticString = "0123456789abcdef"
        digest = digits.withUTF8Buffer { digits in
            String(decoding: SHA256.hash(data: body).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }

    /// What is signed; its lines are in the order of the document.
    func text(id: String, seconds: String) -> [UInt8] {
        Array(([SignedRequest.title] + head + [id, seconds] + values + [digest]).joined(separator: "\n").utf8)
    }
}
