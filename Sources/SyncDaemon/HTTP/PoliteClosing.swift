import Commerce
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Ends one connection when the daemon stops, without ever cutting off a request it took.
///
/// The last answer says `Connection: close`. A connection that waits for its next request
/// is left open for a moment, since that request may be on its way, and then only our side
/// of it is closed: a full close with bytes unread would reset it, and the peer might lose
/// an answer it has not read yet. What comes after that is not taken, so its sender may repeat it.
final class PoliteClosing: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let farewell: Farewell
    /// Requests taken and not yet answered to the end.
    private var open = 0
    private var isEnding = false
    /// Nothing more is taken: the last answer said so, or our side is closed.
    private var isLast = false
    private var isSkipping = false
    private var timer: Scheduled<Void>?

    init(_ farewell: Farewell) { self.farewell = farewell }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        farewell.join(ObjectIdentifier(self)) {
            bound.eventLoop.execute {
                let (handler, context) = bound.value
                handler.end(context)
            }
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        farewell.leave(ObjectIdentifier(self))
        timer?.cancel()
        timer = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) {
            isSkipping = isLast
            if !isSkipping { open += 1 }
        }
        if !isSkipping { context.fireChannelRead(data) }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind != .informational:
            // A request that came right behind this one was taken too: its answer is the last.
            guard isEnding, open <= 1 else { return context.write(data, promise: promise) }
            isLast = true
            head.headerFields[.connection] = "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            open = max(0, open - 1)
            guard isEnding, open == 0 else { return context.write(data, promise: promise) }
            let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
            sent.futureResult.whenComplete { _ in
                let (handler, context) = bound.value
                handler.isLast ? handler.closeOurSide(context) : handler.waitForOneMore(context)
            }
            context.write(data, promise: sent)
        default: context.write(data, promise: promise)
        }
    }

    private func end(_ context: ChannelHandlerContext) {
        isEnding = true
        if open == 0, context.channel.isActive { waitForOneMore(context) }
    }

    private func waitForOneMore(_ context: ChannelHandlerContext) {
        after(farewell.patience, context) { handler, context in
            if handler.open == 0 { handler.closeOurSide(context) }
        }
    }

    private func closeOurSide(_ context: ChannelHandlerContext) {
        isLast = true
        context.close(mode: .output, promise: nil)
        // A peer that never closes its side is not waited for.
        after(farewell.patience * 2, context) { _, context in context.close(promise: nil) }
    }

    private func after(
        _ patience: Duration, _ context: ChannelHandlerContext, _ body: @escaping @Sendable (PoliteClosing, ChannelHandlerContext) -> Void
    ) {
        timer?.cancel()
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(in: .nanoseconds(patience.milliseconds * 1_000_000)) {
            let (handler, context) = bound.value
            body(handler, context)
        }
    }
}

@available(*, unavailable)
extension PoliteClosing: Sendable {}
