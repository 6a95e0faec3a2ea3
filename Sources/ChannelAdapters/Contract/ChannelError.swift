/// Why a whole exchange with a channel failed, cut by what the engine does next.
///
/// After a push, `unknown`, `failed` and `malformed` all leave open whether it landed;
/// every other case means that the channel did not take it.
package enum ChannelError: Error, Hashable, Sendable {
    /// Asked to slow down; `retryAfter` is the channel's own wait.
    case throttled(retryAfter: Duration?)
    /// Nothing was sent: no route, refused, name unknown, TLS not agreed.
    case unreachable(reason: String)
    /// Something was sent and no usable answer came: it may have landed.
    case unknown(reason: String)
    /// The channel answered that it failed (5xx) without saying how far it got.
    case failed(status: Int, reason: String)
    /// Our credentials do not open the door.
    case unauthorized(reason: String)
    /// The request itself is wrong and will be wrong again.
    case rejected(field: String, reason: String)
    /// The cursor or generation is not the channel's any more: start from a snapshot.
    case resyncNeeded(reason: String)
    /// The channel is closed for good.
    case gone(reason: String)
    /// An answer that breaks the protocol, which is the channel's bug to fix.
    case malformed(reason: String)
    case cancelled
}

extension ChannelError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .throttled(let wait?): "asked to wait \(wait.components.seconds) s"
        case .throttled(nil): "asked to slow down"
        case .unreachable(let reason): "unreachable: \(reason)"
        case .unknown(let reason): "no usable answer: \(reason)"
        case .failed(let status, let reason): "failed with status \(status): \(reason)"
        case .unauthorized(let reason): "not authorised: \(reason)"
        case .rejected(let field, let reason): field.isEmpty ? "rejected: \(reason)" : "rejected \(field): \(reason)"
        case .resyncNeeded(let reason): "needs a resync: \(reason)"
        case .gone(let reason): "gone: \(reason)"
        case .malformed(let reason): "broke the protocol: \(reason)"
        case .cancelled: "cancelled"
        }
    }
}
