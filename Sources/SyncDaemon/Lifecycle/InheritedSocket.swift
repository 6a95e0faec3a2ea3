import Glibc

/// A listening socket that was opened before us and handed over, as systemd does for a `.socket` unit.
///
/// Who hands it over keeps it open while we are away, so that connections which come
/// during a restart wait in the kernel's backlog instead of being refused.
struct InheritedSocket: Hashable, Sendable {
    enum Address: Hashable, Sendable, CustomStringConvertible {
        case internet(ListenAddress)
        case path(String)

        var description: String {
            switch self {
            case .internet(let address): address.description
            case .path(let path): path
            }
        }
    }

    let descriptor: Int32
    /// What the one who handed it over calls it; systemd's default is the unit's name.
    let name: String
    let address: Address

    /// The first descriptor of the protocol, right after standard error.
    static let first: Int32 = 3
    private static let variables = ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"]

    /// Takes what `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES` announce, once: they are removed
    /// from the process's environment, and no child inherits the descriptors.
    ///
    /// - Returns: nothing when the variables are missing or meant for another process.
    /// - Throws: when a descriptor is no listening stream socket.
    static func take(
        _ environment: [String: String], processID: Int32 = getpid(), first: Int32 = first
    ) throws(InheritedSocketError) -> [InheritedSocket] {
        for variable in variables { unsetenv(variable) }
        guard environment["LISTEN_PID"] == "\(processID)", let text = environment["LISTEN_FDS"] else { return [] }
        guard let count = Int32(text), (0...64).contains(count) else {
            throw InheritedSocketError("LISTEN_FDS says \"\(text)\", which is no number of sockets from 0 to 64")
        }
        // Names are separated by colons; a missing list gives each the name systemd gives then.
        let names = environment["LISTEN_FDNAMES"]?.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        if let names, names.count != count {
            throw InheritedSocketError("LISTEN_FDNAMES names \(names.count) sockets and LISTEN_FDS says \(count)")
        }
        var sockets: [InheritedSocket] = []
        for index in 0..<count {
            sockets.append(try look(at: first + index, name: names?[Int(index)] ?? "unknown"))
        }
        return sockets
    }

    private static func look(at descriptor: Int32, name: String) throws(InheritedSocketError) -> InheritedSocket {
        let what = "the inherited descriptor \(descriptor) (\(PlainText.escaped(name)))"
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else { throw InheritedSocketError("\(what) is not open") }
        guard option(descriptor, SO_TYPE) == Int32(SOCK_STREAM.rawValue) else {
            throw InheritedSocketError("\(what) is no stream socket: heyi.socket takes ListenStream= only")
        }
        guard option(descriptor, SO_ACCEPTCONN) == 1 else {
            throw InheritedSocketError("\(what) does not listen: heyi.socket needs Accept=no")
        }
        guard let address = Address(of: descriptor) else {
            throw InheritedSocketError("\(what) is neither an internet socket nor a UNIX socket with a path")
        }
        return InheritedSocket(descriptor: descriptor, name: name, address: address)
    }

    private static func option(_ descriptor: Int32, _ name: Int32) -> Int32? {
        var value: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(descriptor, SOL_SOCKET, name, &value, &size) == 0 ? value : nil
    }
}

/// Why handed over sockets cannot be used; the unit and the configuration must be brought together.
struct InheritedSocketError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
