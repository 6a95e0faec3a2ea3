import Crypto
import HTTPTypes
import HummingbirdCore

extension AnswerKey {
    /// - Throws: 422 for a key that is empty, longer than 128 bytes or not plain ASCII.
    static func of(_ name: String, _ exchange: Exchange) throws(Problem) -> AnswerKey {
        guard (1...128).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw .invalid("Idempotency-Key", "must be 1 to 128 visible ASCII characters")
        }
        var hash = SHA256()
        hash.update(data: Array("\(exchange.request.method.rawValue) \(exchange.request.head.path ?? "")\n".utf8))
        hash.update(data: exchange.body)
        return AnswerKey(principal: exchange.principal.name, key: name, digest: Array(hash.finalize()))
    }
}
