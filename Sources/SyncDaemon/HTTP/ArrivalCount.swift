import NIOCore
import Synchronization

/// Counts the connections a listener accepted against those that somebody has begun to serve.
///
/// Between the two a connection passes through event loops; a listener that closed
/// meanwhile would drop it, and with it a request the kernel has already taken for us.
final class ArrivalCount: ChannelInboundHandler, Sendable {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private let underWay = Mutex(0)

    var isNobodyUnderWay: Bool { underWay.withLock { $0 <= 0 } }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        underWay.withLock { $0 += 1 }
        context.fireChannelRead(data)
    }

    func served() { underWay.withLock { $0 -= 1 } }
}
