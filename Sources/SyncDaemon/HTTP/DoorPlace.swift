import NIOCore
import NIOPosix

/// Where a door listens: at an address or path it binds, or at a socket that was opened before us.
enum DoorPlace: Hashable, Sendable {
    case address(host: String, port: Int)
    case path(String)
    /// A listening descriptor, which is closed with the door; whoever handed it over keeps a copy.
    case inherited(Int32)

    typealias Connections<Connection: Sendable> = NIOAsyncChannel<Connection, Never>

    /// - Parameter prepare: Makes the bootstrap, which cannot be handed from task to task.
    @concurrent func listen<Connection: Sendable>(
        _ prepare: @Sendable () -> ServerBootstrap, _ set: @escaping @Sendable (any Channel) -> EventLoopFuture<Connection>
    ) async throws -> Connections<Connection> {
        let bootstrap = prepare()
        switch self {
        case .address(let host, let port): return try await bootstrap.bind(host: host, port: port, childChannelInitializer: set)
        case .path(let path):
            return try await bootstrap.bind(
                unixDomainSocketPath: path, cleanupExistingSocketFile: true, childChannelInitializer: set)
        case .inherited(let descriptor): return try await bootstrap.bind(descriptor, childChannelInitializer: set)
        }
    }
}
