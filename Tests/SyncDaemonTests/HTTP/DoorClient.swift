import Commerce
import HTTPTypes
import HummingbirdTesting
import NIOCore

@testable import SyncDaemon

/// How a test reaches the routes: in memory, or over a real socket on loopback.
enum Reach: CaseIterable, Sendable { case router, live }

/// Sends requests to a listener, however it is reached.
protocol DoorClient: Sendable {
    func send(_ method: HTTPRequest.Method, _ uri: String, _ headers: HTTPFields, _ body: String?) async throws -> DoorAnswer
}

extension DoorClient {
    func send(_ method: HTTPRequest.Method, _ uri: String, _ headers: HTTPFields = [:]) async throws -> DoorAnswer {
        try await send(method, uri, headers, nil)
    }
}

struct DoorAnswer: Sendable {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    let text: String

    var json: JSON { get throws { try JSON.parse(text) } }
    var code: String? { get throws { try json["code"]?.string } }
}

struct RouterClient: DoorClient {
    let client: any TestClientProtocol

    func send(
        _ method: HTTPRequest.Method, _ uri: String, _ headers: HTTPFields, _ body: String?
    ) async throws -> DoorAnswer {
        try await client.execute(uri: uri, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }) {
            DoorAnswer(status: $0.status, headers: $0.headers, text: String(buffer: $0.body))
        }
    }
}
