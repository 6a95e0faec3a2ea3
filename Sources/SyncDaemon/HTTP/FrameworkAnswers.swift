import Commerce
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Gives a problem document to the answers the server framework writes by itself.
///
/// A request whose head cannot be parsed, or is larger than the limits, never reaches a
/// route: the framework answers with an empty 400 and closes. This sits on the
/// connection and fills that answer in.
final class FrameworkAnswers: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .head(var head) = unwrapOutboundIn(data), head.status == .badRequest,
            head.headerFields[.contentType] == nil
        else { return context.write(data, promise: promise) }
        let problem = Problem(
            .badRequest, "malformed_request", "The request's head cannot be read, or is larger than this listener takes.")
        let bytes = problem.json(requestID: nil, trace: nil).bytes
        head.headerFields[.contentType] = "application/problem+json"
        head.headerFields[.contentLength] = String(bytes.count)
        head.headerFields[.xContentTypeOptions] = "nosniff"
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: bytes))), promise: promise)
    }
}

@available(*, unavailable)
extension FrameworkAnswers: Sendable {}
