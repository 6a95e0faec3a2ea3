import NIOCore
import Synchronization

/// Knows the connections a listener accepted that nobody has begun to serve.
///
/// Between the two a connection passes through event loops and tasks; a listener that closed
/// meanwhile would drop it, and with it a request the kernel has already taken for us.
final class ArrivalCount: ChannelInboundHandler, Sendable {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let underWay = Mutex<Set<ObjectIdentifier>>([])

    var isNobodyUnderWay: Bool { underWay.withLock(\.isEmpty) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let arrived = unwrapInboundIn(data)
        underWay.withLock { _ = $0.insert(ObjectIdentifier(arrived)) }
        // One that breaks off on the way is never served.
        arrived.closeFuture.whenComplete { _ in self.served(arrived) }
        context.fireChannelRead(data)
    }

    func served(_ connection: any Channel) { underWay.withLock { _ = $0.remove(ObjectIdentifier(connection)) } }
}
