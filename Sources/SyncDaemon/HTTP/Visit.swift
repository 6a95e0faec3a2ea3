import Commerce
import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

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
        (requestID, trace) = SymmetricKey(size: SymmetricKeySize(bitCount: 288)).withUnsafeBytes { bytes in
            let trace = TraceParent(
                traceID: Hexadecimal.text(bytes[12..<28]), spanID: Hexadecimal.text(bytes[28..<36]), sampled: false)
            return (Hexadecimal.text(bytes[..<12]), trace)
        }
        self.source = Visit.address(of: source.channel)
    }

    private static func address(of channel: any Channel) -> String {
        switch channel.remoteAddress {
        case .some(let address) where address.ipAddress != nil: address.ipAddress ?? "unknown"
        case .some: "unix"
        case nil: channel.localAddress?.pathname == nil ? "unknown" : "unix"
        }
    }
}
