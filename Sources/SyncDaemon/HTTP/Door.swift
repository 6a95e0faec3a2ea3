import Commerce
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// One listener that serves until the daemon stops, and then leaves nobody without the answer to a request it took.
///
/// The framework's own server closes idle connections at once, answers the others without a
/// word of the end, and cannot take a socket that was opened before it; the rest here is the framework's.
struct Door: Service {
    let listener: Listener
    var place: DoorPlace
    let responder: RouterResponder<Visit>
    let http: HTTP1Channel.Configuration
    let connectionsMax: Int
    /// See ``Farewell/patience``.
    let patience: Duration
    let time: any TimeSource
    /// Called when connections are taken.
    let onRunning: @Sendable (any Channel) async -> Void
    var logger: Logger
    let date = DateLine()

    /// The answer could not be written; nobody is left who could be told.
    private struct Unwritten: Error {}

    func run() async throws {
        let farewell = Farewell(patience: patience)
        let arrivals = ArrivalCount()
        var http = self.http
        http.additionalChannelHandlers = { [FrameworkAnswers(), PoliteClosing(farewell)] }
        let speech = HTTP1Channel(responder: respond, configuration: http)
        let server = try await place.listen({ bootstrap(arrivals) }) { speech.setup(channel: $0, logger: logger) }
        await withGracefulShutdownHandler {
            await onRunning(server.channel)
            await withDiscardingTaskGroup { group in
                do {
                    try await server.executeThenClose { connections in
                        for try await connection in connections {
                            arrivals.served(connection.channel)
                            group.addTask { await speech.handle(value: connection, logger: logger) }
                        }
                    }
                } catch {
                    logger.error("the listener \(listener.rawValue) ended: \(error)", metadata: ["evt": "door.failed"])
                }
            }
        } onGracefulShutdown: {
            farewell.begin()
            Task { await stopListening(server.channel, arrivals) }
        }
    }

    private func bootstrap(_ arrivals: ArrivalCount) -> ServerBootstrap {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let line = channel.pipeline.syncOperations
                    try line.addHandler(AvailableConnectionsChannelHandler(maxConnections: connectionsMax))
                    try line.addHandler(arrivals)
                }
            }
    }

    /// Accepts nothing more, and closes when what was accepted is being served, however busy the machine is.
    private func stopListening(_ channel: any Channel, _ arrivals: ArrivalCount) async {
        do {
            try await channel.setOption(.autoRead, value: false).get()
            for _ in 0..<2_000 where !arrivals.isNobodyUnderWay { try await time.sleep(for: .milliseconds(5)) }
            try await channel.close()
        } catch {
            // Closed already, by an error of its own that the log has.
            logger.debug("the listener \(listener.rawValue) was closed: \(error)")
        }
    }

    @concurrent private func respond(_ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel) async throws {
        var response: Response
        do {
            response = try await responder.respond(
                to: request, context: Visit(source: ApplicationRequestContextSource(channel: channel, logger: logger)))
        } catch {
            response = Response(status: .internalServerError)
        }
        response.headers[.date] = date.text(at: time.now())
        do {
            try await writer.write(response: response.head, body: response.body)
        } catch {
            throw Unwritten()
        }
    }
}
