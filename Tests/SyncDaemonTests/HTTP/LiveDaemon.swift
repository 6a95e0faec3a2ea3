import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import Logging
import NIOCore
import ServiceLifecycle
import TestKit

@testable import SyncDaemon

/// A listener on loopback that a test can stop while requests are open.
///
/// Unlike the framework's own it listens to no signal: other tests in this process send some.
struct LiveDaemon: DoorClient {
    /// nil for a UNIX socket, which tests reach by themselves.
    private let client: TestClient?
    private let group: ServiceGroup
    let port: Int?

    static func run<T: Sendable>(
        _ door: Door, _ body: @Sendable (LiveDaemon) async throws -> T
    ) async throws -> T {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        let listening = Door(
            listener: door.listener, place: door.place, responder: door.responder, http: door.http,
            connectionsMax: door.connectionsMax, patience: door.patience, time: SystemTime(),
            onRunning: { channel in
                await door.onRunning(channel)
                found.yield(channel.localAddress?.port ?? -1)
            }, logger: logger)
        let group = ServiceGroup(configuration: .init(services: [listening], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = await ports.first { _ in true } ?? -1
            let client = port > 0 ? TestClient(host: "127.0.0.1", port: port) : nil
            client?.connect()
            let daemon = LiveDaemon(client: client, group: group, port: port)
            let value = try await body(daemon)
            await group.triggerGracefulShutdown()
            try await client?.shutdown()
            try await tasks.waitForAll()
            return value
        }
    }

    /// The whole body of an answer, once it has ended.
    func fetch(_ uri: String, _ headers: HTTPFields) async throws -> String {
        let request = TestClient.Request(uri, method: .get, authority: "localhost", headers: headers)
        return String(buffer: try await client?.execute(request).body ?? ByteBuffer())
    }

    func send(
        _ method: HTTPRequest.Method, _ uri: String, _ headers: HTTPFields, _ body: String?
    ) async throws -> DoorAnswer {
        guard let client else { throw TestClient.Error.connectionNotOpen }
        let request = TestClient.Request(
            uri, method: method, authority: "localhost", headers: headers, body: body.map { ByteBuffer(string: $0) })
        let answer = try await client.execute(request)
        return DoorAnswer(
            status: answer.status, headers: answer.headers, text: answer.body.map { String(buffer: $0) } ?? "")
    }

    func stop() async { await group.triggerGracefulShutdown() }
}

extension FakeDaemon {
    /// Returns once the desk was read so often.
    func untilRead(past count: Int = 0) async {
        while change({ $0.reads }) <= count { await Task.yield() }
    }
}

extension HTTPWorld {
    /// Moves the clock on, again and again, until what waits for it came to wait and was woken.
    func pass(_ duration: Duration, until: () -> Bool) async {
        repeat {
            for _ in 0..<1_000 { await Task.yield() }
            time.advance(by: duration)
        } while !until()
    }
}
