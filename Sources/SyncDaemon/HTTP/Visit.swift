import Commerce
import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// One request on its way through a door: who is at the other end and how it is traced.
struct Visit: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel
    let requestID: String
    var trace: TraceParent
    /// The address a rate limit counts against, without the port; `unix` for the socket.
    var source: String
    var principal: Principal?
    /// Where the doors note what the access log will say.
    var access: AccessTracker?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
        // One draw for all its names.
        let bytes = Visit.draw()
        requestID = Hexadecimal.text(bytes.prefix(12))
        trace = TraceParent(
            traceID: Hexadecimal.text(bytes.dropFirst(12).prefix(16)), spanID: Hexadecimal.text(bytes.suffix(8)), sampled: false)
        self.source = Visit.address(of: source.channel)
    }

    private static let drawn = Mutex<ArraySlice<UInt8>>([])

    /// 36 random bytes that nobody else gets; the kernel is asked for those of many visits at once.
    private static func draw() -> ArraySlice<UInt8> {
        drawn.withLock { drawn in
            if drawn.isEmpty { drawn = SymmetricKey(size: SymmetricKeySize(bitCount: 288 * 64)).withUnsafeBytes { [UInt8]($0)[...] } }
            defer { drawn = drawn.dropFirst(36) }
            return drawn.prefix(36)
        }
    }

    private static func address(of channel: any Channel) -> String {
        switch channel.remoteAddress {
        case .some(let address) where address.ipAddress != nil: address.ipAddress ?? "unknown"
        case .some: "unix"
        case nil: channel.localAddress?.pathname == nil ? "unknown" : "unix"
        }
    }
}
