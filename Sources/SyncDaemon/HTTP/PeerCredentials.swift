import Glibc
import NIOCore

/// Who is at the other end of a UNIX socket, as the kernel says.
///
/// Laid out as Linux's `struct ucred`, which Glibc hides. Taken when the peer connected; unlike anything the peer sends, it cannot be made up.
struct PeerCredentials: Hashable, Sendable {
    let process: Int32
    let user: UInt32
    let group: UInt32

    /// - Returns: nil for a connection that is no UNIX socket.
    static func of(_ channel: any Channel) async -> PeerCredentials? {
        guard let options = channel as? any SocketOptionProvider else { return nil }
        do {
            let peer: PeerCredentials = try await options.unsafeGetSocketOption(
                level: .init(SOL_SOCKET), name: .init(SO_PEERCRED)
            ).get()
            // The kernel answers a TCP socket with nobody's process.
            return peer.process > 0 ? peer : nil
        } catch {
            return nil
        }
    }
}
