import ChannelAdapters
import Commerce
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// One request with its body, taken apart.
struct ShopRequest: Sendable {
    let method: String
    /// Path and query as sent, which is what is signed.
    let target: String
    /// Percent-decoded segments of the path.
    let path: [String]
    let headers: HTTPFields
    let body: [UInt8]
    private let query: [String: String]

    private static let bodyBytesMax = 16 * 1_024 * 1_024

    init(_ request: Request) async throws {
        var bytes: [UInt8] = []
        for try await part in request.body {
            guard bytes.count + part.readableBytes <= ShopRequest.bodyBytesMax else {
                throw ShopProblem(413, "too_large", "a body may hold \(ShopRequest.bodyBytesMax) bytes")
            }
            bytes.append(contentsOf: part.readableBytesView)
        }
        self.init(
            method: request.method.rawValue, target: request.head.path ?? "/", headers: request.headers, body: bytes)
    }

    init(method: String, target: String, headers: HTTPFields, body: [UInt8]) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        let halves = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = halves[0].split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
        var query: [String: String] = [:]
        for pair in (halves.count > 1 ? halves[1] : "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            query[String(parts[0])] = parts.count > 1 ? parts[1].removingPercentEncoding ?? String(parts[1]) : ""
        }
        self.query = query
    }

    func json() throws(ShopProblem) -> JSON {
        do throws(JSONError) { return try JSON.parse(body) } catch {
            throw ShopProblem(400, "malformed", error.description)
        }
    }

    func text(_ name: String) -> String? { query[name] }

    func integer(_ name: String) throws(ShopProblem) -> Int64? {
        guard let text = query[name] else { return nil }
        guard let number = Int64(text), number >= 0 else {
            throw ShopProblem(422, "invalid", "must be a whole number from 0", field: name)
        }
        return number
    }

    /// How many the caller wants at most; 100 unless it says.
    func limit() throws(ShopProblem) -> Int {
        Int(min(try integer("limit") ?? 100, 1_000))
    }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
}
